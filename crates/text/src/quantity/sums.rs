//! Numbers that are written in parts: `3 مليارات و200 مليون`, `ألفًا و200`, `5 dollars and 20 cents`.
//! Each part gets the sum as a third reading.

use super::{Amount, Quantity, QuantityKind, between};
use crate::language::Language;

/// Sets the sums of the parts of numbers.
pub(super) fn join(text: &str, language: Language, found: &mut [Quantity]) {
    let mut at = 0;
    while at + 1 < found.len() {
        let mut end = at + 1;
        while end < found.len() && continues(text, language, &found[end - 1], &found[end]) {
            end += 1;
        }
        if end > at + 1 {
            let sum = found[at + 1..end]
                .iter()
                .fold(first_part(&found[at]), |sum, part| sum.plus(part.amount));
            found[at..end].iter_mut().for_each(|part| part.also = Some(sum));
        } else if let Some(sum) = with_subunit(text, &found[at], &found[end]) {
            (found[at].also, found[end].also) = (Some(sum), Some(sum));
        }
        at = end;
    }
}

/// Returns the value of the first part. Where another follows, ألفا is the accusative of ألف and not
/// the dual.
fn first_part(quantity: &Quantity) -> Amount {
    match quantity.alternative {
        Some(single) if single.times(2) == quantity.amount => single,
        _ => quantity.amount,
    }
}

/// Returns whether a quantity adds to the one before it, which ends with a scale word: it is joined
/// by "and" and smaller than the scale.
fn continues(text: &str, language: Language, before: &Quantity, after: &Quantity) -> bool {
    let is_number = |quantity: &Quantity| quantity.kind == QuantityKind::Number;
    let ends_with_word = text[before.bytes.clone()].ends_with(char::is_alphabetic);
    let Some(gap) = between(text, before, after).map(str::trim) else { return false };
    let joined = match language {
        Language::Arabic => {
            gap == "و" || gap.is_empty() && text[after.bytes.clone()].starts_with('و')
        }
        Language::English => matches!(gap, "and" | "," | ""),
    };
    let scale = first_part(before).as_whole().map_or(0, scale);
    is_number(before)
        && is_number(after)
        && ends_with_word
        && joined
        && scale >= 1000
        && after.amount.as_whole().is_some_and(|amount| amount > 0 && amount < scale)
}

/// Returns the greatest power of a thousand that divides an amount.
fn scale(amount: u64) -> u64 {
    let mut scale = 1_u64;
    while amount > 0 && scale < 1_000_000_000_000 && amount.is_multiple_of(scale * 1000) {
        scale *= 1000;
    }
    scale
}

/// Returns the sum of an amount of money and the hundredths after it: `خمسة دولارات وعشرون سنتا`.
fn with_subunit(text: &str, whole: &Quantity, part: &Quantity) -> Option<Amount> {
    const SUBUNITS: [&str; 14] = [
        "سنت",
        "سنتا",
        "سنتات",
        "سنتيم",
        "قرش",
        "قرشا",
        "قروش",
        "هللة",
        "بنس",
        "بنسا",
        "cent",
        "cents",
        "pence",
        "penny",
    ];
    let next = text[part.bytes.end..].trim_start().split(|c: char| !c.is_alphabetic()).next()?;
    let noun = between(text, whole, part)?;
    let hundredths = part.amount.as_whole().filter(|amount| *amount < 100)?;
    let fits = SUBUNITS.contains(&next)
        && whole.kind == QuantityKind::Number
        && whole.amount.as_whole().is_some()
        && noun.split_whitespace().count() <= 3
        && !noun.contains(['.', ';', ',', '،']);
    fits.then(|| whole.amount.plus_hundredths_of(1, hundredths))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_the_last_scale_word() {
        for (amount, expected) in
            [(500, 1), (3_000, 1_000), (25_000_000, 1_000_000), (1_200_000, 1_000), (0, 1)]
        {
            assert_eq!(scale(amount), expected, "{amount}");
        }
    }
}
