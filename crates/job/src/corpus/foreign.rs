//! Files in the output folder that no earlier run wrote, or that somebody has changed since: a run
//! does not replace them unless the user wants that.

use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::io;
use std::sync::{Mutex, PoisonError};

use super::folder::OutputFolder;
use super::journal::{ContentHash, DamagedLines, JOURNAL, Journal};
use super::listing::LISTINGS;
use crate::failure::{Failure, Result};
use crate::remedy::Remedy;
use crate::threads::Threads;

/// The maximum number of files in a message.
const MAX_NAMED: usize = 5;

/// The contents of the files that a run may replace, by their names.
pub(super) type EarlierContents = HashMap<String, ContentHash>;

/// What a file is that an output would replace.
enum Found {
    /// Nothing that could be lost.
    Nothing,
    /// As an earlier run wrote it.
    Output(ContentHash),
    Foreign(ContentHash),
    /// It can neither be replaced nor be read.
    Obstacle(&'static str),
}

/// Looks at the files that a run may replace: outputs of these names, and the lists of results.
///
/// # Errors
/// A [`Failure`] that names files which are not as an earlier run wrote them, unless `replace` is set,
/// and those that cannot be replaced at all.
pub(super) fn check(
    folder: &OutputFolder,
    journal: &Journal,
    outputs: Vec<String>,
    replace: bool,
    threads: &Threads,
) -> Result<EarlierContents> {
    let listings = LISTINGS.into_iter().map(str::to_owned);
    let names: Vec<String> = outputs.into_iter().chain(listings).collect();
    let found: Vec<Mutex<Found>> = names.iter().map(|_| Mutex::new(Found::Nothing)).collect();
    let all: Vec<usize> = (0..names.len()).collect();
    threads.in_parallel(&all, |at| {
        let state = look(folder, journal, &names[at]);
        *found[at].lock().unwrap_or_else(PoisonError::into_inner) = state;
        Ok(())
    })?;
    let mut contents = EarlierContents::new();
    let (mut foreign, mut obstacles) = (Vec::new(), Vec::new());
    for (name, state) in names.into_iter().zip(found) {
        match state.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Found::Nothing => {}
            Found::Output(hash) => drop(contents.insert(name, hash)),
            Found::Foreign(hash) => {
                foreign.push(name.clone());
                contents.insert(name, hash);
            }
            Found::Obstacle(what) => obstacles.push(format!("{name} ({what})")),
        }
    }
    if !obstacles.is_empty() {
        let reason = format!("{} cannot be replaced: {}", files(&obstacles), listed(&obstacles));
        return Err(Failure::usage(format!("{}: {reason}", folder.root().display()))
            .hint("move them away, or choose another folder"));
    }
    if foreign.is_empty() || replace {
        return Ok(contents);
    }
    let reason = format!(
        "{} would be replaced that no earlier run wrote or that changed since: {}",
        files(&foreign),
        listed(&foreign)
    );
    let note = match journal.damaged() {
        DamagedLines { count: 0, .. } => String::new(),
        damaged => format!(" ({})", describe(damaged)),
    };
    Err(Failure::usage(format!("{}: {reason}{note}", folder.root().display()))
        .with_remedy(Remedy::ReplaceFiles))
}

/// Describes lines of the journal that cannot be read.
pub(super) fn describe(DamagedLines { count, first }: DamagedLines) -> String {
    match count {
        1 => format!("line {first} of {JOURNAL} is damaged"),
        count => format!("{count} lines of {JOURNAL} are damaged, the first is line {first}"),
    }
}

fn files(names: &[String]) -> String {
    format!("{} file{}", names.len(), if names.len() == 1 { "" } else { "s" })
}

fn listed(names: &[String]) -> String {
    let mut text = names[..names.len().min(MAX_NAMED)].join(", ");
    if names.len() > MAX_NAMED {
        text.push_str(&format!(" and {} more", names.len() - MAX_NAMED));
    }
    text
}

fn look(folder: &OutputFolder, journal: &Journal, name: &str) -> Found {
    match fs::symlink_metadata(folder.path(name)) {
        Ok(found) if found.is_dir() => Found::Obstacle("a folder"),
        // A link is replaced and not followed. A power failure leaves empty files.
        Ok(found) if !found.is_file() || found.len() == 0 => Found::Nothing,
        Ok(found) => look_at_file(folder, journal, name, &found),
        Err(_) => Found::Nothing,
    }
}

fn look_at_file(folder: &OutputFolder, journal: &Journal, name: &str, found: &Metadata) -> Found {
    let Some(hash) = folder.hash(name).map(ContentHash) else {
        return match found.permissions().readonly() {
            true => Found::Obstacle("read-only"),
            false => Found::Obstacle("unreadable"),
        };
    };
    let is_known = match LISTINGS.contains(&name) {
        true => journal.has_listed(name, hash),
        false => journal.has_written(name, hash),
    };
    if is_known { Found::Output(hash) } else { Found::Foreign(hash) }
}

/// Returns the failure of a document whose output can have no such name, if that is so.
///
/// Such a document fails by itself: an error of writing would end the run.
pub(super) fn refuse_name(folder: &OutputFolder, name: &str) -> Result<()> {
    // Each part in a folder that exists: in one that does not, any name is only missing.
    for part in name.split('/').chain([name]) {
        match fs::symlink_metadata(folder.path(part)) {
            Err(error) if error.kind() == io::ErrorKind::InvalidFilename => {
                return Err(Failure::new(
                    "name",
                    format!("no file can have the name {name}: {error}"),
                )
                .with_remedy(Remedy::RenameDocument));
            }
            _ => {}
        }
    }
    Ok(())
}
