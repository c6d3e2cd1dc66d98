//! The section for translators: what to check first.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use nasaq::FindingKind;

use super::Section;
use super::block::{
    PageBlock, PageCell, PageTable, PairView, RibbonView, corpus_suffix, id_prefix, spaced,
};
use crate::chart;
use crate::corpus::{CorpusReport, Disagreement};
use crate::documents::DocumentReport;
use crate::number::{format_count, format_decimal, plural, share};
use crate::top_k::descending_key;

/// Maximum number of documents whose ribbons are shown, over all corpora.
const MAX_RIBBONS: usize = 24;
/// Maximum number of reasons in the table.
const MAX_REASONS: usize = 20;

/// Returns the documents of a corpus whose ribbons and paths are shown, the most doubtful first.
pub(super) fn shown_documents(report: &CorpusReport, corpora: usize) -> Vec<&DocumentReport> {
    let mut documents: Vec<&DocumentReport> = report.documents.listed.iter().collect();
    documents.sort_by_key(|document| {
        (
            descending_key(document.expected_wrong.unwrap_or(0.0)),
            Reverse(document.rows),
            document.row,
        )
    });
    documents.truncate((MAX_RIBBONS / corpora).max(2));
    documents
}

pub(super) fn section(reports: &[CorpusReport]) -> Section {
    let mut blocks = Vec::new();
    for (at, report) in reports.iter().enumerate() {
        let name = corpus_suffix(reports, at);
        let prefix = id_prefix(reports, at);
        let documents = shown_documents(report, reports.len());
        let rows: Vec<std::ops::Range<u64>> =
            documents.iter().map(|document| document.row..document.row + document.rows).collect();
        let limit = (report.options.doubtful / reports.len()).max(10);
        let mut listed = BTreeSet::new();
        let pairs: Vec<PairView> = report
            .doubtful
            .iter()
            .enumerate()
            .filter(|(rank, pair)| {
                *rank < limit || rows.iter().any(|rows| rows.contains(&pair.pair.row))
            })
            .map(|(_, pair)| {
                listed.insert(pair.pair.row);
                PairView::doubtful(pair, &prefix, report.options.thresholds.ready_probability)
            })
            .collect();
        let heading = |id: &str, text: &str| PageBlock::Heading {
            id: format!("{prefix}{id}"),
            text: format!("{text}{name}"),
        };
        blocks.push(heading("ribbons", "Where the doubtful pairs are"));
        blocks.push(PageBlock::Note(
            "Each document from its first row to its last. The height of a bar is the lowest \
             confidence of its pairs. Strokes below the line are text without a counterpart. Click a \
             bar to go to its pair, if the pair is in the list below."
                .to_owned(),
        ));
        blocks.push(PageBlock::Ribbons(
            documents.iter().map(|document| ribbon(document, &prefix, &listed)).collect(),
        ));
        if (documents.len() as u64) < report.documents.count {
            blocks.push(PageBlock::Note(format!(
                "The {} most doubtful of {} documents.",
                documents.len(),
                format_count(report.documents.count)
            )));
        }
        blocks.push(heading("doubtful", "Doubtful pairs, lowest confidence first"));
        if pairs.is_empty() {
            blocks.push(PageBlock::Text("No pair is doubtful.".to_owned()));
        } else {
            let verdicts = &report.headline.verdicts;
            let all = verdicts.check + verdicts.reject;
            if pairs.len() as u64 == all {
                blocks.push(PageBlock::Note(format!("All {} doubtful pairs.", format_count(all))));
            } else {
                blocks.push(PageBlock::Note(format!(
                    "{} of the {} doubtful pairs. The others can be found in the corpus by their \
                     probability and quality.",
                    format_count(pairs.len() as u64),
                    format_count(all)
                )));
            }
            blocks.push(PageBlock::Pairs(pairs));
        }
        blocks.extend(reasons(report, &name));
        blocks.push(heading("missing", "Omissions and additions"));
        blocks.extend(missing(report));
        disagreements(report, &name, &mut blocks);
    }
    Section {
        id: "translator",
        title: "For the translator",
        lead: "What to check before this goes into a translation memory.".to_owned(),
        blocks,
    }
}

fn ribbon(document: &DocumentReport, prefix: &str, listed: &BTreeSet<u64>) -> RibbonView {
    let verdicts = &document.verdicts;
    let doubtful = verdicts.check + verdicts.reject;
    let mut note =
        format!("{}, {} doubtful", plural(document.pairs, "pair"), format_count(doubtful));
    if let Some(wrong) = document.expected_wrong {
        note.push_str(&format!(", {} expected wrong", format_decimal(Some(wrong), 1)));
    }
    let name = if document.name.is_empty() { "(no name)" } else { &*document.name };
    RibbonView {
        name: name.to_owned(),
        note,
        ribbon: chart::ribbon(&document.ribbon, &document.name, prefix, listed),
    }
}

fn reasons(report: &CorpusReport, name: &str) -> Option<PageBlock> {
    let mut table = PageTable::new(
        &format!("Why pairs are doubtful{name}"),
        &["reason", "pairs", "share of all pairs"],
    );
    for reason in report.reasons.iter().take(MAX_REASONS) {
        table.rows.push(vec![
            PageCell::name(spaced(&reason.name)),
            PageCell::number(format_count(reason.count)),
            PageCell::share(share(reason.count, report.headline.pairs)),
        ]);
    }
    (!table.rows.is_empty()).then_some(PageBlock::Table(table))
}

fn missing(report: &CorpusReport) -> Vec<PageBlock> {
    let missing = &report.missing;
    let moved = match report.headline.moved {
        0 => String::new(),
        pairs => format!(" {} of moved text, which the alignment has.", plural(pairs, "pair")),
    };
    if missing.runs.is_empty() {
        return vec![PageBlock::Text(format!("Every text has a counterpart.{moved}"))];
    }
    let mut text = format!(
        "Omitted from the target: {} ({}). Added to the target: {} ({}).",
        plural(missing.omitted.runs, "run"),
        plural(missing.omitted.words, "word"),
        plural(missing.added.runs, "run"),
        plural(missing.added.words, "word")
    );
    if missing.moved.runs > 0 {
        text.push_str(&format!(
            " Moved to another place: {} ({}).",
            plural(missing.moved.runs, "run"),
            plural(missing.moved.words, "word")
        ));
    }
    text.push_str(&moved);
    let mut table = PageTable::new(
        "Text without a counterpart, longest first",
        &["finding", "place", "words", "text"],
    );
    for run in &missing.runs {
        let finding = match run.kind {
            FindingKind::Omitted => "omitted",
            FindingKind::Added => "added",
            _ => "moved",
        };
        let is_source = run.is_arabic == report.options.source.is_rtl();
        let side = if is_source { "source" } else { "target" };
        let mut place = if run.doc.is_empty() { String::new() } else { format!("{} · ", run.doc) };
        match run.segments {
            Some([start, end]) if end - start == 1 => {
                place.push_str(&format!("{side} segment {start}"));
            }
            Some([start, end]) => {
                place.push_str(&format!("{side} segments {start}–{}", end.saturating_sub(1)));
            }
            None => place.push_str(&format!("row {}", run.row)),
        }
        if let Some(at) = run.place {
            let verb = if run.kind == FindingKind::Moved { "is at" } else { "would be at" };
            place.push_str(&format!(" · {verb} segment {at} of the other side"));
        }
        if let Some(probability) = run.probability {
            place.push_str(&format!(" · probability {}", format_decimal(Some(probability), 2)));
        }
        let text = run.text.clone();
        table.rows.push(vec![
            PageCell::name(finding),
            PageCell::Text(place),
            PageCell::number(format_count(run.words)),
            if run.is_arabic { PageCell::Arabic(text) } else { PageCell::English(text) },
        ]);
    }
    vec![PageBlock::Text(text), PageBlock::Table(table)]
}

fn disagreements(report: &CorpusReport, name: &str, blocks: &mut Vec<PageBlock>) {
    for (title, pairs, with_values) in
        [("Mismatched numbers", &report.numbers, true), ("Mismatched names", &report.names, false)]
    {
        if pairs.is_empty() {
            continue;
        }
        let mut head = vec!["row", "how many"];
        if with_values {
            head.extend(["only in the Arabic", "only in the English"]);
        }
        head.extend(["English", "Arabic"]);
        let mut table = PageTable::new(&format!("{title}{name}, most mismatches first"), &head);
        for Disagreement { pair, missing, only_arabic, only_english } in pairs {
            let place = if pair.doc.is_empty() {
                format!("row {}", pair.row)
            } else {
                format!("{} · row {}", pair.doc, pair.row)
            };
            let mut row = vec![PageCell::name(place), PageCell::number(format_count(*missing))];
            if with_values {
                row.push(PageCell::Arabic(only_arabic.join("، ")));
                row.push(PageCell::English(only_english.join(", ")));
            }
            row.push(PageCell::English(pair.english.clone()));
            row.push(PageCell::Arabic(pair.arabic.clone()));
            table.rows.push(row);
        }
        blocks.push(PageBlock::Table(table));
    }
    if !report.numbers.is_empty() || !report.names.is_empty() {
        blocks.push(PageBlock::Note(String::from(
            "Numbers are compared by value, in digits of any system and in words. Names are compared \
             by sound.",
        )));
    }
}
