//! One language of a lexicon: its stems, their ids and their rows.

use std::collections::BTreeMap;

use super::Translation;

/// The interval between stems in the index of prefixes.
const STRIDE: usize = 32;

/// The stems of one language with their translations.
///
/// Almost all stems come from a file and never change; these are sorted and stored in one string,
/// which is fast to load. Stems and rows that are added or changed later are stored separately and
/// take precedence.
#[derive(Clone, Debug, Default)]
pub(super) struct LexiconSide {
    /// The sorted stems, each with a line feed after it.
    keys: String,
    /// By sorted stem: the end of its line feed in `keys`.
    key_ends: Vec<u32>,
    /// The [`prefix`] of every [`STRIDE`]th sorted stem and of the last, for a fast first search.
    prefixes: Vec<u64>,
    /// The rows of the sorted stems, concatenated.
    rows: Vec<Translation>,
    /// By sorted stem: the end of its row in `rows`.
    row_ends: Vec<u32>,
    /// Stems that were added; their ids begin at `key_ends.len()`.
    added: Vec<Box<str>>,
    added_ids: BTreeMap<Box<str>, u32>,
    /// By id: rows that were added or changed.
    changed: BTreeMap<u32, Vec<Translation>>,
}

impl LexiconSide {
    /// Creates a side from sorted stems and their rows.
    pub(super) fn new(
        keys: String,
        key_ends: Vec<u32>,
        rows: Vec<Translation>,
        row_ends: Vec<u32>,
    ) -> Self {
        debug_assert_eq!(key_ends.len(), row_ends.len());
        let mut side = Self { keys, key_ends, rows, row_ends, ..Self::default() };
        let count = side.key_ends.len();
        let sampled = (0..count).step_by(STRIDE).chain(count.checked_sub(1));
        side.prefixes = sampled.map(|index| prefix(side.sorted_stem(index))).collect();
        side
    }

    /// Returns the number of stems with an id.
    pub(super) fn len(&self) -> usize {
        self.key_ends.len() + self.added.len()
    }

    /// Returns the number of entries in all rows.
    pub(super) fn entries(&self) -> usize {
        let changed = |(&id, row): (&u32, &Vec<Translation>)| {
            row.len() as isize - self.sorted_row(id).len() as isize
        };
        self.rows.len().wrapping_add_signed(self.changed.iter().map(changed).sum())
    }

    pub(super) fn stem(&self, id: u32) -> &str {
        let id = id as usize;
        match id.checked_sub(self.key_ends.len()) {
            Some(added) => &self.added[added],
            None => self.sorted_stem(id),
        }
    }

    fn sorted_stem(&self, index: usize) -> &str {
        let line = range(&self.key_ends, index);
        &self.keys[line.start..line.end - 1]
    }

    pub(super) fn id(&self, stem: &str) -> Option<u32> {
        // The beginnings are a few pages that stay in the cache; all stems are not.
        let own = prefix(stem);
        let before = self.prefixes.partition_point(|&other| other < own);
        let after = before + self.prefixes[before..].partition_point(|&other| other == own);
        let is_beyond = before == self.prefixes.len();
        let mut low = before.saturating_sub(1) * STRIDE;
        let mut high = if is_beyond { low } else { (after * STRIDE).min(self.key_ends.len()) };
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.sorted_stem(middle).cmp(stem) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle as u32),
            }
        }
        self.added_ids.get(stem).copied()
    }

    pub(super) fn id_or_new(&mut self, stem: &str) -> u32 {
        self.id(stem).unwrap_or_else(|| {
            let id = self.len() as u32;
            self.added.push(stem.into());
            self.added_ids.insert(stem.into(), id);
            id
        })
    }

    pub(super) fn row(&self, id: u32) -> &[Translation] {
        assert!((id as usize) < self.len(), "no stem has the id {id}");
        if !self.changed.is_empty()
            && let Some(row) = self.changed.get(&id)
        {
            return row;
        }
        self.sorted_row(id)
    }

    /// Returns a row as it was in the file.
    fn sorted_row(&self, id: u32) -> &[Translation] {
        let id = id as usize;
        if id < self.row_ends.len() { &self.rows[range(&self.row_ends, id)] } else { &[] }
    }

    /// Sets one entry of a row; a similarity of 0 removes it.
    pub(super) fn set(&mut self, id: u32, other: u32, similarity: f32) {
        if !self.changed.contains_key(&id) {
            let row = self.sorted_row(id).to_vec();
            self.changed.insert(id, row);
        }
        let Some(row) = self.changed.get_mut(&id) else { return };
        match row.binary_search_by_key(&other, |entry| entry.id) {
            Ok(at) if similarity == 0.0 => drop(row.remove(at)),
            Ok(at) => row[at].similarity = similarity,
            Err(_) if similarity == 0.0 => {}
            Err(at) => row.insert(at, Translation { id: other, similarity }),
        }
    }

    /// Returns the ids of the stems that have entries, ordered by stem.
    pub(super) fn sorted(&self) -> Vec<u32> {
        let mut ids: Vec<u32> =
            (0..self.len() as u32).filter(|&id| !self.row(id).is_empty()).collect();
        if !self.added.is_empty() {
            ids.sort_by_key(|&id| self.stem(id));
        }
        ids
    }
}

/// Returns the first eight bytes of a stem as an integer. Prefixes are ordered as their stems are,
/// or equal.
fn prefix(stem: &str) -> u64 {
    let mut bytes = [0; 8];
    let count = stem.len().min(8);
    bytes[..count].copy_from_slice(&stem.as_bytes()[..count]);
    u64::from_be_bytes(bytes)
}

/// Returns the range that belongs to an index in a list of ends.
fn range(ends: &[u32], index: usize) -> std::ops::Range<usize> {
    let start = if index == 0 { 0 } else { ends[index - 1] as usize };
    start..ends[index] as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stem_is_found_and_no_other() {
        for count in [0, 1, 2, 31, 32, 33, 64, 65, 200] {
            // Many stems share more than eight bytes.
            let stem = |at: usize| format!("{}{:03}", ["كتاب", "a", "aaaaaaaaa"][at % 3], at);
            let mut stems: Vec<String> = (0..count).map(stem).collect();
            stems.sort();
            let keys: String = stems.iter().map(|stem| format!("{stem}\n")).collect();
            let ends = stems.iter().scan(0, |end, stem| {
                *end += stem.len() as u32 + 1;
                Some(*end)
            });
            let side = LexiconSide::new(keys, ends.collect(), Vec::new(), vec![0; count]);
            for (id, stem) in stems.iter().enumerate() {
                assert_eq!(side.id(stem), Some(id as u32), "{stem} of {count}");
                for other in [format!("{stem}0"), stem[..stem.len() - 1].to_owned()] {
                    assert_eq!(side.id(&other), None, "{other} of {count}");
                }
            }
            for other in ["", "0", "aaaaaaaa", "zz", "ي"] {
                assert_eq!(side.id(other), None, "{other} of {count}");
            }
        }
    }
}
