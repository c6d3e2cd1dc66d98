//! Beads, findings and segments as tuples, from which the package makes its named ones.

use nasaq::{Finding, Segment, Span};
use nasaq_formats::BeadRecord;
use pyo3::prelude::*;

use crate::offsets::Chars;
use crate::pair::Aligned;

/// A half-open range.
pub(crate) type Pair = (usize, usize);

/// The fields of `nasaq.Bead`, in its order.
#[derive(IntoPyObject)]
pub(crate) struct BeadTuple(
    String,
    String,
    String,
    f64,
    f64,
    Pair,
    Pair,
    Pair,
    Pair,
    Pair,
    Pair,
    Option<Pair>,
);

/// The fields of `nasaq.Segment`.
pub(crate) type SegmentTuple = (String, Pair, Pair);

/// The fields of `nasaq.Finding`.
pub(crate) type FindingTuple = (String, Pair, Pair, f64);

/// The fields of `nasaq.Alignment`.
pub(crate) type AlignmentTuple =
    (Vec<BeadTuple>, Vec<FindingTuple>, f64, Vec<SegmentTuple>, Vec<SegmentTuple>);

/// Gives the number that the shortest decimal of a 32-bit float stands for, as JSON has it.
pub(crate) fn shortest(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

/// Gives an alignment; `marks` tells which texts began with a byte order mark.
pub(crate) fn alignment(aligned: Aligned<'_>, marks: [bool; 2]) -> AlignmentTuple {
    let [src, tgt] = [0, 1].map(|side| (&aligned.documents[side].text, usize::from(marks[side])));
    let (mut src_chars, mut tgt_chars) = (Chars::new(src.0, src.1), Chars::new(tgt.0, tgt.1));
    let [src_segments, tgt_segments] = [0, 1].map(|side| {
        let text = &aligned.documents[side].text;
        segments(&aligned.segments[side], text, usize::from(marks[side]))
    });
    let beads =
        aligned.beads.into_iter().map(|bead| bead_tuple(bead, &mut src_chars, &mut tgt_chars));
    let beads = beads.collect();
    let findings = aligned.findings.iter().map(finding).collect();
    (beads, findings, shortest(aligned.document_score), src_segments, tgt_segments)
}

/// Gives segments of a text whose first code point has a number.
pub(crate) fn segments(segments: &[Segment<'_>], text: &str, first: usize) -> Vec<SegmentTuple> {
    let mut chars = Chars::new(text, first);
    segments
        .iter()
        .map(|segment| {
            let bytes = segment.bytes();
            (segment.text.to_owned(), (bytes.start, bytes.end), chars.range(&bytes))
        })
        .collect()
}

fn bead_tuple(bead: BeadRecord, src: &mut Chars<'_>, tgt: &mut Chars<'_>) -> BeadTuple {
    let [src_segments, tgt_segments] =
        [bead.src_segments, bead.tgt_segments].map(|[start, end]| (start as usize, end as usize));
    let [src_bytes, tgt_bytes] = [bead.src_bytes, bead.tgt_bytes].map(|[start, end]| (start, end));
    BeadTuple(
        bead.src,
        bead.tgt,
        bead.kind.to_string(),
        shortest(bead.probability),
        shortest(bead.score),
        src_segments,
        tgt_segments,
        src_bytes,
        tgt_bytes,
        src.range(&(src_bytes.0..src_bytes.1)),
        tgt.range(&(tgt_bytes.0..tgt_bytes.1)),
        bead.moved.map(|[start, end]| (start as usize, end as usize)),
    )
}

fn finding(finding: &Finding) -> FindingTuple {
    let span = |span: Span| (span.start as usize, span.end as usize);
    let Finding { kind, src, tgt, probability, .. } = finding;
    (kind.to_string(), span(*src), span(*tgt), shortest(*probability))
}
