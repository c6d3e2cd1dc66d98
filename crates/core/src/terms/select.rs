//! The terms among the pairs of phrases.

use std::cmp::Ordering;

use hashbrown::{HashMap, HashSet};

use super::pairs::{PhrasePair, PhrasePairs};
use super::phrases::Phrases;
use super::{Term, TermFinder};

/// A term is dropped if at least this share of its pairs have it inside the same longer term.
const MAX_NESTED: f32 = 0.8;
/// Of two translations whose scores differ by less than this factor, the longer one is taken: words
/// that always come with a term belong to it.
const LONGER: f32 = 0.95;

/// A pair of phrases with its score.
struct Candidate {
    ids: [u32; 2],
    pair: PhrasePair,
    score: f32,
    /// The number of words of both phrases.
    words: usize,
}

impl Candidate {
    /// Better candidates first.
    fn order(&self, other: &Self) -> Ordering {
        let rank = |it: &Self| it.score / LONGER.powi(it.words as i32);
        rank(other)
            .total_cmp(&rank(self))
            .then(other.pair.count.cmp(&self.pair.count))
            .then(self.ids.cmp(&other.ids))
    }
}

/// Returns the terms, in the order in which a person would want to see them.
pub(super) fn select(
    finder: &TermFinder<'_>,
    phrases: &[Phrases; 2],
    pairs: PhrasePairs,
) -> Vec<Term> {
    let settings = &finder.settings;
    let mut candidates: Vec<Candidate> = pairs
        .into_iter()
        .filter(|(_, pair)| pair.count >= settings.min_count)
        .map(|(ids, pair)| {
            let counts = phrases[0].count_of(ids[0]) + phrases[1].count_of(ids[1]);
            let score = (2.0 * pair.count as f32 - 1.0) / counts as f32;
            let words = pair.places.iter().map(ExactSizeIterator::len).sum();
            Candidate { ids, pair, score: score.min(1.0), words }
        })
        .filter(|candidate| candidate.score >= settings.min_score)
        .collect();
    candidates.sort_by(Candidate::order);
    let mut taken = [HashSet::new(), HashSet::new()];
    candidates.retain(|Candidate { ids, .. }| {
        let is_free = !taken[0].contains(&ids[0]) && !taken[1].contains(&ids[1]);
        if is_free {
            taken[0].insert(ids[0]);
            taken[1].insert(ids[1]);
        }
        is_free
    });
    drop_nested(finder, phrases, &mut candidates);
    candidates.sort_by(|a, b| {
        let rank = |it: &Candidate| it.score * (1.0 + it.pair.count as f32).log2();
        rank(b).total_cmp(&rank(a)).then_with(|| a.order(b))
    });
    let written = Written::of(finder, phrases, &candidates);
    candidates.into_iter().map(|candidate| term(finder, phrases, candidate, &written)).collect()
}

/// Drops terms that are nearly always parts of a longer term.
fn drop_nested(finder: &TermFinder<'_>, phrases: &[Phrases; 2], candidates: &mut Vec<Candidate>) {
    let mut nested: HashMap<[u32; 2], u32> = HashMap::new();
    for Candidate { ids, pair, .. } in &*candidates {
        let row = pair.rows[0] as usize;
        let parts = [0, 1].map(|side| {
            let whole = &pair.places[side];
            let starts = whole.clone();
            let ranges =
                starts.flat_map(|start| (start + 1..=whole.end).map(move |end| start..end));
            let id = |range: std::ops::Range<usize>| {
                phrases[side].id(&finder.sides[side], row, range.start, range.len())
            };
            ranges.filter_map(id).collect::<Vec<u32>>()
        });
        for &src in &parts[0] {
            for &tgt in parts[1].iter().filter(|&&tgt| [src, tgt] != *ids) {
                let most = nested.entry([src, tgt]).or_default();
                *most = pair.count.max(*most);
            }
        }
    }
    candidates.retain(|candidate| {
        let inside = nested.get(&candidate.ids).copied().unwrap_or_default();
        (inside as f32) < MAX_NESTED * candidate.pair.count as f32
    });
}

fn term(
    finder: &TermFinder<'_>,
    phrases: &[Phrases; 2],
    candidate: Candidate,
    written: &[Written; 2],
) -> Term {
    let Candidate { ids: [src, tgt], pair, score, words } = candidate;
    let examples = pair.rows.iter().take(finder.settings.examples);
    Term {
        src: written[0].best(src),
        tgt: written[1].best(tgt),
        count: pair.count,
        src_count: phrases[0].count_of(src),
        tgt_count: phrases[1].count_of(tgt),
        score,
        // Phrases of one word have the ids of their stems.
        is_known: words == 2 && finder.known_similarity(src, tgt) > 0.0,
        examples: examples.map(|&row| u64::from(row)).collect(),
    }
}

/// How the phrases of one side are written, and how often each way.
struct Written(HashMap<u32, HashMap<String, u32>>);

impl Written {
    fn of(finder: &TermFinder<'_>, phrases: &[Phrases; 2], candidates: &[Candidate]) -> [Self; 2] {
        [0, 1].map(|at| {
            let (side, phrases) = (&finder.sides[at], &phrases[at]);
            let wanted: HashSet<u32> = candidates.iter().map(|it| it.ids[at]).collect();
            let mut written: HashMap<u32, HashMap<String, u32>> = HashMap::new();
            for row in 0..side.len() {
                let words = side.text(row).len();
                for start in 0..words {
                    for len in 1..=finder.settings.max_words.min(words - start) {
                        let Some(id) = phrases.id(side, row, start, len) else { continue };
                        if wanted.contains(&id) {
                            let text = side.written(row, start..start + len);
                            *written.entry(id).or_default().entry(text).or_default() += 1;
                        }
                    }
                }
            }
            Self(written)
        })
    }

    /// Returns the most frequent way. Of several it is one in lower case, because a capital may only
    /// be that of a sentence; then the shortest, then the first by its letters.
    fn best(&self, id: u32) -> String {
        let ways = self.0.get(&id).into_iter().flatten();
        let best = ways.max_by(|(a, n), (b, m)| {
            let is_lower = |text: &str| text.starts_with(char::is_lowercase);
            let case = is_lower(a).cmp(&is_lower(b));
            n.cmp(m).then(case).then_with(|| b.len().cmp(&a.len())).then_with(|| b.cmp(a))
        });
        best.map(|(text, _)| text.clone()).unwrap_or_default()
    }
}
