//! Translation memories of any size, a unit at a time.
//!
//! A `<tu>` is taken out of the stream as text and read by itself, so memory holds one unit. Inline
//! markup is left out with its content, as everywhere; units without an Arabic or an English text
//! are passed over and counted.

use std::sync::Arc;

use super::lines::Lines;
use super::{BitextRow, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::tmx::{TmxUnit, read_tmx};

/// Bytes of a unit at most.
const LONGEST: usize = 1 << 24;
/// How our own properties begin.
pub(super) const PREFIX: &str = "x-nasaq-";

/// Reads units.
pub(super) struct Units {
    lines: Lines,
    /// What has been read and not taken.
    text: String,
    /// The line that `text` begins on.
    line: u64,
    english_first: Option<bool>,
    begun: bool,
    pub(super) passed_over: u64,
}

impl Units {
    pub(super) fn new(lines: Lines) -> Self {
        Self {
            lines,
            text: String::new(),
            line: 1,
            english_first: None,
            begun: false,
            passed_over: 0,
        }
    }

    fn more(&mut self) -> Result<bool> {
        let Some(line) = self.lines.next()? else { return Ok(false) };
        self.text.push_str(line);
        self.text.push('\n');
        Ok(true)
    }

    fn drop_to(&mut self, end: usize) {
        self.line += self.text[..end].matches('\n').count() as u64;
        self.text.drain(..end);
    }

    /// Finds the start of a unit: `<tu` and then no letter (`<tuv`).
    fn start(&self) -> Option<usize> {
        self.text
            .match_indices("<tu")
            .map(|(at, _)| at)
            .find(|at| self.text[at + 3..].starts_with(|c: char| c == '>' || c.is_whitespace()))
    }

    pub(super) fn next(&mut self) -> Result<Option<BitextRow>> {
        loop {
            while self.start().is_none() {
                self.read_header();
                // What begins at the end may be the start of a tag.
                let keep = self.text.rfind('<').unwrap_or(self.text.len());
                if self.begun {
                    self.drop_to(keep);
                }
                if !self.more()? {
                    return self.end();
                }
            }
            self.read_header();
            self.begun = true;
            let start = self.start().unwrap_or(0);
            self.drop_to(start);
            let end = loop {
                if let Some(end) = self.text.find("</tu>") {
                    break end + "</tu>".len();
                }
                if self.text.len() > LONGEST || !self.more()? {
                    let what = "a <tu> that does not end";
                    return Err(Error::syntax(
                        self.line,
                        what,
                        "the file was cut short: get it again",
                    ));
                }
            };
            let line = self.line;
            let units = read_tmx(&self.text[..end]).map_err(|error| {
                let inside = error.line().unwrap_or(1);
                error.at_line(line + inside - 1)
            });
            let tuid = attribute(&self.text[..end], "tuid");
            self.drop_to(end);
            let Some(unit) = units?.into_iter().next() else { continue };
            match self.row(unit, tuid, line) {
                Some(row) => return Ok(Some(row)),
                None => self.passed_over += 1,
            }
        }
    }

    /// Looks up the source language in the header.
    fn read_header(&mut self) {
        if self.english_first.is_none()
            && let Some(at) = self.text.find("<header")
            && let Some(end) = self.text[at..].find('>')
        {
            let srclang = attribute(&self.text[at..at + end], "srclang").unwrap_or_default();
            self.english_first = Some(is(&srclang, "en"));
        }
    }

    fn end(&mut self) -> Result<Option<BitextRow>> {
        if !self.begun && !self.text.contains("<tmx") {
            let kind = ErrorKind::Syntax {
                what: "this is no TMX: it has no <tmx>".to_owned(),
                wanted: "say --from for another format",
            };
            return Err(kind.into());
        }
        if self.begun && !self.text.contains("</tmx>") && !self.text.contains("</body>") {
            let what = "the file ends before </body>";
            return Err(Error::syntax(self.line, what, "the file was cut short: get it again"));
        }
        Ok(None)
    }

    fn row(&self, unit: TmxUnit, tuid: Option<String>, line: u64) -> Option<BitextRow> {
        let text = |language: &str| {
            unit.variants.iter().find(|variant| is(&variant.lang, language)).map(|v| v.text.clone())
        };
        let (arabic, english) = (text("ar")?, text("en")?);
        let (src, tgt) =
            if self.english_first == Some(true) { (english, arabic) } else { (arabic, english) };
        let mut fields: Vec<(Arc<str>, Value)> = Vec::new();
        if let Some(tuid) = tuid {
            fields.push(("tuid".into(), Value::Text(tuid)));
        }
        for (name, value) in unit.props {
            let name = name.strip_prefix(PREFIX).unwrap_or(&name);
            fields.push((name.into(), Value::Text(value)));
        }
        Some(BitextRow { src, tgt, fields, line })
    }
}

fn is(tag: &str, language: &str) -> bool {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    primary.eq_ignore_ascii_case(language)
}

/// Gives the value of an attribute of the first tag of a text.
fn attribute(text: &str, name: &str) -> Option<String> {
    let tag = &text[..text.find('>').unwrap_or(text.len())];
    let at = tag.find(&format!("{name}="))? + name.len() + 1;
    let quote = tag[at..].chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let rest = &tag[at + 1..];
    let value = &rest[..rest.find(quote)?];
    Some(
        quick_xml::escape::unescape(value)
            .map_or_else(|_| value.to_owned(), std::borrow::Cow::into_owned),
    )
}
