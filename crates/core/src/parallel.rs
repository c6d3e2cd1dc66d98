//! The crate's only parallelism: independent rows, results in order.

/// Gives `work(0), work(1), …, work(count - 1)`, worked out side by side where the feature allows.
#[cfg(feature = "rayon")]
pub(crate) fn map<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    use rayon::prelude::*;
    (0..count).into_par_iter().map(work).collect()
}

/// Gives `work(0), work(1), …, work(count - 1)`.
#[cfg(not(feature = "rayon"))]
pub(crate) fn map<T>(count: usize, work: impl Fn(usize) -> T) -> Vec<T> {
    (0..count).map(work).collect()
}
