//! The crate's only parallelism: independent items, with results in order.

/// Returns `work(0), work(1), …, work(count - 1)`, computed in parallel where the feature is on.
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

/// Returns `work(i, items[i])` for each item, computed in parallel where the feature is on.
#[cfg(feature = "rayon")]
pub(crate) fn map_owned<I: Send, T: Send>(
    items: Vec<I>,
    work: impl Fn(usize, I) -> T + Sync + Send,
) -> Vec<T> {
    use rayon::prelude::*;
    items.into_par_iter().enumerate().map(|(at, item)| work(at, item)).collect()
}

/// Returns `work(i, items[i])` for each item.
#[cfg(not(feature = "rayon"))]
pub(crate) fn map_owned<I, T>(items: Vec<I>, work: impl Fn(usize, I) -> T) -> Vec<T> {
    items.into_iter().enumerate().map(|(at, item)| work(at, item)).collect()
}
