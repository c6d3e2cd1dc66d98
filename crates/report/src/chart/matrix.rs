//! A correlation matrix: the darker the stronger, two hues for the two signs.

use std::fmt::Write as _;

use super::{Figure, escape};
use crate::correlation::Correlation;
use crate::number::decimal;

/// Side of a cell.
const CELL: f64 = 13.0;
/// Room for the names.
const NAMES: f64 = 118.0;
/// Correlations that are named in the table.
const NAMED: usize = 40;
/// Room above, for the first name.
const ABOVE: f64 = 62.0;

/// Draws the lower triangle, as the upper one says the same.
pub(crate) fn matrix(mut figure: Figure, correlation: &Correlation) -> String {
    let Correlation { names, values, .. } = correlation;
    let size = names.len() as f64 * CELL;
    let mut out = String::from("<g class=\"matrix\">");
    for (row, name) in names.iter().enumerate() {
        let y = ABOVE + row as f64 * CELL;
        let _ = write!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            NAMES - 5.0,
            y + CELL - 3.5,
            escape(name)
        );
        for (column, value) in values[row].iter().enumerate().take(row) {
            let Some(value) = value else { continue };
            let x = NAMES + column as f64 * CELL;
            let class = if *value < 0.0 { "negative" } else { "positive" };
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w}\" height=\"{w}\" \
                 fill-opacity=\"{:.2}\"><title>{} and {}: {}</title></rect>",
                value.abs(),
                escape(name),
                escape(&names[column]),
                decimal(Some(*value), 2),
                w = CELL - 1.0
            );
        }
        // Its own column begins under the diagonal, where its name can stand.
        let _ = write!(
            out,
            "<text class=\"small\" transform=\"translate({:.1} {:.1}) rotate(-38)\">{}</text>",
            NAMES + row as f64 * CELL + 8.0,
            y + CELL - 2.0,
            escape(name)
        );
    }
    out.push_str("</g>");
    let mut strongest: Vec<(f64, usize, usize)> = Vec::new();
    for (row, values) in values.iter().enumerate() {
        let known = values.iter().enumerate().take(row);
        strongest.extend(
            known.filter_map(|(column, value)| Some((value.as_ref().copied()?, row, column))),
        );
    }
    strongest.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then((a.1, a.2).cmp(&(b.1, b.2))));
    figure.head = ["feature", "feature", "correlation"].map(str::to_owned).to_vec();
    figure.rows = strongest
        .iter()
        .take(NAMED)
        .map(|(value, row, column)| {
            vec![names[*row].clone(), names[*column].clone(), decimal(Some(*value), 2)]
        })
        .collect();
    // Names lean over the right end.
    figure.is_wide = true;
    figure.finish([NAMES + size + 84.0, ABOVE + size + 6.0], &out, &[])
}
