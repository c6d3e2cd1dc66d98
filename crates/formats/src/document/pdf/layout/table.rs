//! Tables: lines of text in rows and columns.

use super::columns::parts;
use super::line::Line;
use crate::document::pdf::geometry::Rect;

/// A row of a table: the lines of each cell, from left to right.
pub(in crate::document::pdf) type TableRow = Vec<Vec<Line>>;

/// Returns the rows of a table.
///
/// Lines between two drawn lines are one row. Without drawn lines, a line without text in the first
/// column of the reading direction continues the row.
pub(in crate::document::pdf) fn rows(
    lines: Vec<Line>,
    edges: &[[f32; 2]],
    rules: &[Rect],
    is_rtl: bool,
) -> Vec<TableRow> {
    let dividers = dividers(edges, rules);
    let mut rows: Vec<TableRow> = Vec::new();
    let mut last_band = None;
    for line in lines {
        let middle = line.y + 0.3 * line.size;
        let band = dividers.iter().filter(|y| **y > middle).count();
        let cells = parts(line, edges);
        let first = if is_rtl { cells.last() } else { cells.first() };
        let continues = match last_band {
            None => false,
            Some(_) if dividers.len() < 3 => first.is_some_and(Option::is_none),
            Some(last) => last == band,
        };
        if !continues {
            rows.push(edges.iter().map(|_| Vec::new()).collect());
        }
        last_band = Some(band);
        if let Some(row) = rows.last_mut() {
            for (cell, part) in row.iter_mut().zip(cells) {
                cell.extend(part);
            }
        }
    }
    rows
}

/// Returns the heights of the drawn lines across a table, without repetition.
fn dividers(edges: &[[f32; 2]], rules: &[Rect]) -> Vec<f32> {
    let (Some(left), Some(right)) = (edges.first(), edges.last()) else { return Vec::new() };
    let is_across = |rule: &&Rect| {
        rule.width() > 3.0 * rule.height() && rule.x1 > left[0] && rule.x0 < right[1]
    };
    let mut heights: Vec<f32> =
        rules.iter().filter(is_across).map(|rule| (rule.y0 + rule.y1) / 2.0).collect();
    heights.sort_by(f32::total_cmp);
    heights.dedup_by(|a, b| (*a - *b).abs() < 3.0);
    heights
}
