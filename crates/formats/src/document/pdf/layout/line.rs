//! The lines of a page: units with one baseline, in order from left to right.

use nasaq_text::is_arabic_letter;

use crate::document::pdf::geometry::Rect;
use crate::document::pdf::text::marks::{MarkVotes, attach, attach_nearest};
use crate::document::pdf::text::unit::{Unit, UnitKind};
use crate::document::pdf::text::unknown::is_unknown;
use crate::document::pdf::tree::Tag;

/// Glyphs that follow each other in the file are in one line if their baselines differ by less than
/// this, in parts of the font size: some fonts raise letters, and so do references to notes.
const SAME_RUN: f32 = 0.6;
/// The same for runs that do not follow each other.
const SAME_LINE: f32 = 0.3;
/// Runs end at a gap of this width, in parts of the font size.
const RUN_GAP: f32 = 1.5;

/// References to notes are smaller than the text by at least this factor.
const SMALL: f32 = 0.87;
/// A page with fewer lines does not show how wide its text is.
pub(in crate::document::pdf) const MIN_LINES: usize = 10;
/// The maximum number of fragments of a line; a page of more is no text.
const MAX_FRAGMENTS: usize = 2000;
/// The maximum number of digits of a reference to a note.
const MAX_DIGITS: usize = 4;
/// The maximum number of marks of a page that are written apart from any letter.
const MAX_ALONE: usize = 1000;

/// A line of a page, or a part of one between two gaps.
#[derive(Clone, Debug)]
pub(in crate::document::pdf) struct Line {
    /// The units in order from left to right.
    pub(in crate::document::pdf) units: Vec<Unit>,
    pub(in crate::document::pdf) y: f32,
    pub(in crate::document::pdf) size: f32,
}

impl Line {
    pub(super) fn new(units: Vec<Unit>) -> Self {
        let letters = || units.iter().filter(|unit| unit.kind == UnitKind::Base);
        // A fragment may be a space alone.
        let size = match letters().next() {
            Some(_) => median(letters().map(|unit| unit.size)),
            None => median(units.iter().map(|unit| unit.size)),
        };
        // A number of a note is raised; what is beside it may be one stop.
        let max = letters().map(|unit| unit.size).fold(0.0, f32::max);
        let is_large = |unit: &&Unit| unit.size >= SMALL * max;
        let y = median(units.iter().filter(is_large).map(|unit| unit.y));
        Self { units, y, size }
    }

    /// Returns the box of the letters.
    pub(in crate::document::pdf) fn rect(&self) -> Rect {
        let mut rect = Rect { x0: f32::MAX, y0: self.y, x1: f32::MIN, y1: self.y + self.size };
        for unit in self.units.iter().filter(|unit| unit.kind == UnitKind::Base) {
            rect.x0 = rect.x0.min(unit.x0);
            rect.x1 = rect.x1.max(unit.x1);
        }
        rect
    }

    pub(in crate::document::pdf) fn letters(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(|unit| unit.kind == UnitKind::Base)
    }

    /// Returns the tag of the first letter from the left.
    pub(in crate::document::pdf) fn tag(&self) -> Tag {
        self.letters().next().map_or(Tag::Untagged, |unit| unit.tag)
    }

    pub(in crate::document::pdf) fn is_bold(&self) -> bool {
        let letters = || self.letters().filter(|unit| unit.text.contains(char::is_alphabetic));
        letters().next().is_some() && letters().all(|unit| unit.is_bold)
    }

    /// Returns the parts of a line between gaps that are wider than those between words.
    pub(super) fn fragments(&self) -> Vec<Self> {
        let mut parts: Vec<Vec<Unit>> = Vec::new();
        let mut end = f32::MAX;
        for unit in self.letters() {
            match parts.last_mut() {
                Some(part) if unit.x0 - end < RUN_GAP * self.size => part.push(unit.clone()),
                _ => parts.push(vec![unit.clone()]),
            }
            end = if end == f32::MAX { unit.x1 } else { end.max(unit.x1) };
        }
        parts.into_iter().map(Self::new).collect()
    }

    pub(in crate::document::pdf) fn is_artifact(&self) -> bool {
        self.letters().all(|unit| unit.is_artifact)
    }
}

/// Returns runs of units that follow each other in the file and on the page.
pub(in crate::document::pdf) fn runs(units: Vec<Unit>) -> Vec<Vec<Unit>> {
    let mut runs: Vec<Vec<Unit>> = Vec::new();
    // The last unit that is not a mark: marks are raised and lowered.
    let mut last: Option<Unit> = None;
    for unit in units {
        let continues = last.as_ref().is_some_and(|last| {
            let size = last.size.max(unit.size);
            let rise = if unit.kind == UnitKind::Mark { 2.0 * SAME_RUN } else { SAME_RUN };
            // The number of a note is raised; what is as low belongs to the next line.
            let is_next = unit.size < SMALL * last.size && last.y - unit.y > 0.35 * last.size;
            (unit.y - last.y).abs() < rise * size && unit.gap(last) < RUN_GAP * size && !is_next
        });
        if unit.kind != UnitKind::Mark || !continues {
            last = Some(unit.clone());
        }
        match runs.last_mut() {
            Some(run) if continues => run.push(unit),
            _ => runs.push(vec![unit]),
        }
    }
    runs
}

/// Returns the lines of runs, from the top of the page to its bottom.
pub(in crate::document::pdf) fn lines(runs: Vec<Vec<Unit>>, votes: MarkVotes) -> Vec<Line> {
    let mut fragments: Vec<Line> = Vec::new();
    let mut marks: Vec<Unit> = Vec::new();
    for run in runs {
        let (units, alone) = attach(run, votes);
        marks.extend(alone);
        if !units.is_empty() {
            fragments.push(Line::new(units));
        }
    }
    let mut lines = merged(fragments);
    merge_raised(&mut lines);
    for mark in marks.into_iter().take(MAX_ALONE) {
        let near = |line: &&mut Line| (line.y - mark.y).abs() < SAME_RUN * line.size;
        if let Some(line) = lines.iter_mut().find(near) {
            attach_nearest(&mut line.units, &mark);
        }
    }
    for line in &mut lines {
        line.units.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
        remove_doubles(&mut line.units);
        remove_parts(&mut line.units);
    }
    lines.retain(|line| line.letters().next().is_some());
    lines
}

/// Returns the place of a unit in its line.
fn middle(unit: &Unit) -> f32 {
    (unit.x0 + unit.x1) / 2.0
}

/// Removes letters that are drawn twice to look bold.
fn remove_doubles(units: &mut Vec<Unit>) {
    units.dedup_by(|next, previous| {
        let shift = (next.x0 - previous.x0).abs();
        let is_double = next.text == previous.text
            && next.kind == UnitKind::Base
            && shift < 0.12 * next.size
            && shift < 0.4 * (next.x1 - next.x0);
        previous.is_bold |= is_double;
        is_double
    });
}

/// Merges the fragments of a page that have one baseline.
fn merged(mut fragments: Vec<Line>) -> Vec<Line> {
    fragments.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut groups: Vec<Vec<Line>> = Vec::new();
    for fragment in fragments {
        // The longest fragment has the baseline and the size of the line.
        let longest = groups.last().and_then(|it| it.iter().max_by_key(|it| it.units.len()));
        let is_same = longest.is_some_and(|line| {
            (line.y - fragment.y).abs() < SAME_LINE * line.size.min(fragment.size)
                && !is_over(line, &fragment)
        });
        match groups.last_mut() {
            Some(group) if is_same && group.len() < MAX_FRAGMENTS => group.push(fragment),
            _ => groups.push(vec![fragment]),
        }
    }
    let joined = |group: Vec<Line>| Line::new(group.into_iter().flat_map(|it| it.units).collect());
    groups.into_iter().map(joined).collect()
}

/// Returns whether a fragment is small digits at a place where a line has text: these are a reference
/// to a note in the line below.
fn is_over(line: &Line, fragment: &Line) -> bool {
    fragment.size < SMALL * line.size
        && fragment.units.len() <= MAX_DIGITS
        && fragment.letters().all(is_digit)
        && fragment.letters().all(|digit| {
            let middle = middle(digit);
            line.letters().any(|unit| (unit.x0..unit.x1).contains(&middle))
        })
}

fn is_digit(unit: &Unit) -> bool {
    unit.text.chars().all(char::is_numeric)
}

/// Merges small raised digits, which are references to notes, with the line that they touch.
fn merge_raised(lines: &mut Vec<Line>) {
    for at in (0..lines.len()).rev() {
        if lines[at].units.len() > MAX_DIGITS || !lines[at].letters().all(is_digit) {
            continue;
        }
        let raised = &lines[at];
        let is_below = |line: &Line| {
            let rise = raised.y - line.y;
            raised.size < SMALL * line.size
                && (0.1 * line.size..0.7 * line.size).contains(&rise)
                && raised
                    .units
                    .iter()
                    .all(|digit| line.letters().any(|unit| unit.gap(digit) < 0.5 * line.size))
        };
        if let Some(below) =
            (at + 1..lines.len().min(at + 4)).find(|below| is_below(&lines[*below]))
        {
            let units = std::mem::take(&mut lines[at].units);
            lines[below].units.extend(units);
            lines.remove(at);
        }
    }
}

/// Removes a letter that is a part of a cluster, if the text of the whole is stated for the glyph
/// beside it.
fn remove_parts(units: &mut Vec<Unit>) {
    let is_part = |part: &Unit, whole: &Unit| {
        let (first, letters) = (whole.text.chars().next(), whole.text.chars().nth(1).is_some());
        let is_unknown = part.text.chars().all(is_unknown)
            || part.is_repaired && part.text.chars().next() == first;
        letters
            && !whole.is_span
            && !whole.is_repaired
            && is_unknown
            && whole.text.chars().all(is_arabic_letter)
            && part.gap(whole) < 0.1 * whole.size
    };
    for at in (1..units.len()).rev() {
        // The part that is read first is on the right.
        if is_part(&units[at], &units[at - 1]) {
            units.remove(at);
        }
    }
}

/// Returns the direction of a part of a document: that of most of its letters, if they are clearly more,
/// or else that of the whole.
pub(in crate::document::pdf) fn is_rtl_part(lines: &[Line], whole: bool) -> bool {
    let [arabic, other] = letter_counts(lines.iter());
    if arabic > 2 * other {
        true
    } else if other > 4 * arabic {
        false
    } else {
        whole
    }
}

/// Returns the numbers of Arabic letters and of others.
pub(in crate::document::pdf) fn letter_counts<'a>(
    lines: impl Iterator<Item = &'a Line>,
) -> [usize; 2] {
    let mut counts = [0, 0];
    for c in lines.flat_map(Line::letters).flat_map(|unit| unit.text.chars()) {
        if is_arabic_letter(c) {
            counts[0] += 1;
        } else if c.is_alphabetic() {
            counts[1] += 1;
        }
    }
    counts
}

/// Returns the median of numbers, or 0 of none.
pub(in crate::document::pdf) fn median(numbers: impl Iterator<Item = f32>) -> f32 {
    let mut numbers: Vec<f32> = numbers.collect();
    numbers.sort_by(f32::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(0.0)
}
