//! Decides whether a sentence ends at a stop.
//!
//! The rules depend on the script of the words around the stop, so an English quotation in an
//! Arabic text is split as English; the language of the document only breaks ties.

use super::abbreviation::Abbreviations;
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

/// The maximum number of dots of an ellipsis, in bytes; more are a leader.
const LEADER: usize = 4;

/// What a stop does in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StopRole {
    /// It ends the sentence.
    End,
    /// The sentence continues after it.
    Inside,
    /// It ends a list number (`1.`), which belongs to the sentence after it.
    ListNumber,
}

/// A stop with the state of the sentence before it.
pub(super) struct StopContext<'t, 'w> {
    pub(super) text: &'t str,
    pub(super) language: Language,
    pub(super) abbreviations: &'w Abbreviations,
    pub(super) wrap: Option<&'w Wrap>,
    /// First byte of the sentence that the stop may end.
    pub(super) start: usize,
    /// Whether the sentence begins a line.
    pub(super) at_line_start: bool,
    /// First byte of the sentence's first word after any list number; `None` where the stop comes
    /// before it.
    pub(super) first_word: Option<usize>,
    /// Whether a bracket that opened inside the sentence is still open.
    pub(super) in_brackets: bool,
    /// Whether a quotation that opened inside the sentence, without a colon before it, is open.
    pub(super) in_quotation: bool,
    pub(super) stop: Stop,
}

/// The token before a stop.
pub(super) struct TokenBefore<'t> {
    /// The sentence before the token.
    text: &'t str,
    start: usize,
    /// The token, without the stop.
    pub(super) token: &'t str,
    /// Whether white space separates the token from the stop.
    pub(super) spaced: bool,
}

/// The word after a stop.
pub(super) struct WordAfter<'t> {
    /// The word; empty where a symbol comes first.
    pub(super) word: &'t str,
    /// The first character of the word, or the symbol.
    pub(super) first: char,
    /// Whether a quotation mark, bracket or dash comes between the stop and the word.
    pub(super) opened: bool,
    /// The text after the word.
    pub(super) rest: &'t str,
    /// The text from the start of the word.
    from: &'t str,
}

impl WordAfter<'_> {
    /// Returns whether the word is Arabic.
    pub(super) fn is_arabic(&self) -> bool {
        is_arabic_letter(self.first)
    }
}

impl<'t> TokenBefore<'t> {
    fn of(text: &'t str, start: usize, stop: usize) -> Self {
        /// The maximum length of a token, in chars. Longer tokens are truncated: no abbreviation
        /// is as long, and the bound makes segmentation linear in the length of the text.
        const MAX_LEN: usize = 40;
        let hidden = |c| is_blank(c) || is_ignorable(c);
        let before = &text[start..stop];
        let end = before.trim_end_matches(hidden).len() + start;
        let head = text[start..end]
            .char_indices()
            .rev()
            .take(MAX_LEN)
            .take_while(|&(_, c)| !arabic::separates_tokens(c))
            .last()
            .map_or(end, |(at, _)| start + at);
        let token = text[head..end].trim_matches(is_ignorable);
        Self { text: &text[start..head], start: head, token, spaced: before.ends_with(is_blank) }
    }

    /// Returns the word before the token, or an empty string.
    pub(super) fn previous_word(&self) -> &'t str {
        let text = self.text.trim_end_matches(|c| is_blank(c) || is_dash(c) || is_ignorable(c));
        let word =
            text.chars().rev().take(24).take_while(|&c| is_word(c) || matches!(c, '.' | ','));
        &text[text.len() - word.map(char::len_utf8).sum::<usize>()..]
    }

    /// Returns whether the word before the token ends with a digit.
    pub(super) fn follows_number(&self) -> bool {
        self.previous_word().ends_with(char::is_numeric)
    }

    /// Returns whether the word before the token is a number with decimals.
    pub(super) fn follows_decimal(&self) -> bool {
        let word = self.previous_word();
        word.ends_with(char::is_numeric) && word.contains(['.', ',', '٫'])
    }

    /// Returns whether the token is a sign of degrees after a number and the letter of the unit,
    /// `12 م °`, with spaces between them.
    pub(super) fn is_spaced_degree(&self) -> bool {
        let is_sign = self.token.chars().all(|c| arabic::DEGREES.contains(&c));
        let text = self.text.trim_end_matches(is_blank);
        let number = text.strip_suffix(['م', 'س', 'ف', 'ك']).unwrap_or_default();
        is_sign
            && number.trim_end_matches(is_blank).ends_with(char::is_numeric)
            && !self.token.is_empty()
    }

    /// Returns whether the token is the last part of the number of a section whose parts a dash
    /// joins: المادة ٢-١.
    pub(super) fn ends_dashed_number(&self) -> bool {
        let Some(text) = self.text.strip_suffix(is_dash) else { return false };
        let before = text.trim_end_matches(|c: char| c.is_numeric() || is_dash(c));
        let word = before.split_whitespace().next_back().unwrap_or_default();
        text.ends_with(char::is_numeric) && arabic::is_section(word)
    }

    /// Returns whether the sentence so far is the number of a part of a book: `Chapter IV`.
    fn is_part_number(&self) -> bool {
        let is_roman = self.token.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'));
        let is_number = self.token.len() <= 3 && self.token.chars().all(|c| c.is_ascii_digit());
        (is_roman || is_number) && !self.spaced && english::is_part(self.text.trim())
    }

    /// Returns whether a slash joins the token to a unit: ملغ/دل.
    pub(super) fn follows_slash(&self) -> bool {
        self.text.ends_with('/')
    }

    /// Returns whether the token numbers a section: a word such as القسم or Section is before it,
    /// or before other numbers in the same list.
    pub(super) fn follows_section(&self) -> bool {
        /// The maximum number of words of the list.
        const MAX_WORDS: usize = 6;
        let list = |c: char| c.is_numeric() || matches!(c, '.' | '٫' | ',' | '،' | '§');
        let words = self.text.split(char::is_whitespace).rev().filter(|word| !word.is_empty());
        // `Sect. 2.1. Input data and 2.2. Results`: titles may come between the numbers of a list.
        let is_conjunction = |word: &str| matches!(word, "and" | "or" | "to" | "أو" | "إلى");
        let in_list = is_conjunction(self.previous_word());
        for word in words.take(MAX_WORDS) {
            let plain = word.trim_matches(|c: char| !c.is_alphanumeric());
            if arabic::is_section(plain) || english::is_section(plain) {
                return true;
            }
            let is_number = word.trim_start_matches('و').chars().all(list);
            if !(is_number || is_conjunction(plain) || in_list) {
                return word.starts_with('§');
            }
        }
        false
    }

    /// Returns whether the word before the token may be a year.
    pub(super) fn follows_year(&self) -> bool {
        self.previous_word().parse().is_ok_and(|year: u32| (1500..2100).contains(&year))
    }

    /// Returns whether the token ends an address: `https://example.org/no`, `me@example.org`.
    pub(super) fn is_address(&self) -> bool {
        self.token.contains('@') || self.text.ends_with('/')
    }

    /// Returns whether the token is the last part of a compound: the G of Super-G, but not the P of
    /// J.-P.
    pub(super) fn is_compound(&self) -> bool {
        let mut chars = self.text.chars().rev();
        chars.next().is_some_and(is_dash) && chars.next().is_some_and(char::is_alphanumeric)
    }

    /// Returns the last character of the token, ignoring Arabic marks and invisible characters.
    fn last(&self) -> Option<char> {
        self.token.chars().rev().find(|&c| !is_transparent(c))
    }
}

impl<'t> StopContext<'t, '_> {
    /// Classifies the stop. Looks only a bounded distance beyond the stop and the white space after
    /// it.
    pub(super) fn role(&self) -> StopRole {
        if self.ends() {
            StopRole::End
        } else if self.ends_list_number() {
            StopRole::ListNumber
        } else {
            StopRole::Inside
        }
    }

    fn ends(&self) -> bool {
        let Self { text, stop, .. } = *self;
        let (at, line_break) = gap(text, stop.end);
        if at == text.len() || line_break.is_some_and(|at| Wrap::is_hard(self.wrap, text, at)) {
            return true;
        }
        if at == stop.end {
            return self.ends_unspaced(at);
        }
        if self.first_word.is_none() || stop.is_quoted_mark(text) || self.ends_list_number() {
            return false;
        }
        if char_at(text, at).is_some_and(continues) {
            return false;
        }
        let Some(next) = self.word_after(at) else { return false };
        let before = TokenBefore::of(text, self.start, stop.start);
        let is_after_arabic =
            self.language == Language::Arabic && before.last().is_some_and(is_arabic_letter);
        let may_begin = is_after_arabic || english::is_brand(next.word) || self.begins_item(&next);
        if next.first.is_lowercase() && !may_begin {
            return false;
        }
        match stop.mark {
            Mark::Semicolon => true,
            Mark::Full => !self.ends_inner_bracket(&next) && self.full_stop_ends(&before, &next),
            // The dots of a table of contents lead to the number of a page.
            Mark::Ellipsis if stop.end - stop.start > LEADER && next.first.is_numeric() => false,
            Mark::Ellipsis => {
                let continued =
                    next.is_arabic() && !next.opened && arabic::continues_after_ellipsis(next.word);
                !continued && !self.is_attributed(&next)
            }
            Mark::Strong => !self.ends_inner_part(&next),
        }
    }

    fn full_stop_ends(&self, before: &TokenBefore<'t>, next: &WordAfter<'t>) -> bool {
        if self.abbreviations.contain(self.language, before.token) {
            return false;
        }
        // `Chapter IV. The king returned`: the title is part of the heading.
        if self.at_line_start && before.is_part_number() {
            return false;
        }
        match before.last() {
            Some(c) if is_arabic_letter(c) => arabic::full_stop_ends(before, next),
            Some(c) if c.is_alphabetic() => english::full_stop_ends(before, next),
            Some(c) if c.is_numeric() => {
                !self.is_inline_number(before) && arabic::number_ends(before, next)
            }
            // 5 م°.
            Some(c) if arabic::DEGREES.contains(&c) => arabic::full_stop_ends(before, next),
            _ => true,
        }
    }

    /// Returns the word after the white space at `at`, if it is on the same line.
    fn word_after(&self, at: usize) -> Option<WordAfter<'t>> {
        let text = self.text;
        // A sentence may begin with an ellipsis. A second run of stops is not skipped here: it is
        // classified when the segmenter reaches it.
        let begin = skip(text, at, is_terminator);
        let opening = |c| opens(c) || is_quote(c) || is_dash(c) || is_blank(c) || is_ignorable(c);
        let word = skip(text, begin, |c| opening(c) || matches!(c, '¿' | '¡'));
        let first = char_at(text, word).filter(|&c| !is_line_break(c) && !is_terminator(c))?;
        let from = &text[word..];
        let word_text = word_at(text, word);
        Some(WordAfter {
            word: word_text,
            first,
            opened: text[begin..word].contains(|c| opens(c) || is_quote(c) || is_dash(c)),
            rest: &from[word_text.len()..],
            from,
        })
    }

    /// Returns whether a stop without a space after it ends a sentence: الأمس.وقال.
    ///
    /// Arabic text often lacks the space; in Latin script and in numbers such a stop is part of a
    /// name, an address or a decimal number.
    fn ends_unspaced(&self, at: usize) -> bool {
        let Self { text, stop, .. } = *self;
        if self.first_word.is_none() || !char_at(text, at).is_some_and(is_arabic_letter) {
            return false;
        }
        let word = word_at(text, at);
        // `…إغلاقها.ب. التبرعات`: the next item of a list whose line ends were lost.
        let is_item = is_letter(word) && text[at + word.len()..].starts_with(". ");
        if !(arabic::is_plain_word(word) || is_item) {
            return false;
        }
        let closed = stop.quoted || stop.bracketed;
        let before = TokenBefore::of(text, self.start, stop.start);
        match stop.mark {
            Mark::Semicolon => true,
            Mark::Ellipsis => false,
            Mark::Strong => {
                closed && !stop.is_quoted_mark(text) && !self.ends_inner_part_before(word, at)
                    || before.last().is_some_and(is_arabic_letter) && !closed
            }
            Mark::Full => {
                let year = before.token.len() >= 4
                    && before.token.chars().count() == 4
                    && before.token.chars().all(char::is_numeric);
                let after_quote =
                    char_before(text, stop.start).is_some_and(|c| is_quote(c) || closes(c));
                !stop.is_quoted_mark(text)
                    && !self.abbreviations.contain(self.language, before.token)
                    && (arabic::is_plain_word(before.token) || year || after_quote)
                    && !arabic::is_domain(word)
            }
        }
    }

    /// Returns whether the stop ends a part inside its sentence, where the word at `at` follows
    /// without a space.
    fn ends_inner_part_before(&self, word: &str, at: usize) -> bool {
        let first = char_at(self.text, at).unwrap_or(' ');
        let from = &self.text[at..];
        let next = WordAfter { word, first, opened: false, rest: &from[word.len()..], from };
        self.ends_inner_part(&next)
    }

    /// Returns whether the stop ends only a bracket or quotation, and its sentence continues with
    /// the next word.
    fn ends_inner_part(&self, next: &WordAfter<'_>) -> bool {
        self.ends_inner_bracket(next) || self.ends_inner_quotation(next) || self.is_attributed(next)
    }

    /// Returns whether the stop ends a bracket inside its sentence: (وهل ينسى؟) يحبّ, (9 ص.) ثم.
    ///
    /// In Latin script the case of the next word has already decided.
    fn ends_inner_bracket(&self, next: &WordAfter<'_>) -> bool {
        self.in_brackets && self.stop.bracketed && next.is_arabic()
    }

    /// Returns whether the stop ends a quotation that is a noun of its sentence: فيلم «من أنا؟»
    /// يُعرض.
    fn ends_inner_quotation(&self, next: &WordAfter<'_>) -> bool {
        let goes_on = !(arabic::is_joined(next.word) || arabic::is_starter(next.word));
        self.in_quotation && self.stop.quoted && next.is_arabic() && !next.opened && goes_on
    }

    /// Returns whether the stop ends a quotation that the next words attribute to a speaker, or
    /// that a relative pronoun refers to.
    fn is_attributed(&self, next: &WordAfter<'_>) -> bool {
        if !self.stop.quoted || next.opened {
            return false;
        }
        if next.is_arabic() {
            arabic::is_relative(next.word) || arabic::is_attribution(next.word, next.rest)
        } else {
            english::is_attribution(next.from)
        }
    }

    /// Returns whether the sentence so far is the number of a list item: `1.`, `أ.`, `(٢).`, `IV.`
    fn ends_list_number(&self) -> bool {
        /// The maximum length of a list number in bytes: four Arabic digits with their stops.
        const MAX_LEN: usize = 12;
        let Some(first) = self.first_word else { return false };
        let item = &self.text[first..self.stop.start];
        let is_plain_stop = self.stop.mark == Mark::Full && !self.stop.quoted;
        // `أولاً. يجب غسل اليدين. ثانياً. يجب تجفيفهما.`
        if is_plain_stop && item.len() <= 2 * MAX_LEN && arabic::is_item_number(item) {
            return true;
        }
        if item.len() > MAX_LEN || self.stop.mark != Mark::Full || self.stop.quoted {
            return false;
        }
        let item = item.trim_end_matches(|c| closes(c) || is_ignorable(c));
        if !self.at_line_start {
            let is_number = item.split(['.', '٫']).all(|part| is_number(part, 2));
            return is_number || is_item_letter(item) || is_roman(item);
        }
        item.split(['.', '٫']).all(|part| is_number(part, 3)) || is_letter(item) || is_roman(item)
    }

    /// Returns whether the word after a full stop is the letter of an item of a list inside a line:
    /// `a. The aim. b. The term.`, `(a) The aim. (b) The term.`
    fn begins_item(&self, next: &WordAfter<'_>) -> bool {
        if !is_item_letter(next.word) || matches!(self.stop.mark, Mark::Ellipsis) {
            return false;
        }
        let rest = next.rest.strip_prefix(['.', ')']).unwrap_or_default();
        let begins = rest.strip_prefix(is_blank).unwrap_or_default();
        let text = begins.trim_start_matches(|c| is_blank(c) || is_quote(c) || is_ignorable(c));
        let is_capital = text.starts_with(|c: char| c.is_uppercase() || is_arabic_letter(c));
        // `Roe v. Wade`, `Apple Inc. v. Samsung`
        is_capital && (next.word != "v" || next.rest.starts_with(')'))
    }

    /// Returns whether a number numbers an item of a list inside a line: `ما يأتي: ١. …؛ ٢. …`.
    fn is_inline_number(&self, before: &TokenBefore<'_>) -> bool {
        let lead = self.text[self.start..before.start].trim_end_matches(is_blank);
        match lead.chars().next_back() {
            Some(':') => matches!(before.token, "1" | "١" | "۱"),
            Some(';' | '؛') => is_number(before.token, 2),
            _ => false,
        }
    }
}

fn is_number(text: &str, max_digits: usize) -> bool {
    !text.is_empty() && text.chars().all(char::is_numeric) && text.chars().count() <= max_digits
}

/// Returns whether a text is the letter or the Roman number of an item: b, iii.
fn is_item_letter(text: &str) -> bool {
    matches!(text.as_bytes(), [b'a'..=b'z'])
        || text.len() > 1 && text.chars().all(|c| matches!(c, 'i' | 'v' | 'x'))
}

fn is_letter(text: &str) -> bool {
    let mut letters = text.chars().filter(|&c| !is_transparent(c));
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

fn is_roman(text: &str) -> bool {
    !text.is_empty()
        && (text.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'))
            || text.chars().all(|c| matches!(c, 'i' | 'v' | 'x')))
}
