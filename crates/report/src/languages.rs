//! Counts the languages of the two sides.

use std::collections::BTreeMap;

use nasaq_text::ScriptCounts;
use serde::Serialize;

use crate::row::ReportRow;

/// Maximum number of texts whose language is detected, as detection is slow.
const MAX_DETECTIONS: u64 = 20_000;
/// Minimum score of a text that is in the expected language.
const MIN_EXPECTED: f64 = 0.75;
/// Minimum score of a text that is undecided; a text below it is in another language.
const MIN_UNDECIDED: f64 = 0.25;

/// The number of pairs with one combination of languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LanguagePairCount {
    /// The language of the Arabic side: `Arabic`, `undecided`, the name of another language,
    /// `other` for an unknown one, or `no letters`.
    pub arabic: String,
    /// The language of the English side, in the same words.
    pub english: String,
    /// The number of pairs.
    pub pairs: u64,
}

/// Collects the languages of pairs.
#[derive(Clone, Debug)]
pub(crate) struct LanguagesBuilder {
    /// The indices of the features `ar_language` and `en_language`.
    features: [Option<usize>; 2],
    detections: u64,
    counts: BTreeMap<[&'static str; 2], u64>,
}

impl LanguagesBuilder {
    pub(crate) fn new(features: &[String]) -> Self {
        let index = |feature: &str| features.iter().position(|name| name == feature);
        Self {
            features: [index("ar_language"), index("en_language")],
            detections: 0,
            counts: BTreeMap::new(),
        }
    }

    pub(crate) fn add(&mut self, row: &ReportRow<'_>) {
        let arabic = self.language(0, row.arabic, row, "Arabic");
        let english = self.language(1, row.english, row, "English");
        *self.counts.entry([arabic, english]).or_default() += 1;
    }

    fn language(
        &mut self,
        side: usize,
        text: &str,
        row: &ReportRow<'_>,
        expected: &'static str,
    ) -> &'static str {
        let score = match self.features[side].and_then(|at| row.features.get(at).copied()) {
            Some(score) => score,
            // Without the feature, the script decides.
            None => ScriptCounts::of(text).arabic_share().map(|share| {
                let share = f64::from(share);
                if side == 0 { share } else { 1.0 - share }
            }),
        };
        match score {
            None => "no letters",
            Some(score) if score >= MIN_EXPECTED => expected,
            Some(score) if score >= MIN_UNDECIDED => "undecided",
            Some(_) => {
                self.detections += 1;
                let found =
                    (self.detections <= MAX_DETECTIONS).then(|| whatlang::detect(text)).flatten();
                match found {
                    Some(found) if found.is_reliable() && found.lang().eng_name() != expected => {
                        found.lang().eng_name()
                    }
                    _ => "other",
                }
            }
        }
    }

    pub(crate) fn finish(self) -> Vec<LanguagePairCount> {
        let pair = |([arabic, english], pairs): ([&str; 2], u64)| LanguagePairCount {
            arabic: arabic.to_owned(),
            english: english.to_owned(),
            pairs,
        };
        let mut pairs: Vec<LanguagePairCount> = self.counts.into_iter().map(pair).collect();
        pairs.sort_by_key(|pair| std::cmp::Reverse(pair.pairs));
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_in_other_languages_are_recognised() {
        let mut languages = LanguagesBuilder::new(&[]);
        let french = "Le train est arrivé à la gare avant l'aube, et personne ne l'attendait.";
        for (arabic, english) in
            [("وصل القطار", "The train"), ("وصل القطار", "12"), (french, "وصل القطار")]
        {
            languages.add(&ReportRow::new(arabic, english));
        }
        let found = languages.finish();
        assert_eq!(found.len(), 3);
        assert!(found.iter().any(|pair| pair.arabic == "French"));
        assert!(found.iter().any(|pair| pair.english == "no letters"));
    }
}
