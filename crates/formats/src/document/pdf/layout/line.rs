//! The lines of a page: units with one baseline, in order from left to right.

use crate::document::pdf::geometry::Rect;
use crate::document::pdf::text::marks::{MarkVotes, attach};
use crate::document::pdf::text::unit::{Unit, UnitKind};

/// Glyphs that follow each other in the file are in one line if their baselines differ by less than
/// this, in parts of the font size: some fonts raise letters, and so do references to notes.
const SAME_RUN: f32 = 0.6;
/// The same for runs that do not follow each other.
const SAME_LINE: f32 = 0.3;
/// Runs end at a gap of this width, in parts of the font size.
const RUN_GAP: f32 = 1.5;

/// A line of a page, or a part of one between two gaps.
#[derive(Clone, Debug)]
pub(in crate::document::pdf) struct Line {
    /// The units in order from left to right.
    pub(in crate::document::pdf) units: Vec<Unit>,
    pub(in crate::document::pdf) y: f32,
    pub(in crate::document::pdf) size: f32,
}

impl Line {
    fn new(units: Vec<Unit>) -> Self {
        let y = median(units.iter().map(|unit| unit.y));
        let letters = units.iter().filter(|unit| unit.kind == UnitKind::Base);
        let size = median(letters.map(|unit| unit.size));
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

    pub(in crate::document::pdf) fn is_bold(&self) -> bool {
        let letters = || self.letters().filter(|unit| unit.text.contains(char::is_alphabetic));
        letters().next().is_some() && letters().all(|unit| unit.is_bold)
    }

    pub(in crate::document::pdf) fn is_artifact(&self) -> bool {
        self.letters().all(|unit| unit.is_artifact)
    }

    fn merge(&mut self, other: Self) {
        self.units.extend(other.units);
        *self = Self::new(std::mem::take(&mut self.units));
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
            (unit.y - last.y).abs() < rise * size && unit.gap(last) < RUN_GAP * size
        });
        if unit.kind != UnitKind::Mark || last.is_none() {
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
    for run in runs {
        let units = attach(run, votes);
        if !units.is_empty() {
            fragments.push(Line::new(units));
        }
    }
    fragments.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut lines: Vec<Line> = Vec::new();
    for fragment in fragments {
        match lines.last_mut() {
            Some(line) if (line.y - fragment.y).abs() < SAME_LINE * line.size.min(fragment.size) => {
                line.merge(fragment);
            }
            _ => lines.push(fragment),
        }
    }
    for line in &mut lines {
        line.units.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
        remove_doubles(&mut line.units);
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

/// Returns the median of numbers, or 0 of none.
pub(in crate::document::pdf) fn median(numbers: impl Iterator<Item = f32>) -> f32 {
    let mut numbers: Vec<f32> = numbers.collect();
    numbers.sort_by(f32::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(0.0)
}
