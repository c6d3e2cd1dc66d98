//! Everything but data: warnings and the summary, on standard error.

use std::io::{self, IsTerminal, Write};

use nasaq_job::Warning;

use crate::remedy;

/// Prints messages, unless it is quiet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printer {
    quiet: bool,
}

impl Printer {
    pub(crate) fn new(quiet: bool) -> Self {
        Self { quiet }
    }

    pub(crate) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Returns whether messages go to a terminal.
    pub(crate) fn is_terminal(self) -> bool {
        io::stderr().is_terminal()
    }

    /// Prints a warning of a job, or a note.
    pub(crate) fn warning(self, warning: &Warning) {
        let level = if warning.is_note() { "note" } else { "warning" };
        let mut text = format!("nasaq: {level}: {}\n", warning.reason);
        if let Some(remedy) = &warning.remedy {
            text.push_str(&format!("hint: {}\n", remedy::hint(remedy)));
        }
        self.print(&text);
    }

    /// Prints a warning and what to do about it.
    pub(crate) fn warn(self, message: &str, hint: &str) {
        self.print(&format!("nasaq: warning: {message}\nhint: {hint}\n"));
    }

    /// Prints something that needs no action.
    pub(crate) fn note(self, message: &str) {
        self.print(&format!("nasaq: note: {message}\n"));
    }

    /// Prints text unchanged. Errors are ignored: standard error may be closed.
    pub(crate) fn print(self, text: &str) {
        if !self.quiet {
            let _ = io::stderr().lock().write_all(text.as_bytes());
        }
    }
}
