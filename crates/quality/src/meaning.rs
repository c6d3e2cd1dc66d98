//! Features from the lexicon: words with a counterpart, runs without one, order and negation.

use hashbrown::HashMap;

use crate::feature::{Feature, Features};
use crate::names::NameMatches;
use crate::side::{PairSide, WordKind};
use nasaq_text::{Language, Lexicon, Translation};

/// How well the words of both sides match words of the other side.
#[derive(Debug)]
pub(super) struct WordMatches {
    /// By Arabic word, from 0 to 1: the square root of its maximum similarity with an English word;
    /// `None` for words that are not content words of the lexicon.
    pub(super) arabic: Vec<Option<f32>>,
    /// The same by English word.
    pub(super) english: Vec<Option<f32>>,
    /// The indices of Arabic words and of their best matches.
    links: Vec<(usize, usize)>,
}

impl WordMatches {
    /// Looks up the words of both sides; `names` are those that match as names.
    pub(super) fn new(
        arabic: &PairSide<'_>,
        english: &PairSide<'_>,
        lexicon: &Lexicon,
        names: &NameMatches,
        are_names: &[bool],
    ) -> Self {
        let content = |side: &PairSide<'_>| -> Vec<Option<f32>> {
            let known = |word: &crate::side::PairWord<'_>| {
                word.kind == WordKind::Native && !word.function && word.id.is_some()
            };
            let value = |word: &crate::side::PairWord<'_>| match word.kind {
                WordKind::Kept => word.id.map(|_| 1.0),
                _ => known(word).then_some(0.0),
            };
            side.words.iter().map(value).collect()
        };
        let mut matches =
            Self { arabic: content(arabic), english: content(english), links: Vec::new() };
        // By English stem: the first word with it, and the maximum over the Arabic words. Each stem
        // is looked up once, however often it occurs.
        let mut targets: HashMap<u32, (usize, f32)> = HashMap::new();
        for (at, word) in english.words.iter().enumerate() {
            if let (Some(id), Some(_), WordKind::Native) = (word.id, matches.english[at], word.kind)
            {
                targets.entry(id).or_insert((at, 0.0));
            }
        }
        // A bit per stem modulo 64: most entries of the lexicon's rows are in no text.
        let present = targets.keys().fold(0_u64, |bits, id| bits | 1 << (id % 64));
        let mut sources: HashMap<u32, (f32, usize)> = HashMap::new();
        for (index, word) in arabic.words.iter().enumerate() {
            let (Some(id), Some(_), WordKind::Native) = (word.id, matches.arabic[index], word.kind)
            else {
                continue;
            };
            let (best, at) = *sources
                .entry(id)
                .or_insert_with(|| best_target(lexicon.arabic_row(id), present, &mut targets));
            matches.arabic[index] = Some(best);
            if best > 0.3 {
                matches.links.push((index, at));
            }
        }
        for (at, word) in english.words.iter().enumerate() {
            if let (Some(id), Some(_), WordKind::Native) = (word.id, matches.english[at], word.kind)
            {
                matches.english[at] = Some(targets[&id].1);
            }
        }
        for (at, is_matched) in names.arabic.iter().enumerate() {
            if *is_matched {
                matches.arabic[at] = Some(1.0);
            }
        }
        for (at, is_name) in are_names.iter().enumerate() {
            if *is_name && names.english[at] {
                matches.english[at] = Some(1.0);
            }
        }
        matches
    }

    pub(super) fn rate(&self, features: &mut Features) {
        features.set_some(Feature::ArCoverage, mean(&self.arabic));
        features.set_some(Feature::EnCoverage, mean(&self.english));
        features.set(Feature::ArGap, gap(&self.arabic));
        features.set(Feature::EnGap, gap(&self.english));
        features.set_some(Feature::Order, self.order());
    }

    /// Returns Kendall's rank correlation of the positions of matching words; `None` if there are
    /// too few.
    fn order(&self) -> Option<f32> {
        let mut links = self.links.clone();
        links.sort_unstable();
        let (mut up, mut down) = (0_i64, 0_i64);
        for (at, (a, b)) in links.iter().enumerate() {
            // Only near words are compared: distant ones carry little information, and all pairs of
            // a long text would take quadratic time.
            for (c, d) in &links[at + 1..links.len().min(at + 30)] {
                match (c.cmp(a), d.cmp(b)) {
                    (std::cmp::Ordering::Equal, _) | (_, std::cmp::Ordering::Equal) => {}
                    (_, std::cmp::Ordering::Greater) => up += 1,
                    (_, std::cmp::Ordering::Less) => down += 1,
                }
            }
        }
        (links.len() >= 4 && up + down > 0)
            .then(|| ((up - down) as f64 / (up + down) as f64) as f32)
    }
}

/// Returns the maximum square root of a similarity of an Arabic stem with an English stem of the
/// text, and the first word with that stem. Raises the scores of the English stems.
fn best_target(
    row: &[Translation],
    present: u64,
    targets: &mut HashMap<u32, (usize, f32)>,
) -> (f32, usize) {
    let mut best = (0.0_f32, 0);
    for entry in row.iter().filter(|entry| present >> (entry.id % 64) & 1 == 1) {
        if let Some((at, score)) = targets.get_mut(&entry.id) {
            let root = entry.similarity.sqrt();
            *score = score.max(root);
            if root > best.0 {
                best = (root, *at);
            }
        }
    }
    best
}

fn mean(matches: &[Option<f32>]) -> Option<f32> {
    let known: Vec<f32> = matches.iter().flatten().copied().collect();
    (!known.is_empty()).then(|| known.iter().sum::<f32>() / known.len() as f32)
}

/// Returns the maximum, over all runs of words, of the sum of the deficits of their scores relative
/// to the mean score. It is divided by the square root of the number of words, at which the maximum
/// of random deficits grows.
fn gap(matches: &[Option<f32>]) -> f32 {
    let Some(mean) = mean(matches) else { return 0.0 };
    let (mut worst, mut here, mut words) = (0.0_f32, 0.0_f32, 0_u32);
    for score in matches.iter().flatten() {
        here = (here + mean - score).max(0.0);
        worst = worst.max(here);
        words += 1;
    }
    worst / f64::from(words).sqrt() as f32
}

/// The number of known words that are added to each text, so that one unknown word in a short text
/// does not dominate.
const PRIOR_KNOWN: usize = 4;

/// Returns the share of the words of a side that are in the lexicon or are function words. Names
/// and foreign words do not count.
pub(super) fn known(side: &PairSide<'_>, are_names: &[bool]) -> Option<f32> {
    let is_name = |at: usize| are_names.get(at).copied().unwrap_or(false);
    let mut words = 0;
    let mut known = 0;
    for (at, word) in side.words.iter().enumerate() {
        if word.kind == WordKind::Native && !is_name(at) {
            words += 1;
            known += usize::from(word.function || word.id.is_some());
        }
    }
    (words > 0).then(|| (known + PRIOR_KNOWN) as f32 / (words + PRIOR_KNOWN) as f32)
}

/// Returns the number of negations in the Arabic side minus that in the English side, from -3 to 3.
pub(super) fn negation(arabic: &PairSide<'_>, english: &PairSide<'_>) -> f32 {
    let count = |side: &PairSide<'_>| {
        let next = |at: usize| side.words.get(at + 1).map_or("", |word| word.text);
        let words = side.words.iter().enumerate();
        words.filter(|(at, word)| negates(word.text, side.language) && !affirms(next(*at))).count()
    };
    (count(arabic) as f32 - count(english) as f32).clamp(-3.0, 3.0)
}

/// Returns whether لا or ما before the word does not negate: لا سيما (especially), لا شك (surely),
/// ما زال (still).
fn affirms(word: &str) -> bool {
    matches!(
        word,
        "سيما"
            | "بد"
            | "شك"
            | "محالة"
            | "ريب"
            | "جرم"
            | "يزال"
            | "تزال"
            | "يزالون"
            | "زال"
            | "زالت"
    )
}

fn negates(word: &str, language: Language) -> bool {
    match language {
        Language::Arabic => {
            let bare =
                word.strip_prefix(['و', 'ف', 'أ']).filter(|rest| rest.chars().nth(1).is_some());
            let negator = |word: &str| {
                matches!(
                    word,
                    "لا" | "لم"
                        | "لن"
                        | "ليس"
                        | "ليست"
                        | "ليسوا"
                        | "لست"
                        | "لسنا"
                        | "غير"
                        | "دون"
                        | "بدون"
                        | "عدم"
                        | "بعدم"
                        | "لعدم"
                        | "لئلا"
                        | "ألا"
                        | "بلا"
                        | "يستحيل"
                        | "ينفي"
                        | "نفى"
                )
            };
            negator(word) || bare.is_some_and(negator)
        }
        Language::English => {
            let lower = word.to_ascii_lowercase();
            lower.ends_with("n't")
                || matches!(
                    &*lower,
                    "not"
                        | "no"
                        | "never"
                        | "none"
                        | "nobody"
                        | "nothing"
                        | "neither"
                        | "nor"
                        | "cannot"
                        | "without"
                        | "unable"
                        | "lack"
                        | "non"
                        | "failed"
                        | "denied"
                        | "fails"
                        | "fail"
                )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_is_that_of_the_worst_run() {
        let yes = Some(1.0);
        let no = Some(0.0);
        assert_eq!(gap(&[yes, no, yes, no]), 0.25);
        assert_eq!(gap(&[yes, yes, no, None, no]), 0.5);
        assert_eq!(gap(&[yes, yes]), 0.0);
        assert_eq!(gap(&[None]), 0.0);
    }
}
