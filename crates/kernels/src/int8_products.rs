//! Products of 8-bit integers, with what follows them in a layer.

#[cfg(target_arch = "aarch64")]
use crate::arch::aarch64;
#[cfg(target_arch = "x86_64")]
use crate::arch::x86_64;
use crate::epilogue::{Add, Epilogue, ReluQuantised, Residual, Scaled, ScaledHalf, Write};
use crate::int8::{PackedInt8, STEP};
use crate::kernel::{Isa, Kernel, ROW_BLOCK};
use crate::read_ahead::ReadAhead;
use crate::scalar;

/// Rows of quantised inputs of a product.
///
/// Row `r` starts at `bytes[starts[r]]`; rows may overlap. Where the number of rows of the matrix is
/// not a multiple of four, up to three bytes after a row are read and have no effect.
#[derive(Clone, Copy, Debug)]
pub struct Int8Inputs<'i> {
    /// The inputs, quantised as the matrix was packed for.
    pub bytes: &'i [u8],
    /// Where each row starts.
    pub starts: &'i [usize],
}

/// The steps of inputs that are quantised row by row.
#[derive(Clone, Copy, Debug)]
pub struct RowSteps<'i> {
    /// The value of one unit of each row.
    pub steps: &'i [f32],
    /// The length of a row, which is the distance between the starts of two.
    pub width: usize,
}

/// The quantisation of outputs: `x · inverse + zero` for each column.
#[derive(Clone, Copy, Debug)]
pub struct Int8Output<'o> {
    /// The reciprocal of the step of each column.
    pub inverse: &'o [f32],
    /// The byte that represents zero.
    pub zero: u8,
}

impl Kernel {
    /// Adds the value of the quantised product `a[rows[r]..][..b.rows()] · b` to row `r` of `out`,
    /// for each `r`.
    ///
    /// See [`Int8Inputs`] for `a` and `rows`. `out` holds `rows.len() × b.cols()` numbers.
    ///
    /// # Panics
    /// Where a row ends beyond `a`, or `out` has another length.
    pub fn matmul_int8(self, a: &[u8], rows: &[usize], b: &PackedInt8, out: &mut [f32]) {
        self.int8_product(Int8Inputs { bytes: a, starts: rows }, b, out, b.cols(), Add);
    }

    /// Writes the values of a quantised product: as [`Kernel::matmul_int8`] on zeros.
    ///
    /// # Panics
    /// As [`Kernel::matmul_int8`].
    pub fn write_int8(self, a: Int8Inputs<'_>, b: &PackedInt8, out: &mut [f32]) {
        self.int8_product(a, b, out, b.cols(), Write);
    }

    /// Writes `max(residual.bias + product, 0) + residual.skip[a.starts[r]..]` to the row at `out[r * stride]`, for
    /// each `r`: a layer with a residual connection. Meanwhile some of `ahead` is fetched.
    ///
    /// # Panics
    /// Where a row ends beyond `a`, the terms of `residual` or `out`.
    pub fn residual_int8(
        self,
        a: Int8Inputs<'_>,
        b: &PackedInt8,
        residual: Residual<'_>,
        ahead: &mut ReadAhead<'_>,
        out: &mut [f32],
        stride: usize,
    ) {
        self.int8_product_ahead(a, b, ahead, out, stride, residual);
    }

    /// Writes the values of a product of inputs that are quantised row by row.
    ///
    /// # Panics
    /// Where a row has no step, and as [`Kernel::matmul_int8`].
    pub fn scaled_int8(
        self,
        a: Int8Inputs<'_>,
        rows: RowSteps<'_>,
        b: &PackedInt8,
        out: &mut [f32],
    ) {
        let RowSteps { steps, width } = rows;
        self.int8_product(a, b, out, b.cols(), Scaled { steps, width });
    }

    /// As [`Kernel::scaled_int8`], in 16-bit floats; row `r` is at `out[r * stride]`.
    ///
    /// # Panics
    /// Where a row has no step or ends beyond `a` or `out`.
    pub fn scaled_int8_to_half(
        self,
        a: Int8Inputs<'_>,
        rows: RowSteps<'_>,
        b: &PackedInt8,
        out: &mut [u16],
        stride: usize,
    ) {
        let RowSteps { steps, width } = rows;
        self.int8_product(a, b, out, stride, ScaledHalf(Scaled { steps, width }));
    }

    /// Writes `max(before[a.starts[r]..] + product, 0)`, quantised for the next layer; `before` is
    /// zero where it is `None`.
    ///
    /// # Panics
    /// Where a row ends beyond `before`, and as [`Kernel::matmul_int8`].
    pub fn relu_int8(
        self,
        a: Int8Inputs<'_>,
        b: &PackedInt8,
        before: Option<&[f32]>,
        to: Int8Output<'_>,
        out: &mut [u8],
    ) {
        let Int8Output { inverse, zero } = to;
        self.int8_product(a, b, out, b.cols(), ReluQuantised { before, inverse, zero });
    }

    /// Computes a product whose rows are `stride` apart.
    fn int8_product<E: Epilogue>(
        self,
        inputs: Int8Inputs<'_>,
        b: &PackedInt8,
        out: &mut [E::Out],
        stride: usize,
        epilogue: E,
    ) {
        let mut nothing = ReadAhead::default();
        self.int8_product_ahead(inputs, b, &mut nothing, out, stride, epilogue);
    }

    /// As `int8_product`, while memory is fetched.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(unused_variables, reason = "other kernels do not fetch")
    )]
    fn int8_product_ahead<E: Epilogue>(
        self,
        inputs: Int8Inputs<'_>,
        b: &PackedInt8,
        ahead: &mut ReadAhead<'_>,
        out: &mut [E::Out],
        stride: usize,
        epilogue: E,
    ) {
        let Int8Inputs { bytes: a, starts: rows } = inputs;
        let (cols, k) = (b.cols(), b.rows().next_multiple_of(STEP));
        if stride == cols {
            assert_eq!(out.len(), rows.len() * cols, "{} rows of {cols}", rows.len());
        }
        let Some(last) = rows.len().checked_sub(1) else { return };
        assert!(stride >= cols && last * stride + cols <= out.len(), "rows inside the output");
        assert!(rows.iter().all(|&from| from + k <= a.len()), "rows of {k} bytes");
        for (rows, out) in rows.chunks(ROW_BLOCK).zip(out.chunks_mut(ROW_BLOCK * stride)) {
            #[cfg(target_arch = "x86_64")]
            let (rows, out) = match x86_64::rows_of_tiles(rows.len(), k) {
                tiles if self.isa() == Isa::Amx && tiles > 0 => {
                    let (tiles, rest) = rows.split_at(tiles);
                    // SAFETY: a `Kernel` of this set exists only where the CPU has its features and
                    // the operating system allows them.
                    unsafe {
                        x86_64::matmul_int8_amx(a, tiles, b.panels(), ahead, out, stride, epilogue);
                    }
                    // The last row of a matrix may end before the next one would start.
                    let done = (tiles.len() * stride).min(out.len());
                    (rest, &mut out[done..])
                }
                _ => (rows, out),
            };
            if rows.is_empty() {
                continue;
            }
            for panel in b.panels() {
                let out = &mut out[panel.first..];
                match self.isa() {
                    // SAFETY: a `Kernel` of this set exists only where the CPU has its features.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Amx | Isa::Vnni => unsafe {
                        x86_64::matmul_int8_panel_vnni(
                            a, rows, panel, ahead, out, stride, epilogue,
                        );
                    },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Isa::AvxVnni => unsafe {
                        x86_64::matmul_int8_panel_avx_vnni(a, rows, panel, out, stride, epilogue);
                    },
                    // SAFETY: as above; every CPU with AVX-512 has AVX2.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx512 | Isa::Avx2 => unsafe {
                        x86_64::matmul_int8_panel_avx2(a, rows, panel, out, stride, epilogue);
                    },
                    // SAFETY: as above.
                    #[cfg(target_arch = "aarch64")]
                    Isa::Neon => unsafe {
                        aarch64::matmul_int8_panel_neon(a, rows, panel, out, stride, epilogue);
                    },
                    // SAFETY: as above.
                    #[cfg(target_arch = "aarch64")]
                    Isa::Dotprod => unsafe {
                        aarch64::matmul_int8_panel_dotprod(a, rows, panel, out, stride, epilogue);
                    },
                    // SAFETY: as above.
                    #[cfg(target_arch = "aarch64")]
                    Isa::I8mm => unsafe {
                        aarch64::matmul_int8_panel_i8mm(a, rows, panel, out, stride, epilogue);
                    },
                    _ => scalar::matmul_int8_panel(a, rows, panel, out, stride, epilogue),
                }
            }
        }
    }
}
