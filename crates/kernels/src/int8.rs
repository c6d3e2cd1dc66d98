//! Matrices of 8-bit integers: a quarter of the memory of `f32` and, on CPUs with instructions for
//! them, a quarter of the time.
//!
//! An input is a `u8` and a weight an `i8`. A sum of their products is an exact 32-bit integer,
//! which no order of summation changes, so every kernel computes the same integers.

use crate::packed::PANEL;

/// Inputs that a kernel multiplies at a time; a matrix is padded with rows of zeros to a multiple
/// of it.
pub(crate) const STEP: usize = 4;

/// 1.5 · 2^23: adding it to a small number rounds off the fraction, with ties to even.
pub(crate) const ROUNDING: f32 = 12_582_912.0;

/// The right-hand matrix of a product of 8-bit integers, in panels of 32 columns.
///
/// Each column has its own scale, by which its largest weight is 127 (symmetric quantisation
/// by output channel; Jacob et al. 2018, "Quantization and Training of Neural Networks for
/// Efficient Integer-Arithmetic-Only Inference").
#[derive(Clone, Debug)]
pub struct PackedInt8 {
    /// A panel has a line for every four rows, with four weights of each of its 32 columns.
    data: Vec<i8>,
    rows: usize,
    cols: usize,
    /// The value of one unit of the sum of each column, with zeros for the missing columns of the
    /// last panel.
    scales: Vec<f32>,
    /// The sum of each column where all inputs represent zero, with the same padding.
    zeros: Vec<i32>,
}

impl PackedInt8 {
    /// Packs a row-major matrix of `rows × cols` numbers, for inputs `x` that are quantised as
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
        let mut zeros = vec![0; panels * PANEL];
        for (row, (line, step)) in lines_of().enumerate() {
            for (col, weight) in line.iter().enumerate() {
                let scaled = weight * step / scales[col].max(f32::MIN_POSITIVE);
                // Between -127 and 127 by the choice of the scale. Adding and subtracting the
                // constant rounds without a function call.
                let code = (scaled + ROUNDING - ROUNDING) as i8;
                let line = (col / PANEL * lines + row / STEP) * PANEL + col % PANEL;
                data[line * STEP + row % STEP] = code;
                zeros[col] += i32::from(zero) * i32::from(code);
            }
        }
        scales.resize(panels * PANEL, 0.0);
        Self { data, rows, cols, scales, zeros }
    }

    /// Returns the number of rows: the length of the vectors that it multiplies.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the number of columns: the length of a product.
    #[must_use]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Returns the panels.
    pub(crate) fn panels(&self) -> impl Iterator<Item = Panel<'_>> {
        let lines = self.rows.div_ceil(STEP) * PANEL * STEP;
        let (scales, _) = self.scales.as_chunks::<PANEL>();
        let (zeros, _) = self.zeros.as_chunks::<PANEL>();
        let columns = scales.iter().zip(zeros).zip((0..self.cols).step_by(PANEL));
        self.data.chunks_exact(lines).zip(columns).map(|(data, ((scales, zeros), first))| Panel {
            data,
            scales,
            zeros,
            first,
            width: PANEL.min(self.cols - first),
        })
    }
}

/// A panel of a matrix: 32 columns, or the remaining ones.
#[derive(Clone, Copy)]
pub(crate) struct Panel<'m> {
    pub(crate) data: &'m [i8],
    scales: &'m [f32; PANEL],
    zeros: &'m [i32; PANEL],
    /// The index of its first column.
    pub(crate) first: usize,
    /// The number of columns that are not padding.
    pub(crate) width: usize,
}

impl Panel<'_> {
    /// Returns the values of the sums of a row, each added to a number.
    #[inline(always)]
    pub(crate) fn values(&self, sums: &[i32; PANEL], before: &[f32; PANEL]) -> [f32; PANEL] {
        let mut values = *before;
        for column in 0..PANEL {
            // Exact for up to 512 rows, as sums stay below 2^24; beyond that, rounded equally
            // everywhere.
            let sum = (sums[column] - self.zeros[column]) as f32;
            values[column] = sum.mul_add(self.scales[column], before[column]);
        }
        values
    }
}
