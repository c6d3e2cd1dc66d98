//! Reads the pairs of a file of links.

use std::collections::HashSet;
use std::sync::Arc;

use nasaq::BeadKind;

use super::super::entry::BitextSource;
use super::super::input::BitextInput;
use super::super::lines::TextStream;
use super::super::note::ReadNote;
use super::super::sentences::{Sentence, Sentences};
use super::super::{BitextRow, BitextSchema, FieldValue, RawJson};
use super::documents;
use super::links::{Link, LinkGroup, LinkReader};
use super::sides::{is_turned, languages};
use crate::error::{Error, Result};
use crate::remedy::FormatRemedy;

/// The element that is linked unless a file names another.
const SENTENCE: &str = "s";

/// Reads links with the texts of their sentences.
pub(super) struct XcesReader {
    links: LinkReader<TextStream>,
    input: BitextInput,
    group: Option<OpenGroup>,
    languages: Option<[String; 2]>,
    /// Whether a file that is not well-formed ended the reading.
    is_broken: bool,
    /// How many sentences are in no link.
    unlinked: u64,
    /// How many sentences have no id of their own.
    unusable: u64,
    /// The first document whose words are elements.
    words: Option<String>,
    /// How many pairs of documents have the sides of a link in the other order.
    turned_links: u64,
}

/// A pair of documents that is read.
struct OpenGroup {
    doc: Arc<str>,
    links: std::vec::IntoIter<Link>,
    /// The documents, or why they cannot be read.
    documents: Result<OpenDocuments, String>,
    /// Where the previous link ends on each side.
    ends: [u64; 2],
}

struct OpenDocuments {
    /// `fromDoc` and `toDoc`.
    sentences: [Sentences; 2],
    /// Which document the first ids of a link belong to.
    first: usize,
    /// Which document is the source.
    src: usize,
}

impl XcesReader {
    /// Opens a file and reads its first pair of documents.
    pub(super) fn open(stream: TextStream, input: &BitextInput) -> Result<Self> {
        let mut reader = Self {
            links: LinkReader::new(stream),
            input: input.clone(),
            group: None,
            languages: None,
            is_broken: false,
            unlinked: 0,
            unusable: 0,
            words: None,
            turned_links: 0,
        };
        reader.open_group()?;
        Ok(reader)
    }

    /// Reads the links and the documents of the next group; returns whether there is one.
    fn open_group(&mut self) -> Result<bool> {
        self.group = None;
        let group = self.links.next().inspect_err(|_| self.is_broken = true)?;
        let Some(mut group) = group else { return Ok(false) };
        let documents = self.read_documents(&group).map_err(|error| error.to_string());
        let src = documents.as_ref().map_or(0, |it| it.src);
        self.group = Some(OpenGroup {
            doc: document_name(&group.documents[src]).into(),
            links: std::mem::take(&mut group.links).into_iter(),
            documents,
            ends: [0; 2],
        });
        Ok(true)
    }

    fn read_documents(&mut self, group: &LinkGroup) -> Result<OpenDocuments> {
        let mut ids = [HashSet::new(), HashSet::new()];
        for link in &group.links {
            // A link that is wrong is an error when its row is read.
            let Ok(sides) = link.ids() else { continue };
            for (ids, side) in ids.iter_mut().zip(sides) {
                ids.extend(side);
            }
        }
        let all: HashSet<&str> = ids.iter().flatten().copied().collect();
        let element = group.element.as_deref().unwrap_or(SENTENCE);
        let read =
            |side: usize| documents::read(&self.input, &group.documents[side], element, &all);
        let sentences = [read(0)?, read(1)?];
        let missing = |side: usize, ids: &HashSet<&str>| {
            ids.iter().filter(|id| !sentences[side].by_id.contains_key(**id)).count()
        };
        let usual = usize::from(!group.is_ces);
        let wrong = |first: usize| missing(first, &ids[0]) + missing(1 - first, &ids[1]);
        let first = if wrong(usual) > 0 && wrong(1 - usual) == 0 { 1 - usual } else { usual };
        self.turned_links += u64::from(first != usual);
        for (side, document) in sentences.iter().enumerate() {
            let linked = ids[usize::from(side != first)].len() as u64;
            self.unlinked += (document.by_id.len() as u64).saturating_sub(linked);
            self.unusable += document.unusable;
            if document.has_words {
                self.words.get_or_insert_with(|| group.documents[side].clone());
            }
        }
        let [from, to] = [&sentences[0], &sentences[1]];
        let found = languages(&group.documents, [from, to]);
        let src = usize::from(is_turned(&self.input, &found, [from, to]));
        if let [Some(from), Some(to)] = found
            && self.languages.is_none()
        {
            self.languages = Some(if src == 0 { [from, to] } else { [to, from] });
        }
        Ok(OpenDocuments { sentences, first, src })
    }
}

/// Returns the name of a document without the endings of XML and gzip.
fn document_name(name: &str) -> &str {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.strip_suffix(".xml").unwrap_or(name)
}

impl OpenGroup {
    fn row(&mut self, link: Link) -> Result<BitextRow> {
        let documents = self.documents.as_ref().map_err(|reason| {
            let what = format!("a document of this link cannot be read: {reason}");
            let remedy = "documents are looked up beside the file of links, by the path that it names \
                          or by their names alone, with or without .gz; or skip such links";
            Error::syntax(link.line, what, remedy)
        })?;
        let mut ids = link.ids()?;
        if documents.first != documents.src {
            ids.reverse();
        }
        let sentences = |side: usize| -> Result<Vec<&Sentence>> {
            let document =
                &documents.sentences[if side == 0 { documents.src } else { 1 - documents.src }];
            ids[side].iter().map(|id| find(document, id, &link)).collect()
        };
        let sides = [sentences(0)?, sentences(1)?];
        let mut row = BitextRow { line: link.line, ..BitextRow::default() };
        let mut ends = [const { Vec::new() }; 2];
        for ((text, side), ends) in
            [&mut row.src, &mut row.tgt].into_iter().zip(&sides).zip(&mut ends)
        {
            (*text, *ends) = joined(side);
        }
        row.origin.segment_ends = Some(Box::new(ends));
        let kind = BeadKind { src: sides[0].len(), tgt: sides[1].len() };
        row.fields.push(("doc".into(), FieldValue::Text(self.doc.to_string())));
        row.fields.push(("kind".into(), FieldValue::Text(kind.to_string())));
        for (side, name) in ["src_segments", "tgt_segments"].into_iter().enumerate() {
            if let Some(span) = span(&sides[side], self.ends[side]) {
                self.ends[side] = span[1];
                row.fields.push((name.into(), FieldValue::Span(span)));
            }
        }
        row.fields.extend(link.attributes.into_iter().map(field));
        Ok(row)
    }
}

fn find<'d>(document: &'d Sentences, id: &str, link: &Link) -> Result<&'d Sentence> {
    document.by_id.get(id).ok_or_else(|| {
        let what = format!("the sentence {id:?} is not in its document");
        Error::syntax(link.line, what, FormatRemedy::SkipBadRows)
    })
}

/// Joins sentences by spaces, and returns where each but the last ends. Empty sentences are omitted.
pub(in super::super) fn joined(sentences: &[&Sentence]) -> (String, Vec<u32>) {
    let mut text = String::new();
    let mut ends = Vec::new();
    for sentence in sentences.iter().filter(|sentence| !sentence.text.is_empty()) {
        if !text.is_empty() {
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
            text.push(' ');
        }
        text.push_str(&sentence.text);
    }
    (text, ends)
}

/// Returns the sentences as a half-open range, if they follow each other.
pub(in super::super) fn span(sentences: &[&Sentence], end: u64) -> Option<[u64; 2]> {
    let (Some(first), Some(last)) = (sentences.first(), sentences.last()) else {
        return Some([end; 2]);
    };
    let follow = |pair: &[&Sentence]| pair[0].index + 1 == pair[1].index;
    sentences.windows(2).all(follow).then(|| [first.index, last.index + 1])
}

/// Returns an attribute as a field: a number as it is written, or text.
fn field((name, value): (String, String)) -> (Arc<str>, FieldValue) {
    let number = value.parse::<f64>().is_ok_and(f64::is_finite);
    let json = RawJson::new(value.clone()).filter(|_| number);
    (name.into(), json.map_or(FieldValue::Text(value), FieldValue::Json))
}

impl BitextSource for XcesReader {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        while let Some(group) = &mut self.group {
            if let Some(link) = group.links.next() {
                return group.row(link).map(Some);
            }
            self.open_group()?;
        }
        Ok(None)
    }

    fn schema(&self) -> BitextSchema {
        BitextSchema::named("src".into(), "tgt".into())
    }

    fn languages(&self) -> Option<[String; 2]> {
        self.languages.clone()
    }

    fn notes(&self) -> Vec<ReadNote> {
        let words = self.words.clone().map(ReadNote::SeparateWords);
        let turned = (self.turned_links > 0).then_some(ReadNote::TurnedLinks(self.turned_links));
        let unlinked = (self.unlinked > 0).then_some(ReadNote::Unlinked(self.unlinked));
        let unusable = (self.unusable > 0).then_some(ReadNote::Unusable(self.unusable));
        words.into_iter().chain(turned).chain(unlinked).chain(unusable).collect()
    }

    fn can_resume(&self) -> bool {
        !self.is_broken
    }
}
