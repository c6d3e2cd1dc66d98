//! Removes the markup of a line of SubRip or WebVTT.

/// Removes the tags and overrides of a line; line breaks that are written as `\N` become line ends.
pub(super) fn clean(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(index) = rest.find(['<', '{', '&', '\\']) {
        out.push_str(&rest[..index]);
        rest = &rest[index..];
        let removed = match rest.as_bytes()[0] {
            b'<' => tag(rest, &mut out),
            b'{' => override_block(rest),
            b'\\' => line_break(rest, &mut out),
            _ => entity(rest, &mut out),
        };
        match removed {
            Some(length) => rest = &rest[length..],
            None => {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

const ENTITIES: [(&str, char); 8] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&#39;", '\''),
    ("&nbsp;", '\u{a0}'),
    ("&lrm;", '\u{200e}'),
    ("&rlm;", '\u{200f}'),
];

/// Replaces an entity. SubRip has none, but programs that extract subtitles from pages leave them.
fn entity(text: &str, out: &mut String) -> Option<usize> {
    let (name, c) = ENTITIES.iter().find(|(name, _)| text.starts_with(name))?;
    out.push(*c);
    Some(name.len())
}

/// Replaces `\N`, a line break of ASS, and `\h`, a space that does not break.
fn line_break(text: &str, out: &mut String) -> Option<usize> {
    let c = match text.as_bytes().get(1)? {
        // `C:\new` has a letter before it.
        b'n' if out.ends_with(':') => return None,
        b'N' | b'n' => '\n',
        b'h' => ' ',
        _ => return None,
    };
    out.push(c);
    Some(2)
}

/// Names of tags of SubRip, WebVTT and HTML. What else is between angle brackets is text.
const TAGS: [&str; 19] = [
    "b", "i", "u", "s", "c", "v", "p", "em", "br", "font", "lang", "ruby", "rt", "span", "strong",
    "div", "strike", "big", "small",
];

/// Returns the length of the tag that a text begins with, if it begins with one. A line break becomes
/// a line end.
fn tag(text: &str, out: &mut String) -> Option<usize> {
    let first = text[1..].chars().next()?;
    // A tag has no other tag inside, so the search ends at the next one.
    let end = 1 + text[1..].find(['<', '>'])?;
    let is_time =
        || text[1..end].bytes().all(|byte| byte.is_ascii_digit() || b":.".contains(&byte));
    let name = text[1..end].trim_start_matches('/');
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let is_known = TAGS.iter().any(|known| name.eq_ignore_ascii_case(known));
    // A tag that no format has is one if it has the syntax of one.
    let is_unknown = || first == '/' || text[..end].ends_with('/') || text[..end].contains('=');
    let is_tag = is_known || is_unknown() || is_time();
    if !is_tag || !text[end..].starts_with('>') {
        return None;
    }
    if name.eq_ignore_ascii_case("br") {
        out.push('\n');
    }
    Some(end + 1)
}

/// Returns the length of the overrides that a text begins with: `{\an8}` of ASS, also without the
/// backslash, and `{y:i}` of MicroDVD.
fn override_block(text: &str) -> Option<usize> {
    // A block has no other block inside, so the search ends at the next one.
    let end = 1 + text[1..].find(['{', '}'])?;
    if !text[end..].starts_with('}') {
        return None;
    }
    let inside = &text[1..end];
    let is_position = || {
        let digit = inside.strip_prefix("an").or_else(|| inside.strip_prefix('a'));
        digit.is_some_and(|digit| digit.len() == 1 && digit.as_bytes()[0].is_ascii_digit())
    };
    let is_control = || {
        let mut bytes = inside.bytes();
        bytes.next().is_some_and(|byte| b"yYcCfFsSPH".contains(&byte)) && bytes.next() == Some(b':')
    };
    (inside.starts_with('\\') || is_position() || is_control()).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_removed_and_other_signs_are_not() {
        for (line, text) in [
            ("<i>a</i> <font color=\"#fff\">b</font>", "a b"),
            ("{\\an8}{\\i1}a{\\i0}", "a"),
            ("{an8}a {y:i}b", "a b"),
            ("a<00:01:02.500>b <20 km> off", "ab <20 km> off"),
            ("a\\Nb\\hc", "a\nb c"),
            ("{set} <3 1 < 2 C:\\new & b", "{set} <3 1 < 2 C:\\new & b"),
            ("a<br>b<BR />c\\nd", "a\nb\nc\nd"),
            ("<door closes>", "<door closes>"),
            ("a &amp; b &quot;c&quot;", "a & b \"c\""),
            ("<c.yellow>a</c> <box id=\"1\">b</box> <x/>c", "a b c"),
        ] {
            assert_eq!(clean(line), text);
        }
        assert_eq!(clean("<v Ann>a &amp; b&lrm;"), "a & b\u{200e}");
    }
}
