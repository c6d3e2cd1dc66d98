//! Coverage of long beads: of one segment and many of the other side.

use std::ops::Range;

use hashbrown::HashMap;

use super::{Lexical, SideWords};
use crate::DocumentSide;
use crate::align::sides::Sides;

impl Lexical {
    /// Returns the share of the words of a run of one side that a single segment of the other,
    /// `side`, covers.
    pub(crate) fn covered_by_one(
        &self,
        side: DocumentSide,
        segment: usize,
        run: Range<usize>,
    ) -> f32 {
        let (coverage, many) = match side {
            DocumentSide::Source => (&self.by_src, &self.tgt),
            DocumentSide::Target => (&self.by_tgt, &self.src),
        };
        let weight = many.weight(run.start, run.end) + self.prior;
        coverage.covered(segment, 1, run.start, run.end) / weight
    }

    /// Prepares to compute which share of a segment's words the runs of the other side's segments
    /// in `reach` cover.
    pub(crate) fn covered_one(
        &self,
        side: DocumentSide,
        segment: usize,
        reach: Range<usize>,
    ) -> CoveredOne {
        let words = Sides::new(&self.src, &self.tgt);
        let (one, many) = match side {
            DocumentSide::Source => (words.src, words.tgt),
            DocumentSide::Target => (words.tgt, words.src),
        };
        CoveredOne::new(one, many, segment, reach, self.prior)
    }
}

/// How well each of some segments matches the words of one segment of the other side.
pub(crate) struct CoveredOne {
    /// The weights of its distinct words.
    weights: Vec<f32>,
    /// One divided by the weight of the whole segment.
    share: f32,
    /// The first segment of the other side.
    first: usize,
    /// By segment of the other side: its matches, each an index of `weights` and a value.
    matches: Vec<Vec<(u32, f32)>>,
}

impl CoveredOne {
    fn new(
        one: &SideWords,
        many: &SideWords,
        segment: usize,
        reach: Range<usize>,
        prior: f32,
    ) -> Self {
        let mut places: HashMap<u32, u32> = HashMap::new();
        let mut weights: Vec<f32> = Vec::new();
        for &kind in one.segment(segment) {
            let place = *places.entry(kind).or_insert_with(|| {
                weights.push(0.0);
                weights.len() as u32 - 1
            });
            weights[place as usize] += one.weights[kind as usize];
        }
        let matches_of = |other: usize| {
            let matches = many.segment(other).iter().flat_map(|&kind| many.matches.of(kind));
            matches.filter_map(|(kind, value)| Some((*places.get(kind)?, *value))).collect()
        };
        let share = 1.0 / (one.weight(segment, segment + 1) + prior);
        Self { weights, share, first: reach.start, matches: reach.map(matches_of).collect() }
    }

    /// Writes the covered shares by the runs of 1, 2 and more segments from `first` on, until `out`
    /// is full.
    pub(crate) fn shares(&self, first: usize, out: &mut [f32]) {
        let mut best = vec![0.0_f32; self.weights.len()];
        let mut covered = 0.0_f32;
        for (out, matches) in out.iter_mut().zip(&self.matches[first - self.first..]) {
            for &(place, value) in matches {
                let best = &mut best[place as usize];
                if value > *best {
                    covered += self.weights[place as usize] * (value - *best);
                    *best = value;
                }
            }
            *out = covered * self.share;
        }
    }
}

#[cfg(test)]
mod tests {
    use nasaq_kernels::Kernel;

    use super::super::{FarCoverage, document_words};
    use super::*;
    use crate::Lexicon;
    use crate::align::corridor::Corridor;
    use crate::align::tuning::Tuning;

    #[test]
    fn coverage_of_one_with_many_is_that_of_the_words_one_by_one() {
        let mut lexicon = Lexicon::empty();
        for (arabic, english, similarity) in
            [("كتاب", "book", 0.9), ("كتاب", "letter", 0.3), ("رسالة", "letter", 0.8)]
        {
            lexicon.insert(arabic, english, similarity);
        }
        let one = ["كتاب رسالة 12 كتاب باب", "باب"];
        let many = ["a letter 12", "gate", "book", "letter 12 7", "12", "book book"];
        for side in [DocumentSide::Source, DocumentSide::Target] {
            let texts: Sides<&[&str]> = match side {
                DocumentSide::Source => Sides::new(&one, &many),
                DocumentSide::Target => Sides::new(&many, &one),
            };
            let (n, m) = (texts.src.len(), texts.tgt.len());
            let tuning = Tuning::default();
            let words = document_words(&tuning.score, &lexicon, texts);
            let corridor = Corridor::everything((n, m));
            // No block is longer than the text around a null.
            let lexical = Lexical::new(Kernel::detect(), &tuning, words, &corridor, 2);
            let covered = lexical.covered_one(side, 0, 0..many.len());
            let mut far = FarCoverage::new(&lexical, [0..n, 0..m], 6);
            for first in 0..many.len() {
                let mut shares = vec![0.0; many.len() - first];
                covered.shares(first, &mut shares);
                for (share, last) in shares.iter().zip(first + 1..) {
                    let of_many = lexical.covered_by_one(side, 0, first..last);
                    let expected = match side {
                        DocumentSide::Source => far.coverage(0..1, first..last),
                        DocumentSide::Target => far.coverage(first..last, 0..1),
                    };
                    let found = (share + of_many) / 2.0;
                    assert!((found - expected).abs() < 1e-6, "{first}..{last}: {found}");
                }
            }
        }
    }
}
