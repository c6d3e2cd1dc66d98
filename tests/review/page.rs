//! A page of a review in a browser, and what a reviewer does there.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::served::Spans;
use crate::util::browser::Browser;

/// How long a page may take; machines that build at the same time are slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// A page with a review.
pub(super) struct Page {
    pub(super) browser: Browser,
    url: String,
}

/// What the selected row holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Current {
    pub(super) row: usize,
    pub(super) spans: Spans,
    pub(super) decided: String,
    pub(super) is_moved: bool,
}

impl Page {
    /// Opens a review, or returns `None` where no browser is installed.
    pub(super) fn open(url: &str) -> Option<Self> {
        let browser = Browser::start_local()?;
        let mut page = Self { browser, url: url.to_owned() };
        page.browser.resize(1280, 3000, false);
        page.load("");
        Some(page)
    }

    /// Opens the list of the documents of a corpus.
    pub(super) fn open_list(url: &str) -> Option<Self> {
        let browser = Browser::start_local()?;
        let mut page = Self { browser, url: url.to_owned() };
        page.browser.visit(url);
        page.until("document.querySelector('#documents:not([hidden]) a')");
        Some(page)
    }

    /// Loads the page again, with a fragment.
    pub(super) fn load(&mut self, fragment: &str) {
        let url = format!("{}{fragment}", self.url);
        self.visit(&url);
    }

    /// Loads another address.
    pub(super) fn visit(&mut self, url: &str) {
        self.url = url.split('#').next().unwrap_or(url).to_owned();
        self.browser.visit(url);
        self.until("document.querySelector('.bead.current .segment')");
    }

    /// Waits until an expression is true.
    pub(super) fn until(&mut self, expression: &str) {
        let start = Instant::now();
        while self.eval(&format!("Boolean({expression})")) != true {
            assert!(start.elapsed() < PATIENCE, "{expression} is not true: {}", self.notices());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(super) fn eval(&mut self, expression: &str) -> Value {
        self.browser.eval(expression)
    }

    /// Returns the texts of the notices.
    pub(super) fn notices(&mut self) -> String {
        let text = self.eval("document.body.textContent.slice(0, 300) + document.getElementById('notices')?.textContent");
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Returns how many decisions, undos and redos there were.
    pub(super) fn revision(&mut self) -> u64 {
        let revision = self.eval("Number(document.getElementById('work').dataset.revision)");
        revision.as_u64().expect("a revision")
    }

    /// Presses a key: `a`, `Enter`, `Shift+ArrowDown`.
    pub(super) fn press(&mut self, keys: &str) {
        let (modifiers, key) = keys.rsplit_once('+').unwrap_or(("", keys));
        let values = [("Alt", 1), ("Ctrl", 2), ("Shift", 8)];
        let sum = values
            .iter()
            .filter(|(name, _)| modifiers.contains(name))
            .map(|(_, value)| value)
            .sum();
        let code = match key {
            key if key.len() == 1 && key.as_bytes()[0].is_ascii_lowercase() => {
                format!("Key{}", key.to_ascii_uppercase())
            }
            "/" | "?" => "Slash".to_owned(),
            "0" => "Digit0".to_owned(),
            key => key.to_owned(),
        };
        self.browser.key(key, &code, sum);
    }

    /// Does something that is a decision, and waits until the page shows it.
    pub(super) fn decide(&mut self, what: impl FnOnce(&mut Self)) {
        let before = self.revision();
        what(self);
        self.until(&format!(
            "Number(document.getElementById('work').dataset.revision) > {before} \
             && document.getElementById('list').ariaBusy !== 'true'"
        ));
        self.settle();
    }

    /// Waits until the selection and the rows around it are drawn.
    pub(super) fn settle(&mut self) {
        self.eval(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
        );
        self.until("document.querySelector('.bead.current .segment')");
    }

    /// Clicks the button of a command.
    pub(super) fn click(&mut self, command: &str) {
        let point = self.centre(&format!("[data-do={command}]"));
        self.browser.drag(&[point, point]);
    }

    /// Returns the middle of an element.
    pub(super) fn centre(&mut self, selector: &str) -> [f64; 2] {
        let point = self.eval(&format!(
            "(() => {{ const element = document.querySelector({selector:?}); \
             if (!element) return null; const box = element.getBoundingClientRect(); \
             return [box.left + box.width / 2, box.top + box.height / 2]; }})()"
        ));
        let at = |index: usize| point[index].as_f64().unwrap_or_else(|| panic!("no {selector}"));
        [at(0), at(1)]
    }

    /// Drags from the middle of one element to the middle of another, or a little off it.
    pub(super) fn drag(&mut self, from: &str, to: &str, [dx, dy]: [f64; 2]) {
        let (start, end) = (self.centre(from), self.centre(to));
        let end = [end[0] + dx, end[1] + dy];
        let middle = [(start[0] + end[0]) / 2.0, (start[1] + end[1]) / 2.0];
        self.browser.drag(&[start, middle, end, end]);
    }

    /// Selects a row as a link to it does. Only the event of such a link is sent: browsers ignore changes
    /// of the address after the first 200 in ten seconds, and some reviews need more.
    pub(super) fn select(&mut self, row: usize) {
        let to = row + 1;
        self.eval(&format!(
            "dispatchEvent(new HashChangeEvent('hashchange', \
             {{ newURL: new URL('#row-{to}', location.href).href }}))"
        ));
        self.until(&format!("document.querySelector('#row-{to}.current .segment')"));
    }

    /// Returns what the selected row holds.
    pub(super) fn current(&mut self) -> Current {
        self.row_of("'.bead.current'")
    }

    /// Returns what a row that is drawn holds.
    pub(super) fn row(&mut self, row: usize) -> Current {
        self.row_of(&format!("'#row-{}'", row + 1))
    }

    fn row_of(&mut self, selector: &str) -> Current {
        let found = self.eval(&format!(
            "(() => {{ const element = document.querySelector({selector}); const bead = element.bead; \
             return {{row: element.row, src: bead.src, tgt: bead.tgt, decided: bead.decided, \
             moved: bead.moved}}; }})()"
        ));
        Current {
            row: found["row"].as_u64().expect("a row") as usize,
            spans: super::served::spans(&found),
            decided: found["decided"].as_str().unwrap_or_default().to_owned(),
            is_moved: found["moved"] == true,
        }
    }

    /// Checks that nothing was logged, nothing failed, and no request left the machine.
    pub(super) fn assert_quiet(&mut self) {
        for kind in ["Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"] {
            let events = self.browser.events(kind);
            assert!(events.is_empty(), "{kind}: {events:?}");
        }
        for request in self.browser.events("Network.requestWillBeSent") {
            let url = request["request"]["url"].as_str().unwrap_or_default();
            assert!(url.starts_with(&self.url) || url == "about:blank", "{url}");
        }
    }
}
