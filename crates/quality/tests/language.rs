//! Other languages of the Arabic script, and Arabic in Latin letters, are recognised; Arabic, its
//! dialects and its orthographies are not taken for them. The lines are in `cases/language/`.

use std::sync::LazyLock;

use nasaq::Lexicon;
use nasaq_quality::{CorpusProfile, Feature, QualityScorer, SentencePair};

static SCORER: LazyLock<QualityScorer<'static>> =
    LazyLock::new(|| QualityScorer::new(Lexicon::builtin(), None));

/// The bound of the default filter for each side.
const MIN_ARABIC: f32 = 0.1;
const MIN_ENGLISH: f32 = 0.05;

/// Returns the confidence in the language of each line, on the Arabic or on the English side.
fn confidences(lines: &[&str], feature: Feature) -> Vec<f32> {
    let pair = |line| match feature {
        Feature::ArLanguage => SentencePair { arabic: line, english: "A text.", kind: None },
        _ => SentencePair { arabic: "نص.", english: line, kind: None },
    };
    let pairs: Vec<SentencePair<'_>> = lines.iter().map(|line| pair(line)).collect();
    let rated = SCORER.score(&pairs, 0, &CorpusProfile::default()).unwrap();
    rated.iter().map(|rated| rated.features.get(feature).unwrap()).collect()
}

/// Fails if more than `allowed` lines are taken for Arabic.
fn assert_foreign(lines: &str, allowed: usize) {
    let lines: Vec<&str> = lines.lines().collect();
    assert!(lines.len() >= 60);
    let found = confidences(&lines, Feature::ArLanguage);
    let missed: Vec<_> =
        lines.iter().zip(&found).filter(|(_, value)| **value >= MIN_ARABIC).collect();
    assert!(missed.len() <= allowed, "{} of {}: {missed:#?}", missed.len(), lines.len());
}

/// Fails if a line is rejected, or if more than `undecided` of them are not taken for Arabic.
fn assert_arabic(lines: &str, undecided: usize) {
    let lines: Vec<&str> = lines.lines().collect();
    let found = confidences(&lines, Feature::ArLanguage);
    let wrong =
        |min| -> Vec<_> { lines.iter().zip(&found).filter(|(_, value)| **value < min).collect() };
    assert!(wrong(MIN_ARABIC).is_empty(), "rejected: {:#?}", wrong(MIN_ARABIC));
    assert!(wrong(0.9).len() <= undecided, "undecided: {:#?}", wrong(0.9));
}

#[test]
fn persian_is_recognised() {
    assert_foreign(include_str!("cases/language/persian.txt"), 0);
}

#[test]
fn urdu_is_recognised() {
    assert_foreign(include_str!("cases/language/urdu.txt"), 0);
}

#[test]
fn kurdish_is_recognised() {
    assert_foreign(include_str!("cases/language/kurdish.txt"), 0);
}

#[test]
fn pashto_is_recognised() {
    assert_foreign(include_str!("cases/language/pashto.txt"), 3);
}

#[test]
fn arabic_in_latin_letters_is_recognised_on_either_side() {
    let text = include_str!("cases/language/arabizi.txt");
    assert_foreign(text, 2);
    let lines: Vec<&str> = text.lines().collect();
    let found = confidences(&lines, Feature::EnLanguage);
    let missed: Vec<_> =
        lines.iter().zip(found).filter(|(_, value)| *value >= MIN_ENGLISH).collect();
    assert!(missed.len() <= 2, "{missed:#?}");
}

#[test]
fn standard_arabic_is_arabic() {
    assert_arabic(include_str!("cases/language/standard.txt"), 4);
}

#[test]
fn dialects_are_arabic() {
    assert_arabic(include_str!("cases/language/egyptian.txt"), 0);
    assert_arabic(include_str!("cases/language/levantine.txt"), 0);
    assert_arabic(include_str!("cases/language/gulf.txt"), 0);
    assert_arabic(include_str!("cases/language/iraqi.txt"), 8);
    assert_arabic(include_str!("cases/language/maghrebi.txt"), 0);
}

#[test]
fn quranic_orthography_is_arabic() {
    assert_arabic(include_str!("cases/language/quranic.txt"), 0);
}
