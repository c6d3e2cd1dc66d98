//! Rows of a bitext as rows of the report.

use std::collections::BTreeSet;
use std::sync::Arc;

use nasaq::{BeadKind, Language, Span};
use nasaq_formats::{BitextRow, FieldValue};
use nasaq_quality::Feature;
use nasaq_report::ReportRow;

use crate::bitext::{CorpusInput, row_kind};
use crate::rating::RatedBitextRow;
use crate::rating::columns::rating_value;

/// Rows of a rated bitext whose columns are taken for its features.
const FEATURE_ROWS: usize = 200;

/// Returns the names of the features that the rows have.
pub(super) fn features(
    bitext: &CorpusInput,
    is_rated: bool,
    with_encoder: bool,
) -> anyhow::Result<Vec<Arc<str>>> {
    let all = || Feature::ALL.iter().map(|feature| (feature, feature.info().name));
    if !is_rated {
        let with = all().filter(|(feature, _)| with_encoder || !feature.needs_encoder());
        return Ok(with.map(|(_, name)| name.into()).collect());
    }
    // JSON may omit members that are null, so the first row may not have all of them.
    let mut seen = BTreeSet::new();
    for row in bitext.rows()?.take(FEATURE_ROWS) {
        seen.extend(row?.fields.into_iter().map(|(name, _)| name));
    }
    Ok(all().filter(|(_, name)| seen.contains(*name)).map(|(_, name)| name.into()).collect())
}

/// Converts rows; a row borrows from the reader until the next one is read.
pub(super) struct ReportRowReader {
    source: Language,
    features: Vec<Arc<str>>,
    doc: String,
    texts: [String; 2],
    values: Vec<Option<f64>>,
    reasons: Vec<String>,
    rejected: Vec<bool>,
}

impl ReportRowReader {
    pub(super) fn new(source: Language, features: Vec<Arc<str>>) -> Self {
        Self {
            source,
            features,
            doc: String::new(),
            texts: Default::default(),
            values: Vec::new(),
            reasons: Vec::new(),
            rejected: Vec::new(),
        }
    }

    /// Converts a row. `rated` is its rating if the file has none, `rejected` whether each filter
    /// rejects it.
    pub(super) fn read(
        &mut self,
        row: &BitextRow,
        rated: Option<&RatedBitextRow>,
        rejected: Vec<bool>,
    ) -> ReportRow<'_> {
        let get = |name: &str| match rated {
            Some(rated) => rounded(&rating_value(rated, name)),
            None => row.get(name).and_then(number),
        };
        self.doc = row.get("doc").map(super::text).unwrap_or_default();
        self.texts = match self.source {
            Language::Arabic => [row.src.clone(), row.tgt.clone()],
            Language::English => [row.tgt.clone(), row.src.clone()],
        };
        self.values = self.features.iter().map(|name| get(name)).collect();
        self.reasons = match rated {
            Some(rated) => rated.quality.reasons.clone(),
            None => row.get("reasons").map(words).unwrap_or_default(),
        };
        self.rejected = rejected;
        let spans =
            row.get("src_segments").and_then(span).zip(row.get("tgt_segments").and_then(span));
        let quality = get("quality");
        // Text without a translation is a row with an empty side, which has no quality.
        let is_pair = self.texts.iter().all(|text| !text.trim().is_empty());
        let mut out = ReportRow::new(&self.texts[0], &self.texts[1]);
        out.doc = &self.doc;
        out.bead = row.get("bead").and_then(number).map(|bead| bead.max(0.0) as u64);
        out.kind = row_kind(row).or_else(|| {
            spans.map(|(src, tgt): (Span, Span)| BeadKind { src: src.len(), tgt: tgt.len() })
        });
        out.spans = spans;
        out.moved = row.get("moved").and_then(FieldValue::as_flag) == Some(true);
        out.counterpart = row.get("counterpart").and_then(span);
        out.probability =
            row.get("probability").and_then(number).filter(|p| (0.0..=1.0).contains(p));
        out.document_score =
            row.get("document_score").and_then(number).filter(|p| (0.0..=1.0).contains(p));
        out.quality = quality.filter(|q| is_pair && (0.0..=1.0).contains(q));
        out.reasons = if is_pair { &self.reasons } else { &[] };
        out.features = &self.values;
        out.rejected = &self.rejected;
        out
    }
}

/// Returns a number with as many decimals as it would have in a file.
fn rounded(value: &FieldValue) -> Option<f64> {
    match value {
        FieldValue::Number(value, decimals) => {
            let unit = 10_f64.powi(i32::try_from(*decimals).unwrap_or(0));
            Some((value * unit).round() / unit)
        }
        value => number(value),
    }
}

fn number(value: &FieldValue) -> Option<f64> {
    value.as_number().filter(|number| number.is_finite())
}

/// Parses a list: a JSON array of strings, or words separated by semicolons.
fn words(value: &FieldValue) -> Vec<String> {
    match value {
        FieldValue::List(words) => words.clone(),
        FieldValue::Json(json) => serde_json::from_str(json.get()).unwrap_or_default(),
        FieldValue::Text(text) => text
            .split(';')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// Parses `[4,6]` or `4:6`; tables that were converted from JSON have the former as text.
fn span(value: &FieldValue) -> Option<Span> {
    let [start, end]: [u32; 2] = match value {
        FieldValue::Span([start, end]) => [u32::try_from(*start).ok()?, u32::try_from(*end).ok()?],
        FieldValue::Json(json) => serde_json::from_str(json.get()).ok()?,
        FieldValue::Text(text) if text.starts_with('[') => serde_json::from_str(text).ok()?,
        FieldValue::Text(text) => {
            let (start, end) = text.split_once(':')?;
            [start.trim().parse().ok()?, end.trim().parse().ok()?]
        }
        _ => return None,
    };
    (start <= end).then_some(Span { start, end })
}

#[cfg(test)]
mod tests {
    use nasaq_formats::RawJson;

    use super::*;

    fn read(fields: &[(&str, FieldValue)]) -> (Option<Span>, Vec<String>, Option<f64>) {
        let fields = fields.iter().map(|(name, value)| (Arc::from(*name), value.clone()));
        let row = BitextRow::new("نص", "text").with_fields(fields);
        let mut reader = ReportRowReader::new(Language::Arabic, Vec::new());
        let row = reader.read(&row, None, Vec::new());
        (row.spans.map(|(src, _)| src), row.reasons.to_vec(), row.quality)
    }

    #[test]
    fn tables_and_json_objects_have_the_same_values() {
        let json = |text: &str| FieldValue::Json(RawJson::new(text.to_owned()).expect("JSON"));
        let from_json = read(&[
            ("src_segments", json("[4,6]")),
            ("tgt_segments", json("[4,5]")),
            ("reasons", json(r#"["truncated","copy"]"#)),
            ("quality", json("0.25")),
        ]);
        let text = |text: &str| FieldValue::Text(text.to_owned());
        let from_table = read(&[
            ("src_segments", text("4:6")),
            ("tgt_segments", text("4:5")),
            ("reasons", text("truncated;copy")),
            ("quality", text("0.25")),
        ]);
        assert_eq!(from_json, from_table);
        assert_eq!(from_json.0, Some(Span { start: 4, end: 6 }));
        assert_eq!(from_json.1, ["truncated", "copy"]);
    }

    #[test]
    fn invalid_numbers_and_spans_are_missing() {
        let text = |text: &str| FieldValue::Text(text.to_owned());
        for wrong in ["", "NaN", "1.5", "high"] {
            assert_eq!(read(&[("quality", text(wrong))]).2, None, "{wrong}");
        }
        assert_eq!(read(&[("src_segments", text("6:4")), ("tgt_segments", text("1:2"))]).0, None);
    }
}
