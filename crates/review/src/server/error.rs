//! Errors as answers: a status and `{"error", "hint"}`.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use nasaq_job::Failure;
use serde::Serialize;

use crate::change::{Refusal, RefusalKind};

/// An answer that reports why nothing was done.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    body: ErrorBody,
}

#[derive(Debug, Serialize)]
struct ErrorBody {
    error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    /// The decisions of a list that were refused, if none was taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refused: Vec<(usize, String)>,
}

pub(super) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self {
            status,
            body: ErrorBody {
                error: error.into(),
                hint: None,
                revision: None,
                refused: Vec::new(),
            },
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.body.hint = Some(hint.into());
        self
    }

    pub(super) fn missing(error: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, error)
    }

    pub(super) fn bad(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    pub(super) fn internal(error: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, error)
    }

    /// Adds the revision of the session to an answer that reports a conflict.
    pub(super) fn at_revision(mut self, revision: u64) -> Self {
        if self.status == StatusCode::CONFLICT {
            self.body.revision = Some(revision);
        }
        self
    }

    /// The request is based on another revision than the session has.
    pub(super) fn stale(revision: u64) -> Self {
        let mut error = Self::new(StatusCode::CONFLICT, "the review was changed since");
        error.body.revision = Some(revision);
        error.hint("load the rows again and repeat the decision")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.kind() {
            RefusalKind::Stale => StatusCode::CONFLICT,
            RefusalKind::Log => StatusCode::INSUFFICIENT_STORAGE,
            RefusalKind::Search => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut error = Self::new(status, refusal.reason());
        error.body.refused = refusal.refused().to_vec();
        match refusal.remedy() {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        let status = match failure.kind() {
            "locked" => StatusCode::LOCKED,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let error = Self::new(status, failure.reason());
        match failure.remedy() {
            Some(remedy) => error.hint(remedy.to_string()),
            None => error,
        }
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        // Bodies that are no JSON of the right form are bad requests, whatever is wrong with them.
        let status = match rejection.status() {
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            status => status,
        };
        let reason = match &rejection {
            JsonRejection::JsonDataError(error) => innermost(error),
            JsonRejection::JsonSyntaxError(error) => innermost(error),
            other => return Self::new(status, other.body_text()),
        };
        Self::new(status, format!("the body is not what this address takes: {reason}"))
            .hint("the requests are described in docs/review.md of nasaq")
    }
}

/// Returns the message of the error that led to another one.
fn innermost(mut error: &(dyn std::error::Error + 'static)) -> String {
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad(rejection.body_text())
    }
}
