//! Ends of paragraphs that a document has lost, and the cuts that find them on the other side.

use nasaq::{Aligner, Encoder, LineEnds, SplitAlignment};
use nasaq_formats::Document;

/// Why ends of headings, paragraphs and items may be missing in a pair of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LostEnds<'d> {
    /// None are missing: every line end ends a segment, or blocks of the format do.
    None,
    /// The lines of these texts may have been wrapped, and a full line may have been the last one of
    /// a paragraph.
    Wrapped([&'d str; 2]),
    /// A side has no line ends.
    Running,
}

impl<'d> LostEnds<'d> {
    /// Takes two documents that are divided into sentences, and how their line ends are treated.
    pub(crate) fn of(documents: [&'d Document; 2], line_ends: LineEnds) -> Self {
        if line_ends == LineEnds::Hard || !documents.iter().all(|it| it.blocks.is_empty()) {
            return Self::None;
        }
        if documents.iter().any(|it| has_line_ends(&it.text)) {
            return Self::Wrapped(documents.map(|it| &*it.text));
        }
        let is_running = documents.iter().any(|it| nasaq::is_running(&it.text));
        if line_ends == LineEnds::Auto && is_running { Self::Running } else { Self::None }
    }

    /// Cuts segments where the other side has a boundary.
    pub(crate) fn split<'t>(
        self,
        aligner: &Aligner,
        encoder: &impl Encoder,
        found: SplitAlignment<'t>,
    ) -> nasaq::Result<SplitAlignment<'t>> {
        let SplitAlignment { src, tgt, alignment, .. } = &found;
        match self {
            Self::None => Ok(found),
            Self::Wrapped(_)
                if ![src, tgt].into_iter().flatten().any(|it| has_line_ends(it.text)) =>
            {
                Ok(found)
            }
            Self::Wrapped(texts) => aligner.split_wrapped(encoder, texts, src, tgt, alignment),
            Self::Running => aligner.split_running(encoder, src, tgt, alignment),
        }
    }

    /// Returns a number of cuts as one of those at line ends and one of those in running text.
    pub(crate) fn count(self, cuts: usize) -> [usize; 2] {
        match self {
            Self::None => [0, 0],
            Self::Wrapped(_) => [cuts, 0],
            Self::Running => [0, cuts],
        }
    }
}

/// Returns whether a text has line ends between other characters.
fn has_line_ends(text: &str) -> bool {
    text.trim().contains(['\n', '\r', '\u{85}', '\u{2028}'])
}
