//! Decides which cues continue the sentence of the one before.
//!
//! A cue ends a sentence if its text does; otherwise the next cue continues the sentence, unless a
//! speaker, a sign, a long pause or, in files with hardly any full stops, the cue boundary itself
//! separates them. A sentence without a stop does not become longer than a limit.

use super::description::is_music;
use super::speakers::Speakers;
use super::{Part, trim_invisible};

/// A pause without subtitles that ends a sentence, in milliseconds.
const LONG_PAUSE: u64 = 3000;
/// The minimum share of cues with a final stop for the lack of one to mean that a sentence
/// continues.
const MIN_STOP_SHARE: f64 = 0.25;
/// The limits of what is joined where full stops are usual.
const MAX_SENTENCE: JoinLimit = JoinLimit { time: 30_000, bytes: 800 };
/// The limits of what is joined only because a cue begins with a lower-case letter or the one
/// before ends with a comma.
const MAX_GUESS: JoinLimit = JoinLimit { time: 10_000, bytes: 240 };
/// The minimum share of cues after a full stop that begin in lower case for a file to have no
/// capitals.
const MIN_LOWER_SHARE: f64 = 0.5;
/// The maximum length of the name of a speaker before a colon, in characters.
const MAX_LABEL: usize = 24;

/// How long joined cues may become.
#[derive(Clone, Copy)]
struct JoinLimit {
    /// In milliseconds.
    time: u64,
    bytes: usize,
}

/// Joins cues to sentences, one after the other.
pub(super) struct Joiner<'s> {
    speakers: &'s Speakers,
    has_stops: bool,
    /// Whether sentences begin in lower case.
    is_lower: bool,
    /// When the joined cues begin, and how many bytes they have without the last one.
    start: u64,
    bytes: usize,
}

impl<'s> Joiner<'s> {
    /// Measures how usual full stops are.
    pub(super) fn new(parts: &[Part], speakers: &'s Speakers) -> Self {
        let speech = || parts.iter().filter(|part| !part.is_description);
        let stops = speech().filter(|part| ends_with_stop(&part.text)).count();
        let has_stops = stops as f64 >= MIN_STOP_SHARE * speech().count() as f64;
        let start = parts.first().map_or(0, |part| part.time[0]);
        let after_stops = || {
            let pairs = speech().zip(speech().skip(1));
            pairs.filter(|(before, _)| ends_sentence(&before.text)).map(|(_, next)| &next.text)
        };
        let lower = after_stops().filter(|text| begins_lower(text)).count();
        let is_lower = lower as f64 > MIN_LOWER_SHARE * after_stops().count() as f64;
        Self { speakers, has_stops, is_lower, start, bytes: 0 }
    }

    /// Reports whether a cue goes on the line of the one before.
    pub(super) fn joins(&mut self, before: &Part, next: &Part) -> bool {
        self.bytes += before.text.len();
        let joins = self.may_join(before, next);
        // The segmenter cuts at a stop.
        if !joins || ends_with_stop(&before.text) {
            self.start = next.time[0];
            self.bytes = 0;
        }
        joins
    }

    fn may_join(&self, before: &Part, next: &Part) -> bool {
        if before.is_description
            || next.is_description
            || is_separate(&before.text, &next.text)
            || self.speakers.begin(&next.text)
            || next.time[0] > before.time[1].saturating_add(LONG_PAUSE)
        {
            return false;
        }
        // If the cue ends with a stop, the segmenter separates the sentences, unless the next one
        // begins in lower case.
        if ends_with_stop(&before.text) {
            return !(self.is_lower && ends_sentence(&before.text) && begins_lower(&next.text));
        }
        let limit = if self.has_stops { MAX_SENTENCE } else { MAX_GUESS };
        if next.time[1].saturating_sub(self.start) > limit.time
            || self.bytes + next.text.len() > limit.bytes
        {
            return false;
        }
        let text = trim_invisible(&next.text);
        self.has_stops
            || trim_invisible(&before.text).ends_with(['،', ',', '؛', ';', ':'])
            || text.starts_with(|c: char| c.is_lowercase() || c == '…')
            || text.starts_with("...")
    }
}

/// Reports whether two lines of a cue are one line of text.
pub(super) fn joins_lines(before: &str, next: &str) -> bool {
    !is_separate(before, next)
}

/// Reports whether a text does not continue the one before, whatever the sentence.
fn is_separate(before: &str, next: &str) -> bool {
    let begins_invisibly = next.starts_with(super::is_invisible);
    let (before, next) = (trim_invisible(before), trim_invisible(next));
    let Some(first) = next.chars().next() else { return false };
    next.starts_with(is_dash)
        || before.ends_with(is_dash)
        || before.ends_with(is_music)
        || begins_with_sign(first)
        // A sound or the name of a speaker in brackets.
        || first == '['
        // The segmenter would take an ellipsis alone for the beginning of the next sentence.
        || !before.contains(char::is_alphanumeric)
        || without_label(next).is_some()
        // What a text begins with must not look like the end of the sentence before.
        || ends_with_stop(before) && (!first.is_alphanumeric() || begins_invisibly)
}

/// Reports whether a character is a sign such as a bullet, an arrow or an emoji, that begins
/// something new. Punctuation, quotation marks, brackets and signs of currencies may continue a
/// sentence.
fn begins_with_sign(c: char) -> bool {
    match c {
        '*' | '#' | '=' | '|' | '+' | '~' | '>' | '•' | '·' | '●' => true,
        c if c.is_alphanumeric() || c.is_ascii() => false,
        '\u{2190}'..='\u{27bf}' | '\u{2900}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' => true,
        _ => false,
    }
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '‐')
}

/// Returns what follows the name of a speaker in capitals, `JOHN:`, or the sign `>>`.
pub(super) fn without_label(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix(">>") {
        return Some(rest.trim_start_matches('>'));
    }
    let (label, rest) = text.split_once(':')?;
    let is_part = |c: char| {
        c.is_uppercase() || c.is_ascii_digit() || matches!(c, ' ' | '.' | '\'' | '’' | '-' | '#')
    };
    let capitals = label.chars().filter(|c| c.is_uppercase()).count();
    let is_label =
        capitals >= 2 && label.chars().all(is_part) && label.chars().count() <= MAX_LABEL;
    is_label.then_some(rest)
}

/// Reports whether a text ends with a stop that is no ellipsis.
fn ends_sentence(text: &str) -> bool {
    let text = trim_invisible(text);
    ends_with_stop(text) && !text.ends_with("..") && !text.ends_with('…')
}

fn begins_lower(text: &str) -> bool {
    trim_invisible(text).starts_with(char::is_lowercase)
}

/// Reports whether a text ends with a stop, before quotation marks and brackets that close.
pub(super) fn ends_with_stop(text: &str) -> bool {
    trim_invisible(text)
        .trim_end_matches(|c: char| {
            matches!(c, '"' | '”' | '»' | '\'' | '’' | ')' | ']') || super::is_invisible(c)
        })
        .ends_with(['.', '!', '?', '؟', '…', '۔'])
}
