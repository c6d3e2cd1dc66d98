//! Letters and marks by their shapes, where a file states nothing or states the text of a cluster.

use std::collections::HashMap;

use super::clusters::ClusterParts;
use super::letters::plain;
use super::unit::is_mark;
use super::unknown::is_unknown;
use crate::document::pdf::font::TextSource;
use crate::document::pdf::geometry::Rect;
use crate::document::pdf::glyph::Glyph;

const MADDA: char = '\u{653}';
const HAMZA_ABOVE: char = '\u{654}';
const HAMZA_BELOW: char = '\u{655}';

/// Returns the mark that a glyph without text is, if it stands over or under a letter: fonts that
/// draw letters with hamza or madda in two parts have no text for the second. One as high as a letter
/// is the alef of a lam-alef.
pub(super) fn mark(glyph: &Glyph, fonts: &MarkFonts) -> Option<char> {
    let ink = glyph.relative_ink().filter(|_| glyph.is_narrow())?;
    Some(if ink.height() > 0.38 {
        let alef = fonts.fonts.get(&glyph.font).and_then(|font| font.alef);
        match ink {
            _ if ink.y0 < -0.1 => 'إ',
            _ if alef.is_some_and(|alef| ink.y1 > 1.06 * alef) => 'أ',
            _ => 'ا',
        }
    } else if ink.y1 < 0.1 {
        HAMZA_BELOW
    } else if ink.width() > 1.7 * ink.height() {
        MADDA
    } else {
        HAMZA_ABOVE
    })
}

/// Returns whether a glyph is a tatweel in spite of its text: a flat stroke on the baseline.
pub(super) fn is_tatweel(glyph: &Glyph, text: &str) -> bool {
    let is_wrong = text.chars().all(|c| c.is_ascii() && !matches!(c, '-' | '_' | '~' | '='));
    is_connector(glyph, text)
        || is_wrong
            && glyph.relative_ink().is_some_and(|ink| {
                ink.height() < 0.25
                    && ink.y0 > -0.25
                    && ink.y1 < 0.3
                    && ink.width() > 1.5 * ink.height()
            })
}

/// Returns whether a glyph only joins a letter to the next, in spite of its text: that is a letter
/// with an ascender, and the ink is a low stroke.
pub(super) fn is_connector(glyph: &Glyph, text: &str) -> bool {
    let is_tall = |c: char| matches!(c, 'ا' | 'أ' | 'إ' | 'آ' | 'ل' | 'ك' | 'ط' | 'ظ');
    let is_low = |ink: Rect| ink.height() < 0.16 && ink.y1 < 0.2 && ink.width() > ink.height();
    text.chars().next().is_some_and(is_tall)
        && text.chars().skip(1).all(is_mark)
        && glyph.relative_ink().is_some_and(is_low)
}

/// Returns whether a glyph is as large as a letter and stands on the baseline.
pub(super) fn is_letter_size(glyph: &Glyph) -> bool {
    glyph.relative_ink().is_some_and(|ink| ink.y0 < 0.1 && ink.height() > 0.4)
}

/// Returns whether a text is one letter with hamza or madda.
pub(super) fn is_hamza_letter(text: &str) -> bool {
    matches!(text, "أ" | "إ" | "آ" | "ؤ" | "ئ")
}

pub(super) fn is_hamza_or_madda(mark: char) -> bool {
    (MADDA..=HAMZA_BELOW).contains(&mark)
}

/// The fonts of a file: which of them draw marks as glyphs of their own, and how high an alef is.
#[derive(Debug, Default)]
pub(in crate::document::pdf) struct MarkFonts {
    fonts: HashMap<u32, MarkFont>,
    parts: ClusterParts,
    /// The font and the top of the ink of glyphs without text, by their private characters.
    unknown: HashMap<char, (u32, f32)>,
}

#[derive(Debug, Default)]
struct MarkFont {
    /// Whether tashkeel has its own glyphs.
    has_marks: bool,
    /// Whether hamza and madda seem to have their own glyphs.
    has_hamza: bool,
    /// The top of the ink of alef and lam, in parts of the font size.
    alef: Option<f32>,
}

impl MarkFonts {
    /// Counts the glyphs of a page.
    pub(in crate::document::pdf) fn count(&mut self, glyphs: &[Glyph]) {
        self.parts.count(glyphs);
        for glyph in glyphs.iter().filter(|glyph| !glyph.is_span) {
            let font = self.fonts.entry(glyph.font).or_default();
            if let (TextSource::Unreadable, Some(ink)) = (glyph.source, glyph.relative_ink()) {
                self.unknown.extend(glyph.text.chars().next().map(|c| (c, (glyph.font, ink.y1))));
            }
            if glyph.is_narrow() {
                font.has_marks |= plain(&glyph.text).contains(is_mark);
                let is_unknown = glyph.source == TextSource::Unreadable && glyph.ink.is_some();
                let is_hamza = is_hamza_letter(&glyph.text);
                font.has_hamza |= is_unknown || is_hamza || glyph.text.contains(is_hamza_or_madda);
            } else if let ("ا" | "ل" | "\u{FE8D}" | "\u{FE8E}" | "\u{FEDF}", Some(ink)) =
                (glyph.text.as_ref(), glyph.relative_ink())
            {
                font.alef = Some(font.alef.map_or(ink.y1, |top| top.max(ink.y1)));
            }
        }
    }

    /// Returns whether a glyph without text, by its private character, is as high as an alef.
    pub(in crate::document::pdf) fn is_tall(&self, unknown: char) -> bool {
        let Some((font, top)) = self.unknown.get(&unknown) else { return false };
        let alef = self.fonts.get(font).and_then(|font| font.alef);
        alef.is_some_and(|alef| *top > 0.85 * alef)
    }

    /// Returns the letters of a glyph without text, by the parts of its cluster that state them.
    pub(super) fn letters(&self, glyph: &Glyph) -> Option<&str> {
        self.parts.letters(glyph)
    }

    /// Returns the letter with hamza or madda that is stated for a mark on it.
    pub(super) fn hamza_letter(&self, glyph: &Glyph) -> Option<char> {
        self.parts.hamza_letter(glyph)
    }

    /// Removes from the text of a letter what its font draws with other glyphs: programs that state
    /// the text of the first cluster of a glyph state it for all others too.
    pub(super) fn strip(&self, glyph: &Glyph, text: &mut String) {
        let Some(font) = self.fonts.get(&glyph.font) else { return };
        let letters = text.chars().filter(|c| !is_mark(*c)).count();
        if letters != 1 {
            return;
        }
        if font.has_marks {
            text.retain(|c| !is_mark(c));
        }
        if let Some(ink) = glyph.relative_ink().filter(|_| font.has_hamza) {
            *text = text.chars().map(|c| without_hamza(c, ink, font.alef)).collect();
        }
    }
}

/// Returns a letter without the hamza or madda that its ink is too low for.
fn without_hamza(c: char, ink: Rect, alef: Option<f32>) -> char {
    let is_low = |factor: f32| alef.is_some_and(|alef| ink.y1 < factor * alef);
    match c {
        'إ' if ink.y0 > -0.08 => 'ا',
        'أ' | 'آ' if is_low(1.06) => 'ا',
        c => c,
    }
}

/// Returns the letter of a letter and a mark that is a part of it, such as hamza.
pub(super) fn composed(letter: char, mark: char) -> Option<char> {
    Some(match (letter, mark) {
        ('ا' | 'أ' | 'إ' | 'آ', MADDA) => 'آ',
        ('ا' | 'أ' | 'إ' | 'آ', HAMZA_ABOVE) => 'أ',
        ('ا' | 'أ' | 'إ' | 'آ', HAMZA_BELOW) => 'إ',
        ('و' | 'ؤ', HAMZA_ABOVE) => 'ؤ',
        ('ي' | 'ى' | 'ئ', HAMZA_ABOVE) => 'ئ',
        // The mark states its letter, which is drawn by the glyph under it.
        ('ا' | 'أ' | 'إ' | 'آ', 'أ' | 'إ' | 'آ') => mark,
        ('و' | 'ؤ', 'ؤ') | ('ي' | 'ى' | 'ئ', 'ئ') => mark,
        (unknown, 'أ' | 'إ' | 'آ' | 'ؤ' | 'ئ') if is_unknown(unknown) => mark,
        _ => return None,
    })
}
