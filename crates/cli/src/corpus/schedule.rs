//! In which order documents are worked on.

use std::cmp::Reverse;

use super::entry::Entry;
use super::shards::Shards;

/// A document of fewer bytes is never worth all threads.
const LARGE: u64 = 256 << 10;

/// Puts documents in the order in which they are worked on: those that would keep one thread busy
/// long after the others, to be done one at a time with all threads; then the others by shard, so
/// that few shards are open at a time, and the largest first.
pub(crate) fn schedule(
    entries: &[Entry],
    documents: impl Iterator<Item = usize>,
    shards: Option<&Shards>,
    threads: usize,
) -> (Vec<usize>, Vec<usize>) {
    let mut documents: Vec<usize> = documents.collect();
    let size = |document: usize| entries[document].text_bytes();
    let total: u64 = documents.iter().map(|&document| size(document)).sum();
    let count = documents.len();
    documents.sort_by_key(|&document| Reverse(size(document)));
    let (large, mut small): (Vec<usize>, Vec<usize>) =
        documents.into_iter().partition(|&document| {
            let share = size(document).saturating_mul(4 * threads as u64);
            threads > 1 && share > total && (size(document) > LARGE || count < threads)
        });
    if let Some(shards) = shards {
        small.sort_by_key(|&document| shards.of(document));
    }
    (large, small)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::entry::Place;
    use super::*;

    fn entries(sizes: &[u64]) -> Vec<Entry> {
        let place = || Place::File(PathBuf::new());
        let entry = |&size: &u64| Entry {
            id: String::new(),
            places: [place(), place()],
            bytes: [size, 0],
            row: None,
        };
        sizes.iter().map(entry).collect()
    }

    #[test]
    fn the_largest_go_first_and_the_huge_alone() {
        let entries = entries(&[10, 30, 20, 30, 100 << 20]);
        assert_eq!(schedule(&entries, 0..5, None, 2), (vec![4], vec![1, 3, 2, 0]));
        assert_eq!(schedule(&entries, 0..5, None, 1), (vec![], vec![4, 1, 3, 2, 0]));
        let shards = Shards::new(2, 5);
        assert_eq!(schedule(&entries, 0..5, Some(&shards), 2), (vec![4], vec![1, 0, 3, 2]));
    }

    #[test]
    fn the_only_document_has_all_threads() {
        assert_eq!(schedule(&entries(&[10]), 0..1, None, 2), (vec![0], vec![]));
        assert_eq!(schedule(&entries(&[10, 10]), 0..2, None, 2).0, Vec::<usize>::new());
    }
}
