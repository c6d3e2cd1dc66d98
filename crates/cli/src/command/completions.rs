//! `nasaq completions`: a script that completes commands and options in a shell.

use std::io::Write;

use nasaq_formats::OutputTarget;

use crate::args::{CompletionsArgs, PROGRAM, program};
use crate::failure::ExitStatus;

/// Prints the script of a shell.
pub(crate) fn run(args: &CompletionsArgs) -> anyhow::Result<ExitStatus> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program(), PROGRAM, &mut script);
    let mut out = OutputTarget::Stdout.open()?;
    out.write_all(&script)?;
    out.commit()?;
    Ok(ExitStatus::Done)
}
