//! The section with a random sample for a reader to judge, with the codes of Kreutzer et al. 2022,
//! "Quality at a Glance".

use super::Section;
use super::block::{PageBlock, PairView, SampleView, id_prefix};
use crate::corpus::CorpusReport;
use crate::number::format_count;

/// The codes and what they mean. Those that begin with C are for right pairs.
const CODES: &[(&str, &str)] = &[
    ("CC", "right, natural sentence"),
    ("CB", "right, boilerplate"),
    ("CS", "right, short"),
    ("X", "wrong translation"),
    ("WL", "wrong language"),
    ("NL", "no language"),
];

pub(super) fn section(reports: &[CorpusReport]) -> Section {
    let mut blocks = vec![PageBlock::Note(format!(
        "Chosen with seed {}: the same corpus and seed always produce the same pairs. The share of \
         right pairs is computed over the judged pairs, with its 95 % Wilson interval. Your judgements \
         are lost when you close the page, so export them.",
        reports.first().map_or(0, |report| report.options.seed)
    ))];
    for (at, report) in reports.iter().enumerate() {
        let prefix = id_prefix(reports, at) + "sample-";
        let pairs = report.sample.iter().map(|pair| PairView::new(pair, &prefix)).collect();
        blocks.push(PageBlock::Sample(SampleView {
            corpus: report.options.name.clone(),
            codes: CODES,
            pairs,
        }));
    }
    let sizes: Vec<String> =
        reports.iter().map(|report| format_count(report.sample.len() as u64)).collect();
    Section {
        id: "sample",
        title: "A sample to judge",
        lead: format!("{} random pairs: choose a code for each.", sizes.join(" and ")),
        blocks,
    }
}
