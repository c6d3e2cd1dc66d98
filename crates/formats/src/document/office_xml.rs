//! The XML of documents of office programs.

use quick_xml::events::BytesStart;

use crate::error::Result;
use crate::xml::{Node, XmlReader};

/// A reader of XML that can skip elements and knows the attribute names of Word.
pub(crate) struct OfficeXml<'x> {
    pub(crate) reader: XmlReader<&'x [u8]>,
    depth: usize,
}

impl<'x> OfficeXml<'x> {
    pub(crate) fn new(xml: &'x str) -> Self {
        Self { reader: XmlReader::new(xml), depth: 0 }
    }

    pub(crate) fn next(&mut self) -> Result<Option<Node>> {
        let node = self.reader.next()?;
        match &node {
            Some(Node::Start(_)) => self.depth += 1,
            Some(Node::End(_)) => self.depth -= 1,
            _ => {}
        }
        Ok(node)
    }

    /// Returns an attribute, with the usual prefix or without one.
    pub(crate) fn get(&self, tag: &BytesStart<'_>, name: &str) -> Result<Option<String>> {
        self.reader.attribute(tag, &[name, &format!("w:{name}")])
    }

    /// Reports whether a switch is on: it is unless its value turns it off.
    pub(crate) fn is_on(&self, tag: &BytesStart<'_>) -> Result<bool> {
        let value = self.get(tag, "val")?;
        Ok(!value.is_some_and(|it| matches!(it.as_str(), "0" | "false" | "off" | "none")))
    }

    /// Skips the element that has just started.
    pub(crate) fn skip(&mut self) -> Result<()> {
        let outside = self.depth - 1;
        while self.depth > outside && self.next()?.is_some() {}
        Ok(())
    }
}

/// Returns the name of an element without its prefix.
pub(crate) fn local<'t>(tag: &'t BytesStart<'_>) -> &'t str {
    let name = tag.name().into_inner();
    name.rsplit(':').next().unwrap_or(name)
}
