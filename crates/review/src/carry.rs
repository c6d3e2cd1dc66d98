//! Carries decisions over to new texts, another model or other settings, wherever the text that
//! they are about is the same.

mod map;
mod originals;
mod plan;
mod segments;

use std::path::Path;
use std::sync::Arc;

use nasaq_formats::Document;
use nasaq_job::{Aligned, Engine, Failure};
use serde::Serialize;

use self::plan::Plan;
use crate::background::BackgroundSearch;
use crate::log::{Head, Lock};
use crate::realign::DirectSearch;
use crate::session::Session;
use crate::source::{ReviewSource, header_of, of_aligned};
use crate::state::State;

/// What was carried over.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CarryReport {
    /// The decisions that hold again: fixed beads, rejected pairs, notes.
    pub carried: usize,
    /// Those that do not.
    pub dropped: Vec<DroppedDecision>,
}

/// A decision that could not be carried over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DroppedDecision {
    /// What was decided.
    pub what: &'static str,
    /// The beginning of the text that it was about.
    pub text: String,
    /// Why it was dropped.
    pub reason: String,
}

impl Session {
    /// Begins the review of new contents of the files of a log, with its decisions wherever the
    /// text is the same. The earlier log is renamed to `NAME.1`, `NAME.2` and so on.
    ///
    /// # Errors
    /// Those of [`Session::open`].
    pub fn carry_over(
        log: &Path,
        source: &ReviewSource,
        engine: &Arc<Engine>,
    ) -> Result<(Self, CarryReport), Failure> {
        let lock = Lock::take(log)?;
        let old = Self::read(log)?;
        let (mut head, notices) = source.head(engine, Some(log))?;
        head.header.reviewer = head.header.reviewer.or_else(|| old.header().reviewer.clone());
        let (head, plan) = Plan::new(&old, head)?;
        let backup = set_aside(log)?;
        drop(lock);
        let search = BackgroundSearch::new(Arc::clone(engine))?;
        // If the new log cannot be begun, the earlier one has its name again.
        let restore = |_: &Failure| drop(std::fs::rename(&backup, log));
        let mut session = Self::create(log, head, Some(Box::new(search))).inspect_err(restore)?;
        for notice in notices {
            session.add_notice(notice);
        }
        session.add_notice(format!("the earlier review is in {}", backup.display()));
        match plan.apply(&mut session, Session::apply) {
            Ok(report) => Ok((session, report)),
            Err(failure) => {
                drop(session);
                restore(&failure);
                Err(failure)
            }
        }
    }

    /// Applies the decisions of this session to a new alignment of the documents, without a log.
    ///
    /// # Errors
    /// A [`Failure`] if a stretch cannot be aligned again.
    pub fn apply_to(
        &self,
        engine: &Engine,
        name: &str,
        documents: [&Document; 2],
        aligned: &Aligned<'_>,
    ) -> Result<(Self, CarryReport), Failure> {
        let (sides, rows) = of_aligned(documents, aligned);
        let mut header = header_of(engine, name.to_owned());
        header.reviewer = self.header().reviewer.clone();
        header.document_score = Some(aligned.alignment.document_score());
        let (head, plan) = Plan::new(self, Head { header, state: State::new(sides, rows) })?;
        let mut session = Self::in_memory(head, None);
        let take =
            |session: &mut Self, decision| session.apply_with(decision, &mut DirectSearch(engine));
        let report = plan.apply(&mut session, take)?;
        Ok((session, report))
    }
}

/// Renames a log to a name that is free.
fn set_aside(log: &Path) -> Result<std::path::PathBuf, Failure> {
    let named = |number: usize| {
        let mut name = log.as_os_str().to_owned();
        name.push(format!(".{number}"));
        std::path::PathBuf::from(name)
    };
    let free = (1..).map(named).find(|path| !path.exists());
    let backup = free.unwrap_or_else(|| named(0));
    std::fs::rename(log, &backup).map_err(|error| crate::log::unwritable(log, error))?;
    Ok(backup)
}
