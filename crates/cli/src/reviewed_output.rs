//! An output file with the decisions of a reviewer, which an alignment without them would replace.

use std::collections::BTreeSet;
use std::path::Path;

use nasaq_formats::{BitextInput, REVIEW_COLUMNS};
use nasaq_job::Remedy;
use nasaq_review::ReviewLogs;

use crate::bitext::count;
use crate::failure::Failure;

/// The pairs of a file that a reviewer has decided.
#[derive(Debug, Default)]
pub(crate) struct ReviewedPairs {
    pub(crate) pairs: u64,
    /// Their documents; nothing for pairs that name none, as in a memory without nasaq's properties.
    documents: BTreeSet<Option<String>>,
}

impl ReviewedPairs {
    /// Finds them in the file that an output would replace. A file that is missing, or that cannot be
    /// read as a bitext, has none.
    pub(crate) fn of(path: &Path) -> Self {
        let mut found = Self::default();
        let reader = match path.is_file() {
            true => BitextInput::file(path).open().ok(),
            false => None,
        };
        let [reviewed, ..] = REVIEW_COLUMNS;
        // An error ends the reading: the rest is no bitext.
        for row in reader.into_iter().flatten().map_while(Result::ok) {
            let decided = row.get(reviewed).map(ToString::to_string).unwrap_or_default();
            if !decided.trim().is_empty() {
                found.pairs += 1;
                let document = row.get("doc").map(ToString::to_string);
                found.documents.insert(document.filter(|name| !name.is_empty()));
            }
        }
        found
    }
}

/// Refuses to replace a file that has a reviewer's decisions about documents for which this run has
/// no review.
///
/// # Errors
/// A failure that has the number of the pairs.
pub(crate) fn check(path: &Path, reviews: Option<&ReviewLogs<'_>>) -> Result<(), Failure> {
    let found = ReviewedPairs::of(path);
    let has_review = |document: &Option<String>| {
        reviews.is_some_and(|logs| document.as_deref().is_none_or(|id| logs.log(id).is_some()))
    };
    if found.documents.iter().all(has_review) {
        return Ok(());
    }
    let (path, pairs) = (path.display(), count(found.pairs, "pair"));
    let text = format!("{path}: the decisions of a reviewer about {pairs} would be lost");
    Err(Failure::usage(text).with_remedy(Remedy::KeepReviews))
}
