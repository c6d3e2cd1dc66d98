//! Which phrases of a pair translate each other, by the links of their words.

use std::ops::Range;

use hashbrown::HashMap;

use super::TermFinder;
use super::links::WordLinks;
use super::phrases::Phrases;
use super::side::{TermSide, WordKind};

/// Where two phrases that translate each other occur.
#[derive(Clone, Debug, Default)]
pub(super) struct PhrasePair {
    /// In how many pairs.
    pub(super) count: u32,
    /// The first of them.
    pub(super) rows: Vec<u32>,
    last_row: Option<u32>,
    /// The phrases in the first of them.
    pub(super) places: [Range<usize>; 2],
}

/// Phrases of the source and the target by their ids.
pub(super) type PhrasePairs = HashMap<[u32; 2], PhrasePair>;

/// Counts the pairs of phrases.
pub(super) fn count(
    finder: &TermFinder<'_>,
    links: &WordLinks,
    phrases: &[Phrases; 2],
) -> PhrasePairs {
    let mut pairs = PhrasePairs::new();
    for row in 0..finder.pairs() {
        let row_links = RowLinks::new(finder, links.of_row(finder, row), row);
        for start in 0..row_links.to_tgt.len() {
            let left = row_links.to_tgt.len() - start;
            for len in 1..=finder.settings.max_words.min(left) {
                let Some(src) = phrase(&finder.sides[0], &phrases[0], row, start..start + len)
                else {
                    continue;
                };
                for tgt_range in row_links.translations(start..start + len) {
                    let Some(tgt) = phrase(&finder.sides[1], &phrases[1], row, tgt_range.clone())
                    else {
                        continue;
                    };
                    let places = [start..start + len, tgt_range];
                    add(&mut pairs, [src, tgt], row as u32, places, finder.settings.examples);
                }
            }
        }
    }
    pairs
}

fn add(
    pairs: &mut PhrasePairs,
    ids: [u32; 2],
    row: u32,
    places: [Range<usize>; 2],
    examples: usize,
) {
    let pair = pairs.entry(ids).or_default();
    if pair.last_row == Some(row) {
        return;
    }
    if pair.count == 0 {
        pair.places = places;
    }
    pair.last_row = Some(row);
    pair.count += 1;
    // The first is needed for how the phrases are written.
    if pair.rows.len() < examples.max(1) {
        pair.rows.push(row);
    }
}

/// Returns the id of a frequent phrase that may be a term.
fn phrase(side: &TermSide, phrases: &Phrases, row: usize, range: Range<usize>) -> Option<u32> {
    if !side.is_phrase(&side.text(row)[range.clone()]) {
        return None;
    }
    phrases.id(side, row, range.start, range.len())
}

/// The links of the words of a pair.
struct RowLinks {
    to_tgt: Vec<Option<usize>>,
    to_src: Vec<Option<usize>>,
    /// Whether a word can be left without a link in a term.
    is_function: [Vec<bool>; 2],
    max_words: usize,
}

impl RowLinks {
    fn new(finder: &TermFinder<'_>, to_tgt: Vec<Option<usize>>, row: usize) -> Self {
        let is_function = finder.sides.each_ref().map(|side| {
            let is_function = |stem| side.kind(stem) == WordKind::Function;
            side.text(row).iter().map(|word| is_function(word.stem)).collect::<Vec<_>>()
        });
        let mut to_src = vec![None; is_function[1].len()];
        for (src, tgt) in to_tgt.iter().enumerate() {
            if let Some(tgt) = tgt {
                to_src[*tgt] = Some(src);
            }
        }
        Self { to_tgt, to_src, is_function, max_words: finder.settings.max_words }
    }

    /// Returns the phrases of the target that may translate a phrase of the source: its linked
    /// words with what is between them, alone and with a word beside them that has no link. Nothing
    /// in them may be linked with words outside of the phrase, and at least half of the words on
    /// either side must be linked.
    fn translations(&self, src: Range<usize>) -> Vec<Range<usize>> {
        let linked = self.to_tgt[src.clone()].iter().flatten();
        let Some(first) = linked.clone().min().copied() else { return Vec::new() };
        let end = linked.max().map_or(first, |last| last + 1);
        let is_free = |at: usize| {
            self.to_src.get(at).is_some_and(Option::is_none) && !self.is_function[1][at]
        };
        let mut found = Vec::new();
        found.push(first..end);
        let before = first.checked_sub(1).filter(|&at| is_free(at));
        let after = is_free(end).then_some(end + 1);
        found.extend(before.map(|start| start..end));
        found.extend(after.map(|end| first..end));
        found.retain(|tgt| tgt.len() <= self.max_words && self.is_consistent(&src, tgt));
        found
    }

    fn is_consistent(&self, src: &Range<usize>, tgt: &Range<usize>) -> bool {
        let stays = |to: &Option<usize>| to.is_none_or(|at| src.contains(&at));
        let share = |links: &[Option<usize>], is_function: &[bool]| {
            let linked = links.iter().flatten().count();
            let words = is_function.iter().filter(|is_function| !**is_function).count();
            2 * linked >= words
        };
        self.to_src[tgt.clone()].iter().all(stays)
            && share(&self.to_tgt[src.clone()], &self.is_function[0][src.clone()])
            && share(&self.to_src[tgt.clone()], &self.is_function[1][tgt.clone()])
    }
}
