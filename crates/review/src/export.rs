//! A session as a bitext, in any format.

use std::io::Write;

use nasaq::{Bead, Finding, Segment};
use nasaq_formats::{
    BeadRecord, BeadReview, BeadWriter, BitextHeader, Format, Losses, WriteOptions, records,
};
use nasaq_job::Failure;

use crate::decision::ReviewSide;
use crate::row::{Decided, Row};
use crate::session::Session;
use crate::side::Side;

impl Session {
    /// Returns the beads with their texts and places. Those that were reviewed say so, and have the
    /// corrected texts.
    #[must_use]
    pub fn records(&self) -> Vec<BeadRecord> {
        let beads = self.beads();
        let [src, tgt] = &self.state().sides;
        let (src_segments, tgt_segments) = (src.segments(), tgt.segments());
        let documents = [&*src.document, &*tgt.document];
        let findings: [Finding; 0] = [];
        records(self.name(), &beads, &findings, &src_segments, &tgt_segments)
            .zip(self.rows())
            .enumerate()
            .map(|(index, (record, row))| {
                let corrected = [ReviewSide::Src, ReviewSide::Tgt]
                    .map(|side| row.edited(side).map(str::to_owned));
                let mut record = record.with_places(documents).with_corrected_texts(corrected);
                record.score = row.score;
                record.document_score = self.header().document_score;
                record.reviewed = reviewed(row.decided);
                record.reviewer = record.reviewed.and_then(|_| self.header().reviewer.clone());
                record.note = self.note(index);
                record
            })
            .collect()
    }

    /// Returns the beads.
    #[must_use]
    pub fn beads(&self) -> Vec<Bead> {
        self.rows().iter().map(bead).collect()
    }

    /// Returns the segments of both documents.
    #[must_use]
    pub fn segments(&self) -> [Vec<Segment<'_>>; 2] {
        self.state().sides.each_ref().map(Side::segments)
    }

    /// Returns what a file with the beads says about all of them: languages, settings, columns.
    #[must_use]
    pub fn bitext_header(&self) -> BitextHeader {
        let header = self.header();
        let documents = self.state().sides.each_ref().map(|side| &side.document);
        BitextHeader::default()
            .with_languages(header.languages.clone())
            .with_settings(header.settings.clone())
            .with_places(documents.iter().any(|document| !document.blocks.is_empty()))
            .with_review(true)
    }

    /// Writes the beads; Moses needs two outputs, every other format one. Returns the outputs, and
    /// what the format could not hold.
    ///
    /// # Errors
    /// A [`Failure`] if the format cannot be written, or writing fails.
    ///
    /// # Panics
    /// If the number of outputs is not that of the format.
    pub fn export<W: Write>(
        &self,
        format: Format,
        options: WriteOptions,
        outs: Vec<W>,
        header: &BitextHeader,
    ) -> Result<(Vec<W>, Losses), Failure> {
        let mut writer = BeadWriter::new(format, options, outs, header)?;
        for record in self.records() {
            writer.write(&record)?;
        }
        Ok(writer.finish()?)
    }
}

fn bead(row: &Row) -> Bead {
    Bead::new(row.src, row.tgt, row.probability, row.score.unwrap_or(0.0)).with_moved(row.moved)
}

fn reviewed(decided: Decided) -> Option<BeadReview> {
    match decided {
        Decided::Aligner => None,
        Decided::Confirmed => Some(BeadReview::Confirmed),
        Decided::Changed => Some(BeadReview::Changed),
    }
}
