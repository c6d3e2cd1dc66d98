//! Exact decimal amounts.

use std::fmt;

/// The maximum number of digits of an amount; of a longer number only the last ones are stored.
const MAX_DIGITS: usize = 30;

/// A non-negative decimal number, stored exactly: `3.50` equals `3.5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    units: u128,
    decimals: u8,
}

impl Amount {
    /// Creates an amount from an integer.
    #[must_use]
    pub fn whole(value: u64) -> Self {
        Self { units: u128::from(value), decimals: 0 }
    }

    /// Parses the ASCII digits before and after a decimal point; returns `None` for an empty
    /// integer part or any other character.
    #[must_use]
    pub fn from_digits(whole: &str, decimals: &str) -> Option<Self> {
        let digit = |b: &u8| b.is_ascii_digit();
        if whole.is_empty() || !whole.bytes().chain(decimals.bytes()).all(|b| digit(&b)) {
            return None;
        }
        let decimals = decimals.trim_end_matches('0');
        let digits: Vec<u8> = whole.bytes().chain(decimals.bytes()).collect();
        let last = &digits[digits.len().saturating_sub(MAX_DIGITS)..];
        let units = last.iter().fold(0, |units, b| units * 10 + u128::from(b - b'0'));
        Some(Self { units, decimals: decimals.len().min(MAX_DIGITS) as u8 })
    }

    /// Returns the amount multiplied by a factor, or the amount itself on overflow.
    #[must_use]
    pub fn times(self, factor: u64) -> Self {
        let Some(units) = self.units.checked_mul(u128::from(factor)) else { return self };
        Self { units, ..self }.reduced()
    }

    /// Returns the amount plus a number of hundredths of `unit`, or the amount itself on overflow.
    #[must_use]
    pub(super) fn plus_hundredths_of(self, unit: u64, hundredths: u64) -> Self {
        let scale = 10_u128.pow(u32::from(self.decimals));
        match self.units.checked_mul(100) {
            Some(units) => Self {
                units: units + scale * u128::from(hundredths) * u128::from(unit),
                decimals: self.decimals + 2,
            }
            .reduced(),
            None => self,
        }
    }

    /// Returns the sum of two amounts, or the amount itself on overflow.
    #[must_use]
    pub(super) fn plus(self, other: Self) -> Self {
        let decimals = self.decimals.max(other.decimals);
        let units = |of: Self| {
            let factor = 10_u128.checked_pow(u32::from(decimals - of.decimals))?;
            of.units.checked_mul(factor)
        };
        let sum = units(self).zip(units(other)).and_then(|(a, b)| a.checked_add(b));
        sum.map_or(self, |units| Self { units, decimals }.reduced())
    }

    fn reduced(mut self) -> Self {
        while self.decimals > 0 && self.units.is_multiple_of(10) {
            self.units /= 10;
            self.decimals -= 1;
        }
        self
    }

    /// Returns the amount as an integer if it has no decimals and fits.
    #[must_use]
    pub fn as_whole(self) -> Option<u64> {
        (self.decimals == 0).then(|| u64::try_from(self.units).ok()).flatten()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = usize::from(self.decimals);
        if decimals == 0 {
            return write!(f, "{}", self.units);
        }
        let digits = format!("{:0>1$}", self.units, decimals + 1);
        let (whole, rest) = digits.split_at(digits.len() - decimals);
        write!(f, "{whole}.{rest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_are_equal_in_every_notation() {
        let read = |whole, decimals| Amount::from_digits(whole, decimals).unwrap();
        assert_eq!(read("3", "50"), read("03", "5"));
        assert_eq!(read("3", "5").times(1_000_000), Amount::whole(3_500_000));
        assert_eq!(read("0", "05").to_string(), "0.05");
        assert_eq!(Amount::whole(3).plus_hundredths_of(1, 50).to_string(), "3.5");
        assert_eq!(
            Amount::whole(2_000_000).plus_hundredths_of(1_000_000, 25),
            Amount::whole(2_250_000)
        );
        assert_eq!(read("0", "25").plus(read("1", "5")).to_string(), "1.75");
        assert_eq!(Amount::from_digits("", "5"), None);
        assert_eq!(Amount::from_digits("1a", ""), None);
        assert!(Amount::from_digits(&"9".repeat(99), "").is_some());
    }
}
