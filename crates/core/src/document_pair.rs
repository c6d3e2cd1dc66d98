//! Finds which document is the translation of which, where file names do not show it.
//!
//! A document is stored as a few vectors: those of its segments or, in a longer one, the means of
//! neighbouring segments. Candidates are found by the mean of a document's vectors, minus the mean
//! of all documents (what all of them share distinguishes none). Candidates are then compared
//! vector by vector: each part of either side with its best counterpart on the other, the greedy
//! matching of Kusner et al. 2015 ("From Word Embeddings To Document Distances") on sentences.
//! Numbers that both documents have add to the score of a pair, an unusual ratio of lengths
//! subtracts from it. Two documents are a pair where each is the best partner of the other.

use std::collections::{BTreeSet, HashMap};

use nasaq_kernels::Kernel;

use crate::encoder::{CheckedEncoder, Encoder, EncoderError};
use crate::parallel;
use nasaq_text::{canonical_number, normalise, words};

/// Max. number of vectors that a document is stored as.
const MAX_PARTS: usize = 24;
/// Candidates of each document that are compared vector by vector.
const CANDIDATES: usize = 16;
/// With this many documents, half of the mean of all documents is subtracted.
const SHARED_PRIOR: f32 = 8.0;
/// Max. amount that shared numbers add to a score.
const NUMBERS: f32 = 0.15;
/// Weight of numbers that are assumed to differ before any are compared.
const NUMBERS_PRIOR: f32 = 4.0;
/// Amount that a length ratio subtracts for each unit of its logarithm beyond [`FREE_LENGTH`].
const LENGTH: f32 = 0.15;
/// How far the logarithm of a length ratio may be from the typical one at no cost.
const FREE_LENGTH: f32 = 0.2;
/// Max. amount that a length ratio subtracts.
const MAX_LENGTH: f32 = 0.3;

/// A compact form of a document, by which its translation is found.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentSketch {
    /// Unit vectors, one a part.
    parts: Vec<f32>,
    /// Characters of each part.
    weights: Vec<f32>,
    dim: usize,
    numbers: BTreeSet<String>,
}

impl DocumentSketch {
    /// Encodes a document.
    ///
    /// # Errors
    /// Whatever the encoder reports, and where the vectors that it returns fail the check of
    /// [`CheckedEncoder`].
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
        let count = refs.len().min(MAX_PARTS);
        let mut sketch = Self {
            parts: vec![0.0; count * dim],
            weights: vec![0.0; count],
            dim,
            numbers: BTreeSet::new(),
        };
        for (segment, vector) in vectors.chunks_exact(dim).enumerate() {
            let part = segment * count / refs.len();
            sketch.weights[part] += lengths[segment];
            let sum = &mut sketch.parts[part * dim..][..dim];
            sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += lengths[segment] * value);
        }
        sketch.parts.chunks_exact_mut(dim).for_each(to_unit);
        for text in &refs {
            let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
            sketch
                .numbers
                .extend(words(text).filter(is_number).map(|n| canonical_number(n).into_owned()));
        }
        Ok(sketch)
    }

    /// Reports whether the document has no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    fn length(&self) -> f32 {
        self.weights.iter().sum()
    }

    /// Returns the mean of the parts, weighted by the length of their text.
    fn mean(&self) -> Vec<f32> {
        let mut mean = vec![0.0; self.dim];
        for (part, weight) in self.parts.chunks_exact(self.dim).zip(&self.weights) {
            let share = weight / self.length();
            mean.iter_mut().zip(part).for_each(|(sum, value)| *sum += share * value);
        }
        mean
    }
}

/// A source document and the target document that it matches best.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct DocumentPair {
    /// Index of the source.
    pub src: usize,
    /// Index of the target.
    pub tgt: usize,
    /// How well they match, about 0 to 1.
    pub score: f32,
    /// Difference to the score of the second-best partner of either.
    pub margin: f32,
}

/// A document without a partner.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct UnpairedDocument {
    /// Index of the document on its side.
    pub index: usize,
    /// Its best candidate, which scores too low or has a better partner. `None` where there is no
    /// candidate.
    pub best: Option<DocumentPair>,
}

/// The result of [`pair_documents`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct DocumentPairs {
    /// The pairs, ordered by source; each document is in at most one.
    pub pairs: Vec<DocumentPair>,
    /// Sources that are in no pair.
    pub unpaired_src: Vec<UnpairedDocument>,
    /// Targets that are in no pair.
    pub unpaired_tgt: Vec<UnpairedDocument>,
}

/// The default of the min. score of a pair, chosen by measurement (docs/results).
pub const MIN_PAIR_SCORE: f32 = 0.5;

/// Finds which documents are translations of each other: each is the best partner of the other,
/// with a score of at least `min_score`.
pub fn pair_documents(
    kernel: Kernel,
    src: &[DocumentSketch],
    tgt: &[DocumentSketch],
    min_score: f32,
) -> DocumentPairs {
    let scores = CandidateScores::new(kernel, src, tgt);
    let mut found = DocumentPairs::default();
    for (index, row) in scores.by_src.iter().enumerate() {
        let Some(&(other, score)) = row.first() else {
            found.unpaired_src.push(UnpairedDocument { index, best: None });
            continue;
        };
        let is_mutual = scores.by_tgt[other].first().is_some_and(|best| best.0 == index);
        let second = [row, &scores.by_tgt[other]]
            .into_iter()
            .flat_map(|row| row.iter().filter(|&&(_, value)| value <= score).nth(1))
            .map(|second| second.1)
            .fold(0.0, f32::max);
        let pair = DocumentPair { src: index, tgt: other, score, margin: score - second };
        if is_mutual && score >= min_score {
            found.pairs.push(pair);
        } else {
            found.unpaired_src.push(UnpairedDocument { index, best: Some(pair) });
        }
    }
    let paired: BTreeSet<usize> = found.pairs.iter().map(|pair| pair.tgt).collect();
    for (index, row) in scores.by_tgt.iter().enumerate().filter(|(at, _)| !paired.contains(at)) {
        let best = row.first().map(|&(other, score)| {
            let second = row.get(1).map_or(0.0, |second| second.1);
            DocumentPair { src: other, tgt: index, score, margin: score - second }
        });
        found.unpaired_tgt.push(UnpairedDocument { index, best });
    }
    found
}

/// The candidates of each document, by index and score, the best first.
struct CandidateScores {
    by_src: Vec<Vec<(usize, f32)>>,
    by_tgt: Vec<Vec<(usize, f32)>>,
}

impl CandidateScores {
    fn new(kernel: Kernel, src: &[DocumentSketch], tgt: &[DocumentSketch]) -> Self {
        let means = [centred_means(src), centred_means(tgt)];
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
        let typical = typical_log_ratio(&candidates, &matches, ratio);
        let mut scores =
            Self { by_src: vec![Vec::new(); src.len()], by_tgt: vec![Vec::new(); tgt.len()] };
        for (&(a, b), value) in candidates.iter().zip(matches) {
            let excess = ((ratio((a, b)) - typical).abs() - FREE_LENGTH).max(0.0);
            let score = value + NUMBERS * rarity.shared(&src[a].numbers, &tgt[b].numbers)
                - (LENGTH * excess).min(MAX_LENGTH);
            scores.by_src[a].push((b, score));
            scores.by_tgt[b].push((a, score));
        }
        for row in scores.by_src.iter_mut().chain(&mut scores.by_tgt) {
            row.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        }
        scores
    }
}

/// Returns the mean vector of each document, minus the mean over all of them, as unit rows.
fn centred_means(documents: &[DocumentSketch]) -> Vec<f32> {
    let dim = documents.first().map_or(1, |document| document.dim);
    let mut rows: Vec<f32> = documents.iter().flat_map(DocumentSketch::mean).collect();
    let mut shared = vec![0.0_f32; dim];
    for row in rows.chunks_exact(dim) {
        shared.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    // The mean of a few documents consists mostly of the documents themselves.
    let weight = 1.0 / (documents.len() as f32 + SHARED_PRIOR);
    for row in rows.chunks_exact_mut(dim) {
        row.iter_mut().zip(&shared).for_each(|(value, shared)| *value -= weight * shared);
        to_unit(row);
    }
    rows
}

/// Returns each document with each of its nearest ones on the other side.
fn nearest<'a>(
    kernel: Kernel,
    documents: &'a [DocumentSketch],
    own: &'a [f32],
    other: &'a [f32],
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let dim = documents.first().map_or(1, |document| document.dim);
    let found: Vec<Vec<usize>> = parallel::map(documents.len(), |document| {
        let mut cosines = vec![0.0; other.len() / dim];
        kernel.dots(&own[document * dim..][..dim], other, &mut cosines);
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
        .flat_map(|(document, others)| others.into_iter().map(move |other| (document, other)))
}

/// Returns how well the parts of two documents match: the mean over both sides of each part's best
/// cosine.
fn best_match(kernel: Kernel, src: &DocumentSketch, tgt: &DocumentSketch) -> f32 {
    let mut best_of_tgt = vec![f32::NEG_INFINITY; tgt.weights.len()];
    let mut cosines = vec![0.0; tgt.weights.len()];
    let mut from_src = 0.0;
    for (part, weight) in src.parts.chunks_exact(src.dim).zip(&src.weights) {
        kernel.dots(part, &tgt.parts, &mut cosines);
        from_src += weight * cosines.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        best_of_tgt.iter_mut().zip(&cosines).for_each(|(best, value)| *best = best.max(*value));
    }
    let from_tgt: f32 = best_of_tgt.iter().zip(&tgt.weights).map(|(best, w)| w * best).sum();
    (from_src / src.length() + from_tgt / tgt.length()) / 2.0
}

/// Returns the median over all sources of the logarithm of the length ratio to the best candidate.
fn typical_log_ratio(
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

/// The weight of each number: the fewer documents have it, the more it distinguishes.
struct Rarity<'a>(HashMap<&'a str, f32>);

impl<'a> Rarity<'a> {
    fn new(src: &'a [DocumentSketch], tgt: &'a [DocumentSketch]) -> Self {
        let mut weights: HashMap<&str, f32> = HashMap::new();
        for number in src.iter().chain(tgt).flat_map(|document| &document.numbers) {
            *weights.entry(number).or_default() += 1.0;
        }
        // Even a number that one pair has and no other document is in two documents.
        let all = ((src.len() + tgt.len()) as f32).max(2.0);
        weights.values_mut().for_each(|count| *count = libm::logf((all + 2.0) / count.max(2.0)));
        Self(weights)
    }

    /// Returns the share of two documents' numbers that both have, 0 to 1, by weight.
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

    /// A toy encoder: the counts of four letters in a text.
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
    fn each_document_finds_its_translation_in_any_order() {
        let src = ["aaaa|ab", "bbbb|bc", "cccc|cd", "dddd|da"];
        let tgt = ["dddd|ad", "bbbb|cb", "aaaa|ba", "cccc|dc"];
        let found = pairs(&src, &tgt);
        let indices: Vec<_> = found.pairs.iter().map(|pair| (pair.src, pair.tgt)).collect();
        assert_eq!(indices, [(0, 2), (1, 1), (2, 3), (3, 0)]);
        assert!(found.pairs.iter().all(|pair| pair.margin > 0.05));
        assert!(found.unpaired_src.is_empty() && found.unpaired_tgt.is_empty());
    }

    fn indices(documents: &[UnpairedDocument]) -> Vec<usize> {
        documents.iter().map(|document| document.index).collect()
    }

    #[test]
    fn documents_without_a_match_are_unpaired() {
        let found = pairs(&["aaaa", "bbbb", ""], &["bbbb", "cccc"]);
        assert_eq!(found.pairs.len(), 1);
        assert_eq!(
            (indices(&found.unpaired_src), indices(&found.unpaired_tgt)),
            (vec![0, 2], vec![1])
        );
        assert_eq!(pairs(&[], &["a"]).unpaired_tgt, [UnpairedDocument { index: 0, best: None }]);
        assert_eq!(pairs(&[], &[]), DocumentPairs::default());
    }

    #[test]
    fn two_documents_are_a_pair_only_where_each_is_the_best_of_the_other() {
        // Both sources match the first target best, with a score that is high enough; the target
        // matches the second source better.
        let (src, tgt) = (["aaab|cccd", "aaaa|cccc"], ["aaaa|cccc", "dddd|dddd"]);
        let found = pair_documents(Kernel::detect(), &sketches(&src), &sketches(&tgt), 0.1);
        assert_eq!(
            found.pairs.iter().map(|pair| (pair.src, pair.tgt)).collect::<Vec<_>>(),
            [(1, 0)]
        );
        let rejected = found.unpaired_src[0].best.expect("a candidate");
        assert_eq!((indices(&found.unpaired_src), rejected.tgt), (vec![0], 0));
        assert!(rejected.score > 0.5, "{rejected:?}");
        assert_eq!(indices(&found.unpaired_tgt), [1]);
        let turned = pair_documents(Kernel::detect(), &sketches(&tgt), &sketches(&src), 0.1);
        assert_eq!(
            turned.pairs.iter().map(|pair| (pair.src, pair.tgt)).collect::<Vec<_>>(),
            [(0, 1)]
        );
        assert_eq!(
            (indices(&turned.unpaired_src), indices(&turned.unpaired_tgt)),
            (vec![1], vec![0])
        );
    }

    #[test]
    fn numbers_distinguish_documents_of_the_same_words() {
        let found = pairs(&["aab 1950 17", "aab 1960 23"], &["aab ١٩٦٠ ٢٣", "aab ١٩٥٠ ١٧"]);
        let indices: Vec<_> = found.pairs.iter().map(|pair| (pair.src, pair.tgt)).collect();
        assert_eq!(indices, [(0, 1), (1, 0)]);
    }

    #[test]
    fn long_documents_are_stored_in_few_parts() {
        let text = vec!["ab cd"; 500].join("|");
        assert_eq!(sketches(&[&text])[0].weights.len(), MAX_PARTS);
    }
}
