//! PDF of several kinds of documents, which `tests/pdf/kinds.py` makes.

use nasaq_formats::{BlockKind, Document, DocumentReader};

use crate::pdf::{folder, kinds};

fn read(name: &str) -> Document {
    let path = folder().join("kinds").join(name);
    DocumentReader::new().read(&path).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_running_heads_of_a_book_have_its_title_and_those_of_chapters() {
    let document = read("book.pdf");
    let blocks = kinds(&document);
    let heads: Vec<&str> = blocks
        .iter()
        .filter(|(kind, _)| *kind == BlockKind::Heading(1))
        .map(|(_, text)| *text)
        .collect();
    assert_eq!(heads, ["الفصل الأول: البحر", "الفصل الثاني: الريح", "الفصل الثالث: العودة"]);
    assert_eq!(blocks.len(), 21, "{blocks:?}");
    assert!(!document.text.contains("حكاية الميناء"));
    assert!(document.notes.iter().any(|note| note.text.starts_with("12 lines that pages repeat")));
}

#[test]
fn the_columns_of_two_languages_have_their_own_direction_and_size() {
    let document = read("contract.pdf");
    let blocks = kinds(&document);
    assert!(blocks.iter().all(|(kind, _)| *kind == BlockKind::Paragraph), "{blocks:?}");
    let texts: Vec<&str> = blocks.iter().map(|(_, text)| *text).collect();
    assert_eq!(texts.len(), 12);
    for text in [
        "يدفع الطرف الثاني مبلغا إجماليا قدره 120,000 دينار على ثلاث دفعات متساوية، تستحق أولاها عند التوقيع.",
        "The Second Party shall pay a total of 120,000 dinars in three equal instalments, the first of \
         which falls due on signature.",
    ] {
        assert!(texts.contains(&text), "{texts:?}");
    }
}

#[test]
fn a_paragraph_below_a_table_is_no_cell() {
    let document = read("invoice.pdf");
    let blocks = kinds(&document);
    let cells = blocks.iter().filter(|(kind, _)| *kind == BlockKind::TableCell).count();
    assert_eq!(cells, 16, "{blocks:?}");
    let last = (BlockKind::Paragraph, "يرجى السداد خلال ثلاثين يوما من تاريخ الفاتورة.");
    assert_eq!(blocks.last(), Some(&last));
}

#[test]
fn a_turned_and_cropped_page_is_read_as_it_is_shown() {
    let (turned, plain) = (read("turned.pdf"), read("invoice.pdf"));
    let mut expected = kinds(&plain);
    expected.pop();
    assert_eq!(kinds(&turned), expected);
    let note = "40 glyphs outside their page are omitted";
    assert!(turned.notes.iter().any(|it| it.text == note), "{:?}", turned.notes);
}
