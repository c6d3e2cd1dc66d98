//! XLIFF: [1.2](https://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html),
//! [2.0](https://docs.oasis-open.org/xliff/xliff-core/v2.0/xliff-core-v2.0.html) and
//! [2.1](https://docs.oasis-open.org/xliff/xliff-core/v2.1/xliff-core-v2.1.html) are read, 2.1 is
//! written.
//!
//! **Reader.** A pair is a `<segment>` of 2.x or a `<trans-unit>` of 1.2, or each segment of one
//! whose source and target are both divided by `<mrk mtype="seg">`. A pair without a target is
//! untranslated; it is skipped and counted. Fields of a pair are the `original` of the file as
//! `doc`, `id`, the id of the segment as `segment`, `state`, notes as `note`, and metadata by their
//! type. Inline elements lose their codes but not the text that they enclose; alternative
//! translations, ignorables and other modules are ignored. `<cp>` is the character that it
//! represents.
//!
//! **Writer.** One `<file>` per document, one `<unit>` per pair, with the direction of its script.
//! The fields are metadata of the category `nasaq`, except that a `note` is a note and an `id` is
//! the `name` of the unit. A `state` that 2.1 defines is also that of the segment; a pair that
//! gettext calls fuzzy is `initial`, and every other pair is `translated`. A character that XML 1.0
//! forbids is written as `<cp>` in a text and removed elsewhere.
//!
//! Loses types of values (all become text, except those of nasaq's own columns) and empty values.

use std::collections::VecDeque;
use std::io::BufRead;
use std::sync::Arc;

use super::entry::{BitextSource, FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry};
use super::markup::{attribute, element, is_language, is_xml_char};
use super::writer::{Buffers, RowLayout};
use super::{BitextRow, FieldValue, Loss, Losses, field_name, typed};
use crate::bead_writer::full_row;
use crate::error::{ErrorKind, Result};
use crate::format::BitextHeader;
use crate::remedy::FormatRemedy;
use crate::xml::{Node, XmlReader};

pub(crate) const XLIFF: FormatEntry = FormatEntry {
    name: "xliff",
    endings: &["xliff", "xlf"],
    description: "XLIFF for translation tools: reads 1.2, 2.0 and 2.1, writes 2.1",
    recognise: |start| {
        Likeness::Certain.when(
            start.starts_with(b"<") && (start.contains(b"<xliff") || start.contains(b":xliff")),
        )
    },
    reader: Some(ReaderEntry {
        more_files: &[0],
        open: OpenReader::Text(|files| {
            let languages = files.input.languages.clone();
            Ok(Box::new(SegmentReader::new(files.first, languages)))
        }),
    }),
    writer: Some(WriterEntry {
        files: 1,
        start: |settings| Ok(Box::new(XliffLayout::new(settings.header))),
        bead_row: full_row,
        metadata_prefix: "",
        single_document: None,
        needs_times: false,
    }),
    losses: &[Loss::Characters],
    has_columns: false,
    is_binary: false,
};

/// The prefix of the ids of files that nasaq wrote.
const OWN: &str = "nasaq-";
/// Elements of 1.2 whose content is code and not text.
const CODES: [&str; 4] = ["ph", "bpt", "ept", "it"];

/// A side of a unit, as far as it was read.
#[derive(Default)]
struct UnitSide {
    text: String,
    /// The segments in it, by their `mid`.
    marked: Vec<(String, String)>,
    is_there: bool,
}

impl UnitSide {
    fn push(&mut self, text: &str, in_mark: bool) {
        self.text.push_str(text);
        if let Some((_, mark)) = self.marked.last_mut().filter(|_| in_mark) {
            mark.push_str(text);
        }
    }
}

/// A `<unit>` or `<trans-unit>`.
#[derive(Default)]
struct XliffUnit {
    id: Option<String>,
    name: Option<String>,
    segment: Option<String>,
    state: Option<String>,
    sides: [UnitSide; 2],
    /// The segmented source of 1.2.
    segmented: UnitSide,
    notes: Vec<String>,
    meta: Vec<(String, String)>,
    line: u64,
}

impl XliffUnit {
    fn side(&mut self, part: UnitPart) -> &mut UnitSide {
        match part {
            UnitPart::Source => &mut self.sides[0],
            UnitPart::Target => &mut self.sides[1],
            UnitPart::Segmented => &mut self.segmented,
        }
    }
}

/// The part of a unit that text belongs to.
#[derive(Clone, Copy)]
enum UnitPart {
    Source,
    Target,
    Segmented,
}

/// Reads the segments of a file as pairs.
struct SegmentReader<R> {
    xml: XmlReader<R>,
    requested: [Option<String>; 2],
    is_xliff: bool,
    /// The languages of the file that is being read.
    langs: [Option<String>; 2],
    doc: Option<String>,
    is_own: bool,
    unit: XliffUnit,
    part: Option<UnitPart>,
    /// The number of code elements around the text.
    codes: usize,
    /// For each mark around the text, whether it is a segment.
    marks: Vec<bool>,
    rows: VecDeque<BitextRow>,
    untranslated: u64,
}

impl<R: BufRead> SegmentReader<R> {
    fn new(stream: R, requested: [Option<String>; 2]) -> Self {
        Self {
            xml: XmlReader::from_stream(stream),
            requested,
            is_xliff: false,
            langs: [None, None],
            doc: None,
            is_own: false,
            unit: XliffUnit::default(),
            part: None,
            codes: 0,
            marks: Vec::new(),
            rows: VecDeque::new(),
            untranslated: 0,
        }
    }

    fn next(&mut self) -> Result<Option<BitextRow>> {
        while self.rows.is_empty() {
            match self.xml.next()? {
                Some(Node::Start(tag)) => self.start(&tag)?,
                Some(Node::Text(text)) => self.text(&text),
                Some(Node::End(name)) => self.end(&name),
                None if self.is_xliff => return Ok(None),
                None => {
                    let what = "this is not XLIFF: it has no <xliff>".to_owned();
                    return Err(ErrorKind::Syntax { what, remedy: FormatRemedy::NameFormat }.into());
                }
            }
        }
        Ok(self.rows.pop_front())
    }

    fn start(&mut self, tag: &quick_xml::events::BytesStart<'_>) -> Result<()> {
        let xml = &self.xml;
        let get = |name: &str| xml.attribute(tag, &[name]);
        let (name, parent) = (xml.up(0).unwrap_or_default(), xml.up(1).unwrap_or_default());
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
            ("unit" | "trans-unit", _) => {
                let (id, name) = (get("id")?, get("name")?);
                *unit = XliffUnit { id, name, line: xml.line(), ..XliffUnit::default() };
                self.xml.unit(true);
            }
            ("segment", "unit") => {
                (unit.segment, unit.state) = (get("id")?, get("state")?);
                unit.sides = <[UnitSide; 2]>::default();
            }
            ("source", "segment" | "trans-unit") => self.part = Some(UnitPart::Source),
            ("target", "segment" | "trans-unit") => {
                self.part = Some(UnitPart::Target);
                unit.sides[1].is_there = true;
                if parent == "trans-unit" {
                    unit.state = get("state")?;
                }
            }
            ("seg-source", "trans-unit") => self.part = Some(UnitPart::Segmented),
            ("note", _) => unit.notes.push(String::new()),
            ("meta", "metaGroup") => {
                unit.meta.push((get("type")?.unwrap_or_default(), String::new()));
            }
            ("mrk", _) => {
                if let Some(part) = self.part {
                    let is_segment = get("mtype")?.as_deref() == Some("seg");
                    if is_segment {
                        let mid = get("mid")?.unwrap_or_default();
                        unit.side(part).marked.push((mid, String::new()));
                    }
                    self.marks.push(is_segment);
                }
            }
            ("cp", _) => {
                let hex = get("hex")?.unwrap_or_default();
                let c = u32::from_str_radix(hex.trim(), 16).ok().and_then(char::from_u32);
                self.text(c.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut [0; 4]));
            }
            (code, _) if CODES.contains(&code) => self.codes += 1,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        match (self.part, self.xml.up(0)) {
            (Some(part), _) if self.codes == 0 => {
                self.unit.side(part).push(text, self.marks.contains(&true));
            }
            (None, Some("note")) => {
                if let Some(note) = self.unit.notes.last_mut() {
                    note.push_str(text);
                }
            }
            (None, Some("meta")) => {
                if let Some((_, value)) = self.unit.meta.last_mut() {
                    value.push_str(text);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "source" | "target" | "seg-source" => {
                self.part = None;
                self.codes = 0;
                self.marks.clear();
            }
            "mrk" => {
                self.marks.pop();
            }
            "segment" if self.xml.up(0) == Some("unit") => {
                let [src, tgt] = std::mem::take(&mut self.unit.sides);
                let segment = self.unit.segment.take();
                self.pair(src.text, tgt.is_there.then_some(tgt.text), segment.as_deref());
            }
            "trans-unit" => {
                self.trans_unit();
                self.xml.unit(false);
            }
            "unit" => self.xml.unit(false),
            code if CODES.contains(&code) => self.codes = self.codes.saturating_sub(1),
            _ => {}
        }
    }

    /// Adds a unit of 1.2 as a whole, or segment by segment if both sides are segmented.
    fn trans_unit(&mut self) {
        let [src, mut tgt] = std::mem::take(&mut self.unit.sides);
        let segmented = std::mem::take(&mut self.unit.segmented);
        if segmented.marked.is_empty() || tgt.marked.is_empty() {
            return self.pair(src.text, tgt.is_there.then_some(tgt.text), None);
        }
        for (mid, src) in segmented.marked {
            let index = tgt.marked.iter().position(|(other, _)| *other == mid);
            let tgt = index.map(|index| tgt.marked.swap_remove(index).1);
            self.pair(src, tgt, Some(&mid));
        }
    }

    /// Adds a row for a pair; an untranslated one is skipped unless nasaq wrote the file.
    fn pair(&mut self, src: String, tgt: Option<String>, segment: Option<&str>) {
        let is_requested =
            self.requested.iter().zip(&self.langs).all(|(requested, lang)| match requested {
                Some(requested) => lang.as_ref().is_none_or(|lang| is_language(lang, requested)),
                None => true,
            });
        let untranslated = tgt.as_ref().is_none_or(String::is_empty);
        if !is_requested || untranslated && !self.is_own {
            self.untranslated += 1;
            return;
        }
        let unit = &self.unit;
        let mut fields: Vec<(Arc<str>, FieldValue)> = Vec::new();
        let mut add = |name: &str, text: &str| {
            if let Some(value) = typed(name, text.to_owned()) {
                fields.push((field_name(name, &value).into(), value));
            }
        };
        let foreign = |value: Option<&str>| value.map(str::to_owned).filter(|_| !self.is_own);
        let id = if self.is_own { unit.name.clone() } else { unit.id.clone() };
        for (name, value) in [
            ("doc", self.doc.clone()),
            ("id", id),
            ("segment", foreign(segment)),
            ("state", foreign(unit.state.as_deref())),
            ("note", Some(unit.notes.join("\n")).filter(|_| !unit.notes.is_empty())),
        ] {
            if let Some(value) = value {
                add(name, &value);
            }
        }
        for (name, value) in &unit.meta {
            add(name, value);
        }
        let line = unit.line;
        self.rows.push_back(BitextRow { src, tgt: tgt.unwrap_or_default(), fields, line });
    }
}

impl<R: BufRead + Send> BitextSource for SegmentReader<R> {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        self.next()
    }

    fn languages(&self) -> Option<[String; 2]> {
        match &self.langs {
            [Some(src), Some(tgt)] => Some([src.clone(), tgt.clone()]),
            _ => None,
        }
    }

    fn untranslated(&self) -> u64 {
        self.untranslated
    }
}

/// Writes units.
struct XliffLayout {
    langs: [String; 2],
    /// The document of the `<file>` that is open.
    doc: Option<Option<String>>,
    files: u64,
    units: u64,
}

impl XliffLayout {
    fn new(header: &BitextHeader) -> Self {
        let mut none = Losses::default();
        let langs = [&header.src_lang, &header.tgt_lang].map(|lang| attribute(lang, &mut none));
        Self { langs, doc: None, files: 0, units: 0 }
    }

    fn file(&mut self, doc: Option<String>, out: &mut Buffers) {
        if self.files > 0 {
            out.push("  </file>\n");
        }
        self.files += 1;
        let original = doc.as_ref().map_or_else(String::new, |doc| {
            format!(" original=\"{}\"", attribute(doc, &mut out.losses))
        });
        let direction = |lang: &str| if is_language(lang, "ar") { "rtl" } else { "ltr" };
        let [src, tgt] = self.langs.each_ref().map(|lang| direction(lang));
        out.push(&format!(
            "  <file id=\"{OWN}{}\"{original} srcDir=\"{src}\" trgDir=\"{tgt}\" xml:space=\"preserve\">\n",
            self.files
        ));
        self.doc = Some(doc);
    }
}

impl RowLayout for XliffLayout {
    fn start(&mut self, out: &mut Buffers) -> Result<()> {
        let [src, tgt] = &self.langs;
        out.push(&format!(
            concat!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
                "<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\"",
                " xmlns:mda=\"urn:oasis:names:tc:xliff:metadata:2.0\"",
                " version=\"2.1\" srcLang=\"{}\" trgLang=\"{}\">\n"
            ),
            src, tgt
        ));
        Ok(())
    }

    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        let doc = row.doc();
        if self.doc.as_ref() != Some(&doc) {
            self.file(doc, out);
        }
        self.units += 1;
        let losses = &mut out.losses;
        let mut unit = format!("    <unit id=\"u{}\"", self.units);
        if let Some(id) = row.get("id") {
            unit.push_str(&format!(" name=\"{}\"", attribute(&id.to_string(), losses)));
        }
        unit.push_str(">\n");
        let fields = row.fields.iter().filter(|(name, value)| {
            !matches!(&**name, "doc" | "id" | "note") && !matches!(value, FieldValue::Nothing)
        });
        let mut meta = String::new();
        for (name, value) in fields {
            let (name, value) = (attribute(name, losses), value.to_string());
            let value = element(&value, losses);
            meta.push_str(&format!("          <mda:meta type=\"{name}\">{value}</mda:meta>\n"));
        }
        if !meta.is_empty() {
            unit.push_str("      <mda:metadata>\n        <mda:metaGroup category=\"nasaq\">\n");
            unit.push_str(&meta);
            unit.push_str("        </mda:metaGroup>\n      </mda:metadata>\n");
        }
        if let Some(note) = row.get("note").filter(|note| !matches!(note, FieldValue::Nothing)) {
            let note = note.to_string();
            let note = element(&note, losses);
            unit.push_str(&format!("      <notes>\n        <note>{note}</note>\n      </notes>\n"));
        }
        let has_target = !row.tgt.is_empty();
        unit.push_str(&format!("      <segment{}>\n        <source>", state(row)));
        content(&mut unit, &row.src, losses);
        unit.push_str("</source>\n");
        if has_target {
            unit.push_str("        <target>");
            content(&mut unit, &row.tgt, losses);
            unit.push_str("</target>\n");
        }
        unit.push_str("      </segment>\n    </unit>\n");
        out.push(&unit);
        Ok(())
    }

    fn end(&mut self, out: &mut Buffers) -> Result<()> {
        if self.files > 0 {
            out.push("  </file>\n");
        }
        out.push("</xliff>\n");
        Ok(())
    }
}

/// Returns the attribute for the state of a pair, or nothing if it is not translated.
fn state(row: &BitextRow) -> String {
    let is_fuzzy = |flags: &FieldValue| flags.to_string().split(", ").any(|flag| flag == "fuzzy");
    let known = row
        .get("state")
        .map(FieldValue::to_string)
        .filter(|state| ["initial", "translated", "reviewed", "final"].contains(&state.as_str()));
    match known {
        _ if row.tgt.is_empty() => String::new(),
        Some(state) => format!(" state=\"{state}\""),
        None if row.get("flags").is_some_and(is_fuzzy) => " state=\"initial\"".to_owned(),
        None => " state=\"translated\"".to_owned(),
    }
}

/// Writes a text, with the characters that XML forbids as code points.
fn content(out: &mut String, text: &str, losses: &mut Losses) {
    let mut rest = text;
    while let Some((index, c)) = rest.char_indices().find(|(_, c)| !is_xml_char(*c)) {
        out.push_str(&element(&rest[..index], losses));
        out.push_str(&format!("<cp hex=\"{:04X}\"/>", u32::from(c)));
        rest = &rest[index + c.len_utf8()..];
    }
    out.push_str(&element(rest, losses));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<(String, String, String)>, u64) {
        let mut segments = SegmentReader::new(text.as_bytes(), [None, None]);
        let mut rows = Vec::new();
        while let Some(row) = segments.next().expect("XLIFF") {
            let fields: Vec<String> =
                row.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
            rows.push((row.src, row.tgt, fields.join(" ")));
        }
        (rows, segments.untranslated)
    }

    fn row(src: &str, tgt: &str, fields: &str) -> (String, String, String) {
        (src.into(), tgt.into(), fields.into())
    }

    #[test]
    fn version_1_2_is_read() {
        let (rows, untranslated) = read(
            r#"<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="a.docx" source-language="en" target-language="ar" datatype="plaintext"><body>
<group><trans-unit id="1"><source>Press <g id="1">OK</g> <ph id="2">{0}</ph>now</source>
<target state="final">اضغط <g id="1">موافق</g></target><note>button</note>
<alt-trans><source>No</source><target>لا</target></alt-trans></trans-unit></group>
<trans-unit id="2"><source>One. Two.</source>
<seg-source><mrk mtype="seg" mid="a">One.</mrk> <mrk mtype="seg" mid="b">Two.</mrk></seg-source>
<target><mrk mtype="seg" mid="b">اثنان.</mrk> <mrk mtype="seg" mid="a">واحد.</mrk></target></trans-unit>
<trans-unit id="3"><source>New</source></trans-unit>
</body></file></xliff>"#,
        );
        assert_eq!(
            rows,
            [
                row("Press OK now", "اضغط موافق", "doc=a.docx id=1 state=final note=button"),
                row("One.", "واحد.", "doc=a.docx id=2 segment=a"),
                row("Two.", "اثنان.", "doc=a.docx id=2 segment=b"),
            ]
        );
        assert_eq!(untranslated, 1);
    }

    #[test]
    fn version_2_is_read() {
        let (rows, untranslated) = read(
            r#"<x:xliff xmlns:x="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="ar" trgLang="en">
<x:file id="f"><x:unit id="u"><x:notes><x:note>n</x:note></x:notes><x:originalData><x:data id="d">b</x:data></x:originalData>
<x:segment id="s1" state="reviewed"><x:source>نعم <x:pc id="1">حقا</x:pc><x:cp hex="001A"/></x:source><x:target>Yes<x:ph id="2"/> really</x:target></x:segment>
<x:ignorable><x:source> </x:source></x:ignorable>
<x:segment id="s2"><x:source>لا</x:source><x:target>No</x:target></x:segment>
<x:segment><x:source>جديد</x:source></x:segment></x:unit></x:file></x:xliff>"#,
        );
        assert_eq!(
            rows,
            [
                row("نعم حقا\u{1a}", "Yes really", "id=u segment=s1 state=reviewed note=n"),
                row("لا", "No", "id=u segment=s2 note=n"),
            ]
        );
        assert_eq!(untranslated, 1);
    }

    #[test]
    fn states_and_notes_are_written_as_attributes_and_elements() {
        let fields = |state: &str, flags: &str| {
            let field =
                |(name, text): (&str, &str)| (name.into(), FieldValue::Text(text.to_owned()));
            [("state", state), ("flags", flags), ("note", "a & b")].map(field).to_vec()
        };
        for (tgt, state, flags, written) in [
            ("Yes", "final", "", "<segment state=\"final\">"),
            ("Yes", "signed-off", "", "<segment state=\"translated\">"),
            ("Yes", "", "c-format, fuzzy", "<segment state=\"initial\">"),
            ("", "final", "", "<segment>"),
        ] {
            let fields = fields(state, flags);
            let row = BitextRow { src: "نعم".to_owned(), tgt: tgt.to_owned(), fields, line: 0 };
            let mut out = Buffers::default();
            XliffLayout::new(&BitextHeader::default()).row(&row, &mut out).expect("memory");
            let text = String::from_utf8_lossy(&out.files[0]);
            assert!(text.contains(written), "{text}");
            assert_eq!(text.matches("a &amp; b").count(), 1, "{text}");
        }
    }

    #[test]
    fn errors_in_broken_files_name_the_line() {
        for (text, start) in [
            ("<xliff>\n<file>\n</xliff>", "line 3: this is not well-formed XML"),
            ("<xliff>\n<file>", "line 2: the file ends inside <xliff><file>"),
            ("<tmx></tmx>", "this is not XLIFF: it has no <xliff>"),
            ("<xliff>\n<a>&b;</a></xliff>", "line 2: the entity &b;"),
        ] {
            let mut segments = SegmentReader::new(text.as_bytes(), [None, None]);
            let error = segments.next().map(|_| ()).expect_err("broken").to_string();
            assert!(error.starts_with(start), "{error}");
        }
    }
}
