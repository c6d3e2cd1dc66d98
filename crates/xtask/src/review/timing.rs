//! Times realignment after edits of a long document, made of gold bitexts.

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use anyhow::Result;
use nasaq::{Aligner, Bead, Constraints, Encoder, Search};

use super::reviewer::{end, is_stop, start};
use crate::gold::GoldDocument;
use crate::random::Random;

/// The number of edits that are timed.
const EDITS: usize = 300;
/// Documents with more segments on a side do not retain vectors.
const MAX_RETAINED: usize = 20_000;

/// Aligns a document of about this number of source segments, fixes beads of it at random, and
/// describes how long it takes to align the stretches beside each again.
pub(super) fn time(
    aligner: &Aligner,
    encoder: &impl Encoder,
    documents: &[GoldDocument],
    segments: usize,
) -> Result<String> {
    let (mut src, mut tgt) = (Vec::new(), Vec::new());
    for document in documents.iter().cycle() {
        if src.len() >= segments {
            break;
        }
        src.extend(document.src.iter().map(String::as_str));
        tgt.extend(document.tgt.iter().map(String::as_str));
    }
    src.truncate(segments);
    tgt.truncate(segments);
    let retains = segments <= MAX_RETAINED;
    let started = Instant::now();
    let mut search = aligner.search(encoder, &src, &tgt)?.retain_vectors(retains);
    let beads = search.align()?.beads().to_vec();
    let aligned = started.elapsed();
    let memory_before = peak_memory();
    let mut random = Random::new(1);
    let (mut times, mut sizes) = (Vec::new(), Vec::new());
    for _ in 0..EDITS {
        let at = random.below(beads.len());
        let (time, size) = edit(&mut search, &beads, at)?;
        times.push(time);
        sizes.push(size);
    }
    times.sort_unstable();
    sizes.sort_unstable();
    let at = |share: f64| ((EDITS - 1) as f64 * share) as usize;
    let millis = |time: Duration| time.as_secs_f64() * 1000.0;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} and {} segments, vectors {}: aligned in {:.1} s; {EDITS} edits: median {:.1} ms, 95th \
         percentile {:.1} ms, maximum {:.1} ms; segments aligned again on both sides: median {}, 95th \
         percentile {}, maximum {}; peak memory {} after the alignment, {} after the edits",
        src.len(),
        tgt.len(),
        if retains { "retained" } else { "encoded again" },
        aligned.as_secs_f64(),
        millis(times[at(0.5)]),
        millis(times[at(0.95)]),
        millis(times[at(1.0)]),
        sizes[at(0.5)],
        sizes[at(0.95)],
        sizes[at(1.0)],
        memory_before,
        peak_memory(),
    );
    Ok(out)
}

/// Aligns the stretches before and after a bead again; returns the time and the number of segments.
fn edit(search: &mut Search<'_>, beads: &[Bead], at: usize) -> Result<(Duration, usize)> {
    let bead = &beads[at];
    let (before, after) = (start(bead), end(bead));
    let first = beads[..at].iter().rposition(|other| is_stop(other, false, before));
    let last = beads[at + 1..].iter().position(|other| is_stop(other, false, after));
    let from = first.map_or((0, 0), |first| end(&beads[first]));
    let to = last.map_or(end(&beads[beads.len() - 1]), |last| start(&beads[at + 1 + last]));
    let started = Instant::now();
    let constraints = Constraints::default();
    search.realign(from.0..before.0, from.1..before.1, &constraints)?;
    search.realign(after.0..to.0, after.1..to.1, &constraints)?;
    let size = before.0 - from.0 + before.1 - from.1 + to.0 - after.0 + to.1 - after.1;
    Ok((started.elapsed(), size))
}

/// Returns the maximum memory of the process so far, where the system reports it.
fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or("unknown".to_owned(), |line| line.trim().to_owned())
}
