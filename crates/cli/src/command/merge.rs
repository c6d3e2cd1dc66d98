//! `nasaq merge`: joins bitexts to one without duplicates.
//!
//! A first pass finds the pair of each group of duplicates that is kept, and the sources that have
//! different targets; a second pass writes.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use nasaq_formats::{BitextRow, Output, OutputTarget};
use nasaq_quality::text_key;
use xxhash_rust::xxh3::xxh3_64;

use crate::args::Keep;
use crate::bitext::{BitextRows, CorpusInput, count, warn_of_skipped};
use crate::failure::ExitStatus;
use crate::formats::{PreparedPairs, note_losses};
use crate::plan::MergePlan;
use crate::printer::Printer;

/// How many conflicting pairs are sorted by their source; more are listed in the order of the input.
const MAX_SORTED: usize = 100_000;
/// The columns of the list of conflicts.
const CONFLICT_COLUMNS: &str = "conflict\tsrc\ttgt\tfile\tline\tchanged\n";

/// Merges bitexts.
pub(crate) fn run(plan: &MergePlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let mut bitext = CorpusInput::new(&plan.bitext, printer)?;
    let pairs = PreparedPairs::new(&plan.output, &bitext)?;
    let survey = PairSurvey::of(&bitext, plan.keep)?;
    bitext.copy_to(pairs.format)?;
    let conflicts = plan.conflicts.as_ref().map(OutputTarget::open_among_others).transpose()?;
    let mut conflicts = conflicts.map(|out| ConflictList::new(out, &survey)).transpose()?;
    let mut writer = pairs.writer(&[], conflicts.is_some())?;
    let mut rows = bitext.rows_with_bar("writing", Some(pairs.target()))?;
    let names = bitext.source_names();
    let mut kept = 0_u64;
    let mut index = 0_u64;
    while let Some(row) = rows.next() {
        let row = row?;
        let keys = PairKeys::of(&row);
        if survey.is_kept(&keys, index) {
            kept += 1;
            writer.write(&row)?;
            if let Some(list) = &mut conflicts {
                list.add(&keys, &row, &names[rows.source()])?;
            }
        } else {
            writer.omit(&row)?;
        }
        index += 1;
    }
    for tail in rows.take_tails() {
        writer.add_tail(&tail)?;
    }
    let (outs, losses) = writer.finish_with_losses()?;
    let list = conflicts.map(ConflictList::finish).transpose()?;
    Output::commit_all(list.into_iter().chain(outs))?;
    note_losses(printer, pairs.format, &losses, kept);
    warn_of_skipped(&rows, bitext.is_copied(), printer);
    let written = kept.saturating_sub(losses.omitted_pairs());
    report(plan, &survey, [index, kept, written], names.len(), printer);
    Ok(ExitStatus::Done)
}

/// Prints what was done.
fn report(
    plan: &MergePlan,
    survey: &PairSurvey,
    [read, kept, written]: [u64; 3],
    sources: usize,
    printer: Printer,
) {
    let duplicates = read - kept;
    if duplicates > 0 && !survey.is_ranked && plan.keep != Keep::First {
        let (what, hint) = match plan.keep {
            Keep::Newest => ("date", "the units of a TMX have dates; --keep best uses the quality"),
            _ => ("quality or probability", "`nasaq score` adds the quality"),
        };
        printer.warn(&format!("no pair has a {what}: the first of duplicates was kept"), hint);
    }
    let conflicts = survey.conflicts.len() as u64;
    let listed = if conflicts > 0 && plan.conflicts.is_none() {
        "; --conflicts FILE lists them"
    } else {
        ""
    };
    printer.print(&format!(
        "{} of {} merged: {written} kept, {} left out, {} with different targets{listed}\n",
        count(read, "pair"),
        count(sources as u64, "bitext"),
        count(duplicates, "duplicate"),
        count(conflicts, "source"),
    ));
}

/// What pairs are compared by.
struct PairKeys {
    src: u64,
    /// The key of both texts.
    pair: u64,
}

impl PairKeys {
    fn of(row: &BitextRow) -> Self {
        let (src, tgt) = (side_key(&row.src), side_key(&row.tgt));
        let mut both = [0; 16];
        both[..8].copy_from_slice(&src.to_le_bytes());
        both[8..].copy_from_slice(&tgt.to_le_bytes());
        Self { src, pair: xxh3_64(&both) }
    }
}

/// Returns the key of a text: of its letters and numbers, or of all if it has none.
fn side_key(text: &str) -> u64 {
    match text.contains(char::is_alphanumeric) {
        true => text_key(text),
        false => xxh3_64(text.trim().as_bytes()),
    }
}

/// What the first pass has found.
struct PairSurvey {
    /// By the key of a pair, how it is ranked and its index.
    kept: HashMap<u64, (f64, u64)>,
    /// The sources with different targets, numbered from 1 as they occur.
    conflicts: HashMap<u64, u64>,
    /// Whether any pair has what duplicates are ranked by.
    is_ranked: bool,
}

impl PairSurvey {
    fn of(bitext: &CorpusInput, keep: Keep) -> anyhow::Result<Self> {
        let mut survey = Self { kept: HashMap::new(), conflicts: HashMap::new(), is_ranked: false };
        // By the key of a source, the pair that it was first seen in.
        let mut sources: HashMap<u64, u64> = HashMap::new();
        let rows: BitextRows = bitext.rows_with_bar("comparing", None)?;
        for (index, row) in (0_u64..).zip(rows) {
            let row = row?;
            let keys = PairKeys::of(&row);
            let rank = rank(&row, keep);
            survey.is_ranked |= rank.is_some();
            let rank = rank.unwrap_or(f64::NEG_INFINITY);
            let best = survey.kept.entry(keys.pair).or_insert((rank, index));
            if rank > best.0 {
                *best = (rank, index);
            }
            if *sources.entry(keys.src).or_insert(keys.pair) != keys.pair {
                let next = survey.conflicts.len() as u64 + 1;
                survey.conflicts.entry(keys.src).or_insert(next);
            }
        }
        Ok(survey)
    }

    fn is_kept(&self, keys: &PairKeys, index: u64) -> bool {
        self.kept.get(&keys.pair).is_some_and(|(_, kept)| *kept == index)
    }
}

/// Returns what a pair is ranked by among its duplicates, the more the better.
fn rank(row: &BitextRow, keep: Keep) -> Option<f64> {
    match keep {
        Keep::First => None,
        Keep::Best => ["quality", "probability"]
            .into_iter()
            .find_map(|name| row.get(name)?.as_number())
            .filter(|rank| rank.is_finite()),
        Keep::Newest => date(row),
    }
}

/// Returns the date of the last change as a number with the digits of year to second.
fn date(row: &BitextRow) -> Option<f64> {
    let field = || {
        let names = ["changedate", "changed", "date", "creationdate"];
        names.into_iter().find_map(|name| row.get(name).map(ToString::to_string))
    };
    let text = row.changed().map(str::to_owned).or_else(field)?;
    // The year comes first, as in ISO 8601. The order of 03/04/2020 is unknown.
    let has_year = text.trim_start().bytes().take_while(u8::is_ascii_digit).count() >= 4;
    let mut digits: String = text.chars().filter(char::is_ascii_digit).take(14).collect();
    if !has_year || digits.len() < 8 {
        return None;
    }
    // A date without a time is that of the beginning of the day.
    digits.extend(std::iter::repeat_n('0', 14 - digits.len()));
    digits.parse().ok()
}

/// The list of pairs whose sources have different targets.
struct ConflictList<'s> {
    out: Output,
    survey: &'s PairSurvey,
    /// The lines, while there are few enough to sort them.
    held: Option<Vec<(u64, String)>>,
    seen: HashSet<(u64, u64)>,
}

impl<'s> ConflictList<'s> {
    fn new(mut out: Output, survey: &'s PairSurvey) -> anyhow::Result<Self> {
        out.write_all(CONFLICT_COLUMNS.as_bytes())?;
        Ok(Self { out, survey, held: Some(Vec::new()), seen: HashSet::new() })
    }

    fn add(&mut self, keys: &PairKeys, row: &BitextRow, file: &str) -> anyhow::Result<()> {
        let Some(id) = self.survey.conflicts.get(&keys.src) else { return Ok(()) };
        if !self.seen.insert((keys.src, keys.pair)) {
            return Ok(());
        }
        let [src, tgt, file] = [&row.src, &row.tgt, file].map(escaped);
        let changed = row.changed().unwrap_or_default();
        let line = format!("{id}\t{src}\t{tgt}\t{file}\t{}\t{changed}\n", row.line);
        match &mut self.held {
            Some(held) => held.push((*id, line)),
            None => self.out.write_all(line.as_bytes())?,
        }
        if self.held.as_ref().is_some_and(|held| held.len() > MAX_SORTED) {
            self.write_held(false)?;
        }
        Ok(())
    }

    fn write_held(&mut self, sorted: bool) -> anyhow::Result<()> {
        let mut held = self.held.take().unwrap_or_default();
        if sorted {
            held.sort_by_key(|(id, _)| *id);
        }
        for (_, line) in held {
            self.out.write_all(line.as_bytes())?;
        }
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<Output> {
        self.write_held(true)?;
        Ok(self.out)
    }
}

/// Returns a text as a cell of a table of nasaq.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

#[cfg(test)]
mod tests {
    use nasaq_formats::FieldValue;

    use super::*;

    #[test]
    fn pairs_are_compared_by_their_letters() {
        let key = |src: &str, tgt: &str| PairKeys::of(&BitextRow::new(src, tgt)).pair;
        assert_eq!(key("نَعَم!", "Yes."), key("نعم", "YES"));
        assert_ne!(key("نعم", "Yes"), key("نعم", "No"));
        assert_ne!(key("نعم", "Yes"), key("Yes", "نعم"));
        assert_ne!(key("…", "?"), key("!", "?"), "texts without letters");
    }

    #[test]
    fn dates_are_compared_to_the_second() {
        let row = |date: &str| {
            let date = FieldValue::Text(date.to_owned());
            BitextRow::new("a", "b").with_fields([("changedate".into(), date)])
        };
        let dates = ["20251231", "20260101T000000Z", "2026-01-02", "2026-01-02 10:00:00"];
        let dates = dates.map(|text| date(&row(text)).expect("a date"));
        assert!(dates.is_sorted_by(|a, b| a < b), "{dates:?}");
        assert_eq!(date(&row("03/04/2020")), None, "the order of month and day is unknown");
        assert_eq!(date(&row("yesterday")), None);
    }
}
