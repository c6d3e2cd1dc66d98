//! Puts each mark on the letter that it stands over or under.
//!
//! A program writes a mark right before or right after its letter, always in the same way. Which way
//! a line does it is decided by the marks themselves: most of them have their ink over the letter.

use super::letters::{add_marks, settle_ligature};
use super::shapes::{composed, is_hamza_or_madda};
use super::unit::{Unit, UnitKind, is_mark};
use super::unknown::is_unknown;

/// A mark may be this far from the box of its letter, in parts of the font size.
const MAX_DISTANCE: f32 = 0.9;
/// The maximum number of marks between a mark and its letter, in the order of the file.
const MAX_MARKS: usize = 16;
/// The maximum number of units between a mark and its letter, if they are not neighbours.
const MAX_SEARCH: usize = 300;
/// The share of marks that must agree on the order of mark and letter.
const MIN_AGREEMENT: f32 = 0.6;

/// The order in which a document writes a mark and its letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::document::pdf) struct MarkVotes {
    before: usize,
    after: usize,
}

impl MarkVotes {
    /// Counts the marks of units in the order of the file.
    pub(in crate::document::pdf) fn count(&mut self, units: &[Unit]) {
        for (at, mark) in units.iter().enumerate() {
            if mark.kind != UnitKind::Mark {
                continue;
            }
            let (previous, next) = neighbours(units, at);
            let distance =
                |base: Option<usize>| base.map_or(f32::MAX, |base| off_centre(mark, &units[base]));
            let (previous, next) = (distance(previous), distance(next));
            if previous < next {
                self.after += 1;
            } else if next < previous {
                self.before += 1;
            }
        }
    }

    /// Returns whether marks are written before their letters, if that is clear.
    fn is_before(self) -> Option<bool> {
        let all = (self.before + self.after) as f32;
        let share = |votes: usize| votes as f32 >= MIN_AGREEMENT * all;
        match (share(self.before), share(self.after)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    }
}

/// Puts the marks of units, in the order of the file, on their letters; returns the other units, and
/// the marks without a letter.
pub(in crate::document::pdf) fn attach(
    units: Vec<Unit>,
    votes: MarkVotes,
) -> (Vec<Unit>, Vec<Unit>) {
    let mut marks = Vec::new();
    let mut alone = Vec::new();
    for (at, unit) in units.iter().enumerate().filter(|(_, unit)| unit.kind == UnitKind::Mark) {
        match base_of(&units, at, votes) {
            Some(base) => marks.push((base, unit.clone())),
            None => alone.push(unit.clone()),
        }
    }
    let mut units = units;
    for (base, mark) in marks {
        add(&mut units[base], &mark);
    }
    for unit in units.iter_mut().filter(|unit| !unit.is_span) {
        settle_ligature(&mut unit.text);
    }
    units.retain(|unit| unit.kind != UnitKind::Mark);
    (units, alone)
}

/// Puts a mark on the nearest letter of a line.
pub(in crate::document::pdf) fn attach_nearest(units: &mut [Unit], mark: &Unit) {
    let near = units.iter_mut().filter(|base| {
        base.kind == UnitKind::Base
            && is_lettered(base)
            && distance(mark, base) < MAX_DISTANCE * mark.size
    });
    if let Some(base) = near.min_by(|a, b| off_centre(mark, a).total_cmp(&off_centre(mark, b))) {
        add(base, mark);
    }
}

/// Returns the letters that are written right before and right after a mark.
fn neighbours(units: &[Unit], at: usize) -> (Option<usize>, Option<usize>) {
    let is_base = |at: &usize| units[*at].kind != UnitKind::Mark;
    let only_base = |at: usize| (units[at].kind == UnitKind::Base).then_some(at);
    let (first, last) = (at.saturating_sub(MAX_MARKS), units.len().min(at + MAX_MARKS));
    let previous = (first..at).rev().find(is_base).and_then(only_base);
    let next = (at + 1..last).find(is_base).and_then(only_base);
    (previous, next)
}

/// Returns the letter of a mark: the neighbour on the usual side, or else the nearest letter.
fn base_of(units: &[Unit], at: usize, votes: MarkVotes) -> Option<usize> {
    let mark = &units[at];
    let (previous, next) = neighbours(units, at);
    let usual = match votes.is_before() {
        Some(true) => next,
        Some(false) => previous,
        None => None,
    };
    let is_near = |base: &usize| distance(mark, &units[*base]) < MAX_DISTANCE * mark.size;
    if let Some(base) = usual.filter(is_near) {
        return Some(base);
    }
    let window = at.saturating_sub(MAX_SEARCH)..units.len().min(at + MAX_SEARCH);
    let near = window.filter(|base| {
        units[*base].kind == UnitKind::Base && is_near(base) && is_lettered(&units[*base])
    });
    near.min_by(|a, b| off_centre(mark, &units[*a]).total_cmp(&off_centre(mark, &units[*b])))
}

fn is_lettered(unit: &Unit) -> bool {
    unit.text.contains(char::is_alphabetic)
}

/// Returns the distance from the centre of a mark's ink to the box of a letter.
fn distance(mark: &Unit, base: &Unit) -> f32 {
    let x = mark.ink.center_x();
    (base.ink.x0.min(base.x0) - x).max(x - base.ink.x1.max(base.x1)).max(0.0)
}

/// Returns the distance between the centres, and much more outside the box of the letter.
fn off_centre(mark: &Unit, base: &Unit) -> f32 {
    let centre = (mark.ink.center_x() - base.ink.center_x()).abs();
    10.0 * distance(mark, base) + centre
}

/// Adds marks to the letter of a unit; in a ligature, to the letter under the mark.
fn add(unit: &mut Unit, mark: &Unit) {
    let x = mark.ink.center_x();
    let letters = unit.text.chars().filter(|c| !is_mark(*c)).count().max(1);
    // The first letter is on the right.
    let part = (unit.ink.x1 - x) / unit.ink.width().max(0.01) * letters as f32;
    let at = (part.max(0.0) as usize).min(letters - 1);
    let mut out = String::with_capacity(unit.text.len() + 4);
    let mut chars = unit.text.chars().peekable();
    let mut index = 0;
    let mut new = Some(mark.text.chars().collect::<Vec<char>>());
    while let Some(mut letter) = chars.next() {
        let mut marks = Vec::new();
        while let Some(mark) = chars.next_if(|c| is_mark(*c)) {
            marks.push(mark);
        }
        if index == at {
            let mut new = new.take().unwrap_or_default();
            new.retain(|mark| match composed(letter, *mark) {
                Some(whole) => {
                    letter = whole;
                    false
                }
                // A shape that is no part of its letter is an unknown mark.
                None => !is_hamza_or_madda(*mark),
            });
            if is_unknown(letter) {
                out.push(letter);
                out.extend(sorted(marks, new));
                index += 1;
                continue;
            }
            // An alef that is drawn as a part of the lam before it.
            let follows = new.iter().position(|c| !is_mark(*c)).map(|at| new.remove(at));
            // On another letter, it is anything.
            let is_alef = |c| matches!(c, 'ا' | 'أ' | 'إ' | 'آ');
            let follows = follows.map(|c| if is_alef(c) && letter != 'ل' { '\u{FFFD}' } else { c });
            add_marks(&mut marks, new.into_iter());
            if let Some(follows) = follows {
                out.push(letter);
                letter = follows;
            }
        }
        out.push(letter);
        out.extend(marks);
        index += 1;
    }
    unit.text = out;
}

fn sorted(mut marks: Vec<char>, new: Vec<char>) -> Vec<char> {
    add_marks(&mut marks, new.into_iter());
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::pdf::text::unit::tests::unit;

    /// A mark with its ink around a place, which does not move the pen.
    fn mark(text: &str, x: f32) -> Unit {
        let mut mark = unit(text, x);
        mark.kind = UnitKind::Mark;
        (mark.ink.x0, mark.ink.x1) = (x - 0.1, x + 0.1);
        mark.x1 = mark.x0;
        mark
    }

    fn attached(units: Vec<Unit>) -> String {
        let mut votes = MarkVotes::default();
        votes.count(&units);
        let (units, alone) = attach(units, votes);
        assert!(alone.is_empty());
        units.iter().map(|unit| unit.text.as_str()).collect()
    }

    #[test]
    fn marks_are_put_on_the_letters_that_they_stand_over() {
        // From left to right, with marks before and after their letters.
        let before =
            vec![mark("\u{64E}", 0.5), unit("ب", 0.0), mark("\u{64F}", 1.4), unit("ت", 1.0)];
        assert_eq!(attached(before), "بَتُ");
        let after =
            vec![unit("ت", 1.0), mark("\u{64F}", 1.6), unit("ب", 0.0), mark("\u{64E}", 0.4)];
        assert_eq!(attached(after), "تُبَ");
    }

    #[test]
    fn marks_of_one_letter_are_in_the_order_of_typing_and_not_repeated() {
        let units =
            vec![mark("\u{64E}", 0.5), mark("\u{651}", 0.5), mark("\u{64E}", 0.5), unit("ب", 0.0)];
        assert_eq!(attached(units), "ب\u{651}\u{64E}");
    }

    #[test]
    fn marks_on_a_ligature_are_on_the_letter_below_them() {
        assert_eq!(attached(vec![mark("\u{64E}", 0.8), unit("لا", 0.0)]), "لَا");
        assert_eq!(attached(vec![mark("\u{64B}", 0.2), unit("لا", 0.0)]), "لاً");
    }

    #[test]
    fn hamza_becomes_a_part_of_its_letter() {
        assert_eq!(attached(vec![mark("\u{654}", 0.5), unit("ا", 0.0)]), "أ");
        assert_eq!(attached(vec![mark("إ", 0.5), unit("ا", 0.0)]), "إ");
        // An alef without text on a lam, and on another letter.
        assert_eq!(attached(vec![mark("ا", 0.5), unit("ل", 0.0)]), "لا");
        assert_eq!(attached(vec![mark("ا", 0.5), unit("ب", 0.0)]), "ب\u{FFFD}");
        // An unknown mark on a letter that has none.
        assert_eq!(attached(vec![mark("\u{654}", 0.5), unit("ب", 0.0)]), "ب");
    }
}
