//! A whole corpus: many documents in, a folder of alignments out, on all cores.
//!
//! The output folder holds
//!
//! ```text
//! docs/ID.tsv        a document's alignment, or
//! shards/00000.tsv   those of --shard-size documents in a row
//! documents.tsv      a row a document: what became of it, its document score, its metadata
//! errors.jsonl       an object for each document that failed, with its reason
//! warnings.jsonl     an object for each warning
//! journal.jsonl      what is done, by a hash of texts and settings; a run goes on from it
//! .nasaq/            a lock, and files that are not complete
//! ```
//!
//! Every file comes to its place by a rename and is then told to the journal, so whenever a run is
//! stopped there are whole files only, and what the journal does not know is done again.

mod dry_run;
mod entry;
mod folder;
mod journal;
mod listing;
mod manifest;
mod memory;
mod metrics;
mod outliers;
mod pairing;
mod plan;
mod progress;
mod run;
mod schedule;
mod shards;
mod stream;
mod work;

pub(crate) use dry_run::dry_run;
pub(crate) use listing::DOCUMENTS;
pub(crate) use memory::parse_size;
pub(crate) use pairing::{Found, files, key_of};
pub(crate) use plan::CorpusPlan;
pub(crate) use run::run;
pub(crate) use stream::{StreamPlan, stream};
