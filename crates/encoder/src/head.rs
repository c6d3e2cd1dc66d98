//! From the sum of a text's features to its unit vector.

use nasaq_kernels::Kernel;

use crate::error::Result;
use crate::layer::{Layer, Matrix, Mode, Scale};
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
    fold: Layer,
    fold_bias: Vec<f32>,
    /// The layers by their input: `m` (D₀, P₁), `y₀` (D₁), `y₁` (D₂, P₃), `y₂` (D₃).
    layers: [Layer; 4],
    needs_units: bool,
}

impl Head {
    /// Takes the tensors; the layers are reckoned as `mode` says.
    pub(crate) fn new(tensors: &Tensors<'_>, mode: Mode<'_>) -> Result<Self> {
        let matrix = |name: &str, rows: usize, cols: usize| -> Result<Matrix> {
            Ok(Matrix { numbers: tensors.matrix(name, rows, cols)?, rows, cols })
        };
        let layer = |input: usize, matrices: &[Matrix]| {
            // Only the first input has numbers below zero.
            let width = matrices[0].rows;
            Layer::new(mode, matrices, |scales| {
                Scale::of_head(scales.head[input], width, input == 0)
            })
        };
        Ok(Self {
            // Sums of few and of many features, and of differences.
            fold: Layer::with_own_steps(mode, &[matrix("head.fold", FEATURES, VECTOR)?]),
            fold_bias: tensors.floats("head.fold.bias", Some(VECTOR))?,
            layers: [
                layer(0, &[matrix("head.d0", VECTOR, NARROW)?, matrix("head.p1", VECTOR, NARROW)?]),
                layer(1, &[matrix("head.d1", NARROW, NARROW)?]),
                layer(2, &[matrix("head.d2", NARROW, VECTOR)?, matrix("head.p3", NARROW, VECTOR)?]),
                layer(3, &[matrix("head.d3", VECTOR, VECTOR)?]),
            ],
            needs_units: mode.needs_units(),
        })
    }

    /// Gives the greatest inputs of the layers, where they were watched.
    pub(crate) fn greatest(&self) -> [f32; 4] {
        self.layers.each_ref().map(|layer| layer.greatest().into_iter().fold(0.0, f32::max))
    }

    /// Multiplies sums of features, 1,280 numbers a row, by the first layer: 512 a row.
    pub(crate) fn fold(&self, kernel: Kernel, sums: &[f32]) -> Vec<f32> {
        let rows = starts(sums.len(), FEATURES);
        let mut folded = Vec::new();
        zero(&mut folded, rows.len() * VECTOR);
        let mut bytes = Vec::new();
        let input = self.fold.input(kernel, sums, FEATURES, &mut bytes);
        self.fold.add(kernel, 0, &input, &rows, &mut folded);
        folded
    }

    /// Turns folded sums, in place, into the unit vectors of texts of `lengths` tokens.
    ///
    /// A length of zero stands for no text and gives a vector of zeros.
    pub(crate) fn vectors(
        &self,
        kernel: Kernel,
        scratch: &mut HeadScratch,
        folded: &mut [f32],
        lengths: &[usize],
    ) {
        let batches = folded.chunks_mut(BATCH * VECTOR).zip(lengths.chunks(BATCH));
        for (rows, lengths) in batches {
            self.batch(kernel, scratch, rows, lengths);
        }
    }

    fn batch(
        &self,
        kernel: Kernel,
        scratch: &mut HeadScratch,
        folded: &mut [f32],
        lengths: &[usize],
    ) {
        for (row, &length) in folded.chunks_exact_mut(VECTOR).zip(lengths) {
            let length = length.max(1) as f32;
            let scale = 1.0 / length.sqrt();
            for (sum, bias) in row.iter_mut().zip(&self.fold_bias) {
                *sum = (*sum + length * bias) * scale;
            }
        }
        // Without biases, all that follows up to the tangent grows with its input; at unit length
        // the bytes' scales suit short and long texts alike.
        let sizes: Vec<f32> = if self.needs_units {
            folded.chunks_exact_mut(VECTOR).map(|row| to_unit(kernel, row)).collect()
        } else {
            Vec::new()
        };
        let count = lengths.len();
        let (wide, narrow) = (starts(count * VECTOR, VECTOR), starts(count * NARROW, NARROW));
        let relu = |x: &mut [f32]| x.iter_mut().for_each(|value| *value = value.max(0.0));
        let [from_m, from_y0, from_y1, from_y2] = &self.layers;
        let HeadScratch { bytes, y0, y1, y2 } = scratch;
        zero(y0, count * NARROW);
        zero(y1, count * NARROW);
        zero(y2, count * VECTOR);

        let m = from_m.input(kernel, folded, VECTOR, bytes);
        from_m.add(kernel, 0, &m, &wide, y0);
        relu(y0);
        from_m.add(kernel, 1, &m, &wide, y1);
        let input = from_y0.input(kernel, y0, NARROW, bytes);
        from_y0.add(kernel, 0, &input, &narrow, y1);
        relu(y1);
        let input = from_y1.input(kernel, y1, NARROW, bytes);
        from_y1.add(kernel, 0, &input, &narrow, y2);
        relu(y2);
        folded.fill(0.0);
        from_y1.add(kernel, 1, &input, &narrow, folded);
        let input = from_y2.input(kernel, y2, VECTOR, bytes);
        from_y2.add(kernel, 0, &input, &wide, folded);
        for (row, size) in folded.chunks_exact_mut(VECTOR).zip(&sizes) {
            row.iter_mut().for_each(|value| *value *= size);
        }
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

/// Buffers of [`Head::vectors`].
#[derive(Default)]
pub(crate) struct HeadScratch {
    bytes: Vec<u8>,
    y0: Vec<f32>,
    y1: Vec<f32>,
    y2: Vec<f32>,
}

/// Makes a buffer that long, of zeros.
///
/// They are written. Zeros that the system gives cost more where sums are added to them: each page is
/// mapped when it is read and again when it is written, and then all threads stop for it.
pub(crate) fn zero(buffer: &mut Vec<f32>, length: usize) {
    buffer.clear();
    buffer.resize(length, 0.0);
}

/// Scales a row to unit length and gives the length that it had.
fn to_unit(kernel: Kernel, row: &mut [f32]) -> f32 {
    let size = kernel.dot(row, row).sqrt();
    kernel.normalise(row);
    size
}

/// The places where rows of `width` numbers start.
fn starts(numbers: usize, width: usize) -> Vec<usize> {
    (0..numbers).step_by(width).collect()
}
