//! Recognises years of the Hijri calendar: `١٣٣٢ هـ`, `1332 AH`, a year after a Hijri month.

use super::{Quantity, QuantityKind, QuantityToken};

/// The last Hijri year that is recognised, which is in the year 2174.
const LAST_YEAR: u64 = 1600;

/// Changes the kind of the quantities from `first` on, which were read from the tokens `start..at`,
/// to a Hijri year if the text marks them as one.
pub(super) fn mark(
    tokens: &[QuantityToken<'_>],
    (start, at): (usize, usize),
    found: &mut [Quantity],
    first: usize,
) {
    let after_month = first > 0
        && start > 0
        && found[first - 1].kind == QuantityKind::HijriMonth
        && found[first - 1].bytes.end == tokens[start - 1].bytes.end;
    let before = start > 0 && tokens[start - 1].text == "AH" && tokens[start].gap == " ";
    let sign = has_sign(tokens, at);
    let [.., range, year] = found else {
        if let [year] = found
            && (sign || before)
        {
            make_year(year, 1);
        }
        return;
    };
    if sign || before {
        make_year(year, 1);
        // ١٣٣٢-١٣٣٥ هـ: the sign belongs to both years.
        if matches!(tokens[at - 1].gap.trim(), "-" | "–")
            && range.bytes.end + tokens[at - 1].gap.len() == year.bytes.start
        {
            make_year(range, 100);
        }
    } else if after_month {
        make_year(year, 100);
    }
}

fn make_year(quantity: &mut Quantity, first_year: u64) {
    let is_number = matches!(quantity.kind, QuantityKind::Number | QuantityKind::DatePart);
    let fits =
        quantity.amount.as_whole().is_some_and(|year| (first_year..=LAST_YEAR).contains(&year));
    if is_number && fits {
        quantity.kind = QuantityKind::HijriYear;
    }
}

/// Returns whether the token at `at` marks the number before it as a Hijri year.
fn has_sign(tokens: &[QuantityToken<'_>], at: usize) -> bool {
    let Some(sign) = tokens.get(at).filter(|sign| matches!(sign.gap, "" | " ")) else {
        return false;
    };
    let next = tokens.get(at + 1).filter(|next| next.gap == ".");
    // Normalisation has removed the tatweel of هـ.
    matches!(sign.text, "ه" | "هجري" | "هجرية" | "هجريا" | "للهجرة" | "AH" | "Hijri")
        || sign.text == "A" && next.is_some_and(|next| next.text == "H")
}

/// Returns the two Gregorian years that a Hijri year overlaps. The Hijri calendar began in July
/// 622, and its years are about eleven days shorter.
pub(super) fn gregorian(year: u64) -> [u64; 2] {
    let first = (year as f64 * 0.970_224 + 621.57) as u64;
    [first, first + 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hijri_year_overlaps_two_gregorian_years() {
        assert_eq!(gregorian(1), [622, 623]);
        assert_eq!(gregorian(759), [1357, 1358]);
        assert_eq!(gregorian(1332), [1913, 1914]);
        assert_eq!(gregorian(1443), [2021, 2022]);
    }
}
