//! The section on how the numbers were computed and what is needed to reproduce the page.

use super::block::{PageBlock, PageCell, PageTable};
use super::{PageInfo, Section};
use crate::corpus::CorpusReport;

const METHOD: &[(&str, &str)] = &[
    (
        "Probability",
        "The probability that a bead is right, which means that it has the boundaries of a true bead or \
         lies inside one. It comes from the aligner, and it is a product: the probability if the \
         documents are translations of each other, times the document score. It says whether the \
         alignment is right, not whether the translation is good. It is rounded down, so that only \
         what is certain would be 1.",
    ),
    (
        "Document score",
        "The probability that the two sides of a document are translations of each other. Below 0.5 \
         they probably are not; such documents are listed first. A document of a few pairs has a \
         score near that of any document, because little can be told from it.",
    ),
    (
        "Two doubts",
        "The alignment of a pair is doubtful if its probability is low: it may not be the right pair. \
         The translation is doubtful if it is the right pair and its quality is low. A pair that is \
         doubtful in both ways is listed under alignment, because its quality means little until \
         the pair is right.",
    ),
    (
        "Quality",
        "The probability that a pair is a good translation if half of all pairs were bad. It is \
         computed from features, which are columns of the scored corpus. In a better corpus, more of \
         the pairs with a given quality are good.",
    ),
    (
        "Confidence",
        "Probability times quality, or the one of the two that the corpus has. It is the height of the \
         bars in the ribbons.",
    ),
    (
        "Expected wrong pairs",
        "The sum of 1 − probability. The range is the normal approximation to a Poisson binomial \
         distribution. Both are only as good as the probabilities.",
    ),
    (
        "Repeated pairs",
        "Pairs with the same letters and digits; punctuation, case, spaces and tashkeel are ignored. \
         They are counted exactly up to 524,288 distinct pairs. Beyond that, they are estimated from a \
         hash sample (marked ≈), with an error of about 0.2 %. Distinct words are counted exactly up \
         to 131,072 on each side; beyond that, the error is about 0.4 %.",
    ),
    (
        "Correlation",
        "Spearman's rank correlation over at most 5,000 random pairs. Features that do not vary are \
         omitted.",
    ),
    ("Length band", "The quantiles 0.025, 0.5 and 0.975 of the logarithm of the ratio."),
    (
        "Languages",
        "By the features ar_language and en_language if the corpus has them (at least 0.75: the text is \
         in the language; below 0.25: it is not), otherwise by script. Texts in other languages are \
         identified by whatlang, where it is reliable.",
    ),
];

pub(super) fn section(reports: &[CorpusReport], info: &PageInfo) -> Section {
    let mut blocks = Vec::new();
    let mut settings = PageTable::new("How this page was made", &["", ""]);
    let mut row = |name: &str, value: String| {
        settings.rows.push(vec![PageCell::name(name), PageCell::Text(value)]);
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
                "ready: probability at least {} and quality at least {}; reject: probability below {} or \
                 quality below {}",
                thresholds.ready_probability,
                thresholds.ready_quality,
                thresholds.reject_probability,
                thresholds.reject_quality
            ),
        );
    }
    blocks.push(PageBlock::Table(settings));
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
    let mut method = PageTable::new("How the numbers are computed", &["", ""]);
    for (name, text) in METHOD {
        method.rows.push(vec![PageCell::name(*name), PageCell::Text((*text).to_owned())]);
    }
    blocks.push(PageBlock::Table(method));
    Section {
        id: "method",
        title: "Method",
        lead: "The same corpus and settings always produce this page, byte for byte.".to_owned(),
        blocks,
    }
}
