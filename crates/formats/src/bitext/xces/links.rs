//! Reads the links of a file, one pair of documents at a time.

use std::io::BufRead;

use quick_xml::events::BytesStart;

use crate::error::{Error, ErrorKind, Result};
use crate::remedy::FormatRemedy;
use crate::xml::{Node, XmlReader};

/// The maximum length of the links of a pair of documents in bytes.
const MAX_LINKS: usize = 1 << 30;

/// The links between two documents.
#[derive(Debug, Default)]
pub(super) struct LinkGroup {
    /// The names of the documents: `fromDoc` and `toDoc`.
    pub(super) documents: [String; 2],
    /// The name of the elements that are linked.
    pub(super) element: Option<String>,
    /// Whether it is in `<cesAlign>`.
    pub(super) is_ces: bool,
    pub(super) links: Vec<Link>,
}

/// A link: which sentences of two documents belong together.
#[derive(Debug, Default)]
pub(super) struct Link {
    pub(super) line: u64,
    /// Its attribute `xtargets`, if it has one.
    targets: Option<String>,
    /// Its other attributes.
    pub(super) attributes: Vec<(String, String)>,
}

impl Link {
    /// Returns the ids of both sides, in the order of the file.
    pub(super) fn ids(&self) -> Result<[Vec<&str>; 2]> {
        let expected = "a link is written <link xtargets=\"s1 s2;s1\"/>: the ids of one document, a \
                        semicolon, and those of the other";
        let Some(targets) = &self.targets else {
            return Err(Error::syntax(self.line, "a link without xtargets", expected));
        };
        let Some((first, second)) = targets.split_once(';').filter(|(_, rest)| !rest.contains(';'))
        else {
            let what = format!("the link {targets:?} has not two sides");
            return Err(Error::syntax(self.line, what, expected));
        };
        let sides = [first, second].map(|ids| ids.split_whitespace().collect::<Vec<&str>>());
        if sides.iter().all(Vec::is_empty) {
            return Err(Error::syntax(self.line, "a link that leads to nothing", expected));
        }
        Ok(sides)
    }

    fn len(&self) -> usize {
        let attribute = |(name, value): &(String, String)| name.len() + value.len();
        self.targets.as_ref().map_or(0, String::len)
            + self.attributes.iter().map(attribute).sum::<usize>()
            + size_of::<Self>()
    }
}

/// Reads the groups of a file.
pub(super) struct LinkReader<R> {
    xml: XmlReader<R>,
    /// Whether a group was seen.
    has_groups: bool,
}

impl<R: BufRead> LinkReader<R> {
    pub(super) fn new(stream: R) -> Self {
        Self { xml: XmlReader::from_stream(stream), has_groups: false }
    }

    /// Returns the next group, or `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<LinkGroup>> {
        let mut group: Option<(LinkGroup, usize)> = None;
        let mut is_ces = false;
        while let Some(node) = self.xml.next()? {
            match (&node, &mut group) {
                (Node::Start(tag), Some((group, len))) if self.xml.up(0) == Some("link") => {
                    let link = self.link(tag)?;
                    *len += link.len();
                    group.links.push(link);
                    if *len > MAX_LINKS {
                        return Err(ErrorKind::TooLarge { max_bytes: MAX_LINKS as u64 }.into());
                    }
                }
                (Node::Start(tag), None) if self.xml.up(0) == Some("linkGrp") => {
                    is_ces |= self.xml.is_inside("cesAlign");
                    group = Some((self.group(tag, is_ces)?, 0));
                }
                (Node::End(name), Some(_)) if name == "linkGrp" => {
                    self.has_groups = true;
                    return Ok(group.map(|(group, _)| group));
                }
                _ => {}
            }
        }
        if self.has_groups {
            return Ok(None);
        }
        let what = "this is not cesAlign: it has no <linkGrp>".to_owned();
        Err(ErrorKind::Syntax { what, remedy: FormatRemedy::NameFormat }.into())
    }

    fn group(&self, tag: &BytesStart<'_>, is_ces: bool) -> Result<LinkGroup> {
        let mut names = [const { String::new() }; 2];
        for (document, name) in names.iter_mut().zip(["fromDoc", "toDoc"]) {
            let Some(value) = self.xml.attribute(tag, &[name])? else {
                let what = format!("links without {name}");
                let expected =
                    "<linkGrp> names its documents: fromDoc=\"ar/1.xml\" toDoc=\"en/1.xml\"";
                return Err(Error::syntax(self.xml.line(), what, expected));
            };
            *document = value;
        }
        Ok(LinkGroup {
            documents: names,
            element: self.xml.attribute(tag, &["targType"])?,
            is_ces,
            links: Vec::new(),
        })
    }

    fn link(&self, tag: &BytesStart<'_>) -> Result<Link> {
        let mut link = Link { line: self.xml.line(), ..Link::default() };
        for (name, value) in self.xml.attributes(tag)? {
            match name.as_str() {
                "xtargets" => link.targets = Some(value),
                // It is counted anew.
                "type" => {}
                _ => link.attributes.push((name, value)),
            }
        }
        Ok(link)
    }
}
