//! Outputs with the decisions of a reviewer, which a run without them would replace.

use super::entry::CorpusEntry;
use super::folder::OutputFolder;
use super::journal::Journal;
use super::{CorpusJob, DocumentReviews};
use crate::failure::{Failure, Result};
use crate::remedy::Remedy;

/// How many documents a message names.
const NAMED: usize = 5;

/// Refuses to replace outputs that have a reviewer's decisions by those of the aligner alone.
///
/// # Errors
/// A [`Failure`] that names documents which an earlier run wrote with a review and for which this run
/// has none, unless they may be replaced; and a review that cannot be read.
pub(super) fn check(job: &CorpusJob<'_>, folder: &OutputFolder, journal: &Journal) -> Result<()> {
    if job.replace {
        return Ok(());
    }
    let was_reviewed = |entry: &&CorpusEntry| {
        journal.document(&entry.id).is_some_and(|line| line.summary.reviewed > 0)
    };
    let mut lost = Vec::new();
    for entry in job.corpus.entries.iter().filter(was_reviewed) {
        if !has_review(job.reviews, &entry.id)? {
            lost.push(entry.id.as_str());
        }
    }
    if lost.is_empty() {
        return Ok(());
    }
    let mut names = lost[..lost.len().min(NAMED)].join(", ");
    if lost.len() > NAMED {
        names.push_str(&format!(" and {} more", lost.len() - NAMED));
    }
    let (root, documents) = (folder.root().display(), documents(lost.len()));
    Err(Failure::usage(format!(
        "{root}: the decisions of a reviewer about {documents} would be lost: {names}"
    ))
    .with_remedy(Remedy::KeepReviews))
}

fn has_review(reviews: Option<&dyn DocumentReviews>, id: &str) -> Result<bool> {
    match reviews {
        Some(reviews) => Ok(reviews.key(id)?.is_some()),
        None => Ok(false),
    }
}

fn documents(count: usize) -> String {
    if count == 1 { "1 document".to_owned() } else { format!("{count} documents") }
}
