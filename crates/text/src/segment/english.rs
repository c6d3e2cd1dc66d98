//! The English rules: abbreviations, and the words around a stop in Latin script that show whether
//! a sentence ends.
//!
//! To add an abbreviation, choose its list by what may follow it, add it in lower case and without
//! the final full stop, and add a case under "English: abbreviations" in
//! `tests/cases/segment.toml`:
//!
//! | list | a sentence ends after it |
//! |---|---|
//! | [`TITLES`] | never; only with a capital: Mr., Dr. |
//! | [`ABBREVIATIONS`] | never: vs., e.g. |
//! | [`NUMBERED`] | unless a number follows: No. 5, Fig. 2 |
//! | [`EITHER`] | if the next word is a common first word of sentences: Inc., Jr. |
//! | [`DATES`] | the same, and never before a number; only with a capital: Jan., Mon. |
//!
//! Initials (J. R.) and letters with full stops between them (U.S., Ph.D.) need no entry.

use super::arabic;
use super::marks::bare;
use super::rules::{TokenBefore, WordAfter};

/// Titles, which are written with a capital before a name; a sentence never ends after one.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "messrs", "mme", "mlle", "gen", "col", "capt", "cpt", "lt",
    "sgt", "cpl", "maj", "adm", "cmdr", "rev", "fr", "hon", "pres", "gov", "sen", "rep", "amb",
    "supt", "insp", "msgr", "mt", "asst", "eng", "sh", "u.s.s", "h.m.s",
];

/// Abbreviations before an explanation or a counterpart; a sentence never ends after one.
const ABBREVIATIONS: &[&str] = &[
    "vs", "v", "viz", "cf", "e.g", "eg", "i.e", "ca", "approx", "incl", "esp", "transl", "n.b",
    "q.v", "s.v", "a.k.a",
];

/// Abbreviations before a number. Elsewhere they are ordinary words ("No. I don't.").
const NUMBERED: &[&str] = &[
    "no", "nos", "nr", "fig", "figs", "p", "pp", "vol", "vols", "ch", "chap", "sec", "sect", "art",
    "arts", "para", "paras", "ed", "eds", "eq", "eqs", "ex", "l", "ll", "app", "tab", "c", "d",
    "b", "fl", "op", "pt", "n", "nn", "fn", "cl", "reg", "ver", "tel", "ext", "bk",
];

/// Abbreviations that may end a sentence, depending on the next word.
const EITHER: &[&str] = &[
    "inc", "ltd", "co", "corp", "bros", "llc", "plc", "jr", "sr", "esq", "st", "sts", "ave",
    "blvd", "rd", "sq", "al", "est", "gmbh", "dept", "univ", "assn", "ft",
];

/// Abbreviations of months and days of the week.
const DATES: &[&str] = &[
    "jan", "feb", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue",
    "tues", "wed", "thu", "thur", "thurs", "fri",
];

/// Words that continue a sentence after a time of day: 5 p.m. Monday, 5 p.m. GMT.
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

/// Words that are followed by a letter as a label: Plan B, vitamin C.
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

/// Common words that are not part of a name: with a capital, they begin a sentence.
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

/// Words after which `I` is the pronoun: So do I.
const BEFORE_I: &[&str] = &[
    "do", "did", "does", "am", "was", "is", "have", "had", "can", "could", "will", "would",
    "shall", "should", "must", "may", "might", "than", "and", "or", "nor", "not", "as", "but",
];

/// Words before the number of a part of a book, whose title may follow on the line: Chapter IV.
const PARTS: &[&str] = &[
    "chapter", "part", "book", "act", "scene", "canto", "volume", "letter", "stave", "sura",
    "surah", "psalm", "section", "article",
];

/// Words before the number of a section: Section 2.1.
const SECTIONS: &[&str] = &[
    "section",
    "sections",
    "sect",
    "sec",
    "secs",
    "chapter",
    "chapters",
    "chap",
    "ch",
    "article",
    "articles",
    "art",
    "arts",
    "clause",
    "clauses",
    "cl",
    "paragraph",
    "paragraphs",
    "para",
    "paras",
    "table",
    "tables",
    "tab",
    "figure",
    "figures",
    "fig",
    "figs",
    "annex",
    "appendix",
    "app",
    "part",
    "rule",
    "rules",
    "item",
    "items",
    "step",
    "version",
    "subsection",
    "schedule",
    "exhibit",
    "no",
    "nos",
    "eq",
    "equation",
];

/// English words that no sentence and hardly a verse or a heading ends with.
const JOINING: &[&str] = &[
    "the", "a", "an", "of", "in", "on", "at", "to", "for", "with", "by", "and", "or", "but",
    "that", "which", "from", "as", "is", "was", "were", "are", "be", "been", "his", "its", "their",
    "this", "these", "not", "into", "than", "if", "when", "who", "whose", "had", "has", "have",
    "would", "could", "should", "will", "my", "your", "our", "no", "so", "very", "because",
    "while", "until",
];

/// Verbs that attribute a quotation to a speaker.
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

/// Returns whether a full stop after a token in Latin script ends a sentence.
///
/// The caller has checked that the next word is not in lower case.
pub(super) fn full_stop_ends(before: &TokenBefore<'_>, next: &WordAfter<'_>) -> bool {
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
    } else if is(ABBREVIATIONS) || capital && is(TITLES) {
        false
    } else if is(NUMBERED) {
        !(next.first.is_numeric()
            || matches!(next.first, '#' | '§' | '№')
            || is_roman(next.word) && !(next.word == "I" && is(&["no"])))
    } else if capital && is(DATES) {
        !next.first.is_numeric() && next_starts(next)
    } else if is(EITHER) || is_acronym(token) {
        next_starts(next)
    } else {
        true
    }
}

/// Returns whether a full stop after a single capital letter ends a sentence: after a unit or a
/// label it does, after an initial only if the next word is a common first word.
fn initial_ends(letter: char, before: &TokenBefore<'_>, next: &WordAfter<'_>) -> bool {
    let unit = matches!(letter, 'V' | 'A' | 'W' | 'C' | 'F' | 'K' | 'N' | 'L');
    let is_initial = single_capital(next.word).is_some() && next.rest.starts_with('.');
    // `So do I.`: before a name comes no verb in lower case.
    let is_pronoun = letter == 'I' && BEFORE_I.contains(&before.previous_word()) && !is_initial;
    is_pronoun
        || unit && before.follows_number() && !before.follows_year()
        || LABELLED.contains(&before.previous_word().to_lowercase().as_str())
        || next_starts(next)
}

/// Returns whether the next word begins a sentence and does not continue a name.
fn next_starts(next: &WordAfter<'_>) -> bool {
    if next.is_arabic() {
        return arabic::is_starter(next.word);
    }
    // `J. I. Smith`: a letter with a full stop is an initial.
    let is_initial = single_capital(next.word).is_some() && next.rest.starts_with('.');
    is_starter(next.word) && !is_initial
}

/// Returns whether a word usually begins a sentence and is not part of a name.
pub(super) fn is_starter(word: &str) -> bool {
    STARTERS.contains(&bare(word).to_lowercase().as_str())
}

/// Returns whether a word needs another one after it.
pub(super) fn is_joining(word: &str) -> bool {
    JOINING.contains(&word)
}

/// Returns whether a word comes before the number of a part of a book.
pub(super) fn is_part(word: &str) -> bool {
    PARTS.contains(&word.to_lowercase().as_str())
}

/// Returns whether a word comes before the number of a section.
pub(super) fn is_section(word: &str) -> bool {
    SECTIONS.contains(&word.to_lowercase().as_str())
}

fn single_capital(token: &str) -> Option<char> {
    let mut chars = token.chars();
    chars.next().filter(|c| c.is_uppercase() && chars.next().is_none())
}

/// Returns whether a token consists of letters with full stops between them: U.S, J.R.R, Ph.D,
/// B.Sc.
fn is_acronym(token: &str) -> bool {
    /// In bytes.
    const MAX_LEN: usize = 12;
    let short = |part: &str| part.starts_with(char::is_uppercase) && part.len() <= 4;
    token.len() <= MAX_LEN
        && token.contains('.')
        && (token.split('.').all(short) && token.split('.').any(|part| part.len() == 1)
            || token.split('.').all(|part| part.len() == 1 && !part.starts_with(char::is_numeric)))
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'))
}

/// Returns whether the text after a closed quotation attributes it to a speaker: `John said`,
/// `Said John`.
///
/// Only a name has a capital there: it would be `the man asked`, so a common word with a capital
/// begins a new sentence.
pub(super) fn is_attribution(rest: &str) -> bool {
    const MAX_WORDS: usize = 4;
    for (i, word) in rest.split(char::is_whitespace).take(MAX_WORDS).enumerate() {
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

/// Returns whether a word is written like a brand name that begins in lower case: iPhone, eBay.
pub(super) fn is_brand(word: &str) -> bool {
    word.starts_with(char::is_lowercase) && word.chars().skip(1).any(char::is_uppercase)
}
