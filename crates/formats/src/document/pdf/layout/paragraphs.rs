//! Paragraphs: which lines of a column continue the line above.

use nasaq_text::is_arabic_letter;

use super::line::{Line, median};
use super::running::numbers;
use crate::document::block::BlockKind;
use crate::document::pdf::geometry::Rect;
use crate::document::pdf::text::compose::line_text;
use crate::document::pdf::tree::Tag;

/// A paragraph ends where the next line is this much farther away than usual.
const WIDE_LEADING: f32 = 1.22;
/// An indent of this width begins a paragraph, in parts of the font size.
const MIN_INDENT: f32 = 0.9;
/// The minimum number of indented lines before lines without an indent that show how paragraphs begin.
const MIN_INDENTS: usize = 2;
/// What ends a sentence or a part of one.
const STOPS: [char; 7] = ['.', ':', ';', '؛', '!', '?', '؟'];
/// The minimum number of lines that evidently continue in the next one, to measure their distance.
const MIN_INSIDE: usize = 3;
/// The maximum difference of the ends of justified lines, in points, and their minimum number.
const SAME_END: f32 = 1.0;
const SAME_END_COUNT: usize = 3;
/// Justified lines have at least this share of the width of the longest line.
const MIN_END: f32 = 0.75;
/// A language that has this part of the text has a usual size of its own.
const MIN_LANGUAGE: usize = 4;
/// Lines of one paragraph have sizes that differ by less than this share.
const SAME_SIZE: f32 = 0.08;

/// A paragraph of a page, before its kind is known for sure.
#[derive(Clone, Debug)]
pub(in crate::document::pdf) struct Paragraph {
    pub(in crate::document::pdf) text: String,
    pub(in crate::document::pdf) kind: BlockKind,
    /// The box of its part in the last column that it is in, and of that in the first.
    pub(in crate::document::pdf) rect: Rect,
    pub(in crate::document::pdf) first_part: Rect,
    pub(in crate::document::pdf) size: f32,
    pub(in crate::document::pdf) lines: usize,
    pub(in crate::document::pdf) is_bold: bool,
    /// Whether its last line extends to the end of the column, so that it may continue in the next.
    pub(in crate::document::pdf) is_open: bool,
    /// Whether its first line begins without an indent, so that it may continue the one before.
    pub(in crate::document::pdf) is_flush: bool,
    /// Whether it is from right to left.
    pub(in crate::document::pdf) is_rtl: bool,
    /// The block of the structure tree, if it is used.
    pub(in crate::document::pdf) block: Option<u32>,
    /// What the structure tree says about each line; not of cells.
    pub(in crate::document::pdf) tags: Vec<LineTag>,
}

/// What a structure tree says about a line.
#[derive(Clone, Copy, Debug)]
pub(in crate::document::pdf) struct LineTag {
    /// The tag of its first letter, from the left.
    pub(in crate::document::pdf) tag: Tag,
    /// Whether it has letters of another tag too.
    pub(in crate::document::pdf) is_mixed: bool,
    pub(in crate::document::pdf) width: f32,
    /// Whether it ends like a sentence.
    pub(in crate::document::pdf) ends: bool,
}

impl Paragraph {
    /// Appends the text of the next line, or of the part of the paragraph in the next column.
    pub(in crate::document::pdf) fn push(&mut self, next: &str) {
        push_line(&mut self.text, next);
    }
}

/// A line with its text.
struct TextLine {
    text: String,
    rect: Rect,
    y: f32,
    size: f32,
    is_bold: bool,
    /// The width of the first word.
    first_word: f32,
    tag: LineTag,
}

/// Returns the paragraphs of the lines of a column, which has at least a width.
pub(in crate::document::pdf) fn paragraphs(
    lines: Vec<Line>,
    min_width: f32,
    is_rtl: bool,
) -> Vec<Paragraph> {
    let lines: Vec<TextLine> = lines.into_iter().map(|line| text_line(line, is_rtl)).collect();
    let column = Column::of(&lines, min_width, is_rtl);
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let above = at.checked_sub(1).map(|above| &lines[above]);
        match (above, paragraphs.last_mut()) {
            (Some(above), Some(paragraph)) if column.continues(above, line, paragraph) => {
                paragraph.push(&line.text);
                paragraph.rect = paragraph.rect.union(line.rect);
                paragraph.first_part = paragraph.rect;
                paragraph.lines += 1;
                paragraph.tags.push(line.tag);
                paragraph.is_bold &= line.is_bold;
                paragraph.is_open = column.slack(line) < 2.0 * line.size;
            }
            _ => paragraphs.push(Paragraph {
                text: line.text.clone(),
                kind: if is_item(&line.text) { BlockKind::ListItem } else { BlockKind::Paragraph },
                rect: line.rect,
                first_part: line.rect,
                size: line.size,
                lines: 1,
                is_bold: line.is_bold,
                is_open: column.slack(line) < 2.0 * line.size,
                is_flush: column.indent(line) < MIN_INDENT * line.size,
                is_rtl,
                block: None,
                tags: vec![line.tag],
            }),
        }
    }
    paragraphs
}

/// Returns the text of all lines of a cell.
pub(in crate::document::pdf) fn joined(lines: Vec<Line>, is_rtl: bool) -> String {
    let mut text = String::new();
    for line in lines {
        push_line(&mut text, &line_text(line.units, is_rtl));
    }
    text
}

fn text_line(line: Line, is_rtl: bool) -> TextLine {
    let (rect, y, size, is_bold) = (line.rect(), line.y, line.size, line.is_bold());
    let tag = line.tag();
    let is_mixed = line.letters().any(|unit| unit.tag != tag);
    let text = line_text(line.units, is_rtl);
    let chars = text.chars().count().max(1) as f32;
    let first = text.split_whitespace().next().unwrap_or_default().chars().count() as f32;
    let tag = LineTag { tag, is_mixed, width: rect.width(), ends: text.ends_with(STOPS) };
    TextLine { text, rect, y, size, is_bold, first_word: rect.width() * first / chars, tag }
}

/// What the lines of a column have in common.
struct Column {
    left: f32,
    right: f32,
    /// The usual distance of two lines, in parts of the font size.
    leading: f32,
    /// Whether the first lines of paragraphs are indented, as TeX does it.
    has_indents: bool,
    is_rtl: bool,
}

impl Column {
    fn of(lines: &[TextLine], min_width: f32, is_rtl: bool) -> Self {
        let left = || lines.iter().map(|line| line.rect.x0);
        let right = || lines.iter().map(|line| line.rect.x1);
        let (left, right) = match is_rtl {
            true => {
                let start = right().fold(f32::MIN, f32::max);
                (-end(-start, left().map(|x| -x)), start)
            }
            false => {
                let start = left().fold(f32::MAX, f32::min);
                (start, end(start, right()))
            }
        };
        let (left, right) = match is_rtl {
            true => (left.min(right - min_width), right),
            false => (left, right.max(left + min_width)),
        };
        let mut column = Self { left, right, leading: 1.2, has_indents: false, is_rtl };
        column.leading = column.leading(lines);
        column.has_indents = column.has_indents(lines);
        column
    }

    /// Returns whether full lines with an indent are followed by lines without one.
    fn has_indents(&self, lines: &[TextLine]) -> bool {
        let is_indented = |line: &TextLine| self.indent(line) > MIN_INDENT * line.size;
        let (mut flush, mut indented) = (0, 0);
        for pair in lines.windows(2) {
            if is_indented(&pair[0]) && self.slack(&pair[0]) < 0.5 * pair[0].size {
                flush += usize::from(self.indent(&pair[1]) < 0.3 * pair[1].size);
                indented += usize::from(is_indented(&pair[1]));
            }
        }
        flush >= MIN_INDENTS && flush > indented
    }

    /// Returns the usual distance of two lines of one paragraph, in parts of the font size.
    fn leading(&self, lines: &[TextLine]) -> f32 {
        let distance = |pair: &[TextLine]| (pair[0].y - pair[1].y) / pair[1].size.max(0.1);
        let pairs = || lines.windows(2).filter(|pair| (0.8..2.5).contains(&distance(pair)));
        // A full line without a stop continues in the next line.
        let is_one = |pair: &&[TextLine]| {
            self.slack(&pair[0]) < pair[1].first_word + 0.5 * pair[0].size
                && !pair[0].text.ends_with(STOPS)
        };
        let inside: Vec<f32> = pairs().filter(is_one).map(distance).collect();
        if inside.len() >= MIN_INSIDE {
            return median(inside.into_iter());
        }
        let mut distances: Vec<f32> = pairs().map(distance).collect();
        distances.sort_by(f32::total_cmp);
        // Not the median: in a text of short paragraphs most distances are those between them.
        distances.get(distances.len() / 3).copied().unwrap_or(1.2)
    }

    /// Returns the room after a line.
    fn slack(&self, line: &TextLine) -> f32 {
        if self.is_rtl { line.rect.x0 - self.left } else { self.right - line.rect.x1 }
    }

    /// Returns the room before a line.
    fn indent(&self, line: &TextLine) -> f32 {
        if self.is_rtl { self.right - line.rect.x1 } else { line.rect.x0 - self.left }
    }

    fn continues(&self, above: &TextLine, line: &TextLine, paragraph: &Paragraph) -> bool {
        let size = line.size.max(above.size);
        let distance = (above.y - line.y) / size.max(0.1);
        if distance > self.leading * WIDE_LEADING || distance < 0.0 {
            return false;
        }
        if (above.size - line.size).abs() > SAME_SIZE * size || above.is_bold != line.is_bold {
            return false;
        }
        let is_full = self.slack(above) < line.first_word + 0.5 * size;
        if !is_full {
            // A centred heading of two lines.
            let is_centred = |it: &TextLine| (self.slack(it) - self.indent(it)).abs() < 0.5 * size;
            let both_centred = is_centred(above) && is_centred(line);
            return both_centred && self.indent(above) > MIN_INDENT * size && above.is_bold;
        }
        let (before, indent) = (self.indent(above), self.indent(line));
        let is_indented = indent > before + MIN_INDENT * size;
        let is_hanging = paragraph.kind == BlockKind::ListItem;
        if is_indented && !is_hanging {
            return false;
        }
        let ends = above.text.ends_with(STOPS) || above.text.ends_with('،');
        // Where paragraphs are indented like the items of a list, the rest of an item is not.
        let is_first =
            paragraph.lines == 1 && (self.has_indents || is_hanging && above.text.ends_with(STOPS));
        if is_first && indent > MIN_INDENT * size && (indent - before).abs() < 0.1 * size {
            return false;
        }
        let is_next = is_hanging && follows(&paragraph.text, &line.text);
        !(is_item(&line.text) && (ends || is_next))
    }
}

/// Returns where the lines of a column end, by the ends of all of them: the outermost place at which
/// several lines end, because a word that cannot be divided may extend a line beyond the column. Short
/// lines of the same text end at one place too, but far inside.
fn end(start: f32, ends: impl Iterator<Item = f32>) -> f32 {
    let mut ends: Vec<f32> = ends.collect();
    ends.sort_by(|a, b| b.total_cmp(a));
    let min = SAME_END_COUNT.max(ends.len() / 5);
    let outermost = ends.first().copied().unwrap_or(0.0);
    let first = start + MIN_END * (outermost - start);
    let is_shared = |ends: &&[f32]| ends[0] - ends[min - 1] < SAME_END && ends[0] > first;
    ends.windows(min).find(is_shared).map_or(outermost, |ends| ends[0])
}

/// Appends a line to a text: a hyphen at the end of a line is removed where it divides a word.
fn push_line(text: &mut String, next: &str) {
    let next = next.trim();
    if text.is_empty() || next.is_empty() {
        text.push_str(next);
        return;
    }
    if push_address(text, next) {
        return;
    }
    if text.ends_with(['\u{AD}', '-', '\u{2010}']) {
        let is_soft = text.ends_with('\u{AD}');
        let word = text.trim_end_matches(['\u{AD}', '-', '\u{2010}']);
        let is_latin = |c: &char| c.is_alphabetic() && !is_arabic_letter(*c);
        let letters = word.chars().rev().take_while(is_latin).count();
        let is_inside = letters >= 2 && next.starts_with(char::is_lowercase);
        if is_soft || is_inside {
            text.truncate(word.len());
            text.push_str(next);
            return;
        }
        if word.ends_with(char::is_alphanumeric) {
            // A compound such as `Anglo-Egyptian`.
            text.push_str(next);
            return;
        }
    }
    text.push(' ');
    text.push_str(next);
}

/// Appends the rest of a web address that is divided after a slash; returns whether it is one.
fn push_address(text: &mut String, next: &str) -> bool {
    let start = text.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let word = &text[start..];
    let is_address = |word: &str| word.starts_with("www.") || word.contains("://");
    if !next.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()) {
        return false;
    }
    if is_address(word) && word.ends_with(['/', '_', '=', '&', '?']) {
        text.push_str(next);
        return true;
    }
    // In a line from right to left, the slash is on the side of the text before it.
    if let Some(rest) = word.strip_prefix('/').filter(|rest| is_address(rest)) {
        let whole = format!("{rest}/{next}");
        text.truncate(start);
        text.push_str(&whole);
        return true;
    }
    false
}

/// Returns whether a line begins with the mark of a list item: a bullet, or a number or a letter with
/// a stop, a dash or a bracket.
pub(in crate::document::pdf) fn is_item(text: &str) -> bool {
    let text = text.trim_start();
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    if matches!(first, '•' | '●' | '▪' | '■' | '◦' | '○' | '–' | '—' | '*' | '\u{F0B7}')
    {
        return chars.next().is_some_and(char::is_whitespace);
    }
    if first == '-' {
        return chars.next().is_some_and(char::is_whitespace);
    }
    let Some(word) = text.split_whitespace().next() else { return false };
    if word.len() == text.len() {
        return false;
    }
    let is_bracket = |c: char| !c.is_alphanumeric();
    let inner = word.trim_matches(is_bracket);
    let count = inner.chars().count();
    let is_number = (1..=3).contains(&count) && inner.chars().all(char::is_numeric);
    let is_letter = count == 1 && inner.chars().all(char::is_alphabetic);
    let has_stop = word.ends_with(['.', ')', '-', '–', ':']) || is_private(word);
    inner.len() < word.len() && has_stop && (is_number || is_letter)
}

/// Returns whether a list item may follow another that does not end like a sentence: its mark is of the
/// same kind, and its number is the next one.
fn follows(item: &str, next: &str) -> bool {
    let marks = [item, next].map(|text| text.split_whitespace().next().unwrap_or_default());
    let shape = |mark: &str| -> String {
        let class = |c: char| {
            if c.is_numeric() {
                '0'
            } else if c.is_alphabetic() {
                'a'
            } else {
                c
            }
        };
        let mut shape: String = mark.chars().map(class).collect();
        while shape.contains("00") {
            shape = shape.replace("00", "0");
        }
        shape
    };
    let number = |mark: &str| numbers(mark).first().copied();
    let is_next = match (number(marks[0]), number(marks[1])) {
        (Some(number), Some(next)) => next == number + 1,
        _ => true,
    };
    shape(marks[0]) == shape(marks[1]) && is_next
}

/// Returns whether a word ends with a bracket in text from right to left.
fn is_private(word: &str) -> bool {
    word.ends_with(|c: char| matches!(c, '\u{F8E0}'..='\u{F8EF}'))
}

/// The usual sizes of the letters of a document from left to right, and from right to left: the two
/// languages of a bilingual text may have fonts of different sizes.
#[derive(Clone, Copy, Debug)]
pub(in crate::document::pdf) struct BodySizes([f32; 2]);

impl BodySizes {
    /// Returns the sizes of paragraphs, weighted by the number of their letters.
    pub(in crate::document::pdf) fn of(paragraphs: &[&Paragraph]) -> Self {
        let weighted = |is_counted: &dyn Fn(&Paragraph) -> bool| -> Vec<f32> {
            let counted = paragraphs.iter().filter(|it| is_counted(it));
            let weight = |it: &&&Paragraph| it.text.chars().count().min(2000) / 20 + 1;
            counted.flat_map(|it| std::iter::repeat_n(it.size, weight(&it))).collect()
        };
        let all = weighted(&|_| true);
        let size = |is_rtl: bool| {
            let own = weighted(&|it| it.is_rtl == is_rtl);
            // A few words in another language are not a text.
            let sizes = if own.len() * MIN_LANGUAGE >= all.len() { &own } else { &all };
            median(sizes.iter().copied())
        };
        Self([size(false), size(true)])
    }

    /// Returns the usual size of the letters of a paragraph.
    pub(in crate::document::pdf) fn body(self, paragraph: &Paragraph) -> f32 {
        self.0[usize::from(paragraph.is_rtl)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::pdf::text::unit::tests::unit;

    #[test]
    fn a_line_beyond_the_column_does_not_widen_it() {
        let ends = |ends: &[f32]| end(0.0, ends.iter().copied());
        assert_eq!(ends(&[500.0, 500.2, 620.0, 300.0, 500.1]), 500.2);
        assert_eq!(ends(&[480.0, 500.0, 470.0, 300.0]), 500.0);
        assert_eq!(ends(&[500.0, 490.0, 60.0, 60.2, 60.1]), 500.0);
        assert_eq!(ends(&[]), 0.0);
    }

    /// Returns the paragraphs of lines at an indent, with letters of one em.
    fn read(lines: &[(usize, &str)]) -> Vec<String> {
        let line = |(at, (indent, text)): (usize, &(usize, &str))| {
            let unit = |(x, c): (usize, char)| unit(&c.to_string(), (indent + x) as f32);
            let units = text.chars().enumerate().map(unit).collect();
            Line { units, y: -1.2 * at as f32, size: 1.0 }
        };
        let lines = lines.iter().enumerate().map(line).collect();
        paragraphs(lines, 0.0, false).into_iter().map(|it| it.text).collect()
    }

    #[test]
    fn where_paragraphs_are_indented_each_indent_begins_one() {
        let full = "a full line of words";
        let lines = [(2, full), (0, "ends."), (2, full), (0, "ends."), (2, full), (2, "the next")];
        let long = format!("{full} ends.");
        assert_eq!(read(&lines), [&long, &long, full, "the next"]);
        // A quotation has an indent at each line.
        let quoted = [(0, "a full line of words !"), (2, full), (2, full), (2, full), (2, "ends.")];
        assert_eq!(read(&quoted).len(), 2);
    }

    #[test]
    fn items_are_recognised_by_their_marks() {
        for item in ["• نص", "- نص", "1. text", "(أ) نص", "٣- نص", "12) x", "a) b", "– x"]
        {
            assert!(is_item(item), "{item}");
        }
        for other in ["نص", "المادة (1)", "2019", "-5 degrees", "1.5% of", "(1)", "a b", "2 x"]
        {
            assert!(!is_item(other), "{other}");
        }
    }

    #[test]
    fn an_item_follows_another_with_its_number() {
        for (item, next) in
            [("3. text", "4. text"), ("• a", "• b"), ("(أ) نص", "(ب) نص"), ("٩- x", "١٠- x")]
        {
            assert!(follows(item, next), "{next}");
        }
        for (item, next) in [("3. thirty", "(30) days"), ("3. in", "7. of"), ("• a", "1. b")] {
            assert!(!follows(item, next), "{next}");
        }
    }

    #[test]
    fn hyphens_between_lines_are_removed_where_they_divide_a_word() {
        for (above, below, text) in [
            ("exam-", "ple here", "example here"),
            ("exam\u{AD}", "ple", "example"),
            ("Anglo-", "Egyptian", "Anglo-Egyptian"),
            ("k-", "means", "k-means"),
            ("he said -", "no", "he said - no"),
            ("at www.example.org/", "ar now", "at www.example.org/ar now"),
            ("على /www.example.org", "ar قبل", "على www.example.org/ar قبل"),
            ("on/", "off", "on/ off"),
            ("كلمة -", "أخرى", "كلمة - أخرى"),
            ("كلمة", "أخرى", "كلمة أخرى"),
        ] {
            let mut joined = above.to_owned();
            push_line(&mut joined, below);
            assert_eq!(joined, text);
        }
    }
}
