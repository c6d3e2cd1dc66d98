//! `nasaq eval`: ladders against gold ladders.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use nasaq::{Agreement, Evaluation, Rung, Tally, evaluate};
use nasaq_formats::{Document, OutputTarget, read_ladder};
use serde::Serialize;

use crate::failure::{ExitStatus, Failure};
use crate::plan::EvalPlan;
use crate::printer::Printer;

/// One document's result.
#[derive(Serialize)]
struct Judged {
    name: String,
    #[serde(flatten)]
    result: Evaluation,
}

#[derive(Serialize)]
struct Report<'a> {
    documents: &'a [Judged],
    total: &'a Evaluation,
}

/// Reads the ladders, compares, prints.
pub(crate) fn run(plan: &EvalPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let mut documents = Vec::new();
    let mut total = Evaluation::default();
    for (name, gold, test) in pairs(plan, printer)? {
        let (gold_rungs, test_rungs) = (read(&gold)?, read(&test)?);
        refuse_mismatch(&gold, &gold_rungs, &test, &test_rungs)?;
        let result = evaluate(&gold_rungs, &test_rungs);
        total.add(&result);
        documents.push(Judged { name, result });
    }
    let text = if plan.json {
        let report = Report { documents: &documents, total: &total };
        let mut text = serde_json::to_string_pretty(&report)?;
        text.push('\n');
        text
    } else {
        table(&documents, &total, plan.by_type)
    };
    let mut out = OutputTarget::Stdout.open()?;
    out.write_all(text.as_bytes())?;
    out.commit()?;
    let f1 = total.strict.f1();
    match plan.fail_under {
        Some(bar) if f1 < bar => {
            printer.print(&format!("nasaq: strict F1 {f1:.4} is below {bar}\n"));
            Ok(ExitStatus::Gate)
        }
        _ => Ok(ExitStatus::Done),
    }
}

pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Rung>> {
    let document = Document::read(path)?;
    Ok(read_ladder(&document.text).map_err(|error| error.at_path(path))?)
}

/// Lists what is compared with what: a name, the gold file, the test file.
fn pairs(plan: &EvalPlan, printer: Printer) -> anyhow::Result<Vec<(String, PathBuf, PathBuf)>> {
    let (gold, test) = (&plan.gold, &plan.test);
    if !gold.is_dir() || !test.is_dir() {
        let name = gold.file_name().unwrap_or_default().to_string_lossy().into_owned();
        return Ok(vec![(name, gold.clone(), test.clone())]);
    }
    let (gold_names, test_names) = (files(gold)?, files(test)?);
    if gold_names.is_empty() {
        return Err(Failure::input(format!("{}: there is no file in it", gold.display())).into());
    }
    for name in test_names.iter().filter(|name| !gold_names.contains(name)) {
        printer.warn(
            &format!("{} has no gold and is left out", test.join(name).display()),
            &format!("its gold would be {}", gold.join(name).display()),
        );
    }
    gold_names
        .into_iter()
        .map(|name| {
            let (gold, test) = (gold.join(&name), test.join(&name));
            if !test_names.contains(&name) {
                return Err(Failure::input(format!(
                    "{}: no such file, and {} needs it",
                    test.display(),
                    gold.display()
                ))
                .hint("ladders in the two folders are paired by their names, ending included")
                .into());
            }
            Ok((name, gold, test))
        })
        .collect()
}

/// Lists the names of the files in a folder, sorted, without hidden ones.
fn files(folder: &Path) -> anyhow::Result<Vec<String>> {
    let unreadable =
        |error: std::io::Error| Failure::input(format!("{}: {error}", folder.display()));
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && entry.path().is_file() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Refuses ladders of texts with different numbers of segments: the numbers would mean nothing.
pub(super) fn refuse_mismatch(
    gold_path: &Path,
    gold: &[Rung],
    test_path: &Path,
    test: &[Rung],
) -> Result<(), Failure> {
    type Side = fn(&Rung) -> &[u32];
    let count = |rungs: &[Rung], side: Side| {
        rungs.iter().flat_map(side).max().map_or(0, |last| u64::from(*last) + 1)
    };
    let sides: [(&str, Side); 2] = [("source", |rung| &rung.src), ("target", |rung| &rung.tgt)];
    for (name, side) in sides {
        let (expected, found) = (count(gold, side), count(test, side));
        if expected != found {
            return Err(Failure::input(format!(
                "{} has {found} {name} segments and {} has {expected}",
                test_path.display(),
                gold_path.display(),
            ))
            .hint(
                "a ladder and its gold must be of the same lines: align the gold's own text with \
                 --segmented, and do not swap the sides",
            ));
        }
    }
    Ok(())
}

fn table(documents: &[Judged], total: &Evaluation, by_type: bool) -> String {
    let mut text = String::new();
    let longest = documents.iter().map(|document| document.name.chars().count()).max();
    let width = longest.unwrap_or(0).max("document".len());
    let head = "P      R      F1";
    let _ = writeln!(text, "{:width$}  strict                lax", "");
    let _ = writeln!(text, "{:width$}  {head}     {head}       gold   test", "document");
    let mut row = |name: &str, result: &Evaluation| {
        let _ = writeln!(
            text,
            "{name:width$}  {}  {}  {:>6} {:>6}",
            scores(result.strict),
            scores(result.lax),
            result.strict.recall.total + result.nulls.recall.total,
            result.strict.precision.total,
        );
    };
    for document in documents {
        row(&document.name, &document.result);
    }
    if documents.len() != 1 {
        row("total", total);
    }
    if by_type {
        text.push_str("\nkind    gold  found  recall    test  right  precision\n");
        for (kind, score) in &total.kinds {
            let _ = writeln!(text, "{}", kind_row(&kind.to_string(), *score));
        }
        let _ = writeln!(text, "{}", kind_row("nulls", total.nulls));
    }
    text
}

fn scores(score: Agreement) -> String {
    format!("{:.4} {:.4} {:.4}", score.precision(), score.recall(), score.f1())
}

fn kind_row(name: &str, score: Agreement) -> String {
    let share =
        |tally: Tally| tally.share().map_or("–".to_owned(), |share| format!("{share:.4}"));
    format!(
        "{name:5} {:>6} {:>6}  {:>6}  {:>6} {:>6}  {:>9}",
        score.recall.total,
        score.recall.right,
        share(score.recall),
        score.precision.total,
        score.precision.right,
        share(score.precision),
    )
}
