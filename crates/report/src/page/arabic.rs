//! The section on how the Arabic text is written.

use super::Section;
use super::block::{Comparison, PageBlock, PageCell, PageTable, corpus_suffix};
use crate::arabic::{ArabicReport, ArabicRowCounts};
use crate::corpus::CorpusReport;
use crate::number::{format_count, format_estimate, format_percent, share};
use crate::words::{SpellingCount, SpellingReport};

/// Returns the number of rows with a property.
type RowCount = fn(&ArabicRowCounts) -> Option<u64>;

/// The rows of the table: name and number of rows with the property.
const PROPERTIES: &[(&str, RowCount)] = &[
    ("some tashkeel (a tanwin is enough)", |with| Some(with.tashkeel)),
    ("vocalised (two marks for every five letters)", |with| Some(with.vocalised)),
    ("tatweel", |with| Some(with.tatweel)),
    ("digits 0 to 9", |with| Some(with.ascii_digits)),
    ("digits ٠ to ٩", |with| Some(with.arabic_digits)),
    ("digits ۰ to ۹ (Persian, Urdu)", |with| Some(with.persian_digits)),
    ("digits of more than one system", |with| Some(with.mixed_digits)),
    ("Persian ی or ک instead of ي and ك", |with| Some(with.persian_letters)),
    ("presentation forms (text from PDF)", |with| Some(with.presentation_forms)),
    ("bidirectional control characters", |with| Some(with.bidi_controls)),
    ("words glued together (spaces lost)", |with| with.glued),
    ("Latin letters", |with| Some(with.latin)),
    ("a Latin comma, semicolon or question mark", |with| Some(with.latin_punctuation)),
    ("no final punctuation", |with| Some(with.no_final_mark)),
    ("no final punctuation, but the English has some", |with| Some(with.no_final_mark_but_english)),
];

pub(super) fn section(reports: &[CorpusReport]) -> Section {
    let mut blocks = vec![rows(reports)];
    for (at, report) in reports.iter().enumerate() {
        let name = corpus_suffix(reports, at);
        blocks.extend(summary(&report.arabic, &name));
        blocks.extend(months(&report.arabic, &name));
        blocks.extend(spellings(&report.spellings, &name));
    }
    Section {
        id: "arabic",
        title: "The Arabic text",
        lead: "How it is written, and what may mislead a search, a filter or a model.".to_owned(),
        blocks,
    }
}

fn rows(reports: &[CorpusReport]) -> PageBlock {
    if let [report] = reports {
        let arabic = &report.arabic;
        let mut table = PageTable::new(
            &format!("Of {} rows with Arabic text", format_count(arabic.rows)),
            &["have", "rows", "share"],
        );
        for (name, of) in PROPERTIES {
            let Some(rows) = of(&arabic.with) else { continue };
            table.rows.push(vec![
                PageCell::name(*name),
                PageCell::number(format_count(rows)),
                PageCell::share(share(rows, arabic.rows)),
            ]);
        }
        return PageBlock::Table(table);
    }
    let mut table = Comparison::new("Share of the rows with Arabic text that have", reports);
    for (name, of) in PROPERTIES {
        let of = |report: &CorpusReport| Some(share(of(&report.arabic.with)?, report.arabic.rows));
        table.row(name, of, format_percent);
    }
    table.finish()
}

fn summary(arabic: &ArabicReport, name: &str) -> Option<PageBlock> {
    let english = arabic.with.english_with_arabic_punctuation;
    let mut text = String::new();
    if arabic.letters > 0 && arabic.marks > 0 {
        text.push_str(&format!(
            "{} marks of tashkeel per 100 letters.",
            crate::number::format_decimal(
                Some(100.0 * arabic.marks as f64 / arabic.letters as f64),
                1
            )
        ));
    }
    if english > 0 {
        text.push_str(&format!(" {} English texts contain ، ؛ or ؟.", format_count(english)));
    }
    let name = name.trim_start_matches(" · ");
    let prefix = if name.is_empty() { String::new() } else { format!("{name}: ") };
    (!text.is_empty()).then(|| PageBlock::Note(prefix + text.trim()))
}

fn months(arabic: &ArabicReport, name: &str) -> Option<PageBlock> {
    let mut table = PageTable::new(
        &format!("Month names by region or calendar{name}"),
        &["system", "mentions", "names"],
    );
    for system in &arabic.months {
        let names =
            system.names.iter().map(|(name, times)| format!("{name} ({})", format_count(*times)));
        table.rows.push(vec![
            PageCell::name(system.system),
            PageCell::number(format_count(system.mentions)),
            PageCell::Arabic(names.collect::<Vec<_>>().join("، ")),
        ]);
    }
    (!table.rows.is_empty()).then_some(PageBlock::Table(table))
}

fn spellings(spellings: &SpellingReport, name: &str) -> Vec<PageBlock> {
    let SpellingReport { exact, hamza, ta_marbuta, ya, keyboard, listed } = spellings;
    if listed.is_empty() {
        return Vec::new();
    }
    let number = |value: u64| PageCell::number(format_estimate(value, *exact));
    let mut table = PageTable::new(
        &format!("Words with several spellings{name}"),
        &["what varies", "words", "tokens in the rarer spellings"],
    );
    for (what, SpellingCount { words, tokens }) in [
        ("alef with or without hamza or madda", hamza),
        ("final ة or ه", ta_marbuta),
        ("final ى or ي", ya),
        ("Persian ک or ی", keyboard),
    ] {
        table.rows.push(vec![PageCell::name(what), number(*words), number(*tokens)]);
    }
    let mut words = PageTable::new(
        &format!("Spellings of each word{name}, most tokens in rarer spellings first"),
        &["spellings and their counts"],
    );
    for group in listed {
        let forms = group
            .spellings
            .iter()
            .map(|(form, times)| format!("{form} ({})", format_count(*times)));
        words.rows.push(vec![PageCell::Arabic(forms.collect::<Vec<_>>().join(" · "))]);
    }
    vec![
        PageBlock::Table(table),
        PageBlock::Note(
            "Some of these are different words and not errors (كتابه, his book, and كتابة, writing), so \
             a reader should review the list."
                .to_owned(),
        ),
        PageBlock::Table(words),
    ]
}
