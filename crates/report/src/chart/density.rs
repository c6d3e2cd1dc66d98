//! Length against length: how many pairs lie where, with the band that holds most of them.

use std::fmt::Write as _;

use super::{Axis, Figure, Plot};
use crate::lengths::{CELLS, PER_DOUBLING, Ratio, ScatterCell};
use crate::number::count;

/// Draws the pairs' lengths on doubling axes, the denser the darker.
pub(crate) fn density(mut figure: Figure, cells: &[ScatterCell], ratio: Option<Ratio>) -> String {
    let ends = |of: fn(&ScatterCell) -> u32| {
        let places = || cells.iter().map(of);
        (places().min().unwrap_or(0), places().max().unwrap_or(0) + 1)
    };
    let ((e0, e1), (a0, a1)) = (ends(|cell| cell.english), ends(|cell| cell.arabic));
    let (from, to) = (f64::from(e0.min(a0)), f64::from(e1.max(a1)).min(CELLS as f64));
    let ticks: Vec<(f64, String)> = [1, 5, 20, 100, 500, 2000]
        .into_iter()
        .map(|chars| (libm::log2(f64::from(chars)) * PER_DOUBLING, count(chars as u64)))
        .filter(|(place, _)| (from..=to).contains(place))
        .collect();
    let x = Axis::with_ticks(from, to, ticks.clone(), "English chars");
    let plot = Plot::square(x, Axis::with_ticks(from, to, ticks, "Arabic chars"));
    let mut out = plot.axes();
    let most = cells.iter().map(|cell| cell.pairs).max().unwrap_or(1) as f64;
    out.push_str("<g class=\"cells\">");
    for cell in cells {
        let (x, y) = (f64::from(cell.english), f64::from(cell.arabic));
        let (left, top) = (plot.x(x), plot.y(y + 1.0));
        // One pair must be seen beside a thousand.
        let shade = 0.18 + 0.82 * libm::log(cell.pairs as f64 + 1.0) / libm::log(most + 1.0);
        let _ = write!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" \
             fill-opacity=\"{shade:.2}\"/>",
            plot.x(x + 1.0) - left,
            plot.y(y) - top
        );
    }
    out.push_str("</g>");
    if let Some(ratio) = ratio {
        for (class, value) in [("mark", ratio.low), ("mark", ratio.high), ("line s1", ratio.median)]
        {
            // Parallel lines: a ratio is a distance on doubling axes.
            let shift = libm::log2(value) * PER_DOUBLING;
            let (start, end) = (from.max(from - shift), to.min(to - shift));
            if start < end {
                let _ = write!(
                    out,
                    "<line class=\"{class}\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
                    plot.x(start),
                    plot.y(start + shift),
                    plot.x(end),
                    plot.y(end + shift)
                );
            }
        }
    }
    let chars = |cell: u32| {
        let edge = |cell: u32| libm::exp2(f64::from(cell) / PER_DOUBLING).ceil();
        format!("{:.0}–{:.0}", edge(cell), (edge(cell + 1) - 1.0).max(edge(cell)))
    };
    figure.head = ["English chars", "Arabic chars", "pairs"].map(str::to_owned).to_vec();
    let mut most: Vec<&ScatterCell> = cells.iter().collect();
    most.sort_by_key(|cell| (std::cmp::Reverse(cell.pairs), cell.english, cell.arabic));
    figure.rows = most
        .iter()
        .take(60)
        .map(|cell| vec![chars(cell.english), chars(cell.arabic), count(cell.pairs)])
        .collect();
    figure.finish(plot.size(), &out, &[])
}
