//! Signals that end the program: unfinished files are removed first.

use std::io;

/// Makes Ctrl-C, a request to terminate and a closed terminal remove the files that are not
/// complete, before they end the process as they do by default.
///
/// A signal that the process was started to ignore, as by `nohup`, stays ignored.
///
/// # Errors
/// The error of the system if it accepts no handler or starts no thread.
#[cfg(unix)]
pub fn remove_files_on_signals() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    let ignored = ignored_signals();
    let is_ignored = |signal: &i32| ignored >> (signal - 1) & 1 == 1;
    let handled = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| !is_ignored(signal));
    let mut signals = Signals::new(handled)?;
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            nasaq_formats::remove_unfinished();
            // Ends the process; an error is impossible for these signals.
            let _ = emulate_default_handler(signal);
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(wait)?;
    Ok(())
}

/// Does nothing: only Unix has such signals.
#[cfg(not(unix))]
pub fn remove_files_on_signals() -> io::Result<()> {
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
