//! The text of a line in reading order.

use nasaq_text::is_arabic_letter;

use super::order::reading_order;
use super::unit::{Unit, UnitKind};
use super::words::with_spaces;
use crate::document::mirror::mirror_image;
use crate::document::pdf::layout::line::median;

/// The first of the private characters that stand for brackets in text from right to left until it
/// is known whether the file states them as they look or as they are read.
const FIRST_BRACKET: u32 = 0xF8E0;
/// The first of the private characters that stand for raised digits, of either kind.
const FIRST_REFERENCE: u32 = 0xF8C0;
const BRACKETS: [char; 12] = ['(', ')', '[', ']', '{', '}', '<', '>', '«', '»', '‹', '›'];

/// Returns the text of the units of a line, which are in order from left to right. Brackets in text
/// from right to left are private characters, which [`BracketVotes`] resolves.
pub(in crate::document::pdf) fn line_text(units: Vec<Unit>, is_rtl: bool) -> String {
    let units = with_spaces(units);
    let has_arabic = units.iter().any(|unit| unit.text.contains(is_arabic_letter));
    let has_latin = || {
        let is_latin = |c: char| c.is_alphabetic() && !is_arabic_letter(c);
        units.iter().any(|unit| unit.text.contains(is_latin))
    };
    let letters = || units.iter().filter(|unit| unit.kind == UnitKind::Base);
    let (y, size) = (median(letters().map(|it| it.y)), median(letters().map(|it| it.size)));
    let is_rtl = if has_arabic {
        is_rtl && !(ends_on_right(&units) && has_latin())
    } else {
        is_rtl && !has_latin()
    };
    let mut text = String::new();
    for (at, is_right) in reading_order(&units, is_rtl) {
        let unit = &units[at];
        if unit.kind == UnitKind::Space {
            if !text.is_empty() && !text.ends_with(' ') {
                text.push(' ');
            }
            continue;
        }
        if is_reference(unit, y, size) {
            text.extend(unit.text.chars().map(reference));
        } else if is_right && !unit.is_span {
            text.extend(unit.text.chars().map(open_bracket));
        } else {
            text.push_str(&unit.text);
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Returns whether a line is from left to right although it has Arabic letters: its stop is on the
/// right, and it begins with a Latin letter on the left.
fn ends_on_right(units: &[Unit]) -> bool {
    let mut letters = units.iter().filter(|unit| unit.kind == UnitKind::Base);
    let is_latin = |c: char| c.is_alphabetic() && !is_arabic_letter(c);
    letters.next().is_some_and(|unit| unit.text.starts_with(is_latin))
        && letters
            .next_back()
            .is_some_and(|unit| matches!(unit.text.as_str(), "." | "،" | "؛" | "!" | "؟" | "?"))
}

/// Returns whether a unit is a small raised digit, as a reference to a note is.
fn is_reference(unit: &Unit, y: f32, size: f32) -> bool {
    let is_small = unit.size < 0.87 * size && unit.y > y + 0.12 * size;
    // Some fonts have raised digits as glyphs of their own.
    (is_small || unit.has_ink && unit.ink.y0 > y + 0.25 * size)
        && unit.text.chars().all(|c| reference(c) != c)
}

/// Returns the private character of a raised digit; every other character itself.
fn reference(c: char) -> char {
    let (first, zero) = match c {
        '0'..='9' => (FIRST_REFERENCE, '0'),
        '٠'..='٩' => (FIRST_REFERENCE + 10, '٠'),
        _ => return c,
    };
    char::from_u32(first + u32::from(c) - u32::from(zero)).unwrap_or(c)
}

/// Returns the digit that a private character stands for.
fn digit(c: char) -> Option<char> {
    match u32::from(c).checked_sub(FIRST_REFERENCE)? {
        value @ 0..10 => char::from_digit(value, 10),
        value @ 10..20 => char::from_u32(u32::from('٠') + value - 10),
        _ => None,
    }
}

/// Removes the references to notes from the text of a document that has notes, and makes digits of
/// them in another; returns how many references it removed.
pub(in crate::document::pdf) fn resolve_references(text: &mut String, has_notes: bool) -> usize {
    if !text.contains(|c| digit(c).is_some()) {
        return 0;
    }
    let mut removed = 0;
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match digit(c) {
            None => out.push(c),
            Some(digit) if !has_notes => out.push(digit),
            Some(_) => {
                while chars.next_if(|c| digit(*c).is_some()).is_some() {}
                let next = chars.peek().copied();
                if next.is_none_or(|c| !c.is_alphanumeric()) {
                    out.truncate(out.trim_end().len());
                }
                removed += 1;
            }
        }
    }
    *text = out.trim().to_owned();
    removed
}

/// Returns the private character of a bracket; every other character itself.
fn open_bracket(c: char) -> char {
    let index = BRACKETS.iter().position(|bracket| *bracket == c);
    index.and_then(|index| char::from_u32(FIRST_BRACKET + index as u32)).unwrap_or(c)
}

/// Returns the bracket that a private character stands for.
fn bracket(c: char) -> Option<char> {
    BRACKETS.get(u32::from(c).checked_sub(FIRST_BRACKET)? as usize).copied()
}

/// How many brackets open and close each other as the file states them, and mirrored.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::document::pdf) struct BracketVotes {
    stated: usize,
    mirrored: usize,
}

impl BracketVotes {
    /// Returns the votes of a text.
    pub(in crate::document::pdf) fn of(text: &str) -> Self {
        let brackets = || text.chars().filter_map(bracket);
        let mirror = |c: char| mirror_image(c).unwrap_or(c);
        Self { stated: pairs(brackets()), mirrored: pairs(brackets().map(mirror)) }
    }

    pub(in crate::document::pdf) fn add(&mut self, other: Self) {
        self.stated += other.stated;
        self.mirrored += other.mirrored;
    }

    /// Puts the brackets of a text right: as its own brackets show, or else as those of the document
    /// do.
    pub(in crate::document::pdf) fn resolve(self, text: &str) -> String {
        let own = Self::of(text);
        let votes = if own.stated == own.mirrored { self } else { own };
        let is_mirrored = votes.mirrored > votes.stated;
        let resolve = |c: char| match bracket(c) {
            Some(bracket) if is_mirrored => mirror_image(bracket).unwrap_or(bracket),
            Some(bracket) => bracket,
            None => c,
        };
        text.chars().map(resolve).collect()
    }
}

/// Returns the number of brackets that are closed by the next bracket that is not paired.
fn pairs(brackets: impl Iterator<Item = char>) -> usize {
    let mut open = Vec::new();
    let mut pairs = 0;
    for c in brackets {
        let is_opening = matches!(c, '(' | '[' | '{' | '<' | '«' | '‹');
        if is_opening {
            open.push(c);
        } else if open.last().copied() == mirror_image(c) {
            open.pop();
            pairs += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::pdf::text::unit::tests::unit;

    #[test]
    fn a_line_whose_stop_is_on_the_right_is_from_left_to_right() {
        let line = |visual: &str| {
            let unit = |(at, c): (usize, char)| unit(&c.to_string(), at as f32);
            line_text(visual.chars().enumerate().map(unit).collect(), true)
        };
        assert_eq!(line("E2: رئبلا فافج."), "E2: جفاف البئر.");
        assert_eq!(line(".E2 هزمر"), "رمزه E2.");
    }

    #[test]
    fn brackets_are_read_as_they_pair() {
        let private = |text: &str| text.chars().map(open_bracket).collect::<String>();
        let none = BracketVotes::default();
        assert_eq!(none.resolve(&private("المادة (1) و«أ»")), "المادة (1) و«أ»");
        assert_eq!(none.resolve(&private("المادة )1( و»أ«")), "المادة (1) و«أ»");
        let mut votes = BracketVotes::of(&private(")1("));
        votes.add(BracketVotes::of(&private(")2(")));
        assert_eq!(votes.resolve(&private("1(")), "1)");
        assert_eq!(none.resolve("(a)"), "(a)");
    }
}
