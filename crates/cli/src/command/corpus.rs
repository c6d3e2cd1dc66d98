//! `nasaq align --corpus`: a folder of documents in, a folder of alignments out.

use crate::corpus::{CorpusPlan, dry_run, run as align_all};
use crate::failure::ExitStatus;
use crate::printer::Printer;

/// Aligns the corpus, or tells what would be aligned.
pub(crate) fn run(plan: &CorpusPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    if plan.dry_run { dry_run(plan, printer) } else { align_all(plan, printer) }
}
