//! Writes translation memories.

use std::collections::HashSet;
use std::sync::Arc;

use super::PREFIX;
use crate::bitext::copied::UnitCopier;
use crate::bitext::markup::{attribute, element, is_xml_char};
use crate::bitext::verbatim::{BitextTail, UnitKind};
use crate::bitext::writer::{Buffers, RowLayout};
use crate::bitext::{BitextRow, FieldValue, Loss, Losses};
use crate::error::Result;
use crate::format::{BitextHeader, SHEET_COLUMNS};

/// The end of a memory.
const END: &str = "  </body>\n</tmx>\n";

/// Writes units.
pub(super) struct TmxLayout {
    header: BitextHeader,
    langs: [String; 2],
    copier: UnitCopier,
    /// Columns that are not written.
    omitted: HashSet<String>,
}

impl TmxLayout {
    pub(super) fn new(header: &BitextHeader, added: &[Arc<str>]) -> Self {
        let mut none = Losses::default();
        let langs = [&header.src_lang, &header.tgt_lang].map(|lang| attribute(lang, &mut none));
        let copier = UnitCopier::new(&[UnitKind::Tmx], added, header.copies_others);
        let mut omitted: HashSet<String> = header.omitted.iter().cloned().collect();
        added.iter().for_each(|name| {
            omitted.remove(&**name);
        });
        Self { header: header.clone(), langs, copier, omitted }
    }

    /// Reports whether the probability of a pair that nobody has reviewed is below the minimum.
    fn is_improbable(&self, row: &BitextRow) -> bool {
        let limit = self.header.min_probability.zip(row.probability_for_memory());
        limit.is_some_and(|(min, it)| it < min)
    }

    /// Reports whether a pair has a probability that cannot be compared with the minimum.
    fn has_unread_probability(&self, row: &BitextRow) -> bool {
        let is_unread = |value: &FieldValue| match value {
            FieldValue::Text(text) => !text.trim().is_empty() && value.as_number().is_none(),
            _ => false,
        };
        self.header.min_probability.is_some_and(|min| min > 0.0)
            && row.get("probability").is_some_and(is_unread)
    }

    fn header(&self, out: &mut Buffers) {
        let losses = &mut out.losses;
        let mut text = format!(
            concat!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
                "<tmx version=\"1.4\">\n",
                "  <header creationtool=\"nasaq\" creationtoolversion=\"{}\" segtype=\"sentence\"",
                " o-tmf=\"nasaq\" adminlang=\"en\" srclang=\"{}\" datatype=\"plaintext\"",
            ),
            attribute(&self.header.version, losses),
            self.langs[0],
        );
        if self.header.settings.is_empty() || !self.header.omitted.is_empty() {
            text.push_str("/>\n");
        } else {
            text.push_str(">\n");
            for (name, value) in &self.header.settings {
                text.push_str("    ");
                prop(&mut text, PREFIX, name, value, losses);
            }
            text.push_str("  </header>\n");
        }
        text.push_str("  <body>\n");
        out.push(&text);
    }
}

impl RowLayout for TmxLayout {
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        if self.copier.write(row, out)? {
            return Ok(());
        }
        if !self.copier.finish_unit(out) {
            self.header(out);
        }
        out.count_lost_parts(row);
        let (src, tgt) = (&row.src, &row.tgt);
        if src.trim().is_empty() || tgt.trim().is_empty() {
            out.losses.add(Loss::OneSided);
            return Ok(());
        }
        if self.is_improbable(row) {
            out.losses.add(Loss::Improbable);
            return Ok(());
        }
        if self.has_unread_probability(row) {
            out.losses.add(Loss::UnreadProbability);
        }
        let mut unit = String::with_capacity(256 + src.len() + tgt.len());
        unit.push_str("    <tu");
        if let Some(tuid) = row.get("tuid") {
            unit.push_str(&format!(" tuid=\"{}\"", attribute(&tuid.to_string(), &mut out.losses)));
        }
        unit.push_str(">\n");
        let mut is_complete = true;
        // Other programs have comments, too.
        let omits_sheet = !self.omitted.is_empty() && row.is_of_review_sheet();
        for (name, value) in row.fields.iter().filter(|(name, _)| &**name != "tuid") {
            let value = value.to_string();
            // An empty cell of a table is no property, nor is one of which nothing is left.
            if !value.contains(is_xml_char) {
                if !value.is_empty() {
                    out.losses.add(Loss::Characters);
                }
                continue;
            }
            if self.omitted.contains(&**name) || omits_sheet && SHEET_COLUMNS.contains(&&**name) {
                is_complete = false;
            } else {
                // A property of another program keeps its name.
                let prefix = if name.starts_with("x-") { "" } else { PREFIX };
                unit.push_str("      ");
                prop(&mut unit, prefix, name, &value, &mut out.losses);
            }
        }
        if !is_complete {
            out.losses.add(Loss::Properties);
        }
        for (lang, text) in self.langs.iter().zip([src, tgt]) {
            unit.push_str("      <tuv xml:lang=\"");
            unit.push_str(lang);
            unit.push_str("\"><seg>");
            unit.push_str(&element(text, &mut out.losses));
            unit.push_str("</seg></tuv>\n");
        }
        unit.push_str("    </tu>\n");
        out.push(&unit);
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
        match self.copier.end(out) {
            Some(end) if end.contains("</") => out.push(&end),
            Some(_) => out.push(END),
            None => {
                if !self.copier.finish_unit(out) {
                    self.header(out);
                }
                out.push(END);
            }
        }
        Ok(())
    }
}

fn prop(out: &mut String, prefix: &str, name: &str, value: &str, losses: &mut Losses) {
    let (name, value) = (attribute(name, losses), element(value, losses));
    out.push_str(&format!("<prop type=\"{prefix}{name}\">{value}</prop>\n"));
}
