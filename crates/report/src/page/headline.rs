//! The first section: the most important numbers.

use super::Section;
use super::block::{
    Comparison, PageBlock, StatTile, VerdictBar, VerdictPart, verdict_labels, width,
};
use crate::corpus::CorpusReport;
use crate::number::{format_count, format_decimal, format_estimate, format_percent, share};
use crate::options::PairVerdict;

pub(super) fn section(reports: &[CorpusReport]) -> Section {
    let mut blocks = Vec::new();
    let bars: Vec<VerdictBar> = reports
        .iter()
        .filter(|report| rated(report) > 0)
        .map(|report| bar(report, reports.len() > 1))
        .collect();
    if let [report] = reports {
        blocks.push(PageBlock::Tiles(tiles(report)));
    }
    if bars.is_empty() {
        blocks.push(PageBlock::Note(
            "The rows have neither probability nor quality, so the pairs are not rated.".to_owned(),
        ));
    } else {
        blocks.push(PageBlock::Verdicts(bars));
    }
    if reports.len() > 1 {
        blocks.push(comparison(reports));
    }
    blocks.extend(reports.first().map(|report| PageBlock::Note(meaning(report))));
    Section { id: "glance", title: "At a glance", lead: String::new(), blocks }
}

/// Returns the number of pairs that have a verdict.
fn rated(report: &CorpusReport) -> u64 {
    report.headline.pairs - report.headline.verdicts.unrated
}

fn tiles(report: &CorpusReport) -> Vec<StatTile> {
    let headline = &report.headline;
    let tile = |label: &str, value: String, note: String| StatTile {
        label: label.to_owned(),
        value,
        note,
    };
    let mut tiles = vec![
        tile(
            "pairs",
            format_count(headline.pairs),
            match headline.documents {
                1 => "in one document".to_owned(),
                documents => format!("in {} documents", format_count(documents)),
            },
        ),
        tile(
            "words",
            format_count(headline.arabic.words + headline.english.words),
            format!(
                "{} Arabic, {} English",
                format_count(headline.arabic.words),
                format_count(headline.english.words)
            ),
        ),
    ];
    let verdicts = &headline.verdicts;
    if rated(report) > 0 {
        tiles.push(tile(
            "ready to use",
            format_percent(share(verdicts.ready, rated(report))),
            format!(
                "{} to check, {} to reject",
                format_count(verdicts.check),
                format_count(verdicts.reject)
            ),
        ));
    }
    if let Some(expected) = headline.expected_wrong {
        let digits = usize::from(expected.wrong < 99.95);
        tiles.push(tile(
            "expected wrong pairs",
            format_decimal(Some(expected.wrong), digits),
            format!(
                "between {} and {} of {}",
                format_decimal(Some(expected.low), digits),
                format_decimal(Some(expected.high), digits),
                format_count(expected.of)
            ),
        ));
    } else if let Some(quality) = headline.quality {
        tiles.push(tile(
            "mean quality",
            format_decimal(Some(quality), 2),
            "from 0 to 1".to_owned(),
        ));
    }
    let missing = &report.missing;
    tiles.push(tile(
        "words without a counterpart",
        format_count(missing.omitted.words + missing.added.words + missing.moved.words),
        format!(
            "{} omitted, {} added{}",
            format_count(missing.omitted.words),
            format_count(missing.added.words),
            if missing.moved.words > 0 {
                format!(", {} moved", format_count(missing.moved.words))
            } else {
                String::new()
            }
        ),
    ));
    tiles.push(tile(
        "repeated pairs",
        format_percent(report.duplicates.share),
        format!(
            "{} distinct",
            format_estimate(report.duplicates.distinct_pairs, report.duplicates.exact)
        ),
    ));
    tiles
}

fn bar(report: &CorpusReport, named: bool) -> VerdictBar {
    let verdicts = &report.headline.verdicts;
    let whole = rated(report);
    let parts = [
        (PairVerdict::Ready, verdicts.ready),
        (PairVerdict::Check, verdicts.check),
        (PairVerdict::Reject, verdicts.reject),
    ]
    .map(|(which, pairs)| {
        let [class, mark, name] = verdict_labels(Some(which));
        VerdictPart {
            class,
            mark,
            verdict: name,
            width: width(share(pairs, whole)),
            share: format_percent(share(pairs, whole)),
            pairs: format_count(pairs),
        }
    });
    let name = if named { report.options.name.clone() } else { String::new() };
    VerdictBar { name, parts: parts.into() }
}

fn comparison(reports: &[CorpusReport]) -> PageBlock {
    let mut table = Comparison::new("The corpora side by side", reports);
    let whole = |value: f64| format_count(value as u64);
    table.row("pairs", |report| Some(report.headline.pairs as f64), whole);
    table.row("documents", |report| Some(report.headline.documents as f64), whole);
    table.row("Arabic words", |report| Some(report.headline.arabic.words as f64), whole);
    table.row("English words", |report| Some(report.headline.english.words as f64), whole);
    for (name, of) in [
        ("ready", (|report| report.headline.verdicts.ready) as fn(&CorpusReport) -> u64),
        ("check", |report| report.headline.verdicts.check),
        ("reject", |report| report.headline.verdicts.reject),
    ] {
        let share_of =
            |report: &CorpusReport| (rated(report) > 0).then(|| share(of(report), rated(report)));
        table.row(name, share_of, format_percent);
    }
    let wrong = |report: &CorpusReport| {
        report.headline.expected_wrong.map(|expected| expected.wrong / expected.of.max(1) as f64)
    };
    table.row("expected share of wrong pairs", wrong, format_percent);
    table.row(
        "mean probability",
        |report| report.headline.probability,
        |v| format_decimal(Some(v), 3),
    );
    table.row("mean quality", |report| report.headline.quality, |v| format_decimal(Some(v), 3));
    table.row(
        "Arabic text with a counterpart",
        |report| Some(report.headline.arabic_coverage),
        format_percent,
    );
    table.row(
        "English text with a counterpart",
        |report| Some(report.headline.english_coverage),
        format_percent,
    );
    table.row("repeated pairs", |report| Some(report.duplicates.share), format_percent);
    table.finish()
}

/// Explains the three verdicts and the expected number of wrong pairs.
fn meaning(report: &CorpusReport) -> String {
    let thresholds = &report.options.thresholds;
    let conditions = |relation: &str, probability: f64, quality: f64| {
        let mut parts = Vec::new();
        if report.probability.is_some() {
            parts.push(format!("probability {relation} {probability}"));
        }
        if report.quality.is_some() {
            parts.push(format!("quality {relation} {quality}"));
        }
        parts
    };
    let ready = conditions("at least", thresholds.ready_probability, thresholds.ready_quality);
    let reject = conditions("below", thresholds.reject_probability, thresholds.reject_quality);
    let mut text = format!(
        "Ready: {}. Reject: {}. Check: everything in between.",
        ready.join(" and "),
        reject.join(" or ")
    );
    if report.headline.expected_wrong.is_some() {
        text.push_str(
            " The expected number of wrong pairs is the sum of their probabilities of being wrong. If \
             the probabilities are right, the true number is in the given range 95 times out of 100. \
             It counts wrong sentence pairs, not poor translations.",
        );
    }
    text
}
