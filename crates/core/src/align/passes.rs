//! The two passes over the chunks of a document.
//!
//! The first finds out how many nulls the document has and how well its beads match; the second
//! takes both into account. Both are repeated with the words that can be learned from the beads.

use std::ops::Range;
use std::sync::Arc;

use super::chunk::{Chunk, ChunkBeads};
use super::chunk_passes::{ChunkContents, FirstPass, Measures, MovedPath, SecondPath};
use super::evidence::{Evidence, mean_cosine, median};
use super::excluded::Excluded;
use super::grid::Corner;
use super::lattice::Step;
use super::lexical::{Lexical, SideWords, learn, same_matches};
use super::omission::{DocumentSize, Omissions};
use super::prepared::PreparedChunk;
use super::sample::Sample;
use super::score::View;
use super::score::bead::BeadScores;
use super::score::null::NullAdjustment;
use super::search::Search;
use super::sides::Sides;
use super::vectors::SideVectors;
use crate::bead::{Bead, Span};
use crate::error::Result;
use crate::finding::Finding;
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
                self.search_chunk(&chunks[together[at]], &elsewhere, &known)
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
        known: &FirstPass,
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
        let lexical = prepared.lexical(self.aligner, &known.words);
        let evidence = prepared.evidence(self.aligner);
        let view = prepared.view(&self.aligner.tuning, &evidence, &lexical);
        let mut scores = self.scores(view, known, None);
        let excluded = excluded.of_segments(chunk.segments.as_ref().map(Vec::as_slice));
        scores.exclude(view, &excluded);
        let path = self.best_beads(view, known, &scores, &excluded)?;
        Ok(chunk.beads_in_document(&path.beads))
    }

    fn search_chunk(
        &self,
        chunk: &Chunk,
        elsewhere: &Elsewhere,
        known: &FirstPass,
    ) -> Result<ChunkBeads> {
        let prepared = self.prepare_among(chunk, elsewhere)?;
        let lexical = prepared.lexical(self.aligner, &known.words);
        let evidence = prepared.evidence(self.aligner);
        let view = prepared.view(&self.aligner.tuning, &evidence, &lexical);
        let path = self.second_path(view, known, None)?;
        let moves = self.moves(view, known, &path);
        let path = self.around_moves(chunk, view, known, path, &moves)?;
        Ok(self.chunk_beads(chunk, view, &path))
    }

    /// Prepares a chunk whose segments are also compared with those of others.
    pub(super) fn prepare_among(
        &self,
        chunk: &Chunk,
        elsewhere: &Elsewhere,
    ) -> Result<PreparedChunk> {
        Ok(self.among(self.prepare(chunk)?, elsewhere))
    }

    /// Compares a prepared chunk with the segments of others.
    pub(super) fn among(&self, prepared: PreparedChunk, elsewhere: &Elsewhere) -> PreparedChunk {
        let (kernel, max_block) = (self.aligner.kernel, self.aligner.tuning.null.best_blocks);
        let others = elsewhere.iter().map(|sides| sides.as_ref());
        PreparedChunk { best: prepared.best_with(kernel, max_block, others), ..prepared }
    }

    /// Searches the sampled chunks, which are all in memory.
    fn search_sampled(
        &self,
        chunks: &[Chunk],
        sampled: &[usize],
        found: &mut [Option<ChunkBeads>],
    ) -> Result<(FirstPass, Elsewhere)> {
        let prepared = self.prepare_sampled(chunks, sampled)?;
        let (known, results) = self.search_prepared(chunks, sampled, &prepared)?;
        for (&chunk, result) in sampled.iter().zip(results) {
            found[chunk] = Some(result);
        }
        let max_block = self.aligner.tuning.null.best_blocks;
        let elsewhere = prepared.into_iter().map(|chunk| {
            Sides::new(chunk.src.vectors, chunk.tgt.vectors)
                .map(|vectors| vectors.without_windows(max_block))
        });
        Ok((known, elsewhere.collect()))
    }

    /// Prepares chunks whose segments are also compared with those of each other.
    fn prepare_sampled(&self, chunks: &[Chunk], sampled: &[usize]) -> Result<Vec<PreparedChunk>> {
        let (kernel, max_block) = (self.aligner.kernel, self.aligner.tuning.null.best_blocks);
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
        Ok(prepared)
    }

    /// Does both passes over the sampled chunks, and repeats them as long as there are words to
    /// learn.
    fn search_prepared(
        &self,
        chunks: &[Chunk],
        sampled: &[usize],
        prepared: &[PreparedChunk],
    ) -> Result<(FirstPass, Vec<ChunkBeads>)> {
        let tuning = &self.aligner.tuning;
        let contrast = Contrast::new(prepared);
        let evidence: Vec<Evidence<'_>> =
            prepared.iter().map(|chunk| chunk.evidence(self.aligner)).collect();
        let mut words = Arc::clone(&self.bitext.words);
        let mut rounds = tuning.learned.rounds;
        // Moves are found before words are learned: a wrong bead in place of a moved one would teach
        // the words that confirm it.
        let mut moves: Option<Vec<Vec<Finding>>> = None;
        loop {
            let lexical: Vec<Lexical> =
                parallel::map(prepared.len(), |at| prepared[at].lexical(self.aligner, &words));
            let views: Vec<View<'_>> = (0..prepared.len())
                .map(|at| prepared[at].view(tuning, &evidence[at], &lexical[at]))
                .collect();
            let (known, paths) = self.both_passes(chunks, sampled, &views, contrast, words)?;
            let moves: &Vec<Vec<Finding>> = moves.get_or_insert_with(|| {
                parallel::map(views.len(), |at| self.moves(views[at], &known, &paths[at]))
            });
            let paths: Vec<MovedPath> = parallel::map_owned(paths, |at, path| {
                self.around_moves(&chunks[sampled[at]], views[at], &known, path, &moves[at])
            })
            .into_iter()
            .collect::<Result<_>>()?;
            let learned = (rounds > 0).then(|| self.learn(chunks, sampled, &paths)).flatten();
            // The same matches would lead to the same beads.
            if let Some(learned) = learned.filter(|learned| !same_matches(&known.words, learned)) {
                (words, rounds) = (Arc::new(learned), rounds - 1);
                continue;
            }
            let found = parallel::map(paths.len(), |at| {
                self.chunk_beads(&chunks[sampled[at]], views[at], &paths[at])
            });
            return Ok((known, found));
        }
    }

    /// Returns the document's words with the matches that the beads of the sampled chunks show.
    fn learn(
        &self,
        chunks: &[Chunk],
        sampled: &[usize],
        paths: &[MovedPath],
    ) -> Option<Sides<SideWords>> {
        let mut beads = Vec::new();
        for (path, &at) in paths.iter().zip(sampled) {
            let chunk = &chunks[at];
            let Sides { src, tgt } = chunk.own_ranges();
            let is_own = |bead: &Bead| {
                // Excluded segments are in the beads of their block.
                let is_excluded = bead.is_null() && bead.moved;
                let (i, j) = (bead.src.range().start, bead.tgt.range().start);
                !is_excluded && src.contains(&i) && tgt.contains(&j)
            };
            let moved = path.blocks.iter().flat_map(|block| block.in_document(chunk).beads);
            beads.extend(
                chunk.beads_in_document(&path.path.beads).into_iter().chain(moved).filter(is_own),
            );
        }
        learn(&self.aligner.tuning, &self.bitext.words, &beads)
    }

    /// Does the first pass, which measures the document, and the second.
    fn both_passes(
        &self,
        chunks: &[Chunk],
        sampled: &[usize],
        views: &[View<'_>],
        Contrast { noise, contrast }: Contrast,
        words: Arc<Sides<SideWords>>,
    ) -> Result<(FirstPass, Vec<SecondPath>)> {
        let tuning = &self.aligner.tuning;
        let contents = each(sampled, |at, _| self.contents(views[at], contrast))?;
        let size = self.bitext.document_size(&tuning.score, unaligned(chunks));
        let omissions = self.measure_omissions(size, views, &contents);
        let adjustment = omissions.adjustment(&tuning.omission, size, Sides::default());
        let paths = parallel::map_owned(contents, |at, contents| {
            self.first_path(views[at], contents, omissions.ratio, adjustment)
        });
        let paths = paths.into_iter().collect::<Result<Vec<(Vec<Step>, BeadScores)>>>()?;
        let mut sample = Sample::default();
        let (paths, beads): (Vec<Vec<Step>>, Vec<BeadScores>) = paths.into_iter().unzip();
        for (at, path) in paths.iter().enumerate() {
            sample.add(&chunks[sampled[at]], path, views[at]);
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
        let typical = sample.typical(&tuning.score);
        let known = FirstPass { measures, typical, null_adjustment, words, sample: None };
        let results = parallel::map_owned(beads, |at, beads| {
            self.second_path(views[at], &known, is_same.then_some(beads))
        });
        let paths = results.into_iter().collect::<Result<_>>()?;
        Ok((known, paths))
    }

    /// Measures the omissions of the document on the sampled chunks.
    fn measure_omissions(
        &self,
        size: DocumentSize,
        views: &[View<'_>],
        contents: &[ChunkContents],
    ) -> Omissions {
        let tuning = &self.aligner.tuning;
        let otherwise = size.length_ratio(tuning.score.max_ratio_factor);
        Omissions::measured(&tuning.omission, size, otherwise, |trials| {
            parallel::map(trials.len(), |trial| {
                let score = |at| self.trial_score(views[at], &contents[at], trials[trial]);
                (0..views.len()).map(score).sum()
            })
        })
    }
}

/// How far the segments that match rise above those that have nothing to do with each other.
#[derive(Clone, Copy)]
struct Contrast {
    /// The mean cosine of all segments.
    noise: f32,
    /// The median of the segments' best cosines minus the noise.
    contrast: f32,
}

impl Contrast {
    fn new(prepared: &[PreparedChunk]) -> Self {
        let noise = mean_cosine(
            prepared.iter().map(|chunk| &chunk.src.vectors),
            prepared.iter().map(|chunk| &chunk.tgt.vectors),
        );
        let mut best: Vec<f32> = prepared
            .iter()
            .flat_map(|chunk| [&chunk.best.src[..], &chunk.best.tgt].concat())
            .collect();
        Self { noise, contrast: median(&mut best).unwrap_or_default() - noise }
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
