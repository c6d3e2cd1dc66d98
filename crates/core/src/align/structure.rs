//! What the segments of a document are, as soft evidence: headings pair with headings, list items
//! with list items.
//!
//! A kind counts only where both sides have it about as often. So a document whose markup is lost on
//! one side, or that was marked up by another habit, is aligned as if it had none.

/// What a segment is in its document, where that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SegmentKind {
    /// Running text, or not known.
    #[default]
    Text,
    /// A heading.
    Heading,
    /// An item of a list.
    ListItem,
    /// A cell of a table.
    TableCell,
    /// A caption.
    Caption,
    /// A footnote.
    Footnote,
}

impl SegmentKind {
    /// All but text.
    const SPECIAL: [Self; 5] =
        [Self::Heading, Self::ListItem, Self::TableCell, Self::Caption, Self::Footnote];
}

/// Of two counts of a kind, the greater may be so many times the smaller.
const LOPSIDED: usize = 2;

/// Takes the kinds that both sides have about as often; all else becomes text. Gives nothing where
/// there is none.
pub(super) fn shared_kinds(sides: [&[SegmentKind]; 2]) -> Option<[Vec<SegmentKind>; 2]> {
    let count = |side: &[SegmentKind], kind| side.iter().filter(|&&it| it == kind).count();
    let shared: Vec<SegmentKind> = SegmentKind::SPECIAL
        .into_iter()
        .filter(|&kind| {
            let [src, tgt] = sides.map(|side| count(side, kind));
            src.min(tgt) > 0 && src.max(tgt) <= LOPSIDED * src.min(tgt)
        })
        .collect();
    let kept = |&kind: &SegmentKind| if shared.contains(&kind) { kind } else { SegmentKind::Text };
    (!shared.is_empty()).then(|| sides.map(|side| side.iter().map(kept).collect()))
}

/// Says how well the kinds of a bead's two sides agree: 1 where all are the same and not text, 0 where
/// all are text, -1 where they differ.
pub(super) fn agreement(src: &[SegmentKind], tgt: &[SegmentKind]) -> f32 {
    let Some(&first) = src.first() else { return 0.0 };
    if src.iter().chain(tgt).any(|&kind| kind != first) {
        return -1.0;
    }
    if first == SegmentKind::Text { 0.0 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::SegmentKind::{Heading, ListItem, Text};
    use super::*;

    #[test]
    fn kinds_count_where_both_sides_have_them() {
        let shared = shared_kinds([&[Heading, Text, ListItem], &[Heading, Text, Text]]);
        assert_eq!(shared, Some([vec![Heading, Text, Text], vec![Heading, Text, Text]]));
        assert_eq!(shared_kinds([&[Heading, Text], &[Text, Text]]), None);
        assert_eq!(shared_kinds([&[Heading; 9], &[Heading, Text, Text]]), None);
    }

    #[test]
    fn agreement_is_of_all_segments() {
        assert!(agreement(&[Text], &[Text, Text]).abs() < f32::EPSILON);
        assert!(agreement(&[Heading], &[Heading]) > 0.5);
        assert!(agreement(&[Heading, Text], &[Heading, Text]) < -0.5);
    }
}
