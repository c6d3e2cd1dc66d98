//! What the arguments mean: checked and defaulted, before any long work.

use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use nasaq::Language;
use nasaq_formats::{Document, DocumentReader, Format, OutputTarget};
use nasaq_job::{DOCUMENTS_FILE, Settings};

use crate::anchors::{PlacedAnchor, read_anchors};
use crate::args::{AlignArgs, EvalArgs, OutputFormat, SegmentArgs, SegmentFormat};
use crate::failure::{Failure, usage_error};
use crate::formats::{PairsOutput, unknown_ending};
use crate::settings::{language_tag, settings};
use crate::table::Table;

pub(crate) mod convert;
pub(crate) mod report;
pub(crate) mod score;

/// Columns of a table where nothing says how wide the terminal is.
const FALLBACK_WIDTH: usize = 100;

/// Where a document comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Stdin,
    File(PathBuf),
}

impl Input {
    pub(crate) fn new(path: PathBuf) -> Self {
        if path == Path::new("-") { Self::Stdin } else { Self::File(path) }
    }

    /// Reads the document.
    pub(crate) fn read(&self, reader: &DocumentReader) -> nasaq_formats::Result<Document> {
        match self {
            Self::Stdin => reader.from_reader("standard input", io::stdin().lock()),
            Self::File(path) => reader.read(path),
        }
    }

    /// Gives the file's name without its folder.
    pub(crate) fn file_name(&self) -> Option<String> {
        match self {
            Self::Stdin => None,
            Self::File(path) => path.file_name().map(|name| name.to_string_lossy().into_owned()),
        }
    }
}

/// How the alignment is printed.
#[derive(Clone, Debug)]
pub(crate) enum Layout {
    Table(Table),
    File(Format),
}

/// What `nasaq align` will do.
#[derive(Debug)]
pub(crate) struct AlignPlan {
    pub(crate) src: Input,
    pub(crate) tgt: Input,
    pub(crate) settings: Settings,
    pub(crate) anchors: Vec<PlacedAnchor>,
    pub(crate) layout: Layout,
    pub(crate) output: PairsOutput,
    pub(crate) json: bool,
}

impl AlignPlan {
    pub(crate) fn new(args: AlignArgs) -> anyhow::Result<Self> {
        let settings = settings(&args)?;
        let Some(tgt) = args.tgt else {
            return Err(Failure::usage("there is no translation to align with")
                .hint("give SRC and TGT, or a manifest or a folder with --corpus")
                .into());
        };
        let (src, tgt) = (Input::new(args.src), Input::new(tgt));
        if src == Input::Stdin && tgt == Input::Stdin {
            return Err(Failure::usage("both sides are standard input")
                .hint("give - for one side and a file for the other")
                .into());
        }
        let format = match args.to {
            Some(OutputFormat::File(format)) => Some(format),
            Some(OutputFormat::Table) | None => None,
        };
        let path = args.output.as_deref();
        let inputs = vec![src.clone(), tgt.clone()];
        let output = match args.to {
            Some(OutputFormat::Table) => PairsOutput::any(path, inputs)?,
            _ => PairsOutput::new(path, format, inputs)?,
        };
        if args.json && output.target.is_stdout() {
            return Err(Failure::usage("--json prints the summary on standard output")
                .hint("write the alignment to a file with -o")
                .into());
        }
        let layout = layout(args.to, path, &output.target)?;
        let mut anchors: Vec<PlacedAnchor> = args
            .anchor
            .iter()
            .map(|anchor| PlacedAnchor {
                anchor: *anchor,
                place: format!("--anchor {}:{}", anchor.src, anchor.tgt),
            })
            .collect();
        if let Some(path) = &args.anchors {
            anchors.extend(read_anchors(path)?);
        }
        Ok(Self { src, tgt, settings, anchors, layout, output, json: args.json })
    }
}

pub(crate) fn output(path: Option<&Path>, inputs: &[&Input]) -> Result<OutputTarget, Failure> {
    let target = OutputTarget::new(path).map_err(usage_error)?;
    if let OutputTarget::File(out) = &target {
        let is_input = |input: &&Input| match input {
            Input::File(file) => fs::canonicalize(file).is_ok_and(|file| file == *out),
            Input::Stdin => false,
        };
        if inputs.iter().any(is_input) {
            return Err(Failure::usage(format!("-o {} would replace an input", out.display()))
                .hint("choose another name"));
        }
    }
    Ok(target)
}

fn layout(
    to: Option<OutputFormat>,
    path: Option<&Path>,
    output: &OutputTarget,
) -> Result<Layout, Failure> {
    let on_terminal = output.is_stdout() && io::stdout().is_terminal();
    let table =
        || Layout::Table(Table::new(width(on_terminal), on_terminal && colour(), on_terminal));
    Ok(match (to, output, path) {
        (Some(OutputFormat::Table), ..) => table(),
        (Some(OutputFormat::File(format)), ..) => Layout::File(format),
        (None, OutputTarget::Stdout, _) if on_terminal => table(),
        (None, OutputTarget::File(_), Some(path)) => Layout::File(
            Format::from_path(path)
                .ok()
                .filter(|format| format.writes())
                .ok_or_else(|| unknown_ending(path))?,
        ),
        _ => Layout::File(Format::Tsv),
    })
}

fn width(on_terminal: bool) -> usize {
    let columns = env::var("COLUMNS").ok().and_then(|text| text.trim().parse().ok());
    let terminal = || {
        let (width, _) = on_terminal.then(terminal_size::terminal_size).flatten()?;
        Some(usize::from(width.0))
    };
    columns.filter(|width| *width > 0).or_else(terminal).unwrap_or(FALLBACK_WIDTH)
}

/// Tells whether a terminal may be sent colours; see <https://no-color.org/>.
fn colour() -> bool {
    let unset = |name| env::var_os(name).is_none_or(|value| value.is_empty());
    unset("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// What `nasaq segment` will do.
#[derive(Debug)]
pub(crate) struct SegmentPlan {
    pub(crate) input: Input,
    pub(crate) reader: DocumentReader,
    pub(crate) language: Language,
    pub(crate) format: SegmentFormat,
    pub(crate) output: OutputTarget,
}

impl SegmentPlan {
    pub(crate) fn new(args: SegmentArgs) -> anyhow::Result<Self> {
        let input = Input::new(args.file);
        Ok(Self {
            language: language_tag("--lang", &args.lang)?.language,
            format: args.to,
            reader: args.documents.reader(),
            output: output(args.output.as_deref(), &[&input])?,
            input,
        })
    }
}

/// What `nasaq eval` will do.
#[derive(Debug)]
pub(crate) struct EvalPlan {
    pub(crate) gold: PathBuf,
    pub(crate) test: PathBuf,
    pub(crate) by_type: bool,
    pub(crate) json: bool,
    pub(crate) fail_under: Option<f64>,
}

impl EvalPlan {
    pub(crate) fn new(args: EvalArgs) -> anyhow::Result<Self> {
        let EvalArgs { gold, test, by_type, json, fail_under } = args;
        if fail_under.is_some_and(|bar| !(0.0..=1.0).contains(&bar)) {
            return Err(Failure::usage("--fail-under is not between 0 and 1").into());
        }
        if gold.is_dir() != test.is_dir() && gold.exists() && test.exists() {
            return Err(Failure::usage("one of --gold and --test is a folder and one a file")
                .hint("give two files, or two folders with files of the same names")
                .into());
        }
        // Of a run over a corpus the ladders are in a folder of their own.
        let ladders = test.join("docs");
        let is_run = test.join(DOCUMENTS_FILE).is_file() && ladders.is_dir();
        let test = if is_run { ladders } else { test };
        Ok(Self { gold, test, by_type, json, fail_under })
    }
}
