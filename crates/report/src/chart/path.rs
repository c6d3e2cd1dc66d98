//! The path of one document: source position against target position.

use std::fmt::Write as _;

use nasaq::FindingKind;

use super::{Axis, Figure, Plot, short};
use crate::documents::PathPlot;

/// Draws a path with what is missing and what was moved.
pub(crate) fn path(mut figure: Figure, plot: &PathPlot, [source, target]: [&str; 2]) -> String {
    let [src, tgt] = plot.segments.map(f64::from);
    let x = Axis::new(0.0, src, 4, &format!("{source} segments"), short);
    let y = Axis::new(0.0, tgt, 4, &format!("{target} segments"), short);
    let room = Plot { height: 290.0, width: 320.0, ..Plot::new(x, y) };
    let mut out = room.axes();
    out.push_str("<polyline class=\"line s0\" points=\"");
    for [x, y] in &plot.points {
        let _ = write!(out, "{:.1},{:.1} ", room.x(f64::from(*x)), room.y(f64::from(*y)));
    }
    out.push_str("\"/>");
    for block in &plot.blocks {
        let (class, word) = match block.kind {
            FindingKind::Moved => ("moved", "moved"),
            FindingKind::Omitted => ("omitted", "missing in the target"),
            FindingKind::Added => ("added", "missing in the source"),
        };
        let [x0, x1] = block.src.map(|at| room.x(f64::from(at)));
        let [y0, y1] = block.tgt.map(|at| room.y(f64::from(at)));
        // What is missing has no extent on one side: a stroke wide enough to be seen.
        let (left, width) = if x1 - x0 < 6.0 { (x0 - 3.0, 6.0) } else { (x0, x1 - x0) };
        let (top, height) = if y0 - y1 < 6.0 { (y1 - 3.0, 6.0) } else { (y1, y0 - y1) };
        let words = format!(
            "{word}: {source} {}–{}, {target} {}–{}",
            block.src[0], block.src[1], block.tgt[0], block.tgt[1]
        );
        let _ = write!(
            out,
            "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" \
             height=\"{height:.1}\"><title>{}</title></rect>",
            super::escape(&words)
        );
        figure.rows.push(vec![
            word.to_owned(),
            format!("{}–{}", block.src[0], block.src[1]),
            format!("{}–{}", block.tgt[0], block.tgt[1]),
        ]);
    }
    figure.head =
        vec!["block".to_owned(), format!("{source} segments"), format!("{target} segments")];
    figure.finish(room.size(), &out, &[])
}
