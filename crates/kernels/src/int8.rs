//! Matrices of small integers: a quarter of the memory and, on CPUs with the instructions for it, a
//! quarter of the time.
//!
//! An input is an unsigned byte, a weight a signed one, and a sum of their products an exact 32-bit
//! integer, so no order of summation can change it: every kernel gives the same integers.

use crate::packed::PANEL;

/// Inputs that a kernel takes at a time; a matrix has rows of zeros up to a multiple of it.
pub(crate) const STEP: usize = 4;

/// 1.5 · 2^23: a small number added to it loses what is behind its point, ties to even.
pub(crate) const ROUNDING: f32 = 12_582_912.0;

/// The right-hand matrix of a product of bytes, in panels of 32 columns.
///
/// Each column has a scale of its own, so that its greatest weight is 127 (symmetric quantisation
/// by output channel; Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient
/// Integer-Arithmetic-Only Inference").
#[derive(Clone, Debug)]
pub struct PackedInt8 {
    /// A panel has a line for every four rows: four weights of each of its 32 columns.
    data: Vec<i8>,
    rows: usize,
    cols: usize,
    /// What one unit of a column's sum is worth.
    scales: Vec<f32>,
    /// What a column's sum is for inputs that all stand for zero.
    zeros: Vec<i32>,
}

impl PackedInt8 {
    /// Packs a row-major matrix of `rows × cols` numbers for inputs `x` that come as the bytes
    /// `x / steps[row] + zero`.
    ///
    /// # Panics
    /// Where `matrix` does not hold `rows × cols` numbers, `steps` does not hold `rows`, or either
    /// is zero; where there are more rows than an exact sum allows (65,536).
    #[must_use]
    pub fn new(matrix: &[f32], rows: usize, cols: usize, steps: &[f32], zero: u8) -> Self {
        assert_eq!(matrix.len(), rows * cols, "a matrix of {rows} x {cols}");
        assert_eq!(steps.len(), rows, "a step for each row");
        assert!(rows > 0 && cols > 0, "an empty matrix");
        assert!(rows <= 1 << 16, "{rows} rows");
        let lines_of = || matrix.chunks_exact(cols).zip(steps);
        let mut scales = vec![0.0_f32; cols];
        for (line, step) in lines_of() {
            for (scale, weight) in scales.iter_mut().zip(line) {
                *scale = scale.max((weight * step).abs());
            }
        }
        scales.iter_mut().for_each(|scale| *scale /= 127.0);
        let (lines, panels) = (rows.div_ceil(STEP), cols.div_ceil(PANEL));
        let mut data = vec![0_i8; panels * lines * PANEL * STEP];
        let mut zeros = vec![0; cols];
        for (row, (line, step)) in lines_of().enumerate() {
            for (col, weight) in line.iter().enumerate() {
                let scaled = weight * step / scales[col].max(f32::MIN_POSITIVE);
                // Between -127 and 127 by the choice of the scale; adding and taking off this
                // rounds, and costs no call.
                let code = (scaled + ROUNDING - ROUNDING) as i8;
                let line = (col / PANEL * lines + row / STEP) * PANEL + col % PANEL;
                data[line * STEP + row % STEP] = code;
                zeros[col] += i32::from(zero) * i32::from(code);
            }
        }
        Self { data, rows, cols, scales, zeros }
    }

    /// Gives the number of rows: the length of the vectors that it multiplies.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Gives the number of columns: the length of a product.
    #[must_use]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Gives the panels.
    pub(crate) fn panels(&self) -> impl Iterator<Item = Panel<'_>> {
        let lines = self.rows.div_ceil(STEP) * PANEL * STEP;
        self.data.chunks_exact(lines).enumerate().map(|(panel, data)| {
            let first = panel * PANEL;
            let last = (first + PANEL).min(self.cols);
            Panel {
                data,
                scales: &self.scales[first..last],
                zeros: &self.zeros[first..last],
                first,
            }
        })
    }
}

/// A panel of a matrix: 32 columns, or what is left of them.
#[derive(Clone, Copy)]
pub(crate) struct Panel<'m> {
    pub(crate) data: &'m [i8],
    pub(crate) scales: &'m [f32],
    pub(crate) zeros: &'m [i32],
    /// The number of its first column.
    pub(crate) first: usize,
}

impl Panel<'_> {
    /// Adds what a row's sums are worth to its outputs.
    #[inline(always)]
    pub(crate) fn add(&self, sums: &[i32; PANEL], out: &mut [f32]) {
        let columns = sums.iter().zip(self.zeros).zip(self.scales);
        for (out, ((sum, zero), scale)) in out.iter_mut().zip(columns) {
            // Below 2^24 in size for rows up to 512, and otherwise rounded: the same everywhere.
            *out = ((sum - zero) as f32).mul_add(*scale, *out);
        }
    }
}
