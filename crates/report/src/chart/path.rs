//! The path of one document: source position against target position.

use std::fmt::Write as _;

use nasaq::FindingKind;

use super::{Axis, Figure, PlotArea, escape, short};
use crate::documents::PathPlot;

/// Draws a path, and the text that is omitted, added or moved as blocks.
pub(crate) fn path(mut figure: Figure, plot: &PathPlot, [source, target]: [&str; 2]) -> String {
    let [src, tgt] = plot.segments.map(f64::from);
    let x = Axis::new(0.0, src, 4, &format!("{source} segments"), short);
    let y = Axis::new(0.0, tgt, 4, &format!("{target} segments"), short);
    let area = PlotArea { height: 290.0, width: 320.0, ..PlotArea::new(x, y) };
    let mut out = area.axes();
    out.push_str("<polyline class=\"line s0\" points=\"");
    for [x, y] in &plot.points {
        let _ = write!(out, "{:.1},{:.1} ", area.x(f64::from(*x)), area.y(f64::from(*y)));
    }
    out.push_str("\"/>");
    for block in &plot.blocks {
        let (class, label) = match block.kind {
            FindingKind::Omitted => ("omitted", "missing in the target"),
            FindingKind::Added => ("added", "missing in the source"),
            _ => ("moved", "moved"),
        };
        let [x0, x1] = block.src.map(|at| area.x(f64::from(at)));
        let [y0, y1] = block.tgt.map(|at| area.y(f64::from(at)));
        // Missing text has no extent on one side: the block must still be wide enough to see.
        let (left, width) = if x1 - x0 < 6.0 { (x0 - 3.0, 6.0) } else { (x0, x1 - x0) };
        let (top, height) = if y0 - y1 < 6.0 { (y1 - 3.0, 6.0) } else { (y1, y0 - y1) };
        let title = format!(
            "{label}: {source} {}–{}, {target} {}–{}",
            block.src[0], block.src[1], block.tgt[0], block.tgt[1]
        );
        let _ = write!(
            out,
            "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" \
             height=\"{height:.1}\"><title>{}</title></rect>",
            escape(&title)
        );
        figure.rows.push(vec![
            label.to_owned(),
            format!("{}–{}", block.src[0], block.src[1]),
            format!("{}–{}", block.tgt[0], block.tgt[1]),
        ]);
    }
    figure.head =
        vec!["block".to_owned(), format!("{source} segments"), format!("{target} segments")];
    figure.finish(area.size(), &out, &[])
}
