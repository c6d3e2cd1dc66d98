//! Temporary folders, and runs of the program in them.

pub(crate) mod browser;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// An Arabic text of five sentences, one per line.
pub(crate) const ARABIC: &str = "\
وصل القطار إلى المحطة قبل الفجر.
لم يكن في انتظاره أحد.
جلس المسافر على المقعد الخشبي وفتح حقيبته.
أخرج منها كتابًا قديمًا ورسالة لم تُفتح.
ثم سأل نفسه: هل كان عليه أن يعود؟
";

/// Its English translation.
pub(crate) const ENGLISH: &str = "\
The train reached the station before dawn.
Nobody was waiting for it.
The traveller sat down on the wooden bench and opened his bag.
He took out an old book and a letter that had not been opened.
Then he asked himself: should he have come back?
";

/// A temporary folder, deleted when the value is dropped.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    /// Creates an empty folder.
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// Creates a folder with `a.ar` and `a.en`, a text and its translation.
    pub(crate) fn with_pair() -> Self {
        let folder = Self::new();
        folder.write("a.ar", ARABIC);
        folder.write("a.en", ENGLISH);
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a text file")
    }

    /// Returns the sorted names of the files and folders inside.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// Runs `nasaq` in the folder.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with_input(args, b"")
    }

    /// Runs `nasaq` in the folder with the given standard input.
    pub(crate) fn run_with_input(&self, args: &[&str], input: &[u8]) -> Run {
        let mut child = self.command(args).spawn().expect("the program");
        let mut stdin = child.stdin.take().expect("a pipe");
        // A run that fails early closes its input.
        let _ = stdin.write_all(input);
        drop(stdin);
        Run::new(child.wait_with_output().expect("an exit status"))
    }

    /// Returns a command with the same environment on every machine.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nasaq"));
        command
            .args(args)
            .current_dir(self.0.path())
            .env_remove("COLUMNS")
            .env_remove("NO_COLOR")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    fn new(output: Output) -> Self {
        Self {
            code: output.status.code().expect("no signal"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Returns the standard output; panics unless the run succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self.stdout
    }

    /// Checks that the run failed with this exit code, an error message that contains all of `parts`,
    /// a hint, and nothing on standard output.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.stderr.starts_with("nasaq: error: "), "{}", self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        assert!(self.stderr.contains("\nhint: "), "no hint: {}", self.stderr);
        assert_eq!(self.stdout, "");
        for part in parts {
            assert!(self.stderr.contains(part), "{part:?} is not in {}", self.stderr);
        }
    }

    /// Checks that the run succeeded with a warning that contains all of `parts`, and a hint.
    #[track_caller]
    pub(crate) fn warns(&self, parts: &[&str]) {
        assert_eq!(self.code, 0, "{self:?}");
        assert!(self.stderr.contains("nasaq: warning: "), "{}", self.stderr);
        assert!(self.stderr.contains("\nhint: "), "no hint: {}", self.stderr);
        for part in parts {
            assert!(self.stderr.contains(part), "{part:?} is not in {}", self.stderr);
        }
    }

    /// Checks that the run succeeded with a note that contains all of `parts`.
    #[track_caller]
    pub(crate) fn notes(&self, parts: &[&str]) {
        assert_eq!(self.code, 0, "{self:?}");
        for part in ["nasaq: note: "].iter().chain(parts) {
            assert!(self.stderr.contains(part), "{part:?} is not in {}", self.stderr);
        }
    }
}
