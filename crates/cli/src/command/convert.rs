//! `nasaq convert`: a bitext in one format in, the same in another out, a pair at a time.

use std::sync::Arc;

use nasaq::Language;
use nasaq_formats::{BitextHeader, BitextReader, BitextRow, BitextSchema, ErrorKind, Format};

use crate::failure::{ExitStatus, Failure};
use crate::formats::{columns, tell_losses};
use crate::plan::convert::ConvertPlan;
use crate::printer::Printer;
use crate::scoring::{Skipped, source_language};

/// Rows that are looked at for the columns and languages of the output.
const FIRST_ROWS: usize = 1000;

/// Reads, converts, writes.
pub(crate) fn run(plan: &ConvertPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let mut rows = Rows {
        reader: plan.source.open()?,
        kept: Vec::new(),
        only_kept: plan.columns.is_some(),
        skip_bad: plan.skip_bad,
        bad: 0,
    };
    rows.kept = kept(plan, &rows.reader.schema())?;
    let mut first = Vec::new();
    while first.len() < FIRST_ROWS
        && let Some(row) = rows.next()?
    {
        first.push(row);
    }
    if first.is_empty() {
        let hint = if rows.reader.skipped_units() > 0 {
            "its units have no text in one of the languages; say --src-lang and --tgt-lang"
        } else {
            "a table has its pairs after the header"
        };
        return Err(Failure::input("the bitext has no pair").hint(hint).into());
    }
    let format = plan.output.format(Format::Tsv);
    let [src_lang, tgt_lang] = languages(plan, &rows.reader, &first);
    let header = BitextHeader { src_lang, tgt_lang, ..BitextHeader::default() };
    let schema = schema(&rows, &first);
    let mut writer = plan.output.writer(format, &schema, &[], &header)?;
    let mut pairs = 0_u64;
    let place = |error: nasaq_formats::Error| match (error.line(), error.path()) {
        (Some(_), None) => error
            .at_path(plan.source.name.as_deref().map_or(&*plan.source.path, |name| name.as_ref())),
        _ => error,
    };
    for row in &first {
        writer.write(row).map_err(place)?;
        pairs += 1;
    }
    drop(first);
    while let Some(row) = rows.next()? {
        writer.write(&row).map_err(place)?;
        pairs += 1;
    }
    let (outs, losses) = writer.finish_with_losses()?;
    for out in outs {
        out.commit()?;
    }
    let skipped = Skipped {
        bad: rows.bad,
        passed_over: rows.reader.skipped_units(),
        left_out: rows.reader.partial_units(),
    };
    skipped.tell(printer);
    tell_losses(printer, format, &losses);
    if !plan.output.target.is_stdout() {
        let s = if pairs == 1 { "" } else { "s" };
        printer.print(&format!(
            "{pairs} pair{s} from {} to {}\n",
            rows.reader.format().name(),
            format.name()
        ));
    }
    Ok(ExitStatus::Done)
}

/// A column to keep, and what it is called then.
type Kept = (Arc<str>, Arc<str>);

/// Reads rows with the columns that are wanted.
struct Rows {
    reader: BitextReader,
    kept: Vec<Kept>,
    only_kept: bool,
    skip_bad: bool,
    bad: u64,
}

impl Rows {
    fn next(&mut self) -> anyhow::Result<Option<BitextRow>> {
        loop {
            match self.reader.next_row() {
                Ok(Some(mut row)) => {
                    if self.only_kept {
                        row.fields = self
                            .kept
                            .iter()
                            .filter_map(|(name, new)| {
                                Some((Arc::clone(new), row.get(name)?.clone()))
                            })
                            .collect();
                    }
                    return Ok(Some(row));
                }
                Ok(None) => return Ok(None),
                Err(error)
                    if self.skip_bad
                        && self.reader.can_resume()
                        && matches!(error.kind(), ErrorKind::Syntax { .. }) =>
                {
                    self.bad += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Finds the columns that were asked for beside the texts.
fn kept(plan: &ConvertPlan, schema: &BitextSchema) -> Result<Vec<Kept>, Failure> {
    let Some(wanted) = &plan.columns else { return Ok(Vec::new()) };
    let column = |(name, new): &(String, Option<String>)| {
        let known = schema.columns.iter().find(|known| ***known == **name);
        let number = || schema.columns.get(name.parse::<usize>().ok()?.checked_sub(1)?);
        let found = match known.or_else(number) {
            Some(found) => Arc::clone(found),
            // Formats without columns may have the name in any row.
            None if schema.columns.is_empty() => Arc::from(name.as_str()),
            None => {
                let names: Vec<&str> = schema.columns.iter().map(|name| &**name).collect();
                return Err(Failure::usage(format!("--columns: there is no column \"{name}\""))
                    .hint(format!("the input has: {}", names.join(", "))));
            }
        };
        let new = new.as_ref().map_or_else(|| Arc::clone(&found), |new| Arc::from(new.as_str()));
        Ok((found, new))
    };
    wanted.iter().map(column).collect()
}

/// Gives the columns of the output, whose texts are always called src and tgt.
fn schema(rows: &Rows, first: &[BitextRow]) -> BitextSchema {
    let found = rows.reader.schema();
    let texts = [&found.src_name, &found.tgt_name];
    let mut schema = BitextSchema {
        src_name: Some("src".into()),
        tgt_name: Some("tgt".into()),
        has_bom: found.has_bom,
        ..BitextSchema::default()
    };
    if rows.only_kept {
        schema.columns = vec!["src".into(), "tgt".into()];
        schema.columns.extend(rows.kept.iter().map(|(_, new)| Arc::clone(new)));
    } else if !found.columns.is_empty() {
        let name = |name: &Arc<str>| match texts.iter().position(|text| text.as_ref() == Some(name))
        {
            Some(0) => "src".into(),
            Some(_) => "tgt".into(),
            None => Arc::clone(name),
        };
        schema.columns = found.columns.iter().map(name).collect();
    }
    let mut schema = columns(schema, first);
    schema.has_header = true;
    schema
}

/// Gives the languages: as asked for, as the file says, or as the script of the first rows shows.
fn languages(plan: &ConvertPlan, reader: &BitextReader, first: &[BitextRow]) -> [String; 2] {
    let [found_src, found_tgt] = reader.languages().unwrap_or_else(|| {
        let (source, _) = source_language(first);
        match source {
            Language::Arabic => ["ar".to_owned(), "en".to_owned()],
            Language::English => ["en".to_owned(), "ar".to_owned()],
        }
    });
    match plan.source.languages.clone() {
        [Some(src), Some(tgt)] => [src, tgt],
        // One that is given is not both.
        [Some(src), None] if src == found_tgt => [src, found_src],
        [Some(src), None] => [src, found_tgt],
        [None, Some(tgt)] if tgt == found_src => [found_tgt, tgt],
        [None, Some(tgt)] => [found_src, tgt],
        [None, None] => [found_src, found_tgt],
    }
}
