//! Writes two documents and the links between their sentences.

use std::ops::Range;
use std::sync::Arc;

use super::super::markup::attribute;
use super::super::sentences::content;
use super::super::writer::{Buffers, RowLayout};
use super::super::{BitextRow, FieldValue, Loss, Losses};
use super::order::{LinkedRow, LinkedRows, in_document_order, without_moves};
use crate::error::Result;
use crate::format::BitextHeader;

/// Fields that are attributes of a link, under their names.
const ATTRIBUTES: [&str; 4] = ["id", "status", "mark", "certainty"];
/// Fields that the links, the sentences or the names of the files have.
const IMPLIED: [&str; 8] =
    ["probability", "kind", "doc", "src_segments", "tgt_segments", "moved", "bead", "counterpart"];

/// Writes the files of the source, of the target, and of the links, in this order.
pub(super) struct XcesLayout {
    rows: LinkedRows,
    langs: [String; 2],
    /// The names of the documents.
    names: [String; 2],
    /// Whether links are those of InterText.
    is_intertext: bool,
    /// The document of the first row.
    doc: Option<String>,
}

/// The ids of the sentences of a row, from 1, for each side.
pub(in super::super) type LinkedIds = [Range<usize>; 2];

impl XcesLayout {
    pub(super) fn new(header: &BitextHeader, is_intertext: bool) -> Self {
        let langs = [header.src_lang.clone(), header.tgt_lang.clone()];
        let names = header.file_names.clone();
        Self { rows: LinkedRows::default(), langs, names, is_intertext, doc: None }
    }

    fn document(&self, side: usize, rows: &[LinkedRow], order: &[usize], out: &mut Buffers) {
        let lang = attribute(&self.langs[side], &mut out.losses);
        let mut text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<text xml:lang=\"{lang}\">\n<p>\n"
        );
        let sentences = order.iter().flat_map(|&index| &rows[index].texts[side]);
        for (id, sentence) in (1..).zip(sentences) {
            text.push_str(&format!("<s id=\"{id}\">{}</s>\n", content(sentence, out)));
        }
        text.push_str("</p>\n</text>\n");
        out.files[side].extend_from_slice(text.as_bytes());
    }

    fn links(&self, rows: &[LinkedRow], ids: &[LinkedIds], losses: &mut Losses) -> String {
        let [from, to] = self.names.each_ref().map(|name| attribute(name, losses));
        let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
        if self.is_intertext {
            text.push_str(&format!("<linkGrp toDoc=\"{to}\" fromDoc=\"{from}\">\n"));
        } else {
            text.push_str(
                "<!DOCTYPE cesAlign PUBLIC \"-//CES//DTD XML cesAlign//EN\" \"\">\n\
                 <cesAlign version=\"1.0\">\n",
            );
            text.push_str(&format!("<linkGrp targType=\"s\" fromDoc=\"{from}\" toDoc=\"{to}\">\n"));
        }
        for (row, ids) in rows.iter().zip(ids) {
            self.link(row, ids, &mut text, losses);
        }
        text.push_str(if self.is_intertext { "</linkGrp>\n" } else { "</linkGrp>\n</cesAlign>\n" });
        text
    }

    fn link(&self, row: &LinkedRow, ids: &LinkedIds, text: &mut String, losses: &mut Losses) {
        let mut sides = ids.each_ref().map(|ids| {
            let ids: Vec<String> = ids.clone().map(|id| id.to_string()).collect();
            (ids.len(), ids.join(" "))
        });
        if self.is_intertext {
            // InterText has the sentences of `toDoc` first.
            sides.reverse();
        }
        let [(first_count, first), (second_count, second)] = sides;
        text.push_str("<link");
        if self.is_intertext {
            text.push_str(&format!(" type=\"{first_count}-{second_count}\""));
        }
        text.push_str(&format!(" xtargets=\"{first};{second}\""));
        if self.is_intertext && row.attributes.iter().all(|(name, _)| name != "status") {
            text.push_str(" status=\"auto\"");
        }
        for (name, value) in &row.attributes {
            text.push_str(&format!(" {name}=\"{}\"", attribute(value, losses)));
        }
        text.push_str("/>\n");
    }
}

/// Returns the attributes of the link of a row.
fn attributes(row: &BitextRow) -> Vec<(String, String)> {
    let certainty = row.get("certainty").or_else(|| row.get("probability"));
    let value = |name: &&str| match **name == *"certainty" {
        true => certainty.map(FieldValue::to_string),
        false => row.get(name).map(FieldValue::to_string),
    };
    let filled = |name: &str| value(&name).filter(|value| !value.is_empty());
    ATTRIBUTES.iter().filter_map(|name| Some(((*name).to_owned(), filled(name)?))).collect()
}

/// Returns the ids of the sentences of each row.
pub(in super::super) fn numbered(rows: &[LinkedRow], target_order: &[usize]) -> Vec<LinkedIds> {
    let mut ids = vec![[0..0, 0..0]; rows.len()];
    let (mut src, mut tgt) = (1, 1);
    for (row, ids) in rows.iter().zip(&mut ids) {
        ids[0] = src..src + row.texts[0].len();
        src = ids[0].end;
    }
    for &index in target_order {
        ids[index][1] = tgt..tgt + rows[index].texts[1].len();
        tgt = ids[index][1].end;
    }
    ids
}

/// Counts the segments of a row that are written as one sentence.
pub(in super::super) fn count_joined(row: &BitextRow, losses: &mut Losses) {
    let has_several =
        |kind: String| kind.split('-').any(|count| count.parse::<u64>().is_ok_and(|it| it > 1));
    let is_joined = row.origin.segment_ends.is_none();
    if is_joined && row.get("kind").is_some_and(|kind| has_several(kind.to_string())) {
        losses.add(Loss::Segments);
    }
}

/// Counts the fields of a row that no attribute has.
pub(in super::super) fn count_fields(row: &BitextRow, known: &[&str], losses: &mut Losses) {
    let is_lost = |(name, value): &&(Arc<str>, FieldValue)| {
        !known.contains(&&**name) && !value.to_string().is_empty()
    };
    losses.add_fields(row.fields.iter().filter(is_lost).map(|(name, _)| name));
}

impl RowLayout for XcesLayout {
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        count_joined(row, &mut out.losses);
        let doc = row.get("doc").map(FieldValue::to_string).unwrap_or_default();
        let first = self.doc.get_or_insert_with(|| doc.clone());
        // The files have the name of one document.
        let is_same = *first == doc;
        let known = IMPLIED.iter().chain(&ATTRIBUTES).filter(|&&name| is_same || name != "doc");
        count_fields(row, &known.copied().collect::<Vec<_>>(), &mut out.losses);
        self.rows.add(row, attributes(row));
        Ok(())
    }

    fn end(&mut self, out: &mut Buffers) -> Result<()> {
        let rows = std::mem::take(&mut self.rows).rows;
        let (rows, moved) = if self.is_intertext { without_moves(rows) } else { (rows, 0) };
        (0..moved).for_each(|_| out.losses.add(Loss::Moved));
        let source_order: Vec<usize> = (0..rows.len()).collect();
        let target_order = in_document_order(&rows);
        let ids = numbered(&rows, &target_order);
        self.document(0, &rows, &source_order, out);
        self.document(1, &rows, &target_order, out);
        let links = self.links(&rows, &ids, &mut out.losses);
        out.files[2].extend_from_slice(links.as_bytes());
        Ok(())
    }
}
