//! The alignment side by side, for reading on a terminal: English left, Arabic right.
//!
//! Terminals differ in what they do with right-to-left text. Those that reorder it (VTE, Konsole,
//! mlterm, Apple's) take each line by itself, as left-to-right, so Arabic in the right column ends
//! at the right border, where it is padded to; all others show it in the order of its letters. We
//! send the text in logical order to both. On a terminal each Arabic line is put between U+2067
//! and U+2069 (right-to-left isolate), which keeps its final full stop on its left and
//! the numbers beside it where they are; they take no column, and terminals that do not reorder
//! show nothing for them. They are in no other format and not in a table that goes to a file.
//!
//! Control characters and the direction marks that a text may have in it are left out here, as a
//! document must not be able to move the cursor or turn the columns around.

use std::fmt::Write as _;
use std::io::{self, Write};

use nasaq::Language;
use nasaq_formats::BeadRecord;
use nasaq_report::DOUBTFUL_BELOW;
use unicode_width::UnicodeWidthChar;

/// Columns between two cells.
const GAP: usize = 2;
/// A column of text is not narrower than this, however narrow the terminal.
const NARROWEST: usize = 10;
/// A column of text is not wider than this: longer lines are hard to read.
const WIDEST: usize = 90;
/// `12-10 0.97?`
const MIDDLE: usize = 11;

const LRI: char = '\u{2066}';
const RLI: char = '\u{2067}';
const PDI: char = '\u{2069}';

const DIM: &str = "\u{1b}[2m";
const YELLOW: &str = "\u{1b}[1;33m";
const RESET: &str = "\u{1b}[0m";

/// How a table is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    width: usize,
    colour: bool,
    isolate: bool,
}

impl Table {
    /// Makes a table `width` columns wide.
    pub(crate) fn new(width: usize, colour: bool, isolate: bool) -> Self {
        // Some terminals give the marks a cell each, though they should have none.
        let width = if isolate { width.saturating_sub(2) } else { width };
        Self { width, colour, isolate }
    }

    /// Tells whether texts are put between direction marks.
    pub(crate) fn isolates(self) -> bool {
        self.isolate
    }

    /// Prints the beads of one document.
    pub(crate) fn write(
        self,
        out: &mut impl Write,
        records: &[BeadRecord],
        src: Language,
    ) -> io::Result<()> {
        let number = records.last().map_or(1, |record| record.bead.to_string().len());
        let fixed = number + MIDDLE + 3 * GAP;
        let texts = self.width.saturating_sub(fixed);
        let right = (texts / 2).clamp(NARROWEST, WIDEST);
        let left = (texts - texts / 2).clamp(NARROWEST, WIDEST);
        let columns = Columns { number, left, right };
        let (english, arabic) = match src {
            _ if right < "Arabic (source)".len() || left < "English (source)".len() => {
                ("English", "Arabic")
            }
            Language::Arabic => ("English (target)", "Arabic (source)"),
            Language::English => ("English (source)", "Arabic (target)"),
        };
        let title = [
            pad_left("#", number),
            pad_right(english, left),
            pad_right("s-t   p", MIDDLE),
            pad_left(arabic, right),
        ];
        writeln!(out, "{}", self.paint(DIM, title.join("  ").trim_end()))?;
        let mut was_tall = false;
        for (index, record) in records.iter().enumerate() {
            let rows = self.rows(record, columns, src);
            // Beads of one line stand close; taller ones need air to be told apart.
            let tall = rows.len() > 1;
            if index > 0 && (tall || was_tall) {
                writeln!(out)?;
            }
            was_tall = tall;
            for row in rows {
                writeln!(out, "{row}")?;
            }
        }
        Ok(())
    }

    fn rows(self, record: &BeadRecord, columns: Columns, src: Language) -> Vec<String> {
        let Columns { number, left, right } = columns;
        let (english, arabic) = match src {
            Language::Arabic => (&record.tgt, &record.src),
            Language::English => (&record.src, &record.tgt),
        };
        let (english, arabic) = (wrap(english, left), wrap(arabic, right));
        let height = english.len().max(arabic.len()).max(1);
        (0..height)
            .map(|line| {
                let first = line == 0;
                let label = if first { record.bead.to_string() } else { String::new() };
                let middle = if first { self.middle(record) } else { " ".repeat(MIDDLE) };
                let gap = " ".repeat(GAP);
                let left = self.cell(&english, line, left, false);
                let right = self.cell(&arabic, line, right, true);
                let label = self.paint(DIM, &pad_left(&label, number));
                format!("{label}{gap}{left}{gap}{middle}{gap}{right}").trim_end().to_owned()
            })
            .collect()
    }

    /// Gives kind and probability, with a mark where it is doubtful.
    fn middle(self, record: &BeadRecord) -> String {
        let kind = record.kind.to_string();
        // Cut and not rounded, so that only what is certain is printed as 1.00.
        let probability = (f64::from(record.probability) * 100.0 + 1e-4).floor() / 100.0;
        let doubtful = record.probability < DOUBTFUL_BELOW;
        let mark = if doubtful { '?' } else { ' ' };
        let rated = format!("{probability:.2}{mark}");
        let rated = if doubtful { self.paint(YELLOW, &rated) } else { rated };
        let kind = pad_right(&kind, MIDDLE - 6);
        let kind = if record.kind.is_null() { self.paint(DIM, &kind) } else { kind };
        format!("{kind} {rated}")
    }

    fn cell(self, lines: &[Line], line: usize, width: usize, arabic: bool) -> String {
        let missing = Line { text: "—".to_owned(), width: 1 };
        let empty = Line { text: String::new(), width: 0 };
        let nothing = lines.is_empty();
        let line = match lines.get(line) {
            Some(line) => line,
            None if nothing && line == 0 => &missing,
            None => &empty,
        };
        let padding = " ".repeat(width.saturating_sub(line.width));
        let mut text = line.text.clone();
        if nothing {
            text = self.paint(DIM, &text);
        } else if self.isolate && !text.is_empty() {
            // English needs it only where a word of Arabic could pull at the numbers beside it.
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
struct Columns {
    number: usize,
    left: usize,
    right: usize,
}

/// A line of a cell and how many columns it takes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Line {
    text: String,
    width: usize,
}

impl Line {
    fn push(&mut self, c: char) {
        self.text.push(c);
        self.width += columns(c);
    }
}

/// Breaks text at spaces into lines of at most `width` columns; a longer word is broken anywhere
/// but before a mark that belongs to the letter before it.
fn wrap(text: &str, width: usize) -> Vec<Line> {
    let shown: String = text
        .chars()
        .filter(|c| !is_direction_mark(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let mut lines: Vec<Line> = Vec::new();
    for word in shown.split_whitespace() {
        let needed: usize = word.chars().map(columns).sum();
        match lines.last_mut() {
            Some(line) if line.width + 1 + needed <= width => line.push(' '),
            _ => lines.push(Line::default()),
        }
        for c in word.chars() {
            if lines.last().is_some_and(|line| line.width + columns(c) > width) {
                lines.push(Line::default());
            }
            if let Some(line) = lines.last_mut() {
                line.push(c);
            }
        }
    }
    lines
}

/// Gives the first words of a text, at most `width` columns of them, with … where there are more.
///
/// `isolate` puts it between marks that keep its direction from what stands beside it.
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

/// Gives the columns that a terminal uses for a character; a vowel mark takes none.
///
/// By the character and not by the string: for a string, the Arabic ligature of lam and alif counts
/// as one column, and terminals use two.
fn columns(c: char) -> usize {
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
        BeadRecord {
            doc: String::new(),
            bead,
            kind: BeadKind { src: kind.0, tgt: kind.1 },
            src: src.to_owned(),
            tgt: tgt.to_owned(),
            src_segments: [0, 0],
            tgt_segments: [0, 0],
            src_bytes: [0, 0],
            tgt_bytes: [0, 0],
            probability: p,
            score: 0.0,
            moved: None,
            src_place: None,
            tgt_place: None,
        }
    }

    fn print(table: Table, records: &[BeadRecord]) -> String {
        let mut out = Vec::new();
        table.write(&mut out, records, Language::Arabic).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    }

    fn width(text: &str) -> usize {
        text.chars().map(columns).sum()
    }

    #[test]
    fn both_sides_doubt_and_nulls_are_shown() {
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
    fn arabic_ends_at_the_right_border() {
        let text = print(
            Table::new(80, false, false),
            &[record(0, "كَتَبَ", "He wrote.", (1, 1), 0.9), record(1, "لا", "No.", (1, 1), 0.9)],
        );
        let widths: Vec<usize> = text.lines().map(width).collect();
        assert_eq!(widths, [80, 80, 80]);
    }

    #[test]
    fn documents_cannot_move_the_cursor_or_the_columns() {
        let text = print(
            Table::new(80, true, true),
            &[record(0, "ا\u{202e}ب\u{7}", "a\u{1b}[2Jb\u{2067}\r\nc", (1, 1), 0.9)],
        );
        assert!(!text.contains(['\u{7}', '\u{202e}', '\r']));
        assert!(!text.contains("\u{1b}[2J"));
        assert_eq!(text.matches(RLI).count(), text.matches(PDI).count());
    }

    #[test]
    fn words_break_only_where_they_must_and_marks_stay_with_their_letter() {
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
    fn only_certainty_is_printed_as_one() {
        let shown = |p| Table::new(80, false, false).middle(&record(0, "", "", (1, 1), p));
        assert_eq!(shown(0.9999), "1-1   0.99 ");
        assert_eq!(shown(1.0), "1-1   1.00 ");
        assert_eq!(shown(0.29), "1-1   0.29?");
    }
}
