//! Bitext formats: their names on the command line, and outputs of pairs.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use nasaq_formats::{
    ALIGNMENT_COLUMNS, BitextHeader, BitextSchema, BitextWriter, Compression, Format, Loss, Losses,
    Output, OutputTarget, PAIRING_COLUMNS, WriteOptions,
};
use serde::Serialize;

use crate::args::{OutputFormat, TABLE};
use crate::bitext::CorpusInput;
use crate::failure::Failure;
use crate::output_names::{file_paths, is_prefix, no_prefix, with_file_names};
use crate::paths::CommandPaths;
use crate::plan::output_target;
use crate::printer::Printer;
use crate::rating::columns::RatingColumns;

/// Returns a parser of the names of formats that can be read.
pub(crate) fn readable() -> impl TypedValueParser<Value = Format> {
    names(Format::all().filter(|format| format.reads()).collect(), false)
        .try_map(|name| name.parse::<Format>())
}

/// Returns a parser of the names of formats that can be written.
pub(crate) fn writable() -> impl TypedValueParser<Value = Format> {
    names(Format::all().filter(|format| format.writes()).collect(), false)
        .try_map(|name| name.parse::<Format>())
}

/// Returns a parser of the names of formats that can be written, and of `table`.
pub(crate) fn printable() -> impl TypedValueParser<Value = OutputFormat> {
    names(Format::all().filter(|format| format.writes()).collect(), true)
        .try_map(|name| name.parse::<OutputFormat>())
}

fn names(formats: Vec<Format>, with_table: bool) -> PossibleValuesParser {
    let table = PossibleValue::new(TABLE).help("Side by side, to read in a terminal");
    let values = formats.into_iter().map(|format| {
        let value = PossibleValue::new(format.name()).help(format.description());
        if format == Format::Jsonl { value.alias("ndjson") } else { value }
    });
    PossibleValuesParser::new(with_table.then_some(table).into_iter().chain(values))
}

/// An output of pairs.
#[derive(Debug)]
pub(crate) struct PairsOutput {
    /// The option that names it.
    option: &'static str,
    /// The file, or the prefix of several.
    path: Option<PathBuf>,
    pub(crate) target: OutputTarget,
    /// The format of `--to` or of the file ending; `None` means that of the input.
    format: Option<Format>,
    pub(crate) options: WriteOptions,
    /// Whether a translation memory gets nasaq's properties.
    properties: bool,
    /// The lowest probability of a pair in a translation memory.
    min_probability: Option<f32>,
    paths: CommandPaths,
}

impl PairsOutput {
    /// Checks the path and the format of an output.
    pub(crate) fn new(
        option: &'static str,
        path: Option<&Path>,
        to: Option<Format>,
        paths: &CommandPaths,
    ) -> Result<Self, Failure> {
        let ending = path.and_then(|path| Format::from_path(path).ok());
        let format = to.or(ending);
        let target = if let Some(format) = format.filter(|format| is_prefix(*format)) {
            let Some(prefix) = path.filter(|path| *path != Path::new("-")) else {
                return Err(no_prefix(format));
            };
            if prefix.as_os_str().as_encoded_bytes().last().is_some_and(is_separator) {
                let text = format!("-o {}: this is a folder, not a prefix", prefix.display());
                return Err(Failure::usage(text).hint("add the beginning of the file names"));
            }
            // Checks the folder; a file that is named like the prefix is not overwritten.
            let paths = file_paths(format, prefix, ["src", "tgt"]);
            output_target(paths.last().map(PathBuf::as_path))?
        } else {
            output_target(path)?
        };
        if let (Some(path), None) = (path, format)
            && path.extension().is_some()
            && matches!(target, OutputTarget::File(_))
        {
            return Err(unknown_ending(path));
        }
        if let Some(format) = format {
            if !format.writes() {
                let text = format!("{} can be read but not written", format.name());
                return Err(Failure::usage(text).hint("choose another format with --to"));
            }
            if format.is_binary() && target.is_stdout() && io::stdout().is_terminal() {
                let text = format!(
                    "--to {} is a binary format, and the output is a terminal",
                    format.name()
                );
                return Err(Failure::usage(text).hint("write it to a file with -o"));
            }
        }
        let compression = path.map_or(Compression::None, |path| Compression::from_path(path).0);
        let options = WriteOptions::default().with_compression(compression);
        let (path, paths) = (path.map(Path::to_owned), paths.clone());
        Ok(Self {
            option,
            path,
            target,
            format,
            options,
            properties: false,
            min_probability: None,
            paths,
        })
    }

    /// Checks the path of a table for reading, which may have any ending.
    pub(crate) fn table(path: Option<&Path>, paths: &CommandPaths) -> Result<Self, Failure> {
        let target = output_target(path)?;
        let options = WriteOptions::default();
        let (path, paths) = (path.map(Path::to_owned), paths.clone());
        let (option, format, properties) = ("-o", None, false);
        let min_probability = None;
        Ok(Self { option, path, target, format, options, properties, min_probability, paths })
    }

    /// Sets whether a translation memory gets nasaq's properties; by default not.
    pub(crate) fn with_properties(mut self, on: bool) -> Self {
        self.properties = on;
        self
    }

    /// Sets the lowest probability of a pair in a translation memory; by default there is none.
    pub(crate) fn with_min_probability(mut self, min: f32) -> Self {
        self.min_probability = Some(min);
        self
    }

    /// Returns a header with these languages.
    pub(crate) fn header(&self, languages: [String; 2]) -> BitextHeader {
        let header = BitextHeader::default()
            .with_languages(languages)
            .with_min_probability(self.min_probability);
        let header = self.with_file_names(header);
        if self.properties { header } else { header.omitting(own_columns()) }
    }

    /// Sets the names by which several files refer to each other.
    pub(crate) fn with_file_names(&self, header: BitextHeader) -> BitextHeader {
        with_file_names(header, self.format, self.path.as_deref())
    }

    /// Returns the format: the chosen one, otherwise that of the input if one file holds it and it
    /// can be written, otherwise TSV.
    pub(crate) fn format(&self, input: Format) -> Format {
        self.format.unwrap_or(match input {
            Format::Csv | Format::Jsonl | Format::Tmx | Format::Xliff => input,
            _ => Format::Tsv,
        })
    }

    /// Opens the outputs and returns a writer for them.
    pub(crate) fn writer(
        &self,
        format: Format,
        schema: &BitextSchema,
        added: &[Arc<str>],
        header: &BitextHeader,
    ) -> anyhow::Result<BitextWriter<Output>> {
        let targets = self.targets(format, header)?;
        let outs = match &targets[..] {
            [one] => vec![one.open()?],
            several => {
                several.iter().map(OutputTarget::open_among_others).collect::<Result<_, _>>()?
            }
        };
        Ok(BitextWriter::new(format, self.options, outs, schema, added, header)?)
    }

    /// Checks the files of a format: if there are several, they are named after their languages.
    pub(crate) fn targets(
        &self,
        format: Format,
        header: &BitextHeader,
    ) -> anyhow::Result<Vec<OutputTarget>> {
        let Some(prefix) = self.path.as_ref().filter(|_| is_prefix(format)) else {
            return Ok(vec![self.target.clone()]);
        };
        if header.src_lang == header.tgt_lang {
            return Err(Failure::usage(format!("both languages are {}", header.src_lang))
                .hint("set --src-lang and --tgt-lang, which the files are named after")
                .into());
        }
        let languages = [header.src_lang.as_str(), header.tgt_lang.as_str()];
        for lang in languages {
            // The language may come from the bitext. It must not lead to another folder.
            check_tag(lang).map_err(|reason| {
                Failure::input(format!("{}: the language {reason}", self.option))
                    .hint("set --src-lang and --tgt-lang, which the files are named after")
            })?;
        }
        let check = |path: PathBuf| -> anyhow::Result<OutputTarget> {
            self.paths.check_file(self.option, &path)?;
            Ok(output_target(Some(&path))?)
        };
        file_paths(format, prefix, languages).into_iter().map(check).collect()
    }
}

fn is_separator(byte: &u8) -> bool {
    std::path::is_separator(char::from(*byte))
}

/// Outputs of the pairs of a bitext, checked before the pairs are rated.
pub(crate) struct PreparedPairs<'o> {
    output: &'o PairsOutput,
    pub(crate) format: Format,
    schema: BitextSchema,
    header: BitextHeader,
    targets: Vec<OutputTarget>,
}

impl<'o> PreparedPairs<'o> {
    pub(crate) fn new(output: &'o PairsOutput, bitext: &CorpusInput) -> anyhow::Result<Self> {
        let format = output.format(bitext.format()?);
        let schema = bitext.schema_for(format)?;
        let header = output.header(bitext.languages());
        let targets = output.targets(format, &header)?;
        Ok(Self { output, format, schema, header, targets })
    }

    /// Sets whether units of the input that are no pairs are copied, by default they are.
    pub(crate) fn with_other_units(mut self, on: bool) -> Self {
        self.header = self.header.with_other_units(on);
        self
    }

    /// Returns where the pairs are written.
    pub(crate) fn target(&self) -> &OutputTarget {
        &self.output.target
    }

    /// Opens the outputs and returns a writer for pairs with further columns. `has_others` means that
    /// the command has other outputs, which a closed pipe does not stop.
    pub(crate) fn writer(
        &self,
        added: &[Arc<str>],
        has_others: bool,
    ) -> anyhow::Result<BitextWriter<Output>> {
        let open = |target: &OutputTarget| match has_others {
            true => target.open_among_others(),
            false => target.open(),
        };
        let outs = self.targets.iter().map(open).collect::<Result<_, _>>()?;
        let options = self.output.options;
        Ok(BitextWriter::new(self.format, options, outs, &self.schema, added, &self.header)?)
    }
}

/// Writes a summary as a line of JSON for standard output. The caller commits it.
pub(crate) fn json_summary(summary: &impl Serialize) -> anyhow::Result<Output> {
    let mut out = OutputTarget::Stdout.open_among_others()?;
    serde_json::to_writer(&mut out, summary).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(out)
}

/// Refuses what cannot be a language tag; the error is the reason.
pub(crate) fn check_tag(tag: &str) -> Result<(), String> {
    let is_tag = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if tag.is_empty() || !tag.chars().all(is_tag) {
        return Err(format!("{tag:?} is not a language tag"));
    }
    Ok(())
}

/// Returns the failure for an output whose ending is no format.
pub(crate) fn unknown_ending(path: &Path) -> Failure {
    let endings: Vec<String> = Format::all()
        .filter(|format| format.writes() && !is_prefix(*format))
        .map(|format| format!(".{}", format.name()))
        .collect();
    Failure::usage(format!("-o {}: the file ending is not that of a format", path.display())).hint(
        format!(
            "use an ending of {}, optionally followed by .gz or .zst, or set --to FORMAT",
            endings.join(" ")
        ),
    )
}

/// Returns the columns that nasaq computes or adds for its own work.
fn own_columns() -> impl Iterator<Item = String> {
    let rating = RatingColumns::new(true, true, true, None);
    let rating: Vec<String> = rating.names().iter().map(|name| name.as_ref().to_owned()).collect();
    // As metadata of a document, the columns of a manifest have a prefix in a memory.
    let pairing = PAIRING_COLUMNS.into_iter().map(|name| format!("meta-{name}"));
    let others = ALIGNMENT_COLUMNS.into_iter().chain(PAIRING_COLUMNS).map(str::to_owned);
    others.chain(pairing).chain(rating)
}

/// Prints a note about what the format could not hold of some pairs, and a warning if it holds none.
pub(crate) fn note_losses(printer: Printer, format: Format, losses: &Losses, pairs: u64) {
    let text = losses.described(|loss| match loss {
        Loss::Properties => Some("--properties writes them"),
        Loss::Improbable => Some("--min-probability 0 writes them"),
        _ => None,
    });
    if !text.is_empty() {
        printer.note(&format!("{}: {text}", format.name()));
    }
    warn_if_empty(printer, format, pairs, losses.omitted_pairs());
}

/// Prints a warning if the format omitted every pair.
pub(crate) fn warn_if_empty(printer: Printer, format: Format, pairs: u64, omitted: u64) {
    if pairs > 0 && omitted >= pairs {
        printer.warn(
            &format!("no pair was written as {}", format.name()),
            "none has text on both sides and the minimum probability: check that both sides are the \
             same document",
        );
    }
}
