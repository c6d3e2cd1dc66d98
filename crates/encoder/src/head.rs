//! From the sum of a text's features to its unit vector.

use nasaq_kernels::{Kernel, Packed};

use crate::error::Result;
use crate::model::Tensors;
use crate::network::FEATURES;

/// Numbers in a sentence vector, and in a folded sum.
pub(crate) const VECTOR: usize = 512;
/// Numbers in the two narrow layers.
const NARROW: usize = 320;
/// Vectors worked on together: their numbers stay in the cache.
const BATCH: usize = 192;

/// The layers from features to vector.
///
/// The first is linear, so it is applied to sums of features (`fold`), which can then be added and
/// subtracted; the rest (`vectors`) is not.
pub(crate) struct Head {
    fold: Packed,
    fold_bias: Vec<f32>,
    d0: Packed,
    d1: Packed,
    p1: Packed,
    d2: Packed,
    p3: Packed,
    d3: Packed,
}

impl Head {
    pub(crate) fn new(tensors: &Tensors<'_>) -> Result<Self> {
        let packed = |name: &str, rows: usize, cols: usize| -> Result<Packed> {
            Ok(Packed::new(&tensors.matrix(name, rows, cols)?, rows, cols))
        };
        Ok(Self {
            fold: packed("head.fold", FEATURES, VECTOR)?,
            fold_bias: tensors.floats("head.fold.bias", Some(VECTOR))?,
            d0: packed("head.d0", VECTOR, NARROW)?,
            d1: packed("head.d1", NARROW, NARROW)?,
            p1: packed("head.p1", VECTOR, NARROW)?,
            d2: packed("head.d2", NARROW, VECTOR)?,
            p3: packed("head.p3", NARROW, VECTOR)?,
            d3: packed("head.d3", VECTOR, VECTOR)?,
        })
    }

    /// Multiplies sums of features, 1,280 numbers a row, by the first layer: 512 a row.
    pub(crate) fn fold(&self, kernel: Kernel, sums: &[f32]) -> Vec<f32> {
        let rows = starts(sums.len(), FEATURES);
        let mut folded = vec![0.0; rows.len() * VECTOR];
        kernel.matmul(sums, &rows, &self.fold, &mut folded);
        folded
    }

    /// Turns folded sums, in place, into the unit vectors of texts of `lengths` tokens.
    ///
    /// A length of zero stands for no text and gives a vector of zeros.
    pub(crate) fn vectors(&self, kernel: Kernel, folded: &mut [f32], lengths: &[usize]) {
        let batches = folded.chunks_mut(BATCH * VECTOR).zip(lengths.chunks(BATCH));
        for (rows, lengths) in batches {
            self.batch(kernel, rows, lengths);
        }
    }

    fn batch(&self, kernel: Kernel, folded: &mut [f32], lengths: &[usize]) {
        for (row, &length) in folded.chunks_exact_mut(VECTOR).zip(lengths) {
            let length = length.max(1) as f32;
            let scale = 1.0 / length.sqrt();
            for (sum, bias) in row.iter_mut().zip(&self.fold_bias) {
                *sum = (*sum + length * bias) * scale;
            }
        }
        let count = lengths.len();
        let (wide, narrow) = (starts(count * VECTOR, VECTOR), starts(count * NARROW, NARROW));
        let relu = |x: &mut [f32]| x.iter_mut().for_each(|value| *value = value.max(0.0));

        let mut y0 = vec![0.0; count * NARROW];
        kernel.matmul(folded, &wide, &self.d0, &mut y0);
        relu(&mut y0);
        let mut y1 = vec![0.0; count * NARROW];
        kernel.matmul(folded, &wide, &self.p1, &mut y1);
        kernel.matmul(&y0, &narrow, &self.d1, &mut y1);
        relu(&mut y1);
        let mut y2 = vec![0.0; count * VECTOR];
        kernel.matmul(&y1, &narrow, &self.d2, &mut y2);
        relu(&mut y2);
        folded.fill(0.0);
        kernel.matmul(&y1, &narrow, &self.p3, folded);
        kernel.matmul(&y2, &wide, &self.d3, folded);
        kernel.tanh(folded);
        for (row, &length) in folded.chunks_exact_mut(VECTOR).zip(lengths) {
            if length == 0 {
                row.fill(0.0);
            } else {
                kernel.normalise(row);
            }
        }
    }
}

/// The places where rows of `width` numbers start.
fn starts(numbers: usize, width: usize) -> Vec<usize> {
    (0..numbers).step_by(width).collect()
}
