//! Vectors that the caller has, looked up by segment index.

use std::ops::Range;

use super::{
    DocumentSide, DocumentVectors, Encoder, EncoderError, PairVectors, RunRequest, VectorRequest,
};
use crate::error::{ErrorKind, Result};

/// The vectors of the segments of one document, as an [`Encoder`] that encodes no text.
///
/// It aligns the document whose segments the vectors are of, and no other:
/// [`Aligner::split_long`](crate::Aligner::split_long) and document sketches need vectors of other
/// texts, and report an error.
///
/// ```
/// use nasaq::{Aligner, PrecomputedVectors};
///
/// let src = [1.0, 0.0, 0.0, 1.0];
/// let tgt = [0.9, 0.1, 0.1, 0.9];
/// let vectors = PrecomputedVectors::from_segments(2, src.to_vec(), tgt.to_vec())?;
/// let aligner = Aligner::builder().build()?;
/// let alignment = aligner.align(&vectors, &["واحد.", "اثنان."], &["One.", "Two."])?;
/// assert_eq!(alignment.beads().len(), 2);
/// # Ok::<(), nasaq::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PrecomputedVectors {
    dim: usize,
    src: SideBlocks,
    tgt: SideBlocks,
}

/// `blocks[k - 1]` holds a row for each run of `k` segments; at least one block size.
#[derive(Clone, Debug)]
struct SideBlocks {
    blocks: Vec<Vec<f32>>,
    /// Whether all blocks are sums of single segments' vectors.
    only_segments: bool,
}

impl PrecomputedVectors {
    /// Takes one vector of `dim` numbers for each segment, `n × dim` numbers a side.
    ///
    /// The vector of a block is the sum of its segments' vectors, brought to unit length. Vectors
    /// need not be of unit length: a longer one weighs more in the sums.
    ///
    /// # Errors
    /// [`ErrorKind::Vectors`] where `dim` is zero, a side has no vector or not whole vectors, or a
    /// number is NaN or infinite.
    pub fn from_segments(dim: usize, src: Vec<f32>, tgt: Vec<f32>) -> Result<Self> {
        Self::new(dim, vec![src], vec![tgt], true)
    }

    /// Takes the vectors of all blocks: `src[k - 1]` has one for each run of `k` segments, by first
    /// segment, `n - k + 1` rows of `dim` numbers.
    ///
    /// A bead can have no more segments of a side than the largest block has. Runs of segments that
    /// are no block (in a long document, of which parts are skipped, and on the coarse level) get
    /// the sum of their segments' vectors, brought to unit length.
    ///
    /// # Errors
    /// As [`from_segments`](Self::from_segments), and where the numbers of blocks do not fit.
    pub fn from_blocks(dim: usize, src: Vec<Vec<f32>>, tgt: Vec<Vec<f32>>) -> Result<Self> {
        Self::new(dim, src, tgt, false)
    }

    fn new(
        dim: usize,
        src: Vec<Vec<f32>>,
        tgt: Vec<Vec<f32>>,
        only_segments: bool,
    ) -> Result<Self> {
        let (src, tgt) = (checked("source", dim, src)?, checked("target", dim, tgt)?);
        let side = |blocks| SideBlocks { blocks, only_segments };
        Ok(Self { dim, src: side(src), tgt: side(tgt) })
    }
}

/// Checks the blocks of one side.
fn checked(side: &'static str, dim: usize, blocks: Vec<Vec<f32>>) -> Result<Vec<Vec<f32>>> {
    let error = |reason: String| Err(ErrorKind::Vectors { side, reason }.into());
    if dim == 0 {
        return error("a vector needs at least one number".to_owned());
    }
    let Some(segments) = blocks.first().filter(|rows| !rows.is_empty()) else {
        return error("there are no vectors".to_owned());
    };
    if !segments.len().is_multiple_of(dim) {
        return error(format!("{} numbers are not whole vectors of {dim}", segments.len()));
    }
    let n = segments.len() / dim;
    for (rows, size) in blocks.iter().zip(1..) {
        let count = (n + 1).saturating_sub(size);
        if rows.is_empty() || rows.len() != count * dim {
            return error(format!(
                "{} numbers for the blocks of {size} segments, not {count} vectors of {dim}",
                rows.len()
            ));
        }
        if rows.iter().any(|value| !value.is_finite()) {
            return error("a vector has NaN or infinity in it".to_owned());
        }
    }
    Ok(blocks)
}

impl SideBlocks {
    fn segment_count(&self, dim: usize) -> usize {
        self.blocks[0].len() / dim
    }

    /// Returns the stored vector of a block, where there is one.
    fn block(&self, run: Range<usize>, dim: usize) -> Option<&[f32]> {
        self.blocks.get(run.len() - 1)?.get(run.start * dim..(run.start + 1) * dim)
    }

    /// Adds up the vectors of some segments, at unit length.
    fn sum(&self, segments: impl Iterator<Item = usize>, dim: usize) -> Vec<f32> {
        let mut sum = vec![0.0; dim];
        for segment in segments {
            let vector = &self.blocks[0][segment * dim..][..dim];
            sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += value);
        }
        to_unit(&mut sum);
        sum
    }

    /// Returns the vectors of all blocks of some segments.
    fn vectors(&self, segments: &[usize], max_block: usize, dim: usize) -> DocumentVectors {
        let sizes = if self.only_segments { max_block } else { max_block.min(self.blocks.len()) };
        let blocks = (1..=sizes.min(segments.len())).map(|size| {
            let mut rows = Vec::with_capacity((segments.len() + 1 - size) * dim);
            for run in segments.windows(size) {
                let (first, last) = (run[0], run[size - 1]);
                let is_block = !self.only_segments && last + 1 - first == size;
                match self.block(first..first + size, dim).filter(|_| is_block) {
                    Some(vector) => rows.extend_from_slice(vector),
                    None => rows.extend(self.sum(run.iter().copied(), dim)),
                }
            }
            rows
        });
        DocumentVectors::new(dim, blocks.collect())
    }

    /// Checks that these vectors are of a side of that many segments.
    fn check_count(&self, count: usize, dim: usize) -> Result<(), EncoderError> {
        let found = self.segment_count(dim);
        if found == count {
            return Ok(());
        }
        Err(format!("there are vectors of {found} segments, but the side has {count}").into())
    }
}

impl Encoder for PrecomputedVectors {
    fn dim(&self) -> usize {
        self.dim
    }

    /// Reports an error: the text of no segment is known.
    fn encode(&self, _: &[&str]) -> Result<Vec<f32>, EncoderError> {
        Err(NO_TEXT.into())
    }

    fn token_count(&self, text: &str) -> usize {
        text.chars().count()
    }

    fn encode_pair(
        &self,
        _: &[&str],
        _: &[&str],
        request: &VectorRequest,
    ) -> Result<PairVectors, EncoderError> {
        let segments = request.segments.as_ref().ok_or(NO_TEXT)?;
        self.src.check_count(segments.src_count, self.dim)?;
        self.tgt.check_count(segments.tgt_count, self.dim)?;
        Ok((
            self.src.vectors(&segments.src, request.max_block, self.dim),
            self.tgt.vectors(&segments.tgt, request.max_block, self.dim),
        ))
    }

    fn encode_runs(&self, _: &[&str], request: &RunRequest) -> Result<Vec<f32>, EncoderError> {
        let side = match request.side {
            DocumentSide::Source => &self.src,
            DocumentSide::Target => &self.tgt,
        };
        side.check_count(request.segment_count, self.dim)?;
        Ok(request.runs.iter().flat_map(|run| side.sum(run.clone(), self.dim)).collect())
    }
}

const NO_TEXT: &str =
    "precomputed vectors are of whole segments of one document and encode no text";

fn to_unit(vector: &mut [f32]) {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
}
