//! The names of formats on the command line, and where pairs are written.

use std::collections::HashSet;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use nasaq_formats::{
    BitextHeader, BitextRow, BitextSchema, BitextWriter, Compression, Format, Losses, Output,
    OutputTarget, WriteOptions,
};

use crate::args::OutputFormat;
use crate::failure::Failure;
use crate::plan::{Input, output};
use crate::printer::Printer;

/// Parses the names of formats that bitexts are read from.
pub(crate) fn readable() -> impl TypedValueParser<Value = Format> {
    names(Format::all().filter(|format| format.reads()).collect(), false)
        .try_map(|name| name.parse::<Format>())
}

/// Parses the names of formats that bitexts are written in.
pub(crate) fn writable() -> impl TypedValueParser<Value = Format> {
    names(Format::all().filter(|format| format.writes()).collect(), false)
        .try_map(|name| name.parse::<Format>())
}

/// Parses the same and `table`.
pub(crate) fn printable() -> impl TypedValueParser<Value = OutputFormat> {
    names(Format::all().filter(|format| format.writes()).collect(), true).try_map(|name| {
        if name == "table" { Ok(OutputFormat::Table) } else { name.parse().map(OutputFormat::File) }
    })
}

fn names(formats: Vec<Format>, with_table: bool) -> PossibleValuesParser {
    let table = PossibleValue::new("table").help("Side by side, for reading");
    let values = formats.into_iter().map(|format| {
        let value = PossibleValue::new(format.name()).help(format.description());
        if format == Format::Jsonl { value.alias("ndjson") } else { value }
    });
    PossibleValuesParser::new(with_table.then_some(table).into_iter().chain(values))
}

/// Where pairs are written.
#[derive(Debug)]
pub(crate) struct PairsOutput {
    /// The file, or how the two of a Moses pair begin.
    path: Option<PathBuf>,
    pub(crate) target: OutputTarget,
    /// By `--to` or the ending of the name; otherwise that of the input.
    format: Option<Format>,
    pub(crate) options: WriteOptions,
    inputs: Vec<Input>,
}

impl PairsOutput {
    /// Checks where output goes and in what format.
    pub(crate) fn new(
        path: Option<&Path>,
        to: Option<Format>,
        inputs: Vec<Input>,
    ) -> Result<Self, Failure> {
        let refs: Vec<&Input> = inputs.iter().collect();
        let ending = path.and_then(|path| Format::from_path(path).ok());
        let format = to.or(ending);
        let target = if format == Some(Format::Moses) {
            let Some(prefix) = path.filter(|path| *path != Path::new("-")) else {
                return Err(Failure::usage("--to moses writes two files").hint(
                    "say with -o how their names begin: -o corpus gives corpus.ar and corpus.en",
                ));
            };
            // Looks at the folder, and not at a file that the pair would leave alone.
            output(Some(&side(prefix, "src")), &refs)?
        } else {
            output(path, &refs)?
        };
        if let (Some(path), None) = (path, format)
            && path.extension().is_some()
            && matches!(target, OutputTarget::File(_))
        {
            return Err(unknown_ending(path));
        }
        if let Some(format) = format {
            if !format.writes() {
                let text = format!("{} is read and not written", format.name());
                return Err(Failure::usage(text).hint("choose another format with --to"));
            }
            if format.is_binary() && target.is_stdout() && io::stdout().is_terminal() {
                let text = format!("--to {} is no text for a terminal", format.name());
                return Err(Failure::usage(text).hint("write it to a file with -o"));
            }
        }
        let compression = path.map_or(Compression::None, |path| Compression::from_path(path).0);
        let options = WriteOptions { compression, ..WriteOptions::default() };
        Ok(Self { path: path.map(Path::to_owned), target, format, options, inputs })
    }

    /// Checks where a table for the eye goes, whatever the file is called.
    pub(crate) fn any(path: Option<&Path>, inputs: Vec<Input>) -> Result<Self, Failure> {
        let target = output(path, &inputs.iter().collect::<Vec<_>>())?;
        let options = WriteOptions::default();
        Ok(Self { path: path.map(Path::to_owned), target, format: None, options, inputs })
    }

    /// Gives the format, where the input has one; what cannot stand alone, or be written, is a table.
    pub(crate) fn format(&self, input: Format) -> Format {
        self.format.unwrap_or(match input {
            Format::Csv | Format::Jsonl | Format::Tmx | Format::Xliff => input,
            _ => Format::Tsv,
        })
    }

    /// Starts the output.
    pub(crate) fn writer(
        &self,
        format: Format,
        schema: &BitextSchema,
        added: &[Arc<str>],
        header: &BitextHeader,
    ) -> anyhow::Result<BitextWriter<Output>> {
        let outs = self.outputs(format, header)?;
        Ok(BitextWriter::new(format, self.options, outs, schema, added, header)?)
    }

    /// Opens the outputs of a format: two for a Moses pair, by their languages.
    pub(crate) fn outputs(
        &self,
        format: Format,
        header: &BitextHeader,
    ) -> anyhow::Result<Vec<Output>> {
        let (Format::Moses, Some(prefix)) = (format, &self.path) else {
            return Ok(vec![self.target.open()?]);
        };
        let refs: Vec<&Input> = self.inputs.iter().collect();
        if header.src_lang == header.tgt_lang {
            return Err(Failure::usage(format!("both languages are {}", header.src_lang))
                .hint("say --src-lang and --tgt-lang: the files are named by them")
                .into());
        }
        let open = |lang: &String| -> anyhow::Result<Output> {
            Ok(output(Some(&side(prefix, lang)), &refs)?.open()?)
        };
        [&header.src_lang, &header.tgt_lang].into_iter().map(open).collect()
    }
}

/// Names a side of a Moses pair: the language before what tells the compression.
fn side(prefix: &Path, lang: &str) -> PathBuf {
    let (compression, _) = Compression::from_path(prefix);
    let mut name = prefix.to_path_buf();
    let packed = name.extension().map(|ending| ending.to_string_lossy().into_owned());
    if compression != Compression::None {
        name.set_extension("");
    }
    let mut text = name.into_os_string();
    text.push(format!(".{lang}"));
    if let (true, Some(packed)) = (compression != Compression::None, packed) {
        text.push(format!(".{packed}"));
    }
    text.into()
}

/// Says that the ending of `-o` tells nothing.
pub(crate) fn unknown_ending(path: &Path) -> Failure {
    let endings: Vec<String> = Format::all()
        .filter(|format| format.writes() && *format != Format::Moses)
        .map(|format| format!(".{}", format.name()))
        .collect();
    Failure::usage(format!("-o {}: the ending names no format", path.display())).hint(format!(
        "end the name in {}, with .gz or .zst after it or not, or say --to FORMAT",
        endings.join(" ")
    ))
}

/// Says once what a format had no place for.
pub(crate) fn tell_losses(printer: Printer, format: Format, losses: &Losses) {
    let told = losses.to_string();
    if !told.is_empty() {
        printer.print(&format!("nasaq: note: {}: {told}\n", format.name()));
    }
}

/// Gives the columns of a table: those of the file, or where it has none those of its first rows.
pub(crate) fn columns(mut schema: BitextSchema, rows: &[BitextRow]) -> BitextSchema {
    if schema.columns.is_empty() {
        let names = [schema.src_name.clone(), schema.tgt_name.clone()];
        schema.columns.extend(names.into_iter().flatten());
        let mut known: HashSet<Arc<str>> = schema.columns.iter().cloned().collect();
        for (name, _) in rows.iter().flat_map(|row| &row.fields) {
            if known.insert(Arc::clone(name)) {
                schema.columns.push(Arc::clone(name));
            }
        }
        schema.has_header = schema.columns.len() > 2;
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_named_by_their_language() {
        for (prefix, name) in [("a/b", "a/b.ar"), ("b.gz", "b.ar.gz"), ("b.v2", "b.v2.ar")] {
            assert_eq!(side(Path::new(prefix), "ar"), Path::new(name));
        }
    }
}
