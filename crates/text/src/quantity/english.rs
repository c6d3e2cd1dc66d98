//! Reads English number words: cardinals to the trillions, ordinals, decades, years such as
//! "nineteen ninety".

use super::{Amount, NumberReading, QuantityToken};

/// The function of a word in an English number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EnglishNumeral {
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

/// Returns all numerals in lower case, with some words that are none.
pub(super) fn words() -> impl Iterator<Item = String> {
    let endings = |stem: &str, list: &[&str]| -> Vec<String> {
        list.iter().map(|ending| format!("{stem}{ending}")).collect()
    };
    let ordinals = UNIT_ORDINALS.into_iter().flat_map(move |word| endings(word, &["", "ly"]));
    let teens = TEENS.into_iter().chain(["hundred", "dozen"]).chain(SCALES.map(|(word, _)| word));
    let teens = teens.flat_map(move |word| endings(word, &["", "th"]));
    let tens = TENS.into_iter().flat_map(move |word| {
        let stem = word.strip_suffix('y').unwrap_or(word);
        endings(stem, &["y", "yth", "ies", "ieth"])
    });
    let units = UNITS.into_iter().chain(["twelfth", "bn"]).map(str::to_owned);
    units.chain(ordinals).chain(teens).chain(tens)
}

/// Returns the numeral that a word is, and whether it is an ordinal.
fn numeral(word: &str) -> Option<(EnglishNumeral, bool)> {
    // The longest numeral is "nineteenths", the shortest "one".
    if !(3..=11).contains(&word.len()) || !word.is_ascii() {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let word = &*lower;
    let position = |list: &[&str], word: &str| list.iter().position(|entry| *entry == word);
    let value = |at: usize| at as u64;
    if let Some(at) = position(&UNITS, word) {
        return Some((EnglishNumeral::Unit(value(at)), false));
    }
    if let Some(at) = position(&UNIT_ORDINALS, word) {
        return Some((EnglishNumeral::Unit(value(at)), true));
    }
    // "firstly", "thirdly"
    if let Some(at) = word.strip_suffix("ly").and_then(|word| position(&UNIT_ORDINALS, word)) {
        return Some((EnglishNumeral::Unit(value(at)), true));
    }
    if word == "twelfth" {
        return Some((EnglishNumeral::Teen(12), true));
    }
    if let Some(stem) = word.strip_suffix("ies") {
        let at = TENS.iter().position(|tens| tens.strip_suffix('y') == Some(stem))?;
        return Some((EnglishNumeral::Decade(20 + 10 * value(at)), false));
    }
    if let Some(stem) = word.strip_suffix("ieth") {
        let at = TENS.iter().position(|tens| tens.strip_suffix('y') == Some(stem))?;
        return Some((EnglishNumeral::Tens(20 + 10 * value(at)), true));
    }
    let (stem, ordinal) = match word.strip_suffix("th") {
        Some(stem) => (stem, true),
        None => (word, false),
    };
    if let Some(at) = position(&TEENS, stem) {
        return Some((EnglishNumeral::Teen(10 + value(at)), ordinal));
    }
    if let Some(at) = position(&TENS, stem) {
        return Some((EnglishNumeral::Tens(20 + 10 * value(at)), ordinal));
    }
    match stem {
        "hundred" => Some((EnglishNumeral::Hundred, ordinal)),
        "dozen" => Some((EnglishNumeral::Dozen, ordinal)),
        _ => {
            let (_, base) = SCALES.iter().find(|(name, _)| *name == stem)?;
            Some((EnglishNumeral::Scale(*base), ordinal))
        }
    }
}

/// Returns the value of a word from 2 to 9.
pub(super) fn unit(word: &str) -> Option<u64> {
    match numeral(word)? {
        (EnglishNumeral::Unit(value @ 2..=9), false) => Some(value),
        _ => None,
    }
}

/// Returns the factor of a scale word (thousand and above) after a number in digits.
pub(super) fn scale(token: &QuantityToken<'_>) -> Option<u64> {
    match numeral(token.text) {
        Some((EnglishNumeral::Scale(base), false)) => Some(base),
        Some((EnglishNumeral::Dozen, false)) => Some(12),
        _ if matches!(token.text, "bn" | "Bn") => Some(1_000_000_000),
        _ => None,
    }
}

/// Returns the factor of an abbreviation that newspapers write after a sum of money. Some of them
/// also abbreviate other units.
pub(super) fn short_scale(word: &str) -> Option<u64> {
    match word {
        "k" | "K" => Some(1_000),
        "m" | "M" | "mn" | "mln" => Some(1_000_000),
        "b" | "B" | "BN" => Some(1_000_000_000),
        "tn" | "trn" => Some(1_000_000_000_000),
        _ => None,
    }
}

/// The state of reading an English number.
#[derive(Default)]
struct EnglishSum {
    /// The value of the groups whose scale word has been read.
    total: u64,
    /// The value of the words since the last scale word.
    current: u64,
    /// The last scale, or 0 before the first one.
    scale: u64,
    alternative: Option<u64>,
    ordinal: bool,
    /// Hundredths of the last scale, or of 1 if there is none: 50 for "and a half".
    hundredths: u64,
    /// Whether the current number is a year in two parts: "nineteen ninety".
    year: bool,
}

impl EnglishSum {
    /// Adds the next word and returns `true`, or returns `false` if the number ends before it.
    /// `and` is whether the word "and" comes before it.
    fn add(&mut self, numeral: EnglishNumeral, and: bool) -> bool {
        if self.ordinal || self.hundredths > 0 || self.alternative.is_some() {
            return false;
        }
        let started = self.total > 0 || self.current > 0;
        let tail = self.current % 100;
        // "and" only continues a number after a hundred or a scale.
        let open = !started || tail == 0;
        match numeral {
            EnglishNumeral::Unit(value) if !started => self.current = value,
            EnglishNumeral::Unit(value) if value > 0 && open => self.current += value,
            EnglishNumeral::Unit(value)
                if value > 0 && !and && tail >= 20 && tail.is_multiple_of(10) =>
            {
                self.current += value;
            }
            EnglishNumeral::Teen(value) if open => self.current += value,
            EnglishNumeral::Tens(value) if open => self.current += value,
            EnglishNumeral::Teen(value) | EnglishNumeral::Tens(value)
                if !and && self.total == 0 && (11..=20).contains(&self.current) =>
            {
                self.current = self.current * 100 + value;
                self.year = true;
            }
            EnglishNumeral::Hundred if !started => self.current = 100,
            EnglishNumeral::Hundred if !and && (1..100).contains(&self.current) => {
                self.current *= 100;
            }
            EnglishNumeral::Dozen if !started => self.current = 12,
            EnglishNumeral::Dozen if !and && (1..100).contains(&self.current) => {
                self.alternative = Some(self.current);
                self.current *= 12;
            }
            EnglishNumeral::Scale(base) if !started => (self.total, self.scale) = (base, base),
            EnglishNumeral::Scale(base)
                if !and
                    && self.current > 0
                    && !self.year
                    && (self.scale == 0 || base < self.scale) =>
            {
                self.total = self.total.saturating_add(self.current.saturating_mul(base));
                (self.current, self.scale) = (0, base);
            }
            EnglishNumeral::Scale(base) if !and && self.current == 0 && base > self.scale => {
                self.total = self.total.saturating_mul(base);
                self.scale = base;
            }
            EnglishNumeral::Decade(value) if !started => {
                (self.current, self.alternative) = (value, Some(1900 + value));
            }
            EnglishNumeral::Decade(value) if !and && (11..=20).contains(&self.current) => {
                self.current = self.current * 100 + value;
                self.year = true;
            }
            _ => return false,
        }
        true
    }
}

/// Reads the number in words that begins at the first token.
pub(super) fn read(tokens: &[QuantityToken<'_>]) -> Option<NumberReading> {
    let mut sum = EnglishSum::default();
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
        if and && let Some(hundredths) = hundredths(tokens, count) {
            sum.hundredths = hundredths;
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
    let mut alternative = sum.alternative.map(Amount::whole);
    if sum.hundredths > 0 && sum.current > 0 {
        alternative = alternative.or(Some(amount));
        amount = amount.plus_hundredths_of(1, sum.hundredths);
        // "two and a half million"
        if let Some(base) = tokens.get(end).filter(|next| next.gap == " ").and_then(scale)
            && sum.scale == 0
        {
            (amount, alternative) = (amount.times(base), None);
            end += 1;
        }
    } else if sum.hundredths > 0 {
        amount = amount.plus_hundredths_of(sum.scale.max(1), sum.hundredths);
    }
    Some(NumberReading {
        tokens: end,
        amount,
        alternative,
        ordinal: sum.ordinal,
        // "third" is often a fraction or a party to a contract.
        weak: sum.ordinal && amount == Amount::whole(3),
    })
}

/// Returns the hundredths of "a half" or "a quarter" at a token.
fn hundredths(tokens: &[QuantityToken<'_>], at: usize) -> Option<u64> {
    let is = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|token| token.text.eq_ignore_ascii_case(word))
    };
    match () {
        () if is(at, "a") && is(at + 1, "half") => Some(50),
        () if is(at, "a") && is(at + 1, "quarter") => Some(25),
        () => None,
    }
}
