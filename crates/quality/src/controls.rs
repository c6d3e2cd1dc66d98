//! Counts control characters and unbalanced bidi controls.
//!
//! Direction marks (U+200E, U+200F, U+061C) and joiners are a part of well-typeset Arabic and do
//! not count, nor do embeddings and isolates that are closed.

/// Returns the number of control, private-use and unbalanced bidi characters.
pub(super) fn controls(text: &str) -> f32 {
    let (mut count, mut embeddings, mut isolates) = (0_usize, 0_usize, 0_usize);
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' | '\u{85}' => {}
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' => embeddings += 1,
            '\u{202C}' if embeddings > 0 => embeddings -= 1,
            '\u{2066}'..='\u{2068}' => isolates += 1,
            '\u{2069}' if isolates > 0 => isolates -= 1,
            '\u{202C}' | '\u{2069}' => count += 1,
            c if c.is_control()
                || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FFF9}'..='\u{FFFC}') =>
            {
                count += 1;
            }
            _ => {}
        }
    }
    (count + embeddings + isolates) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unbalanced_embeddings_count_and_direction_marks_do_not() {
        assert_eq!(controls("\u{200F}نص\u{200F}\n"), 0.0);
        assert_eq!(controls("\u{202B}نص\u{202C} \u{2067}نص\u{2069}"), 0.0);
        assert_eq!(controls("\u{202B}نص"), 1.0);
        assert_eq!(controls("a\u{8}b\u{F0B7}"), 2.0);
    }
}
