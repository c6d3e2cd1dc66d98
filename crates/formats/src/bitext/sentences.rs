//! The sentences of an XML document that has an id for each, as corpora keep them: `<s id="…">`.

use std::collections::HashMap;
use std::io::BufRead;

use quick_xml::events::BytesStart;

use super::BitextRow;
use super::writer::Buffers;
use crate::bitext::markup::element;
use crate::bitext::table_layout::flat;
use crate::error::{Error, ErrorKind, Result};
use crate::xml::{Node, XmlReader};

/// The maximum length of the sentences of a document in bytes.
pub(super) const MAX_SENTENCES: usize = 1 << 30;
/// Elements that divide words.
const BREAKS: [&str; 4] = ["lb", "br", "pb", "cb"];
/// Elements that contain one word of a text whose words were separated.
const WORDS: [&str; 3] = ["w", "tok", "pc"];

/// A sentence of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sentence {
    /// The number of sentences before it.
    pub(super) index: u64,
    pub(super) text: String,
    /// Its language, as the document has it; empty if it has none.
    pub(super) lang: String,
    /// The name of its element.
    pub(super) element: String,
}

/// The sentences of a document by their ids.
#[derive(Debug, Default)]
pub(super) struct Sentences {
    pub(super) by_id: HashMap<String, Sentence>,
    /// The language that the document declares first.
    pub(super) lang: Option<String>,
    /// Whether its words are elements.
    pub(super) has_words: bool,
    /// How many sentences there are.
    pub(super) count: u64,
    /// How many sentences of all documents have no id, or that of another one.
    pub(super) unusable: u64,
    bytes: usize,
    /// Whether a word begins that has no text yet.
    begins_word: bool,
    open: Vec<OpenSentence>,
    langs: Vec<String>,
}

/// A sentence whose end was not read yet.
#[derive(Debug)]
struct OpenSentence {
    id: String,
    depth: usize,
    sentence: Sentence,
}

impl Sentences {
    /// Reads a whole document. Sentences are the elements with the name, and others if `is_wanted`
    /// holds for their id.
    pub(super) fn read(
        stream: impl BufRead,
        name: &str,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Self> {
        let mut xml = XmlReader::from_stream(stream);
        let mut sentences = Self::default();
        while let Some(node) = xml.next()? {
            let is_sentence = |element: &str, id: &str| element == name || is_wanted(id);
            sentences.node(&xml, &node, is_sentence)?;
        }
        Ok(sentences)
    }

    /// Returns the sentences so far, and begins the next document of a file.
    pub(super) fn take(&mut self) -> HashMap<String, Sentence> {
        (self.bytes, self.count) = (0, 0);
        std::mem::take(&mut self.by_id)
    }

    /// Takes a node of a document.
    pub(super) fn node<R: BufRead>(
        &mut self,
        xml: &XmlReader<R>,
        node: &Node,
        is_sentence: impl Fn(&str, &str) -> bool,
    ) -> Result<()> {
        match node {
            Node::Start(tag) => self.start(xml, tag, is_sentence),
            Node::Text(text) => self.text(text),
            Node::End(_) => {
                self.langs.pop();
                if self.open.last().is_some_and(|open| open.depth > self.langs.len()) {
                    self.end();
                }
                Ok(())
            }
        }
    }

    fn start<R: BufRead>(
        &mut self,
        xml: &XmlReader<R>,
        tag: &BytesStart<'_>,
        is_sentence: impl Fn(&str, &str) -> bool,
    ) -> Result<()> {
        let name = xml.up(0).unwrap_or_default();
        let lang = match xml.attribute(tag, &["xml:lang", "lang"])? {
            Some(lang) => {
                self.lang.get_or_insert_with(|| lang.clone());
                lang
            }
            None => self.langs.last().cloned().unwrap_or_default(),
        };
        self.langs.push(lang.clone());
        if !self.open.is_empty() {
            let begins_word = WORDS.contains(&name);
            self.has_words |= begins_word;
            self.begins_word |= begins_word;
            if BREAKS.contains(&name) {
                self.text("\n")?;
            }
        }
        let Some(id) = xml.attribute(tag, &["xml:id", "id"])? else {
            self.unusable += u64::from(name == "s");
            return Ok(());
        };
        if is_sentence(name, &id) {
            let sentence = Sentence {
                index: self.count,
                lang,
                element: name.to_owned(),
                ..Sentence::default()
            };
            self.count += 1;
            self.open.push(OpenSentence { id, depth: self.langs.len(), sentence });
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<()> {
        // Words without anything between them are not one word.
        let is_next_word = std::mem::take(&mut self.begins_word)
            && text.starts_with(char::is_alphanumeric)
            && self.open.iter().any(|it| it.sentence.text.ends_with(char::is_alphanumeric));
        for open in &mut self.open {
            if is_next_word {
                open.sentence.text.push(' ');
                self.bytes += 1;
            }
            open.sentence.text.push_str(text);
            self.bytes += text.len();
        }
        if self.bytes > MAX_SENTENCES {
            return Err(ErrorKind::TooLarge { max_bytes: MAX_SENTENCES as u64 }.into());
        }
        Ok(())
    }

    fn end(&mut self) {
        let Some(OpenSentence { id, mut sentence, .. }) = self.open.pop() else { return };
        sentence.text = without_layout(&sentence.text);
        // Paragraphs may be counted like sentences.
        let known = self.by_id.get(&id);
        if known.is_none_or(|known| known.element != "s" && sentence.element == "s") {
            self.by_id.insert(id, sentence);
        } else {
            self.unusable += u64::from(sentence.element == "s");
        }
    }
}

/// Removes line breaks and the white space around them, which are those of the file; other spaces
/// are part of the text.
fn without_layout(text: &str) -> String {
    const LAYOUT: [char; 3] = ['\n', '\r', '\t'];
    if !text.contains(LAYOUT) {
        return text.to_owned();
    }
    let lines = text.split(LAYOUT).map(|line| line.trim_matches(' '));
    let filled: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    filled.join(" ")
}

/// Returns the sentences of one side of a row: its segments, if they are known, or its text.
pub(super) fn texts_of<'r>(row: &'r BitextRow, side: usize) -> Vec<&'r str> {
    let text: &'r str = [&row.src, &row.tgt][side];
    if text.is_empty() {
        return Vec::new();
    }
    let mut texts = Vec::new();
    let mut start = 0;
    for &end in row.origin.segment_ends.iter().flat_map(|ends| &ends[side]) {
        let end = end as usize;
        // A text that was changed since has other segments.
        if end < start || text.as_bytes().get(end) != Some(&b' ') {
            return vec![text];
        }
        texts.push(&text[start..end]);
        start = end + 1;
    }
    texts.push(&text[start..]);
    texts
}

/// Returns a sentence as the content of an element.
pub(super) fn content(text: &str, out: &mut Buffers) -> String {
    let flat = flat(text, false, &mut out.losses).into_owned();
    element(&flat, &mut out.losses).into_owned()
}

/// Returns the error of a document without sentences.
pub(super) fn no_sentences() -> Error {
    let what = "the document has no sentences with an id".to_owned();
    let remedy = "sentences are elements such as <s id=\"1\"> or <s xml:id=\"s1\">";
    ErrorKind::Syntax { what, remedy: remedy.into() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Sentences {
        Sentences::read(text.as_bytes(), "s", |_| false).expect("a document")
    }

    #[test]
    fn sentences_are_found_at_any_depth_and_words_are_noted() {
        let text = "<?xml version='1.0'?><!DOCTYPE t SYSTEM 'x.dtd'>
<text lang='en'><p id='1'><s id='1:1'>Who is <hi>he</hi>?</s> <s id='1:2'>
  <w id='w1'>He</w>\n  <w>knows</w>\n  <w>.</w>\n</s><s>No id</s></p><s id='2'/></text>";
        let found = read(text);
        let texts = ["1:1", "1:2", "2"].map(|id| found.by_id[id].text.as_str());
        assert_eq!(texts, ["Who is he?", "He knows .", ""]);
        let compact = "<t><s id='1'><w>He</w><w>knows</w><w>.</w></s></t>";
        assert_eq!(read(compact).by_id["1"].text, "He knows.");
        assert_eq!(found.by_id["2"].index, 2);
        assert_eq!((found.lang.as_deref(), found.has_words, found.count), (Some("en"), true, 3));
        assert_eq!(found.by_id["1:1"].lang, "en");
    }

    #[test]
    fn other_elements_are_sentences_if_they_are_linked() {
        let text =
            "<t><head id='h'>A  b</head><p id='1'><s id='1'>c</s></p><p id='2'>d<lb/>e</p></t>";
        let found = Sentences::read(text.as_bytes(), "s", |_| true).expect("a document");
        let texts = ["h", "1", "2"].map(|id| found.by_id[id].text.as_str());
        assert_eq!(texts, ["A  b", "c", "d e"]);
        assert_eq!(read(text).by_id.len(), 1);
    }

    #[test]
    fn only_the_layout_of_the_file_is_removed() {
        for (text, expected) in [
            (" a  b ", " a  b "),
            ("\n  a\n\n b \n", "a b"),
            ("a\u{a0}b\tc", "a\u{a0}b c"),
            ("\n", ""),
        ] {
            assert_eq!(without_layout(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_row_is_divided_into_its_segments_unless_it_was_changed() {
        let mut row = BitextRow::new("a b c", "d");
        row.origin.segment_ends = Some(Box::new([vec![1, 3], Vec::new()]));
        assert_eq!(texts_of(&row, 0), ["a", "b", "c"]);
        assert_eq!(texts_of(&row, 1), ["d"]);
        row.src = "a bc d".to_owned();
        assert_eq!(texts_of(&row, 0), ["a bc d"]);
    }
}
