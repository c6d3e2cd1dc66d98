//! Lines that begin an item of a list, and lines that only look as if they did.

use super::line::{begins_inside, lines};
use crate::normalise::is_ignorable;
use crate::script::is_arabic_letter;
use crate::segment::marks::{begins_with_letters, is_dash, is_terminator, is_word};
use crate::segment::{arabic, english};

/// How far before a line the item before it is searched for, in bytes.
const MAX_DISTANCE: usize = 4_000;

/// Returns whether a line begins with a bullet or a list number.
pub(super) fn begins_item(line: &str) -> bool {
    // Most lines begin with a word.
    if begins_with_letters(line) {
        return false;
    }
    let line = line.trim_start_matches(is_ignorable);
    let word = line.split(char::is_whitespace).next().unwrap_or_default();
    let number = word.trim_matches(|c: char| !is_word(c));
    let mut chars = number.chars();
    let is_letter = chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none();
    let is_lone = word.len() < line.len();
    line.starts_with(is_dash) && word.chars().count() == 1
        || line
            .starts_with(['*', '#', '|', '>', '☐', '☑', '✓', '✔', '►', '➢', '❖', '○', '\u{F0B7}'])
        || item_number(line).is_some_and(|(_, mark)| is_lone || mark != ")")
        || is_lone && is_letter && word.ends_with(')')
        || is_lone
            && is_letter
            && number.starts_with(|c| matches!(c, 'a'..='h') || is_arabic_letter(c))
            && word.ends_with(['.', '-', '–'])
            && word.len() == number.len() + 1
}

/// Returns the number of an item that a line begins with, and the mark after it: `2.`, `(٢)`,
/// `1.2.`, `3 -`.
fn item_number(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(is_ignorable);
    let word = line.split(char::is_whitespace).next()?;
    let number = word.trim_start_matches(|c: char| c == '(' || c == '[' || is_ignorable(c));
    let len =
        number.find(|c: char| !(c.is_numeric() || matches!(c, '.' | '٫'))).unwrap_or(number.len());
    let number = &number[..len];
    let plain = number.trim_end_matches('.');
    let mark = word.trim_end_matches(is_ignorable);
    let mark = &mark[mark.find(plain)? + plain.len()..];
    let is_number = plain
        .split(['.', '٫'])
        .all(|part| (1..=2).contains(&part.chars().count()) && part.chars().all(char::is_numeric));
    let is_mark = matches!(mark, "." | ")" | "-" | "–" | ":" | ".)" | ")." | ".-" | ")-" | "]");
    (is_number && is_mark).then_some((plain, mark))
}

/// Returns whether the number or dash that a line begins with belongs to the sentence that the
/// full line before it did not end: `in paragraph` / `(1) of this article`, `children up to` /
/// `5. They`.
///
/// `before` is the text before the full line.
pub(super) fn is_mention(before: &str, line: &str, next: &str) -> bool {
    if line.ends_with(|c: char| is_terminator(c) || matches!(c, ':' | '؛' | ';')) {
        return false;
    }
    let next = next.trim_start_matches(is_ignorable);
    if let Some(rest) = next.strip_prefix(is_dash) {
        // `the plant` / `- which makes engines - was sold`
        return begins_inside(rest.trim_start()) || rest.contains(" - ") || rest.contains(" – ");
    }
    let Some((number, _)) = item_number(next) else { return false };
    let last = line.split_whitespace().next_back().unwrap_or_default();
    let last = last.trim_matches(|c: char| !is_word(c));
    if arabic::is_section(last) || english::is_section(last) {
        return true;
    }
    let Some(index) = value(number) else { return false };
    index > 1 && !has_item(before, line, index - 1)
}

/// Returns whether the line or a line before it begins with the number of an item.
fn has_item(before: &str, line: &str, index: u32) -> bool {
    let earliest = before.len().saturating_sub(MAX_DISTANCE);
    let from = (earliest..before.len()).find(|&at| before.is_char_boundary(at)).unwrap_or(earliest);
    let is_it =
        |line: &str| item_number(line.trim()).and_then(|(number, _)| value(number)) == Some(index);
    is_it(line) || lines(&before[from..]).any(is_it)
}

/// Returns the last part of an item's number: 3 for 3 and for 1.3.
fn value(number: &str) -> Option<u32> {
    let last = number.rsplit(['.', '٫']).next()?;
    last.chars().try_fold(0, |value, c| {
        let zero = match c {
            '٠'..='٩' => '٠',
            '۰'..='۹' => '۰',
            _ => '0',
        };
        Some(value * 10 + (u32::from(c).checked_sub(u32::from(zero)).filter(|&digit| digit < 10))?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bullets_numbers_and_letters_begin_items() {
        for line in
            ["- a", "• نعم", "2. Two", "٣) ثلاثة", "(4) four", "1.2. Both", "b) two", "أ- نعم"]
        {
            assert!(begins_item(line), "{line}");
        }
        for line in ["40%. It", "5))", "$95\\%$.", "(68%).", "-5 degrees", "2026. It", "A plan"] {
            assert!(!begins_item(line), "{line}");
        }
    }

    #[test]
    fn numbers_in_a_sentence_begin_no_item() {
        for (before, line, next, expected) in [
            ("", "as it is said in paragraph", "(1) of this article", true),
            ("", "طبقاً لحكم الفقرة", "(١) من هذه المادة", true),
            ("", "it was given to children up to", "5. They were well", true),
            ("4. The fourth\n", "is about children up to", "5. The fifth", false),
            ("", "3. The third is the longest one", "4. The fourth", false),
            ("", "He took the following:", "2. The second", false),
            ("", "the plant in the north", "- which makes engines - was sold", true),
            ("", "the plant in the north", "- The plant in the south", false),
        ] {
            assert_eq!(is_mention(before, line, next), expected, "{next}");
        }
    }
}
