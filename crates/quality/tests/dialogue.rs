//! The default filters accept short and free translations: turns of a dialogue, headings and
//! quotations whose reference only one side gives.

use nasaq::Lexicon;
use nasaq_quality::{
    CorpusBuilder, Feature, FilterValue, Filters, PairObservation, QualityScorer, SentencePair,
};

/// Returns the pairs that a default filter rejects, with its name and the quality.
fn rejected<'p>(pairs: &'p [(&'p str, &'p str)]) -> Vec<(&'p str, &'p str, f32)> {
    let pairs: Vec<SentencePair<'_>> = pairs
        .iter()
        .map(|&(arabic, english)| SentencePair { arabic, english, kind: None })
        .collect();
    let mut builder = CorpusBuilder::new(false);
    pairs.iter().for_each(|pair| builder.add(&PairObservation::new(pair)));
    let scorer = QualityScorer::new(Lexicon::builtin(), None);
    let rated = scorer.score(&pairs, 0, &builder.build()).expect("no encoder, no error");
    let filters = Filters::default();
    let mut found = Vec::new();
    for (pair, rated) in pairs.iter().zip(rated) {
        let value = |column: &str| match column {
            "quality" => FilterValue::Number(f64::from(rated.quality)),
            _ => Feature::from_name(column)
                .and_then(|feature| rated.features.get(feature))
                .map_or(FilterValue::Missing, |value| FilterValue::Number(f64::from(value))),
        };
        if filters.rejections(None, value).contains(&true) {
            found.push((pair.arabic, pair.english, rated.quality));
        }
    }
    found
}

const DIALOGUE: [(&str, &str); 16] = [
    ("قال: ومن أين؟", "“Where from?” he asked."),
    ("قلت: من حيث أتيت.", "“The same place as you,” I replied."),
    ("قال: وما ذاك؟", "“What is that?” he asked."),
    ("قلت: هو كما ترى.", "“As you see it,” said I."),
    ("قال: فكيف لي بهذا؟", "“How am I to do that?” he asked."),
    ("قلت: لا أدري.", "“I have no idea,” I answered."),
    ("قال: أوليس غير هذا؟", "“Is there no other?” he wondered."),
    ("قلت: بلى.", "“There is,” I said."),
    ("قال: فأرنيه.", "“Let me see it, then,” he demanded."),
    ("قلت: غدا إن شاء الله.", "“Tomorrow, God willing,” I promised."),
    ("قال: ولم لا يكون اليوم؟", "“Why not now?” he insisted."),
    ("قلت: لأن صاحبه قد مضى.", "“Its owner has left,” I explained."),
    ("قال: ومتى يعود؟", "“And when does he return?”"),
    ("قلت: ليلا.", "“At night,” said I."),
    ("الله يسلمك", "You're welcome."),
    ("ماشي الحال", "Not bad."),
];

#[test]
fn turns_of_a_dialogue_are_accepted() {
    assert_eq!(rejected(&DIALOGUE), []);
}

#[test]
fn a_reference_of_one_side_is_no_wrong_number() {
    let pairs = [
        (
            "قال الشيخ: «من صبر بلغ ما يريد» (47) [الأمثال].",
            "The old man said: “The patient man gets what he wants.”",
        ),
        (
            "كتب إلى أخيه يدعوه إلى الصلح",
            "Letter 31: He wrote to his brother and called him to make peace",
        ),
        ("من حفر حفرة وقع فيها.", "Whoever digs a pit falls into it (Proverbs, 26:27)."),
    ];
    assert_eq!(rejected(&pairs), []);
}
