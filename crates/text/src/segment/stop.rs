//! Reads a stop: the run of marks that may end a sentence, with the closing quotation marks,
//! brackets, footnote marks and emoji after it.

use super::marks::{
    char_at, char_before, closes, is_blank, is_closing_quote, is_emoji, is_quote, is_strong,
    is_terminator, is_word, opens, skip, skip_blanks,
};
use crate::normalise::{is_ignorable, is_line_break};
use crate::script::is_arabic_letter;

/// The kind of marks that a stop consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// One full stop.
    Full,
    /// An ellipsis: `…` or several full stops.
    Ellipsis,
    /// One or more question or exclamation marks, also mixed with other marks.
    Strong,
    /// A semicolon, where semicolons end segments.
    Semicolon,
}

/// A run of stops with the closing marks, footnote marks and emoji that belong to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop {
    /// First byte of the first stop.
    pub(super) start: usize,
    /// One past the last byte that belongs to the stop; white space after it does not.
    pub(super) end: usize,
    /// The kind of the last marks: in `؟».` the full stop.
    pub(super) mark: Mark,
    /// Whether a quotation mark closes after the last mark.
    pub(super) quoted: bool,
    /// Whether a bracket closes after the last mark.
    pub(super) bracketed: bool,
}

impl Stop {
    /// Reads the stop that begins at a byte, in time linear in its length.
    pub(super) fn read(text: &str, start: usize) -> Self {
        let mut stop =
            Self { start, end: start, mark: Mark::Full, quoted: false, bracketed: false };
        let mut run: Option<Mark> = None;
        while let Some(c) = char_at(text, stop.end) {
            let end = stop.end + c.len_utf8();
            if is_terminator(c) || (run.is_none() && c == '؛') {
                let mark = Mark::of(c, run);
                run = Some(mark);
                (stop.mark, stop.quoted, stop.bracketed) = (mark, false, false);
                stop.end = end;
            } else if closes(c) {
                (run, stop.bracketed, stop.end) = (None, true, end);
            } else if is_quote(c) && quote_closes(text, stop.end, end) {
                (run, stop.quoted, stop.end) = (None, true, end);
            } else if is_ignorable(c) || is_emoji(c) {
                stop.end = end;
            } else if let Some(end) = footnote(text, stop.end) {
                stop.end = end;
            } else if let Some(at) = continued_after_gap(text, stop.end, c) {
                stop.end = at;
            } else {
                break;
            }
        }
        stop
    }

    /// Returns whether only the stop is enclosed, as in (!) and «؟», or whether it begins a
    /// quotation: `"... and then`.
    pub(super) fn is_quoted_mark(&self, text: &str) -> bool {
        if !(self.quoted || self.bracketed || self.mark == Mark::Ellipsis) {
            return false;
        }
        let before = text[..self.start].trim_end_matches(is_ignorable);
        let Some(c) = before.chars().next_back() else { return false };
        let outside = char_before(before, before.len() - c.len_utf8());
        opens(c)
            || is_quote(c) && outside.is_none_or(|c| c.is_whitespace() || opens(c) || is_quote(c))
    }
}

impl Mark {
    /// Returns the kind of a run of marks, from its kind so far and its next character.
    fn of(c: char, run: Option<Self>) -> Self {
        match (run, c) {
            (_, '؛') => Self::Semicolon,
            (Some(Self::Strong), _) => Self::Strong,
            (_, c) if is_strong(c) => Self::Strong,
            (None, c) if c != '…' => Self::Full,
            _ => Self::Ellipsis,
        }
    }
}

/// Returns whether the quotation mark in `at..end`, directly after a stop, closes: no word follows
/// that it could open.
fn quote_closes(text: &str, at: usize, end: usize) -> bool {
    /// The maximum number of further quotation marks that are skipped. The bound keeps a long run
    /// of marks from taking quadratic time.
    const MAX_MARKS: usize = 8;
    let mut after = text[end..].chars().take(MAX_MARKS);
    match after.find(|&c| !(is_quote(c) || is_ignorable(c))) {
        // «نعم.»وقال: the space is missing, so the direction of the mark decides.
        Some(c) if is_arabic_letter(c) => char_at(text, at).is_some_and(is_closing_quote),
        Some(c) => !is_word(c),
        None => true,
    }
}

/// Returns the end of the footnote mark that begins at a byte: `[12]`, `[note 3]`, `(٣)`, `¹`, `†`.
fn footnote(text: &str, at: usize) -> Option<usize> {
    /// Between the brackets, in chars.
    const MAX_LEN: usize = 24;
    let open = char_at(text, at)?;
    if matches!(open, '²' | '³' | '¹' | '⁰' | '⁴'..='⁹' | '†' | '‡') {
        return Some(at + open.len_utf8());
    }
    let close = match open {
        '[' => ']',
        '(' => ')',
        _ => return None,
    };
    let inside = at + 1;
    let (len, _) = text[inside..].char_indices().take(MAX_LEN + 1).find(|&(_, c)| c == close)?;
    let mark = &text[inside..inside + len];
    let is_footnote = if open == '[' {
        !mark.contains(|c| is_terminator(c) || opens(c))
    } else {
        mark.len() <= 6 && mark.chars().all(char::is_numeric)
    };
    (!mark.is_empty() && is_footnote).then_some(inside + len + 1)
}

/// Returns the byte after a gap at `at`, where `c` is, if the stop continues after the gap: `. .
/// .`, `؟ »`, `! 😀`.
fn continued_after_gap(text: &str, at: usize, c: char) -> Option<usize> {
    if !is_blank(c) {
        return None;
    }
    let next = skip_blanks(text, at);
    let c = char_at(text, next)?;
    let after = || char_at(text, next + c.len_utf8());
    let is_continued = if is_terminator(c) {
        // `. .NET` and `. ...ثم` begin a sentence; stops without a word after them do not.
        let end = skip(text, next, is_terminator);
        !char_at(text, end).is_some_and(is_word)
    } else if closes(c) || is_closing_quote(c) {
        !after().is_some_and(is_word)
    } else {
        is_emoji(c)
    };
    is_continued.then_some(next)
}

/// Returns the first byte after the white space at `at`, and the byte of the first line break in
/// it.
pub(super) fn gap(text: &str, at: usize) -> (usize, Option<usize>) {
    let end = skip_blanks(text, at);
    match char_at(text, end) {
        Some(c) if is_line_break(c) => {
            (skip(text, end, |c| c.is_whitespace() || is_ignorable(c)), Some(end))
        }
        _ => (end, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the first stop of a text and its kind.
    fn read(text: &str) -> (&str, Mark) {
        let stop = Stop::read(text, text.find(is_terminator).unwrap());
        (&text[stop.start..stop.end], stop.mark)
    }

    #[test]
    fn closing_marks_footnotes_and_emoji_belong_to_the_stop() {
        for (text, stop, mark) in [
            ("انتهى. ثم", ".", Mark::Full),
            ("انتهى؟!» ثم", "؟!»", Mark::Strong),
            ("«من؟». ثم", "؟».", Mark::Full),
            ("انتهى... ثم", "...", Mark::Ellipsis),
            ("end . . . then", ". . .", Mark::Ellipsis),
            ("end.[12][b] Then", ".[12][b]", Mark::Full),
            ("end.\u{B9} Then", ".\u{B9}", Mark::Full),
            ("نعم! 😀 ثم", "! 😀", Mark::Strong),
            ("« نعم ! » ثم", "! »", Mark::Strong),
            ("نعم.\u{200F} ثم", ".\u{200F}", Mark::Full),
        ] {
            assert_eq!(read(text), (stop, mark), "{text}");
        }
    }

    #[test]
    fn opening_marks_and_words_do_not_belong_to_the_stop() {
        for (text, stop) in [
            ("end. \"Then", "."),
            ("انتهى. «ثم", "."),
            ("انتهى. (ثم", "."),
            ("end. .NET", "."),
            ("end. ...then", "."),
            ("end.[and then. more]", "."),
        ] {
            assert_eq!(read(text).0, stop, "{text}");
        }
    }

    #[test]
    fn a_mark_alone_in_brackets_or_quotes_is_a_quoted_mark() {
        for (text, quoted) in [("كذا (!) ثم", true), ("علامة «؟» ثم", true), ("(كذا!) ثم", false)]
        {
            let stop = Stop::read(text, text.find(is_terminator).unwrap());
            assert_eq!(stop.is_quoted_mark(text), quoted, "{text}");
        }
    }
}
