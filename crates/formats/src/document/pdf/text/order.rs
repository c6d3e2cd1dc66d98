//! Reading order: the units of a line, from left to right, in the order in which they are read.
//!
//! This undoes the [Unicode bidirectional algorithm](https://www.unicode.org/reports/tr9/) for one
//! line: what a line shows is turned around in a line from right to left, except for numbers and for
//! runs of Latin letters.

use nasaq_text::is_arabic_letter;

use super::unit::{Unit, UnitKind};

/// How a unit takes part in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// From right to left: letters of the Arabic script.
    Right,
    /// From left to right: other letters.
    Left,
    Number,
    /// Joins two numbers: `.`, `,`, `:`, `/`.
    Separator,
    Neutral,
    Space,
}

/// Units of measure and the like, which follow a number.
const UNITS: &[&str] = &[
    "mm",
    "cm",
    "m",
    "km",
    "kg",
    "g",
    "mg",
    "t",
    "l",
    "ml",
    "kb",
    "mb",
    "gb",
    "tb",
    "hz",
    "khz",
    "mhz",
    "ghz",
    "kw",
    "mw",
    "w",
    "v",
    "kwh",
    "am",
    "pm",
    "usd",
    "eur",
    "gbp",
    "ppm",
    "ha",
    "c",
    "f",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Returns the indices of the units of a line, which are in order from left to right, in reading
/// order, and for each whether it is in text from right to left.
pub(in crate::document::pdf) fn reading_order(units: &[Unit], is_rtl: bool) -> Vec<(usize, bool)> {
    let mut classes: Vec<Class> = units.iter().map(class).collect();
    join_numbers(&mut classes);
    if is_rtl {
        let runs = runs(units, &classes, Class::Left);
        let mut order = Vec::with_capacity(units.len());
        let mut end = units.len();
        while end > 0 {
            let run = runs.iter().find(|(first, last)| (*first..=*last).contains(&(end - 1)));
            let (first, is_right) = match run {
                Some((first, _)) => (*first, false),
                None => (end - 1, true),
            };
            order.extend((first..end).map(|at| (at, is_right)));
            end = first;
        }
        return order;
    }
    let runs = runs(units, &classes, Class::Right);
    let mut order = Vec::with_capacity(units.len());
    let mut at = 0;
    while at < units.len() {
        let Some((_, last)) = runs.iter().find(|(first, _)| *first == at) else {
            order.push((at, false));
            at += 1;
            continue;
        };
        order.extend(turned(&classes, at, *last));
        at = last + 1;
    }
    order
}

/// Returns a run from right to left in reading order: turned around, except for its numbers.
fn turned(classes: &[Class], first: usize, last: usize) -> Vec<(usize, bool)> {
    let mut order = Vec::new();
    let mut end = last + 1;
    while end > first {
        let mut start = end - 1;
        if classes[start] == Class::Number {
            while start > first && classes[start - 1] == Class::Number {
                start -= 1;
            }
        }
        order.extend((start..end).map(|at| (at, true)));
        end = start;
    }
    order
}

fn class(unit: &Unit) -> Class {
    if unit.kind == UnitKind::Space {
        return Class::Space;
    }
    for c in unit.text.chars() {
        if is_arabic_letter(c) || c == nasaq_text::TATWEEL {
            return Class::Right;
        }
        if c.is_numeric() {
            return Class::Number;
        }
        if c.is_alphabetic() {
            return Class::Left;
        }
    }
    match unit.text.as_str() {
        "." | "," | ":" | "/" | "\u{66B}" | "\u{66C}" => Class::Separator,
        _ => Class::Neutral,
    }
}

/// Makes a separator between two digits a part of the number.
fn join_numbers(classes: &mut [Class]) {
    for at in 0..classes.len() {
        if classes[at] == Class::Separator {
            let is_number = |at: usize| classes.get(at) == Some(&Class::Number);
            let is_inside = at > 0 && is_number(at - 1) && is_number(at + 1);
            classes[at] = if is_inside { Class::Number } else { Class::Neutral };
        }
    }
}

/// Returns the runs of a direction as their first and last units: letters of the direction, what
/// is between them, and numbers.
fn runs(units: &[Unit], classes: &[Class], letters: Class) -> Vec<(usize, usize)> {
    let other = if letters == Class::Left { Class::Right } else { Class::Left };
    let mut runs = Vec::new();
    let mut at = 0;
    while at < classes.len() {
        match classes[at] {
            class if class == letters => {
                let last = run_end(units, classes, at, letters, other);
                let first = if letters == Class::Left { with_digits(classes, at) } else { at };
                let (first, last) = with_brackets(units, first, last);
                runs.push((first, last));
                at = last + 1;
            }
            Class::Number if letters == Class::Left => {
                let last =
                    (at..classes.len()).take_while(|at| classes[*at] == Class::Number).last();
                let last = last.unwrap_or(at);
                // A number that touches the letters after it is a part of their run.
                if classes.get(last + 1) == Some(&letters) {
                    at = last + 1;
                } else {
                    runs.push((at, last));
                    at = last + 1;
                }
            }
            _ => at += 1,
        }
    }
    runs
}

/// Returns the last unit of the run that begins at a letter.
fn run_end(units: &[Unit], classes: &[Class], first: usize, letters: Class, other: Class) -> usize {
    let mut last = first;
    for at in first..classes.len() {
        let class = classes[at];
        if class == other {
            break;
        }
        let is_number = || class == Class::Number && letters == Class::Left;
        if class == letters || is_number() && !precedes_unit(units, classes, last, at) {
            last = at;
        }
    }
    last
}

/// Returns whether the number after the letters of a run is read before them, because the letters
/// are a unit of measure: `10 MB` looks like `MB 10` in a line from right to left.
fn precedes_unit(units: &[Unit], classes: &[Class], last: usize, number: usize) -> bool {
    if last + 1 == number || classes[last] == Class::Number {
        return false;
    }
    let first = (0..=last).rev().take_while(|at| classes[*at] == Class::Left).last();
    let word: String =
        units[first.unwrap_or(last)..=last].iter().map(|it| it.text.as_str()).collect();
    UNITS.contains(&word.to_ascii_lowercase().as_str())
}

/// Returns where a run begins whose first letter may touch digits: `3D`.
fn with_digits(classes: &[Class], first: usize) -> usize {
    let digits = (0..first).rev().take_while(|at| classes[*at] == Class::Number);
    digits.last().unwrap_or(first)
}

/// Extends a run by a bracket at its edge whose partner is inside.
fn with_brackets(units: &[Unit], first: usize, last: usize) -> (usize, usize) {
    let text = |at: usize| units.get(at).map(|unit| unit.text.as_str()).unwrap_or_default();
    let balance = |open: &str, close: &str| {
        (first..=last)
            .fold(0_i32, |sum, at| sum + i32::from(text(at) == open) - i32::from(text(at) == close))
    };
    let (mut first, mut last) = (first, last);
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}")] {
        let open_more = balance(open, close);
        if open_more > 0 && text(last + 1) == close {
            last += 1;
        } else if open_more < 0 && first > 0 && text(first - 1) == open {
            first -= 1;
        }
    }
    (first, last)
}

/// Returns the mirror image of a bracket or quotation mark.
pub(in crate::document::pdf) fn mirrored(c: char) -> Option<char> {
    Some(match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        '‹' => '›',
        '›' => '‹',
        _ => return None,
    })
}
