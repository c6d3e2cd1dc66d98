//! The two passes over the chunks of a document.
//!
//! The first finds out how many nulls the document has and how well its beads match; the second
//! takes both into account.

use std::ops::Range;

use super::chunk::{Chunk, ChunkBeads};
use super::evidence::{Evidence, mean_cosine, median};
use super::excluded::Excluded;
use super::grid::Corner;
use super::lattice::Step;
use super::omission::{DocumentSize, Omissions};
use super::prepared::{ChunkContents, FirstPass, Measures, PreparedChunk};
use super::sample::Sample;
use super::score::bead::BeadScores;
use super::score::null::NullAdjustment;
use super::search::Search;
use super::sides::Sides;
use super::vectors::SideVectors;
use crate::bead::{Bead, Span};
use crate::error::Result;
use crate::parallel;

/// Maximum number of chunks in memory at the same time. More threads share the work inside them.
const MAX_CHUNKS_IN_MEMORY: usize = 4;

/// The vectors of some chunks, among which a segment's best cosine is searched besides its own
/// chunk.
pub(super) type Elsewhere = Vec<Sides<SideVectors>>;

/// What was found in each chunk.
pub(super) struct Searched {
    pub(super) found: Vec<ChunkBeads>,
    pub(super) elsewhere: Elsewhere,
    pub(super) known: FirstPass,
}

impl Search<'_> {
    /// Searches every chunk. The first pass goes over all chunks, or over a few of them spread over
    /// the document.
    pub(super) fn search_chunks(&self, chunks: &[Chunk]) -> Result<Searched> {
        let max = self.aligner.tuning.chunk.sampled;
        let sampled: Vec<usize> = match chunks.len() {
            few if few <= max => (0..few).collect(),
            many => (0..max).map(|at| (2 * at + 1) * many / (2 * max)).collect(),
        };
        let mut found: Vec<Option<ChunkBeads>> = chunks.iter().map(|_| None).collect();
        let (known, elsewhere) = self.search_sampled(chunks, &sampled, &mut found)?;
        let rest: Vec<usize> = (0..chunks.len()).filter(|&at| found[at].is_none()).collect();
        for together in rest.chunks(MAX_CHUNKS_IN_MEMORY) {
            let results = parallel::map(together.len(), |at| {
                self.search_chunk(&chunks[together[at]], &elsewhere, known)
            });
            for (&at, result) in together.iter().zip(results) {
                found[at] = Some(result?);
            }
        }
        Ok(Searched { found: found.into_iter().flatten().collect(), elsewhere, known })
    }

    /// Aligns the segments between two corners by themselves, around the excluded segments of the
    /// document.
    pub(super) fn align_between(
        &self,
        [from, to]: [Corner; 2],
        elsewhere: &Elsewhere,
        known: FirstPass,
        excluded: &Excluded,
    ) -> Result<Vec<Bead>> {
        if from.0 == to.0 || from.1 == to.1 {
            // Two paths disagree about the place of these segments.
            let probability = self.aligner.tuning.chunk.disputed_null;
            let null = |src, tgt| Bead::new(src, tgt, probability, 0.0);
            let src = (from.0..to.0).map(|i| null(Span::new(i, i + 1), Span::new(from.1, from.1)));
            let tgt = (from.1..to.1).map(|j| null(Span::new(to.0, to.0), Span::new(j, j + 1)));
            let is_moved = |bead: &Bead| excluded.contains_any(bead.src.range(), bead.tgt.range());
            return Ok(src.chain(tgt).map(|bead| bead.with_moved(is_moved(&bead))).collect());
        }
        let chunk = Chunk::between(from, to);
        let prepared = self.prepare_among(&chunk, elsewhere)?;
        let evidence = prepared.evidence(self.aligner.kernel, self.aligner.max_segments);
        let mut scores = self.scores(&prepared, &evidence, known, None);
        let excluded = excluded.of_segments(chunk.segments.as_ref().map(Vec::as_slice));
        scores.exclude(&prepared, &excluded);
        let beads = self.best_beads(&prepared, &evidence, known, &scores, &excluded)?;
        Ok(chunk.beads_in_document(&beads))
    }

    fn search_chunk(
        &self,
        chunk: &Chunk,
        elsewhere: &Elsewhere,
        known: FirstPass,
    ) -> Result<ChunkBeads> {
        let prepared = self.prepare_among(chunk, elsewhere)?;
        let evidence = prepared.evidence(self.aligner.kernel, self.aligner.max_segments);
        self.second_pass(chunk, &prepared, &evidence, known, None)
    }

    /// Prepares a chunk whose segments are also compared with those of others.
    fn prepare_among(&self, chunk: &Chunk, elsewhere: &Elsewhere) -> Result<PreparedChunk> {
        let (kernel, max_block) = (self.aligner.kernel, self.aligner.tuning.null.best_blocks);
        let mut prepared = self.prepare(chunk)?;
        prepared.best =
            prepared.best_with(kernel, max_block, elsewhere.iter().map(|sides| sides.as_ref()));
        Ok(prepared)
    }

    /// Does the first pass over the sampled chunks, and the second while they are in memory.
    fn search_sampled(
        &self,
        chunks: &[Chunk],
        sampled: &[usize],
        found: &mut [Option<ChunkBeads>],
    ) -> Result<(FirstPass, Elsewhere)> {
        let (kernel, tuning) = (self.aligner.kernel, &self.aligner.tuning);
        let max_block = tuning.null.best_blocks;
        let mut prepared: Vec<PreparedChunk> =
            each(sampled, |_, chunk| self.prepare(&chunks[chunk]))?;
        let best = each(sampled, |at, _| {
            let others = prepared.iter().enumerate().filter(|&(other, _)| other != at);
            let vectors =
                others.map(|(_, other)| Sides::new(&other.src.vectors, &other.tgt.vectors));
            Ok(prepared[at].best_with(kernel, max_block, vectors))
        })?;
        for (prepared, best) in prepared.iter_mut().zip(best) {
            prepared.best = best;
        }
        let noise = mean_cosine(
            prepared.iter().map(|chunk| &chunk.src.vectors),
            prepared.iter().map(|chunk| &chunk.tgt.vectors),
        );
        let mut best: Vec<f32> = prepared
            .iter()
            .flat_map(|chunk| [&chunk.best.src[..], &chunk.best.tgt].concat())
            .collect();
        let contrast = median(&mut best).unwrap_or_default() - noise;
        let evidence: Vec<Evidence<'_>> = prepared
            .iter()
            .map(|chunk| chunk.evidence(kernel, self.aligner.max_segments))
            .collect();
        let contents =
            each(sampled, |at, _| self.contents(&prepared[at], &evidence[at], contrast))?;
        let size = self.bitext.document_size(&tuning.score, unaligned(chunks));
        let omissions = self.measure_omissions(size, &prepared, &evidence, &contents);
        let adjustment = omissions.adjustment(&tuning.omission, size, Sides::default());
        let paths = parallel::map_owned(contents, |at, contents| {
            self.first_path(&prepared[at], &evidence[at], contents, omissions.ratio, adjustment)
        });
        let paths = paths.into_iter().collect::<Result<Vec<(Vec<Step>, BeadScores)>>>()?;
        let mut sample = Sample::default();
        let (paths, beads): (Vec<Vec<Step>>, Vec<BeadScores>) = paths.into_iter().unzip();
        for (at, path) in paths.iter().enumerate() {
            sample.add(&chunks[sampled[at]], path, &evidence[at], &prepared[at]);
        }
        let (ratio, null_adjustment) = if omissions.share() > 0.0 {
            // Wrong beads of one segment each would pull the ratio towards that of the whole sides,
            // so that the measured one is not replaced.
            let least = sample.null_adjustments(&tuning.null, chunks);
            (omissions.ratio, omissions.adjustment(&tuning.omission, size, least))
        } else {
            let added = NullAdjustment::new(sample.null_adjustment(&tuning.null, chunks));
            (sample.ratio(omissions.ratio, &tuning.score), Sides::new(added, added))
        };
        let is_same = ratio == omissions.ratio;
        let omissions = Omissions { ratio, ..omissions };
        let measures = Measures { omissions, noise, contrast };
        let known = FirstPass { measures, typical: sample.typical(&tuning.score), null_adjustment };
        let results = parallel::map_owned(beads, |at, beads| {
            let beads = is_same.then_some(beads);
            self.second_pass(&chunks[sampled[at]], &prepared[at], &evidence[at], known, beads)
        });
        for (&chunk, result) in sampled.iter().zip(results) {
            found[chunk] = Some(result?);
        }
        drop(evidence);
        let elsewhere = prepared.into_iter().map(|chunk| {
            Sides::new(chunk.src.vectors, chunk.tgt.vectors)
                .map(|vectors| vectors.without_windows(max_block))
        });
        Ok((known, elsewhere.collect()))
    }

    /// Measures the omissions of the document on the sampled chunks.
    fn measure_omissions(
        &self,
        size: DocumentSize,
        prepared: &[PreparedChunk],
        evidence: &[Evidence<'_>],
        contents: &[ChunkContents],
    ) -> Omissions {
        let tuning = &self.aligner.tuning;
        let otherwise = size.length_ratio(tuning.score.max_ratio_factor);
        Omissions::measured(&tuning.omission, size, otherwise, |trials| {
            parallel::map(trials.len(), |trial| {
                let score = |at| {
                    self.trial_score(&prepared[at], &evidence[at], &contents[at], trials[trial])
                };
                (0..prepared.len()).map(score).sum()
            })
        })
    }
}

/// Collects the long runs of each side that the coarse path leaves unaligned.
fn unaligned(chunks: &[Chunk]) -> Sides<Vec<Range<usize>>> {
    let runs = |side: fn(&Chunk) -> &Vec<Range<usize>>| {
        chunks.iter().flat_map(|chunk| side(chunk).iter().cloned()).collect()
    };
    Sides::new(runs(|chunk| &chunk.unaligned.src), runs(|chunk| &chunk.unaligned.tgt))
}

/// Calls `work` for each of some chunks with its position among them and its index.
fn each<T: Send>(
    chunks: &[usize],
    work: impl Fn(usize, usize) -> Result<T> + Sync + Send,
) -> Result<Vec<T>> {
    parallel::map(chunks.len(), |at| work(at, chunks[at])).into_iter().collect()
}
