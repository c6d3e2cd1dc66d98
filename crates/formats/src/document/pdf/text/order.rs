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
        let runs = run_starts(runs(units, &classes, Class::Left), units.len());
        let mut order = Vec::with_capacity(units.len());
        let mut end = units.len();
        while end > 0 {
            let (first, is_right) = match runs[end - 1] {
                Some(first) => (first, false),
                None => (end - 1, true),
            };
            order.extend((first..end).map(|at| (at, is_right)));
            end = first;
        }
        return order;
    }
    let mut runs = runs(units, &classes, Class::Right).into_iter().peekable();
    let mut order = Vec::with_capacity(units.len());
    let mut at = 0;
    while at < units.len() {
        let Some((_, last)) = runs.next_if(|(first, _)| *first == at) else {
            order.push((at, false));
            at += 1;
            continue;
        };
        order.extend(turned(&classes, at, last));
        at = last + 1;
    }
    order
}

/// Returns for each unit the first unit of its run, if it is in one.
fn run_starts(runs: Vec<(usize, usize)>, count: usize) -> Vec<Option<usize>> {
    let mut starts = vec![None; count];
    for (first, last) in runs {
        starts[first..=last].fill(Some(first));
    }
    starts
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
                let unit = unit_after(units, classes, last);
                // A number that touches the letters after it is a part of their run.
                if let Some(end) = unit {
                    runs.push((at, end));
                    at = end + 1;
                } else if classes.get(last + 1) == Some(&letters) {
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

/// Returns the end of the unit of measure that a number has after it: `10 MB` from left to right.
fn unit_after(units: &[Unit], classes: &[Class], number: usize) -> Option<usize> {
    let first = number + 2;
    if classes.get(number + 1) != Some(&Class::Space) {
        return None;
    }
    let len =
        classes[first.min(classes.len())..].iter().take_while(|it| **it == Class::Left).count();
    let end = (first + len).checked_sub(1).filter(|_| len > 0)?;
    let is_end =
        matches!(classes.get(end + 1), None | Some(Class::Space | Class::Neutral | Class::Right));
    let word: String = units[first..=end].iter().map(|it| it.text.as_str()).collect();
    (is_end && UNITS.contains(&word.to_ascii_lowercase().as_str())).then_some(end)
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

#[cfg(test)]
mod tests {
    use unicode_bidi::{BidiInfo, Level};

    use super::*;
    use crate::document::pdf::text::unit::tests::unit;

    /// Returns the text that is read in what a line shows.
    fn read(visual: &str, is_rtl: bool) -> String {
        let units: Vec<Unit> =
            visual.chars().enumerate().map(|(at, c)| unit(&c.to_string(), at as f32)).collect();
        let order = reading_order(&units, is_rtl);
        order.into_iter().map(|(at, _)| units[at].text.as_str()).collect()
    }

    fn shown(text: &str, is_rtl: bool) -> String {
        let level = if is_rtl { Level::rtl() } else { Level::ltr() };
        let info = BidiInfo::new(text, Some(level));
        info.reorder_line(&info.paragraphs[0], 0..text.len()).into_owned()
    }

    #[test]
    fn lines_from_right_to_left_are_read_as_they_were_written() {
        for text in [
            "كان في طرف القرية بئر قديمة.",
            "المادة (1) من القانون رقم 27 لسنة 2019",
            "في 15/3/2024 الساعة 9:00 أو 14:30، نحو 12,450.75 مرة",
            "كلفة المشروع 18% أو (4.6 مليون) تقريبا",
            "صيغ CSV وJSON وXML، ثم ISO 2709 أخيرا",
            "على العنوان info@example.org أو www.example.org/ar قبل الغد",
            "واجهة REST API (الإصدار 2.1) جديدة",
            "لا يتجاوز حجمه 10 MB من الذاكرة",
            "تقرير عن مشروع Open Data 2030",
            "١٢ كتابا و٣٫٥ لترا",
            "خوارزمية تسمى k-means، وهي (ISO) قديمة",
            "نحو 10 km ثم Windows 11 ثم نهاية",
        ] {
            assert_eq!(read(&shown(text, true), true), text);
        }
    }

    #[test]
    fn a_unit_of_measure_is_read_after_its_number() {
        // The program has the number and the unit from left to right.
        assert_eq!(read("هجح 10 MB يلع", true), "علي 10 MB حجه");
        assert_eq!(read("هجح MB 10 يلع", true), "علي 10 MB حجه");
    }

    #[test]
    fn arabic_in_lines_from_left_to_right_is_turned() {
        for text in [
            "The word كتاب means book.",
            "Two words, كتاب قديم, and 12 more",
            "It was called دار الحكمة (see page 4).",
            "No Arabic here: 3.5%",
        ] {
            assert_eq!(read(&shown(text, false), false), text);
        }
    }
}
