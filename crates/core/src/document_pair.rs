//! Which document belongs to which, when names do not say.
//!
//! A document is held as a few vectors, those of its segments or, in a longer one, the means of
//! neighbouring segments. The mean of a document's vectors, less the mean of all documents (what
//! all of them share says nothing), finds candidates; of these the vectors are compared one by one:
//! each piece of either side with its best counterpart on the other, the greedy matching of Kusner
//! et al. 2015 ("From Word Embeddings To Document Distances") on sentences. Numbers that both have
//! speak for a pair, an unusual ratio of lengths against it. Pairs are mutual best.

use std::collections::{BTreeSet, HashMap};

use nasaq_kernels::Kernel;

use crate::encoder::{CheckedEncoder, Encoder, EncoderError};
use crate::parallel;
use nasaq_text::normalise;
use nasaq_text::{canonical_number, words};

/// Vectors that a document is held as, at the most.
const PIECES: usize = 24;
/// Candidates of each document that are looked at closely.
const CANDIDATES: usize = 16;
/// So many documents are needed for half of what is common to all to be taken off.
const SHARED_PRIOR: f32 = 8.0;
/// What the shared numbers can add to a score.
const NUMBERS: f32 = 0.15;
/// Numbers on both sides that are believed to differ before any are seen.
const NUMBERS_PRIOR: f32 = 4.0;
/// What a length ratio takes off for each unit of its logarithm beyond what is usual.
const LENGTH: f32 = 0.15;
/// How far a ratio's logarithm may be from the usual one for nothing.
const USUAL_LENGTH: f32 = 0.2;
/// What a ratio can take off at the most.
const MOST_LENGTH: f32 = 0.3;

/// What is kept of a document to find its translation by.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentSketch {
    /// Unit vectors, one a piece.
    pieces: Vec<f32>,
    /// Characters of each piece.
    weights: Vec<f32>,
    dim: usize,
    numbers: BTreeSet<String>,
}

impl DocumentSketch {
    /// Encodes a document.
    ///
    /// # Errors
    /// Whatever the encoder reports.
    pub fn new(
        encoder: &(impl Encoder + ?Sized),
        segments: &[impl AsRef<str>],
    ) -> Result<Self, EncoderError> {
        let texts: Vec<_> = segments
            .iter()
            .map(|segment| normalise(segment.as_ref()))
            .filter(|text| !text.trim().is_empty())
            .collect();
        let refs: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
        let encoder = CheckedEncoder::new(encoder)?;
        let dim = encoder.dim();
        let vectors = if refs.is_empty() { Vec::new() } else { encoder.encode(&refs)? };
        let lengths: Vec<f32> = refs.iter().map(|text| text.chars().count() as f32).collect();
        let count = refs.len().min(PIECES);
        let mut sketch = Self {
            pieces: vec![0.0; count * dim],
            weights: vec![0.0; count],
            dim,
            numbers: BTreeSet::new(),
        };
        for (segment, vector) in vectors.chunks_exact(dim).enumerate() {
            let piece = segment * count / refs.len();
            sketch.weights[piece] += lengths[segment];
            let sum = &mut sketch.pieces[piece * dim..][..dim];
            sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += lengths[segment] * value);
        }
        sketch.pieces.chunks_exact_mut(dim).for_each(to_unit);
        for text in &refs {
            let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
            sketch
                .numbers
                .extend(words(text).filter(is_number).map(|n| canonical_number(n).into_owned()));
        }
        Ok(sketch)
    }

    /// Tells whether the document has no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    fn length(&self) -> f32 {
        self.weights.iter().sum()
    }

    /// The mean of the pieces, each as heavy as its text is long.
    fn mean(&self) -> Vec<f32> {
        let mut mean = vec![0.0; self.dim];
        for (piece, weight) in self.pieces.chunks_exact(self.dim).zip(&self.weights) {
            let share = weight / self.length();
            mean.iter_mut().zip(piece).for_each(|(sum, value)| *sum += share * value);
        }
        mean
    }
}

/// Two documents that belong together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DocumentPair {
    /// Index of the source.
    pub src: usize,
    /// Index of the target.
    pub tgt: usize,
    /// How well they match, about 0 to 1.
    pub score: f32,
    /// How much better than the best other partner of either.
    pub margin: f32,
}

/// What [`pair_documents`] found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocumentPairs {
    /// The pairs, by source; each document is in one at the most.
    pub pairs: Vec<DocumentPair>,
    /// For each document that is alone, its best partner, which it may not have; by source and
    /// target. Without one where there is no document on the other side.
    pub alone: [Vec<(usize, Option<DocumentPair>)>; 2],
}

/// A pair needs this score unless told otherwise; measured (docs/results).
pub const LEAST_PAIR_SCORE: f32 = 0.5;

/// Finds which documents belong together: each other's best partner, with a score of at least
/// `least`.
pub fn pair_documents(
    kernel: Kernel,
    src: &[DocumentSketch],
    tgt: &[DocumentSketch],
    least: f32,
) -> DocumentPairs {
    let scores = Scores::new(kernel, src, tgt);
    let mut found = DocumentPairs::default();
    for (number, row) in scores.by_src.iter().enumerate() {
        let Some(&(other, score)) = row.first() else {
            found.alone[0].push((number, None));
            continue;
        };
        let mutual = scores.by_tgt[other].first().is_some_and(|best| best.0 == number);
        let second = [row, &scores.by_tgt[other]]
            .into_iter()
            .flat_map(|row| row.iter().filter(|&&(_, value)| value <= score).nth(1))
            .map(|second| second.1)
            .fold(0.0, f32::max);
        let pair = DocumentPair { src: number, tgt: other, score, margin: score - second };
        if mutual && score >= least {
            found.pairs.push(pair);
        } else {
            found.alone[0].push((number, Some(pair)));
        }
    }
    let taken: BTreeSet<usize> = found.pairs.iter().map(|pair| pair.tgt).collect();
    for (number, row) in scores.by_tgt.iter().enumerate().filter(|(n, _)| !taken.contains(n)) {
        let best = row.first().map(|&(other, score)| {
            let second = row.get(1).map_or(0.0, |second| second.1);
            DocumentPair { src: other, tgt: number, score, margin: score - second }
        });
        found.alone[1].push((number, best));
    }
    found
}

/// Scores of candidates.
struct Scores {
    /// For each source its candidates, the best first.
    by_src: Vec<Vec<(usize, f32)>>,
    by_tgt: Vec<Vec<(usize, f32)>>,
}

impl Scores {
    fn new(kernel: Kernel, src: &[DocumentSketch], tgt: &[DocumentSketch]) -> Self {
        let means = [centred(src), centred(tgt)];
        let candidates: BTreeSet<(usize, usize)> = nearest(kernel, src, &means[0], &means[1])
            .chain(nearest(kernel, tgt, &means[1], &means[0]).map(|(tgt, src)| (src, tgt)))
            .filter(|&(a, b)| !src[a].is_empty() && !tgt[b].is_empty())
            .collect();
        let candidates: Vec<(usize, usize)> = candidates.into_iter().collect();
        let matches: Vec<f32> = parallel::map(candidates.len(), |at| {
            let (a, b) = candidates[at];
            best_match(kernel, &src[a], &tgt[b])
        });
        let rarity = Rarity::new(src, tgt);
        let ratio = |(a, b): (usize, usize)| libm::logf(src[a].length() / tgt[b].length());
        let usual = usual_ratio(&candidates, &matches, ratio);
        let mut scores =
            Self { by_src: vec![Vec::new(); src.len()], by_tgt: vec![Vec::new(); tgt.len()] };
        for (&(a, b), value) in candidates.iter().zip(matches) {
            let off = ((ratio((a, b)) - usual).abs() - USUAL_LENGTH).max(0.0);
            let score = value + NUMBERS * rarity.shared(&src[a].numbers, &tgt[b].numbers)
                - (LENGTH * off).min(MOST_LENGTH);
            scores.by_src[a].push((b, score));
            scores.by_tgt[b].push((a, score));
        }
        for row in scores.by_src.iter_mut().chain(&mut scores.by_tgt) {
            row.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        }
        scores
    }
}

/// Gives the documents' means less what all of them share, as unit rows.
fn centred(documents: &[DocumentSketch]) -> Vec<f32> {
    let dim = documents.first().map_or(1, |document| document.dim);
    let mut rows: Vec<f32> = documents.iter().flat_map(DocumentSketch::mean).collect();
    let mut shared = vec![0.0_f32; dim];
    for row in rows.chunks_exact(dim) {
        shared.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    // Of few documents the mean is mostly themselves.
    let weight = 1.0 / (documents.len() as f32 + SHARED_PRIOR);
    for row in rows.chunks_exact_mut(dim) {
        row.iter_mut().zip(&shared).for_each(|(value, shared)| *value -= weight * shared);
        to_unit(row);
    }
    rows
}

/// Gives each document with its nearest ones of the other side.
fn nearest<'a>(
    kernel: Kernel,
    documents: &'a [DocumentSketch],
    own: &'a [f32],
    other: &'a [f32],
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let dim = documents.first().map_or(1, |document| document.dim);
    let found: Vec<Vec<usize>> = parallel::map(documents.len(), |number| {
        let mut cosines = vec![0.0; other.len() / dim];
        kernel.dots(&own[number * dim..][..dim], other, &mut cosines);
        let mut order: Vec<usize> = (0..cosines.len()).collect();
        let better = |a: &usize, b: &usize| cosines[*b].total_cmp(&cosines[*a]).then(a.cmp(b));
        if order.len() > CANDIDATES {
            order.select_nth_unstable_by(CANDIDATES, better);
            order.truncate(CANDIDATES);
        }
        order
    });
    found
        .into_iter()
        .enumerate()
        .flat_map(|(number, others)| others.into_iter().map(move |other| (number, other)))
}

/// Gives how well the pieces of two documents match: the mean of each piece's best cosine, from
/// both sides.
fn best_match(kernel: Kernel, src: &DocumentSketch, tgt: &DocumentSketch) -> f32 {
    let mut best_of_tgt = vec![f32::NEG_INFINITY; tgt.weights.len()];
    let mut cosines = vec![0.0; tgt.weights.len()];
    let mut from_src = 0.0;
    for (piece, weight) in src.pieces.chunks_exact(src.dim).zip(&src.weights) {
        kernel.dots(piece, &tgt.pieces, &mut cosines);
        from_src += weight * cosines.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        best_of_tgt.iter_mut().zip(&cosines).for_each(|(best, value)| *best = best.max(*value));
    }
    let from_tgt: f32 = best_of_tgt.iter().zip(&tgt.weights).map(|(best, w)| w * best).sum();
    (from_src / src.length() + from_tgt / tgt.length()) / 2.0
}

/// Gives the median logarithm of the length ratio over the best candidates of each source.
fn usual_ratio(
    candidates: &[(usize, usize)],
    matches: &[f32],
    ratio: impl Fn((usize, usize)) -> f32,
) -> f32 {
    let mut best: HashMap<usize, (f32, (usize, usize))> = HashMap::new();
    for (&pair, &value) in candidates.iter().zip(matches) {
        let known = best.entry(pair.0).or_insert((value, pair));
        if value > known.0 {
            *known = (value, pair);
        }
    }
    let mut ratios: Vec<f32> = best.into_values().map(|(_, pair)| ratio(pair)).collect();
    ratios.sort_by(f32::total_cmp);
    ratios.get(ratios.len() / 2).copied().unwrap_or_default()
}

/// How much each number says: those that stand in few documents say more.
struct Rarity<'a>(HashMap<&'a str, f32>);

impl<'a> Rarity<'a> {
    fn new(src: &'a [DocumentSketch], tgt: &'a [DocumentSketch]) -> Self {
        let mut with: HashMap<&str, f32> = HashMap::new();
        for number in src.iter().chain(tgt).flat_map(|document| &document.numbers) {
            *with.entry(number).or_default() += 1.0;
        }
        // A pair has its numbers twice.
        let all = ((src.len() + tgt.len()) as f32).max(2.0);
        with.values_mut().for_each(|with| *with = libm::logf((all + 2.0) / with.max(2.0)));
        Self(with)
    }

    /// Gives the share of two documents' numbers that both have, 0 to 1, by weight.
    fn shared(&self, a: &BTreeSet<String>, b: &BTreeSet<String>) -> f32 {
        let weight = |number: &String| self.0.get(number.as_str()).copied().unwrap_or_default();
        let both: f32 = a.intersection(b).map(weight).sum();
        let any: f32 = a.union(b).map(weight).sum();
        both / (any + NUMBERS_PRIOR)
    }
}

fn to_unit(vector: &mut [f32]) {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A toy: how often a text has each of four letters.
    struct Letters;

    impl Encoder for Letters {
        fn dim(&self) -> usize {
            4
        }

        fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
            let row = |text: &&str| {
                let mut row =
                    ['a', 'b', 'c', 'd'].map(|letter| text.matches(letter).count() as f32 + 0.1);
                to_unit(&mut row);
                row
            };
            Ok(texts.iter().flat_map(row).collect())
        }

        fn token_count(&self, text: &str) -> usize {
            text.chars().count()
        }
    }

    fn sketches(texts: &[&str]) -> Vec<DocumentSketch> {
        let sketch = |text: &&str| {
            let segments: Vec<&str> = text.split('|').collect();
            DocumentSketch::new(&Letters, &segments).expect("a sketch")
        };
        texts.iter().map(sketch).collect()
    }

    fn pairs(src: &[&str], tgt: &[&str]) -> DocumentPairs {
        pair_documents(Kernel::detect(), &sketches(src), &sketches(tgt), 0.9)
    }

    #[test]
    fn each_document_finds_its_own_whatever_the_order() {
        let src = ["aaaa|ab", "bbbb|bc", "cccc|cd", "dddd|da"];
        let tgt = ["dddd|ad", "bbbb|cb", "aaaa|ba", "cccc|dc"];
        let found = pairs(&src, &tgt);
        let indices: Vec<_> = found.pairs.iter().map(|pair| (pair.src, pair.tgt)).collect();
        assert_eq!(indices, [(0, 2), (1, 1), (2, 3), (3, 0)]);
        assert!(found.pairs.iter().all(|pair| pair.margin > 0.05));
        assert_eq!(found.alone, [vec![], vec![]]);
    }

    #[test]
    fn what_fits_nothing_stays_alone() {
        let found = pairs(&["aaaa", "bbbb", ""], &["bbbb", "cccc"]);
        assert_eq!(found.pairs.len(), 1);
        let alone = |side: usize| found.alone[side].iter().map(|alone| alone.0).collect::<Vec<_>>();
        assert_eq!((alone(0), alone(1)), (vec![0, 2], vec![1]));
        assert_eq!(pairs(&[], &["a"]).alone[1], [(0, None)]);
        assert_eq!(pairs(&[], &[]), DocumentPairs::default());
    }

    #[test]
    fn numbers_tell_documents_of_the_same_words_apart() {
        let found = pairs(&["aab 1950 17", "aab 1960 23"], &["aab ١٩٦٠ ٢٣", "aab ١٩٥٠ ١٧"]);
        let indices: Vec<_> = found.pairs.iter().map(|pair| (pair.src, pair.tgt)).collect();
        assert_eq!(indices, [(0, 1), (1, 0)]);
    }

    #[test]
    fn long_documents_are_held_in_few_pieces() {
        let text = vec!["ab cd"; 500].join("|");
        assert_eq!(sketches(&[&text])[0].weights.len(), PIECES);
    }
}
