//! Faults, and runs of a command with one of them.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::random::Random;
use super::scenario::Scenario;
use crate::util::Folder;

/// A run that takes longer hangs.
const MAX_TIME: Duration = Duration::from_secs(120);
/// How often a process is asked whether it has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(2);
/// A shell that sets a limit and becomes the program.
const LIMITED: &str = "ulimit -S \"$0\" \"$1\" || exit 99; shift; exec \"$@\"";

/// What goes wrong during a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A signal after this number of microseconds.
    Signal(&'static str, u64),
    /// A limit of the shell's `ulimit`: file size, memory or open files.
    Limit(&'static str, u64),
    /// The reader of standard output closes it after this number of bytes.
    ClosedStdout(u64),
    /// Standard output is a full disk.
    FullStdout,
    /// An output is a named pipe that its reader closes after this number of bytes.
    ClosedPipe(&'static str, u64),
    /// An output is a folder.
    FolderAsOutput(&'static str),
    /// The folder for temporary files does not exist.
    NoTemporaryFolder,
    /// All folders are read-only for the user that runs the command.
    ReadOnlyFolders,
    /// The disk of the folder has this number of bytes left.
    FullDisk(u64),
    /// The disk of temporary files has this number of bytes.
    FullTemporaryFolder(u64),
}

/// What this machine lets a test do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Abilities {
    /// Mount a small file system.
    pub(super) mounts: bool,
    /// Run the program as another user.
    pub(super) changes_user: bool,
}

impl Abilities {
    pub(super) fn find() -> Self {
        let folder = Folder::new();
        let mounts = SmallDisk::mount(&folder.path(""), 1 << 20).is_some();
        let run = as_nobody(Command::new(env!("CARGO_BIN_EXE_nasaq")).arg("--version"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        Self { mounts, changes_user: run.is_ok_and(|status| status.success()) }
    }
}

impl Fault {
    /// Chooses a fault for a command that takes `time` without it.
    pub(super) fn choose(
        random: &mut Random,
        scenario: &Scenario,
        time: Duration,
        abilities: Abilities,
    ) -> Self {
        loop {
            let file = scenario.outputs.iter().find(|name| **name != "out");
            let kind = random.below(16);
            match kind {
                0..=4 => {
                    let signals = ["TERM", "INT", "HUP", "QUIT", "XCPU", "KILL", "KILL", "KILL"];
                    let moment = random.below(time.as_micros() as u64 * 11 / 10 + 1);
                    return Self::Signal(random.pick::<&str>(&signals), moment);
                }
                5 | 6 => return Self::Limit("-f", random.magnitude_below(200)),
                7 | 8 => return Self::Limit("-v", 30_000 + random.below(900_000)),
                9 => return Self::Limit("-n", 4 + random.below(30)),
                10 if scenario.writes_stdout => {
                    return Self::ClosedStdout(random.magnitude_below(100_000));
                }
                11 if scenario.writes_stdout => return Self::FullStdout,
                12 => {
                    let Some(file) = file else { continue };
                    let is_pipe = random.below(2) == 0;
                    let name = random.pick(scenario.outputs);
                    let name = if *name == "out" { file } else { name };
                    if is_pipe {
                        return Self::ClosedPipe(name, random.magnitude_below(100_000));
                    }
                    if scenario.refuses_folder(name) {
                        return Self::FolderAsOutput(name);
                    }
                }
                13 => return Self::NoTemporaryFolder,
                14 if abilities.changes_user => return Self::ReadOnlyFolders,
                15 if abilities.mounts => {
                    let bytes = 4096 * random.magnitude_below(64);
                    return match scenario.outputs.is_empty() || random.below(3) == 0 {
                        true => Self::FullTemporaryFolder(bytes + 4096),
                        false => Self::FullDisk(bytes),
                    };
                }
                _ => {}
            }
        }
    }

    /// Returns a name for counts.
    pub(super) fn kind(&self) -> String {
        match self {
            Self::Signal(name, _) => format!("signal {name}"),
            Self::Limit(name, _) => format!("ulimit {name}"),
            other => format!("{other:?}").split('(').next().unwrap_or_default().to_owned(),
        }
    }

    /// Returns whether the fault may end the process in a way that it cannot handle.
    pub(super) fn may_kill(&self) -> bool {
        matches!(self, Self::Signal("KILL", _) | Self::Limit("-v", _))
    }
}

/// How a run ended.
#[derive(Debug)]
pub(super) struct Ending {
    pub(super) status: ExitStatus,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: String,
    pub(super) time: Duration,
    /// Temporary files that are left, in the folder and in that of temporary files.
    pub(super) temporary: Vec<String>,
}

impl Ending {
    /// Returns whether the process had no chance to clean up.
    pub(super) fn is_killed(&self) -> bool {
        // KILL, ABRT and SEGV, which a lack of memory causes.
        matches!(self.status.signal(), Some(9 | 6 | 11))
    }
}

/// Runs a command in a folder. `scratch` gets what is neither an input nor an output.
pub(super) fn run(
    scenario: &Scenario,
    folder: &Folder,
    scratch: &Folder,
    fault: Option<&Fault>,
) -> Ending {
    let temporary = scratch.path("tmp");
    fs::create_dir_all(&temporary).expect("a folder");
    let mut command = command(scenario, folder, fault);
    command.env(
        "TMPDIR",
        if fault == Some(&Fault::NoTemporaryFolder) {
            scratch.path("missing")
        } else {
            temporary.clone()
        },
    );
    let create = |name: &str| File::create(scratch.path(name)).expect("a file");
    // A pipe, because a limit of file sizes would cut a file.
    command.stderr(Stdio::piped()).stdout(match fault {
        Some(Fault::ClosedStdout(_)) => Stdio::piped(),
        Some(Fault::FullStdout) => {
            File::options().write(true).open("/dev/full").expect("it").into()
        }
        _ => create("stdout").into(),
    });
    command.stdin(match scenario.stdin {
        Some(name) => File::open(folder.path(name)).expect("an input").into(),
        None => Stdio::null(),
    });
    let _disk = match fault {
        Some(Fault::FullTemporaryFolder(bytes)) => SmallDisk::mount(&temporary, *bytes),
        _ => None,
    };
    let start = Instant::now();
    let mut child = command.spawn().expect("the program");
    let mut pipe = child.stderr.take().expect("a pipe");
    let messages = thread::spawn(move || {
        let mut text = Vec::new();
        pipe.read_to_end(&mut text).map(|_| String::from_utf8_lossy(&text).into_owned())
    });
    disturb(&mut child, fault);
    let status = wait(&mut child, start);
    let time = start.elapsed();
    let mut left = super::tree::temporary(&folder.path(""));
    left.extend(super::tree::temporary(&temporary));
    let read = |name: &str| fs::read(scratch.path(name)).unwrap_or_default();
    let stderr = messages.join().expect("no panic").expect("a pipe");
    Ending { status, stdout: read("stdout"), stderr, time, temporary: left }
}

/// Returns the command, with limits and as the user that the fault needs.
fn command(scenario: &Scenario, folder: &Folder, fault: Option<&Fault>) -> Command {
    let program = env!("CARGO_BIN_EXE_nasaq");
    let mut command = match fault {
        Some(Fault::Limit(name, value)) => {
            let mut command = Command::new("sh");
            command.args(["-c", LIMITED, name, &value.to_string(), program]);
            command
        }
        Some(Fault::ReadOnlyFolders) => as_nobody(&Command::new(program)),
        _ => Command::new(program),
    };
    command.args(scenario.args()).current_dir(folder.path("")).env_remove("NO_COLOR");
    command
}

/// Does what the fault does to a running process.
fn disturb(child: &mut Child, fault: Option<&Fault>) {
    match fault {
        Some(Fault::Signal(name, moment)) => {
            let end = Instant::now() + Duration::from_micros(*moment);
            while let Some(rest) = end.checked_duration_since(Instant::now()) {
                if child.try_wait().expect("a child").is_some() {
                    return;
                }
                thread::sleep(rest.min(POLL_INTERVAL));
            }
            // A process that has ended since then is not waited for yet, so the id is still its own.
            let pid = child.id().to_string();
            let _ = Command::new("kill").args(["-s", name, &pid]).stderr(Stdio::null()).status();
        }
        Some(Fault::ClosedStdout(bytes)) => {
            let mut pipe = child.stdout.take().expect("a pipe").take(*bytes);
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        _ => {}
    }
}

fn wait(child: &mut Child, start: Instant) -> ExitStatus {
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            return status;
        }
        if start.elapsed() > MAX_TIME {
            let _ = child.kill();
            panic!("it hangs");
        }
        thread::sleep(POLL_INTERVAL);
    }
}

/// A reader of a named pipe that closes it after some bytes. It ends with the value.
pub(super) struct PipeReader(Child);

impl PipeReader {
    pub(super) fn start(path: &Path, bytes: u64) -> Self {
        assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
        let head = Command::new("head")
            .arg(format!("-c{bytes}"))
            .arg(path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(head.expect("head"))
    }
}

impl Drop for PipeReader {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn as_nobody(program: &Command) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]);
    command.arg(program.get_program()).args(program.get_args());
    command
}

/// A file system of a fixed size, unmounted when the value is dropped.
pub(super) struct SmallDisk(PathBuf);

impl SmallDisk {
    pub(super) fn mount(folder: &Path, bytes: u64) -> Option<Self> {
        mount(folder, &format!("size={bytes}")).then(|| Self(folder.to_owned()))
    }

    /// Makes it large.
    pub(super) fn grow(&self) {
        assert!(mount(&self.0, "remount,size=1g"), "it could be mounted before");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

fn mount(folder: &Path, options: &str) -> bool {
    let mut command = Command::new("mount");
    command.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder);
    command.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
