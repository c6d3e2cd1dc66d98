//! Finds out whether the lines of a document were wrapped, and which line ends are spaces then.
//!
//! Line ends are hard unless the document is evidence against it ([`evidence`]). There are two kinds
//! of wrapped text. An editor fills each line until the next word does not fit, so a line that had
//! room for the next word ends where its author ended it: headings, list items, verse. A printed
//! page that was converted to text has lines of similar, but not of equal, numbers of characters;
//! there, lines that are much shorter end paragraphs.

mod evidence;
mod item;
mod line;

use self::item::{begins_item, is_mention};
use self::line::{Line, Measure, begins_inside, begins_with_capital, lines};
use super::marks::{after_break, char_at, is_blank, skip};
use crate::normalise::{is_ignorable, is_line_break};

/// How the lines of a document were wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wrap {
    /// The length of the longest lines.
    width: usize,
    /// The length that a line with the next word must exceed for the line to be full.
    min: usize,
    measure: Measure,
    fit: Fit,
    /// Whether paragraphs often end without a stop.
    has_open_ends: bool,
}

/// How lines were filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// Up to the width, as editors do.
    Exact,
    /// To about the width, as on a printed page.
    Ragged,
    /// The caller says that lines were wrapped, however the text looks.
    Forced,
}

/// The maximum indentation of the first line of a paragraph, in blanks.
const MAX_INDENT: usize = 8;
/// The length from which a line may be full in ragged text, in per cent of the width.
const RAGGED_PERCENT: usize = 70;
/// The length from which a line is nearly full, in per cent of that of a full one.
const NEARLY_PERCENT: usize = 85;
/// The length from which a line is no heading in text that the caller says was wrapped.
const FORCED_PERCENT: usize = 50;

impl Wrap {
    /// Returns how a document was wrapped, or `None` where line ends end segments.
    pub(super) fn detect(text: &str) -> Option<Self> {
        evidence::detect(text)
    }

    /// Returns how a document was wrapped, given that it was.
    pub(super) fn forced(text: &str) -> Self {
        let width = lines(text).map(|line| Measure::Visible.width(line.trim())).max();
        Self {
            width: width.unwrap_or(0),
            min: width.unwrap_or(0),
            measure: Measure::Visible,
            fit: Fit::Forced,
            has_open_ends: false,
        }
    }

    /// Returns whether the line break at a byte ends a segment.
    pub(super) fn is_hard(wrap: Option<&Self>, text: &str, at: usize) -> bool {
        let Some(wrap) = wrap else { return true };
        let mut from = after_break(text, at);
        if text[from..].starts_with('\u{C}') {
            // A page ends here.
            from += 1;
        }
        let end = skip(text, from, |c| !is_line_break(c));
        let start = text[..at]
            .rfind(is_line_break)
            .map_or(0, |b| b + char_at(text, b).map_or(1, char::len_utf8));
        !wrap.joins(&text[..start], &text[start..at], &text[from..end])
    }

    /// Returns whether a line continues in the next one; `before` is the text before the line.
    fn joins(self, before: &str, line: &str, next: &str) -> bool {
        let (own, following) = (line.trim(), next.trim());
        if own.is_empty() || following.is_empty() {
            return false;
        }
        if begins_item(following)
            && !(self.is_full(own, following) && is_mention(before, own, following))
        {
            return false;
        }
        // The first line of a paragraph; the further lines of a list item are indented, too.
        if indentation(next) >= indentation(line) + 2 && !begins_item(own) {
            return false;
        }
        // The first line of a paragraph has less room.
        let indent = indentation(line).saturating_sub(indentation(next));
        let line = Line::new(own);
        if self.is_full(own, following) || self.is_full_after_indent(indent, own, following) {
            return !line.is_before_sentence(following, self.has_open_ends);
        }
        match self.fit {
            // The line had room for the next word, if the program that wrapped it measured as this
            // one does.
            Fit::Exact => {
                line.ends_inside()
                    && !begins_with_capital(following)
                    && self.is_nearly_full(own, following)
            }
            Fit::Ragged => line.continues(following) && self.is_nearly_full(own, following),
            Fit::Forced => {
                let width = self.measure.width(own);
                let is_long = width * 100 >= self.width * FORCED_PERCENT;
                !line.is_before_sentence(following, false)
                    && (is_long || !line.is_open() || line.continues(following))
            }
        }
    }

    /// Returns whether a line has no room for the next word.
    fn is_full(self, line: &str, next: &str) -> bool {
        self.fit != Fit::Forced && self.with_word(line, next) > self.min
    }

    /// Returns whether a line has no room for the next word after its indentation of `indent` blanks.
    fn is_full_after_indent(self, indent: usize, line: &str, next: &str) -> bool {
        self.fit == Fit::Exact
            && (1..=MAX_INDENT).contains(&indent)
            && self.with_word(line, next) + indent > self.min
    }

    /// Returns whether a line would have no room for the next word if lines were somewhat shorter.
    fn is_nearly_full(self, line: &str, next: &str) -> bool {
        self.with_word(line, next) * 100 > self.min * NEARLY_PERCENT
    }

    /// Returns the length that a line would have with the next word.
    fn with_word(self, line: &str, next: &str) -> usize {
        let word = next.split_whitespace().next().unwrap_or_default();
        self.measure.width(line) + 1 + self.measure.width(word)
    }
}

/// Cuts a segment of wrapped text at every line end in it that may be the end of a paragraph.
///
/// The parts concatenate to the segment, byte for byte. A line end is inside a sentence if the word
/// before it needs another one, a comma is before it, or the next line is in lower case.
///
/// ```
/// let segment = "A report on the harvest\nThe dates were\nripe early";
/// let parts = nasaq_text::possible_paragraphs(segment);
/// assert_eq!(parts, ["A report on the harvest\n", "The dates were\nripe early"]);
/// ```
#[must_use]
pub fn possible_paragraphs(segment: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut line_start) = (0, 0);
    for (at, _) in segment.match_indices(is_line_break) {
        let next = after_break(segment, at);
        let (line, rest) = (segment[line_start.min(at)..at].trim(), &segment[next..]);
        let following = lines(rest).next().unwrap_or_default().trim();
        if next > line_start && may_end(line, following) {
            parts.push(&segment[start..next]);
            start = next;
        }
        line_start = next.max(line_start);
    }
    parts.push(&segment[start..]);
    parts
}

/// Returns whether a paragraph may end between two lines.
fn may_end(line: &str, next: &str) -> bool {
    !line.is_empty() && !next.is_empty() && !Line::new(line).ends_inside() && !begins_inside(next)
}

/// Returns the number of blanks that a line begins with.
fn indentation(line: &str) -> usize {
    line.chars().take_while(|&c| is_blank(c) || is_ignorable(c)).filter(|&c| is_blank(c)).count()
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
        for width in [16, 20, 180, 250] {
            assert_eq!(Wrap::detect(&wrapped_at(width)), None, "{width}");
        }
    }

    #[test]
    fn one_paragraph_of_prose_is_enough_evidence() {
        let text = wrapped_at(72);
        let (paragraph, _) = text.split_once("\n\n").unwrap();
        assert!(Wrap::detect(paragraph).is_some());
        for lines in 3..=7 {
            let short: Vec<&str> = paragraph.lines().take(lines).collect();
            assert!(Wrap::detect(&short.join("\n")).is_some(), "{lines}");
        }
    }

    #[test]
    fn the_first_line_of_a_paragraph_may_be_indented() {
        let words = "the weaver's elder daughter wove on unhurriedly by the light of one lamp and \
                     thought of the sea, which she had never seen. ";
        let mut text = String::new();
        for _ in 0..3 {
            let mut column = 4;
            text.push_str("    ");
            for (index, word) in words.repeat(2).split_whitespace().enumerate() {
                if index > 0 && column + 1 + word.len() > 40 {
                    text.push('\n');
                    column = 0;
                } else if index > 0 {
                    text.push(' ');
                    column += 1;
                }
                text.push_str(word);
                column += word.len();
            }
            text.push('\n');
        }
        let wrap = Wrap::detect(&text);
        let first = text.find('\n').expect("a line end");
        assert!(!Wrap::is_hard(wrap.as_ref(), &text, first), "{text}");
    }

    #[test]
    fn two_lines_are_not_enough_evidence() {
        let text = wrapped_at(72);
        let short: Vec<&str> = text.lines().take(2).collect();
        assert_eq!(Wrap::detect(&short.join("\n")), None);
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
