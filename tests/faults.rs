//! Faults at random moments of every command: signals, limits, full disks, closed pipes.
//!
//! After each of them every input is unchanged, every output is old and whole or new and whole, the
//! exit status tells whether all was done, no temporary file is left unless the process was killed,
//! and the same command then does all of it.
//!
//! `NASAQ_FAULTS=5000` tries more faults than the default, `NASAQ_FAULT_SECONDS=600` stops after that
//! time, and `NASAQ_FAULT_SEED=7` begins with that seed. The seed of a fault that falls is part of the
//! message. Moments are random in any case.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Instant;

use crate::util::Folder;

mod check;
mod fault;
mod random;
mod scenario;
mod tree;

use check::States;
use fault::{Abilities, Ending, Fault, PipeReader, SmallDisk, run};
use random::Random;
use scenario::{SCENARIOS, Scenario};
use tree::Tree;

/// Faults that are tried by default.
const FAULTS: u64 = 200;
const THREADS: usize = 2;
/// What outputs contain before a run.
const OLD: &[u8] = b"old\n";

/// A command without a fault.
struct Reference {
    scenario: &'static Scenario,
    inputs: Tree,
    after: Tree,
    ending: Ending,
    /// The output folder of a corpus after a run with other settings.
    old: Tree,
}

impl Reference {
    fn new(scenario: &'static Scenario) -> Self {
        let folder = Folder::new();
        tree::write_inputs(&folder);
        let inputs = tree::read(&folder);
        let ending = run(scenario, &folder, &Folder::new(), None);
        let after = tree::read(&folder);
        assert!(matches!(ending.status.code(), Some(0 | 4)), "{scenario:?}: {}", ending.stderr);
        let mut old = Tree::new();
        if scenario.has_output_folder() {
            let folder = Folder::new();
            tree::write(&folder, &inputs);
            let args: Vec<&str> = scenario.args().into_iter().chain(["--monotone"]).collect();
            folder.run(&args).ok();
            old = tree::read(&folder);
            old.retain(|name, _| name.starts_with("out/"));
        }
        Self { scenario, inputs, after, ending, old }
    }

    /// Returns the files before a run: with or without outputs of an earlier one.
    fn before(&self, has_old: bool) -> Tree {
        let mut before = self.inputs.clone();
        if has_old {
            before.extend(self.old.clone());
            let files = self.scenario.outputs.iter().filter(|name| **name != "out");
            before.extend(files.map(|name| ((*name).to_owned(), OLD.to_vec())));
        }
        before
    }
}

/// Tries the fault that a seed determines. Returns its kind; the error is what does not hold.
fn try_fault(seed: u64, references: &[Reference], abilities: Abilities) -> Result<String, String> {
    let mut random = Random::new(seed);
    let reference = random.pick(references);
    let fault = Fault::choose(&mut random, reference.scenario, reference.ending.time, abilities);
    let has_old = random.below(2) == 0;
    let is_rerun = reference.scenario.is_corpus() || fault.may_kill() || random.below(3) == 0;
    let result = Trial::new(reference, &fault, has_old).and_then(|trial| trial.run(is_rerun));
    match result {
        Ok(()) => Ok(fault.kind()),
        Err(what) => {
            let args = reference.scenario.args;
            Err(format!("seed {seed}: {what}\n  nasaq {args}\n  {fault:?}, old outputs: {has_old}"))
        }
    }
}

/// A command and a fault in a folder.
struct Trial<'r> {
    reference: &'r Reference,
    fault: &'r Fault,
    // Unmounted before its folder is removed.
    disk: Option<SmallDisk>,
    reader: RefCell<Option<PipeReader>>,
    folder: Folder,
    scratch: Folder,
    before: Tree,
}

impl<'r> Trial<'r> {
    fn new(reference: &'r Reference, fault: &'r Fault, has_old: bool) -> Result<Self, String> {
        let (folder, scratch) = (Folder::new(), Folder::new());
        let mut before = reference.before(has_old);
        if let Fault::FolderAsOutput(name) | Fault::ClosedPipe(name, _) = fault {
            before.remove(*name);
        }
        let disk = match fault {
            Fault::FullDisk(bytes) => {
                let blocks = before.values().map(|file| file.len().div_ceil(4096) as u64 + 1);
                let size = blocks.sum::<u64>() * 4096 + bytes;
                Some(SmallDisk::mount(&folder.path(""), size).ok_or("it cannot be mounted")?)
            }
            _ => None,
        };
        tree::write(&folder, &before);
        let mut reader = None;
        match fault {
            Fault::FolderAsOutput(name) => {
                fs::create_dir(folder.path(name)).map_err(|error| error.to_string())?;
            }
            Fault::ClosedPipe(name, bytes) => {
                reader = Some(PipeReader::start(&folder.path(name), *bytes));
            }
            Fault::ReadOnlyFolders => {
                let mode = fs::Permissions::from_mode(0o755);
                for folder in [&folder, &scratch] {
                    fs::set_permissions(folder.path(""), mode.clone())
                        .map_err(|error| error.to_string())?;
                }
            }
            _ => {}
        }
        let reader = RefCell::new(reader);
        Ok(Self { reference, fault, disk, reader, folder, scratch, before })
    }

    fn run(self, is_rerun: bool) -> Result<(), String> {
        let Self { reference, fault, .. } = self;
        let scenario = reference.scenario;
        let states =
            States { before: &self.before, after: &reference.after, ending: &reference.ending };
        let ending = run(scenario, &self.folder, &self.scratch, Some(fault));
        let found = tree::read(&self.folder);
        let describe = |what: String, ending: &Ending| {
            format!("{what} ({}; stderr: {})", ending.status, ending.stderr.trim_end())
        };
        states.check(scenario, fault, &ending, &found).map_err(|what| describe(what, &ending))?;
        if !is_rerun {
            return Ok(());
        }
        self.remove_fault();
        let again = run(scenario, &self.folder, &self.scratch, None);
        // No fault: a signal after the end.
        let none = Fault::Signal("TERM", u64::MAX);
        if again.status.code() != reference.ending.status.code() {
            return Err(describe("the next run fails".to_owned(), &again));
        }
        states
            .check(scenario, &none, &again, &tree::read(&self.folder))
            .map_err(|what| describe(format!("after the next run: {what}"), &again))
    }

    fn remove_fault(&self) {
        self.reader.take();
        if let Some(disk) = &self.disk {
            disk.grow();
        }
        match self.fault {
            Fault::FolderAsOutput(name) => fs::remove_dir(self.folder.path(name)).expect("empty"),
            Fault::ClosedPipe(name, _) => {
                let path = self.folder.path(name);
                fs::remove_file(path).expect("a pipe");
            }
            _ => {}
        }
    }
}

/// Runs all commands without a fault, on all threads.
fn references() -> Vec<Reference> {
    let slots: Vec<OnceLock<Reference>> = SCENARIOS.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(scenario) = SCENARIOS.get(at) else { return };
                    slots[at].get_or_init(|| Reference::new(scenario));
                }
            });
        }
    });
    slots.into_iter().map(|slot| slot.into_inner().expect("each was run")).collect()
}

fn setting<T: FromStr>(name: &str, default: T) -> T {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[expect(clippy::print_stderr, reason = "tests have no other way to report what they skip")]
fn report(text: &str) {
    eprintln!("{text}");
}

#[test]
fn outputs_are_old_and_whole_or_new_and_whole() {
    let abilities = Abilities::find();
    if !abilities.mounts {
        report("skipped: full disks, because no file system can be mounted");
    }
    if !abilities.changes_user {
        report("skipped: read-only folders, because setpriv cannot change the user");
    }
    let references = references();
    let (count, first) = (setting("NASAQ_FAULTS", FAULTS), setting("NASAQ_FAULT_SEED", 0));
    let (start, seconds) = (Instant::now(), setting("NASAQ_FAULT_SECONDS", u64::MAX));
    let next = AtomicU64::new(first);
    let kinds = Mutex::new(BTreeMap::<String, u64>::new());
    let fallen = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count || start.elapsed().as_secs() > seconds {
                        return;
                    }
                    match try_fault(seed, &references, abilities) {
                        Ok(kind) => {
                            let mut kinds = kinds.lock().unwrap_or_else(PoisonError::into_inner);
                            *kinds.entry(kind).or_default() += 1;
                        }
                        Err(what) => {
                            report(&what);
                            fallen.lock().unwrap_or_else(PoisonError::into_inner).push(what);
                        }
                    }
                }
            });
        }
    });
    let kinds = kinds.into_inner().expect("no panic");
    report(&format!("{} faults hold: {kinds:?}", kinds.values().sum::<u64>()));
    let fallen = fallen.into_inner().expect("no panic");
    assert!(fallen.is_empty(), "{} fall:\n{}", fallen.len(), fallen.join("\n"));
}
