//! Text from files and arguments as a terminal may show it: a name, a header or a value must be able
//! neither to control the terminal nor to fill it. Only what people read is changed, never data.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The maximum length of a message in chars, about half a screen.
const MAX_CHARS: usize = 1000;
/// The number of chars of a longer message that are shown from its start.
const HEAD_CHARS: usize = 700;
/// The number of chars of a longer message that are shown from its end, where the cause is.
const TAIL_CHARS: usize = 200;

/// Returns a text with its control characters and direction controls as escapes: `\n`, `\u{1b}`.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    escape(text, |c| c.is_control() || is_direction_override(c) || is_isolate(c))
}

/// Returns a message on one line: escaped like [`shown`], and without its middle if it is long.
pub(crate) fn message(text: &str) -> String {
    clip(&shown(text))
}

/// Returns lines that are ready to print: each is escaped and clipped like a message. Direction
/// isolates stay, because the program encloses texts in them.
pub(crate) fn lines(text: &str) -> String {
    let is_unsafe = |c: char| c.is_control() && c != '\n' || is_direction_override(c);
    let escaped = escape(text, is_unsafe);
    escaped.split_inclusive('\n').map(clip).collect()
}

/// Returns whether a character changes the direction of the text after it, or ends a line.
fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{206a}'..='\u{206f}')
}

fn is_isolate(c: char) -> bool {
    matches!(c, '\u{2066}'..='\u{2069}')
}

fn escape(text: &str, is_unsafe: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unsafe(c) {
            let _ = write!(out, "{}", c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Replaces the middle of a long text by the number of chars that are not shown. A line end at the
/// end of the text stays.
fn clip(text: &str) -> String {
    let count = text.chars().count();
    if count <= MAX_CHARS {
        return text.to_owned();
    }
    let head: String = text.chars().take(HEAD_CHARS).collect();
    let tail: String = text.chars().skip(count - TAIL_CHARS).collect();
    format!("{head} … ({} characters) … {tail}", count - HEAD_CHARS - TAIL_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_shown_as_escapes() {
        assert_eq!(shown("a\u{1b}[31m\n\u{7}\u{9b}"), "a\\u{1b}[31m\\n\\u{7}\\u{9b}");
        assert_eq!(shown("\u{202e}x\u{2067}"), "\\u{202e}x\\u{2067}");
        assert!(matches!(shown("نص «plain» — text"), Cow::Borrowed(_)));
    }

    #[test]
    fn lines_stay_lines_and_isolates_stay() {
        assert_eq!(lines("a\r\n\u{2067}ن\u{2069}\n"), "a\\r\n\u{2067}ن\u{2069}\n");
    }

    #[test]
    fn long_messages_lose_their_middle() {
        let long = format!("start {} end", "x".repeat(1_000_000));
        let found = message(&long);
        assert!(found.chars().count() < MAX_CHARS);
        assert!(found.starts_with("start ") && found.ends_with("x end"));
        assert!(found.contains(" … (999110 characters) … "), "{found}");
        assert!(lines(&format!("{long}\nnext\n")).ends_with(" end\nnext\n"));
    }
}
