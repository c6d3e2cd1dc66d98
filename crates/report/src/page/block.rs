//! What sections are made of: text, tables, figures, lists of pairs.

use crate::corpus::CorpusReport;
use crate::listed_pair::{DoubtfulPair, ListedPair};
use crate::number::format_decimal;
use crate::options::PairVerdict;

/// A part of a section.
#[derive(Debug)]
pub(super) enum PageBlock {
    /// A heading with the name that a link goes to.
    Heading { id: String, text: String },
    /// A paragraph.
    Text(String),
    /// What to know of the numbers around it, in smaller letters.
    Note(String),
    /// Figures side by side.
    Figures(Vec<String>),
    /// Small ones, more of them in a row.
    SmallFigures(Vec<String>),
    /// Numbers that are seen first.
    Tiles(Vec<StatTile>),
    /// What the pairs are fit for, by corpus.
    Verdicts(Vec<VerdictBar>),
    /// A table.
    Table(PageTable),
    /// Pairs with their texts.
    Pairs(Vec<PairView>),
    /// Documents with their ribbons.
    Ribbons(Vec<RibbonView>),
    /// Pairs to judge.
    Sample(SampleView),
}

/// A number that is seen first.
#[derive(Debug)]
pub(super) struct StatTile {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) note: String,
}

/// A bar in three parts.
#[derive(Debug)]
pub(super) struct VerdictBar {
    pub(super) name: String,
    pub(super) parts: Vec<VerdictPart>,
}

#[derive(Debug)]
pub(super) struct VerdictPart {
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) word: &'static str,
    /// Per cent of the bar's length.
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
    /// A name, at the beginning of its row.
    Name(String),
    /// Text.
    Text(String),
    /// A number.
    Number(String),
    /// A number with a bar of so many per cent.
    Bar(String, String),
    /// Arabic text.
    Arabic(String),
    /// English text.
    English(String),
}

impl PageTable {
    /// Gives the heads of the columns, each with the class of what is under it.
    pub(super) fn heads(&self) -> impl Iterator<Item = (&str, &'static str)> {
        let first = self.rows.first().map_or(&[][..], Vec::as_slice);
        self.head.iter().enumerate().map(|(at, text)| {
            let class = match first.get(at) {
                // Shapes of bead are not to be broken at their hyphen.
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

    /// Gives a share as a bar.
    pub(super) fn share(share: f64) -> Self {
        Self::Bar(crate::number::format_percent(share), width(share))
    }
}

/// Gives a share as a length in per cent.
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
    pub(super) word: &'static str,
    pub(super) numbers: String,
    pub(super) reasons: Vec<String>,
    pub(super) arabic: String,
    pub(super) english: String,
    pub(super) before: Option<[String; 2]>,
    pub(super) after: Option<[String; 2]>,
}

/// A document and how sure it is along its length.
#[derive(Debug)]
pub(super) struct RibbonView {
    pub(super) name: String,
    pub(super) note: String,
    /// Markup.
    pub(super) ribbon: String,
}

/// Pairs to judge.
#[derive(Debug)]
pub(super) struct SampleView {
    pub(super) corpus: String,
    pub(super) codes: &'static [(&'static str, &'static str)],
    pub(super) pairs: Vec<PairView>,
}

/// Gives the sign and the word of a verdict: colour alone tells nothing.
pub(super) fn verdict(verdict: Option<PairVerdict>) -> [&'static str; 3] {
    match verdict {
        Some(PairVerdict::Ready) => ["ready", "✓", "ready"],
        Some(PairVerdict::Check) => ["check", "?", "check"],
        Some(PairVerdict::Reject) => ["reject", "✕", "reject"],
        None => ["unrated", "–", "not rated"],
    }
}

impl PairView {
    pub(super) fn new(pair: &ListedPair, prefix: &str) -> Self {
        let [class, mark, word] = verdict(pair.verdict);
        let mut place = Vec::new();
        if !pair.doc.is_empty() {
            place.push(pair.doc.to_string());
        }
        place.extend(pair.bead.map(|bead| format!("bead {bead}")));
        place.push(format!("row {}", pair.row));
        let segments = |name: &str, span: Option<[u32; 2]>| {
            let [start, end] = span?;
            Some(match end - start {
                0 => return None,
                1 => format!("{name} {start}"),
                _ => format!("{name} {start}–{}", end - 1),
            })
        };
        place.extend(segments("source segment", pair.src_segments));
        place.extend(segments("target segment", pair.tgt_segments));
        place.extend(pair.kind.clone());
        let numbers: Vec<String> = [("probability", pair.probability), ("quality", pair.quality)]
            .into_iter()
            .filter(|(_, value)| value.is_some())
            .map(|(name, value)| format!("{name} {}", format_decimal(value, 2)))
            .collect();
        let mut reasons: Vec<String> = pair.reasons.iter().map(|reason| worded(reason)).collect();
        reasons.extend(pair.rejected_by.iter().map(|name| format!("filter: {name}")));
        Self {
            id: format!("{prefix}pair-{}", pair.row),
            row: pair.row,
            place: place.join(" · "),
            class,
            mark,
            word,
            numbers: numbers.join(" · "),
            reasons,
            arabic: pair.arabic.clone(),
            english: pair.english.clone(),
            before: None,
            after: None,
        }
    }

    pub(super) fn doubtful(pair: &DoubtfulPair, prefix: &str, ready_probability: f64) -> Self {
        let mut view = Self::new(&pair.pair, prefix);
        if pair.pair.probability.is_some_and(|p| (p as f32) < ready_probability as f32) {
            view.reasons.insert(0, "the boundaries are unsure".to_owned());
        }
        view.before = pair.before.clone();
        view.after = pair.after.clone();
        view
    }
}

/// Gives a reason in words: names of faults are words with underscores.
pub(super) fn worded(reason: &str) -> String {
    reason.replace('_', " ")
}

/// Heads what belongs to one corpus, where there are several.
pub(super) fn of_corpus(reports: &[CorpusReport], at: usize) -> String {
    if reports.len() > 1 { format!(" · {}", reports[at].options.name) } else { String::new() }
}

/// Gives the beginning of the names of one corpus's elements.
pub(super) fn prefix(reports: &[CorpusReport], at: usize) -> String {
    if reports.len() > 1 { format!("c{}-", at + 1) } else { String::new() }
}

/// A table of one number a row and one corpus a column, with the differences from the first.
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

    /// Adds a number of each corpus, where one has it.
    pub(super) fn row(
        &mut self,
        name: &str,
        of: impl Fn(&CorpusReport) -> Option<f64>,
        word: impl Fn(f64) -> String,
    ) {
        let values: Vec<Option<f64>> = self.reports.iter().map(of).collect();
        if values.iter().all(Option::is_none) {
            return;
        }
        let mut row = vec![PageCell::name(name)];
        for (at, value) in values.iter().enumerate() {
            row.push(PageCell::number(value.map_or_else(|| "–".to_owned(), &word)));
            if at > 0 {
                let difference = values[0].zip(*value).map(|(first, value)| {
                    let difference = value - first;
                    let sign = if difference < 0.0 { "−" } else { "+" };
                    // Shares differ by points: 80 % is not 10 % more than 70 %.
                    format!("{sign}{}", word(difference.abs()).replace(" %", " points"))
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
