//! What must hold after a run, whatever went wrong.

use super::fault::{Ending, Fault};
use super::scenario::Scenario;
use super::tree::Tree;

/// Files of a corpus that a run appends to while it works.
const GROWING: [&str; 2] = ["out/journal.jsonl", "out/errors.jsonl"];
/// Files of a corpus that also depend on which documents have failed.
const LISTS: [&str; 2] = ["out/documents.tsv", "out/warnings.jsonl"];
/// A file with times.
const METRICS: &str = "m.json";

/// The state before a run, and after one without a fault.
pub(super) struct States<'t> {
    pub(super) before: &'t Tree,
    pub(super) after: &'t Tree,
    pub(super) ending: &'t Ending,
}

impl States<'_> {
    /// Checks what a run with a fault has left. The error is what does not hold.
    pub(super) fn check(
        &self,
        scenario: &Scenario,
        fault: &Fault,
        ending: &Ending,
        found: &Tree,
    ) -> Result<(), String> {
        if ending.stderr.contains("panicked") {
            return Err("it panicked".to_owned());
        }
        if !ending.temporary.is_empty() && !ending.is_killed() {
            return Err(format!("temporary files are left: {:?}", ending.temporary));
        }
        let is_done = self.check_status(scenario, fault, ending)?;
        let names: std::collections::BTreeSet<&String> =
            self.before.keys().chain(self.after.keys()).chain(found.keys()).collect();
        for name in names {
            let file = File { name, fault, bytes: found.get(name) };
            let is_pipe = matches!(fault, Fault::ClosedPipe(pipe, _) if name == pipe);
            let is_right = is_pipe
                || if is_done { self.is_new(&file) } else { self.is_old_or_new(&file, ending) };
            if !is_right {
                let wanted = if is_done { "new" } else { "old or new, and whole" };
                return Err(format!("{name} is not {wanted}"));
            }
        }
        Ok(())
    }

    /// Checks the exit status. Returns whether it promises that all was done.
    fn check_status(
        &self,
        scenario: &Scenario,
        fault: &Fault,
        ending: &Ending,
    ) -> Result<bool, String> {
        let Some(code) = ending.status.code() else {
            let is_meant = matches!(fault, Fault::Signal(..)) || fault.may_kill();
            return if is_meant { Ok(false) } else { Err("a signal ended it".to_owned()) };
        };
        // The program could not be started.
        if let (Fault::Limit(..), 99 | 126 | 127) = (fault, code) {
            return Ok(false);
        }
        if Some(code) != self.ending.status.code() {
            let is_explained = ["nasaq: error: ", "failed: ", "documents failed"]
                .iter()
                .any(|text| ending.stderr.contains(text));
            return match (code, is_explained) {
                (1..=3, true) => Ok(false),
                _ => Err(format!("the exit code is {code}, without an explanation")),
            };
        }
        match fault {
            Fault::FullStdout => return Err("standard output was full".to_owned()),
            Fault::FolderAsOutput(_) => return Err("an output is a folder".to_owned()),
            Fault::ClosedStdout(_) => {}
            // The counts of a corpus depend on what earlier runs have done.
            _ if scenario.is_corpus() => {}
            _ if ending.stdout != self.ending.stdout => {
                return Err("standard output is not whole".to_owned());
            }
            _ => {}
        }
        Ok(true)
    }

    fn is_new(&self, file: &File<'_>) -> bool {
        match file.name {
            METRICS => is_json(file.bytes),
            _ => file.bytes == self.after.get(file.name),
        }
    }

    fn is_old_or_new(&self, file: &File<'_>, ending: &Ending) -> bool {
        let name = file.name;
        if GROWING.contains(&name) || self.is_new(file) || file.bytes == self.before.get(name) {
            return true;
        }
        // Of the folder of parts, only the files of the user are there after a whole run.
        if name.contains(".parts/") {
            return !self.after.contains_key(name);
        }
        let some_failed = ending.status.code() == Some(1);
        if LISTS.contains(&name) {
            return some_failed && file.bytes.is_some_and(|bytes| bytes.ends_with(b"\n"));
        }
        // The file has the documents that have not failed.
        let holds_many = name.starts_with("out/shards/") || name.starts_with("memory.");
        if holds_many && matches!(file.fault, Fault::Limit("-n", _)) {
            return some_failed;
        }
        let is_set_aside = name.starts_with("out/set-aside/");
        is_set_aside && self.before.values().any(|bytes| Some(bytes) == file.bytes)
    }
}

/// A file after a run.
struct File<'f> {
    name: &'f str,
    fault: &'f Fault,
    /// Nothing if there is no file.
    bytes: Option<&'f Vec<u8>>,
}

fn is_json(bytes: Option<&Vec<u8>>) -> bool {
    bytes.is_some_and(|bytes| serde_json::from_slice::<serde_json::Value>(bytes).is_ok())
}
