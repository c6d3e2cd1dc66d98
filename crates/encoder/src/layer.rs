//! Matrices in either precision, and their inputs.

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;

use nasaq_kernels::{Kernel, Packed, PackedInt8};

use crate::head::zero;

/// How exactly the network is reckoned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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

    /// Gives its name: `f32`, `int8`.
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

/// The byte that stands for zero where numbers have both signs, and the greatest size in bytes.
const SIGNED_ZERO: u8 = 128;
const SIGNED_UNITS: f32 = 127.0;

/// How an input's numbers become bytes: a step for each, and what stands for zero.
#[derive(Clone, Debug)]
pub(crate) struct Scale {
    steps: Vec<f32>,
    inverse: Vec<f32>,
    zero: u8,
}

impl Scale {
    /// Makes the scale of an input of the second convolutions, from the greatest size of each number.
    ///
    /// A step of their own for all numbers would cost the weights precision, which take the steps'
    /// ratios up; one step for all would cost it the inputs. So the steps grow with the root of the
    /// sizes (after Xiao et al. 2023, "SmoothQuant"). What is greater than 0.6 of the greatest is rare
    /// and is cut off.
    pub(crate) fn of_branch(most: &[f32]) -> Self {
        const KEPT: f32 = 0.6;
        let greatest = most.iter().copied().fold(0.0, f32::max);
        let steps =
            most.iter().map(|most| KEPT * (most * greatest).sqrt().max(1e-6) / SIGNED_UNITS);
        Self::new(steps.collect(), SIGNED_ZERO)
    }

    /// Makes the scale of an input of the head, of so many numbers whose sizes stay below `most`.
    pub(crate) fn of_head(most: f32, width: usize, is_signed: bool) -> Self {
        let (zero, units) = if is_signed { (SIGNED_ZERO, SIGNED_UNITS) } else { (0, 255.0) };
        Self::new(vec![most / units; width], zero)
    }

    fn new(steps: Vec<f32>, zero: u8) -> Self {
        Self { inverse: steps.iter().map(|step| 1.0 / step).collect(), steps, zero }
    }

    /// Writes rows of numbers as bytes.
    fn write(&self, kernel: Kernel, numbers: &[f32], bytes: &mut Vec<u8>) {
        bytes.truncate(numbers.len());
        bytes.resize(numbers.len(), 0);
        let width = self.inverse.len();
        for (numbers, bytes) in numbers.chunks_exact(width).zip(bytes.chunks_exact_mut(width)) {
            kernel.quantise(numbers, &self.inverse, self.zero, bytes);
        }
    }
}

/// How layers are reckoned.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mode<'s> {
    /// In floats.
    Floats,
    /// In floats, and the sizes of all inputs are noted, to make scales of.
    Watched,
    /// In bytes.
    Bytes(&'s Int8Scales),
}

impl Mode<'_> {
    /// Tells whether inputs of the head are brought to unit length.
    pub(crate) fn needs_units(self) -> bool {
        !matches!(self, Self::Floats)
    }
}

/// The greatest sizes of the inputs of the layers that are reckoned in bytes: the file
/// `assets/int8.toml`.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Int8Scales {
    /// Of each of the 256 numbers of the inputs of the second convolutions, in the branches of 2, 3
    /// and 5 tokens.
    pub branches: [Vec<f32>; 3],
    /// Of all numbers of the head's four inputs.
    pub head: [f32; 4],
}

/// The matrices that one input is multiplied by.
pub(crate) struct Layer {
    matrices: Matrices,
}

enum Matrices {
    Floats(Vec<Packed>),
    Watched(Vec<Packed>, Mutex<Vec<f32>>),
    Bytes(Vec<PackedInt8>, Scale),
    /// Each row of an input has a step of its own.
    OwnSteps(Vec<PackedInt8>),
}

/// A matrix of `rows × cols` numbers, row-major.
pub(crate) struct Matrix {
    pub(crate) numbers: Vec<f32>,
    pub(crate) rows: usize,
    pub(crate) cols: usize,
}

impl Layer {
    /// Packs matrices of the same rows, for inputs of a scale that may repeat within a row: `pick`
    /// finds it among all.
    pub(crate) fn new(
        mode: Mode<'_>,
        matrices: &[Matrix],
        pick: impl Fn(&Int8Scales) -> Scale,
    ) -> Self {
        let matrices = match mode {
            Mode::Floats => Matrices::Floats(floats(matrices)),
            Mode::Watched => Matrices::Watched(floats(matrices), Mutex::default()),
            Mode::Bytes(scales) => {
                let scale = pick(scales);
                let pack = |it: &Matrix| {
                    let steps = scale.steps.repeat(it.rows / scale.steps.len());
                    PackedInt8::new(&it.numbers, it.rows, it.cols, &steps, scale.zero)
                };
                Matrices::Bytes(matrices.iter().map(pack).collect(), scale)
            }
        };
        Self { matrices }
    }

    /// Packs matrices of the same rows, for inputs whose rows are of any size: where it is bytes, each
    /// row's greatest number becomes 127.
    pub(crate) fn with_own_steps(mode: Mode<'_>, matrices: &[Matrix]) -> Self {
        let matrices = match mode {
            Mode::Floats | Mode::Watched => Matrices::Floats(floats(matrices)),
            Mode::Bytes(_) => {
                let pack = |it: &Matrix| {
                    PackedInt8::new(&it.numbers, it.rows, it.cols, &vec![1.0; it.rows], SIGNED_ZERO)
                };
                Matrices::OwnSteps(matrices.iter().map(pack).collect())
            }
        };
        Self { matrices }
    }

    /// Gives the greatest size that each number of the inputs had, where they were watched.
    pub(crate) fn greatest(&self) -> Vec<f32> {
        match &self.matrices {
            Matrices::Watched(_, greatest) => greatest.lock().expect("no panic").clone(),
            Matrices::Floats(_) | Matrices::Bytes(..) | Matrices::OwnSteps(_) => Vec::new(),
        }
    }

    /// Prepares an input of rows of `width` numbers for [`Layer::add`]. `bytes` is a buffer of the
    /// caller's.
    pub(crate) fn input<'i>(
        &self,
        kernel: Kernel,
        numbers: &'i [f32],
        width: usize,
        bytes: &'i mut Vec<u8>,
    ) -> Input<'i> {
        match &self.matrices {
            Matrices::Floats(_) => Input::Floats(numbers),
            Matrices::Watched(_, greatest) => {
                let mut greatest = greatest.lock().expect("no panic");
                greatest.resize(width, 0.0);
                for row in numbers.chunks_exact(width) {
                    for (greatest, number) in greatest.iter_mut().zip(row) {
                        *greatest = greatest.max(number.abs());
                    }
                }
                Input::Floats(numbers)
            }
            Matrices::Bytes(_, scale) => {
                scale.write(kernel, numbers, bytes);
                Input::Bytes(bytes)
            }
            Matrices::OwnSteps(_) => {
                bytes.resize(numbers.len(), 0);
                let mut inverse = vec![0.0; width];
                let rows = numbers.chunks_exact(width).zip(bytes.chunks_exact_mut(width));
                let steps = rows.map(|(numbers, bytes)| {
                    let greatest = numbers.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
                    let step = greatest.max(1e-30) / SIGNED_UNITS;
                    inverse.fill(1.0 / step);
                    kernel.quantise(numbers, &inverse, SIGNED_ZERO, bytes);
                    step
                });
                Input::OwnSteps { steps: steps.collect(), width, bytes }
            }
        }
    }

    /// Adds the products of an input's rows with one of the matrices to `out`.
    pub(crate) fn add(
        &self,
        kernel: Kernel,
        matrix: usize,
        input: &Input<'_>,
        starts: &[usize],
        out: &mut [f32],
    ) {
        match (&self.matrices, input) {
            (
                Matrices::Floats(matrices) | Matrices::Watched(matrices, _),
                Input::Floats(numbers),
            ) => kernel.matmul(numbers, starts, &matrices[matrix], out),
            (Matrices::Bytes(matrices, _), Input::Bytes(bytes)) => {
                kernel.matmul_int8(bytes, starts, &matrices[matrix], out);
            }
            (Matrices::OwnSteps(matrices), Input::OwnSteps { steps, width, bytes }) => {
                let cols = matrices[matrix].cols();
                let mut products = Vec::new();
                zero(&mut products, out.len());
                kernel.matmul_int8(bytes, starts, &matrices[matrix], &mut products);
                let rows = out.chunks_exact_mut(cols).zip(products.chunks_exact(cols));
                for ((out, products), start) in rows.zip(starts) {
                    let step = steps[start / width];
                    out.iter_mut().zip(products).for_each(|(out, product)| *out += step * product);
                }
            }
            _ => unreachable!("an input of the layer's own"),
        }
    }
}

/// An input as a layer takes it.
pub(crate) enum Input<'i> {
    Floats(&'i [f32]),
    Bytes(&'i [u8]),
    OwnSteps {
        /// Of each row of so many numbers.
        steps: Vec<f32>,
        width: usize,
        bytes: &'i [u8],
    },
}

fn floats(matrices: &[Matrix]) -> Vec<Packed> {
    matrices.iter().map(|it| Packed::new(&it.numbers, it.rows, it.cols)).collect()
}
