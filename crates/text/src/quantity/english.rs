//! English number words: cardinals to the trillions, ordinals, decades, years in two halves.

use super::{Amount, Reading, Token};

/// What a word is in a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numeral {
    /// 0 to 9.
    Unit(u64),
    /// 10 to 19.
    Teen(u64),
    /// 20 to 90.
    Tens(u64),
    Hundred,
    Dozen,
    /// A thousand and above.
    Scale(u64),
    /// The eighties.
    Decade(u64),
}

const UNITS: [&str; 10] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const UNIT_ORDINALS: [&str; 10] =
    ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
const TEENS: [&str; 10] = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [(&str, u64); 4] = [
    ("thousand", 1_000),
    ("million", 1_000_000),
    ("billion", 1_000_000_000),
    ("trillion", 1_000_000_000_000),
];

/// Finds a word, and tells whether it is an ordinal.
fn numeral(word: &str) -> Option<(Numeral, bool)> {
    // The longest is "nineteenths", the shortest "one".
    if !(3..=11).contains(&word.len()) || !word.is_ascii() {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let word = &*lower;
    let place = |list: &[&str], word: &str| list.iter().position(|entry| *entry == word);
    let value = |at: usize| at as u64;
    if let Some(at) = place(&UNITS, word) {
        return Some((Numeral::Unit(value(at)), false));
    }
    if let Some(at) = place(&UNIT_ORDINALS, word) {
        return Some((Numeral::Unit(value(at)), true));
    }
    // "firstly", "thirdly"
    if let Some(at) = word.strip_suffix("ly").and_then(|word| place(&UNIT_ORDINALS, word)) {
        return Some((Numeral::Unit(value(at)), true));
    }
    if word == "twelfth" {
        return Some((Numeral::Teen(12), true));
    }
    if let Some(stem) = word.strip_suffix("ies") {
        let at = TENS.iter().position(|tens| tens.strip_suffix('y') == Some(stem))?;
        return Some((Numeral::Decade(20 + 10 * value(at)), false));
    }
    if let Some(stem) = word.strip_suffix("ieth") {
        let at = TENS.iter().position(|tens| tens.strip_suffix('y') == Some(stem))?;
        return Some((Numeral::Tens(20 + 10 * value(at)), true));
    }
    let (stem, ordinal) = match word.strip_suffix("th") {
        Some(stem) => (stem, true),
        None => (word, false),
    };
    if let Some(at) = place(&TEENS, stem) {
        return Some((Numeral::Teen(10 + value(at)), ordinal));
    }
    if let Some(at) = place(&TENS, stem) {
        return Some((Numeral::Tens(20 + 10 * value(at)), ordinal));
    }
    match stem {
        "hundred" => Some((Numeral::Hundred, ordinal)),
        "dozen" => Some((Numeral::Dozen, ordinal)),
        _ => {
            let (_, base) = SCALES.iter().find(|(name, _)| *name == stem)?;
            Some((Numeral::Scale(*base), ordinal))
        }
    }
}

/// Gives the factor of a word that counts thousands and above, for a number in digits before it.
pub(super) fn scale(token: &Token<'_>) -> Option<u64> {
    match numeral(token.text) {
        Some((Numeral::Scale(base), false)) => Some(base),
        _ if matches!(token.text, "bn" | "Bn") => Some(1_000_000_000),
        _ => None,
    }
}

/// Gives the factor of a letter or two that newspapers put after a sum of money; other units are
/// written with some of them too.
pub(super) fn short_scale(word: &str) -> Option<u64> {
    match word {
        "k" | "K" => Some(1_000),
        "m" | "M" | "mn" | "mln" => Some(1_000_000),
        "b" | "B" | "BN" => Some(1_000_000_000),
        "tn" | "trn" => Some(1_000_000_000_000),
        _ => None,
    }
}

/// A number as far as it has been read.
#[derive(Default)]
struct Sum {
    total: u64,
    current: u64,
    /// The last scale, 0 before there is one.
    scale: u64,
    other: Option<u64>,
    ordinal: bool,
    /// Hundredths of the last scale, or of one.
    more: u64,
    /// "nineteen ninety": the current number is a year of two halves.
    year: bool,
}

impl Sum {
    fn add(&mut self, numeral: Numeral, and: bool) -> bool {
        if self.ordinal || self.more > 0 || self.other.is_some() {
            return false;
        }
        let started = self.total > 0 || self.current > 0;
        let tail = self.current % 100;
        // "and" joins only what comes after a hundred or a scale.
        let open = !started || tail == 0;
        match numeral {
            Numeral::Unit(value) if !started => self.current = value,
            Numeral::Unit(value) if value > 0 && open => self.current += value,
            Numeral::Unit(value) if value > 0 && !and && tail >= 20 && tail.is_multiple_of(10) => {
                self.current += value;
            }
            Numeral::Teen(value) if open => self.current += value,
            Numeral::Tens(value) if open => self.current += value,
            Numeral::Teen(value) | Numeral::Tens(value)
                if !and && self.total == 0 && (11..=20).contains(&self.current) =>
            {
                self.current = self.current * 100 + value;
                self.year = true;
            }
            Numeral::Hundred if !started => self.current = 100,
            Numeral::Hundred if !and && (1..100).contains(&self.current) => self.current *= 100,
            Numeral::Dozen if !started => self.current = 12,
            Numeral::Dozen if !and && (1..10).contains(&self.current) => self.current *= 12,
            Numeral::Scale(base) if !started => (self.total, self.scale) = (base, base),
            Numeral::Scale(base)
                if !and
                    && self.current > 0
                    && !self.year
                    && (self.scale == 0 || base < self.scale) =>
            {
                self.total = self.total.saturating_add(self.current.saturating_mul(base));
                (self.current, self.scale) = (0, base);
            }
            Numeral::Scale(base) if !and && self.current == 0 && base > self.scale => {
                self.total = self.total.saturating_mul(base);
                self.scale = base;
            }
            Numeral::Decade(value) if !started => {
                (self.current, self.other) = (value, Some(1900 + value));
            }
            Numeral::Decade(value) if !and && (11..=20).contains(&self.current) => {
                self.current = self.current * 100 + value;
                self.year = true;
            }
            _ => return false,
        }
        true
    }
}

/// Reads the number in words that begins at the first token.
pub(super) fn read(tokens: &[Token<'_>]) -> Option<Reading> {
    let mut sum = Sum::default();
    let (mut count, mut end) = (0, 0);
    let mut and = false;
    while let Some(token) = tokens.get(count) {
        if end > 0 && !matches!(token.gap, " " | "-" | "\u{2010}" | "\u{2011}") {
            break;
        }
        if end > 0 && !and && token.text.eq_ignore_ascii_case("and") {
            and = true;
            count += 1;
            continue;
        }
        if and && let Some(more) = hundredths(tokens, count) {
            sum.more = more;
            end = count + 2;
            break;
        }
        let Some((numeral, ordinal)) = numeral(token.text) else { break };
        if !sum.add(numeral, and) {
            break;
        }
        sum.ordinal |= ordinal;
        count += 1;
        end = count;
        and = false;
    }
    if end == 0 {
        return None;
    }
    let mut amount = Amount::whole(sum.total.saturating_add(sum.current));
    let mut other = sum.other.map(Amount::whole);
    if sum.more > 0 && sum.current > 0 {
        other = other.or(Some(amount));
        amount = amount.and_hundredths_of(1, sum.more);
        // "two and a half million"
        if let Some(base) = tokens.get(end).filter(|next| next.gap == " ").and_then(scale)
            && sum.scale == 0
        {
            (amount, other) = (amount.times(base), None);
            end += 1;
        }
    } else if sum.more > 0 {
        amount = amount.and_hundredths_of(sum.scale.max(1), sum.more);
    }
    Some(Reading {
        tokens: end,
        amount,
        other,
        ordinal: sum.ordinal,
        // A share, a party to a contract.
        weak: sum.ordinal && amount == Amount::whole(3),
    })
}

/// Gives the hundredths of "a half" or "a quarter" at a place.
fn hundredths(tokens: &[Token<'_>], at: usize) -> Option<u64> {
    let is = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|token| token.text.eq_ignore_ascii_case(word))
    };
    match () {
        () if is(at, "a") && is(at + 1, "half") => Some(50),
        () if is(at, "a") && is(at + 1, "quarter") => Some(25),
        () => None,
    }
}
