//! The section for engineers: what to keep, at which threshold, and what each filter costs.

use std::collections::BTreeSet;

use super::Section;
use super::block::{PageBlock, PageCell, PageTable, PairView, corpus_suffix, id_prefix};
use crate::chart::{Axis, Figure, LineSeries, bins, density, lines, matrix, short, short_percent};
use crate::corpus::CorpusReport;
use crate::histogram::Histogram;
use crate::number::{format_count, format_decimal, format_estimate, format_percent, share};

/// Number of bars in the chart of lengths.
const LENGTH_BARS: usize = 30;

/// Returns the names and histograms of the corpora that have one.
fn series<'r>(
    reports: &'r [CorpusReport],
    of: impl Fn(&'r CorpusReport) -> Option<&'r Histogram>,
) -> Vec<(&'r str, &'r Histogram)> {
    reports.iter().filter_map(|report| Some((report.options.name.as_str(), of(report)?))).collect()
}

pub(super) fn section(reports: &[CorpusReport]) -> Section {
    let mut blocks = Vec::new();
    let mut figures = Vec::new();
    figures.extend(score(
        reports,
        "quality",
        "How good the translations are, from 0 to 1.",
        |report| report.quality.as_ref(),
    ));
    figures.extend(score(
        reports,
        "probability",
        "How likely it is that the beads are right, from 0 to 1.",
        |report| report.probability.as_ref(),
    ));
    figures.extend(retention(reports));
    figures.extend(lengths(reports));
    for (at, report) in reports.iter().enumerate() {
        figures.extend(scatter(report, reports, at));
    }
    blocks.push(PageBlock::Figures(figures));
    for (at, report) in reports.iter().enumerate() {
        let name = corpus_suffix(reports, at);
        let prefix = id_prefix(reports, at);
        blocks.extend(filters(report, &name));
        blocks.extend(duplicates(report, &name));
        blocks.push(languages(report, &name));
        blocks.extend(correlation(report, &name, &prefix));
        if !report.borderline.is_empty() {
            blocks.push(PageBlock::Heading {
                id: format!("{prefix}borderline"),
                text: format!(
                    "Pairs around quality {}{name}",
                    report.options.thresholds.ready_quality
                ),
            });
            blocks.push(PageBlock::Note(
                "The pairs closest to the ready threshold. Move the threshold to the point where they \
                 are still good enough."
                    .to_owned(),
            ));
            let borderline = prefix.clone() + "borderline-";
            let pairs = report.borderline.iter().map(|pair| PairView::new(pair, &borderline));
            blocks.push(PageBlock::Pairs(pairs.collect()));
        }
    }
    Section {
        id: "engineer",
        title: "For the engineer",
        lead: "What to keep, at which threshold, and what each filter costs.".to_owned(),
        blocks,
    }
}

fn score<'r>(
    reports: &'r [CorpusReport],
    name: &str,
    text: &str,
    of: impl Fn(&'r CorpusReport) -> Option<&'r Histogram>,
) -> Option<String> {
    let series = series(reports, of);
    if series.is_empty() {
        return None;
    }
    let title = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let x = Axis::new(0.0, 1.0, 5, name, short);
    let thresholds = &reports[0].options.thresholds;
    let ready =
        if name == "quality" { thresholds.ready_quality } else { thresholds.ready_probability };
    Some(bins(Figure::new(name, &title, text), x, "pairs", &series, &[(ready, "ready →")]))
}

fn retention(reports: &[CorpusReport]) -> Option<String> {
    let with: Vec<&CorpusReport> =
        reports.iter().filter(|report| !report.kept.is_empty()).collect();
    let mut drawn: Vec<LineSeries<'_>> = Vec::new();
    let single = with.len() == 1;
    for report in &with {
        let [all_pairs, all_words] = [report.kept[0].pairs, report.kept[0].english_words];
        let points = |of: fn(&crate::retention::RetentionPoint) -> u64, all: u64| {
            report.kept.iter().map(|point| [point.threshold, share(of(point), all)]).collect()
        };
        let name = if single { "pairs" } else { &report.options.name };
        drawn.push(LineSeries { name, points: points(|at| at.pairs, all_pairs), intervals: None });
        if single {
            let points = points(|at| at.english_words, all_words);
            drawn.push(LineSeries { name: "English words", points, intervals: None });
        }
    }
    if drawn.is_empty() {
        return None;
    }
    let mut figure =
        Figure::new("kept", "What each threshold keeps", "The share with at least this quality.");
    figure.head = vec!["threshold".to_owned()];
    for report in &with {
        let of = |what: &str| {
            if single { what.to_owned() } else { format!("{what}, {}", report.options.name) }
        };
        figure.head.extend([of("pairs"), of("English words")]);
    }
    for at in (0..=100).step_by(5) {
        let mut row = vec![format_decimal(Some(f64::from(at) / 100.0), 2)];
        for report in &with {
            let point = report.kept[at as usize];
            row.extend([format_count(point.pairs), format_count(point.english_words)]);
        }
        figure.rows.push(row);
    }
    let x = Axis::new(0.0, 1.0, 5, "minimum quality", short);
    let y = Axis::new(0.0, 1.0, 5, "kept", short_percent);
    Some(lines(figure, x, y, &drawn, false))
}

/// Draws the number of words on the English side: all pairs and distinct pairs of one corpus, or
/// all pairs of several corpora.
fn lengths(reports: &[CorpusReport]) -> Option<String> {
    let longest = reports
        .iter()
        .filter_map(|report| report.lengths.english_words)
        .map(|stats| stats.p95.clamp(10, 250))
        .max()?;
    // The bars reach half as far again as the 95th percentile.
    let step = (longest as usize * 3 / 2).div_ceil(LENGTH_BARS).max(1);
    let coarse: Vec<(&str, Histogram)> = match reports {
        [report] => vec![
            ("all pairs", report.lengths.english_histogram.coarser(step, LENGTH_BARS)),
            ("without repeats", report.duplicates.distinct_by_words.coarser(step, LENGTH_BARS)),
        ],
        _ => reports
            .iter()
            .map(|report| {
                let name = report.options.name.as_str();
                (name, report.lengths.english_histogram.coarser(step, LENGTH_BARS))
            })
            .collect(),
    };
    let series: Vec<(&str, &Histogram)> =
        coarse.iter().map(|(name, histogram)| (*name, histogram)).collect();
    // If there are no repeated pairs, the two series are equal and one of them is enough.
    let are_equal = reports.len() == 1 && series[0].1.counts == series[1].1.counts;
    let series = if are_equal { &series[..1] } else { &series[..] };
    let x = Axis::new(0.0, (step * LENGTH_BARS) as f64, 6, "words on the English side", short);
    let text = "How long the pairs are.";
    Some(bins(Figure::new("lengths", "Lengths", text), x, "pairs", series, &[]))
}

fn scatter(report: &CorpusReport, reports: &[CorpusReport], at: usize) -> Option<String> {
    let ratio = report.lengths.ratio?;
    let id = format!("{}scatter", id_prefix(reports, at));
    let title = format!("Lengths of the two sides{}", corpus_suffix(reports, at));
    let text = format!(
        "Arabic chars / English chars: the median is {}, and 95 % of the pairs are between {} and {} \
         (grey dashed lines).",
        format_decimal(Some(ratio.median), 2),
        format_decimal(Some(ratio.low), 2),
        format_decimal(Some(ratio.high), 2)
    );
    Some(density(Figure::new(&id, &title, &text), &report.lengths.scatter, Some(ratio)))
}

fn filters(report: &CorpusReport, name: &str) -> Option<PageBlock> {
    let account = report.filters.as_ref()?;
    let mut table = PageTable::new(
        &format!(
            "What each filter rejects{name}: {} of {} rows kept ({})",
            format_count(account.kept),
            format_count(account.rows),
            format_percent(share(account.kept, account.rows))
        ),
        &["filter", "alone", "first", "cumulative", "only it", "share of all rows, alone"],
    );
    for filter in &account.filters {
        let number = |value: u64| PageCell::number(format_count(value));
        table.rows.push(vec![
            PageCell::name(&filter.name),
            number(filter.alone),
            number(filter.first),
            number(filter.cumulative),
            number(filter.only),
            PageCell::share(share(filter.alone, account.rows)),
        ]);
    }
    Some(PageBlock::Table(table))
}

fn duplicates(report: &CorpusReport, name: &str) -> Vec<PageBlock> {
    let duplicates = &report.duplicates;
    let number = |value: u64| format_estimate(value, duplicates.exact);
    let mut table =
        PageTable::new(&format!("Repeated text{name}"), &["", "", "share of the pairs"]);
    let pairs = report.headline.pairs;
    for (name, value) in [
        ("distinct pairs", duplicates.distinct_pairs),
        ("distinct Arabic texts", duplicates.distinct_arabic),
        ("distinct English texts", duplicates.distinct_english),
        ("Arabic texts with several translations", duplicates.arabic_inconsistent),
        ("English texts with several translations", duplicates.english_inconsistent),
    ] {
        table.rows.push(vec![
            PageCell::name(name),
            PageCell::number(number(value)),
            PageCell::share(share(value, pairs)),
        ]);
    }
    let mut blocks = vec![PageBlock::Table(table)];
    if !duplicates.repeated.is_empty() {
        let mut table =
            PageTable::new(&format!("Most frequent pairs{name}"), &["times", "English", "Arabic"]);
        for pair in &duplicates.repeated {
            table.rows.push(vec![
                PageCell::number(format_count(pair.count)),
                PageCell::English(pair.english.clone()),
                PageCell::Arabic(pair.arabic.clone()),
            ]);
        }
        blocks.push(PageBlock::Table(table));
    }
    blocks
}

fn languages(report: &CorpusReport, name: &str) -> PageBlock {
    let of = |side: fn(&crate::languages::LanguagePairCount) -> &str, own: &str| {
        let mut names: BTreeSet<&str> = report.languages.iter().map(side).collect();
        let first = names.take(own);
        first.into_iter().chain(names).map(str::to_owned).collect::<Vec<String>>()
    };
    let arabic = of(|pair| &pair.arabic, "Arabic");
    let english = of(|pair| &pair.english, "English");
    let mut head = vec!["Arabic side ↓ · English side →"];
    head.extend(english.iter().map(String::as_str));
    let mut table =
        PageTable::new(&format!("Number of pairs by the languages of the two sides{name}"), &head);
    for row in &arabic {
        let mut cells = vec![PageCell::name(row)];
        for column in &english {
            let found =
                report.languages.iter().find(|pair| pair.arabic == *row && pair.english == *column);
            cells.push(PageCell::number(
                found.map_or_else(|| "·".to_owned(), |pair| format_count(pair.pairs)),
            ));
        }
        table.rows.push(cells);
    }
    PageBlock::Table(table)
}

fn correlation(report: &CorpusReport, name: &str, prefix: &str) -> Option<PageBlock> {
    let correlation = &report.correlation;
    if correlation.names.len() < 3 {
        return None;
    }
    let id = format!("{prefix}correlation");
    let text = format!(
        "Rank correlation over {} pairs. Blue: both rise together. Orange: one rises as the other \
         falls.",
        format_count(correlation.pairs as u64)
    );
    let figure = Figure::new(&id, &format!("Which features measure the same{name}"), &text);
    Some(PageBlock::Figures(vec![matrix(figure, correlation)]))
}
