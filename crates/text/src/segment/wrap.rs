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
/// The same in a single paragraph.
const FEWEST_ALONE: usize = 10;
/// The room, in chars, that a line cut to a width may leave beyond the next word.
const SLACK: usize = 2;

impl Wrap {
    /// Finds the width of a document cut to one; `None` where its line ends mean something.
    pub(super) fn detect(text: &str) -> Option<Self> {
        let lines: Vec<&str> = lines(text).map(str::trim).collect();
        // Paragraphs on one line each are the usual case, and need no measuring.
        let long = lines.iter().filter(|line| line.len() > 4 * WIDTHS.end()).count();
        if lines.len() <= FEWEST || long * 50 > lines.len() {
            return None;
        }
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
        let (mut breaks, mut full, mut open, mut run_on) = (0, 0, 0, 0);
        for pair in lines.windows(2) {
            let [line, next] = pair else { continue };
            // Headings, list items and last lines say nothing about the width.
            let short = measure.of(line) * 2 < width;
            if short || next.is_empty() || begins_item(next) {
                continue;
            }
            breaks += 1;
            full += usize::from(wrap.is_full(line, next));
            run_on += usize::from(ends_inside(line));
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
        let cut = breaks >= FEWEST && full * 100 >= breaks * 85 && open * 2 >= breaks;
        // One stanza may have verses of one length, but hardly ones that end in the middle of a line.
        let is_prose = breaks >= FEWEST_ALONE && full * 100 >= breaks * 95 && run_on > 1;
        (cut && (paragraphs > 1 || is_prose)).then_some(wrap)
    }

    /// Tells whether the first word of the next line had no room on this one.
    fn is_full(self, line: &str, next: &str) -> bool {
        let word = next.split_whitespace().next().unwrap_or_default();
        self.measure.of(line) + 1 + self.measure.of(word) + SLACK > self.width
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

/// Tells whether a sentence seems to end in the middle of a line.
fn ends_inside(line: &str) -> bool {
    line.split_whitespace().rev().skip(1).any(|word| word.ends_with(is_terminator))
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

/// Gives each line without its line break; a final one does not make another line.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    std::iter::from_fn(move || {
        if from == text.len() {
            return None;
        }
        let start = from;
        let end = skip(text, start, |c| !is_line_break(c));
        from = if end == text.len() { end } else { after_break(text, end) };
        Some(&text[start..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two paragraphs of seven lines, cut where the next word passes the width.
    fn cut_to(width: usize) -> String {
        let mut paragraph = String::new();
        let mut column = 0;
        while paragraph.matches('\n').count() < 6 {
            for word in ["the", "weaver's", "elder", "daughter", "wove", "on", "unhurriedly"] {
                if column + 1 + word.len() > width {
                    paragraph.push('\n');
                    column = 0;
                } else if column > 0 {
                    paragraph.push(' ');
                    column += 1;
                }
                paragraph.push_str(word);
                column += word.len();
            }
        }
        format!("{paragraph}\n\n{paragraph}\n")
    }

    #[test]
    fn lines_cut_to_a_width_are_recognised() {
        for width in [60, 72, 80, 96] {
            let found = Wrap::detect(&cut_to(width)).map(|wrap| wrap.width);
            assert!(found.is_some_and(|found| found <= width && found + 8 > width), "{width}");
        }
    }

    #[test]
    fn narrow_and_wide_columns_are_not() {
        for width in [30, 40, 130, 200] {
            assert_eq!(Wrap::detect(&cut_to(width)), None, "{width}");
        }
    }

    #[test]
    fn one_paragraph_is_not_evidence_enough() {
        let text = cut_to(72);
        let (paragraph, _) = text.split_once("\n\n").unwrap();
        assert_eq!(Wrap::detect(paragraph), None);
    }

    #[test]
    fn one_paragraph_of_prose_is() {
        let text = cut_to(72);
        let (paragraph, _) = text.split_once("\n\n").unwrap();
        let prose = paragraph.replace(" the weaver's", ". The weaver's");
        let long = format!("{prose}\n{prose}");
        assert!(Wrap::detect(&long).is_some(), "{long}");
    }

    #[test]
    fn verses_of_similar_length_are_not() {
        let verses = [
            "قفا نسأل الدار القديمة أين من سكنوا وأين الموقد المتوهّج",
            "مرّت بها الأيام تمحو ما كتبنا فوق حائطها ولا تتحرّج",
            "يا دار لو نطق التراب لقال لي إن الأحبّة سافروا وتدرّجوا",
            "تركوا على الأبواب أسماءً لهم والريح تقرأ ما تركن وتنسج",
        ];
        let stanza = verses.join("\n");
        assert_eq!(Wrap::detect(&[stanza.as_str(); 4].join("\n\n")), None);
    }

    #[test]
    fn a_line_with_room_for_the_next_word_ends_a_segment() {
        let text = format!("{}\nA heading of its own\nand another\n", cut_to(72));
        let wrap = Wrap::detect(&text);
        let at = text.find("own\n").unwrap() + 3;
        assert!(Wrap::is_hard(wrap.as_ref(), &text, at));
        assert!(!Wrap::is_hard(wrap.as_ref(), &text, text.find('\n').unwrap()));
        assert!(Wrap::is_hard(None, &text, text.find('\n').unwrap()));
    }
}
