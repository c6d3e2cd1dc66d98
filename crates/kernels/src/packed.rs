//! A matrix laid out for the micro-kernels.

/// Columns in a panel; every micro-kernel computes a whole panel or an equal part of it.
pub(crate) const PANEL: usize = 32;

/// The right-hand matrix of a product, cut into panels of 32 columns.
///
/// Each panel stores its rows one after the other, so a kernel reads it sequentially. Columns
/// beyond the last are zero.
#[derive(Clone, Debug)]
pub struct Packed {
    data: Vec<f32>,
    rows: usize,
    cols: usize,
}

impl Packed {
    /// Packs a row-major matrix of `rows × cols` numbers.
    ///
    /// # Panics
    /// Where `matrix` does not hold `rows × cols` numbers, or either is zero.
    #[must_use]
    pub fn new(matrix: &[f32], rows: usize, cols: usize) -> Self {
        assert_eq!(matrix.len(), rows * cols, "a matrix of {rows} x {cols}");
        assert!(rows > 0 && cols > 0, "an empty matrix");
        let panels = cols.div_ceil(PANEL);
        let mut data = vec![0.0; panels * rows * PANEL];
        for (panel, block) in data.chunks_exact_mut(rows * PANEL).enumerate() {
            let first = panel * PANEL;
            let width = PANEL.min(cols - first);
            for (row, line) in block.chunks_exact_mut(PANEL).enumerate() {
                let from = row * cols + first;
                line[..width].copy_from_slice(&matrix[from..from + width]);
            }
        }
        Self { data, rows, cols }
    }

    /// Packs the transpose of a row-major matrix of `cols × rows` numbers, for example where each
    /// of its rows is a vector to compare with.
    ///
    /// # Panics
    /// Where `matrix` does not hold `cols × rows` numbers, or either is zero.
    #[must_use]
    pub fn transposed(matrix: &[f32], cols: usize, rows: usize) -> Self {
        assert_eq!(matrix.len(), rows * cols, "a matrix of {cols} x {rows}");
        assert!(rows > 0 && cols > 0, "an empty matrix");
        let mut data = vec![0.0; cols.div_ceil(PANEL) * rows * PANEL];
        for (col, vector) in matrix.chunks_exact(rows).enumerate() {
            let (panel, lane) = (col / PANEL, col % PANEL);
            let block = &mut data[panel * rows * PANEL..][..rows * PANEL];
            for (line, &value) in block.chunks_exact_mut(PANEL).zip(vector) {
                line[lane] = value;
            }
        }
        Self { data, rows, cols }
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

    /// Returns the panels, `rows × 32` numbers each, and the number of columns that are not
    /// padding.
    pub(crate) fn panels(&self) -> impl Iterator<Item = (&[f32], usize)> {
        let cols = self.cols;
        self.data
            .chunks_exact(self.rows * PANEL)
            .enumerate()
            .map(move |(panel, block)| (block, PANEL.min(cols - panel * PANEL)))
    }
}
