//! A limit of the time of an execution, for readers whose time must grow with the length of a text.

use rustix::time::{ClockId, clock_gettime};

/// The limit of an execution, in seconds of the processor: of the clock, a loaded machine would fail.
const MAX_SECONDS: f64 = 1.0;

/// Panics if a function takes longer than a second for an input of at most 256 kB. The shortest of
/// three times counts, because other work on the machine slows the processor down.
pub fn check_cost(what: &str, run: impl Fn()) {
    let time_once = || {
        let start = seconds();
        run();
        seconds() - start
    };
    let mut time = f64::INFINITY;
    for _ in 0..3 {
        time = time.min(time_once());
        if time < MAX_SECONDS {
            return;
        }
    }
    panic!("{what} took {time:.1} s");
}

fn seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// Repeats a text up to a length, so that short inputs of the fuzzer find time that grows with the
/// square of the length.
///
/// `0` becomes the index of the copy, and `q` the index in letters, so that copies may differ.
pub fn grown(bytes: &[u8], len: usize) -> Vec<u8> {
    let mut text = Vec::with_capacity(len + bytes.len());
    let mut index = 0;
    while text.len() < len && !bytes.is_empty() {
        let digits = index.to_string();
        for byte in bytes {
            match byte {
                b'0' => text.extend_from_slice(digits.as_bytes()),
                b'q' => text.extend(digits.bytes().map(|digit| digit - b'0' + b'b')),
                _ => text.push(*byte),
            }
        }
        index += 1;
    }
    text.truncate(len);
    text
}
