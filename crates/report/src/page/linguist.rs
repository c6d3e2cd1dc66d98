//! The section for linguists: what the corpus consists of.

use std::collections::BTreeMap;

use super::Section;
use super::block::{Comparison, PageBlock, PageCell, PageTable, corpus_suffix, id_prefix};
use super::translator::shown_documents;
use crate::chart::{Axis, Figure, bins, path, short};
use crate::corpus::CorpusReport;
use crate::histogram::{CountStats, Histogram};
use crate::number::{format_count, format_decimal, format_percent, format_probability, share};
use crate::totals::SideTotals;
use crate::words::VocabularyStats;

/// Maximum number of shapes of bead that have their own column.
const MAX_KIND_COLUMNS: usize = 6;
/// Maximum number of shapes of bead in a comparison.
const MAX_KIND_ROWS: usize = 16;
/// Maximum number of documents in the table.
const MAX_DOCUMENTS: usize = 100;
/// Maximum number of documents whose paths are shown, for each corpus.
const MAX_PATHS: usize = 12;

pub(super) fn section(reports: &[CorpusReport]) -> Section {
    let mut blocks = vec![kinds(reports)];
    blocks.extend(sides(reports));
    let series: Vec<(&str, &Histogram)> = reports
        .iter()
        .map(|report| (report.options.name.as_str(), &report.lengths.log_ratio))
        .collect();
    let ratio = Figure::new(
        "ratio",
        "Length ratio",
        "Natural logarithm of Arabic chars / English chars: at 0 both sides have the same length, at \
         −0.7 the Arabic is half as long.",
    );
    // Only the middle is drawn; the outliers are in the table.
    let near: Vec<(&str, Histogram)> =
        series.iter().map(|(name, all)| (*name, middle(all))).collect();
    let near: Vec<(&str, &Histogram)> = near.iter().map(|(name, all)| (*name, all)).collect();
    let x = Axis::new(-2.0, 2.0, 5, "ln(Arabic chars / English chars)", short);
    blocks.push(PageBlock::Figures(vec![bins(ratio, x, "pairs", &near, &[])]));
    for (at, report) in reports.iter().enumerate() {
        let name = corpus_suffix(reports, at);
        let prefix = id_prefix(reports, at);
        blocks.push(documents(report, &name));
        if (report.documents.listed.len().min(MAX_DOCUMENTS) as u64) < report.documents.count {
            blocks.push(PageBlock::Note(format!(
                "{} of {} documents, the most doubtful ones. The totals are of all documents.",
                format_count(report.documents.listed.len().min(MAX_DOCUMENTS) as u64),
                format_count(report.documents.count)
            )));
        }
        blocks.extend(paths(report, &name, &prefix, reports.len()));
    }
    Section {
        id: "linguist",
        title: "For the linguist",
        lead: "What the corpus consists of, and how much of each text has a counterpart."
            .to_owned(),
        blocks,
    }
}

/// Returns the bins from −2 to 2 of the histogram of length ratios; the others are counted as below
/// or above.
fn middle(all: &Histogram) -> Histogram {
    let mut near = Histogram::new(-2.0, 2.0, 40);
    (near.below, near.above) = (all.below, all.above);
    for (bin, pairs) in all.counts.iter().enumerate() {
        match bin.checked_sub(20) {
            None => near.below += pairs,
            Some(at) if at < 40 => near.counts[at] += pairs,
            Some(_) => near.above += pairs,
        }
    }
    near
}

/// Returns the shapes of bead of all corpora, the most frequent first.
fn frequent_kinds(reports: &[CorpusReport]) -> Vec<String> {
    let mut all: BTreeMap<&str, u64> = BTreeMap::new();
    for (kind, count) in reports.iter().flat_map(|report| &report.kinds) {
        *all.entry(kind).or_default() += count;
    }
    let mut kinds: Vec<(&str, u64)> = all.into_iter().collect();
    kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(*count), *kind));
    kinds.into_iter().map(|(kind, _)| kind.to_owned()).collect()
}

fn kinds(reports: &[CorpusReport]) -> PageBlock {
    if reports.iter().all(|report| report.kinds.is_empty()) {
        return PageBlock::Note(
            "The rows do not have shapes, so the number of segments is not known.".to_owned(),
        );
    }
    if let [report] = reports {
        let total: u64 = report.kinds.values().sum();
        let mut table =
            PageTable::new("Shapes of bead, source segments first", &["shape", "beads", "share"]);
        for kind in frequent_kinds(reports) {
            let beads = report.kinds[&kind];
            table.rows.push(vec![
                PageCell::name(kind),
                PageCell::number(format_count(beads)),
                PageCell::share(share(beads, total)),
            ]);
        }
        return PageBlock::Table(table);
    }
    let mut table = Comparison::new("Shapes of bead, source segments first", reports);
    for kind in frequent_kinds(reports).iter().take(MAX_KIND_ROWS) {
        let of = |report: &CorpusReport| {
            let total: u64 = report.kinds.values().sum();
            (total > 0).then(|| share(report.kinds.get(kind).copied().unwrap_or(0), total))
        };
        table.row(kind, of, format_percent);
    }
    table.finish()
}

/// Returns a number of one side of a corpus.
type SideMeasure = fn(&CorpusReport, CorpusSide) -> Option<f64>;
/// Formats a number.
type FormatValue = fn(f64) -> String;

#[derive(Clone, Copy, PartialEq)]
enum CorpusSide {
    Arabic,
    English,
}

impl CorpusSide {
    fn of<T>(self, arabic: T, english: T) -> T {
        if self == Self::Arabic { arabic } else { english }
    }
}

fn totals(report: &CorpusReport, side: CorpusSide) -> SideTotals {
    side.of(report.headline.arabic, report.headline.english)
}

fn words(report: &CorpusReport, side: CorpusSide) -> Option<CountStats> {
    side.of(report.lengths.arabic_words, report.lengths.english_words)
}

fn vocabulary(report: &CorpusReport, side: CorpusSide) -> VocabularyStats {
    side.of(report.arabic_vocabulary, report.english_vocabulary)
}

fn segments(report: &CorpusReport, side: CorpusSide) -> Option<f64> {
    let segments = totals(report, side).segments;
    (segments > 0).then_some(segments as f64)
}

/// The rows of the table of sides: name, number and format.
const SIDE_ROWS: &[(&str, SideMeasure, FormatValue)] = &[
    ("segments", segments, whole),
    ("words", |report, side| Some(totals(report, side).words as f64), whole),
    (
        "words per segment, mean",
        |report, side| Some(totals(report, side).words as f64 / segments(report, side)?),
        two_decimals,
    ),
    ("words per pair, mean", |report, side| Some(words(report, side)?.mean), two_decimals),
    ("words per pair, median", |report, side| Some(words(report, side)?.median as f64), whole),
    (
        "words per pair, 95th percentile",
        |report, side| Some(words(report, side)?.p95 as f64),
        whole,
    ),
    ("words per pair, maximum", |report, side| Some(words(report, side)?.max as f64), whole),
    ("distinct words", |report, side| Some(vocabulary(report, side).types as f64), whole),
    ("words that occur once", |report, side| Some(vocabulary(report, side).once as f64), whole),
    (
        "distinct words / all words",
        |report, side| Some(vocabulary(report, side).type_token_ratio),
        |value| format_decimal(Some(value), 3),
    ),
    (
        "text with a counterpart",
        |report, side| {
            let totals = totals(report, side);
            (totals.chars > 0).then(|| totals.coverage())
        },
        format_percent,
    ),
];

fn whole(value: f64) -> String {
    format_count(value as u64)
}

fn two_decimals(value: f64) -> String {
    format_decimal(Some(value), 2)
}

fn sides(reports: &[CorpusReport]) -> Vec<PageBlock> {
    let mut blocks = Vec::new();
    if let [report] = reports {
        let mut table = PageTable::new("Words and segments", &["", "Arabic", "English"]);
        for (name, of, word) in SIDE_ROWS {
            let cell =
                |side| PageCell::number(of(report, side).map_or_else(|| "–".to_owned(), word));
            table.rows.push(vec![
                PageCell::name(*name),
                cell(CorpusSide::Arabic),
                cell(CorpusSide::English),
            ]);
        }
        blocks.push(PageBlock::Table(table));
    } else {
        for (title, side) in
            [("The Arabic side", CorpusSide::Arabic), ("The English side", CorpusSide::English)]
        {
            let mut table = Comparison::new(title, reports);
            for (name, of, word) in SIDE_ROWS {
                table.row(name, |report| of(report, side), word);
            }
            blocks.push(table.finish());
        }
    }
    if !reports.iter().all(|r| r.arabic_vocabulary.exact && r.english_vocabulary.exact) {
        blocks.push(PageBlock::Note(
            "Distinct words are estimated, with an error of about 0.4 %.".to_owned(),
        ));
    }
    let mut table = Comparison::new("Arabic chars / English chars, median", reports);
    for (at, kind) in ["one to one", "one Arabic to several", "several Arabic to one", "others"]
        .into_iter()
        .enumerate()
    {
        table.row(kind, |report| report.lengths.ratio_by_kind[at].median, two_decimals);
    }
    blocks.push(table.finish());
    blocks
}

fn documents(report: &CorpusReport, name: &str) -> PageBlock {
    let kinds: Vec<String> =
        frequent_kinds(std::slice::from_ref(report)).into_iter().take(MAX_KIND_COLUMNS).collect();
    let with_probability = report.probability.is_some();
    let with_quality = report.quality.is_some();
    let mut head = vec!["document", "pairs"];
    head.extend(kinds.iter().map(String::as_str));
    if !kinds.is_empty() {
        head.push("other");
    }
    head.extend(["Arabic covered", "English covered", "Arabic words", "English words"]);
    head.extend(with_probability.then_some("probability"));
    head.extend(with_quality.then_some("quality"));
    let with_score = report.documents.listed.iter().any(|it| it.document_score.is_some());
    head.extend(with_score.then_some("document score"));
    head.extend(["ready", "check", "reject"]);
    let mut table = PageTable::new(&format!("Documents{name}, in the order of the corpus"), &head);
    let mut listed: Vec<_> = report.documents.listed.iter().collect();
    if listed.len() > MAX_DOCUMENTS {
        listed.sort_by_key(|document| document.doubt_key());
        listed.truncate(MAX_DOCUMENTS);
        listed.sort_by_key(|document| document.row);
    }
    for document in listed {
        let name = if document.name.is_empty() { "(no name)" } else { &*document.name };
        let mut row = vec![PageCell::name(name), PageCell::number(format_count(document.pairs))];
        let mut others: u64 = document.kinds.values().sum();
        for kind in &kinds {
            let beads = document.kinds.get(kind).copied().unwrap_or(0);
            others -= beads;
            row.push(PageCell::number(format_count(beads)));
        }
        if !kinds.is_empty() {
            row.push(PageCell::number(format_count(others)));
        }
        row.extend([
            PageCell::number(format_percent(document.arabic.coverage())),
            PageCell::number(format_percent(document.english.coverage())),
            PageCell::number(format_count(document.arabic.words)),
            PageCell::number(format_count(document.english.words)),
        ]);
        if with_probability {
            row.push(PageCell::number(format_probability(document.probability, 3)));
        }
        if with_quality {
            row.push(PageCell::number(format_probability(document.quality, 3)));
        }
        if with_score {
            row.push(PageCell::number(format_probability(document.document_score, 3)));
        }
        let verdicts = &document.verdicts;
        row.extend(
            [verdicts.ready, verdicts.check, verdicts.reject]
                .map(|n| PageCell::number(format_count(n))),
        );
        table.rows.push(row);
    }
    PageBlock::Table(table)
}

fn paths(report: &CorpusReport, name: &str, prefix: &str, corpora: usize) -> Vec<PageBlock> {
    let sides =
        if report.options.source.is_rtl() { ["Arabic", "English"] } else { ["English", "Arabic"] };
    let documents = shown_documents(report, corpora);
    let mut with: Vec<_> = documents
        .iter()
        .filter_map(|document| Some((*document, document.path.as_ref()?)))
        .take(MAX_PATHS)
        .collect();
    with.sort_by_key(|(document, _)| document.row);
    if with.is_empty() {
        return Vec::new();
    }
    let figures = with.iter().enumerate().map(|(at, (document, plot))| {
        let title = if document.name.is_empty() { "The corpus" } else { &*document.name };
        let text = format!(
            "{} and {} segments, {}.",
            format_count(u64::from(plot.segments[0])),
            format_count(u64::from(plot.segments[1])),
            match plot.blocks.len() {
                0 => "nothing marked".to_owned(),
                1 => "one block marked".to_owned(),
                blocks => format!("{blocks} blocks marked"),
            }
        );
        path(Figure::new(&format!("{prefix}path-{at}"), title, &text), plot, sides)
    });
    let figures = figures.collect();
    vec![
        PageBlock::Heading { id: format!("{prefix}paths"), text: format!("Paths of the alignments{name}") },
        PageBlock::Note(
            "Source position against target position. Red: missing in the target. Blue: missing in \
             the source. Violet: moved."
                .to_owned(),
        ),
        PageBlock::SmallFigures(figures),
    ]
}
