//! Processes that decide and are killed, or have no room on the disk.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::logs::{created, folder, resumed};
use super::random::decision;
use super::*;

/// The log that a child of these tests decides in.
const LOG: &str = "NASAQ_REVIEW_TEST_LOG";
/// How many processes are killed.
const KILLS: &str = "NASAQ_KILLS";
/// The name of [`child`] for the test harness.
const CHILD: &str = "session::tests::processes::child";

/// Random numbers: xorshift, from the clock.
struct Random(u64);

impl Random {
    fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        Self(now.as_nanos() as u64 | 1)
    }

    fn below(&mut self, bound: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound) as usize
    }
}

/// Decides in the log of the environment until it is killed or cannot go on, and prints each
/// revision that it was told is on disk.
#[test]
fn child() {
    let Some(path) = env::var_os(LOG) else { return };
    let mut session = resumed(Path::new(&path)).expect("a log");
    let mut random = Random::new();
    let mut out = std::io::stdout();
    let mut fulls = 0;
    while fulls < 3 {
        let numbers = [0; 5].map(|_: usize| random.below(256));
        let taken = match random.below(10) {
            0 => session.undo(),
            1 => session.redo(),
            _ => session.apply(decision(&session, random.below(13) as u8, numbers)),
        };
        match taken {
            Ok(change) => writeln!(out, "\nacknowledged {}", change.revision).expect("a pipe"),
            Err(refusal) if refusal.kind() == RefusalKind::Log => fulls += 1,
            Err(_) => {}
        }
    }
}

fn start(command: &mut Command, log: &Path) -> Child {
    command.env(LOG, log).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a process")
}

fn decider() -> Command {
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.args(["--exact", CHILD, "--nocapture", "--test-threads=1"]);
    command
}

/// Returns the last revision among the lines that a process printed.
fn last_acknowledged(lines: impl Iterator<Item = String>) -> Option<u64> {
    let revisions = lines.filter_map(|line| line.strip_prefix("acknowledged ")?.parse().ok());
    revisions.last()
}

/// The number of kills is that of `NASAQ_KILLS`, by default 10.
#[test]
fn no_acknowledged_decision_is_lost_when_the_process_is_killed() {
    let kills = env::var(KILLS).ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    let folder = folder();
    let path = folder.path().join("story.review.jsonl");
    drop(created(&path));
    let mut random = Random::new();
    let (mut known, mut unseen, mut torn) = (0, 0, 0);
    for _ in 0..kills {
        let mut child = start(&mut decider(), &path);
        let mut lines =
            BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        // From the first decision on; before it nothing is at stake.
        let first = lines.by_ref().find(|line| line.starts_with("acknowledged "));
        thread::sleep(Duration::from_micros(random.below(20_000) as u64));
        child.kill().expect("it is killed");
        child.wait().expect("it ends");
        known = last_acknowledged(first.into_iter().chain(lines)).unwrap_or(known);
        let read = Session::read(&path).expect("a log");
        assert!(read.revision() >= known, "{} of {known} are left", read.revision());
        assert!(read.revision() <= known + 1, "one at most was not acknowledged yet");
        unseen += usize::from(read.revision() > known);
        torn += read.notices().len();
        known = read.revision();
        assert_eq!(read.state().fault(), None);
    }
    let _ = writeln!(
        std::io::stderr(),
        "{kills} processes were killed while deciding: {known} decisions, none lost; {unseen} were on \
         disk and not acknowledged yet, {torn} were torn and dropped"
    );
}

/// The limit of the size of a file stands for a full disk: a line is written in part.
#[cfg(target_os = "linux")]
#[test]
fn full_disk_refuses_decisions_and_leaves_a_whole_log() {
    let folder = folder();
    let path = folder.path().join("story.review.jsonl");
    drop(created(&path));
    let blocks = fs::metadata(&path).expect("a log").len() / 512 + 20;
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""));
    command.arg(env::current_exe().expect("this program"));
    command.args(["--exact", CHILD, "--nocapture", "--test-threads=1"]);
    let mut child = start(&mut command, &path);
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let known = last_acknowledged(lines).expect("some decisions have room");
    assert!(child.wait().expect("it ends").success());
    let mut session = resumed(&path).expect("a log");
    assert_eq!(session.revision(), known);
    assert!(session.notices().is_empty(), "no torn line: {:?}", session.notices());
    let row = session.next(None, Order::Reading).unwrap_or(0);
    let decision = match session.rows()[row].is_fixed() {
        true => Decision::Clear { row, seen: None },
        false => confirm(row),
    };
    session.apply(decision).expect("there is room again");
}
