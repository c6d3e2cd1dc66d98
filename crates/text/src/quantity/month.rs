//! Reads the names of months: Gregorian ones in English and in all the systems of the Arab
//! countries, and Hijri ones in both languages.
//!
//! January is يناير in Egypt, Sudan and the Gulf, كانون الثاني in the Levant and Iraq, and جانفي in
//! Tunisia and Algeria; Morocco and Libya had other names. Many names are also words (`مارس`,
//! `May`) or names of people (`رجب`); these are weak unless a number or a word of time is near.

use super::arabic::{fold, look_up};
use super::{QuantityKind, QuantityToken};

/// A month that was read.
pub(super) struct Month {
    pub(super) kind: QuantityKind,
    /// 1 to 12.
    pub(super) number: u64,
    /// The number of tokens of its name.
    pub(super) tokens: usize,
    /// Whether the name may be another word here.
    pub(super) weak: bool,
}

/// How ambiguous the name of a month is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ambiguity {
    /// It is always a month.
    None,
    /// It is also another word: weak unless a number or a word of time is near.
    NearNumber,
    /// It is rarely a month: read only directly after a day in digits.
    AfterDay,
}

/// Arabic names of one word, folded: Gregorian.
const ARABIC: &[(&str, u64, Ambiguity)] = &[
    ("يناير", 1, Ambiguity::None),
    ("فبراير", 2, Ambiguity::None),
    ("مارس", 3, Ambiguity::NearNumber),
    ("ابريل", 4, Ambiguity::None),
    ("نيسان", 4, Ambiguity::None),
    ("افريل", 4, Ambiguity::None),
    ("مايو", 5, Ambiguity::None),
    ("ماي", 5, Ambiguity::NearNumber),
    ("ايار", 5, Ambiguity::None),
    ("يونيو", 6, Ambiguity::None),
    ("يونيه", 6, Ambiguity::None),
    ("حزيران", 6, Ambiguity::None),
    ("جوان", 6, Ambiguity::NearNumber),
    ("يوليو", 7, Ambiguity::None),
    ("يوليه", 7, Ambiguity::None),
    ("يوليوز", 7, Ambiguity::None),
    ("تموز", 7, Ambiguity::None),
    ("جويليه", 7, Ambiguity::None),
    ("اغسطس", 8, Ambiguity::None),
    ("اب", 8, Ambiguity::NearNumber),
    ("اوت", 8, Ambiguity::NearNumber),
    ("غشت", 8, Ambiguity::None),
    ("سبتمبر", 9, Ambiguity::None),
    ("ايلول", 9, Ambiguity::None),
    ("شتنبر", 9, Ambiguity::None),
    ("اكتوبر", 10, Ambiguity::None),
    ("نوفمبر", 11, Ambiguity::None),
    ("نونبر", 11, Ambiguity::None),
    ("ديسمبر", 12, Ambiguity::None),
    ("دجنبر", 12, Ambiguity::None),
    ("جانفي", 1, Ambiguity::None),
    ("فيفري", 2, Ambiguity::None),
    ("شباط", 2, Ambiguity::None),
    ("اذار", 3, Ambiguity::None),
    ("النوار", 2, Ambiguity::AfterDay),
    ("الربيع", 3, Ambiguity::AfterDay),
    ("الطير", 4, Ambiguity::AfterDay),
    ("الماء", 5, Ambiguity::AfterDay),
    ("الصيف", 6, Ambiguity::AfterDay),
    ("ناصر", 7, Ambiguity::AfterDay),
    ("هانيبال", 8, Ambiguity::AfterDay),
    ("الفاتح", 9, Ambiguity::AfterDay),
    ("التمور", 10, Ambiguity::AfterDay),
    ("الحرث", 11, Ambiguity::AfterDay),
    ("الكانون", 12, Ambiguity::AfterDay),
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
const ARABIC_HIJRI: &[(&str, u64, Ambiguity)] = &[
    ("محرم", 1, Ambiguity::NearNumber),
    ("صفر", 2, Ambiguity::NearNumber),
    ("رجب", 7, Ambiguity::NearNumber),
    ("شعبان", 8, Ambiguity::NearNumber),
    ("رمضان", 9, Ambiguity::None),
    ("شوال", 10, Ambiguity::None),
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

/// English spellings of Hijri months in lower case: the first word of the name, the possible second
/// words, and the month.
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

/// Returns the Arabic names of months and the first words of those of two words, folded.
pub(super) fn arabic_words() -> impl Iterator<Item = &'static str> {
    let single = ARABIC.iter().chain(ARABIC_HIJRI).map(|(name, ..)| *name);
    single.chain(ARABIC_PAIRS.iter().map(|(first, ..)| *first))
}

/// Reads the Arabic name of a month at a token.
pub(super) fn arabic(
    tokens: &[QuantityToken<'_>],
    at: usize,
    buffer: &mut String,
) -> Option<Month> {
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
    let find = |list: &'static [(&str, u64, Ambiguity)], kind| {
        move |word: &str| {
            let (_, number, ambiguity) = list.iter().find(|(name, ..)| *name == word)?;
            Some((kind, *number, *ambiguity))
        }
    };
    let gregorian = find(ARABIC, QuantityKind::Month);
    let hijri = find(ARABIC_HIJRI, QuantityKind::HijriMonth);
    let ((kind, number, ambiguity), joined) =
        look_up(buffer, |word| gregorian(word).or_else(|| hijri(word)))?;
    // الصفر is zero, and so is صفر but in a date; the month has no article.
    if (kind, number) == (QuantityKind::HijriMonth, 2) && (joined.the || !is_in_date(tokens, at)) {
        return None;
    }
    let weak = match ambiguity {
        Ambiguity::None => false,
        Ambiguity::NearNumber => {
            !near_digits(tokens, at, 2) && (at == 0 || !tokens[at - 1].text.ends_with("شهر"))
        }
        Ambiguity::AfterDay if at > 0 && is_digits(&tokens[at - 1]) => false,
        Ambiguity::AfterDay => return None,
    };
    Some(Month { kind, number, tokens: 1, weak })
}

/// Reads the English name of a month at a token.
pub(super) fn english(tokens: &[QuantityToken<'_>], at: usize) -> Option<Month> {
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
        let time_words =
            ["in", "of", "since", "until", "by", "early", "late", "mid", "last", "next"];
        let is_word = matches!(number, 2 | 4 | 7);
        return gregorian(number, is_word && !near && !follows_word(tokens, at, &time_words));
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

fn english_hijri(tokens: &[QuantityToken<'_>], at: usize) -> Option<Month> {
    let lower = |token: &QuantityToken<'_>| token.text.to_lowercase();
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

/// Returns whether صفر is a month: after a day in digits or شهر, or before a year. In `3-صفر` it is
/// a score.
fn is_in_date(tokens: &[QuantityToken<'_>], at: usize) -> bool {
    let is_day = |at: Option<usize>| {
        at.and_then(|at| tokens[at].text.parse::<u32>().ok()).is_some_and(|day| day <= 30)
    };
    let is_year = |at: usize| {
        tokens.get(at).is_some_and(|token| is_digits(token) && (3..=4).contains(&token.text.len()))
    };
    let before = at.checked_sub(1).filter(|_| tokens[at].gap == " ");
    let word_before = before.map_or("", |before| tokens[before].text);
    let is_year_word =
        |token: &QuantityToken<'_>| matches!(token.text, "عام" | "سنة" | "لعام" | "لسنة");
    word_before.ends_with("شهر")
        || is_day(before)
        || word_before == "من" && is_day(at.checked_sub(2))
        || is_year(at + 1)
        || tokens.get(at + 1).is_some_and(is_year_word) && is_year(at + 2)
}

fn is_digits(token: &QuantityToken<'_>) -> bool {
    token.text.starts_with(|c: char| c.is_ascii_digit())
}

/// Returns whether a token within `reach` of another one begins with a digit.
fn near_digits(tokens: &[QuantityToken<'_>], at: usize, reach: usize) -> bool {
    let (from, to) = (at.saturating_sub(reach), (at + reach + 1).min(tokens.len()));
    tokens[from..to].iter().any(is_digits)
}

/// Returns whether the token before another one is one of the given words.
fn follows_word(tokens: &[QuantityToken<'_>], at: usize, words: &[&str]) -> bool {
    at > 0 && words.iter().any(|word| tokens[at - 1].text.eq_ignore_ascii_case(word))
}
