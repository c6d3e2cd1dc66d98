//! Reads TEI, one document at a time.

use std::collections::VecDeque;

use super::super::entry::BitextSource;
use super::super::input::BitextInput;
use super::super::lines::TextStream;
use super::super::sentences::{MAX_SENTENCES, Sentences};
use super::super::{BitextRow, BitextSchema, ReadNote};
use super::pairs::{TeiDocument, TeiLink};
use crate::error::{ErrorKind, Result};
use crate::remedy::FormatRemedy;
use crate::xml::{Node, XmlReader};

/// Elements that a link may lead to.
const ALIGNABLE: [&str; 9] = ["s", "seg", "p", "ab", "l", "head", "u", "item", "cell"];

/// Reads the pairs of a file.
pub(super) struct TeiReader {
    xml: XmlReader<TextStream>,
    requested: [Option<String>; 2],
    languages: Option<[String; 2]>,
    sentences: Sentences,
    document: TeiDocument,
    links_len: usize,
    rows: VecDeque<Result<BitextRow>>,
    has_documents: bool,
    /// How many sentences are in a third language.
    foreign: u64,
    /// Whether an error of the markup ended the reading.
    is_broken: bool,
}

impl TeiReader {
    pub(super) fn new(stream: TextStream, input: &BitextInput) -> Self {
        Self {
            xml: XmlReader::from_stream(stream),
            requested: input.languages.clone(),
            languages: None,
            sentences: Sentences::default(),
            document: TeiDocument::default(),
            links_len: 0,
            rows: VecDeque::new(),
            has_documents: false,
            foreign: 0,
            is_broken: false,
        }
    }

    /// Reads the next document; returns whether there is one.
    fn read_document(&mut self) -> Result<bool> {
        while let Some(node) = self.xml.next()? {
            self.sentences.node(&self.xml, &node, |name, _| ALIGNABLE.contains(&name))?;
            match &node {
                Node::Start(tag) if self.xml.up(0) == Some("link") => {
                    let Some(target) = self.xml.attribute(tag, &["target"])? else { continue };
                    self.links_len += target.len() + size_of::<TeiLink>();
                    if self.links_len > MAX_SENTENCES {
                        let max_bytes = MAX_SENTENCES as u64;
                        return Err(ErrorKind::TooLarge { max_bytes }.into());
                    }
                    let is_moved = self.xml.attribute(tag, &["type"])?.as_deref() == Some("moved");
                    let cert = self.xml.attribute(tag, &["cert"])?;
                    let line = self.xml.line();
                    self.document.links.push(TeiLink { line, target, cert, is_moved });
                }
                Node::Text(text) if self.is_title() => self.document.title.push_str(text),
                Node::End(name) if name == "TEI" => {
                    self.has_documents = true;
                    self.finish_document()?;
                    return Ok(true);
                }
                _ => {}
            }
        }
        if self.has_documents {
            return Ok(false);
        }
        let what = "this is not TEI: it has no <TEI>".to_owned();
        Err(ErrorKind::Syntax { what, remedy: FormatRemedy::NameFormat }.into())
    }

    /// Reports whether the reader is in the title of a document, not of a corpus.
    fn is_title(&self) -> bool {
        let path = [0, 1, 2, 3, 4].map(|level| self.xml.up(level).unwrap_or_default());
        path == ["title", "titleStmt", "fileDesc", "teiHeader", "TEI"]
    }

    fn finish_document(&mut self) -> Result<()> {
        let mut document = std::mem::take(&mut self.document);
        document.title = document.title.split_whitespace().collect::<Vec<_>>().join(" ");
        document.sentences = self.sentences.take();
        self.links_len = 0;
        let found = document.rows(&self.requested, &mut self.languages)?;
        self.foreign += found.foreign;
        self.rows = found.rows.into();
        Ok(())
    }
}

impl BitextSource for TeiReader {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                return row.map(Some);
            }
            match self.read_document() {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) => {
                    // After a document without pairs the next one can be read.
                    self.is_broken = !matches!(error.kind(), ErrorKind::Syntax { .. })
                        || error.line().is_some()
                        || !self.has_documents;
                    return Err(error);
                }
            }
        }
    }

    fn schema(&self) -> BitextSchema {
        BitextSchema::named("src".into(), "tgt".into())
    }

    fn languages(&self) -> Option<[String; 2]> {
        self.languages.clone()
    }

    fn notes(&self) -> Vec<ReadNote> {
        let count = self.sentences.unusable + self.foreign;
        (count > 0).then_some(ReadNote::Unusable(count)).into_iter().collect()
    }

    fn can_resume(&self) -> bool {
        !self.is_broken
    }
}
