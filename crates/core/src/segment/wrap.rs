//! Whether a document's lines were cut to a width, so that its line ends say nothing.
//!
//! Lines are hard unless the whole document says otherwise. Text that was cut to a width shows it:
//! no line had room for the first word of the next one. Verse, lists, subtitles and one sentence a
//! line do not look like that, and neither do their passages in a document that is cut to a width:
//! a line that had room for the next word ends where its writer ended it.

use super::marks::{after_break, skip_blanks};
use super::marks::{
    char_at, closes, is_dash, is_quote, is_terminator, is_transparent, is_word, skip,
};
use crate::normalise::is_line_break;

/// The width that a document's lines were cut to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wrap {
    width: usize,
    measure: Measure,
}

/// How the program that cut the lines counted: by chars, or by what takes room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Chars,
    Visible,
}

impl Measure {
    fn of(self, text: &str) -> usize {
        match self {
            Self::Chars => text.chars().count(),
            Self::Visible => text.chars().filter(|&c| !is_transparent(c)).count(),
        }
    }
}

/// The shortest and longest width that counts as one, in chars.
const WIDTHS: std::ops::RangeInclusive<usize> = 50..=100;
/// The fewest line ends inside paragraphs that a judgement needs.
const FEWEST: usize = 6;

impl Wrap {
    /// Finds the width of a document cut to one; `None` where its line ends mean something.
    pub(super) fn detect(text: &str) -> Option<Self> {
        let lines: Vec<&str> = lines(text).map(|(_, line)| line.trim()).collect();
        [Measure::Chars, Measure::Visible].into_iter().find_map(|m| Self::measured(&lines, m))
    }

    fn measured(lines: &[&str], measure: Measure) -> Option<Self> {
        let mut lengths: Vec<usize> =
            lines.iter().filter(|line| !line.is_empty()).map(|line| measure.of(line)).collect();
        // A long address or table row may stick out of any page.
        let rank = lengths.len().checked_sub(1 + lengths.len() / 50)?;
        let width = *lengths.select_nth_unstable(rank).1;
        if !WIDTHS.contains(&width) {
            return None;
        }
        let wrap = Self { width, measure };
        let (mut breaks, mut full, mut open) = (0, 0, 0);
        for pair in lines.windows(2) {
            let [line, next] = pair else { continue };
            if line.is_empty() || next.is_empty() || begins_item(next) {
                continue;
            }
            breaks += 1;
            full += usize::from(wrap.is_full(line, next));
            open += usize::from(
                !line
                    .trim_end_matches(|c| is_quote(c) || closes(c))
                    .ends_with(|c| is_terminator(c) || c == ':'),
            );
        }
        let paragraphs = 1 + lines
            .windows(2)
            .filter(|pair| pair[0].is_empty() && !pair[1].is_empty())
            .count()
            .saturating_sub(usize::from(lines.first().is_some_and(|line| line.is_empty())));
        let cut =
            breaks >= FEWEST && paragraphs > 1 && full * 100 >= breaks * 85 && open * 2 >= breaks;
        cut.then_some(wrap)
    }

    /// Tells whether the first word of the next line had no room on this one.
    fn is_full(self, line: &str, next: &str) -> bool {
        let word = next.split_whitespace().next().unwrap_or_default();
        // Some programs even out their lines and leave a little room.
        let slack = self.width / 12;
        self.measure.of(line) + 1 + self.measure.of(word) + slack > self.width
    }

    /// Tells whether the line break at a byte ends a segment.
    pub(super) fn is_hard(wrap: Option<&Self>, text: &str, at: usize) -> bool {
        let Some(wrap) = wrap else { return true };
        let from = skip_blanks(text, after_break(text, at));
        let next = &text[from..];
        if next.is_empty() || next.starts_with(is_line_break) || begins_item(next) {
            return true;
        }
        let start = text[..at]
            .rfind(is_line_break)
            .map_or(0, |b| b + char_at(text, b).map_or(1, char::len_utf8));
        let end = skip(text, from, |c| !c.is_whitespace());
        !wrap.is_full(text[start..at].trim(), &text[from..end])
    }
}

/// Tells whether a line begins with a bullet or a list number.
fn begins_item(line: &str) -> bool {
    let word = line.split(char::is_whitespace).next().unwrap_or_default();
    let number = word.trim_matches(|c: char| !is_word(c));
    let digits = number.chars().count() <= 2 && number.chars().all(char::is_numeric);
    line.starts_with(is_dash) && word.chars().count() == 1
        || line.starts_with(['*', '#', '|', '>'])
        || digits && !number.is_empty() && word.ends_with(['.', ')', '-'])
}

/// Gives each line with the byte where it begins, without its line break.
///
/// A final line break does not make another line.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        if from == text.len() {
            return None;
        }
        let start = from;
        let end = skip(text, start, |c| !is_line_break(c));
        from = if end == text.len() { end } else { after_break(text, end) };
        Some((start, &text[start..end]))
    })
}
