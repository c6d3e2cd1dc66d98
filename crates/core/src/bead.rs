//! Spans of segments and the beads that pair them.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// A half-open run of segment indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Span {
    /// First index.
    pub start: u32,
    /// One past the last index.
    pub end: u32,
}

impl Span {
    /// Creates the span `start..end`.
    ///
    /// # Panics
    /// Where an index is 2³² or more.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a span must not end before it starts");
        Self { start: to_u32(start), end: to_u32(end) }
    }

    /// Returns the number of segments in the span.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Reports whether the span holds no segment, as one side of a null bead does.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns the span as a range of `usize`, for slicing.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

fn to_u32(index: usize) -> u32 {
    u32::try_from(index).expect("fewer than 2^32 segments")
}

/// The shape of a bead: how many source and target segments it holds.
///
/// Its text form is `1-2`. Where one side is zero the bead is a null: `1-0` is an omission, `0-1`
/// an addition.
///
/// ```
/// use nasaq::BeadKind;
///
/// let kind: BeadKind = "1-2".parse()?;
/// assert_eq!(kind, BeadKind { src: 1, tgt: 2 });
/// assert_eq!(kind.to_string(), "1-2");
/// # Ok::<(), nasaq::ParseBeadKindError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BeadKind {
    /// Source segments.
    pub src: usize,
    /// Target segments.
    pub tgt: usize,
}

impl BeadKind {
    /// Reports whether one side is empty.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.src == 0 || self.tgt == 0
    }
}

impl fmt::Display for BeadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.src, self.tgt)
    }
}

impl FromStr for BeadKind {
    type Err = ParseBeadKindError;

    fn from_str(text: &str) -> Result<Self, ParseBeadKindError> {
        let parse = || {
            let (src, tgt) = text.split_once('-')?;
            Some(Self { src: src.parse().ok()?, tgt: tgt.parse().ok()? })
        };
        parse().ok_or_else(|| ParseBeadKindError(text.to_owned()))
    }
}

/// The error of a text that is not a [`BeadKind`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a kind looks like \"1-2\", not \"{0}\"")]
pub struct ParseBeadKindError(String);

/// A run of source segments and the run of target segments that translates it.
///
/// One side may be empty: the other then has no counterpart, and the bead is a null.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Bead {
    /// Source segments; empty for an addition.
    pub src: Span,
    /// Target segments; empty for an omission.
    pub tgt: Span,
    /// The probability, 0 to 1, that the bead is right: that it has the boundaries of a true bead,
    /// or lies inside one that a coarser alignment would not divide.
    pub probability: f32,
    /// The log-odds of the probability before it is limited, to rank beads that are nearly sure:
    /// most of them have the same probability. They presuppose that the documents are translations
    /// of each other.
    #[cfg_attr(feature = "serde", serde(default))]
    pub log_odds: f32,
    /// The bead's contribution to the score of the path; comparable within one document only.
    pub score: f32,
    /// The bead is out of order: its target is elsewhere than the beads around it suggest.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "std::ops::Not::not"))]
    pub moved: bool,
}

impl Bead {
    /// Creates a bead that is in order, whose log-odds are those of its probability.
    #[must_use]
    pub fn new(src: Span, tgt: Span, probability: f32, score: f32) -> Self {
        Self { src, tgt, probability, log_odds: log_odds(probability), score, moved: false }
    }

    /// Sets the log-odds.
    #[must_use]
    pub fn with_log_odds(self, log_odds: f32) -> Self {
        Self { log_odds, ..self }
    }

    /// Multiplies the probability by that of something that must also be true.
    #[must_use]
    pub(crate) fn given(self, probability: f32) -> Self {
        let joint = self.probability * probability;
        let limit = if probability < 1.0 { log_odds(joint) } else { f32::INFINITY };
        Self { probability: joint, log_odds: self.log_odds.min(limit), ..self }
    }

    /// Sets whether the bead is out of order.
    #[must_use]
    pub fn with_moved(self, moved: bool) -> Self {
        Self { moved, ..self }
    }

    /// Returns the bead's shape.
    #[must_use]
    pub fn kind(&self) -> BeadKind {
        BeadKind { src: self.src.len(), tgt: self.tgt.len() }
    }

    /// Reports whether one side is empty.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.kind().is_null()
    }
}

/// Returns the log-odds of a probability, at most those of the greatest posterior.
pub(crate) fn log_odds(probability: f32) -> f32 {
    const MARGIN: f64 = 1e-6;
    let probability = f64::from(probability).clamp(MARGIN, 1.0 - MARGIN);
    libm::log(probability / (1.0 - probability)) as f32
}

#[cfg(feature = "serde")]
mod serialize {
    //! A kind is its text form; a span is checked when it is read.

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{BeadKind, Span};

    impl Serialize for BeadKind {
        fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
            output.collect_str(self)
        }
    }

    impl<'de> Deserialize<'de> for BeadKind {
        fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
            String::deserialize(input)?.parse().map_err(D::Error::custom)
        }
    }

    impl<'de> Deserialize<'de> for Span {
        fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
            #[derive(Deserialize)]
            struct Bounds {
                start: u32,
                end: u32,
            }

            let Bounds { start, end } = Bounds::deserialize(input)?;
            if start > end {
                return Err(D::Error::custom("a span must not end before it starts"));
            }
            Ok(Self { start, end })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_as_it_is_printed() {
        for (src, tgt) in [(1, 1), (0, 1), (12, 0)] {
            let kind = BeadKind { src, tgt };
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        for text in ["", "1", "1-", "-1", "1-2-3", "a-b", "1 - 2"] {
            let error = text.parse::<BeadKind>().unwrap_err();
            assert_eq!(error.to_string(), format!("a kind looks like \"1-2\", not \"{text}\""));
        }
    }
}
