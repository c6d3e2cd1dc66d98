//! The two passes over a prepared chunk, and what they find.

use std::sync::Arc;

use super::chunk::{Chunk, ChunkBeads};
use super::confidence::{
    BeadEvidence, PathSample, path_traits, probability, side_similarity, trait_odds,
};
use super::document_score::Matches;
use super::excluded::Excluded;
use super::lattice::{Lattice, Step};
use super::lexical::SideWords;
use super::long::LongBeads;
use super::measured::ChunkMeasures;
use super::moved::{Mover, MoverInput};
use super::moved_blocks::BlockBeads;
use super::omission::Omissions;
use super::score::bead::{BeadContents, BeadScores};
use super::score::null::{NullAdjustment, NullScorer, NullScores};
use super::score::{Typical, View};
use super::search::Search;
use super::sides::Sides;
use crate::bead::{Bead, Span};
use crate::encoder::DocumentSide;
use crate::error::{ErrorKind, Result};
use crate::finding::Finding;

impl<'a> View<'a> {
    /// Returns what moves are judged by.
    pub(super) fn mover_input(self, first: &FirstPass) -> MoverInput<'a> {
        let View { src, tgt, lexical, .. } = self;
        let FirstPass { measures, typical, .. } = *first;
        let (noise, ratio) = (measures.noise, measures.omissions.ratio);
        MoverInput { src, tgt, lexical, typical, noise, ratio }
    }
}

impl View<'_> {
    pub(super) fn size(&self) -> (usize, usize) {
        (self.src.len(), self.tgt.len())
    }

    /// Returns what the probability of a bead of the path depends on beside its posterior.
    fn bead_evidence(&self, step: &Step, long: &LongBeads, first: &FirstPass) -> BeadEvidence {
        let FirstPass { typical, measures, .. } = *first;
        let (i, j) = (step.src.range().start, step.tgt.range().start);
        let null = |best: f32| BeadEvidence::Null { best: best / typical.cosine };
        if step.tgt.is_empty() {
            return null(self.best.src[i]);
        } else if step.src.is_empty() {
            return null(self.best.tgt[j]);
        }
        let shape = (step.src.len(), step.tgt.len());
        let segments = shape.0 + shape.1;
        if self.contains_anchor(step) {
            return BeadEvidence::Anchored { segments };
        }
        let (cosine, coverage) = match long.get(step.src, step.tgt) {
            Some(long) => (long.cosine, long.coverage),
            None => self.cosine_and_coverage(shape, (i, j)),
        };
        let confidence = &self.tuning.confidence;
        let similarity = side_similarity(confidence, cosine, coverage, typical, measures.noise);
        BeadEvidence::Pair { segments, similarity }
    }

    /// Returns the lattice of the chunk with the scores of all moves.
    fn lattice<'l>(&'l self, beads: &'l BeadScores, nulls: &'l NullScores) -> Lattice<'l> {
        Lattice { corridor: self.corridor, beads, nulls, size: self.size() }
    }

    /// Reports whether a bead has both segments of an anchor.
    fn contains_anchor(&self, bead: &Step) -> bool {
        let (src, tgt) = (bead.src.range(), bead.tgt.range());
        self.anchors.iter().any(|anchor| src.contains(&anchor.src) && tgt.contains(&anchor.tgt))
    }
}

/// The beads of the best path through a chunk, and what they show of the document.
pub(super) struct PathBeads {
    pub(super) beads: Vec<Bead>,
    pub(super) sample: PathSample,
}

/// The path of the second pass, before moves are searched.
pub(super) struct SecondPath {
    pub(super) path: PathBeads,
    scores: ChunkScores,
}

/// The path of the second pass around moved blocks, and the blocks.
pub(super) struct MovedPath {
    pub(super) path: PathBeads,
    pub(super) blocks: Vec<BlockBeads>,
}

impl MovedPath {
    /// Returns the beads of the path and of the blocks.
    fn all_beads(&self) -> Vec<Bead> {
        let moved = self.blocks.iter().flat_map(|block| &block.beads);
        self.path.beads.iter().chain(moved).copied().collect()
    }
}

/// What is measured on the chunks of a document and holds for all of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measures {
    pub(super) omissions: Omissions,
    /// The mean cosine of segments that have nothing to do with each other.
    pub(super) noise: f32,
    /// How far matching segments rise above it.
    pub(super) contrast: f32,
}

/// What the first pass over a document found out for the second.
#[derive(Clone)]
pub(super) struct FirstPass {
    pub(super) measures: Measures,
    pub(super) typical: Typical,
    pub(super) null_adjustment: Sides<NullAdjustment>,
    /// The words of the document, with the matches that were learned from it.
    pub(super) words: Arc<Sides<SideWords>>,
    /// The beads of the document's alignment, once it has one: a part of it is judged by them.
    pub(super) sample: Option<Arc<PathSample>>,
}

/// The scores of all moves through a chunk in the second pass.
pub(super) struct ChunkScores {
    pub(super) beads: BeadScores,
    pub(super) nulls: NullScores,
}

impl ChunkScores {
    /// Makes the nulls of excluded segments free, and the beads that contain one impossible.
    pub(super) fn exclude(&mut self, view: View<'_>, excluded: &Excluded) {
        self.beads.exclude(view.corridor, view.size(), excluded);
        self.nulls.exclude(excluded);
    }

    /// Makes the beads of these spans impossible. A rejected null is impossible at every boundary.
    pub(super) fn reject(&mut self, view: View<'_>, rejected: &[(Span, Span)]) {
        self.beads.reject(view.corridor, rejected);
        for (src, tgt) in rejected {
            match (src.len(), tgt.len()) {
                (1, 0) => self.nulls.reject(DocumentSide::Source, src.range().start),
                (0, 1) => self.nulls.reject(DocumentSide::Target, tgt.range().start),
                _ => {}
            }
        }
    }
}

/// What the scores of a chunk consist of that depend neither on the length ratio nor on the null
/// rate or the typical bead.
pub(super) struct ChunkContents {
    beads: BeadContents,
    /// The scores of nulls for an assumed typical bead.
    nulls: NullScores,
}

impl Search<'_> {
    /// Computes what the scores of the first pass consist of.
    pub(super) fn contents(&self, view: View<'_>, contrast: f32) -> Result<ChunkContents> {
        self.progress.check()?;
        let nulls = NullScorer { view, contrast };
        let typical = Typical::assumed(&self.aligner.tuning.score);
        Ok(ChunkContents { beads: view.bead_contents(), nulls: nulls.score(typical) })
    }

    /// Returns the score of the best path through a chunk with a length ratio and an adjustment of
    /// nulls.
    pub(super) fn trial_score(
        &self,
        view: View<'_>,
        contents: &ChunkContents,
        (ratio, adjustment): (f32, Sides<NullAdjustment>),
    ) -> f64 {
        let nulls = contents.nulls.clone().adjusted(adjustment);
        let mut beads = view.bead_scores(&contents.beads, ratio);
        view.credit_long_beads(&mut beads.long, &nulls);
        view.lattice(&beads, &nulls).best_score()
    }

    /// Finds the path of the first pass, which does not yet know the document's null rate and
    /// typical bead.
    pub(super) fn first_path(
        &self,
        view: View<'_>,
        contents: ChunkContents,
        ratio: f32,
        adjustment: Sides<NullAdjustment>,
    ) -> Result<(Vec<Step>, BeadScores)> {
        self.progress.check()?;
        let nulls = contents.nulls.adjusted(adjustment);
        let mut beads = view.into_bead_scores(contents.beads, ratio);
        view.credit_long_beads(&mut beads.long, &nulls);
        let path =
            view.lattice(&beads, &nulls).best_path().ok_or_else(|| self.anchors_too_far())?;
        Ok((path, beads))
    }

    /// Finds the beads of the second pass. The first pass has scored them, if the chunk was in it.
    pub(super) fn second_path(
        &self,
        view: View<'_>,
        first: &FirstPass,
        beads: Option<BeadScores>,
    ) -> Result<SecondPath> {
        self.progress.check()?;
        let scores = self.scores(view, first, beads);
        let path = self.best_beads(view, first, &scores, &Excluded::none(view.size()))?;
        Ok(SecondPath { path, scores })
    }

    /// Finds the moves of a chunk after its beads.
    pub(super) fn moves(
        &self,
        view: View<'_>,
        first: &FirstPass,
        SecondPath { path: PathBeads { beads, .. }, .. }: &SecondPath,
    ) -> Vec<Finding> {
        let tuning = &self.aligner.tuning.moved;
        Mover::new(self.aligner.kernel, tuning, view.mover_input(first), beads).moves()
    }

    /// Aligns moved blocks by themselves, and the rest of the chunk once more without them.
    pub(super) fn around_moves(
        &self,
        chunk: &Chunk,
        view: View<'_>,
        first: &FirstPass,
        SecondPath { mut path, mut scores }: SecondPath,
        moves: &[Finding],
    ) -> Result<MovedPath> {
        let blocks = self.align_moves(chunk, view, first, moves)?;
        if blocks.iter().any(|block| !block.beads.is_empty()) {
            self.progress.check()?;
            let mut excluded = Excluded::none(view.size());
            for BlockBeads { src, tgt, .. } in &blocks {
                excluded.add(src.range(), tgt.range());
            }
            scores.exclude(view, &excluded);
            path = self.best_beads(view, first, &scores, &excluded)?;
        }
        Ok(MovedPath { path, blocks })
    }

    /// Returns what was found in a chunk, in the document's indices.
    pub(super) fn chunk_beads(
        &self,
        chunk: &Chunk,
        view: View<'_>,
        path: &MovedPath,
    ) -> ChunkBeads {
        let (kernel, others) = (self.aligner.kernel, self.aligner.tuning.document.others);
        let found = ChunkBeads {
            matches: Matches::new(kernel, others, [view.src, view.tgt], &path.all_beads()),
            beads: chunk.beads_in_document(&path.path.beads),
            moves: path.blocks.iter().map(|block| block.in_document(chunk)).collect(),
            measures: ChunkMeasures {
                best: view.best.clone(),
                min_long: view.long.min_lengths,
                sample: path.path.sample.clone(),
            },
        };
        let own = chunk.own_segments();
        self.progress.add(own.src + own.tgt);
        found
    }

    /// Scores all moves of a chunk for the second pass.
    pub(super) fn scores(
        &self,
        view: View<'_>,
        first: &FirstPass,
        beads: Option<BeadScores>,
    ) -> ChunkScores {
        let FirstPass { measures, typical, null_adjustment, .. } = *first;
        let ratio = measures.omissions.ratio;
        let beads = beads.unwrap_or_else(|| view.into_bead_scores(view.bead_contents(), ratio));
        let mut beads = view.subtract_loose_edges(beads, typical);
        let nulls = NullScorer { view, contrast: measures.contrast };
        let nulls = nulls.score(typical).adjusted(null_adjustment);
        view.credit_long_beads(&mut beads.long, &nulls);
        ChunkScores { beads, nulls }
    }

    /// Returns the beads of the best path through a chunk, with their probabilities. Excluded
    /// segments are in nulls that are marked as moved.
    pub(super) fn best_beads(
        &self,
        view: View<'_>,
        first: &FirstPass,
        ChunkScores { beads, nulls }: &ChunkScores,
        excluded: &Excluded,
    ) -> Result<PathBeads> {
        let tuning = &self.aligner.tuning.confidence;
        let lattice = view.lattice(beads, nulls);
        let path = lattice.best_path().ok_or_else(|| self.anchors_too_far())?;
        let is_excluded = |step: &Step| excluded.contains_any(step.src.range(), step.tgt.range());
        // Excluded segments say nothing about the beads around them.
        let (rest, posteriors): (Vec<&Step>, Vec<f64>) = path
            .iter()
            .zip(lattice.posteriors(&path, tuning.sharpness))
            .filter(|(step, _)| !is_excluded(step))
            .unzip();
        let known = |step: &&Step| view.bead_evidence(step, &beads.long, first);
        let known: Vec<BeadEvidence> = rest.iter().map(known).collect();
        let missing = first.measures.omissions.share();
        let sample = PathSample::new(tuning, &posteriors, &known);
        let of_document = first.sample.as_deref().unwrap_or(&sample);
        let traits = path_traits(tuning, &posteriors, &known, of_document, missing);
        let mut next = traits.iter();
        let bead = |step: &Step| {
            if is_excluded(step) {
                return Bead::new(step.src, step.tgt, 1.0, 0.0).with_moved(true);
            }
            let traits = next.next().expect("traits of each step that is not excluded");
            let odds = trait_odds(tuning, traits);
            let bead = Bead::new(step.src, step.tgt, probability(tuning, odds), step.score);
            bead.with_log_odds(odds as f32)
        };
        let beads = path.iter().map(bead).collect();
        #[cfg(feature = "unstable-tuning")]
        {
            *self.traits.lock().expect("no search panics with the lock") = traits;
        }
        Ok(PathBeads { beads, sample })
    }

    fn anchors_too_far(&self) -> ErrorKind {
        ErrorKind::AnchorsTooFar { max: self.aligner.max_segments }
    }
}
