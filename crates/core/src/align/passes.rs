//! The two passes over the chunks of a document.
//!
//! The first finds out how many nulls the document has and how well its beads match; the second
//! takes both into account.

use super::chunk::{Chunk, ChunkBeads};
use super::evidence::{Evidence, mean_cosine, median};
use super::grid::Corner;
use super::lattice::Step;
use super::prepared::{FirstPass, Measures, PreparedChunk};
use super::sample::Sample;
use super::score::bead::BeadScores;
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

    /// Aligns the segments between two corners by themselves.
    pub(super) fn align_between(
        &self,
        [from, to]: [Corner; 2],
        elsewhere: &Elsewhere,
        known: FirstPass,
    ) -> Result<Vec<Bead>> {
        if from.0 == to.0 || from.1 == to.1 {
            // Two paths disagree about the place of these segments.
            let probability = self.aligner.tuning.chunk.disputed_null;
            let null = |src, tgt| Bead { src, tgt, probability, score: 0.0 };
            let src = (from.0..to.0).map(|i| null(Span::new(i, i + 1), Span::new(from.1, from.1)));
            let tgt = (from.1..to.1).map(|j| null(Span::new(to.0, to.0), Span::new(j, j + 1)));
            return Ok(src.chain(tgt).collect());
        }
        Ok(self.search_chunk(&Chunk::between(from, to), elsewhere, known)?.beads)
    }

    fn search_chunk(
        &self,
        chunk: &Chunk,
        elsewhere: &Elsewhere,
        known: FirstPass,
    ) -> Result<ChunkBeads> {
        let (kernel, max_block) = (self.aligner.kernel, self.aligner.tuning.null.best_blocks);
        let mut prepared = self.prepare(chunk)?;
        prepared.best =
            prepared.best_with(kernel, max_block, elsewhere.iter().map(|sides| sides.as_ref()));
        let evidence = prepared.evidence(kernel, self.aligner.max_segments);
        self.second_pass(chunk, &prepared, &evidence, known, None)
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
        let ratio = self.bitext.length_ratio(&tuning.score);
        let measures = Measures { ratio, noise, contrast };
        let evidence: Vec<Evidence<'_>> = prepared
            .iter()
            .map(|chunk| chunk.evidence(kernel, self.aligner.max_segments))
            .collect();
        let paths = each(sampled, |at, _| self.first_path(&prepared[at], &evidence[at], measures))?;
        let mut sample = Sample::default();
        let (paths, beads): (Vec<Vec<Step>>, Vec<BeadScores>) = paths.into_iter().unzip();
        for (at, path) in paths.iter().enumerate() {
            sample.add(&chunks[sampled[at]], path, &evidence[at], &prepared[at]);
        }
        let null_adjustment = sample.null_adjustment(&tuning.null, chunks);
        let ratio = sample.ratio(measures.ratio, &tuning.score);
        let is_same = ratio == measures.ratio;
        let measures = Measures { ratio, ..measures };
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
}

/// Calls `work` for each of some chunks with its position among them and its index.
fn each<T: Send>(
    chunks: &[usize],
    work: impl Fn(usize, usize) -> Result<T> + Sync + Send,
) -> Result<Vec<T>> {
    parallel::map(chunks.len(), |at| work(at, chunks[at])).into_iter().collect()
}
