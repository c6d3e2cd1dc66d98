//! The words of a bead that match each other, at their places in the original texts.

use std::borrow::Cow;
use std::ops::Range;

use nasaq_text::{normalise_with_offsets, words};

use super::lexical::{TokenLink, token_links};
use super::search::Search;
use crate::bead::Span;

/// A word of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WordPlace {
    /// The index of the segment.
    pub segment: usize,
    /// Its bytes in the text of the segment as it was passed, including the marks on its letters.
    pub bytes: Range<usize>,
}

/// Two words of a bead that probably translate each other.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WordLink {
    /// The word of the source.
    pub src: WordPlace,
    /// The word of the target.
    pub tgt: WordPlace,
    /// How well they match, 0 to 1, as the score counts it: 1 for the same number or Latin word,
    /// less by the lexicon, by sound or by their use in the document.
    pub weight: f32,
}

impl Search<'_> {
    /// Returns the words of a bead that probably translate each other: for each word of either side
    /// the best match among those of the other side, ordered by the source.
    ///
    /// After [`align`](Self::align), matches that were learned from the document are included.
    ///
    /// # Panics
    /// If a span does not lie in the document.
    #[must_use]
    pub fn word_links(&self, src: Span, tgt: Span) -> Vec<WordLink> {
        let words = match &self.measured {
            Some(measured) => &measured.known.words,
            None => &self.bitext.words,
        };
        let links = token_links((**words).as_ref(), src.range(), tgt.range());
        let [own, other] = [(&self.bitext.segments.src, src), (&self.bitext.segments.tgt, tgt)]
            .map(|(texts, span)| places(texts, span));
        let link = |TokenLink { src, tgt, value }| WordLink {
            src: own[src].clone(),
            tgt: other[tgt].clone(),
            weight: value,
        };
        links.into_iter().map(link).collect()
    }
}

/// Returns the places of all words of some segments.
fn places(texts: &[Cow<'_, str>], span: Span) -> Vec<WordPlace> {
    let mut places = Vec::new();
    for segment in span.range() {
        let normalised = normalise_with_offsets(&texts[segment]);
        let text = normalised.text();
        places.extend(words(text).map(|word| {
            let start = word.as_ptr().addr() - text.as_ptr().addr();
            WordPlace { segment, bytes: normalised.range(start..start + word.len()) }
        }));
    }
    places
}
