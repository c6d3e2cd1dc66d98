//! A headless Chromium that is controlled through the DevTools protocol.
//!
//! The protocol is described at <https://chromedevtools.github.io/devtools-protocol/>. Messages are
//! JSON, each followed by a zero byte, on the browser's file descriptors 3 (in) and 4 (out). A shell
//! connects these to named pipes, which needs nothing but the standard library here.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

const FLAGS: &str = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
                     --hide-scrollbars --disable-background-networking \
                     --disable-component-update --disable-sync --disable-extensions \
                     --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1' \
                     --remote-debugging-pipe";

/// After this time, a browser that hangs is ended.
const MAX_SECONDS: u32 = 900;

/// A browser with one page.
pub(crate) struct Browser {
    child: Child,
    to: File,
    from: BufReader<File>,
    next: u64,
    session: Option<String>,
    events: Vec<Value>,
    _folder: tempfile::TempDir,
}

impl Browser {
    /// Starts a browser without network access. Returns `None`, with a notice, if none is installed.
    pub(crate) fn start() -> Option<Self> {
        let mut browser = Self::start_local()?;
        let offline = json!({"offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        browser.call("Network.emulateNetworkConditions", &offline);
        Some(browser)
    }

    /// Starts a browser that can connect to this machine only.
    pub(crate) fn start_local() -> Option<Self> {
        let name = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
            let run = Command::new(name).arg("--version").stderr(Stdio::null()).output();
            run.is_ok_and(|output| output.status.success())
        });
        let Some(name) = name else {
            // A skipped test must be visible.
            #[expect(
                clippy::print_stderr,
                reason = "tests have no other way to report that they are skipped"
            )]
            {
                eprintln!("skipped: chromium is not installed (Debian: apt install chromium)");
            }
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let made = Command::new("mkfifo").args([path("in"), path("out")]).status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo");
        let script = format!(
            "exec timeout {MAX_SECONDS} {name} {FLAGS} --user-data-dir=\"$0/profile\" about:blank \
             3<\"$0/in\" 4>\"$0/out\""
        );
        let child = Command::new("sh")
            .args(["-c", &script])
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let to = OpenOptions::new().write(true).open(path("in")).expect("a pipe");
        let from = BufReader::new(File::open(path("out")).expect("a pipe"));
        let mut browser =
            Self { child, to, from, next: 0, session: None, events: Vec::new(), _folder: folder };
        let target = browser.call("Target.createTarget", &json!({"url": "about:blank"}));
        let id = &target["targetId"];
        let session =
            browser.call("Target.attachToTarget", &json!({"targetId": id, "flatten": true}));
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        Some(browser)
    }

    /// Opens a file and waits until it is loaded.
    pub(crate) fn open(&mut self, path: &Path) {
        self.visit(&format!("file://{}", path.display()));
    }

    /// Opens an address and waits until it is loaded.
    pub(crate) fn visit(&mut self, url: &str) {
        self.events.clear();
        // An address that differs in its fragment alone would not be loaded again.
        self.call("Page.navigate", &json!({"url": "about:blank"}));
        self.wait("Page.loadEventFired");
        self.events.clear();
        self.call("Page.navigate", &json!({"url": url}));
        self.wait("Page.loadEventFired");
    }

    /// Presses and releases a key. `modifiers` are 1 Alt, 2 Ctrl, 8 Shift, added up.
    pub(crate) fn key(&mut self, key: &str, code: &str, modifiers: u32) {
        let is_text = key.chars().count() == 1 && modifiers & 3 == 0;
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({"type": kind, "key": key, "code": code, "modifiers": modifiers});
            if is_text && kind == "keyDown" {
                event["text"] = json!(key);
            }
            if key == "Escape" {
                event["windowsVirtualKeyCode"] = json!(27);
            }
            if key == "Enter" {
                event["windowsVirtualKeyCode"] = json!(13);
                event["text"] = json!("\r");
            }
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Types a text into the element in focus.
    pub(crate) fn insert(&mut self, text: &str) {
        self.call("Input.insertText", &json!({"text": text}));
    }

    /// Presses the left button at the first point and releases it at the last.
    pub(crate) fn drag(&mut self, points: &[[f64; 2]]) {
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
        let mouse = |kind: &str, [x, y]: [f64; 2], buttons: u32| json!({"type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1});
        self.call("Input.dispatchMouseEvent", &mouse("mouseMoved", *first, 0));
        self.call("Input.dispatchMouseEvent", &mouse("mousePressed", *first, 1));
        for point in &points[1..] {
            self.call("Input.dispatchMouseEvent", &mouse("mouseMoved", *point, 1));
        }
        self.call("Input.dispatchMouseEvent", &mouse("mouseReleased", *last, 0));
    }

    /// Sets the size of the window; `is_phone` emulates a phone.
    pub(crate) fn resize(&mut self, width: u32, height: u32, is_phone: bool) {
        let scale = if is_phone { 2 } else { 1 };
        let size = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": is_phone});
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Sets the medium (screen or print) and the colour scheme (light or dark).
    pub(crate) fn media(&mut self, medium: &str, colours: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": colours}]);
        self.call("Emulation.setEmulatedMedia", &json!({"media": medium, "features": features}));
    }

    /// Writes a picture of the window.
    pub(crate) fn picture(&mut self, path: &Path) {
        let shot = self.call("Page.captureScreenshot", &json!({"format": "png"}));
        std::fs::write(path, decode(&shot["data"])).expect("a picture");
    }

    /// Evaluates an expression in the page, awaits it and returns its value.
    pub(crate) fn eval(&mut self, expression: &str) -> Value {
        let found = self.call(
            "Runtime.evaluate",
            &json!({"expression": expression, "awaitPromise": true, "returnByValue": true}),
        );
        assert!(found.get("exceptionDetails").is_none(), "{expression}: {found}");
        found["result"]["value"].clone()
    }

    /// Returns the parameters of all events of one kind since the page was opened.
    pub(crate) fn events(&mut self, method: &str) -> Vec<Value> {
        // The response to this call arrives after all earlier events.
        self.eval("new Promise((done) => setTimeout(done, 50))");
        let events = self.events.iter().filter(|event| event["method"] == method);
        events.map(|event| event["params"].clone()).collect()
    }

    /// Calls a method and returns its result.
    pub(crate) fn call(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let id = self.next;
        let mut message = json!({"id": id, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("the browser reads its pipe");
        loop {
            let message = self.read();
            if message["id"] == id {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    fn wait(&mut self, method: &str) {
        while !self.events.iter().any(|event| event["method"] == method) {
            let message = self.read();
            self.events.push(message);
        }
    }

    fn read(&mut self) -> Value {
        let mut bytes = Vec::new();
        self.from.read_until(0, &mut bytes).expect("the browser writes to its pipe");
        assert!(bytes.pop() == Some(0), "the browser has ended");
        serde_json::from_slice(&bytes).expect("JSON")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser may already have exited.
        let _ = self.to.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let _ = self.child.wait();
    }
}

/// Decodes base 64.
pub(crate) fn decode(text: &Value) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for group in text.as_str().expect("text").trim_end_matches('=').as_bytes().chunks(4) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 6 | u32::from(value(*byte)));
        let bits = bits << (6 * (4 - group.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    bytes
}
