//! The seam between an encoder and the aligner: texts in, unit vectors out.

use std::error::Error as StdError;

/// An error of an encoder, boxed.
pub type EncoderError = Box<dyn StdError + Send + Sync>;

/// Which vectors of a document the aligner needs.
#[derive(Clone, Debug)]
pub struct VectorRequest {
    /// The longest block, in segments; blocks of 1 to this many are wanted.
    pub max_block: usize,
    /// Lengths, in pieces (tokens), of the windows of running text around each segment boundary.
    pub windows: Vec<usize>,
    /// How many pieces the source has for one of the target, where the texts are part of a longer
    /// document; otherwise it is taken from the texts.
    pub ratio: Option<f64>,
}

/// The vectors of one document.
#[derive(Clone, Debug, Default)]
pub struct DocumentVectors {
    /// Numbers in one vector.
    pub dim: usize,
    /// `blocks[k - 1]` holds a unit row for each run of `k` segments, by first segment:
    /// `n - k + 1` rows of `dim`.
    pub blocks: Vec<Vec<f32>>,
    /// `after[w]` holds a row for each of the `n + 1` segment boundaries: the running text right
    /// after it, about `windows[w]` pieces long, across segment ends. A row is zero where fewer
    /// than two pieces remain. Empty where the encoder cannot look inside a segment.
    pub after: Vec<Vec<f32>>,
    /// The mirror of `after`: the running text right before each boundary.
    pub before: Vec<Vec<f32>>,
}

/// Turns texts into unit vectors whose dot product says how close their meanings are.
pub trait Encoder: Send + Sync {
    /// Gives the length of a vector.
    fn dim(&self) -> usize;

    /// Encodes each text by itself; rows of [`Encoder::dim`] numbers, of unit length, in order.
    ///
    /// # Errors
    /// Whatever the encoder reports.
    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError>;

    /// Counts the pieces (tokens) of a text. By default its code points stand for them.
    fn pieces(&self, text: &str) -> usize {
        text.chars().count()
    }

    /// Encodes all blocks of both sides of a document.
    ///
    /// The aligner takes products for cosines: where a segment's vector is longer than 1, it brings all
    /// that are to unit length first. So blocks and windows may be longer only where segments are. It
    /// keeps them in signed bytes, each vector with a scale by its greatest number: where one number
    /// outweighs all others, little is left of those.
    ///
    /// By default joins the segments of each block with a space and encodes the texts, which costs
    /// about `max_block² / 2` times the text, and gives no windows.
    ///
    /// # Errors
    /// Whatever the encoder reports.
    fn encode_pair(
        &self,
        src: &[&str],
        tgt: &[&str],
        request: &VectorRequest,
    ) -> Result<(DocumentVectors, DocumentVectors), EncoderError> {
        Ok((self.encode_joined(src, request)?, self.encode_joined(tgt, request)?))
    }

    /// Encodes all blocks of one document by joining the texts; see [`Encoder::encode_pair`].
    ///
    /// # Errors
    /// Whatever the encoder reports.
    fn encode_joined(
        &self,
        segments: &[&str],
        request: &VectorRequest,
    ) -> Result<DocumentVectors, EncoderError> {
        let mut blocks = Vec::with_capacity(request.max_block);
        for size in 1..=request.max_block.min(segments.len()) {
            let joined: Vec<String> = segments.windows(size).map(|run| run.join(" ")).collect();
            let texts: Vec<&str> = joined.iter().map(String::as_str).collect();
            blocks.push(self.encode(&texts)?);
        }
        Ok(DocumentVectors { dim: self.dim(), blocks, after: Vec::new(), before: Vec::new() })
    }
}
