//! Takes back a spreadsheet that was written for review: verdicts, corrected texts and comments
//! become decisions.

use std::collections::HashMap;

use nasaq_formats::{BitextInput, BitextRow, FieldValue};
use nasaq_job::Failure;
use serde::Serialize;

use crate::change::{Change, RefusalKind};
use crate::decision::{Decision, ReviewSide};
use crate::row::Row;
use crate::session::Session;

/// The columns that a sheet for review has.
const COLUMNS: [&str; 2] = ["verdict", "comment"];
/// The length in UTF-16 units at which spreadsheets cut a text.
const MAX_CELL: usize = 32_767;

/// What an import did, and what it could not use.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ImportReport {
    /// Beads with the verdict `right` or `ok`.
    pub confirmed: usize,
    /// Beads with the verdict `wrong`.
    pub rejected: usize,
    /// Texts that were corrected.
    pub corrected: usize,
    /// Comments.
    pub noted: usize,
    /// Rows without a verdict, a corrected text or a comment.
    pub blank: usize,
    /// Rows whose verdict is `unsure`.
    pub unsure: usize,
    /// Beads that the sheet does not have.
    pub missing: usize,
    /// The rows that could not be used, with their line or row in the sheet, and why.
    pub unused: Vec<(u64, String)>,
    /// What the decisions did, if there were any.
    pub change: Option<Change>,
}

/// What a row of the sheet says.
struct SheetRow {
    line: u64,
    texts: [String; 2],
    pair: Option<usize>,
    spans: Option<[[u64; 2]; 2]>,
    verdict: String,
    corrected: [String; 2],
    comment: String,
}

/// A decision that a row of the sheet leads to.
struct SheetDecision {
    row: usize,
    /// The order in which those of one bead are taken.
    order: u8,
    line: u64,
    decision: Decision,
}

impl Session {
    /// Imports a spreadsheet (XLSX, CSV or TSV) with the columns that nasaq writes for review. Its
    /// rows may be in any order, and some may be gone. Everything that it says is one decision,
    /// which can be undone.
    ///
    /// # Errors
    /// A [`Failure`] if the sheet cannot be read or is not one for review, and if the decisions
    /// cannot be stored.
    pub fn import(&mut self, sheet: &BitextInput) -> Result<ImportReport, Failure> {
        let mut reader = sheet.open()?;
        let schema = reader.schema();
        let has = |name: &&str| schema.columns.iter().any(|column| **column == **name);
        if !COLUMNS.iter().all(has) {
            let reason = format!("{}: this is no sheet for review", reader.name());
            return Err(Failure::input(reason)
                .hint("it has the columns src, tgt, verdict and comment, as xlsx has them"));
        }
        let mut report = ImportReport::default();
        let mut matcher = Matcher::new(self);
        let mut decisions = Vec::new();
        while let Some(row) = reader.next_row()? {
            let row = SheetRow::new(&row);
            match matcher.find(&row) {
                Ok((found, texts)) => {
                    self.decide_row(&row, found, texts, &mut decisions, &mut report);
                }
                Err(reason) => report.unused.push((row.line, reason)),
            }
        }
        report.missing = matcher.missing();
        // From the last row to the first: rejections change the rows behind them.
        decisions.sort_by_key(|it| (std::cmp::Reverse(it.row), it.order));
        if !decisions.is_empty() {
            self.take_sheet(decisions, &mut report)?;
        }
        Ok(report)
    }

    /// Takes the decisions of a sheet as one, and counts only those that were taken.
    fn take_sheet(
        &mut self,
        decisions: Vec<SheetDecision>,
        report: &mut ImportReport,
    ) -> Result<(), Failure> {
        let lines: Vec<u64> = decisions.iter().map(|it| it.line).collect();
        let decisions: Vec<Decision> = decisions.into_iter().map(|it| it.decision).collect();
        let all = Decision::All { decisions: decisions.clone() };
        let refused = match self.apply(all) {
            Ok(change) => report.change.insert(change).refused.clone(),
            Err(refusal) if refusal.kind() == RefusalKind::Nothing => refusal.refused().to_vec(),
            Err(refusal) => return Err(refusal.into()),
        };
        for (at, reason) in refused {
            match decisions[at] {
                Decision::Confirm { .. } => report.confirmed -= 1,
                Decision::Reject { .. } => report.rejected -= 1,
                Decision::Edit { .. } => report.corrected -= 1,
                _ => report.noted -= 1,
            }
            report.unused.push((lines[at], reason));
        }
        report.unused.sort_by_key(|(line, _)| *line);
        Ok(())
    }

    /// Adds the decisions of a row.
    fn decide_row(
        &self,
        sheet: &SheetRow,
        row: usize,
        in_place: [Option<String>; 2],
        decisions: &mut Vec<SheetDecision>,
        report: &mut ImportReport,
    ) {
        let bead = &self.rows()[row];
        let seen = Some(bead.segments());
        let of_row = |order, decision| SheetDecision { row, order, line: sheet.line, decision };
        let mut is_used = false;
        let is_wrong = sheet.verdict == "wrong";
        let texts = [ReviewSide::Src, ReviewSide::Tgt].into_iter().zip(&sheet.corrected);
        for ((side, corrected), in_place) in texts.zip(in_place) {
            let text = match corrected.is_empty() {
                true => in_place,
                false => Some(corrected.clone()),
            };
            let Some(text) = text else { continue };
            is_used = true;
            if is_wrong || bead.side(side).is_empty() {
                let why = if is_wrong { "the pair is wrong" } else { "the side has no text" };
                let name = side.name();
                report.unused.push((sheet.line, format!("the corrected {name}: {why}")));
                continue;
            }
            report.corrected += 1;
            decisions.push(of_row(0, Decision::Edit { row, side, text, seen }));
        }
        if !sheet.comment.is_empty() {
            is_used = true;
            report.noted += 1;
            let text = sheet.comment.clone();
            decisions.push(of_row(1, Decision::Note { row, text, seen }));
        }
        match sheet.verdict.as_str() {
            "right" | "ok" => {
                report.confirmed += 1;
                let is_edited = decisions.iter().any(|it| (it.row, it.order) == (row, 0));
                if !bead.is_fixed() && !is_edited {
                    decisions.push(of_row(2, Decision::Confirm { row, seen }));
                }
            }
            "wrong" => {
                report.rejected += 1;
                decisions.push(of_row(2, Decision::Reject { row, seen }));
            }
            "unsure" => report.unsure += 1,
            "" if !is_used => report.blank += 1,
            "" => {}
            other => {
                let known = "it is right, wrong or unsure";
                report.unused.push((sheet.line, format!("the verdict \"{other}\": {known}")));
            }
        }
    }
}

impl SheetRow {
    fn new(row: &BitextRow) -> Self {
        let text = |name: &str| row.get(name).map(ToString::to_string).unwrap_or_default();
        let cell = |name: &str| text(name).trim().to_owned();
        let span = |name: &str| match row.get(name)? {
            FieldValue::Span(span) => Some(*span),
            _ => None,
        };
        let pair = row.get("pair").and_then(FieldValue::as_number);
        Self {
            line: row.line,
            texts: [row.src.clone(), row.tgt.clone()],
            pair: pair.filter(|it| *it >= 1.0 && it.fract() == 0.0).map(|it| it as usize - 1),
            spans: span("src_segments").zip(span("tgt_segments")).map(|(src, tgt)| [src, tgt]),
            verdict: cell("verdict").to_lowercase(),
            corrected: [cell("corrected_src"), cell("corrected_tgt")],
            comment: cell("comment"),
        }
    }
}

/// Finds the beads that rows of a sheet are about.
struct Matcher {
    /// The texts of each bead, as they are compared.
    texts: Vec<[String; 2]>,
    rows: Vec<Row>,
    by_texts: HashMap<[String; 2], Vec<usize>>,
    /// The line that each bead was found for.
    lines: Vec<Option<u64>>,
}

impl Matcher {
    fn new(session: &Session) -> Self {
        let texts: Vec<[String; 2]> = session
            .records()
            .into_iter()
            .map(|record| [comparable(&record.src), comparable(&record.tgt)])
            .collect();
        let mut by_texts: HashMap<[String; 2], Vec<usize>> = HashMap::new();
        for (row, texts) in texts.iter().enumerate() {
            by_texts.entry(texts.clone()).or_default().push(row);
        }
        let lines = vec![None; texts.len()];
        Self { texts, rows: session.rows().to_vec(), by_texts, lines }
    }

    /// Returns the bead of a row, and the texts that were edited in place.
    fn find(&mut self, sheet: &SheetRow) -> Result<(usize, [Option<String>; 2]), String> {
        let texts = sheet.texts.each_ref().map(|text| comparable(text));
        let (row, edited) = self.candidate(sheet, &texts)?;
        if let Some(line) = self.lines[row].replace(sheet.line) {
            self.lines[row] = Some(line);
            return Err(format!("the bead is that of row {line} already"));
        }
        let in_place = [0, 1].map(|side| edited[side].then(|| sheet.texts[side].trim().to_owned()));
        Ok((row, in_place))
    }

    fn candidate(
        &self,
        sheet: &SheetRow,
        texts: &[String; 2],
    ) -> Result<(usize, [bool; 2]), String> {
        if let Some(rows) = self.by_texts.get(texts) {
            let free = |row: &&usize| self.lines[**row].is_none();
            let place = sheet.pair.unwrap_or(0);
            let at_place = rows.iter().find(|&&row| self.has_spans(row, sheet));
            let nearest = || rows.iter().filter(free).min_by_key(|row| row.abs_diff(place));
            return match at_place.or_else(nearest).or(rows.first()) {
                Some(&row) => Ok((row, [false, false])),
                None => Err("no bead has these texts".to_owned()),
            };
        }
        // A text was edited in place, or cut by the spreadsheet.
        let mut places: Vec<usize> =
            (0..self.rows.len()).filter(|&row| self.has_spans(row, sheet)).collect();
        places.extend(sheet.pair.filter(|pair| *pair < self.texts.len()));
        for row in places {
            let differs = [0, 1].map(|side| !is_same(&texts[side], &self.texts[row][side]));
            if differs != [true, true] && !self.texts[row].iter().all(String::is_empty) {
                let emptied = [0, 1].iter().any(|&side| differs[side] && texts[side].is_empty());
                return match emptied {
                    true => Err("a text was deleted; use the verdict \"wrong\"".to_owned()),
                    false => Ok((row, differs)),
                };
            }
        }
        Err("no bead has these texts".to_owned())
    }

    /// Reports whether a bead has the segments that a row names.
    fn has_spans(&self, row: usize, sheet: &SheetRow) -> bool {
        let bead = &self.rows[row];
        let same = |span: nasaq::Span, named: [u64; 2]| {
            [u64::from(span.start), u64::from(span.end)] == named
        };
        sheet.spans.is_some_and(|[src, tgt]| same(bead.src, src) && same(bead.tgt, tgt))
    }

    fn missing(&self) -> usize {
        self.lines.iter().filter(|line| line.is_none()).count()
    }
}

/// Returns a text without what spreadsheets change: white space and control characters.
fn comparable(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// Reports whether a cell has a text, or its beginning if it is too long for a cell.
fn is_same(cell: &str, text: &str) -> bool {
    cell == text || (text.len() > MAX_CELL && cell.len() + 64 >= MAX_CELL && text.starts_with(cell))
}
