//! The crate's only parallelism: independent items, results in order.

/// Returns `work(0), work(1), …, work(count - 1)`, computed in parallel where the feature allows.
#[cfg(feature = "rayon")]
pub(crate) fn map<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    use rayon::prelude::*;
    (0..count).into_par_iter().map(work).collect()
}

/// Returns `work(0), work(1), …, work(count - 1)`.
#[cfg(not(feature = "rayon"))]
pub(crate) fn map<T>(count: usize, work: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(work).collect()
}
