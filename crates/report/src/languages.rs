//! Which languages stand on which side.

use std::collections::BTreeMap;

use nasaq_text::ScriptCounts;
use serde::Serialize;

use crate::row::Row;

/// Texts that are not in their language are named by whatlang, up to so many.
const NAMED: u64 = 20_000;
/// From this on a side is in its language, and below the second it is not.
const SURE: f64 = 0.75;
const UNSURE: f64 = 0.25;

/// How many pairs have which languages on their sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LanguagePair {
    /// What the Arabic side is in: `Arabic`, `undecided`, `other` or the name of a language.
    pub arabic: String,
    /// What the English side is in, likewise.
    pub english: String,
    /// How many pairs.
    pub pairs: u64,
}

/// Gathers languages.
#[derive(Clone, Debug)]
pub(crate) struct LanguagesBuilder {
    /// The places of `ar_language` and `en_language` among the features.
    columns: [Option<usize>; 2],
    named: u64,
    counts: BTreeMap<[&'static str; 2], u64>,
}

impl LanguagesBuilder {
    pub(crate) fn new(features: &[String]) -> Self {
        let place = |wanted: &str| features.iter().position(|name| name == wanted);
        Self {
            columns: [place("ar_language"), place("en_language")],
            named: 0,
            counts: BTreeMap::new(),
        }
    }

    pub(crate) fn add(&mut self, row: &Row<'_>) {
        let arabic = self.language(0, row.arabic, row, "Arabic");
        let english = self.language(1, row.english, row, "English");
        *self.counts.entry([arabic, english]).or_default() += 1;
    }

    fn language(
        &mut self,
        side: usize,
        text: &str,
        row: &Row<'_>,
        own: &'static str,
    ) -> &'static str {
        let sure = match self.columns[side].and_then(|at| row.features.get(at).copied()) {
            Some(sure) => sure,
            // By the script where nobody has looked closer.
            None => ScriptCounts::of(text).arabic_share().map(|share| {
                let share = f64::from(share);
                if side == 0 { share } else { 1.0 - share }
            }),
        };
        match sure {
            None => "no letters",
            Some(sure) if sure >= SURE => own,
            Some(sure) if sure >= UNSURE => "undecided",
            Some(_) => {
                self.named += 1;
                let found = (self.named <= NAMED).then(|| whatlang::detect(text)).flatten();
                match found {
                    Some(found) if found.is_reliable() && found.lang().eng_name() != own => {
                        found.lang().eng_name()
                    }
                    _ => "other",
                }
            }
        }
    }

    pub(crate) fn finish(self) -> Vec<LanguagePair> {
        let pair = |([arabic, english], pairs): ([&str; 2], u64)| LanguagePair {
            arabic: arabic.to_owned(),
            english: english.to_owned(),
            pairs,
        };
        let mut pairs: Vec<LanguagePair> = self.counts.into_iter().map(pair).collect();
        pairs.sort_by_key(|pair| std::cmp::Reverse(pair.pairs));
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swapped_pair_and_a_foreign_one_are_told() {
        let mut languages = LanguagesBuilder::new(&[]);
        let french = "Le train est arrivé à la gare avant l'aube, et personne ne l'attendait.";
        for (arabic, english) in
            [("وصل القطار", "The train"), ("وصل القطار", "12"), (french, "وصل القطار")]
        {
            languages.add(&Row { arabic, english, ..Row::default() });
        }
        let found = languages.finish();
        assert_eq!(found.len(), 3);
        assert!(found.iter().any(|pair| pair.arabic == "French"));
        assert!(found.iter().any(|pair| pair.english == "no letters"));
    }
}
