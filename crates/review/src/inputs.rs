//! Whether the files of a session are still those that it was made from.

use std::collections::BTreeSet;
use std::path::Path;

use nasaq_job::Failure;

use crate::log::{Header, InputFile};
use crate::session::Session;
use crate::source::ReviewSource;

impl Session {
    /// Refuses other contents than those that the log was made from.
    pub(crate) fn check_inputs(&self, log: &Path, source: &ReviewSource) -> Result<(), Failure> {
        let known = &self.header().inputs;
        let found = source.inputs()?;
        let changed = changes(known, &found);
        if changed.is_empty() {
            return Ok(());
        }
        let reason = format!(
            "{}: the review was made from other contents: {}",
            log.display(),
            changed.join("; ")
        );
        Err(Failure::input(reason).with_kind("changed").hint(
            "carry the decisions over to the new contents (--carry-over), name another log (-o), or \
             restore the files",
        ))
    }

    /// Reports settings of the log that are others than those asked for now: its beads stay.
    pub(crate) fn note_settings(&mut self, asked: &Header) {
        let header = self.header();
        let (old, new) = (&header.settings, &asked.settings);
        let value = |of: &[(String, String)], name: &str| {
            of.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        let names: BTreeSet<&String> = old.iter().chain(new).map(|(name, _)| name).collect();
        let word = |value: Option<String>| value.unwrap_or_else(|| "not set".to_owned());
        let differs = |name: &String| {
            let [old, new] = [old, new].map(|of| value(of, name));
            (old != new).then(|| format!("{name} ({}, now {})", word(old), word(new)))
        };
        let different: Vec<String> = names.into_iter().filter_map(differs).collect();
        if !different.is_empty() {
            self.add_notice(format!(
                "the texts were aligned with other settings; their segments and beads stay, and only \
                 what is aligned again has the new ones: {}",
                different.join(", ")
            ));
        }
    }

    /// Reports files of the log that are gone or have changed: the review goes on with the texts in
    /// the log.
    pub(crate) fn warn_of_inputs(&mut self, log: &Path) {
        let known = self.header().inputs.clone();
        for input in known {
            let path = input.path_from(log);
            let notice = match InputFile::of(&path) {
                Ok(found) if found.hash == input.hash => continue,
                Ok(_) => format!(
                    "{}: the file has changed; the review goes on with its earlier text",
                    path.display()
                ),
                Err(error) => format!(
                    "{}: {error}; the review goes on with its text in the log",
                    path.display()
                ),
            };
            self.add_notice(notice);
        }
    }
}

/// Returns what differs between two lists of files.
fn changes(known: &[InputFile], found: &[InputFile]) -> Vec<String> {
    if known.len() != found.len() {
        return vec![format!("it has {} files, not {}", known.len(), found.len())];
    }
    let pairs = known.iter().zip(found).filter(|(known, found)| known.hash != found.hash);
    pairs
        .map(|(known, found)| {
            format!(
                "{} ({} bytes) is not {} as it was ({} bytes)",
                found.path.display(),
                found.bytes,
                known.path.display(),
                known.bytes
            )
        })
        .collect()
}
