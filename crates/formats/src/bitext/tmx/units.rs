//! The units of a translation memory, each with the text that it was read from.

use std::io::BufRead;
use std::ops::Range;
use std::sync::Arc;

use quick_xml::events::BytesStart;

use super::{TmxUnit, TmxVariant};
use crate::bitext::inline_text::{CodeTrace, InlineText, is_line_break};
use crate::bitext::verbatim::{PieceKind, declare_utf8};
use crate::error::{ErrorKind, Result};
use crate::remedy::FormatRemedy;
use crate::xml::{MAX_LEN, Node, UnitElements, XmlReader};

/// The elements that reading can continue at after an error.
const ELEMENTS: UnitElements = UnitElements { units: &["tu"], containers: &["body"] };
/// Elements whose content is code of another format and not text.
const CODES: [&str; 5] = ["bpt", "ept", "it", "ph", "ut"];
/// How much markup between units is collected before it is handed on.
const MAX_MARKUP: usize = 1 << 16;

/// A unit that was read.
#[derive(Debug, Default)]
pub(super) struct ReadUnit {
    pub(super) unit: TmxUnit,
    /// The line that it begins on.
    pub(super) line: u64,
    /// Whether it has notes, dates, authors or properties of a variant.
    pub(super) details: bool,
    /// The date of the last change, or otherwise of the creation.
    pub(super) date: Option<Arc<str>>,
    /// Its text and what precedes it, if the memory is read for copying.
    pub(super) source: Option<UnitSource>,
    /// For each variant, whether inline codes were removed from it.
    pub(super) codes: Vec<bool>,
}

/// The text of a unit.
#[derive(Debug, Default)]
pub(super) struct UnitSource {
    pub(super) before: Vec<(PieceKind, String)>,
    pub(super) xml: String,
    pub(super) variants: Vec<Range<usize>>,
    /// The properties of the unit: where they are.
    pub(super) props: Vec<Range<usize>>,
    pub(super) prefix: String,
}

/// Reads the units of a file.
pub(super) struct TmxReader<R> {
    xml: XmlReader<R>,
    pub(super) srclang: Option<String>,
    /// Whether the root was seen.
    is_tmx: bool,
    /// Whether the text is handed on.
    copies: bool,
    /// Whether reading can continue after the last error.
    pub(super) can_resume: bool,
    before: Vec<(PieceKind, String)>,
    before_len: usize,
    /// Whether a unit was seen.
    in_body: bool,
    read: ReadUnit,
    texts: Vec<VariantText>,
    /// What the open elements in a segment that TMX does not have leave behind at their ends.
    spans: Vec<Option<CodeTrace>>,
    /// Where the element that is open begins in the text of the unit.
    start: usize,
}

/// The text of a variant, as far as it was read.
#[derive(Debug, Default)]
struct VariantText {
    segment: InlineText,
    /// Text outside of a `<seg>`.
    bare: InlineText,
    has_segment: bool,
    /// Whether a code was removed.
    codes: bool,
    /// The content of the code that is open.
    code: String,
}

impl<R: BufRead> TmxReader<R> {
    pub(super) fn new(xml: XmlReader<R>) -> Self {
        Self {
            xml: xml.recording(),
            srclang: None,
            is_tmx: false,
            copies: false,
            can_resume: false,
            before: Vec::new(),
            before_len: 0,
            in_body: false,
            read: ReadUnit::default(),
            texts: Vec::new(),
            spans: Vec::new(),
            start: 0,
        }
    }

    /// Hands on the text of units and of what is around them.
    pub(super) fn copying(mut self, on: bool) -> Self {
        self.copies = on;
        self
    }

    /// Returns the next unit, or `None` at the end.
    ///
    /// After an error in the body of the file, [`TmxReader::can_resume`] is set, and the next call
    /// returns the unit after the one with the error.
    pub(super) fn next(&mut self) -> Result<Option<ReadUnit>> {
        self.can_resume = false;
        match self.read_unit() {
            Err(error) if matches!(error.kind(), ErrorKind::Xml(_) | ErrorKind::Syntax { .. }) => {
                let error = self.xml.at_unit(error);
                self.can_resume = self.xml.recover(&ELEMENTS)?;
                self.texts.clear();
                self.spans.clear();
                Err(error)
            }
            other => other,
        }
    }

    /// Returns what follows the last unit, with the end tags that a truncated file lacks.
    pub(super) fn take_rest(&mut self) -> Vec<(PieceKind, String)> {
        let mut rest = std::mem::take(&mut self.before);
        if self.copies {
            let ends = self.xml.missing_ends();
            rest.push((PieceKind::Tail, self.xml.take() + &ends));
        }
        rest
    }

    /// Takes what was read outside of units.
    fn take_markup(&mut self, text: String) -> Result<()> {
        if !self.copies || text.is_empty() {
            return Ok(());
        }
        self.before_len += text.len();
        if self.before_len as u64 > MAX_LEN {
            return Err(self.xml.too_long());
        }
        let is_first = self.before.is_empty() && !self.in_body;
        let kind = if self.in_body { PieceKind::Markup } else { PieceKind::Head };
        self.before.push((kind, if is_first { declare_utf8(text) } else { text }));
        Ok(())
    }

    fn read_unit(&mut self) -> Result<Option<ReadUnit>> {
        let mut in_unit = false;
        while let Some(node) = self.xml.next()? {
            if !in_unit && self.xml.node_range().end > MAX_MARKUP {
                let text = self.xml.take_before();
                self.take_markup(text)?;
            }
            match node {
                Node::Start(tag) if self.xml.up(0) == Some("tu") => {
                    if in_unit {
                        return Err(self.xml.ill_formed("tu"));
                    }
                    in_unit = true;
                    self.begin(&tag)?;
                }
                Node::Start(tag) if in_unit => self.start_in_unit(&tag)?,
                Node::Start(tag) => match (self.xml.up(0).unwrap_or_default(), self.xml.up(1)) {
                    ("tmx", None) => self.is_tmx = true,
                    ("header", Some("tmx")) => {
                        self.srclang = self.xml.attribute(&tag, &["srclang"])?;
                    }
                    ("body", Some("tmx")) => {
                        let text = self.xml.take();
                        self.take_markup(text)?;
                        self.in_body = true;
                    }
                    _ => {}
                },
                Node::Text(text) if in_unit => self.text(&text),
                Node::Text(_) => {}
                Node::End(name) if in_unit => {
                    if name == "tu" {
                        return Ok(Some(self.finish()));
                    }
                    self.end_in_unit(&name);
                }
                Node::End(name) => {
                    if name == "body" {
                        let text = self.xml.take_before();
                        self.take_markup(text)?;
                    }
                }
            }
        }
        if self.is_tmx {
            return Ok(None);
        }
        let what = "this is not TMX: it has no <tmx>".to_owned();
        Err(ErrorKind::Syntax { what, remedy: FormatRemedy::NameFormat }.into())
    }

    fn begin(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        let markup = self.xml.take_before();
        self.take_markup(markup)?;
        self.in_body = true;
        self.xml.unit(true);
        self.texts.clear();
        let id = self.xml.attribute(tag, &["tuid"])?;
        self.read = ReadUnit {
            unit: TmxUnit { id, ..TmxUnit::default() },
            line: self.xml.line(),
            details: has_other_attributes(tag, &["tuid"]),
            ..ReadUnit::default()
        };
        self.date(tag)?;
        if self.copies {
            let name = tag.name();
            let name: &str = name.as_ref();
            let prefix = name.strip_suffix("tu").unwrap_or_default().to_owned();
            let before = std::mem::take(&mut self.before);
            self.before_len = 0;
            self.read.source = Some(UnitSource { before, prefix, ..UnitSource::default() });
        }
        Ok(())
    }

    /// Takes the date of an element if it is later than those before.
    fn date(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        let mut date = self.xml.attribute(tag, &["changedate"])?;
        if date.is_none() {
            date = self.xml.attribute(tag, &["creationdate"])?;
        }
        if let Some(date) = date
            && self.read.date.as_deref().is_none_or(|known| known < &*date)
        {
            self.read.date = Some(date.into());
        }
        Ok(())
    }

    fn start_in_unit(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        let xml = &self.xml;
        match (xml.up(0).unwrap_or_default(), xml.up(1)) {
            ("tuv", Some("tu")) => {
                let langs = ["xml:lang", "lang"];
                let lang = xml.attribute(tag, &langs)?.unwrap_or_default();
                self.start = xml.node_range().start;
                self.read.details |= has_other_attributes(tag, &langs);
                self.read.unit.variants.push(TmxVariant { lang, text: String::new() });
                self.texts.push(VariantText::default());
                self.date(tag)?;
            }
            ("prop", Some("tu")) => {
                let name = xml.attribute(tag, &["type"])?.unwrap_or_default();
                self.start = xml.node_range().start;
                self.read.unit.props.push((name, String::new()));
            }
            ("prop" | "note", _) => self.read.details = true,
            ("seg", Some("tuv")) => {
                if let Some(text) = self.texts.last_mut() {
                    text.has_segment = true;
                }
            }
            (code, _) if CODES.contains(&code) => {
                let trace = CodeTrace::of_code(
                    &[xml.attribute(tag, &["type"])?, xml.attribute(tag, &["ctype"])?],
                    &[xml.attribute(tag, &["equiv-text", "x-equiv"])?],
                );
                if let Some(text) = self.texts.last_mut() {
                    text.codes = true;
                    text.code.clear();
                    text.inline().code(trace);
                }
            }
            ("hi" | "sub", _) => {}
            // Elements of other versions and of HTML are codes around text.
            (name, _) if matches!(place(xml), Place::Segment) => {
                let kind = xml.attribute(tag, &["type", "ctype"])?;
                let trace = CodeTrace::of_code(&[Some(name.to_owned()), kind], &[]);
                if let Some(text) = self.texts.last_mut() {
                    text.codes = true;
                    text.inline().code(trace);
                }
                self.spans.push(trace);
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let xml = &self.xml;
        if (xml.up(0), xml.up(1)) == (Some("prop"), Some("tu")) {
            if let Some((_, value)) = self.read.unit.props.last_mut() {
                value.push_str(text);
            }
            return;
        }
        let Some(variant) = self.texts.last_mut() else { return };
        match place(xml) {
            Place::Segment => variant.segment.push(text),
            // White space around elements is no text, and within it is trimmed later.
            Place::Variant if !variant.bare.is_empty() || !text.trim().is_empty() => {
                variant.bare.push(text);
            }
            Place::Code => variant.code.push_str(text),
            _ => {}
        }
    }

    fn end_in_unit(&mut self, name: &str) {
        let end = self.xml.node_range().end;
        match name {
            "tuv" if self.xml.up(0) == Some("tu") => {
                if let Some(source) = &mut self.read.source {
                    source.variants.push(self.start..end);
                }
            }
            "prop" if self.xml.up(0) == Some("tu") => {
                if let Some(source) = &mut self.read.source {
                    source.props.push(self.start..end);
                }
            }
            code if CODES.contains(&code) => {
                if let Some(text) = self.texts.last_mut()
                    && is_line_break(&text.code)
                {
                    text.inline().code(Some(CodeTrace::LineBreak));
                }
            }
            "hi" | "sub" => {}
            _ if matches!(place(&self.xml), Place::Segment) => {
                let trace = self.spans.pop().flatten();
                if let Some(text) = self.texts.last_mut() {
                    text.inline().code(trace);
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self) -> ReadUnit {
        self.xml.unit(false);
        let xml = self.xml.take();
        let mut read = std::mem::take(&mut self.read);
        if let Some(source) = &mut read.source {
            source.xml = xml;
        }
        for (variant, text) in read.unit.variants.iter_mut().zip(self.texts.drain(..)) {
            read.codes.push(text.codes);
            variant.text = match text.has_segment {
                true => text.segment.finish(),
                false => text.bare.finish().trim().to_owned(),
            };
        }
        read
    }
}

impl VariantText {
    fn inline(&mut self) -> &mut InlineText {
        if self.has_segment { &mut self.segment } else { &mut self.bare }
    }
}

/// Where in a variant a text is.
enum Place {
    Segment,
    /// Directly in the variant.
    Variant,
    Code,
    Elsewhere,
}

/// Returns where the reader is; `<hi>` and, in a segment, elements that TMX does not have are part
/// of what contains them.
fn place<R: BufRead>(xml: &XmlReader<R>) -> Place {
    const OTHERS: [&str; 6] = ["seg", "tuv", "tu", "sub", "prop", "note"];
    let is_inside = |name: &str| !OTHERS.contains(&name) && !CODES.contains(&name);
    let mut level = 0;
    while xml.up(level).is_some_and(is_inside) {
        level += 1;
    }
    if xml.up(level) != Some("seg") && (0..level).any(|it| xml.up(it) != Some("hi")) {
        return Place::Elsewhere;
    }
    match (xml.up(level), xml.up(level + 1)) {
        (Some("seg"), Some("tuv")) => Place::Segment,
        (Some("tuv"), Some("tu")) => Place::Variant,
        (Some(code), _) if CODES.contains(&code) => Place::Code,
        _ => Place::Elsewhere,
    }
}

/// Reports whether an element has an attribute besides these and namespaces.
fn has_other_attributes(tag: &BytesStart<'_>, names: &[&str]) -> bool {
    tag.attributes().flatten().any(|found| {
        let name: &str = found.key.as_ref();
        !names.contains(&name) && !name.starts_with("xmlns")
    })
}
