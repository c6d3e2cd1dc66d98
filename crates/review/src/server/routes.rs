//! The HTTP interface of `docs/review.md`.

use std::sync::Arc;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::assets::{PAGE, asset};
use super::document::{OpenDocument, Served};
use super::error::{ApiError, ApiResult};
use super::guard::{Guard, guard};
use crate::decision::Decision;
use crate::queue::Order;

/// The version of the HTTP interface.
const VERSION: u32 = 1;
/// The greatest body of a request. A decision names spans; the longest has many beads or a text.
const MAX_BODY: usize = 4 << 20;
/// The most beads of one answer.
const MAX_BEADS: usize = 1000;
/// How many hits of a search an answer lists.
const MAX_HITS: usize = 5000;

/// Returns everything that is served, below the token.
pub(super) fn router(served: Arc<Served>, token: &str, own: Guard) -> Router {
    let document = Router::new()
        .route("/session", get(session))
        .route("/beads", get(beads))
        .route("/ribbon", get(ribbon))
        .route("/next", get(next))
        .route("/search", get(search))
        .route("/words", get(words))
        .route("/export", get(super::export::export))
        .route("/decisions", post(decide))
        .route("/undo", post(undo))
        .route("/redo", post(redo))
        .route("/sample", post(sample));
    let api = Router::new().route("/documents", get(documents)).nest("/d/{id}", document);
    let page = Router::new().route("/{file}", get(file)).nest("/api", api);
    Router::new()
        // Its links are relative, so the address of the page ends in a slash.
        .route(&format!("/{token}/"), get(async || Html(PAGE)))
        .nest(&format!("/{token}"), page)
        .fallback(async || ApiError::missing("there is nothing at this address"))
        .method_not_allowed_fallback(async || {
            ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "this address has no such method")
        })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(own, guard))
        .with_state(served)
}

async fn file(Path(name): Path<String>) -> ApiResult<Response> {
    let asset = asset(&name).ok_or_else(|| ApiError::missing("there is no such file"))?;
    Ok(([(header::CONTENT_TYPE, asset.media_type)], asset.text).into_response())
}

async fn documents(State(served): State<Arc<Served>>) -> ApiResult<Json<Value>> {
    let list = blocking(move || Ok(served.list())).await?;
    Ok(Json(json!(list)))
}

/// Runs work that may take long or wait for a disk, outside the threads that answer.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> ApiResult<T> + Send + 'static,
) -> ApiResult<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(ApiError::internal("the request stopped because of a bug")))
}

/// Runs work on the document of a request.
pub(super) async fn on_document<T: Send + 'static>(
    served: Arc<Served>,
    id: String,
    work: impl FnOnce(&mut OpenDocument) -> ApiResult<T> + Send + 'static,
) -> ApiResult<T> {
    blocking(move || served.with(&id, work)).await
}

/// An answer with the revision as its entity tag.
fn tagged(revision: u64, body: impl Serialize) -> Response {
    let mut response = Json(body).into_response();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{revision}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

async fn session(State(served): State<Arc<Served>>, Path(id): Path<String>) -> ApiResult<Response> {
    on_document(served, id, |document| {
        let mut body = document.session_view();
        body["version"] = json!(VERSION);
        Ok(tagged(document.session.revision(), body))
    })
    .await
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    from: usize,
    count: Option<usize>,
}

async fn beads(
    State(served): State<Arc<Served>>,
    Path(id): Path<String>,
    query: Result<Query<Page>, QueryRejection>,
) -> ApiResult<Response> {
    let Query(page) = query?;
    let count = page.count.unwrap_or(200).min(MAX_BEADS);
    on_document(served, id, move |document| {
        let total = document.session.rows().len();
        let from = page.from.min(total);
        let beads = document.beads(from..from.saturating_add(count).min(total));
        let revision = document.session.revision();
        Ok(tagged(
            revision,
            json!({"revision": revision, "total": total, "from": from, "beads": beads}),
        ))
    })
    .await
}

async fn ribbon(State(served): State<Arc<Served>>, Path(id): Path<String>) -> ApiResult<Response> {
    on_document(served, id, |document| {
        let ribbon = super::view::ribbon_view(&document.session);
        Ok(tagged(document.session.revision(), ribbon))
    })
    .await
}

#[derive(Deserialize)]
struct After {
    after: Option<i64>,
    #[serde(default)]
    order: Order,
}

async fn next(
    State(served): State<Arc<Served>>,
    Path(id): Path<String>,
    query: Result<Query<After>, QueryRejection>,
) -> ApiResult<Json<Value>> {
    let Query(After { after, order }) = query?;
    let after = after.and_then(|row| usize::try_from(row).ok());
    on_document(served, id, move |document| {
        Ok(Json(json!({"row": document.session.next(after, order)})))
    })
    .await
}

#[derive(Deserialize)]
struct Wanted {
    q: String,
    #[serde(default)]
    from: usize,
}

async fn search(
    State(served): State<Arc<Served>>,
    Path(id): Path<String>,
    query: Result<Query<Wanted>, QueryRejection>,
) -> ApiResult<Json<Value>> {
    let Query(Wanted { q, from }) = query?;
    on_document(served, id, move |document| {
        let (total, hits) = document.search(&q, from, MAX_HITS);
        Ok(Json(json!({"total": total, "hits": hits})))
    })
    .await
}

#[derive(Deserialize)]
struct OfRow {
    row: usize,
    /// The revision in which the page has seen the row.
    revision: Option<u64>,
}

async fn words(
    State(served): State<Arc<Served>>,
    Path(id): Path<String>,
    query: Result<Query<OfRow>, QueryRejection>,
) -> ApiResult<Json<Value>> {
    let Query(OfRow { row, revision: seen }) = query?;
    on_document(served, id, move |document| {
        let revision = document.session.revision();
        // The row of another revision may be another bead, or there is none.
        let is_stale = seen.is_some_and(|seen| seen != revision);
        let (links, is_final) = if is_stale { Default::default() } else { document.words(row)? };
        Ok(Json(json!({"revision": revision, "links": links, "final": is_final})))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Based {
    revision: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BasedDecision {
    revision: u64,
    decision: Decision,
}

async fn decide(
    State(served): State<Arc<Served>>,
    Path(id): Path<String>,
    body: Result<Json<BasedDecision>, JsonRejection>,
) -> ApiResult<Json<Value>> {
    let Json(BasedDecision { revision, decision }) = body?;
    on_document(served, id, move |document| {
        document.check_revision(revision)?;
        document.decide(decision).map(Json)
    })
    .await
}

async fn undo(
    State(served): State<Arc<Served>>,
    Path(id): Path<String>,
    body: Result<Json<Based>, JsonRejection>,
) -> ApiResult<Json<Value>> {
    let Json(Based { revision }) = body?;
    on_document(served, id, move |document| {
        document.check_revision(revision)?;
        document.undo().map(Json)
    })
    .await
}

async fn redo(
    State(served): State<Arc<Served>>,
    Path(id): Path<String>,
    body: Result<Json<Based>, JsonRejection>,
) -> ApiResult<Json<Value>> {
    let Json(Based { revision }) = body?;
    on_document(served, id, move |document| {
        document.check_revision(revision)?;
        document.redo().map(Json)
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleRequest {
    revision: u64,
    size: Option<usize>,
    seed: Option<u64>,
}

async fn sample(
    State(served): State<Arc<Served>>,
    Path(id): Path<String>,
    body: Result<Json<SampleRequest>, JsonRejection>,
) -> ApiResult<Json<Value>> {
    let Json(SampleRequest { revision, size, seed }) = body?;
    on_document(served, id, move |document| {
        document.check_revision(revision)?;
        document.sample(size, seed).map(Json)
    })
    .await
}
