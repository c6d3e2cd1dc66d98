//! Reads Arabic number words: cardinals to the trillions, ordinals, decades.
//!
//! Words are compared after [`fold`], which maps the forms of alef, ة and ه, ى and ي to one letter
//! each, because they are often written for one another. The grammar: the unit comes before the ten
//! and is joined to it by و (`خمسة وعشرون`), a teen is two words (`خمسة عشر`), hundreds are one
//! word or two (`ثلاثمائة`, `ثلاث مئة`), the dual is a 2 (`ألفان`), and further parts are joined by
//! و. The classical order from the unit upwards is read too (`سبع وستين ومائة`).

use super::{Amount, NumberReading, QuantityToken};

mod numerals;

use numerals::{ArabicNumeral, NUMERALS};

/// Returns all numerals, folded.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    NUMERALS.keys().map(String::as_str)
}

/// Writes a word to `out` with أ إ آ as ا, ى as ي and ة as ه.
pub(super) fn fold(word: &str, out: &mut String) {
    out.clear();
    out.extend(word.chars().map(|c| match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ة' => 'ه',
        'ک' => 'ك',
        c => c,
    }));
}

/// The particles written on a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Particles {
    /// و or ف.
    pub(super) and: bool,
    /// ال.
    pub(super) the: bool,
    /// ب, ل or ك.
    pub(super) preposition: bool,
}

/// Looks up a folded word with `find`, removing one particle after another from its start until
/// `find` returns something.
pub(super) fn look_up<T>(word: &str, find: impl Fn(&str) -> Option<T>) -> Option<(T, Particles)> {
    let mut joined = Particles::default();
    let mut rest = word;
    loop {
        if let Some(found) = find(rest) {
            return Some((found, joined));
        }
        let fresh = !joined.the && !joined.preposition;
        if let Some(after) = rest.strip_prefix("ال").filter(|_| !joined.the) {
            joined.the = true;
            rest = after;
        } else if let Some(after) = rest.strip_prefix("لل").filter(|_| fresh) {
            (joined.the, joined.preposition) = (true, true);
            rest = after;
        } else if let Some(after) = rest.strip_prefix(['و', 'ف']).filter(|_| fresh && !joined.and)
        {
            joined.and = true;
            rest = after;
        } else if let Some(after) = rest.strip_prefix(['ب', 'ل', 'ك']).filter(|_| fresh) {
            joined.preposition = true;
            rest = after;
        } else {
            return None;
        }
    }
}

/// Returns the numeral at a token, its particles and the number of tokens it consists of. A
/// separate و belongs to the word after it.
fn numeral(
    tokens: &[QuantityToken<'_>],
    at: usize,
    buffer: &mut String,
) -> Option<(ArabicNumeral, Particles, usize)> {
    let token = tokens.get(at)?;
    if token.text == "و" && at > 0 {
        let next = tokens.get(at + 1).filter(|next| next.gap.trim().is_empty())?;
        fold(next.text, buffer);
        let (numeral, joined) = look_up(buffer, |word| NUMERALS.get(word).copied())?;
        return Some((numeral, Particles { and: true, ..joined }, 2));
    }
    // Folding would make وأحد equal to واحد.
    if matches!(token.text, "وأحد" | "وإحدى" | "وإحدي") {
        return Some((ArabicNumeral::Joining, Particles { and: true, ..Particles::default() }, 1));
    }
    fold(token.text, buffer);
    let (numeral, joined) = look_up(buffer, |word| NUMERALS.get(word).copied())?;
    Some((numeral, joined, 1))
}

/// Returns the value of a folded word from 2 to 9.
pub(super) fn unit(word: &str) -> Option<u64> {
    match NUMERALS.get(word)? {
        ArabicNumeral::Unit(value @ 2..=9) => Some(*value),
        _ => None,
    }
}

/// Returns the factor of a scale word (thousand and above) after a number in digits.
pub(super) fn scale(token: &QuantityToken<'_>) -> Option<u64> {
    let mut folded = String::new();
    fold(token.text, &mut folded);
    match NUMERALS.get(&folded)? {
        ArabicNumeral::Scale(base)
        | ArabicNumeral::Plural(base)
        | ArabicNumeral::ScaleOrDual(base) => Some(*base),
        ArabicNumeral::Dozen => Some(12),
        _ => None,
    }
}

/// Returns the factor of a scale word in the singular, with or without the article: مليون, المليون.
pub(super) fn singular_scale(token: &QuantityToken<'_>, buffer: &mut String) -> Option<u64> {
    fold(token.text, buffer);
    match look_up(buffer, |word| NUMERALS.get(word).copied())? {
        (ArabicNumeral::Scale(base), joined) if !joined.and && !joined.preposition => Some(base),
        (ArabicNumeral::Dozen, joined) if !joined.and && !joined.preposition => Some(12),
        _ => None,
    }
}

/// The state of reading an Arabic number.
struct ArabicSum {
    /// The value of the groups whose scale word has been read.
    total: u64,
    /// The value of the words since the last scale word, below a thousand.
    current: u64,
    /// The last scale, or `u64::MAX` before the first one.
    scale: u64,
    /// A second possible value of the whole number.
    alternative: Option<u64>,
    /// The scale of the first word if it may be a dual.
    dual: Option<u64>,
    ordinal: bool,
    /// Whether the first word has the article.
    definite: bool,
    /// Hundredths of the last scale, or of 1 if there is none: 50 for ونصف.
    hundredths: u64,
    weak: bool,
    /// Whether the last word is أحد or حادي, which needs another word after it.
    open: bool,
}

impl ArabicSum {
    /// Starts a number with its first word; `single` if no other numeral follows.
    fn start(numeral: ArabicNumeral, joined: Particles, single: bool) -> Option<Self> {
        let mut sum = Self {
            total: 0,
            current: 0,
            scale: u64::MAX,
            alternative: None,
            dual: None,
            ordinal: false,
            definite: joined.the,
            hundredths: 0,
            weak: false,
            open: false,
        };
        match numeral {
            // الاثنين alone is Monday.
            ArabicNumeral::Unit(2) if joined.the && single => return None,
            ArabicNumeral::Unit(value) => sum.current = value,
            ArabicNumeral::Joining => (sum.current, sum.open) = (1, true),
            ArabicNumeral::Ten => sum.current = 10,
            ArabicNumeral::Tens(value) | ArabicNumeral::Hundreds(value) => sum.current = value,
            ArabicNumeral::Hundred => sum.current = 100,
            ArabicNumeral::Scale(base) => (sum.total, sum.scale) = (base, base),
            ArabicNumeral::Dual(base) => (sum.total, sum.scale) = (2 * base, base),
            ArabicNumeral::ScaleOrDual(base) => {
                (sum.total, sum.scale, sum.dual) = (base, base, Some(base));
            }
            ArabicNumeral::Dozen => sum.current = 12,
            ArabicNumeral::Ordinal(value) => (sum.current, sum.ordinal) = (value, true),
            ArabicNumeral::Decade(value) => {
                (sum.current, sum.alternative) = (value, Some(1900 + value));
            }
            ArabicNumeral::Parts(value) => (sum.current, sum.weak) = (value, true),
            ArabicNumeral::Plural(_) | ArabicNumeral::Hundredths(_) => return None,
        }
        Some(sum)
    }

    /// Adds the next word and returns `true`, or returns `false` if the number ends before it.
    fn add(&mut self, numeral: ArabicNumeral, joined: Particles) -> bool {
        let and = joined.and;
        if self.hundredths > 0 || self.weak || self.alternative.is_some() && self.current > 0 {
            return false;
        }
        // الثالثة وعشرون دقيقة is twenty past three; the 23rd is الثالثة والعشرون.
        if self.ordinal && self.definite && and && !joined.the {
            return false;
        }
        let tail = self.current % 100;
        let starts_group = self.total > 0 && self.current == 0;
        let open_hundred = self.current >= 100 && tail == 0;
        match numeral {
            ArabicNumeral::Unit(value) if and && (starts_group || open_hundred) => {
                self.current += value;
            }
            ArabicNumeral::Joining if and && (starts_group || open_hundred) => {
                self.current += 1;
                self.open = true;
                return true;
            }
            ArabicNumeral::Ten if !and && (1..10).contains(&tail) => self.current += 10,
            ArabicNumeral::Ten if and && (starts_group || open_hundred) => self.current += 10,
            ArabicNumeral::Tens(value)
                if and && tail < 10 && (self.current > 0 || starts_group) =>
            {
                self.current += value;
            }
            ArabicNumeral::Hundred if !and && (3..10).contains(&self.current) && !self.ordinal => {
                self.current *= 100;
            }
            ArabicNumeral::Hundred
                if and && self.current < 100 && (self.current > 0 || starts_group) =>
            {
                self.current += 100;
            }
            ArabicNumeral::Hundreds(value)
                if and && self.current < 100 && (self.current > 0 || starts_group) =>
            {
                self.current += value;
            }
            ArabicNumeral::Scale(base)
            | ArabicNumeral::Plural(base)
            | ArabicNumeral::ScaleOrDual(base)
                if !and && self.current > 0 && base < self.scale && !self.ordinal =>
            {
                self.total = self.total.saturating_add(self.current.saturating_mul(base));
                (self.current, self.scale) = (0, base);
            }
            // سبع وستين وثلاثمئة وألف: 1367 in the classical order.
            ArabicNumeral::Scale(1000)
                if and && self.total == 0 && self.current >= 10 && !self.ordinal =>
            {
                (self.total, self.scale) = (1000, 1000);
            }
            ArabicNumeral::Scale(base) | ArabicNumeral::ScaleOrDual(base)
                if and && starts_group && base < self.scale =>
            {
                self.total = self.total.saturating_add(base);
                self.scale = base;
            }
            ArabicNumeral::Scale(base) if !and && starts_group && base > self.scale => {
                self.total = self.total.saturating_mul(base);
                self.scale = base;
            }
            ArabicNumeral::Dual(base) if and && starts_group && base < self.scale => {
                self.total = self.total.saturating_add(2 * base);
                self.scale = base;
            }
            ArabicNumeral::Dozen if !and && self.total == 0 && !self.ordinal => {
                self.alternative = Some(self.current);
                self.current *= 12;
                return true;
            }
            ArabicNumeral::Hundredths(value) if and && !self.ordinal => self.hundredths = value,
            _ => return false,
        }
        self.open = false;
        true
    }
}

impl ArabicSum {
    /// Adds the hundred that may follow an ordinal, and returns its number of tokens: الثامنة عشرة
    /// بعد المائة, the 118th.
    fn add_after(&mut self, rest: &[QuantityToken<'_>], buffer: &mut String) -> usize {
        let [after, hundred, ..] = rest else { return 0 };
        if !self.ordinal || after.text != "بعد" || hundred.gap != " " {
            return 0;
        }
        match numeral(std::slice::from_ref(hundred), 0, buffer) {
            Some((ArabicNumeral::Hundred, joined, _)) if joined.the => self.current += 100,
            Some((ArabicNumeral::Hundreds(value), joined, _)) if joined.the => {
                self.current += value;
            }
            _ => return 0,
        }
        2
    }
}

/// Reads the number in words that begins at the first token.
pub(super) fn read(tokens: &[QuantityToken<'_>], buffer: &mut String) -> Option<NumberReading> {
    let (first, joined, mut count) = numeral(tokens, 0, buffer)?;
    let fits = |at: usize| tokens.get(at).is_some_and(|token| token.gap.trim().is_empty());
    let second = if fits(1) { numeral(tokens, 1, buffer) } else { None };
    let mut sum = ArabicSum::start(first, joined, second.is_none())?;
    let mut next = second;
    while let Some((word, joined, length)) = next {
        // خمسة بالمئة is not 500.
        if joined.preposition || !sum.add(word, joined) {
            break;
        }
        count += length;
        next = if fits(count) { numeral(tokens, count, buffer) } else { None };
    }
    if sum.open {
        return None;
    }
    count += sum.add_after(&tokens[count..], buffer);
    let mut amount = Amount::whole(sum.total.saturating_add(sum.current));
    let mut alternative = sum.alternative.map(Amount::whole);
    if let Some(base) = sum.dual {
        let dual = amount.plus(Amount::whole(base));
        // ألفا by itself is rather the dual before a noun, and with more words the accusative.
        let alone = amount == Amount::whole(base);
        (amount, alternative) =
            if alone && sum.hundredths == 0 { (dual, Some(amount)) } else { (amount, Some(dual)) };
    }
    if sum.hundredths > 0 && (sum.current > 0 || sum.scale == u64::MAX) {
        // خمسة ونصف may be five and a half, or five of one thing and half of another.
        alternative = alternative.or(Some(amount));
        amount = amount.plus_hundredths_of(1, sum.hundredths);
    } else if sum.hundredths > 0 {
        amount = amount.plus_hundredths_of(sum.scale, sum.hundredths);
        // مليونان ونصف المليون: the scale is repeated.
        if let Some((ArabicNumeral::Scale(base), joined, length)) = next
            && joined.the
            && base == sum.scale
        {
            count += length;
        }
    }
    Some(NumberReading { tokens: count, amount, alternative, ordinal: sum.ordinal, weak: sum.weak })
}
