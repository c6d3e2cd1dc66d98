//! The section on the accuracy of the beads, measured against gold alignments.

use super::Section;
use super::block::{Comparison, PageBlock, PageCell, PageTable, corpus_suffix};
use crate::chart::{Axis, Figure, LineSeries, lines, short};
use crate::corpus::CorpusReport;
use crate::gold::GoldReport;
use crate::number::{format_count, format_decimal, format_percent, share};

pub(super) fn section(reports: &[CorpusReport]) -> Option<Section> {
    let with: Vec<(usize, &GoldReport)> = reports
        .iter()
        .enumerate()
        .filter_map(|(at, report)| Some((at, report.gold.as_ref()?)))
        .collect();
    if with.is_empty() {
        return None;
    }
    let mut table = Comparison::new("Agreement with the gold alignments", reports);
    let four = |value: f64| format_decimal(Some(value), 4);
    let gold = |report: &CorpusReport| report.gold.clone();
    table.row(
        "documents with gold",
        |report| Some(gold(report)?.documents as f64),
        |v| format_count(v as u64),
    );
    for (name, of) in [
        ("strict precision", (|gold| gold.evaluation.strict.precision()) as fn(&GoldReport) -> f64),
        ("strict recall", |gold| gold.evaluation.strict.recall()),
        ("strict F1", |gold| gold.evaluation.strict.f1()),
        ("lax precision", |gold| gold.evaluation.lax.precision()),
        ("lax recall", |gold| gold.evaluation.lax.recall()),
        ("lax F1", |gold| gold.evaluation.lax.f1()),
        ("missing text: precision", |gold| gold.evaluation.nulls.precision()),
        ("missing text: recall", |gold| gold.evaluation.nulls.recall()),
    ] {
        table.row(name, |report| report.gold.as_ref().map(of), four);
    }
    table.row(
        "calibration error, strict",
        |report| gold(report)?.calibration_error,
        |v| format_decimal(Some(v), 3),
    );
    table.row(
        "calibration error, nested",
        |report| gold(report)?.calibration_error_nested,
        |v| format_decimal(Some(v), 3),
    );
    let mut blocks = vec![table.finish()];
    blocks.extend(reliability(reports, &with));
    for (at, gold) in with {
        blocks.push(kinds(gold, &corpus_suffix(reports, at)));
    }
    Some(Section {
        id: "gold",
        title: "Against gold",
        lead: "The accuracy of the beads in text that was also aligned by hand.".to_owned(),
        blocks,
    })
}

fn reliability(reports: &[CorpusReport], with: &[(usize, &GoldReport)]) -> Option<PageBlock> {
    if with.iter().all(|(_, gold)| gold.reliability.is_empty()) {
        return None;
    }
    let drawn: Vec<LineSeries<'_>> = with
        .iter()
        .map(|(at, gold)| LineSeries {
            name: &reports[*at].options.name,
            points: gold
                .reliability
                .iter()
                .map(|bin| [bin.probability, bin.share_nested()])
                .collect(),
            intervals: Some(gold.reliability.iter().map(|bin| bin.interval).collect()),
        })
        .collect();
    let mut figure = Figure::new(
        "reliability",
        "Are the probabilities right?",
        "Share of right beads by their probability, with its 95 % interval. On the grey dashed line both \
         are equal. A bead is right if it equals a gold bead or lies inside one.",
    );
    figure.head = ["corpus", "beads", "mean probability", "right", "right or inside"]
        .map(str::to_owned)
        .to_vec();
    for (at, gold) in with {
        for bin in &gold.reliability {
            figure.rows.push(vec![
                reports[*at].options.name.clone(),
                format_count(bin.beads),
                format_decimal(Some(bin.probability), 3),
                format_percent(share(bin.right, bin.beads)),
                format_percent(bin.share_nested()),
            ]);
        }
    }
    let axis = |label: &str| Axis::new(0.0, 1.0, 5, label, short);
    let chart = lines(figure, axis("probability"), axis("share of right beads"), &drawn, true);
    Some(PageBlock::Figures(vec![chart]))
}

fn kinds(gold: &GoldReport, name: &str) -> PageBlock {
    let mut table = PageTable::new(
        &format!("Strictly right by shape of bead{name}"),
        &["shape", "gold", "found", "recall", "output", "right", "precision"],
    );
    for (kind, score) in &gold.evaluation.kinds {
        let (gold, test) = (score.gold, score.test);
        let share = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), format_percent);
        table.rows.push(vec![
            PageCell::name(kind.to_string()),
            PageCell::number(format_count(gold.total)),
            PageCell::number(format_count(gold.right)),
            PageCell::number(share(gold.share())),
            PageCell::number(format_count(test.total)),
            PageCell::number(format_count(test.right)),
            PageCell::number(share(test.share())),
        ]);
    }
    PageBlock::Table(table)
}
