//! Marked content: the text that a file states for a span of glyphs, and what it marks as running
//! heads and feet or hides.

use std::sync::Arc;

use lopdf::{Dictionary, Object, decode_text_string};

use crate::document::pdf::file::PdfFile;
use crate::document::pdf::font::TextSource;
use crate::document::pdf::geometry::Rect;
use crate::document::pdf::glyph::Glyph;
use crate::document::pdf::tree::Tag;

/// The maximum depth of marked content that is distinguished.
const MAX_MARKS: usize = 256;

/// The open marks of a content stream.
#[derive(Default)]
pub(super) struct MarkedContent {
    marks: Vec<Mark>,
    /// The number of open marks beyond the maximum.
    beyond: usize,
}

struct Mark {
    /// The text of the glyphs, if the file states it.
    text: Option<String>,
    is_artifact: bool,
    is_hidden: bool,
    /// What the structure tree says about it.
    tag: Option<Tag>,
    /// The number of glyphs before it.
    first: usize,
}

impl MarkedContent {
    /// Begins a mark with its tag and its properties, or their name in a list. `tag_of` returns what the
    /// structure tree says about the mark of an id.
    pub(super) fn begin(
        &mut self,
        file: &PdfFile,
        operands: &[Object],
        list: Option<&Dictionary>,
        first: usize,
        tag_of: impl Fn(i64) -> Option<Tag>,
    ) {
        if self.marks.len() >= MAX_MARKS {
            self.beyond += 1;
            return;
        }
        let tag = operands.first().and_then(|tag| tag.as_name().ok()).unwrap_or_default();
        let properties = match operands.get(1) {
            Some(Object::Dictionary(properties)) => Some(properties),
            Some(Object::Name(name)) => list.and_then(|list| file.dict(list, name)),
            _ => None,
        };
        let text = properties.and_then(|properties| actual_text(file, properties));
        let is_artifact = tag == b"Artifact" && properties.is_some_and(|it| is_running(file, it));
        let tag = match properties.and_then(|it| file.get(it, b"MCID")) {
            _ if tag == b"Artifact" => Some(Tag::Artifact),
            Some(Object::Integer(id)) => tag_of(*id),
            _ => None,
        };
        self.marks.push(Mark { text, is_artifact, is_hidden: false, tag, first });
    }

    /// Ends the last mark; the glyphs of a span whose text is stated become one.
    pub(super) fn end(&mut self, glyphs: &mut Vec<Glyph>) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let Some(mark) = self.marks.pop() else { return };
        // A span in a span: the outer one states the text of both.
        let is_outermost = !self.marks.iter().any(|mark| mark.text.is_some());
        if let Some(text) = mark.text
            && is_outermost
            && mark.first < glyphs.len()
        {
            let span = glyphs.split_off(mark.first);
            glyphs.extend(joined(&span, &text));
        }
    }

    pub(super) fn is_artifact(&self) -> bool {
        self.marks.iter().any(|mark| mark.is_artifact)
    }

    /// Returns the tag of the innermost mark that has one.
    pub(super) fn tag(&self) -> Tag {
        self.marks.iter().rev().find_map(|mark| mark.tag).unwrap_or_default()
    }

    pub(super) fn is_hidden(&self) -> bool {
        self.marks.iter().any(|mark| mark.is_hidden)
    }

    /// Returns whether the text of the current glyphs is stated.
    pub(super) fn has_text(&self) -> bool {
        self.marks.iter().any(|mark| mark.text.is_some())
    }
}

fn actual_text(file: &PdfFile, properties: &Dictionary) -> Option<String> {
    decode_text_string(file.get(properties, b"ActualText")?).ok()
}

/// Returns whether an artifact is a running head, a running foot or a page number.
fn is_running(file: &PdfFile, properties: &Dictionary) -> bool {
    let value = |key: &[u8]| file.name(properties, key).unwrap_or_default();
    value(b"Type") == b"Pagination" || matches!(value(b"Subtype"), b"Header" | b"Footer")
}

/// Returns the glyphs of a span as one with the stated text; none if that is empty.
///
/// If the span continues in another line, its text is where the span begins.
fn joined(span: &[Glyph], text: &str) -> Option<Glyph> {
    let first = span.iter().find(|glyph| !glyph.text.trim().is_empty()).or(span.first())?;
    if text.is_empty() {
        return None;
    }
    let in_line =
        span.iter().filter(|it| (it.y - first.y).abs() < first.size && it.turn == first.turn);
    let mut glyph = first.clone();
    let mut ink: Option<Rect> = None;
    let mut widest = 0.0;
    for other in in_line {
        // A mark may be drawn before its letter, and is raised.
        let width = (other.x1 - other.x0).abs();
        if width > widest {
            (widest, glyph.y) = (width, other.y);
        }
        glyph.x0 = glyph.x0.min(other.x0.min(other.x1));
        glyph.x1 = glyph.x1.max(other.x0.max(other.x1));
        ink = match (ink, other.ink) {
            (Some(ink), Some(own)) => Some(ink.union(own)),
            (ink, own) => ink.or(own),
        };
    }
    glyph.text = Arc::from(text);
    glyph.cluster = None;
    glyph.source = TextSource::Stated;
    glyph.is_span = true;
    glyph.ink = ink;
    Some(glyph)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_on_the_baseline_of_its_letter() {
        let glyph = |text: &str, x1: f32, y: f32| Glyph {
            text: Arc::from(text),
            cluster: None,
            source: TextSource::Stated,
            font: 0,
            code: 0,
            x0: 10.0,
            x1,
            y,
            size: 12.0,
            ink: None,
            is_bold: false,
            is_span: false,
            is_artifact: false,
            tag: Tag::Untagged,
            turn: 0,
        };
        let span = [glyph("\u{64E}", 10.0, 109.0), glyph("أ", 14.0, 100.0)];
        let joined = joined(&span, "أَ").expect("a glyph");
        assert_eq!((&*joined.text, joined.y, joined.x1), ("أَ", 100.0, 14.0));
    }
}
