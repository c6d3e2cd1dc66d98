//! How much memory documents may take together, and how much one will take.

use std::fs;
use std::sync::{Condvar, Mutex, PoisonError};

/// What the program takes before the first document: model, tables, lexicon.
const BASE: u64 = 200 << 20;
/// What a document takes whatever its length.
const DOCUMENT: u64 = 8 << 20;
/// What a document takes for each byte of text, both sides together; measured (docs/results).
const PER_BYTE: u64 = 800;
/// A long document is worked on in pieces, four at a time, which take no more than this (measured:
/// 0.66 GB), and its texts and words this much for each byte (measured: 3).
const PIECES: u64 = 1 << 30;
const PER_BYTE_OF_ALL: u64 = 6;
/// Where nothing tells how much the machine has.
const ASSUMED: u64 = 4 << 30;

/// Reads a size such as `800M` or `4G`; without a letter it is bytes.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    const WANTED: &str = "a size such as 800M or 4G";
    let text = text.trim();
    let text = text.strip_suffix(['b', 'B']).unwrap_or(text);
    let text = text.strip_suffix(['i', 'I']).unwrap_or(text);
    let (number, shift) = match text.chars().last() {
        Some('k' | 'K') => (&text[..text.len() - 1], 10),
        Some('m' | 'M') => (&text[..text.len() - 1], 20),
        Some('g' | 'G') => (&text[..text.len() - 1], 30),
        Some('t' | 'T') => (&text[..text.len() - 1], 40),
        _ => (text, 0),
    };
    let number: f64 = number.trim().parse().map_err(|_| WANTED.to_owned())?;
    if !number.is_finite() || number <= 0.0 {
        return Err(WANTED.to_owned());
    }
    let size = (number * (1_u64 << shift) as f64) as u64;
    let least = BASE + DOCUMENT + 1;
    if most_bytes(size) == 0 {
        return Err(format!("the program and an empty document take {}", show_size(least)));
    }
    Ok(size)
}

/// Prints a size for people.
pub(crate) fn show_size(bytes: u64) -> String {
    for (unit, shift) in [("GB", 30), ("MB", 20), ("kB", 10)] {
        if bytes >= 1 << shift {
            let value = bytes as f64 / (1_u64 << shift) as f64;
            let digits = usize::from(value < 10.0);
            return format!("{value:.digits$} {unit}");
        }
    }
    format!("{bytes} bytes")
}

/// Gives about how much memory a document takes while it is worked on.
pub(crate) fn estimate(text_bytes: u64) -> u64 {
    let pieces = text_bytes.saturating_mul(PER_BYTE).min(PIECES);
    DOCUMENT + pieces + text_bytes.saturating_mul(PER_BYTE_OF_ALL)
}

/// Gives how many bytes of text a document may have in a process that may take so much.
pub(crate) fn most_bytes(whole: u64) -> u64 {
    let room = whole.saturating_sub(BASE + DOCUMENT);
    let in_pieces = room.saturating_sub(PIECES) / PER_BYTE_OF_ALL;
    in_pieces.max(room / (PER_BYTE + PER_BYTE_OF_ALL))
}

/// Gives about how much memory the program and documents of these sizes take.
pub(crate) fn whole(documents: impl Iterator<Item = u64>) -> u64 {
    BASE + documents.map(estimate).sum::<u64>()
}

/// Gives three quarters of the machine's memory.
pub(crate) fn default_limit() -> u64 {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
        line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
    });
    machine.map_or(ASSUMED, |kilobytes| kilobytes * 1024 / 4 * 3).max(2 * BASE)
}

/// Gives the most memory that this process has taken, where the system tells.
pub(crate) fn peak() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// Memory that documents share: who takes some waits until there is enough.
#[derive(Debug)]
pub(crate) struct Budget {
    /// What all documents may take together.
    limit: u64,
    free: Mutex<u64>,
    freed: Condvar,
}

/// A share of the budget, given back when it is dropped.
pub(crate) struct Share<'b> {
    budget: &'b Budget,
    size: u64,
}

impl Budget {
    /// Makes a budget for a process that may take so much.
    pub(crate) fn new(whole: u64) -> Self {
        let limit = whole.saturating_sub(BASE);
        Self { limit, free: Mutex::new(limit), freed: Condvar::new() }
    }

    /// Waits for a share; one above the limit is taken as the limit.
    pub(crate) fn take(&self, size: u64) -> Share<'_> {
        let size = size.min(self.limit);
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free < size {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= size;
        Share { budget: self, size }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.budget.free.lock().unwrap_or_else(PoisonError::into_inner) += self.size;
        self.budget.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn what_fits_is_estimated_to_fit() {
        for whole in [300_u64 << 20, 1 << 30, 1500 << 20, 16 << 30] {
            let most = most_bytes(whole);
            assert!(BASE + estimate(most) <= whole, "{whole}");
            assert!(BASE + estimate(most + most / 50 + 1000) > whole, "{whole}");
        }
        // A book of 100,000 sentences a side in a gigabyte and a half.
        assert!(most_bytes(1500 << 20) > 20_000_000);
    }

    #[test]
    fn sizes_are_read_and_told() {
        for (text, size) in
            [("4G", 4 << 30), ("1.5g", 3 << 29), ("800MB", 800 << 20), ("1TiB", 1 << 40)]
        {
            assert_eq!(parse_size(text), Ok(size), "{text}");
        }
        for bad in ["", "G", "-1G", "1X", "nan", "10M", "100", "205M"] {
            assert!(parse_size(bad).is_err(), "{bad}");
        }
        for (size, text) in [(3 << 29, "1.5 GB"), (800 << 20, "800 MB"), (5, "5 bytes")] {
            assert_eq!(show_size(size), text);
        }
    }

    #[test]
    fn shares_never_go_over_the_limit() {
        let budget = Budget::new(BASE + 100);
        let used = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for size in [60, 60, 30, 100, 500, 1] {
                let (budget, used) = (&budget, &used);
                scope.spawn(move || {
                    for _ in 0..200 {
                        let share = budget.take(size);
                        let now = used.fetch_add(share.size, Ordering::SeqCst) + share.size;
                        assert!(now <= 100);
                        used.fetch_sub(share.size, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(*budget.free.lock().expect("no panic"), 100);
    }
}
