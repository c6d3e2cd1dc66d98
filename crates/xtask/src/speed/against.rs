//! Two builds in turn: A B, B A, A B, …, and the ratio of their rates in each pair.
//!
//! Other programs and the clock of the CPU change the speed of a machine from minute to minute by
//! more than a change of the code. A pair of runs within seconds of each other sees the same machine.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The rates that a build printed, by what was measured.
type Rates = BTreeMap<String, f64>;

/// Runs this program and an older one `pairs` times each and prints the ratio of their rates: the
/// median of the pairs, the minimum and the maximum. Above 1, this one is faster.
#[expect(clippy::print_stdout, reason = "the figures are the output of the task")]
pub(crate) fn run(old: &Path, text: &Path, lines: usize, pairs: usize) -> Result<()> {
    let own = std::env::current_exe().context("the path of this program")?;
    let mut ratios: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for pair in 0..pairs.max(1) {
        let (new_rates, old_rates) = if pair % 2 == 0 {
            let new_rates = rates(&own, text, lines)?;
            (new_rates, rates(old, text, lines)?)
        } else {
            let old_rates = rates(old, text, lines)?;
            (rates(&own, text, lines)?, old_rates)
        };
        for (what, rate) in new_rates {
            if let Some(old) = old_rates.get(&what) {
                ratios.entry(what).or_default().push(rate / old);
            }
        }
    }
    ensure!(!ratios.is_empty(), "the two builds print no rate of the same name");
    println!("ratio of the rates to those of {}, {} pairs:", old.display(), pairs.max(1));
    for (what, mut ratios) in ratios {
        ratios.sort_by(f64::total_cmp);
        let (min, max) = (ratios[0], ratios[ratios.len() - 1]);
        println!("  {what}: {:.3} ({min:.3} to {max:.3})", ratios[ratios.len() / 2]);
    }
    Ok(())
}

/// Runs a build once and returns its rates.
fn rates(program: &Path, text: &Path, lines: usize) -> Result<Rates> {
    let lines = lines.to_string();
    let output = Command::new(program)
        .arg("speed")
        .arg(text)
        .args(["--runs", "1", "--lines", &lines])
        .output()
        .with_context(|| program.display().to_string())?;
    ensure!(
        output.status.success(),
        "{}: {}",
        program.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(parse(&String::from_utf8_lossy(&output.stdout)))
}

/// Reads lines of the form `WHAT: RATE sentences/s`, with anything after it.
fn parse(output: &str) -> Rates {
    let rate = |line: &str| -> Option<(String, f64)> {
        let (what, rest) = line.split_once(": ")?;
        let (rate, _) = rest.split_once(" sentences/s")?;
        Some((what.to_owned(), rate.parse().ok()?))
    };
    output.lines().filter_map(rate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_by_name() {
        let output = "2 sentences, median of 5 runs, one thread\n\
                      int8, full token cache: 4544 sentences/s, 170000 tokens/s\n\
                      products in the cache: 57.2 GMAC/s in f32, 192.0 in i8\n\
                      f32, without the cache: 925 sentences/s\n";
        let rates = parse(output);
        assert_eq!(rates.len(), 2);
        assert!((rates["int8, full token cache"] - 4544.0).abs() < 0.1);
        assert!((rates["f32, without the cache"] - 925.0).abs() < 0.1);
    }
}
