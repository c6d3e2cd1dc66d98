//! The end of a run: lists of results, outputs of earlier runs, the final journal.

use std::collections::HashSet;
use std::io::Write;
use std::sync::OnceLock;

use super::super::earlier::{self, AlignedIds};
use super::super::folder::HashedFile;
use super::super::journal::{JOURNAL, Journal, JournalLine, line_bytes};
use super::super::listing::{self, DocumentOutcome};
use super::super::metrics::CorpusTotals;
use super::super::names::file_name;
use super::super::outliers::outliers;
use super::super::shards::Shards;
use super::CorpusRun;
use crate::failure::Result;
use crate::message::Message;
use crate::warning::Warning;

impl CorpusRun<'_> {
    /// Writes the lists, removes outputs that are not needed, and rewrites the journal in order, so
    /// that the folder is the same however many runs made it.
    pub(super) fn finish(&self) -> Result<CorpusTotals> {
        let outcomes: Vec<&DocumentOutcome> =
            self.outcomes.iter().filter_map(OnceLock::get).collect();
        let outliers = outliers(&outcomes, self.job.wording);
        let mut totals = totals(&outcomes, &outliers);
        let entries = &self.job.corpus.entries;
        let ids: AlignedIds<'_> = entries
            .iter()
            .zip(&outcomes)
            .map(|(entry, outcome)| (&*entry.id, outcome.line().is_some()))
            .collect();
        let file_of = |document: usize| match &self.shards {
            Some(shards) => Shards::name(shards.of(document), self.job.format),
            None => file_name(&entries[document].id, self.job.format),
        };
        let is_aligned = |document: &usize| outcomes[*document].line().is_some();
        let files: HashSet<String> = (0..outcomes.len()).filter(is_aligned).map(file_of).collect();
        // With what this run has appended.
        let current = Journal::open(self.folder, true)?;
        let retained =
            earlier::settle(self.folder, &current, &ids, &files, self.job.prune, &mut totals)?;
        // The lines of this run come last: of two lines for a document or a shard, the last counts.
        let mut journal = retained.lines;
        for line in outcomes.iter().filter_map(|outcome| outcome.line()) {
            let mut line = line.clone();
            if self.shards.is_some() {
                (line.file, line.output) = (None, None);
            }
            journal.extend(line_bytes(&JournalLine::Document(line)));
        }
        if let Some(shards) = &self.shards {
            for shard in (0..shards.count()).filter_map(|shard| current.shard(shard)) {
                if files.contains(&shard.file) {
                    journal.extend(line_bytes(&JournalLine::Shard(shard.clone())));
                }
            }
        }
        let file_of = |document: usize| match outcomes[document] {
            DocumentOutcome::Aligned { .. } => Some(file_of(document)),
            DocumentOutcome::Failed(_) => retained.files.get(&entries[document].id).cloned(),
        };
        listing::write(self.folder, self.job.corpus, &outcomes, &outliers, file_of, |line| {
            journal.extend(line_bytes(&line));
            self.append(&line)
        })?;
        let content = |out: &mut HashedFile| out.write_all(&journal);
        self.folder.write(JOURNAL, true, content, |_| Ok(()))?;
        self.folder.finish()?;
        Ok(totals)
    }
}

/// Counts the results of all documents.
fn totals(outcomes: &[&DocumentOutcome], outliers: &[Option<Message>]) -> CorpusTotals {
    let mut totals = CorpusTotals { documents: outcomes.len(), ..CorpusTotals::default() };
    for (outcome, outlier) in outcomes.iter().zip(outliers) {
        let DocumentOutcome::Aligned { line, reused } = outcome else {
            totals.failed += 1;
            continue;
        };
        let summary = &line.summary;
        totals.aligned += 1;
        totals.reused += usize::from(*reused);
        let is_note = |message: &Message| Warning::is_note_kind(&message.kind);
        if outlier.is_some() || !summary.warnings.iter().all(is_note) {
            totals.warned += 1;
        } else if !summary.warnings.is_empty() {
            totals.noted += 1;
        }
        totals.beads += summary.beads as u64;
        totals.one_sided += summary.one_sided as u64;
        totals.improbable += summary.improbable as u64;
        if !reused {
            totals.segments += (summary.src_segments + summary.tgt_segments) as u64;
        }
    }
    totals
}
