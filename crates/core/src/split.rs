//! Cuts long Arabic sentences where their translation begins a new one.
//!
//! Arabic chains clauses with `،`, `و` and `ثم` where English ends the sentence. A bead that has
//! fewer Arabic segments than English ones is aligned once more by itself: the Arabic clauses with
//! the English segments. Where the result is likely, its beads take the bead's place.

use std::ops::Range;

use crate::align::Aligner;
use crate::alignment::Alignment;
use crate::bead::{Bead, Span};
use crate::encoder::{Encoder, EncoderError, PairVectors, RunRequest, VectorRequest};
use crate::error::Result;
use crate::finding::Finding;
use nasaq_text::{ClauseBreaks, Language, Segment, clauses};

/// An alignment some of whose Arabic segments were cut: made by [`Aligner::split_long`].
#[derive(Clone, Debug, PartialEq)]
pub struct SplitAlignment<'t> {
    /// The source segments, cut or as they were; still slices of the document.
    pub src: Vec<Segment<'t>>,
    /// The target segments, cut or as they were; still slices of the document.
    pub tgt: Vec<Segment<'t>>,
    /// The beads of these segments.
    pub alignment: Alignment,
    /// How many cuts were made.
    pub cuts: usize,
}

impl Aligner {
    /// Cuts long Arabic segments where the English of their bead has a sentence boundary.
    ///
    /// The segments and the alignment are those of one call of [`align`](Self::align); the Arabic
    /// side is the source, or the target where the source's language is English. A cut is made
    /// after `،` `؛` `:` or a dash, or before a word with `و` or `ف` or one like `ثم`, never within
    /// quotation marks or brackets, and only where each piece has English segments of its own and
    /// is likely. A new bead's probability is its old bead's times the piece's own.
    ///
    /// # Errors
    /// [`ErrorKind::Encoder`](crate::ErrorKind::Encoder) from the encoder.
    ///
    /// # Panics
    /// Where the alignment is of other segments.
    pub fn split_long<'t>(
        &self,
        encoder: &(impl Encoder + ?Sized),
        (src, tgt): (&[Segment<'t>], &[Segment<'t>]),
        alignment: &Alignment,
        src_language: Language,
    ) -> Result<SplitAlignment<'t>> {
        let mut out = SplitAlignment {
            src: Vec::with_capacity(src.len()),
            tgt: Vec::with_capacity(tgt.len()),
            alignment: Alignment::new(Vec::new(), Vec::new()),
            cuts: 0,
        };
        let is_source = src_language == Language::Arabic;
        let mut beads = Vec::with_capacity(alignment.beads().len());
        let mut places = [Places::default(), Places::default()];
        for bead in alignment.beads() {
            let (src, tgt) = (&src[bead.src.range()], &tgt[bead.tgt.range()]);
            let (arabic, english) = if is_source { (src, tgt) } else { (tgt, src) };
            let parts = self.parts(encoder, arabic, english, is_source)?;
            let whole = arabic.len();
            let before = [out.src.len(), out.tgt.len()];
            for part in &parts {
                let (arabic, english) = (&part.arabic[..], &english[part.english.clone()]);
                let (src, tgt) = if is_source { (arabic, english) } else { (english, arabic) };
                beads.push(Bead {
                    src: Span::new(out.src.len(), out.src.len() + src.len()),
                    tgt: Span::new(out.tgt.len(), out.tgt.len() + tgt.len()),
                    probability: bead.probability * part.probability,
                    score: part.score.unwrap_or(bead.score),
                });
                out.src.extend_from_slice(src);
                out.tgt.extend_from_slice(tgt);
            }
            places[0].add(src, &out.src, before[0]);
            places[1].add(tgt, &out.tgt, before[1]);
            let cut = if is_source { out.src.len() - before[0] } else { out.tgt.len() - before[1] };
            out.cuts += cut - whole;
        }
        let findings = alignment.findings().iter().map(|finding| Finding {
            src: places[0].moved(finding.src, out.src.len()),
            tgt: places[1].moved(finding.tgt, out.tgt.len()),
            ..*finding
        });
        out.alignment = Alignment::new(findings.collect(), beads).with_document(alignment.document);
        Ok(out)
    }

    /// Gives the parts of a bead: several, or the bead itself.
    ///
    /// Cuts at marks go before cuts at words, which are taken only where they give more parts.
    fn parts<'t>(
        &self,
        encoder: &(impl Encoder + ?Sized),
        arabic: &[Segment<'t>],
        english: &[Segment<'t>],
        is_source: bool,
    ) -> Result<Vec<Part<'t>>> {
        let mut best = vec![Part {
            arabic: arabic.to_vec(),
            english: 0..english.len(),
            probability: 1.0,
            score: None,
        }];
        // Between the pieces of others there is no place for a segment without text.
        let has_blank = arabic.iter().any(|segment| segment.text.is_empty());
        if arabic.is_empty() || arabic.len() >= english.len() || has_blank {
            return Ok(best);
        }
        let encoder = &ClauseEncoder(encoder);
        let mut tried = arabic.len();
        for chains in [false, true] {
            let pieces = pieces(arabic, chains);
            if pieces.len() <= tried
                || pieces.len() > self.tuning().split.max_clauses
                || best.len() == english.len()
            {
                continue;
            }
            tried = pieces.len();
            let texts: Vec<&str> = pieces.iter().map(|piece| piece.text).collect();
            let alignment = if is_source {
                self.align(encoder, &texts, english, &[])?
            } else {
                self.align(encoder, english, &texts, &[])?
            };
            let beads = alignment.beads();
            if beads.iter().any(Bead::is_null) {
                continue;
            }
            let beads = likely(beads, self.tuning().split.min_probability);
            if beads.len() > best.len() {
                let part = |bead: &Bead| {
                    let (own, other) =
                        if is_source { (bead.src, bead.tgt) } else { (bead.tgt, bead.src) };
                    Part {
                        arabic: joined(&pieces[own.range()], arabic),
                        english: other.range(),
                        probability: bead.probability,
                        score: Some(bead.score),
                    }
                };
                best = beads.iter().map(part).collect();
            }
        }
        Ok(best)
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

/// For each old segment of a side, the first of the new ones that it became.
#[derive(Default)]
struct Places(Vec<usize>);

impl Places {
    /// Adds a bead's old segments, whose new ones begin at a number.
    fn add(&mut self, old: &[Segment<'_>], new: &[Segment<'_>], from: usize) {
        let own = &new[from..];
        let is_whole = own.len() == old.len();
        self.0.extend(old.iter().enumerate().map(|(at, old)| {
            // Where none was cut some may be empty, and begin where the next one does.
            let within =
                if is_whole { at } else { own.partition_point(|new| new.start < old.start) };
            from + within
        }));
    }

    /// Gives the span of the new segments, of which there are so many, that were the old ones of a
    /// span.
    fn moved(&self, span: Span, count: usize) -> Span {
        let place = |index: u32| self.0.get(index as usize).copied().unwrap_or(count);
        Span::new(place(span.start), place(span.end))
    }
}

/// A piece of a bead.
struct Part<'t> {
    arabic: Vec<Segment<'t>>,
    /// Of the bead's English segments.
    english: Range<usize>,
    /// Within the bead.
    probability: f32,
    /// `None` for a bead that was left as it was.
    score: Option<f32>,
}

/// Cuts segments into clauses.
fn pieces<'t>(segments: &[Segment<'t>], chains: bool) -> Vec<Segment<'t>> {
    let breaks = if chains { ClauseBreaks::MarksAndWords } else { ClauseBreaks::Marks };
    let mut pieces = Vec::new();
    for segment in segments {
        let mut start = segment.start;
        for clause in clauses(segment.text, breaks) {
            pieces.push(Segment::new(clause, start).trim());
            start += clause.len();
        }
    }
    pieces
}

/// Joins the clauses of one segment again.
fn joined<'t>(pieces: &[Segment<'t>], segments: &[Segment<'t>]) -> Vec<Segment<'t>> {
    let mut out = Vec::new();
    for segment in segments {
        let within = segment.bytes();
        let mut own = pieces.iter().filter(|piece| within.contains(&piece.start));
        let Some(first) = own.next() else { continue };
        let end = own.next_back().unwrap_or(first).bytes().end;
        let text = &segment.text[first.start - within.start..end - within.start];
        out.push(Segment { text, start: first.start });
    }
    out
}

/// Joins beads that are not likely enough with a neighbour, the less likely one.
///
/// How likely a joined bead is, is not known; its two ends are at least as likely as the likelier
/// of the beads that meet there.
fn likely(beads: &[Bead], least: f32) -> Vec<Bead> {
    let mut beads = beads.to_vec();
    // The chance of each boundary, the first and the last being sure.
    let mut ends: Vec<f32> = std::iter::once(1.0)
        .chain(beads.windows(2).map(|pair| pair[0].probability.max(pair[1].probability)))
        .chain([1.0])
        .collect();
    while beads.len() > 1 {
        let order = |a: &usize, b: &usize| beads[*a].probability.total_cmp(&beads[*b].probability);
        let Some(worst) = (0..beads.len()).min_by(order) else { break };
        if beads[worst].probability >= least {
            break;
        }
        // The boundary to give up is the less likely one of the two.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::tuning::Tuning;
    use nasaq_text::segments;

    /// A toy: a text's vector says which numbers are in it.
    struct Numbers;

    impl Encoder for Numbers {
        fn dim(&self) -> usize {
            10
        }

        fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
            let vector = |text: &&str| -> Vec<f32> {
                let counts: Vec<f32> =
                    ('0'..='9').map(|digit| text.matches(digit).count() as f32 + 0.01).collect();
                let norm = counts.iter().map(|count| count * count).sum::<f32>().sqrt();
                counts.iter().map(|count| count / norm).collect()
            };
            Ok(texts.iter().flat_map(vector).collect())
        }

        fn token_count(&self, text: &str) -> usize {
            text.chars().count()
        }
    }

    const ARABIC: &str =
        "كان عنده 1 من الكتب، ثم باع 2 من الأقلام وكتب رسالة 3 فيها. وصل القطار 4 أمس. ";
    const ENGLISH: &str =
        "He had book 1. Then he sold pencils 2. He wrote letter 3. Train 4 came. ";

    fn splitter(min_probability: f32) -> Aligner {
        let mut tuning = Tuning::default();
        tuning.split.min_probability = min_probability;
        Aligner::builder().tuning(tuning).build().expect("valid settings")
    }

    fn split(src: &'static str, tgt: &'static str, language: Language) -> SplitAlignment<'static> {
        let other = match language {
            Language::Arabic => Language::English,
            Language::English => Language::Arabic,
        };
        let (src, tgt) = (segments(src, language), segments(tgt, other));
        let aligner = splitter(0.5);
        let alignment = aligner.align(&Numbers, &src, &tgt, &[]).expect("an alignment");
        aligner.split_long(&Numbers, (&src, &tgt), &alignment, language).expect("a split")
    }

    fn texts<'t>(segments: &[Segment<'t>]) -> Vec<&'t str> {
        segments.iter().map(|segment| segment.text).collect()
    }

    #[test]
    fn chained_sentence_is_cut_where_the_translation_is() {
        let expected = [
            "كان عنده 1 من الكتب،",
            "ثم باع 2 من الأقلام",
            "وكتب رسالة 3 فيها.",
            "وصل القطار 4 أمس.",
        ];
        let found = split(ARABIC, ENGLISH, Language::Arabic);
        assert_eq!(texts(&found.src), expected);
        assert_eq!((found.cuts, found.tgt.len()), (2, 4));
        let other = split(ENGLISH, ARABIC, Language::English);
        assert_eq!(texts(&other.tgt), expected);
        for (bead, turned) in found.alignment.beads().iter().zip(other.alignment.beads()) {
            assert_eq!((bead.src, bead.tgt), (turned.tgt, turned.src));
            assert!((0.0..=1.0).contains(&bead.probability));
        }
    }

    #[test]
    fn pieces_lead_back_to_the_document_and_lose_nothing() {
        let found = split(ARABIC, ENGLISH, Language::Arabic);
        for segment in &found.src {
            assert_eq!(&ARABIC[segment.bytes()], segment.text);
        }
        let bare = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(bare(&texts(&found.src).concat()), bare(ARABIC));
        let last = found.alignment.beads().last().expect("beads");
        assert_eq!((last.src.end, last.tgt.end), (4, 4));
    }

    #[test]
    fn segments_without_text_stay() {
        let src = nasaq_text::lines("\nعنده 1 من الكتب، ثم باع 2 من الأقلام\n\nوكتب رسالة 3 هنا.");
        let tgt = nasaq_text::lines("Book 1.\n\nHe sold 2.\nHe wrote letter 3.");
        let aligner = splitter(0.0);
        let alignment = aligner.align(&Numbers, &src, &tgt, &[]).expect("an alignment");
        let sides = (&src[..], &tgt[..]);
        let found = aligner.split_long(&Numbers, sides, &alignment, Language::Arabic);
        let found = found.expect("a split");
        let blank =
            |segments: &[Segment<'_>]| segments.iter().filter(|it| it.text.is_empty()).count();
        assert_eq!((blank(&found.src), blank(&found.tgt)), (2, 1));
        assert_eq!(found.src.len(), src.len() + found.cuts);
    }

    #[test]
    fn spans_follow_their_segments_past_those_without_text() {
        let old = nasaq_text::lines("one\n\ntwo, three");
        let new = [old[0], old[1], Segment { text: "two,", ..old[2] }, old[2]];
        let mut places = Places::default();
        places.add(&old[..2], &new[..2], 0);
        places.add(&old[2..], &new, 2);
        assert_eq!(places.moved(Span::new(0, 1), 4), Span::new(0, 1));
        assert_eq!(places.moved(Span::new(1, 3), 4), Span::new(1, 4));
    }

    #[test]
    fn what_matches_sentence_by_sentence_is_left_alone() {
        let (src, tgt) = ("عنده 1 من الكتب، ثم باع 2.", "He had book 1 and then sold 2.");
        let found = split(src, tgt, Language::Arabic);
        assert_eq!((found.cuts, found.src.len()), (0, 1));
    }

    #[test]
    fn unlikely_pieces_are_joined_until_all_are_likely() {
        let bead = |at: usize, probability: f32| Bead {
            src: Span::new(at, at + 1),
            tgt: Span::new(at, at + 1),
            probability,
            score: 0.5,
        };
        let beads = [bead(0, 0.9), bead(1, 0.4), bead(2, 0.5)];
        let found = likely(&beads, 0.7);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[1].src, found[1].probability, found[1].score),
            (Span::new(1, 3), 0.9, 1.0)
        );
        assert_eq!(likely(&beads, 0.95).len(), 1);
    }
}
