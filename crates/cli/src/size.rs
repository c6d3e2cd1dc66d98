//! Sizes of memory and of text, as people write them.

use nasaq_job::MIN_MEMORY_LIMIT;

/// Parses a memory limit such as `800M` or `4G`; without a letter it is bytes.
pub(crate) fn parse_memory_limit(text: &str) -> Result<u64, String> {
    const EXPECTED: &str = "a size such as 800M or 4G is expected";
    let text = text.trim();
    let text = text.strip_suffix(['b', 'B']).unwrap_or(text);
    let text = text.strip_suffix(['i', 'I']).unwrap_or(text);
    let (number, shift) = match text.chars().last() {
        Some('k' | 'K') => (&text[..text.len() - 1], 10),
        Some('m' | 'M') => (&text[..text.len() - 1], 20),
        Some('g' | 'G') => (&text[..text.len() - 1], 30),
        Some('t' | 'T') => (&text[..text.len() - 1], 40),
        _ => (text, 0),
    };
    let number: f64 = number.trim().parse().map_err(|_| EXPECTED.to_owned())?;
    if !number.is_finite() || number <= 0.0 {
        return Err(EXPECTED.to_owned());
    }
    let size = (number * (1_u64 << shift) as f64) as u64;
    if size < MIN_MEMORY_LIMIT {
        let min = show_size(MIN_MEMORY_LIMIT);
        return Err(format!("the program and an empty document need {min}"));
    }
    Ok(size)
}

/// Formats a size.
pub(crate) fn show_size(bytes: u64) -> String {
    for (unit, shift) in [("GB", 30), ("MB", 20), ("kB", 10)] {
        if bytes >= 1 << shift {
            let value = bytes as f64 / (1_u64 << shift) as f64;
            let digits = usize::from(value < 10.0);
            return format!("{value:.digits$} {unit}");
        }
    }
    format!("{bytes} bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_parsed_and_formatted() {
        for (text, size) in
            [("4G", 4 << 30), ("1.5g", 3 << 29), ("800MB", 800 << 20), ("1TiB", 1 << 40)]
        {
            assert_eq!(parse_memory_limit(text), Ok(size), "{text}");
        }
        for bad in ["", "G", "-1G", "1X", "nan", "10M", "100", "205M"] {
            assert!(parse_memory_limit(bad).is_err(), "{bad}");
        }
        for (size, text) in [(3 << 29, "1.5 GB"), (800 << 20, "800 MB"), (5, "5 bytes")] {
            assert_eq!(show_size(size), text);
        }
    }
}
