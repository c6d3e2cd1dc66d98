//! Computes the features from the encoder's vectors of the pairs of a block.
//!
//! The cosine alone depends on the text: short and common sentences have high cosines with many
//! others. The margin compares a pair with its neighbours (Artetxe and Schwenk 2019, "Margin-based
//! Parallel Corpus Mining with Multilingual Sentence Embeddings"), the contrast with random pairs.

use hashbrown::HashMap;
use nasaq_kernels::{Kernel, Packed};

use crate::block::{Keys, MatchMatrix};
use crate::feature::{Feature, Features};
use nasaq::{CheckedEncoder, Encoder, EncoderError};

/// The maximum contribution of the lexical share to a match, in standard deviations: one rare word
/// must not decide.
const MAX_LEXICAL: f32 = 6.0;
/// The number of pairs before and after a pair that the shift compares with.
const REACH: usize = 2;
/// The minimum number of words of a text that is also compared without one of its ends.
const MIN_WORDS: usize = 8;

/// Sets the features from the vectors of the pairs of a block. They do not apply to pairs with an
/// empty side. The pairs after the first `count` are background, which others are compared with.
pub(super) fn rate(
    encoder: &dyn Encoder,
    kernel: Kernel,
    (pairs, count): (&[(&str, &str)], usize),
    (found, keys): (&[f32], &[Keys]),
    features: &mut [Features],
) -> Result<(), EncoderError> {
    let mut texts: Vec<&str> = Vec::with_capacity(pairs.len() * 2);
    texts.extend(pairs.iter().map(|(arabic, _)| *arabic));
    texts.extend(pairs.iter().map(|(_, english)| *english));
    // After the texts of the pairs, each long text without its end and without its start.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    for whole in (0..texts.len()).filter(|whole| whole % pairs.len() < count) {
        if let Some((first, last)) = without_ends(texts[whole]) {
            ends.push((whole, texts.len()));
            texts.extend([first, last]);
        }
    }
    let encoder = CheckedEncoder::new(encoder)?;
    let vectors = encode(&encoder, &texts)?;
    let dim = encoder.dim();
    let row = |at: usize| &vectors[at * dim..][..dim];
    let count = pairs.len();
    let filled = |pair: usize| !pairs[pair].0.trim().is_empty() && !pairs[pair].1.trim().is_empty();

    let mut products = vec![0.0_f32; count * count];
    let arabic: Vec<usize> = (0..count).map(|pair| pair * dim).collect();
    let english = Packed::transposed(&vectors[count * dim..2 * count * dim], count, dim);
    kernel.matmul(&vectors, &arabic, &english, &mut products);
    // Empty texts have no scores.
    for (at, product) in products.iter_mut().enumerate() {
        if [at / count, at % count].into_iter().any(|pair| !filled(pair)) {
            *product = f32::NAN;
        }
    }
    let cosines = MatchMatrix { values: &products, keys };
    let (mean, deviation) = cosines.spread();
    let both = with_words(&cosines, &MatchMatrix { values: found, keys });
    let both = MatchMatrix { values: &both, keys };
    for (pair, features) in features.iter_mut().enumerate().filter(|(pair, _)| filled(*pair)) {
        let cosine = products[pair * count + pair];
        features.set(Feature::Cosine, cosine);
        features.set_some(Feature::Margin, cosines.margin(pair));
        let near = pair.saturating_sub(REACH)..(pair + REACH + 1).min(count);
        let shifted = near
            .filter(|at| filled(*at))
            .flat_map(|at| [cosines.with_english(pair, at), cosines.with_arabic(pair, at)])
            .flatten()
            .fold(f32::NEG_INFINITY, f32::max);
        if shifted.is_finite() {
            features.set(Feature::Shift, cosine - shifted);
        }
        if deviation > 0.0 {
            features.set(Feature::Contrast, (cosine - mean) / deviation);
            features.set(Feature::Match, both.own(pair));
            features.set_some(Feature::MatchMargin, both.margin(pair));
        }
        features.set(Feature::ArExcess, 0.0);
        features.set(Feature::EnExcess, 0.0);
    }
    for (whole, first) in ends {
        let (pair, is_arabic) = (whole % count, whole < count);
        if !filled(pair) {
            continue;
        }
        let other = row(if is_arabic { pair + count } else { pair });
        let best = kernel.dot(row(first), other).max(kernel.dot(row(first + 1), other));
        let feature = if is_arabic { Feature::ArExcess } else { Feature::EnExcess };
        features[pair].set(feature, best - products[pair * count + pair]);
    }
    Ok(())
}

/// Returns the vectors of some texts. Of equal ones one is encoded.
fn encode<E: Encoder>(
    encoder: &CheckedEncoder<E>,
    texts: &[&str],
) -> Result<Vec<f32>, EncoderError> {
    let mut rows: HashMap<&str, usize> = HashMap::with_capacity(texts.len());
    let mut distinct: Vec<&str> = Vec::with_capacity(texts.len());
    for &text in texts {
        rows.entry(text).or_insert_with(|| {
            distinct.push(text);
            distinct.len() - 1
        });
    }
    let vectors = encoder.encode(&distinct)?;
    if distinct.len() == texts.len() {
        return Ok(vectors);
    }
    let dim = encoder.dim();
    Ok(texts.iter().flat_map(|text| &vectors[rows[text] * dim..][..dim]).copied().collect())
}

/// Returns a text without its last two fifths, and without its first two fifths, if it has enough
/// words.
fn without_ends(text: &str) -> Option<(&str, &str)> {
    let starts: Vec<usize> = text
        .split_whitespace()
        .map(|word| word.as_ptr() as usize - text.as_ptr() as usize)
        .collect();
    let words = starts.len();
    if words < MIN_WORDS {
        return None;
    }
    Some((text[..starts[words * 3 / 5]].trim_end(), &text[starts[words * 2 / 5]..]))
}

/// Returns the sums of cosines and lexical shares, both in standard deviations above texts that are
/// not a pair.
fn with_words(cosines: &MatchMatrix<'_>, words: &MatchMatrix<'_>) -> Vec<f32> {
    let (mean, deviation) = cosines.spread();
    let (words_mean, words_deviation) = words.spread();
    let by_words = |found: f32| {
        let undefined = found.is_nan() || words_deviation == 0.0;
        if undefined { 0.0 } else { ((found - words_mean) / words_deviation).min(MAX_LEXICAL) }
    };
    let all = cosines.values.iter().zip(words.values);
    all.map(|(cosine, &found)| (cosine - mean) / deviation + by_words(found)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Encodes the length of a text, and counts the texts.
    struct Counting(AtomicUsize);

    impl Encoder for Counting {
        fn dim(&self) -> usize {
            1
        }

        fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
            self.0.fetch_add(texts.len(), Ordering::Relaxed);
            Ok(texts.iter().map(|text| text.len() as f32).collect())
        }

        fn token_count(&self, text: &str) -> usize {
            text.len()
        }
    }

    #[test]
    fn equal_texts_are_encoded_once() {
        let counting = Counting(AtomicUsize::new(0));
        let encoder = CheckedEncoder::new(&counting).expect("one dimension");
        let vectors = encode(&encoder, &["a", "bb", "a", "ccc", "bb"]).expect("no error");
        assert_eq!(vectors, [1.0, 2.0, 1.0, 3.0, 2.0]);
        assert_eq!(counting.0.load(Ordering::Relaxed), 3);
    }
}
