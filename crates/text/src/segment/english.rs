//! What the words around a stop in Latin script say about it.

use super::arabic;
use super::rules::{Before, Next};

/// Titles, written with a capital before a name: they never end a sentence.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "messrs", "mme", "mlle", "gen", "col", "capt", "cpt", "lt",
    "sgt", "cpl", "maj", "adm", "cmdr", "rev", "fr", "hon", "pres", "gov", "sen", "rep", "amb",
    "supt", "insp", "msgr", "mt", "asst", "eng", "sh", "u.s.s", "h.m.s",
];

/// Shortened words before an explanation or a counterpart: they never end a sentence.
const OPEN: &[&str] = &[
    "vs", "v", "viz", "cf", "e.g", "eg", "i.e", "ca", "approx", "incl", "esp", "transl", "n.b",
    "q.v", "s.v", "a.k.a",
];

/// Shortened words before a number; elsewhere words like any other ("No. I don't.").
const NUMBERED: &[&str] = &[
    "no", "nos", "nr", "fig", "figs", "p", "pp", "vol", "vols", "ch", "chap", "sec", "sect", "art",
    "arts", "para", "paras", "ed", "eds", "eq", "eqs", "ex", "l", "ll", "app", "tab", "c", "d",
    "b", "fl", "op", "pt", "n", "nn", "fn", "cl", "reg", "ver", "tel", "ext", "bk",
];

/// Shortened words that may end a sentence: what follows decides.
const EITHER: &[&str] = &[
    "inc", "ltd", "co", "corp", "bros", "llc", "plc", "jr", "sr", "esq", "st", "sts", "ave",
    "blvd", "rd", "sq", "al", "est", "gmbh", "dept", "univ", "assn", "ft",
];

const MONTHS: &[&str] = &[
    "jan", "feb", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue",
    "tues", "wed", "thu", "thur", "thurs", "fri",
];

/// What may follow a time of day without ending the sentence, beside digits.
const AFTER_TIME: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "gmt",
    "utc",
    "est",
    "edt",
    "et",
    "cet",
    "bst",
    "pst",
    "pt",
    "eastern",
    "pacific",
    "central",
    "eet",
];

/// Words that a lone letter names: Plan B, vitamin C.
const LABELLED: &[&str] = &[
    "plan",
    "vitamin",
    "class",
    "type",
    "group",
    "appendix",
    "part",
    "schedule",
    "table",
    "grade",
    "hepatitis",
    "annex",
    "exhibit",
    "option",
    "team",
    "letter",
];

/// Common words that are no part of a name: capitalised, they begin a sentence.
const STARTERS: &[&str] = &[
    "the",
    "this",
    "that",
    "these",
    "those",
    "it",
    "its",
    "he",
    "she",
    "they",
    "we",
    "you",
    "i",
    "a",
    "an",
    "in",
    "on",
    "at",
    "if",
    "but",
    "and",
    "or",
    "so",
    "then",
    "when",
    "while",
    "as",
    "for",
    "after",
    "before",
    "there",
    "here",
    "his",
    "her",
    "their",
    "our",
    "my",
    "your",
    "what",
    "who",
    "whose",
    "why",
    "how",
    "where",
    "which",
    "not",
    "no",
    "yes",
    "both",
    "many",
    "most",
    "some",
    "one",
    "two",
    "three",
    "all",
    "each",
    "every",
    "another",
    "however",
    "meanwhile",
    "yet",
    "still",
    "also",
    "despite",
    "although",
    "though",
    "because",
    "since",
    "under",
    "with",
    "without",
    "from",
    "to",
    "by",
    "according",
    "later",
    "today",
    "now",
    "do",
    "did",
    "does",
    "is",
    "was",
    "are",
    "were",
    "can",
    "could",
    "would",
    "please",
    "see",
    "let",
    "nor",
    "other",
    "others",
    "such",
    "several",
    "few",
    "only",
    "even",
    "until",
    "unless",
    "once",
    "during",
    "between",
    "among",
    "through",
    "over",
    "instead",
    "therefore",
    "thus",
    "moreover",
    "nevertheless",
    "nothing",
    "nobody",
    "somebody",
    "someone",
    "everyone",
    "everything",
    "perhaps",
];

/// Verbs that say who spoke.
const SPEECH: &[&str] = &[
    "said",
    "asked",
    "replied",
    "cried",
    "answered",
    "whispered",
    "added",
    "shouted",
    "called",
    "exclaimed",
    "muttered",
    "murmured",
    "demanded",
    "inquired",
    "enquired",
    "wondered",
    "yelled",
    "screamed",
    "insisted",
    "repeated",
    "agreed",
    "explained",
    "sighed",
    "groaned",
    "says",
    "asks",
    "replies",
    "answers",
    "laughed",
    "snapped",
    "retorted",
    "protested",
    "begged",
    "pleaded",
    "roared",
    "hissed",
    "observed",
    "remarked",
    "ventured",
];

/// Tells whether a full stop after a token in Latin script ends a sentence.
///
/// A lower-case word does not follow: that was decided before.
pub(super) fn full_stop_ends(before: &Before<'_>, next: &Next<'_>) -> bool {
    let token = before.token;
    if before.spaced || before.is_address() {
        return true;
    }
    let lower = token.to_lowercase();
    let is = |list: &[&str]| list.contains(&lower.as_str());
    let capital = token.starts_with(char::is_uppercase);
    if let Some(letter) = single_capital(token).filter(|_| !before.is_compound()) {
        initial_ends(letter, before, next)
    } else if is(&["a.m", "p.m", "am", "pm"]) {
        !AFTER_TIME.contains(&next.word.to_lowercase().as_str())
    } else if is(OPEN) || capital && is(TITLES) {
        false
    } else if is(NUMBERED) {
        !(next.first.is_numeric()
            || matches!(next.first, '#' | '§' | '№')
            || is_roman(next.word) && !(next.word == "I" && is(&["no"])))
    } else if capital && is(MONTHS) {
        !next.first.is_numeric() && next_starts(next)
    } else if is(EITHER) || is_acronym(token) {
        next_starts(next)
    } else {
        true
    }
}

/// Tells whether the stop after a lone capital letter ends a sentence: an initial's does not.
fn initial_ends(letter: char, before: &Before<'_>, next: &Next<'_>) -> bool {
    let unit = matches!(letter, 'V' | 'A' | 'W' | 'C' | 'F' | 'K' | 'N' | 'L');
    unit && before.follows_number() && !before.follows_year()
        || LABELLED.contains(&before.previous_word().to_lowercase().as_str())
        || next_starts(next)
}

/// Tells whether the next word begins a sentence, rather than goes on with a name.
fn next_starts(next: &Next<'_>) -> bool {
    if next.is_arabic() {
        return arabic::is_starter(next.word);
    }
    // `J. I. Smith`: a letter with a full stop is an initial.
    STARTERS.contains(&next.word.to_lowercase().as_str()) && !next.rest.starts_with('.')
}

fn single_capital(token: &str) -> Option<char> {
    let mut chars = token.chars();
    chars.next().filter(|c| c.is_uppercase() && chars.next().is_none())
}

/// Tells whether a token is letters with full stops between: U.S, J.R.R, Ph.D, B.Sc.
fn is_acronym(token: &str) -> bool {
    const LONGEST: usize = 12;
    let short = |part: &str| part.starts_with(char::is_uppercase) && part.len() <= 4;
    token.len() <= LONGEST
        && token.contains('.')
        && (token.split('.').all(short) && token.split('.').any(|part| part.len() == 1)
            || token.split('.').all(|part| part.len() == 1 && !part.starts_with(char::is_numeric)))
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'))
}

/// Tells whether what follows a closed quotation names who said it: `John said`, `Said John`.
///
/// Only a name can stand there with a capital: `The man asked` would be `the man asked`, so a
/// common word in capitals begins a new sentence.
pub(super) fn is_attribution(rest: &str) -> bool {
    const WORDS: usize = 4;
    for (i, word) in rest.split(char::is_whitespace).take(WORDS).enumerate() {
        let plain = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let lower = plain.to_lowercase();
        if SPEECH.contains(&lower.as_str()) {
            return !word.ends_with(':');
        }
        let title = word.ends_with('.')
            && (TITLES.contains(&lower.as_str()) || single_capital(plain).is_some());
        let name = plain.starts_with(char::is_uppercase)
            && (plain == "I" || !STARTERS.contains(&lower.as_str()) || i > 0);
        if !name || plain.len() != word.len() && !title {
            return false;
        }
    }
    false
}

/// Tells whether a word is written like a brand that begins in lower case: iPhone, eBay.
pub(super) fn is_brand(word: &str) -> bool {
    word.starts_with(char::is_lowercase) && word.chars().skip(1).any(char::is_uppercase)
}
