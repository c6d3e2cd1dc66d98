//! How a run ends: exit statuses, and the text of an error.

use std::error::Error as StdError;
use std::io;
use std::process::ExitCode;

pub use nasaq_job::Failure;
use nasaq_job::FailureStatus;

use crate::message_style::MessageStyle;
use crate::printer::message_lines;
use crate::remedy;

/// How a run ended; the discriminant is the exit code of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// Everything was done.
    Done = 0,
    /// Some of the work failed, or its output could not be written.
    Failed = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// The input cannot be used.
    Input = 3,
    /// The result is below the required minimum.
    Gate = 4,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

impl From<FailureStatus> for ExitStatus {
    fn from(status: FailureStatus) -> Self {
        match status {
            FailureStatus::Usage => Self::Usage,
            FailureStatus::Input => Self::Input,
            _ => Self::Failed,
        }
    }
}

/// Makes the failure of an argument from an error about what the argument names.
pub(crate) fn usage_error(error: nasaq_formats::Error) -> Failure {
    Failure::from(error).with_status(FailureStatus::Usage)
}

/// Returns the exit status of an error and what to print: `nasaq: error: …`, then a `hint:` line if
/// there is a remedy. A closed pipe is success and has no text.
#[must_use]
pub fn explain(error: &anyhow::Error, style: MessageStyle) -> (ExitStatus, String) {
    if is_broken_pipe(error) {
        return (ExitStatus::Done, String::new());
    }
    let (status, hint) = if let Some(failure) = error.downcast_ref::<Failure>() {
        (failure.status().into(), failure.remedy().map(remedy::hint))
    } else if let Some(error) = error.downcast_ref::<nasaq_formats::Error>() {
        let status = match error.kind() {
            nasaq_formats::ErrorKind::Io { doing: "writing", .. }
            | nasaq_formats::ErrorKind::Temporary { .. } => ExitStatus::Failed,
            _ => ExitStatus::Input,
        };
        (status, error.remedy().as_ref().map(remedy::format_hint))
    } else {
        (ExitStatus::Failed, None)
    };
    (status, message_lines("error", &with_causes(error.as_ref()), hint.as_deref(), style))
}

fn with_causes(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

/// Returns nothing instead of the error of a closed pipe, for a command whose exit status depends on
/// more than its output.
pub(crate) fn unless_closed<T>(result: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
    match result {
        Err(error) if is_broken_pipe(&error) => Ok(None),
        result => result.map(Some),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
            || cause.downcast_ref::<Failure>().is_some_and(Failure::is_broken_pipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_pipe_is_success() {
        let pipe = || io::Error::from(io::ErrorKind::BrokenPipe);
        let error = anyhow::Error::new(pipe());
        assert_eq!(
            explain(&error.context("writing"), MessageStyle::default()),
            (ExitStatus::Done, String::new())
        );
        let error = anyhow::Error::new(Failure::of("unreadable", pipe()));
        assert_eq!(explain(&error, MessageStyle::default()), (ExitStatus::Done, String::new()));
    }

    #[test]
    fn hint_has_its_own_line() {
        let error = Failure::usage("no").hint("yes").into();
        assert_eq!(
            explain(&error, MessageStyle::default()),
            (ExitStatus::Usage, "nasaq: error: no\nhint: yes\n".into())
        );
    }
}
