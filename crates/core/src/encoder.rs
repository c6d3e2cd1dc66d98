//! The interface between an encoder and the aligner: texts in, unit vectors out.

mod checked;
mod precomputed;

use std::error::Error as StdError;
use std::ops::Range;
use std::sync::Arc;

pub use checked::CheckedEncoder;
pub use precomputed::PrecomputedVectors;

/// An error of an encoder, boxed.
pub type EncoderError = Box<dyn StdError + Send + Sync>;

/// The vectors of both sides of a document: source, target.
pub type PairVectors = (DocumentVectors, DocumentVectors);

/// Turns texts into unit vectors whose dot product measures how close their meanings are.
///
/// Three methods are required. An encoder that can do better than to encode each text by itself
/// also implements [`encode_pair`](Encoder::encode_pair), as the one in `nasaq-encoder` does. A
/// type that wraps an encoder should forward all five methods: a default would bypass what the
/// wrapped encoder implements.
///
/// # Which text an encoder receives
/// - An [`Aligner`](crate::Aligner) passes normalised text (see
///   [`normalise`](nasaq_text::normalise)): Arabic without tashkeel and with unified letters,
///   and Western digits. [`encode_runs`](Encoder::encode_runs) receives the beginnings of a few
///   neighbouring segments, joined.
/// - [`DocumentSketch::new`](crate::DocumentSketch::new) passes normalised segments, without those
///   that are empty.
/// - The quality scorer of `nasaq-quality` passes the texts of pairs as they are, and the first and
///   the last three fifths of longer ones.
///
/// # What is checked
/// Whatever uses an encoder does so through a [`CheckedEncoder`], so results of a wrong length, or
/// with NaN or infinity in them, are errors and never panics.
pub trait Encoder: Send + Sync {
    /// Returns the length of a vector.
    fn dim(&self) -> usize;

    /// Encodes each text by itself and returns rows of [`dim`](Encoder::dim) numbers, of unit
    /// length, in the order of the texts.
    ///
    /// # Errors
    /// Whatever the encoder reports.
    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError>;

    /// Returns the number of tokens in a text; `text.chars().count()` where there is no tokenizer.
    ///
    /// The aligner compares the lengths of both sides of a long document by it.
    fn token_count(&self, text: &str) -> usize;

    /// Encodes all blocks of both sides of a document, or of a chunk of a long one.
    ///
    /// The aligner takes dot products for cosines. Where the vector of a single segment is longer
    /// than 1, it scales every vector of that side that is longer than 1 to unit length; elsewhere
    /// blocks and windows must not be longer than 1. It stores vectors as `i8` with one scale each,
    /// given by the vector's largest component: where one component outweighs all others, those
    /// lose precision.
    ///
    /// By default joins the segments of each block with a space and encodes the texts, which costs
    /// about `max_block² / 2` times the text, and returns no windows.
    ///
    /// # Errors
    /// Whatever the encoder reports.
    fn encode_pair(
        &self,
        src: &[&str],
        tgt: &[&str],
        request: &VectorRequest,
    ) -> Result<PairVectors, EncoderError> {
        Ok((
            DocumentVectors::joined(self, src, request.max_block)?,
            DocumentVectors::joined(self, tgt, request.max_block)?,
        ))
    }

    /// Encodes runs of neighbouring segments of one side, by which a long document is searched
    /// coarsely, and returns one row a run.
    ///
    /// By default encodes the texts as [`encode`](Encoder::encode) does.
    ///
    /// # Errors
    /// Whatever the encoder reports.
    fn encode_runs(&self, texts: &[&str], _: &RunRequest) -> Result<Vec<f32>, EncoderError> {
        self.encode(texts)
    }
}

/// Implements [`Encoder`] for a pointer to one.
macro_rules! forward {
    ($pointer:ty) => {
        impl<E: Encoder + ?Sized> Encoder for $pointer {
            fn dim(&self) -> usize {
                (**self).dim()
            }

            fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
                (**self).encode(texts)
            }

            fn token_count(&self, text: &str) -> usize {
                (**self).token_count(text)
            }

            fn encode_pair(
                &self,
                src: &[&str],
                tgt: &[&str],
                request: &VectorRequest,
            ) -> Result<PairVectors, EncoderError> {
                (**self).encode_pair(src, tgt, request)
            }

            fn encode_runs(
                &self,
                texts: &[&str],
                request: &RunRequest,
            ) -> Result<Vec<f32>, EncoderError> {
                (**self).encode_runs(texts, request)
            }
        }
    };
}

forward!(&E);
forward!(Arc<E>);
forward!(Box<E>);

/// The vectors of a document that [`Encoder::encode_pair`] should return.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct VectorRequest {
    /// The length of the longest block, in segments: blocks of 1 to this many are needed.
    pub max_block: usize,
    /// Lengths, in tokens, of the windows of running text around each segment boundary.
    pub windows: Vec<usize>,
    /// Tokens of the source for one of the target, where the texts are part of a longer document;
    /// otherwise the texts themselves define it.
    pub ratio: Option<f64>,
    /// Which segments of the document the texts are. `None` where they are not whole segments:
    /// [`Aligner::split_long`](crate::Aligner::split_long) aligns clauses.
    pub segments: Option<SegmentIndices>,
}

impl VectorRequest {
    /// Requests blocks of 1 to `max_block` segments.
    #[must_use]
    pub fn new(max_block: usize) -> Self {
        Self { max_block, ..Self::default() }
    }

    /// Requests windows of these lengths, in tokens, as well.
    #[must_use]
    pub fn with_windows(mut self, lengths: impl Into<Vec<usize>>) -> Self {
        self.windows = lengths.into();
        self
    }

    /// Sets how many tokens the source has for one of the target.
    #[must_use]
    pub fn with_ratio(mut self, ratio: Option<f64>) -> Self {
        self.ratio = ratio;
        self
    }

    /// Sets which segments of the document the texts are.
    #[must_use]
    pub fn with_segments(mut self, segments: Option<SegmentIndices>) -> Self {
        self.segments = segments;
        self
    }
}

/// Which segments of a document the texts of a [`VectorRequest`] are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SegmentIndices {
    /// For each source text, the index of its segment in the document, ascending.
    ///
    /// A chunk of a long document may skip segments, so neighbours here need not be neighbours
    /// there.
    pub src: Vec<usize>,
    /// The same for the target.
    pub tgt: Vec<usize>,
    /// Number of source segments in the whole document.
    pub src_count: usize,
    /// Number of target segments in the whole document.
    pub tgt_count: usize,
}

impl SegmentIndices {
    /// Describes some of the segments of a document of `src_count` by `tgt_count` segments.
    #[must_use]
    pub fn new(src: Vec<usize>, tgt: Vec<usize>, (src_count, tgt_count): (usize, usize)) -> Self {
        Self { src, tgt, src_count, tgt_count }
    }
}

/// The runs of segments that [`Encoder::encode_runs`] should encode.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunRequest {
    /// The side of the document.
    pub side: DocumentSide,
    /// The segments of each text, by their indices in the document.
    pub runs: Vec<Range<usize>>,
    /// Number of segments of this side of the document.
    pub segment_count: usize,
}

impl RunRequest {
    /// Requests the vectors of these runs, of a side that has `segment_count` segments.
    #[must_use]
    pub fn new(side: DocumentSide, runs: Vec<Range<usize>>, segment_count: usize) -> Self {
        Self { side, runs, segment_count }
    }
}

/// A side of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DocumentSide {
    /// The source.
    Source,
    /// The target, its translation.
    Target,
}

/// The vectors of one side of a document.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct DocumentVectors {
    /// The length of a vector.
    pub dim: usize,
    /// `blocks[k - 1]` holds a unit row for each run of `k` segments, by first segment:
    /// `n - k + 1` rows of `dim`.
    pub blocks: Vec<Vec<f32>>,
    /// `after[w]` holds a row for each of the `n + 1` segment boundaries: the running text right
    /// after it, about `windows[w]` tokens long, across segment ends. A row is zero where fewer
    /// than two tokens remain. Empty where the encoder cannot look inside a segment.
    pub after: Vec<Vec<f32>>,
    /// The mirror of `after`: the running text right before each boundary.
    pub before: Vec<Vec<f32>>,
}

impl DocumentVectors {
    /// Takes the vectors of blocks, without windows.
    #[must_use]
    pub fn new(dim: usize, blocks: Vec<Vec<f32>>) -> Self {
        Self { dim, blocks, ..Self::default() }
    }

    /// Adds the vectors of windows after and before each boundary.
    #[must_use]
    pub fn with_windows(self, after: Vec<Vec<f32>>, before: Vec<Vec<f32>>) -> Self {
        Self { after, before, ..self }
    }

    /// Encodes all blocks of up to `max_block` segments by joining the texts of each with a space.
    ///
    /// # Errors
    /// Whatever the encoder reports.
    pub fn joined(
        encoder: &(impl Encoder + ?Sized),
        segments: &[&str],
        max_block: usize,
    ) -> Result<Self, EncoderError> {
        let mut blocks = Vec::with_capacity(max_block);
        for size in 1..=max_block.min(segments.len()) {
            let joined: Vec<String> = segments.windows(size).map(|run| run.join(" ")).collect();
            let texts: Vec<&str> = joined.iter().map(String::as_str).collect();
            blocks.push(encoder.encode(&texts)?);
        }
        Ok(Self::new(encoder.dim(), blocks))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An encoder all of whose methods differ from the defaults.
    struct Odd;

    impl Encoder for Odd {
        fn dim(&self) -> usize {
            1
        }

        fn encode(&self, _: &[&str]) -> Result<Vec<f32>, EncoderError> {
            Ok(vec![1.0])
        }

        fn token_count(&self, _: &str) -> usize {
            7
        }

        fn encode_pair(
            &self,
            _: &[&str],
            _: &[&str],
            request: &VectorRequest,
        ) -> Result<PairVectors, EncoderError> {
            let side = DocumentVectors::new(request.max_block, Vec::new());
            Ok((side.clone(), side))
        }

        fn encode_runs(&self, _: &[&str], _: &RunRequest) -> Result<Vec<f32>, EncoderError> {
            Ok(vec![2.0])
        }
    }

    #[test]
    fn pointers_forward_every_method() {
        fn check(encoder: impl Encoder) {
            assert_eq!((encoder.dim(), encoder.token_count("")), (1, 7));
            assert_eq!(encoder.encode(&[]).expect("vectors"), [1.0]);
            let runs = RunRequest::new(DocumentSide::Source, Vec::new(), 0);
            assert_eq!(encoder.encode_runs(&[], &runs).expect("vectors"), [2.0]);
            let pair = encoder.encode_pair(&[], &[], &VectorRequest::new(5)).expect("vectors");
            assert_eq!((pair.0.dim, pair.1.dim), (5, 5));
        }
        check(&Odd);
        check(Arc::new(Odd));
        check(Box::new(Odd));
        check(Box::new(Odd) as Box<dyn Encoder>);
        check(&Odd as &dyn Encoder);
        check(Arc::new(Odd) as Arc<dyn Encoder>);
    }
}
