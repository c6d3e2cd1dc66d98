//! From the sum of a text's features to its unit vector.

use nasaq_kernels::{Int8Inputs, Kernel, PackedInt8};

use crate::error::Result;
use crate::layer::{LinearLayer, Matrix, Mode, Scale};
use crate::model::Tensors;
use crate::network::{FEATURES, resize};
use crate::stage::{Stage, Work, timed};

/// Length of a sentence vector, and of a folded sum.
pub(crate) const VECTOR: usize = 512;
/// Width of the two narrow layers.
const NARROW: usize = 320;
/// Vectors that are computed together: their intermediate results stay in the cache.
const BATCH: usize = 192;

/// The layers from features to vector.
///
/// The first is linear, so it is applied to sums of features (`fold`), which can then be added and
/// subtracted; the rest (`vectors`) is not.
pub(crate) struct Head {
    fold: LinearLayer,
    fold_bias: Vec<f32>,
    /// The layers by their input: `m` (D₀, P₁), `y₀` (D₁), `y₁` (D₂, P₃), `y₂` (D₃).
    layers: [LinearLayer; 4],
    needs_unit_input: bool,
}

impl Head {
    /// Loads the tensors, for layers that compute in `mode`.
    pub(crate) fn new(tensors: &Tensors<'_>, mode: Mode<'_>) -> Result<Self> {
        let matrix = |name: &str, rows: usize, cols: usize| -> Result<Matrix> {
            Ok(Matrix { numbers: tensors.matrix(name, rows, cols)?, rows, cols })
        };
        let layer = |input: usize, matrices: &[Matrix]| {
            // Only the first input has negative values.
            let width = matrices[0].rows;
            LinearLayer::new(mode, matrices, |scales| {
                Scale::of_head(scales.head[input], width, input == 0)
            })
        };
        Ok(Self {
            // Its inputs are sums of few or of many features, or of differences, of any size.
            fold: LinearLayer::with_row_scales(mode, &[matrix("head.fold", FEATURES, VECTOR)?]),
            fold_bias: tensors.floats("head.fold.bias", Some(VECTOR))?,
            layers: [
                layer(0, &[matrix("head.d0", VECTOR, NARROW)?, matrix("head.p1", VECTOR, NARROW)?]),
                layer(1, &[matrix("head.d1", NARROW, NARROW)?]),
                layer(2, &[matrix("head.d2", NARROW, VECTOR)?, matrix("head.p3", NARROW, VECTOR)?]),
                layer(3, &[matrix("head.d3", VECTOR, VECTOR)?]),
            ],
            needs_unit_input: mode.needs_unit_input(),
        })
    }

    /// Returns the max. inputs of the layers, where they were recorded.
    pub(crate) fn max_inputs(&self) -> [f32; 4] {
        self.layers.each_ref().map(|layer| layer.max_inputs().into_iter().fold(0.0, f32::max))
    }

    /// Multiplies sums of features, 1,280 numbers a row, by the first layer: 512 a row.
    pub(crate) fn fold(&self, kernel: Kernel, scratch: &mut HeadScratch, sums: &[f32]) -> Vec<f32> {
        let rows = starts(sums.len(), FEATURES);
        let work = Work {
            multiply_adds: rows.len() * FEATURES * VECTOR,
            bytes: FEATURES * VECTOR + rows.len() * (FEATURES * 5 + VECTOR * 4),
        };
        timed(Stage::Head, work, || {
            let mut folded = vec![0.0; rows.len() * VECTOR];
            let input = self.fold.input(kernel, sums, FEATURES, &mut scratch.bytes);
            self.fold.write(kernel, 0, &input, &rows, &mut folded);
            folded
        })
    }

    /// Converts folded sums, in place, to the unit vectors of texts of `lengths` tokens.
    ///
    /// A length of zero means no text and results in a vector of zeros.
    pub(crate) fn vectors(
        &self,
        kernel: Kernel,
        scratch: &mut HeadScratch,
        folded: &mut [f32],
        lengths: &[usize],
    ) {
        let batches = folded.chunks_mut(BATCH * VECTOR).zip(lengths.chunks(BATCH));
        for (rows, lengths) in batches {
            let weights =
                VECTOR * 2 * NARROW + NARROW * NARROW + NARROW * 2 * VECTOR + VECTOR * VECTOR;
            let work = Work {
                multiply_adds: lengths.len() * weights,
                bytes: weights + lengths.len() * (VECTOR * 9 + NARROW * 6),
            };
            timed(Stage::Head, work, || self.batch(kernel, scratch, rows, lengths));
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
            kernel.add_scaled(row, length, &self.fold_bias, 1.0 / length.sqrt());
        }
        // The layers up to the tangent have no biases, so their output scales with their input; at
        // unit length one quantisation fits short and long texts.
        let sizes: Vec<f32> = if self.needs_unit_input {
            folded.chunks_exact_mut(VECTOR).map(|row| to_unit(kernel, row)).collect()
        } else {
            Vec::new()
        };
        let layers = self.layers.each_ref().map(LinearLayer::int8);
        if let [Some(m), Some(y0), Some(y1), Some(y2)] = layers {
            int8_layers(kernel, [m, y0, y1, y2], scratch, folded);
        } else {
            self.f32_layers(kernel, scratch, folded);
        }
        for (i, (row, &length)) in folded.chunks_exact_mut(VECTOR).zip(lengths).enumerate() {
            if length == 0 {
                row.fill(0.0);
                continue;
            }
            if let Some(&size) = sizes.get(i) {
                kernel.scale(row, size);
            }
            kernel.tanh(row);
            kernel.normalise(row);
        }
    }

    /// Replaces rows of `m` by those before the tangent.
    fn f32_layers(&self, kernel: Kernel, scratch: &mut HeadScratch, m: &mut [f32]) {
        let count = m.len() / VECTOR;
        let (wide, narrow) = (starts(count * VECTOR, VECTOR), starts(count * NARROW, NARROW));
        let relu = |x: &mut [f32]| x.iter_mut().for_each(|value| *value = value.max(0.0));
        let [from_m, from_y0, from_y1, from_y2] = &self.layers;
        let HeadScratch { bytes, y0, y1, y2, .. } = scratch;
        resize(y0, count * NARROW);
        resize(y1, count * NARROW);
        resize(y2, count * VECTOR);

        let input = from_m.input(kernel, m, VECTOR, bytes);
        from_m.write(kernel, 0, &input, &wide, y0);
        relu(y0);
        from_m.write(kernel, 1, &input, &wide, y1);
        let input = from_y0.input(kernel, y0, NARROW, bytes);
        from_y0.add(kernel, 0, &input, &narrow, y1);
        relu(y1);
        let input = from_y1.input(kernel, y1, NARROW, bytes);
        from_y1.write(kernel, 0, &input, &narrow, y2);
        relu(y2);
        from_y1.write(kernel, 1, &input, &narrow, m);
        let input = from_y2.input(kernel, y2, VECTOR, bytes);
        from_y2.add(kernel, 0, &input, &wide, m);
    }
}

/// Replaces rows of `m` by those before the tangent, in 8-bit integers: each layer writes the
/// quantised inputs of the next one.
fn int8_layers(
    kernel: Kernel,
    layers: [(&[PackedInt8], &Scale); 4],
    scratch: &mut HeadScratch,
    m: &mut [f32],
) {
    let count = m.len() / VECTOR;
    let (wide, narrow) = (starts(count * VECTOR, VECTOR), starts(count * NARROW, NARROW));
    let [(from_m, m_scale), (from_y0, y0_scale), (from_y1, y1_scale), (from_y2, y2_scale)] = layers;
    let HeadScratch { bytes, y0_bytes, y1, y1_bytes, .. } = scratch;
    resize(y0_bytes, count * NARROW);
    resize(y1, count * NARROW);
    resize(y1_bytes, count * NARROW);

    m_scale.write(kernel, m, bytes);
    let input = Int8Inputs { bytes, starts: &wide };
    kernel.relu_int8(input, &from_m[0], None, y0_scale.output(), y0_bytes);
    kernel.write_int8(input, &from_m[1], y1);
    let input = Int8Inputs { bytes: y0_bytes, starts: &narrow };
    kernel.relu_int8(input, &from_y0[0], Some(y1), y1_scale.output(), y1_bytes);
    let input = Int8Inputs { bytes: y1_bytes, starts: &narrow };
    resize(bytes, count * VECTOR);
    kernel.relu_int8(input, &from_y1[0], None, y2_scale.output(), bytes);
    kernel.write_int8(input, &from_y1[1], m);
    kernel.matmul_int8(bytes, &wide, &from_y2[0], m);
}

/// Buffers of [`Head::vectors`].
#[derive(Default)]
pub(crate) struct HeadScratch {
    bytes: Vec<u8>,
    y0: Vec<f32>,
    y0_bytes: Vec<u8>,
    y1: Vec<f32>,
    y1_bytes: Vec<u8>,
    y2: Vec<f32>,
}

/// Scales a row to unit length and returns its previous length.
fn to_unit(kernel: Kernel, row: &mut [f32]) -> f32 {
    let size = kernel.dot(row, row).sqrt();
    kernel.normalise(row);
    size
}

/// Returns the offsets where rows of `width` numbers start.
fn starts(numbers: usize, width: usize) -> Vec<usize> {
    (0..numbers).step_by(width).collect()
}
