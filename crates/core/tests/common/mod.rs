//! A toy encoder for texts of numbers.

use nasaq::{Encoder, EncoderError};

pub(crate) const DIM: usize = 48;

/// A toy encoder: the sum of one direction for each number in the text.
pub(crate) struct NumberSumEncoder;

impl Encoder for NumberSumEncoder {
    fn dim(&self) -> usize {
        DIM
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        let mut vectors = Vec::with_capacity(texts.len() * DIM);
        for text in texts {
            let mut vector = [0.0_f32; DIM];
            for number in text.split(' ').filter_map(|word| word.parse::<u64>().ok()) {
                let mut random = Random(number);
                vector.iter_mut().for_each(|x| *x += random.next() as f32 / u64::MAX as f32 - 0.5);
            }
            let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
            vectors.extend(vector.iter().map(|x| x / length));
        }
        Ok(vectors)
    }

    fn token_count(&self, text: &str) -> usize {
        text.chars().count()
    }
}

/// A small generator (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }
}
