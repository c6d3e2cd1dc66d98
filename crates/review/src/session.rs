//! The session: a state, its history, and the log that both can be restored from.

mod take;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use nasaq::{Span, WordLink};
use nasaq_job::{Engine, Failure};

use crate::background::BackgroundSearch;
use crate::change::{Change, Refusal, RefusalKind};
use crate::decide::Effects;
use crate::decision::{Decision, ReviewSide};
use crate::log::{Action, Event, Head, Header, Log, ReadLog};
use crate::patch::Patch;
use crate::queue::Order;
use crate::realign::Realign;
use crate::row::Row;
use crate::source::ReviewSource;
use crate::state::State;
use crate::summary::Summary;

/// By default a review is enough when fewer than this share of all beads is expected to be wrong.
pub const ENOUGH: f64 = 0.01;

/// The review of one bitext.
///
/// Rows are the beads in source order. [`apply`](Self::apply) returns when the decision is on disk;
/// a decision that was refused changed nothing.
pub struct Session {
    header: Header,
    state: State,
    /// What was done, and what was undone, the last one last.
    done: Vec<Patch>,
    undone: Vec<Patch>,
    revision: u64,
    log: Option<Log>,
    realigner: Option<Box<dyn Realign>>,
    notices: Vec<String>,
    bound: f64,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("Session");
        debug.field("name", &self.header.name).field("revision", &self.revision);
        debug.field("rows", &self.state.rows.len()).finish_non_exhaustive()
    }
}

impl Session {
    /// Makes a session without a log, whose decisions last as long as it does.
    pub(crate) fn in_memory(head: Head, realigner: Option<Box<dyn Realign>>) -> Self {
        Self {
            header: head.header,
            state: head.state,
            done: Vec::new(),
            undone: Vec::new(),
            revision: 0,
            log: None,
            realigner,
            notices: Vec::new(),
            bound: ENOUGH,
        }
    }

    /// Begins a log.
    pub(crate) fn create(
        path: &Path,
        head: Head,
        realigner: Option<Box<dyn Realign>>,
    ) -> Result<Self, Failure> {
        let log = Log::create(path, &head)?;
        Ok(Self { log: Some(log), ..Self::in_memory(head, realigner) })
    }

    /// Goes on with a log that is there.
    pub(crate) fn resume(
        path: &Path,
        realigner: Option<Box<dyn Realign>>,
    ) -> Result<Self, Failure> {
        let (log, read) = Log::open(path)?;
        let mut session = Self::replay(path, read)?;
        (session.log, session.realigner) = (Some(log), realigner);
        Ok(session)
    }

    /// Reads a log without going on with it: decisions are refused.
    ///
    /// # Errors
    /// A [`Failure`] for a file that is not a log, that another version of the program wrote, or
    /// that is damaged before its last line.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        Self::replay(path, crate::log::read(path)?)
    }

    /// Goes on with the review of a log, or begins one: documents are then read and aligned.
    ///
    /// # Errors
    /// A [`Failure`] of kind `changed` if the documents are not those that the log was made from:
    /// see [`Session::carry_over`]; of kind `locked` if another process has the log; and for
    /// documents or a log that cannot be read.
    pub fn open(log: &Path, source: &ReviewSource, engine: &Arc<Engine>) -> Result<Self, Failure> {
        if log.exists() {
            let mut session = Self::open_log(log, engine)?;
            session.check_inputs(log, source)?;
            session.note_settings(&crate::source::header_of(engine, String::new()));
            return Ok(session);
        }
        crate::log::check(log)?;
        let (head, notices) = source.head(engine, Some(log))?;
        let search = BackgroundSearch::new(Arc::clone(engine))?;
        let mut session = Self::create(log, head, Some(Box::new(search)))?;
        session.notices = notices;
        session.prepare();
        Ok(session)
    }

    /// Goes on with the review of a log, whether its documents are still there or not.
    ///
    /// # Errors
    /// Those of [`Session::open`], but for documents.
    pub fn open_log(log: &Path, engine: &Arc<Engine>) -> Result<Self, Failure> {
        let search = BackgroundSearch::new(Arc::clone(engine))?;
        let mut session = Self::resume(log, Some(Box::new(search)))?;
        session.warn_of_inputs(log);
        session.prepare();
        Ok(session)
    }

    /// Makes the search ready for the first decision, without waiting for it.
    fn prepare(&mut self) {
        let row = self.next(None, Order::Risk).unwrap_or(0);
        let [src, tgt] = self.state.spans_of(row..row + 1);
        let window = self.state.window(&src, &tgt);
        if let Some(realigner) = &mut self.realigner {
            realigner.prepare(&self.state.sides, window);
        }
    }

    /// Returns the words of a row that translate each other, as the score counts them, with the
    /// segments of the document.
    ///
    /// `None` until the search of the part of the documents that the row is in is ready: it begins
    /// when the session is opened, and follows the decisions. A session without an engine has none.
    ///
    /// # Panics
    /// If there is no such row.
    #[must_use]
    pub fn word_links(&self, row: usize) -> Option<Vec<WordLink>> {
        let [src, tgt] = self.state.spans_of(row..row + 1);
        let window = self.state.window(&src, &tgt);
        let row = &self.state.rows[row];
        let is_inside = |span: Span, range: &Range<usize>| {
            span.is_empty() || range.start <= span.range().start && span.range().end <= range.end
        };
        // The target of a moved pair may be in another part.
        if !is_inside(row.src, &window[0]) || !is_inside(row.tgt, &window[1]) {
            return None;
        }
        self.realigner.as_ref()?.word_links(&self.state.sides, window, [row.src, row.tgt])
    }

    fn replay(path: &Path, log: ReadLog) -> Result<Self, Failure> {
        let mut session = Self::in_memory(log.head, None);
        session.notices = log.notices;
        for event in &log.events {
            session.replay_event(event).map_err(|refusal| {
                let place = format!("{}, decision {}", path.display(), event.seq);
                Failure::input(format!("{place}: it cannot be repeated: {refusal}"))
                    .with_kind("log")
                    .hint("restore the log from a backup, or open it with the nasaq that wrote it")
            })?;
        }
        Ok(session)
    }

    fn replay_event(&mut self, event: &Event) -> Result<(), Refusal> {
        match &event.action {
            Action::Decide { decision, searched } => {
                let mut next = self.state.clone();
                let mut effects = Effects::default();
                next.decide(decision, &mut effects)?;
                for stretch in searched {
                    next.replace_searched(stretch)?;
                }
                check(&next)?;
                self.keep(next, &effects);
            }
            Action::Undo {} => {
                self.step_back()?;
            }
            Action::Redo {} => {
                self.step_forward()?;
            }
        }
        self.revision = event.seq;
        Ok(())
    }

    /// Takes a decision: it is on disk when this returns.
    ///
    /// # Errors
    /// A [`Refusal`] for a decision that contradicts the session or changes nothing, and for one
    /// that could not be stored. The session is as before.
    pub fn apply(&mut self, decision: Decision) -> Result<Change, Refusal> {
        let Some(mut realigner) = self.realigner.take() else { return Err(read_only()) };
        let result = self.apply_with(decision, &mut *realigner);
        self.realigner = Some(realigner);
        result
    }

    /// Takes back the last decision.
    ///
    /// # Errors
    /// A [`Refusal`] if there is none, or if it could not be stored.
    pub fn undo(&mut self) -> Result<Change, Refusal> {
        self.check_writable()?;
        if !self.can_undo() {
            return Err(Refusal::new(RefusalKind::Nothing, "there is nothing to undo"));
        }
        self.append(Action::Undo {})?;
        let patch = self.step_back()?;
        Ok(self.change(&patch, Vec::new()))
    }

    /// Takes the decision again that was taken back last.
    ///
    /// # Errors
    /// A [`Refusal`] if there is none, or if it could not be stored.
    pub fn redo(&mut self) -> Result<Change, Refusal> {
        self.check_writable()?;
        if !self.can_redo() {
            return Err(Refusal::new(RefusalKind::Nothing, "there is nothing to redo"));
        }
        self.append(Action::Redo {})?;
        let patch = self.step_forward()?;
        Ok(self.change(&patch, Vec::new()))
    }

    fn check_writable(&self) -> Result<(), Refusal> {
        match self.realigner.is_some() {
            true => Ok(()),
            false => Err(read_only()),
        }
    }

    fn append(&mut self, action: Action) -> Result<(), Refusal> {
        let seq = self.revision + 1;
        if let Some(log) = &mut self.log {
            let event = Event { seq, time: Timestamp::now().to_string(), action };
            log.append(&event).map_err(|error| {
                let path = log.path().display();
                let reason = format!("{path}: the decision could not be stored: {error}");
                Refusal::new(RefusalKind::Log, reason).hint(error.hint())
            })?;
        }
        self.revision = seq;
        Ok(())
    }

    /// Makes a new state the current one.
    fn keep(&mut self, next: State, effects: &Effects) {
        self.done.push(Patch::between(&self.state, &next, effects.renumbered));
        self.undone.clear();
        self.state = next;
    }

    fn step_back(&mut self) -> Result<Patch, Refusal> {
        let nothing = || Refusal::new(RefusalKind::Nothing, "there is nothing to undo");
        let patch = self.done.pop().ok_or_else(nothing)?;
        let reversed = patch.reversed();
        reversed.apply(&mut self.state);
        self.undone.push(patch);
        Ok(reversed)
    }

    fn step_forward(&mut self) -> Result<Patch, Refusal> {
        let nothing = || Refusal::new(RefusalKind::Nothing, "there is nothing to redo");
        let patch = self.undone.pop().ok_or_else(nothing)?;
        patch.apply(&mut self.state);
        self.done.push(patch.clone());
        Ok(patch)
    }

    fn change(&self, patch: &Patch, notices: Vec<String>) -> Change {
        let mut rows = patch.replaced_rows();
        for (side, segment) in patch.noted_segments() {
            if let Some(row) = self.state.row_of(side, segment as usize) {
                rows = rows.with(row);
            }
        }
        Change {
            revision: self.revision,
            first_row: rows.first,
            removed_rows: rows.removed,
            inserted_rows: rows.inserted,
            renumbered: patch.renumbered,
            notices,
            refused: Vec::new(),
            summary: self.summary(),
        }
    }

    /// Returns the number of decisions, undos and redos so far.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns the name of the document.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.header.name
    }

    /// Returns the language tags of source and target.
    #[must_use]
    pub fn languages(&self) -> &[String; 2] {
        &self.header.languages
    }

    /// Returns the log, if the session has one.
    #[must_use]
    pub fn log(&self) -> Option<PathBuf> {
        self.log.as_ref().map(|log| log.path().to_owned())
    }

    /// Returns what the reviewer should know about the log and the documents.
    #[must_use]
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Returns the beads.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.state.rows
    }

    /// Returns the numbers of segments of source and target.
    #[must_use]
    pub fn sizes(&self) -> [usize; 2] {
        self.state.sizes()
    }

    /// Returns the text of a segment.
    ///
    /// # Panics
    /// If there is no such segment.
    #[must_use]
    pub fn segment(&self, side: ReviewSide, segment: usize) -> &str {
        self.state.sides[side.index()].text(segment)
    }

    /// Returns the row that holds a segment.
    #[must_use]
    pub fn row_of(&self, side: ReviewSide, segment: usize) -> Option<usize> {
        self.state.row_of(side, segment)
    }

    /// Returns the notes on a row.
    #[must_use]
    pub fn note(&self, row: usize) -> Option<String> {
        let row = self.state.rows.get(row)?;
        let notes = &self.state.remarks.notes;
        let of = |side: ReviewSide, span: Span| notes.range((side, span.start)..(side, span.end));
        let texts = of(ReviewSide::Src, row.src).chain(of(ReviewSide::Tgt, row.tgt));
        let texts: Vec<&str> = texts.map(|(_, text)| text.as_str()).collect();
        (!texts.is_empty()).then(|| texts.join("\n"))
    }

    /// Returns how far the review is.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.state.summary(self.bound)
    }

    /// Returns the row to look at next, if one is undecided: see [`Order`].
    #[must_use]
    pub fn next(&self, after: Option<usize>, order: Order) -> Option<usize> {
        self.state.next(after, order)
    }

    /// Reports whether there is a decision to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Reports whether there is a decision that was taken back.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Sets the share of wrong beads below which a review is enough, by default [`ENOUGH`].
    pub fn set_enough(&mut self, bound: f64) {
        self.bound = bound;
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) fn add_notices(&mut self, notices: impl IntoIterator<Item = String>) {
        self.notices.extend(notices);
    }

    pub(crate) fn add_notice(&mut self, notice: String) {
        self.notices.push(notice);
    }
}

fn read_only() -> Refusal {
    Refusal::new(RefusalKind::Log, "the session was opened for reading")
}

/// Returns the bug that a search or the session has, if the rows are in disorder.
fn check(state: &State) -> Result<(), Refusal> {
    match state.fault() {
        None => Ok(()),
        Some(fault) => {
            let reason = format!("nasaq has a bug: {fault}");
            Err(Refusal::new(RefusalKind::Search, reason)
                .hint("nothing was decided; please report it with the log"))
        }
    }
}

#[cfg(test)]
mod tests;
