//! `nasaq man`: writes a manual page for the program and for each command.

use std::fs;

use anyhow::Context;

use crate::args::{ManArgs, program};
use crate::failure::{ExitStatus, Failure};
use crate::printer::Printer;

/// Writes `nasaq.1`, `nasaq-align.1` and so on to a folder.
pub(crate) fn run(args: &ManArgs, printer: Printer) -> anyhow::Result<ExitStatus> {
    let folder = &args.folder;
    let place = || folder.display().to_string();
    if folder.exists() && !folder.is_dir() {
        return Err(Failure::usage(format!("{}: not a folder", folder.display()))
            .hint("name a folder for the pages; it is created if it is missing")
            .into());
    }
    fs::create_dir_all(folder).with_context(place)?;
    // The pages of the commands are what `nasaq help` prints.
    let program = program().disable_help_subcommand(true);
    clap_mangen::generate_to(program, folder).with_context(place)?;
    printer.print(&format!("manual pages were written to {}\n", folder.display()));
    Ok(ExitStatus::Done)
}
