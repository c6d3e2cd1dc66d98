//! Font programs in a PDF: the ink of their glyphs, and what their names and tables say about the
//! text of a glyph.

use std::collections::HashMap;

use skrifa::font::Kind;
use skrifa::raw::model::charmap::EncodingKind;
use skrifa::{Font, GlyphId};

use super::names::text_of_name;

/// The maximum number of entries of a character map that are read.
const MAX_CHARS: usize = 1 << 17;

/// A font program.
pub(super) struct Program {
    font: Font,
    /// The characters of glyphs, by the Unicode character map of the program.
    chars: HashMap<u32, char>,
}

impl Program {
    pub(super) fn open(bytes: Vec<u8>) -> Option<Self> {
        let font = Font::new(bytes, 0)?;
        let mut chars = HashMap::new();
        // A symbol font maps codes of its own; a font without an sfnt has names instead.
        if matches!(font.kind(), Kind::Sfnt(..)) && !font.charmap().unicode_is_symbol() {
            for (c, glyph) in font.charmap().unicodes().take(MAX_CHARS) {
                if let Some(c) = char::from_u32(c) {
                    insert(&mut chars, glyph.to_u32(), c);
                }
            }
        }
        Some(Self { font, chars })
    }

    /// Returns the text of a glyph by the program's names, or else by its character map.
    pub(super) fn text(&self, glyph: u32) -> Option<String> {
        let name = self.font.glyph_name(GlyphId::new(glyph));
        let by_name = name.and_then(|name| text_of_name(name.as_str()));
        by_name.or_else(|| self.chars.get(&glyph).map(ToString::to_string))
    }

    /// Returns the box of a glyph's ink as `[x0, y0, x1, y1]`, in parts of the font size; `None` if
    /// it has none or the program is damaged.
    pub(super) fn ink(&self, glyph: u32) -> Option<[f32; 4]> {
        let extents = self.font.glyph_metrics().extents(GlyphId::new(glyph))?;
        let em = f32::from(self.font.units_per_em()).max(1.0);
        let ink = [
            extents.x_bearing,
            extents.y_bearing - extents.height,
            extents.x_bearing + extents.width,
            extents.y_bearing,
        ];
        let ink = ink.map(|edge| edge / em);
        let is_drawn = extents.width > 0.0 && ink.iter().all(|edge| edge.abs() < 20.0);
        is_drawn.then_some(ink)
    }

    /// Returns the advance of a glyph, in thousandths of the font size.
    pub(super) fn advance(&self, glyph: u32) -> f32 {
        let em = f32::from(self.font.units_per_em()).max(1.0);
        self.font.glyph_metrics().h_advance(GlyphId::new(glyph)) * 1000.0 / em
    }

    /// Returns the glyph of a character id.
    pub(super) fn glyph_of_cid(&self, cid: u32) -> u32 {
        self.font.glyph_by_cid(cid).map_or(cid, GlyphId::to_u32)
    }

    pub(super) fn glyph_of_name(&self, name: &str) -> Option<u32> {
        self.font.glyph_by_name(name).map(GlyphId::to_u32)
    }

    pub(super) fn glyph_of_char(&self, c: char) -> Option<u32> {
        self.font.charmap().map_unicode(c).map(GlyphId::to_u32).filter(|glyph| *glyph != 0)
    }

    /// Returns the glyph of a code of a simple font that has no encoding, by the program's own.
    pub(super) fn glyph_of_code(&self, code: u8) -> Option<u32> {
        let charmap = self.font.charmap();
        let code = u32::from(code);
        for encoding in charmap.encodings() {
            let codes: &[u32] = match encoding.kind() {
                EncodingKind::MsSymbol => &[code, 0xf000 + code, 0xf100 + code],
                _ => &[code],
            };
            for &code in codes {
                match charmap.map_code(encoding, code) {
                    Some(glyph) if glyph.to_u32() != 0 => return Some(glyph.to_u32()),
                    _ => {}
                }
            }
        }
        None
    }

    /// Returns the name that the program's own encoding has for a code.
    pub(super) fn name_of_code(&self, code: u8) -> Option<&str> {
        match self.font.kind() {
            Kind::Type1(font) => font.encoding()?.glyph_name(code),
            _ => None,
        }
    }

    /// Returns whether the program has TrueType or OpenType tables.
    pub(super) fn is_sfnt(&self) -> bool {
        matches!(self.font.kind(), Kind::Sfnt(..))
    }

    /// Returns whether the glyphs of the program are numbered by character ids.
    pub(super) fn has_cids(&self) -> bool {
        !self.is_sfnt() || self.font.tables().cff_data().is_some()
    }
}

/// Adds a character of a glyph; one that is not a presentation form takes precedence.
fn insert(chars: &mut HashMap<u32, char>, glyph: u32, c: char) {
    let is_form = |c: char| matches!(c, '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}');
    let is_private = |c: char| matches!(c, '\u{E000}'..='\u{F8FF}') || c.is_control();
    if is_private(c) {
        return;
    }
    let known = chars.entry(glyph).or_insert(c);
    if (is_form(*known), *known) > (is_form(c), c) {
        *known = c;
    }
}
