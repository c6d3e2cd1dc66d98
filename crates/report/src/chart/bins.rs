//! Histograms: bars for one series, outlines for several.

use std::fmt::Write as _;

use super::{Axis, Figure, PlotArea, escape, short, short_percent};
use crate::histogram::Histogram;
use crate::number::format_count;

/// Draws histograms that have the same bins over each other.
///
/// A single histogram shows counts. Several show shares, so that corpora of different sizes can be
/// compared. Each of the `marks` is a vertical line with a label.
pub(crate) fn bins(
    mut figure: Figure,
    x: Axis,
    unit: &str,
    series: &[(&str, &Histogram)],
    marks: &[(f64, &str)],
) -> String {
    let single = series.len() == 1;
    let value = |histogram: &Histogram, bin: usize| {
        let count = histogram.counts[bin] as f64;
        if single { count } else { count / (histogram.total().max(1)) as f64 }
    };
    let Some((_, first)) = series.first() else { return String::new() };
    let bins = first.counts.len();
    let max = series
        .iter()
        .flat_map(|(_, histogram)| (0..bins).map(|bin| value(histogram, bin)))
        .fold(0.0, f64::max);
    let y = if single {
        Axis::new(0.0, max.max(1.0) * 1.04, 4, unit, short)
    } else {
        Axis::new(0.0, max.max(1e-6) * 1.04, 4, &format!("share of {unit}"), short_percent)
    };
    let plot = PlotArea::new(x, y);
    let mut out = plot.axes();
    let base = plot.y(0.0);
    for (at, (_, histogram)) in series.iter().enumerate() {
        if single {
            out.push_str("<g class=\"bars\">");
            for bin in 0..bins {
                let (from, to) = (plot.x(histogram.edge(bin)), plot.x(histogram.edge(bin + 1)));
                let top = plot.y(value(histogram, bin));
                if histogram.counts[bin] > 0 {
                    let _ = write!(
                        out,
                        "<rect x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                        from + 0.4,
                        (to - from - 0.8).max(0.8),
                        (base - top).max(0.6)
                    );
                }
            }
            out.push_str("</g>");
        } else {
            let _ = write!(
                out,
                "<path class=\"line s{at}\" d=\"M{:.1} {base:.1}",
                plot.x(histogram.from)
            );
            for bin in 0..bins {
                let top = plot.y(value(histogram, bin));
                let _ = write!(out, "V{top:.1}H{:.1}", plot.x(histogram.edge(bin + 1)));
            }
            let _ = write!(out, "V{base:.1}\"/>");
        }
    }
    for (value, label) in marks {
        let x = plot.x(*value);
        let _ = write!(
            out,
            "<line class=\"mark\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"10\" y2=\"{base:.1}\"/>\
             <text class=\"note\" x=\"{:.1}\" y=\"20\" text-anchor=\"end\">{}</text>",
            x - 4.0,
            escape(label)
        );
    }
    figure.head = ["from", "to"].map(str::to_owned).to_vec();
    figure.head.extend(series.iter().map(|(name, _)| (*name).to_owned()));
    for bin in 0..bins {
        if series.iter().all(|(_, histogram)| histogram.counts[bin] == 0) {
            continue;
        }
        let edge = |bin: usize| short(first.edge(bin));
        let mut row = vec![edge(bin), edge(bin + 1)];
        row.extend(series.iter().map(|(_, histogram)| format_count(histogram.counts[bin])));
        figure.rows.push(row);
    }
    let below: fn(&Histogram) -> u64 = |histogram| histogram.below;
    let above: fn(&Histogram) -> u64 = |histogram| histogram.above;
    for (label, outside) in [("below", below), ("above", above)] {
        if series.iter().any(|(_, histogram)| outside(histogram) > 0) {
            let mut row = vec![label.to_owned(), String::new()];
            row.extend(series.iter().map(|(_, histogram)| format_count(outside(histogram))));
            figure.rows.push(row);
        }
    }
    let names: Vec<&str> = series.iter().map(|(name, _)| *name).collect();
    figure.finish(plot.size(), &out, &names)
}
