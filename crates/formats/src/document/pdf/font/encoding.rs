//! The encodings of simple fonts: the glyph name of each byte.

use std::collections::HashMap;

use lopdf::{Dictionary, Object};
use skrifa::raw::ps::PredefinedEncoding;

use crate::document::pdf::file::PdfFile;

/// The encoding of a simple font.
#[derive(Debug, Default)]
pub(super) struct Encoding {
    base: BaseEncoding,
    /// Whether the file names the base, so that it is not a guess.
    is_stated: bool,
    differences: HashMap<u8, String>,
    /// The names of the base, which are derived once.
    names: HashMap<u8, String>,
}

#[derive(Clone, Copy, Debug, Default)]
enum BaseEncoding {
    #[default]
    Standard,
    WinAnsi,
    MacRoman,
}

impl Encoding {
    pub(super) fn read(file: &PdfFile, dict: &Dictionary, is_symbolic: bool) -> Self {
        let mut encoding = Self::default();
        let base = match file.get(dict, b"Encoding") {
            Some(Object::Name(name)) => base_of_name(name),
            Some(Object::Dictionary(own)) => {
                let differences = file.array(own, b"Differences").unwrap_or_default();
                encoding.read_differences(differences);
                file.name(own, b"BaseEncoding").and_then(base_of_name)
            }
            _ => None,
        };
        encoding.is_stated = base.is_some() || !is_symbolic;
        encoding.base = base.unwrap_or_default();
        for code in 0..=255 {
            if let Some(name) = base_name(encoding.base, code) {
                encoding.names.insert(code, name);
            }
        }
        encoding
    }

    /// Reads codes and the names of the glyphs from each code on.
    fn read_differences(&mut self, entries: &[Object]) {
        let mut code = 0_u8;
        for entry in entries {
            match entry {
                Object::Integer(first) => code = u8::try_from(*first).unwrap_or(0),
                Object::Name(name) => {
                    let name = String::from_utf8_lossy(name).into_owned();
                    self.differences.insert(code, name);
                    code = code.wrapping_add(1);
                }
                _ => {}
            }
        }
    }

    /// Returns the name of the glyph of a code.
    pub(super) fn name(&self, code: u8) -> Option<&str> {
        self.differences.get(&code).or_else(|| self.names.get(&code)).map(String::as_str)
    }

    /// Returns the name of the glyph of a code, if the file states it.
    pub(super) fn stated_name(&self, code: u8) -> Option<&str> {
        match self.differences.get(&code) {
            Some(name) => Some(name),
            None if self.is_stated => self.names.get(&code).map(String::as_str),
            None => None,
        }
    }
}

fn base_of_name(name: &[u8]) -> Option<BaseEncoding> {
    Some(match name {
        b"WinAnsiEncoding" => BaseEncoding::WinAnsi,
        b"MacRomanEncoding" => BaseEncoding::MacRoman,
        b"StandardEncoding" => BaseEncoding::Standard,
        _ => return None,
    })
}

fn base_name(base: BaseEncoding, code: u8) -> Option<String> {
    let encoding = match base {
        BaseEncoding::Standard => {
            let name = PredefinedEncoding::Standard.name(code);
            return (!name.is_empty() && name != ".notdef").then(|| name.to_owned());
        }
        BaseEncoding::WinAnsi => encoding_rs::WINDOWS_1252,
        BaseEncoding::MacRoman => encoding_rs::MACINTOSH,
    };
    let bytes = [code];
    let (text, _, _) = encoding.decode(&bytes);
    let c = text.chars().next().filter(|c| !c.is_control())?;
    Some(format!("uni{:04X}", u32::from(c)))
}
