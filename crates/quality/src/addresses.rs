//! Finds web and mail addresses, which translations preserve.

use std::collections::HashSet;
use std::ops::Range;

/// Returns the share of the addresses of both sides that the other side has too; `None` if there
/// are no addresses.
pub(super) fn addresses(a: &str, b: &str) -> Option<f32> {
    if !has_any(a) && !has_any(b) {
        return None;
    }
    let texts = |text| find(text).map(|(_, address)| address).collect();
    let (of_a, of_b): (Vec<_>, Vec<_>) = (texts(a), texts(b));
    let shared = |these: &[String], those: &[String]| {
        let those: HashSet<&String> = those.iter().collect();
        these.iter().filter(|this| those.contains(this)).count()
    };
    crate::side::share(shared(&of_a, &of_b) + shared(&of_b, &of_a), of_a.len() + of_b.len())
}

/// Returns whether a text has addresses and no letter outside them.
pub(super) fn is_only_addresses(text: &str) -> bool {
    let ranges: Vec<_> = find(text).map(|(range, _)| range).collect();
    !ranges.is_empty() && !outside(text, &ranges).any(|part| part.contains(char::is_alphabetic))
}

fn has_any(text: &str) -> bool {
    text.contains("://") || text.contains("www.") || text.contains('@')
}

/// Returns the byte ranges of the addresses of a text, in order. If the text has no letters outside
/// addresses, returns none.
///
/// Features that compare scripts or copied words ignore addresses, because these are in Latin
/// script and the same on both sides of a good translation.
pub(super) fn ranges(text: &str) -> Vec<Range<usize>> {
    if !has_any(text) {
        return Vec::new();
    }
    let ranges: Vec<_> = find(text).map(|(range, _)| range).collect();
    let has_more = outside(text, &ranges).any(|part| part.contains(char::is_alphabetic));
    if has_more { ranges } else { Vec::new() }
}

/// Returns the parts of a text outside of ranges.
pub(super) fn outside<'t>(
    text: &'t str,
    ranges: &'t [Range<usize>],
) -> impl Iterator<Item = &'t str> {
    let starts = std::iter::once(0).chain(ranges.iter().map(|range| range.end));
    let ends = ranges.iter().map(|range| range.start).chain([text.len()]);
    starts.zip(ends).map(|(start, end)| &text[start..end])
}

/// Returns the addresses of a text with their byte ranges, in lower case and without protocol and
/// final marks.
fn find(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let stops = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | '«' | '»' | '،' | '؛')
    };
    text.split(stops).filter_map(move |word| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '/');
        let bare = word.split_once("://").map_or(word, |(_, rest)| rest).trim_end_matches('/');
        let web = word.contains("://") || word.starts_with("www.");
        let mail = word
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && host.is_ascii());
        let bare = bare.strip_prefix("www.").unwrap_or(bare);
        // A word is a slice of the text, so its offset is the difference of their addresses.
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let range = start..start + word.len();
        (web && bare.len() > 3 || mail).then(|| (range, bare.to_ascii_lowercase()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_the_same_with_and_without_protocol() {
        assert_eq!(
            addresses("زوروا https://www.example.org/a.", "See www.example.org/a, now"),
            Some(1.0)
        );
        assert_eq!(addresses("راسلنا: a@b.org", "Write to c@b.org"), Some(0.0));
        assert_eq!(addresses("نص", "@ text"), None);
    }

    #[test]
    fn ranges_split_the_text_at_addresses() {
        let text = "راسلنا: a@b.org، أو https://b.org/c.";
        let found = ranges(text);
        let rest: Vec<&str> = outside(text, &found).collect();
        assert_eq!(rest, ["راسلنا: ", "، أو ", "."]);
        assert_eq!(ranges("a@b.org, www.b.org"), []);
    }
}
