//! How often the phrases of a side occur.

use hashbrown::HashMap;

use super::TermSettings;
use super::side::{Gap, TermSide, WordKind};

/// The phrases of one side that occur often enough, and how often.
///
/// A phrase begins with a word that is no function word and goes on without punctuation. Its id is
/// found by that of the phrase without its last word, so a phrase is only counted if that one is
/// frequent.
#[derive(Debug)]
pub(super) struct Phrases {
    /// By the id of a phrase and the stem of a word behind it, the id of the longer phrase. Phrases
    /// of one word have the ids of their stems.
    longer: HashMap<(u32, u32), u32>,
    /// By id, the number of texts.
    counts: Vec<u32>,
    min_count: u32,
}

impl Phrases {
    pub(super) fn count(side: &TermSide, settings: &TermSettings) -> Self {
        let mut phrases = Self {
            longer: HashMap::new(),
            counts: vec![0; side.stems()],
            min_count: settings.min_count,
        };
        let mut last_row = vec![u32::MAX; side.stems()];
        for len in 1..=settings.max_words {
            for row in 0..side.len() {
                phrases.count_in_row(side, row, len, &mut last_row);
            }
        }
        let min_count = phrases.min_count;
        let counts = &phrases.counts;
        phrases.longer.retain(|_, id| counts[*id as usize] >= min_count);
        phrases
    }

    /// Counts the phrases of `len` words of one text, each once. `last_row` has the last text in
    /// which a phrase was counted.
    fn count_in_row(&mut self, side: &TermSide, row: usize, len: usize, last_row: &mut Vec<u32>) {
        let words = side.text(row);
        for start in 0..(words.len() + 1).saturating_sub(len) {
            let id = match len {
                1 => words[start].stem,
                _ => {
                    let Some(shorter) = self.id(side, row, start, len - 1) else { continue };
                    let next = words[start + len - 1];
                    if next.gap == Gap::Break {
                        continue;
                    }
                    let new = self.counts.len() as u32;
                    let id = *self.longer.entry((shorter, next.stem)).or_insert(new);
                    if id == new {
                        self.counts.push(0);
                        last_row.push(u32::MAX);
                    }
                    id
                }
            };
            if last_row[id as usize] != row as u32 {
                last_row[id as usize] = row as u32;
                self.counts[id as usize] += 1;
            }
        }
    }

    /// Returns the id of a phrase that is frequent.
    pub(super) fn id(&self, side: &TermSide, row: usize, start: usize, len: usize) -> Option<u32> {
        let words = &side.text(row)[start..start + len];
        if side.kind(words[0].stem) == WordKind::Function {
            return None;
        }
        let mut id = words[0].stem;
        for word in &words[1..] {
            if word.gap == Gap::Break {
                return None;
            }
            id = *self.longer.get(&(id, word.stem))?;
        }
        (self.count_of(id) >= self.min_count).then_some(id)
    }

    /// Returns the number of texts that contain a phrase.
    pub(super) fn count_of(&self, id: u32) -> u32 {
        self.counts[id as usize]
    }
}
