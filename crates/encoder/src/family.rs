//! Texts of one call that are the start or the end of another one.
//!
//! Quality compares a long text with its translation also without its last and without its first
//! words. The features of a token depend on four tokens to either side, so those of a part are
//! those of the whole text, except near the cut. They are computed once, and the sums are added in
//! the order in which they would be if the part were encoded alone: the vectors are the same to the
//! last bit.

use crate::tokenizer::TokenId;

/// A text and the texts of the same call that are parts of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Family {
    /// The index of the text.
    pub(crate) whole: usize,
    pub(crate) parts: Vec<Part>,
}

impl Family {
    /// Returns a family for each of some texts that share nothing.
    pub(crate) fn alone(texts: usize) -> Vec<Self> {
        (0..texts).map(|whole| Self { whole, parts: Vec::new() }).collect()
    }
}

/// A text whose tokens are the first or the last ones of another text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// The index of the text.
    pub(crate) text: usize,
    /// Whether it is the start; otherwise it is the end.
    pub(crate) is_start: bool,
}

/// Divides texts into families. `lengths` are the numbers of tokens that a part and a whole text
/// may have: fewer are not worth sharing, more are encoded piece by piece.
pub(crate) fn families(
    texts: &[&str],
    tokens: &[&[TokenId]],
    lengths: std::ops::RangeInclusive<usize>,
) -> Vec<Family> {
    // A part of a text is a part of its memory.
    let range = |text: usize| {
        let start = texts[text].as_ptr() as usize;
        start..start + texts[text].len()
    };
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|&text| (range(text).start, std::cmp::Reverse(texts[text].len()), text));
    let mut families: Vec<Family> = Vec::with_capacity(texts.len());
    // The family of the last text that is no part of another.
    let mut current: Option<usize> = None;
    for text in order {
        let within = current.filter(|&family| range(families[family].whole).end >= range(text).end);
        let part = within.and_then(|family| {
            let whole = tokens[families[family].whole];
            let is_long = lengths.contains(&tokens[text].len()) && lengths.contains(&whole.len());
            let side = side(whole, tokens[text]).filter(|_| is_long);
            side.map(|is_start| (family, Part { text, is_start }))
        });
        match part {
            Some((family, part)) => families[family].parts.push(part),
            None => {
                current = within.or(Some(families.len()));
                families.push(Family { whole: text, parts: Vec::new() });
            }
        }
    }
    // Addresses differ from run to run.
    families.sort_unstable_by_key(|family| family.whole);
    families
}

/// Returns whether a text is the start of another one, longer than it; `None` if it is neither that
/// nor the end.
fn side(whole: &[TokenId], part: &[TokenId]) -> Option<bool> {
    if part.len() >= whole.len() {
        None
    } else if whole.starts_with(part) {
        Some(true)
    } else {
        whole.ends_with(part).then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One token for each byte.
    fn families_of(texts: &[&str]) -> Vec<(usize, Vec<(usize, bool)>)> {
        let tokens: Vec<Vec<TokenId>> =
            texts.iter().map(|text| text.bytes().map(TokenId::from).collect()).collect();
        let tokens: Vec<&[TokenId]> = tokens.iter().map(Vec::as_slice).collect();
        let found = families(texts, &tokens, 2..=9);
        let parts = |family: Family| {
            let parts = family.parts.iter().map(|part| (part.text, part.is_start)).collect();
            (family.whole, parts)
        };
        found.into_iter().map(parts).collect()
    }

    #[test]
    fn starts_and_ends_belong_to_their_text() {
        let (a, b) = ("abcdef", "ghijkl");
        let texts = [a, b, &a[..4], &b[2..], &a[2..], &a[1..5]];
        assert_eq!(
            families_of(&texts),
            [(0, vec![(2, true), (4, false)]), (1, vec![(3, false)]), (5, vec![])]
        );
        // In any order.
        assert_eq!(families_of(&[&a[..4], a]), [(1, vec![(0, true)])]);
    }

    #[test]
    fn the_same_text_and_equal_texts_elsewhere_are_alone() {
        let (a, copy) = ("abcdef", "abcd".to_owned());
        assert_eq!(families_of(&[a, a, &copy]).len(), 3);
    }

    #[test]
    fn short_parts_and_long_texts_are_alone() {
        let (a, long) = ("abcdef", "abcdefghijklm");
        assert_eq!(families_of(&[a, &a[..1]]).len(), 2);
        assert_eq!(families_of(&[long, &long[..5]]).len(), 2);
        assert_eq!(families_of(&["", ""]).len(), 2);
        assert!(families_of(&[]).is_empty());
    }
}
