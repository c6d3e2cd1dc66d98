//! Boundaries in running text: text without line ends, in which headings, items and turns follow
//! each other without a stop.
//!
//! In Latin script a capital shows most of them. In Arabic only a colon and numbered headings do;
//! the aligner finds the others where the other side has a boundary.

use super::marks::{
    char_at, char_before, closes, is_blank, is_plain_letter, is_quote, is_transparent, is_word,
    opens, skip, skip_blanks, word_at,
};
use super::{arabic, english};
use crate::normalise::{is_ignorable, is_line_break};
use crate::script::is_arabic_letter;

/// The length in characters from which a text without line ends is taken to have lost them: 170 words
/// or more on one line are rarely one paragraph.
const MAX_PARAGRAPH: usize = 1_000;
/// The minimum length in bytes of running text that is shorter than that.
const MIN_LEN: usize = 1_000;
/// The minimum number of characters for each stop in it. Prose has a stop every 80 to 200 characters;
/// in text that lost the line ends of headings, items and turns, stops are rarer.
const MIN_CHARS_PER_STOP: usize = 250;

/// Returns whether a text is running text: a document that lost its line ends.
///
/// It has no line end, and is longer than paragraphs are, or long and with few stops.
///
/// ```
/// assert!(!nasaq_text::is_running(&"A sentence of a paragraph. ".repeat(30)));
/// assert!(nasaq_text::is_running(&"A heading An item Another item ".repeat(50)));
/// ```
#[must_use]
pub fn is_running(text: &str) -> bool {
    Running::detect(text).is_some()
}

/// Running text, by how far its stops can be trusted to divide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Running {
    /// Stops are rare: most segments end without one.
    RareStops,
    /// Stops are as frequent as in prose: only clear marks end a segment without one.
    FrequentStops,
}

impl Running {
    /// Returns `None` for text that is not running text.
    pub(super) fn detect(text: &str) -> Option<Self> {
        let text = text.trim();
        if !is_long_line(text) {
            return None;
        }
        let chars = text.chars().count();
        match has_rare_stops(text, chars / MIN_CHARS_PER_STOP) {
            true => Some(Self::RareStops),
            false => (chars >= MAX_PARAGRAPH).then_some(Self::FrequentStops),
        }
    }

    /// Returns whether a segment begins after the blank at `at`, although no stop is before it;
    /// `start` is where the segment before it begins.
    pub(super) fn begins_segment(self, text: &str, start: usize, at: usize) -> bool {
        if goes_on_plainly(text, at) {
            return false;
        }
        let next = skip_blanks(text, at);
        let opening = skip(text, next, |c| opens(c) || is_quote(c) || is_ignorable(c));
        let Some(first) = char_at(text, opening).filter(|&c| is_word(c)) else { return false };
        let before = text[start..at].trim_end_matches(is_ignorable);
        // Most words begin in lower case, or are Arabic and no heading.
        let is_heading = || is_arabic_letter(first) && arabic::is_heading(word_at(text, opening));
        if !(first.is_uppercase() || before.ends_with(':') || is_heading()) {
            return false;
        }
        let word = word_at(text, opening);
        if before.ends_with(':') && is_label(before) {
            return false;
        }
        let rest = &text[opening + word.len()..];
        if is_arabic_letter(first) {
            return begins_arabic(before, word, rest) && !self.goes_on_in_arabic(before, rest);
        }
        first.is_uppercase()
            && begins_latin(before, word, rest)
            && !self.goes_on_in_latin(before, word, rest)
    }

    /// Returns whether a word with a capital is more probably one of a name or a title inside a
    /// sentence: the next word has a capital, too, or there is none.
    fn goes_on_in_latin(self, before: &str, word: &str, rest: &str) -> bool {
        let is_sure = before.ends_with(':') || english::is_section(word);
        let next = word_after(rest);
        let is_plain = next.starts_with(|c: char| c.is_lowercase() || c.is_numeric());
        self == Self::FrequentStops && !is_sure && !is_plain
    }

    /// Returns whether a numbered part is more probably named inside a sentence: a preposition or
    /// a conjunction is after its number.
    fn goes_on_in_arabic(self, before: &str, rest: &str) -> bool {
        let next = word_after(&rest[word_end(rest)..]);
        let is_joined = next == "من" || next.starts_with("لل") || next.starts_with('و');
        self == Self::FrequentStops && !before.ends_with(':') && is_joined
    }
}

/// Returns whether the words around the blank at `at` are a quick proof that no segment begins there:
/// a letter is before it, and a letter after it with which no heading begins.
fn goes_on_plainly(text: &str, at: usize) -> bool {
    let Some(blank) = char_at(text, at) else { return false };
    char_before(text, at).is_some_and(is_plain_letter)
        && match char_at(text, at + blank.len_utf8()) {
            Some(c) if c.is_ascii() => c.is_ascii_lowercase(),
            Some(c) => is_plain_letter(c) && !arabic::may_begin_heading(c),
            None => false,
        }
}

fn is_long_line(text: &str) -> bool {
    text.len() >= MIN_LEN && !text.contains(is_line_break)
}

/// Returns whether a text has no more stops before spaces and at the end than `max`.
fn has_rare_stops(text: &str, max: usize) -> bool {
    let is_end = |after: &str| {
        let rest = after.trim_start_matches(|c| closes(c) || is_quote(c));
        rest.is_empty() || rest.starts_with(char::is_whitespace)
    };
    let stops = text.match_indices(ends_sentence);
    stops.filter(|(at, stop)| is_end(&text[at + stop.len()..])).nth(max).is_none()
}

/// Returns whether a segment ends with a stop, before closing marks.
///
/// ```
/// assert!(nasaq_text::ends_with_stop("He said “yes.”"));
/// assert!(!nasaq_text::ends_with_stop("A heading"));
/// ```
#[must_use]
pub fn ends_with_stop(segment: &str) -> bool {
    segment.trim_end().trim_end_matches(|c| closes(c) || is_quote(c)).ends_with(ends_sentence)
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '؟' | '…' | '۔')
}

/// Returns whether a text is only the label of what follows: `Figure 2:`, شكل ٢:
fn is_label(before: &str) -> bool {
    let label = before.trim_start().trim_end_matches(':').trim_end();
    let word = word_at(label, 0);
    let number = label[word.len()..].trim();
    (english::is_section(word) || arabic::is_heading(word))
        && !number.is_empty()
        && number.chars().all(|c| c.is_numeric() || c == '.')
}

/// Returns whether a word with a capital begins a heading, an item or a sentence.
fn begins_latin(before: &str, word: &str, rest: &str) -> bool {
    let Some(last) = before.chars().next_back() else { return false };
    if last == ':' {
        return true;
    }
    let is_open = last.is_lowercase() || last.is_numeric() || closes(last) || is_quote(last);
    if !is_open {
        return false;
    }
    if english::is_section(word) && begins_with_number(rest) {
        // `Section 12 of the statute` and `Article 5 and` go on; a heading has a capital.
        let after = word_after(&rest[word_end(rest)..]);
        return !last.is_numeric() && !after.starts_with(char::is_lowercase);
    }
    let previous = last_word(before);
    word != "I" && english::is_starter(word) && !english::is_joining(previous)
}

/// Returns whether an Arabic word follows a colon or begins the heading of a numbered part: الفصل
/// الثالث, شكل ٢.
fn begins_arabic(before: &str, word: &str, rest: &str) -> bool {
    let last = char_before(before, before.len());
    if last == Some(':') {
        return true;
    }
    let previous = last_word(before);
    last.is_some_and(|c| is_word(c) || closes(c))
        && arabic::is_heading(word)
        && (begins_with_number(rest) || arabic::is_ordinal(word_after(rest)))
        && !arabic::is_joining(previous)
}

/// Returns whether a number is the next word.
fn begins_with_number(rest: &str) -> bool {
    let next = word_after(rest);
    let is_roman = |word: &str| word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    next.starts_with(char::is_numeric) || !next.is_empty() && is_roman(next)
}

/// Returns where the next word ends.
fn word_end(rest: &str) -> usize {
    let start = skip(rest, 0, |c| is_blank(c) || is_ignorable(c));
    start + word_at(rest, start).len()
}

fn word_after(rest: &str) -> &str {
    word_at(rest, skip(rest, 0, |c| is_blank(c) || is_ignorable(c)))
}

fn last_word(text: &str) -> &str {
    let text = text.trim_end_matches(|c: char| !is_word(c));
    let len: usize = text
        .chars()
        .rev()
        .take_while(|&c| is_word(c) || is_transparent(c))
        .map(char::len_utf8)
        .sum();
    &text[text.len() - len..]
}
