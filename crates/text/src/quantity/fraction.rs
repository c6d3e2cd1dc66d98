//! Reads fractions: `نصف`, `ثلاثة أرباع`, `half`, `½`, `1/2`, also of a scale word: `ربع مليون`.
//!
//! A translation may write a fraction as a percentage, so it has two values (0.5 and 50). Without a
//! scale word it is weak: a half is also a side, a quarter a district, and `half past` may be
//! translated without a number.

use super::{Amount, Notation, Quantity, QuantityKind, QuantityToken, arabic, english};

/// A fraction: `count` of `of` equal parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    of: u64,
    count: u64,
}

const HALF: Fraction = Fraction { count: 1, of: 2 };
const THIRD: Fraction = Fraction { count: 1, of: 3 };
const TWO_THIRDS: Fraction = Fraction { count: 2, of: 3 };
const QUARTER: Fraction = Fraction { count: 1, of: 4 };
const THREE_QUARTERS: Fraction = Fraction { count: 3, of: 4 };

impl Fraction {
    /// Returns the fraction in hundredths, rounded; thirds are compared at this precision.
    fn hundredths(self) -> u64 {
        (self.count * 100 + self.of / 2) / self.of
    }

    fn amount(self) -> Amount {
        Amount::whole(0).plus_hundredths_of(1, self.hundredths())
    }

    fn of_scale(self, base: u64) -> Amount {
        Amount::whole(base * self.count / self.of)
    }
}

/// A fraction that was read.
pub(super) struct FractionReading {
    /// The number of tokens that it consists of.
    pub(super) tokens: usize,
    pub(super) amount: Amount,
    pub(super) alternative: Option<Amount>,
    /// The fraction in the next smaller unit of time: 15 for a quarter of an hour.
    pub(super) also: Option<Amount>,
    pub(super) weak: bool,
    /// Whether it is joined to the text before it by و.
    and: bool,
    /// The scale that it is a fraction of, or 1.
    unit: u64,
    hundredths: u64,
}

impl FractionReading {
    /// Creates a reading of `tokens` tokens, and of the scale word and its tokens after them.
    fn new(part: Fraction, tokens: usize, scale: Option<(u64, usize)>) -> Self {
        match scale {
            Some((base, more)) => Self {
                tokens: tokens + more,
                amount: part.of_scale(base),
                alternative: None,
                also: None,
                // A third of a million has no exact notation in digits.
                weak: part.of == 3,
                and: false,
                unit: base,
                hundredths: part.hundredths(),
            },
            None => Self {
                tokens,
                amount: part.amount(),
                alternative: Some(Amount::whole(part.hundredths())),
                also: None,
                weak: true,
                and: false,
                unit: 1,
                hundredths: part.hundredths(),
            },
        }
    }
}

/// The words for one part, or two thirds, folded.
pub(super) const ARABIC_WORDS: [&str; 9] =
    ["نصف", "نصفا", "ثلث", "ثلثا", "ثلثي", "ثلثان", "ثلثين", "ربع", "ربعا"];

/// The plurals of the parts from the third on: ثلاثة أخماس.
const PLURAL_PARTS: [&str; 8] =
    ["اثلاث", "ارباع", "اخماس", "اسداس", "اسباع", "اثمان", "اتساع", "اعشار"];

/// Returns how many of the next smaller unit a unit of time has.
fn smaller_units(word: &str) -> Option<u64> {
    match word {
        "ساعة" | "الساعة" | "hour" | "hours" | "دقيقة" | "الدقيقة" | "minute" => {
            Some(60)
        }
        "سنة" | "عام" | "year" => Some(12),
        "يوم" | "day" => Some(24),
        _ => None,
    }
}

/// Reads an Arabic fraction at the first token, with the ألف, مليون or مليار after it.
pub(super) fn arabic(tokens: &[QuantityToken<'_>], buffer: &mut String) -> Option<FractionReading> {
    let mut find = |at: usize, known: fn(&str) -> Option<Fraction>| {
        let token = tokens.get(at).filter(|token| at == 0 || token.gap == " ")?;
        arabic::fold(token.text, buffer);
        arabic::look_up(buffer, known)
    };
    // Listed in ARABIC_WORDS too.
    let one = |word: &str| match word {
        "نصف" | "نصفا" => Some(HALF),
        "ثلث" => Some(THIRD),
        "ثلثا" | "ثلثي" | "ثلثان" | "ثلثين" => Some(TWO_THIRDS),
        "ربع" | "ربعا" => Some(QUARTER),
        _ => None,
    };
    let (part, joined, count) = match find(0, one) {
        Some((part, joined)) => (part, joined, 1),
        None => {
            let (counted, joined) = find(0, |word| {
                let count = arabic::unit(word)?;
                Some(Fraction { count, of: count })
            })?;
            let (parts, _) = find(1, |word| {
                // ثلاثة أرباعهم: of them.
                let is_part = |plural: &&str| {
                    let ending = word.strip_prefix(plural);
                    ending.is_some_and(|it| matches!(it, "" | "ه" | "ها" | "هم" | "هن" | "نا"))
                };
                let of = PLURAL_PARTS.iter().position(is_part)?;
                Some(Fraction { count: 1, of: of as u64 + 3 })
            })?;
            (Fraction { count: counted.count, of: parts.of }, joined, 2)
        }
    };
    let scale = tokens.get(count).filter(|scale| scale.gap == " ");
    let scale = scale.and_then(|scale| arabic::singular_scale(scale, buffer)).map(|base| (base, 1));
    let mut reading = FractionReading::new(part, count, scale);
    let unit = tokens.get(count).and_then(|unit| smaller_units(unit.text));
    let unit = unit.or_else(|| joined.and.then_some(60));
    reading.also = unit.map(|unit| part.of_scale(unit));
    // مليون دولار ونصف المليون: added to the number before it.
    reading.and = joined.and;
    reading.weak |= joined.and;
    let is_of_something = tokens.get(1).is_some_and(|next| next.text.starts_with("ال"));
    if joined.and && scale.is_none() && !is_of_something {
        // ساعة ونصف: one and a half hours.
        reading.alternative = Some(Amount::whole(1).plus_hundredths_of(1, part.hundredths()));
    }
    Some(reading)
}

/// Sets the sum as the alternative of a number and of the fraction that is added to it: `خمسة أعوام
/// ونصف`, `مليون دولار ونصف المليون`.
pub(super) fn join(
    tokens: &[QuantityToken<'_>],
    at: usize,
    found: &mut [Quantity],
    part: &mut FractionReading,
) {
    if part.and && at > 0 && tokens[at].gap == " " {
        let noun = tokens[at - 1].text;
        let unit = match noun {
            "ساعة" => Some(1),
            "ساعتان" | "ساعتين" => Some(2),
            _ => None,
        };
        // ساعتين ونصف, كوبان وربع: the noun is a dual.
        let dual = noun.strip_suffix("ان").or_else(|| noun.strip_suffix("ين"));
        // متران ونصف المتر: of the same noun.
        let is_of_something = tokens
            .get(at + part.tokens)
            .is_some_and(|next| next.text.strip_prefix("ال").is_some_and(|of| Some(of) != dual));
        if dual.is_some() && !noun.starts_with("ال") && !is_of_something {
            part.alternative = Some(Amount::whole(2).plus_hundredths_of(1, part.hundredths));
        }
        let minutes = |hours: u64| Amount::whole(60 * hours + part.hundredths * 60 / 100);
        part.also = unit.map(minutes).or(part.also);
    }
    let Some(whole) = found.last_mut().filter(|_| part.and && at > 1) else { return };
    // The counted noun is between them.
    let near = whole.bytes.end == tokens[at - 2].bytes.end
        && [at - 1, at].iter().all(|&at| tokens[at].gap == " ");
    let amount = whole.amount.as_whole().unwrap_or_default();
    let fits = amount > 0 && amount.is_multiple_of(part.unit) && amount / part.unit < 1_000;
    if near && fits && whole.kind == QuantityKind::Number && whole.alternative.is_none() {
        let both = whole.amount.plus_hundredths_of(part.unit, part.hundredths);
        (whole.alternative, part.alternative) = (Some(both), Some(both));
    }
}

/// Reads an English fraction at a token, with the thousand, million or billion after it.
pub(super) fn english(tokens: &[QuantityToken<'_>], at: usize) -> Option<FractionReading> {
    let is = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|token| token.text.eq_ignore_ascii_case(word))
    };
    let joined =
        |at: usize| tokens.get(at).is_some_and(|token| matches!(token.gap, " " | "-" | "‑"));
    let (part, count) = if is(at, "half") {
        (HALF, 1)
    } else if is(at, "quarter") {
        (QUARTER, 1)
    } else if is(at, "third") {
        // Otherwise it is an ordinal.
        let before = |word| at > 0 && is(at - 1, word);
        if !(before("one") || before("a") && is(at + 1, "of")) {
            return None;
        }
        (THIRD, 1)
    } else {
        (counted_parts(tokens, at).filter(|_| joined(at + 1))?, 2)
    };
    let mut next = at + count;
    next += usize::from(is(next, "of") && joined(next));
    next += usize::from((is(next, "a") || is(next, "one")) && joined(next));
    let base = tokens.get(next).filter(|_| joined(next)).and_then(|scale| {
        english::scale(scale).or_else(|| scale.text.eq_ignore_ascii_case("dozen").then_some(12))
    });
    let mut reading =
        FractionReading::new(part, count, base.map(|base| (base, next + 1 - at - count)));
    // half an hour, a quarter of an hour, half past five
    let mut unit = at + count;
    while ["of", "a", "an", "the"].iter().any(|word| is(unit, word)) {
        unit += 1;
    }
    let is_clock = is(at + 1, "past") || is(at + 1, "to");
    let unit = tokens.get(unit).and_then(|unit| smaller_units(unit.text));
    reading.also = unit.or(is_clock.then_some(60)).map(|unit| part.of_scale(unit));
    // an hour and a half
    if at >= 3 && is(at - 1, "a") && is(at - 2, "and") {
        let whole = smaller_units(tokens[at - 3].text).filter(|_| part.count < part.of);
        reading.also = whole.map(|unit| Amount::whole(unit + unit * part.count / part.of));
    }
    Some(reading)
}

/// Reads `three quarters` and similar at a token: the plurals of ordinals are parts.
fn counted_parts(tokens: &[QuantityToken<'_>], at: usize) -> Option<Fraction> {
    let count = english::unit(tokens[at].text)?;
    let parts = tokens.get(at + 1)?.text.to_ascii_lowercase();
    let of = match &*parts {
        "thirds" => 3,
        "quarters" | "fourths" => 4,
        "fifths" => 5,
        "sixths" => 6,
        "sevenths" => 7,
        "eighths" => 8,
        "ninths" => 9,
        "tenths" => 10,
        _ => return None,
    };
    Some(Fraction { count, of })
}

/// Reads `½` and similar characters at a token, with or without an integer before it.
pub(super) fn sign(
    tokens: &[QuantityToken<'_>],
    at: usize,
    found: &mut [Quantity],
) -> Option<Quantity> {
    let part = match tokens[at].text {
        "½" => HALF,
        "⅓" => THIRD,
        "⅔" => TWO_THIRDS,
        "¼" => QUARTER,
        "¾" => THREE_QUARTERS,
        _ => return None,
    };
    let mut alternative = Amount::whole(part.hundredths());
    if let Some(whole) = whole_before(tokens, at, found) {
        let mixed = whole.amount.plus_hundredths_of(1, part.hundredths());
        (whole.alternative, alternative) = (Some(mixed), mixed);
    }
    Some(Quantity {
        amount: part.amount(),
        alternative: Some(alternative),
        also: None,
        kind: QuantityKind::Number,
        notation: Notation::Digits,
        weak: true,
        bytes: tokens[at].bytes.clone(),
    })
}

/// Sets a half as the alternative of `1/2`, which was read at a token as a date, from `first` on.
pub(super) fn slashed(
    tokens: &[QuantityToken<'_>],
    at: usize,
    found: &mut [Quantity],
    first: usize,
) {
    let (before, read) = found.split_at_mut(first);
    let [count, of] = read else { return };
    if of.kind != QuantityKind::DatePart {
        return;
    }
    let part = match (count.amount.as_whole(), of.amount.as_whole()) {
        (Some(count), Some(of)) if (1..of).contains(&count) && of <= 10 => Fraction { count, of },
        _ => return,
    };
    count.alternative = Some(part.amount());
    of.alternative = Some(Amount::whole(part.hundredths()));
    (count.weak, of.weak) = (part == HALF, of.amount.as_whole().is_some_and(|of| of <= 4));
    if let Some(whole) = whole_before(tokens, at, before) {
        let mixed = whole.amount.plus_hundredths_of(1, part.hundredths());
        (whole.alternative, of.alternative) = (Some(mixed), Some(mixed));
        count.weak = true;
    }
}

/// Returns the integer directly before a fraction at a token: `2 1/2`, `2½`.
fn whole_before<'q>(
    tokens: &[QuantityToken<'_>],
    at: usize,
    found: &'q mut [Quantity],
) -> Option<&'q mut Quantity> {
    let whole = found.last_mut()?;
    let near =
        at > 0 && matches!(tokens[at].gap, "" | " ") && whole.bytes.end == tokens[at - 1].bytes.end;
    let small = whole.amount.as_whole().is_some_and(|amount| amount < 1_000);
    let is_digits = whole.kind == QuantityKind::Number && whole.notation == Notation::Digits;
    (near && small && is_digits && whole.alternative.is_none()).then_some(whole)
}
