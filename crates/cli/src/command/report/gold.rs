//! Gold alignments of the documents of a corpus, by their names.

use std::path::{Path, PathBuf};

use nasaq::Rung;
use nasaq_report::{GoldBuilder, ReportRow};

use crate::command::eval::{read, refuse_mismatch};
use crate::failure::Failure;
use crate::printer::Printer;

/// Collects the beads of one document after the other and compares them with their gold.
pub(super) struct Gold<'p> {
    path: &'p Path,
    printer: Printer,
    builder: GoldBuilder,
    doc: Option<String>,
    last_bead: Option<u64>,
    /// The gold of the document that is being read.
    file: Option<PathBuf>,
    beads: Vec<Rung>,
    compared: u64,
    without: u64,
}

impl<'p> Gold<'p> {
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
            without: 0,
        }
    }

    /// Adds a row.
    pub(super) fn add(&mut self, row: &ReportRow<'_>) -> anyhow::Result<()> {
        let again = matches!((self.last_bead, row.bead), (Some(last), Some(bead)) if bead <= last);
        if self.doc.as_deref() != Some(row.doc) || again {
            self.end()?;
            self.doc = Some(row.doc.to_owned());
            self.file = self.find(row.doc);
            self.without += u64::from(self.file.is_none());
        }
        self.last_bead = row.bead;
        if self.file.is_none() {
            return Ok(());
        }
        let Some((src, tgt)) = row.spans else {
            return Err(Failure::input("the corpus does not say which segments its beads are of")
                .hint("--gold needs the columns src_segments and tgt_segments of `nasaq align`")
                .into());
        };
        let score = row.probability.map(|probability| probability as f32);
        let [src, tgt] = [src, tgt].map(|span| (span.start..span.end).collect::<Vec<u32>>());
        self.beads.push(Rung::new(src, tgt).with_score(score));
        Ok(())
    }

    /// Finds the gold of a document.
    fn find(&self, doc: &str) -> Option<PathBuf> {
        if !self.path.is_dir() {
            // One ladder is the gold of the first document.
            return (self.compared == 0 && self.without == 0).then(|| self.path.to_owned());
        }
        // A name of a document must not lead out of the folder.
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

    fn end(&mut self) -> anyhow::Result<()> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let gold = read(&file)?;
        let beads = std::mem::take(&mut self.beads);
        let doc = self.doc.clone().unwrap_or_default();
        // One document that was cut otherwise does not stop the others.
        if let Err(failure) = refuse_mismatch(&file, &gold, Path::new(&doc), &beads) {
            self.printer.warn(
                &format!("{failure}: it is not compared"),
                "align the gold's own text with --segmented; all beads of it must be in the corpus",
            );
            return Ok(());
        }
        self.builder.add(&gold, &beads);
        self.compared += 1;
        Ok(())
    }

    pub(super) fn finish(mut self) -> anyhow::Result<GoldBuilder> {
        self.end()?;
        if self.compared == 0 {
            let path = self.path.display();
            return Err(Failure::input(format!(
                "{path}: no document of the corpus has gold of its own there"
            ))
            .hint("a document NAME has its gold in NAME, NAME.ladder or NAME/gold.ladder")
            .into());
        }
        if self.without > 0 {
            self.printer.warn(
                &format!("{} documents have no gold and are not compared", self.without),
                "a document NAME has its gold in NAME, NAME.ladder or NAME/gold.ladder",
            );
        }
        Ok(self.builder)
    }
}
