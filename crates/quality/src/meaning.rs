//! What the lexicon says: words with a counterpart, stretches without one, negation, order.

use crate::feature::{Feature, Features};
use crate::side::{Kind, Side};
use nasaq_text::Language;
use nasaq_text::Lexicon;

/// How well the words of both sides are answered.
#[derive(Debug)]
pub(super) struct Answers {
    /// By word, 0 to 1: the root of the greatest similarity; `None` where nothing can be said.
    pub(super) arabic: Vec<Option<f32>>,
    pub(super) english: Vec<Option<f32>>,
    /// Places of words that are each other's best answer.
    links: Vec<(usize, usize)>,
}

impl Answers {
    /// Looks the words of both sides up; names that were answered by their sound are given.
    pub(super) fn new(
        arabic: &Side<'_>,
        english: &Side<'_>,
        lexicon: &Lexicon,
        (arabic_names, english_names): &(Vec<bool>, Vec<bool>),
        are_names: &[bool],
    ) -> Self {
        let content = |side: &Side<'_>| -> Vec<Option<f32>> {
            let known = |word: &crate::side::Word<'_>| {
                word.kind == Kind::Own && !word.function && word.id.is_some()
            };
            side.words.iter().map(|word| known(word).then_some(0.0)).collect()
        };
        let mut answers =
            Self { arabic: content(arabic), english: content(english), links: Vec::new() };
        let mut targets: Vec<(u32, usize)> = english
            .words
            .iter()
            .enumerate()
            .filter(|(at, _)| answers.english[*at].is_some())
            .filter_map(|(at, word)| Some((word.id?, at)))
            .collect();
        targets.sort_unstable();
        for (place, word) in arabic.words.iter().enumerate() {
            let (Some(id), Some(_)) = (word.id, answers.arabic[place]) else { continue };
            let mut best = (0.0_f32, None);
            for entry in lexicon.arabic_row(id) {
                let from = targets.partition_point(|(id, _)| *id < entry.id);
                let root = entry.similarity.sqrt();
                for &(_, at) in targets[from..].iter().take_while(|(id, _)| *id == entry.id) {
                    answers.english[at] = greater(answers.english[at], root);
                    if root > best.0 {
                        best = (root, Some(at));
                    }
                }
            }
            answers.arabic[place] = greater(answers.arabic[place], best.0);
            if let (root, Some(at)) = best
                && root > 0.3
            {
                answers.links.push((place, at));
            }
        }
        for (at, answered) in arabic_names.iter().enumerate() {
            if *answered {
                answers.arabic[at] = Some(1.0);
            }
        }
        for (at, is_name) in are_names.iter().enumerate() {
            if *is_name && english_names[at] {
                answers.english[at] = Some(1.0);
            }
        }
        answers
    }

    pub(super) fn rate(&self, features: &mut Features) {
        features.set_some(Feature::ArCoverage, mean(&self.arabic));
        features.set_some(Feature::EnCoverage, mean(&self.english));
        features.set(Feature::ArGap, gap(&self.arabic));
        features.set(Feature::EnGap, gap(&self.english));
        features.set_some(Feature::Order, self.order());
    }

    /// Kendall's rank correlation of the places of words that answer each other.
    fn order(&self) -> Option<f32> {
        let mut links = self.links.clone();
        links.sort_unstable();
        let (mut up, mut down) = (0_i64, 0_i64);
        for (at, (a, b)) in links.iter().enumerate() {
            // Far places say little, and long texts would cost much.
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

fn greater(known: Option<f32>, value: f32) -> Option<f32> {
    known.map(|known| known.max(value))
}

fn mean(answers: &[Option<f32>]) -> Option<f32> {
    let known: Vec<f32> = answers.iter().flatten().copied().collect();
    (!known.is_empty()).then(|| known.iter().sum::<f32>() / known.len() as f32)
}

/// Gives the greatest lack of any stretch: by how much its words are answered less than the text's
/// words are on average, over the root of their number, as sums of chance grow.
fn gap(answers: &[Option<f32>]) -> f32 {
    let Some(mean) = mean(answers) else { return 0.0 };
    let (mut worst, mut here, mut words) = (0.0_f32, 0.0_f32, 0_u32);
    for answer in answers.iter().flatten() {
        here = (here + mean - answer).max(0.0);
        worst = worst.max(here);
        words += 1;
    }
    worst / f64::from(words).sqrt() as f32
}

/// Words that a text is taken to have known besides its own: one unknown word of one says little.
const KNOWN_BEFORE: usize = 4;

/// Gives the share of a side's words that the lexicon knows; names and foreign words do not count.
pub(super) fn known(side: &Side<'_>, are_names: &[bool]) -> Option<f32> {
    let is_name = |at: usize| are_names.get(at).copied().unwrap_or(false);
    let mut words = 0;
    let mut known = 0;
    for (at, word) in side.words.iter().enumerate() {
        if word.kind == Kind::Own && !is_name(at) {
            words += 1;
            known += usize::from(word.function || word.id.is_some());
        }
    }
    (words > 0).then(|| (known + KNOWN_BEFORE) as f32 / (words + KNOWN_BEFORE) as f32)
}

/// Gives the negations of the Arabic side less those of the English one.
pub(super) fn negation(arabic: &Side<'_>, english: &Side<'_>) -> f32 {
    let count = |side: &Side<'_>| {
        let next = |at: usize| side.words.get(at + 1).map_or("", |word| word.text);
        let words = side.words.iter().enumerate();
        words.filter(|(at, word)| negates(word.text, side.language) && !affirms(next(*at))).count()
    };
    (count(arabic) as f32 - count(english) as f32).clamp(-3.0, 3.0)
}

/// Tells whether a word after لا makes the two affirm: above all, surely, still.
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
    fn gap_is_the_worst_stretch() {
        let yes = Some(1.0);
        let no = Some(0.0);
        assert_eq!(gap(&[yes, no, yes, no]), 0.25);
        assert_eq!(gap(&[yes, yes, no, None, no]), 0.5);
        assert_eq!(gap(&[yes, yes]), 0.0);
        assert_eq!(gap(&[None]), 0.0);
    }
}
