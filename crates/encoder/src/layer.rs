//! Matrices in both precisions, and their inputs.

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;

use nasaq_kernels::{Int8Inputs, Int8Output, Kernel, Packed, PackedInt8, RowSteps};

/// The number format that the network computes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Precision {
    /// 32-bit floats throughout: the reference's vectors, cosine 0.99999 and more.
    F32,
    /// The large matrices in 8-bit integers: more than twice as fast, cosine 0.997 and more.
    /// Alignments are as good.
    #[default]
    Int8,
}

impl Precision {
    /// All precisions.
    pub const ALL: [Self; 2] = [Self::F32, Self::Int8];

    /// Returns the name: `f32`, `int8`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Int8 => "int8",
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Precision {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|precision| precision.name() == name);
        found.ok_or_else(|| format!("\"{name}\" is neither f32 nor int8"))
    }
}

/// The byte that represents zero where values have both signs, and the max. distance from it.
const SIGNED_ZERO: u8 = 128;
const SIGNED_MAX: f32 = 127.0;

/// The quantisation of an input: a step for each column, and the byte that represents zero.
#[derive(Clone, Debug)]
pub(crate) struct Scale {
    steps: Vec<f32>,
    inverse: Vec<f32>,
    zero: u8,
}

impl Scale {
    /// Creates the scale of an input of the second convolutions, from the max. size of each column.
    ///
    /// The weights absorb the ratios of the steps. One step per column, by its own max., would cost
    /// the weights precision; one step for all columns would cost the inputs precision. So the
    /// steps grow with the square root of the sizes (after Xiao et al. 2023, "SmoothQuant"). Inputs
    /// above 0.6 of the max. are rare and are clipped.
    pub(crate) fn of_branch(max_sizes: &[f32]) -> Self {
        const NOT_CLIPPED: f32 = 0.6;
        let max = max_sizes.iter().copied().fold(0.0, f32::max);
        let steps =
            max_sizes.iter().map(|size| NOT_CLIPPED * (size * max).sqrt().max(1e-6) / SIGNED_MAX);
        Self::new(steps.collect(), SIGNED_ZERO)
    }

    /// Creates the scale of an input of the head: `width` columns with sizes of at most `max`.
    pub(crate) fn of_head(max: f32, width: usize, is_signed: bool) -> Self {
        let (zero, units) = if is_signed { (SIGNED_ZERO, SIGNED_MAX) } else { (0, 255.0) };
        Self::new(vec![max / units; width], zero)
    }

    fn new(steps: Vec<f32>, zero: u8) -> Self {
        Self { inverse: steps.iter().map(|step| 1.0 / step).collect(), steps, zero }
    }

    /// Returns how a kernel quantises rows.
    pub(crate) fn output(&self) -> Int8Output<'_> {
        Int8Output { inverse: &self.inverse, zero: self.zero }
    }

    /// Quantises rows of numbers.
    pub(crate) fn write(&self, kernel: Kernel, numbers: &[f32], bytes: &mut Vec<u8>) {
        bytes.truncate(numbers.len());
        bytes.resize(numbers.len(), 0);
        let width = self.inverse.len();
        for (numbers, bytes) in numbers.chunks_exact(width).zip(bytes.chunks_exact_mut(width)) {
            kernel.quantise(numbers, &self.inverse, self.zero, bytes);
        }
    }
}

/// How layers compute.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mode<'s> {
    /// In `f32`.
    F32,
    /// In `f32`, recording the max. sizes of all inputs, from which scales are made.
    Recording,
    /// In 8-bit integers, with these scales.
    Int8(&'s Int8Scales),
}

impl Mode<'_> {
    /// Reports whether inputs of the head are scaled to unit length.
    pub(crate) fn needs_unit_input(self) -> bool {
        !matches!(self, Self::F32)
    }
}

/// The max. sizes of the inputs of the layers that compute in 8-bit integers, as in the file
/// `assets/int8.toml`.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Int8Scales {
    /// For each of the 256 columns of the inputs of the second convolutions, in the branches of 2,
    /// 3 and 5 tokens.
    pub branches: [Vec<f32>; 3],
    /// For each of the four inputs of the head, over all columns.
    pub head: [f32; 4],
}

/// The matrices that one input is multiplied by.
pub(crate) struct LinearLayer {
    matrices: Matrices,
}

enum Matrices {
    F32(Vec<Packed>),
    Recording(Vec<Packed>, Mutex<Vec<f32>>),
    Int8(Vec<PackedInt8>, Scale),
    /// Each row of an input has its own step.
    RowScaled(Vec<PackedInt8>),
}

/// A matrix of `rows × cols` numbers, row-major.
pub(crate) struct Matrix {
    pub(crate) numbers: Vec<f32>,
    pub(crate) rows: usize,
    pub(crate) cols: usize,
}

impl LinearLayer {
    /// Packs matrices of the same number of rows. `pick` chooses the scale of their input, which is
    /// repeated where it is shorter than a row.
    pub(crate) fn new(
        mode: Mode<'_>,
        matrices: &[Matrix],
        pick: impl Fn(&Int8Scales) -> Scale,
    ) -> Self {
        let matrices = match mode {
            Mode::F32 => Matrices::F32(floats(matrices)),
            Mode::Recording => Matrices::Recording(floats(matrices), Mutex::default()),
            Mode::Int8(scales) => {
                let scale = pick(scales);
                let pack = |it: &Matrix| {
                    let steps = scale.steps.repeat(it.rows / scale.steps.len());
                    PackedInt8::new(&it.numbers, it.rows, it.cols, &steps, scale.zero)
                };
                Matrices::Int8(matrices.iter().map(pack).collect(), scale)
            }
        };
        Self { matrices }
    }

    /// Packs matrices of the same number of rows, for inputs whose rows are of any size: in 8-bit
    /// integers, the largest component of each row becomes 127.
    pub(crate) fn with_row_scales(mode: Mode<'_>, matrices: &[Matrix]) -> Self {
        let matrices = match mode {
            Mode::F32 | Mode::Recording => Matrices::F32(floats(matrices)),
            Mode::Int8(_) => {
                let pack = |it: &Matrix| {
                    PackedInt8::new(&it.numbers, it.rows, it.cols, &vec![1.0; it.rows], SIGNED_ZERO)
                };
                Matrices::RowScaled(matrices.iter().map(pack).collect())
            }
        };
        Self { matrices }
    }

    /// Returns the max. size of each column of the inputs, where they were recorded.
    pub(crate) fn max_inputs(&self) -> Vec<f32> {
        match &self.matrices {
            Matrices::Recording(_, max_sizes) => max_sizes.lock().expect("no panic").clone(),
            Matrices::F32(_) | Matrices::Int8(..) | Matrices::RowScaled(_) => Vec::new(),
        }
    }

    /// Prepares an input of rows of `width` numbers for [`LinearLayer::add`]. `bytes` is a reusable
    /// buffer.
    pub(crate) fn input<'i>(
        &self,
        kernel: Kernel,
        numbers: &'i [f32],
        width: usize,
        bytes: &'i mut Vec<u8>,
    ) -> LayerInput<'i> {
        match &self.matrices {
            Matrices::F32(_) => LayerInput::F32(numbers),
            Matrices::Recording(_, max_sizes) => {
                let mut max_sizes = max_sizes.lock().expect("no panic");
                max_sizes.resize(width, 0.0);
                for row in numbers.chunks_exact(width) {
                    for (max, number) in max_sizes.iter_mut().zip(row) {
                        *max = max.max(number.abs());
                    }
                }
                LayerInput::F32(numbers)
            }
            Matrices::Int8(_, scale) => {
                scale.write(kernel, numbers, bytes);
                LayerInput::Int8(bytes)
            }
            Matrices::RowScaled(_) => {
                bytes.resize(numbers.len(), 0);
                let rows = numbers.chunks_exact(width).zip(bytes.chunks_exact_mut(width));
                let steps = rows.map(|(numbers, bytes)| {
                    kernel.quantise_row(numbers, SIGNED_MAX, SIGNED_ZERO, bytes)
                });
                LayerInput::RowScaled { steps: steps.collect(), width, bytes }
            }
        }
    }

    /// Returns the matrices, in 8-bit integers of one scale.
    pub(crate) fn int8(&self) -> Option<(&[PackedInt8], &Scale)> {
        match &self.matrices {
            Matrices::Int8(matrices, scale) => Some((matrices, scale)),
            Matrices::F32(_) | Matrices::Recording(..) | Matrices::RowScaled(_) => None,
        }
    }

    /// Adds the products of an input's rows with one of the matrices to `out`, in `f32`.
    pub(crate) fn add(
        &self,
        kernel: Kernel,
        matrix: usize,
        input: &LayerInput<'_>,
        starts: &[usize],
        out: &mut [f32],
    ) {
        match (&self.matrices, input) {
            (
                Matrices::F32(matrices) | Matrices::Recording(matrices, _),
                LayerInput::F32(numbers),
            ) => {
                kernel.matmul(numbers, starts, &matrices[matrix], out);
            }
            (Matrices::Int8(matrices, _), LayerInput::Int8(bytes)) => {
                kernel.matmul_int8(bytes, starts, &matrices[matrix], out);
            }
            _ => unreachable!("an input that this layer prepared"),
        }
    }

    /// Writes the products of an input's rows with one of the matrices to `out`.
    pub(crate) fn write(
        &self,
        kernel: Kernel,
        matrix: usize,
        input: &LayerInput<'_>,
        starts: &[usize],
        out: &mut [f32],
    ) {
        match (&self.matrices, input) {
            (Matrices::RowScaled(matrices), LayerInput::RowScaled { steps, width, bytes }) => {
                let rows = RowSteps { steps, width: *width };
                kernel.scaled_int8(Int8Inputs { bytes, starts }, rows, &matrices[matrix], out);
            }
            _ => {
                out.fill(0.0);
                self.add(kernel, matrix, input, starts, out);
            }
        }
    }

    /// Writes the products of an input's rows with one of the matrices to `out`, as 16-bit floats.
    /// `products` is a reusable buffer.
    pub(crate) fn write_half(
        &self,
        kernel: Kernel,
        matrix: usize,
        input: &LayerInput<'_>,
        starts: &[usize],
        products: &mut Vec<f32>,
        out: &mut [u16],
    ) {
        match (&self.matrices, input) {
            (Matrices::RowScaled(matrices), LayerInput::RowScaled { steps, width, bytes }) => {
                let (rows, matrix) = (RowSteps { steps, width: *width }, &matrices[matrix]);
                let inputs = Int8Inputs { bytes, starts };
                kernel.scaled_int8_to_half(inputs, rows, matrix, out, matrix.cols());
            }
            _ => {
                products.resize(out.len(), 0.0);
                self.write(kernel, matrix, input, starts, products);
                kernel.to_half(products, out);
            }
        }
    }
}

/// An input in the number format of a layer.
pub(crate) enum LayerInput<'i> {
    F32(&'i [f32]),
    Int8(&'i [u8]),
    RowScaled {
        /// One for each row of `width` numbers.
        steps: Vec<f32>,
        width: usize,
        bytes: &'i [u8],
    },
}

fn floats(matrices: &[Matrix]) -> Vec<Packed> {
    matrices.iter().map(|it| Packed::new(&it.numbers, it.rows, it.cols)).collect()
}
