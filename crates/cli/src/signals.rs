//! Signals that end the program: unfinished files are removed first.

use std::io;
#[cfg(unix)]
use std::sync::Arc;

/// Makes Ctrl-C, a request to terminate, a closed terminal and a limit of processor time remove the
/// files that are not complete, before they end the process as they do by default.
///
/// A signal that the process was started to ignore, as by `nohup`, stays ignored. A file that exceeds
/// the limit of file sizes no longer ends the process: writing fails, which is reported.
///
/// # Errors
/// The error of the system if it accepts no handler or starts no thread.
#[cfg(unix)]
pub(crate) fn remove_files_on_signals() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU, SIGXFSZ};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    let ignored = ignored_signals();
    let is_ignored = |signal: &i32| ignored >> (signal - 1) & 1 == 1;
    let ending = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU];
    let handled = ending.into_iter().filter(|signal| !is_ignored(signal));
    let mut signals = Signals::new(handled)?;
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            nasaq_formats::remove_unfinished();
            // Ends the process; an error is impossible for these signals.
            let _ = emulate_default_handler(signal);
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(wait)?;
    // Nobody reads the flag: with a handler, the system call returns an error.
    signal_hook::flag::register(SIGXFSZ, Arc::default())?;
    Ok(())
}

/// Does nothing: only Unix has such signals.
#[cfg(not(unix))]
pub(crate) fn remove_files_on_signals() -> io::Result<()> {
    Ok(())
}

/// Returns the signals that the process ignores, as bits from that of signal 1; none where the system
/// does not report them.
#[cfg(unix)]
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}
