//! A random sample for a reader to judge, with the codes of Kreutzer et al. 2022, "Quality at a
//! Glance".

use super::Section;
use super::block::{PageBlock, PairView, SampleView, prefix};
use crate::corpus::CorpusReport;
use crate::number::format_count;

/// The codes: those that begin with C are right.
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
        "Chosen by the seed {}; the same corpus and seed give the same pairs. The share is of those \
         that were judged, with the Wilson interval at 95 %. Nothing is kept when the page is closed: \
         export what you judged.",
        reports.first().map_or(0, |report| report.options.seed)
    ))];
    for (at, report) in reports.iter().enumerate() {
        let prefix = prefix(reports, at) + "sample-";
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
        lead: format!("{} pairs at random: say of each what it is.", sizes.join(" and ")),
        blocks,
    }
}
