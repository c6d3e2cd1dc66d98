//! The stems of one side; each is a kind of word.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::NO_KIND;

/// Stems with their kinds: ids in the order of first occurrence.
#[derive(Default)]
pub(super) struct Stems {
    /// All stems, one after another, and where each ends.
    text: String,
    ends: Vec<usize>,
    /// The kinds by their stems.
    kinds: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Stems {
    /// Counts the stems.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the stem of a kind.
    pub(super) fn stem(&self, kind: u32) -> &str {
        stem(&self.text, &self.ends, kind)
    }

    /// Returns the kind of a stem.
    pub(super) fn kind(&self, stem: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(stem);
        self.kinds.find(hash, |&kind| self.stem(kind) == stem).copied()
    }

    /// Returns the kind of a stem, a new one if it has none.
    pub(super) fn kind_or_new(&mut self, new: &str) -> u32 {
        let Self { text, ends, kinds, hasher } = self;
        let hash = hasher.hash_one(new);
        let is_same = |&kind: &u32| stem(text, ends, kind) == new;
        let rehash = |&kind: &u32| hasher.hash_one(stem(text, ends, kind));
        if let Some(&kind) = kinds.find(hash, is_same) {
            return kind;
        }
        let kind = ends.len() as u32;
        kinds.insert_unique(hash, kind, rehash);
        text.push_str(new);
        ends.push(text.len());
        kind
    }

    /// Returns the kinds by the ids of their stems in one language's half of a lexicon of `count`
    /// stems; [`NO_KIND`] for stems that do not occur.
    pub(super) fn by_id(&self, count: usize, id: impl Fn(&str) -> Option<u32>) -> Vec<u32> {
        let mut kinds = vec![NO_KIND; count];
        for kind in 0..self.len() as u32 {
            if let Some(id) = id(self.stem(kind)) {
                kinds[id as usize] = kind;
            }
        }
        kinds
    }
}

fn stem<'t>(text: &'t str, ends: &[usize], kind: u32) -> &'t str {
    let start = if kind == 0 { 0 } else { ends[kind as usize - 1] };
    &text[start..ends[kind as usize]]
}
