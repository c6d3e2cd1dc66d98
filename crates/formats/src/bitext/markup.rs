//! Text in XML.

use std::borrow::Cow;

use quick_xml::escape::{escape, partial_escape};

use super::{Loss, Losses};

/// Returns text for an element: escaped, and without the characters that XML 1.0 forbids.
///
/// A carriage return is written as a reference, because readers convert a bare one to a line feed.
pub(crate) fn element<'t>(text: &'t str, losses: &mut Losses) -> Cow<'t, str> {
    let legal = legal(text, losses);
    // Most texts have nothing to escape.
    if !legal.bytes().any(|byte| matches!(byte, b'<' | b'>' | b'&' | b'\r')) {
        return legal;
    }
    Cow::Owned(partial_escape(&*legal).replace('\r', "&#13;"))
}

/// Returns text for an attribute; tabs and line breaks are written as references.
pub(super) fn attribute(text: &str, losses: &mut Losses) -> String {
    let escaped = escape(legal(text, losses)).into_owned();
    if !escaped.contains(['\t', '\n', '\r']) {
        return escaped;
    }
    escaped.replace('\t', "&#9;").replace('\n', "&#10;").replace('\r', "&#13;")
}

fn legal<'t>(text: &'t str, losses: &mut Losses) -> Cow<'t, str> {
    if text.chars().all(is_xml_char) {
        return Cow::Borrowed(text);
    }
    losses.add(Loss::Characters);
    Cow::Owned(text.chars().filter(|c| is_xml_char(*c)).collect())
}

/// Reports whether XML 1.0 allows a character (its production `Char`).
pub(super) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_forbidden_characters_are_removed() {
        let mut losses = Losses::default();
        assert_eq!(element("a]]>b & <c>\r\n\t", &mut losses), "a]]&gt;b &amp; &lt;c&gt;&#13;\n\t");
        assert_eq!(attribute("a\"b'\n", &mut losses), "a&quot;b&apos;&#10;");
        assert_eq!(losses, Losses::default());
        assert_eq!(element("\u{0}a\u{fffe}\u{1b}\u{202e}", &mut losses), "a\u{202e}");
        assert_eq!(losses.count(&Loss::Characters), 1);
    }
}
