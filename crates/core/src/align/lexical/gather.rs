//! The words of a chunk of a document, with their weights in the whole document.

use super::{KindMatches, NO_KIND, SideWords};
use crate::align::sides::Sides;

/// Returns the words of the given segments of both sides.
///
/// Weights are the document's. Kinds get new ids, in the order of first occurrence, and the kinds
/// of the rest of the document are omitted, so that the cost of a chunk does not grow with the
/// document.
pub(crate) fn gather(
    Sides { src, tgt }: Sides<&SideWords>,
    segments: &Sides<Vec<usize>>,
) -> Sides<SideWords> {
    let (mut src_words, src_kinds) = tokens(src, &segments.src);
    let (mut tgt_words, tgt_kinds) = tokens(tgt, &segments.tgt);
    src_words.matches = matches(src, &src_kinds, &tgt_kinds);
    tgt_words.matches = matches(tgt, &tgt_kinds, &src_kinds);
    Sides::new(src_words, tgt_words)
}

/// The kinds of a chunk.
struct Kinds {
    /// The document's ids, by the chunk's.
    of_document: Vec<u32>,
    /// The chunk's ids, by the document's; [`NO_KIND`] for kinds that the chunk lacks.
    of_chunk: Vec<u32>,
}

/// Collects the tokens, their weights and the segments' bounds.
fn tokens(words: &SideWords, segments: &[usize]) -> (SideWords, Kinds) {
    let mut kinds =
        Kinds { of_document: Vec::new(), of_chunk: vec![NO_KIND; words.matches.kinds()] };
    let (mut tokens, mut bounds) = (Vec::new(), vec![0]);
    for &segment in segments {
        for &kind in words.segment(segment) {
            let id = &mut kinds.of_chunk[kind as usize];
            if *id == NO_KIND {
                *id = kinds.of_document.len() as u32;
                kinds.of_document.push(kind);
            }
            tokens.push(*id);
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

/// Returns the matches between kinds of the chunk.
fn matches(words: &SideWords, own: &Kinds, other: &Kinds) -> KindMatches {
    let here = |&(kind, value): &(u32, f32)| {
        let id = other.of_chunk[kind as usize];
        (id != NO_KIND).then_some((id, value))
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

    fn words() -> Sides<SideWords> {
        let mut lexicon = Lexicon::empty();
        lexicon.insert("كتاب", "book", 1.0);
        lexicon.insert("قلم", "pen", 1.0);
        document_words(
            &ScoreTuning::default(),
            &lexicon,
            Sides::new(&["كتاب 12", "قلم", "باب"], &["a book 12", "pen", "gate"]),
        )
    }

    #[test]
    fn all_segments_have_the_same_words() {
        let words = words();
        let gathered = gather(words.as_ref(), &Sides::new(vec![0, 1, 2], vec![0, 1, 2]));
        for (side, whole) in [(gathered.src, words.src), (gathered.tgt, words.tgt)] {
            assert_eq!(side.tokens, whole.tokens);
            assert_eq!(side.bounds, whole.bounds);
            assert_eq!(side.weights, whole.weights);
            assert_eq!(side.matches, whole.matches);
            assert_eq!(side.weight_before, whole.weight_before);
        }
    }

    #[test]
    fn a_chunk_has_the_document_weights_and_only_its_own_matches() {
        let words = words();
        let chunk = gather(words.as_ref(), &Sides::new(vec![1, 2], vec![0, 1]));
        let Sides { src, tgt } = words;
        assert_eq!(chunk.src.tokens, [0, 1]);
        assert_eq!(chunk.src.weights, [src.weights[2], src.weights[3]]);
        let pen = chunk.tgt.segment(1)[0];
        assert_eq!([0, 1].map(|kind| chunk.src.matches.of(kind)), [&[(pen, 1.0)][..], &[]]);
        // A word with its counterpart elsewhere weighs the same, and matches nothing here.
        assert!(chunk.tgt.matches.of(chunk.tgt.segment(0)[1]).is_empty());
        assert_eq!(chunk.tgt.document_tokens, tgt.document_tokens);
    }
}
