//! Vectors quantised to `i8`: a quarter of the memory of `f32`, and a third of the time to compare.

use std::ops::Range;

use crate::kernel::Kernel;

/// Numbers of a vector that kernels read at a time; vectors are padded with zeros to a multiple of
/// it.
pub(crate) const WIDE: usize = 64;
/// Bytes in a cache line.
const LINE: usize = 64;

/// Vectors of one length, quantised to `i8`, one after another.
///
/// Each vector has its own scale, by which its largest component becomes 127 or −127. A sum of
/// products of integers is exact, so no order of summation changes it. Rounding changes a component
/// by at most 1/254 of the largest one of its vector. Where components are of similar size, dot
/// products of unit vectors of 512 numbers differ from those in `f32` by about 0.0005; where one
/// component outweighs all others, by up to 0.1.
#[derive(Debug)]
pub struct Int8Rows {
    dim: usize,
    /// Length of a vector, including the padding.
    stride: usize,
    /// Starts with padding, so that the first vector is aligned to a cache line: comparing
    /// unaligned ones takes half as long again.
    numbers: Vec<i8>,
    start: usize,
    /// The value of one unit of each vector.
    scales: Vec<f32>,
    /// 128 times the sum of the integers of each vector: the excess of a kernel whose instruction
    /// needs unsigned integers on one side, to which it adds 128.
    offsets: Vec<i32>,
}

impl Int8Rows {
    /// Creates an empty list with capacity for `count` vectors of `dim` numbers.
    fn with_capacity(dim: usize, count: usize) -> Self {
        // An empty list has a length of zero but needs a stride.
        let stride = dim.max(1).next_multiple_of(WIDE);
        let mut numbers: Vec<i8> = Vec::with_capacity(count * stride + LINE);
        let start = numbers.as_ptr().align_offset(LINE).min(LINE);
        numbers.resize(start, 0);
        let (scales, offsets) = (Vec::with_capacity(count), Vec::with_capacity(count));
        Self { dim, stride, numbers, start, scales, offsets }
    }

    /// Quantises vectors of `dim` numbers, each multiplied by the result of `factor` for it.
    ///
    /// NaN is treated as 0, as are all components of a vector whose largest is below 4e-37.
    ///
    /// # Panics
    /// Where `dim` is zero, or `vectors` does not hold whole vectors.
    #[must_use]
    pub fn new(
        kernel: Kernel,
        vectors: &[f32],
        dim: usize,
        factor: impl Fn(&[f32]) -> f32,
    ) -> Self {
        assert!(vectors.len().is_multiple_of(dim), "whole vectors of {dim}");
        let mut rows = Self::with_capacity(dim, vectors.len() / dim);
        for vector in vectors.chunks_exact(dim) {
            let first = rows.numbers.len();
            rows.numbers.resize(first + rows.stride, 0);
            let (scale, sum) = kernel.to_int8(vector, &mut rows.numbers[first..][..dim]);
            rows.scales.push(scale * factor(vector));
            rows.offsets.push(sum.wrapping_mul(128));
        }
        rows
    }

    /// Copies vectors from several lists.
    ///
    /// # Panics
    /// Where their lengths differ.
    #[must_use]
    pub fn gathered<'r>(parts: impl IntoIterator<Item = Int8RowsRef<'r>>) -> Self {
        let parts: Vec<Int8RowsRef<'r>> = parts.into_iter().collect();
        let dim = parts.first().map_or(0, |part| part.dim);
        let mut rows = Self::with_capacity(dim, parts.iter().map(|part| part.len()).sum());
        for part in parts {
            assert_eq!(part.dim, dim, "vectors of one length");
            rows.numbers.extend_from_slice(part.numbers);
            rows.scales.extend_from_slice(part.scales);
            rows.offsets.extend_from_slice(part.offsets);
        }
        rows
    }

    /// Returns the number of vectors.
    #[must_use]
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    /// Reports whether there are no vectors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }

    /// Returns all vectors.
    #[must_use]
    pub fn all(&self) -> Int8RowsRef<'_> {
        let Self { dim, stride, ref numbers, start, ref scales, ref offsets } = *self;
        Int8RowsRef { dim, stride, numbers: &numbers[start..], scales, offsets }
    }

    /// Returns the sum of all vectors.
    #[must_use]
    pub fn sum(&self, kernel: Kernel) -> Vec<f64> {
        let mut sum = vec![0.0; self.stride];
        let vectors = self.all().numbers().chunks_exact(self.stride);
        for (vector, &scale) in vectors.zip(&self.scales) {
            kernel.add_int8(&mut sum, vector, scale);
        }
        sum.truncate(self.dim);
        sum
    }
}

/// Some of the vectors of [`Int8Rows`], one after another.
#[derive(Clone, Copy, Debug)]
pub struct Int8RowsRef<'r> {
    dim: usize,
    stride: usize,
    numbers: &'r [i8],
    scales: &'r [f32],
    offsets: &'r [i32],
}

impl<'r> Int8RowsRef<'r> {
    /// Returns the number of vectors.
    #[must_use]
    #[inline]
    pub fn len(self) -> usize {
        self.scales.len()
    }

    /// Reports whether there are no vectors.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.scales.is_empty()
    }

    /// Returns the vectors of a range.
    ///
    /// # Panics
    /// Where the range ends beyond the last vector.
    #[must_use]
    #[inline]
    pub fn slice(self, range: Range<usize>) -> Self {
        let (dim, stride) = (self.dim, self.stride);
        Self {
            dim,
            stride,
            numbers: &self.numbers[range.start * stride..range.end * stride],
            scales: &self.scales[range.clone()],
            offsets: &self.offsets[range],
        }
    }

    /// Returns the vectors in chunks of at most `count`.
    ///
    /// # Panics
    /// Where `count` is zero.
    pub fn chunks(self, count: usize) -> impl Iterator<Item = Self> {
        let all = self.len();
        (0..all).step_by(count).map(move |from| self.slice(from..(from + count).min(all)))
    }

    /// Returns the length of a vector.
    #[inline]
    pub(crate) fn dim(self) -> usize {
        self.dim
    }

    /// Returns the length of a vector including the padding: a multiple of [`WIDE`].
    #[inline]
    pub(crate) fn stride(self) -> usize {
        self.stride
    }

    /// Returns the integers of all vectors, each [`Self::stride`] long.
    #[inline]
    pub(crate) fn numbers(self) -> &'r [i8] {
        self.numbers
    }

    /// Returns the value of one unit of each vector.
    #[inline]
    pub(crate) fn scales(self) -> &'r [f32] {
        self.scales
    }

    /// Returns 128 times the sum of the integers of each vector.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    pub(crate) fn offsets(self) -> &'r [i32] {
        self.offsets
    }
}
