//! The binary `nasaq`: parses the command line, runs it, prints an error, sets the exit code.
#![forbid(unsafe_code)]

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use nasaq_cli::{
    ExitStatus, MessageStyle, explain, parse_args, printable_lines, remove_files_on_signals, run,
    share_heap,
};

fn main() -> ExitCode {
    let args = match parse_args(env::args_os()) {
        Ok(args) => args,
        Err(error) => {
            // Help and version are not errors. Printing may fail because a pipe is closed.
            let is_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
            if error.use_stderr() && !is_help {
                let _ = io::stderr().write_all(b"nasaq: ");
            }
            print_usage(&error);
            let status = if error.use_stderr() { ExitStatus::Usage } else { ExitStatus::Done };
            return status.into();
        }
    };
    share_heap(&args);
    let done = remove_files_on_signals().map_err(anyhow::Error::from).and_then(|()| run(args));
    match done {
        Ok(status) => status.into(),
        Err(error) => {
            let (status, text) = explain(&error, MessageStyle::of_stderr());
            let _ = io::stderr().write_all(text.as_bytes());
            status.into()
        }
    }
}

/// Prints an error of clap, or help. An argument, such as a file name from a pattern, may have
/// control characters; the text is then printed without colours.
fn print_usage(error: &clap::Error) {
    let plain = error.render().to_string();
    let printable = printable_lines(&plain);
    let _ = if error.use_stderr() && printable != plain {
        io::stderr().write_all(printable.as_bytes())
    } else {
        error.print()
    };
}
