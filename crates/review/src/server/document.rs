//! The documents that are served, and what requests do with one of them.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use nasaq::WordLink;
use nasaq_job::Failure;
use nasaq_text::Lexicon;
use serde::Serialize;
use serde_json::{Value, json};

use super::error::{ApiError, ApiResult};
use super::find::{FoldedTexts, matches};
use super::utf16::{range_to_units, to_bytes};
use super::view::{BeadView, bead_view, languages, moves, segments};
use crate::change::Change;
use crate::decision::{Decision, ReviewSide};
use crate::doubt::BeadTexts;
use crate::matching::{BeadWords, Word};
use crate::queue::Order;
use crate::session::Session;

const SIDES: [ReviewSide; 2] = [ReviewSide::Src, ReviewSide::Tgt];
/// The usual size of a sample: its interval is about ± 6 % where 9 of 10 are right.
const SAMPLE_SIZE: usize = 100;

/// A document that can be served, before it is opened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ServedDocument {
    /// What names it in addresses.
    pub id: String,
    /// What names it on the page.
    pub name: String,
    /// Beads.
    pub rows: usize,
    /// Beads that the reviewer has decided.
    pub confirmed: usize,
    /// How many of the others are expected to be wrong.
    pub expected_wrong: f64,
}

impl ServedDocument {
    /// Describes a document.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), rows: 0, confirmed: 0, expected_wrong: 0.0 }
    }
}

/// The documents of a corpus, each of which is opened when the reviewer looks at it.
pub trait ReviewCorpus: Send + Sync {
    /// Returns the documents, those with the most expected wrong beads first.
    fn documents(&self) -> Vec<ServedDocument>;

    /// Opens the session of a document.
    ///
    /// # Errors
    /// A [`Failure`] if the document or its log cannot be read.
    fn open(&self, id: &str) -> Result<Session, Failure>;
}

/// The only document of a server.
struct SingleDocument {
    about: ServedDocument,
    session: Mutex<Option<Session>>,
}

/// Returns a corpus of one session, which is open.
#[must_use]
pub fn single(session: Session) -> Box<dyn ReviewCorpus> {
    let about = ServedDocument::new("0", session.name());
    Box::new(SingleDocument { about, session: Mutex::new(Some(session)) })
}

impl ReviewCorpus for SingleDocument {
    fn documents(&self) -> Vec<ServedDocument> {
        vec![self.about.clone()]
    }

    fn open(&self, _: &str) -> Result<Session, Failure> {
        // The server opens a document once.
        lock(&self.session).take().ok_or_else(|| Failure::input("the document is open already"))
    }
}

type Slot = Arc<Mutex<Option<OpenDocument>>>;

/// The documents and those of their sessions that are open.
pub(super) struct Served {
    corpus: Box<dyn ReviewCorpus>,
    slots: Mutex<HashMap<String, Slot>>,
    lexicon: Arc<Lexicon>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A session changes only when a decision is complete, so a panic leaves it whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Served {
    pub(super) fn new(corpus: Box<dyn ReviewCorpus>) -> Self {
        let lexicon = Arc::new(Lexicon::builtin());
        Self { corpus, slots: Mutex::default(), lexicon }
    }

    /// Returns the documents with what is known of those that are open.
    pub(super) fn list(&self) -> Vec<Value> {
        let mut documents = self.corpus.documents();
        let slots = lock(&self.slots).clone();
        let mut list = Vec::with_capacity(documents.len());
        for document in &mut documents {
            let slot = slots.get(&document.id).map(|slot| lock(slot));
            let open = slot.as_ref().and_then(|slot| slot.as_ref());
            if let Some(open) = open {
                let summary = open.session.summary();
                document.rows = summary.rows;
                document.confirmed = summary.confirmed + summary.changed;
                document.expected_wrong = summary.expected_wrong;
            }
            let mut value = json!(document);
            value["opened"] = json!(open.is_some());
            list.push(value);
        }
        list
    }

    /// Runs work on a document, which is opened if it was not yet.
    pub(super) fn with<T>(
        &self,
        id: &str,
        work: impl FnOnce(&mut OpenDocument) -> ApiResult<T>,
    ) -> ApiResult<T> {
        let known = lock(&self.slots).get(id).map(Arc::clone);
        let slot = match known {
            Some(slot) => slot,
            None if self.corpus.documents().iter().any(|document| document.id == id) => {
                Arc::clone(lock(&self.slots).entry(id.to_owned()).or_default())
            }
            None => return Err(ApiError::missing("there is no such document")),
        };
        let mut slot = lock(&slot);
        if slot.is_none() {
            let session = self.corpus.open(id)?;
            *slot = Some(OpenDocument::new(session, Arc::clone(&self.lexicon)));
        }
        match &mut *slot {
            Some(document) => work(document),
            None => Err(ApiError::missing("there is no such document")),
        }
    }
}

/// A document with its session.
pub(super) struct OpenDocument {
    pub(super) session: Session,
    lexicon: Arc<Lexicon>,
    usual_ratio: f32,
    /// The texts for the search; removed when segments change.
    folded: Option<FoldedTexts>,
}

/// A hit of a search.
#[derive(Debug, Serialize)]
pub(super) struct Hit {
    row: usize,
    side: ReviewSide,
    segment: usize,
    /// In UTF-16 code units.
    ranges: Vec<[usize; 2]>,
}

impl OpenDocument {
    pub(super) fn new(session: Session, lexicon: Arc<Lexicon>) -> Self {
        let usual_ratio = usual_ratio(&session);
        Self { session, lexicon, usual_ratio, folded: None }
    }

    pub(super) fn session_view(&self) -> Value {
        let session = &self.session;
        let [src, tgt] = session.languages();
        let [src_size, tgt_size] = session.sizes();
        json!({
            "revision": session.revision(),
            "name": session.name(),
            "languages": {"src": src, "tgt": tgt},
            "sizes": {"src": src_size, "tgt": tgt_size},
            "rows": session.rows().len(),
            "summary": session.summary(),
            "can_undo": session.can_undo(),
            "can_redo": session.can_redo(),
            "notices": session.notices(),
            "formats": super::export::formats(session),
            "moves": moves(session.rows()),
        })
    }

    pub(super) fn beads(&self, rows: Range<usize>) -> Vec<BeadView> {
        rows.map(|row| bead_view(&self.session, row, &self.lexicon, self.usual_ratio)).collect()
    }

    /// Refuses a request that is based on another revision.
    pub(super) fn check_revision(&self, revision: u64) -> ApiResult<()> {
        let own = self.session.revision();
        match revision == own {
            true => Ok(()),
            false => Err(ApiError::stale(own)),
        }
    }

    pub(super) fn decide(&mut self, decision: Decision) -> ApiResult<Value> {
        let decision = self.in_bytes(decision)?;
        let change = self.session.apply(decision).map_err(|refusal| self.refused(refusal))?;
        Ok(self.answer(&change))
    }

    pub(super) fn undo(&mut self) -> ApiResult<Value> {
        let change = self.session.undo().map_err(|refusal| self.refused(refusal))?;
        Ok(self.answer(&change))
    }

    pub(super) fn redo(&mut self) -> ApiResult<Value> {
        let change = self.session.redo().map_err(|refusal| self.refused(refusal))?;
        Ok(self.answer(&change))
    }

    pub(super) fn sample(&mut self, size: Option<usize>, seed: Option<u64>) -> ApiResult<Value> {
        let size = size.unwrap_or(SAMPLE_SIZE);
        // The seed is written to the log, so that the sample can be drawn again.
        let seed = seed.map_or_else(random_seed, Ok)?;
        self.decide(Decision::Sample { size, seed })
    }

    fn refused(&self, refusal: crate::change::Refusal) -> ApiError {
        ApiError::from(refusal).at_revision(self.session.revision())
    }

    /// Places of cuts are UTF-16 code units in requests and bytes in the session.
    fn in_bytes(&self, decision: Decision) -> ApiResult<Decision> {
        match decision {
            Decision::Cut { side, segment, at } => {
                let size = self.session.sizes()[side.index()];
                if segment >= size {
                    let error =
                        format!("there is no segment {} on the {}", segment + 1, side.name());
                    return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, error));
                }
                let at = to_bytes(self.session.segment(side, segment), at).ok_or_else(|| {
                    let error =
                        format!("code unit {at} is not between two characters of the segment");
                    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, error)
                })?;
                Ok(Decision::Cut { side, segment, at })
            }
            decision => Ok(decision),
        }
    }

    /// What a decision, an undo or a redo did.
    fn answer(&mut self, change: &Change) -> Value {
        if change.renumbered.is_some() {
            self.folded = None;
        }
        let session = &self.session;
        let next = |order| session.next(Some(change.first_row), order);
        json!({
            "revision": change.revision,
            "first_row": change.first_row,
            "removed": change.removed_rows,
            "inserted": self.beads(change.first_row..change.first_row + change.inserted_rows),
            "renumbered": change.renumbered,
            "total": session.rows().len(),
            "summary": change.summary,
            "notices": change.notices,
            "refused": change.refused,
            "can_undo": session.can_undo(),
            "can_redo": session.can_redo(),
            "moves": moves(session.rows()),
            "next": {
                "risk": next(Order::Risk),
                "reading": next(Order::Reading),
                "sample": next(Order::Sample),
            },
        })
    }

    /// Returns the number of hits, and those in the first rows from a row on.
    pub(super) fn search(&mut self, query: &str, from: usize, max: usize) -> (usize, Vec<Hit>) {
        let session = &self.session;
        let texts = self.folded.get_or_insert_with(|| {
            FoldedTexts::new(SIDES.map(|side| {
                (0..session.sizes()[side.index()]).map(move |index| session.segment(side, index))
            }))
        });
        let found = texts.find(query);
        let row_of = rows_of_segments(session);
        let mut places: Vec<(usize, usize, usize)> = found
            .into_iter()
            .map(|(side, segment)| (row_of[side][segment], side, segment))
            .filter(|(row, ..)| *row >= from)
            .collect();
        places.sort_unstable();
        let total = places.len();
        places.truncate(max);
        let hit = |(row, side, segment): (usize, usize, usize)| {
            let text = session.segment(SIDES[side], segment);
            let ranges =
                matches(text, query).iter().map(|range| range_to_units(text, range)).collect();
            Hit { row, side: SIDES[side], segment, ranges }
        };
        (total, places.into_iter().map(hit).collect())
    }

    /// Returns the words of a row that translate each other, and whether they are those of the
    /// search. Until it is ready, they are those that match by the lexicon, letters or sound.
    pub(super) fn words(&self, row: usize) -> ApiResult<(Vec<Value>, bool)> {
        let session = &self.session;
        let Some(bead) = session.rows().get(row) else {
            return Err(ApiError::missing(format!("there is no row {}", row + 1)));
        };
        let place = |side: ReviewSide, segment: usize, bytes: &Range<usize>| {
            let [start, end] = range_to_units(session.segment(side, segment), bytes);
            json!([segment, start, end])
        };
        let link = |src: (usize, &Range<usize>), tgt: (usize, &Range<usize>)| {
            let src = place(ReviewSide::Src, src.0, src.1);
            json!({"src": src, "tgt": place(ReviewSide::Tgt, tgt.0, tgt.1)})
        };
        if let Some(links) = session.word_links(row) {
            let places = |word: &WordLink| {
                link((word.src.segment, &word.src.bytes), (word.tgt.segment, &word.tgt.bytes))
            };
            return Ok((links.iter().map(places).collect(), true));
        }
        let texts = SIDES.map(|side| segments(session, bead, side));
        let texts = BeadTexts { languages: languages(session), segments: [&texts[0], &texts[1]] };
        let words = BeadWords::new(texts, &self.lexicon);
        let places =
            |(src, tgt): (&Word, &Word)| link((src.segment, &src.bytes), (tgt.segment, &tgt.bytes));
        Ok((words.pairs().map(places).collect(), false))
    }
}

fn random_seed() -> ApiResult<u64> {
    // 53 bits, which JavaScript and JSON readers represent exactly.
    let random =
        getrandom::u64().map_err(|error| ApiError::internal(format!("no random seed: {error}")))?;
    Ok(random >> 11)
}

/// Returns the target characters per source character of the pairs.
fn usual_ratio(session: &Session) -> f32 {
    let mut chars = [0usize; 2];
    for row in session.rows().iter().filter(|row| !row.is_null()) {
        for side in SIDES {
            let texts = row.side(side).range().map(|index| session.segment(side, index));
            chars[side.index()] += texts.map(|text| text.chars().count()).sum::<usize>();
        }
    }
    chars[1] as f32 / chars[0].max(1) as f32
}

/// Returns the row of each segment, by side.
fn rows_of_segments(session: &Session) -> [Vec<usize>; 2] {
    let mut found = session.sizes().map(|size| vec![0; size]);
    for (index, row) in session.rows().iter().enumerate() {
        for side in SIDES {
            for segment in row.side(side).range() {
                found[side.index()][segment] = index;
            }
        }
    }
    found
}
