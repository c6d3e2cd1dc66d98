//! Writes documents of TEI.

use std::ops::Range;

use super::super::markup::{attribute, element};
use super::super::sentences::content;
use super::super::writer::{Buffers, RowLayout};
use super::super::xces::{
    LinkedIds, LinkedRow, LinkedRows, count_fields, count_joined, in_document_order, numbered,
};
use super::super::{BitextRow, FieldValue};
use crate::error::Result;
use crate::format::BitextHeader;

const NAMESPACE: &str = "http://www.tei-c.org/ns/1.0";
/// Fields that the links and the sentences have.
const KNOWN: [&str; 9] = [
    "probability",
    "cert",
    "kind",
    "doc",
    "src_segments",
    "tgt_segments",
    "moved",
    "bead",
    "counterpart",
];

/// Writes a document at a time.
pub(super) struct TeiLayout {
    langs: [String; 2],
    version: String,
    rows: LinkedRows,
    /// The name of the document that is collected.
    doc: Option<String>,
    /// The first document, until it is known whether it is the only one.
    first: Option<String>,
    documents: usize,
}

impl TeiLayout {
    pub(super) fn new(header: &BitextHeader) -> Self {
        Self {
            langs: [header.src_lang.clone(), header.tgt_lang.clone()],
            version: header.version.clone(),
            rows: LinkedRows::default(),
            doc: None,
            first: None,
            documents: 0,
        }
    }

    /// Writes the document that was collected.
    fn flush(&mut self, out: &mut Buffers) {
        let rows = std::mem::take(&mut self.rows).rows;
        if rows.is_empty() {
            return;
        }
        self.documents += 1;
        let text = self.document(&rows, out);
        match (self.documents, self.first.take()) {
            (1, _) => self.first = Some(text),
            (2, Some(first)) => {
                out.push("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
                out.push(&format!("<teiCorpus xmlns=\"{NAMESPACE}\">\n"));
                out.push(&self.header("Aligned texts"));
                out.push(&format!("{first}</TEI>\n{text}</TEI>\n"));
            }
            _ => out.push(&format!("{text}</TEI>\n")),
        }
    }

    /// Returns a document without its end tag.
    fn document(&self, rows: &[LinkedRow], out: &mut Buffers) -> String {
        let doc = self.doc.as_deref().filter(|doc| !doc.is_empty()).unwrap_or("Aligned text");
        let title = element(doc, &mut out.losses).into_owned();
        let mut text =
            format!("<TEI xmlns=\"{NAMESPACE}\">\n{}<text>\n<group>\n", self.header(&title));
        let source_order: Vec<usize> = (0..rows.len()).collect();
        let target_order = in_document_order(rows);
        let ids = numbered(rows, &target_order);
        for (side, order) in [&source_order, &target_order].into_iter().enumerate() {
            let lang = attribute(&self.langs[side], &mut out.losses);
            text.push_str(&format!("<text xml:lang=\"{lang}\">\n<body>\n<ab>\n"));
            let sentences = order.iter().flat_map(|&index| &rows[index].texts[side]);
            for (id, sentence) in (1..).zip(sentences) {
                let id = self.id(side, id);
                text.push_str(&format!("<s xml:id=\"{id}\">{}</s>\n", content(sentence, out)));
            }
            text.push_str("</ab>\n</body>\n</text>\n");
        }
        text.push_str("</group>\n</text>\n");
        self.links(rows, &ids, out, &mut text);
        text
    }

    fn links(&self, rows: &[LinkedRow], ids: &[LinkedIds], out: &mut Buffers, text: &mut String) {
        let mut links = String::new();
        for (row, ids) in rows.iter().zip(ids).filter(|(row, _)| row.is_pair()) {
            let targets = [0, 1].map(|side| self.targets(side, &ids[side])).concat();
            links.push_str(&format!("<link target=\"{}\"", targets.trim_end()));
            if row.is_moved {
                links.push_str(" type=\"moved\"");
            }
            for (name, value) in &row.attributes {
                links.push_str(&format!(" {name}=\"{}\"", attribute(value, &mut out.losses)));
            }
            links.push_str("/>\n");
        }
        // An empty group is not valid.
        if !links.is_empty() {
            text.push_str(&format!(
                "<standOff>\n<linkGrp type=\"alignment\">\n{links}</linkGrp>\n</standOff>\n"
            ));
        }
    }

    fn targets(&self, side: usize, ids: &Range<usize>) -> String {
        ids.clone().map(|id| format!("#{} ", self.id(side, id))).collect()
    }

    /// Returns an id that no other sentence of the file has.
    fn id(&self, side: usize, index: usize) -> String {
        let name = ["s", "t"][side];
        match self.documents {
            0 | 1 => format!("{name}{index}"),
            document => format!("d{document}.{name}{index}"),
        }
    }

    fn header(&self, title: &str) -> String {
        format!(
            "<teiHeader>\n<fileDesc>\n<titleStmt><title>{title}</title></titleStmt>\n\
             <publicationStmt><p>Not published</p></publicationStmt>\n\
             <sourceDesc><p>Sentences that nasaq {} aligned or converted</p></sourceDesc>\n\
             </fileDesc>\n</teiHeader>\n",
            self.version
        )
    }
}

/// Returns the attributes of the link of a row.
fn attributes(row: &BitextRow) -> Vec<(String, String)> {
    let cert = row.get("cert").or_else(|| row.get("probability")).map(FieldValue::to_string);
    cert.filter(|it| !it.is_empty()).map(|cert| ("cert".to_owned(), cert)).into_iter().collect()
}

impl RowLayout for TeiLayout {
    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        let doc = row.doc();
        if doc != self.doc {
            self.flush(out);
            self.doc = doc;
        }
        count_joined(row, &mut out.losses);
        count_fields(row, &KNOWN, &mut out.losses);
        self.rows.add(row, attributes(row));
        Ok(())
    }

    fn end(&mut self, out: &mut Buffers) -> Result<()> {
        self.flush(out);
        match (self.documents, self.first.take()) {
            (_, Some(only)) => {
                out.push(&format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{only}</TEI>\n"));
            }
            (0, None) => {
                out.push("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
                let text = "<text><body><ab/></body></text>";
                let header = self.header("Aligned text");
                out.push(&format!("<TEI xmlns=\"{NAMESPACE}\">\n{header}{text}\n</TEI>\n"));
            }
            _ => out.push("</teiCorpus>\n"),
        }
        Ok(())
    }
}
