//! Counts remains of markup: tags, entities, template marks, format placeholders.

/// Returns the number of remains of markup in a text.
pub(super) fn markup(text: &str) -> f32 {
    if !text.contains(['<', '&', '{', '%', '[', '$', '|']) {
        return 0.0;
    }
    (tags(text) + entities(text) + templates(text)) as f32
}

/// Counts `<b>`, `</div>`, `<br/>`, `<!-- -->`.
fn tags(text: &str) -> usize {
    let mut count = 0;
    for (at, _) in text.match_indices('<') {
        let rest = &text[at + 1..];
        let name = rest.strip_prefix('/').unwrap_or(rest);
        let is_name =
            name.starts_with(|c: char| c.is_ascii_alphabetic()) || rest.starts_with("!--");
        // A tag is short and has no other tag inside.
        let end = rest.find(['<', '>']).filter(|&end| end < 200);
        count += usize::from(is_name && end.is_some_and(|end| rest[end..].starts_with('>')));
    }
    count
}

/// Counts `&amp;`, `&#1605;`, `&#x645;`.
fn entities(text: &str) -> usize {
    let is_entity = |(at, _): &(usize, &str)| {
        let rest = &text[at + 1..];
        // Only as far as an entity is long: a text may have many `&` and no semicolon.
        rest.bytes().take(9).position(|b| b == b';').is_some_and(|end| {
            end >= 2 && rest[..end].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#')
        })
    };
    text.match_indices('&').filter(is_entity).count()
}

/// Counts `{{…}}`, `[[…]]`, `{0}`, `%s`, `%1$d`, `${…}`.
fn templates(text: &str) -> usize {
    let marks = ["{{", "}}", "[[", "]]", "${", "{%", "{|", "|}"];
    let doubled: usize = marks.iter().map(|mark| text.matches(mark).count()).sum();
    // The arguments of LaTeX commands are formulas: \\frac{a}{b}, x_{i}.
    let is_argument = |at: usize| {
        let before = &text.as_bytes()[..at];
        let command = before.iter().rposition(|b| !b.is_ascii_alphabetic());
        matches!(before.last(), Some(b'_' | b'^' | b'}'))
            || command.is_some_and(|command| command + 1 < at && before[command] == b'\\')
    };
    let slot = |(at, _): &(usize, &str)| {
        if is_argument(*at) {
            return false;
        }
        let rest = &text[at + 1..];
        rest.bytes().take(21).position(|b| b == b'}').is_some_and(|end| {
            end >= 1 && rest[..end].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        })
    };
    let slots = text.match_indices('{').filter(slot).count();
    let format = |(at, _): &(usize, &str)| {
        let rest = text[at + 1..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '$');
        let mut chars = rest.chars();
        // The sign of a percentage is followed by white space, a mark or nothing.
        matches!(chars.next(), Some('s' | 'd' | '@'))
            && !chars.next().is_some_and(char::is_alphabetic)
    };
    doubled + slots + text.match_indices('%').filter(format).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remains_of_markup_are_counted() {
        for (text, count) in [
            ("<b>نص</b> &nbsp; {{قالب}}", 5.0),
            ("بلغ %1$s من {name}", 2.0),
            ("a < b and c > d, 5% & more; 10%", 0.0),
            (r"لدينا $\frac{a}{b}$ و$x_{i}^{2}$", 0.0),
            ("نص «بلا» (علامات) [1]", 0.0),
        ] {
            assert_eq!(markup(text), count, "{text}");
        }
    }
}
