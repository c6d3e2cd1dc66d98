//! Bars on a terminal for commands that take more than a moment. Elsewhere they print nothing.

use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use nasaq_formats::ReadCounter;

use super::{DRAW_RATE, show_time};
use crate::bitext::count;
use crate::printer::Printer;

/// How long a command runs before a bar is drawn.
const DELAY: Duration = Duration::from_secs(1);
/// After how many rows the time is looked at.
const ROWS_PER_LOOK: u64 = 64;

/// The bar on the screen, which messages are printed above.
static CURRENT: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Runs a function that prints while the bar of the command, if there is one, is not on the screen.
pub(crate) fn suspend_bar<T>(print: impl FnOnce() -> T) -> T {
    let bar = CURRENT.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match bar {
        Some(bar) => bar.suspend(print),
        None => print(),
    }
}

/// A bar that is drawn on a terminal once [`DELAY`] has passed.
struct DelayedBar {
    bar: ProgressBar,
    start: Instant,
    is_drawn: bool,
}

impl DelayedBar {
    fn new(total: Option<u64>, template: &str, what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(what);
        Self { bar, start: Instant::now(), is_drawn: false }
    }

    /// Returns whether the bar is on the screen; puts it there if it is time.
    fn draw(&mut self) -> bool {
        if !self.is_drawn && self.start.elapsed() >= DELAY {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(DRAW_RATE));
            let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
            *current = Some(self.bar.clone());
            self.is_drawn = true;
        }
        self.is_drawn
    }
}

impl Drop for DelayedBar {
    fn drop(&mut self) {
        if self.is_drawn {
            *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = None;
            self.bar.finish_and_clear();
        }
    }
}

/// The progress of reading bitexts, by the bytes of their files.
pub(crate) struct ReadingBar {
    bar: DelayedBar,
    counter: ReadCounter,
    /// What the counter showed at the beginning.
    first: u64,
    /// The length of the files. `None` if it is unknown, or if bytes do not show the progress.
    total: Option<u64>,
    rows: u64,
}

impl ReadingBar {
    /// Returns a bar for files of a known length, if there is a terminal to draw it on.
    pub(crate) fn new(
        printer: Printer,
        what: &'static str,
        counter: &ReadCounter,
        total: Option<u64>,
    ) -> Option<Self> {
        if printer.is_quiet() || !printer.is_terminal() {
            return None;
        }
        let template =
            if total.is_some() { "{prefix} {bar:24} {percent}%{msg}" } else { "{prefix}{msg}" };
        let bar = DelayedBar::new(total, template, what);
        let (counter, first) = (counter.clone(), counter.bytes());
        Some(Self { bar, counter, first, total, rows: 0 })
    }

    /// Counts a row.
    pub(crate) fn add_row(&mut self) {
        self.rows += 1;
        if self.rows.is_multiple_of(ROWS_PER_LOOK) && self.bar.draw() {
            let read = self.counter.bytes() - self.first;
            self.bar.bar.set_position(read);
            let seconds = self.bar.start.elapsed().as_secs_f64();
            self.bar.bar.set_message(reading_text(
                self.rows,
                seconds,
                self.total.map(|t| (read, t)),
            ));
        }
    }
}

/// Returns the rows, their rate and the remaining time.
fn reading_text(rows: u64, seconds: f64, bytes: Option<(u64, u64)>) -> String {
    let rate = rows as f64 / seconds.max(1e-3);
    let mut text = format!(", {}, {rate:.0} pairs/s", count(rows, "pair"));
    if let Some((read, total)) = bytes
        && (1..total).contains(&read)
    {
        let left = (total - read) as f64 * seconds / read as f64;
        text.push_str(&format!(", {} left", show_time(left)));
    }
    text
}

/// Returns the length of files, if it is known for all and shows how far a reader is: those that seek
/// in their files do not read them from front to end.
pub(crate) fn length_of<'p>(paths: impl Iterator<Item = &'p Path>) -> Option<u64> {
    let mut total = 0;
    for path in paths {
        let seeks = path.extension().is_some_and(|ending| ending == "parquet" || ending == "xlsx");
        let found = path.metadata().ok().filter(|found| found.is_file() && !seeks)?;
        total += found.len();
    }
    (total > 0).then_some(total)
}

/// The progress of steps that are counted, such as files that are read.
pub(crate) struct StepBar(Option<Mutex<DelayedBar>>);

impl StepBar {
    pub(crate) fn new(printer: Printer, what: &'static str) -> Self {
        let is_shown = !printer.is_quiet() && printer.is_terminal();
        let template = "{prefix} {bar:24} {pos}/{len}";
        Self(is_shown.then(|| Mutex::new(DelayedBar::new(Some(0), template, what))))
    }

    /// Sets how many steps are done.
    pub(crate) fn set(&self, done: usize, total: usize) {
        let Some(bar) = &self.0 else { return };
        let mut bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
        bar.bar.set_length(total as u64);
        if bar.draw() {
            bar.bar.set_position(done as u64);
        }
    }
}

/// A line with the time that a long step without parts has taken, until it is dropped.
pub(crate) struct Clock(Option<(Sender<()>, JoinHandle<()>)>);

impl Clock {
    pub(crate) fn start(printer: Printer, what: &'static str) -> Self {
        if printer.is_quiet() || !printer.is_terminal() {
            return Self(None);
        }
        let (end, ended) = mpsc::channel();
        let run = move || {
            let mut bar = DelayedBar::new(None, "{spinner} {prefix} {elapsed}", what);
            let tick = Duration::from_secs(1) / u32::from(DRAW_RATE);
            while ended.recv_timeout(tick) == Err(RecvTimeoutError::Timeout) {
                if bar.draw() {
                    bar.bar.tick();
                }
            }
        };
        let thread = thread::Builder::new().name("clock".to_owned()).spawn(run);
        Self(thread.ok().map(|thread| (end, thread)))
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.0.take() {
            drop(end);
            // It has only drawn; a panic of it changes no result.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_remaining_time_follow_from_rows_and_bytes() {
        assert_eq!(reading_text(100, 2.0, None), ", 100 pairs, 50 pairs/s");
        let text = reading_text(100, 2.0, Some((1000, 31_000)));
        assert_eq!(text, ", 100 pairs, 50 pairs/s, 1 min 0 s left");
        assert!(!reading_text(100, 2.0, Some((31_000, 31_000))).contains("left"));
    }

    #[test]
    fn length_of_pipes_and_of_formats_that_seek_is_unknown() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        for name in ["a.tsv", "b.tsv", "c.parquet"] {
            std::fs::write(path(name), "12345").expect("a file");
        }
        let length = |names: &[&str]| {
            let paths: Vec<_> = names.iter().map(|name| path(name)).collect();
            length_of(paths.iter().map(AsRef::as_ref))
        };
        assert_eq!(length(&["a.tsv", "b.tsv"]), Some(10));
        assert_eq!(length(&["a.tsv", "c.parquet"]), None);
        assert_eq!(length(&["a.tsv", "none.tsv"]), None);
    }

    #[test]
    fn without_a_terminal_or_when_quiet_there_is_no_bar() {
        let quiet = Printer::new(true);
        assert!(ReadingBar::new(quiet, "reading", &ReadCounter::default(), Some(1)).is_none());
        assert!(Clock::start(quiet, "aligning").0.is_none());
        let steps = StepBar::new(quiet, "reading files");
        steps.set(1, 2);
        assert!(steps.0.is_none());
        assert_eq!(suspend_bar(|| 1), 1);
    }
}
