//! The aligner: segments and their vectors in, beads out.

mod band;
mod confidence;
mod corridor;
mod document_score;
mod evidence;
mod lattice;
mod lexical;
mod moved;
mod score;
mod weights;

use std::sync::Arc;

use nasaq_kernels::Kernel;

use crate::alignment::Alignment;
use crate::encoder::{Encoder, VectorRequest};
use crate::error::{ErrorKind, Result};
use crate::finding::findings;
use crate::lexicon::Lexicon;
use crate::normalise::normalise;
use corridor::Corridor;
pub use document_score::DocumentEvidence;
use evidence::{Evidence, Side, best_cosines, mean_cosine, median};
use lattice::{Lattice, Step};
use lexical::Lexical;
use moved::Mover;
use score::{NullScorer, Usual, View};

pub use weights::Weights;

/// The greatest number of segments that a bead may be allowed to hold.
const MOST_SEGMENTS: usize = 16;
/// Length of the window of running text around corners, in pieces.
const WINDOW: usize = 16;
/// The least usual cosine of a bead that is believed.
const LEAST_USUAL_COSINE: f32 = 0.2;

/// A pair of segments that are known to correspond; they end up in one bead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    /// Source segment, 0-based.
    pub src: usize,
    /// Target segment, 0-based.
    pub tgt: usize,
}

/// Settings of an [`Aligner`].
#[derive(Clone, Debug)]
pub struct AlignerBuilder {
    max_segments: usize,
    kernel: Kernel,
    lexicon: Option<Arc<Lexicon>>,
    weights: Weights,
}

impl Default for AlignerBuilder {
    fn default() -> Self {
        Self {
            max_segments: 10,
            kernel: Kernel::detect(),
            lexicon: None,
            weights: Weights::default(),
        }
    }
}

impl AlignerBuilder {
    /// Sets how many segments of both sides together a bead may hold: 2 to 16, by default 10.
    #[must_use]
    pub fn max_segments(mut self, segments: usize) -> Self {
        self.max_segments = segments;
        self
    }

    /// Sets the kernel. By default the fastest that the CPU has; the results are the same.
    #[must_use]
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Sets the lexicon. By default the one inside the program, where the feature
    /// `builtin-lexicon` has put it, and an empty one otherwise.
    #[must_use]
    pub fn lexicon(mut self, lexicon: impl Into<Arc<Lexicon>>) -> Self {
        self.lexicon = Some(lexicon.into());
        self
    }

    /// Sets the weights of the score, for experiments.
    #[doc(hidden)]
    #[must_use]
    pub fn weights(mut self, weights: Weights) -> Self {
        self.weights = weights;
        self
    }

    /// Checks the settings and makes the aligner.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`] for a value outside its range.
    pub fn build(self) -> Result<Aligner> {
        if !(2..=MOST_SEGMENTS).contains(&self.max_segments) {
            let (name, reason) = ("max_segments", "must be 2 to 16");
            return Err(ErrorKind::Setting { name, reason }.into());
        }
        Ok(Aligner {
            max_segments: self.max_segments,
            kernel: self.kernel,
            lexicon: self.lexicon.unwrap_or_else(|| Arc::new(default_lexicon())),
            weights: self.weights,
        })
    }
}

#[cfg(feature = "builtin-lexicon")]
fn default_lexicon() -> Lexicon {
    Lexicon::builtin()
}

#[cfg(not(feature = "builtin-lexicon"))]
fn default_lexicon() -> Lexicon {
    Lexicon::empty()
}

/// Aligns documents; built once, used from any number of threads.
///
/// The result depends on the texts, the encoder and the settings alone: not on the number of
/// threads, nor on the CPU.
#[derive(Clone, Debug)]
pub struct Aligner {
    max_segments: usize,
    kernel: Kernel,
    lexicon: Arc<Lexicon>,
    weights: Weights,
}

impl Aligner {
    /// Starts from the default settings.
    #[must_use]
    pub fn builder() -> AlignerBuilder {
        AlignerBuilder::default()
    }

    /// Aligns the segments of a source document with those of its translation.
    ///
    /// Segments may be [`Segment`](crate::Segment)s or plain strings. Anchors may come in any
    /// order.
    ///
    /// # Errors
    /// [`ErrorKind::EmptySide`] where a side has no segment, [`ErrorKind::Anchor`] for an anchor
    /// outside the document or crossing another, [`ErrorKind::AnchorsTooFar`] where they would
    /// force a bead of too many segments, [`ErrorKind::Encoder`] from the encoder.
    pub fn align(
        &self,
        encoder: &(impl Encoder + ?Sized),
        src: &[impl AsRef<str>],
        tgt: &[impl AsRef<str>],
        anchors: &[Anchor],
    ) -> Result<Alignment> {
        let src: Vec<&str> = src.iter().map(AsRef::as_ref).collect();
        let tgt: Vec<&str> = tgt.iter().map(AsRef::as_ref).collect();
        for (side, segments) in [("source", &src), ("target", &tgt)] {
            if segments.is_empty() {
                return Err(ErrorKind::EmptySide { side }.into());
            }
        }
        let anchors = check_anchors(anchors, (src.len(), tgt.len()))?;
        let [src, tgt] = self.encode(encoder, &src, &tgt)?;
        self.align_sides(&src, &tgt, &anchors)
    }

    /// Normalises and encodes both sides.
    fn encode<'a>(
        &self,
        encoder: &(impl Encoder + ?Sized),
        src: &'a [&'a str],
        tgt: &'a [&'a str],
    ) -> Result<[Side<'a>; 2]> {
        let [src_texts, tgt_texts] =
            [src, tgt].map(|side| side.iter().map(|text| normalise(text)).collect::<Vec<_>>());
        let [src_refs, tgt_refs] =
            [&src_texts, &tgt_texts].map(|side| side.iter().map(AsRef::as_ref).collect::<Vec<_>>());
        let request = VectorRequest { max_block: self.max_segments - 1, windows: vec![WINDOW] };
        let (src_vectors, tgt_vectors) =
            encoder.encode_pair(&src_refs, &tgt_refs, &request).map_err(ErrorKind::Encoder)?;
        let lengths = |texts: &[&str]| -> Vec<u32> {
            texts
                .iter()
                .map(|text| u32::try_from(text.chars().count()).unwrap_or(u32::MAX))
                .collect()
        };
        Ok([
            Side { segments: src, vectors: src_vectors, lengths: lengths(&src_refs) },
            Side { segments: tgt, vectors: tgt_vectors, lengths: lengths(&tgt_refs) },
        ])
    }

    /// Searches twice: the first path tells how many nulls the document has and how well its beads
    /// match, and the second takes both into account.
    fn align_sides(&self, src: &Side<'_>, tgt: &Side<'_>, anchors: &[Anchor]) -> Result<Alignment> {
        let (kernel, weights) = (self.kernel, &self.weights);
        let size = (src.len(), tgt.len());
        let corridor = Corridor::new(kernel, &src.vectors, &tgt.vectors, size, anchors);
        let evidence =
            Evidence::new(kernel, &src.vectors, &tgt.vectors, &corridor, self.max_segments);
        let lexical = Lexical::new(&self.lexicon, src, tgt, &corridor, self.max_segments);
        let best = [
            best_cosines(kernel, &src.vectors, &tgt.vectors),
            best_cosines(kernel, &tgt.vectors, &src.vectors),
        ];
        let typical = median(&mut best.concat()).unwrap_or_default();
        let contrast = typical - mean_cosine(&src.vectors, &tgt.vectors);
        let view = View {
            weights,
            corridor: &corridor,
            evidence: &evidence,
            lexical: &lexical,
            src,
            tgt,
            anchors,
        };
        let nulls = NullScorer { view, best, contrast };
        let pass = |usual: Option<Usual>, adjust: f32| {
            (view.bead_scores(usual), nulls.score(usual.unwrap_or(Usual::ASSUMED), adjust))
        };
        let search = |beads, nulls| Lattice {
            corridor: &corridor,
            beads,
            nulls,
            null_run: weights.null_run,
            size,
        };

        let (first_beads, first_nulls) = pass(None, 0.0);
        let path = search(&first_beads, &first_nulls)
            .best_path()
            .ok_or(ErrorKind::AnchorsTooFar { most: self.max_segments })?;
        let usual = usual_bead(&path, &evidence, &lexical);
        let adjust = self.null_adjustment(&path, size);
        let (beads, nulls) = pass(Some(usual), adjust);
        let lattice = search(&beads, &nulls);
        let path =
            lattice.best_path().ok_or(ErrorKind::AnchorsTooFar { most: self.max_segments })?;
        let beads = lattice.probabilities(&path, weights.sharpness);
        let document = DocumentEvidence::new(kernel, [src, tgt], &beads);
        let moves = Mover::new(kernel, [src, tgt], &lexical, usual, &beads).moves();
        let findings = findings(&beads, &moves, [src.segments, tgt.segments]);
        Ok(Alignment::new(findings, beads).with_document(document))
    }

    /// Nulls are worth more in a document that has many.
    fn null_adjustment(&self, path: &[Step], (n, m): (usize, usize)) -> f32 {
        /// Segments that the usual share of nulls is believed from.
        const PRIOR: f32 = 30.0;
        let weights = &self.weights;
        let nulls = path.iter().filter(|step| step.src.is_empty() || step.tgt.is_empty()).count();
        let share = (nulls as f32 + weights.null_usual * PRIOR) / ((n + m) as f32 + PRIOR);
        let adjust = weights.null_rate * libm::logf(share / weights.null_usual);
        adjust.clamp(-weights.null_adjust, weights.null_adjust)
    }
}

/// Gives the medians over a path's beads of at most two segments a side.
fn usual_bead(path: &[Step], evidence: &Evidence<'_>, lexical: &Lexical) -> Usual {
    let (mut cosines, mut coverages) = (Vec::new(), Vec::new());
    for step in path {
        let shape = (step.src.len(), step.tgt.len());
        if (1..=2).contains(&shape.0) && (1..=2).contains(&shape.1) {
            let (i, j) = (step.src.start as usize, step.tgt.start as usize);
            cosines.push(evidence.cosine(shape, i, j));
            let (tgt, src) = lexical.coverage(shape, i, j);
            coverages.push((tgt + src) / 2.0);
        }
    }
    Usual {
        cosine: median(&mut cosines).unwrap_or(Usual::ASSUMED.cosine).max(LEAST_USUAL_COSINE),
        coverage: median(&mut coverages).unwrap_or(Usual::ASSUMED.coverage),
    }
}

/// Sorts anchors and checks that they lie in the document and do not cross.
fn check_anchors(anchors: &[Anchor], (n, m): (usize, usize)) -> Result<Vec<Anchor>> {
    let mut order: Vec<usize> = (0..anchors.len()).collect();
    order.sort_by_key(|&index| anchors[index]);
    let mut tgt = 0;
    for &index in &order {
        let anchor = anchors[index];
        let reason = if anchor.src >= n {
            "there is no such source segment"
        } else if anchor.tgt >= m {
            "there is no such target segment"
        } else if anchor.tgt < tgt {
            "it crosses another anchor"
        } else {
            tgt = anchor.tgt;
            continue;
        };
        return Err(ErrorKind::Anchor { index, src: anchor.src, tgt: anchor.tgt, reason }.into());
    }
    Ok(order.into_iter().map(|index| anchors[index]).collect())
}
