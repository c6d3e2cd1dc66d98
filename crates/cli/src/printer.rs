//! Everything but data: warnings and the summary, on standard error.

use std::io::{self, IsTerminal, Write};

use nasaq_job::Warning;

use crate::message_style::MessageStyle;
use crate::progress::suspend_bar;
use crate::remedy;
use crate::shown::{lines, message};

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
        let hint = warning.remedy.as_ref().map(remedy::hint);
        self.message(level, &warning.reason, hint.as_deref());
    }

    /// Prints a warning and what to do about it.
    pub(crate) fn warn(self, message: &str, hint: &str) {
        self.message("warning", message, Some(hint));
    }

    /// Prints something that needs no action.
    pub(crate) fn note(self, message: &str) {
        self.message("note", message, None);
    }

    fn message(self, level: &str, text: &str, hint: Option<&str>) {
        self.write(&message_lines(level, text, hint, MessageStyle::of_stderr()));
    }

    /// Prints lines, escaped by [`lines`].
    pub(crate) fn print(self, text: &str) {
        self.write(&lines(text));
    }

    /// Writes text above the bar of the command, if there is one. Errors are ignored: standard error
    /// may be closed.
    fn write(self, text: &str) {
        if !self.quiet {
            suspend_bar(|| {
                let _ = io::stderr().lock().write_all(text.as_bytes());
            });
        }
    }
}

/// Returns a message and its hint, each from the beginning of a line.
///
/// A hint is not wrapped: a line break would cut the commands that it has.
pub(crate) fn message_lines(
    level: &str,
    text: &str,
    hint: Option<&str>,
    style: MessageStyle,
) -> String {
    let mut lines = style.message(&format!("nasaq: {level}: "), &message(text));
    if let Some(hint) = hint {
        lines.push_str(&style.unwrapped("hint: ", &message(hint)));
    }
    lines
}
