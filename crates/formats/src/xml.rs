//! A reader of XML that returns elements and text, with the path to them and the line.
//!
//! A file is read as a stream, so memory holds one tag or one run of text. XML may be hostile: a
//! `<!DOCTYPE>` is skipped, nothing outside the file is opened, and only the five predefined
//! entities are resolved, so that a small file cannot become a large text. Elements are at most
//! [`MAX_DEPTH`] levels deep, and a tag, a run of text or a unit of a bitext has at most
//! [`MAX_LEN`] bytes.

use std::borrow::Cow;
use std::io::{self, BufRead};
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::errors::IllFormedError;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Error, ErrorKind, Result};
use crate::remedy::FormatRemedy;

mod recover;
mod stream;

pub(crate) use recover::UnitElements;

use stream::RecordedStream;

/// The number of elements that the message about a truncated file names.
const NAMED_ELEMENTS: usize = 4;
/// The maximum depth of elements.
pub(crate) const MAX_DEPTH: usize = 256;
/// The maximum length of a tag, a comment, a run of text or a unit in bytes.
pub(crate) const MAX_LEN: u64 = 1 << 26;

/// What an [`XmlReader`] returns.
pub(crate) enum Node {
    /// The start of an element; the path ends with it.
    Start(BytesStart<'static>),
    /// The end of an element; the path is that of its parent.
    End(String),
    /// Text directly in the last element of the path; a text may be split into several nodes.
    Text(Cow<'static, str>),
}

/// Reads a file from beginning to end.
pub(crate) struct XmlReader<R> {
    /// Replaced after an error; always there.
    reader: Option<Reader<RecordedStream<R>>>,
    buffer: Vec<u8>,
    path: Vec<String>,
    /// Whether the last element was empty, so that its end is next.
    ends: bool,
    /// The offset at which the current unit began.
    unit: Option<u64>,
    /// The line on which the current unit began.
    unit_line: Option<u64>,
    /// Where the current node begins in what was recorded.
    node_start: usize,
    /// The elements that a truncated file left open, after [`XmlReader::recover`].
    unclosed: Vec<String>,
}

impl<'t> XmlReader<&'t [u8]> {
    /// Reads a text in memory.
    pub(crate) fn new(text: &'t str) -> Self {
        Self::from_stream(text.as_bytes())
    }
}

impl<R: BufRead> XmlReader<R> {
    /// Reads a stream of UTF-8.
    pub(crate) fn from_stream(stream: R) -> Self {
        Self::with_max_len(stream, MAX_LEN)
    }

    /// Reads a stream of UTF-8 with another maximum length of tags, texts and units.
    fn with_max_len(stream: R, max_len: u64) -> Self {
        Self {
            reader: Some(parser(RecordedStream::new(stream, max_len))),
            buffer: Vec::new(),
            path: Vec::new(),
            ends: false,
            unit: None,
            unit_line: None,
            node_start: 0,
            unclosed: Vec::new(),
        }
    }

    /// Records the bytes that are read, for [`XmlReader::take`] and [`XmlReader::recover`].
    pub(crate) fn recording(mut self) -> Self {
        self.stream_mut().record();
        self
    }

    fn parser(&self) -> &Reader<RecordedStream<R>> {
        self.reader.as_ref().expect("it is only replaced")
    }

    fn stream(&self) -> &RecordedStream<R> {
        self.parser().get_ref()
    }

    fn stream_mut(&mut self) -> &mut RecordedStream<R> {
        self.reader.as_mut().expect("it is only replaced").get_mut()
    }

    /// Returns what was recorded before the current node, and removes it from the record.
    pub(crate) fn take_before(&mut self) -> String {
        let end = std::mem::take(&mut self.node_start);
        self.stream_mut().take(end)
    }

    /// Returns what was recorded, with the current node, and removes it from the record.
    pub(crate) fn take(&mut self) -> String {
        self.node_start = 0;
        let end = self.stream().recorded();
        self.stream_mut().take(end)
    }

    /// Returns the offsets of the current node in what was recorded.
    pub(crate) fn node_range(&self) -> std::ops::Range<usize> {
        self.node_start..self.stream().recorded()
    }

    /// Returns the end tags of the elements that a truncated file left open, after
    /// [`XmlReader::recover`].
    pub(crate) fn missing_ends(&self) -> String {
        self.unclosed.iter().rev().map(|name| format!("</{name}>\n")).collect()
    }

    /// Returns the name, without its prefix, of the element `levels` above the current one.
    pub(crate) fn up(&self, levels: usize) -> Option<&str> {
        let name = self.path.iter().rev().nth(levels)?;
        Some(name.rsplit(':').next().unwrap_or(name))
    }

    /// Returns the current line, from 1.
    pub(crate) fn line(&self) -> u64 {
        1 + self.stream().lines()
    }

    /// Marks the beginning of a unit, whose length is limited, or its end.
    pub(crate) fn unit(&mut self, begins: bool) {
        self.unit = begins.then(|| self.parser().buffer_position());
        self.unit_line = begins.then(|| self.line());
    }

    /// Returns an error of markup with the line on which the current unit begins: where a tag does
    /// not match may be far behind the mistake.
    pub(crate) fn at_unit(&self, error: Error) -> Error {
        match (error.kind(), self.unit_line) {
            (ErrorKind::Xml(_), Some(line)) => error.at_line(line),
            _ => error,
        }
    }

    /// Returns the error of an element that begins before the one of the same name has ended.
    pub(crate) fn ill_formed(&self, name: &str) -> Error {
        self.error(IllFormedError::MissingEndTag(name.to_owned()).into())
    }

    /// Returns the error of a text or a unit that is too long.
    pub(crate) fn too_long(&self) -> Error {
        let max_len = self.stream().max_len();
        let what = format!("a tag, a text or a unit of more than {} MB", max_len >> 20);
        Error::syntax(
            self.line(),
            what,
            "no sentence is that long; check that it is the right file",
        )
    }

    fn error(&self, error: quick_xml::Error) -> Error {
        if self.stream().is_exceeded() {
            return self.too_long();
        }
        let kind = match error {
            quick_xml::Error::Io(source) => {
                return match Arc::try_unwrap(source) {
                    Ok(source) => Error::reading(source),
                    Err(shared) => {
                        Error::reading(io::Error::new(shared.kind(), shared.to_string()))
                    }
                };
            }
            error => ErrorKind::Xml(error.into()),
        };
        Error::from(kind).at_line(self.line())
    }

    /// Returns the value of the first attribute that has one of the names.
    pub(crate) fn attribute(&self, tag: &BytesStart<'_>, names: &[&str]) -> Result<Option<String>> {
        for found in tag.attributes() {
            let found = found.map_err(|error| self.error(error.into()))?;
            if names.contains(&found.key.as_ref()) {
                let version = quick_xml::XmlVersion::Implicit1_0;
                let value = found.normalized_value(version);
                return Ok(Some(value.map_err(|error| self.error(error))?.into_owned()));
            }
        }
        Ok(None)
    }

    /// Returns all attributes by name.
    pub(crate) fn attributes(&self, tag: &BytesStart<'_>) -> Result<Vec<(String, String)>> {
        let mut attributes = Vec::new();
        for found in tag.attributes() {
            let found = found.map_err(|error| self.error(error.into()))?;
            let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            let value = value.map_err(|error| self.error(error))?.into_owned();
            attributes.push((found.key.as_ref().to_owned(), value));
        }
        Ok(attributes)
    }

    /// Reports whether an element of this name, without its prefix, contains the current one.
    pub(crate) fn is_inside(&self, name: &str) -> bool {
        self.path.iter().any(|found| found.rsplit(':').next() == Some(name))
    }

    /// Returns the next node, or `None` at the end of the file.
    ///
    /// # Errors
    /// With the line, [`ErrorKind::Xml`] for XML that is not well-formed, and [`ErrorKind::Syntax`]
    /// for an entity, for elements that are too deep or too long, and for a truncated file.
    pub(crate) fn next(&mut self) -> Result<Option<Node>> {
        if std::mem::take(&mut self.ends) {
            return Ok(Some(self.end()));
        }
        loop {
            let position = self.parser().buffer_position();
            let max_len = self.stream().max_len();
            if self.unit.is_some_and(|start| position - start > max_len) {
                return Err(self.too_long());
            }
            self.buffer.clear();
            self.stream_mut().begin_token();
            self.node_start = self.stream().recorded();
            let parser = self.reader.as_mut().expect("it is only replaced");
            let event = match parser.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(self.error(error)),
            };
            let text = match event {
                Event::Start(tag) => {
                    let tag = tag.into_owned();
                    return self.start(tag).map(Some);
                }
                Event::Empty(tag) => {
                    self.ends = true;
                    let tag = tag.into_owned();
                    return self.start(tag).map(Some);
                }
                Event::End(tag) => {
                    let found = tag.name().as_ref().to_owned();
                    return self.checked_end(found).map(Some);
                }
                Event::Text(text) => text.xml10_content().into_owned(),
                Event::CData(text) => text.xml10_content().into_owned(),
                Event::GeneralRef(name) => match name.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    Ok(None) => match resolve_predefined_entity(&name) {
                        Some(text) => text.to_owned(),
                        None => {
                            let what = format!("the entity &{};", &*name);
                            let remedy = FormatRemedy::ReplaceEntity;
                            return Err(Error::syntax(self.line(), what, remedy));
                        }
                    },
                    Err(error) => return Err(self.error(error)),
                },
                Event::Eof if self.path.is_empty() => return Ok(None),
                Event::Eof => {
                    let last = &self.path[self.path.len().saturating_sub(NAMED_ELEMENTS)..];
                    let what = format!("the file ends inside <{}>", last.join("><"));
                    let advice = "the file is truncated: get it again";
                    return Err(Error::syntax(self.line(), what, advice));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            };
            return Ok(Some(Node::Text(text.into())));
        }
    }

    fn start(&mut self, tag: BytesStart<'static>) -> Result<Node> {
        if self.path.len() == MAX_DEPTH {
            let what = format!("more than {MAX_DEPTH} elements inside each other");
            return Err(Error::syntax(self.line(), what, "check that it is the right file"));
        }
        self.path.push(tag.name().as_ref().to_owned());
        Ok(Node::Start(tag))
    }

    /// Ends the current element if the end tag is its own.
    fn checked_end(&mut self, found: String) -> Result<Node> {
        let error = match self.path.last() {
            Some(expected) if *expected == found => return Ok(self.end()),
            Some(expected) => {
                IllFormedError::MismatchedEndTag { expected: expected.clone(), found }
            }
            None => IllFormedError::UnmatchedEndTag(found),
        };
        Err(self.error(error.into()))
    }

    fn end(&mut self) -> Node {
        let name = self.path.pop().unwrap_or_default();
        Node::End(name.rsplit(':').next().unwrap_or(&name).to_owned())
    }
}

/// Starts a parser that leaves it to [`XmlReader`] to match end tags, because it is replaced inside
/// open elements after an error.
fn parser<R: BufRead>(stream: RecordedStream<R>) -> Reader<RecordedStream<R>> {
    let mut reader = Reader::from_reader(stream);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    reader
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn read(text: &str) -> Result<()> {
        let mut reader = XmlReader::new(text);
        while reader.next()?.is_some() {}
        Ok(())
    }

    #[test]
    fn elements_that_are_too_deep_or_too_long_are_refused() {
        let deep = "<a>".repeat(MAX_DEPTH + 1);
        let error = read(&deep).expect_err("too deep").to_string();
        assert_eq!(error, "line 1: more than 256 elements inside each other");
        let long = io::repeat(b'x').take(2 * MAX_LEN);
        let stream = (&b"<a>\n"[..]).chain(long);
        let mut reader = XmlReader::from_stream(io::BufReader::new(stream));
        let error = loop {
            match reader.next() {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it does not end"),
                Err(error) => break error.to_string(),
            }
        };
        assert_eq!(error, "line 2: a tag, a text or a unit of more than 64 MB");
    }

    #[test]
    fn the_maximum_length_itself_is_accepted() {
        let read = |text: &str, is_unit: bool| -> Result<()> {
            // One byte at a time, so that the limit is checked before each.
            let stream = io::BufReader::with_capacity(1, io::Cursor::new(text.to_owned()));
            let mut reader = XmlReader::with_max_len(stream, 16);
            while let Some(node) = reader.next()? {
                match node {
                    Node::Start(_) if is_unit && reader.up(0) == Some("u") => reader.unit(true),
                    Node::End(name) if name == "u" => reader.unit(false),
                    _ => {}
                }
            }
            Ok(())
        };
        let text = |len: usize| format!("<a>{}</a>", "x".repeat(len));
        read(&text(16), false).expect("the maximum length");
        read(&text(17), false).expect_err("one byte more");
        let unit = |len: usize| format!("<u>{}</u>", "<b/>".repeat(len / 4) + &" ".repeat(len % 4));
        read(&unit(16), true).expect("the maximum length");
        read(&unit(17), true).expect_err("one byte more");
    }

    #[test]
    fn entities_are_never_expanded() {
        let text =
            "<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d SYSTEM \"file:///etc/passwd\">]>\n<a>&d;</a>";
        assert_eq!(read(text).expect_err("an entity").to_string(), "line 2: the entity &d;");
        read("<a b='&#x26;&lt;'>&amp;&#x627;&gt;&apos;&quot;</a>")
            .expect("predefined entities and character references");
    }
}
