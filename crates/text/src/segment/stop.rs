//! A stop as it stands in the text: the run of marks that may end a sentence, with what clings to
//! it.

use super::marks::{
    char_at, char_before, closes, is_blank, is_closing_quote, is_emoji, is_quote, is_strong,
    is_terminator, is_word, opens, skip, skip_blanks,
};
use crate::normalise::{is_ignorable, is_line_break};
use crate::script::is_arabic_letter;

/// What kind of marks a stop is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// One full stop.
    Full,
    /// An ellipsis: `…` or several full stops.
    Ellipsis,
    /// A question or exclamation mark, alone or with others.
    Strong,
    /// A semicolon, where it ends segments.
    Semicolon,
}

/// A run of stops with the closing marks, footnote marks and emoji that belong to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop {
    /// First byte of the first stop.
    pub(super) start: usize,
    /// One past everything that clings to it, without white space.
    pub(super) end: usize,
    /// The last marks of the run: in `؟».` the full stop.
    pub(super) mark: Mark,
    /// A quotation mark closes after the last mark.
    pub(super) quoted: bool,
    /// A bracket closes after the last mark.
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
            } else if let Some(at) = spaced(text, stop.end, c) {
                stop.end = at;
            } else {
                break;
            }
        }
        stop
    }

    /// Tells whether the stop is enclosed by itself, as in (!) and «؟», or begins a quotation:
    /// `"... and then`.
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
    /// Tells the kind of a run from its kind so far and its next character.
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

/// Tells whether a quotation mark right after a stop closes: nothing that it could open follows.
fn quote_closes(text: &str, at: usize, end: usize) -> bool {
    // Enough for any nest of quotes; a long row of marks must not be read once for each of them.
    const NESTED: usize = 8;
    let mut around = text[end..].chars().take(NESTED);
    match around.find(|&c| !(is_quote(c) || is_ignorable(c))) {
        // «نعم.»وقال: the space is missing, the direction of the mark tells.
        Some(c) if is_arabic_letter(c) => char_at(text, at).is_some_and(is_closing_quote),
        Some(c) => !is_word(c),
        None => true,
    }
}

/// Gives the end of a footnote mark that begins at a byte: `[12]`, `[note 3]`, `(٣)`, `¹`, `†`.
fn footnote(text: &str, at: usize) -> Option<usize> {
    const LONGEST: usize = 24;
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
    let (len, _) = text[inside..].char_indices().take(LONGEST + 1).find(|&(_, c)| c == close)?;
    let mark = &text[inside..inside + len];
    let clings = if open == '[' {
        !mark.contains(|c| is_terminator(c) || opens(c))
    } else {
        mark.len() <= 6 && mark.chars().all(char::is_numeric)
    };
    (!mark.is_empty() && clings).then_some(inside + len + 1)
}

/// Gives the byte after a gap that does not part what follows from the stop: `. . .`, `؟ »`, `! 😀`.
fn spaced(text: &str, at: usize, c: char) -> Option<usize> {
    if !is_blank(c) {
        return None;
    }
    let next = skip_blanks(text, at);
    let c = char_at(text, next)?;
    let after = || char_at(text, next + c.len_utf8());
    let clings = if is_terminator(c) {
        // `. .NET` and `. ...ثم` begin a sentence; a run of stops by itself does not.
        let end = skip(text, next, is_terminator);
        !char_at(text, end).is_some_and(is_word)
    } else if closes(c) || is_closing_quote(c) {
        !after().is_some_and(is_word)
    } else {
        is_emoji(c)
    };
    clings.then_some(next)
}

/// Gives the first byte after the white space at `at`, and whether it holds a line break.
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

    /// Reads the first stop of a text: its bytes and its kind.
    fn read(text: &str) -> (&str, Mark) {
        let stop = Stop::read(text, text.find(is_terminator).unwrap());
        (&text[stop.start..stop.end], stop.mark)
    }

    #[test]
    fn what_clings_to_a_stop_belongs_to_it() {
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
    fn what_opens_after_a_stop_does_not() {
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
    fn marks_in_brackets_are_words() {
        for (text, quoted) in [("كذا (!) ثم", true), ("علامة «؟» ثم", true), ("(كذا!) ثم", false)]
        {
            let stop = Stop::read(text, text.find(is_terminator).unwrap());
            assert_eq!(stop.is_quoted_mark(text), quoted, "{text}");
        }
    }
}
