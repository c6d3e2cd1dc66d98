//! Parts of one: `نصف`, `ثلاثة أرباع`, `half`, `½`, `1/2`, and parts of a million: `ربع مليون`.
//!
//! A part is said as a percentage as often, so it may be worth either (0.5 and 50). By itself it is
//! weak: a half is also a side, a quarter a district, and `half past` may be no number at all.

use super::{Amount, Notation, Quantity, QuantityKind, Token, arabic, english};

/// So many of so many equal parts: halves, thirds, quarters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    of: u64,
    count: u64,
}

const HALF: Part = Part { count: 1, of: 2 };
const THIRD: Part = Part { count: 1, of: 3 };
const TWO_THIRDS: Part = Part { count: 2, of: 3 };
const QUARTER: Part = Part { count: 1, of: 4 };
const THREE_QUARTERS: Part = Part { count: 3, of: 4 };

impl Part {
    /// Per cent, to the nearest; of thirds that is all that is compared.
    fn hundredths(self) -> u64 {
        (self.count * 100 + self.of / 2) / self.of
    }

    fn amount(self) -> Amount {
        Amount::whole(0).and_hundredths_of(1, self.hundredths())
    }

    fn of_scale(self, base: u64) -> Amount {
        Amount::whole(base * self.count / self.of)
    }
}

/// A part as it was read.
pub(super) struct Reading {
    pub(super) tokens: usize,
    pub(super) amount: Amount,
    pub(super) other: Option<Amount>,
    pub(super) weak: bool,
    /// It is joined by و to what stands before it.
    and: bool,
    /// The thousand or million that it is of, or one.
    unit: u64,
    hundredths: u64,
}

impl Reading {
    fn new(part: Part, tokens: usize, scale: Option<(u64, usize)>) -> Self {
        match scale {
            Some((base, more)) => Self {
                tokens: tokens + more,
                amount: part.of_scale(base),
                other: None,
                // Nobody writes a third of a million in digits the same way.
                weak: part.of == 3,
                and: false,
                unit: base,
                hundredths: part.hundredths(),
            },
            None => Self {
                tokens,
                amount: part.amount(),
                other: Some(Amount::whole(part.hundredths())),
                weak: true,
                and: false,
                unit: 1,
                hundredths: part.hundredths(),
            },
        }
    }
}

/// Reads an Arabic part at the first token, with the ألف, مليون or مليار that it is of.
pub(super) fn arabic(tokens: &[Token<'_>], buffer: &mut String) -> Option<Reading> {
    let mut find = |at: usize, known: fn(&str) -> Option<Part>| {
        let token = tokens.get(at).filter(|token| at == 0 || token.gap == " ")?;
        arabic::fold(token.text, buffer);
        arabic::look_up(buffer, known)
    };
    let three = |word: &str| matches!(word, "ثلاثه" | "ثلاث").then_some(THREE_QUARTERS);
    let quarters = |word: &str| (word == "ارباع").then_some(THREE_QUARTERS);
    let one = |word: &str| match word {
        "نصف" => Some(HALF),
        "ثلث" => Some(THIRD),
        "ثلثا" | "ثلثي" | "ثلثان" | "ثلثين" => Some(TWO_THIRDS),
        "ربع" => Some(QUARTER),
        _ => None,
    };
    let (part, joined, count) = match find(0, one) {
        Some((part, joined)) => (part, joined, 1),
        None => {
            let (part, joined) = find(0, three)?;
            find(1, quarters)?;
            (part, joined, 2)
        }
    };
    let scale = tokens.get(count).filter(|scale| scale.gap == " ");
    let scale = scale.and_then(|scale| arabic::bare_scale(scale, buffer)).map(|base| (base, 1));
    let mut reading = Reading::new(part, count, scale);
    // مليون دولار ونصف المليون: a part of what came before.
    reading.and = joined.and;
    reading.weak |= joined.and;
    let is_of_something = tokens.get(1).is_some_and(|next| next.text.starts_with("ال"));
    if joined.and && scale.is_none() && !is_of_something {
        // ساعة ونصف: one and a half hours.
        reading.other = Some(Amount::whole(1).and_hundredths_of(1, part.hundredths()));
    }
    Some(reading)
}

/// Lets a number of things and the part of one more that follows it be worth both together:
/// `خمسة أعوام ونصف`, `مليون دولار ونصف المليون`.
pub(super) fn join(tokens: &[Token<'_>], at: usize, found: &mut [Quantity], part: &mut Reading) {
    let Some(whole) = found.last_mut().filter(|_| part.and && at > 1) else { return };
    // The word for the thing stands between them.
    let near = whole.bytes.end == tokens[at - 2].bytes.end
        && [at - 1, at].iter().all(|&at| tokens[at].gap == " ");
    let amount = whole.amount.as_whole().unwrap_or_default();
    let fits = amount > 0 && amount.is_multiple_of(part.unit) && amount / part.unit < 1_000;
    if near && fits && whole.kind == QuantityKind::Number && whole.other.is_none() {
        let both = whole.amount.and_hundredths_of(part.unit, part.hundredths);
        (whole.other, part.other) = (Some(both), Some(both));
    }
}

/// Reads an English part at a token, with the thousand, million or billion that it is of.
pub(super) fn english(tokens: &[Token<'_>], at: usize) -> Option<Reading> {
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
        // By itself it is an ordinal.
        let before = |word| at > 0 && is(at - 1, word);
        if !(before("one") || before("a") && is(at + 1, "of")) {
            return None;
        }
        (THIRD, 1)
    } else if is(at, "two") && is(at + 1, "thirds") && joined(at + 1) {
        (TWO_THIRDS, 2)
    } else if is(at, "three") && is(at + 1, "quarters") && joined(at + 1) {
        (THREE_QUARTERS, 2)
    } else {
        return None;
    };
    let mut next = at + count;
    next += usize::from(is(next, "of") && joined(next));
    next += usize::from((is(next, "a") || is(next, "one")) && joined(next));
    let base = tokens.get(next).filter(|_| joined(next)).and_then(|scale| {
        english::scale(scale).or_else(|| scale.text.eq_ignore_ascii_case("dozen").then_some(12))
    });
    Some(Reading::new(part, count, base.map(|base| (base, next + 1 - at - count))))
}

/// Reads `½` and its like at a token, after a whole number or alone.
pub(super) fn sign(tokens: &[Token<'_>], at: usize, found: &mut [Quantity]) -> Option<Quantity> {
    let part = match tokens[at].text {
        "½" => HALF,
        "⅓" => THIRD,
        "⅔" => TWO_THIRDS,
        "¼" => QUARTER,
        "¾" => THREE_QUARTERS,
        _ => return None,
    };
    let mut other = Amount::whole(part.hundredths());
    if let Some(whole) = whole_before(tokens, at, found) {
        let mixed = whole.amount.and_hundredths_of(1, part.hundredths());
        (whole.other, other) = (Some(mixed), mixed);
    }
    Some(Quantity {
        amount: part.amount(),
        other: Some(other),
        kind: QuantityKind::Number,
        notation: Notation::Digits,
        weak: true,
        bytes: tokens[at].bytes.clone(),
    })
}

/// Lets `1/2`, which was read at a token from `first` on as the parts of a date, be a half as well.
pub(super) fn slashed(tokens: &[Token<'_>], at: usize, found: &mut [Quantity], first: usize) {
    let (before, read) = found.split_at_mut(first);
    let [count, of] = read else { return };
    if of.kind != QuantityKind::DatePart {
        return;
    }
    let part = match (count.amount.as_whole(), of.amount.as_whole()) {
        (Some(1), Some(2)) => HALF,
        (Some(1), Some(3)) => THIRD,
        (Some(2), Some(3)) => TWO_THIRDS,
        (Some(1), Some(4)) => QUARTER,
        (Some(3), Some(4)) => THREE_QUARTERS,
        _ => return,
    };
    count.other = Some(part.amount());
    of.other = Some(Amount::whole(part.hundredths()));
    (count.weak, of.weak) = (part == HALF, true);
    if let Some(whole) = whole_before(tokens, at, before) {
        let mixed = whole.amount.and_hundredths_of(1, part.hundredths());
        (whole.other, of.other) = (Some(mixed), Some(mixed));
        count.weak = true;
    }
}

/// Finds the whole number right before a part at a token: `2 1/2`, `2½`.
fn whole_before<'q>(
    tokens: &[Token<'_>],
    at: usize,
    found: &'q mut [Quantity],
) -> Option<&'q mut Quantity> {
    let whole = found.last_mut()?;
    let near =
        at > 0 && matches!(tokens[at].gap, "" | " ") && whole.bytes.end == tokens[at - 1].bytes.end;
    let small = whole.amount.as_whole().is_some_and(|amount| amount < 1_000);
    let is_digits = whole.kind == QuantityKind::Number && whole.notation == Notation::Digits;
    (near && small && is_digits && whole.other.is_none()).then_some(whole)
}
