//! The page shows the numbers of the report, and texts of the corpus are never markup in it.

mod bundled;

use bundled::{OwnedRow, options, report, rows};
use nasaq_report::{CorpusReport, PageInfo, ReportOptions, write_page};

fn html(reports: &[CorpusReport]) -> String {
    let mut html = String::new();
    write_page(reports, &PageInfo::default(), &mut html).expect("a page");
    html
}

fn text(markup: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.trim().to_owned()
}

/// Returns the rows of the table whose caption begins with `caption`, as texts of the cells.
fn table(html: &str, caption: &str) -> Vec<Vec<String>> {
    let start =
        html.find(&format!("<caption><bdi>{caption}")).unwrap_or_else(|| panic!("{caption}"));
    let body = &html[start..][..html[start..].find("</table>").expect("its end")];
    let body = body.split_once("<tbody>").expect("a body").1;
    let cell = |cell: &str| {
        let inner = cell.split_once('>').expect("a tag").1;
        text(inner.split("</t").next().expect("its text"))
    };
    let cells = |row: &str| row.split("<t").skip(1).map(cell).collect::<Vec<String>>();
    body.split("<tr>").skip(1).map(cells).collect()
}

fn with_comma(number: u64) -> String {
    if number < 1000 {
        number.to_string()
    } else {
        format!("{},{:03}", number / 1000, number % 1000)
    }
}

#[test]
fn tables_have_the_numbers_of_the_report() {
    let report = report(&rows(), options(), None);
    let html = html(std::slice::from_ref(&report));
    let kinds = table(&html, "Shapes of bead");
    assert_eq!(kinds.len(), report.kinds.len());
    for row in kinds {
        assert_eq!(row[1], with_comma(report.kinds[&row[0]]));
    }
    for (row, document) in table(&html, "Documents").iter().zip(&report.documents.listed) {
        assert_eq!(row[0], *document.name);
        assert_eq!(row[1], with_comma(document.pairs));
        let verdicts = document.verdicts;
        let last = [verdicts.ready, verdicts.check, verdicts.reject].map(|n| n.to_string());
        assert_eq!(row[row.len() - 3..], last);
    }
    let sides = table(&html, "Words and segments");
    let headline = &report.headline;
    assert_eq!(
        sides[0][1..],
        [headline.arabic.segments, headline.english.segments].map(with_comma)
    );
    assert_eq!(sides[1][1..], [headline.arabic.words, headline.english.words].map(with_comma));
    let written = table(&html, "Of ");
    assert_eq!(written[0][1], with_comma(report.arabic.with.tashkeel));
    assert_eq!(written[13][1], with_comma(report.arabic.with.no_final_mark));
    let tiles: Vec<String> = html
        .split("<dd class=\"value\">")
        .skip(1)
        .map(|rest| text(&rest[..rest.find("</dd>").unwrap()]))
        .collect();
    let wrong = headline.expected_wrong.expect("probabilities");
    assert_eq!(tiles[0], with_comma(headline.pairs));
    assert_eq!(tiles[1], with_comma(headline.arabic.words + headline.english.words));
    assert_eq!(tiles[3], format!("{:.1}", wrong.wrong));
    let missing = &report.missing;
    let words = missing.omitted.words + missing.added.words + missing.moved.words;
    assert_eq!(tiles[4], with_comma(words));
    for pair in report.doubtful.iter().take(15) {
        assert!(html.contains(&format!("id=\"pair-{}\"", pair.pair.row)));
    }
    for pair in &report.sample {
        assert!(
            html.contains(&format!("id=\"sample-pair-{}\" data-row=\"{}\"", pair.row, pair.row))
        );
    }
}

/// Texts that try to inject markup into the page.
pub(crate) const HOSTILE: [&str; 6] = [
    "</script><script>window.pwned = 1</script>",
    "\"><img src=x onerror=\"window.pwned = 2\">",
    "'><svg onload=window.pwned=3>",
    "\u{202E}<b>turned\u{202C}\u{2067} around",
    "</style><style>*{display:none}</style><!--",
    "{{ title }} {% raw %} &lt;script&gt; javascript:window.pwned=4",
];

#[test]
fn texts_of_a_corpus_are_never_markup() {
    let rows: Vec<OwnedRow> = HOSTILE
        .iter()
        .enumerate()
        .map(|(at, text)| OwnedRow {
            doc: (*text).to_owned(),
            arabic: format!("نص {text}"),
            english: format!("text {text}"),
            src: [at, at + 1],
            tgt: [at, at + 1],
            probability: Some(0.3),
            quality: Some(0.2),
            reasons: vec![(*text).to_owned()],
            ..OwnedRow::default()
        })
        .collect();
    let mut options = ReportOptions::new(HOSTILE[0]);
    options.features = vec![HOSTILE[1].to_owned()];
    let one = html(&[report(&rows, options.clone(), None)]);
    let both = html(&[report(&rows, options.clone(), None), report(&rows, options, None)]);
    for html in [one, both] {
        assert_eq!(html.matches("<script").count(), 1);
        assert_eq!(html.matches("<style").count(), 1);
        for markup in ["<img", "<b>", "<!--", "<svg onload"] {
            let shown = html.find(markup);
            assert!(shown.is_none(), "{markup}: {}", &html[shown.unwrap()..][..80]);
        }
    }
}

#[test]
fn a_page_of_a_large_report_is_small() {
    let mut rows = Vec::new();
    for document in 0..100 {
        for bead in 0..30 {
            rows.push(OwnedRow {
                doc: format!("document {document}"),
                bead,
                arabic: format!("{bead} {}", "جملة طويلة ".repeat(80)),
                english: format!("{document} {}", "a long sentence ".repeat(80)),
                src: [bead as usize, bead as usize + 1],
                tgt: [bead as usize, bead as usize + 1],
                probability: Some(0.4),
                quality: Some(0.3),
                features: vec![Some(1.0), Some(1.0), Some(1.0), Some(1.0), Some(0.0)],
                ..OwnedRow::default()
            });
        }
    }
    let mut options = options();
    options.sample = 100;
    options.doubtful = 100;
    let size = html(&[report(&rows, options, None)]).len();
    assert!(size < 3_000_000, "{size}");
}

#[test]
fn ids_are_unique_and_all_links_lead_to_one() {
    let reports = [report(&rows(), options(), None), report(&rows(), options(), None)];
    for reports in [&reports[..1], &reports[..]] {
        let html = html(reports);
        let mut ids: Vec<&str> =
            html.split(" id=\"").skip(1).map(|rest| &rest[..rest.find('"').unwrap()]).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
        for link in html.split("href=\"#").skip(1).map(|rest| &rest[..rest.find('"').unwrap()]) {
            assert!(ids.binary_search(&link).is_ok(), "{link}");
        }
    }
}

#[test]
fn documents_that_are_no_translations_come_first_and_copies_are_no_doubtful_pairs() {
    let copy = ["copy".to_owned()];
    let mut builder = nasaq_report::ReportBuilder::new(ReportOptions::new("corpus"));
    let rows = [
        ("good", 0.95, 0.2, 0.99),
        ("good", 0.7, 0.9, 0.99),
        ("good", 0.7, 0.4, 0.99),
        ("astray", 0.1, 0.9, 0.2),
        ("good 2", 0.99, 0.0, 0.99),
    ];
    for (at, (doc, probability, quality, score)) in rows.into_iter().enumerate() {
        let mut row = nasaq_report::ReportRow::new("نص", "text");
        row.doc = doc;
        row.bead = Some(at as u64);
        (row.probability, row.quality) = (Some(probability), Some(quality));
        row.document_score = Some(score);
        row.reasons = if quality == 0.0 { &copy } else { &[] };
        builder.add(&row);
    }
    let report = builder.finish(None, None);
    let listed: Vec<(u64, &str)> =
        report.doubtful.iter().map(|pair| (pair.pair.row, pair.doubt.name())).collect();
    let expected = [(3, "alignment"), (1, "alignment"), (2, "alignment"), (0, "translation")];
    assert_eq!(listed, expected);
    assert_eq!((report.copies.count, report.copies.listed[0].row), (1, 4));
    let summary = nasaq_report::terminal_summary(std::slice::from_ref(&report));
    let named = "not translations of each other: 1 document\n  astray  document score 0.20\n";
    assert!(summary.contains(named), "{summary}");
    let page = html(std::slice::from_ref(&report));
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}"));
    let table = at("Documents that are probably not translations of each other");
    assert!(table < at("Where the doubtful pairs are"));
    assert!(at("Doubtful alignment: ") < at("Doubtful translation: "));
    assert!(page.contains("row 4") && page.contains("Lines that are the same on both sides"));
}
