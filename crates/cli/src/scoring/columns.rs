//! The columns that rating adds.

use std::collections::BTreeSet;

use nasaq_formats::FieldValue;
use nasaq_quality::Feature;

use super::{Name, RatedRow, number};

/// Columns that are no features, in order; those after the features are of the whole corpus.
const BEFORE: [&str; 2] = ["quality", "reasons"];
const AFTER: [&str; 5] = ["ar_frequency", "en_frequency", "duplicates", "cluster", "near_cluster"];
const OVERLAP: &str = "overlap";

/// Tells whether rating can add a column of this name.
pub(crate) fn is_column(name: &str) -> bool {
    BEFORE.contains(&name)
        || AFTER.contains(&name)
        || name == OVERLAP
        || Feature::from_name(name).is_some()
}

/// The columns to add.
pub(crate) struct Columns {
    names: Vec<Name>,
}

impl Columns {
    /// Gives all columns that are there with these settings, or those of them that are wanted.
    pub(crate) fn new(
        with_encoder: bool,
        with_duplicates: bool,
        with_overlap: bool,
        wanted: Option<&BTreeSet<String>>,
    ) -> Self {
        let features = Feature::ALL
            .iter()
            .filter(|feature| with_encoder || !feature.needs_encoder())
            .map(|feature| feature.info().name);
        let corpus = AFTER.into_iter().filter(|_| with_duplicates);
        let overlap = [OVERLAP].into_iter().filter(|_| with_overlap);
        let all = BEFORE.into_iter().chain(features).chain(corpus).chain(overlap);
        let names = all.filter(|name| wanted.is_none_or(|wanted| wanted.contains(*name)));
        Self { names: names.map(Name::from).collect() }
    }

    pub(crate) fn names(&self) -> &[Name] {
        &self.names
    }

    /// Adds the columns to a row.
    pub(crate) fn add(&self, rated: &mut RatedRow) {
        for name in &self.names {
            let value = value(rated, name);
            rated.row.set(name, value);
        }
    }
}

/// Gives the value of a column; rows are counted from 1.
pub(crate) fn value(rated: &RatedRow, name: &str) -> FieldValue {
    let RatedRow { quality, overlap, .. } = rated;
    if let Some(feature) = Feature::from_name(name) {
        return number(quality.features.get(feature), feature.info().decimals);
    }
    let whole = |value: Option<u32>| {
        value.map_or(FieldValue::Nothing, |value| FieldValue::Number(f64::from(value), 0))
    };
    let counts = quality.counts;
    match name {
        "quality" => FieldValue::Number(f64::from(quality.quality), 4),
        "reasons" => FieldValue::List(quality.reasons.clone()),
        "ar_frequency" => whole(counts.map(|counts| counts.arabic)),
        "en_frequency" => whole(counts.map(|counts| counts.english)),
        "duplicates" => whole(counts.map(|counts| counts.duplicates)),
        "cluster" => whole(counts.map(|counts| counts.cluster + 1)),
        "near_cluster" => whole(counts.and_then(|counts| counts.near_cluster).map(|row| row + 1)),
        "overlap" => whole(overlap.map(u32::from)),
        _ => FieldValue::Nothing,
    }
}
