//! Writes XLIFF 2.1.

use std::sync::Arc;

use super::OWN;
use crate::bitext::copied::UnitCopier;
use crate::bitext::language_tag::is_language;
use crate::bitext::markup::{attribute, element, is_xml_char};
use crate::bitext::verbatim::{BitextTail, UnitKind};
use crate::bitext::writer::{Buffers, RowLayout};
use crate::bitext::{BitextRow, FieldValue, Losses};
use crate::error::Result;
use crate::format::BitextHeader;

/// Writes units.
pub(super) struct XliffLayout {
    langs: [String; 2],
    copier: UnitCopier,
    /// The document of the `<file>` that is open.
    doc: Option<Option<String>>,
    files: u64,
    units: u64,
}

impl XliffLayout {
    pub(super) fn new(header: &BitextHeader, added: &[Arc<str>]) -> Self {
        let mut none = Losses::default();
        let langs = [&header.src_lang, &header.tgt_lang].map(|lang| attribute(lang, &mut none));
        let kinds = &[UnitKind::Xliff1, UnitKind::Xliff2];
        let copier = UnitCopier::new(kinds, added, header.copies_others);
        Self { langs, copier, doc: None, files: 0, units: 0 }
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

    fn header(&self, out: &mut Buffers) {
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
    }

    fn unit(&mut self, row: &BitextRow, out: &mut Buffers) {
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
    }
}

impl RowLayout for XliffLayout {
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        if self.copier.write(row, out)? {
            return Ok(());
        }
        if !self.copier.finish_unit(out) {
            self.header(out);
        }
        out.count_lost_parts(row);
        self.unit(row, out);
        Ok(())
    }

    fn omit(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        self.copier.omit(row, out)
    }

    fn tail(&mut self, tail: &BitextTail, out: &mut Buffers) -> Result<()> {
        self.copier.tail(tail, out)
    }

    fn copies_units(&self) -> bool {
        true
    }

    fn end(&mut self, out: &mut Buffers) -> Result<()> {
        if self.copier.end(out).is_some() {
            return Ok(());
        }
        if !self.copier.finish_unit(out) {
            self.header(out);
        }
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
        None if row.get("reviewed").is_some() => " state=\"reviewed\"".to_owned(),
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
