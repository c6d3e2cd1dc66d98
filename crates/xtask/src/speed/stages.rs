//! Where the time of encoding goes: a table by stage.

use anyhow::Result;
use nasaq_encoder::take_stage_totals;

/// Runs `work` once and prints a line for each stage: its time and share, the multiply-adds of its
/// products and their rate as a share of `peak` (in GMAC/s), and the bytes that it reads and writes.
///
/// A stage without products, or far below their peak, is bound by what it reads and writes. Bytes
/// are counted whether they are in a cache or not.
#[expect(clippy::print_stdout, reason = "the figures are the output of the task")]
pub(crate) fn print(what: &str, peak: f64, work: impl FnOnce() -> Result<()>) -> Result<()> {
    take_stage_totals();
    work()?;
    let totals = take_stage_totals();
    let all: f64 = totals.iter().map(|total| total.seconds).sum();
    println!("stages of {what}:");
    println!(
        "  {:<24} {:>9} {:>6} {:>8} {:>8} {:>6} {:>8} {:>6}",
        "stage", "ms", "share", "GMAC", "GMAC/s", "peak", "MB", "GB/s"
    );
    for total in totals.iter().filter(|total| total.seconds > 0.0) {
        let (products, bytes) = (total.multiply_adds as f64 / 1e9, total.bytes as f64 / 1e6);
        let rate = products / total.seconds;
        println!(
            "  {:<24} {:>9.1} {:>4.0} % {:>8.2} {:>8.1} {:>4.0} % {:>8.1} {:>6.1}",
            total.stage.name(),
            1e3 * total.seconds,
            100.0 * total.seconds / all,
            products,
            rate,
            100.0 * rate / peak,
            bytes,
            bytes / 1e3 / total.seconds
        );
    }
    Ok(())
}
