//! The units of a line: letters with their marks, spaces, marks that still need a letter.

use nasaq_text::{TATWEEL, is_arabic_letter, is_arabic_mark, is_ignorable};

use super::shapes::MarkFonts;
use super::{letters, shapes};
use crate::document::pdf::font::TextSource;
use crate::document::pdf::geometry::Rect;
use crate::document::pdf::glyph::Glyph;
use crate::document::pdf::tree::Tag;

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
    pub(in crate::document::pdf) tag: Tag,
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
            return Some(Self::unknown(glyph, fonts));
        }
        let mut text = plain_text(glyph);
        if text.is_empty() {
            return None;
        }
        if text.chars().all(char::is_whitespace) {
            return Some(Self::of(glyph, " ".to_owned(), UnitKind::Space));
        }
        if let Some(marks) = marks(glyph, &text, fonts) {
            return Some(Self::of(glyph, marks, UnitKind::Mark));
        }
        if !glyph.is_span && !glyph.is_narrow() {
            fonts.strip(glyph, &mut text);
        }
        Some(Self::of(glyph, text, UnitKind::Base))
    }

    /// Returns the unit of a glyph without text, by the parts of its cluster or by its shape if
    /// these show what it is.
    fn unknown(glyph: &Glyph, fonts: &MarkFonts) -> Self {
        if let Some(letters) = fonts.letters(glyph).filter(|_| !glyph.is_narrow()) {
            let unit = Self::of(glyph, letters.to_owned(), UnitKind::Base);
            return Self { is_repaired: true, ..unit };
        }
        match shapes::mark(glyph, fonts) {
            Some(mark) => Self::of(glyph, mark.to_string(), UnitKind::Mark),
            None if shapes::is_tatweel(glyph, "") => {
                Self::of(glyph, TATWEEL.to_string(), UnitKind::Base)
            }
            None => Self::of(glyph, glyph.text.to_string(), UnitKind::Base),
        }
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
            tag: glyph.tag,
            is_span: glyph.is_span,
            is_repaired: glyph.source == TextSource::Repaired,
        }
    }

    /// Returns the distance between the boxes of two units along the line; 0 if they overlap.
    pub(in crate::document::pdf) fn gap(&self, other: &Self) -> f32 {
        (other.x0 - self.x1).max(self.x0 - other.x1).max(0.0)
    }
}

/// Returns the text of a glyph: letters in reading order, without invisible characters.
fn plain_text(glyph: &Glyph) -> String {
    let mut text = letters::plain(&glyph.text);
    if !glyph.is_span {
        letters::repair_ligature(&mut text);
        if shapes::is_tatweel(glyph, &text) && !text.is_empty() {
            return TATWEEL.to_string();
        }
    }
    text.retain(|c| !is_ignorable(c) || c == '\u{AD}');
    text
}

/// Returns the marks of a glyph that is drawn on a letter of another glyph.
///
/// It has no advance. What it states besides its marks is that letter, which the other glyph draws;
/// of a letter with hamza or madda, that may draw only the letter.
fn marks(glyph: &Glyph, text: &str, fonts: &MarkFonts) -> Option<String> {
    let is_part = glyph.is_narrow() && !shapes::is_letter_size(glyph);
    if is_part && shapes::is_hamza_letter(text) {
        return Some(text.to_owned());
    }
    if !text.contains(is_mark) {
        return None;
    }
    let mut marks: String = text.chars().filter(|c| is_mark(*c)).collect();
    match text.chars().find(|c| !is_mark(*c) && !c.is_whitespace()) {
        None => {
            marks.extend(fonts.hamza_letter(glyph).filter(|_| is_part));
            Some(marks)
        }
        Some(_) if is_part && text.contains(is_arabic_letter) => {
            marks.extend(fonts.hamza_letter(glyph));
            Some(marks)
        }
        Some(_) => None,
    }
}

/// Returns whether a character is a mark on a letter.
pub(in crate::document::pdf) fn is_mark(c: char) -> bool {
    is_arabic_mark(c) || matches!(c, '\u{300}'..='\u{36F}')
}

#[cfg(test)]
pub(in crate::document::pdf) mod tests {
    use super::*;

    /// Returns a letter, a space or a mark of a line, one em from the next.
    pub(in crate::document::pdf) fn unit(text: &str, x: f32) -> Unit {
        let ink = Rect { x0: x, y0: 0.0, x1: x + 1.0, y1: 0.7 };
        let kind = match text {
            " " => UnitKind::Space,
            _ if text.chars().all(is_mark) => UnitKind::Mark,
            _ => UnitKind::Base,
        };
        Unit {
            text: text.to_owned(),
            x0: x,
            x1: x + 1.0,
            y: 0.0,
            size: 1.0,
            ink,
            has_ink: true,
            kind,
            is_bold: false,
            is_artifact: false,
            tag: Tag::Untagged,
            is_span: false,
            is_repaired: false,
        }
    }
}
