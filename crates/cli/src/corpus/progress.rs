//! How far a run has come: a bar on a terminal, a line now and then elsewhere.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::printer::Printer;

/// Where there is no terminal, time between two lines.
const BETWEEN_LINES: Duration = Duration::from_secs(15);
/// How often a bar is drawn, a second.
const DRAWN: u8 = 5;

/// Tells how far a run has come.
pub(crate) struct Progress {
    printer: Printer,
    start: Instant,
    total: usize,
    /// Bytes of text of the whole corpus; the time left goes by them.
    total_bytes: u64,
    state: Mutex<State>,
}

struct State {
    bar: Option<ProgressBar>,
    documents: usize,
    bytes: u64,
    /// Bytes of documents that took work, not those that were done before.
    worked_bytes: u64,
    segments: u64,
    failed: usize,
    last_line: Instant,
}

/// What one document adds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Step {
    pub(crate) bytes: u64,
    /// Segments of both sides that were aligned.
    pub(crate) segments: u64,
    pub(crate) failed: bool,
    pub(crate) reused: bool,
}

impl Progress {
    pub(crate) fn new(printer: Printer, total: usize, total_bytes: u64) -> Self {
        let bar = (printer.is_terminal() && !printer.is_quiet()).then(|| {
            let target = ProgressDrawTarget::stderr_with_hz(DRAWN);
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
        Self { printer, start, total, total_bytes, state: Mutex::new(state) }
    }

    /// Counts a document that is done.
    pub(crate) fn done(&self, step: Step) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.documents += 1;
        state.bytes += step.bytes;
        state.segments += step.segments;
        state.failed += usize::from(step.failed);
        if !step.reused {
            state.worked_bytes += step.bytes;
        }
        let text = self.text(&state);
        if let Some(bar) = &state.bar {
            bar.set_message(text);
            bar.set_position(state.documents as u64);
        } else if state.last_line.elapsed() >= BETWEEN_LINES {
            state.last_line = Instant::now();
            self.printer.print(&format!("{}/{} documents{text}\n", state.documents, self.total));
        }
    }

    /// Prints a message above the bar, or on its own.
    pub(crate) fn print(&self, text: &str) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &state.bar {
            Some(bar) => bar.suspend(|| self.printer.print(text)),
            None => self.printer.print(text),
        }
    }

    /// Takes the bar away.
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

/// Prints a time as a person would say it.
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
    fn what_an_earlier_run_did_says_nothing_of_the_time_left() {
        let progress = Progress::new(Printer::new(true), 3, 300);
        progress.done(Step { bytes: 100, reused: true, ..Step::default() });
        let text = |progress: &Progress| progress.text(&progress.state.lock().expect("no panic"));
        assert!(!text(&progress).contains("left"));
        progress.done(Step { bytes: 100, failed: true, ..Step::default() });
        assert!(text(&progress).contains("left, 1 failed"));
    }
}
