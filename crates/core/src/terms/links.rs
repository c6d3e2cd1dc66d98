//! Which words of a pair translate each other.

use hashbrown::HashMap;

use super::side::{TermSide, WordKind};
use super::{MAX_WORDS, TermFinder};

/// The minimum of Dice's coefficient for two words that the lexicon does not link.
const MIN_DICE: f32 = 0.25;
/// The maximum number of links of a word that were learned.
const MAX_LEARNED: usize = 8;

/// Two words, by the ids of their stems, with the strength of their link.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Link {
    tgt: u32,
    weight: f32,
}

/// The links between the words of both sides.
#[derive(Debug)]
pub(super) struct WordLinks {
    /// By the stem of the source.
    links: Vec<Vec<Link>>,
}

impl WordLinks {
    /// Learns the links from the pairs, beside those of the lexicon.
    pub(super) fn learn(finder: &TermFinder<'_>) -> Self {
        let [src, tgt] = &finder.sides;
        let rows = [src, tgt].map(Rows::new);
        let mut together = vec![0_u32; tgt.stems()];
        let mut touched = Vec::new();
        let of_stem = |stem: u32| {
            if src.kind(stem) == WordKind::Function {
                return Vec::new();
            }
            for &row in rows[0].with(stem) {
                for &other in rows[1].stems(row) {
                    if together[other as usize] == 0 {
                        touched.push(other);
                    }
                    together[other as usize] += 1;
                }
            }
            let mut links = Vec::new();
            for other in touched.drain(..) {
                let shared = std::mem::take(&mut together[other as usize]);
                let counts = rows[0].with(stem).len() + rows[1].with(other).len();
                let dice = 2.0 * shared as f32 / counts as f32;
                if shared >= 2 && dice >= MIN_DICE {
                    links.push(Link { tgt: other, weight: dice });
                }
            }
            links.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.tgt.cmp(&b.tgt)));
            links.truncate(MAX_LEARNED);
            add_known(finder, stem, &mut links);
            links
        };
        Self { links: (0..src.stems() as u32).map(of_stem).collect() }
    }

    /// Returns for each word of the source the index of the word of the target that it is linked
    /// with. The strongest links are taken first, of equal ones that of words at like places, and
    /// each word once.
    pub(super) fn of_row(&self, finder: &TermFinder<'_>, row: usize) -> Vec<Option<usize>> {
        let [src, tgt] = finder.sides.each_ref().map(|side| side.text(row));
        let mut found = vec![None; src.len()];
        if src.len().max(tgt.len()) > MAX_WORDS {
            return found;
        }
        let mut places: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, word) in tgt.iter().enumerate() {
            places.entry(word.stem).or_default().push(at);
        }
        let place = |at: usize, len: usize| at as f32 / len as f32;
        let mut candidates = Vec::new();
        for (at, word) in src.iter().enumerate() {
            for link in &self.links[word.stem as usize] {
                for &other in places.get(&link.tgt).into_iter().flatten() {
                    let distance = (place(at, src.len()) - place(other, tgt.len())).abs();
                    candidates.push((link.weight, distance, at, other));
                }
            }
        }
        candidates.sort_by(|a, b| {
            let places = (a.2, a.3).cmp(&(b.2, b.3));
            b.0.total_cmp(&a.0).then(a.1.total_cmp(&b.1)).then(places)
        });
        let mut is_taken = vec![false; tgt.len()];
        for (_, _, at, other) in candidates {
            if found[at].is_none() && !is_taken[other] {
                found[at] = Some(other);
                is_taken[other] = true;
            }
        }
        found
    }
}

/// Adds the links of the lexicon, and of the same word in both languages.
fn add_known(finder: &TermFinder<'_>, stem: u32, links: &mut Vec<Link>) {
    let [src, tgt] = &finder.sides;
    let text = src.stem(stem);
    let mut add = |other: &str, weight: f32| {
        let Some(other) = tgt.stem_id(other) else { return };
        match links.iter_mut().find(|link| link.tgt == other) {
            Some(link) => link.weight = link.weight.max(weight),
            None => links.push(Link { tgt: other, weight }),
        }
    };
    if finder.is_arabic_source {
        finder.lexicon.translations(text).for_each(|(other, weight)| add(other, weight));
    } else {
        finder.lexicon.translations_of_english(text).for_each(|(other, weight)| add(other, weight));
    }
    add(text, 1.0);
}

/// The texts that contain each word, and the words of each text, without function words.
struct Rows {
    rows: Vec<Vec<u32>>,
    bounds: Vec<usize>,
    stems: Vec<u32>,
}

impl Rows {
    fn new(side: &TermSide) -> Self {
        let mut rows = vec![Vec::new(); side.stems()];
        let (mut bounds, mut stems) = (vec![0], Vec::new());
        for row in 0..side.len() {
            let words = side.text(row);
            let first = stems.len();
            if words.len() <= MAX_WORDS {
                let content = words.iter().map(|word| word.stem);
                stems.extend(content.filter(|&stem| side.kind(stem) != WordKind::Function));
            }
            stems[first..].sort_unstable();
            let mut end = first;
            for at in first..stems.len() {
                if end == first || stems[end - 1] != stems[at] {
                    stems[end] = stems[at];
                    end += 1;
                }
            }
            stems.truncate(end);
            for &stem in &stems[first..] {
                rows[stem as usize].push(row as u32);
            }
            bounds.push(end);
        }
        Self { rows, bounds, stems }
    }

    /// Returns the texts that contain a word.
    fn with(&self, stem: u32) -> &[u32] {
        &self.rows[stem as usize]
    }

    /// Returns the words of a text.
    fn stems(&self, row: u32) -> &[u32] {
        &self.stems[self.bounds[row as usize]..self.bounds[row as usize + 1]]
    }
}
