//! The ribbon of one document: the confidence of its pairs from its first row to its last.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{WIDTH, escape};
use crate::documents::Ribbon;
use crate::number::format_decimal;
use crate::options::PairVerdict;

const HEIGHT: f64 = 44.0;

/// Draws a ribbon. A cell links to the pair with its minimum confidence if that pair is `listed`.
///
/// The height of a bar is the minimum confidence of its rows. A row without a counterpart is a
/// stroke below the baseline.
pub(crate) fn ribbon(ribbon: &Ribbon, name: &str, prefix: &str, listed: &BTreeSet<u64>) -> String {
    let description =
        format!("Confidence along {}", if name.is_empty() { "the corpus" } else { name });
    let mut out = format!(
        "<svg class=\"ribbon\" viewBox=\"0 0 {WIDTH} {:.0}\" preserveAspectRatio=\"none\" role=\"group\" \
         aria-label=\"{}\">",
        HEIGHT + 8.0,
        escape(&description)
    );
    let width = WIDTH / ribbon.cells.len().max(1) as f64;
    for (at, cell) in ribbon.cells.iter().enumerate() {
        let (class, label) = match cell.verdict {
            Some(PairVerdict::Ready) => ("ready", "ready"),
            Some(PairVerdict::Check) => ("check", "check"),
            Some(PairVerdict::Reject) => ("reject", "reject"),
            None if cell.confidence.is_some() || cell.missing == 0 => ("unrated", "not rated"),
            None => ("none", "no counterpart"),
        };
        let x = at as f64 * width;
        let gap = (width * 0.12).min(1.0);
        let rows = if cell.rows == 1 {
            format!("row {}", cell.row + 1)
        } else {
            format!("rows {}–{}", cell.row + 1, cell.row + cell.rows)
        };
        let mut title = format!("{rows}: {label}");
        if cell.confidence.is_some() {
            let _ = write!(title, ", lowest confidence {}", format_decimal(cell.confidence, 2));
        }
        if cell.missing > 0 && class != "none" {
            let _ = write!(title, ", {} without a counterpart", cell.missing);
        }
        let is_link = listed.contains(&cell.worst_row) && class != "none";
        if is_link {
            let _ = write!(out, "<a href=\"#{prefix}pair-{}\">", cell.worst_row);
        }
        let _ = write!(out, "<g><title>{}</title>", escape(&title));
        // The whole column can be clicked, however low its bar is.
        let _ = write!(
            out,
            "<rect class=\"hit\" x=\"{x:.2}\" y=\"0\" width=\"{width:.2}\" height=\"{:.0}\"/>",
            HEIGHT + 8.0
        );
        if class != "none" {
            let height = HEIGHT * (0.08 + 0.92 * cell.confidence.unwrap_or(1.0));
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{:.2}\" y=\"{:.1}\" width=\"{:.2}\" height=\"{height:.1}\"/>",
                x + gap / 2.0,
                HEIGHT - height,
                width - gap
            );
        }
        if cell.missing > 0 {
            let _ = write!(
                out,
                "<rect class=\"missing\" x=\"{:.2}\" y=\"{:.1}\" width=\"{:.2}\" height=\"5\"/>",
                x + gap / 2.0,
                HEIGHT + 2.5,
                width - gap
            );
        }
        out.push_str("</g>");
        if is_link {
            out.push_str("</a>");
        }
    }
    out.push_str("</svg>");
    out
}
