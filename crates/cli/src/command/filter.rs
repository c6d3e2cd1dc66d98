//! `nasaq filter`: a bitext in, the pairs that keep to the conditions out, with an account.
//!
//! What a filter wants and the input has not is worked out on the way. Where a filter keeps the
//! best of a cluster, all rows must be judged before one is written: what was judged is kept, eight
//! bytes a row and eight more a cluster column, and the input is read once more.

use std::io::Write;
use std::path::Path;

use nasaq_formats::{BitextRow, FieldValue, OutputTarget};
use nasaq_job::Threads;
use nasaq_quality::{Account, BestOf, Cell, DEFAULT_FILTERS, Filters};

use crate::command::score::writer;
use crate::failure::ExitStatus;
use crate::formats::tell_losses;
use crate::plan::score::FilterPlan;
use crate::printer::Printer;
use crate::scoring::columns::{is_column, value};
use crate::scoring::{Bitext, Name, RatedRow, Rating, Rows, Skipped, encoder};

mod wanted;

use wanted::Wanted;

/// Judges a bitext and writes what is kept and what is not.
pub(crate) fn run(plan: &FilterPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let bitext = Bitext::new(&plan.bitext, printer)?;
    let (verdicts, skipped) =
        Threads::new(plan.rating.threads).install(|| judge(plan, &bitext))??;
    let account = verdicts.account(&plan.filters);
    if !plan.dry_run {
        write(plan, &bitext, &verdicts, printer)?;
    }
    if plan.json {
        let mut out = OutputTarget::Stdout.open()?;
        serde_json::to_writer(&mut out, &account).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        out.commit()?;
    } else {
        printer.print(&table(&account));
    }
    skipped.tell(printer);
    let share = account.kept as f64 / account.rows as f64;
    if plan.fail_under.is_some_and(|bar| share < bar) {
        return Ok(ExitStatus::Gate);
    }
    Ok(ExitStatus::Done)
}

/// Prints the filters inside the program.
pub(crate) fn show_default() -> anyhow::Result<ExitStatus> {
    let mut out = OutputTarget::Stdout.open()?;
    out.write_all(DEFAULT_FILTERS.as_bytes())?;
    out.commit()?;
    Ok(ExitStatus::Done)
}

/// By row: which filters reject it.
struct Verdicts {
    filters: usize,
    /// A bit a filter.
    rows: Vec<u64>,
}

impl Verdicts {
    fn account(&self, filters: &Filters) -> Account {
        let mut account = Account::new(filters.names());
        for rejects in &self.rows {
            account.add(&self.flags(*rejects));
        }
        account
    }

    fn flags(&self, bits: u64) -> Vec<bool> {
        (0..self.filters).map(|at| bits >> at & 1 == 1).collect()
    }
}

/// Looks at a row as the filters do: columns of the input first, then what rating gives.
fn cell(row: &BitextRow, rated: Option<&RatedRow>, name: &str) -> Cell {
    let found = match name {
        "src" => return Cell::Text(row.src.clone()),
        "tgt" => return Cell::Text(row.tgt.clone()),
        name => row.get(name),
    };
    let worked_out = if found.is_none() { rated.map(|rated| value(rated, name)) } else { None };
    match found.or(worked_out.as_ref()) {
        None | Some(FieldValue::Nothing) => Cell::Missing,
        Some(value) => match (value.as_number(), value) {
            (Some(number), _) => Cell::Number(number),
            (None, FieldValue::Text(text)) if text.is_empty() => Cell::Missing,
            (None, value) => Cell::Text(value.to_string()),
        },
    }
}

fn judge(plan: &FilterPlan, bitext: &Bitext) -> anyhow::Result<(Verdicts, Skipped)> {
    let mut judge = Judge::new(&plan.filters, plan.filters_file.as_deref(), bitext)?;
    let skipped = if needs_rating(plan, bitext)? {
        let encoder = encoder(&plan.rating)?;
        let rating = Rating::new(&plan.rating, bitext, encoder.as_ref())?;
        rating.each(bitext, |_, rated| judge.add(&rated.row, Some(&rated)))?
    } else {
        let mut rows = Rows::new(bitext)?;
        while let Some(row) = rows.next()? {
            judge.add(&row, None)?;
        }
        rows.skipped
    };
    Ok((judge.finish()?, skipped))
}

/// Tells whether a filter looks at a column that rating gives and the input has not.
fn needs_rating(plan: &FilterPlan, bitext: &Bitext) -> anyhow::Result<bool> {
    let Some(first) = Rows::new(bitext)?.next()? else { return Ok(false) };
    let missing = |name: &&str| is_column(name) && first.get(name).is_none();
    // The overlap with a test set is there only where one is given.
    let wanted = |name: &&str| *name != "overlap" || !plan.rating.test_sets.is_empty();
    Ok(plan.filters.columns().iter().filter(|name| wanted(name)).any(missing))
}

/// Judges row after row.
pub(super) struct Judge<'f> {
    filters: &'f Filters,
    wanted: Wanted<'f>,
    rows: Vec<u64>,
    best: Vec<(usize, &'f str, BestOf)>,
    /// By `best_of` filter and row: the key of the cluster, or 0.
    clusters: Vec<Vec<u64>>,
}

impl<'f> Judge<'f> {
    /// Begins, with the file that the filters are of, where they are none of the program's own.
    ///
    /// # Errors
    /// Where they look at a column that is nobody's.
    pub(super) fn new(
        filters: &'f Filters,
        file: Option<&Path>,
        bitext: &Bitext,
    ) -> anyhow::Result<Self> {
        let wanted = Wanted::new(filters, file, bitext)?;
        let best: Vec<_> =
            filters.best_of().map(|(at, column)| (at, column, BestOf::default())).collect();
        let clusters = vec![Vec::new(); best.len()];
        Ok(Self { filters, wanted, rows: Vec::new(), clusters, best })
    }

    pub(super) fn add(&mut self, row: &BitextRow, rated: Option<&RatedRow>) -> anyhow::Result<()> {
        let kind = row.get("kind").and_then(|kind| kind.to_string().parse().ok());
        let look = |name: &str| cell(row, rated, name);
        self.wanted.see(row, look)?;
        let rejects = self.filters.judge(kind, look);
        let number = self.rows.len() as u64;
        let quality = match look("quality") {
            Cell::Number(quality) => quality,
            _ => 0.0,
        };
        for ((_, column, best), clusters) in self.best.iter_mut().zip(&mut self.clusters) {
            let cluster = match look(column) {
                Cell::Number(number) => number.to_string(),
                Cell::Text(text) => text,
                Cell::Missing => String::new(),
            };
            if cluster.is_empty() {
                clusters.push(0);
            } else {
                let key = BestOf::key(&cluster);
                best.add(key, quality, number);
                clusters.push(key);
            }
        }
        let bits = rejects.iter().enumerate().map(|(at, rejects)| u64::from(*rejects) << at);
        self.rows.push(bits.sum());
        Ok(())
    }

    /// Gives, by filter, whether it rejects the row that was added last; `best_of` is not known yet.
    pub(super) fn last(&self) -> Vec<bool> {
        let bits = self.rows.last().copied().unwrap_or(0);
        (0..self.filters.names().count()).map(|at| bits >> at & 1 == 1).collect()
    }

    /// Gives the account of all rows.
    pub(super) fn account(self) -> anyhow::Result<Account> {
        let filters = self.filters;
        Ok(self.finish()?.account(filters))
    }

    fn finish(mut self) -> anyhow::Result<Verdicts> {
        self.wanted.finish()?;
        for ((at, _, best), clusters) in self.best.iter().zip(&self.clusters) {
            for (row, key) in clusters.iter().enumerate() {
                if *key != 0 && !best.is_best(*key, row as u64) {
                    self.rows[row] |= 1 << at;
                }
            }
        }
        Ok(Verdicts { filters: self.filters.names().count(), rows: self.rows })
    }
}

/// Reads the input once more and sends each row where it belongs.
fn write(
    plan: &FilterPlan,
    bitext: &Bitext,
    verdicts: &Verdicts,
    printer: Printer,
) -> anyhow::Result<()> {
    let names: Vec<&str> = plan.filters.names().collect();
    let reasons: [Name; 2] = ["first_reason".into(), "all_reasons".into()];
    let (mut kept, format) = writer(&plan.output, bitext, &[])?;
    let mut rejected = match &plan.rejects {
        Some(output) => Some(writer(output, bitext, &reasons)?.0),
        None => None,
    };
    let mut rows = Rows::new(bitext)?;
    for bits in &verdicts.rows {
        let Some(mut row) = rows.next()? else { break };
        if *bits == 0 {
            kept.write(&row)?;
        } else if let Some(rejected) = &mut rejected {
            let flags = verdicts.flags(*bits);
            let all: Vec<String> = names
                .iter()
                .zip(flags)
                .filter(|(_, rejects)| *rejects)
                .map(|(name, _)| (*name).to_owned())
                .collect();
            row.set(&reasons[0], FieldValue::Text(all[0].clone()));
            row.set(&reasons[1], FieldValue::List(all));
            rejected.write(&row)?;
        }
    }
    let (mut outputs, losses) = kept.finish_with_losses()?;
    if let Some(rejected) = rejected {
        outputs.extend(rejected.finish()?);
    }
    // All are whole before one is put in its place.
    for output in outputs {
        output.commit()?;
    }
    tell_losses(printer, format, &losses);
    Ok(())
}

fn table(account: &Account) -> String {
    let share = |count: u64| 100.0 * count as f64 / account.rows as f64;
    let width = account.filters.iter().map(|filter| filter.name.chars().count()).max();
    let width = width.unwrap_or(0).max("rejected by".len());
    let mut text = format!(
        "{:width$} {:>17} {:>17} {:>17} {:>17}\n",
        "rejected by", "alone", "first", "cumulative", "only it"
    );
    for filter in &account.filters {
        text.push_str(&format!("{:width$}", filter.name));
        for count in [filter.alone, filter.first, filter.cumulative, filter.only] {
            text.push_str(&format!(" {count:>9} {:>6.2}%", share(count)));
        }
        text.push('\n');
    }
    text.push_str(&format!(
        "{} pairs: {} kept ({:.2} %), {} rejected ({:.2} %)\n",
        account.rows,
        account.kept,
        share(account.kept),
        account.rejected,
        share(account.rejected)
    ));
    text
}
