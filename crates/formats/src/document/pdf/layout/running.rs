//! Running heads, running feet and page numbers: lines at the edge of a page that the next pages
//! repeat.

use std::collections::HashMap;

use super::line::Line;
use crate::document::pdf::geometry::Rect;

/// The share of the page's height at each edge in which running heads are.
const MARGIN: f32 = 0.13;
/// The maximum number of lines at each edge that are compared.
const MAX_LINES: usize = 3;
/// A line must be repeated at a height that differs by less than this, in points.
const SAME_HEIGHT: f32 = 3.0;

/// The lines of a page near an edge, by which running heads are recognised.
#[derive(Debug)]
struct EdgeLine {
    page: usize,
    line: usize,
    /// The text with digits replaced, so that page numbers are the same on all pages.
    key: String,
    /// Whether it has only a number.
    is_number: bool,
    /// The rounded height.
    height: i32,
}

/// Returns for each page the indices of its lines that are running heads or page numbers.
pub(in crate::document::pdf) fn running_lines(
    pages: &[(Rect, Vec<Line>)],
    text: impl Fn(&Line) -> String,
) -> Vec<Vec<usize>> {
    let mut edge_lines = Vec::new();
    for (page, (area, lines)) in pages.iter().enumerate() {
        for line in edge_indices(*area, lines) {
            let own = text(&lines[line]);
            edge_lines.push(EdgeLine {
                page,
                line,
                key: key(&own),
                is_number: is_page_number(&own),
                height: ((lines[line].y - area.y0) / SAME_HEIGHT).round() as i32,
            });
        }
    }
    let mut counts: HashMap<(&str, i32), usize> = HashMap::new();
    for line in &edge_lines {
        *counts.entry((&line.key, line.height)).or_default() += 1;
    }
    let mut out = vec![Vec::new(); pages.len()];
    for line in &edge_lines {
        let count: usize = (-1..=1)
            .map(|by| counts.get(&(line.key.as_str(), line.height + by)).copied().unwrap_or(0))
            .sum();
        // Right and left pages, and the chapters of a book, have different heads.
        let min = if pages.len() <= 4 { 2 } else { 3 };
        let is_artifact = pages[line.page].1[line.line].is_artifact();
        if count >= min || is_artifact {
            out[line.page].push(line.line);
        }
    }
    // A number alone is that of the page only outside the text.
    for line in edge_lines.iter().filter(|line| line.is_number) {
        let running = &mut out[line.page];
        let count = pages[line.page].1.len();
        let is_running = |at: usize| running.contains(&at);
        if (0..line.line).all(is_running) || (line.line + 1..count).all(is_running) {
            running.push(line.line);
        }
    }
    for (page, (_, lines)) in pages.iter().enumerate() {
        let rest = lines.iter().enumerate();
        let marked = rest.filter(|(_, line)| line.is_artifact()).map(|(at, _)| at);
        out[page].extend(marked);
        out[page].sort_unstable();
        out[page].dedup();
    }
    out
}

/// Returns the indices of lines near the edges of a page.
fn edge_indices(area: Rect, lines: &[Line]) -> Vec<usize> {
    let margin = MARGIN * area.height();
    let top = (0..lines.len().min(MAX_LINES)).filter(|at| lines[*at].y > area.y1 - margin);
    let first = lines.len().saturating_sub(MAX_LINES);
    let bottom = (first..lines.len()).filter(|at| lines[*at].y < area.y0 + margin);
    let mut indices: Vec<usize> = top.chain(bottom).collect();
    indices.dedup();
    indices
}

fn key(text: &str) -> String {
    let mut key: String = text.chars().map(|c| if c.is_numeric() { '0' } else { c }).collect();
    while key.contains("00") {
        key = key.replace("00", "0");
    }
    key
}

/// Returns whether a line has only a page number, with or without dashes or the total.
fn is_page_number(text: &str) -> bool {
    let words = ["page", "of", "p", "صفحة", "من", "الصفحة"];
    let mut parts =
        text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).peekable();
    let mut numbers = 0;
    if parts.peek().is_none() {
        return false;
    }
    for part in parts {
        let is_roman = part.len() <= 6 && part.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l'));
        if part.chars().all(char::is_numeric) && part.chars().count() <= 4 || is_roman {
            numbers += 1;
        } else if !words.contains(&part.to_lowercase().as_str()) {
            return false;
        }
    }
    (1..=2).contains(&numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::pdf::text::unit::tests::unit;

    /// A line of a page of 100 points.
    fn line(text: &str, y: f32) -> Line {
        Line { units: vec![unit(text, 0.0)], y, size: 1.0 }
    }

    #[test]
    fn a_number_alone_is_that_of_the_page_only_outside_the_text() {
        let area = Rect { x0: 0.0, y0: 0.0, x1: 100.0, y1: 100.0 };
        let page = |texts: &[(&str, f32)]| {
            let lines = texts.iter().map(|(text, y)| line(text, *y)).collect();
            running_lines(&[(area, lines)], |line| line.units[0].text.clone())[0].clone()
        };
        let text = [("a", 60.0), ("b", 55.0), ("c", 50.0), ("d", 45.0)];
        assert_eq!(page(&[&[("7", 95.0)], &text[..]].concat()), [0]);
        assert_eq!(page(&[&[("title", 95.0), ("1", 92.0)], &text[..]].concat()), [0; 0]);
        assert_eq!(page(&[&text[..], &[("7", 5.0)]].concat()), [4]);
        assert_eq!(page(&[&text[..], &[("7", 8.0), ("note", 5.0)]].concat()), [0; 0]);
    }

    #[test]
    fn page_numbers_are_recognised() {
        for number in ["3", "- 12 -", "٤", "صفحة 3 من 10", "Page 3 of 10", "xiv", "[7]", "3/10"]
        {
            assert!(is_page_number(number), "{number}");
        }
        for other in ["", "—", "2019 قانون", "المادة 3", "1 2 3", "12345"] {
            assert!(!is_page_number(other), "{other}");
        }
        assert_eq!(key("صفحة 12"), key("صفحة 3"));
    }
}
