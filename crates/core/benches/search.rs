//! The search without an encoder: 200 artificial segments a side, on one thread.
//!
//! Run it with `cargo bench -p nasaq --bench search`.

use divan::Bencher;
use nasaq::{Aligner, DocumentVectors, Encoder, EncoderError, VectorRequest};

const SEGMENTS: usize = 200;
const DIM: usize = 512;
/// Minimum and maximum number of words of a segment.
const WORDS: (u64, u64) = (8, 24);

fn main() {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("the first pool");
    divan::main();
}

/// A linear congruential generator of random numbers.
struct RandomNumbers(u64);

impl RandomNumbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    /// Returns a vector of numbers between -1 and 1.
    fn vector(&mut self) -> Vec<f32> {
        (0..DIM).map(|_| self.below(2001) as f32 / 1000.0 - 1.0).collect()
    }
}

/// Vectors that are computed in advance.
struct FixedVectors(DocumentVectors, DocumentVectors);

impl Encoder for FixedVectors {
    fn dim(&self) -> usize {
        DIM
    }

    fn encode(&self, _: &[&str]) -> Result<Vec<f32>, EncoderError> {
        Err("it has only the vectors of whole documents".into())
    }

    fn token_count(&self, text: &str) -> usize {
        text.chars().count()
    }

    fn encode_pair(
        &self,
        _: &[&str],
        _: &[&str],
        _: &VectorRequest,
    ) -> Result<(DocumentVectors, DocumentVectors), EncoderError> {
        Ok((self.0.clone(), self.1.clone()))
    }
}

/// Returns unit vectors of the sums of runs of `vectors`, for runs of each length up to nine, and of
/// the segments right after and before each boundary.
fn sides(vectors: &[Vec<f32>]) -> DocumentVectors {
    let sum = |run: &[Vec<f32>]| -> Vec<f32> {
        let sum: Vec<f32> =
            (0..DIM).map(|at| run.iter().map(|vector| vector[at]).sum::<f32>()).collect();
        let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
        sum.iter().map(|value| value / length.max(1e-9)).collect()
    };
    let n = vectors.len();
    let blocks = (1..=9).map(|size| vectors.windows(size).flat_map(sum).collect()).collect();
    let after = (0..=n).flat_map(|i| sum(&vectors[i..n.min(i + 1)])).collect();
    let before = (0..=n).flat_map(|i| sum(&vectors[i.saturating_sub(1)..i])).collect();
    DocumentVectors::new(DIM, blocks).with_windows(vec![after], vec![before])
}

/// Builds two texts of 200 segments each and their vectors.
///
/// A tenth of the segments have no counterpart. Words that both sides share are numbers, which match
/// without a lexicon.
fn document() -> (FixedVectors, [Vec<String>; 2]) {
    let mut numbers = RandomNumbers(1);
    let mut vectors = [Vec::new(), Vec::new()];
    let mut texts = [Vec::new(), Vec::new()];
    while vectors.iter().any(|side| side.len() < SEGMENTS) {
        let (meaning, length) = (numbers.vector(), WORDS.0 + numbers.below(WORDS.1 - WORDS.0));
        let words: Vec<u64> = (0..length).map(|_| 1000 + numbers.below(3000)).collect();
        let unpaired = if numbers.below(10) == 0 { numbers.below(2) as usize } else { 2 };
        for side in (0..2).filter(|&side| unpaired != side) {
            if vectors[side].len() < SEGMENTS {
                let other = numbers.vector();
                vectors[side].push(meaning.iter().zip(other).map(|(a, b)| a + 0.8 * b).collect());
                let foreign = ["كتاب", "book"][side];
                let words: Vec<String> = words
                    .iter()
                    .map(|word| if word % 2 == 0 { word.to_string() } else { foreign.to_owned() })
                    .collect();
                texts[side].push(words.join(" "));
            }
        }
    }
    let [src, tgt] = vectors.map(|vectors| sides(&vectors));
    (FixedVectors(src, tgt), texts)
}

/// Everything but the encoder; [`copies`] is to be subtracted.
#[divan::bench]
fn align(bencher: Bencher<'_, '_>) {
    let aligner = Aligner::builder().build().expect("default settings");
    let (vectors, [src, tgt]) = document();
    bencher.bench_local(|| aligner.align(&vectors, &src, &tgt).expect("an alignment"));
}

/// The cost of copying the vectors for the aligner.
#[divan::bench]
fn copies(bencher: Bencher<'_, '_>) {
    let (FixedVectors(src, tgt), _) = document();
    bencher.bench_local(|| (src.clone(), tgt.clone()));
}
