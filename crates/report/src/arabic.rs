//! How the Arabic of a corpus is written: marks, digits, code points, punctuation, months.
//!
//! Shares are of the rows with Arabic text, rows without counterpart included.

use std::collections::BTreeMap;

use nasaq::Language;
use nasaq_text::{QuantityKind, quantities};
use serde::Serialize;

use crate::row::Row;

/// What the Arabic of a corpus is like.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ArabicReport {
    /// Rows with Arabic text.
    pub rows: u64,
    /// Letters of the Arabic script, marks and tatweel aside.
    pub letters: u64,
    /// Tashkeel and other marks.
    pub marks: u64,
    /// How many rows have what; a row may have several.
    pub with: ArabicRows,
    /// Months by the system that their names are of.
    pub months: Vec<MonthSystem>,
}

/// Counts of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ArabicRows {
    /// A mark of tashkeel at all; a tanwin is enough.
    pub tashkeel: u64,
    /// At least two marks for five letters: vocalised text.
    pub vocalised: u64,
    /// A tatweel.
    pub tatweel: u64,
    /// Digits 0 to 9.
    pub ascii_digits: u64,
    /// Digits ٠ to ٩.
    pub arabic_digits: u64,
    /// Digits ۰ to ۹ of Persian and Urdu.
    pub persian_digits: u64,
    /// Digits of more than one system.
    pub mixed_digits: u64,
    /// The Persian ی or ک, where Arabic has ي, ى or ك.
    pub persian_letters: u64,
    /// Presentation forms, as text from PDF files has them.
    pub presentation_forms: u64,
    /// Controls of direction: U+200E, U+200F, U+061C, U+202A to U+202E, U+2066 to U+2069.
    pub bidi_controls: u64,
    /// Words that have lost the spaces between them; `None` where that was not looked for.
    pub glued: Option<u64>,
    /// Latin letters.
    pub latin: u64,
    /// The comma, semicolon or question mark of Latin script.
    pub latin_punctuation: u64,
    /// No final mark.
    pub no_final_mark: u64,
    /// No final mark, and the English text has one.
    pub no_final_mark_but_english: u64,
    /// English texts with the Arabic comma, semicolon or question mark.
    pub english_with_arabic_punctuation: u64,
}

/// Months whose names are of one system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthSystem {
    /// Where the names are used.
    pub system: &'static str,
    /// How often a name of it stands in the corpus.
    pub mentions: u64,
    /// The names that were met, the most frequent first.
    pub names: Vec<(String, u64)>,
}

/// Names that tell their system, folded; what is in none is of Egypt, Sudan and the Gulf.
const LEVANT: &[&str] =
    &["كانون", "شباط", "اذار", "نيسان", "ايار", "حزيران", "تموز", "اب", "ايلول", "تشرين"];
const MAGHREB: &[&str] = &[
    "جانفي",
    "فيفري",
    "افريل",
    "ماي",
    "جوان",
    "جويليه",
    "جويلية",
    "اوت",
    "يوليوز",
    "غشت",
    "شتنبر",
    "نونبر",
    "دجنبر",
];
const COMMON: &[&str] = &["مارس"];
const LIBYA: &[&str] = &[
    "اي",
    "النوار",
    "الربيع",
    "الطير",
    "الماء",
    "الصيف",
    "ناصر",
    "هانيبال",
    "الفاتح",
    "التمور",
    "الحرث",
    "الكانون",
];

/// Gathers how Arabic is written.
#[derive(Clone, Debug)]
pub(crate) struct ArabicBuilder {
    report: ArabicReport,
    glued: Option<usize>,
    months: BTreeMap<&'static str, BTreeMap<String, u64>>,
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6DC}'
        | '\u{6DF}'..='\u{6E4}' | '\u{6E7}' | '\u{6E8}' | '\u{6EA}'..='\u{6ED}')
}

fn is_letter(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{63F}' | '\u{641}'..='\u{64A}' | '\u{66E}' | '\u{66F}'
        | '\u{671}'..='\u{6D3}' | '\u{6D5}' | '\u{6EE}' | '\u{6EF}' | '\u{6FA}'..='\u{6FC}'
        | '\u{750}'..='\u{77F}')
        || is_presentation_form(c)
}

/// Letters, and not the ornate brackets between them.
fn is_presentation_form(c: char) -> bool {
    matches!(c, '\u{FB50}'..='\u{FD3D}' | '\u{FD40}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Tells whether a text ends with a mark, brackets and quotes after it aside.
fn has_final_mark(text: &str) -> bool {
    let closes = |c: char| {
        c.is_whitespace()
            || is_bidi_control(c)
            || matches!(c, '"' | '\'' | '”' | '’' | '»' | '“' | '«' | ')' | ']' | '}' | '*')
    };
    text.trim_end_matches(closes).ends_with(['.', '!', '?', '؟', '…', ':', '؛', ';', '۔', '،', ','])
}

/// What is in one text.
#[derive(Default)]
struct Seen {
    letters: u64,
    marks: u64,
    tatweel: bool,
    digits: [bool; 3],
    persian: bool,
    forms: bool,
    bidi: bool,
    latin: bool,
    punctuation: bool,
}

impl Seen {
    fn new(text: &str) -> Self {
        let mut seen = Self::default();
        for c in text.chars() {
            match c {
                ' ' => {}
                '\u{640}' => seen.tatweel = true,
                '0'..='9' => seen.digits[0] = true,
                '٠'..='٩' => seen.digits[1] = true,
                '۰'..='۹' => seen.digits[2] = true,
                ',' | ';' | '?' => seen.punctuation = true,
                'A'..='Z' | 'a'..='z' => seen.latin = true,
                c if is_mark(c) => seen.marks += 1,
                c if is_letter(c) => {
                    seen.letters += 1;
                    seen.persian |= matches!(c, 'ی' | 'ک');
                    seen.forms |= is_presentation_form(c);
                }
                c => seen.bidi |= is_bidi_control(c),
            }
        }
        seen
    }
}

impl ArabicBuilder {
    pub(crate) fn new(features: &[String]) -> Self {
        let glued = features.iter().position(|name| name == "ar_glued");
        Self { report: ArabicReport::default(), glued, months: BTreeMap::new() }
    }

    /// Adds a row; `normal` is its Arabic text, normalised.
    pub(crate) fn add(&mut self, row: &Row<'_>, normal: &str) {
        let with = &mut self.report.with;
        with.english_with_arabic_punctuation += u64::from(row.english.contains(['،', '؛', '؟']));
        if row.arabic.trim().is_empty() {
            return;
        }
        let seen = Seen::new(row.arabic);
        let final_mark = has_final_mark(row.arabic);
        let systems = seen.digits.iter().filter(|seen| **seen).count();
        for (count, is) in [
            (&mut with.tashkeel, seen.marks > 0),
            (&mut with.vocalised, seen.marks > 0 && seen.marks * 5 >= seen.letters * 2),
            (&mut with.tatweel, seen.tatweel),
            (&mut with.ascii_digits, seen.digits[0]),
            (&mut with.arabic_digits, seen.digits[1]),
            (&mut with.persian_digits, seen.digits[2]),
            (&mut with.mixed_digits, systems > 1),
            (&mut with.persian_letters, seen.persian),
            (&mut with.presentation_forms, seen.forms),
            (&mut with.bidi_controls, seen.bidi),
            (&mut with.latin, seen.latin),
            (&mut with.latin_punctuation, seen.punctuation),
            (&mut with.no_final_mark, !final_mark),
            (&mut with.no_final_mark_but_english, !final_mark && has_final_mark(row.english)),
        ] {
            *count += u64::from(is);
        }
        if let Some(glued) = self.glued {
            let share = row.features.get(glued).copied().flatten().unwrap_or(0.0);
            *with.glued.get_or_insert(0) += u64::from(share > 0.0);
        }
        self.report.rows += 1;
        self.report.letters += seen.letters;
        self.report.marks += seen.marks;
        self.add_months(normal);
    }

    fn add_months(&mut self, normal: &str) {
        for quantity in quantities(normal, Language::Arabic) {
            let is_hijri = quantity.kind == QuantityKind::HijriMonth;
            if quantity.weak || !is_hijri && quantity.kind != QuantityKind::Month {
                continue;
            }
            let name = &normal[quantity.bytes];
            let system = if is_hijri { "Hijri" } else { system(name) };
            *self.months.entry(system).or_default().entry(name.to_owned()).or_default() += 1;
        }
    }

    pub(crate) fn finish(self) -> ArabicReport {
        let months = self.months.into_iter().map(|(system, names)| {
            let mut names: Vec<(String, u64)> = names.into_iter().collect();
            names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let mentions = names.iter().map(|(_, count)| count).sum();
            names.truncate(12);
            MonthSystem { system, mentions, names }
        });
        let mut months: Vec<MonthSystem> = months.collect();
        months.sort_by_key(|system| std::cmp::Reverse(system.mentions));
        ArabicReport { months, ..self.report }
    }
}

/// Gives the system of a Gregorian month's name, which may have a prefix: و, ب, ل, ف.
fn system(name: &str) -> &'static str {
    let folded: String =
        name.chars().map(|c| if matches!(c, 'أ' | 'إ' | 'آ' | 'ٱ') { 'ا' } else { c }).collect();
    let first = folded.split_whitespace().next().unwrap_or_default();
    let is_of = |names: &[&str]| {
        let is = |word: &str| names.contains(&word);
        is(first) || first.strip_prefix(['و', 'ب', 'ل', 'ف']).is_some_and(is)
    };
    if is_of(LEVANT) {
        "Levant and Iraq"
    } else if is_of(MAGHREB) {
        "Maghreb"
    } else if is_of(COMMON) {
        "Egypt, Gulf and Maghreb"
    } else if is_of(LIBYA) {
        "Libya (former)"
    } else {
        "Egypt, Sudan and the Gulf"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(texts: &[(&str, &str)]) -> ArabicReport {
        let mut builder = ArabicBuilder::new(&[]);
        for (arabic, english) in texts {
            let row = Row { arabic, english, ..Row::default() };
            builder.add(&row, &nasaq_text::normalise(arabic));
        }
        builder.finish()
    }

    #[test]
    fn what_a_text_has_is_counted_once() {
        let found = report(&[
            ("كِتَابٌ قَدِيمٌ.", "An old book."),
            ("شكراً جزيلاً، ١٩٩٥ 1996", "Thanks، a lot."),
            ("العـــربية؟", "Arabic?"),
            ("کتاب ﻣﺮﺣﺒﺎ \u{200F}abc, ۴", "x"),
            ("", "no Arabic؟"),
        ]);
        let with = found.with;
        assert_eq!(found.rows, 4);
        assert_eq!((with.tashkeel, with.vocalised, with.tatweel), (2, 1, 1));
        assert_eq!((with.ascii_digits, with.arabic_digits, with.persian_digits), (1, 1, 1));
        assert_eq!((with.mixed_digits, with.persian_letters, with.presentation_forms), (1, 1, 1));
        assert_eq!((with.bidi_controls, with.latin, with.latin_punctuation), (1, 1, 1));
        assert_eq!((with.no_final_mark, with.no_final_mark_but_english), (2, 1));
        assert_eq!((with.english_with_arabic_punctuation, with.glued), (2, None));
    }

    #[test]
    fn months_tell_their_system() {
        let found = report(&[
            ("في ٥ آب ١٩٩٥ وفي أيلول", ""),
            ("في أغسطس وديسمبر", ""),
            ("خلال غشت", ""),
            ("في شهر رمضان", ""),
            ("مارس الرياضة", ""),
        ]);
        let mentions: Vec<_> =
            found.months.iter().map(|system| (system.system, system.mentions)).collect();
        assert_eq!(
            mentions,
            [
                ("Egypt, Sudan and the Gulf", 2),
                ("Levant and Iraq", 2),
                ("Hijri", 1),
                ("Maghreb", 1)
            ]
        );
    }
}
