//! The bundled corpora as rows with made-up scores, so that the reports do not depend on an aligner
//! or a model.

use std::fs;
use std::path::Path;

use nasaq::{BeadKind, Span};
use nasaq_report::{CorpusReport, GoldReport, ReportBuilder, ReportOptions, ReportRow};

pub(crate) const FEATURES: [&str; 5] =
    ["ar_language", "en_language", "numbers_missing", "names_missing", "ar_glued"];
pub(crate) const SETS: [&str; 8] =
    ["dialogue", "encyclopedia", "law", "letters", "news", "prose", "technical", "travel"];

/// A row that owns its values.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnedRow {
    pub(crate) doc: String,
    pub(crate) bead: u64,
    pub(crate) arabic: String,
    pub(crate) english: String,
    pub(crate) src: [usize; 2],
    pub(crate) tgt: [usize; 2],
    pub(crate) probability: Option<f64>,
    pub(crate) quality: Option<f64>,
    pub(crate) reasons: Vec<String>,
    pub(crate) features: Vec<Option<f64>>,
    pub(crate) counterpart: Option<[usize; 2]>,
}

impl OwnedRow {
    pub(crate) fn kind(&self) -> BeadKind {
        BeadKind { src: self.src[1] - self.src[0], tgt: self.tgt[1] - self.tgt[0] }
    }

    pub(crate) fn row(&self) -> ReportRow<'_> {
        let span = |[start, end]: [usize; 2]| Span::new(start, end);
        let mut row = ReportRow::new(&self.arabic, &self.english);
        row.doc = &self.doc;
        row.bead = Some(self.bead);
        row.kind = Some(self.kind());
        row.spans = Some((span(self.src), span(self.tgt)));
        row.counterpart = self.counterpart.map(span);
        row.probability = self.probability;
        row.quality = self.quality;
        row.reasons = &self.reasons;
        row.features = &self.features;
        row
    }
}

/// Returns a made-up score from 0 to 1 with two decimals, determined by the row and the salt.
fn made_up(row: usize, salt: usize) -> f64 {
    let mixed = (row * 7919 + salt * 104_729) % 1009;
    (mixed * 100 / 1009) as f64 / 100.0
}

/// Returns the beads of the gold alignments, each twice so that there are repeated pairs.
pub(crate) fn rows() -> Vec<OwnedRow> {
    let mut rows = Vec::new();
    for (round, suffix) in ["", " 2"].into_iter().enumerate() {
        for set in SETS {
            read(set, &format!("{set}{suffix}"), round, &mut rows);
        }
    }
    rows
}

fn read(set: &str, doc: &str, round: usize, rows: &mut Vec<OwnedRow>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora").join(set);
    let text = |name: &str| fs::read_to_string(folder.join(name)).expect("a bundled corpus");
    let (ar, en) = (text("ar.segments.txt"), text("en.segments.txt"));
    let (ar, en): (Vec<&str>, Vec<&str>) = (ar.lines().collect(), en.lines().collect());
    let mut before = [0, 0];
    for (bead, line) in text("gold.ladder").lines().enumerate() {
        let mut sides = line.split("]:[").map(|side| {
            let numbers = side.trim_matches(|c: char| !c.is_ascii_digit()).split(", ");
            numbers.filter_map(|n| n.parse::<usize>().ok()).collect::<Vec<usize>>()
        });
        let (src, tgt) = (sides.next().expect("a side"), sides.next().expect("a side"));
        let span = |side: &[usize], at: usize| match side {
            [] => [at, at],
            side => [side[0], side[side.len() - 1] + 1],
        };
        let (src, tgt) = (span(&src, before[0]), span(&tgt, before[1]));
        before = [src[1], tgt[1]];
        let index = rows.len();
        let is_pair = src[0] < src[1] && tgt[0] < tgt[1];
        let probability = 1.0 - made_up(index, 1) * made_up(index, 2) * made_up(index, 3);
        let whole = |value: f64| Some(value.floor());
        rows.push(OwnedRow {
            doc: doc.to_owned(),
            bead: bead as u64,
            arabic: ar[src[0]..src[1]].join(" "),
            english: en[tgt[0]..tgt[1]].join(" "),
            src,
            tgt,
            probability: Some((probability * 1e4).round() / 1e4),
            quality: is_pair.then(|| match index % 13 {
                0 => 0.02,
                _ => 1.0 - made_up(index, 4) * made_up(index, 5),
            }),
            reasons: if is_pair && index.is_multiple_of(5) {
                vec!["truncated".into()]
            } else {
                Vec::new()
            },
            features: vec![
                Some(if index.is_multiple_of(11) { 0.5 } else { 1.0 }),
                Some(if index.is_multiple_of(17) { 0.3 } else { 0.9 }),
                whole(made_up(index, 6) * 1.3),
                index.is_multiple_of(3).then(|| (made_up(index, 7) * 1.6).floor()),
                Some(if index.is_multiple_of(29) { 0.4 } else { 0.0 }),
            ],
            // In the second round, the missing text of one set counts as moved.
            counterpart: (round == 1 && !is_pair && set == "travel").then_some([1, 2]),
        });
    }
}

pub(crate) fn options() -> ReportOptions {
    let mut options = ReportOptions::new("bundled");
    options.features = FEATURES.map(str::to_owned).to_vec();
    options.sample = 20;
    options.doubtful = 15;
    options
}

pub(crate) fn report(
    rows: &[OwnedRow],
    options: ReportOptions,
    gold: Option<GoldReport>,
) -> CorpusReport {
    let mut builder = ReportBuilder::new(options);
    rows.iter().for_each(|row| builder.add(&row.row()));
    builder.finish(None, gold)
}
