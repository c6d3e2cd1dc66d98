//! The plan of `nasaq align` for one document.

use std::env;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};
use nasaq_formats::{Format, OutputTarget};
use nasaq_job::Settings;

use super::Input;
use crate::anchors::{PlacedAnchor, read_anchors};
use crate::args::{AlignArgs, OutputFormat};
use crate::failure::Failure;
use crate::formats::{PairsOutput, unknown_ending};
use crate::paths::CommandPaths;
use crate::settings::settings;
use crate::table::Table;

/// The width of a table, in columns, if the width of the terminal is unknown.
const DEFAULT_WIDTH: usize = 100;

/// How the alignment is written.
#[derive(Clone, Debug)]
pub(crate) enum AlignLayout {
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
    pub(crate) layout: AlignLayout,
    pub(crate) output: PairsOutput,
    pub(crate) json: bool,
    /// The log of a review whose decisions hold.
    pub(crate) review: Option<PathBuf>,
}

impl AlignPlan {
    pub(crate) fn new(args: AlignArgs, paths: &CommandPaths) -> anyhow::Result<Self> {
        let settings = settings(&args)?;
        let given = [Some(&args.src), args.tgt.as_ref()];
        if let Some(folder) = given.into_iter().flatten().find(|path| path.is_dir()) {
            return Err(Failure::input(format!("{}: this is a folder", folder.display()))
                .hint(
                    "--corpus aligns all documents of one or two folders, as in nasaq align --corpus \
                     ar/ en/ -o out/",
                )
                .into());
        }
        let Some(tgt) = args.tgt else {
            let src = args.src.display();
            return Err(Failure::usage(format!("the translation of {src} is missing"))
                .hint("pass both documents; a manifest of many needs --corpus")
                .into());
        };
        let (src, tgt) = (Input::new(args.src), Input::new(tgt));
        if src == Input::Stdin && tgt == Input::Stdin {
            return Err(Failure::usage("both sides are standard input")
                .hint("pass - for one side and a file for the other")
                .into());
        }
        let path = args.output.as_deref();
        let output = match args.to {
            Some(OutputFormat::Table) => PairsOutput::table(path, paths)?,
            Some(OutputFormat::File(format)) => PairsOutput::new("-o", path, Some(format), paths)?,
            None => PairsOutput::new("-o", path, None, paths)?,
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
        let (json, review) = (args.json, args.review);
        Ok(Self { src, tgt, settings, anchors, layout, output, json, review })
    }
}

fn layout(
    to: Option<OutputFormat>,
    path: Option<&Path>,
    output: &OutputTarget,
) -> Result<AlignLayout, Failure> {
    let on_terminal = output.is_stdout() && io::stdout().is_terminal();
    let table = || {
        AlignLayout::Table(Table::new(
            table_width(output),
            output.is_stdout() && AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            on_terminal,
        ))
    };
    Ok(match (to, output, path) {
        (Some(OutputFormat::Table), ..) => table(),
        (Some(OutputFormat::File(format)), ..) => AlignLayout::File(format),
        (None, OutputTarget::Stdout, _) if on_terminal => table(),
        (None, OutputTarget::File(_), Some(path)) => AlignLayout::File(
            Format::from_path(path)
                .ok()
                .filter(|format| format.writes())
                .ok_or_else(|| unknown_ending(path))?,
        ),
        _ => AlignLayout::File(Format::Tsv),
    })
}

/// Returns the width of a table: that of `COLUMNS`, of the terminal, or the default. The terminal is
/// also found if the table goes to a pager, which has it as standard error.
fn table_width(output: &OutputTarget) -> usize {
    let columns = env::var("COLUMNS").ok().and_then(|text| text.trim().parse().ok());
    let terminal = || {
        let found = terminal_size::terminal_size_of(io::stdout())
            .or_else(|| terminal_size::terminal_size_of(io::stderr()));
        let (width, _) = output.is_stdout().then_some(found)??;
        Some(usize::from(width.0))
    };
    columns.filter(|width| *width > 0).or_else(terminal).unwrap_or(DEFAULT_WIDTH)
}
