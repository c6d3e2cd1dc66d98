//! Brackets and quotes: whether each is closed, and whether both sides have as many.
//!
//! Arabic text has its brackets in the order of reading, as Unicode wants, and now and then swapped
//! by a program that did not know; a pair of brackets counts as closed either way round.

/// Kinds of brackets: open, close.
const KINDS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('{', '}'), ('«', '»')];

/// Gives how many brackets and double quotes stand open on a side, and how many pairs one side has
/// more than the other.
pub(super) fn brackets(arabic: &str, english: &str) -> f32 {
    let (a, b) = (count(arabic), count(english));
    let differ = a.pairs.abs_diff(b.pairs);
    (a.open + b.open + differ) as f32
}

#[derive(Default)]
struct Count {
    open: usize,
    /// Round, square and curly pairs; quotes are often left out or put in by a translator.
    pairs: usize,
}

fn count(text: &str) -> Count {
    let mut count = Count::default();
    for (kind, (left, right)) in KINDS.into_iter().enumerate() {
        let (mut lefts, mut rights) = (0_usize, 0_usize);
        let mut before = None;
        for c in text.chars() {
            // A list is numbered with a bracket that is never opened: "1)", "أ)", ":)".
            let numbers = c == ')'
                && lefts == rights
                && before.is_none_or(|b: char| b.is_alphanumeric() || b == ':');
            lefts += usize::from(c == left);
            rights += usize::from(c == right && !numbers);
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
    fn open_brackets_and_missing_pairs_are_counted() {
        assert_eq!(brackets("(ثلاثين) يوما", "(thirty) days"), 0.0);
        assert_eq!(brackets("(ثلاثين) يوما", "thirty days"), 1.0);
        assert_eq!(brackets("(ثلاثين يوما", "(thirty) days"), 2.0);
        assert_eq!(brackets("قال «نعم»", "He said \"yes\""), 0.0);
        assert_eq!(brackets("أ) نعم", "a) yes"), 0.0);
    }
}
