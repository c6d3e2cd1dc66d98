//! Candidate cuts inside a long Arabic sentence: after `،` `؛` `:` and dashes, and before the words
//! that chain clauses.
//!
//! Every cut is only a candidate. Whether it is right depends on the translation, which the caller
//! has to check, so a noun that happens to begin with `و` does no harm here.

use std::ops::Range;

use crate::normalise::{is_ignorable, normalise};
use crate::stem::words;

/// Where [`clauses`] may cut a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClauseBreaks {
    /// After `،` `؛` `:` `,` `;` and dashes only.
    Marks,
    /// After those marks, and before a word that chains clauses: `ثم`, `بل`, `لكن` and the like, or
    /// a word with the conjunction `و` or `ف` written on it.
    MarksAndWords,
}

/// Pairs of marks between which nothing is cut.
///
/// Arabic quotation marks are listed in both orders, because texts contain both.
const ENCLOSING: [(char, char); 10] = [
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('«', '»'),
    ('»', '«'),
    ('‹', '›'),
    ('“', '”'),
    ('"', '"'),
    ('﴿', '﴾'),
    ('﴾', '﴿'),
];
/// Words that begin a clause.
const CHAINING: [&str; 7] = ["ثم", "بل", "لكن", "ولكن", "حتى", "فقد", "فلم"];
/// Common words whose first letter is a `و` or `ف` that is not the conjunction.
const NOT_JOINED: [&str; 40] = [
    "واحد",
    "واحدة",
    "والد",
    "والدة",
    "والده",
    "والدها",
    "والدي",
    "واسع",
    "واسعة",
    "واقع",
    "وجه",
    "وجهه",
    "وجهها",
    "وحده",
    "وحدها",
    "وحيد",
    "وحيدة",
    "ورق",
    "ورقة",
    "وزير",
    "وسط",
    "وصل",
    "وضع",
    "وطن",
    "وقت",
    "وقف",
    "ولد",
    "وليد",
    "وراء",
    "وفق",
    "فارغ",
    "فترة",
    "فجأة",
    "فرصة",
    "فصل",
    "فقط",
    "فكرة",
    "فندق",
    "فوق",
    "فيها",
];
/// The minimum length, in letters, of a word that may have a conjunction written on it.
const MIN_LETTERS: usize = 4;
/// The minimum number of words on either side of a cut before a chaining word.
const MIN_WORDS: usize = 2;
/// The maximum length, in characters, of a quotation or a bracket in which nothing is cut. A longer
/// one has clauses of its own, or its marks are not a pair.
const MAX_ENCLOSED: usize = 80;
/// The maximum depth of nested brackets and quotation marks that is tracked.
const MAX_DEPTH: usize = 16;

/// Cuts an Arabic sentence at every place where a clause may begin.
///
/// The parts concatenate to the sentence, byte for byte, and each contains a word; a sentence
/// without a candidate is one part. Nothing is cut between two numbers of a list, or within
/// quotation marks or brackets around at most 80 characters.
///
/// ```
/// use nasaq_text::{ClauseBreaks, clauses};
///
/// let sentence = "أغلق النافذة، ثم نزل الدرج ومضى وحده";
/// assert_eq!(clauses(sentence, ClauseBreaks::Marks).len(), 2);
/// assert_eq!(
///     clauses(sentence, ClauseBreaks::MarksAndWords),
///     ["أغلق النافذة، ", "ثم نزل الدرج ", "ومضى وحده"]
/// );
/// ```
#[must_use]
pub fn clauses(sentence: &str, breaks: ClauseBreaks) -> Vec<&str> {
    let mut enclosed = enclosed(sentence);
    enclosed.retain(|range| sentence[range.clone()].chars().nth(MAX_ENCLOSED).is_none());
    let mut parts = Vec::new();
    let mut start = 0;
    let mut next_enclosed = enclosed.iter().peekable();
    for (at, c) in sentence.char_indices() {
        while next_enclosed.next_if(|range| range.end <= at).is_some() {}
        if at <= start || next_enclosed.peek().is_some_and(|range| range.contains(&at)) {
            continue;
        }
        let (before, after) = (&sentence[start..at], &sentence[at..]);
        // A candidate lies between white space and a character that is not white space.
        if c.is_whitespace() || !before.ends_with(char::is_whitespace) {
            continue;
        }
        let is_cut = if ends_with_mark(before) {
            !is_between_numbers(before, c)
        } else {
            breaks == ClauseBreaks::MarksAndWords && is_chained(before, after)
        };
        if is_cut && words(before).next().is_some() && words(after).next().is_some() {
            parts.push(before);
            start = at;
        }
    }
    parts.push(&sentence[start..]);
    parts
}

/// Returns the outermost ranges within brackets or quotation marks, in order.
///
/// A mark without its partner, as of a quotation that runs over several sentences, encloses
/// nothing.
fn enclosed(text: &str) -> Vec<Range<usize>> {
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if let Some(depth) = open.iter().rposition(|&(closing, _)| closing == c) {
            let start = open[depth].1;
            open.truncate(depth);
            while found.pop_if(|range| range.start > start).is_some() {}
            found.push(start..at + c.len_utf8());
        } else if let Some(&(_, closing)) = ENCLOSING.iter().find(|&&(opening, _)| opening == c)
            && (before.is_whitespace() || !matches!(c, '»' | '﴾'))
        {
            // Without this bound, a text of unpaired marks would take quadratic time.
            if open.len() == MAX_DEPTH {
                open.remove(0);
            }
            open.push((closing, at));
        }
        before = c;
    }
    found
}

/// Returns whether a text ends with a mark that ends a clause, white space ignored.
fn ends_with_mark(before: &str) -> bool {
    let hidden = |c: char| c.is_whitespace() || is_ignorable(c);
    before.trim_end_matches(hidden).ends_with(['،', '؛', ':', ',', ';', '\u{2013}', '\u{2014}'])
}

/// Returns whether the mark at the end of a text is between two numbers.
fn is_between_numbers(before: &str, next: char) -> bool {
    let last = before.trim_end().chars().rev().nth(1);
    next.is_numeric() && last.is_some_and(char::is_numeric)
}

/// Returns whether the text after a cut begins with a chaining word, with enough words on both
/// sides.
fn is_chained(before: &str, after: &str) -> bool {
    let enough = |text: &str| words(text).nth(MIN_WORDS - 1).is_some();
    let word = after.split_whitespace().next().unwrap_or_default();
    let word = word.trim_start_matches(is_ignorable);
    let first = word.chars().next().unwrap_or(' ');
    if !matches!(first, 'و' | 'ف' | 'ث' | 'ب' | 'ل' | 'ح') {
        return false;
    }
    let word = normalise(word);
    let word = words(&word).next().unwrap_or_default();
    // A conjunction before a noun with the article usually continues a list and begins no clause.
    let joined = matches!(first, 'و' | 'ف')
        && !word[first.len_utf8()..].starts_with("ال")
        && word.chars().count() >= MIN_LETTERS
        && !NOT_JOINED.contains(&word);
    (joined || CHAINING.contains(&word)) && enough(before) && enough(after)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all_clauses(text: &str) -> Vec<&str> {
        clauses(text, ClauseBreaks::MarksAndWords)
    }

    #[test]
    fn clauses_end_at_marks_and_begin_at_chaining_words() {
        let text = "كان يدير ظهره للبحر، ثم يقوم فيغلق النافذة وينزل الدرج: لا أحد";
        assert_eq!(
            all_clauses(text),
            ["كان يدير ظهره للبحر، ", "ثم يقوم ", "فيغلق النافذة ", "وينزل الدرج: ", "لا أحد"]
        );
        assert_eq!(
            clauses(text, ClauseBreaks::Marks),
            ["كان يدير ظهره للبحر، ", "ثم يقوم فيغلق النافذة وينزل الدرج: ", "لا أحد"]
        );
    }

    #[test]
    fn a_vocalised_word_is_recognised() {
        assert_eq!(all_clauses("قَامَ الرَّجُلُ ثُمَّ جَلَسَ هُنَا"), ["قَامَ الرَّجُلُ ", "ثُمَّ جَلَسَ هُنَا"]);
    }

    #[test]
    fn a_long_quotation_has_clauses_of_its_own() {
        for (letters, count) in [(34, 1), (35, 2)] {
            let text = format!("\"نعم {}، {} لا\"", "ب".repeat(35), "ت".repeat(letters));
            assert_eq!((text.chars().count(), all_clauses(&text).len()), (46 + letters, count));
        }
    }

    #[test]
    fn nothing_is_cut_inside_quotes_brackets_and_numbers() {
        for whole in [
            "«نعم، لا، ثم نعم»",
            "»نعم، لا«",
            "\"نعم، لا\"",
            "(أولا، ثانيا [ثالثا، رابعا])",
            "١، ٢، ٣",
            "عام 1,500",
            "الساعة ٣:٤٥",
            "وصل وقت العمل",
            "تغير حجم الثقل والخفة والحرارة معا",
            "، ؛ :",
        ] {
            assert_eq!(all_clauses(whole), [whole]);
        }
        assert_eq!(all_clauses("قال «نعم، لا»، ومضى"), ["قال «نعم، لا»، ", "ومضى"]);
        // A quotation that continues in another sentence.
        assert_eq!(all_clauses("قال: «نعم، لا"), ["قال: ", "«نعم، ", "لا"]);
        assert_eq!(all_clauses("نعم»، ثم لا"), ["نعم»، ", "ثم لا"]);
    }

    proptest! {
        #[test]
        fn clauses_concatenate_to_the_sentence(
            text in "([ء-ي]{1,5}|ثم|و|،|؛|:|«|»|\\(|\\)|\"| |\u{64e}|\\PC){0,40}", words: bool
        ) {
            let breaks = if words { ClauseBreaks::MarksAndWords } else { ClauseBreaks::Marks };
            let parts = clauses(&text, breaks);
            prop_assert_eq!(parts.concat(), text.clone());
            prop_assert!(parts.len() == 1 || parts.iter().all(|part| !part.trim().is_empty()));
        }
    }
}
