//! Draws the curves of reviews.

use std::fmt::Write as _;

use super::Outcome;

/// The size of a panel, and the space around it.
const PANEL: (f64, f64) = (250.0, 170.0);
const MARGIN: (f64, f64) = (46.0, 44.0);
/// The share of right beads at the bottom of a panel.
const BOTTOM: f64 = 0.5;
const COLOURS: [&str; 4] = ["#8a8a8a", "#b58b2b", "#3f7fbf", "#c23b4b"];

/// Draws a panel for each set: the share of right beads after each share of the decisions that it
/// takes to check every bead.
pub(super) fn draw(modes: &[&str], outcomes: &[(&str, Vec<Outcome>)]) -> String {
    let columns = outcomes.len().min(3);
    let rows = outcomes.len().div_ceil(columns.max(1));
    let step = (PANEL.0 + MARGIN.0 + 10.0, PANEL.1 + MARGIN.1 + 18.0);
    let size = (columns as f64 * step.0 + 10.0, rows as f64 * step.1 + 34.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {:.0} {:.0}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"11\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        size.0, size.1
    );
    for (at, (set, of_set)) in outcomes.iter().enumerate() {
        let origin =
            (MARGIN.0 + (at % columns) as f64 * step.0, 28.0 + (at / columns) as f64 * step.1);
        panel(&mut out, origin, set, of_set);
    }
    for (at, (mode, colour)) in modes.iter().zip(COLOURS).enumerate() {
        let (x, y) = (MARGIN.0 + at as f64 * 190.0, size.1 - 14.0);
        let _ = writeln!(
            out,
            "<path d=\"M{x} {y}h22\" stroke=\"{colour}\" stroke-width=\"2.5\"/>\
             <text x=\"{}\" y=\"{}\">{mode}</text>",
            x + 28.0,
            y + 4.0
        );
    }
    out.push_str("</svg>\n");
    out
}

fn panel(out: &mut String, (x, y): (f64, f64), set: &str, of_set: &[Outcome]) {
    let longest = of_set.iter().map(|outcome| outcome.points.len() - 1).max().unwrap_or(1).max(1);
    let _ = writeln!(
        out,
        "<text x=\"{x}\" y=\"{}\" font-weight=\"600\">{set}, {} beads</text>",
        y - 9.0,
        of_set[0].gold
    );
    for percent in [50, 60, 70, 80, 90, 100] {
        let line = y + height(f64::from(percent) / 100.0);
        let _ = writeln!(
            out,
            "<path d=\"M{x} {line:.1}h{}\" stroke=\"#ddd\"/><text x=\"{}\" y=\"{:.1}\" \
             text-anchor=\"end\" fill=\"#555\">{percent} %</text>",
            PANEL.0,
            x - 5.0,
            line + 4.0
        );
    }
    for part in 0..=2 {
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#555\">{}</text>",
            x + PANEL.0 * f64::from(part) / 2.0,
            y + PANEL.1 + 15.0,
            longest * part as usize / 2
        );
    }
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#555\">decisions</text>",
        x + PANEL.0 / 2.0,
        y + PANEL.1 + 29.0
    );
    for (outcome, colour) in of_set.iter().zip(COLOURS) {
        let mut path = String::new();
        for point in &outcome.points {
            let command = if path.is_empty() { 'M' } else { 'L' };
            let across = x + PANEL.0 * point.decisions as f64 / longest as f64;
            let _ = write!(path, "{command}{across:.1} {:.1}", y + height(point.share));
        }
        let _ = writeln!(
            out,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\"/>"
        );
    }
}

/// Returns how far below the top of a panel a share is.
fn height(share: f64) -> f64 {
    PANEL.1 * (1.0 - (share.max(BOTTOM) - BOTTOM) / (1.0 - BOTTOM))
}
