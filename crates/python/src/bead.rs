//! Beads, findings and segments as tuples, from which the package makes its named tuples.

use nasaq::{Finding, Segment, Span};
use nasaq_formats::{BeadRecord, Document, DocumentPlace};
use nasaq_job::{Aligned, Warning};
use pyo3::prelude::*;

use crate::offsets::CharOffsets;
use crate::remedy::wording;

/// A half-open range.
pub(crate) type RangeTuple = (usize, usize);

/// The fields of `nasaq.Bead`, in its order.
#[derive(IntoPyObject)]
pub(crate) struct BeadTuple(
    String,
    String,
    String,
    f64,
    f64,
    RangeTuple,
    RangeTuple,
    RangeTuple,
    RangeTuple,
    RangeTuple,
    RangeTuple,
    bool,
    Option<RangeTuple>,
    Option<f64>,
    Option<f64>,
    Option<PlaceDict>,
    Option<PlaceDict>,
    Option<String>,
);

/// Where a text is in its document, with the keys of JSON Lines.
#[derive(IntoPyObject)]
struct PlaceDict {
    kind: String,
    blocks: [u32; 2],
    time: Option<[u64; 2]>,
    bytes: Option<[usize; 2]>,
    part: Option<String>,
}

impl From<DocumentPlace> for PlaceDict {
    fn from(place: DocumentPlace) -> Self {
        let DocumentPlace { kind, blocks, time, bytes, part, .. } = place;
        Self { kind: kind.to_string(), blocks, time, bytes, part }
    }
}

/// The fields of `nasaq.Segment`.
pub(crate) type SegmentTuple = (String, RangeTuple, RangeTuple);

/// The fields of `nasaq.Finding`.
pub(crate) type FindingTuple = (String, RangeTuple, RangeTuple, f64);

/// The fields of `nasaq.AlignmentWarning`: kind, reason, hint, whether it is only a note.
pub(crate) type WarningTuple = (&'static str, String, Option<String>, bool);

/// The fields of `nasaq.Alignment`.
pub(crate) type AlignmentTuple = (
    Vec<BeadTuple>,
    Vec<FindingTuple>,
    f64,
    Vec<SegmentTuple>,
    Vec<SegmentTuple>,
    Vec<WarningTuple>,
);

/// Returns the number of the shortest decimal of a 32-bit float, as JSON has it.
pub(crate) fn shortest(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

/// Converts an alignment. `has_marks` are the texts that start with a byte order mark, which offsets
/// in code points count and offsets in bytes do not.
pub(crate) fn alignment(
    aligned: Aligned<'_>,
    documents: &[Document; 2],
    has_marks: [bool; 2],
) -> AlignmentTuple {
    let texts = documents.each_ref().map(|document| document.text.as_str());
    let first = has_marks.map(usize::from);
    let mut src_chars = CharOffsets::new(texts[0], first[0]);
    let mut tgt_chars = CharOffsets::new(texts[1], first[1]);
    let [src_segments, tgt_segments] =
        [0, 1].map(|side| segments(&aligned.segments[side], texts[side], first[side]));
    let beads =
        aligned.beads.into_iter().map(|bead| bead_tuple(bead, &mut src_chars, &mut tgt_chars));
    let beads = beads.collect();
    let findings = aligned.alignment.findings().iter().map(finding).collect();
    let score = shortest(aligned.alignment.document_score());
    let warnings = aligned.warnings.iter().map(warning).collect();
    (beads, findings, score, src_segments, tgt_segments, warnings)
}

/// Converts segments of a text whose first code point has the offset `first`.
pub(crate) fn segments(segments: &[Segment<'_>], text: &str, first: usize) -> Vec<SegmentTuple> {
    let mut chars = CharOffsets::new(text, first);
    segments
        .iter()
        .map(|segment| {
            let bytes = segment.bytes();
            (segment.text.to_owned(), (bytes.start, bytes.end), chars.range(&bytes))
        })
        .collect()
}

fn bead_tuple(bead: BeadRecord, src: &mut CharOffsets<'_>, tgt: &mut CharOffsets<'_>) -> BeadTuple {
    let [src_segments, tgt_segments] =
        [bead.src_segments, bead.tgt_segments].map(|[start, end]| (start as usize, end as usize));
    let [src_bytes, tgt_bytes] = [bead.src_bytes, bead.tgt_bytes].map(|[start, end]| (start, end));
    BeadTuple(
        bead.src,
        bead.tgt,
        bead.kind.to_string(),
        shortest(bead.probability),
        shortest(bead.score.unwrap_or_default()),
        src_segments,
        tgt_segments,
        src_bytes,
        tgt_bytes,
        src.range(&(src_bytes.0..src_bytes.1)),
        tgt.range(&(tgt_bytes.0..tgt_bytes.1)),
        bead.moved,
        bead.counterpart.map(|[start, end]| (start as usize, end as usize)),
        bead.document_score.map(shortest),
        bead.log_odds.map(shortest),
        bead.src_place.map(PlaceDict::from),
        bead.tgt_place.map(PlaceDict::from),
        bead.words,
    )
}

fn finding(finding: &Finding) -> FindingTuple {
    let span = |span: Span| (span.start as usize, span.end as usize);
    let Finding { kind, src, tgt, probability, .. } = finding;
    (kind.to_string(), span(*src), span(*tgt), shortest(*probability))
}

/// Converts a warning.
pub(crate) fn warning(warning: &Warning) -> WarningTuple {
    (warning.kind, warning.reason.clone(), warning.remedy.as_ref().map(wording), warning.is_note())
}
