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
use crate::listed_pair::DoubtfulPair;
use crate::number::{format_count, format_decimal, format_probability, plural, share};
use crate::options::Doubt;

/// Maximum number of documents whose ribbons are shown, over all corpora.
const MAX_RIBBONS: usize = 24;
/// Maximum number of reasons in the table.
const MAX_REASONS: usize = 20;

/// Returns the documents of a corpus whose ribbons and paths are shown, the most doubtful first.
pub(super) fn shown_documents(report: &CorpusReport, corpora: usize) -> Vec<&DocumentReport> {
    let mut documents: Vec<&DocumentReport> = report.documents.listed.iter().collect();
    documents.sort_by_key(|document| (document.doubt_key(), Reverse(document.rows), document.row));
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
        let mut doubtful = |doubt: Doubt| -> Vec<PairView> {
            let pairs = report.doubtful.iter().filter(|pair| pair.doubt == doubt);
            let is_shown = |(rank, pair): &(usize, &DoubtfulPair)| {
                *rank < limit || rows.iter().any(|rows| rows.contains(&pair.pair.row))
            };
            let view = |(_, pair): (usize, &DoubtfulPair)| {
                listed.insert(pair.pair.row);
                PairView::doubtful(pair, &prefix)
            };
            pairs.enumerate().filter(is_shown).map(view).collect()
        };
        let lists = [Doubt::Alignment, Doubt::Translation].map(|doubt| (doubt, doubtful(doubt)));
        let heading = |id: &str, text: &str| PageBlock::Heading {
            id: format!("{prefix}{id}"),
            text: format!("{text}{name}"),
        };
        blocks.extend(unrelated(report, &name));
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
        for (doubt, pairs) in lists {
            blocks.push(match doubt {
                Doubt::Alignment => {
                    heading("doubtful", "Doubtful alignment: pairs that may not belong together")
                }
                Doubt::Translation => {
                    heading("translations", "Doubtful translation: right pairs of low quality")
                }
            });
            if pairs.is_empty() {
                blocks.push(PageBlock::Text("No pair is doubtful in this way.".to_owned()));
                continue;
            }
            blocks.push(PageBlock::Note(format!(
                "{}, {} first. Others can be found in the corpus by the column {}.",
                plural(pairs.len() as u64, "pair"),
                if doubt == Doubt::Alignment { "the least probable" } else { "the lowest quality" },
                if doubt == Doubt::Alignment { "probability" } else { "quality" },
            )));
            blocks.push(PageBlock::Pairs(pairs));
        }
        blocks.extend(copies(report, &name));
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

/// Returns a table of the documents whose sides are probably not translations of each other.
fn unrelated(report: &CorpusReport, name: &str) -> Option<PageBlock> {
    let mut documents: Vec<&DocumentReport> =
        report.documents.listed.iter().filter(|document| document.is_unrelated()).collect();
    documents.sort_by_key(|document| document.doubt_key());
    let mut table = PageTable::new(
        &format!("Documents that are probably not translations of each other{name}"),
        &["document", "document score", "first row", "pairs", "expected wrong"],
    );
    for document in documents {
        let name = if document.name.is_empty() { "(no name)" } else { &*document.name };
        table.rows.push(vec![
            PageCell::name(name),
            PageCell::number(format_probability(document.document_score, 2)),
            PageCell::number(format_count(document.row + 1)),
            PageCell::number(format_count(document.pairs)),
            PageCell::number(format_decimal(document.expected_wrong, 1)),
        ]);
    }
    (!table.rows.is_empty()).then_some(PageBlock::Table(table))
}

/// Returns a table of the lines that are the same on both sides.
fn copies(report: &CorpusReport, name: &str) -> Vec<PageBlock> {
    let copies = &report.copies;
    if copies.count == 0 {
        return Vec::new();
    }
    let mut table = PageTable::new(
        &format!("Lines that are the same on both sides{name}"),
        &["row", "document", "text"],
    );
    for pair in &copies.listed {
        table.rows.push(vec![
            PageCell::number(format_count(pair.row + 1)),
            PageCell::Text(pair.doc.to_string()),
            PageCell::English(pair.english.clone()),
        ]);
    }
    let note = format!(
        "{} of names, code or addresses. They are not translated and not doubtful; the default \
         filter “copy” rejects them.",
        plural(copies.count, "line")
    );
    vec![PageBlock::Table(table), PageBlock::Note(note)]
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
                place.push_str(&format!("{side} segment {}", start + 1));
            }
            Some([start, end]) => {
                place.push_str(&format!("{side} segments {}–{end}", start + 1));
            }
            None => place.push_str(&format!("row {}", run.row + 1)),
        }
        if let Some(at) = run.place {
            let verb = if run.kind == FindingKind::Moved { "is at" } else { "would be at" };
            place.push_str(&format!(" · {verb} segment {} of the other side", at + 1));
        }
        if let Some(probability) = run.probability {
            place.push_str(&format!(" · probability {}", format_probability(Some(probability), 2)));
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
                format!("row {}", pair.row + 1)
            } else {
                format!("{} · row {}", pair.doc, pair.row + 1)
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
