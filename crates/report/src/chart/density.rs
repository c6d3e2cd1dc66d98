//! The scatter plot of the lengths of both sides, with the band that contains most pairs.

use std::fmt::Write as _;

use super::{Axis, Figure, PlotArea};
use crate::lengths::{CELLS, CELLS_PER_DOUBLING, CharRatio, ScatterCell};
use crate::number::format_count;

/// Maximum number of cells in the table.
const MAX_TABLE_ROWS: usize = 60;

/// Draws the cells of the scatter plot on logarithmic axes, darker with more pairs, and lines at
/// the quantiles of the ratio.
pub(crate) fn density(
    mut figure: Figure,
    cells: &[ScatterCell],
    ratio: Option<CharRatio>,
) -> String {
    let range = |cell_of: fn(&ScatterCell) -> u32| {
        let indices = || cells.iter().map(cell_of);
        (indices().min().unwrap_or(0), indices().max().unwrap_or(0) + 1)
    };
    let ((e0, e1), (a0, a1)) = (range(|cell| cell.english), range(|cell| cell.arabic));
    let (from, to) = (f64::from(e0.min(a0)), f64::from(e1.max(a1)).min(CELLS as f64));
    let ticks: Vec<(f64, String)> = [1, 5, 20, 100, 500, 2000]
        .into_iter()
        .map(|chars| {
            (libm::log2(f64::from(chars)) * CELLS_PER_DOUBLING, format_count(chars as u64))
        })
        .filter(|(cell, _)| (from..=to).contains(cell))
        .collect();
    let x = Axis::with_ticks(from, to, ticks.clone(), "English chars");
    let plot = PlotArea::square(x, Axis::with_ticks(from, to, ticks, "Arabic chars"));
    let mut out = plot.axes();
    let max_pairs = cells.iter().map(|cell| cell.pairs).max().unwrap_or(1) as f64;
    out.push_str("<g class=\"cells\">");
    for cell in cells {
        let (x, y) = (f64::from(cell.english), f64::from(cell.arabic));
        let (left, top) = (plot.x(x), plot.y(y + 1.0));
        // A cell with one pair must be visible next to one with a thousand.
        let shade = 0.18 + 0.82 * libm::log(cell.pairs as f64 + 1.0) / libm::log(max_pairs + 1.0);
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
            // On logarithmic axes, a constant ratio is a line parallel to the diagonal.
            let shift = libm::log2(value) * CELLS_PER_DOUBLING;
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
        let edge = |cell: u32| libm::exp2(f64::from(cell) / CELLS_PER_DOUBLING).ceil();
        format!("{:.0}–{:.0}", edge(cell), (edge(cell + 1) - 1.0).max(edge(cell)))
    };
    figure.head = ["English chars", "Arabic chars", "pairs"].map(str::to_owned).to_vec();
    let mut by_count: Vec<&ScatterCell> = cells.iter().collect();
    by_count.sort_by_key(|cell| (std::cmp::Reverse(cell.pairs), cell.english, cell.arabic));
    figure.rows = by_count
        .iter()
        .take(MAX_TABLE_ROWS)
        .map(|cell| vec![chars(cell.english), chars(cell.arabic), format_count(cell.pairs)])
        .collect();
    figure.finish(plot.size(), &out, &[])
}
