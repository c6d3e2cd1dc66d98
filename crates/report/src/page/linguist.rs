//! For the linguist: what the corpus consists of.

use std::collections::BTreeMap;

use super::Section;
use super::block::{Comparison, PageBlock, PageCell, PageTable, of_corpus, prefix};
use super::translator::shown;
use crate::chart::{Axis, Figure, bins, path, short};
use crate::corpus::CorpusReport;
use crate::histogram::{CountStats, Histogram};
use crate::number::{format_count, format_decimal, format_percent, share};
use crate::totals::SideTotals;
use crate::words::VocabularyStats;

/// Shapes of bead with a column of their own.
const KINDS: usize = 6;
/// Documents in the table.
const DOCUMENTS: usize = 100;

pub(super) fn section(reports: &[CorpusReport]) -> Section {
    let mut blocks = vec![kinds(reports)];
    blocks.extend(sides(reports));
    let series: Vec<(&str, &Histogram)> = reports
        .iter()
        .map(|report| (report.options.name.as_str(), &report.lengths.log_ratio))
        .collect();
    let ratio = Figure::new(
        "ratio",
        "Ratio of lengths",
        "Logarithm of Arabic chars by English chars: 0 is as long as, −0.7 half as long.",
    );
    // What lies far out is in the table; the middle is where the shape is.
    let near: Vec<(&str, Histogram)> =
        series.iter().map(|(name, all)| (*name, middle(all))).collect();
    let near: Vec<(&str, &Histogram)> = near.iter().map(|(name, all)| (*name, all)).collect();
    let x = Axis::new(-2.0, 2.0, 5, "ln(Arabic chars / English chars)", short);
    blocks.push(PageBlock::Figures(vec![bins(ratio, x, "pairs", &near, &[])]));
    for (at, report) in reports.iter().enumerate() {
        let name = of_corpus(reports, at);
        let prefix = prefix(reports, at);
        blocks.push(documents(report, &name));
        if (report.documents.listed.len().min(DOCUMENTS) as u64) < report.documents.count {
            blocks.push(PageBlock::Note(format!(
                "{} of {} documents, those with the most doubt; the totals are of all.",
                format_count(report.documents.listed.len().min(DOCUMENTS) as u64),
                format_count(report.documents.count)
            )));
        }
        blocks.extend(paths(report, &name, &prefix, reports.len()));
    }
    Section {
        id: "linguist",
        title: "For the linguist",
        lead: "What the corpus consists of, and how far each text is covered.".to_owned(),
        blocks,
    }
}

/// Gives the bins from −2 to 2, with what is beyond beside them.
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

/// Gives the most frequent shapes over all corpora.
fn frequent(reports: &[CorpusReport]) -> Vec<String> {
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
        return PageBlock::Note("The rows do not say how many segments they are of.".to_owned());
    }
    if let [report] = reports {
        let total: u64 = report.kinds.values().sum();
        let mut table =
            PageTable::new("Shapes of bead, source segments first", &["shape", "beads", "share"]);
        for kind in frequent(reports) {
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
    for kind in frequent(reports).iter().take(16) {
        let of = |report: &CorpusReport| {
            let total: u64 = report.kinds.values().sum();
            (total > 0).then(|| share(report.kinds.get(kind).copied().unwrap_or(0), total))
        };
        table.row(kind, of, format_percent);
    }
    table.finish()
}

/// A number of one side of a corpus.
type Of = fn(&CorpusReport, CorpusSide) -> Option<f64>;
type Word = fn(f64) -> String;

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

/// What is told of each side, and how it is written.
const SIDES: &[(&str, Of, Word)] = &[
    ("segments", segments, whole),
    ("words", |report, side| Some(totals(report, side).words as f64), whole),
    (
        "words a segment, mean",
        |report, side| Some(totals(report, side).words as f64 / segments(report, side)?),
        two,
    ),
    ("words a pair, mean", |report, side| Some(words(report, side)?.mean), two),
    ("words a pair, median", |report, side| Some(words(report, side)?.median as f64), whole),
    (
        "words a pair, 95 of 100 have up to",
        |report, side| Some(words(report, side)?.p95 as f64),
        whole,
    ),
    ("words a pair, most", |report, side| Some(words(report, side)?.max as f64), whole),
    ("distinct words", |report, side| Some(vocabulary(report, side).types as f64), whole),
    ("words written once", |report, side| Some(vocabulary(report, side).once as f64), whole),
    (
        "distinct words by all words",
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

fn two(value: f64) -> String {
    format_decimal(Some(value), 2)
}

fn sides(reports: &[CorpusReport]) -> Vec<PageBlock> {
    let mut blocks = Vec::new();
    if let [report] = reports {
        let mut table = PageTable::new("Words and segments", &["", "Arabic", "English"]);
        for (name, of, word) in SIDES {
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
            for (name, of, word) in SIDES {
                table.row(name, |report| of(report, side), word);
            }
            blocks.push(table.finish());
        }
    }
    if !reports.iter().all(|r| r.arabic_vocabulary.exact && r.english_vocabulary.exact) {
        blocks.push(PageBlock::Note("Distinct words are estimated, to 0.4 % or so.".to_owned()));
    }
    let mut table = Comparison::new("Arabic chars by English chars, in the middle", reports);
    for (at, kind) in ["one to one", "one Arabic to several", "several Arabic to one", "others"]
        .into_iter()
        .enumerate()
    {
        table.row(kind, |report| report.lengths.ratio_by_kind[at].median, two);
    }
    blocks.push(table.finish());
    blocks
}

fn documents(report: &CorpusReport, name: &str) -> PageBlock {
    let kinds: Vec<String> =
        frequent(std::slice::from_ref(report)).into_iter().take(KINDS).collect();
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
    head.extend(["ready", "check", "reject"]);
    let mut table = PageTable::new(&format!("Documents{name}, in the order of the corpus"), &head);
    let mut listed: Vec<_> = report.documents.listed.iter().collect();
    if listed.len() > DOCUMENTS {
        listed.sort_by_key(|document| {
            crate::top_k::descending_key(document.expected_wrong.unwrap_or(0.0))
        });
        listed.truncate(DOCUMENTS);
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
            row.push(PageCell::number(format_decimal(document.probability, 3)));
        }
        if with_quality {
            row.push(PageCell::number(format_decimal(document.quality, 3)));
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
    let documents = shown(report, corpora);
    let mut with: Vec<_> = documents
        .iter()
        .filter_map(|document| Some((*document, document.path.as_ref()?)))
        .take(12)
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
            "How far the source is read against how far the target is. Red: missing in the target. \
             Blue: missing in the source. Violet: moved."
                .to_owned(),
        ),
        PageBlock::SmallFigures(figures),
    ]
}
