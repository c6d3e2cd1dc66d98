//! Text that is elsewhere in the translation, found after the monotone search.
//!
//! *Loose* segments are those in nulls, in beads of low probability and on the long side of
//! lopsided beads. Those of both sides are compared by cosine, words and length. A local alignment
//! finds chains of pairs in the same order; each pair adds its evidence in log-odds, and a chain is
//! reported if the sum outweighs the number of places where it could arise by chance. No bead
//! changes.

use std::ops::Range;

use nasaq_kernels::{Int8RowsRef, Kernel};

use super::grid::Shape;
use super::lexical::{FarCoverage, Lexical};
use super::prepared::ChunkSide;
use super::score::Typical;
use super::tuning::MovedTuning;
use crate::bead::{Bead, Span};
use crate::finding::{Finding, FindingKind};
use crate::parallel;

/// Shapes of the pairs in a chain.
const SHAPES: [Shape; 6] = [(1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2)];
/// Segments of the longest block in these.
const MAX_BLOCK: usize = 3;
/// The chunk in which moves are searched.
#[derive(Clone, Copy)]
pub(super) struct MoverInput<'a> {
    pub(super) src: &'a ChunkSide,
    pub(super) tgt: &'a ChunkSide,
    pub(super) lexical: &'a Lexical,
    pub(super) typical: Typical,
    /// The mean cosine of segments that have nothing to do with each other.
    pub(super) noise: f32,
    /// Source characters for each target character.
    pub(super) ratio: f32,
}

/// Finds the moves of a chunk.
pub(super) struct Mover<'a> {
    kernel: Kernel,
    tuning: &'a MovedTuning,
    input: MoverInput<'a>,
    /// For each side, the bead that contains each segment.
    bead_of: [Vec<usize>; 2],
    /// Sums of the probabilities of the believed beads before each bead: of those that pair
    /// something and are not loose.
    believed: Vec<f32>,
    /// For each side, which segments are loose.
    loose: [Vec<bool>; 2],
}

/// Two blocks that may translate each other.
#[derive(Clone, Debug, PartialEq)]
struct BlockPair {
    src: Range<usize>,
    tgt: Range<usize>,
    evidence: f32,
}

impl<'a> Mover<'a> {
    pub(super) fn new(
        kernel: Kernel,
        tuning: &'a MovedTuning,
        input: MoverInput<'a>,
        beads: &[Bead],
    ) -> Self {
        let is_loose = |bead: &Bead| bead.is_null() || bead.probability < tuning.loose_below;
        let mut bead_of = [Vec::new(), Vec::new()];
        let mut loose = [Vec::new(), Vec::new()];
        let mut believed = vec![0.0_f32];
        for (index, bead) in beads.iter().enumerate() {
            let spans = [bead.src, bead.tgt];
            for (side, span) in spans.into_iter().enumerate() {
                // A bead may have swallowed text that belongs elsewhere.
                let swallows = span.len() >= spans[1 - side].len() + tuning.swallowed;
                bead_of[side].extend(span.range().map(|_| index));
                loose[side].extend(span.range().map(|_| is_loose(bead) || swallows));
            }
            let belief = if is_loose(bead) { 0.0 } else { bead.probability };
            believed.push(believed[index] + belief);
        }
        Self { kernel, tuning, input, bead_of, believed, loose }
    }

    /// Finds the moves, the most probable ones first.
    pub(super) fn moves(mut self) -> Vec<Finding> {
        let mut moves = Vec::new();
        let mut searched = [Vec::new(), Vec::new()];
        for _ in 0..self.tuning.rounds {
            let before = moves.len();
            let [src, tgt] = self.runs();
            if src.is_empty() || tgt.is_empty() {
                break;
            }
            let places =
                |runs: &[Range<usize>]| runs.iter().map(ExactSizeIterator::len).sum::<usize>();
            let against = self.tuning.rare + libm::logf(places(&src) as f32 * places(&tgt) as f32);
            // The same two runs would have the same chains again.
            let is_new = |&(x, y): &(usize, usize)| {
                !searched[0].contains(&src[x]) || !searched[1].contains(&tgt[y])
            };
            let pairs: Vec<(usize, usize)> = (0..src.len())
                .flat_map(|x| (0..tgt.len()).map(move |y| (x, y)))
                .filter(is_new)
                .collect();
            let mut chains: Vec<(f32, Vec<BlockPair>)> = parallel::map(pairs.len(), |at| {
                let chain = self.chain(&src[pairs[at].0], &tgt[pairs[at].1]);
                if sum(&chain) <= against {
                    return None;
                }
                let chain = self.against_rivals(chain);
                let odds = sum(&chain) - against;
                let probability = 1.0 / (1.0 + libm::expf(-odds));
                (probability >= self.tuning.min_probability).then_some((odds, chain))
            })
            .into_iter()
            .flatten()
            .collect();
            // The sort is stable: of equal chains the first remains first.
            chains.sort_by(|a, b| b.0.total_cmp(&a.0));
            for (odds, chain) in chains {
                let (first, last) = (&chain[0], &chain[chain.len() - 1]);
                let src = first.src.start..last.src.end;
                let tgt = first.tgt.start..last.tgt.end;
                let free = |side: usize, span: &Range<usize>| {
                    self.loose[side][span.clone()].iter().all(|&loose| loose)
                };
                if free(0, &src) && free(1, &tgt) {
                    self.loose[0][src.clone()].fill(false);
                    self.loose[1][tgt.clone()].fill(false);
                    moves.push(Finding {
                        kind: FindingKind::Moved,
                        src: Span::new(src.start, src.end),
                        tgt: Span::new(tgt.start, tgt.end),
                        probability: 1.0 / (1.0 + libm::expf(-odds)),
                    });
                }
            }
            if moves.len() == before {
                break;
            }
            searched = [src, tgt];
        }
        moves
    }

    /// Returns both sides' runs of loose segments, in order; of too many segments, those in the
    /// longest runs.
    fn runs(&self) -> [Vec<Range<usize>>; 2] {
        let max = (self.tuning.max_pairs as f64).sqrt() as usize;
        [0, 1].map(|side| {
            let mut runs = runs_of(&self.loose[side]);
            if runs.iter().map(Range::len).sum::<usize>() > max {
                runs.sort_by_key(|run| std::cmp::Reverse(run.len()));
                let mut rest = max;
                runs.retain_mut(|run| {
                    run.end = run.end.min(run.start + rest);
                    rest -= run.len();
                    run.start < run.end
                });
                runs.sort_by_key(|run| run.start);
            }
            runs
        })
    }

    /// Finds the best chain of pairs of a source run with a target run; empty if none has positive
    /// evidence.
    fn chain(&self, src: &Range<usize>, tgt: &Range<usize>) -> Vec<BlockPair> {
        let gap = self.tuning.gap;
        let (rows, columns) = (src.len() + 1, tgt.len() + 1);
        let mut best = vec![0.0_f32; rows * columns];
        // The step that leads to a state: a shape, a gap on one side, or (0, 0) for a start.
        let mut from = vec![(0_usize, 0_usize); rows * columns];
        let mut evidence = vec![0.0_f32; rows * columns];
        let cosines: Vec<Vec<f32>> =
            SHAPES.iter().map(|&shape| self.cosines(shape, src, tgt)).collect();
        let runs = [src.clone(), tgt.clone()];
        let mut words = FarCoverage::new(self.input.lexical, runs, MAX_BLOCK);
        let mut end = 0;
        for x in 0..rows {
            for y in 0..columns {
                let at = x * columns + y;
                for (&(a, b), cosines) in SHAPES.iter().zip(&cosines) {
                    if a > x || b > y {
                        continue;
                    }
                    let start = at - a * columns - b;
                    let (i, j) = (src.start + x - a, tgt.start + y - b);
                    let cosine = cosines[(x - a) * (columns - b) + y - b];
                    let needed = best[at] - best[start];
                    let blocks = (i..i + a, j..j + b);
                    let gain = self.evidence(blocks, cosine, needed, &mut words);
                    if best[start] + gain > best[at] {
                        (best[at], from[at], evidence[at]) = (best[start] + gain, (a, b), gain);
                    }
                }
                for (a, b) in [(1, 0), (0, 1)] {
                    if a <= x && b <= y {
                        let start = at - a * columns - b;
                        if best[start] - gap > best[at] {
                            (best[at], from[at]) = (best[start] - gap, (a, b));
                        }
                    }
                }
                if best[at] > best[end] {
                    end = at;
                }
            }
        }
        let mut chain = Vec::new();
        let mut at = end;
        while from[at] != (0, 0) {
            let (a, b) = from[at];
            let (i, j) = (src.start + at / columns - a, tgt.start + at % columns - b);
            // A gap is a pair with an empty side: it counts against the chain.
            let gain = if a == 0 || b == 0 { -gap } else { evidence[at] };
            chain.push(BlockPair { src: i..i + a, tgt: j..j + b, evidence: gain });
            at -= a * columns + b;
        }
        chain.reverse();
        chain
    }

    /// Returns the cosines of all blocks of a shape inside two runs, a row for each source block.
    fn cosines(&self, (a, b): Shape, src: &Range<usize>, tgt: &Range<usize>) -> Vec<f32> {
        let fits = |side: &ChunkSide, size| side.vectors.blocks.len() >= size;
        if src.len() < a || tgt.len() < b || !fits(self.input.src, a) || !fits(self.input.tgt, b) {
            return vec![-1.0; (src.len() + 1) * (tgt.len() + 1)];
        }
        let own = self.input.src.vectors.blocks[a - 1].all().slice(src.start..src.end + 1 - a);
        let others = self.input.tgt.vectors.blocks[b - 1].all().slice(tgt.start..tgt.end + 1 - b);
        let mut cosines = vec![0.0; own.len() * others.len()];
        self.kernel.dots_int8(own, others, &mut cosines);
        cosines
    }

    /// Returns the evidence, in log-odds, that two blocks translate each other. It is not computed
    /// exactly if it cannot be above `needed`.
    fn evidence(
        &self,
        (src, tgt): (Range<usize>, Range<usize>),
        cosine: f32,
        needed: f32,
        words_of: &mut FarCoverage<'_>,
    ) -> f32 {
        let (tuning, input) = (self.tuning, &self.input);
        if self.crossed(src.start, tgt.start).min(self.crossed(src.end - 1, tgt.end - 1))
            < tuning.min_crossed
        {
            return -tuning.max_evidence;
        }
        let contrast = (input.typical.cosine - input.noise).max(tuning.min_contrast);
        let from_cosine =
            tuning.slope * ((cosine - input.noise) / contrast - tuning.neutral_cosine);
        if from_cosine < tuning.min_from_cosine {
            return -tuning.max_evidence;
        }
        let length = |side: &ChunkSide, span: &Range<usize>| {
            side.lengths[span.clone()].iter().map(|&length| length as f32).sum::<f32>()
        };
        let lengths = (length(input.src, &src), length(input.tgt, &tgt) * input.ratio);
        let (short, long) = (lengths.0.min(lengths.1), lengths.0.max(lengths.1).max(1.0));
        let from_length = -tuning.length * (1.0 - libm::log2f(1.0 + short / long)).max(0.0);
        let words = |covered: f32| {
            tuning.slope * (covered - tuning.neutral_coverage * input.typical.coverage)
        };
        // Even with all words covered, and a margin for rounding.
        if from_cosine + words(1.0) + from_length <= needed - 0.01 {
            return -tuning.max_evidence;
        }
        let from_words = words(words_of.coverage(src, tgt));
        let evidence = from_cosine + from_words + from_length;
        // Short text proves little.
        let share = (short / tuning.full_chars).min(1.0);
        (if evidence > 0.0 { evidence * share } else { evidence })
            .clamp(-tuning.max_evidence, tuning.max_evidence)
    }

    /// Returns the sum of the probabilities of the believed beads between a source and a target
    /// segment.
    fn crossed(&self, src: usize, tgt: usize) -> f32 {
        let (a, b) = (self.bead_of[0][src], self.bead_of[1][tgt]);
        let (first, last) = (a.min(b), a.max(b));
        self.believed[last] - self.believed[first]
    }

    /// Lowers the evidence of pairs of which either half also fits other text.
    ///
    /// In a long chain only some pairs are checked, and those after each are treated like it.
    fn against_rivals(&self, mut chain: Vec<BlockPair>) -> Vec<BlockPair> {
        let (first, last) = (chain[0].clone(), chain[chain.len() - 1].clone());
        let spans = [first.src.start..last.src.end, first.tgt.start..last.tgt.end];
        let stride = chain.len().div_ceil(self.tuning.max_checked);
        let mut max = self.tuning.max_evidence;
        let pairs = chain.iter_mut().filter(|pair| pair.evidence > 0.0);
        for (index, pair) in pairs.enumerate() {
            if index % stride == 0 {
                let own = self.input.src.vectors.block(pair.src.start, pair.src.len());
                let other = self.input.tgt.vectors.block(pair.tgt.start, pair.tgt.len());
                let cosine = self.kernel.dot_int8(own, other);
                let rivals = (self.rival(own, self.input.tgt, &spans[1])).max(self.rival(
                    other,
                    self.input.src,
                    &spans[0],
                ));
                max = self.tuning.rival_slope * (cosine - rivals) + self.tuning.rival;
            }
            pair.evidence = pair.evidence.min(max);
        }
        chain
    }

    /// Returns the maximum cosine of a block with blocks outside a span.
    fn rival(&self, block: Int8RowsRef<'_>, side: &ChunkSide, span: &Range<usize>) -> f32 {
        let mut best = -1.0_f32;
        let mut cosines = Vec::new();
        for (index, blocks) in side.vectors.blocks.iter().take(MAX_BLOCK).enumerate() {
            cosines.clear();
            cosines.resize(blocks.len(), 0.0);
            self.kernel.dots_int8(block, blocks.all(), &mut cosines);
            for (first, &cosine) in cosines.iter().enumerate() {
                if first + index < span.start || first >= span.end {
                    best = best.max(cosine);
                }
            }
        }
        best
    }
}

fn sum(chain: &[BlockPair]) -> f32 {
    chain.iter().map(|pair| pair.evidence).sum()
}

/// Returns the runs of `true`.
fn runs_of(marks: &[bool]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in (0..marks.len()).filter(|&at| marks[at]) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::super::corridor::Corridor;
    use super::super::lexical::document_words;
    use super::super::sides::Sides;
    use super::super::tuning::Tuning;
    use super::super::vectors::SideVectors;
    use super::*;
    use crate::encoder::{DocumentVectors, Encoder, EncoderError};
    use crate::{Aligner, Lexicon};

    #[test]
    fn runs_are_as_long_as_they_can_be() {
        assert_eq!(runs_of(&[]), []);
        assert_eq!(runs_of(&[true, true, false, true]), [0..2, 3..4]);
        assert_eq!(runs_of(&[false, true, false, true]), [1..2, 3..4]);
    }

    /// A toy whose vectors have a direction for each number in the text.
    struct NumberEncoder;

    impl Encoder for NumberEncoder {
        fn dim(&self) -> usize {
            64
        }

        fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
            let mut vectors = Vec::new();
            for text in texts {
                let mut vector = vec![0.0_f32; 64];
                for number in text.split(' ').filter_map(|word| word.parse::<usize>().ok()) {
                    vector[number] = 1.0;
                }
                let length = vector.iter().sum::<f32>().max(1.0).sqrt();
                vectors.extend(vector.iter().map(|x| x / length));
            }
            Ok(vectors)
        }

        fn token_count(&self, text: &str) -> usize {
            text.chars().count()
        }
    }

    fn found(src: &[usize], tgt: &[usize]) -> Vec<String> {
        let texts = |numbers: &[usize]| -> Vec<String> {
            numbers.iter().map(|number| format!("a sentence about the number {number} .")).collect()
        };
        let aligner = Aligner::builder().lexicon(Lexicon::empty()).build();
        let aligner = aligner.expect("valid settings");
        let alignment =
            aligner.align(&NumberEncoder, &texts(src), &texts(tgt)).expect("an alignment");
        let shown = |found: &Finding| {
            let Finding { kind, src, tgt, .. } = found;
            format!("{kind} {}..{} {}..{}", src.start, src.end, tgt.start, tgt.end)
        };
        alignment.findings().iter().map(shown).collect()
    }

    #[test]
    fn a_block_that_is_elsewhere_is_moved_and_not_missing() {
        let src: Vec<usize> = (0..30).collect();
        let mut tgt = src.clone();
        assert!(found(&src, &tgt).is_empty());
        let block: Vec<usize> = tgt.drain(5..9).collect();
        tgt.splice(18..18, block);
        assert_eq!(found(&src, &tgt), ["moved 5..9 18..22"]);
    }

    #[test]
    fn neighbours_that_change_places_are_not_moved() {
        let src: Vec<usize> = (0..30).collect();
        let mut tgt = src.clone();
        tgt.swap(10, 11);
        assert!(found(&src, &tgt).iter().all(|found| !found.starts_with("moved")));
    }

    #[test]
    fn a_move_ends_where_its_block_does() {
        // After the block an unrelated segment is missing on each side.
        let src: Vec<usize> = (0..31).collect();
        let mut tgt: Vec<usize> = (0..5).chain(10..18).chain(5..9).chain([40]).collect();
        tgt.extend(18..31);
        let moved = found(&src, &tgt);
        assert!(moved.contains(&"moved 5..9 13..17".to_owned()), "{moved:?}");
    }

    /// Unit vectors of single segments at some angles to the first axis, in degrees.
    fn side(angles: &[f32], length: u32) -> ChunkSide {
        let row = |&angle: &f32| [angle.to_radians().cos(), angle.to_radians().sin()];
        let vectors = DocumentVectors::new(2, vec![angles.iter().flat_map(row).collect()]);
        ChunkSide {
            vectors: SideVectors::new(Kernel::detect(), &vectors),
            lengths: vec![length; angles.len()],
            boilerplate: vec![false; angles.len()],
        }
    }

    /// Does something with the mover of a chunk whose sides are paired one by one.
    fn with_mover<T>(src: &[f32], tgt: &[f32], work: impl FnOnce(&Mover<'_>) -> T) -> T {
        let (n, tuning, kernel) = (src.len(), Tuning::default(), Kernel::detect());
        assert_eq!(tgt.len(), n);
        let texts = vec!["a"; n];
        let words =
            document_words(&tuning.score, &Lexicon::empty(), Sides::new(&texts, &vec!["ب"; n]));
        let lexical = Lexical::new(kernel, &tuning, words, &Corridor::everything((n, n)), 2);
        let beads: Vec<Bead> = (0..n)
            .map(|at| Span::new(at, at + 1))
            .map(|span| Bead::new(span, span, 0.9, 0.0))
            .collect();
        let (src, tgt) = (side(src, 15), side(tgt, 15));
        let typical = Typical { cosine: 0.6, coverage: 0.2 };
        let input =
            MoverInput { src: &src, tgt: &tgt, lexical: &lexical, typical, noise: 0.1, ratio: 1.0 };
        work(&Mover::new(kernel, &tuning.moved, input, &beads))
    }

    #[test]
    fn evidence_is_the_sum_of_cosine_words_and_length_for_blocks_that_cross_beads() {
        let found = |src: usize, tgt: usize, cosine: f32| {
            with_mover(&[0.0; 4], &[0.0; 4], |mover| {
                let mut words = FarCoverage::new(mover.input.lexical, [0..4, 0..4], MAX_BLOCK);
                let blocks = (src..src + 1, tgt..tgt + 1);
                mover.evidence(blocks, cosine, f32::NEG_INFINITY, &mut words)
            })
        };
        // 10 · (0.9 / 0.5 - 0.55) - 10 · 0.5 · 0.2, half of it for 15 characters.
        assert!((found(0, 2, 1.0) - 5.75).abs() < 1e-4, "{}", found(0, 2, 1.0));
        assert!((found(3, 1, 1.0) - 5.75).abs() < 1e-4);
        // Negative evidence is not reduced for short text.
        assert!((found(0, 3, 0.4) - (0.5 - 1.0)).abs() < 1e-4, "{}", found(0, 3, 0.4));
        // One bead is too few to cross, and a low cosine ends the comparison.
        assert_eq!([found(0, 1, 1.0), found(2, 1, 1.0), found(0, 3, 0.27)], [-8.0; 3]);
    }

    #[test]
    fn a_rival_limits_the_evidence_by_how_close_it_is() {
        let limited = |rival: f32| {
            let src = [0.0, 180.0, 180.0, 180.0];
            let tgt = [rival, 180.0, 180.0, 0.0];
            with_mover(&src, &tgt, |mover| {
                let pair = BlockPair { src: 0..1, tgt: 3..4, evidence: 8.0 };
                mover.against_rivals(vec![pair])[0].evidence
            })
        };
        // Cosines of 1, 0.9 and 0.5 with the rival.
        for (angle, expected) in [(0.0, 3.0), (25.842, 5.0), (60.0, 8.0)] {
            assert!((limited(angle) - expected).abs() < 0.2, "{angle}: {}", limited(angle));
        }
    }

    #[test]
    fn a_block_that_is_missing_on_one_side_is_omitted_or_added() {
        let src: Vec<usize> = (0..30).collect();
        let tgt: Vec<usize> = (0..30).filter(|number| !(5..9).contains(number)).collect();
        assert_eq!(found(&src, &tgt), ["omitted 5..9 5..5"]);
        assert_eq!(found(&tgt, &src), ["added 5..5 5..9"]);
    }

    #[test]
    fn a_block_that_occurs_twice_is_not_moved() {
        // The block is also in its place: the second one was added.
        let src: Vec<usize> = (0..30).collect();
        let mut tgt = src.clone();
        tgt.splice(20..20, 5..9);
        assert_eq!(found(&src, &tgt), ["added 20..20 20..24"]);
    }
}
