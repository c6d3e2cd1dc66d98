//! Exact decimal amounts.

use std::fmt;

/// Digits that an amount holds; of a longer run the last ones count.
const MOST_DIGITS: usize = 30;

/// A number of nought or more, exact: `3.50` and `3.5` are equal, `1995` is no `1995.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount {
    units: u128,
    decimals: u8,
}

impl Amount {
    /// Gives a whole number.
    #[must_use]
    pub fn whole(value: u64) -> Self {
        Self { units: u128::from(value), decimals: 0 }
    }

    /// Reads ASCII digits before and after the decimal point; `None` where there is anything else.
    #[must_use]
    pub fn from_digits(whole: &str, decimals: &str) -> Option<Self> {
        let digit = |b: &u8| b.is_ascii_digit();
        if whole.is_empty() || !whole.bytes().chain(decimals.bytes()).all(|b| digit(&b)) {
            return None;
        }
        let decimals = decimals.trim_end_matches('0');
        let digits: Vec<u8> = whole.bytes().chain(decimals.bytes()).collect();
        let kept = &digits[digits.len().saturating_sub(MOST_DIGITS)..];
        let units = kept.iter().fold(0, |units, b| units * 10 + u128::from(b - b'0'));
        Some(Self { units, decimals: decimals.len().min(MOST_DIGITS) as u8 })
    }

    /// Gives the amount so many times, or this amount where that is beyond what it can hold.
    #[must_use]
    pub fn times(self, factor: u64) -> Self {
        let Some(units) = self.units.checked_mul(u128::from(factor)) else { return self };
        Self { units, ..self }.reduced()
    }

    /// Adds so many hundredths of `unit` to the amount.
    #[must_use]
    pub(super) fn and_hundredths_of(self, unit: u64, hundredths: u64) -> Self {
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

    fn reduced(mut self) -> Self {
        while self.decimals > 0 && self.units.is_multiple_of(10) {
            self.units /= 10;
            self.decimals -= 1;
        }
        self
    }

    /// Gives the amount where it is whole and small enough.
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
    fn equal_numbers_are_equal_however_written() {
        let read = |whole, decimals| Amount::from_digits(whole, decimals).unwrap();
        assert_eq!(read("3", "50"), read("03", "5"));
        assert_eq!(read("3", "5").times(1_000_000), Amount::whole(3_500_000));
        assert_eq!(read("0", "05").to_string(), "0.05");
        assert_eq!(Amount::whole(3).and_hundredths_of(1, 50).to_string(), "3.5");
        assert_eq!(
            Amount::whole(2_000_000).and_hundredths_of(1_000_000, 25),
            Amount::whole(2_250_000)
        );
        assert_eq!(Amount::from_digits("", "5"), None);
        assert_eq!(Amount::from_digits("1a", ""), None);
        assert!(Amount::from_digits(&"9".repeat(99), "").is_some());
    }
}
