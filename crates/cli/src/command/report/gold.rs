//! Gold alignments of the documents of a corpus, found by the names of the documents.

use std::path::{Path, PathBuf};

use nasaq::Rung;
use nasaq_report::{GoldBuilder, ReportRow};

use crate::bitext::count;
use crate::command::eval::{GOLD_HINT, read_rungs, refuse_mismatch};
use crate::failure::Failure;
use crate::printer::Printer;

/// Collects the beads of document after document and compares them with the gold.
pub(super) struct GoldCollector<'p> {
    path: &'p Path,
    printer: Printer,
    builder: GoldBuilder,
    doc: Option<String>,
    last_bead: Option<u64>,
    /// The gold ladder of the current document.
    file: Option<PathBuf>,
    beads: Vec<Rung>,
    compared: u64,
    without_gold: u64,
}

impl<'p> GoldCollector<'p> {
    pub(super) fn new(path: &'p Path, printer: Printer) -> Self {
        Self {
            path,
            printer,
            builder: GoldBuilder::new(),
            doc: None,
            last_bead: None,
            file: None,
            beads: Vec::new(),
            compared: 0,
            without_gold: 0,
        }
    }

    /// Adds a row; rows of a document follow each other.
    pub(super) fn add(&mut self, row: &ReportRow<'_>) -> anyhow::Result<()> {
        // Bead indices that start again are those of another document with the same name.
        let restarts =
            matches!((self.last_bead, row.bead), (Some(last), Some(bead)) if bead <= last);
        if self.doc.as_deref() != Some(row.doc) || restarts {
            self.end_document()?;
            self.doc = Some(row.doc.to_owned());
            self.file = self.gold_path(row.doc);
            self.without_gold += u64::from(self.file.is_none());
        }
        self.last_bead = row.bead;
        if self.file.is_none() {
            return Ok(());
        }
        let Some((src, tgt)) = row.spans else {
            return Err(Failure::input(
                "the corpus has no segment indices to compare with the gold",
            )
            .hint("--gold needs the columns src_segments and tgt_segments of `nasaq align`")
            .into());
        };
        let score = row.probability.map(|probability| probability as f32);
        let [src, tgt] = [src, tgt].map(|span| (span.start..span.end).collect::<Vec<u32>>());
        self.beads.push(Rung::new(src, tgt).with_score(score));
        Ok(())
    }

    /// Returns the path of a document's gold ladder.
    fn gold_path(&self, doc: &str) -> Option<PathBuf> {
        if !self.path.is_dir() {
            // A single ladder is the gold of the first document.
            return (self.compared == 0 && self.without_gold == 0).then(|| self.path.to_owned());
        }
        // The name of a document must not lead out of the folder.
        let inside =
            Path::new(doc).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if doc.is_empty() || !inside {
            return None;
        }
        let named = |name: String| self.path.join(name);
        [named(doc.to_owned()), named(format!("{doc}.ladder")), named(format!("{doc}/gold.ladder"))]
            .into_iter()
            .find(|path| path.is_file())
    }

    /// Compares the beads of the current document with its gold.
    fn end_document(&mut self) -> anyhow::Result<()> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let gold = read_rungs(&file, self.printer)?;
        let beads = std::mem::take(&mut self.beads);
        let doc = self.doc.clone().unwrap_or_default();
        // A document that was segmented in another way does not stop the others.
        if let Err(failure) = refuse_mismatch(&file, &gold, Path::new(&doc), &beads) {
            self.printer.warn(
                &format!("{failure}: the document is not compared"),
                "align the segments of the gold with --segmented; the corpus needs all of its beads",
            );
            return Ok(());
        }
        self.builder.add(&gold, &beads);
        self.compared += 1;
        Ok(())
    }

    pub(super) fn finish(mut self) -> anyhow::Result<GoldBuilder> {
        self.end_document()?;
        if self.compared == 0 {
            let path = self.path.display();
            let text = format!("{path}: no document of the corpus has a gold ladder there");
            return Err(Failure::input(text).hint(GOLD_HINT).into());
        }
        if self.without_gold > 0 {
            let documents = count(self.without_gold, "document");
            self.printer
                .warn(&format!("not compared: {documents} without a gold ladder"), GOLD_HINT);
        }
        Ok(self.builder)
    }
}
