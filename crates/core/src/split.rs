//! Cuts segments where their translation begins a new one.
//!
//! Arabic chains clauses with `،`, `و` and `ثم` where English ends the sentence. A bead that has
//! fewer Arabic segments than English ones is aligned again on its own: the Arabic clauses with the
//! English segments. Where the result is probable enough, its beads replace the bead.
//!
//! In wrapped text, a paragraph whose last line is full is joined with the next one. There, the
//! lines of either side are aligned with the segments of the other.
//!
//! In running text, headings and items have no mark at all on one of the sides. There, the words
//! of either side are aligned with the segments of the other.

#[cfg(test)]
mod tests;
mod units;

use std::ops::Range;

use self::units::{Cuts, ends_line, join_units};

use crate::align::Aligner;
use crate::alignment::Alignment;
use crate::bead::{Bead, Span};
use crate::encoder::{Encoder, EncoderError, PairVectors, RunRequest, VectorRequest};
use crate::error::Result;
use crate::finding::Finding;
use nasaq_text::{Language, Segment};

/// An alignment with its segments, some of which may have been cut by [`Aligner::split_long`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SplitAlignment<'t> {
    /// The source segments, cut or unchanged; slices of the document in either case.
    pub src: Vec<Segment<'t>>,
    /// The target segments, cut or unchanged.
    pub tgt: Vec<Segment<'t>>,
    /// The beads of these segments.
    pub alignment: Alignment,
    /// Number of cuts.
    pub cuts: usize,
}

impl<'t> SplitAlignment<'t> {
    /// Takes segments and their alignment as they are, without a cut.
    #[must_use]
    pub fn uncut(src: Vec<Segment<'t>>, tgt: Vec<Segment<'t>>, alignment: Alignment) -> Self {
        Self { src, tgt, alignment, cuts: 0 }
    }
}

impl Aligner {
    /// Cuts long Arabic segments where the English of their bead has a sentence boundary.
    ///
    /// The segments and the alignment must be those of one call of [`align`](Self::align). The
    /// Arabic side is the source, or the target where `src_language` is English. A cut is made
    /// after `،` `؛` `:` or a dash, or before a word that begins with `و` or `ف` or is one like
    /// `ثم`; never within a short quotation or bracket; and only where each part has English
    /// segments of its own and is probable. English segments are never cut. The probability of a
    /// new bead is that of the old bead times that of the part.
    ///
    /// # Errors
    /// [`ErrorKind::Encoder`](crate::ErrorKind::Encoder) from the encoder.
    ///
    /// # Panics
    /// Where the alignment is not of these segments.
    pub fn split_long<'t>(
        &self,
        encoder: &(impl Encoder + ?Sized),
        src: &[Segment<'t>],
        tgt: &[Segment<'t>],
        alignment: &Alignment,
        src_language: Language,
    ) -> Result<SplitAlignment<'t>> {
        let cuts_source = src_language == Language::Arabic;
        self.split(encoder, [src, tgt], alignment, cuts_source, Cuts::Clauses)
    }

    /// Cuts the segments of running text where the other side of their bead has a boundary.
    ///
    /// Running text is text without line ends: the end of a heading, an item or a turn shows
    /// nowhere in it, or only in one of the languages. The segments and the alignment must be those
    /// of one call of [`align`](Self::align). Either side is cut, between any two words, and only
    /// where each part has segments of its own on the other side. The probability of a new bead is
    /// that of the old bead times that of the part.
    ///
    /// # Errors
    /// [`ErrorKind::Encoder`](crate::ErrorKind::Encoder) from the encoder.
    ///
    /// # Panics
    /// Where the alignment is not of these segments.
    pub fn split_running<'t>(
        &self,
        encoder: &(impl Encoder + ?Sized),
        src: &[Segment<'t>],
        tgt: &[Segment<'t>],
        alignment: &Alignment,
    ) -> Result<SplitAlignment<'t>> {
        self.split_both(encoder, [src, tgt], alignment, Cuts::Words)
    }

    /// Cuts the segments of wrapped text at line ends where the other side has a boundary.
    ///
    /// A heading or the last line of a paragraph that is as long as the lines around it looks as if
    /// it went on in the next line. The segments and the alignment must be those of one call of
    /// [`align`](Self::align), and `texts` the documents that they are slices of. Either side is cut,
    /// only at line ends that are inside its segments and at which a sentence may end, and only
    /// where a line of the other side ends, and each part is probable and has segments of its own
    /// there. The probability of a new bead is that of the old bead times that of the part.
    ///
    /// # Errors
    /// [`ErrorKind::Encoder`](crate::ErrorKind::Encoder) from the encoder.
    ///
    /// # Panics
    /// Where the alignment is not of these segments.
    pub fn split_wrapped<'t>(
        &self,
        encoder: &(impl Encoder + ?Sized),
        texts: [&str; 2],
        src: &[Segment<'t>],
        tgt: &[Segment<'t>],
        alignment: &Alignment,
    ) -> Result<SplitAlignment<'t>> {
        self.split_both(encoder, [src, tgt], alignment, Cuts::Lines(texts))
    }

    /// Cuts the segments of the source, then those of the target.
    fn split_both<'t>(
        &self,
        encoder: &(impl Encoder + ?Sized),
        sides: [&[Segment<'t>]; 2],
        alignment: &Alignment,
        at: Cuts<'_>,
    ) -> Result<SplitAlignment<'t>> {
        let first = self.split(encoder, sides, alignment, true, at)?;
        let sides = [&first.src[..], &first.tgt[..]];
        let second = self.split(encoder, sides, &first.alignment, false, at)?;
        Ok(SplitAlignment { cuts: first.cuts + second.cuts, ..second })
    }

    /// Cuts the segments of one side.
    fn split<'t>(
        &self,
        encoder: &(impl Encoder + ?Sized),
        [src, tgt]: [&[Segment<'t>]; 2],
        alignment: &Alignment,
        cuts_source: bool,
        at: Cuts<'_>,
    ) -> Result<SplitAlignment<'t>> {
        // Parts follow each other on both sides.
        let aligner = &self.clone().into_monotone();
        let splitter = Splitter { aligner, cuts_source, at };
        let beads = alignment.beads();
        let mut cuts = 0;
        let mut divided = Vec::with_capacity(beads.len());
        for bead in beads {
            let (src, tgt) = (&src[bead.src.range()], &tgt[bead.tgt.range()]);
            let (own, other) = if cuts_source { (src, tgt) } else { (tgt, src) };
            let parts = splitter.parts(encoder, own, other)?;
            cuts += parts.iter().map(|part| part.own.len()).sum::<usize>() - own.len();
            let parts = parts.into_iter().map(|part| part.sides(other, cuts_source));
            divided.push(parts.collect::<Vec<PartSides<'t>>>());
        }
        let src = NewSide::new(src, beads, &divided, |bead| bead.src, |part| &part.src);
        let tgt = NewSide::new(tgt, beads, &divided, |bead| bead.tgt, |part| &part.tgt);
        let mut new_beads = Vec::with_capacity(beads.len());
        for (index, (bead, parts)) in beads.iter().zip(&divided).enumerate() {
            let (mut i, mut j) = (src.starts[index], tgt.starts[index]);
            for part in parts {
                let (from_i, from_j) = (i, j);
                (i, j) = (i + part.src.len(), j + part.tgt.len());
                new_beads.push(Bead {
                    src: Span::new(from_i, i),
                    tgt: Span::new(from_j, j),
                    score: part.score.unwrap_or(bead.score),
                    ..bead.given(part.probability)
                });
            }
        }
        let findings = alignment.findings().iter().map(|finding| Finding {
            src: src.map.map(finding.src, src.segments.len()),
            tgt: tgt.map.map(finding.tgt, tgt.segments.len()),
            ..*finding
        });
        let alignment = Alignment::new(findings.collect(), new_beads)
            .with_document(alignment.document_evidence);
        Ok(SplitAlignment { src: src.segments, tgt: tgt.segments, alignment, cuts })
    }
}

/// A part of a bead with the segments of both its sides.
struct PartSides<'t> {
    src: Vec<Segment<'t>>,
    tgt: Vec<Segment<'t>>,
    probability: f32,
    score: Option<f32>,
}

/// One side of a document after its beads were divided.
struct NewSide<'t> {
    segments: Vec<Segment<'t>>,
    map: SegmentMap,
    /// For each old bead, the index of its first new segment, or of the one that would follow.
    starts: Vec<usize>,
}

impl<'t> NewSide<'t> {
    /// Takes the old segments and beads, and the parts of each bead.
    ///
    /// The segments of a side are in the order of the document, in which beads of moved text are
    /// elsewhere than among the beads.
    fn new(
        old: &[Segment<'t>],
        beads: &[Bead],
        divided: &[Vec<PartSides<'t>>],
        span: fn(&Bead) -> Span,
        segments: for<'p> fn(&'p PartSides<'t>) -> &'p [Segment<'t>],
    ) -> Self {
        let mut order: Vec<usize> = (0..beads.len()).collect();
        order.sort_by_key(|&index| (span(&beads[index]).start, span(&beads[index]).end));
        let mut side = Self {
            segments: Vec::with_capacity(old.len()),
            map: SegmentMap::default(),
            starts: vec![0; beads.len()],
        };
        for index in order {
            let start = side.segments.len();
            side.starts[index] = start;
            side.segments.extend(divided[index].iter().flat_map(segments).copied());
            side.map.add(&old[span(&beads[index]).range()], &side.segments, start);
        }
        side
    }
}

/// Divides beads.
struct Splitter<'a> {
    aligner: &'a Aligner,
    /// Whether segments of the source are cut; otherwise those of the target.
    cuts_source: bool,
    at: Cuts<'a>,
}

impl Splitter<'_> {
    /// Returns the parts of a bead: several, or one for the bead as it is. `own` is the side that
    /// is cut.
    ///
    /// Cuts at marks are tried before cuts at words, which are taken only where they make more
    /// parts.
    fn parts<'t>(
        &self,
        encoder: &(impl Encoder + ?Sized),
        own: &[Segment<'t>],
        other: &[Segment<'t>],
    ) -> Result<Vec<BeadPart<'t>>> {
        let mut best = vec![BeadPart {
            own: own.to_vec(),
            other: 0..other.len(),
            probability: 1.0,
            score: None,
        }];
        // A segment without text has no clause, so it would be lost.
        let has_blank = own.iter().any(|segment| segment.text.is_empty());
        if own.is_empty() || own.len() >= other.len() || has_blank {
            return Ok(best);
        }
        let tuning = &self.aligner.tuning().split;
        let mut tried = own.len();
        for units in self.at.attempts(own) {
            let count = units.len();
            if count <= tried || count > tuning.max_clauses || best.len() == other.len() {
                continue;
            }
            tried = count;
            let parts = self.align_units(encoder, &units, own, other)?;
            if parts.len() > best.len() {
                best = parts;
            }
        }
        Ok(best)
    }

    /// Aligns the units that segments were cut into, and returns the parts that are probable; none
    /// if too many units have no counterpart.
    fn align_units<'t>(
        &self,
        encoder: &(impl Encoder + ?Sized),
        units: &[Segment<'t>],
        own: &[Segment<'t>],
        other: &[Segment<'t>],
    ) -> Result<Vec<BeadPart<'t>>> {
        let encoder = &ClauseEncoder(encoder);
        let tuning = &self.aligner.tuning().split;
        let texts: Vec<&str> = units.iter().map(|unit| unit.text).collect();
        let alignment = if self.cuts_source {
            self.aligner.align(encoder, &texts, other)?
        } else {
            self.aligner.align(encoder, other, &texts)?
        };
        let beads = alignment.beads();
        let (max_null_share, min_probability) = match self.at {
            Cuts::Clauses => (tuning.max_null_share, tuning.min_probability),
            Cuts::Lines(_) => (tuning.max_null_share, tuning.min_line_probability),
            Cuts::Words => (0.0, tuning.min_running_probability),
        };
        // A unit without a counterpart would be a part without a translation. In a long paragraph
        // a few are merged with the parts beside them.
        let nulls = beads.iter().filter(|bead| bead.is_null()).count();
        if nulls as f32 > max_null_share * beads.len() as f32 {
            return Ok(Vec::new());
        }
        let part = |bead: &Bead| {
            let (own_span, other_span) =
                if self.cuts_source { (bead.src, bead.tgt) } else { (bead.tgt, bead.src) };
            BeadPart {
                own: join_units(&units[own_span.range()], own),
                other: other_span.range(),
                probability: bead.probability,
                score: Some(bead.score),
            }
        };
        let beads = match self.at {
            Cuts::Lines(texts) => merge_within_lines(beads, |bead| {
                let (end, text) = match self.cuts_source {
                    true => (bead.tgt.end, texts[1]),
                    false => (bead.src.end, texts[0]),
                };
                ends_line(text, other, end as usize)
            }),
            Cuts::Clauses | Cuts::Words => beads.to_vec(),
        };
        Ok(merge_improbable(&beads, min_probability).iter().map(part).collect())
    }
}

/// An encoder of clauses, which are not segments of the document: requests carry no indices.
struct ClauseEncoder<E>(E);

impl<E: Encoder> Encoder for ClauseEncoder<E> {
    fn dim(&self) -> usize {
        self.0.dim()
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        self.0.encode(texts)
    }

    fn token_count(&self, text: &str) -> usize {
        self.0.token_count(text)
    }

    fn encode_pair(
        &self,
        src: &[&str],
        tgt: &[&str],
        request: &VectorRequest,
    ) -> Result<PairVectors, EncoderError> {
        self.0.encode_pair(src, tgt, &request.clone().with_segments(None))
    }

    /// Encodes the texts by themselves: the runs' indices are those of clauses.
    fn encode_runs(&self, texts: &[&str], _: &RunRequest) -> Result<Vec<f32>, EncoderError> {
        self.0.encode(texts)
    }
}

/// For each old segment of a side, the index of the first new segment made from it.
#[derive(Default)]
struct SegmentMap(Vec<usize>);

impl SegmentMap {
    /// Adds the old segments of a bead, whose new segments are those of `new` from index `from` on.
    fn add(&mut self, old: &[Segment<'_>], new: &[Segment<'_>], from: usize) {
        let own = &new[from..];
        let is_uncut = own.len() == old.len();
        self.0.extend(old.iter().enumerate().map(|(at, old)| {
            // Where nothing was cut, a segment may be empty and start where the next one does, so
            // the search by start would not distinguish them.
            let within =
                if is_uncut { at } else { own.partition_point(|new| new.start < old.start) };
            from + within
        }));
    }

    /// Converts a span of old segments to the span of the new segments, of which there are `count`.
    fn map(&self, span: Span, count: usize) -> Span {
        let new_index = |index: u32| self.0.get(index as usize).copied().unwrap_or(count);
        Span::new(new_index(span.start), new_index(span.end))
    }
}

/// A part of a bead.
struct BeadPart<'t> {
    /// The segments of the side that is cut.
    own: Vec<Segment<'t>>,
    /// Indices among the segments of the other side of the bead.
    other: Range<usize>,
    /// Probability, given the bead.
    probability: f32,
    /// `None` for a bead that was not divided.
    score: Option<f32>,
}

impl<'t> BeadPart<'t> {
    /// Returns the segments of both sides, given those of the bead's other side.
    fn sides(self, other: &[Segment<'t>], cuts_source: bool) -> PartSides<'t> {
        let Self { own, other: span, probability, score } = self;
        let other = other[span].to_vec();
        let (src, tgt) = if cuts_source { (own, other) } else { (other, own) };
        PartSides { src, tgt, probability, score }
    }
}

/// Merges each bead that does not end with a line of the other side with the next one: a paragraph
/// does not end in the middle of a line of its translation.
fn merge_within_lines(beads: &[Bead], ends_line: impl Fn(&Bead) -> bool) -> Vec<Bead> {
    let mut merged: Vec<Bead> = Vec::with_capacity(beads.len());
    for bead in beads {
        match merged.last_mut() {
            Some(last) if !ends_line(last) => {
                last.src.end = bead.src.end;
                last.tgt.end = bead.tgt.end;
                last.score += bead.score;
                last.probability = last.probability.min(bead.probability);
            }
            _ => merged.push(*bead),
        }
    }
    merged
}

/// Merges each null, and each bead that is not probable enough, with a neighbour, across the less
/// probable boundary.
///
/// The probability of a merged bead is not known. That of either of its ends is at least the
/// greater probability of the two beads that meet there.
fn merge_improbable(beads: &[Bead], min_probability: f32) -> Vec<Bead> {
    let mut beads = beads.to_vec();
    // The probability of each boundary; the first and the last are certain.
    let mut ends: Vec<f32> = std::iter::once(1.0)
        .chain(beads.windows(2).map(|pair| pair[0].probability.max(pair[1].probability)))
        .chain([1.0])
        .collect();
    while beads.len() > 1 {
        let order = |a: &usize, b: &usize| {
            let key = |at: usize| (!beads[at].is_null(), beads[at].probability);
            let (a, b) = (key(*a), key(*b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        };
        let Some(worst) = (0..beads.len()).min_by(order) else { break };
        if !beads[worst].is_null() && beads[worst].probability >= min_probability {
            break;
        }
        let left = worst > 0 && (worst + 1 == beads.len() || ends[worst] <= ends[worst + 1]);
        let first = if left { worst - 1 } else { worst };
        let second = beads.remove(first + 1);
        ends.remove(first + 1);
        let bead = &mut beads[first];
        bead.src.end = second.src.end;
        bead.tgt.end = second.tgt.end;
        bead.score += second.score;
        bead.probability = ends[first] * ends[first + 1];
    }
    beads
}
