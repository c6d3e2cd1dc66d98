//! The units of a line: letters with their marks, spaces, marks that still need a letter.

use nasaq_text::{TATWEEL, is_arabic_letter, is_arabic_mark, is_ignorable};

use super::shapes::MarkFonts;
use super::unknown::hint;
use super::{letters, shapes};
use crate::document::pdf::font::TextSource;
use crate::document::pdf::geometry::Rect;
use crate::document::pdf::glyph::Glyph;

/// A part of a line that is not divided when it is put in order.
#[derive(Clone, Debug)]
pub(in crate::document::pdf) struct Unit {
    /// The text in reading order: letters, each with its marks.
    pub(in crate::document::pdf) text: String,
    pub(in crate::document::pdf) x0: f32,
    pub(in crate::document::pdf) x1: f32,
    pub(in crate::document::pdf) y: f32,
    pub(in crate::document::pdf) size: f32,
    /// The ink, or else the box between the pens.
    pub(in crate::document::pdf) ink: Rect,
    /// Whether the ink is known.
    pub(in crate::document::pdf) has_ink: bool,
    pub(in crate::document::pdf) kind: UnitKind,
    pub(in crate::document::pdf) is_bold: bool,
    pub(in crate::document::pdf) is_artifact: bool,
    /// Whether the file states the text of the whole span in reading order.
    pub(in crate::document::pdf) is_span: bool,
    pub(in crate::document::pdf) is_repaired: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document::pdf) enum UnitKind {
    /// Letters, digits, punctuation.
    Base,
    Space,
    /// Marks without a letter.
    Mark,
}

impl Unit {
    /// Returns the unit of a glyph; `None` if the glyph has no text.
    pub(in crate::document::pdf) fn new(glyph: &Glyph, fonts: &MarkFonts) -> Option<Self> {
        if glyph.source == TextSource::Unreadable && !glyph.is_span {
            return Some(match shapes::mark(glyph) {
                Some(mark) => Self::of(glyph, mark.to_string(), UnitKind::Mark),
                None if shapes::is_tatweel(glyph, "") => {
                    Self::of(glyph, TATWEEL.to_string(), UnitKind::Base)
                }
                None => Self::of(glyph, glyph.text.to_string(), UnitKind::Base),
            });
        }
        let mut text = letters::plain(&glyph.text);
        if !glyph.is_span {
            letters::repair_ligature(&mut text);
        }
        text.retain(|c| !is_ignorable(c) || c == '\u{AD}');
        if text.is_empty() {
            return None;
        }
        if !glyph.is_span && shapes::is_tatweel(glyph, &text) {
            text = TATWEEL.to_string();
        }
        if text.chars().all(char::is_whitespace) {
            return Some(Self::of(glyph, " ".to_owned(), UnitKind::Space));
        }
        // A mark that is drawn alone has no advance; what it states besides is its letter, which is
        // drawn by another glyph.
        if text.contains(is_mark) {
            let only_marks = text.chars().all(|c| is_mark(c) || c.is_whitespace());
            let is_mark_glyph = glyph.is_narrow() && !shapes::is_letter_size(glyph);
            if only_marks || is_mark_glyph && text.contains(is_arabic_letter) {
                // The letter is a hint if nothing else states it.
                let letter = text.chars().find(|c| !is_mark(*c) && !c.is_whitespace());
                text.retain(is_mark);
                text.extend(letter.filter(|_| !only_marks).and_then(hint));
                return Some(Self::of(glyph, text, UnitKind::Mark));
            }
        }
        let is_part = glyph.is_narrow() && !shapes::is_letter_size(glyph);
        if is_part && shapes::is_hamza_letter(&text) {
            return Some(Self::of(glyph, text, UnitKind::Mark));
        }
        if !glyph.is_span && !glyph.is_narrow() {
            fonts.strip(glyph, &mut text);
        }
        Some(Self::of(glyph, text, UnitKind::Base))
    }

    fn of(glyph: &Glyph, text: String, kind: UnitKind) -> Self {
        Self {
            text,
            x0: glyph.x0.min(glyph.x1),
            x1: glyph.x0.max(glyph.x1),
            y: glyph.y,
            size: glyph.size,
            ink: glyph.ink.unwrap_or_else(|| glyph.rect()),
            has_ink: glyph.ink.is_some(),
            kind,
            is_bold: glyph.is_bold,
            is_artifact: glyph.is_artifact,
            is_span: glyph.is_span,
            is_repaired: glyph.source == TextSource::Repaired,
        }
    }

    /// Returns the distance between the boxes of two units along the line; 0 if they overlap.
    pub(in crate::document::pdf) fn gap(&self, other: &Self) -> f32 {
        (other.x0 - self.x1).max(self.x0 - other.x1).max(0.0)
    }
}

/// Returns whether a character is a mark on a letter.
pub(in crate::document::pdf) fn is_mark(c: char) -> bool {
    is_arabic_mark(c) || matches!(c, '\u{300}'..='\u{36F}')
}
