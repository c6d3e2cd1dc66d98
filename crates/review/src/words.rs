//! Words of messages.

/// Returns a count and its noun, as in `1 row` and `2 rows`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
