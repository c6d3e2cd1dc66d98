//! `nasaq eval`: compares ladders with gold ladders.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use nasaq::{Agreement, Evaluation, Rung, Tally, evaluate};
use nasaq_formats::{Document, LadderGaps, OutputTarget, read_ladder};
use serde::Serialize;

use crate::failure::{ExitStatus, Failure};
use crate::plan::EvalPlan;
use crate::printer::Printer;
use crate::shown::message;

/// What to do about documents without gold.
pub(super) const GOLD_HINT: &str =
    "the gold of a document NAME is NAME, NAME.ladder or NAME/gold.ladder";

/// The result of one document.
#[derive(Serialize)]
struct DocumentEvaluation {
    name: String,
    #[serde(flatten)]
    result: Evaluation,
}

/// The output of `--json`.
#[derive(Serialize)]
struct EvaluationReport<'a> {
    documents: &'a [DocumentEvaluation],
    total: &'a Evaluation,
}

/// Reads and compares the ladders, and prints the scores.
pub(crate) fn run(plan: &EvalPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let mut documents = Vec::new();
    let mut total = Evaluation::default();
    for LadderPair { name, gold, test } in ladder_pairs(plan, printer)? {
        let (gold_rungs, test_rungs) = (read_rungs(&gold, printer)?, read_rungs(&test, printer)?);
        refuse_mismatch(&gold, &gold_rungs, &test, &test_rungs)?;
        let result = evaluate(&gold_rungs, &test_rungs);
        total.add(&result);
        documents.push(DocumentEvaluation { name, result });
    }
    let text = if plan.json {
        let report = EvaluationReport { documents: &documents, total: &total };
        let mut text = serde_json::to_string_pretty(&report)?;
        text.push('\n');
        text
    } else {
        table(&documents, &total, plan.by_type)
    };
    let mut out = OutputTarget::Stdout.open_among_others()?;
    out.write_all(text.as_bytes())?;
    out.commit()?;
    let f1 = total.strict.f1();
    match plan.fail_under {
        Some(min) if f1 < min => {
            printer.print(&format!("nasaq: strict F1 {f1:.4} is below {min}\n"));
            Ok(ExitStatus::Gate)
        }
        _ => Ok(ExitStatus::Done),
    }
}

/// Reads a ladder file, and warns of segments that it lacks.
pub(super) fn read_rungs(path: &Path, printer: Printer) -> anyhow::Result<Vec<Rung>> {
    let document = Document::read(path)?;
    let rungs = read_ladder(&document.text).map_err(|error| error.at_path(path))?;
    let gaps = LadderGaps::of(&rungs);
    if !gaps.is_empty() {
        printer.warn(
            &format!("{}: {gaps}", path.display()),
            "lines may be lost: a ladder has every segment, one without a counterpart as in [4]:[]",
        );
    }
    Ok(rungs)
}

/// Two ladders of one document.
struct LadderPair {
    name: String,
    gold: PathBuf,
    test: PathBuf,
}

/// Finds the ladders to compare: two files, or the files of two folders by their names.
fn ladder_pairs(plan: &EvalPlan, printer: Printer) -> anyhow::Result<Vec<LadderPair>> {
    let (gold, test) = (&plan.gold, &plan.test);
    if !gold.is_dir() || !test.is_dir() {
        let name = gold.file_name().unwrap_or_default().to_string_lossy().into_owned();
        return Ok(vec![LadderPair { name, gold: gold.clone(), test: test.clone() }]);
    }
    let (gold_ladders, mut test_ladders) = (ladders(gold)?, ladders(test)?);
    if gold_ladders.is_empty() {
        return Err(Failure::input(format!("{}: the folder has no ladders", gold.display()))
            .hint(GOLD_HINT)
            .into());
    }
    let mut pairs = Vec::with_capacity(gold_ladders.len());
    for (document, gold) in gold_ladders {
        let Some(test) = test_ladders.remove(&document) else {
            return Err(Failure::input(format!(
                "{}: no such file, but there is {}",
                test.join(&document).display(),
                gold.path.display()
            ))
            .hint("the ladders of the two folders must have the same names, except for .ladder")
            .into());
        };
        pairs.push(LadderPair { name: gold.name, gold: gold.path, test: test.path });
    }
    for ladder in test_ladders.into_values() {
        let text = format!("{} has no gold ladder and is skipped", ladder.path.display());
        printer.warn(&text, GOLD_HINT);
    }
    Ok(pairs)
}

/// A ladder in a folder.
struct FolderLadder {
    /// The name in the folder.
    name: String,
    path: PathBuf,
}

/// Finds the ladders in a folder by their documents: the ladder of a document `NAME` is `NAME`,
/// `NAME.ladder` or `NAME/gold.ladder`. Hidden files are none.
fn ladders(folder: &Path) -> anyhow::Result<BTreeMap<String, FolderLadder>> {
    let unreadable =
        |error: std::io::Error| Failure::input(format!("{}: {error}", folder.display()));
    let mut found: BTreeMap<String, FolderLadder> = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let inside = entry.path().join("gold.ladder");
        let path = if inside.is_file() { inside } else { entry.path() };
        if name.starts_with('.') || !path.is_file() {
            continue;
        }
        let document = name.strip_suffix(".ladder").unwrap_or(&name).to_owned();
        let ladder = FolderLadder { name, path };
        if let Some(other) = found.insert(document, ladder) {
            return Err(Failure::input(format!(
                "{}: another ladder of this document is beside it",
                other.path.display()
            ))
            .hint("keep one of the two")
            .into());
        }
    }
    Ok(found)
}

/// Refuses two ladders with different segment counts: their indices would not mean the same
/// segments.
pub(super) fn refuse_mismatch(
    gold_path: &Path,
    gold: &[Rung],
    test_path: &Path,
    test: &[Rung],
) -> Result<(), Failure> {
    type Indices = fn(&Rung) -> &[u32];
    let count = |rungs: &[Rung], side: Indices| {
        rungs.iter().flat_map(side).max().map_or(0, |last| u64::from(*last) + 1)
    };
    let sides: [(&str, Indices); 2] = [("source", |rung| &rung.src), ("target", |rung| &rung.tgt)];
    for (name, side) in sides {
        let (expected, found) = (count(gold, side), count(test, side));
        if expected != found {
            return Err(Failure::input(format!(
                "{} has {found} {name} segments and {} has {expected}",
                test_path.display(),
                gold_path.display(),
            ))
            .hint(
                "a ladder and its gold must count the same segments: align the segments of the gold \
                 with --segmented, and do not swap the sides",
            ));
        }
    }
    Ok(())
}

fn table(documents: &[DocumentEvaluation], total: &Evaluation, by_type: bool) -> String {
    let mut text = String::new();
    let longest = documents.iter().map(|document| message(&document.name).chars().count()).max();
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
            result.strict.gold.total + result.nulls.gold.total,
            result.strict.test.total,
        );
    };
    for document in documents {
        row(&message(&document.name), &document.result);
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
        score.gold.total,
        score.gold.right,
        share(score.gold),
        score.test.total,
        score.test.right,
        share(score.test),
    )
}
