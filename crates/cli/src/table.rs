//! Alignments as a table for a terminal, side by side: English on the left, Arabic on the right.
//!
//! Terminals differ in how they show right-to-left text. Some (VTE, Konsole, mlterm, Apple's)
//! reorder each line on its own, with left-to-right as the base direction; the Arabic column is
//! padded on the left, so that its text ends at the right border. All others show the characters in
//! logical order. Both are sent text in logical order. On a terminal each Arabic line is enclosed
//! in U+2067 and U+2069 (right-to-left isolate), so that its final full stop is shown on its left
//! and the numbers next to it stay in place. The two characters have no width, and terminals that
//! do not reorder text show nothing for them. Tables that are written to a file do not have them.
//!
//! A bead whose text was moved has `~` before its probability, and a doubtful one `?` after it.
//!
//! Control characters and direction marks of the documents are removed: a document must not be able
//! to move the cursor or to reorder the columns.

use std::fmt::Write as _;
use std::io::{self, Write};

use nasaq::Language;
use nasaq_formats::BeadRecord;
use nasaq_report::DOUBTFUL_BELOW;
use unicode_width::UnicodeWidthChar;

/// Spaces between two cells.
const GAP: usize = 2;
/// The minimum width of a text column, on however narrow a terminal.
const MIN_TEXT_WIDTH: usize = 10;
/// The maximum width of a text column: longer lines are hard to read.
const MAX_TEXT_WIDTH: usize = 90;
/// The width of kind and probability, as in `12-10 0.97?`.
const MIDDLE_WIDTH: usize = 11;
/// The width of a probability and its mark, as in `0.97?`, with the space before it.
const PROBABILITY_WIDTH: usize = 6;

const LRI: char = '\u{2066}';
const RLI: char = '\u{2067}';
const PDI: char = '\u{2069}';

const DIM: &str = "\u{1b}[2m";
const YELLOW: &str = "\u{1b}[1;33m";
const RESET: &str = "\u{1b}[0m";

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    width: usize,
    colour: bool,
    isolate: bool,
}

impl Table {
    /// Creates a table of `width` terminal columns. `isolate` encloses texts in direction marks.
    pub(crate) fn new(width: usize, colour: bool, isolate: bool) -> Self {
        // Some terminals use a column for each mark, although marks have no width.
        let width = if isolate { width.saturating_sub(2) } else { width };
        Self { width, colour, isolate }
    }

    /// Returns whether texts are enclosed in direction marks.
    pub(crate) fn isolates(self) -> bool {
        self.isolate
    }

    /// Writes the beads of one document.
    pub(crate) fn write(
        self,
        out: &mut impl Write,
        records: &[BeadRecord],
        src: Language,
    ) -> io::Result<()> {
        let index = records.last().map_or(1, |record| (record.bead + 1).to_string().len());
        let fixed = index + MIDDLE_WIDTH + 3 * GAP;
        let texts = self.width.saturating_sub(fixed);
        let right = (texts / 2).clamp(MIN_TEXT_WIDTH, MAX_TEXT_WIDTH);
        let left = (texts - texts / 2).clamp(MIN_TEXT_WIDTH, MAX_TEXT_WIDTH);
        let widths = ColumnWidths { index, left, right };
        let (english, arabic) = match src {
            _ if right < "Arabic (source)".len() || left < "English (source)".len() => {
                ("English", "Arabic")
            }
            Language::Arabic => ("English (target)", "Arabic (source)"),
            Language::English => ("English (source)", "Arabic (target)"),
        };
        let title = [
            pad_left("#", index),
            pad_right(english, left),
            pad_right("s-t   p", MIDDLE_WIDTH),
            pad_left(arabic, right),
        ];
        writeln!(out, "{}", self.paint(DIM, title.join("  ").trim_end()))?;
        let mut was_tall = false;
        for (at, record) in records.iter().enumerate() {
            let lines = self.bead_lines(record, widths, src);
            // A bead of several lines is separated from its neighbours by empty lines.
            let is_tall = lines.len() > 1;
            if at > 0 && (is_tall || was_tall) {
                writeln!(out)?;
            }
            was_tall = is_tall;
            for line in lines {
                writeln!(out, "{line}")?;
            }
        }
        Ok(())
    }

    fn bead_lines(self, record: &BeadRecord, widths: ColumnWidths, src: Language) -> Vec<String> {
        let ColumnWidths { index, left, right } = widths;
        let (english, arabic) = match src {
            Language::Arabic => (&record.tgt, &record.src),
            Language::English => (&record.src, &record.tgt),
        };
        let (english, arabic) = (wrap(english, left), wrap(arabic, right));
        let height = english.len().max(arabic.len()).max(1);
        (0..height)
            .map(|line| {
                let first = line == 0;
                let label = if first { (record.bead + 1).to_string() } else { String::new() };
                let middle = if first { self.middle(record) } else { " ".repeat(MIDDLE_WIDTH) };
                let gap = " ".repeat(GAP);
                let left = self.cell(&english, line, left, false);
                let right = self.cell(&arabic, line, right, true);
                let label = self.paint(DIM, &pad_left(&label, index));
                format!("{label}{gap}{left}{gap}{middle}{gap}{right}").trim_end().to_owned()
            })
            .collect()
    }

    /// Returns kind and probability, with marks if the bead was moved and if it is doubtful.
    fn middle(self, record: &BeadRecord) -> String {
        let kind = record.kind.to_string();
        // Rounded down: no bead is certain, so none is printed as 1.00.
        let cut = (f64::from(record.probability) * 100.0 + 1e-4).floor() / 100.0;
        let probability = cut.min(0.99);
        let doubtful = record.probability < DOUBTFUL_BELOW;
        let mark = if doubtful { '?' } else { ' ' };
        let probability = format!("{probability:.2}{mark}");
        let probability = if doubtful { self.paint(YELLOW, &probability) } else { probability };
        let kind = pad_right(&kind, MIDDLE_WIDTH - PROBABILITY_WIDTH);
        let kind = if record.kind.is_null() { self.paint(DIM, &kind) } else { kind };
        let moved = if record.moved { self.paint(YELLOW, "~") } else { " ".to_owned() };
        format!("{kind}{moved}{probability}")
    }

    /// Returns one line of a cell; a cell without text has a dash.
    fn cell(self, lines: &[CellLine], line: usize, width: usize, arabic: bool) -> String {
        let missing = CellLine { text: "—".to_owned(), width: 1 };
        let empty = CellLine { text: String::new(), width: 0 };
        let is_empty = lines.is_empty();
        let line = match lines.get(line) {
            Some(line) => line,
            None if is_empty && line == 0 => &missing,
            None => &empty,
        };
        let padding = " ".repeat(width.saturating_sub(line.width));
        let mut text = line.text.clone();
        if is_empty {
            text = self.paint(DIM, &text);
        } else if self.isolate && !text.is_empty() {
            // English needs it only if it has Arabic words, which could reorder the numbers next
            // to it.
            let mark = if arabic { Some(RLI) } else { text.chars().any(is_rtl).then_some(LRI) };
            if let Some(mark) = mark {
                text = format!("{mark}{text}{PDI}");
            }
        }
        if arabic { padding + &text } else { text + &padding }
    }

    fn paint(self, colour: &str, text: &str) -> String {
        if self.colour && !text.trim().is_empty() {
            format!("{colour}{text}{RESET}")
        } else {
            text.to_owned()
        }
    }
}

#[derive(Clone, Copy)]
struct ColumnWidths {
    index: usize,
    left: usize,
    right: usize,
}

/// A line of a cell and its width in terminal columns.
#[derive(Debug, Default, PartialEq, Eq)]
struct CellLine {
    text: String,
    width: usize,
}

impl CellLine {
    fn push(&mut self, c: char) {
        self.text.push(c);
        self.width += char_width(c);
    }
}

/// Breaks text at spaces into lines of at most `width` columns. A longer word is broken anywhere
/// except before a combining mark.
fn wrap(text: &str, width: usize) -> Vec<CellLine> {
    let printable: String = text
        .chars()
        .filter(|c| !is_direction_mark(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let mut lines: Vec<CellLine> = Vec::new();
    for word in printable.split_whitespace() {
        let needed: usize = word.chars().map(char_width).sum();
        match lines.last_mut() {
            Some(line) if line.width + 1 + needed <= width => line.push(' '),
            _ => lines.push(CellLine::default()),
        }
        for c in word.chars() {
            if lines.last().is_some_and(|line| line.width + char_width(c) > width) {
                lines.push(CellLine::default());
            }
            if let Some(line) = lines.last_mut() {
                line.push(c);
            }
        }
    }
    lines
}

/// Returns the first words of a text, at most `width` columns, with … if there are more.
///
/// `isolate` encloses them in direction marks, so that they do not affect the text next to them.
pub(crate) fn first_words(text: &str, width: usize, isolate: bool) -> String {
    let mut lines = wrap(text, width.saturating_sub(2)).into_iter();
    let mut words = lines.next().unwrap_or_default().text;
    if lines.next().is_some() {
        words.push_str(" …");
    }
    match (isolate, words.chars().any(is_rtl)) {
        (false, _) => words,
        (true, true) => format!("{RLI}{words}{PDI}"),
        (true, false) => format!("{LRI}{words}{PDI}"),
    }
}

/// Returns the number of terminal columns of a character; a combining mark has none.
///
/// Widths of strings would count the Arabic ligature of lam and alif as one column, but terminals
/// use two.
fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

fn is_direction_mark(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

fn pad_left(text: &str, width: usize) -> String {
    let mut out = String::new();
    let _ = write!(out, "{text:>width$}");
    out
}

fn pad_right(text: &str, width: usize) -> String {
    let mut out = String::new();
    let _ = write!(out, "{text:<width$}");
    out
}

#[cfg(test)]
mod tests {
    use nasaq::BeadKind;

    use super::*;

    fn record(bead: usize, src: &str, tgt: &str, kind: (usize, usize), p: f32) -> BeadRecord {
        let mut record = BeadRecord::new(BeadKind { src: kind.0, tgt: kind.1 }, src, tgt);
        record.bead = bead;
        record.probability = p;
        record
    }

    fn print(table: Table, records: &[BeadRecord]) -> String {
        let mut out = Vec::new();
        table.write(&mut out, records, Language::Arabic).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    }

    fn width(text: &str) -> usize {
        text.chars().map(char_width).sum()
    }

    #[test]
    fn both_sides_doubtful_beads_and_null_beads_are_shown() {
        let records = [
            record(
                8,
                "فتحت مريم النافذة، فدخل الضوء والهواء معًا إلى الغرفة الصغيرة.",
                "Maryam opened the window. Light and air came into the small room together.",
                (1, 2),
                0.994,
            ),
            record(9, "اقرأ أيضًا", "", (1, 0), 0.93),
            record(10, "", "Advertisement", (0, 1), 0.42),
            record(11, "نعم.", "Yes.", (1, 1), 1.0),
        ];
        insta::assert_snapshot!(print(Table::new(72, false, false), &records));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let long = "supercalifragilisticexpialidocious ".repeat(9);
        let arabic = "وَسَيَكْتُبُونَهَا ".repeat(30);
        for columns in [40, 80, 100, 200, 400] {
            let text =
                print(Table::new(columns, false, false), &[record(7, &arabic, &long, (3, 2), 0.5)]);
            for line in text.lines() {
                assert!(width(line) <= columns, "{columns}: {line}");
            }
        }
    }

    #[test]
    fn arabic_text_ends_at_the_right_border() {
        let text = print(
            Table::new(80, false, false),
            &[record(0, "كَتَبَ", "He wrote.", (1, 1), 0.9), record(1, "لا", "No.", (1, 1), 0.9)],
        );
        let widths: Vec<usize> = text.lines().map(width).collect();
        assert_eq!(widths, [80, 80, 80]);
    }

    #[test]
    fn documents_cannot_move_the_cursor_or_reorder_columns() {
        let text = print(
            Table::new(80, true, true),
            &[record(0, "ا\u{202e}ب\u{7}", "a\u{1b}[2Jb\u{2067}\r\nc", (1, 1), 0.9)],
        );
        assert!(!text.contains(['\u{7}', '\u{202e}', '\r']));
        assert!(!text.contains("\u{1b}[2J"));
        assert_eq!(text.matches(RLI).count(), text.matches(PDI).count());
    }

    #[test]
    fn only_long_words_are_broken_and_never_before_a_combining_mark() {
        let lines = |text, width| -> Vec<String> {
            wrap(text, width).into_iter().map(|line| line.text).collect()
        };
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(lines("بَتَثَ", 2), ["بَتَ", "ثَ"]);
        assert_eq!(lines("日本語", 4), ["日本", "語"]);
        assert!(lines(" \n ", 4).is_empty());
    }

    #[test]
    fn moved_beads_have_a_mark() {
        let mut moved = record(3, "نعم.", "Yes.", (1, 1), 0.97);
        moved.moved = true;
        assert_eq!(Table::new(80, false, false).middle(&moved), "1-1  ~0.97 ");
    }

    #[test]
    fn no_probability_is_printed_as_one() {
        let middle = |p| Table::new(80, false, false).middle(&record(0, "", "", (1, 1), p));
        assert_eq!(middle(0.9999), "1-1   0.99 ");
        assert_eq!(middle(1.0), "1-1   0.99 ");
        assert_eq!(middle(0.29), "1-1   0.29?");
    }
}
