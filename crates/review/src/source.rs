//! What is reviewed: two documents, or a bitext.

mod bitext;
mod unheld;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use nasaq_formats::{BitextInput, Document, Format};
use nasaq_job::{Aligned, DocumentJob, Engine, Failure, max_document_bytes};

use crate::decision::ReviewSide;
use crate::log::{Head, Header, InputFile};
use crate::row::Row;
use crate::side::Side;
use crate::state::State;

/// What a session reviews. The files are read when the session begins.
#[derive(Clone, Debug)]
pub struct ReviewSource {
    kind: SourceKind,
    name: Option<String>,
    reviewer: Option<String>,
}

#[derive(Clone, Debug)]
enum SourceKind {
    /// Two documents that are aligned.
    Documents([PathBuf; 2]),
    /// A bitext that is aligned already, or the rows of one document in it.
    Bitext(Box<BitextInput>, Option<String>),
}

impl ReviewSource {
    /// Reviews the alignment of two documents.
    #[must_use]
    pub fn documents(src: impl Into<PathBuf>, tgt: impl Into<PathBuf>) -> Self {
        Self::of(SourceKind::Documents([src.into(), tgt.into()]))
    }

    /// Reviews a bitext. A ladder is read with its two texts.
    #[must_use]
    pub fn bitext(input: BitextInput) -> Self {
        Self::of(SourceKind::Bitext(Box::new(input), None))
    }

    fn of(kind: SourceKind) -> Self {
        Self { kind, name: None, reviewer: None }
    }

    /// Takes only the rows of one document of a bitext.
    #[must_use]
    pub fn only_document(mut self, id: impl Into<String>) -> Self {
        if let SourceKind::Bitext(_, document) = &mut self.kind {
            *document = Some(id.into());
        }
        self
    }

    /// Sets the name of the document in outputs, by default the name of the first file.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets who decides, by default not said.
    #[must_use]
    pub fn with_reviewer(mut self, reviewer: Option<String>) -> Self {
        self.reviewer = reviewer;
        self
    }

    /// Reports whether it is a bitext, which is aligned already.
    #[must_use]
    pub fn is_bitext(&self) -> bool {
        matches!(self.kind, SourceKind::Bitext(..))
    }

    /// Returns the files, the first one first.
    #[must_use]
    pub fn files(&self) -> Vec<&Path> {
        match &self.kind {
            SourceKind::Documents(paths) => paths.iter().map(PathBuf::as_path).collect(),
            SourceKind::Bitext(input, _) => {
                let more = input.more.iter().map(PathBuf::as_path);
                std::iter::once(&*input.path).chain(more).collect()
            }
        }
    }

    /// Returns the log that a review of these files has if no other is named: beside the first
    /// file, with the part of the name that both documents share.
    #[must_use]
    pub fn log_path(&self) -> PathBuf {
        let files = self.files();
        let name = |path: &Path| match path.file_name() {
            Some(name) => name.to_string_lossy().into_owned(),
            None => String::new(),
        };
        let first = name(files[0]);
        let shared = match &self.kind {
            SourceKind::Documents([_, tgt]) => {
                let other = name(tgt);
                let pairs = first.char_indices().zip(other.chars());
                let end =
                    pairs.take_while(|((_, a), b)| a == b).map(|((at, a), _)| at + a.len_utf8());
                first[..end.last().unwrap_or(0)].trim_end_matches(['.', '-', '_', ' ']).to_owned()
            }
            SourceKind::Bitext(..) => String::new(),
        };
        let stem = match shared.is_empty() {
            true => first.split('.').find(|part| !part.is_empty()).unwrap_or("bitext").to_owned(),
            false => shared,
        };
        files[0].with_file_name(format!("{stem}.review.jsonl"))
    }

    /// Identifies the files by their contents.
    pub(crate) fn inputs(&self) -> Result<Vec<InputFile>, Failure> {
        let input = |path: &Path| {
            InputFile::of(path).map_err(|source| {
                let kind = match source.kind() {
                    std::io::ErrorKind::NotFound => nasaq_formats::ErrorKind::Missing,
                    _ => nasaq_formats::ErrorKind::Io { doing: "reading", source },
                };
                Failure::from(nasaq_formats::Error::from(kind).at_path(path))
            })
        };
        self.files().into_iter().map(input).collect()
    }

    /// Reads and aligns what is reviewed. The notices are what a reviewer should know about it.
    pub(crate) fn head(
        &self,
        engine: &Engine,
        log: Option<&Path>,
    ) -> Result<(Head, Vec<String>), Failure> {
        let inputs = self.inputs()?;
        let read = match &self.kind {
            SourceKind::Documents(paths) => aligned(engine, paths, &self.document_name())?,
            SourceKind::Bitext(input, document) => {
                bitext::read(engine, input, document.as_deref())?
            }
        };
        let seen = |input: InputFile| match log {
            Some(log) => input.seen_from(log),
            None => input,
        };
        let mut header = header_of(engine, self.document_name());
        header.inputs = inputs.into_iter().map(seen).collect();
        header.reviewer = self.reviewer.clone().or(read.reviewer);
        header.document_score = read.document_score;
        header.continuous = read.continuous;
        if let Some(languages) = read.languages {
            header.languages = languages;
        }
        let mut state = State::new(read.sides, read.rows);
        state.remarks_mut().notes = read.notes;
        if let Some(fault) = state.fault() {
            return Err(Failure::input(format!("the beads do not cover the texts: {fault}")));
        }
        Ok((Head { header, state }, read.notices))
    }

    fn document_name(&self) -> String {
        let file = self.files()[0].file_name().unwrap_or_default();
        self.name.clone().unwrap_or_else(|| file.to_string_lossy().into_owned())
    }
}

/// Returns a header without files.
pub(crate) fn header_of(engine: &Engine, name: String) -> Header {
    let header = engine.header(&[]);
    Header {
        nasaq_review: crate::log::FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        name,
        languages: [header.src_lang, header.tgt_lang],
        inputs: Vec::new(),
        settings: header.settings,
        reviewer: None,
        document_score: None,
        continuous: true,
        time: Timestamp::now().to_string(),
    }
}

/// The documents and beads that were read.
struct ReadSource {
    sides: [Side; 2],
    rows: Vec<Row>,
    /// The notes, each at the first segment of the bead that it is on.
    notes: BTreeMap<(ReviewSide, u32), String>,
    /// Who has reviewed the source, if it names one person.
    reviewer: Option<String>,
    /// The languages, if the source names them.
    languages: Option<[String; 2]>,
    document_score: Option<f32>,
    /// Whether the segments of each side follow one another as text.
    continuous: bool,
    notices: Vec<String>,
}

/// Reads and aligns two documents.
fn aligned(engine: &Engine, paths: &[PathBuf; 2], name: &str) -> Result<ReadSource, Failure> {
    let read = |side: usize| -> Result<Document, Failure> {
        let reader = engine.settings().readers[side].max_bytes(max_document_bytes());
        Ok(reader.read(&paths[side])?)
    };
    let documents = [read(0)?, read(1)?];
    let job = DocumentJob::new(engine, name, documents.each_ref())?;
    let aligned = engine.threads().install(|| job.run())??;
    let notices = aligned.warnings.iter().map(|warning| warning.reason.clone()).collect();
    let (sides, rows) = of_aligned(documents.each_ref(), &aligned);
    let document_score = Some(aligned.alignment.document_score());
    let (notes, reviewer) = (BTreeMap::new(), None);
    Ok(ReadSource {
        sides,
        rows,
        notes,
        reviewer,
        languages: None,
        document_score,
        continuous: true,
        notices,
    })
}

/// Returns the sides and rows of documents that are aligned.
pub(crate) fn of_aligned(
    documents: [&Document; 2],
    aligned: &Aligned<'_>,
) -> ([Side; 2], Vec<Row>) {
    let rows = aligned.alignment.beads().iter().map(Row::from).collect();
    let side =
        |side: usize| Side::of(documents[side].clone(), Side::places(&aligned.segments[side]));
    ([side(0), side(1)], rows)
}

/// Reports whether a format is a list of segments that is read with two texts.
fn is_ladder(format: Option<Format>) -> bool {
    matches!(format, Some(Format::Ladder | Format::Vecalign | Format::Hunalign))
}
