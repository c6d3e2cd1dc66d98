//! The lexicon's word on a pair, beside its word on the neighbours.
//!
//! How much of an English text the lexicon finds in an Arabic one depends on both: short and common
//! words are found anywhere. So the pair is compared with the same Arabic text beside other English
//! texts of the block. Rare words weigh more, by how many texts of the block have them.

use std::collections::HashMap;

use super::feature::{Feature, Features};
use super::side::{Kind, Side};
use crate::lexicon::Lexicon;

/// How far off the other texts stand: the nearest for a shift by one, some further off.
const OTHERS: [isize; 8] = [1, -1, 2, -2, 5, -7, 19, -31];
/// Weight that is always without a counterpart, so that one word found is not all.
const NONE: f32 = 2.0;

/// The content words of one English text: stems with their weights, by stem.
struct Target {
    stems: Vec<(u32, f32)>,
    weight: f32,
}

/// The English texts of a block.
pub(super) struct Targets(Vec<Target>);

impl Targets {
    pub(super) fn new<'s, 't: 's>(english: impl Iterator<Item = &'s Side<'t>> + Clone) -> Self {
        let stems = |side: &Side<'_>| -> Vec<u32> {
            let content = side.words.iter().filter(|word| word.kind == Kind::Own && !word.function);
            let mut stems: Vec<u32> = content.filter_map(|word| word.id).collect();
            stems.sort_unstable();
            stems.dedup();
            stems
        };
        let mut texts: HashMap<u32, u32> = HashMap::new();
        let all: Vec<Vec<u32>> = english.map(stems).collect();
        for stem in all.iter().flatten() {
            *texts.entry(*stem).or_default() += 1;
        }
        let count = all.len() as f64 + 1.0;
        let target = |stems: Vec<u32>| {
            let weigh = |stem: u32| (stem, libm::log(count / f64::from(texts[&stem])) as f32);
            let stems: Vec<(u32, f32)> = stems.into_iter().map(weigh).collect();
            Target { weight: stems.iter().map(|(_, weight)| weight).sum(), stems }
        };
        Self(all.into_iter().map(target).collect())
    }

    /// Rates the pair at a place of the block.
    pub(super) fn rate(
        &self,
        at: usize,
        arabic: &Side<'_>,
        lexicon: &Lexicon,
        features: &mut Features,
    ) {
        let mut sources: Vec<u32> = arabic
            .words
            .iter()
            .filter(|word| word.kind == Kind::Own && !word.function)
            .filter_map(|word| word.id)
            .collect();
        sources.sort_unstable();
        sources.dedup();
        let count = self.0.len() as isize;
        let own = self.0[at].found(&sources, lexicon);
        let (Some(own), true) = (own, count > 2 * OTHERS.len() as isize) else { return };
        let places = OTHERS.iter().map(|offset| (at as isize + offset).rem_euclid(count) as usize);
        let best = places
            .filter_map(|place| self.0[place].found(&sources, lexicon))
            .fold(0.0_f32, f32::max);
        features.set(Feature::Lexical, own);
        features.set(Feature::LexicalMargin, own - best);
    }
}

impl Target {
    /// Gives the weighed share of the text that Arabic stems may stand for.
    fn found(&self, sources: &[u32], lexicon: &Lexicon) -> Option<f32> {
        if self.stems.is_empty() || sources.is_empty() {
            return None;
        }
        let mut best = vec![0.0_f32; self.stems.len()];
        for source in sources {
            for entry in lexicon.row(*source) {
                if let Ok(at) = self.stems.binary_search_by_key(&entry.id, |(stem, _)| *stem) {
                    best[at] = best[at].max(entry.similarity);
                }
            }
        }
        let found: f32 = self.stems.iter().zip(&best).map(|((_, w), s)| w * s.sqrt()).sum();
        Some(found / (self.weight + NONE))
    }
}
