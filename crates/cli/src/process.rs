//! The program as a process: parses the command line, runs it, prints an error.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::error::ErrorKind;

use crate::arenas::share_heap;
use crate::args::parse_args;
use crate::failure::{ExitStatus, explain};
use crate::message_style::MessageStyle;
use crate::signals::remove_files_on_signals;
use crate::{run, shown};

/// Runs the program with a command line, whose first item is the name of the program, and returns
/// its exit status. The caller should end the process with it.
///
/// The function changes the process: it handles the signals that end it, to remove unfinished files.
/// A job with a memory limit may start the program again in this process, by the command `launcher`,
/// to which the items after the first are appended; an empty launcher prevents it.
#[must_use]
pub fn main_with(items: Vec<OsString>, launcher: &[OsString]) -> ExitStatus {
    let status = run_items(items, launcher);
    // Only the runtime of a binary written in Rust flushes it at the end. An error has nobody to be
    // reported to: outputs were flushed before, with their errors.
    let _ = io::stdout().flush();
    status
}

fn run_items(items: Vec<OsString>, launcher: &[OsString]) -> ExitStatus {
    let arguments = items.get(1..).unwrap_or_default().to_vec();
    let args = match parse_args(items) {
        Ok(args) => args,
        Err(error) => {
            // Help and version are not errors. Printing may fail because a pipe is closed.
            let is_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
            if error.use_stderr() && !is_help {
                let _ = io::stderr().write_all(b"nasaq: ");
            }
            print_usage(&error);
            return if error.use_stderr() { ExitStatus::Usage } else { ExitStatus::Done };
        }
    };
    share_heap(&args, launcher, &arguments);
    let done = remove_files_on_signals().map_err(anyhow::Error::from).and_then(|()| run(args));
    match done {
        Ok(status) => status,
        Err(error) => {
            let (status, text) = explain(&error, MessageStyle::of_stderr());
            let _ = io::stderr().write_all(text.as_bytes());
            status
        }
    }
}

/// Prints an error of clap, or help. An argument, such as a file name from a pattern, may have
/// control characters; the text is then printed without colours.
fn print_usage(error: &clap::Error) {
    let plain = error.render().to_string();
    let printable = shown::lines(&plain);
    let _ = if error.use_stderr() && printable != plain {
        io::stderr().write_all(printable.as_bytes())
    } else {
        error.print()
    };
}
