//! The two passes over a document's pieces, and what the first tells the second.

use super::Aligner;
use super::document::Document;
use super::evidence::{Evidence, mean_cosine, median};
use super::lattice::Step;
use super::piece::{Corner, Encoded, Found, Known, Measures, Piece};
use super::score::{BeadScores, Usual};
use super::tuning::ScoreTuning;
use super::vectors::SideVectors;
use crate::bead::{Bead, Span};
use crate::encoder::Encoder;
use crate::error::Result;
use crate::parallel;

/// Pieces that are held at the same time, at the most. More threads share the work inside them.
const TOGETHER: usize = 4;
/// The vectors of some pieces, both sides: where a segment's best cosine is looked for besides its
/// own piece.
pub(super) type Elsewhere = Vec<[SideVectors; 2]>;

/// What was found in each piece.
pub(super) struct Searched {
    pub(super) found: Vec<Found>,
    pub(super) elsewhere: Elsewhere,
    pub(super) known: Known,
}

/// What the first paths tell: of a short document all there is, of a long one a sample.
#[derive(Default)]
struct Sample {
    /// Cosines and covered shares of beads of at most two segments a side.
    cosines: Vec<f32>,
    coverages: Vec<f32>,
    /// Lengths of the sides of beads of one segment each.
    lengths: [u64; 2],
    /// How many these are.
    pairs: usize,
    nulls: usize,
    segments: usize,
    /// Segments in long runs that the coarse path passes over.
    lone: usize,
}

impl Aligner {
    /// Searches every piece twice: the first paths tell how many nulls the document has and how
    /// well its beads match, and the second search takes both into account.
    ///
    /// Where there are many pieces, some of them, spread over the document, speak for all.
    pub(super) fn align_pieces(
        &self,
        encoder: &(impl Encoder + ?Sized),
        document: &Document<'_>,
        pieces: &[Piece],
    ) -> Result<Searched> {
        let sampled = self.tuning.chunk.sampled;
        let asked: Vec<usize> = match pieces.len() {
            few if few <= sampled => (0..few).collect(),
            many => (0..sampled).map(|at| (2 * at + 1) * many / (2 * sampled)).collect(),
        };
        let mut found: Vec<Option<Found>> = pieces.iter().map(|_| None).collect();
        let (known, elsewhere) = self.ask(encoder, document, pieces, &asked, &mut found)?;
        let left: Vec<usize> = (0..pieces.len()).filter(|&at| found[at].is_none()).collect();
        for together in left.chunks(TOGETHER) {
            let results = parallel::map(together.len(), |at| {
                self.align_piece(encoder, document, &pieces[together[at]], &elsewhere, known)
            });
            for (&at, result) in together.iter().zip(results) {
                found[at] = Some(result?);
            }
        }
        Ok(Searched { found: found.into_iter().flatten().collect(), elsewhere, known })
    }

    /// Aligns the segments between two corners by themselves.
    pub(super) fn align_between(
        &self,
        encoder: &(impl Encoder + ?Sized),
        document: &Document<'_>,
        [from, to]: [Corner; 2],
        elsewhere: &Elsewhere,
        known: Known,
    ) -> Result<Vec<Bead>> {
        if from.0 == to.0 || from.1 == to.1 {
            // Two paths disagree where these stand.
            let probability = self.tuning.chunk.disputed_null;
            let null = |src, tgt| Bead { src, tgt, probability, score: 0.0 };
            let src = (from.0..to.0).map(|i| null(Span::new(i, i + 1), Span::new(from.1, from.1)));
            let tgt = (from.1..to.1).map(|j| null(Span::new(to.0, to.0), Span::new(j, j + 1)));
            return Ok(src.chain(tgt).collect());
        }
        let piece = Piece::between(from, to);
        Ok(self.align_piece(encoder, document, &piece, elsewhere, known)?.beads)
    }

    fn align_piece(
        &self,
        encoder: &(impl Encoder + ?Sized),
        document: &Document<'_>,
        piece: &Piece,
        elsewhere: &Elsewhere,
        known: Known,
    ) -> Result<Found> {
        let mut encoded = self.encode(encoder, document, piece)?;
        encoded.best = encoded.best_with(
            self.kernel,
            self.tuning.null.best_blocks,
            elsewhere.iter().map(|[a, b]| [a, b]),
        );
        let evidence = encoded.evidence(self.kernel, self.max_segments);
        self.search(piece, &encoded, &evidence, known, None)
    }

    /// Does the first pass over the pieces that are asked, and the second while they are there.
    fn ask(
        &self,
        encoder: &(impl Encoder + ?Sized),
        document: &Document<'_>,
        pieces: &[Piece],
        asked: &[usize],
        found: &mut [Option<Found>],
    ) -> Result<(Known, Elsewhere)> {
        let mut encoded: Vec<Encoded> =
            each(asked, |_, piece| self.encode(encoder, document, &pieces[piece]))?;
        let best = each(asked, |at, _| {
            let others = encoded.iter().enumerate().filter(|&(other, _)| other != at);
            let vectors = others.map(|(_, other)| [&other.src.vectors, &other.tgt.vectors]);
            Ok(encoded[at].best_with(self.kernel, self.tuning.null.best_blocks, vectors))
        })?;
        for (encoded, best) in encoded.iter_mut().zip(best) {
            encoded.best = best;
        }
        let noise = mean_cosine(
            encoded.iter().map(|piece| &piece.src.vectors),
            encoded.iter().map(|piece| &piece.tgt.vectors),
        );
        let mut best: Vec<f32> = encoded.iter().flat_map(|piece| piece.best.concat()).collect();
        let contrast = median(&mut best).unwrap_or_default() - noise;
        let ratio = document.length_ratio(&self.tuning.score);
        let measures = Measures { ratio, noise, contrast };
        let evidence: Vec<Evidence<'_>> =
            encoded.iter().map(|piece| piece.evidence(self.kernel, self.max_segments)).collect();
        let paths = each(asked, |at, _| self.first_path(&encoded[at], &evidence[at], measures))?;
        let mut sample = Sample::default();
        let (paths, beads): (Vec<Vec<Step>>, Vec<BeadScores>) = paths.into_iter().unzip();
        for (at, path) in paths.iter().enumerate() {
            sample.add(&pieces[asked[at]], path, &evidence[at], &encoded[at]);
        }
        let adjust = self.null_adjustment(sample.nulls_of(pieces));
        let ratio = sample.ratio(measures.ratio, &self.tuning.score);
        let is_same = ratio == measures.ratio;
        let measures = Measures { ratio, ..measures };
        let known = Known { measures, usual: sample.usual(&self.tuning.score), adjust };
        let results = parallel::map_owned(beads, |at, beads| {
            let beads = is_same.then_some(beads);
            self.search(&pieces[asked[at]], &encoded[at], &evidence[at], known, beads)
        });
        for (&piece, result) in asked.iter().zip(results) {
            found[piece] = Some(result?);
        }
        drop(evidence);
        let kept = |mut vectors: SideVectors| {
            vectors.blocks.truncate(self.tuning.null.best_blocks);
            SideVectors { after: Vec::new(), before: Vec::new(), ..vectors }
        };
        let elsewhere = encoded.into_iter().map(|it| [kept(it.src.vectors), kept(it.tgt.vectors)]);
        Ok((known, elsewhere.collect()))
    }

    /// Nulls are worth more in a document that has many.
    fn null_adjustment(&self, (nulls, segments): (f32, f32)) -> f32 {
        let tuning = &self.tuning.null;
        let (prior, max) = (tuning.rate_prior, tuning.max_rate_adjustment);
        let share = (nulls + tuning.typical_rate * prior) / (segments + prior);
        let adjust = tuning.rate * libm::logf(share / tuning.typical_rate);
        adjust.clamp(-max, max)
    }
}

/// Does some work for each piece, given where it stands among those asked and its number.
fn each<T: Send>(
    asked: &[usize],
    work: impl Fn(usize, usize) -> Result<T> + Sync + Send,
) -> Result<Vec<T>> {
    parallel::map(asked.len(), |at| work(at, asked[at])).into_iter().collect()
}

impl Sample {
    /// Adds what a path says of the piece's own part.
    fn add(&mut self, piece: &Piece, path: &[Step], evidence: &Evidence<'_>, encoded: &Encoded) {
        let [src, tgt] = &piece.segments;
        let [from, to] = piece.own;
        let own_src = |segment: usize| (from.0..to.0).contains(&src[segment]);
        let own_tgt = |segment: usize| (from.1..to.1).contains(&tgt[segment]);
        for step in path {
            let shape = (step.src.len(), step.tgt.len());
            let (i, j) = (step.src.start as usize, step.tgt.start as usize);
            let is_own = if shape.0 > 0 { own_src(i) } else { own_tgt(j) };
            if !is_own {
                continue;
            }
            if shape.0 == 0 || shape.1 == 0 {
                self.nulls += 1;
            }
            if shape == (1, 1) {
                self.lengths[0] += u64::from(encoded.src.lengths[i]);
                self.lengths[1] += u64::from(encoded.tgt.lengths[j]);
                self.pairs += 1;
            }
            if (1..=2).contains(&shape.0) && (1..=2).contains(&shape.1) {
                self.cosines.push(evidence.cosine(shape, i, j));
                let (tgt, src) = encoded.lexical.coverage(shape, i, j);
                self.coverages.push((tgt + src) / 2.0);
            }
        }
        self.nulls += piece.left_out();
        self.segments += piece.own_segments();
        self.lone += piece.lone;
    }

    /// Counts the nulls and the segments of all pieces. Those that were not asked have the nulls
    /// that the coarse path sees, and the usual share of others.
    fn nulls_of(&self, pieces: &[Piece]) -> (f32, f32) {
        let segments: usize = pieces.iter().map(Piece::own_segments).sum();
        let lone = pieces.iter().map(|piece| piece.lone).sum::<usize>() - self.lone;
        let unasked = segments - self.segments - lone;
        let others = self.nulls.saturating_sub(self.lone) as f32;
        let share = others / (self.segments - self.lone).max(1) as f32;
        ((self.nulls + lone) as f32 + share * unasked as f32, segments as f32)
    }

    /// Gives the ratio of the lengths of both sides' text as the pairs have it, where it is not about
    /// the one that was assumed.
    fn ratio(&self, assumed: f32, tuning: &ScoreTuning) -> f32 {
        let [src, tgt] = self.lengths.map(|length| length.max(1) as f32);
        let share = self.pairs as f32 / (self.pairs as f32 + tuning.ratio_prior);
        let ratio = assumed * libm::powf(src / tgt / assumed, share);
        if (ratio / assumed).max(assumed / ratio) > tuning.ratio_change { ratio } else { assumed }
    }

    /// Gives the medians.
    fn usual(&mut self, tuning: &ScoreTuning) -> Usual {
        let assumed = Usual::assumed(tuning);
        Usual {
            cosine: median(&mut self.cosines)
                .unwrap_or(assumed.cosine)
                .max(tuning.min_typical_cosine),
            coverage: median(&mut self.coverages).unwrap_or(assumed.coverage),
        }
    }
}
