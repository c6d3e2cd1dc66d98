//! How a run ends: exit statuses, and failures with a way out.

use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::remedy::hint;

/// How a run ended; the number is the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// Everything was done.
    Done = 0,
    /// Some of the work failed, or writing did.
    Failed = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// The input cannot be used.
    Input = 3,
    /// The result is below the bar that was set.
    Gate = 4,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

/// A failure in words of the command line, with what to do about it.
#[derive(Debug)]
pub struct Failure {
    status: ExitStatus,
    message: String,
    hint: Option<String>,
}

impl Failure {
    /// Makes a failure of the command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { status: ExitStatus::Usage, message: message.into(), hint: None }
    }

    /// Makes a failure of the input.
    pub fn input(message: impl Into<String>) -> Self {
        Self { status: ExitStatus::Input, message: message.into(), hint: None }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Takes an error of the formats crate that the command line is to blame for.
    pub(crate) fn in_usage(error: &nasaq_formats::Error) -> Self {
        let hint = error.remedy().as_ref().map(hint);
        Self { hint, ..Self::usage(with_causes(error)) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Gives a failure's exit status and what to print: `nasaq: error: …`, then a `hint:` line where
/// there is a way out. A closed pipe is success and has no text.
#[must_use]
pub fn explain(error: &anyhow::Error) -> (ExitStatus, String) {
    if is_broken_pipe(error) {
        return (ExitStatus::Done, String::new());
    }
    let (status, hint) = if let Some(failure) = error.downcast_ref::<Failure>() {
        (failure.status, failure.hint.clone())
    } else if let Some(error) = error.downcast_ref::<nasaq_formats::Error>() {
        let status = match error.kind() {
            nasaq_formats::ErrorKind::Io { doing: "writing", .. } => ExitStatus::Failed,
            _ => ExitStatus::Input,
        };
        (status, error.remedy().as_ref().map(hint))
    } else {
        (ExitStatus::Failed, None)
    };
    let mut text = format!("nasaq: error: {}\n", with_causes(error.as_ref()));
    if let Some(hint) = hint {
        text.push_str(&format!("hint: {hint}\n"));
    }
    (status, text)
}

fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_pipe_is_success() {
        let error = anyhow::Error::new(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(explain(&error.context("writing")), (ExitStatus::Done, String::new()));
    }

    #[test]
    fn hint_has_its_own_line() {
        let error = Failure::usage("no").hint("yes").into();
        assert_eq!(explain(&error), (ExitStatus::Usage, "nasaq: error: no\nhint: yes\n".into()));
    }
}
