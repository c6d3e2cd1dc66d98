//! The quality of pairs, as `nasaq score` rates it.

use nasaq::BeadKind;
use nasaq_quality::{
    CorpusBuilder, Feature, PairObservation, PairQuality, QUALITY_BLOCK_SIZE, QualityScorer,
    SentencePair,
};
use pyo3::prelude::*;
use rayon::prelude::*;

use crate::bead::shortest;
use crate::threads::StopFlag;

/// The number of rows with the same Arabic text, with the same English text and with both, and the
/// first row with both.
type Counts = (u32, u32, u32, u32);

/// Quality, reasons, features in the order of [`features`], and counts.
pub(crate) type QualityTuple = (f64, Vec<String>, Vec<Option<f64>>, Option<Counts>);

/// Lists the features: name, decimals in files, and a description.
#[pyfunction]
pub(crate) fn features() -> Vec<(&'static str, usize, &'static str)> {
    let info = Feature::ALL.iter().map(|feature| feature.info());
    info.map(|info| (info.name, info.decimals, info.description)).collect()
}

/// Rates the pairs of a corpus, in two passes: typical lengths and duplicates are properties of the
/// corpus.
pub(crate) fn rate(
    scorer: &QualityScorer<'_>,
    pairs: &[SentencePair<'_>],
    stop: &StopFlag,
) -> nasaq_quality::Result<Vec<QualityTuple>> {
    // What is computed after the flag is set is discarded.
    let observe = |pair| (!stop.is_set()).then(|| PairObservation::new(pair));
    let observations: Vec<Option<PairObservation>> = pairs.par_iter().map(observe).collect();
    let mut corpus = CorpusBuilder::new(true);
    for observation in observations.iter().flatten() {
        if stop.is_set() {
            return Ok(Vec::new());
        }
        corpus.add(observation);
    }
    let profile = corpus.build();
    let blocks: Vec<Vec<PairQuality>> = pairs
        .par_chunks(QUALITY_BLOCK_SIZE)
        .enumerate()
        .map(|(block, pairs)| {
            if stop.is_set() {
                return Ok(Vec::new());
            }
            scorer.score(pairs, block * QUALITY_BLOCK_SIZE, &profile)
        })
        .collect::<nasaq_quality::Result<_>>()?;
    Ok(blocks.into_iter().flatten().map(tuple).collect())
}

fn tuple(rated: PairQuality) -> QualityTuple {
    let features = Feature::ALL.iter().map(|feature| rated.features.get(*feature).map(shortest));
    let counts = rated
        .counts
        .map(|counts| (counts.arabic, counts.english, counts.duplicates, counts.cluster));
    (shortest(rated.quality), rated.reasons, features.collect(), counts)
}

/// Makes a pair, with the Arabic side first.
pub(crate) fn pair<'t>(
    src: &'t str,
    tgt: &'t str,
    kind: Option<(usize, usize)>,
    arabic_first: bool,
) -> SentencePair<'t> {
    let kind = kind.map(|(src, tgt)| match arabic_first {
        true => BeadKind { src, tgt },
        false => BeadKind { src: tgt, tgt: src },
    });
    let (arabic, english) = if arabic_first { (src, tgt) } else { (tgt, src) };
    SentencePair { arabic, english, kind }
}
