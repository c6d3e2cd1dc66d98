//! The proof token for the features of the CPU, and the dispatch on it.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

#[cfg(target_arch = "aarch64")]
use crate::arch::aarch64;
#[cfg(target_arch = "x86_64")]
use crate::arch::x86_64;
use crate::packed::{PANEL, Packed};
use crate::rows::Int8RowsRef;
use crate::scalar;

/// Rows of a product that are computed before the next panel: their inputs stay in the cache.
pub(crate) const ROW_BLOCK: usize = 96;

/// An instruction set that has its own kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Isa {
    /// Portable Rust: the specification.
    Scalar,
    /// 64-bit ARM with NEON.
    Neon,
    /// 64-bit ARM with NEON and `dotprod`, which has products of 8-bit integers.
    Dotprod,
    /// As [`Isa::Dotprod`], with `i8mm`, which has products of small matrices of 8-bit integers.
    I8mm,
    /// x86-64 with AVX2 and FMA.
    Avx2,
    /// x86-64 with AVX2, FMA and AVX-VNNI, which has products of 8-bit integers in registers of 256
    /// bits.
    AvxVnni,
    /// x86-64 with AVX-512F.
    Avx512,
    /// x86-64 with AVX-512F, BW and VNNI, which has products of 8-bit integers.
    Vnni,
    /// As [`Isa::Vnni`], with AMX-INT8, which has products of whole tiles of 8-bit integers, where
    /// the operating system allows it.
    Amx,
}

impl Isa {
    /// All instruction sets, slowest first.
    pub const ALL: [Self; 9] = [
        Self::Scalar,
        Self::Neon,
        Self::Dotprod,
        Self::I8mm,
        Self::Avx2,
        Self::AvxVnni,
        Self::Avx512,
        Self::Vnni,
        Self::Amx,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Neon => "neon",
            Self::Dotprod => "dotprod",
            Self::I8mm => "i8mm",
            Self::Avx2 => "avx2",
            Self::AvxVnni => "avx-vnni",
            Self::Avx512 => "avx512",
            Self::Vnni => "vnni",
            Self::Amx => "amx",
        }
    }

    fn is_available(self) -> bool {
        match self {
            Self::Scalar => true,
            Self::Neon => cfg!(target_arch = "aarch64"),
            #[cfg(target_arch = "aarch64")]
            Self::Dotprod => std::arch::is_aarch64_feature_detected!("dotprod"),
            #[cfg(target_arch = "aarch64")]
            Self::I8mm => {
                Self::Dotprod.is_available() && std::arch::is_aarch64_feature_detected!("i8mm")
            }
            #[cfg(not(target_arch = "aarch64"))]
            Self::Dotprod | Self::I8mm => false,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni => Self::Avx2.is_available() && is_x86_feature_detected!("avxvnni"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => Self::Avx2.is_available() && is_x86_feature_detected!("avx512f"),
            #[cfg(target_arch = "x86_64")]
            Self::Vnni => {
                Self::Avx512.is_available()
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vnni")
            }
            #[cfg(target_arch = "x86_64")]
            Self::Amx => Self::Vnni.is_available() && x86_64::is_amx_available(),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::AvxVnni | Self::Avx512 | Self::Vnni | Self::Amx => false,
        }
    }
}

#[cfg(target_arch = "aarch64")]
impl Isa {
    /// Reports whether the set has NEON.
    fn has_neon(self) -> bool {
        matches!(self, Self::Neon | Self::Dotprod | Self::I8mm)
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Isa {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|isa| isa.name() == name).ok_or_else(|| {
            format!("\"{name}\" is not one of scalar, neon, dotprod, i8mm, avx2, avx-vnni, avx512, vnni, amx")
        })
    }
}

/// The kernels of an instruction set that this CPU has.
///
/// A value exists only where the CPU has the features, so it is the proof that calling them is
/// sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kernel(Isa);

/// Calls the kernel of an instruction set; the scalar one where the set has none.
macro_rules! dispatch {
    ($isa:expr, $scalar:ident, $avx2:ident, $avx512:ident, ($($arg:expr),*)) => {
        match $isa {
            // SAFETY: a `Kernel` of this set exists only where the CPU has its features.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 | Isa::Vnni | Isa::Amx => unsafe { x86_64::$avx512($($arg),*) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 | Isa::AvxVnni => unsafe { x86_64::$avx2($($arg),*) },
            _ => scalar::$scalar($($arg),*),
        }
    };
}

impl Kernel {
    /// Returns the kernels of the fastest instruction set that this CPU has.
    #[must_use]
    pub fn detect() -> Self {
        Isa::ALL.into_iter().rev().find_map(Self::new).unwrap_or(Self(Isa::Scalar))
    }

    /// Returns the kernels of an instruction set, or `None` where the CPU lacks it.
    #[must_use]
    pub fn new(isa: Isa) -> Option<Self> {
        isa.is_available().then_some(Self(isa))
    }

    /// Returns the instruction set.
    #[must_use]
    pub fn isa(self) -> Isa {
        self.0
    }

    /// Adds `a[rows[r]..][..b.rows()] · b` to row `r` of `out`, for each `r`.
    ///
    /// The rows may overlap, as the windows of a convolution do. `out` holds
    /// `rows.len() × b.cols()` numbers.
    ///
    /// # Panics
    /// Where a row ends beyond `a`, or `out` has another length.
    pub fn matmul(self, a: &[f32], rows: &[usize], b: &Packed, out: &mut [f32]) {
        let cols = b.cols();
        assert_eq!(out.len(), rows.len() * cols, "{} rows of {cols}", rows.len());
        for (rows, out) in rows.chunks(ROW_BLOCK).zip(out.chunks_mut(ROW_BLOCK * cols)) {
            for (index, (panel, width)) in b.panels().enumerate() {
                let out = &mut out[index * PANEL..];
                match self.0 {
                    // SAFETY: a `Kernel` of this set exists only where the CPU has its features.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx512 | Isa::Vnni | Isa::Amx if width == PANEL => unsafe {
                        x86_64::matmul_panel_avx512(a, rows, panel, out, cols);
                    },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx2 | Isa::AvxVnni if width == PANEL => unsafe {
                        x86_64::matmul_panel_avx2(a, rows, panel, out, cols);
                    },
                    // SAFETY: as above.
                    #[cfg(target_arch = "aarch64")]
                    Isa::Neon | Isa::Dotprod | Isa::I8mm if width == PANEL => unsafe {
                        aarch64::matmul_panel_neon(a, rows, panel, out, cols);
                    },
                    #[cfg(target_arch = "x86_64")]
                    Isa::Amx | Isa::Vnni | Isa::Avx512 | Isa::AvxVnni | Isa::Avx2 => {
                        self.matmul_edge(a, rows, panel, out, cols, width);
                    }
                    _ => scalar::matmul_panel(a, rows, panel, out, cols, width),
                }
            }
        }
    }

    /// Computes the last panel where it has fewer than 32 columns: in a buffer of whole rows, which
    /// is then copied.
    #[cfg(target_arch = "x86_64")]
    fn matmul_edge(
        self,
        a: &[f32],
        rows: &[usize],
        panel: &[f32],
        out: &mut [f32],
        stride: usize,
        width: usize,
    ) {
        let mut whole = vec![0.0; rows.len() * PANEL];
        for r in 0..rows.len() {
            whole[r * PANEL..][..width].copy_from_slice(&out[r * stride..][..width]);
        }
        // SAFETY: a `Kernel` of this set exists only where the CPU has its features.
        unsafe {
            if self.0 >= Isa::Avx512 {
                x86_64::matmul_panel_avx512(a, rows, panel, &mut whole, PANEL);
            } else {
                x86_64::matmul_panel_avx2(a, rows, panel, &mut whole, PANEL);
            }
        }
        for r in 0..rows.len() {
            out[r * stride..][..width].copy_from_slice(&whole[r * PANEL..][..width]);
        }
    }

    /// Quantises numbers to `u8`: `x · inverse + zero`, rounded (ties to even) and clamped to 0 to
    /// 255. NaN becomes 0.
    ///
    /// # Panics
    /// Where the lengths differ.
    pub fn quantise(self, x: &[f32], inverse: &[f32], zero: u8, out: &mut [u8]) {
        assert!(x.len() == inverse.len() && x.len() == out.len(), "vectors of one length");
        let zero = f32::from(zero);
        dispatch!(self.0, quantise, quantise_avx2, quantise_avx512, (x, inverse, zero, out));
    }

    /// Quantises a row to `u8` by a step of its own, by which the largest size becomes `max_code`
    /// above or below `zero`, and returns the step. NaN becomes 0.
    ///
    /// # Panics
    /// Where the lengths differ.
    pub fn quantise_row(self, x: &[f32], max_code: f32, zero: u8, out: &mut [u8]) -> f32 {
        assert_eq!(x.len(), out.len(), "vectors of one length");
        let zero = f32::from(zero);
        dispatch!(
            self.0,
            quantise_row,
            quantise_row_avx2,
            quantise_row_avx512,
            (x, max_code, zero, out)
        )
    }

    /// Converts numbers to the nearest 16-bit floats (IEEE 754 binary16).
    ///
    /// # Panics
    /// Where the lengths differ.
    pub fn to_half(self, x: &[f32], out: &mut [u16]) {
        assert_eq!(x.len(), out.len(), "vectors of one length");
        dispatch!(self.0, to_half, to_half_avx2, to_half_avx512, (x, out));
    }

    /// Returns the dot product of two vectors.
    ///
    /// # Panics
    /// Where their lengths differ.
    #[must_use]
    pub fn dot(self, a: &[f32], b: &[f32]) -> f32 {
        assert_eq!(a.len(), b.len(), "vectors of one length");
        let mut out = [0.0];
        self.dots(a, b, &mut out);
        out[0]
    }

    /// Writes the dot product of `query` with each row of `rows` to `out`.
    ///
    /// # Panics
    /// Where `rows` does not hold `out.len()` rows of the query's length.
    pub fn dots(self, query: &[f32], rows: &[f32], out: &mut [f32]) {
        assert_eq!(rows.len(), query.len() * out.len(), "{} rows of {}", out.len(), query.len());
        if query.is_empty() {
            out.fill(0.0);
            return;
        }
        #[cfg(target_arch = "aarch64")]
        if self.0.has_neon() {
            // SAFETY: a `Kernel` of this set exists only where the CPU has its features.
            unsafe { aarch64::dots_neon(query, rows, out) };
            return;
        }
        dispatch!(self.0, dots, dots_avx2, dots_avx512, (query, rows, out));
    }

    /// Quantises a vector to `i8`, scaled so that its largest component becomes 127 or −127 and
    /// rounded (ties to even). Returns the scale, which is the value of one unit, and the sum of
    /// the integers.
    pub(crate) fn to_int8(self, x: &[f32], out: &mut [i8]) -> (f32, i32) {
        assert_eq!(x.len(), out.len(), "vectors of one length");
        dispatch!(self.0, to_int8, to_int8_avx2, to_int8_avx512, (x, out))
    }

    /// Adds a quantised vector to `sum`; one unit has the value `scale`.
    pub(crate) fn add_int8(self, sum: &mut [f64], bytes: &[i8], scale: f32) {
        assert_eq!(sum.len(), bytes.len(), "vectors of one length");
        dispatch!(self.0, add_int8, add_int8_avx2, add_int8_avx512, (sum, bytes, scale));
    }

    /// Writes the dot products of each of `queries` with each of `rows` to `out`, one row per
    /// query.
    ///
    /// The sums are exact for vectors of up to 2^17 numbers; for longer ones they may overflow.
    ///
    /// # Panics
    /// Where the vectors differ in length, or `out` does not hold one number per pair.
    pub fn dots_int8(self, queries: Int8RowsRef<'_>, rows: Int8RowsRef<'_>, out: &mut [f32]) {
        assert_eq!(out.len(), queries.len() * rows.len(), "{} rows per query", rows.len());
        if out.is_empty() {
            return;
        }
        assert_eq!(queries.dim(), rows.dim(), "vectors of one length");
        match self.0 {
            // SAFETY: a `Kernel` of this set exists only where the CPU has its features.
            #[cfg(target_arch = "x86_64")]
            Isa::Amx | Isa::Vnni => unsafe { x86_64::dots_int8_vnni(queries, rows, out) },
            // SAFETY: as above; every CPU with AVX-512 has AVX2.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 | Isa::AvxVnni | Isa::Avx2 => unsafe {
                x86_64::dots_int8_avx2(queries, rows, out);
            },
            // SAFETY: as above.
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => unsafe { aarch64::dots_int8_neon(queries, rows, out) },
            // SAFETY: as above.
            #[cfg(target_arch = "aarch64")]
            Isa::Dotprod | Isa::I8mm => unsafe { aarch64::dots_int8_dotprod(queries, rows, out) },
            _ => scalar::dots_int8(queries, rows, out),
        }
    }

    /// Returns the dot product of two vectors.
    ///
    /// # Panics
    /// Where a side does not have exactly one vector, or their lengths differ.
    #[must_use]
    pub fn dot_int8(self, a: Int8RowsRef<'_>, b: Int8RowsRef<'_>) -> f32 {
        assert!(a.len() == 1 && b.len() == 1, "one vector on either side");
        let mut out = [0.0];
        self.dots_int8(a, b, &mut out);
        out[0]
    }

    /// Adds `weight` times the maximum of each run of values to `sums`.
    ///
    /// Row `k` of `sums`, which is `stride` numbers long, has the runs of `k + 1` values, by the
    /// index of the first value. Runs that start in `part` are guaranteed to be added. Some before
    /// and after it are added as well, but none beyond the end of the row.
    ///
    /// # Panics
    /// Where `stride` is zero or not a multiple of 16, `sums` does not hold whole rows, `part` ends
    /// beyond them, or there are fewer values than `stride` plus the number of rows.
    pub fn add_run_maxima(
        self,
        values: &[f32],
        weight: f32,
        part: Range<usize>,
        sums: &mut [f32],
        stride: usize,
    ) {
        assert!(stride > 0 && stride.is_multiple_of(scalar::LANES), "rows of {stride} sums");
        assert!(sums.len().is_multiple_of(stride) && part.end <= stride, "whole rows of sums");
        assert!(values.len() >= stride + sums.len() / stride, "values of all runs");
        let part = (part.start, part.end);
        dispatch!(
            self.0,
            add_run_maxima,
            add_run_maxima_avx2,
            add_run_maxima_avx512,
            (values, weight, part, sums, stride)
        );
    }

    /// Normalises each row of `x`, which is as long as `gain`, to mean 0 and variance 1, then scales
    /// by `gain` and shifts by `bias` (Ba, Kiros, Hinton 2016, "Layer Normalization").
    ///
    /// # Panics
    /// Where `x` does not hold whole rows, or `gain` and `bias` differ in length or are empty.
    pub fn layer_norms(self, x: &mut [f32], gain: &[f32], bias: &[f32], epsilon: f32) {
        assert!(x.len().is_multiple_of(gain.len()) && gain.len() == bias.len(), "whole rows");
        #[cfg(target_arch = "aarch64")]
        if self.0.has_neon() {
            // SAFETY: a `Kernel` of this set exists only where the CPU has its features.
            unsafe { aarch64::layer_norms_neon(x, gain, bias, epsilon) };
            return;
        }
        dispatch!(
            self.0,
            layer_norms,
            layer_norms_avx2,
            layer_norms_avx512,
            (x, gain, bias, epsilon)
        );
    }

    /// Replaces each `x` by `max(x, 0) + skip`.
    ///
    /// # Panics
    /// Where the lengths differ.
    pub fn relu_add(self, x: &mut [f32], skip: &[f32]) {
        assert_eq!(x.len(), skip.len(), "vectors of one length");
        dispatch!(self.0, relu_add, relu_add_avx2, relu_add_avx512, (x, skip));
    }

    /// Adds `term` to `sum`, element by element.
    ///
    /// # Panics
    /// Where the lengths differ.
    pub fn add(self, sum: &mut [f32], term: &[f32]) {
        assert_eq!(sum.len(), term.len(), "vectors of one length");
        dispatch!(self.0, add, add_avx2, add_avx512, (sum, term));
    }

    /// Multiplies each number by `factor`.
    pub fn scale(self, x: &mut [f32], factor: f32) {
        dispatch!(self.0, scale, scale_avx2, scale_avx512, (x, factor));
    }

    /// Replaces each `x` by `(x + count · term) · factor`.
    ///
    /// # Panics
    /// Where the lengths differ.
    pub fn add_scaled(self, x: &mut [f32], count: f32, term: &[f32], factor: f32) {
        assert_eq!(x.len(), term.len(), "vectors of one length");
        dispatch!(self.0, add_scaled, add_scaled_avx2, add_scaled_avx512, (x, count, term, factor));
    }

    /// Adds each row of `rows`, which is as long as `sum`, to `sum`, one after the other.
    ///
    /// # Panics
    /// Where `rows` does not hold whole rows, or `sum` is empty.
    pub fn add_rows(self, sum: &mut [f32], rows: &[f32]) {
        assert!(rows.len().is_multiple_of(sum.len()), "rows of one length");
        dispatch!(self.0, add_rows, add_rows_avx2, add_rows_avx512, (sum, rows));
    }

    /// Writes the sum of `rows` to `sum`: as [`Kernel::add_rows`] on zeros.
    ///
    /// # Panics
    /// As [`Kernel::add_rows`].
    pub fn sum_rows(self, sum: &mut [f32], rows: &[f32]) {
        assert!(rows.len().is_multiple_of(sum.len()), "rows of one length");
        dispatch!(self.0, sum_rows, sum_rows_avx2, sum_rows_avx512, (sum, rows));
    }

    /// Converts codes to numbers: `codes · scale + low`.
    ///
    /// # Panics
    /// Where the lengths differ.
    pub fn dequantise(self, codes: &[u8], scale: f32, low: f32, out: &mut [f32]) {
        assert_eq!(codes.len(), out.len(), "vectors of one length");
        dispatch!(self.0, dequantise, dequantise_avx2, dequantise_avx512, (codes, scale, low, out));
    }

    /// Replaces each number by its hyperbolic tangent, within 3e-7.
    pub fn tanh(self, x: &mut [f32]) {
        dispatch!(self.0, tanh, tanh_avx2, tanh_avx512, (x));
    }

    /// Scales `x` to unit length; a vector of zeros is not changed.
    pub fn normalise(self, x: &mut [f32]) {
        let square = self.dot(x, x);
        if square > 0.0 {
            self.scale(x, 1.0 / square.sqrt());
        }
    }
}
