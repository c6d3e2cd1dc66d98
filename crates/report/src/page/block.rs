//! The parts of a section: text, tables, figures, lists of pairs.

use crate::corpus::CorpusReport;
use crate::listed_pair::{DoubtfulPair, ListedPair};
use crate::number::format_probability;
use crate::options::{Doubt, PairVerdict};

/// A part of a section.
#[derive(Debug)]
pub(super) enum PageBlock {
    /// A heading that links can target.
    Heading { id: String, text: String },
    /// A paragraph.
    Text(String),
    /// An explanation of the numbers around it, in small print.
    Note(String),
    /// Figures, side by side.
    Figures(Vec<String>),
    /// Small figures, more of them in a row.
    SmallFigures(Vec<String>),
    /// Large tiles with the most important numbers.
    Tiles(Vec<StatTile>),
    /// The verdicts of each corpus as a bar.
    Verdicts(Vec<VerdictBar>),
    /// A table.
    Table(PageTable),
    /// Pairs with their texts.
    Pairs(Vec<PairView>),
    /// Documents with their ribbons.
    Ribbons(Vec<RibbonView>),
    /// A sample of pairs to judge.
    Sample(SampleView),
}

/// A tile with one important number.
#[derive(Debug)]
pub(super) struct StatTile {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) note: String,
}

/// The verdicts of a corpus as a bar in three parts.
#[derive(Debug)]
pub(super) struct VerdictBar {
    pub(super) name: String,
    pub(super) parts: Vec<VerdictPart>,
}

/// The part of a bar for one verdict.
#[derive(Debug)]
pub(super) struct VerdictPart {
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) verdict: &'static str,
    /// The width of the part in per cent of the bar.
    pub(super) width: String,
    pub(super) share: String,
    pub(super) pairs: String,
}

/// A table.
#[derive(Debug, Default)]
pub(super) struct PageTable {
    pub(super) caption: String,
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<PageCell>>,
}

/// A cell of a table.
#[derive(Debug)]
pub(super) enum PageCell {
    /// A name, the heading of its row.
    Name(String),
    /// Text.
    Text(String),
    /// A number.
    Number(String),
    /// A number, and a bar with a width in per cent.
    Bar(String, String),
    /// Arabic text.
    Arabic(String),
    /// English text.
    English(String),
}

impl PageTable {
    /// Returns the headings of the columns, each with the class for the cells below it.
    pub(super) fn headings(&self) -> impl Iterator<Item = (&str, &'static str)> {
        let first = self.rows.first().map_or(&[][..], Vec::as_slice);
        self.head.iter().enumerate().map(|(at, text)| {
            let class = match first.get(at) {
                // Short headings, such as shapes of bead, must not be broken at a hyphen.
                Some(PageCell::Number(_)) if text.len() < 8 => "number short",
                Some(PageCell::Number(_)) => "number",
                Some(PageCell::Arabic(_)) => "ar-head",
                _ => "",
            };
            (text.as_str(), class)
        })
    }

    pub(super) fn new(caption: &str, head: &[&str]) -> Self {
        Self {
            caption: caption.to_owned(),
            head: head.iter().map(|cell| (*cell).to_owned()).collect(),
            rows: Vec::new(),
        }
    }
}

impl PageCell {
    pub(super) fn name(text: impl Into<String>) -> Self {
        Self::Name(text.into())
    }

    pub(super) fn number(text: impl Into<String>) -> Self {
        Self::Number(text.into())
    }

    /// Creates a cell with a share as a bar.
    pub(super) fn share(share: f64) -> Self {
        Self::Bar(crate::number::format_percent(share), width(share))
    }
}

/// Formats a share as a width in per cent.
pub(super) fn width(share: f64) -> String {
    format!("{:.2}", (share * 100.0).clamp(0.0, 100.0))
}

/// A pair with its texts.
#[derive(Debug)]
pub(super) struct PairView {
    pub(super) id: String,
    pub(super) row: u64,
    pub(super) place: String,
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) verdict: &'static str,
    pub(super) numbers: String,
    pub(super) reasons: Vec<String>,
    pub(super) arabic: String,
    pub(super) english: String,
    pub(super) before: Option<[String; 2]>,
    pub(super) after: Option<[String; 2]>,
}

/// A document with its ribbon.
#[derive(Debug)]
pub(super) struct RibbonView {
    pub(super) name: String,
    pub(super) note: String,
    /// The markup of the ribbon.
    pub(super) ribbon: String,
}

/// A sample of pairs to judge.
#[derive(Debug)]
pub(super) struct SampleView {
    pub(super) corpus: String,
    pub(super) codes: &'static [(&'static str, &'static str)],
    pub(super) pairs: Vec<PairView>,
}

/// Returns the class, the mark and the name of a verdict, so that colour is never the only sign.
pub(super) fn verdict_labels(verdict: Option<PairVerdict>) -> [&'static str; 3] {
    match verdict {
        Some(PairVerdict::Ready) => ["ready", "✓", "ready"],
        Some(PairVerdict::Check) => ["check", "?", "check"],
        Some(PairVerdict::Reject) => ["reject", "✕", "reject"],
        None => ["unrated", "–", "not rated"],
    }
}

impl PairView {
    pub(super) fn new(pair: &ListedPair, prefix: &str) -> Self {
        let [class, mark, name] = verdict_labels(pair.verdict);
        let mut place = Vec::new();
        if !pair.doc.is_empty() {
            place.push(pair.doc.to_string());
        }
        place.extend(pair.bead.map(|bead| format!("bead {}", bead + 1)));
        place.push(format!("row {}", pair.row + 1));
        let segments = |name: &str, span: Option<[u32; 2]>| {
            let [start, end] = span?;
            Some(match end - start {
                0 => return None,
                1 => format!("{name} {end}"),
                _ => format!("{name}s {}–{end}", start + 1),
            })
        };
        place.extend(segments("source segment", pair.src_segments));
        place.extend(segments("target segment", pair.tgt_segments));
        place.extend(pair.kind.clone());
        let numbers: Vec<String> = [("probability", pair.probability), ("quality", pair.quality)]
            .into_iter()
            .filter(|(_, value)| value.is_some())
            .map(|(name, value)| format!("{name} {}", format_probability(value, 2)))
            .collect();
        let mut reasons: Vec<String> = pair.reasons.iter().map(|reason| spaced(reason)).collect();
        reasons.extend(pair.rejected_by.iter().map(|name| format!("filter: {name}")));
        Self {
            id: format!("{prefix}pair-{}", pair.row),
            row: pair.row,
            place: place.join(" · "),
            class,
            mark,
            verdict: name,
            numbers: numbers.join(" · "),
            reasons,
            arabic: pair.arabic.clone(),
            english: pair.english.clone(),
            before: None,
            after: None,
        }
    }

    pub(super) fn doubtful(pair: &DoubtfulPair, prefix: &str) -> Self {
        let mut view = Self::new(&pair.pair, prefix);
        if pair.doubt == Doubt::Alignment {
            view.reasons.insert(0, "uncertain boundaries".to_owned());
        }
        view.before = pair.before.clone();
        view.after = pair.after.clone();
        view
    }
}

/// Replaces the underscores in the name of a fault with spaces.
pub(super) fn spaced(reason: &str) -> String {
    reason.replace('_', " ")
}

/// Returns the ending of headings that belong to one corpus: its name if there are several corpora.
pub(super) fn corpus_suffix(reports: &[CorpusReport], at: usize) -> String {
    if reports.len() > 1 { format!(" · {}", reports[at].options.name) } else { String::new() }
}

/// Returns the prefix of the ids that belong to one corpus: not empty if there are several corpora.
pub(super) fn id_prefix(reports: &[CorpusReport], at: usize) -> String {
    if reports.len() > 1 { format!("c{}-", at + 1) } else { String::new() }
}

/// A table with a row for each number and a column for each corpus, with differences from the
/// first.
pub(super) struct Comparison<'r> {
    reports: &'r [CorpusReport],
    table: PageTable,
}

impl<'r> Comparison<'r> {
    pub(super) fn new(caption: &str, reports: &'r [CorpusReport]) -> Self {
        let mut table = PageTable::new(caption, &[""]);
        for (at, report) in reports.iter().enumerate() {
            table.head.push(if reports.len() == 1 {
                String::new()
            } else {
                report.options.name.clone()
            });
            if at > 0 {
                table.head.push("difference".to_owned());
            }
        }
        Self { reports, table }
    }

    /// Adds a number, unless no corpus has it.
    pub(super) fn row(
        &mut self,
        name: &str,
        value: impl Fn(&CorpusReport) -> Option<f64>,
        format: impl Fn(f64) -> String,
    ) {
        let values: Vec<Option<f64>> = self.reports.iter().map(value).collect();
        if values.iter().all(Option::is_none) {
            return;
        }
        let mut row = vec![PageCell::name(name)];
        for (at, value) in values.iter().enumerate() {
            row.push(PageCell::number(value.map_or_else(|| "–".to_owned(), &format)));
            if at > 0 {
                let difference = values[0].zip(*value).map(|(first, value)| {
                    let difference = value - first;
                    let sign = if difference < 0.0 { "−" } else { "+" };
                    // The difference of two percentages is in percentage points.
                    format!("{sign}{}", format(difference.abs()).replace(" %", " points"))
                });
                row.push(PageCell::number(difference.unwrap_or_else(|| "–".to_owned())));
            }
        }
        self.table.rows.push(row);
    }

    pub(super) fn finish(self) -> PageBlock {
        PageBlock::Table(self.table)
    }
}
