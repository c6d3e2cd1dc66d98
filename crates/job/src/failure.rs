//! Why a job failed, in a form that every shell can show: a kind for programs, a reason and a
//! remedy for people, and a status that says who has to act.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::remedy::Remedy;

/// A result with this crate's [`Failure`].
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// Which class of failure this is; a program maps it to an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureStatus {
    /// The work failed, or its result could not be written.
    Failed,
    /// The settings or the command line make no sense.
    Usage,
    /// The input cannot be used.
    Input,
}

/// Why something failed, and what to do about it.
///
/// [`Display`](fmt::Display) prints the outermost reason and [`source`](StdError::source) leads to
/// the others; [`Failure::reason`] joins them all.
#[derive(Debug)]
pub struct Failure(Box<FailureInner>);

#[derive(Debug)]
struct FailureInner {
    kind: &'static str,
    cause: Cause,
    remedy: Option<Remedy>,
    status: FailureStatus,
}

#[derive(Debug)]
enum Cause {
    Text(String),
    Error(Box<dyn StdError + Send + Sync>),
}

impl Failure {
    /// Makes a failure of status [`FailureStatus::Failed`] with a short name for programs, such as
    /// `empty` or `encoding`.
    pub fn new(kind: &'static str, reason: impl Into<String>) -> Self {
        Self::with_cause(kind, Cause::Text(reason.into()))
    }

    /// Makes a failure of the settings or of the command line.
    pub fn usage(reason: impl Into<String>) -> Self {
        Self::new("setting", reason).with_status(FailureStatus::Usage)
    }

    /// Makes a failure of the input.
    pub fn input(reason: impl Into<String>) -> Self {
        Self::new("input", reason).with_status(FailureStatus::Input)
    }

    /// Makes a failure of another error, which becomes its [`cause`](Failure::cause).
    pub fn of(kind: &'static str, error: impl StdError + Send + Sync + 'static) -> Self {
        Self::with_cause(kind, Cause::Error(Box::new(error)))
    }

    /// Makes the failure of a job that was cancelled.
    pub(crate) fn cancelled() -> Self {
        Self::new("cancelled", "the job was cancelled")
    }

    /// Makes the failure of a panic, which is a bug.
    fn panic(panic: &(dyn Any + Send)) -> Self {
        let text = panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        Self::new("internal", format!("nasaq has a bug: {text}"))
            .hint("please report it with the document")
    }

    fn with_cause(kind: &'static str, cause: Cause) -> Self {
        Self(Box::new(FailureInner { kind, cause, remedy: None, status: FailureStatus::Failed }))
    }

    /// Replaces the name for programs.
    #[must_use]
    pub fn with_kind(mut self, kind: &'static str) -> Self {
        self.0.kind = kind;
        self
    }

    /// Sets the status.
    #[must_use]
    pub fn with_status(mut self, status: FailureStatus) -> Self {
        self.0.status = status;
        self
    }

    /// Sets what to do about it.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<Remedy>) -> Self {
        self.0.remedy = Some(remedy.into());
        self
    }

    /// Sets what to do about it, in words that are right in every shell.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        self.with_remedy(Remedy::Text(hint.into().into()))
    }

    /// Returns the name for programs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.0.kind
    }

    /// Returns what is wrong: the message and those of all its causes.
    #[must_use]
    pub fn reason(&self) -> String {
        with_causes(self)
    }

    /// Returns what to do about it, if that is known.
    #[must_use]
    pub fn remedy(&self) -> Option<&Remedy> {
        self.0.remedy.as_ref()
    }

    /// Returns the class of the failure.
    #[must_use]
    pub fn status(&self) -> FailureStatus {
        self.0.status
    }

    /// Returns the error that this failure was made from, for callers that know its type.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        match &self.0.cause {
            Cause::Text(_) => None,
            Cause::Error(error) => Some(&**error),
        }
    }

    /// Reports whether the job was cancelled by its [`Observer`](crate::Observer).
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.kind == "cancelled"
    }

    /// Reports whether the reader of a pipe has gone away, which most programs call success.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        let mut error: Option<&(dyn StdError + 'static)> = Some(self);
        while let Some(current) = error {
            let io = current.downcast_ref::<io::Error>();
            if io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
                return true;
            }
            error = current.source();
        }
        matches!(&self.0.cause, Cause::Error(error) if error.downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.cause {
            Cause::Text(text) => f.write_str(text),
            Cause::Error(error) => error.fmt(f),
        }
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.cause {
            Cause::Text(_) => None,
            Cause::Error(error) => error.source(),
        }
    }
}

impl From<nasaq_formats::Error> for Failure {
    fn from(error: nasaq_formats::Error) -> Self {
        use nasaq_formats::ErrorKind;
        let kind = match error.kind() {
            ErrorKind::Missing => "missing",
            ErrorKind::NotUtf8 { .. }
            | ErrorKind::UnsureEncoding { .. }
            | ErrorKind::Undecodable { .. } => "encoding",
            ErrorKind::Binary { .. } | ErrorKind::Folder => "not-text",
            ErrorKind::Empty => "empty",
            ErrorKind::TooLarge { .. } => "too-large",
            _ => "unreadable",
        };
        let status = match error.kind() {
            ErrorKind::Io { doing: "writing", .. } | ErrorKind::Temporary { .. } => {
                FailureStatus::Failed
            }
            _ => FailureStatus::Input,
        };
        let remedy = error.remedy();
        let failure = Self::of(kind, error).with_status(status);
        match remedy {
            Some(remedy) => failure.with_remedy(remedy),
            None => failure,
        }
    }
}

impl From<nasaq::Error> for Failure {
    fn from(error: nasaq::Error) -> Self {
        use nasaq::ErrorKind;
        let remedy = match error.kind() {
            ErrorKind::EmptySide { .. } => "is it the right file?",
            ErrorKind::AnchorsTooFar { .. } => {
                "anchors on one segment must be near each other; check them in the texts"
            }
            ErrorKind::Anchor { .. } => {
                "anchors are pairs of existing segments, in order on both sides"
            }
            ErrorKind::Setting { .. } => {
                return Self::of("setting", error).with_status(FailureStatus::Usage);
            }
            ErrorKind::Cancelled => return Self::cancelled(),
            _ => return Self::of("alignment", error),
        };
        Self::of("alignment", error).with_status(FailureStatus::Input).hint(remedy)
    }
}

/// Runs work so that a panic in it becomes a [`Failure`] of kind `internal`.
///
/// A bug that one document exposes must not stop the job of a thousand others. Every job of this
/// crate runs documents under this guard.
///
/// # Errors
/// The failure of `work`, or that of its panic.
pub fn guard<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    // Nothing that `work` has changed is used after a panic but locks, which recover from poison.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(Failure::panic(&*panic)))
}

/// Returns the messages of an error and of all its causes.
pub(crate) fn with_causes(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reason_has_all_causes_and_display_the_first() {
        let source = io::Error::other("the disk is full");
        let error =
            nasaq_formats::Error::from(nasaq_formats::ErrorKind::Io { doing: "writing", source });
        let failure = Failure::from(error.at_path("out.tsv"));
        assert_eq!(failure.to_string(), "out.tsv: writing failed");
        assert_eq!(failure.reason(), "out.tsv: writing failed: the disk is full");
        assert_eq!(failure.status(), FailureStatus::Failed);
        assert!(
            failure
                .cause()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<nasaq_formats::Error>)
        );
    }

    #[test]
    fn panic_is_a_failure_of_its_document() {
        let failure = guard::<()>(|| panic!("index {}", 7)).expect_err("a panic");
        assert_eq!((failure.kind(), &*failure.reason()), ("internal", "nasaq has a bug: index 7"));
        assert!(guard(|| Ok(1)).is_ok());
    }

    #[test]
    fn closed_pipe_is_recognised_below_other_errors() {
        let pipe = || io::Error::from(io::ErrorKind::BrokenPipe);
        let kind = nasaq_formats::ErrorKind::Io { doing: "writing", source: pipe() };
        assert!(Failure::from(nasaq_formats::Error::from(kind)).is_broken_pipe());
        assert!(Failure::of("failed", pipe()).is_broken_pipe());
        assert!(!Failure::new("failed", "no pipe").is_broken_pipe());
    }
}
