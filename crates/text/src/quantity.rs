//! Finds the numbers in a text: in digits, in Arabic or English words, in dates and times.
//!
//! A translation preserves the values of numbers but rarely their notation: `(ثلاثين) يوماً`
//! becomes `30 days`, `١٩٩٥` becomes `1995`, `آب` becomes `August`. A [`Quantity`] therefore has a
//! value, a kind and a position, and [`compare_quantities`] finds those that the other side lacks.

use std::ops::Range;

use crate::language::Language;
use crate::stem::words;

mod amount;
mod arabic;
mod clock;
mod compare;
mod digits;
mod english;
mod fraction;
mod gate;
mod groups;
mod hijri;
mod month;
mod roman;
mod sums;

pub use amount::Amount;
pub use compare::{QuantityComparison, compare_quantities};

/// The kind of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QuantityKind {
    /// A number, an ordinal or a year.
    Number,
    /// A day, month or year of a date in digits. It may agree with the name of a month.
    DatePart,
    /// An hour, minute or second. Hours of the 12-hour and the 24-hour clock agree.
    Clock,
    /// The name of a month of the Gregorian calendar; the amount is 1 to 12.
    Month,
    /// The name of a month of the Hijri calendar; the amount is 1 to 12.
    HijriMonth,
    /// A year of the Hijri calendar, in digits or words. It agrees with either of the two Gregorian
    /// years that it overlaps.
    HijriYear,
}

/// The notation of a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notation {
    /// Digits, for example `25`.
    Digits,
    /// Words, including the names of months.
    Words,
    /// Roman numerals.
    Roman,
}

/// A number in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// The value.
    pub amount: Amount,
    /// A second possible value of an ambiguous number: `1.000` is 1 or 1,000, `5:30` may be 17:30.
    pub alternative: Option<Amount>,
    /// A third possible value: that of the longer number it is a part of (`3 مليارات و200 مليون`, a
    /// number in groups of digits), or the minutes of a fraction of an hour.
    pub(crate) also: Option<Amount>,
    /// The kind.
    pub kind: QuantityKind,
    /// The notation.
    pub notation: Notation,
    /// Whether a correct translation often has no such number: one and two (Arabic has a dual),
    /// first and third (a share, a party), a half and other fractions, the digits of a name, Roman
    /// numerals, the minutes of `half past`, or the name of a month that is also another word.
    pub weak: bool,
    /// The half-open byte range in the text.
    pub bytes: Range<usize>,
}

/// A word of the text with its position.
struct QuantityToken<'t> {
    text: &'t str,
    bytes: Range<usize>,
    /// The text between the previous word and this one.
    gap: &'t str,
}

/// A number in words that was read from the first tokens of a slice.
struct NumberReading {
    /// The number of tokens that it consists of.
    tokens: usize,
    amount: Amount,
    alternative: Option<Amount>,
    ordinal: bool,
    weak: bool,
}

/// Returns the quantities of a normalised text, in order.
///
/// The text must be one that [`normalise`](crate::normalise()) returned. Digits are read in either
/// language, number words only in the given one. The hundred of a percentage (`في المئة`) is not a
/// quantity. Of a number with more than 30 digits, only the last 30 are compared.
///
/// ```
/// use nasaq_text::{Amount, Language, normalise, quantities};
///
/// let text = normalise("خلال (ثلاثين) يوماً من ٥ آب ١٩٩٥");
/// let amounts: Vec<Amount> =
///     quantities(&text, Language::Arabic).iter().map(|quantity| quantity.amount).collect();
/// assert_eq!(amounts, [30, 5, 8, 1995].map(Amount::whole));
/// ```
#[must_use]
pub fn quantities(text: &str, language: Language) -> Vec<Quantity> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    let mut buffer = String::new();
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        let rest = &tokens[at..];
        if token.text.starts_with(|c: char| c.is_ascii_digit()) {
            let first = found.len();
            let start = at;
            at += digits::read(at.checked_sub(1).map(|at| &tokens[at]), rest, &mut found);
            at += scaled(&tokens, at, &mut found[first..]);
            let weak =
                is_one_or_two(&tokens, start, &found, first) && !is_share_of_hundred(text, &found);
            found[first..].iter_mut().for_each(|quantity| quantity.weak |= weak);
            fraction::slashed(&tokens, start, &mut found, first);
            around_the_clock(&mut found[first..]);
            hijri::mark(&tokens, (start, at), &mut found, first);
            continue;
        }
        let may_be_number = match language {
            Language::Arabic => gate::may_be_arabic(token, &mut buffer),
            Language::English => gate::may_be_english(token),
        };
        let month = match language {
            Language::Arabic if !may_be_number => None,
            Language::Arabic => month::arabic(&tokens, at, &mut buffer),
            Language::English => month::english(&tokens, at),
        };
        if let Some(month) = month {
            if let Some(day) = found.last_mut().filter(|_| !month.weak)
                && is_digit_one_or_two(day)
                && at > 0
                && day.bytes.end == tokens[at - 1].bytes.end
            {
                day.weak = false;
            }
            let last = &tokens[at + month.tokens - 1];
            found.push(Quantity {
                amount: Amount::whole(month.number),
                alternative: None,
                also: None,
                kind: month.kind,
                notation: Notation::Words,
                weak: month.weak,
                bytes: token.bytes.start..last.bytes.end,
            });
            at += month.tokens;
            continue;
        }
        if let Some(quantity) = fraction::sign(&tokens, at, &mut found) {
            let first = found.len();
            found.push(quantity);
            at += 1;
            at += scaled(&tokens, at, &mut found[first..]);
            continue;
        }
        let part = match language {
            _ if !may_be_number => None,
            Language::Arabic => fraction::arabic(rest, &mut buffer),
            Language::English => fraction::english(&tokens, at),
        };
        if let Some(mut part) = part {
            fraction::join(&tokens, at, &mut found, &mut part);
            let last = &tokens[at + part.tokens - 1];
            found.push(Quantity {
                amount: part.amount,
                alternative: part.alternative,
                also: part.also,
                kind: QuantityKind::Number,
                notation: Notation::Words,
                weak: part.weak,
                bytes: token.bytes.start..last.bytes.end,
            });
            at += part.tokens;
            continue;
        }
        let reading = match language {
            _ if !may_be_number => None,
            Language::Arabic if is_percent(&tokens, at) => None,
            Language::Arabic => arabic::read(rest, &mut buffer),
            Language::English => {
                english::read(rest).filter(|reading| !is_share(&tokens, at, reading))
            }
        };
        if let Some(reading) = reading {
            let small = matches!(reading.amount.as_whole(), Some(0..=2));
            let century = at > 0 && tokens[at - 1].text == "القرن";
            let is_year = at > 0 && matches!(tokens[at - 1].text, "عام" | "سنة" | "العام");
            // عام واحد وأربعين: 1941.
            let short_year =
                reading.amount.as_whole().filter(|year| is_year && (10..100).contains(year));
            let last = &tokens[at + reading.tokens - 1];
            found.push(Quantity {
                amount: reading.amount,
                alternative: reading
                    .alternative
                    .or(short_year.map(|year| Amount::whole(1900 + year))),
                also: None,
                kind: QuantityKind::Number,
                notation: Notation::Words,
                weak: small || century || reading.weak,
                bytes: token.bytes.start..last.bytes.end,
            });
            let (start, first) = (at, found.len() - 1);
            at += reading.tokens;
            hijri::mark(&tokens, (start, at), &mut found, first);
            continue;
        }
        if let Some(quantity) = in_name(token) {
            found.push(quantity);
        } else if let Some(amount) = roman::read(&tokens, at) {
            found.push(Quantity {
                amount: Amount::whole(amount),
                alternative: None,
                also: None,
                kind: QuantityKind::Number,
                notation: Notation::Roman,
                weak: true,
                bytes: token.bytes.clone(),
            });
        }
        at += 1;
    }
    groups::join(text, &mut found);
    clock::before_the_hour(text, language, &mut found);
    sums::join(text, language, &mut found);
    found
}

/// Returns the text between two quantities; `None` if they are parts of one token.
fn between<'t>(text: &'t str, before: &Quantity, after: &Quantity) -> Option<&'t str> {
    text.get(before.bytes.end..after.bytes.start)
}

fn tokens(text: &str) -> Vec<QuantityToken<'_>> {
    let mut end = 0;
    words(text)
        .map(|word| {
            // A word is a slice of the text, so its offset is the difference of their addresses.
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            let token = QuantityToken {
                text: word,
                bytes: start..start + word.len(),
                gap: &text[end..start],
            };
            end = token.bytes.end;
            token
        })
        .collect()
}

/// Reads the digits at the end of a name in Latin letters (`M16`); Arabic writes them as a separate
/// word.
fn in_name(token: &QuantityToken<'_>) -> Option<Quantity> {
    let name = token.text.trim_end_matches(|c: char| c.is_ascii_digit());
    let amount = Amount::from_digits(&token.text[name.len()..], "")?;
    Some(Quantity {
        amount,
        alternative: None,
        also: None,
        kind: QuantityKind::Number,
        notation: Notation::Digits,
        weak: true,
        bytes: token.bytes.start + name.len()..token.bytes.end,
    })
}

/// Makes the numbers of `24/7` weak: translations have words for it.
fn around_the_clock(found: &mut [Quantity]) {
    if let [hours, days] = found
        && (hours.amount, days.amount) == (Amount::whole(24), Amount::whole(7))
        && days.kind == QuantityKind::DatePart
    {
        (hours.weak, days.weak) = (true, true);
    }
}

/// Returns whether a quantity is 1 or 2 in digits.
fn is_digit_one_or_two(quantity: &Quantity) -> bool {
    quantity.kind == QuantityKind::Number
        && quantity.notation == Notation::Digits
        && matches!(quantity.amount.as_whole(), Some(1 | 2))
}

/// Returns whether the quantities from `first` on, read at a token, are a single 1 or 2 that counts
/// something.
///
/// Arabic translates `2 soldiers`, like `two soldiers`, as a dual. The day of a month does not
/// count: translations preserve the digits of dates.
fn is_one_or_two(
    tokens: &[QuantityToken<'_>],
    at: usize,
    found: &[Quantity],
    first: usize,
) -> bool {
    let [.., last] = found else { return false };
    let is_single = found.len() == first + 1 && is_digit_one_or_two(last);
    let is_day = first > 0
        && at > 0
        && matches!(found[first - 1].kind, QuantityKind::Month | QuantityKind::HijriMonth)
        && !found[first - 1].weak
        && found[first - 1].bytes.end == tokens[at - 1].bytes.end;
    is_single && !is_day
}

/// Returns whether the last quantity is a percentage; a percentage of 2 is not translated as a
/// dual.
fn is_share_of_hundred(text: &str, found: &[Quantity]) -> bool {
    let after = found.last().map_or("", |quantity| text[quantity.bytes.end..].trim_start());
    ["%", "٪", "percent", "per cent", "في المئة", "في المائة", "بالمئة", "بالمائة"]
        .iter()
        .any(|sign| after.starts_with(sign))
}

/// Multiplies a number in digits by the scale word (thousand, million) at `at` after it, and
/// returns the number of tokens that the scale consists of.
fn scaled(tokens: &[QuantityToken<'_>], at: usize, found: &mut [Quantity]) -> usize {
    let ([quantity], Some(next)) = (found, tokens.get(at)) else { return 0 };
    if quantity.kind != QuantityKind::Number || !matches!(next.gap, " " | "-" | "" | "+ ") {
        return 0;
    }
    let short = english::short_scale(next.text);
    let word = arabic::scale(next).or_else(|| english::scale(next));
    let Some(factor) = word.or_else(|| short.filter(|_| is_money(tokens, at - 1))) else {
        // Without a currency, `125m` may be metres or millions.
        if let Some(factor) = short.filter(|_| next.gap.is_empty()) {
            quantity.alternative = quantity.alternative.or(Some(quantity.amount.times(factor)));
        }
        return 0;
    };
    if factor == 12 {
        // A translation may count the dozens too.
        quantity.also = Some(quantity.amount);
    }
    quantity.amount = quantity.amount.times(factor);
    quantity.alternative = quantity.alternative.map(|alternative| alternative.times(factor));
    quantity.bytes.end = next.bytes.end;
    1
}

/// Returns whether a currency comes directly before a number: `$`, `US$`, `USD`.
fn is_money(tokens: &[QuantityToken<'_>], at: usize) -> bool {
    const CODES: [&str; 14] = [
        "USD", "EUR", "GBP", "CHF", "JPY", "AED", "SAR", "EGP", "KWD", "QAR", "BHD", "OMR", "JOD",
        "MAD",
    ];
    let gap = tokens[at].gap.trim_end();
    gap.ends_with(|c: char| matches!(c, '$' | '£' | '¥' | '\u{20A0}'..='\u{20CF}'))
        || gap.is_empty() && at > 0 && CODES.contains(&tokens[at - 1].text)
}

/// Returns whether a token is the hundred of a percentage: في المئة, بالمائة.
fn is_percent(tokens: &[QuantityToken<'_>], at: usize) -> bool {
    let word = tokens[at].text;
    let hundred = |word: &str| matches!(word, "المئة" | "المائة" | "المئه" | "المائه");
    let joined = word.strip_prefix('ب').is_some_and(hundred);
    joined || hundred(word) && at > 0 && matches!(tokens[at - 1].text, "في" | "فى")
}

/// Returns whether an ordinal is a fraction: a third of, one fifth.
fn is_share(tokens: &[QuantityToken<'_>], at: usize, reading: &NumberReading) -> bool {
    let before = |words: &[&str]| {
        at > 0 && words.iter().any(|word| tokens[at - 1].text.eq_ignore_ascii_case(word))
    };
    let of = tokens.get(at + reading.tokens).is_some_and(|next| next.text == "of");
    reading.ordinal && (before(&["one"]) || before(&["a"]) && of)
}
