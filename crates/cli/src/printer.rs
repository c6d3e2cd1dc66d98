//! Everything that is no data: warnings and the summary, on standard error.

use std::io::{self, IsTerminal, Write};

/// Prints messages, unless it is to be quiet.
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

    /// Tells whether somebody reads the messages as they come.
    pub(crate) fn is_terminal(self) -> bool {
        io::stderr().is_terminal()
    }

    /// Prints a warning and what to do about it.
    pub(crate) fn warn(self, message: &str, hint: &str) {
        self.print(&format!("nasaq: warning: {message}\nhint: {hint}\n"));
    }

    /// Prints something that a user should know and need do nothing about.
    pub(crate) fn note(self, message: &str) {
        self.print(&format!("nasaq: note: {message}\n"));
    }

    /// Prints text as it is; that nobody may be listening is no failure.
    pub(crate) fn print(self, text: &str) {
        if !self.quiet {
            let _ = io::stderr().lock().write_all(text.as_bytes());
        }
    }
}
