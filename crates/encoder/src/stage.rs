//! Where the time of encoding goes: counters by stage, behind the feature `unstable-stages`.
//!
//! Without the feature, [`timed`] is the call of its closure.

/// A stage of encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Text to tokens.
    Tokenizer,
    /// Tokens that the table lacks: unpacking, projection, and products by position.
    NewTokens,
    /// The first convolutions: sums of rows of the table.
    FirstConvolutions,
    /// The second convolutions: products.
    SecondConvolutions,
    /// Embeddings and layer norms.
    Norms,
    /// Sums of features.
    Sums,
    /// The layers from sums to vectors.
    Head,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; 7] = [
        Self::Tokenizer,
        Self::NewTokens,
        Self::FirstConvolutions,
        Self::SecondConvolutions,
        Self::Norms,
        Self::Sums,
        Self::Head,
    ];

    /// Returns the name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tokenizer => "tokenizer",
            Self::NewTokens => "new tokens",
            Self::FirstConvolutions => "first convolutions",
            Self::SecondConvolutions => "second convolutions",
            Self::Norms => "embeddings, layer norms",
            Self::Sums => "sums of features",
            Self::Head => "head",
        }
    }
}

/// What a part of a stage has to do.
#[derive(Clone, Copy, Debug, Default)]
#[cfg_attr(not(feature = "unstable-stages"), expect(dead_code, reason = "not counted"))]
pub(crate) struct Work {
    pub(crate) multiply_adds: usize,
    /// The sizes of what it reads and writes, weights once per call, whether in a cache or not.
    pub(crate) bytes: usize,
}

/// Calls `run` and, with the feature, adds its time and its work to a stage.
#[cfg(not(feature = "unstable-stages"))]
#[inline(always)]
pub(crate) fn timed<T>(_: Stage, _: Work, run: impl FnOnce() -> T) -> T {
    run()
}

#[cfg(feature = "unstable-stages")]
pub(crate) use counted::timed;
#[cfg(feature = "unstable-stages")]
pub use counted::{StageTotal, take_stage_totals};

#[cfg(feature = "unstable-stages")]
mod counted {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Instant;

    use super::{Stage, Work};

    /// Nanoseconds, multiply-adds and bytes of each stage.
    static TOTALS: [[AtomicU64; 3]; Stage::ALL.len()] =
        [const { [const { AtomicU64::new(0) }; 3] }; Stage::ALL.len()];

    /// The time and the work of a stage, over all threads.
    #[derive(Clone, Copy, Debug)]
    #[non_exhaustive]
    pub struct StageTotal {
        /// The stage.
        pub stage: Stage,
        /// The time, added over threads.
        pub seconds: f64,
        /// Multiply-adds of matrix products.
        pub multiply_adds: u64,
        /// The sizes of what it read and wrote, whether in a cache or not.
        pub bytes: u64,
    }

    /// Returns the totals since the last call, and starts from zero.
    pub fn take_stage_totals() -> Vec<StageTotal> {
        let taken = Stage::ALL.into_iter().zip(&TOTALS).map(|(stage, total)| {
            let [nanoseconds, multiply_adds, bytes] =
                total.each_ref().map(|number| number.swap(0, Ordering::Relaxed));
            StageTotal { stage, seconds: nanoseconds as f64 * 1e-9, multiply_adds, bytes }
        });
        taken.collect()
    }

    /// Calls `run` and adds its time and its work to a stage.
    pub(crate) fn timed<T>(stage: Stage, work: Work, run: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = run();
        let total = &TOTALS[stage as usize];
        let nanoseconds = start.elapsed().as_nanos() as u64;
        let added = [nanoseconds, work.multiply_adds as u64, work.bytes as u64];
        for (total, added) in total.iter().zip(added) {
            total.fetch_add(added, Ordering::Relaxed);
        }
        result
    }
}
