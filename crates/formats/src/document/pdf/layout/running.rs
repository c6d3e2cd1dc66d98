//! Running heads, running feet and page numbers: lines at the edge of a page that the next pages
//! repeat.

use std::collections::HashMap;

use super::line::Line;
use crate::document::pdf::geometry::Rect;

/// The share of the page's height at each edge in which running heads are.
pub(in crate::document::pdf) const MARGIN: f32 = 0.13;
/// The maximum number of lines at each edge that are compared.
const MAX_LINES: usize = 3;
/// A line must be repeated at a height that differs by less than this, in points.
const SAME_HEIGHT: f32 = 3.0;
/// The number of pages that repeat a running head.
const MIN_REPEATED: usize = 3;
/// The maximum number of parts of a running head, and the minimum number of letters of a part that is
/// compared.
const MAX_PARTS: usize = 3;
const MIN_PART: usize = 6;
/// The maximum number of numbers of a running head that are compared, and their size.
const MAX_NUMBERS: usize = 4;
const MAX_NUMBER: i64 = 1_000_000_000;

/// The lines of a page near an edge, by which running heads are recognised.
#[derive(Debug)]
struct EdgeLine {
    /// Where its page is in the list.
    at: usize,
    page: usize,
    line: usize,
    /// The text with numbers replaced, so that it is the same on all pages.
    key: String,
    /// Its numbers.
    numbers: Vec<i64>,
    /// Whether it has only a number.
    is_number: bool,
    /// Whether it is a part of a line between wide gaps: the title of a book beside that of a chapter.
    is_part: bool,
    /// The rounded height.
    height: i32,
}

/// What two lines have in common: which number, or 0 for all of them, and its value less the page.
type Evidence = (usize, Vec<i64>);

/// A part of a line or all of it, its text, its height and the evidence.
type EdgeKey<'a> = (bool, &'a str, i32, Evidence);

impl EdgeLine {
    /// Returns what lines of other pages have in common with it if they are the same running head: all
    /// numbers, or one that grows as the pages do. The first lines of two pages may be `Article 9` and
    /// `Article 13`, which are not.
    fn evidence(&self) -> Vec<Evidence> {
        let growing = self.numbers.iter().take(MAX_NUMBERS).enumerate();
        let growing = growing.map(|(at, number)| (at + 1, vec![number - self.page as i64]));
        // The same number or a short word may be in the first row of a table on each page.
        let is_text =
            !self.is_part || self.key.chars().filter(|c| c.is_alphabetic()).count() >= MIN_PART;
        is_text.then(|| (0, self.numbers.clone())).into_iter().chain(growing).collect()
    }
}

/// Returns for each page the indices of its lines that are running heads or page numbers. A page has
/// its index, its area and its lines.
pub(in crate::document::pdf) fn running_lines(
    pages: &[(usize, Rect, Vec<Line>)],
    text: impl Fn(&Line) -> String,
) -> Vec<Vec<usize>> {
    let mut edge_lines = Vec::new();
    for (at, (page, area, lines)) in pages.iter().enumerate() {
        for line in edge_indices(*area, lines) {
            let height = ((lines[line].y - area.y0) / SAME_HEIGHT).round() as i32;
            let parts = lines[line].fragments();
            for part in parts.iter().filter(|_| (1..=MAX_PARTS).contains(&parts.len())) {
                let (key, numbers) = key(&text(part));
                let is_number = false;
                let is_part = true;
                edge_lines.push(EdgeLine {
                    at,
                    page: *page,
                    line,
                    key,
                    numbers,
                    is_number,
                    is_part,
                    height,
                });
            }
            let own = text(&lines[line]);
            let (key, numbers) = key(&own);
            edge_lines.push(EdgeLine {
                at,
                page: *page,
                line,
                key,
                numbers,
                is_number: is_page_number(&own),
                is_part: false,
                height,
            });
        }
    }
    let mut counts: HashMap<EdgeKey<'_>, usize> = HashMap::new();
    for line in &edge_lines {
        for evidence in line.evidence() {
            *counts.entry((line.is_part, &line.key, line.height, evidence)).or_default() += 1;
        }
    }
    let mut out = vec![Vec::new(); pages.len()];
    for line in &edge_lines {
        let count = |evidence: Evidence| -> usize {
            let at = |height| (line.is_part, line.key.as_str(), height, evidence.clone());
            let heights = line.height - 1..=line.height + 1;
            heights.filter_map(|height| counts.get(&at(height))).sum()
        };
        let count = line.evidence().into_iter().map(count).max().unwrap_or(0);
        // Right and left pages, and the chapters of a book, have different heads.
        let min = if pages.len() <= 4 { MIN_REPEATED - 1 } else { MIN_REPEATED };
        let is_artifact = pages[line.at].2[line.line].is_artifact();
        let min = if line.is_part { min.max(2 * pages.len() / 5) } else { min };
        if count >= min || is_artifact {
            out[line.at].push(line.line);
        }
    }
    // A number alone is that of the page only outside the text.
    for line in edge_lines.iter().filter(|line| line.is_number) {
        let running = &mut out[line.at];
        let count = pages[line.at].2.len();
        let is_running = |at: usize| running.contains(&at);
        if (0..line.line).all(is_running) || (line.line + 1..count).all(is_running) {
            running.push(line.line);
        }
    }
    for (page, (_, _, lines)) in pages.iter().enumerate() {
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

/// Returns a text with its numbers replaced, and the numbers.
fn key(text: &str) -> (String, Vec<i64>) {
    let (mut key, mut numbers, mut is_inside) = (String::new(), Vec::<i64>::new(), false);
    for c in text.chars() {
        if !c.is_numeric() {
            key.push(c);
            is_inside = false;
            continue;
        }
        if !is_inside {
            key.push('0');
            numbers.push(0);
        }
        is_inside = true;
        if let Some(number) = numbers.last_mut() {
            *number = number.saturating_mul(10).saturating_add(digit(c)) % MAX_NUMBER;
        }
    }
    (key, numbers)
}

/// Returns the numbers of a text.
pub(super) fn numbers(text: &str) -> Vec<i64> {
    key(text).1
}

/// Returns the value of a digit, Arabic or Latin; 0 of another numeral.
fn digit(c: char) -> i64 {
    let value = match c {
        '0'..='9' => u32::from(c) - u32::from('0'),
        '٠'..='٩' => u32::from(c) - u32::from('٠'),
        '۰'..='۹' => u32::from(c) - u32::from('۰'),
        _ => 0,
    };
    i64::from(value)
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
            running_lines(&[(0, area, lines)], |line| line.units[0].text.clone())[0].clone()
        };
        let text = [("a", 60.0), ("b", 55.0), ("c", 50.0), ("d", 45.0)];
        assert_eq!(page(&[&[("7", 95.0)], &text[..]].concat()), [0]);
        assert_eq!(page(&[&[("title", 95.0), ("1", 92.0)], &text[..]].concat()), [0; 0]);
        assert_eq!(page(&[&text[..], &[("7", 5.0)]].concat()), [4]);
        assert_eq!(page(&[&text[..], &[("7", 8.0), ("note", 5.0)]].concat()), [0; 0]);
    }

    #[test]
    fn numbers_of_running_heads_grow_with_the_pages() {
        let area = Rect { x0: 0.0, y0: 0.0, x1: 100.0, y1: 100.0 };
        let running = |heads: &[&str]| {
            let page = |(at, head): (usize, &&str)| {
                let text = [(*head, 95.0), ("a", 60.0), ("b", 50.0)];
                (at, area, text.iter().map(|(text, y)| line(text, *y)).collect())
            };
            let pages: Vec<(usize, Rect, Vec<Line>)> = heads.iter().enumerate().map(page).collect();
            let found = running_lines(&pages, |line| line.units[0].text.clone());
            found.iter().map(Vec::len).sum::<usize>()
        };
        assert_eq!(running(&["law, 7", "law, 8", "law, 9"]), 3);
        assert_eq!(running(&["١٢ قانون ٣", "١٣ قانون ٣", "١٤ قانون ٤"]), 3);
        assert_eq!(running(&["part 2", "part 2", "part 2"]), 3);
        assert_eq!(running(&["Article 4", "Article 9", "Article 13"]), 0);
    }

    #[test]
    fn a_part_of_a_running_head_may_be_that_of_a_chapter() {
        let area = Rect { x0: 0.0, y0: 0.0, x1: 100.0, y1: 100.0 };
        let running = |heads: &[[&str; 2]]| {
            let page = |(at, head): (usize, &[&str; 2])| {
                let units = vec![unit(head[0], 0.0), unit(head[1], 50.0)];
                let head = Line { units, y: 95.0, size: 1.0 };
                (at, area, vec![head, line("a", 60.0), line("b", 50.0)])
            };
            let pages: Vec<(usize, Rect, Vec<Line>)> = heads.iter().enumerate().map(page).collect();
            let text = |line: &Line| line.units.iter().map(|unit| unit.text.as_str()).collect();
            running_lines(&pages, text).iter().map(Vec::len).sum::<usize>()
        };
        assert_eq!(running(&[["The book", "One"], ["The book", "Two"], ["The book", "Three"]]), 3);
        assert_eq!(running(&[["1", "One"], ["2", "Two"], ["3", "Three"]]), 3);
        assert_eq!(running(&[["7", "One"], ["7", "Two"], ["7", "Three"]]), 0);
        assert_eq!(running(&[["yes", "One"], ["yes", "Two"], ["yes", "Three"]]), 0);
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
        assert_eq!(key("صفحة 12"), ("صفحة 0".to_owned(), vec![12]));
    }
}
