//! A correlation matrix: darker cells are stronger correlations, and the two signs have two hues.

use std::fmt::Write as _;

use super::{Figure, escape};
use crate::correlation::CorrelationMatrix;
use crate::number::format_decimal;

/// Size of a cell.
const CELL: f64 = 13.0;
/// Width of the names on the left.
const NAMES: f64 = 118.0;
/// Maximum number of correlations in the table.
const MAX_TABLE_ROWS: usize = 40;
/// Space above the matrix for the first name.
const ABOVE: f64 = 62.0;

/// Draws the lower triangle; the matrix is symmetric.
pub(crate) fn matrix(mut figure: Figure, correlation: &CorrelationMatrix) -> String {
    let CorrelationMatrix { names, values, .. } = correlation;
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
                format_decimal(Some(*value), 2),
                w = CELL - 1.0
            );
        }
        // The column of this name begins below the diagonal, so there is space for the name here.
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
        .take(MAX_TABLE_ROWS)
        .map(|(value, row, column)| {
            vec![names[*row].clone(), names[*column].clone(), format_decimal(Some(*value), 2)]
        })
        .collect();
    // The slanted names reach past the right end of the matrix.
    figure.is_wide = true;
    figure.finish([NAMES + size + 84.0, ABOVE + size + 6.0], &out, &[])
}
