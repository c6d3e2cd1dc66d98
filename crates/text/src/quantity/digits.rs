//! Reads numbers in digits: separators, decimals, dates, times of day, ranges of years.

use super::{Amount, Notation, Quantity, QuantityKind, QuantityToken};

/// Reads the first token, which begins with a digit, appends its quantities to `found`, and returns
/// the number of tokens read.
///
/// The text is normalised, so all digits are ASCII, `٫` is a point and `٬` a comma.
pub(super) fn read(
    before: Option<&QuantityToken<'_>>,
    tokens: &[QuantityToken<'_>],
    found: &mut Vec<Quantity>,
) -> usize {
    if let Some(parts) = date(tokens) {
        for token in &tokens[..parts] {
            if let Some(amount) = Amount::from_digits(token.text, "") {
                found.push(quantity(token, amount, None, QuantityKind::DatePart));
            }
        }
        return parts;
    }
    let token = &tokens[0];
    let is_time = |next: &QuantityToken<'_>| {
        matches!(next.text, "am" | "pm" | "a" | "p" | "AM" | "PM" | "صباحا" | "مساء")
    };
    let time = token.text.contains('.') && tokens.get(1).is_some_and(is_time);
    if token.text.contains(':') || time {
        let first = found.len();
        clock(token, found);
        if !time && is_verse(before, token) {
            found[first].weak = true;
        }
    } else if before.is_none() && section(tokens, found) {
        // The parts have been added.
    } else if let Some(year) = end_of_years(token, found) {
        found.push(year);
    } else if let Some((amount, alternative)) = readings(token.text) {
        found.push(quantity(token, amount, alternative, QuantityKind::Number));
    } else {
        // More than one number: a version, a list without spaces, a section number.
        let separator = |c: char| !c.is_ascii_digit();
        for part in token.text.split(separator).filter(|part| !part.is_empty()) {
            if let Some(amount) = Amount::from_digits(part, "") {
                found.push(quantity(token, amount, None, QuantityKind::Number));
            }
        }
    }
    1
}

fn quantity(
    token: &QuantityToken<'_>,
    amount: Amount,
    alternative: Option<Amount>,
    kind: QuantityKind,
) -> Quantity {
    Quantity {
        amount,
        alternative,
        also: None,
        kind,
        notation: Notation::Digits,
        weak: false,
        bytes: token.bytes.clone(),
    }
}

/// Returns the number of tokens of a date in digits: 2 (`12/5`) or 3 (`2010-05-12`). Returns `None`
/// if the tokens are not a date.
fn date(tokens: &[QuantityToken<'_>]) -> Option<usize> {
    let is_part = |token: &QuantityToken<'_>| {
        token.text.len() <= 4 && token.text.bytes().all(|b| b.is_ascii_digit())
    };
    let at = |index: usize| tokens.get(index).filter(|token| is_part(token));
    let (first, second) = (at(0)?, at(1)?);
    let small = |token: &QuantityToken<'_>, max: u32| {
        token.text.parse::<u32>().is_ok_and(|value| (1..=max).contains(&value))
    };
    let separator = second.gap;
    if !matches!(separator, "/" | "-" | "." | " / ") {
        return None;
    }
    if let Some(third) = at(2)
        && third.gap == separator
        && (small(first, 31) || small(third, 31))
        && small(second, 31)
        && (first.text.len() == 4 || third.text.len() == 4 || separator != "-")
    {
        return Some(3);
    }
    (separator == "/" && small(first, 31) && small(second, 31)).then_some(2)
}

/// Reads the number of a section at the beginning of a text (`7.2. Kinds of causes`) as the numbers
/// of the chapter and the section; the heading of a translation may have only the second (`الفصل
/// الثاني`). Returns `false` for any other number.
fn section(tokens: &[QuantityToken<'_>], found: &mut Vec<Quantity>) -> bool {
    let (token, next) = (&tokens[0], tokens.get(1));
    let Some((chapter, section)) = token.text.split_once('.') else { return false };
    let small = |part: &str| Amount::from_digits(part, "").filter(|_| part.len() <= 2);
    let (Some(chapter_number), Some(section_number)) = (small(chapter), small(section)) else {
        return false;
    };
    if !next.is_some_and(|next| matches!(next.gap, ". " | ") " | ": " | " - " | " \u{2013} ")) {
        return false;
    }
    let decimal = Amount::from_digits(chapter, section);
    for (amount, weak) in [(chapter_number, true), (section_number, false)] {
        let mut part = quantity(token, amount, decimal, QuantityKind::Number);
        part.weak = weak || amount == Amount::whole(1);
        found.push(part);
    }
    true
}

/// Reads the second year of `1950-53`, which has the century of the first.
fn end_of_years(token: &QuantityToken<'_>, found: &[Quantity]) -> Option<Quantity> {
    let first = found.last().filter(|first| first.kind == QuantityKind::Number)?;
    let year = first.amount.as_whole().filter(|year| (1000..2200).contains(year))?;
    if !matches!(token.gap, "-" | "–" | "/") || token.text.len() != 2 {
        return None;
    }
    let end: u64 = token.text.parse().ok()?;
    let alternative = Amount::whole(year / 100 * 100 + end);
    Some(quantity(token, Amount::whole(end), Some(alternative), QuantityKind::Number))
}

/// Returns whether `2:255` is a chapter and a verse. The chapter is weak, because a translation may
/// have its name instead.
fn is_verse(before: Option<&QuantityToken<'_>>, token: &QuantityToken<'_>) -> bool {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let Some((_, verse)) = token.text.split_once(':') else { return false };
    let beyond_minutes = verse.parse::<u32>().is_ok_and(|verse| verse >= 60);
    let is_book = before.is_some_and(|name| {
        name.text.starts_with(|c: char| c.is_ascii_uppercase())
            && name.text.len() > 3
            && !name.text.bytes().all(|b| b.is_ascii_uppercase())
            && !DAYS.iter().any(|day| name.text.starts_with(day))
            && token.gap == " "
    });
    beyond_minutes || verse.len() == 1 || is_book
}

/// Reads a time of day, `17:30` or `17:30:05`.
fn clock(token: &QuantityToken<'_>, found: &mut Vec<Quantity>) {
    let decimal = decimal_clock(token.text);
    let is_twelve = matches!(token.text, "12:00" | "00:00" | "0:00");
    for (index, part) in token.text.split([':', '.']).enumerate() {
        let digits = part.trim_end_matches(|c: char| !c.is_ascii_digit());
        // The scale of a map: 1:50,000.
        let read = Amount::from_digits(digits, "").or_else(|| Some(readings(digits)?.0));
        let Some(amount) = read else { continue };
        let mut quantity = quantity(token, amount, None, QuantityKind::Clock);
        if index == 0 {
            quantity.also = decimal;
            // Noon and midnight.
            quantity.weak = is_twelve;
            quantity.alternative = match amount.as_whole() {
                Some(hour @ 0..=12) => Some(Amount::whole(hour + 12)),
                Some(hour @ 13..=24) => Some(Amount::whole(hour - 12)),
                _ => None,
            };
        } else if matches!(digits, "00" | "15" | "30" | "45") {
            // Often translated as "half past" or "الخامسة والربع", or omitted.
            quantity.weak = true;
            quantity.also = decimal;
        } else {
            quantity.also = decimal;
        }
        found.push(quantity);
    }
}

/// Returns `10:30` as the decimal number that it becomes where times have a point: `10.30`.
fn decimal_clock(text: &str) -> Option<Amount> {
    let (hour, minute) = text.split_once(':')?;
    (minute.len() == 2).then(|| Amount::from_digits(hour, minute)).flatten()
}

/// Reads one number, with a second value if its separator is ambiguous; returns `None` if the text
/// is not a single number.
fn readings(text: &str) -> Option<(Amount, Option<Amount>)> {
    let end = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let ending = &text[end..];
    let text = text[..end].replace('،', ",");
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let joined = |text: &str| Amount::from_digits(&text.replace([',', '.'], ""), "");
    let last = text.rfind([',', '.']).unwrap_or(text.len());
    let (whole, decimals) = (&text[..last], text.get(last + 1..).unwrap_or_default());
    match (points, commas) {
        (0, 0) => {
            let amount = Amount::from_digits(&text, "")?;
            // The 1800s may be called the 19th century.
            let century = amount.as_whole().filter(|_| text.len() == 4 && text.ends_with("00"));
            let alternative =
                century.filter(|_| ending == "s").map(|year| Amount::whole(year / 100 + 1));
            Some((amount, alternative))
        }
        (1, 0) | (0, 1) => {
            let decimal = Amount::from_digits(whole, decimals)?;
            if !is_grouped(&text) {
                return Some((decimal, None));
            }
            // Three digits after a single separator are thousands in one convention and decimals in
            // the other.
            let thousands = joined(&text)?;
            Some(match points {
                1 => (decimal, Some(thousands)),
                _ => (thousands, Some(decimal)),
            })
        }
        _ if is_grouped(&text) && (points == 0 || commas == 0) => Some((joined(&text)?, None)),
        _ if is_grouped(whole)
            && text[last..].chars().next() != whole.chars().find(|c| !c.is_ascii_digit()) =>
        {
            Some((Amount::from_digits(&whole.replace([',', '.'], ""), decimals)?, None))
        }
        _ => None,
    }
}

/// Returns whether a number consists of groups of three digits, the first of one to three digits.
fn is_grouped(text: &str) -> bool {
    let mut groups = text.split([',', '.']);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3)
}
