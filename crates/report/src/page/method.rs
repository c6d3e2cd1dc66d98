//! Where the numbers come from: enough to make the same page again.

use super::block::{PageBlock, PageCell, PageTable};
use super::{PageInfo, Section};
use crate::corpus::CorpusReport;

const METHOD: &[(&str, &str)] = &[
    (
        "Probability",
        "The chance that a bead is right: that it has the boundaries of a true bead or lies inside \
         one. It comes from the aligner; it does not say whether the translation is a good one, nor \
         whether the texts are translations of each other.",
    ),
    (
        "Quality",
        "The chance that a pair is a good translation if half of all pairs were bad, from features \
         that are columns of the scored corpus. A corpus better than that has more good pairs at each \
         value than the number says.",
    ),
    (
        "Confidence",
        "Orders the doubtful pairs and draws the ribbons: probability times quality, or the one that \
         the corpus has.",
    ),
    (
        "Wrong pairs expected",
        "The sum of 1 − probability; the range is the normal interval of a Poisson binomial number. It \
         is as good as the probabilities are.",
    ),
    (
        "Repeated pairs",
        "Same letters and digits; marks, case, spaces and tashkeel aside. Counted exactly up to 524,288 \
         distinct pairs; beyond, estimated from a hash sample (marked ≈), off by 0.2 % or so. Distinct \
         words likewise, beyond 131,072 a side, off by 0.4 % or so.",
    ),
    (
        "Correlation",
        "Spearman's, over at most 5,000 random pairs; features that do not vary are left out.",
    ),
    ("Length band", "The quantiles 0.025, 0.5 and 0.975 of the logarithm of the ratio."),
    (
        "Languages",
        "By the features ar_language and en_language where the corpus has them (0.75 and more: it is; \
         below 0.25: it is not), by script otherwise. Texts that are not in their language are named \
         by whatlang where it is sure.",
    ),
];

pub(super) fn section(reports: &[CorpusReport], info: &PageInfo) -> Section {
    let mut blocks = Vec::new();
    let mut made = PageTable::new("What this page was made with", &["", ""]);
    let mut row = |name: &str, value: String| {
        made.rows.push(vec![PageCell::name(name), PageCell::Text(value)]);
    };
    row("nasaq", info.version.clone());
    for (name, value) in &info.settings {
        row(name, value.clone());
    }
    if let Some(report) = reports.first() {
        row("seed", report.options.seed.to_string());
        let thresholds = &report.options.thresholds;
        row(
            "thresholds",
            format!(
                "ready from probability {} and quality {}, reject below {} or {}",
                thresholds.ready_probability,
                thresholds.ready_quality,
                thresholds.reject_probability,
                thresholds.reject_quality
            ),
        );
    }
    blocks.push(PageBlock::Table(made));
    let mut inputs = PageTable::new("Inputs", &["file", "bytes", "hash (xxh3)"]);
    for input in &info.inputs {
        inputs.rows.push(vec![
            PageCell::name(&input.name),
            PageCell::number(crate::number::format_count(input.bytes)),
            PageCell::Text(input.hash.clone()),
        ]);
    }
    if !inputs.rows.is_empty() {
        blocks.push(PageBlock::Table(inputs));
    }
    let mut method = PageTable::new("How the numbers come about", &["", ""]);
    for (name, text) in METHOD {
        method.rows.push(vec![PageCell::name(*name), PageCell::Text((*text).to_owned())]);
    }
    blocks.push(PageBlock::Table(method));
    Section {
        id: "method",
        title: "Method",
        lead: "The same corpus and the same settings give this page again, byte for byte."
            .to_owned(),
        blocks,
    }
}
