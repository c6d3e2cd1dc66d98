//! XML as the formats here need it: elements and text, with the way down to them and the line.
//!
//! A `<!DOCTYPE>` is skipped, nothing outside the file is opened, and no entity but the five of XML
//! is resolved, so a small file cannot become a large text.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Error, ErrorKind, Result};

/// Elements named in a message about a file that ends too early.
const NAMED: usize = 4;

/// What an [`XmlReader`] comes across.
pub(crate) enum Node<'t> {
    /// An element begins; the path ends with it.
    Start(BytesStart<'t>),
    /// An element has ended; the path is its parent's.
    End(String),
    /// Text directly in the last element of the path; a text may come in several pieces.
    Text(Cow<'t, str>),
}

/// Reads a file from beginning to end.
pub(crate) struct XmlReader<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    path: Vec<String>,
    /// The last element had no content and must end.
    ends: bool,
}

impl<'t> XmlReader<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, reader: Reader::from_str(text), path: Vec::new(), ends: false }
    }

    /// Gives the name, without its prefix, of the element that is so many levels up: 0 is the one
    /// that the reader is in.
    pub(crate) fn up(&self, levels: usize) -> Option<&str> {
        let name = self.path.iter().rev().nth(levels)?;
        Some(name.rsplit(':').next().unwrap_or(name))
    }

    /// Gives the line, from 1, that the reader has come to.
    pub(crate) fn line(&self) -> u64 {
        self.line_of(self.reader.buffer_position())
    }

    fn line_of(&self, position: u64) -> u64 {
        let end = usize::try_from(position).unwrap_or(self.text.len()).min(self.text.len());
        1 + self.text.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count() as u64
    }

    fn wrong(&self, error: quick_xml::Error) -> Error {
        Error::from(ErrorKind::Xml(error)).at_line(self.line())
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
    /// [`ErrorKind::Xml`] for what is not well-formed, [`ErrorKind::Syntax`] for an entity and for
    /// a file that ends inside an element, each with the line.
    pub(crate) fn next(&mut self) -> Result<Option<Node<'t>>> {
        if std::mem::take(&mut self.ends) {
            return Ok(Some(self.end()));
        }
        loop {
            let event = self.reader.read_event().map_err(|error| {
                let line = self.line_of(self.reader.error_position());
                Error::from(ErrorKind::Xml(error)).at_line(line)
            })?;
            return Ok(Some(match event {
                Event::Start(tag) => self.start(tag),
                Event::Empty(tag) => {
                    self.ends = true;
                    self.start(tag)
                }
                Event::End(_) => self.end(),
                Event::Text(text) => Node::Text(text.xml10_content().into_owned().into()),
                Event::CData(text) => Node::Text(text.xml10_content().into_owned().into()),
                Event::GeneralRef(name) => {
                    match name.resolve_char_ref().map_err(|error| self.wrong(error))? {
                        Some(c) => Node::Text(c.to_string().into()),
                        None => Node::Text(
                            resolve_predefined_entity(&name)
                                .ok_or_else(|| {
                                    let what = format!("the entity &{};", &*name);
                                    Error::syntax(self.line(), what, "write the character itself")
                                })?
                                .into(),
                        ),
                    }
                }
                Event::Eof if self.path.is_empty() => return Ok(None),
                Event::Eof => {
                    let last = &self.path[self.path.len().saturating_sub(NAMED)..];
                    let what = format!("the file ends inside <{}>", last.join("><"));
                    let wanted = "the file was cut short: get it again";
                    return Err(Error::syntax(self.line(), what, wanted));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
            }));
        }
    }

    fn start(&mut self, tag: BytesStart<'t>) -> Node<'t> {
        self.path.push(tag.name().as_ref().to_owned());
        Node::Start(tag)
    }

    fn end(&mut self) -> Node<'t> {
        let name = self.path.pop().unwrap_or_default();
        Node::End(name.rsplit(':').next().unwrap_or(&name).to_owned())
    }
}
