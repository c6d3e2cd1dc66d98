//! The units of an XLIFF document, each with the text that it was read from.

use std::io::BufRead;

use quick_xml::events::BytesStart;

use super::OWN;
use super::codes::{CODES, SPANNING_CODES, is_code, trace};
use super::unit::{MarkedSegment, PairOfUnit, UnitPart, UnitSide, XliffUnit, source_unit};
use crate::bitext::BitextRow;
use crate::bitext::copied::{PREFIX, part_of_group};
use crate::bitext::inline_text::{CodeTrace, is_line_break};
use crate::bitext::verbatim::{
    PieceKind, SourceUnit, Surroundings, SurroundingsBuilder, declare_utf8,
};
use crate::error::{ErrorKind, Result};
use crate::remedy::FormatRemedy;
use crate::xml::{Node, UnitElements, XmlReader};

/// The elements that reading can continue at after an error.
const ELEMENTS: UnitElements =
    UnitElements { units: &["unit", "trans-unit"], containers: &["file", "body", "group"] };
/// Elements of a unit that no field holds.
const DETAILS: [&str; 6] =
    ["alt-trans", "match", "glossary", "count-group", "context-group", "prop-group"];
/// How much markup between units is collected before it is handed on.
const MAX_MARKUP: usize = 1 << 16;

/// A unit that was read.
#[derive(Debug, Default)]
pub(super) struct ReadUnit {
    /// Its translated segments.
    pub(super) rows: Vec<BitextRow>,
    /// The number of segments without a translation.
    pub(super) untranslated: u64,
    /// The languages of its file, as far as they are known.
    pub(super) langs: [Option<String>; 2],
    /// Its text, if the document is read for copying; what precedes it is in `before`.
    pub(super) source: Option<SourceUnit>,
    pub(super) before: Surroundings,
}

/// Reads the units of a document.
pub(super) struct XliffReader<R> {
    xml: XmlReader<R>,
    is_xliff: bool,
    /// Whether the text is handed on.
    copies: bool,
    file: u64,
    /// Whether reading can continue after the last error.
    pub(super) can_resume: bool,
    before: SurroundingsBuilder,
    has_begun: bool,
    /// The languages of the file that is being read.
    langs: [Option<String>; 2],
    doc: Option<String>,
    is_own: bool,
    in_unit: bool,
    unit: XliffUnit,
    part: Option<UnitPart>,
    /// The number of code elements around the text.
    codes: usize,
    /// The content of the code that is open.
    code: String,
    /// For each mark around the text, whether it is a segment.
    marks: Vec<bool>,
    /// For each spanning code that is open, what it leaves behind.
    spans: Vec<Option<CodeTrace>>,
}

impl<R: BufRead> XliffReader<R> {
    pub(super) fn new(stream: R, file: u64, copies: bool) -> Self {
        Self {
            xml: XmlReader::from_stream(stream).recording(),
            is_xliff: false,
            copies,
            file,
            can_resume: false,
            before: SurroundingsBuilder::default(),
            has_begun: false,
            langs: [None, None],
            doc: None,
            is_own: false,
            in_unit: false,
            unit: XliffUnit::default(),
            part: None,
            codes: 0,
            code: String::new(),
            marks: Vec::new(),
            spans: Vec::new(),
        }
    }

    /// Returns the next unit, or `None` at the end.
    ///
    /// After an error inside a `<file>`, [`XliffReader::can_resume`] is set, and the next call
    /// returns the unit after the one with the error.
    pub(super) fn next(&mut self) -> Result<Option<ReadUnit>> {
        self.can_resume = false;
        match self.read_unit() {
            Err(error) if matches!(error.kind(), ErrorKind::Xml(_) | ErrorKind::Syntax { .. }) => {
                let error = self.xml.at_unit(error);
                self.can_resume = self.xml.recover(&ELEMENTS)?;
                (self.in_unit, self.unit) = (false, XliffUnit::default());
                self.leave_text();
                Err(error)
            }
            other => other,
        }
    }

    /// Returns what follows the last unit, with the end tags that a truncated file lacks.
    pub(super) fn take_rest(&mut self) -> Result<Surroundings> {
        let ends = self.xml.missing_ends();
        let text = self.xml.take() + &ends;
        self.take_markup(text)?;
        Ok(self.before.finish())
    }

    fn take_markup(&mut self, text: String) -> Result<()> {
        if !self.copies || text.is_empty() {
            return Ok(());
        }
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        self.before.push(PieceKind::Markup, if is_first { declare_utf8(text) } else { text })
    }

    fn read_unit(&mut self) -> Result<Option<ReadUnit>> {
        loop {
            let node = self.xml.next()?;
            if !self.in_unit && self.xml.node_range().end > MAX_MARKUP {
                let text = self.xml.take_before();
                self.take_markup(text)?;
            }
            match node {
                Some(Node::Start(tag)) => self.start(&tag)?,
                Some(Node::Text(text)) => self.text(&text),
                Some(Node::End(name)) => {
                    if let Some(unit) = self.end(&name)? {
                        return Ok(Some(unit));
                    }
                }
                None if self.is_xliff => return Ok(None),
                None => {
                    let what = "this is not XLIFF: it has no <xliff>".to_owned();
                    return Err(ErrorKind::Syntax { what, remedy: FormatRemedy::NameFormat }.into());
                }
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        let (name, parent) =
            (self.xml.up(0).unwrap_or_default(), self.xml.up(1).unwrap_or_default());
        if ELEMENTS.units.contains(&name) {
            if self.in_unit {
                return Err(self.xml.ill_formed(name));
            }
            return self.begin(tag);
        }
        let xml = &self.xml;
        let get = |name: &str| xml.attribute(tag, &[name]);
        let unit = &mut self.unit;
        match (name, parent) {
            ("xliff", "") => {
                self.is_xliff = true;
                self.langs = [get("srcLang")?, get("trgLang")?];
            }
            ("file", "xliff") => {
                self.doc = get("original")?;
                self.is_own = get("id")?.is_some_and(|id| id.starts_with(OWN));
                if let Some(src) = get("source-language")? {
                    self.langs = [Some(src), get("target-language")?];
                }
            }
            ("segment", "unit") => {
                (unit.segment, unit.state) = (get("id")?, get("state")?);
                unit.segment_start = xml.node_range().start;
                unit.sides = <[UnitSide; 2]>::default();
            }
            ("source", "segment" | "trans-unit") => self.part = Some(UnitPart::Source),
            ("target", "segment" | "trans-unit") => {
                self.part = Some(UnitPart::Target);
                unit.sides[1].is_there = true;
                if parent == "trans-unit" {
                    unit.state = get("state")?;
                }
                if self.langs[1].is_none() {
                    self.langs[1] = get("xml:lang")?;
                }
            }
            ("seg-source", "trans-unit") => self.part = Some(UnitPart::Segmented),
            ("note", _) => unit.notes.push(String::new()),
            ("metadata", "unit") => unit.metadata_prefix = Some(prefix_of(tag)),
            ("metaGroup", _) => {
                let part = get("category")?.and_then(|name| part_of_group(&name));
                if let Some(part) = part {
                    unit.group = Some((part, xml.node_range().start));
                }
            }
            ("meta", "metaGroup") => {
                let part = unit.group.map(|(part, _)| part);
                unit.meta.push((part, get("type")?.unwrap_or_default(), String::new()));
            }
            ("context-group", "trans-unit") => {
                match get("name")?.and_then(|name| part_of_group(&name)) {
                    Some(part) => unit.group = Some((part, xml.node_range().start)),
                    None => unit.details = true,
                }
            }
            ("context", "context-group") => {
                if let Some((part, _)) = unit.group {
                    let name = get("context-type")?.unwrap_or_default();
                    let name = name.strip_prefix(PREFIX).unwrap_or(&name).to_owned();
                    unit.meta.push((Some(part), name, String::new()));
                }
            }
            ("data", "originalData") => {
                unit.data.push((get("id")?.unwrap_or_default(), String::new()));
            }
            ("mrk", _) => {
                if let Some(part) = self.part {
                    let is_segment = get("mtype")?.as_deref() == Some("seg");
                    if is_segment {
                        let mid = get("mid")?.unwrap_or_default();
                        let range = xml.node_range();
                        let mark = MarkedSegment { mid, range, ..MarkedSegment::default() };
                        unit.side(part).marked.push(mark);
                    }
                    self.marks.push(is_segment);
                }
            }
            ("cp", _) => {
                let hex = get("hex")?.unwrap_or_default();
                let c = u32::from_str_radix(hex.trim(), 16).ok().and_then(char::from_u32);
                self.text(c.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut [0; 4]));
            }
            (code, _) if self.part.is_some() && is_code(code) => {
                let trace = trace(xml, tag, &unit.data)?;
                unit.codes = true;
                if SPANNING_CODES.contains(&code) {
                    self.spans.push(trace);
                }
                self.codes += usize::from(CODES.contains(&code));
                self.code.clear();
                self.code(trace);
            }
            (name, _) if DETAILS.contains(&name) => unit.details = true,
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        let markup = self.xml.take_before();
        self.take_markup(markup)?;
        let xml = &self.xml;
        let others = |known: &[&str]| {
            tag.attributes().flatten().any(|found| {
                let name: &str = found.key.as_ref();
                !known.contains(&name) && !name.starts_with("xmlns")
            })
        };
        let known: &[&str] = if self.is_own { &["id", "name"] } else { &["id", "xml:space"] };
        self.unit = XliffUnit {
            id: xml.attribute(tag, &["id"])?,
            name: xml.attribute(tag, &["name"])?,
            line: xml.line(),
            prefix: prefix_of(tag),
            is_second: xml.up(0) == Some("unit"),
            start_end: xml.node_range().end,
            texts_end: xml.node_range().end,
            details: others(known),
            ..XliffUnit::default()
        };
        self.in_unit = true;
        self.xml.unit(true);
        Ok(())
    }

    fn in_segment(&self) -> bool {
        self.marks.contains(&true)
    }

    fn code(&mut self, trace: Option<CodeTrace>) {
        let in_segment = self.in_segment();
        if let Some(part) = self.part {
            self.unit.side(part).code(trace, in_segment);
        }
    }

    fn text(&mut self, text: &str) {
        let unit = &mut self.unit;
        match (self.part, self.xml.up(0)) {
            (Some(part), _) if self.codes == 0 => {
                let in_segment = self.in_segment();
                self.unit.side(part).push(text, in_segment);
            }
            (Some(_), Some(code)) if CODES.contains(&code) => self.code.push_str(text),
            (None, Some("note")) => {
                if let Some(note) = unit.notes.last_mut() {
                    note.push_str(text);
                }
            }
            // Only the contexts that nasaq wrote are properties.
            (None, Some(name @ ("meta" | "context"))) => {
                if (name == "meta" || unit.group.is_some())
                    && let Some((_, _, value)) = unit.meta.last_mut()
                {
                    value.push_str(text);
                }
            }
            (None, Some("data")) => {
                if let Some((_, value)) = unit.data.last_mut() {
                    value.push_str(text);
                }
            }
            _ => {}
        }
    }

    fn leave_text(&mut self) {
        self.part = None;
        self.codes = 0;
        self.marks.clear();
        self.spans.clear();
    }

    /// Ends an element; returns the unit if it is one.
    fn end(&mut self, name: &str) -> Result<Option<ReadUnit>> {
        let end = self.xml.node_range().end;
        match name {
            "source" | "target" | "seg-source" => {
                if self.xml.up(0) == Some("trans-unit") {
                    self.unit.texts_end = end;
                }
                self.leave_text();
            }
            "mrk" => {
                if self.marks.pop() == Some(true)
                    && let Some(part) = self.part
                    && let Some(mark) = self.unit.side(part).marked.last_mut()
                {
                    mark.range.end = end;
                }
            }
            "metaGroup" | "context-group" => {
                if let Some((_, start)) = self.unit.group.take() {
                    self.unit.groups.push(start..end);
                }
            }
            "metadata" if self.xml.up(0) == Some("unit") => {
                self.unit.metadata_end = Some(self.xml.node_range().start);
            }
            "segment" if self.xml.up(0) == Some("unit") => self.end_segment(end),
            "trans-unit" | "unit" if self.in_unit => return self.end_unit().map(Some),
            code if self.part.is_some() && SPANNING_CODES.contains(&code) => {
                let trace = self.spans.pop().flatten();
                self.code(trace);
            }
            code if CODES.contains(&code) => {
                self.codes = self.codes.saturating_sub(1);
                if is_line_break(&self.code) {
                    self.code(Some(CodeTrace::LineBreak));
                }
            }
            _ => {}
        }
        Ok(None)
    }

    fn end_segment(&mut self, end: usize) {
        let unit = &mut self.unit;
        let [src, tgt] = std::mem::take(&mut unit.sides);
        unit.pairs.push(PairOfUnit {
            src: src.text.finish(),
            tgt: tgt.is_there.then(|| tgt.text.finish()),
            segment: unit.segment.take(),
            state: unit.state.take(),
            ranges: std::iter::once(unit.segment_start..end).collect(),
        });
    }

    /// Adds a unit of 1.2 as a whole, or segment by segment if both sides are segmented.
    fn end_first(&mut self) {
        let unit = &mut self.unit;
        let [src, mut tgt] = std::mem::take(&mut unit.sides);
        let segmented = std::mem::take(&mut unit.segmented);
        let state = unit.state.take();
        if segmented.marked.is_empty() || tgt.marked.is_empty() {
            unit.pairs.push(PairOfUnit {
                src: src.text.finish(),
                tgt: tgt.is_there.then(|| tgt.text.finish()),
                segment: None,
                state,
                ranges: Vec::new(),
            });
            return;
        }
        for src in segmented.marked {
            let index = tgt.marked.iter().position(|other| other.mid == src.mid);
            let tgt = index.map(|index| tgt.marked.remove(index));
            let mut ranges = vec![src.range];
            ranges.extend(tgt.as_ref().map(|mark| mark.range.clone()));
            unit.pairs.push(PairOfUnit {
                src: src.text.finish(),
                tgt: tgt.map(|mark| mark.text.finish()),
                segment: Some(src.mid),
                state: state.clone(),
                ranges,
            });
        }
    }

    fn end_unit(&mut self) -> Result<ReadUnit> {
        self.in_unit = false;
        self.xml.unit(false);
        if !self.unit.is_second {
            self.end_first();
        }
        let xml = self.xml.take();
        let mut unit = std::mem::take(&mut self.unit);
        let pairs = std::mem::take(&mut unit.pairs);
        let mut read = ReadUnit { langs: self.langs.clone(), ..ReadUnit::default() };
        let mut parts = Vec::new();
        for pair in pairs {
            // An untranslated pair is skipped unless nasaq wrote the file.
            if pair.tgt.as_ref().is_none_or(String::is_empty) && !self.is_own {
                read.untranslated += 1;
                continue;
            }
            let row = unit.row(self.doc.as_deref(), self.is_own, &pair, parts.len());
            read.rows.push(row);
            parts.push(pair.ranges);
        }
        if self.copies {
            read.before = self.before.finish();
            read.source = Some(source_unit(unit, xml, parts, read.untranslated == 0, self.file));
        }
        Ok(read)
    }
}

/// Returns the prefix of the name of an element, with the colon.
fn prefix_of(tag: &BytesStart<'_>) -> String {
    let name = tag.name();
    let name: &str = name.as_ref();
    name.rfind(':').map_or("", |colon| &name[..=colon]).to_owned()
}
