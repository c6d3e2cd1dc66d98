//! The XML of a DOCX, node by node.

use quick_xml::events::BytesStart;

use crate::error::Result;
use crate::xml::{Node, XmlReader};

/// A reader of XML that knows how deep it is, and the names of Word's attributes.
pub(super) struct Walk<'x> {
    pub(super) reader: XmlReader<&'x [u8]>,
    depth: usize,
}

impl<'x> Walk<'x> {
    pub(super) fn new(xml: &'x str) -> Self {
        Self { reader: XmlReader::new(xml), depth: 0 }
    }

    pub(super) fn next(&mut self) -> Result<Option<Node>> {
        let node = self.reader.next()?;
        match &node {
            Some(Node::Start(_)) => self.depth += 1,
            Some(Node::End(_)) => self.depth -= 1,
            _ => {}
        }
        Ok(node)
    }

    /// Gives an attribute, with the usual prefix or without one.
    pub(super) fn get(&self, tag: &BytesStart<'_>, name: &str) -> Result<Option<String>> {
        self.reader.attribute(tag, &[name, &format!("w:{name}")])
    }

    /// Tells whether a switch is on: it is unless its value says no.
    pub(super) fn is_on(&self, tag: &BytesStart<'_>) -> Result<bool> {
        let value = self.get(tag, "val")?;
        Ok(!value.is_some_and(|it| matches!(it.as_str(), "0" | "false" | "off" | "none")))
    }

    /// Goes on to after the element that has just begun.
    pub(super) fn skip(&mut self) -> Result<()> {
        let outside = self.depth - 1;
        while self.depth > outside && self.next()?.is_some() {}
        Ok(())
    }
}

/// Gives an element's name without its prefix.
pub(super) fn local<'t>(tag: &'t BytesStart<'_>) -> &'t str {
    let name = tag.name().into_inner();
    name.rsplit(':').next().unwrap_or(name)
}
