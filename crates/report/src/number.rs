//! Rounding, formatting and intervals of numbers.

/// Returns `part / whole`, or 0 if both are 0.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Rounds to six decimals, so that rounding errors of sums do not show in the output.
pub(crate) fn rounded(value: f64) -> f64 {
    let rounded = (value * 1e6).round() / 1e6;
    // Turns -0.0 into 0.0.
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// Formats a count with a comma between each three digits.
pub(crate) fn format_count(value: u64) -> String {
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

/// Formats a count with its noun, in the plural unless the count is 1.
pub(crate) fn plural(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{} {noun}s", format_count(count)) }
}

/// Formats a count; an inexact one is rounded to three significant digits and marked with `≈`.
pub(crate) fn format_estimate(value: u64, exact: bool) -> String {
    if exact {
        return format_count(value);
    }
    let unit = 10_u64.pow(value.max(1).ilog10().saturating_sub(2));
    format!("≈ {}", format_count((value + unit / 2) / unit * unit))
}

/// Formats a share as a percentage. A part is never shown as 100 % nor a positive share as 0 %.
pub(crate) fn format_percent(share: f64) -> String {
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

/// Formats a number with a fixed number of decimals, or `–` if there is no value.
pub(crate) fn format_decimal(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(
        || "–".to_owned(),
        |value| format!("{:.decimals$}", rounded(value)).replace('-', "−"),
    )
}

/// Formats a probability with a fixed number of decimals, cut and not rounded: only what is certain
/// is 1, and that is shown as more than the greatest decimal below.
pub(crate) fn format_probability(value: Option<f64>, decimals: usize) -> String {
    let Some(value) = value else { return "–".to_owned() };
    let unit = 10_f64.powi(decimals as i32);
    if value >= 1.0 {
        return format!(">{:.decimals$}", (unit - 1.0) / unit);
    }
    // A number that was read from decimals may lie just below them.
    format!("{:.decimals$}", ((value * unit + 1e-6).floor() / unit).min((unit - 1.0) / unit))
}

/// Returns the 95 % Wilson interval of a share (Wilson 1927), or 0 to 1 if `whole` is 0.
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
    fn numbers_are_formatted() {
        assert_eq!(format_count(0), "0");
        assert_eq!(format_count(1_234_567), "1,234,567");
        assert_eq!(format_estimate(1_234_567, false), "≈ 1,230,000");
        assert_eq!(format_estimate(42, false), "≈ 42");
        assert_eq!(format_percent(0.99999), ">99.9 %");
        assert_eq!(format_percent(1.0), "100 %");
        assert_eq!(format_percent(0.1234), "12.3 %");
        assert_eq!(format_decimal(Some(-0.25), 2), "−0.25");
        assert_eq!(format_decimal(None, 2), "–");
    }

    #[test]
    fn probabilities_are_never_shown_as_one() {
        for (value, text) in [
            (0.999_999, "0.99"),
            (1.0, ">0.99"),
            (0.29, "0.29"),
            (0.0, "0.00"),
            (0.995, "0.99"),
            (0.99, "0.99"),
        ] {
            assert_eq!(format_probability(Some(value), 2), text);
        }
        assert_eq!(format_probability(None, 2), "–");
    }

    #[test]
    fn the_wilson_interval_has_its_published_value() {
        // 8 of 10: 0.490 to 0.943.
        let [low, high] = wilson(8, 10);
        assert!((low - 0.4902).abs() < 1e-3 && (high - 0.9433).abs() < 1e-3);
        assert_eq!(wilson(0, 0), [0.0, 1.0]);
    }
}
