//! Numbers that a translation writes in another way have a counterpart, and other numbers have
//! none. The pairs are in `cases/numbers_right.tsv` and `cases/numbers_wrong.tsv`.

use nasaq::Lexicon;
use nasaq_quality::{CorpusProfile, Feature, QualityScorer, SentencePair};

/// Returns the lines of a table with the number of firm numbers that lack a counterpart.
fn missing(table: &str) -> Vec<(&str, f32)> {
    let scorer = QualityScorer::new(Lexicon::empty(), None);
    let pairs: Vec<SentencePair<'_>> = table
        .lines()
        .map(|line| line.split_once('\t').expect("two columns"))
        .map(|(arabic, english)| SentencePair { arabic, english, kind: None })
        .collect();
    let rated = scorer.score(&pairs, 0, &CorpusProfile::default()).unwrap();
    let missing = rated.iter().map(|rated| rated.features.get(Feature::NumbersMissing).unwrap());
    table.lines().zip(missing).collect()
}

#[test]
fn equal_numbers_in_other_notations_have_a_counterpart() {
    let rows = missing(include_str!("cases/numbers_right.tsv"));
    assert!(rows.len() >= 150, "{}", rows.len());
    let wrong: Vec<_> = rows.iter().filter(|(_, missing)| *missing > 0.0).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn other_numbers_have_none() {
    let rows = missing(include_str!("cases/numbers_wrong.tsv"));
    assert!(rows.len() >= 60, "{}", rows.len());
    let wrong: Vec<_> = rows.iter().filter(|(_, missing)| *missing == 0.0).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
