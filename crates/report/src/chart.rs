//! Charts as inline SVG: axes with round ticks, a title and a description for screen readers, and a
//! table with the same numbers.
//!
//! Colours are classes of the page's style sheet, which has a light and a dark version. All text is
//! escaped.

use std::fmt::Write as _;

mod bins;
mod density;
mod lines;
mod matrix;
mod path;
mod ribbon;

pub(crate) use bins::bins;
pub(crate) use density::density;
pub(crate) use lines::{LineSeries, lines};
pub(crate) use matrix::matrix;
pub(crate) use path::path;
pub(crate) use ribbon::ribbon;

/// Width of a chart. Charts are scaled to their column, and at this width the text stays readable
/// on a phone.
const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 240.0;

/// A chart with its caption and its table.
#[derive(Debug)]
pub(crate) struct Figure {
    /// The prefix of the ids of its elements, unique in the page.
    pub(crate) id: String,
    pub(crate) title: String,
    /// The caption.
    pub(crate) text: String,
    /// The column headings of the table.
    pub(crate) head: Vec<String>,
    /// The rows of the table.
    pub(crate) rows: Vec<Vec<String>>,
    /// Whether the chart takes a whole row of the page and scrolls if there is not enough room.
    pub(crate) is_wide: bool,
}

impl Figure {
    /// Creates a figure without a table.
    pub(crate) fn new(id: &str, title: &str, text: &str) -> Self {
        let [id, title, text] = [id, title, text].map(str::to_owned);
        Self { id, title, text, head: Vec::new(), rows: Vec::new(), is_wide: false }
    }

    /// Returns the markup of the figure with the given drawing.
    fn finish(self, [width, height]: [f64; 2], drawing: &str, legend: &[&str]) -> String {
        let Self { id, title, text, head, rows, is_wide } = self;
        let class = if is_wide { "chart wide" } else { "chart" };
        let (id, title, text) = (escape(&id), escape(&title), escape(&text));
        let mut out = format!(
            "<figure class=\"{class}\" id=\"{id}\"><figcaption><strong>{title}</strong> {text}\
             </figcaption>"
        );
        if legend.len() > 1 {
            out.push_str("<ul class=\"legend\">");
            for (at, name) in legend.iter().enumerate() {
                let _ = write!(
                    out,
                    "<li><svg viewBox=\"0 0 24 8\" aria-hidden=\"true\"><line class=\"line s{at}\" \
                     x1=\"1\" x2=\"23\" y1=\"4\" y2=\"4\"/></svg>{}</li>",
                    escape(name)
                );
            }
            out.push_str("</ul>");
        }
        let _ = write!(
            out,
            "<div class=\"drawing\"><svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\
             <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{text}</desc>{drawing}</svg></div>"
        );
        if !rows.is_empty() {
            out.push_str("<details class=\"data\"><summary>Data</summary><div class=\"scroll\"><table><thead><tr>");
            for cell in &head {
                let _ = write!(out, "<th scope=\"col\">{}</th>", escape(cell));
            }
            out.push_str("</tr></thead><tbody>");
            for row in &rows {
                out.push_str("<tr>");
                for cell in row {
                    let _ = write!(out, "<td>{}</td>", escape(cell));
                }
                out.push_str("</tr>");
            }
            out.push_str("</tbody></table></div></details>");
        }
        out.push_str("</figure>");
        out
    }
}

/// Escapes a text for HTML, as the content of an element or the value of an attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// An axis: its range, its ticks and its label.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    from: f64,
    to: f64,
    ticks: Vec<(f64, String)>,
    label: String,
}

impl Axis {
    /// Creates an axis with about `count` round ticks, labelled by `format`.
    pub(crate) fn new(
        from: f64,
        to: f64,
        count: usize,
        label: &str,
        format: fn(f64) -> String,
    ) -> Self {
        let to = if to > from { to } else { from + 1.0 };
        let ticks = ticks(from, to, count).into_iter().map(|tick| (tick, format(tick))).collect();
        Self { from, to, ticks, label: label.to_owned() }
    }

    /// Creates an axis with the given ticks.
    pub(crate) fn with_ticks(from: f64, to: f64, ticks: Vec<(f64, String)>, label: &str) -> Self {
        Self { from, to, ticks, label: label.to_owned() }
    }

    /// Returns the position of a value, from 0 at the start of the axis to 1 at its end.
    fn position(&self, value: f64) -> f64 {
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }
}

/// Returns round numbers in a range: multiples of 1, 2 or 5 times a power of ten.
fn ticks(from: f64, to: f64, count: usize) -> Vec<f64> {
    let rough = (to - from) / count.max(1) as f64;
    let power = 10_f64.powi(rough.log10().floor() as i32);
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|unit| unit * power)
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(10.0 * power);
    let first = (from / step - 1e-9).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    (first..=last).map(|at| at as f64 * step).collect()
}

/// Formats a number in as few characters as possible.
pub(crate) fn short(value: f64) -> String {
    let (scaled, unit) = match value.abs() {
        v if v >= 1e6 => (value / 1e6, "M"),
        v if v >= 1e4 => (value / 1e3, "k"),
        _ => (value, ""),
    };
    let text = format!("{scaled:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{}{unit}", text.replace('-', "−"))
}

/// Formats a share as a percentage in as few characters as possible.
pub(crate) fn short_percent(value: f64) -> String {
    format!("{} %", short((value * 1e6).round() / 1e4))
}

/// Two axes and the area between them.
#[derive(Clone, Debug)]
struct PlotArea {
    x: Axis,
    y: Axis,
    width: f64,
    height: f64,
}

const LEFT: f64 = 56.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 40.0;

impl PlotArea {
    fn new(x: Axis, y: Axis) -> Self {
        Self { x, y, width: WIDTH, height: HEIGHT }
    }

    /// Creates a square area.
    fn square(x: Axis, y: Axis) -> Self {
        let side = 300.0;
        Self { x, y, width: LEFT + side + RIGHT, height: TOP + side + BOTTOM }
    }

    fn x(&self, value: f64) -> f64 {
        LEFT + self.x.position(value) * (self.width - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        self.height - BOTTOM - self.y.position(value) * (self.height - TOP - BOTTOM)
    }

    fn size(&self) -> [f64; 2] {
        [self.width, self.height]
    }

    /// Returns the markup of the axes.
    fn axes(&self) -> String {
        let mut out = String::new();
        let (left, right) = (LEFT, self.width - RIGHT);
        let (top, bottom) = (TOP, self.height - BOTTOM);
        out.push_str("<g class=\"axes\">");
        for (value, label) in &self.y.ticks {
            let y = self.y(*value);
            let _ = write!(
                out,
                "<line class=\"grid\" x1=\"{left}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                left - 6.0,
                y + 3.5,
                escape(label)
            );
        }
        for (value, label) in &self.x.ticks {
            let x = self.x(*value);
            let _ = write!(
                out,
                "<line class=\"tick\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{bottom}\" y2=\"{:.1}\"/>\
                 <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                bottom + 4.0,
                bottom + 16.0,
                escape(label)
            );
        }
        let _ = write!(
            out,
            "<line class=\"axis\" x1=\"{left}\" x2=\"{right}\" y1=\"{bottom}\" y2=\"{bottom}\"/>\
             <text class=\"label\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\
             <text class=\"label\" transform=\"translate(14 {:.1}) rotate(-90)\" \
             text-anchor=\"middle\">{}</text></g>",
            f64::midpoint(left, right),
            self.height - 6.0,
            escape(&self.x.label),
            f64::midpoint(top, bottom),
            escape(&self.y.label)
        );
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_in_range() {
        assert_eq!(ticks(0.0, 1.0, 5), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        assert_eq!(ticks(0.0, 7.0, 4), [0.0, 2.0, 4.0, 6.0]);
        assert_eq!(ticks(-3.0, 3.0, 3), [-2.0, 0.0, 2.0]);
        for (from, to) in [(0.0, 0.003), (12.0, 13.0), (0.0, 123_456.0)] {
            let ticks = ticks(from, to, 5);
            assert!((3..=7).contains(&ticks.len()), "{ticks:?}");
            assert!(ticks.iter().all(|tick| *tick >= from - 1e-9 && *tick <= to * (1.0 + 1e-9)));
        }
    }

    #[test]
    fn numbers_are_formatted_briefly() {
        assert_eq!(
            [0.0, 0.25, 1500.0, 12_000.0, 2.5e6].map(short),
            ["0", "0.25", "1500", "12k", "2.5M"]
        );
        assert_eq!([0.05, 0.6000000000000001].map(short_percent), ["5 %", "60 %"]);
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(
            escape("\"><img onerror='x'>&"),
            "&quot;&gt;&lt;img onerror=&#39;x&#39;&gt;&amp;"
        );
    }
}
