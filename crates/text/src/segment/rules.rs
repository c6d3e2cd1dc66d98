//! The decision at a stop: does a sentence end here?
//!
//! The words around a stop decide by their own script, so that an English quotation in an Arabic
//! text is cut as English is; the language of the document only breaks ties.

use super::marks::{
    char_at, char_before, closes, continues, is_blank, is_dash, is_quote, is_terminator,
    is_transparent, is_word, opens, skip, word_at,
};
use super::stop::{Mark, Stop, gap};
use super::wrap::Wrap;
use super::{arabic, english};
use crate::language::Language;
use crate::normalise::{is_ignorable, is_line_break};
use crate::script::is_arabic_letter;

/// What a stop turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The end of a sentence.
    End,
    /// A part of its sentence.
    Inside,
    /// The end of a list number, which stays with its item.
    Marker,
}

/// A stop with all that is known about its place.
pub(super) struct Place<'t, 'w> {
    pub(super) text: &'t str,
    pub(super) language: Language,
    pub(super) wrap: Option<&'w Wrap>,
    /// First byte of the piece that the stop may end.
    pub(super) start: usize,
    /// The piece begins a line.
    pub(super) at_line_start: bool,
    /// Byte of the piece's first word, list numbers aside; `None` where the stop comes before any.
    pub(super) first_word: Option<usize>,
    /// A bracket opened inside the sentence is still open.
    pub(super) aside: bool,
    /// A quotation that no colon introduces opened inside the sentence.
    pub(super) embedded: bool,
    pub(super) stop: Stop,
}

/// The token that a stop stands after.
pub(super) struct Before<'t> {
    text: &'t str,
    start: usize,
    /// The token, without the stop.
    pub(super) token: &'t str,
    /// White space stands between the token and the stop.
    pub(super) spaced: bool,
}

/// The word after a stop.
pub(super) struct Next<'t> {
    /// The word; empty where a symbol comes first.
    pub(super) word: &'t str,
    /// Its first character.
    pub(super) first: char,
    /// A quote, bracket or dash opens before it.
    pub(super) opened: bool,
    /// The text after the word.
    pub(super) rest: &'t str,
    /// The text from the word on.
    from: &'t str,
}

impl Next<'_> {
    /// Tells whether the word is Arabic.
    pub(super) fn is_arabic(&self) -> bool {
        is_arabic_letter(self.first)
    }
}

impl<'t> Before<'t> {
    fn of(text: &'t str, start: usize, stop: usize) -> Self {
        /// Longer than any abbreviation, in chars; longer tokens are cut, which harms nothing.
        const LONGEST: usize = 40;
        let end = text[start..stop].trim_end_matches(is_blank).len() + start;
        let head = text[start..end]
            .char_indices()
            .rev()
            .take(LONGEST)
            .take_while(|&(_, c)| !arabic::parts_tokens(c))
            .last()
            .map_or(end, |(at, _)| start + at);
        Self { text: &text[start..head], start: head, token: &text[head..end], spaced: end < stop }
    }

    /// Gives the word before the token, or nothing.
    pub(super) fn previous_word(&self) -> &'t str {
        let text = self.text.trim_end_matches(|c| is_blank(c) || is_dash(c));
        let word =
            text.chars().rev().take(24).take_while(|&c| is_word(c) || matches!(c, '.' | ','));
        &text[text.len() - word.map(char::len_utf8).sum::<usize>()..]
    }

    /// Tells whether a number stands right before the token.
    pub(super) fn follows_number(&self) -> bool {
        self.previous_word().ends_with(char::is_numeric)
    }

    /// Tells whether the number before the token reads as a year.
    pub(super) fn follows_year(&self) -> bool {
        self.previous_word().parse().is_ok_and(|year: u32| (1500..2100).contains(&year))
    }

    /// Tells whether the token ends an address: `https://example.org/no`, `me@example.org`.
    pub(super) fn is_address(&self) -> bool {
        self.token.contains('@') || self.text.ends_with('/')
    }

    /// Tells whether the token is the last part of a compound: the G of Super-G, not J.-P.
    pub(super) fn is_compound(&self) -> bool {
        let mut chars = self.text.chars().rev();
        chars.next().is_some_and(is_dash) && chars.next().is_some_and(char::is_alphanumeric)
    }

    /// Gives the last letter or digit before the stop.
    fn last(&self) -> Option<char> {
        self.token.chars().rev().find(|&c| !is_transparent(c))
    }
}

impl<'t> Place<'t, '_> {
    /// Decides, in time bounded by the distance to the words around.
    pub(super) fn verdict(&self) -> Verdict {
        if self.ends() {
            Verdict::End
        } else if self.is_marker() {
            Verdict::Marker
        } else {
            Verdict::Inside
        }
    }

    fn ends(&self) -> bool {
        let Self { text, stop, .. } = *self;
        let (at, line_break) = gap(text, stop.end);
        if at == text.len() || line_break.is_some_and(|at| Wrap::is_hard(self.wrap, text, at)) {
            return true;
        }
        if at == stop.end {
            return self.ends_glued(at);
        }
        if self.first_word.is_none() || stop.is_quoted_mark(text) || self.is_marker() {
            return false;
        }
        if char_at(text, at).is_some_and(continues) {
            return false;
        }
        let Some(next) = self.next(at) else { return false };
        let before = Before::of(text, self.start, stop.start);
        if next.first.is_lowercase()
            && !english::is_brand(next.word)
            && !(self.language == Language::Arabic && before.last().is_some_and(is_arabic_letter))
        {
            return false;
        }
        match stop.mark {
            Mark::Semicolon => true,
            Mark::Full => !self.is_aside(&next) && self.full_stop_ends(&before, &next),
            Mark::Ellipsis => {
                let carries_on = next.is_arabic() && !next.opened && arabic::carries_on(next.word);
                !carries_on && !self.is_attributed(&next)
            }
            Mark::Strong => {
                !(self.is_aside(&next) || self.is_embedded(&next) || self.is_attributed(&next))
            }
        }
    }

    fn full_stop_ends(&self, before: &Before<'t>, next: &Next<'t>) -> bool {
        match before.last() {
            Some(c) if is_arabic_letter(c) => arabic::full_stop_ends(before, next),
            Some(c) if c.is_alphabetic() => english::full_stop_ends(before, next),
            Some(c) if c.is_numeric() => !self.is_inline_number(before),
            _ => true,
        }
    }

    /// Finds the word after the white space at `at`, on the same line.
    fn next(&self, at: usize) -> Option<Next<'t>> {
        let text = self.text;
        // A sentence may begin with an ellipsis; a second run of stops is looked at in its turn.
        let begin = skip(text, at, is_terminator);
        let opening = |c| opens(c) || is_quote(c) || is_dash(c) || is_blank(c) || is_ignorable(c);
        let word = skip(text, begin, |c| opening(c) || matches!(c, '¿' | '¡'));
        let first = char_at(text, word).filter(|&c| !is_line_break(c) && !is_terminator(c))?;
        let from = &text[word..];
        let word_text = word_at(text, word);
        Some(Next {
            word: word_text,
            first,
            opened: text[begin..word].contains(|c| opens(c) || is_quote(c) || is_dash(c)),
            rest: &from[word_text.len()..],
            from,
        })
    }

    /// Tells whether a stop without a space after it ends a sentence: الأمس.وقال.
    ///
    /// Typists of Arabic often leave the space out; in Latin script and in numbers such a stop is
    /// part of a name, an address or a figure.
    fn ends_glued(&self, at: usize) -> bool {
        let Self { text, stop, .. } = *self;
        if self.first_word.is_none() || !char_at(text, at).is_some_and(is_arabic_letter) {
            return false;
        }
        let word = word_at(text, at);
        // `…إغلاقها.ب. التبرعات`: the next item of a list that was run together.
        let labels = is_letter(word) && text[at + word.len()..].starts_with(". ");
        if !(arabic::is_plain_word(word) || labels) {
            return false;
        }
        let closed = stop.quoted || stop.bracketed;
        let before = Before::of(text, self.start, stop.start);
        match stop.mark {
            Mark::Semicolon => true,
            Mark::Ellipsis => false,
            Mark::Strong => {
                closed && !stop.is_quoted_mark(text) && !self.is_aside_of(word, at)
                    || before.last().is_some_and(is_arabic_letter) && !closed
            }
            Mark::Full => {
                let year = before.token.len() >= 4
                    && before.token.chars().count() == 4
                    && before.token.chars().all(char::is_numeric);
                let after_quote =
                    char_before(text, stop.start).is_some_and(|c| is_quote(c) || closes(c));
                !stop.is_quoted_mark(text)
                    && (arabic::is_plain_word(before.token) || year || after_quote)
                    && !arabic::is_domain(word)
            }
        }
    }

    fn is_aside_of(&self, word: &str, at: usize) -> bool {
        let first = char_at(self.text, at).unwrap_or(' ');
        let from = &self.text[at..];
        let next = Next { word, first, opened: false, rest: &from[word.len()..], from };
        self.is_aside(&next) || self.is_embedded(&next) || self.is_attributed(&next)
    }

    /// Tells whether the stop closes a bracket inside its sentence: (وهل ينسى؟) يحبّ, (9 ص.) ثم.
    ///
    /// Latin script shows it by the case of the next word.
    fn is_aside(&self, next: &Next<'_>) -> bool {
        self.aside && self.stop.bracketed && next.is_arabic()
    }

    /// Tells whether the stop ends a quotation that is a word of its sentence: فيلم «من أنا؟» يُعرض.
    fn is_embedded(&self, next: &Next<'_>) -> bool {
        let goes_on = !(arabic::is_joined(next.word) || arabic::is_starter(next.word));
        self.embedded && self.stop.quoted && next.is_arabic() && !next.opened && goes_on
    }

    /// Tells whether the stop ends a quotation that the next words belong to.
    fn is_attributed(&self, next: &Next<'_>) -> bool {
        if !self.stop.quoted || next.opened {
            return false;
        }
        if next.is_arabic() {
            arabic::is_relative(next.word) || arabic::is_attribution(next.word, next.rest)
        } else {
            english::is_attribution(next.from)
        }
    }

    /// Tells whether the piece so far is the number of a list item: `1.`, `أ.`, `(٢).`, `IV.`
    fn is_marker(&self) -> bool {
        /// In bytes: four Arabic digits with their stops.
        const LONGEST: usize = 12;
        let Some(first) = self.first_word else { return false };
        let item = &self.text[first..self.stop.start];
        if item.len() > LONGEST || self.stop.mark != Mark::Full || self.stop.quoted {
            return false;
        }
        let item = item.trim_end_matches(closes);
        if !self.at_line_start {
            return is_number(item, 2);
        }
        item.split('.').all(|part| is_number(part, 3)) || is_letter(item) || is_numeral(item)
    }

    /// Tells whether a number is that of a list inside a line: `ما يأتي: ١. …؛ ٢. …`.
    fn is_inline_number(&self, before: &Before<'_>) -> bool {
        let lead = self.text[self.start..before.start].trim_end_matches(is_blank);
        match lead.chars().next_back() {
            Some(':') => matches!(before.token, "1" | "١" | "۱"),
            Some(';' | '؛') => is_number(before.token, 2),
            _ => false,
        }
    }
}

fn is_number(text: &str, digits: usize) -> bool {
    !text.is_empty() && text.chars().all(char::is_numeric) && text.chars().count() <= digits
}

fn is_letter(text: &str) -> bool {
    let mut letters = text.chars().filter(|&c| !is_transparent(c));
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

fn is_numeral(text: &str) -> bool {
    !text.is_empty()
        && (text.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'))
            || text.chars().all(|c| matches!(c, 'i' | 'v' | 'x')))
}
