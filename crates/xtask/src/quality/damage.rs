//! Synthetic damage to good pairs.

use nasaq::Language;
use nasaq_text::{Notation, Quantity, QuantityKind, normalise, quantities, sound_distance};

use super::sentences;
use crate::random::Random;

/// A good pair.
#[derive(Clone, Debug)]
pub(crate) struct GoodPair {
    pub(crate) arabic: String,
    pub(crate) english: String,
    pub(crate) kind: nasaq::BeadKind,
}

/// A kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Damage {
    Misaligned,
    Random,
    Truncated,
    DroppedClause,
    Number,
    NumberWord,
    Name,
    Negation,
    Untranslated,
    Garbled,
    Literal,
    WrongLanguage,
}

impl Damage {
    pub(crate) const ALL: [Self; 12] = [
        Self::Misaligned,
        Self::Random,
        Self::Truncated,
        Self::DroppedClause,
        Self::Number,
        Self::NumberWord,
        Self::Name,
        Self::Negation,
        Self::Untranslated,
        Self::Garbled,
        Self::Literal,
        Self::WrongLanguage,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Misaligned => "misaligned by one",
            Self::Random => "random",
            Self::Truncated => "truncated side",
            Self::DroppedClause => "dropped clause",
            Self::Number => "wrong number",
            Self::NumberWord => "wrong number word",
            Self::Name => "wrong name",
            Self::Negation => "negation removed",
            Self::Untranslated => "untranslated",
            Self::Garbled => "garbled",
            Self::Literal => "literal copy",
            Self::WrongLanguage => "wrong language",
        }
    }

    /// Returns the fault that the model learns from it.
    pub(crate) fn fault(self) -> &'static str {
        match self {
            Self::Misaligned => "misaligned",
            Self::Random => "unrelated",
            Self::Truncated => "truncated",
            Self::DroppedClause => "dropped_clause",
            Self::Number | Self::NumberWord => "wrong_number",
            Self::Name => "wrong_name",
            Self::Negation => "negation",
            Self::Untranslated => "untranslated",
            Self::Garbled => "garbled",
            Self::Literal => "unnatural",
            Self::WrongLanguage => "wrong_language",
        }
    }

    /// Returns the weight relative to other damages. Frequent faults have the greatest weight;
    /// faults that resemble free translations have the smallest, so that good pairs are not
    /// rejected for them.
    pub(crate) fn weight(self) -> f64 {
        match self {
            Self::Misaligned | Self::Random | Self::Untranslated => 2.0,
            Self::Truncated
            | Self::DroppedClause
            | Self::Number
            | Self::Garbled
            | Self::WrongLanguage => 1.0,
            Self::NumberWord | Self::Name | Self::Negation | Self::Literal => 0.5,
        }
    }

    /// Returns a damaged copy of the pair at an index, or `None` if the damage does not apply to
    /// it.
    pub(crate) fn apply(
        self,
        pairs: &[GoodPair],
        at: usize,
        random: &mut Random,
    ) -> Option<GoodPair> {
        let pair = &pairs[at];
        let with = |arabic: Option<String>, english: Option<String>| GoodPair {
            arabic: arabic.unwrap_or_else(|| pair.arabic.clone()),
            english: english.unwrap_or_else(|| pair.english.clone()),
            kind: pair.kind,
        };
        let arabic_side = random.is_true(0.5);
        let one_side = |text: Option<String>| {
            text.map(
                |text| if arabic_side { with(Some(text), None) } else { with(None, Some(text)) },
            )
        };
        let side = if arabic_side { &pair.arabic } else { &pair.english };
        let damaged = match self {
            Self::Misaligned => {
                let next = pairs.get(at + 1).filter(|next| next.english != pair.english)?;
                Some(with(None, Some(next.english.clone())))
            }
            Self::Random => {
                let far = (at + 20 + random.below(pairs.len().saturating_sub(40))) % pairs.len();
                let other = Some(&pairs[far]).filter(|other| other.english != pair.english)?;
                Some(with(None, Some(other.english.clone())))
            }
            Self::Truncated => one_side(truncated(side, random)),
            Self::DroppedClause => one_side(without_clause(side, random)),
            Self::Number => {
                wrong_number(pair, random).map(|(arabic, english)| with(arabic, english))
            }
            Self::NumberWord => {
                wrong_number_word(&pair.english, random).map(|english| with(None, Some(english)))
            }
            Self::Name => wrong_name(pairs, at, random).map(|english| with(None, Some(english))),
            Self::Negation => {
                if arabic_side {
                    without_arabic_negation(&pair.arabic).map(|arabic| with(Some(arabic), None))
                } else {
                    without_english_negation(&pair.english).map(|english| with(None, Some(english)))
                }
            }
            Self::Untranslated => Some(untranslated(pair, random)),
            Self::Garbled => one_side(garbled(side, random)),
            Self::Literal => {
                literal(&pair.english, random).map(|english| with(None, Some(english)))
            }
            Self::WrongLanguage => {
                if random.is_true(0.5) {
                    Some(with(Some((*random.one_of(sentences::ARABIC_SCRIPT)).to_owned()), None))
                } else {
                    Some(with(None, Some((*random.one_of(sentences::LATIN_SCRIPT)).to_owned())))
                }
            }
        };
        damaged.filter(|new| new.arabic != pair.arabic || new.english != pair.english)
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// Returns the first 40 to 70 % of the words.
fn truncated(text: &str, random: &mut Random) -> Option<String> {
    let words = words(text);
    if words.len() < 6 {
        return None;
    }
    let count = words.len() * (40 + random.below(31)) / 100;
    Some(words[..count].join(" "))
}

/// Removes one clause between two marks, of at least three words and 15 to 70 % of the text.
fn without_clause(text: &str, random: &mut Random) -> Option<String> {
    let marks = [',', '،', ';', '؛', ':', '.', '!', '?', '؟', '–', '—'];
    let mut clauses: Vec<&str> = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if marks.contains(&c) && text[end..].starts_with(' ') {
            clauses.push(&text[start..end]);
            start = end;
        }
    }
    clauses.push(&text[start..]);
    let all = words(text).len();
    let fits = |clause: &str| {
        let words = words(clause).len();
        words >= 3 && words * 100 >= all * 15 && words * 100 <= all * 70
    };
    let candidates: Vec<usize> = (0..clauses.len()).filter(|&at| fits(clauses[at])).collect();
    if clauses.len() < 2 || candidates.is_empty() {
        return None;
    }
    clauses.remove(*random.one_of(&candidates));
    Some(clauses.concat().trim().to_owned())
}

/// Changes a number in digits on one side.
fn wrong_number(pair: &GoodPair, random: &mut Random) -> Option<(Option<String>, Option<String>)> {
    let (arabic, english) = (normalise(&pair.arabic), normalise(&pair.english));
    let sides = [(&*arabic, Language::Arabic), (&*english, Language::English)];
    let known: Vec<Vec<Quantity>> =
        sides.iter().map(|(text, language)| quantities(text, *language)).collect();
    let mut candidates = Vec::new();
    for (side, quantities) in known.iter().enumerate() {
        let digits = quantities.iter().filter(|quantity| {
            quantity.is_firm()
                && quantity.notation == Notation::Digits
                && !matches!(quantity.kind, QuantityKind::Clock)
        });
        candidates.extend(digits.map(|quantity| (side, quantity.bytes.clone())));
    }
    if candidates.is_empty() {
        return None;
    }
    let (side, bytes) = random.one_of(&candidates).clone();
    let text = sides[side].0;
    let old = &text[bytes.clone()];
    let digits: Vec<usize> =
        old.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    for _ in 0..20 {
        let mut new = old.as_bytes().to_vec();
        let at = *random.one_of(&digits);
        new[at] = b'0' + random.below(10) as u8;
        let new = String::from_utf8(new).ok()?;
        let changed = format!("{}{new}{}", &text[..bytes.start], &text[bytes.end..]);
        let found = quantities(&changed, sides[side].1);
        // The new number must not happen to be one that the other side has.
        let has_counterpart =
            |quantity: &Quantity| known[1 - side].iter().any(|other| quantity.agrees_with(other));
        let before = known[side].iter().filter(|quantity| !has_counterpart(quantity)).count();
        if new != old && found.iter().filter(|quantity| !has_counterpart(quantity)).count() > before
        {
            return Some(if side == 0 { (Some(changed), None) } else { (None, Some(changed)) });
        }
    }
    None
}

const NUMBER_WORDS: [&str; 17] = [
    "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty",
    "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
];

fn wrong_number_word(english: &str, random: &mut Random) -> Option<String> {
    let mut words: Vec<String> = words(english).into_iter().map(str::to_owned).collect();
    let at = words.iter().position(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        NUMBER_WORDS.contains(&&*bare)
    })?;
    let bare = words[at].trim_matches(|c: char| !c.is_alphabetic()).to_owned();
    let new = *random.one_of(&NUMBER_WORDS);
    if new.eq_ignore_ascii_case(&bare) {
        return None;
    }
    words[at] = words[at].replace(&bare, new);
    Some(words.join(" "))
}

/// Returns the names in an English text: words with a capital, except the first word.
fn names(english: &str) -> Vec<&str> {
    english
        .split_whitespace()
        .skip(1)
        .map(|word| word.trim_matches(|c: char| !c.is_alphabetic()))
        .filter(|word| {
            word.len() > 3
                && word.starts_with(|c: char| c.is_ascii_uppercase())
                && word[1..].bytes().all(|b| b.is_ascii_lowercase())
                && !["This", "That", "There", "They", "When", "What", "Then", "Article", "Their"]
                    .contains(word)
        })
        .collect()
}

/// Replaces a name with one of another text.
fn wrong_name(pairs: &[GoodPair], at: usize, random: &mut Random) -> Option<String> {
    let pair = &pairs[at];
    let own = names(&pair.english);
    if own.is_empty() {
        return None;
    }
    let old = *random.one_of(&own);
    for _ in 0..60 {
        let other = &pairs[random.below(pairs.len())];
        let names = names(&other.english);
        if names.is_empty() {
            continue;
        }
        let new = *random.one_of(&names);
        let near =
            pair.arabic.split_whitespace().any(|word| sound_distance(&normalise(word), new) < 0.3);
        if !pair.english.contains(new) && !near {
            return Some(pair.english.replacen(old, new, 1));
        }
    }
    None
}

/// Removes the first Arabic negation.
fn without_arabic_negation(arabic: &str) -> Option<String> {
    let mut words = words(arabic);
    let at = words.iter().position(|word| {
        matches!(*word, "لا" | "لم" | "لن" | "ليس" | "ليست" | "ولا" | "ولم" | "ولن" | "فلا" | "فلم")
    })?;
    words.remove(at);
    Some(words.join(" "))
}

/// Removes the first English negation.
fn without_english_negation(english: &str) -> Option<String> {
    for (with, without) in [
        (" not ", " "),
        ("n't ", " "),
        ("n’t ", " "),
        (" never ", " "),
        (" no ", " a "),
        ("cannot ", "can "),
    ] {
        if english.contains(with) {
            return Some(english.replacen(with, without, 1));
        }
    }
    None
}

/// Copies all or half of one side to the other.
fn untranslated(pair: &GoodPair, random: &mut Random) -> GoodPair {
    let (arabic, english) = (pair.arabic.clone(), pair.english.clone());
    let half = |text: &str, first: bool| {
        let words = words(text);
        let middle = words.len() / 2;
        (if first { &words[..middle] } else { &words[middle..] }).join(" ")
    };
    let (arabic, english) = match random.below(4) {
        0 => (arabic.clone(), arabic),
        1 => (english.clone(), english),
        // A translation that stops half-way.
        2 => (arabic.clone(), format!("{} {}", half(&english, true), half(&arabic, false))),
        _ => (format!("{} {}", half(&arabic, true), half(&english, false)), english),
    };
    GoodPair { arabic, english, kind: pair.kind }
}

/// Garbles a text in one of five ways.
fn garbled(text: &str, random: &mut Random) -> Option<String> {
    match random.below(5) {
        // UTF-8 decoded as Windows-1252 or as Windows-1256, the Arabic code page.
        0 | 1 if !text.is_ascii() => {
            let encoding = if random.is_true(0.5) {
                encoding_rs::WINDOWS_1252
            } else {
                encoding_rs::WINDOWS_1256
            };
            Some(encoding.decode_without_bom_handling(text.as_bytes()).0.into_owned())
        }
        2 if words(text).len() >= 4 => Some(words(text).concat()),
        3 => {
            // Letters that could not be decoded.
            let replaced = |c: char, random: &mut Random| {
                if c.is_alphabetic() && random.is_true(0.25) { '\u{FFFD}' } else { c }
            };
            Some(text.chars().map(|c| replaced(c, random)).collect())
        }
        _ => {
            // Lost and swapped letters.
            let mut chars: Vec<char> = text.chars().collect();
            for at in 1..chars.len() {
                if random.is_true(0.2) {
                    chars.swap(at - 1, at);
                }
            }
            chars.retain(|c| !c.is_alphabetic() || !random.is_true(0.1));
            Some(chars.into_iter().collect())
        }
    }
}

/// Returns English as translated word by word: without articles, with few auxiliaries, in another
/// order.
fn literal(english: &str, random: &mut Random) -> Option<String> {
    const GRAMMAR: [&str; 26] = [
        "a", "an", "the", "is", "are", "was", "were", "be", "been", "of", "to", "has", "have",
        "had", "will", "would", "it", "its", "that", "which", "there", "do", "does", "did", "by",
        "as",
    ];
    let all = words(english);
    if all.len() < 6 {
        return None;
    }
    let mut words: Vec<&str> = all
        .into_iter()
        .filter(|word| !GRAMMAR.contains(&&*word.to_lowercase()) || random.is_true(0.2))
        .collect();
    for at in 1..words.len() {
        if random.is_true(0.35) {
            words.swap(at - 1, at);
        }
    }
    Some(words.join(" "))
}
