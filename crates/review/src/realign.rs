//! What aligns stretches again.

use std::ops::Range;

use nasaq::{Bead, Constraints, ErrorKind, Search, Segment, Span, WordLink};
use nasaq_job::Engine;

use crate::change::{Refusal, RefusalKind};
use crate::side::Side;
use crate::stretch::Stretch;

/// What aligns stretches. The same sides and stretches must give the same beads.
pub(crate) trait Realign: Send {
    /// Makes a part of the documents ready to be searched, without waiting for it.
    fn prepare(&mut self, sides: &[Side; 2], window: [Range<usize>; 2]);

    /// Aligns stretches of two documents, and returns the beads of each, or why it has none.
    fn realign(&mut self, sides: &[Side; 2], stretches: &[Stretch]) -> Vec<SearchResult>;

    /// Returns the words of a bead that translate each other, with the segments of the document;
    /// `None` if no search of this part of the documents is ready.
    fn word_links(
        &self,
        _sides: &[Side; 2],
        _window: [Range<usize>; 2],
        _bead: [Span; 2],
    ) -> Option<Vec<WordLink>> {
        None
    }
}

/// The beads of a stretch, or why it could not be aligned.
pub(crate) type SearchResult = Result<Vec<Bead>, Refusal>;

/// Aligns stretches on the thread of the caller. Each part of the documents is aligned as a whole
/// first.
pub(crate) struct DirectSearch<'e>(pub(crate) &'e Engine);

impl Realign for DirectSearch<'_> {
    fn prepare(&mut self, _: &[Side; 2], _: [Range<usize>; 2]) {}

    fn realign(&mut self, sides: &[Side; 2], stretches: &[Stretch]) -> Vec<SearchResult> {
        let all = sides.each_ref().map(Side::segments);
        let mut found = Vec::with_capacity(stretches.len());
        for part in stretches.chunk_by(|a, b| a.window == b.window) {
            let window = &part[0].window;
            let segments = [0, 1].map(|side| &all[side][window[side].clone()]);
            match aligned_search(self.0, sides, segments) {
                Ok(mut search) => {
                    found.extend(part.iter().map(|stretch| realigned(&mut search, stretch)));
                }
                Err(refusal) => found.extend(part.iter().map(|_| Err(refusal.clone()))),
            }
        }
        found
    }
}

/// Aligns a part of the documents.
pub(crate) fn aligned_search<'a>(
    engine: &'a Engine,
    sides: &[Side; 2],
    segments: [&'a [Segment<'a>]; 2],
) -> Result<Search<'a>, Refusal> {
    let documents = sides.each_ref().map(|side| &*side.document);
    engine.aligned_search(documents, segments, true).map_err(|error| refused(&error))
}

/// Aligns a stretch with the search of its window.
pub(crate) fn realigned(search: &mut Search<'_>, stretch: &Stretch) -> SearchResult {
    let [src, tgt] = stretch.window.each_ref().map(|range| range.start as u32);
    let rejected: Vec<(Span, Span)> =
        stretch.rejected.iter().map(|(a, b)| (back(a, src), back(b, tgt))).collect();
    let excluded_src: Vec<Span> = stretch.excluded[0].iter().map(|it| back(it, src)).collect();
    let excluded_tgt: Vec<Span> = stretch.excluded[1].iter().map(|it| back(it, tgt)).collect();
    let constraints = Constraints {
        rejected: &rejected,
        excluded_src: &excluded_src,
        excluded_tgt: &excluded_tgt,
    };
    let part = |range: &Range<usize>, by: u32| range.start - by as usize..range.end - by as usize;
    let beads = search.realign(part(&stretch.src, src), part(&stretch.tgt, tgt), &constraints);
    let forth = |span: Span, by: u32| Span { start: span.start + by, end: span.end + by };
    let bead = |bead: Bead| {
        let (src, tgt) = (forth(bead.src, src), forth(bead.tgt, tgt));
        Bead::new(src, tgt, bead.probability, bead.score)
    };
    Ok(beads.map_err(|error| refused(&error))?.into_iter().map(bead).collect())
}

/// Returns the words of a bead that translate each other, with the segments of the document.
pub(crate) fn word_links(
    search: &Search<'_>,
    window: &[Range<usize>; 2],
    [src, tgt]: [Span; 2],
) -> Vec<WordLink> {
    let [from_src, from_tgt] = window.each_ref().map(|range| range.start);
    let src = back(&src, from_src as u32);
    let mut links = search.word_links(src, back(&tgt, from_tgt as u32));
    for link in &mut links {
        link.src.segment += from_src;
        link.tgt.segment += from_tgt;
    }
    links
}

/// Returns where a span of the document is in a window that begins at `by`.
fn back(span: &Span, by: u32) -> Span {
    match span.is_empty() {
        true => Span { start: 0, end: 0 },
        false => Span { start: span.start - by, end: span.end - by },
    }
}

fn refused(error: &nasaq::Error) -> Refusal {
    match error.kind() {
        ErrorKind::AllRejected => {
            Refusal::decision("the rejected pairs leave no alignment of this stretch")
                .hint("set the beads yourself, or leave the segments unaligned")
        }
        _ => Refusal::new(RefusalKind::Search, error.to_string()),
    }
}
