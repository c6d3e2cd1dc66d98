//! The columns that a rating adds to a bitext.

use std::collections::BTreeSet;
use std::sync::Arc;

use nasaq_formats::FieldValue;
use nasaq_quality::Feature;

use super::RatedBitextRow;

/// The columns before those of the features.
const BEFORE_FEATURES: [&str; 2] = ["quality", "reasons"];
/// The columns after those of the features, which need the whole corpus.
const CORPUS_COLUMNS: [&str; 5] =
    ["ar_frequency", "en_frequency", "duplicates", "cluster", "near_cluster"];
/// Whether a text of the pair is in a test set.
pub(crate) const OVERLAP: &str = "overlap";

/// Returns whether a rating can add a column of this name.
pub(crate) fn is_rating_column(name: &str) -> bool {
    BEFORE_FEATURES.contains(&name)
        || CORPUS_COLUMNS.contains(&name)
        || name == OVERLAP
        || Feature::from_name(name).is_some()
}

/// The columns to add.
pub(crate) struct RatingColumns {
    names: Vec<Arc<str>>,
}

impl RatingColumns {
    /// Selects the columns that are known with these settings, or those of them that are in
    /// `selected`.
    pub(crate) fn new(
        with_encoder: bool,
        with_duplicates: bool,
        with_overlap: bool,
        selected: Option<&BTreeSet<String>>,
    ) -> Self {
        let features = Feature::ALL
            .iter()
            .filter(|feature| with_encoder || !feature.needs_encoder())
            .map(|feature| feature.info().name);
        let corpus = CORPUS_COLUMNS.into_iter().filter(|_| with_duplicates);
        let overlap = [OVERLAP].into_iter().filter(|_| with_overlap);
        let all = BEFORE_FEATURES.into_iter().chain(features).chain(corpus).chain(overlap);
        let names = all.filter(|name| selected.is_none_or(|selected| selected.contains(*name)));
        Self { names: names.map(Arc::from).collect() }
    }

    pub(crate) fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// Sets the columns of a row.
    pub(crate) fn add_to(&self, rated: &mut RatedBitextRow) {
        for name in &self.names {
            let value = rating_value(rated, name);
            rated.row.set(name, value);
        }
    }
}

/// Returns the value of a rating column; clusters are row positions from 1.
pub(crate) fn rating_value(rated: &RatedBitextRow, name: &str) -> FieldValue {
    let quality = &rated.quality;
    if let Some(feature) = Feature::from_name(name) {
        return number(quality.features.get(feature).map(f64::from), feature.info().decimals);
    }
    let integer = |value: Option<u32>| number(value.map(f64::from), 0);
    let counts = quality.counts;
    match name {
        "quality" => number(Some(f64::from(quality.quality)), 4),
        "reasons" => FieldValue::List(quality.reasons.clone()),
        "ar_frequency" => integer(counts.map(|counts| counts.arabic)),
        "en_frequency" => integer(counts.map(|counts| counts.english)),
        "duplicates" => integer(counts.map(|counts| counts.duplicates)),
        "cluster" => integer(counts.map(|counts| counts.cluster + 1)),
        "near_cluster" => integer(counts.and_then(|counts| counts.near_cluster).map(|row| row + 1)),
        OVERLAP => integer(rated.overlap.map(u32::from)),
        _ => FieldValue::Nothing,
    }
}

fn number(value: Option<f64>, decimals: usize) -> FieldValue {
    value.map_or(FieldValue::Nothing, |value| FieldValue::Number(value, decimals))
}
