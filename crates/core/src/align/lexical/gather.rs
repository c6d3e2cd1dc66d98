//! The words of a piece of a document, weighed as in the whole.

use super::{KindMatches, NONE, SideWords};

/// Gives the words of the given segments of both sides.
///
/// Weights are the document's. Kinds are numbered anew, in the order in which they come, and those
/// of the rest of the document are left out, so what follows does not grow with the document.
pub(crate) fn gather(
    [src, tgt]: [&SideWords; 2],
    src_segments: &[usize],
    tgt_segments: &[usize],
) -> [SideWords; 2] {
    let (mut src_words, src_kinds) = tokens(src, src_segments);
    let (mut tgt_words, tgt_kinds) = tokens(tgt, tgt_segments);
    src_words.matches = matches(src, &src_kinds, &tgt_kinds);
    tgt_words.matches = matches(tgt, &tgt_kinds, &src_kinds);
    [src_words, tgt_words]
}

/// The kinds of a piece.
struct Kinds {
    /// The document's numbers, by the piece's.
    of_document: Vec<u32>,
    /// The piece's numbers, by the document's; [`NONE`] for kinds that the piece lacks.
    of_piece: Vec<u32>,
}

/// Gathers the tokens, their weights and the segments' bounds.
fn tokens(words: &SideWords, segments: &[usize]) -> (SideWords, Kinds) {
    let mut kinds = Kinds { of_document: Vec::new(), of_piece: vec![NONE; words.matches.kinds()] };
    let (mut tokens, mut bounds) = (Vec::new(), vec![0]);
    for &segment in segments {
        for &kind in words.segment(segment) {
            let number = &mut kinds.of_piece[kind as usize];
            if *number == NONE {
                *number = kinds.of_document.len() as u32;
                kinds.of_document.push(kind);
            }
            tokens.push(*number);
        }
        bounds.push(tokens.len());
    }
    let weights = kinds.of_document.iter().map(|&kind| words.weights[kind as usize]).collect();
    let mut gathered = SideWords {
        tokens,
        bounds,
        document_tokens: words.document_tokens,
        weights,
        matches: KindMatches::new(0, |_, _| {}),
        weight_before: Vec::new(),
        token_weight_before: Vec::new(),
    };
    gathered.sum_weights();
    (gathered, kinds)
}

/// Gives the matches between kinds of the piece.
fn matches(words: &SideWords, own: &Kinds, other: &Kinds) -> KindMatches {
    let here = |&(kind, value): &(u32, f32)| {
        let number = other.of_piece[kind as usize];
        (number != NONE).then_some((number, value))
    };
    KindMatches::new(own.of_document.len(), |kind, all| {
        all.extend(words.matches.of(own.of_document[kind]).iter().filter_map(here));
    })
}

#[cfg(test)]
mod tests {
    use super::super::document_words;
    use super::*;
    use crate::Lexicon;
    use crate::align::tuning::ScoreTuning;

    fn words() -> [SideWords; 2] {
        let mut lexicon = Lexicon::empty();
        lexicon.insert("كتاب", "book", 1.0);
        lexicon.insert("قلم", "pen", 1.0);
        document_words(
            &ScoreTuning::default(),
            &lexicon,
            [&["كتاب 12", "قلم", "باب"], &["a book 12", "pen", "gate"]],
        )
    }

    #[test]
    fn all_segments_give_the_same_words() {
        let [src, tgt] = words();
        let gathered = gather([&src, &tgt], &[0, 1, 2], &[0, 1, 2]);
        for (side, whole) in gathered.iter().zip([&src, &tgt]) {
            assert_eq!(side.tokens, whole.tokens);
            assert_eq!(side.bounds, whole.bounds);
            assert_eq!(side.weights, whole.weights);
            assert_eq!(side.matches, whole.matches);
            assert_eq!(side.weight_before, whole.weight_before);
        }
    }

    #[test]
    fn a_piece_keeps_the_weights_and_only_its_own_matches() {
        let [src, tgt] = words();
        let [piece_src, piece_tgt] = gather([&src, &tgt], &[1, 2], &[0, 1]);
        assert_eq!(piece_src.tokens, [0, 1]);
        assert_eq!(piece_src.weights, [src.weights[2], src.weights[3]]);
        let pen = piece_tgt.segment(1)[0];
        assert_eq!([0, 1].map(|kind| piece_src.matches.of(kind)), [&[(pen, 1.0)][..], &[]]);
        // What has its counterpart elsewhere weighs the same, and matches nothing here.
        assert!(piece_tgt.matches.of(piece_tgt.segment(0)[1]).is_empty());
        assert_eq!(piece_tgt.document_tokens, tgt.document_tokens);
    }
}
