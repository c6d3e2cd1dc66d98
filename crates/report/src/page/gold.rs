//! How right the beads are, against gold.

use super::Section;
use super::block::{Block, Cell, Comparison, Table, of_corpus};
use crate::chart::{Axis, Figure, Line, lines, short};
use crate::corpus::CorpusReport;
use crate::gold::GoldReport;
use crate::number::{count, decimal, percent, share};

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
    let four = |value: f64| decimal(Some(value), 4);
    let gold = |report: &CorpusReport| report.gold.clone();
    table.row(
        "documents with gold",
        |report| Some(gold(report)?.documents as f64),
        |v| count(v as u64),
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
        |v| decimal(Some(v), 3),
    );
    table.row(
        "calibration error, nested",
        |report| gold(report)?.calibration_error_nested,
        |v| decimal(Some(v), 3),
    );
    let mut blocks = vec![table.finish()];
    blocks.extend(reliability(reports, &with));
    for (at, gold) in with {
        blocks.push(kinds(gold, &of_corpus(reports, at)));
    }
    Some(Section {
        id: "gold",
        title: "Against gold",
        lead: "How right the beads are where somebody aligned the same text by hand.".to_owned(),
        blocks,
    })
}

fn reliability(reports: &[CorpusReport], with: &[(usize, &GoldReport)]) -> Option<Block> {
    if with.iter().all(|(_, gold)| gold.reliability.is_empty()) {
        return None;
    }
    let drawn: Vec<Line<'_>> = with
        .iter()
        .map(|(at, gold)| Line {
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
        "Share of the beads that are right by printed probability, with the range that chance leaves \
         open; on the broken line both are the same. Right: the gold's bead, or inside one.",
    );
    figure.head = ["corpus", "beads", "mean probability", "right", "right or inside"]
        .map(str::to_owned)
        .to_vec();
    for (at, gold) in with {
        for bin in &gold.reliability {
            figure.rows.push(vec![
                reports[*at].options.name.clone(),
                count(bin.beads),
                decimal(Some(bin.probability), 3),
                percent(share(bin.right, bin.beads)),
                percent(bin.share_nested()),
            ]);
        }
    }
    let axis = |label: &str| Axis::new(0.0, 1.0, 5, label, short);
    let chart = lines(figure, axis("printed probability"), axis("share right"), &drawn, true);
    Some(Block::Figures(vec![chart]))
}

fn kinds(gold: &GoldReport, name: &str) -> Block {
    let mut table = Table::new(
        &format!("Strictly right by shape of bead{name}"),
        &["shape", "gold", "found", "recall", "printed", "right", "precision"],
    );
    for (kind, score) in &gold.evaluation.kinds {
        let (recall, precision) = (score.recall, score.precision);
        let share = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), percent);
        table.rows.push(vec![
            Cell::name(kind.to_string()),
            Cell::number(count(recall.total)),
            Cell::number(count(recall.right)),
            Cell::number(share(recall.share())),
            Cell::number(count(precision.total)),
            Cell::number(count(precision.right)),
            Cell::number(share(precision.share())),
        ]);
    }
    Block::Table(table)
}
