//! Columns: gutters that stay empty through the lines below each other.

use super::line::Line;
use crate::document::pdf::geometry::Rect;
use crate::document::pdf::text::unit::{Unit, UnitKind};

/// The minimum width of a gutter, in parts of the font size.
const MIN_GUTTER: f32 = 0.8;
/// The minimum number of lines with text on both sides of a gutter between columns.
const MIN_LINES: usize = 4;
/// The minimum number of such lines in a table.
const MIN_ROWS: usize = 2;
/// The maximum number of lines that are divided into columns at once; a page has fewer.
const MAX_STRETCH: usize = 300;
/// The maximum number of lines of a page with columns.
const MAX_LINES: usize = 3000;
/// The minimum share of a column's width that its lines fill, in text; cells of tables are shorter.
const MIN_FILL: f32 = 0.72;

/// A stretch of lines of a page.
#[derive(Debug)]
pub(in crate::document::pdf) enum Region {
    /// Lines of one column.
    Text(Vec<Line>),
    /// The lines of a table, and the left and right edges of its columns from left to right.
    Table(Vec<Line>, Vec<[f32; 2]>),
}

/// Divides the lines of a page into regions, in reading order.
pub(in crate::document::pdf) fn regions(
    lines: Vec<Line>,
    rules: &[Rect],
    is_rtl: bool,
) -> Vec<Region> {
    let mut regions = Vec::new();
    if lines.len() > MAX_LINES {
        return vec![Region::Text(lines)];
    }
    let mut rest = lines;
    while !rest.is_empty() {
        let (count, gutters) = stretch(&rest, rules);
        let following = rest.split_off(count);
        let stretch = std::mem::replace(&mut rest, following);
        if gutters.is_empty() {
            push_text(&mut regions, stretch);
        } else {
            push_columns(&mut regions, stretch, &gutters, rules, is_rtl);
        }
    }
    regions
}

fn push_text(regions: &mut Vec<Region>, lines: Vec<Line>) {
    match regions.last_mut() {
        Some(Region::Text(before)) => before.extend(lines),
        _ => regions.push(Region::Text(lines)),
    }
}

/// Returns the number of lines from the first on that share gutters, and these; one line and no
/// gutter if the next lines have none in common.
fn stretch(lines: &[Line], rules: &[Rect]) -> (usize, Vec<[f32; 2]>) {
    let mut best = (1, Vec::new());
    let mut common = vec![[f32::MIN, f32::MAX]];
    for (at, line) in lines.iter().enumerate().take(MAX_STRETCH) {
        if at > 0 && is_apart(&lines[at - 1], line) {
            break;
        }
        common = intersection(&common, &gaps(line));
        if common.is_empty() {
            break;
        }
        let stretch = &lines[..=at];
        let mut is_ruled = None;
        let mut is_table = |count: usize| {
            let needs_rules = (MIN_ROWS..MIN_LINES).contains(&count);
            needs_rules && *is_ruled.get_or_insert_with(|| self::is_ruled(stretch, rules))
        };
        let mut is_gutter = |gutter: &[f32; 2]| {
            let count = both_sides(stretch, *gutter);
            count >= MIN_LINES || is_table(count)
        };
        let gutters: Vec<[f32; 2]> = common.iter().copied().filter(|it| is_gutter(it)).collect();
        // What is below a table shares some of its gutters.
        if gutters.len() < best.1.len() {
            break;
        }
        if !gutters.is_empty() || at == 0 {
            best = (at + 1, gutters);
        }
    }
    let (count, gutters) = best;
    let Some(gutter) = gutters.first() else { return (1, gutters) };
    // Lines above those that are beside each other are no part of the columns.
    let [_, top] = beside(&lines[..count], *gutter);
    let above = lines[..count].iter().take_while(|line| line.y > top).count();
    let columns = (0..above).rev().take_while(|at| begins_column(lines, *at, *gutter)).count();
    let above = above - columns;
    if above > 0 { (above, Vec::new()) } else { (count, gutters) }
}

/// Returns whether a line is on one side of a gutter and the next line on that side continues it: one
/// column may begin higher than the other.
fn begins_column(lines: &[Line], at: usize, [left, right]: [f32; 2]) -> bool {
    let is_before = |line: &Line| line.letters().all(|unit| unit.x0 < left);
    let is_after = |line: &Line| line.letters().all(|unit| unit.x0 >= right - 0.1);
    let line = &lines[at];
    let is_left = is_before(line);
    if !is_left && !is_after(line) {
        return false;
    }
    let is_inside = |unit: &&Unit| if is_left { unit.x0 < left } else { unit.x0 >= right - 0.1 };
    let mut below = lines[at + 1..].iter().filter(|line| line.letters().any(|it| is_inside(&it)));
    let Some(next) = below.next() else { return false };
    let size = line.size.max(next.size);
    let leading = below.next().map_or(1.6 * size, |after| (next.y - after.y).max(1.2 * size));
    let part = Line { units: next.letters().filter(is_inside).cloned().collect(), ..*next };
    // The cells of a row are no line of a column.
    let has_cells = gaps(&part).len() > 2;
    line.y - next.y < 1.2 * leading && (line.size - next.size).abs() < 0.1 * size && !has_cells
}

/// Returns whether a line is so far below the one before that it begins something else.
fn is_apart(above: &Line, below: &Line) -> bool {
    above.y - below.y > 6.0 * above.size.max(below.size)
}

/// Returns the empty parts of a line, with what is before and after its text.
fn gaps(line: &Line) -> Vec<[f32; 2]> {
    let min = MIN_GUTTER * line.size;
    let mut gaps = Vec::new();
    let mut end = f32::MIN;
    for unit in line.units.iter().filter(|unit| unit.kind == UnitKind::Base) {
        if unit.x0 - end >= min {
            gaps.push([end, unit.x0]);
        }
        end = end.max(unit.x1);
    }
    gaps.push([end, f32::MAX]);
    gaps
}

fn intersection(a: &[[f32; 2]], b: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let mut out = Vec::new();
    for &[a0, a1] in a {
        for &[b0, b1] in b {
            let both = [a0.max(b0), a1.min(b1)];
            if both[1] - both[0] >= 6.0 {
                out.push(both);
            }
        }
    }
    out
}

/// Returns the lines on both sides of a gutter.
fn sides(lines: &[Line], [left, right]: [f32; 2]) -> [Vec<&Line>; 2] {
    let side = |has: &dyn Fn(f32) -> bool| -> Vec<&Line> {
        lines.iter().filter(|line| line.letters().any(|unit| has(unit.x0))).collect()
    };
    [side(&|x| x < left), side(&|x| x >= right - 0.1)]
}

/// Returns the heights between which there are lines on both sides of a gutter.
fn beside(lines: &[Line], gutter: [f32; 2]) -> [f32; 2] {
    let [left, right] = sides(lines, gutter);
    let (Some(top), Some(last)) = (first_beside(&left, &right), lines.last()) else {
        return [0.0, 0.0];
    };
    let bottom = |side: &[&Line]| side.last().map_or(last.y, |line| line.y);
    [bottom(&left).max(bottom(&right)) - last.size, top]
}

/// Returns the height of the first two lines that are beside each other; the baselines of two columns
/// may differ.
fn first_beside(left: &[&Line], right: &[&Line]) -> Option<f32> {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    loop {
        let (a, b) = (left.peek()?, right.peek()?);
        if (a.y - b.y).abs() <= a.size.max(b.size) {
            return Some(a.y.max(b.y));
        }
        // The higher one is beside nothing.
        if a.y > b.y {
            left.next()
        } else {
            right.next()
        };
    }
}

/// Returns the number of lines on the side of a gutter that has fewer of them, of those that are
/// beside lines of the other side. The baselines of two columns may differ.
fn both_sides(lines: &[Line], gutter: [f32; 2]) -> usize {
    let [bottom, top] = beside(lines, gutter);
    let inside =
        |side: &Vec<&Line>| side.iter().filter(|line| (bottom..=top).contains(&line.y)).count();
    let [a, b] = sides(lines, gutter);
    inside(&a).min(inside(&b))
}

/// Returns whether lines are drawn between or beside the lines of text, as in a table.
fn is_ruled(lines: &[Line], rules: &[Rect]) -> bool {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return false };
    let (top, bottom) = (first.y + 1.5 * first.size, last.y - last.size);
    let is_inside = |rule: &&Rect| rule.y0 < top && rule.y1 > bottom && rule.y0 > bottom - 40.0;
    let vertical = |rule: &&Rect| rule.height() > 3.0 * rule.width();
    let horizontal = |rule: &&Rect| rule.width() > 3.0 * rule.height();
    let inside = || rules.iter().filter(is_inside);
    inside().filter(vertical).count() >= 2 || inside().filter(horizontal).count() >= 2
}

/// Adds the columns of lines that share gutters, or a table.
fn push_columns(
    regions: &mut Vec<Region>,
    lines: Vec<Line>,
    gutters: &[[f32; 2]],
    rules: &[Rect],
    is_rtl: bool,
) {
    let edges = edges(&lines, gutters);
    if is_ruled(&lines, rules) || edges.len() > 3 || !is_filled(&lines, &edges) {
        let mut lines = lines;
        let below = lines.split_off(lines.len() - below_rules(&lines, &edges, rules));
        regions.push(Region::Table(lines, edges));
        if !below.is_empty() {
            push_text(regions, below);
        }
        return;
    }
    let mut columns: Vec<Vec<Line>> = edges.iter().map(|_| Vec::new()).collect();
    for line in lines {
        for (column, part) in columns.iter_mut().zip(parts(line, &edges)) {
            column.extend(part);
        }
    }
    if is_rtl {
        columns.reverse();
    }
    for column in columns {
        // Each column begins a new region, so that its edges are its own.
        regions.push(Region::Text(column));
    }
}

/// Returns the number of lines at the end of a table that are below its last drawn line and have text in
/// one column: these are a paragraph below the table.
fn below_rules(lines: &[Line], edges: &[[f32; 2]], rules: &[Rect]) -> usize {
    let (Some(left), Some(right)) = (edges.first(), edges.last()) else { return 0 };
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return 0 };
    let (left, right) = (left[0].max(first.rect().x0.min(left[1])), right[1]);
    let is_across = |rule: &&Rect| {
        let shared = rule.x1.min(right) - rule.x0.max(left);
        let is_inside = rule.y1 < first.y + 2.0 * first.size && rule.y0 > last.y - 2.0 * last.size;
        rule.width() > 3.0 * rule.height() && shared > 0.1 * (right - left) && is_inside
    };
    let lowest = rules.iter().filter(is_across).map(|rule| rule.y0).fold(f32::MAX, f32::min);
    let is_below = |line: &&Line| {
        let used = parts((*line).clone(), edges).iter().flatten().count();
        line.y + line.size < lowest + 0.3 * line.size && used == 1
    };
    let below = lines.iter().rev().take_while(is_below).count();
    if lowest == f32::MAX || below == lines.len() { 0 } else { below }
}

/// Returns the edges of the columns between gutters, from left to right.
fn edges(lines: &[Line], gutters: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let left = lines.iter().map(|line| line.rect().x0).fold(f32::MAX, f32::min);
    let right = lines.iter().map(|line| line.rect().x1).fold(f32::MIN, f32::max);
    let mut edges = Vec::new();
    let mut start = left;
    for [from, to] in gutters {
        edges.push([start, *from]);
        start = *to;
    }
    edges.push([start, right]);
    edges
}

/// Divides a line at the columns; a column without text has no part.
pub(in crate::document::pdf) fn parts(line: Line, edges: &[[f32; 2]]) -> Vec<Option<Line>> {
    let mut parts: Vec<Vec<_>> = edges.iter().map(|_| Vec::new()).collect();
    for unit in line.units {
        let middle = (unit.x0 + unit.x1) / 2.0;
        let after = edges.iter().take_while(|[_, right]| *right < middle).count();
        parts[after.min(edges.len() - 1)].push(unit);
    }
    let part = |units: Vec<_>| {
        // The languages of two columns may have fonts of different sizes.
        let line = Line::new(units);
        let has_letters = line.letters().next().is_some();
        has_letters.then_some(line)
    };
    parts.into_iter().map(part).collect()
}

/// Returns whether the lines fill their columns, as text does.
fn is_filled(lines: &[Line], edges: &[[f32; 2]]) -> bool {
    let mut fills: Vec<f32> = Vec::new();
    for line in lines {
        let rows = parts(line.clone(), edges);
        for (part, [left, right]) in rows.iter().zip(edges) {
            if let Some(part) = part {
                fills.push(part.rect().width() / (right - left).max(1.0));
            }
        }
    }
    let full = fills.iter().filter(|fill| **fill > 0.85).count();
    let mean = fills.iter().sum::<f32>() / fills.len().max(1) as f32;
    mean >= MIN_FILL || full * 2 >= fills.len()
}
