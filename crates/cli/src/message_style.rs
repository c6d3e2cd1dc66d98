//! How messages look: on a terminal they are wrapped to its width, and their labels have colours.

use std::io::{self, IsTerminal};

use anstream::{AutoStream, ColorChoice};
use textwrap::{Options, WordSplitter};

/// The narrowest terminal that messages are wrapped for.
const MIN_WIDTH: usize = 20;

const RESET: &str = "\u{1b}[0m";

/// How messages look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MessageStyle {
    /// The width in columns that messages are wrapped to; `None` does not wrap them.
    width: Option<usize>,
    color: bool,
}

impl MessageStyle {
    /// Returns the style of standard error: wrapped to the width of a terminal, and in colours as
    /// `--color` and the environment (`NO_COLOR`, `CLICOLOR_FORCE`, `TERM`) decide.
    #[must_use]
    pub fn of_stderr() -> Self {
        let stderr = io::stderr();
        let width = stderr.is_terminal().then(|| terminal_size::terminal_size_of(&stderr));
        Self {
            width: width.flatten().map(|(width, _)| usize::from(width.0).max(MIN_WIDTH)),
            color: AutoStream::choice(&stderr) != ColorChoice::Never,
        }
    }

    /// Returns a message with its label, wrapped. Further lines are indented by two spaces.
    pub(crate) fn message(self, label: &str, text: &str) -> String {
        let Some(width) = self.width else { return self.unwrapped(label, text) };
        let options = Options::new(width)
            .subsequent_indent("  ")
            .break_words(false)
            .word_splitter(WordSplitter::NoHyphenation);
        let line = format!("{label}{text}");
        let lines = textwrap::wrap(&line, options).join("\n");
        match lines.strip_prefix(label.trim_end()) {
            Some(rest) => format!("{}{rest}\n", self.paint(label.trim_end())),
            None => lines + "\n",
        }
    }

    /// Returns a message with its label on one line.
    pub(crate) fn unwrapped(self, label: &str, text: &str) -> String {
        let name = label.trim_end();
        format!("{}{}{text}\n", self.paint(name), &label[name.len()..])
    }

    fn paint(self, label: &str) -> String {
        if !self.color {
            return label.to_owned();
        }
        let color = match label.rsplit(": ").next() {
            Some("error:") => "\u{1b}[1;31m",
            Some("warning:") => "\u{1b}[1;33m",
            _ => "\u{1b}[1m",
        };
        format!("{color}{label}{RESET}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_wrapped_between_words_and_further_lines_are_indented() {
        let style = MessageStyle { width: Some(30), color: false };
        let text = "one two three four five six seven";
        let wrapped = style.message("nasaq: note: ", text);
        assert_eq!(wrapped, "nasaq: note: one two three\n  four five six seven\n");
        let path = "a/very-long-path/that-is-wider/than-the-terminal.txt";
        assert!(style.message("nasaq: note: ", path).contains(path), "paths are not cut");
    }

    #[test]
    fn without_a_terminal_nothing_is_wrapped_or_coloured() {
        let text = "word ".repeat(100);
        let line = MessageStyle::default().message("nasaq: warning: ", &text);
        assert_eq!(line, format!("nasaq: warning: {text}\n"));
    }

    #[test]
    fn only_labels_have_colours() {
        let style = MessageStyle { width: Some(80), color: true };
        let line = style.message("nasaq: error: ", "no such file");
        assert_eq!(line, "\u{1b}[1;31mnasaq: error:\u{1b}[0m no such file\n");
        assert_eq!(style.unwrapped("hint: ", "x"), "\u{1b}[1mhint:\u{1b}[0m x\n");
    }
}
