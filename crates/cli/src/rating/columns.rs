//! The columns that a rating adds to a bitext.

use std::collections::BTreeSet;
use std::sync::Arc;

use nasaq_formats::{BitextRow, FieldValue};
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
    RatingColumn::from_name(name).is_some()
}

/// What a rating column holds.
#[derive(Clone, Copy)]
enum RatingColumn {
    Quality,
    Reasons,
    /// A feature and the number of its decimals.
    Feature(Feature, usize),
    ArFrequency,
    EnFrequency,
    Duplicates,
    Cluster,
    NearCluster,
    Overlap,
}

impl RatingColumn {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "quality" => Self::Quality,
            "reasons" => Self::Reasons,
            "ar_frequency" => Self::ArFrequency,
            "en_frequency" => Self::EnFrequency,
            "duplicates" => Self::Duplicates,
            "cluster" => Self::Cluster,
            "near_cluster" => Self::NearCluster,
            OVERLAP => Self::Overlap,
            name => {
                let feature = Feature::from_name(name)?;
                Self::Feature(feature, feature.info().decimals)
            }
        })
    }

    /// Returns the value in a row; clusters are row positions from 1.
    fn value(self, rated: &RatedBitextRow) -> FieldValue {
        let quality = &rated.quality;
        let integer = |value: Option<u32>| number(value.map(f64::from), 0);
        let counts = quality.counts;
        match self {
            Self::Quality => number(Some(f64::from(quality.quality)), 4),
            Self::Reasons => FieldValue::List(quality.reasons.clone()),
            Self::Feature(feature, decimals) => {
                number(quality.features.get(feature).map(f64::from), decimals)
            }
            Self::ArFrequency => integer(counts.map(|counts| counts.arabic)),
            Self::EnFrequency => integer(counts.map(|counts| counts.english)),
            Self::Duplicates => integer(counts.map(|counts| counts.duplicates)),
            Self::Cluster => integer(counts.map(|counts| counts.cluster + 1)),
            Self::NearCluster => {
                integer(counts.and_then(|counts| counts.near_cluster).map(|row| row + 1))
            }
            Self::Overlap => integer(rated.overlap.map(u32::from)),
        }
    }
}

/// The columns to add.
pub(crate) struct RatingColumns {
    names: Vec<Arc<str>>,
    /// By name.
    columns: Vec<RatingColumn>,
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
        let (names, columns) = names
            .filter_map(|name| Some((Arc::from(name), RatingColumn::from_name(name)?)))
            .unzip();
        Self { names, columns }
    }

    pub(crate) fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// Sets the columns of a row.
    pub(crate) fn add_to(&self, rated: &mut RatedBitextRow) {
        // The names are distinct, so a column that the row lacks now need not be searched for again.
        let mut fresh = Vec::with_capacity(self.names.len());
        for (name, column) in self.names.iter().zip(&self.columns) {
            let value = column.value(rated);
            if rated.row.get(name).is_some() {
                rated.row.set(name, value);
            } else {
                fresh.push((Arc::clone(name), value));
            }
        }
        let row = std::mem::replace(&mut rated.row, BitextRow::new("", ""));
        rated.row = row.with_fields(fresh);
    }
}

/// Returns the value of a rating column.
pub(crate) fn rating_value(rated: &RatedBitextRow, name: &str) -> FieldValue {
    RatingColumn::from_name(name).map_or(FieldValue::Nothing, |column| column.value(rated))
}

fn number(value: Option<f64>, decimals: usize) -> FieldValue {
    value.map_or(FieldValue::Nothing, |value| FieldValue::Number(value, decimals))
}
