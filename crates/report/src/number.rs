//! Numbers: rounded for files, worded for readers.

/// Gives a share; 0 of nothing is 0.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Rounds to six digits after the point, so that the last bits of a sum are in no file.
pub(crate) fn rounded(value: f64) -> f64 {
    let rounded = (value * 1e6).round() / 1e6;
    // Without the sign of a negative nought.
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// Writes a count with a comma each three digits.
pub(crate) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes a count with what is counted.
pub(crate) fn plural(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{} {noun}s", count(number)) }
}

/// Writes a count that may be an estimate: three digits are true of it then.
pub(crate) fn about(value: u64, exact: bool) -> String {
    if exact {
        return count(value);
    }
    let unit = 10_u64.pow(value.max(1).ilog10().saturating_sub(2));
    format!("≈ {}", count((value + unit / 2) / unit * unit))
}

/// Writes a share as per cent, without rounding a part up to the whole or down to nothing.
pub(crate) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 99.95 && percent < 100.0 {
        ">99.9 %".to_owned()
    } else if percent > 0.0 && percent < 0.05 {
        "<0.1 %".to_owned()
    } else if percent == 0.0 || percent == 100.0 {
        format!("{percent:.0} %")
    } else {
        format!("{percent:.1} %")
    }
}

/// Writes a number with so many digits after the point, and – where there is none.
pub(crate) fn decimal(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(
        || "–".to_owned(),
        |value| format!("{:.digits$}", rounded(value)).replace('-', "−"),
    )
}

/// Gives the Wilson interval of a share at 95 % (Wilson 1927); 0 to 1 of nothing.
pub(crate) fn wilson(part: u64, whole: u64) -> [f64; 2] {
    if whole == 0 {
        return [0.0, 1.0];
    }
    let (n, p, z) = (whole as f64, share(part, whole), 1.959_964);
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    [rounded((middle - half).max(0.0)), rounded((middle + half).min(1.0))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_worded() {
        assert_eq!(count(0), "0");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(about(1_234_567, false), "≈ 1,230,000");
        assert_eq!(about(42, false), "≈ 42");
        assert_eq!(percent(0.99999), ">99.9 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.1234), "12.3 %");
        assert_eq!(decimal(Some(-0.25), 2), "−0.25");
        assert_eq!(decimal(None, 2), "–");
    }

    #[test]
    fn wilson_is_that_of_the_tables() {
        // 8 of 10: 0.490 to 0.943.
        let [low, high] = wilson(8, 10);
        assert!((low - 0.4902).abs() < 1e-3 && (high - 0.9433).abs() < 1e-3);
        assert_eq!(wilson(0, 0), [0.0, 1.0]);
    }
}
