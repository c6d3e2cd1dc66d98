//! Anchors as they are typed and as files list them.

use std::path::Path;

use nasaq::Anchor;
use nasaq_formats::Document;

use crate::failure::Failure;

/// An anchor and where it was given, for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlacedAnchor {
    /// The pair.
    pub(crate) anchor: Anchor,
    /// `--anchor 3:4`, or a file and its line.
    pub(crate) place: String,
}

/// Reads `S:T`.
pub(crate) fn parse_anchor(text: &str) -> Result<Anchor, String> {
    let (src, tgt) = text.split_once(':').ok_or("two segment numbers, as in 3:4")?;
    numbers(src, tgt).ok_or_else(|| "two segment numbers from 0, as in 3:4".to_owned())
}

/// Reads a file with two numbers a line, divided by a tab or spaces; empty lines and lines that
/// begin with `#` are skipped.
pub(crate) fn read_anchors(path: &Path) -> anyhow::Result<Vec<PlacedAnchor>> {
    let document = Document::read(path)?;
    let mut anchors = Vec::new();
    for (line, number) in document.text.lines().zip(1..) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let place = format!("{}:{number}", document.name);
        let anchor = match fields.as_slice() {
            [] => continue,
            [first, ..] if first.starts_with('#') => continue,
            [src, tgt] => numbers(src, tgt),
            _ => None,
        };
        let anchor = anchor.ok_or_else(|| {
            Failure::input(format!("{place}: this is no pair of segments"))
                .hint("a line has two segment numbers from 0, divided by a tab")
        })?;
        anchors.push(PlacedAnchor { anchor, place });
    }
    Ok(anchors)
}

fn numbers(src: &str, tgt: &str) -> Option<Anchor> {
    Some(Anchor { src: src.trim().parse().ok()?, tgt: tgt.trim().parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_anchors_are_two_numbers() {
        assert_eq!(parse_anchor("3:4"), Ok(Anchor { src: 3, tgt: 4 }));
        for bad in ["", "3", "3:", ":4", "3:4:5", "-1:0", "a:b"] {
            assert!(parse_anchor(bad).is_err(), "{bad}");
        }
    }
}
