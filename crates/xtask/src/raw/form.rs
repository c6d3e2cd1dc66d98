//! The forms in which raw text comes, made from the segments of gold documents.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// How the segments of a document are written as plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextForm {
    /// A blank line between two segments.
    Blank,
    /// A segment per line.
    Lines,
    /// Each segment wrapped at the width, without blank lines.
    Wrapped,
    /// Each segment wrapped at widths that vary by a fifth, as in text taken from a printed page.
    Ragged,
    /// One line.
    Running,
}

impl TextForm {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Blank, "blank"),
        (Self::Lines, "lines"),
        (Self::Wrapped, "wrapped"),
        (Self::Ragged, "ragged"),
        (Self::Running, "running"),
    ];

    fn separator(self) -> &'static str {
        match self {
            Self::Blank => "\n\n",
            Self::Lines | Self::Wrapped | Self::Ragged => "\n",
            Self::Running => " ",
        }
    }
}

impl FromStr for TextForm {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map(|(form, _)| *form).ok_or_else(|| format!("no form is named {name}"))
    }
}

impl fmt::Display for TextForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = Self::ALL.iter().find(|(form, _)| form == self);
        f.write_str(found.map_or("", |(_, name)| name))
    }
}

/// A side of a document as plain text.
pub(crate) struct RawText {
    pub(crate) text: String,
    /// Where each gold segment is, in characters that are not white space.
    pub(crate) gold: Vec<Range<usize>>,
}

impl RawText {
    /// Writes segments in a form.
    pub(crate) fn new(segments: &[String], form: TextForm, width: usize) -> Self {
        let (mut text, mut gold, mut chars) = (String::new(), Vec::new(), 0);
        for segment in segments {
            if !text.is_empty() {
                text.push_str(form.separator());
            }
            match form {
                TextForm::Wrapped => push_wrapped(&mut text, segment, |_| width),
                // A fixed pattern of widths, so that results repeat.
                TextForm::Ragged => {
                    let cut = |line: usize| width - (line * 7 + segment.len()) % (width / 5);
                    push_wrapped(&mut text, segment, cut);
                }
                _ => text.push_str(segment),
            }
            let start = chars;
            chars += visible(segment);
            gold.push(start..chars);
        }
        text.push('\n');
        Self { text, gold }
    }
}

/// Counts the characters that are not white space.
pub(crate) fn visible(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// Appends a text whose lines are cut at the last space that fits the width of the line.
fn push_wrapped(out: &mut String, text: &str, width: impl Fn(usize) -> usize) {
    let (mut column, mut line) = (0, 0);
    for word in text.split_whitespace() {
        let len = word.chars().count();
        if column > 0 && column + 1 + len > width(line) {
            out.push('\n');
            (column, line) = (0, line + 1);
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += len;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_hold_the_same_segments() {
        let segments = ["one two".to_owned(), "three".to_owned()];
        for (form, expected) in [
            ("blank", "one two\n\nthree\n"),
            ("lines", "one two\nthree\n"),
            ("wrapped", "one\ntwo\nthree\n"),
            ("running", "one two three\n"),
        ] {
            let raw = RawText::new(&segments, form.parse().unwrap(), 5);
            assert_eq!(raw.text, expected);
            assert_eq!(raw.gold, [0..6, 6..11]);
        }
    }
}
