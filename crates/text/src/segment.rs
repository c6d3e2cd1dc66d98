//! Sentence segmentation.
//!
//! A line end always ends a segment: headings, captions and list items carry no full stop. Only in
//! a document whose lines were evidently cut to a width are the line ends inside a paragraph taken
//! for spaces. Inside a line, sentences end at `.` `!` `?` `؟` `…` `۔` with the quotation marks and
//! brackets that close after them; never at `،` or `:`. Abbreviations, initials, numbers, list
//! numbers and the words that say who spoke keep their sentences whole. The number of a verse,
//! `﴿٢﴾`, ends it.

mod arabic;
mod english;
mod marks;
mod rules;
mod stop;
mod wrap;

use self::marks::{
    after_break, char_at, closes, is_blank, is_quote, is_terminator, is_word, opens, skip,
    verse_number,
};
use self::rules::{Place, Verdict};
use self::stop::Stop;
use self::wrap::Wrap;
use crate::language::Language;
use crate::normalise::{is_ignorable, is_line_break};

/// A piece of a document's text: a sentence, a heading, a line.
///
/// `text` is what a reader sees, without the white space around it; `start` is its place in the
/// document, so offsets always lead back to the original bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Segment<'t> {
    /// The segment's text, without leading or trailing white space.
    pub text: &'t str,
    /// Byte offset of `text` in the document.
    pub start: usize,
}

impl AsRef<str> for Segment<'_> {
    fn as_ref(&self) -> &str {
        self.text
    }
}

impl<'t> Segment<'t> {
    /// Gives the half-open byte range of the text in the document.
    #[must_use]
    pub fn bytes(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Trims a piece of the document that begins at a byte.
    pub fn trimmed(piece: &'t str, start: usize) -> Self {
        let blank = |c: char| c.is_whitespace() || c == '\u{FEFF}';
        let from = piece.trim_start_matches(blank);
        Self { text: from.trim_end_matches(blank), start: start + piece.len() - from.len() }
    }
}

/// What a line end means to a [`Segmenter`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LineEnds {
    /// Hard, unless the document was evidently cut to a width; the default.
    #[default]
    Auto,
    /// Every line end ends a segment.
    Hard,
}

/// Cuts documents into sentences; settings first, then any number of texts.
///
/// ```
/// use nasaq_text::{Language, Segmenter};
///
/// let segmenter = Segmenter::new(Language::Arabic).semicolons(true);
/// let pieces: Vec<&str> = segmenter.sentences("وصل د. سامي؛ ثم رحل. لماذا؟").collect();
/// assert_eq!(pieces, ["وصل د. سامي؛ ", "ثم رحل. ", "لماذا؟"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Segmenter {
    language: Language,
    semicolons: bool,
    line_ends: LineEnds,
}

impl Segmenter {
    /// Starts from the default settings for a language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { language, semicolons: false, line_ends: LineEnds::Auto }
    }

    /// Ends segments at the Arabic semicolon `؛` too; off by default.
    #[must_use]
    pub fn semicolons(mut self, on: bool) -> Self {
        self.semicolons = on;
        self
    }

    /// Says what a line end means; [`LineEnds::Auto`] by default.
    #[must_use]
    pub fn line_ends(mut self, line_ends: LineEnds) -> Self {
        self.line_ends = line_ends;
        self
    }

    /// Cuts a text into pieces that concatenate to it, byte for byte.
    ///
    /// White space belongs to the piece before it, at the start of the text to the first piece.
    #[must_use]
    pub fn sentences(self, text: &str) -> Sentences<'_> {
        let wrap = match self.line_ends {
            LineEnds::Auto => Wrap::detect(text),
            LineEnds::Hard => None,
        };
        Sentences { settings: self, text, wrap, at: 0, at_line_start: true }
    }

    /// Cuts a text into segments: trimmed, without blank ones, with their places.
    #[must_use]
    pub fn segments(self, text: &str) -> Vec<Segment<'_>> {
        let mut start = 0;
        let mut segments = Vec::new();
        for piece in self.sentences(text) {
            let segment = Segment::trimmed(piece, start);
            start += piece.len();
            if !segment.text.is_empty() {
                segments.push(segment);
            }
        }
        segments
    }
}

/// Cuts a text into sentences, as [`Segmenter::sentences`] does with default settings.
///
/// ```
/// use nasaq_text::{Language, sentences};
///
/// let pieces: Vec<&str> = sentences("من هنا؟ قال د. سامي.\nعنوان", Language::Arabic).collect();
/// assert_eq!(pieces, ["من هنا؟ ", "قال د. سامي.\n", "عنوان"]);
/// ```
#[must_use]
pub fn sentences(text: &str, language: Language) -> Sentences<'_> {
    Segmenter::new(language).sentences(text)
}

/// Cuts a text into segments, as [`Segmenter::segments`] does with default settings.
///
/// ```
/// use nasaq_text::{Language, segments};
///
/// let segments = segments("Title\n\nMr. Idris came. He left.", Language::English);
/// let texts: Vec<&str> = segments.iter().map(|segment| segment.text).collect();
/// assert_eq!(texts, ["Title", "Mr. Idris came.", "He left."]);
/// assert_eq!(segments[1].bytes(), 7..22);
/// ```
#[must_use]
pub fn segments(text: &str, language: Language) -> Vec<Segment<'_>> {
    Segmenter::new(language).segments(text)
}

/// Takes each line of a text that was segmented before as one segment.
///
/// Empty lines are kept as empty segments, so that numbers of lines are numbers of segments. Lines
/// end at `\n` or `\r\n`; a final line end does not make another segment.
///
/// ```
/// let texts: Vec<&str> = nasaq_text::lines("one. two\r\n\n three \n").iter().map(|s| s.text).collect();
/// assert_eq!(texts, ["one. two", "", "three"]);
/// ```
#[must_use]
pub fn lines(text: &str) -> Vec<Segment<'_>> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let segment = Segment::trimmed(line, start);
            start += line.len();
            segment
        })
        .collect()
}

/// Takes each item of a list as one segment, whatever is in it.
///
/// Offsets count as if the items were the lines of one text, with one `\n` between two.
///
/// ```
/// let items = nasaq_text::items(&["one. two", " three\nfour "]);
/// assert_eq!(items[1].text, "three\nfour");
/// assert_eq!(items[1].bytes(), 10..20);
/// ```
#[must_use]
pub fn items(items: &[impl AsRef<str>]) -> Vec<Segment<'_>> {
    let mut start = 0;
    items
        .iter()
        .map(|item| {
            let segment = Segment::trimmed(item.as_ref(), start);
            start += item.as_ref().len() + 1;
            segment
        })
        .collect()
}

/// The pieces of a text, in order; made by [`Segmenter::sentences`].
#[derive(Clone, Debug)]
pub struct Sentences<'t> {
    settings: Segmenter,
    text: &'t str,
    wrap: Option<Wrap>,
    /// Where the next piece begins.
    at: usize,
    /// The next piece begins a line.
    at_line_start: bool,
}

impl<'t> Iterator for Sentences<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        if self.at == self.text.len() {
            return None;
        }
        let start = self.at;
        let end = self.end_of_sentence();
        self.at = skip(self.text, end, |c| c.is_whitespace() || is_ignorable(c));
        self.at_line_start = self.text[end..self.at].contains(is_line_break);
        Some(&self.text[start..self.at])
    }
}

impl std::iter::FusedIterator for Sentences<'_> {}

impl Sentences<'_> {
    /// Finds the end of the piece that begins at `self.at`, without the white space after it.
    ///
    /// Each character is read a bounded number of times, whatever the text.
    fn end_of_sentence(&self) -> usize {
        let text = self.text;
        let mut at = self.at;
        let mut blank = true;
        let mut first_word = None;
        let (mut aside, mut embedded) = (false, false);
        while let Some(c) = char_at(text, at) {
            // Nearly every character is such a letter.
            if first_word.is_some() && matches!(c, 'a'..='z' | '\u{621}'..='\u{652}') {
                blank = false;
                at += c.len_utf8();
                continue;
            }
            if is_line_break(c) {
                if !blank && Wrap::is_hard(self.wrap.as_ref(), text, at) {
                    return at;
                }
                at = after_break(text, at);
                continue;
            }
            if is_terminator(c) || c == '؛' && self.settings.semicolons {
                blank = false;
                let stop = Stop::read(text, at);
                let place = Place {
                    text,
                    language: self.settings.language,
                    wrap: self.wrap.as_ref(),
                    start: self.at,
                    at_line_start: self.at_line_start,
                    first_word,
                    aside,
                    embedded,
                    stop,
                };
                match place.verdict() {
                    Verdict::End => return stop.end,
                    Verdict::Marker => first_word = None,
                    Verdict::Inside => {}
                }
                aside &= !stop.bracketed;
                embedded &= !stop.quoted;
                at = stop.end;
                continue;
            }
            if let Some(end) = verse_number(text, at) {
                match first_word {
                    // Numbers stand before their verses where one begins the piece.
                    Some(word) if begins_with_number(&text[self.at..word]) => return at,
                    Some(_) => return end,
                    None => {}
                }
                blank = false;
                at = end;
                continue;
            }
            blank &= c.is_whitespace() || is_ignorable(c);
            if opens(c) {
                aside = first_word.is_some();
            } else if closes(c) {
                aside = false;
            } else if is_quote(c) {
                embedded = opens_after_word(&text[self.at..at]);
            } else if first_word.is_none() && is_word(c) {
                first_word = Some(at);
            }
            at += c.len_utf8();
        }
        text.len()
    }
}

/// Tells whether a verse's number is all that stands before the first word.
fn begins_with_number(before: &str) -> bool {
    before.contains(char::is_numeric)
}

/// Tells whether a quotation mark after a text opens in the middle of a sentence, with a word and
/// no colon or comma before it.
fn opens_after_word(before: &str) -> bool {
    let mut chars = before.chars().rev();
    chars.next().is_some_and(is_blank) && chars.next().is_some_and(is_word)
}
