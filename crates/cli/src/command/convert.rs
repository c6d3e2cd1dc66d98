//! `nasaq convert`: reads a bitext in one format and writes it in another, pair by pair.

use std::collections::HashSet;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;

use nasaq_formats::{BitextRow, BitextSchema, Format, Output, ReadCounter, SCHEMA_ROWS};

use crate::bitext::{
    BitextRows, CorpusInput, count, language_tags, no_pairs, print_notes, source_language,
    warn_of_labels, warn_of_skipped,
};
use crate::failure::{ExitStatus, Failure};
use crate::formats::note_losses;
use crate::plan::ConvertPlan;
use crate::printer::Printer;
use crate::progress::{ReadingBar, length_of};

mod review;
mod session;

use review::Review;

/// Reads the bitext and writes it.
pub(crate) fn run(plan: &ConvertPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    if let Some(session) = session::session_of(plan)? {
        return session::run(plan, &session, printer);
    }
    plan.skipped.iter().for_each(|skipped| skipped.warn(printer));
    let input = ConvertInput::new(plan, printer)?;
    let mut rows = input.rows;
    let columns = selected_columns(plan, &input.schema)?;
    let mut review = Review::default();
    let schema = Review::schema(input.schema.clone());
    let select = |mut row: BitextRow| match &columns {
        Some(columns) => {
            row.forget_unit();
            columns.select(row)
        }
        None => row,
    };
    let mut first = Vec::new();
    for row in rows.by_ref() {
        first.extend(review.apply(row?).map(select));
        if first.len() == SCHEMA_ROWS {
            break;
        }
    }
    print_notes(&rows.reader, "--columns", printer);
    if first.is_empty() {
        return Err(no_pairs(&input.name, &rows).into());
    }
    if let Some(languages) = rows.languages() {
        warn_of_labels(&input.name, &languages, &first, printer);
    }
    let format = input.format;
    let header = plan.output.header(languages(plan, rows.languages(), &first));
    // A copy of the requested languages has no other units.
    let header = header.with_other_units(plan.languages == [None, None]);
    let schema = output_schema(&schema, columns.as_ref(), &first);
    refuse_repeated(&schema)?;
    let mut writer = plan.output.writer(format, &schema, &[], &header)?;
    let mut pairs = 0_u64;
    // The writer knows the line of a row but not the file.
    let with_path = |error: nasaq_formats::Error| match (error.line(), error.path()) {
        (Some(_), None) => error.at_path(&input.name),
        _ => error,
    };
    for row in &first {
        writer.write(row).map_err(with_path)?;
        pairs += 1;
    }
    drop(first);
    for row in rows.by_ref() {
        if let Some(row) = review.apply(row?) {
            writer.write(&select(row)).map_err(with_path)?;
            pairs += 1;
        }
    }
    for tail in rows.take_tails() {
        writer.add_tail(&tail)?;
    }
    let (outs, losses) = writer.finish_with_losses()?;
    Output::commit_all(outs)?;
    review.print(printer);
    warn_of_skipped(&rows, input.is_copied && plan.languages == [None, None], printer);
    note_losses(printer, format, &losses, pairs);
    if !plan.output.target.is_stdout() {
        let formats: Vec<&str> = rows.formats().iter().map(|format| format.name()).collect();
        printer.print(&format!(
            "{} converted from {} to {}\n",
            count(pairs.saturating_sub(losses.omitted_pairs()), "pair"),
            listed(&formats),
            format.name()
        ));
    }
    Ok(ExitStatus::Done)
}

/// Joins names as a sentence lists them.
fn listed(names: &[&str]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    }
}

/// The bitexts that are converted.
struct ConvertInput {
    rows: BitextRows,
    /// The columns of all bitexts.
    schema: BitextSchema,
    /// The format that is written.
    format: Format,
    name: String,
    /// Whether units are copied.
    is_copied: bool,
    /// What must outlive the rows of several bitexts.
    _corpus: Option<CorpusInput>,
}

impl ConvertInput {
    /// Opens the bitexts. A single one is read once, so it may be a pipe.
    fn new(plan: &ConvertPlan, printer: Printer) -> anyhow::Result<Self> {
        let format = plan.output.format(Format::Tsv);
        let [source] = &plan.sources[..] else {
            let mut corpus = CorpusInput::of_bitexts(plan.sources.clone(), plan.skip_bad, printer)?;
            if plan.columns.is_none() {
                corpus.copy_to(format)?;
            }
            let schema = match plan.columns {
                // Positions count the columns of the first bitext.
                Some(_) => corpus.open()?.schema(),
                None => corpus.schema_for(format)?,
            };
            let rows = corpus.rows_with_bar("converting", Some(&plan.output.target))?;
            let (name, is_copied) = (corpus.name(), corpus.is_copied());
            return Ok(Self { rows, schema, format, name, is_copied, _corpus: Some(corpus) });
        };
        let copies = plan.columns.is_none() && matches!(format, Format::Tmx | Format::Xliff);
        let counter = ReadCounter::default();
        let reader = source.clone().with_copies(copies).open_counted(&counter)?;
        let is_copied = copies && reader.format() == format;
        let schema = reader.schema();
        let mut rows = BitextRows::new(reader, plan.skip_bad);
        let is_printed = plan.output.target.is_stdout() && io::stdout().is_terminal();
        if !is_printed {
            let paths = std::iter::once(&source.path).chain(&source.more).map(PathBuf::as_path);
            rows.bar = ReadingBar::new(printer, "converting", &counter, length_of(paths));
        }
        let name = source.name.clone().unwrap_or_else(|| source.path.display().to_string());
        Ok(Self { rows, schema, format, name, is_copied, _corpus: None })
    }
}

/// The columns of `--columns` besides the texts: their names in the input and in the output.
struct SelectedColumns(Vec<(Arc<str>, Arc<str>)>);

impl SelectedColumns {
    /// Removes the other columns of a row and renames the selected ones.
    fn select(&self, mut row: BitextRow) -> BitextRow {
        let fields = self.0.iter().filter_map(|(name, new)| {
            let value = row.get(name)?.clone();
            Some((Arc::clone(new), value))
        });
        row.fields = fields.collect();
        row
    }
}

/// Finds the selected columns in the input; `None` means all.
fn selected_columns(
    plan: &ConvertPlan,
    schema: &BitextSchema,
) -> Result<Option<SelectedColumns>, Failure> {
    let Some(selected) = &plan.columns else { return Ok(None) };
    let mut columns = Vec::new();
    for selected in selected {
        let name = &selected.column;
        let by_name = schema.columns.iter().find(|known| ***known == **name);
        let by_position = || schema.columns.get(name.parse::<usize>().ok()?.checked_sub(1)?);
        let found = match by_name.or_else(by_position) {
            Some(found) => Arc::clone(found),
            // In a format without columns any row may have the name.
            None if schema.columns.is_empty() => Arc::from(name.as_str()),
            None => {
                let names: Vec<&str> = schema.columns.iter().map(|name| &**name).collect();
                return Err(Failure::usage(format!("--columns: there is no column \"{name}\""))
                    .hint(format!("the input has: {}", names.join(", "))));
            }
        };
        let new = selected.rename.as_deref().map_or_else(|| Arc::clone(&found), Arc::from);
        columns.push((found, new));
    }
    Ok(Some(SelectedColumns(columns)))
}

/// Returns the schema of the output, in which the texts are always called src and tgt.
fn output_schema(
    input: &BitextSchema,
    selected: Option<&SelectedColumns>,
    first: &[BitextRow],
) -> BitextSchema {
    let mut schema = BitextSchema::named("src".into(), "tgt".into());
    schema.has_bom = input.has_bom;
    if let Some(selected) = selected {
        schema.columns = vec!["src".into(), "tgt".into()];
        schema.columns.extend(selected.0.iter().map(|(_, new)| Arc::clone(new)));
    } else {
        let rename = |name: &Arc<str>| match name {
            name if input.src_name.as_ref() == Some(name) => "src".into(),
            name if input.tgt_name.as_ref() == Some(name) => "tgt".into(),
            name => Arc::clone(name),
        };
        schema.columns = input.columns.iter().map(rename).collect();
    }
    let mut schema = schema.with_columns_of(first);
    schema.has_header = true;
    schema
}

/// Refuses an output in which two columns have one name.
fn refuse_repeated(schema: &BitextSchema) -> Result<(), Failure> {
    let mut known = HashSet::new();
    match schema.columns.iter().find(|name| !known.insert(Arc::clone(name))) {
        None => Ok(()),
        Some(name) => {
            Err(Failure::usage(format!("two columns of the output would have the name \"{name}\""))
                .hint("the texts are called src and tgt; rename the other: --columns 3,2,1=id"))
        }
    }
}

/// Returns the languages, source first: those of the command line, of the file, or of the script of
/// the first rows.
fn languages(plan: &ConvertPlan, found: Option<[String; 2]>, first: &[BitextRow]) -> [String; 2] {
    let [found_src, found_tgt] = found.unwrap_or_else(|| language_tags(source_language(first).0));
    match plan.languages.clone() {
        [Some(src), Some(tgt)] => [src, tgt],
        // If one side is given and equals the language found for the other, the sides are swapped.
        [Some(src), None] if src == found_tgt => [src, found_src],
        [Some(src), None] => [src, found_tgt],
        [None, Some(tgt)] if tgt == found_src => [found_tgt, tgt],
        [None, Some(tgt)] => [found_src, tgt],
        [None, None] => [found_src, found_tgt],
    }
}
