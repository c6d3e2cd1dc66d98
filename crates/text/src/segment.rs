//! Sentence segmentation.
//!
//! A line end always ends a segment, because headings, captions and list items carry no full stop.
//! The exception is a document that is evidently hard-wrapped at a fixed width: there, the line
//! ends inside a paragraph count as spaces. Inside a line, sentences end at `.` `!` `?` `؟` `…` `۔`
//! with the quotation marks and brackets that close after them, and never at `،` or `:`. A sentence
//! does not end at an abbreviation, an initial, a number or a list number, or before the words that
//! attribute a quotation (`قال الرجل`). The number of a verse, `﴿٢﴾`, ends the verse.
//!
//! Long text without line ends is segmented somewhat finer: `segment/running.rs`.
//!
//! To add an abbreviation, see the comment of `segment/arabic.rs` and the lists at the top of
//! `segment/english.rs`; its test case goes into `tests/cases/segment.toml`.

mod abbreviation;
mod arabic;
mod english;
mod marks;
mod rules;
mod running;
mod stop;
mod wrap;

pub use self::abbreviation::Abbreviations;
use self::marks::{
    after_break, char_at, closes, is_blank, is_closing_mark, is_opening_mark, is_quote,
    is_terminator, is_word, opens, skip, verse_number,
};
use self::rules::{StopContext, StopRole};
use self::running::Running;
pub use self::running::{ends_with_stop, is_running};
use self::stop::Stop;
use self::wrap::Wrap;
pub use self::wrap::possible_paragraphs;
use crate::language::Language;
use crate::normalise::{is_ignorable, is_line_break};

/// A slice of a document's text: a sentence, a heading or a line.
///
/// The segment knows its byte offset in the document, so results always refer to the original
/// text. Segments that this crate returns have no white space around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Segment<'t> {
    /// The segment's text.
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
    /// Creates a segment from a slice of a document and the byte offset where the slice begins.
    #[must_use]
    pub fn new(text: &'t str, start: usize) -> Self {
        Self { text, start }
    }

    /// Returns the half-open byte range of the text in the document.
    #[must_use]
    pub fn bytes(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Returns the segment without white space around its text.
    ///
    /// Invisible characters such as direction marks are kept on the lines of the text, and removed
    /// on other lines. A byte order mark at the beginning of the document is removed.
    ///
    /// ```
    /// use nasaq_text::Segment;
    ///
    /// let segment = Segment::new("  نعم. ", 40).trim();
    /// assert_eq!(segment, Segment::new("نعم.", 42));
    /// ```
    #[must_use]
    pub fn trim(self) -> Self {
        let text =
            if self.start == 0 { self.text.trim_start_matches('\u{FEFF}') } else { self.text };
        let start = self.start + self.text.len() - text.len();
        let trimmed = text.trim_start();
        if !trimmed.starts_with(is_ignorable) && !text.trim_end().ends_with(is_ignorable) {
            let start = start + text.len() - trimmed.len();
            return Self { text: trimmed.trim_end(), start };
        }
        let hidden = |c: char| c.is_whitespace() || is_ignorable(c);
        let visible = text.len() - text.trim_start_matches(hidden).len();
        if visible == text.len() {
            return Self { text: "", start: start + text.len() };
        }
        let from = line_beginning(text, visible);
        let end = text.trim_end_matches(hidden).len();
        let line = &text[from..skip(text, end, |c| !is_line_break(c))];
        let trimmed = line.trim_start();
        Self { text: trimmed.trim_end(), start: start + from + line.len() - trimmed.len() }
    }
}

/// How a [`Segmenter`] treats line ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LineEnds {
    /// Every line end ends a segment, unless the lines of the document were evidently wrapped; the
    /// default.
    #[default]
    Auto,
    /// Every line end ends a segment.
    Hard,
    /// Line ends are spaces, except before blank lines and list items and after headings.
    Soft,
}

/// Splits documents into sentences: configure it once, then use it for any number of texts.
///
/// ```
/// use nasaq_text::{Language, Segmenter};
///
/// let segmenter = Segmenter::new(Language::Arabic).semicolons(true);
/// let sentences: Vec<&str> = segmenter.sentences("وصل د. سامي؛ ثم رحل. لماذا؟").collect();
/// assert_eq!(sentences, ["وصل د. سامي؛ ", "ثم رحل. ", "لماذا؟"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segmenter {
    language: Language,
    semicolons: bool,
    line_ends: LineEnds,
    abbreviations: Abbreviations,
}

impl Segmenter {
    /// Creates a segmenter with the default settings for a language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let abbreviations = Abbreviations::new();
        Self { language, semicolons: false, line_ends: LineEnds::Auto, abbreviations }
    }

    /// Sets whether the Arabic semicolon `؛` ends a segment; off by default.
    #[must_use]
    pub fn semicolons(mut self, on: bool) -> Self {
        self.semicolons = on;
        self
    }

    /// Sets how line ends are treated; [`LineEnds::Auto`] by default.
    #[must_use]
    pub fn line_ends(mut self, line_ends: LineEnds) -> Self {
        self.line_ends = line_ends;
        self
    }

    /// Sets abbreviations after which no sentence ends, besides the built-in ones.
    #[must_use]
    pub fn abbreviations(mut self, abbreviations: Abbreviations) -> Self {
        self.abbreviations = abbreviations;
        self
    }

    /// Splits a text into sentences that concatenate to it, byte for byte.
    ///
    /// White space belongs to the sentence before it, and at the start of the text to the first
    /// sentence.
    #[must_use]
    pub fn sentences<'t>(&self, text: &'t str) -> Sentences<'t> {
        let wrap = match self.line_ends {
            LineEnds::Auto => Wrap::detect(text),
            LineEnds::Hard => None,
            LineEnds::Soft => Some(Wrap::forced(text)),
        };
        let running = match self.line_ends {
            LineEnds::Auto => Running::detect(text),
            LineEnds::Hard | LineEnds::Soft => None,
        };
        Sentences { settings: self.clone(), text, wrap, running, start: 0, at_line_start: true }
    }

    /// Splits a text into segments: its sentences, trimmed, with their offsets and without the
    /// blank ones.
    #[must_use]
    pub fn segments<'t>(&self, text: &'t str) -> Vec<Segment<'t>> {
        let mut start = 0;
        let mut segments = Vec::new();
        for sentence in self.sentences(text) {
            let segment = Segment::new(sentence, start).trim();
            start += sentence.len();
            if !segment.text.is_empty() {
                segments.push(segment);
            }
        }
        segments
    }
}

/// Splits a text into sentences: [`Segmenter::sentences`] with the default settings.
///
/// ```
/// use nasaq_text::{Language, sentences};
///
/// let found: Vec<&str> = sentences("من هنا؟ قال د. سامي.\nعنوان", Language::Arabic).collect();
/// assert_eq!(found, ["من هنا؟ ", "قال د. سامي.\n", "عنوان"]);
/// ```
#[must_use]
pub fn sentences(text: &str, language: Language) -> Sentences<'_> {
    Segmenter::new(language).sentences(text)
}

/// Splits a text into segments: [`Segmenter::segments`] with the default settings.
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

/// Returns each line of an already segmented text as one segment.
///
/// An empty line becomes an empty segment, so the index of a segment is the index of its line.
/// Lines end at `\n` or `\r\n`; a line end at the end of the text does not begin another segment.
///
/// ```
/// let segments = nasaq_text::lines("one. two\r\n\n three \n");
/// let texts: Vec<&str> = segments.iter().map(|segment| segment.text).collect();
/// assert_eq!(texts, ["one. two", "", "three"]);
/// ```
#[must_use]
pub fn lines(text: &str) -> Vec<Segment<'_>> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let segment = Segment::new(line, start).trim();
            start += line.len();
            segment
        })
        .collect()
}

/// Returns each item of a list as one segment; an item may contain line ends.
///
/// Offsets are those in a text that joins the items with one `\n` between two items.
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
            let segment = Segment::new(item.as_ref(), start).trim();
            start += item.as_ref().len() + 1;
            segment
        })
        .collect()
}

/// An iterator over the sentences of a text, created by [`Segmenter::sentences`].
#[derive(Clone, Debug)]
pub struct Sentences<'t> {
    settings: Segmenter,
    text: &'t str,
    wrap: Option<Wrap>,
    /// If the text is running text, in which segments may end without a stop.
    running: Option<Running>,
    /// The byte where the next sentence begins.
    start: usize,
    /// Whether the next sentence begins a line.
    at_line_start: bool,
}

impl<'t> Iterator for Sentences<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        if self.start == self.text.len() {
            return None;
        }
        let start = self.start;
        let end = self.end_of_sentence();
        self.start = next_start(self.text, end);
        self.at_line_start = self.text[end..self.start].contains(is_line_break);
        Some(&self.text[start..self.start])
    }
}

impl std::iter::FusedIterator for Sentences<'_> {}

impl Sentences<'_> {
    /// Returns the end of the sentence that begins at `self.start`, without the white space after
    /// it.
    ///
    /// Takes time linear in the length of the sentence: every look-ahead is bounded.
    fn end_of_sentence(&self) -> usize {
        let text = self.text;
        let mut at = self.start;
        let mut blank = true;
        let mut first_word = None;
        let (mut in_brackets, mut in_quotation) = (false, false);
        while let Some(c) = char_at(text, at) {
            // The fast path: almost every character is a letter that no rule looks at.
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
                let context = StopContext {
                    text,
                    language: self.settings.language,
                    abbreviations: &self.settings.abbreviations,
                    wrap: self.wrap.as_ref(),
                    start: self.start,
                    at_line_start: self.at_line_start,
                    first_word,
                    in_brackets,
                    in_quotation,
                    stop,
                };
                match context.role() {
                    StopRole::End => return before_opening_marks(text, stop),
                    StopRole::ListNumber => first_word = None,
                    StopRole::Inside => {}
                }
                in_brackets &= !stop.bracketed;
                in_quotation &= !stop.quoted;
                at = stop.end;
                continue;
            }
            if let Some(end) = verse_number(text, at) {
                match first_word {
                    // This sentence began with a verse number, so here the number of a verse comes
                    // before the verse, and this one belongs to the next.
                    Some(word) if begins_with_number(&text[self.start..word]) => return at,
                    Some(_) => return end,
                    None => {}
                }
                blank = false;
                at = end;
                continue;
            }
            if let Some(running) = self.running
                && is_blank(c)
                && first_word.is_some()
                && !in_brackets
                && running.begins_segment(text, self.start, at)
            {
                return at;
            }
            blank &= c.is_whitespace() || is_ignorable(c);
            if opens(c) {
                in_brackets = first_word.is_some();
            } else if closes(c) {
                in_brackets = false;
            } else if is_quote(c) {
                in_quotation = opens_after_word(&text[self.start..at]);
            } else if first_word.is_none() && is_word(c) {
                first_word = Some(at);
            }
            at += c.len_utf8();
        }
        text.len()
    }
}

/// Returns where the sentence after one that ends at `end` begins.
///
/// White space belongs to the sentence before it. Invisible marks belong to the text that they
/// stand before on its line: a right-to-left mark begins the sentence that it directs.
fn next_start(text: &str, end: usize) -> usize {
    // Nearly always, there is nothing but white space.
    let blank = skip(text, end, char::is_whitespace);
    if !text[blank..].starts_with(is_ignorable) {
        return blank;
    }
    let attached = skip(text, end, |c| is_ignorable(c) && !is_opening_mark(c));
    let visible = skip(text, attached, |c| c.is_whitespace() || is_ignorable(c));
    let gap = &text[attached..visible];
    if visible == text.len() {
        visible
    } else if gap.contains(is_line_break) {
        skip(text, line_beginning(text, visible), char::is_whitespace)
    } else {
        skip(text, attached, |c| c.is_whitespace() || is_closing_mark(c))
    }
}

/// Returns the end of a stop without the marks at its end that open an embedding: they belong to
/// the text after it.
fn before_opening_marks(text: &str, stop: Stop) -> usize {
    if !text[..stop.end].ends_with(is_ignorable) {
        return stop.end;
    }
    let marks = text[stop.start..stop.end].trim_end_matches(is_ignorable).len() + stop.start;
    text[marks..stop.end].find(is_opening_mark).map_or(stop.end, |at| marks + at)
}

/// Returns the first byte of the line that a byte is on.
fn line_beginning(text: &str, at: usize) -> usize {
    text[..at].rfind(is_line_break).map_or(0, |at| at + char_at(text, at).map_or(1, char::len_utf8))
}

/// Returns whether the text before the first word of a sentence contains the number of a verse.
fn begins_with_number(before: &str) -> bool {
    before.contains(char::is_numeric)
}

/// Returns whether a quotation mark after a text opens a quotation in the middle of a sentence,
/// directly after a word: no colon or comma introduces the quotation.
fn opens_after_word(before: &str) -> bool {
    let mut chars = before.chars().rev().filter(|&c| !is_ignorable(c));
    chars.next().is_some_and(is_blank) && chars.next().is_some_and(is_word)
}
