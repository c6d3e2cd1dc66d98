//! Refuses texts that are data in another format and would be nonsense as prose: frame-based
//! subtitles, JSON, XML. A user who names the format gets them as text all the same.

use serde::de::IgnoredAny;

use super::subtitles::{FRAME_ADVICE, unread_subtitles};
use crate::error::{Error, Result};

/// The number of lines of JSON Lines that are checked.
const CHECKED_LINES: usize = 3;

/// Refuses a text whose name does not show its format and that is not prose.
pub(super) fn refuse(text: &str) -> Result<()> {
    if let Some(what) = unread_subtitles(text) {
        return Err(Error::syntax(1, what, FRAME_ADVICE));
    }
    if is_json(text) {
        let advice = "extract its texts, one per line; or name the format text to read it as it is";
        return Err(Error::syntax(1, "this looks like JSON, not like a document", advice));
    }
    if is_xml(text) {
        let advice = "save the document as HTML, DOCX or plain text; or name the format text to \
                      read it with its tags";
        return Err(Error::syntax(1, "this looks like XML that is not a document", advice));
    }
    Ok(())
}

/// Reports whether a text is a JSON array or object, or JSON Lines.
fn is_json(text: &str) -> bool {
    let text = text.trim();
    // A text may consist of a description in brackets.
    if !(text.starts_with('{') || text.starts_with('[')) || !text.contains('"') {
        return false;
    }
    let is_value = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    let is_open = |line: &str| line.starts_with('{') || line.starts_with('[');
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(CHECKED_LINES);
    lines.all(|line| is_open(line) && is_value(line)) || is_value(text)
}

/// Reports whether a text begins like a file of XML.
fn is_xml(text: &str) -> bool {
    let text = text.trim_start();
    let root = ["<tmx", "<xliff", "<martif", "<tbx", "<rss", "<feed"];
    text.starts_with("<?xml") || root.iter().any(|root| text.starts_with(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_refused_with_a_way_out() {
        for text in [
            "{0}{50}Hello\n{60}{90}there",
            "[0][50]Hello",
            "[\n  {\"text\": \"نص\"}\n]",
            "[\"a\", \"b\"]",
            "{\"src\": \"a\"}\n{\"src\": \"b\"}\n",
            "<?xml version='1.0'?>\n<tmx version='1.4'/>",
            "<tmx version='1.4'/>",
        ] {
            let error = refuse(text).expect_err(text);
            assert!(error.remedy().is_some() && error.line() == Some(1), "{text}");
        }
    }

    #[test]
    fn prose_with_brackets_is_text() {
        for text in [
            "[sighs]",
            "{set} of \"things\"",
            "[1] \"A\" is first.\n[2] \"B\" is second.",
            "<p> is an element",
            "\"quoted\"",
            "",
        ] {
            assert!(refuse(text).is_ok(), "{text}");
        }
    }
}
