//! How the Arabic of a corpus is written: tashkeel, digits, code points, punctuation, month names.
//!
//! All rows with Arabic text are counted, including those without a counterpart.

use std::collections::BTreeMap;

use nasaq::Language;
use nasaq_text::{QuantityKind, quantities};
use serde::Serialize;

use crate::row::ReportRow;

/// How the Arabic of a corpus is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ArabicReport {
    /// The number of rows with Arabic text.
    pub rows: u64,
    /// The number of letters of the Arabic script, without marks and tatweel.
    pub letters: u64,
    /// The number of marks: tashkeel and Quranic signs.
    pub marks: u64,
    /// The number of rows with each property. A row may have several.
    pub with: ArabicRowCounts,
    /// Mentions of months by naming system, the most frequent system first.
    pub months: Vec<MonthSystemCount>,
}

/// The number of rows whose Arabic text has a property.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ArabicRowCounts {
    /// At least one mark of tashkeel; a tanwin is enough.
    pub tashkeel: u64,
    /// Vocalised text: at least two marks for every five letters.
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
    /// The Persian letters ی or ک, which Arabic writes ي, ى or ك.
    pub persian_letters: u64,
    /// Presentation forms, which occur in text extracted from PDF files.
    pub presentation_forms: u64,
    /// Bidirectional control characters: U+200E, U+200F, U+061C, U+202A to U+202E, U+2066 to
    /// U+2069.
    pub bidi_controls: u64,
    /// Words without the spaces between them; `None` if the rows lack the feature `ar_glued`.
    pub glued: Option<u64>,
    /// Latin letters.
    pub latin: u64,
    /// A Latin comma, semicolon or question mark.
    pub latin_punctuation: u64,
    /// No punctuation at the end.
    pub no_final_mark: u64,
    /// No punctuation at the end although the English text has some.
    pub no_final_mark_but_english: u64,
    /// Rows whose English text has an Arabic comma, semicolon or question mark.
    pub english_with_arabic_punctuation: u64,
}

/// Mentions of months by the names of one system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MonthSystemCount {
    /// The system, named after the region or calendar that uses it.
    pub system: &'static str,
    /// How often its names occur in the corpus.
    pub mentions: u64,
    /// The names that occur and how often, the most frequent first, at most 12.
    pub names: Vec<(String, u64)>,
}

/// Maximum number of month names that are listed for a system.
const MAX_MONTH_NAMES: usize = 12;

// Month names with all alefs folded to ا. A name in none of these lists belongs to the system of
// Egypt, Sudan and the Gulf.
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

/// Collects the properties of the Arabic text.
#[derive(Clone, Debug)]
pub(crate) struct ArabicBuilder {
    report: ArabicReport,
    /// The index of the feature `ar_glued`.
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

/// Returns whether a char is a letter form; the ornate brackets in these blocks are not.
fn is_presentation_form(c: char) -> bool {
    matches!(c, '\u{FB50}'..='\u{FD3D}' | '\u{FD40}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Returns whether a text ends with punctuation, ignoring brackets and quotes after it.
fn has_final_mark(text: &str) -> bool {
    let is_closing = |c: char| {
        c.is_whitespace()
            || is_bidi_control(c)
            || matches!(c, '"' | '\'' | '”' | '’' | '»' | '“' | '«' | ')' | ']' | '}' | '*')
    };
    text.trim_end_matches(is_closing)
        .ends_with(['.', '!', '?', '؟', '…', ':', '؛', ';', '۔', '،', ','])
}

/// The properties of one text.
#[derive(Default)]
struct TextTraits {
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

impl TextTraits {
    fn new(text: &str) -> Self {
        let mut traits = Self::default();
        for c in text.chars() {
            match c {
                ' ' => {}
                '\u{640}' => traits.tatweel = true,
                '0'..='9' => traits.digits[0] = true,
                '٠'..='٩' => traits.digits[1] = true,
                '۰'..='۹' => traits.digits[2] = true,
                ',' | ';' | '?' => traits.punctuation = true,
                'A'..='Z' | 'a'..='z' => traits.latin = true,
                c if is_mark(c) => traits.marks += 1,
                c if is_letter(c) => {
                    traits.letters += 1;
                    traits.persian |= matches!(c, 'ی' | 'ک');
                    traits.forms |= is_presentation_form(c);
                }
                c => traits.bidi |= is_bidi_control(c),
            }
        }
        traits
    }
}

impl ArabicBuilder {
    pub(crate) fn new(features: &[String]) -> Self {
        let glued = features.iter().position(|name| name == "ar_glued");
        Self { report: ArabicReport::default(), glued, months: BTreeMap::new() }
    }

    /// Adds a row; `normal` is its normalised Arabic text.
    pub(crate) fn add(&mut self, row: &ReportRow<'_>, normal: &str) {
        let with = &mut self.report.with;
        with.english_with_arabic_punctuation += u64::from(row.english.contains(['،', '؛', '؟']));
        if row.arabic.trim().is_empty() {
            return;
        }
        let traits = TextTraits::new(row.arabic);
        let final_mark = has_final_mark(row.arabic);
        let systems = traits.digits.iter().filter(|has| **has).count();
        for (count, has) in [
            (&mut with.tashkeel, traits.marks > 0),
            (&mut with.vocalised, traits.marks > 0 && traits.marks * 5 >= traits.letters * 2),
            (&mut with.tatweel, traits.tatweel),
            (&mut with.ascii_digits, traits.digits[0]),
            (&mut with.arabic_digits, traits.digits[1]),
            (&mut with.persian_digits, traits.digits[2]),
            (&mut with.mixed_digits, systems > 1),
            (&mut with.persian_letters, traits.persian),
            (&mut with.presentation_forms, traits.forms),
            (&mut with.bidi_controls, traits.bidi),
            (&mut with.latin, traits.latin),
            (&mut with.latin_punctuation, traits.punctuation),
            (&mut with.no_final_mark, !final_mark),
            (&mut with.no_final_mark_but_english, !final_mark && has_final_mark(row.english)),
        ] {
            *count += u64::from(has);
        }
        if let Some(glued) = self.glued {
            let share = row.features.get(glued).copied().flatten().unwrap_or(0.0);
            *with.glued.get_or_insert(0) += u64::from(share > 0.0);
        }
        self.report.rows += 1;
        self.report.letters += traits.letters;
        self.report.marks += traits.marks;
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
            names.truncate(MAX_MONTH_NAMES);
            MonthSystemCount { system, mentions, names }
        });
        let mut months: Vec<MonthSystemCount> = months.collect();
        months.sort_by_key(|system| std::cmp::Reverse(system.mentions));
        ArabicReport { months, ..self.report }
    }
}

/// Returns the system of a Gregorian month name, which may have one of the prefixes و, ب, ل, ف.
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
            let row = ReportRow { arabic, english, ..ReportRow::default() };
            builder.add(&row, &nasaq_text::normalise(arabic));
        }
        builder.finish()
    }

    #[test]
    fn a_property_counts_once_for_each_text() {
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
    fn month_names_identify_their_system() {
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
