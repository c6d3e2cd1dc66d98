//! Compares the brackets and quotation marks of both sides.
//!
//! Unicode stores the brackets of Arabic text in reading order, but some programs swap them, so a
//! pair of brackets counts as closed in either order.

/// The opening and closing brackets.
const KINDS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('{', '}'), ('«', '»')];

/// Returns the number of unbalanced brackets and double quotation marks of both sides, plus the
/// difference in pairs of brackets between the sides.
pub(super) fn brackets(arabic: &str, english: &str) -> f32 {
    let (a, b) = (count(arabic), count(english));
    let differ = a.pairs.abs_diff(b.pairs);
    (a.open + b.open + differ) as f32
}

#[derive(Default)]
struct BracketCount {
    /// The number of unbalanced brackets and quotation marks.
    open: usize,
    /// The number of round, square and curly pairs. Quotation marks are not counted, because
    /// translators often add or omit them.
    pairs: usize,
}

fn count(text: &str) -> BracketCount {
    let mut count = BracketCount::default();
    // The fast path: most texts have none of the marks. Those that are not in ASCII begin with the
    // bytes C2 and E2.
    let may_be_mark =
        |byte: u8| matches!(byte, b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'"' | 0xC2 | 0xE2);
    if !text.bytes().any(may_be_mark) {
        return count;
    }
    for (kind, (left, right)) in KINDS.into_iter().enumerate() {
        let (mut lefts, mut rights) = (0_usize, 0_usize);
        let mut before = None;
        for c in text.chars() {
            // The bracket of a list number or a smiley has no opening one: "1)", "أ)", ":)".
            let is_single = c == ')'
                && lefts == rights
                && before.is_none_or(|b: char| b.is_alphanumeric() || b == ':');
            lefts += usize::from(c == left);
            rights += usize::from(c == right && !is_single);
            before = Some(c);
        }
        count.open += lefts.abs_diff(rights);
        if kind < 3 {
            count.pairs += lefts.min(rights);
        }
    }
    let straight = text.matches('"').count();
    let curly = text.matches(['“', '”', '„']).count();
    count.open += (straight + curly) % 2;
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unbalanced_brackets_and_missing_pairs_are_counted() {
        assert_eq!(brackets("(ثلاثين) يوما", "(thirty) days"), 0.0);
        assert_eq!(brackets("(ثلاثين) يوما", "thirty days"), 1.0);
        assert_eq!(brackets("(ثلاثين يوما", "(thirty) days"), 2.0);
        assert_eq!(brackets("قال «نعم»", "He said \"yes\""), 0.0);
        assert_eq!(brackets("أ) نعم", "a) yes"), 0.0);
        assert_eq!(brackets("«نعم", "”yes"), 2.0);
    }
}
