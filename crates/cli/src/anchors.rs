//! Anchors, from the command line and from files.

use std::path::Path;

use nasaq::Anchor;
use nasaq_formats::Document;

use crate::failure::Failure;

/// An anchor, and where it was given, for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlacedAnchor {
    /// The pair of segments.
    pub(crate) anchor: Anchor,
    /// Where it was given: `--anchor 3:4`, or a file and its line.
    pub(crate) place: String,
}

/// Parses `S:T`.
pub(crate) fn parse_anchor(text: &str) -> Result<Anchor, String> {
    let (src, tgt) = text.split_once(':').ok_or("two segment indices are expected, as in 3:4")?;
    anchor(src, tgt).ok_or_else(|| "two segment indices from 0 are expected, as in 3:4".to_owned())
}

/// Reads a file with two indices per line, separated by a tab or spaces. Empty lines and lines that
/// start with `#` are skipped.
pub(crate) fn read_anchors(path: &Path) -> anyhow::Result<Vec<PlacedAnchor>> {
    let document = Document::read(path)?;
    let mut anchors = Vec::new();
    for (line, number) in document.text.lines().zip(1..) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let place = format!("{}:{number}", document.name);
        let anchor = match fields.as_slice() {
            [] => continue,
            [first, ..] if first.starts_with('#') => continue,
            [src, tgt] => anchor(src, tgt),
            _ => None,
        };
        let anchor = anchor.ok_or_else(|| {
            Failure::input(format!("{place}: not a pair of segments"))
                .hint("a line has two segment indices from 0, separated by a tab")
        })?;
        anchors.push(PlacedAnchor { anchor, place });
    }
    Ok(anchors)
}

fn anchor(src: &str, tgt: &str) -> Option<Anchor> {
    Some(Anchor { src: src.trim().parse().ok()?, tgt: tgt.trim().parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchor_is_two_indices() {
        assert_eq!(parse_anchor("3:4"), Ok(Anchor { src: 3, tgt: 4 }));
        for bad in ["", "3", "3:", ":4", "3:4:5", "-1:0", "a:b"] {
            assert!(parse_anchor(bad).is_err(), "{bad}");
        }
    }
}
