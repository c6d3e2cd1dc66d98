//! Kernels for particular CPUs, behind their configuration gates.

#[cfg(target_arch = "aarch64")]
pub(crate) mod aarch64;
#[cfg(target_arch = "x86_64")]
pub(crate) mod x86_64;

/// Gives pointers to the first number of each row.
///
/// # Panics
/// Where a row of `k` numbers from an offset does not lie inside `a`.
#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
#[inline(always)]
fn row_starts<const R: usize, T>(a: &[T], rows: &[usize], k: usize) -> [*const T; R] {
    std::array::from_fn(|r| a[rows[r]..][..k].as_ptr())
}
