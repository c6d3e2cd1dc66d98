//! XML as the formats here need it: elements and text, with the way down to them and the line.
//!
//! A file is read as it comes, so memory holds one element's tag or one run of text. XML is hostile
//! input: a `<!DOCTYPE>` is skipped, nothing outside the file is opened, no entity but the five of
//! XML is resolved, so a small file cannot become a large text; elements lie at most [`DEEPEST`]
//! levels deep, and a tag, a run of text or a unit of a bitext has at most [`LONGEST`] bytes.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Error, ErrorKind, Result};

/// Elements named in a message about a file that ends too early.
const NAMED: usize = 4;
/// Elements inside each other at most.
pub(crate) const DEEPEST: usize = 256;
/// Bytes of a tag, a comment or a run of text at most.
pub(crate) const LONGEST: u64 = 1 << 26;

/// What an [`XmlReader`] comes across.
pub(crate) enum Node {
    /// An element begins; the path ends with it.
    Start(BytesStart<'static>),
    /// An element has ended; the path is its parent's.
    End(String),
    /// Text directly in the last element of the path; a text may come in several pieces.
    Text(Cow<'static, str>),
}

/// Reads a file from beginning to end.
pub(crate) struct XmlReader<R> {
    reader: Reader<Counted<R>>,
    buffer: Vec<u8>,
    path: Vec<String>,
    /// The last element had no content and must end.
    ends: bool,
    /// Where the unit began that the reader is in.
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
        let reader = Reader::from_reader(Counted { stream, lines: 0, token: 0 });
        Self { reader, buffer: Vec::new(), path: Vec::new(), ends: false, unit: None }
    }

    /// Gives the name, without its prefix, of the element that is so many levels up: 0 is the one
    /// that the reader is in.
    pub(crate) fn up(&self, levels: usize) -> Option<&str> {
        let name = self.path.iter().rev().nth(levels)?;
        Some(name.rsplit(':').next().unwrap_or(name))
    }

    /// Gives the line, from 1, that the reader has come to.
    pub(crate) fn line(&self) -> u64 {
        1 + self.reader.get_ref().lines
    }

    /// Says that a unit begins, or where none follows that it has ended: what is kept of one has a
    /// limit.
    pub(crate) fn unit(&mut self, begins: bool) {
        self.unit = begins.then(|| self.reader.buffer_position());
    }

    fn too_long(&self) -> Error {
        let what = format!("a tag, a text or a unit of more than {} MB", LONGEST >> 20);
        Error::syntax(self.line(), what, "that is too long for any sentence")
    }

    fn wrong(&self, error: quick_xml::Error) -> Error {
        if self.reader.get_ref().token > LONGEST {
            return self.too_long();
        }
        let kind = match error {
            quick_xml::Error::Io(source) => {
                let copy = io::Error::new(source.kind(), source.to_string());
                return Error::reading(copy);
            }
            error => ErrorKind::Xml(error.into()),
        };
        Error::from(kind).at_line(self.line())
    }

    /// Gives the value of the first attribute that has one of the names.
    pub(crate) fn attribute(&self, tag: &BytesStart<'_>, names: &[&str]) -> Result<Option<String>> {
        for found in tag.attributes() {
            let found = found.map_err(|error| self.wrong(error.into()))?;
            if names.contains(&found.key.as_ref()) {
                let version = quick_xml::XmlVersion::Implicit1_0;
                let value = found.normalized_value(version);
                return Ok(Some(value.map_err(|error| self.wrong(error))?.into_owned()));
            }
        }
        Ok(None)
    }

    /// Goes on to the next node; `None` at the end of the file.
    ///
    /// # Errors
    /// [`ErrorKind::Xml`] for what is not well-formed, [`ErrorKind::Syntax`] for an entity, for what
    /// is too deep or too long and for a file that ends inside an element, each with the line.
    pub(crate) fn next(&mut self) -> Result<Option<Node>> {
        if std::mem::take(&mut self.ends) {
            return Ok(Some(self.end()));
        }
        loop {
            let position = self.reader.buffer_position();
            if self.unit.is_some_and(|start| position - start > LONGEST) {
                return Err(self.too_long());
            }
            self.buffer.clear();
            self.reader.get_mut().token = 0;
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => return Err(self.wrong(error)),
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
                            let wanted = "write the character itself";
                            return Err(Error::syntax(self.line(), what, wanted));
                        }
                    },
                    Err(error) => return Err(self.wrong(error)),
                },
                Event::Eof if self.path.is_empty() => return Ok(None),
                Event::Eof => {
                    let last = &self.path[self.path.len().saturating_sub(NAMED)..];
                    let what = format!("the file ends inside <{}>", last.join("><"));
                    let wanted = "the file was cut short: get it again";
                    return Err(Error::syntax(self.line(), what, wanted));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            };
            return Ok(Some(Node::Text(text.into())));
        }
    }

    fn start(&mut self, tag: BytesStart<'static>) -> Result<Node> {
        if self.path.len() == DEEPEST {
            let what = format!("more than {DEEPEST} elements inside each other");
            return Err(Error::syntax(self.line(), what, "is it the right file?"));
        }
        self.path.push(tag.name().as_ref().to_owned());
        Ok(Node::Start(tag))
    }

    fn end(&mut self) -> Node {
        let name = self.path.pop().unwrap_or_default();
        Node::End(name.rsplit(':').next().unwrap_or(&name).to_owned())
    }
}

/// A stream that counts its lines, and ends in an error inside of what is too long.
struct Counted<R> {
    stream: R,
    lines: u64,
    /// Bytes of what is being read.
    token: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.token > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.stream.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        // What is consumed was filled before, so this reads nothing.
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
    fn what_is_too_deep_or_too_long_is_refused() {
        let deep = "<a>".repeat(DEEPEST + 1);
        let error = read(&deep).expect_err("too deep").to_string();
        assert_eq!(error, "line 1: more than 256 elements inside each other");
        let long = io::repeat(b'x').take(2 * LONGEST);
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
    fn entities_are_never_expanded() {
        let text =
            "<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d SYSTEM \"file:///etc/passwd\">]>\n<a>&d;</a>";
        assert_eq!(read(text).expect_err("an entity").to_string(), "line 2: the entity &d;");
        read("<a b='&#x26;&lt;'>&amp;&#x627;&gt;&apos;&quot;</a>").expect("the five and numbers");
    }
}
