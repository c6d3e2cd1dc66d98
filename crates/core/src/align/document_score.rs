//! Whether two documents are translations of each other at all.
//!
//! An alignment answers which segments belong together and takes for granted that some do. So the
//! beads that it found are asked how well they match: by cosine, by how far that stands above the
//! cosine of sides that were not paired, by words, and by how much text they hold. The odds are a
//! weighted sum of these; the weights come from a logistic regression on gold bitexts and on the
//! same texts paired wrongly (docs/results).

use nasaq_kernels::Kernel;

use super::evidence::Side;
use super::lexical::Lexical;
use crate::bead::Bead;

/// Each bead's source is compared with the targets of so many other beads.
const OTHERS: usize = 8;
/// The cosine of sides that do not belong together, where there is no other bead to ask.
const CHANCE: f32 = 0.1;

/// What the beads of a document say about it, each about 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DocumentEvidence {
    /// Cosine of the beads' sides: mean over the characters.
    pub cosine: f32,
    /// Cosine of sides that were not paired: mean.
    pub chance: f32,
    /// Covered share of the beads' words: mean over the characters.
    pub coverage: f32,
    /// Share of the characters of both sides that are in beads with a counterpart.
    pub paired: f32,
}

impl DocumentEvidence {
    pub(super) fn new(
        kernel: Kernel,
        [src, tgt]: [&Side<'_>; 2],
        lexical: &Lexical,
        beads: &[Bead],
    ) -> Self {
        let pairs: Vec<&Bead> = beads.iter().filter(|bead| !bead.is_null()).collect();
        let length = |side: &Side<'_>, range: std::ops::Range<usize>| -> f64 {
            side.lengths[range].iter().map(|&length| f64::from(length)).sum()
        };
        let cosine = |a: &Bead, b: &Bead| {
            kernel.dot(
                src.vectors.block(a.src.start as usize, a.src.len()),
                tgt.vectors.block(b.tgt.start as usize, b.tgt.len()),
            )
        };
        let (mut paired, mut cosines, mut coverages) = (0.0, 0.0, 0.0);
        let (mut others, mut compared) = (0.0, 0_u32);
        for (number, bead) in pairs.iter().enumerate() {
            let chars = length(src, bead.src.range()) + length(tgt, bead.tgt.range());
            let shape = (bead.src.len(), bead.tgt.len());
            let (of_tgt, of_src) =
                lexical.coverage(shape, bead.src.start as usize, bead.tgt.start as usize);
            paired += chars;
            cosines += chars * f64::from(cosine(bead, bead));
            coverages += chars * f64::from(of_tgt + of_src) / 2.0;
            // Others all over the document: what stands beside is often about the same.
            let count = OTHERS.min(pairs.len() - 1);
            for step in 1..=count {
                let other = (number + step * pairs.len() / (count + 1)) % pairs.len();
                if other != number {
                    others += f64::from(cosine(bead, pairs[other]));
                    compared += 1;
                }
            }
        }
        let all = length(src, 0..src.len()) + length(tgt, 0..tgt.len());
        let share = |part: f64, whole: f64| if whole > 0.0 { (part / whole) as f32 } else { 0.0 };
        Self {
            cosine: share(cosines, paired),
            chance: if compared == 0 { CHANCE } else { share(others, f64::from(compared)) },
            coverage: share(coverages, paired),
            paired: share(paired, all),
        }
    }

    /// Gives the chance, 0 to 1, that the documents are translations of each other.
    pub(crate) fn score(self) -> f32 {
        /// Weights of cosine, cosine above chance, coverage, paired share; and the constant.
        const WEIGHTS: [f32; 4] = [6.0, 6.0, 20.0, 2.0];
        const CONSTANT: f32 = -9.0;
        let values = [self.cosine, self.cosine - self.chance, self.coverage, self.paired];
        let odds: f32 = WEIGHTS.iter().zip(values).map(|(weight, value)| weight * value).sum();
        1.0 / (1.0 + libm::expf(-(odds + CONSTANT)))
    }
}
