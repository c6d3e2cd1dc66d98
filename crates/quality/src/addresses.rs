//! Web and mail addresses that a translation keeps.

use std::ops::Range;

/// Gives the share of the addresses of both sides that the other side has too; `None` without one.
pub(super) fn addresses(a: &str, b: &str) -> Option<f32> {
    if !has_any(a) && !has_any(b) {
        return None;
    }
    let texts = |text| find(text).map(|(_, address)| address).collect();
    let (of_a, of_b): (Vec<_>, Vec<_>) = (texts(a), texts(b));
    let kept = |these: &[String], those: &[String]| {
        these.iter().filter(|this| those.contains(this)).count()
    };
    crate::side::share(kept(&of_a, &of_b) + kept(&of_b, &of_a), of_a.len() + of_b.len())
}

fn has_any(text: &str) -> bool {
    text.contains("://") || text.contains("www.") || text.contains('@')
}

/// Gives the places of a text's addresses, in order; none where it has no letter besides.
///
/// Their letters are Latin in Arabic too, and the same on both sides: they say nothing of whether
/// the rest was translated.
pub(super) fn places(text: &str) -> Vec<Range<usize>> {
    if !has_any(text) {
        return Vec::new();
    }
    let places: Vec<_> = find(text).map(|(place, _)| place).collect();
    let has_more = outside(text, &places).any(|part| part.contains(char::is_alphabetic));
    if has_more { places } else { Vec::new() }
}

/// Gives what stands outside places of a text.
pub(super) fn outside<'t>(
    text: &'t str,
    places: &'t [Range<usize>],
) -> impl Iterator<Item = &'t str> {
    let starts = std::iter::once(0).chain(places.iter().map(|place| place.end));
    let ends = places.iter().map(|place| place.start).chain([text.len()]);
    starts.zip(ends).map(|(start, end)| &text[start..end])
}

/// Gives the addresses of a text with their places, in lower case, without protocol and final marks.
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
        // A word is a slice of the text, so its place is the distance of the two.
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let place = start..start + word.len();
        (web && bare.len() > 3 || mail).then(|| (place, bare.to_ascii_lowercase()))
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
    fn what_stands_outside_addresses_is_left() {
        let text = "راسلنا: a@b.org، أو https://b.org/c.";
        let places = places(text);
        let rest: Vec<&str> = outside(text, &places).collect();
        assert_eq!(rest, ["راسلنا: ", "، أو ", "."]);
        assert_eq!(super::places("a@b.org, www.b.org"), []);
    }
}
