//! Downloads of a review as a bitext.

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use nasaq_formats::{Format, WriteOptions};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::document::Served;
use super::error::{ApiError, ApiResult};
use super::routes::on_document;
use crate::session::Session;

/// What the format could not hold, percent-encoded, because headers are ASCII.
const LOSSES: HeaderName = HeaderName::from_static("x-nasaq-losses");

/// A format that can be downloaded.
#[derive(Debug, Serialize)]
pub(super) struct FormatView {
    name: &'static str,
    title: &'static str,
    /// The endings of its files: one, or one for each side.
    parts: Vec<String>,
}

/// Returns the formats that the documents can be written in without naming files to each other.
pub(super) fn formats(session: &Session) -> Vec<FormatView> {
    let view = |format: Format| {
        let (name, title) = (format.name(), format.description());
        FormatView { name, title, parts: endings(session, format) }
    };
    Format::all().filter(|format| is_offered(*format, session)).map(view).collect()
}

/// Returns the endings of the files of a format: for several, those of the languages.
fn endings(session: &Session, format: Format) -> Vec<String> {
    match format.output_files() {
        1 => vec![format.name().to_owned()],
        _ => session.languages().to_vec(),
    }
}

fn is_offered(format: Format, session: &Session) -> bool {
    let has_times = || session.state().sides.iter().all(|side| side.document.format.has_times());
    format.writes() && format.output_files() <= 2 && (!format.needs_times() || has_times())
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    format: String,
    /// Which of the files, if the format has several.
    #[serde(default)]
    part: usize,
}

/// `GET export?format=tmx`.
pub(super) async fn export(
    State(served): State<Arc<Served>>,
    Path(id): Path<String>,
    query: Result<Query<Wanted>, QueryRejection>,
) -> ApiResult<Response> {
    let Query(Wanted { format, part }) = query?;
    on_document(served, id, move |document| download(&document.session, &format, part)).await
}

fn download(session: &Session, name: &str, part: usize) -> ApiResult<Response> {
    let format = Format::all().find(|format| format.name() == name);
    let format = format.filter(|format| is_offered(*format, session)).ok_or_else(|| {
        let names: Vec<&str> = formats(session).iter().map(|format| format.name).collect();
        ApiError::bad(format!("\"{name}\" is not a format of downloads"))
            .hint(format!("one of {}", names.join(", ")))
    })?;
    let endings = endings(session, format);
    let ending = endings.get(part).ok_or_else(|| {
        let count = endings.len();
        ApiError::bad(format!("{name} has no part {part}"))
            .hint(format!("it has {count}, from 0 on"))
    })?;
    let options = WriteOptions::default();
    let outs = vec![Vec::new(); endings.len()];
    let (outs, losses) =
        session.export(format, options, outs, &session.bitext_header()).map_err(|failure| {
            let error = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, failure.reason());
            match failure.remedy() {
                Some(remedy) => error.hint(remedy.to_string()),
                None => error,
            }
        })?;
    let file = file_name(session.name(), ending);
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{}", encoded(&file))),
        (LOSSES, encoded(&losses.to_string())),
    ];
    let body = outs.into_iter().nth(part).unwrap_or_default();
    Ok((headers, Body::from(body)).into_response())
}

/// Returns the name of a download: that of the document without its endings and folders.
fn file_name(document: &str, ending: &str) -> String {
    let name = document.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or("review");
    let is_safe = |c: char| !c.is_control() && !"\"*:<>?|".contains(c);
    let stem: String = stem.chars().filter(|c| is_safe(*c)).collect();
    format!("{stem}.{ending}")
}

/// Encodes every byte but letters, digits and a few signs.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(byte.into()),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn downloads_are_named_after_the_document() {
        assert_eq!(file_name("story.ar.docx", "tmx"), "story.tmx");
        assert_eq!(file_name("../<b>قصة.txt", "tsv"), "bقصة.tsv");
        assert_eq!(file_name("...", "tsv"), "review.tsv");
        assert_eq!(encoded("قصة 1.tmx"), "%D9%82%D8%B5%D8%A9%201.tmx");
    }
}
