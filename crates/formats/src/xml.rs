//! A reader of XML that returns elements and text, with the path to them and the line.
//!
//! A file is read as a stream, so memory holds one tag or one run of text. XML may be hostile: a
//! `<!DOCTYPE>` is skipped, nothing outside the file is opened, and only the five predefined
//! entities are resolved, so that a small file cannot become a large text. Elements are at most
//! [`MAX_DEPTH`] levels deep, and a tag, a run of text or a unit of a bitext has at most
//! [`MAX_LEN`] bytes.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Error, ErrorKind, Result};

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
    reader: Reader<LimitedStream<R>>,
    buffer: Vec<u8>,
    path: Vec<String>,
    /// Whether the last element was empty, so that its end is next.
    ends: bool,
    /// The offset at which the current unit began.
    unit: Option<u64>,
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
        let reader = Reader::from_reader(LimitedStream { stream, lines: 0, token: 0, max_len });
        Self { reader, buffer: Vec::new(), path: Vec::new(), ends: false, unit: None }
    }

    /// Returns the name, without its prefix, of the element `levels` above the current one.
    pub(crate) fn up(&self, levels: usize) -> Option<&str> {
        let name = self.path.iter().rev().nth(levels)?;
        Some(name.rsplit(':').next().unwrap_or(name))
    }

    /// Returns the current line, from 1.
    pub(crate) fn line(&self) -> u64 {
        1 + self.reader.get_ref().lines
    }

    /// Marks the beginning of a unit, whose length is limited, or its end.
    pub(crate) fn unit(&mut self, begins: bool) {
        self.unit = begins.then(|| self.reader.buffer_position());
    }

    fn too_long(&self) -> Error {
        let max_len = self.reader.get_ref().max_len;
        let what = format!("a tag, a text or a unit of more than {} MB", max_len >> 20);
        Error::syntax(
            self.line(),
            what,
            "no sentence is that long; check that it is the right file",
        )
    }

    fn error(&self, error: quick_xml::Error) -> Error {
        if self.reader.get_ref().is_exceeded() {
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
            let position = self.reader.buffer_position();
            if self.unit.is_some_and(|start| position - start > self.reader.get_ref().max_len) {
                return Err(self.too_long());
            }
            self.buffer.clear();
            self.reader.get_mut().token = 0;
            let event = match self.reader.read_event_into(&mut self.buffer) {
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
                Event::End(_) => return Ok(Some(self.end())),
                Event::Text(text) => text.xml10_content().into_owned(),
                Event::CData(text) => text.xml10_content().into_owned(),
                Event::GeneralRef(name) => match name.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    Ok(None) => match resolve_predefined_entity(&name) {
                        Some(text) => text.to_owned(),
                        None => {
                            let what = format!("the entity &{};", &*name);
                            let advice = "write the character itself";
                            return Err(Error::syntax(self.line(), what, advice));
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

    fn end(&mut self) -> Node {
        let name = self.path.pop().unwrap_or_default();
        Node::End(name.rsplit(':').next().unwrap_or(&name).to_owned())
    }
}

/// A stream that counts its lines, and fails within a token that is too long.
struct LimitedStream<R> {
    stream: R,
    lines: u64,
    /// The length of the current token so far, in bytes.
    token: u64,
    /// The maximum length of a token in bytes.
    max_len: u64,
}

impl<R> LimitedStream<R> {
    fn is_exceeded(&self) -> bool {
        self.token > self.max_len
    }
}

impl<R: BufRead> Read for LimitedStream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for LimitedStream<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.is_exceeded() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.stream.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        // The buffer is still filled, so this reads nothing.
        if let Ok(bytes) = self.stream.fill_buf() {
            self.lines += bytes[..count].iter().filter(|byte| **byte == b'\n').count() as u64;
        }
        self.token += count as u64;
        self.stream.consume(count);
    }
}

#[cfg(test)]
mod tests {
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
