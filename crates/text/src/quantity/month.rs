//! Names of months: Gregorian in all the systems of the Arab countries and in English, and Hijri in
//! both.
//!
//! Egypt, Sudan and the Gulf say يناير, the Levant and Iraq كانون الثاني, Tunisia and Algeria
//! جانفي, Morocco غشت; Libya had names of its own. Many of the names are words too (`مارس`, `May`),
//! or names of people (`رجب`): those are weak unless a number or a word of time is near.

use super::arabic::{fold, look_up};
use super::{QuantityKind, Token};

/// A month and how many tokens name it.
pub(super) struct Month {
    pub(super) kind: QuantityKind,
    pub(super) number: u64,
    pub(super) tokens: usize,
    /// It may as well be another word.
    pub(super) weak: bool,
}

/// How sure a name is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sure {
    /// It names nothing else.
    Yes,
    /// It is a word too, unless a number or a word of time is near.
    Near,
    /// It is hardly ever a month: a day in digits must stand right before it.
    AfterDay,
}

/// Arabic names of one word, folded: Gregorian.
const ARABIC: &[(&str, u64, Sure)] = &[
    ("يناير", 1, Sure::Yes),
    ("فبراير", 2, Sure::Yes),
    ("مارس", 3, Sure::Near),
    ("ابريل", 4, Sure::Yes),
    ("نيسان", 4, Sure::Yes),
    ("افريل", 4, Sure::Yes),
    ("مايو", 5, Sure::Yes),
    ("ماي", 5, Sure::Near),
    ("ايار", 5, Sure::Yes),
    ("يونيو", 6, Sure::Yes),
    ("يونيه", 6, Sure::Yes),
    ("حزيران", 6, Sure::Yes),
    ("جوان", 6, Sure::Near),
    ("يوليو", 7, Sure::Yes),
    ("يوليه", 7, Sure::Yes),
    ("يوليوز", 7, Sure::Yes),
    ("تموز", 7, Sure::Yes),
    ("جويليه", 7, Sure::Yes),
    ("اغسطس", 8, Sure::Yes),
    ("اب", 8, Sure::Near),
    ("اوت", 8, Sure::Near),
    ("غشت", 8, Sure::Yes),
    ("سبتمبر", 9, Sure::Yes),
    ("ايلول", 9, Sure::Yes),
    ("شتنبر", 9, Sure::Yes),
    ("اكتوبر", 10, Sure::Yes),
    ("نوفمبر", 11, Sure::Yes),
    ("نونبر", 11, Sure::Yes),
    ("ديسمبر", 12, Sure::Yes),
    ("دجنبر", 12, Sure::Yes),
    ("جانفي", 1, Sure::Yes),
    ("فيفري", 2, Sure::Yes),
    ("شباط", 2, Sure::Yes),
    ("اذار", 3, Sure::Yes),
    ("النوار", 2, Sure::AfterDay),
    ("الربيع", 3, Sure::AfterDay),
    ("الطير", 4, Sure::AfterDay),
    ("الماء", 5, Sure::AfterDay),
    ("الصيف", 6, Sure::AfterDay),
    ("ناصر", 7, Sure::AfterDay),
    ("هانيبال", 8, Sure::AfterDay),
    ("الفاتح", 9, Sure::AfterDay),
    ("التمور", 10, Sure::AfterDay),
    ("الحرث", 11, Sure::AfterDay),
    ("الكانون", 12, Sure::AfterDay),
];

/// Arabic names of two words.
const ARABIC_PAIRS: &[(&str, &str, QuantityKind, u64)] = &[
    ("كانون", "الثاني", QuantityKind::Month, 1),
    ("كانون", "الاول", QuantityKind::Month, 12),
    ("تشرين", "الاول", QuantityKind::Month, 10),
    ("تشرين", "الثاني", QuantityKind::Month, 11),
    ("اي", "النار", QuantityKind::Month, 1),
    ("ربيع", "الاول", QuantityKind::HijriMonth, 3),
    ("ربيع", "الاخر", QuantityKind::HijriMonth, 4),
    ("ربيع", "الثاني", QuantityKind::HijriMonth, 4),
    ("جمادي", "الاولي", QuantityKind::HijriMonth, 5),
    ("جمادي", "الاول", QuantityKind::HijriMonth, 5),
    ("جمادي", "الاخره", QuantityKind::HijriMonth, 6),
    ("جمادي", "الثانيه", QuantityKind::HijriMonth, 6),
    ("جمادي", "الثاني", QuantityKind::HijriMonth, 6),
    ("ذو", "القعده", QuantityKind::HijriMonth, 11),
    ("ذي", "القعده", QuantityKind::HijriMonth, 11),
    ("ذو", "الحجه", QuantityKind::HijriMonth, 12),
    ("ذي", "الحجه", QuantityKind::HijriMonth, 12),
];

/// Arabic Hijri names of one word.
const ARABIC_HIJRI: &[(&str, u64, Sure)] = &[
    ("محرم", 1, Sure::Near),
    ("صفر", 2, Sure::Near),
    ("رجب", 7, Sure::Near),
    ("شعبان", 8, Sure::Near),
    ("رمضان", 9, Sure::Yes),
    ("شوال", 10, Sure::Yes),
];

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// English spellings of Hijri months, in lower case without marks and hyphens; of names of two
/// words the first, with the ways that the second begins.
const ENGLISH_HIJRI: &[(&str, &[&str], u64)] = &[
    ("muharram", &[], 1),
    ("safar", &[], 2),
    ("rabi", &["awwal", "awal", "i"], 3),
    ("rabi", &["thani", "akhir", "akhar", "ii"], 4),
    ("jumada", &["ula", "awwal", "i"], 5),
    ("jumada", &["akhira", "akhirah", "thani", "thaniya", "ii"], 6),
    ("rajab", &[], 7),
    ("shaban", &[], 8),
    ("sha'ban", &[], 8),
    ("ramadan", &[], 9),
    ("ramadhan", &[], 9),
    ("shawwal", &[], 10),
    ("dhu", &["qadah", "qada", "qi'dah", "qidah"], 11),
    ("dhul", &["qadah", "qada", "qi'dah", "qidah"], 11),
    ("dhu", &["hijjah", "hijja"], 12),
    ("dhul", &["hijjah", "hijja"], 12),
];

/// Reads the Arabic name of a month at a token.
pub(super) fn arabic(tokens: &[Token<'_>], at: usize, buffer: &mut String) -> Option<Month> {
    fold(tokens[at].text, buffer);
    if let Some(next) = tokens.get(at + 1).filter(|next| next.gap == " ") {
        let mut second = String::new();
        fold(next.text, &mut second);
        let pair = |word: &str| {
            ARABIC_PAIRS.iter().find(|(first, last, ..)| *first == word && *last == second)
        };
        if let Some(((_, _, kind, number), _)) = look_up(buffer, pair) {
            return Some(Month { kind: *kind, number: *number, tokens: 2, weak: false });
        }
    }
    let find = |list: &'static [(&str, u64, Sure)], kind| {
        move |word: &str| {
            let (_, number, sure) = list.iter().find(|(name, ..)| *name == word)?;
            Some((kind, *number, *sure))
        }
    };
    let gregorian = find(ARABIC, QuantityKind::Month);
    let hijri = find(ARABIC_HIJRI, QuantityKind::HijriMonth);
    let ((kind, number, sure), _) =
        look_up(buffer, |word| gregorian(word).or_else(|| hijri(word)))?;
    let weak = match sure {
        Sure::Yes => false,
        Sure::Near => {
            !near_digits(tokens, at, 2) && (at == 0 || !tokens[at - 1].text.ends_with("شهر"))
        }
        Sure::AfterDay if at > 0 && is_digits(&tokens[at - 1]) => false,
        Sure::AfterDay => return None,
    };
    Some(Month { kind, number, tokens: 1, weak })
}

/// Reads the English name of a month at a token.
pub(super) fn english(tokens: &[Token<'_>], at: usize) -> Option<Month> {
    let word = tokens[at].text;
    if !word.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let gregorian = |number: usize, weak: bool| {
        Some(Month { kind: QuantityKind::Month, number: number as u64 + 1, tokens: 1, weak })
    };
    let near = near_digits(tokens, at, 1);
    let same = |name: &str| name.eq_ignore_ascii_case(word);
    if let Some(number) = ENGLISH.iter().position(|name| same(name)) {
        let times = ["in", "of", "since", "until", "by", "early", "late", "mid", "last", "next"];
        let is_word = matches!(number, 2 | 4 | 7);
        return gregorian(number, is_word && !near && !after(tokens, at, &times));
    }
    if (3..=4).contains(&word.len()) {
        let short = if word.eq_ignore_ascii_case("sept") { "Sep" } else { word };
        let starts = |name: &str| name[..3].eq_ignore_ascii_case(short);
        if let Some(number) = ENGLISH.iter().position(|name| starts(name)) {
            return gregorian(number, !near);
        }
    }
    english_hijri(tokens, at)
}

fn english_hijri(tokens: &[Token<'_>], at: usize) -> Option<Month> {
    let lower = |token: &Token<'_>| token.text.to_lowercase();
    let first = lower(&tokens[at]);
    let month =
        |number, tokens, weak| Some(Month { kind: QuantityKind::HijriMonth, number, tokens, weak });
    for (name, seconds, number) in ENGLISH_HIJRI.iter().filter(|(name, ..)| *name == first) {
        if seconds.is_empty() {
            let is_name = matches!(*name, "safar" | "rajab" | "shaban" | "sha'ban");
            return month(*number, 1, is_name && !near_digits(tokens, at, 1));
        }
        // Rabi al-Awwal, Dhu al-Qi'dah: with or without the article.
        for (offset, token) in tokens[at + 1..].iter().take(2).enumerate() {
            if seconds.contains(&&*lower(token)) {
                return month(*number, offset + 2, false);
            }
        }
    }
    None
}

fn is_digits(token: &Token<'_>) -> bool {
    token.text.starts_with(|c: char| c.is_ascii_digit())
}

fn near_digits(tokens: &[Token<'_>], at: usize, reach: usize) -> bool {
    let (from, to) = (at.saturating_sub(reach), (at + reach + 1).min(tokens.len()));
    tokens[from..to].iter().any(is_digits)
}

fn after(tokens: &[Token<'_>], at: usize, words: &[&str]) -> bool {
    at > 0 && words.iter().any(|word| tokens[at - 1].text.eq_ignore_ascii_case(word))
}
