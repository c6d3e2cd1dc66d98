//! Joins the parts of a number in digits: groups of three digits (`1 234 567`) and telephone numbers.

use super::{Amount, Notation, Quantity, QuantityKind, between};

/// The minimum number of digits of a number, such as a telephone number, whose groups of digits may
/// have other lengths in a translation.
const MIN_LONG: usize = 7;

/// What separates the parts of a telephone number.
const LONG_GAPS: [&str; 11] =
    [" ", "-", ".", "/", " - ", ")", ") ", ")-", " (", "\u{2011}", "\u{2013}"];

/// Joins groups of digits. Three groups or more, or two with an apostrophe, are one number. Two
/// groups with a space, and the parts of a long number, get the joined number as a third reading.
pub(super) fn join(text: &str, found: &mut Vec<Quantity>) {
    let mut at = 0;
    while at < found.len() {
        let count = grouped(text, &found[at..]);
        let end = at + count;
        if count >= 2 {
            let joined = digits(text, &found[at..end]);
            let gap = between(text, &found[at], &found[at + 1]);
            if count == 2 && gap == Some(" ") {
                found[at..end].iter_mut().for_each(|part| part.also = joined);
            } else if let Some(amount) = joined {
                let last = found[end - 1].bytes.end;
                let whole = &mut found[at];
                (whole.amount, whole.alternative, whole.weak) = (amount, None, false);
                whole.kind = QuantityKind::Number;
                whole.bytes.end = last;
                found.drain(at + 1..end);
                at += 1;
                continue;
            }
        }
        at = end.max(at + 1);
    }
    join_long(text, found);
}

fn join_long(text: &str, found: &mut [Quantity]) {
    let mut at = 0;
    while at < found.len() {
        let mut end = at + 1;
        while end < found.len()
            && is_plain(text, &found[end - 1])
            && is_plain(text, &found[end])
            && between(text, &found[end - 1], &found[end])
                .is_some_and(|gap| LONG_GAPS.contains(&gap))
        {
            end += 1;
        }
        let length: usize = found[at..end].iter().map(|part| part.bytes.len()).sum();
        if end > at + 1 && length >= MIN_LONG {
            let joined = digits(text, &found[at..end]);
            found[at..end].iter_mut().for_each(|part| part.also = joined);
        }
        at = end;
    }
}

/// Returns the number of quantities at the start of a slice that are groups of one number, or 0.
fn grouped(text: &str, found: &[Quantity]) -> usize {
    let first = &found[0];
    let fits = is_plain(text, first)
        && first.bytes.len() <= 3
        && !text[first.bytes.clone()].starts_with('0');
    if !fits {
        return 0;
    }
    let gap = |at: usize| between(text, &found[at - 1], &found[at]);
    let mut count = 1;
    while count < found.len()
        && matches!(gap(count), Some(" " | "'"))
        && gap(count) == gap(1)
        && is_plain(text, &found[count])
        && found[count].bytes.len() == 3
    {
        count += 1;
    }
    // In 1 234 5678 the groups are not thousands.
    let goes_on = found.get(count).is_some_and(|next| {
        is_plain(text, next) && between(text, &found[count - 1], next) == Some(" ")
    });
    if goes_on || count < 2 { 0 } else { count }
}

fn is_plain(text: &str, quantity: &Quantity) -> bool {
    quantity.notation == Notation::Digits
        && matches!(quantity.kind, QuantityKind::Number | QuantityKind::DatePart)
        && text[quantity.bytes.clone()].bytes().all(|b| b.is_ascii_digit())
}

fn digits(text: &str, parts: &[Quantity]) -> Option<Amount> {
    let joined: String = parts.iter().map(|part| &text[part.bytes.clone()]).collect();
    Amount::from_digits(&joined, "")
}
