//! Line charts.

use std::fmt::Write as _;

use super::{Axis, Figure, PlotArea};

/// One line of a chart.
#[derive(Debug)]
pub(crate) struct LineSeries<'n> {
    pub(crate) name: &'n str,
    pub(crate) points: Vec<[f64; 2]>,
    /// The confidence intervals of the points. If present, the points are marked.
    pub(crate) intervals: Option<Vec<[f64; 2]>>,
}

/// Draws lines; `diagonal` makes the chart square and adds the line on which x equals y.
pub(crate) fn lines(
    figure: Figure,
    x: Axis,
    y: Axis,
    lines: &[LineSeries<'_>],
    diagonal: bool,
) -> String {
    let plot = if diagonal { PlotArea::square(x, y) } else { PlotArea::new(x, y) };
    let mut out = plot.axes();
    if diagonal {
        let _ = write!(
            out,
            "<line class=\"mark\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
            plot.x(0.0),
            plot.y(0.0),
            plot.x(1.0),
            plot.y(1.0)
        );
    }
    for (at, line) in lines.iter().enumerate() {
        if let Some(intervals) = &line.intervals {
            for ([x, _], [low, high]) in line.points.iter().zip(intervals) {
                let x = plot.x(*x);
                let _ = write!(
                    out,
                    "<line class=\"whisker s{at}\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
                    plot.y(*low),
                    plot.y(*high)
                );
            }
            for [x, y] in &line.points {
                let _ = write!(
                    out,
                    "<circle class=\"dot s{at}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\"/>",
                    plot.x(*x),
                    plot.y(*y)
                );
            }
        }
        let _ = write!(out, "<polyline class=\"line s{at}\" points=\"");
        for [x, y] in &line.points {
            let _ = write!(out, "{:.1},{:.1} ", plot.x(*x), plot.y(*y));
        }
        out.push_str("\"/>");
    }
    let names: Vec<&str> = lines.iter().map(|line| line.name).collect();
    figure.finish(plot.size(), &out, &names)
}
