//! Simulates a reviewer who corrects alignments by gold, and counts the decisions that are needed:
//! in reading order or by risk, with the rest aligned again around each decision or not.

mod chart;
mod reviewer;
mod timing;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use nasaq::Aligner;
use nasaq_encoder::CnnEncoder;
use rayon::prelude::*;

use crate::cached_encoder::DiskCachedEncoder;
use crate::gold::{Condition, GoldDocument, read_documents};
use reviewer::{Mode, Order, Outcome, Point, review};

/// The arguments of `review`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// Only these sets.
    #[arg(long, value_delimiter = ',', default_value = "literature,bidaya,film,rasaif,hard")]
    sets: Vec<String>,
    /// Review the documents in this condition of `gold`.
    #[arg(long, default_value = "whole")]
    condition: Condition,
    /// A bead of the gold may be divided into pairs: the gold's beads may be larger than they need
    /// be.
    #[arg(long)]
    divided: bool,
    /// Instead, time realignment in a document of about this number of segments a side, made of
    /// the sets; may be repeated.
    #[arg(long = "time", value_delimiter = ',')]
    times: Vec<usize>,
    /// Write the curves to this file: set, mode, decisions, and the share of right beads after
    /// them, separated by tabs.
    #[arg(long)]
    curves: Option<PathBuf>,
    /// Draw the curves to this SVG file.
    #[arg(long)]
    chart: Option<PathBuf>,
    /// Print every decision in the mode that reviews by risk and aligns again.
    #[arg(long)]
    show: bool,
    /// The folder of cached vectors.
    #[arg(long, default_value = "target/gold-vectors")]
    vectors: PathBuf,
    /// The model file.
    #[arg(long, default_value = "crates/encoder/assets/use-multilingual-v3.nasaq")]
    model: PathBuf,
}

/// The modes that are compared, with their names.
const MODES: [(&str, Mode); 4] = [
    ("check every bead", Mode { order: Order::Reading, realigns: false }),
    ("reading order, realigned", Mode { order: Order::Reading, realigns: true }),
    ("by risk", Mode { order: Order::Risk, realigns: false }),
    ("by risk, realigned", Mode { order: Order::Risk, realigns: true }),
];

/// Simulates the reviews and prints tables.
#[expect(clippy::print_stdout, reason = "the tables are the output of the task")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let mut sets: BTreeMap<String, Vec<GoldDocument>> = BTreeMap::new();
    let documents = args.condition.apply(&read_documents(&args.folder, &args.sets)?);
    if !args.times.is_empty() {
        let aligner = Aligner::builder().monotone(true).build()?;
        let encoder = CnnEncoder::from_bytes(fs::read(&args.model)?)?;
        for &segments in &args.times {
            print!("{}", timing::time(&aligner, &encoder, &documents, segments)?);
        }
        return Ok(());
    }
    for document in documents {
        sets.entry(document.set.clone()).or_default().push(document);
    }
    let model = fs::read(&args.model).with_context(|| args.model.display().to_string())?;
    let encoder = DiskCachedEncoder::new(CnnEncoder::from_bytes(model)?, &args.vectors)?;
    // No gold of these sets has moved text.
    let aligner = Aligner::builder().monotone(true).build()?;
    let sets: Vec<(String, Vec<GoldDocument>)> = sets.into_iter().collect();
    let outcomes: Vec<(&str, Vec<Outcome>)> = sets
        .par_iter()
        .map(|(set, documents)| {
            let of_mode = |(_, mode): &(&str, Mode)| {
                review(&aligner, &encoder, documents, *mode, args.divided)
            };
            Ok((set.as_str(), MODES.iter().map(of_mode).collect::<Result<_>>()?))
        })
        .collect::<Result<_>>()?;
    println!("{}", decisions_table(&outcomes));
    println!("{}", work_table(&outcomes));
    println!("{}", enough_table(&outcomes));
    println!("{}", times(&outcomes));
    if args.show {
        for (set, of_set) in &outcomes {
            of_set[3].log.iter().for_each(|line| println!("{set} {line}"));
        }
    }
    if let Some(path) = &args.curves {
        fs::write(path, curves(&outcomes)).with_context(|| path.display().to_string())?;
    }
    if let Some(path) = &args.chart {
        let chart = chart::draw(&MODES.map(|(name, _)| name), &outcomes);
        fs::write(path, chart).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Returns the outcomes of a mode summed over all sets, with the means of the curves' shares.
fn totals(outcomes: &[(&str, Vec<Outcome>)], mode: usize, count: fn(&Outcome) -> usize) -> usize {
    outcomes.iter().map(|(_, of_set)| count(&of_set[mode])).sum()
}

/// Tabulates the decisions until 99 % and until all beads are right.
fn decisions_table(outcomes: &[(&str, Vec<Outcome>)]) -> String {
    let mut out = String::from("## Decisions until 99 % | 100 % of the gold's beads are right\n\n");
    let _ = write!(out, "| set | gold beads | right at first |");
    MODES.iter().for_each(|(name, _)| {
        let _ = write!(out, " {name} |");
    });
    out.push_str("\n|---|---|---|---|---|---|---|\n");
    for (set, of_set) in outcomes {
        let first = &of_set[0];
        let _ = write!(out, "| {set} | {} | {:.1} % |", first.gold, 100.0 * first.points[0].share);
        for outcome in of_set {
            let _ = write!(out, " {} / {} |", outcome.until(0.99), outcome.until(1.0));
        }
        out.push('\n');
    }
    let _ = write!(out, "| all | {} | |", totals(outcomes, 0, |outcome| outcome.gold));
    for mode in 0..MODES.len() {
        let [nearly, all] = [
            totals(outcomes, mode, |outcome| outcome.until(0.99)),
            totals(outcomes, mode, |outcome| outcome.until(1.0)),
        ];
        let _ = write!(out, " {nearly} / {all} |");
    }
    out.push('\n');
    out
}

/// Tabulates the corrections, and the beads that the reviewer sets in them, until 99 % and until
/// all beads are right.
fn work_table(outcomes: &[(&str, Vec<Outcome>)]) -> String {
    let mut out = String::from(
        "## Corrections, and beads set in them, until 99 % | 100 % of the beads are right\n\n| set |",
    );
    MODES.iter().for_each(|(name, _)| {
        let _ = write!(out, " {name} |");
    });
    out.push_str("\n|---|---|---|---|---|\n");
    let cell = |points: &[Point]| {
        let sum = |of: fn(&Point) -> usize| points.iter().map(of).sum::<usize>();
        format!("{} ({})", sum(|point| point.corrections), sum(|point| point.beads_set))
    };
    for (set, of_set) in outcomes {
        let _ = write!(out, "| {set} |");
        for outcome in of_set {
            let [nearly, all] = [0.99, 1.0].map(|share| cell(&[outcome.at(outcome.until(share))]));
            let _ = write!(out, " {nearly} / {all} |");
        }
        out.push('\n');
    }
    let _ = write!(out, "| all |");
    for mode in 0..MODES.len() {
        let [nearly, all] = [0.99, 1.0].map(|share| {
            let points: Vec<Point> = outcomes
                .iter()
                .map(|(_, of_set)| of_set[mode].at(of_set[mode].until(share)))
                .collect();
            cell(&points)
        });
        let _ = write!(out, " {nearly} / {all} |");
    }
    out.push('\n');
    out
}

/// Tabulates when the expected share of wrong beads that nobody looked at falls below 1 %, and the
/// share of right beads then.
fn enough_table(outcomes: &[(&str, Vec<Outcome>)]) -> String {
    let mut out = String::from(
        "## Decisions until fewer than 1 % are expected to be wrong, and right beads then\n\n\
         | set | by risk | by risk, realigned |\n|---|---|---|\n",
    );
    for (set, of_set) in outcomes {
        let _ = write!(out, "| {set} |");
        for outcome in &of_set[2..] {
            let enough = outcome.points.iter().find(|point| point.expected_wrong < 0.01);
            let _ = match enough {
                Some(point) => {
                    write!(out, " {} ({:.1} %) |", point.decisions, 100.0 * point.share)
                }
                None => write!(out, " never |"),
            };
        }
        out.push('\n');
    }
    out
}

/// Describes how long it took to align again after a decision.
fn times(outcomes: &[(&str, Vec<Outcome>)]) -> String {
    let all = outcomes.iter().flat_map(|(_, of_set)| of_set).flat_map(|outcome| &outcome.times);
    let mut all: Vec<Duration> = all.copied().collect();
    all.sort_unstable();
    let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    format!(
        "Aligning again after a decision, {} times: median {:.1} ms, 95th percentile {:.1} ms, \
         maximum {:.1} ms",
        all.len(),
        at(0.5),
        at(0.95),
        at(1.0),
    )
}

/// Lists the points of all curves.
fn curves(outcomes: &[(&str, Vec<Outcome>)]) -> String {
    let mut out =
        String::from("set\tmode\tdecisions\tcorrections\tbeads set\tright\texpected wrong\n");
    for (set, of_set) in outcomes {
        for ((name, _), outcome) in MODES.iter().zip(of_set) {
            for Point { decisions, corrections, beads_set, share, expected_wrong } in
                &outcome.points
            {
                let _ = writeln!(
                    out,
                    "{set}\t{name}\t{decisions}\t{corrections}\t{beads_set}\t{share:.4}\t{expected_wrong:.4}"
                );
            }
        }
    }
    out
}
