//! Fonts: the codes in a string, and for each code its text, its width and its ink.
//!
//! The text of a code is that of the font's `ToUnicode`, unless that is missing, is no text (private
//! use, control characters), or contradicts the font program; then the names of the glyphs and the
//! character map of the program decide. A code that has none of these is unreadable.

mod cmap;
mod encoding;
mod names;
mod program;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use lopdf::{Dictionary, Object};

use self::cmap::CMap;
use self::encoding::Encoding;
use self::names::text_of_name;
use self::program::Program;
use super::file::PdfFile;
use super::limits::Budget;
use crate::error::Result;

/// What a code of a font stands for.
#[derive(Clone, Debug)]
pub(super) struct CodeGlyph {
    /// The text; empty if it is unreadable.
    pub(super) text: Arc<str>,
    /// The text of the cluster that the file states, if the text is that of a part of it.
    pub(super) cluster: Option<Arc<str>>,
    /// How the text is known.
    pub(super) source: TextSource,
    /// The advance, in parts of the font size.
    pub(super) advance: f32,
    /// The box of the ink, `[x0, y0, x1, y1]` in parts of the font size, if the font has it.
    pub(super) ink: Option<[f32; 4]>,
}

/// How the text of a code is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextSource {
    /// By the font's own `ToUnicode` or its encoding.
    Stated,
    /// By the font program, because the file states nothing or something else.
    Repaired,
    /// Not at all.
    Unreadable,
}

/// A font of a page.
pub(super) struct Font {
    kind: FontKind,
    to_unicode: Option<CMap>,
    program: Option<Program>,
    widths: HashMap<u32, f32>,
    default_width: f32,
    /// The size of a unit of width: a thousandth, except in fonts of drawings.
    unit: f32,
    pub(super) is_bold: bool,
    /// The index of the font in its file.
    pub(super) index: u32,
    known: RefCell<HashMap<u32, CodeGlyph>>,
    /// The texts that the file states for glyphs of the program, by whatever code; they are
    /// collected when a code without text needs them.
    glyph_texts: OnceCell<HashMap<u32, Arc<str>>>,
}

enum FontKind {
    /// One byte a code.
    Simple(Box<Encoding>),
    /// Codes of an embedded or predefined CMap.
    Composite { cmap: Option<CMap>, is_utf16: bool, gids: Option<Vec<u8>> },
}

impl Font {
    pub(super) fn read(file: &PdfFile, dict: &Dictionary, budget: &mut Budget) -> Result<Self> {
        let to_unicode = match file.stream(dict, b"ToUnicode") {
            Some(stream) => file.contents(stream, budget)?.map(|bytes| CMap::read(&bytes)),
            None => None,
        };
        let descendant = file
            .array(dict, b"DescendantFonts")
            .and_then(|fonts| file.resolve(fonts.first()?)?.as_dict().ok());
        let descriptor = file.dict(descendant.unwrap_or(dict), b"FontDescriptor");
        let program = match descriptor {
            Some(descriptor) => program(file, descriptor, budget)?,
            None => None,
        };
        let mut font = Self {
            kind: FontKind::Simple(Box::default()),
            to_unicode,
            program,
            widths: HashMap::new(),
            default_width: 0.0,
            unit: 0.001,
            is_bold: is_bold(file, dict, descriptor),
            index: 0,
            known: RefCell::default(),
            glyph_texts: OnceCell::new(),
        };
        match descendant {
            Some(descendant) => font.read_composite(file, dict, descendant, budget)?,
            None => font.read_simple(file, dict, descriptor),
        }
        Ok(font)
    }

    fn read_simple(&mut self, file: &PdfFile, dict: &Dictionary, descriptor: Option<&Dictionary>) {
        let flags = descriptor.and_then(|it| file.number(it, b"Flags")).unwrap_or(0.0) as i64;
        let is_symbolic = flags & 4 != 0;
        self.kind = FontKind::Simple(Box::new(Encoding::read(file, dict, is_symbolic)));
        let first = file.number(dict, b"FirstChar").unwrap_or(0.0) as u32;
        for (at, width) in file.array(dict, b"Widths").unwrap_or_default().iter().enumerate() {
            if let Some(width) = file.resolve(width).and_then(|it| it.as_float().ok()) {
                self.widths.insert(first.saturating_add(at as u32), width);
            }
        }
        let missing = descriptor.and_then(|it| file.number(it, b"MissingWidth"));
        self.default_width = missing.unwrap_or(500.0);
        if file.name(dict, b"Subtype") == Some(b"Type3") {
            let matrix = file.array(dict, b"FontMatrix").and_then(|it| it.first()?.as_float().ok());
            self.unit = matrix.filter(|it| it.is_finite()).unwrap_or(0.001);
        }
    }

    fn read_composite(
        &mut self,
        file: &PdfFile,
        dict: &Dictionary,
        descendant: &Dictionary,
        budget: &mut Budget,
    ) -> Result<()> {
        let cmap = match file.stream(dict, b"Encoding") {
            Some(stream) => file.contents(stream, budget)?.map(|bytes| CMap::read(&bytes)),
            None => None,
        };
        let name = file.name(dict, b"Encoding").unwrap_or_default();
        let name = String::from_utf8_lossy(name);
        let is_utf16 = name.contains("UTF16") || name.contains("UCS2");
        let gids = match file.stream(descendant, b"CIDToGIDMap") {
            Some(stream) => file.contents(stream, budget)?,
            None => None,
        };
        self.kind = FontKind::Composite { cmap, is_utf16, gids };
        self.default_width = file.number(descendant, b"DW").unwrap_or(1000.0);
        self.read_cid_widths(file, file.array(descendant, b"W").unwrap_or_default());
        Ok(())
    }

    /// Reads widths by character id: a first id and its widths, or a first, a last and one width.
    fn read_cid_widths(&mut self, file: &PdfFile, entries: &[Object]) {
        let number = |at: usize| file.resolve(entries.get(at)?)?.as_float().ok();
        let mut at = 0;
        while let Some(first) = number(at) {
            let first = first as u32;
            match entries.get(at + 1).and_then(|it| file.resolve(it)) {
                Some(Object::Array(widths)) => {
                    for (cid, width) in (first..).zip(widths.iter().take(1 << 16)) {
                        if let Some(width) = file.resolve(width).and_then(|it| it.as_float().ok()) {
                            self.widths.insert(cid, width);
                        }
                    }
                    at += 2;
                }
                _ => {
                    let (Some(last), Some(width)) = (number(at + 1), number(at + 2)) else { break };
                    for cid in (first..=last as u32).take(1 << 16) {
                        self.widths.insert(cid, width);
                    }
                    at += 3;
                }
            }
        }
    }

    /// Returns the code at the beginning of a string, and its length in bytes.
    pub(super) fn code(&self, bytes: &[u8]) -> (u32, usize) {
        let len = match &self.kind {
            FontKind::Simple(_) => 1,
            FontKind::Composite { cmap, .. } => {
                cmap.as_ref().and_then(|cmap| cmap.code_len(bytes)).unwrap_or(2)
            }
        };
        let len = len.min(bytes.len()).max(1);
        (cmap::number(&bytes[..len.min(bytes.len())]), len)
    }

    /// Returns what a code stands for.
    pub(super) fn glyph(&self, code: u32) -> CodeGlyph {
        if let Some(glyph) = self.known.borrow().get(&code) {
            return glyph.clone();
        }
        let glyph = self.read_glyph(code);
        self.known.borrow_mut().insert(code, glyph.clone());
        glyph
    }

    fn read_glyph(&self, code: u32) -> CodeGlyph {
        let (cid, gid) = self.ids(code);
        let width = self.widths.get(&cid).copied();
        let own = |gid| self.program.as_ref().map(|program: &Program| program.advance(gid));
        let width = match &self.kind {
            // The standard fonts need no widths in the file.
            FontKind::Simple(_) if self.widths.is_empty() => {
                gid.and_then(own).unwrap_or(self.default_width)
            }
            _ => width.unwrap_or(self.default_width),
        };
        let advance = if width.is_finite() { width * self.unit } else { 0.0 };
        let ink = gid.and_then(|gid| self.program.as_ref()?.ink(gid));
        let (mut text, mut source) = self.text(code, gid);
        let is_empty = ink.is_none() && self.program.is_some() && gid.is_some();
        if source == TextSource::Unreadable && is_empty {
            // Nothing is drawn: a space, or a part of a cluster that another glyph draws.
            text = if advance > 0.1 { " ".into() } else { "".into() };
            source = TextSource::Stated;
        }
        let cluster = self.stated(code).filter(|stated| contradicts(stated, &text));
        CodeGlyph { text, cluster, source, advance, ink }
    }

    /// Returns the character id of a code and its glyph in the font program.
    fn ids(&self, code: u32) -> (u32, Option<u32>) {
        match &self.kind {
            FontKind::Simple(encoding) => (code, self.simple_glyph(encoding, code as u8)),
            FontKind::Composite { cmap, gids, .. } => {
                let cid = cmap.as_ref().and_then(|cmap| cmap.cid(code)).unwrap_or(code);
                let glyph = match (gids, &self.program) {
                    (Some(gids), _) => {
                        let at = (cid as usize).saturating_mul(2);
                        gids.get(at..at.saturating_add(2)).map(cmap::number)
                    }
                    (None, Some(program)) if program.has_cids() => Some(program.glyph_of_cid(cid)),
                    _ => Some(cid),
                };
                (cid, glyph)
            }
        }
    }

    fn simple_glyph(&self, encoding: &Encoding, code: u8) -> Option<u32> {
        let program = self.program.as_ref()?;
        let by_name = || {
            let name = encoding.name(code)?;
            program.glyph_of_name(name).filter(|glyph| *glyph != 0).or_else(|| {
                let text = text_of_name(name)?;
                program.glyph_of_char(text.chars().next()?)
            })
        };
        by_name().or_else(|| program.glyph_of_code(code))
    }

    fn text(&self, code: u32, gid: Option<u32>) -> (Arc<str>, TextSource) {
        let stated = self.stated(code).filter(|text| is_text(text));
        let own = gid.and_then(|gid| self.program.as_ref()?.text(gid)).filter(|it| is_text(it));
        match (stated, own) {
            (Some(stated), Some(own)) if contradicts(&stated, &own) => {
                (own.into(), TextSource::Repaired)
            }
            (Some(stated), _) => (stated, TextSource::Stated),
            (None, Some(own)) => (own.into(), TextSource::Repaired),
            (None, None) => {
                // The codes of a font with a `ToUnicode` are its own.
                let encoded = || self.encoded(code).filter(|_| self.to_unicode.is_none());
                match gid.and_then(|gid| self.text_of_glyph(gid)).or_else(encoded) {
                    Some(text) => (text, TextSource::Repaired),
                    None => ("".into(), TextSource::Unreadable),
                }
            }
        }
    }

    /// Returns the text that the file states for a glyph by another code: some programs give a
    /// glyph one code for each text that it is a part of, and state none for the others.
    fn text_of_glyph(&self, gid: u32) -> Option<Arc<str>> {
        let texts = self.glyph_texts.get_or_init(|| {
            let mut texts: HashMap<u32, Arc<str>> = HashMap::new();
            for (code, text) in self.to_unicode.iter().flat_map(CMap::texts) {
                if let (_, Some(gid)) = self.ids(code)
                    && is_text(text)
                {
                    // The shortest text is that of the glyph alone.
                    let known = texts.entry(gid).or_insert_with(|| Arc::clone(text));
                    if text.len() < known.len() {
                        *known = Arc::clone(text);
                    }
                }
            }
            texts
        });
        texts.get(&gid).filter(|_| gid != 0).cloned()
    }

    /// Returns the text that the file states for a code.
    fn stated(&self, code: u32) -> Option<Arc<str>> {
        if let Some(text) = self.to_unicode.as_ref().and_then(|cmap| cmap.text(code)) {
            return Some(Arc::clone(text));
        }
        match &self.kind {
            FontKind::Simple(encoding) => {
                encoding.stated_name(code as u8).and_then(text_of_name).map(Arc::from)
            }
            FontKind::Composite { is_utf16: true, .. } => {
                char::from_u32(code).map(|c| c.to_string().into())
            }
            FontKind::Composite { .. } => None,
        }
    }

    /// Returns the text by the encoding that a simple font has by default.
    fn encoded(&self, code: u32) -> Option<Arc<str>> {
        let FontKind::Simple(encoding) = &self.kind else { return None };
        let own = self.program.as_ref().and_then(|program| program.name_of_code(code as u8));
        let name = own.or_else(|| encoding.name(code as u8))?;
        text_of_name(name).filter(|text| is_text(text)).map(Arc::from)
    }
}

/// Returns whether a text consists of characters that mean something.
fn is_text(text: &str) -> bool {
    let is_none = |c: char| {
        matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. | '\u{FFF0}'..='\u{FFFF}')
            || c.is_control() && !matches!(c, '\t' | '\n' | '\r')
    };
    !text.is_empty() && !text.contains(is_none)
}

/// Returns whether the stated text of a glyph is that of a cluster, of which the glyph is a part:
/// some programs state the letter and its marks for the letter, then use the glyph for the letter
/// with other marks.
fn contradicts(stated: &str, own: &str) -> bool {
    let is_single = own.chars().nth(1).is_none();
    is_single && stated.chars().nth(1).is_some() && stated.contains(own)
}

fn program(
    file: &PdfFile,
    descriptor: &Dictionary,
    budget: &mut Budget,
) -> Result<Option<Program>> {
    for key in [b"FontFile2".as_slice(), b"FontFile3", b"FontFile"] {
        if let Some(stream) = file.stream(descriptor, key) {
            return Ok(file.contents(stream, budget)?.and_then(Program::open));
        }
    }
    Ok(None)
}

fn is_bold(file: &PdfFile, dict: &Dictionary, descriptor: Option<&Dictionary>) -> bool {
    let name = file.name(dict, b"BaseFont").unwrap_or_default();
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    let weight = descriptor.and_then(|it| file.number(it, b"FontWeight")).unwrap_or(0.0);
    let flags = descriptor.and_then(|it| file.number(it, b"Flags")).unwrap_or(0.0) as i64;
    weight >= 600.0
        || flags & (1 << 18) != 0
        || ["bold", "black", "heavy"].iter().any(|word| name.contains(word))
}
