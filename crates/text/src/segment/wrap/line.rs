//! A line of a document, and what its words show about the line end after it.

use crate::normalise::is_ignorable;
use crate::normalise::is_line_break;
use crate::script::is_arabic_letter;
use crate::segment::marks::{
    after_break, bare, closes, is_dash, is_quote, is_terminator, is_transparent, is_word, skip,
    word_at,
};
use crate::segment::{arabic, english};

/// How the program that wrapped the lines measured them: in all chars, or in visible ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Chars,
    Visible,
}

impl Measure {
    pub(super) fn width(self, text: &str) -> usize {
        match self {
            Self::Chars => text.chars().count(),
            Self::Visible => text.chars().filter(|&c| !is_transparent(c)).count(),
        }
    }
}

/// A line without the white space around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    text: &'t str,
    /// The text without closing marks at its end.
    open_text: &'t str,
}

impl<'t> Line<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let open_text = text
            .trim_end_matches(|c| is_quote(c) || closes(c) || is_ignorable(c) || c.is_whitespace());
        Self { text, open_text }
    }

    /// Returns whether no mark shows that a sentence ends at the end of the line.
    pub(super) fn is_open(self) -> bool {
        !self.open_text.ends_with(|c| is_terminator(c) || matches!(c, ':' | '؛'))
    }

    /// Returns whether a sentence seems to end in the middle of the line.
    pub(super) fn has_inner_stop(self) -> bool {
        self.text.split_whitespace().rev().skip(1).any(|word| word.ends_with(is_terminator))
    }

    /// Returns whether a comma is in the middle of the line.
    pub(super) fn has_inner_comma(self) -> bool {
        self.open_text.trim_end_matches(is_comma).contains(is_comma)
    }

    /// Returns whether the line looks like a verse of two halves.
    pub(super) fn has_caesura(self) -> bool {
        let text = self.text.trim_matches(|c: char| !is_word(c));
        ["   ", "\t", " * ", " ** ", " / ", " // ", " ... ", " … ", " | ", " -- "]
            .iter()
            .any(|gap| text.contains(gap))
    }

    /// Returns whether the words at the line end show that the sentence continues in the next line.
    pub(super) fn continues(self, next: &str) -> bool {
        if !self.is_open() {
            return false;
        }
        self.ends_inside() || begins_inside(next)
    }

    /// Returns whether the line ends as headings do, without a stop or with a colon, and the next
    /// one begins with a capital that only the first word of a sentence has.
    ///
    /// `any` is whether every capital counts, also that of a name.
    pub(super) fn is_before_sentence(self, next: &str, any: bool) -> bool {
        let is_quoted =
            next.trim_start_matches(is_ignorable).starts_with(|c| is_quote(c) || is_dash(c));
        let next = next.trim_start_matches(|c: char| !is_word(c));
        let word = word_at(next, 0);
        self.ends_with_colon() && !is_quoted && !begins_inside(next)
            || self.is_open()
                && !self.ends_inside()
                && word.starts_with(char::is_uppercase)
                && word != "I"
                && (any || english::is_starter(word))
    }

    /// Returns whether the line introduces the next one.
    pub(super) fn ends_with_colon(self) -> bool {
        self.open_text.ends_with(':')
    }

    /// Returns whether a comma ends the line.
    pub(super) fn ends_with_comma(self) -> bool {
        self.text.ends_with(is_comma)
    }

    /// Returns whether the last word needs another one after it, or a comma ends the line.
    pub(super) fn ends_inside(self) -> bool {
        self.ends_with_comma() || self.ends_with_joining_word()
    }

    /// Returns whether the last word needs another one after it.
    pub(super) fn ends_with_joining_word(self) -> bool {
        let word = self.open_text.rsplit(char::is_whitespace).next().unwrap_or_default();
        let word = bare(word.trim_start_matches(|c: char| !is_word(c)));
        if self.open_text.len() != self.text.len() {
            return false;
        }
        if word.contains(is_arabic_letter) {
            arabic::is_joining(&word)
        } else {
            english::is_joining(&word)
        }
    }
}

/// Returns whether a line begins as no sentence, heading or verse usually does: in lower case, or
/// with a mark that follows a word.
pub(super) fn begins_inside(line: &str) -> bool {
    let line = line.trim_start_matches(is_ignorable);
    line.starts_with(char::is_lowercase) || line.starts_with([',', ';', '،', '؛'])
}

/// Returns whether a text begins in a script that has capitals.
pub(super) fn begins_with_capital(line: &str) -> bool {
    line.chars().find(|&c| is_word(c)).is_some_and(char::is_uppercase)
}

fn is_comma(c: char) -> bool {
    matches!(c, ',' | '،' | ';' | '؛')
}

/// Returns the lines of a text without their line breaks; a final line break does not begin another
/// line, and a page break after a line break is part of it.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    std::iter::from_fn(move || {
        if from == text.len() {
            return None;
        }
        let start = from;
        let end = skip(text, start, |c| !is_line_break(c));
        from = if end == text.len() { end } else { after_break(text, end) };
        if from > end && text[from..].starts_with('\u{C}') {
            from += 1;
        }
        Some(&text[start..end])
    })
}
