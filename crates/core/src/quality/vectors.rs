//! What the encoder says of the pairs of a block.
//!
//! A cosine by itself depends on the text: of short and of common sentences all cosines are high.
//! The margin compares a pair with its neighbours (Artetxe and Schwenk 2019, "Margin-based Parallel
//! Corpus Mining with Multilingual Sentence Embeddings"), the contrast with random pairs.

use nasaq_kernels::{Kernel, Packed};

use super::feature::{Feature, Features};
use crate::encoder::{Encoder, EncoderError};

/// Neighbours of each side that the margin compares with.
const NEIGHBOURS: usize = 4;
/// Pairs before and after that the shift looks at.
const REACH: usize = 2;
/// Words that a text must have to be looked at without one of its ends.
const LEAST_WORDS: usize = 8;

/// Rates the pairs of a block by their vectors; the texts are without anything to rate by where one
/// is empty.
pub(super) fn rate(
    encoder: &dyn Encoder,
    kernel: Kernel,
    pairs: &[(&str, &str)],
    features: &mut [Features],
) -> Result<(), EncoderError> {
    let mut texts: Vec<&str> = Vec::with_capacity(pairs.len() * 2);
    texts.extend(pairs.iter().map(|(arabic, _)| *arabic));
    texts.extend(pairs.iter().map(|(_, english)| *english));
    // The two ends of each long text, after the whole ones.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    for whole in 0..texts.len() {
        if let Some((first, last)) = without_ends(texts[whole]) {
            ends.push((whole, texts.len()));
            texts.extend([first, last]);
        }
    }
    let vectors = encoder.encode(&texts)?;
    let dim = encoder.dim();
    let row = |at: usize| &vectors[at * dim..][..dim];
    let count = pairs.len();
    let filled = |pair: usize| !pairs[pair].0.trim().is_empty() && !pairs[pair].1.trim().is_empty();

    let mut products = vec![0.0_f32; count * count];
    let arabic: Vec<usize> = (0..count).map(|pair| pair * dim).collect();
    let english = Packed::transposed(&vectors[count * dim..2 * count * dim], count, dim);
    kernel.matmul(&vectors, &arabic, &english, &mut products);
    let (mean, deviation) = spread(&products, count);
    for (pair, features) in features.iter_mut().enumerate().filter(|(pair, _)| filled(*pair)) {
        let cosine = products[pair * count + pair];
        features.set(Feature::Cosine, cosine);
        if count > 2 * NEIGHBOURS {
            let others = |at: usize| at != pair && filled(at);
            let row = (0..count).filter(|at| others(*at)).map(|at| products[pair * count + at]);
            let column = (0..count).filter(|at| others(*at)).map(|at| products[at * count + pair]);
            let nearest = (nearest(row) + nearest(column)) / 2.0;
            features.set(Feature::Margin, cosine - nearest);
        }
        let near = pair.saturating_sub(REACH)..(pair + REACH + 1).min(count);
        let shifted = near
            .filter(|at| *at != pair && filled(*at))
            .map(|at| products[pair * count + at].max(products[at * count + pair]))
            .fold(f32::NEG_INFINITY, f32::max);
        if shifted.is_finite() {
            features.set(Feature::Shift, cosine - shifted);
        }
        if deviation > 0.0 {
            features.set(Feature::Contrast, (cosine - mean) / deviation);
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

/// Gives a text without its last two fifths and without its first two, where it is long enough.
fn without_ends(text: &str) -> Option<(&str, &str)> {
    let starts: Vec<usize> = text
        .split_whitespace()
        .map(|word| word.as_ptr() as usize - text.as_ptr() as usize)
        .collect();
    let words = starts.len();
    if words < LEAST_WORDS {
        return None;
    }
    Some((text[..starts[words * 3 / 5]].trim_end(), &text[starts[words * 2 / 5]..]))
}

/// Gives mean and standard deviation of the products off the diagonal.
fn spread(products: &[f32], count: usize) -> (f32, f32) {
    let off = || products.iter().enumerate().filter(|(at, _)| at / count != at % count);
    let number = (count * count - count) as f64;
    if number < 16.0 {
        return (0.0, 0.0);
    }
    let mean = off().map(|(_, product)| f64::from(*product)).sum::<f64>() / number;
    let square = |product: &f32| (f64::from(*product) - mean).powi(2);
    let variance = off().map(|(_, product)| square(product)).sum::<f64>() / number;
    (mean as f32, variance.sqrt() as f32)
}

/// Gives the mean of the greatest values.
fn nearest(values: impl Iterator<Item = f32>) -> f32 {
    let mut best = [f32::NEG_INFINITY; NEIGHBOURS];
    for value in values {
        let mut value = value;
        for slot in &mut best {
            if value > *slot {
                std::mem::swap(slot, &mut value);
            }
        }
    }
    let found = best.iter().filter(|value| value.is_finite());
    let (sum, count) = found.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / count as f32 }
}
