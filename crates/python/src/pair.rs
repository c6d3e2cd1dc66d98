//! A document and its translation: texts in, beads out, as the program does it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use nasaq::{Aligner, Anchor, Encoder, Finding, Language, Segment, SplitAlignment};
use nasaq_formats::{BeadRecord, Document, records};

use crate::failure::Failure;

/// One side of a document.
#[derive(Clone, Debug)]
pub(crate) enum Side<'t> {
    /// Text to be cut into sentences.
    Raw(&'t str),
    /// Text whose lines are segments.
    Lines(&'t str),
    /// Segments.
    Items(Vec<&'t str>),
}

impl<'t> Side<'t> {
    /// Checks the text; what is checked has all of it, items as lines.
    pub(crate) fn document(&self, name: String) -> Result<Document, Failure> {
        let text = match self {
            Self::Raw(text) | Self::Lines(text) => (*text).to_owned(),
            Self::Items(items) => items.join("\n"),
        };
        Document::from_bytes(name, text.into_bytes()).map_err(|error| Failure::text(&error))
    }

    /// Cuts the checked text into segments.
    pub(crate) fn segments<'s>(
        &'s self,
        document: &'s Document,
        language: Language,
    ) -> Vec<Segment<'s>> {
        match self {
            Self::Raw(_) => nasaq::segments(&document.text, language),
            Self::Lines(_) => nasaq::lines(&document.text),
            Self::Items(items) => nasaq::items(items),
        }
    }
}

/// How documents are aligned.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) aligner: Aligner,
    pub(crate) languages: [Language; 2],
    pub(crate) split_long: bool,
    /// The document that brings about a panic, in tests of what becomes of it.
    pub(crate) panics: OnceLock<String>,
}

/// An alignment, and what it is of.
pub(crate) struct Aligned<'d> {
    pub(crate) beads: Vec<BeadRecord>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) document_score: f32,
    /// The segments of both sides, cut where that was wanted.
    pub(crate) segments: [Vec<Segment<'d>>; 2],
    pub(crate) documents: [&'d Document; 2],
}

/// Aligns one document, and takes of the result what is wanted.
///
/// A bug that one document brings to light is that document's failure.
///
/// # Errors
/// Why it cannot be aligned.
pub(crate) fn align<T>(
    settings: &Settings,
    encoder: &impl Encoder,
    id: &str,
    sides: &[Side<'_>; 2],
    anchors: &[Anchor],
    take: impl FnOnce(Aligned<'_>) -> T,
) -> Result<T, Failure> {
    let name = |side: &str| match id {
        "" => format!("the {side} text"),
        id => format!("{id} ({side} text)"),
    };
    let documents = [sides[0].document(name("source"))?, sides[1].document(name("target"))?];
    if documents[0].text == documents[1].text {
        let [src, tgt] = documents.each_ref().map(|document| document.name.as_str());
        return Err(Failure::new("identical", format!("{src} and {tgt} have the same text"))
            .hint("give a document and its translation"));
    }
    let work = || {
        assert!(settings.panics.get().is_none_or(|it| it != id), "a test asked for this");
        let [src, tgt] =
            [0, 1].map(|side| sides[side].segments(&documents[side], settings.languages[side]));
        let Settings { aligner, split_long, .. } = settings;
        let search = aligner.search(encoder, &src, &tgt)?;
        let alignment = search.retain_vectors(false).anchors(anchors).align()?;
        let split = if *split_long {
            aligner.split_long(encoder, &src, &tgt, &alignment, settings.languages[0])?
        } else {
            SplitAlignment::uncut(src, tgt, alignment)
        };
        let SplitAlignment { src, tgt, alignment, .. } = split;
        Ok(take(Aligned {
            beads: records(id, alignment.beads(), alignment.findings(), &src, &tgt).collect(),
            findings: alignment.findings().to_vec(),
            document_score: alignment.document_score(),
            documents: [&documents[0], &documents[1]],
            segments: [src, tgt],
        }))
    };
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(found) => found.map_err(|error: nasaq::Error| Failure::alignment(&error)),
        Err(panic) => Err(Failure::internal(&*panic)),
    }
}
