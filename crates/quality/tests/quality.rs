//! Features and quality: the cases in `cases/quality.toml`, and properties that hold for every
//! pair.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use nasaq::{Encoder, EncoderError, Lexicon};
use nasaq_quality::{
    CorpusBuilder, CorpusProfile, ErrorKind, Feature, PairObservation, QualityScorer, SentencePair,
};
use proptest::prelude::*;
use serde::Deserialize;

/// Created once, because it indexes the whole lexicon.
static SCORER: LazyLock<QualityScorer<'static>> =
    LazyLock::new(|| QualityScorer::new(Lexicon::builtin(), None));

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    arabic: String,
    english: String,
    kind: Option<String>,
    #[serde(default)]
    is: BTreeMap<String, f32>,
    #[serde(default)]
    min: BTreeMap<String, f32>,
    #[serde(default)]
    max: BTreeMap<String, f32>,
}

#[test]
fn features_are_those_of_the_cases() {
    let cases: Cases = toml::from_str(include_str!("cases/quality.toml")).unwrap();
    let mut failures = Vec::new();
    for case in &cases.case {
        let kind = case.kind.as_ref().map(|kind| kind.parse().unwrap());
        let pair = SentencePair { arabic: &case.arabic, english: &case.english, kind };
        let rated = &SCORER.score(&[pair], 0, &CorpusProfile::default()).unwrap()[0];
        let mut check =
            |expected: &BTreeMap<String, f32>, what: &str, holds: fn(f32, f32) -> bool| {
                for (name, value) in expected {
                    let feature = Feature::from_name(name).expect(name);
                    let found = rated.features.get(feature);
                    if !found.is_some_and(|found| holds(found, *value)) {
                        failures.push(format!(
                            "{} | {}: {name} is {found:?}, {what} {value}",
                            case.arabic, case.english
                        ));
                    }
                }
            };
        check(&case.is, "not", |found, value| (found - value).abs() < 1e-5);
        check(&case.min, "not at least", |found, value| found >= value);
        check(&case.max, "not at most", |found, value| found <= value);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

const GOOD: [(&str, &str); 6] = [
    ("وصل القطار إلى المحطة قبل الفجر.", "The train reached the station before dawn."),
    ("لم يكن في انتظاره أحد.", "Nobody was waiting for it."),
    ("فتح المسافر حقيبته وأخرج منها كتابا.", "The traveller opened his bag and took out a book."),
    ("اشترى عشرين تفاحة من السوق.", "He bought twenty apples at the market."),
    ("هل تعرف أين تقع المدرسة؟", "Do you know where the school is?"),
    ("تقع المدينة على ضفة النهر.", "The city lies on the bank of the river."),
];

#[test]
fn translations_are_better_than_other_sentences() {
    let pair =
        |a: usize, e: usize| SentencePair { arabic: GOOD[a].0, english: GOOD[e].1, kind: None };
    let pairs: Vec<SentencePair<'_>> =
        (0..6).flat_map(|at| [pair(at, at), pair(at, (at + 1) % 6)]).collect();
    let rated = SCORER.score(&pairs, 0, &CorpusProfile::default()).unwrap();
    for two in rated.chunks(2) {
        assert!(two[0].quality > two[1].quality, "{two:?}");
    }
}

#[test]
fn a_translated_contact_line_is_not_a_copy() {
    let pair =
        |arabic| SentencePair { arabic, english: "Contact us: media@example.org", kind: None };
    let pairs = [pair("للاتصال بنا: media@example.org"), pair("Contact us: media@example.org")];
    let rated = SCORER.score(&pairs, 0, &CorpusProfile::default()).unwrap();
    assert!(rated[0].quality > 0.3, "{:?}", rated[0]);
    assert!(rated[1].quality < 0.03, "{:?}", rated[1]);
}

#[test]
fn a_word_that_is_kept_may_also_be_part_of_an_address() {
    let pair = SentencePair {
        arabic: "اكتب إلى a@b.org لأن النص الجديد <b>مهم</b> جدا",
        english: "Write to a@b.org because the new text is <b>very important</b>",
        kind: None,
    };
    let rated = SCORER.score(&[pair], 0, &CorpusProfile::default()).expect("no encoder, no error");
    assert_eq!(rated[0].features.get(Feature::Copy), Some(0.0));
}

#[test]
fn a_pair_with_an_empty_side_has_quality_zero() {
    let pairs = [("", "text"), ("نص", "…"), ("", "")].map(|(arabic, english)| SentencePair {
        arabic,
        english,
        kind: None,
    });
    for rated in SCORER.score(&pairs, 0, &CorpusProfile::default()).unwrap() {
        assert_eq!((rated.quality, rated.reasons), (0.0, vec!["empty".to_owned()]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn features_are_in_their_range(
        texts in prop::collection::vec((".{0,40}", "[ا-ي0-9a-zA-Z «»(),.؟?<&;{}%|@/:\u{64B}\u{640}]{0,60}"), 1..12),
    ) {
        let pairs: Vec<SentencePair<'_>> = texts
            .iter()
            .map(|(a, b)| SentencePair { arabic: b, english: a, kind: None })
            .collect();
        let mut builder = CorpusBuilder::new(true);
        for pair in &pairs {
            builder.add(&PairObservation::new(pair));
        }
        for rated in SCORER.score(&pairs, 0, &builder.build()).unwrap() {
            prop_assert!((0.0..=1.0).contains(&rated.quality));
            for feature in Feature::ALL {
                let (min, max) = feature.info().range;
                if let Some(value) = rated.features.get(*feature) {
                    prop_assert!(
                        value >= min - 1e-4 && value <= max + 1e-4,
                        "{} is {value}", feature.info().name
                    );
                }
            }
        }
    }
}

/// Returns vectors of two numbers, changed by a function.
struct Broken(fn(&mut Vec<f32>));

impl Encoder for Broken {
    fn dim(&self) -> usize {
        2
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        let mut vectors = [0.6, 0.8].repeat(texts.len());
        self.0(&mut vectors);
        Ok(vectors)
    }

    fn token_count(&self, text: &str) -> usize {
        text.chars().count()
    }
}

#[test]
fn vectors_of_a_wrong_length_or_not_finite_are_an_error() {
    let pair =
        SentencePair {
            arabic: "الكتاب على الطاولة.", english: "The book is here.", kind: None
        };
    let score = |change| {
        let encoder = Broken(change);
        let scorer = QualityScorer::new(Lexicon::empty(), Some(&encoder));
        scorer.score(&[pair], 0, &CorpusProfile::default()).map(|rated| rated.len())
    };
    assert_eq!(score(|_| {}).unwrap(), 1);
    for change in [
        |vectors: &mut Vec<f32>| vectors.truncate(vectors.len() - 1),
        |vectors: &mut Vec<f32>| vectors.push(0.0),
        |vectors: &mut Vec<f32>| vectors.clear(),
        |vectors: &mut Vec<f32>| vectors[3] = f32::NAN,
    ] {
        assert!(matches!(score(change).unwrap_err().kind(), ErrorKind::Encoder(_)));
    }
}
