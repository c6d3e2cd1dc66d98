//! The styles of a DOCX, as far as they determine the kind of a paragraph or hide its text.

use std::collections::HashMap;

use crate::document::block::BlockKind;
use crate::document::office_xml::{OfficeXml, local};
use crate::error::Result;
use crate::xml::Node;

/// The maximum length of a chain of styles that are based on each other.
const MAX_CHAIN: usize = 32;

/// The properties of a style of paragraphs or runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Style {
    pub(super) kind: Option<BlockKind>,
    pub(super) hidden: Option<bool>,
    based_on: Option<String>,
}

/// The styles of a document, by their ids.
#[derive(Debug, Default)]
pub(super) struct Styles(HashMap<String, Style>);

impl Styles {
    pub(super) fn read(xml: &str) -> Result<Self> {
        let mut styles = Self::default();
        let mut id = None;
        let mut style = Style::default();
        let mut reader = OfficeXml::new(xml);
        while let Some(node) = reader.next()? {
            match node {
                Node::Start(tag) => match local(&tag) {
                    "style" => {
                        id = reader.get(&tag, "styleId")?;
                        style = Style::default();
                    }
                    "name" => {
                        let name = reader.get(&tag, "val")?.unwrap_or_default();
                        style.kind = kind_of_name(&name).or(style.kind);
                    }
                    "outlineLvl" => {
                        let level = reader.get(&tag, "val")?.and_then(|it| it.parse::<u8>().ok());
                        if let Some(level @ 0..=8) = level {
                            style.kind = style.kind.or(Some(BlockKind::Heading(level + 1)));
                        }
                    }
                    "numPr" => style.kind = style.kind.or(Some(BlockKind::ListItem)),
                    "vanish" => style.hidden = Some(reader.is_on(&tag)?),
                    "basedOn" => style.based_on = reader.get(&tag, "val")?,
                    _ => {}
                },
                Node::End(name) if name == "style" => {
                    if let Some(id) = id.take() {
                        styles.0.insert(id, std::mem::take(&mut style));
                    }
                }
                _ => {}
            }
        }
        Ok(styles)
    }

    /// Returns the first property that a style or one that it is based on has.
    pub(super) fn find<T>(&self, id: &str, get: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let mut id = id;
        for _ in 0..MAX_CHAIN {
            let style = self.0.get(id)?;
            if let Some(found) = get(style) {
                return Some(found);
            }
            id = style.based_on.as_deref()?;
        }
        None
    }
}

/// Returns the kind of a built-in style of Word; their names are English in all its languages.
fn kind_of_name(name: &str) -> Option<BlockKind> {
    let name = name.to_ascii_lowercase();
    if let Some(level) = name.strip_prefix("heading ") {
        return level.parse().ok().filter(|level| (1..=9).contains(level)).map(BlockKind::Heading);
    }
    match name.as_str() {
        "title" => Some(BlockKind::Heading(1)),
        "subtitle" => Some(BlockKind::Heading(2)),
        "caption" => Some(BlockKind::Caption),
        _ if name.starts_with("list ") && name != "list paragraph" => Some(BlockKind::ListItem),
        _ => None,
    }
}
