//! Replaces segments of a document that is already aligned: a cut or a join.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::Aligner;
use super::anchor::Anchor;
use super::search::Search;
use crate::encoder::DocumentSide;
use crate::error::{ErrorKind, Result};

impl<'a> Search<'a> {
    /// Replaces some segments of a side, as when one is cut or two are joined, and returns the
    /// anchors that were removed because their segment is among them.
    ///
    /// What the last [`align`](Self::align) measured is retained, so that
    /// [`realign`](Self::realign) can align the text around the new segments; only vectors of blocks
    /// and windows near them are encoded again. Words that the replaced segments did not have match
    /// nothing until the next [`align`](Self::align), whose result is that of a fresh search. New
    /// segments get the cue of the replaced ones: their time from the first to the last. The indices
    /// of later segments and anchors change.
    ///
    /// ```
    /// use nasaq::{Aligner, Constraints, DocumentSide, Encoder, EncoderError};
    /// # struct Lengths;
    /// # impl Encoder for Lengths {
    /// #     fn dim(&self) -> usize { 1 }
    /// #     fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
    /// #         Ok(vec![1.0; texts.len()])
    /// #     }
    /// #     fn token_count(&self, text: &str) -> usize { text.len() }
    /// # }
    /// # let encoder = Lengths;
    /// let aligner = Aligner::builder().build()?;
    /// let mut search = aligner.search(&encoder, &["1. 2."], &["1.", "2."])?;
    /// search.align()?;
    /// search.replace_segments(DocumentSide::Source, 0..1, ["1.", "2."])?;
    /// let beads = search.realign(0..2, 0..2, &Constraints::default())?;
    /// assert_eq!(beads.len(), 2);
    /// # Ok::<(), nasaq::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Region`] for segments outside the document, [`ErrorKind::EmptySide`] if none
    /// would be left. An encoder of precomputed vectors reports an error at the next search.
    pub fn replace_segments<T: Into<Cow<'a, str>>>(
        &mut self,
        side: DocumentSide,
        segments: Range<usize>,
        with: impl IntoIterator<Item = T>,
    ) -> Result<Vec<Anchor>> {
        let with: Vec<Cow<'a, str>> = with.into_iter().map(Into::into).collect();
        let (n, m) = self.bitext.size();
        let (name, count, region) = match side {
            DocumentSide::Source => ("source", n, (segments.clone(), 0..m)),
            DocumentSide::Target => ("target", m, (0..n, segments.clone())),
        };
        self.check_region(&region.0, &region.1)?;
        if with.is_empty() && segments.len() == count {
            return Err(ErrorKind::EmptySide { side: name }.into());
        }
        self.replace_words(side, &segments, &with);
        let Aligner { kernel, ref tuning, .. } = *self.aligner;
        self.store.replace(kernel, side, &segments, with.len(), tuning.score.window);
        if let Some(measured) = &mut self.measured {
            let unknown = vec![f32::NEG_INFINITY; with.len()];
            measured.best.of_mut(side).splice(segments.clone(), unknown);
        }
        self.tiles = None;
        let removed = replace_anchors(&mut self.anchors, side, &segments, with.len());
        replace_anchors(&mut self.bitext.anchors, side, &segments, with.len());
        self.bitext.replace(side, segments, with);
        Ok(removed)
    }

    /// Replaces the words, which the document and what was measured on it may share.
    fn replace_words(&mut self, side: DocumentSide, range: &Range<usize>, with: &[Cow<'a, str>]) {
        let with: Vec<Cow<'a, str>> = with.iter().map(super::bitext::normalised).collect();
        let Self { bitext, measured, aligner, .. } = self;
        let old = &bitext.texts.of_mut(side)[range.clone()];
        let unknown_word = aligner.tuning.score.unknown_word;
        let known = measured.as_mut().map(|measured| &mut measured.known.words);
        let known = match known {
            Some(known) if Arc::ptr_eq(known, &bitext.words) => {
                *known = Arc::default();
                Some((known, true))
            }
            known => known.map(|known| (known, false)),
        };
        let words = Arc::make_mut(&mut bitext.words).of_mut(side);
        words.replace(range.clone(), old, &with, unknown_word);
        match known {
            Some((known, true)) => *known = Arc::clone(&bitext.words),
            Some((known, false)) => {
                let words = Arc::make_mut(known).of_mut(side);
                words.replace(range.clone(), old, &with, unknown_word);
            }
            None => {}
        }
    }
}

/// Removes the anchors of replaced segments, and returns them; those of later segments move.
fn replace_anchors(
    anchors: &mut Vec<Anchor>,
    side: DocumentSide,
    range: &Range<usize>,
    count: usize,
) -> Vec<Anchor> {
    let of = |anchor: &Anchor| match side {
        DocumentSide::Source => anchor.src,
        DocumentSide::Target => anchor.tgt,
    };
    let (removed, rest): (Vec<Anchor>, Vec<Anchor>) =
        anchors.iter().partition(|anchor| range.contains(&of(anchor)));
    let moved = |anchor: Anchor| {
        let segment = match of(&anchor) {
            segment if segment >= range.end => segment + count - range.len(),
            segment => segment,
        };
        match side {
            DocumentSide::Source => Anchor { src: segment, ..anchor },
            DocumentSide::Target => Anchor { tgt: segment, ..anchor },
        }
    };
    *anchors = rest.into_iter().map(moved).collect();
    removed
}
