//! Detects hard-wrapped documents, whose line ends do not end segments.
//!
//! Line ends are hard unless the whole document is evidence against it. In hard-wrapped text, no
//! line has room for the first word of the next line. This does not hold for verse, lists,
//! subtitles and files with one sentence per line, nor for such passages in a hard-wrapped
//! document: a line that had room for the next word ends where its author ended it.

use super::marks::{after_break, skip_blanks};
use super::marks::{
    char_at, closes, is_dash, is_quote, is_terminator, is_transparent, is_word, skip,
};
use crate::normalise::is_line_break;

/// The width at which a document is hard-wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wrap {
    width: usize,
    measure: Measure,
}

/// How the program that wrapped the lines measured them: in all chars, or in visible ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Chars,
    Visible,
}

impl Measure {
    fn width(self, text: &str) -> usize {
        match self {
            Self::Chars => text.chars().count(),
            Self::Visible => text.chars().filter(|&c| !is_transparent(c)).count(),
        }
    }
}

/// The widths at which text is usually wrapped, in chars.
const WIDTHS: std::ops::RangeInclusive<usize> = 50..=100;
/// The minimum number of line ends inside paragraphs.
const MIN_BREAKS: usize = 6;
/// The minimum number of line ends in a document of one paragraph.
const MIN_BREAKS_ONE_PARAGRAPH: usize = 10;
/// How much shorter than the width a full line may be even with the next word on it, in chars.
const SLACK: usize = 2;

impl Wrap {
    /// Returns the width of a hard-wrapped document, or `None` where line ends end segments.
    pub(super) fn detect(text: &str) -> Option<Self> {
        let lines: Vec<&str> = lines(text).map(str::trim).collect();
        // Most documents have one paragraph per line; they need no measuring.
        let long = lines.iter().filter(|line| line.len() > 4 * WIDTHS.end()).count();
        if lines.len() <= MIN_BREAKS || long * 50 > lines.len() {
            return None;
        }
        [Measure::Chars, Measure::Visible].into_iter().find_map(|m| Self::detect_by(&lines, m))
    }

    fn detect_by(lines: &[&str], measure: Measure) -> Option<Self> {
        let mut widths: Vec<usize> =
            lines.iter().filter(|line| !line.is_empty()).map(|line| measure.width(line)).collect();
        // The longest 2 % of the lines are ignored: a long URL or table row exceeds any width.
        let rank = widths.len().checked_sub(1 + widths.len() / 50)?;
        let width = *widths.select_nth_unstable(rank).1;
        if !WIDTHS.contains(&width) {
            return None;
        }
        let wrap = Self { width, measure };
        let (mut breaks, mut full, mut open, mut run_on) = (0, 0, 0, 0);
        for pair in lines.windows(2) {
            let [line, next] = pair else { continue };
            // Headings, list items and last lines of paragraphs are no evidence of the width.
            let short = measure.width(line) * 2 < width;
            if short || next.is_empty() || begins_item(next) {
                continue;
            }
            breaks += 1;
            full += usize::from(wrap.is_full(line, next));
            run_on += usize::from(has_inner_stop(line));
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
        let wrapped = breaks >= MIN_BREAKS && full * 100 >= breaks * 85 && open * 2 >= breaks;
        // The verses of one stanza may be equally long, but their sentences rarely end in the
        // middle of a line.
        let is_prose =
            breaks >= MIN_BREAKS_ONE_PARAGRAPH && full * 100 >= breaks * 95 && run_on > 1;
        (wrapped && (paragraphs > 1 || is_prose)).then_some(wrap)
    }

    /// Returns whether the first word of the next line does not fit on this line.
    fn is_full(self, line: &str, next: &str) -> bool {
        let word = next.split_whitespace().next().unwrap_or_default();
        self.measure.width(line) + 1 + self.measure.width(word) + SLACK > self.width
    }

    /// Returns whether the line break at a byte ends a segment.
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

/// Returns whether a sentence seems to end in the middle of a line.
fn has_inner_stop(line: &str) -> bool {
    line.split_whitespace().rev().skip(1).any(|word| word.ends_with(is_terminator))
}

/// Returns whether a line begins with a bullet or a list number.
fn begins_item(line: &str) -> bool {
    let word = line.split(char::is_whitespace).next().unwrap_or_default();
    let number = word.trim_matches(|c: char| !is_word(c));
    let digits = number.chars().count() <= 2 && number.chars().all(char::is_numeric);
    line.starts_with(is_dash) && word.chars().count() == 1
        || line.starts_with(['*', '#', '|', '>'])
        || digits && !number.is_empty() && word.ends_with(['.', ')', '-'])
}

/// Returns the lines of a text without their line breaks; a final line break does not begin another
/// line.
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

    /// Returns two paragraphs of seven lines, hard-wrapped at a width.
    fn wrapped_at(width: usize) -> String {
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
    fn hard_wrapped_lines_are_recognised() {
        for width in [60, 72, 80, 96] {
            let found = Wrap::detect(&wrapped_at(width)).map(|wrap| wrap.width);
            assert!(found.is_some_and(|found| found <= width && found + 8 > width), "{width}");
        }
    }

    #[test]
    fn narrow_and_wide_columns_are_not_hard_wrapped() {
        for width in [30, 40, 130, 200] {
            assert_eq!(Wrap::detect(&wrapped_at(width)), None, "{width}");
        }
    }

    #[test]
    fn one_short_paragraph_is_not_enough_evidence() {
        let text = wrapped_at(72);
        let (paragraph, _) = text.split_once("\n\n").unwrap();
        assert_eq!(Wrap::detect(paragraph), None);
    }

    #[test]
    fn one_long_paragraph_of_prose_is_enough_evidence() {
        let text = wrapped_at(72);
        let (paragraph, _) = text.split_once("\n\n").unwrap();
        let prose = paragraph.replace(" the weaver's", ". The weaver's");
        let long = format!("{prose}\n{prose}");
        assert!(Wrap::detect(&long).is_some(), "{long}");
    }

    #[test]
    fn verses_of_similar_length_are_not_hard_wrapped() {
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
        let text = format!("{}\nA heading on its own\nand another\n", wrapped_at(72));
        let wrap = Wrap::detect(&text);
        let at = text.find("own\n").unwrap() + 3;
        assert!(Wrap::is_hard(wrap.as_ref(), &text, at));
        assert!(!Wrap::is_hard(wrap.as_ref(), &text, text.find('\n').unwrap()));
        assert!(Wrap::is_hard(None, &text, text.find('\n').unwrap()));
    }
}
