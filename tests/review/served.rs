//! A review that runs, and requests to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::util::Folder;

/// A program that serves a review. It is killed when the value is dropped.
pub(super) struct Served {
    child: Child,
    /// The address of the page, with the token.
    pub(super) url: String,
}

/// An answer to a request.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Returns the path of a file of the bundled corpora.
pub(super) fn corpus(file: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpora").join(file).display().to_string()
}

impl Served {
    /// Serves a review of a bundled corpus by its segments.
    pub(super) fn corpus(folder: &Folder, name: &str) -> Self {
        let [src, tgt] = ["ar", "en"].map(|side| corpus(&format!("{name}/{side}.segments.txt")));
        Self::start(folder, &["--segmented", &src, &tgt, "-o", "log.review.jsonl"])
    }

    /// Runs `nasaq review` and waits for the address that it prints.
    pub(super) fn start(folder: &Folder, args: &[&str]) -> Self {
        Self::spawn(folder.command(&[&["review", "--no-open"][..], args].concat()))
    }

    /// Does the same with a limit of the size of files, beyond which writing fails as on a full disk.
    pub(super) fn with_limit(folder: &Folder, bytes: u64, args: &[&str]) -> Self {
        let mut command = Command::new("sh");
        let script = format!("ulimit -f {}; exec \"$0\" review --no-open \"$@\"", bytes / 512);
        command.args(["-c", &script, env!("CARGO_BIN_EXE_nasaq")]).args(args);
        command.current_dir(folder.path("")).stdout(Stdio::piped());
        Self::spawn(command)
    }

    fn spawn(mut command: Command) -> Self {
        command.stderr(Stdio::inherit());
        let mut child = command.spawn().expect("the program");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("an address");
        let url = line.trim().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{url:?}");
        Self { child, url }
    }

    /// Ends the program at once, as a crash would.
    pub(super) fn kill(mut self) {
        self.child.kill().expect("a process");
        self.child.wait().expect("an end");
    }

    /// Ends the program as Ctrl-C does.
    #[cfg(unix)]
    pub(super) fn interrupt(mut self) {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-INT", &pid]).status().expect("a signal");
        self.child.wait().expect("an end");
    }

    /// Returns the host and port.
    pub(super) fn host(&self) -> &str {
        self.url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).expect("a host")
    }

    /// Returns the path of an address below the token.
    pub(super) fn path(&self, below: &str) -> String {
        let token = self.url.rsplit('/').nth(1).expect("a token");
        format!("/{token}/{below}")
    }

    /// Sends a request as it is and returns the answer.
    pub(super) fn raw(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.host()).expect("a connection");
        // The server may refuse a body before all of it is sent.
        let _ = stream.write_all(request.as_bytes());
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    /// Sends a request with headers.
    pub(super) fn request(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let host = self.host();
        let length = body.len();
        self.raw(&format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Length: {length}\r\n{headers}\r\n{body}"
        ))
    }

    /// Fetches an address of the document.
    pub(super) fn get(&self, what: &str) -> Answer {
        let id = self.id();
        self.request("GET", &self.path(&format!("api/d/{id}/{what}")), "", "")
    }

    /// Sends JSON to an address of the document.
    pub(super) fn post(&self, what: &str, body: &Value) -> Answer {
        let path = self.path(&format!("api/d/{}/{what}", self.id()));
        self.request("POST", &path, "Content-Type: application/json\r\n", &body.to_string())
    }

    /// Returns the name of the first document in addresses.
    pub(super) fn id(&self) -> String {
        let list = self.request("GET", &self.path("api/documents"), "", "").json();
        list[0]["id"].as_str().expect("a document").to_owned()
    }

    /// Returns the beads: spans of source and target, and who decided.
    pub(super) fn beads(&self) -> Vec<(Spans, String)> {
        let beads = self.get("beads?from=0&count=1000").json();
        let bead =
            |bead: &Value| (spans(bead), bead["decided"].as_str().unwrap_or_default().to_owned());
        beads["beads"].as_array().expect("beads").iter().map(bead).collect()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The spans of source and target.
pub(super) type Spans = [[usize; 2]; 2];

/// Returns the spans of a bead.
pub(super) fn spans(bead: &Value) -> Spans {
    ["src", "tgt"]
        .map(|side| [0, 1].map(|end| bead[side][end].as_u64().expect("an index") as usize))
}
