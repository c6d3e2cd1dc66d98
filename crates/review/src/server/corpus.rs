//! The documents of a corpus run on the page.

use std::sync::Arc;

use nasaq_job::{Engine, Failure};

use super::document::{ReviewCorpus, ServedDocument};
use crate::folder::ReviewFolder;
use crate::session::Session;

struct FolderCorpus {
    folder: ReviewFolder,
    engine: Arc<Engine>,
}

/// Returns the documents of a corpus run, each of which is opened when it is looked at.
#[must_use]
pub fn folder(folder: ReviewFolder, engine: Arc<Engine>) -> Box<dyn ReviewCorpus> {
    Box::new(FolderCorpus { folder, engine })
}

impl ReviewCorpus for FolderCorpus {
    fn documents(&self) -> Vec<ServedDocument> {
        let served = |document: &crate::folder::FolderDocument| {
            let mut served = ServedDocument::new(&document.id, &document.id);
            served.rows = document.rows;
            served.confirmed = document.decided;
            served.expected_wrong = document.expected_wrong;
            served
        };
        self.folder.documents().iter().map(served).collect()
    }

    fn open(&self, id: &str) -> Result<Session, Failure> {
        self.folder.session(id, &self.engine)
    }
}
