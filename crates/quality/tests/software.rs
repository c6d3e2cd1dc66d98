//! Strings of software keep product names, code, commands, units and placeholders; the default
//! filters accept them. The pairs are in `cases/software.tsv`.

use nasaq::Lexicon;
use nasaq_quality::{
    CorpusBuilder, CorpusProfile, Feature, FilterValue, Filters, PairObservation, PairQuality,
    QualityScorer, SentencePair,
};

fn scorer() -> QualityScorer<'static> {
    QualityScorer::new(Lexicon::builtin(), None)
}

/// Returns the names of the default filters that reject a pair.
fn rejecting<'f>(filters: &'f Filters, rated: &PairQuality) -> Vec<&'f str> {
    let value = |column: &str| match column {
        "quality" => FilterValue::Number(f64::from(rated.quality)),
        _ => Feature::from_name(column)
            .and_then(|feature| rated.features.get(feature))
            .map_or(FilterValue::Missing, |value| FilterValue::Number(f64::from(value))),
    };
    let rejections = filters.rejections(None, value);
    filters.names().zip(rejections).filter(|(_, rejects)| *rejects).map(|(name, _)| name).collect()
}

#[test]
fn strings_of_software_are_accepted() {
    let table = include_str!("cases/software.tsv");
    let pairs: Vec<SentencePair<'_>> = table
        .lines()
        .map(|line| line.split_once('\t').expect("two columns"))
        .map(|(arabic, english)| SentencePair { arabic, english, kind: None })
        .collect();
    assert!(pairs.len() >= 300, "{}", pairs.len());
    let mut builder = CorpusBuilder::new(false);
    pairs.iter().for_each(|pair| builder.add(&PairObservation::new(pair)));
    let rated = scorer().score(&pairs, 0, &builder.build()).unwrap();
    let filters = Filters::default();
    let rejected: Vec<_> = pairs
        .iter()
        .zip(&rated)
        .map(|(pair, rated)| (pair.arabic, pair.english, rated.quality, rejecting(&filters, rated)))
        .filter(|(.., names)| !names.is_empty())
        .collect();
    // Half a per cent.
    assert!(rejected.len() * 200 <= pairs.len(), "{}: {rejected:#?}", rejected.len());
}

#[test]
fn untranslated_text_beside_a_name_is_rejected() {
    let filters = Filters::default();
    for (arabic, english) in [
        ("افتح the file menu and select the printer", "Open the file menu and select the printer"),
        (
            "قال the president that Microsoft will open",
            "He said the president that Microsoft will open",
        ),
        ("Open Microsoft Word and save the file", "Open Microsoft Word and save the file"),
    ] {
        let pair = SentencePair { arabic, english, kind: None };
        let rated = &scorer().score(&[pair], 0, &CorpusProfile::default()).unwrap()[0];
        assert!(!rejecting(&filters, rated).is_empty(), "{arabic}: {rated:?}");
    }
}

#[test]
fn a_line_of_names_or_code_is_a_copy() {
    for line in ["Microsoft Word", "sudo apt-get install vim", "https://example.org/a", "README.md"]
    {
        let pair = SentencePair { arabic: line, english: line, kind: None };
        let rated = &scorer().score(&[pair], 0, &CorpusProfile::default()).unwrap()[0];
        assert_eq!(rated.reasons, ["copy"], "{line}");
    }
    let line = "The whole of this sentence was left as it is.";
    let pair = SentencePair { arabic: line, english: line, kind: None };
    let rated = &scorer().score(&[pair], 0, &CorpusProfile::default()).unwrap()[0];
    assert_ne!(rated.reasons, ["copy"]);
}
