//! How much of the files of a bitext has been read, for progress bars.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the bytes that are read from files, before they are decompressed.
///
/// Clones share one count. Formats that need a file, such as Parquet, are counted only as far as
/// their format had to be found.
#[derive(Clone, Debug, Default)]
pub struct ReadCounter(Arc<AtomicU64>);

impl ReadCounter {
    /// Returns how many bytes have been read.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A file whose bytes are counted.
pub(super) struct CountedFile<R> {
    file: R,
    counter: ReadCounter,
}

impl<R> CountedFile<R> {
    pub(super) fn new(file: R, counter: &ReadCounter) -> Self {
        Self { file, counter: counter.clone() }
    }
}

impl<R: Read> Read for CountedFile<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.counter.0.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_all_files_are_counted() {
        let counter = ReadCounter::default();
        for text in ["one", "three"] {
            let mut file = CountedFile::new(text.as_bytes(), &counter);
            io::copy(&mut file, &mut io::sink()).expect("memory");
        }
        assert_eq!(counter.bytes(), 8);
    }
}
