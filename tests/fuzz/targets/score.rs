//! The features of a pair of any texts: short, and repeated to 128 kB.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use nasaq_fuzz::{check_cost, grown};
use nasaq_quality::{
    CorpusBuilder, Feature, PairObservation, PairQuality, QualityScorer, SentencePair,
};
use nasaq_text::Lexicon;

/// The length of a repeated side. With the flags of libFuzzer, a pair of ordinary words of twice this
/// length takes about a second.
const SIDE: usize = 1 << 16;

static SCORER: LazyLock<QualityScorer<'static>> =
    LazyLock::new(|| QualityScorer::new(Lexicon::builtin(), None));

fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (src, tgt) = (&bytes[..end], bytes.get(end + 1..).unwrap_or_default());
    // The bundled model is read once.
    LazyLock::force(&SCORER);
    check(src, tgt);
    check_cost("a long pair", || check(&grown(src, SIDE), &grown(tgt, SIDE)));
});

fn check(src: &[u8], tgt: &[u8]) {
    let (arabic, english) = (String::from_utf8_lossy(src), String::from_utf8_lossy(tgt));
    let pair = SentencePair { arabic: &arabic, english: &english, kind: None };
    let mut corpus = CorpusBuilder::new(true);
    corpus.add(&PairObservation::new(&pair));
    let rated = SCORER.score(&[pair], 0, &corpus.build()).expect("no encoder, no error");
    let [PairQuality { quality, features, .. }] = &rated[..] else { panic!("one pair") };
    assert!((0.0..=1.0).contains(quality), "{quality}");
    for &feature in Feature::ALL {
        assert!(features.get(feature).is_none_or(f32::is_finite), "{feature:?}");
    }
}
