//! Progress of a corpus run: a bar on a terminal, a line now and then elsewhere. [`bar`] has the bars
//! of other commands.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use nasaq_job::{DocumentDone, Observer, Warning};

use crate::printer::Printer;
use crate::shown::{message, shown};

mod bar;

pub(crate) use bar::{Clock, ReadingBar, StepBar, length_of, suspend_bar};

/// Time between two lines if there is no terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(15);
/// How often the bar is drawn per second.
const DRAW_RATE: u8 = 5;
/// Failures that are printed; the others are only in the list.
pub(crate) const MAX_PRINTED: usize = 10;

/// Prints the progress of a run and its first failures.
pub(crate) struct ProgressPrinter {
    printer: Printer,
    start: Instant,
    total: usize,
    /// Bytes of text of the corpus, from which the remaining time is estimated.
    total_bytes: u64,
    /// Where all failures are listed.
    error_list: PathBuf,
    state: Mutex<State>,
}

struct State {
    bar: Option<ProgressBar>,
    documents: usize,
    bytes: u64,
    /// Bytes of documents that were not reused from an earlier run.
    worked_bytes: u64,
    segments: u64,
    failed: usize,
    last_line: Instant,
}

impl ProgressPrinter {
    pub(crate) fn new(
        printer: Printer,
        total: usize,
        total_bytes: u64,
        error_list: PathBuf,
    ) -> Self {
        let bar = (printer.is_terminal() && !printer.is_quiet()).then(|| {
            let target = ProgressDrawTarget::stderr_with_hz(DRAW_RATE);
            let bar = ProgressBar::with_draw_target(Some(total as u64), target);
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len} documents{msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        let start = Instant::now();
        let state = State {
            bar,
            documents: 0,
            bytes: 0,
            worked_bytes: 0,
            segments: 0,
            failed: 0,
            last_line: start,
        };
        Self { printer, start, total, total_bytes, error_list, state: Mutex::new(state) }
    }

    /// Prints a message, above the bar if there is one.
    fn print(&self, state: &State, text: &str) {
        match &state.bar {
            Some(bar) => bar.suspend(|| self.printer.print(text)),
            None => self.printer.print(text),
        }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = &state.bar {
            bar.finish_and_clear();
        }
    }

    fn text(&self, state: &State) -> String {
        let seconds = self.start.elapsed().as_secs_f64().max(1e-3);
        let mut text = format!(", {:.0} sentences/s", state.segments as f64 / seconds);
        if state.worked_bytes > 0 {
            let left = self.total_bytes.saturating_sub(state.bytes) as f64;
            text.push_str(&format!(
                ", {} left",
                show_time(left * seconds / state.worked_bytes as f64)
            ));
        }
        if state.failed > 0 {
            text.push_str(&format!(", {} failed", state.failed));
        }
        text
    }
}

impl Observer for ProgressPrinter {
    fn warning(&self, warning: &Warning) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let print = || self.printer.warning(warning);
        match &state.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    fn document_done(&self, document: &DocumentDone<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(failure) = document.result {
            if state.failed < MAX_PRINTED {
                self.print(&state, &failed_line(document.id, &failure.reason));
            } else if state.failed == MAX_PRINTED {
                let list = self.error_list.display().to_string();
                let list = shown(&list);
                self.print(&state, &format!("further failures are listed in {list} only\n"));
            }
            state.failed += 1;
        }
        state.documents += 1;
        state.bytes += document.bytes;
        state.segments += document.segments();
        if !document.reused {
            state.worked_bytes += document.bytes;
        }
        let text = self.text(&state);
        if let Some(bar) = &state.bar {
            bar.set_message(text);
            bar.set_position(state.documents as u64);
        } else if state.last_line.elapsed() >= LINE_INTERVAL {
            state.last_line = Instant::now();
            self.printer.print(&format!("{}/{} documents{text}\n", state.documents, self.total));
        }
    }
}

/// Returns the line of a document that failed.
pub(crate) fn failed_line(id: &str, reason: &str) -> String {
    format!("failed: {}: {}\n", message(id), message(reason))
}

/// Formats a duration.
pub(crate) fn show_time(seconds: f64) -> String {
    let seconds = seconds.ceil().max(0.0) as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) if minutes < 10 => format!("{minutes} min {seconds} s"),
        (0, minutes, _) => format!("{minutes} min"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        for (seconds, text) in [
            (0.2, "1 s"),
            (59.0, "59 s"),
            (61.0, "1 min 1 s"),
            (1800.0, "30 min"),
            (7500.0, "2 h 5 min"),
        ] {
            assert_eq!(show_time(seconds), text);
        }
    }

    #[test]
    fn estimate_of_the_remaining_time_ignores_reused_documents() {
        let progress = ProgressPrinter::new(Printer::new(true), 3, 300, PathBuf::new());
        let state = |bytes, worked_bytes, failed| State {
            bar: None,
            documents: 1,
            bytes,
            worked_bytes,
            segments: 0,
            failed,
            last_line: Instant::now(),
        };
        assert!(!progress.text(&state(100, 0, 0)).contains("left"));
        assert!(progress.text(&state(200, 100, 1)).contains("left, 1 failed"));
    }
}
