//! Web and mail addresses that a translation keeps.

/// Gives the share of the addresses of both sides that the other side has too; `None` without one.
pub(super) fn addresses(a: &str, b: &str) -> Option<f32> {
    if !has_any(a) && !has_any(b) {
        return None;
    }
    let (of_a, of_b): (Vec<_>, Vec<_>) = (find(a).collect(), find(b).collect());
    let kept = |these: &[String], those: &[String]| {
        these.iter().filter(|this| those.contains(this)).count()
    };
    super::side::share(kept(&of_a, &of_b) + kept(&of_b, &of_a), of_a.len() + of_b.len())
}

fn has_any(text: &str) -> bool {
    text.contains("://") || text.contains("www.") || text.contains('@')
}

/// Gives the addresses of a text, in lower case, without protocol and final marks.
fn find(text: &str) -> impl Iterator<Item = String> {
    let stops = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | '«' | '»' | '،' | '؛')
    };
    text.split(stops).filter_map(|word| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '/');
        let bare = word.split_once("://").map_or(word, |(_, rest)| rest).trim_end_matches('/');
        let web = word.contains("://") || word.starts_with("www.");
        let mail = word
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && host.is_ascii());
        let bare = bare.strip_prefix("www.").unwrap_or(bare);
        (web && bare.len() > 3 || mail).then(|| bare.to_ascii_lowercase())
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
}
