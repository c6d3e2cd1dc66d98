//! The encoder: a model, ready for use.

use std::borrow::Cow;

use nasaq::{Encoder, EncoderError, PairVectors, VectorRequest};
use nasaq_kernels::Kernel;
use rayon::prelude::*;

use crate::document::{self, Stream};
use crate::embedding::EmbeddingTable;
use crate::error::Result;
use crate::head::{Head, VECTOR};
use crate::layer::{Int8Scales, Mode, Precision};
use crate::model::{self, Tensors, Unpacked};
use crate::network::Network;
use crate::tokenizer::Tokenizer;

/// The model inside the program.
#[cfg(feature = "builtin-model")]
static BUILTIN: &[u8] = include_bytes!("../assets/use-multilingual-v3.nasaq");

/// The scales of inputs in bytes.
const INT8_SCALES: &str = include_str!("../assets/int8.toml");

/// Windows are this many pieces long at the least.
const SHORTEST_WINDOW: usize = 3;

/// A multilingual convolutional sentence encoder: vectors of 512 numbers.
///
/// It is Google's universal-sentence-encoder-multilingual, version 3 (Yang et al. 2019,
/// "Multilingual Universal Sentence Encoder for Semantic Retrieval"), with our own tokenizer and
/// network. Results have the same bits on every CPU and for any number of threads.
pub struct CnnEncoder {
    tokenizer: Tokenizer,
    network: Network,
    head: Head,
    kernel: Kernel,
    precision: Precision,
    checksum: u64,
}

impl CnnEncoder {
    /// Loads the model inside the program, in the default precision.
    ///
    /// # Errors
    /// None that a whole program can meet; see [`CnnEncoder::from_bytes`].
    #[cfg(feature = "builtin-model")]
    pub fn builtin() -> Result<Self> {
        Self::builtin_in(Precision::default())
    }

    /// Loads the model inside the program, to be reckoned in a given precision.
    ///
    /// # Errors
    /// As [`CnnEncoder::builtin`].
    #[cfg(feature = "builtin-model")]
    pub fn builtin_in(precision: Precision) -> Result<Self> {
        Self::from_bytes_in(BUILTIN, precision)
    }

    /// Loads a model from the bytes of a model file, which it keeps: embeddings are unpacked as
    /// texts need them.
    ///
    /// # Errors
    /// Where the bytes are no model file, are cut short or altered, or lack a tensor; see
    /// [`ErrorKind`](crate::ErrorKind).
    pub fn from_bytes(file: impl Into<Cow<'static, [u8]>>) -> Result<Self> {
        Self::from_bytes_in(file, Precision::default())
    }

    /// Loads a model from the bytes of a model file, to be reckoned in a given precision.
    ///
    /// # Errors
    /// As [`CnnEncoder::from_bytes`].
    #[expect(clippy::missing_panics_doc, reason = "the scales that are built in are whole")]
    pub fn from_bytes_in(
        file: impl Into<Cow<'static, [u8]>>,
        precision: Precision,
    ) -> Result<Self> {
        match precision {
            Precision::F32 => Self::load(file.into(), Mode::Floats),
            Precision::Int8 => {
                let scales = toml::from_str(INT8_SCALES).expect("a test reads it");
                Self::load(file.into(), Mode::Bytes(&scales))
            }
        }
    }

    /// Loads a model that notes the greatest inputs of the layers that may be reckoned in bytes.
    ///
    /// # Errors
    /// As [`CnnEncoder::from_bytes`].
    #[doc(hidden)]
    pub fn watched(file: impl Into<Cow<'static, [u8]>>) -> Result<Self> {
        Self::load(file.into(), Mode::Watched)
    }

    /// Gives the greatest inputs that were noted.
    #[doc(hidden)]
    #[must_use]
    pub fn greatest_inputs(&self) -> Int8Scales {
        Int8Scales { branches: self.network.greatest(), head: self.head.greatest() }
    }

    fn load(file: Cow<'static, [u8]>, mode: Mode<'_>) -> Result<Self> {
        let Unpacked { tensors, rows, checksum } = model::unpack(&file)?;
        let tensors = Tensors::new(&tensors)?;
        let tokenizer = Tokenizer::new(&tensors)?;
        let vocabulary = tokenizer.vocabulary();
        let embeddings = EmbeddingTable::new(file, &rows, &tensors, vocabulary)?;
        Ok(Self {
            network: Network::new(&tensors, embeddings, vocabulary, mode)?,
            head: Head::new(&tensors, mode)?,
            tokenizer,
            kernel: Kernel::detect(),
            precision: if matches!(mode, Mode::Bytes(_)) {
                Precision::Int8
            } else {
                Precision::F32
            },
            checksum,
        })
    }

    /// Uses the given kernel. By default the fastest that the CPU has; the results are the same.
    #[must_use]
    pub fn with_kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Sets how many pieces' first layers are kept in memory, 6.6 kB each: by default 16,384, at the
    /// most 109 MB. With fewer more is worked out again; the results are the same.
    #[must_use]
    pub fn with_kept_pieces(mut self, pieces: usize) -> Self {
        self.network.set_most_pieces(pieces);
        self
    }

    /// Gives the checksum of the model file's payload (XXH3-64), which names the model.
    #[must_use]
    pub fn checksum(&self) -> u64 {
        self.checksum
    }

    /// Gives the precision.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Gives the tokenizer.
    #[must_use]
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    pub(crate) fn network(&self) -> &Network {
        &self.network
    }

    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    pub(crate) fn kernel(&self) -> Kernel {
        self.kernel
    }
}

impl Encoder for CnnEncoder {
    fn dim(&self) -> usize {
        VECTOR
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        let pieces: Vec<Vec<u32>> =
            texts.par_iter().map(|text| self.tokenizer.pieces(text)).collect();
        let texts: Vec<&[u32]> = pieces.iter().map(Vec::as_slice).collect();
        Ok(document::encode_texts(self, &texts))
    }

    fn token_count(&self, text: &str) -> usize {
        self.tokenizer.pieces(text).len()
    }

    /// Encodes all blocks of both sides, each token once.
    ///
    /// A window of `w` pieces is `w · √r` pieces long on the source side and `w / √r` on the target
    /// side, `r` being the ratio of their lengths in pieces.
    fn encode_pair(
        &self,
        src: &[&str],
        tgt: &[&str],
        request: &VectorRequest,
    ) -> Result<PairVectors, EncoderError> {
        let (src, tgt) = (Stream::new(self, src), Stream::new(self, tgt));
        let ratio = request.ratio.unwrap_or(src.len().max(1) as f64 / tgt.len().max(1) as f64);
        let ratio = ratio.sqrt().clamp(0.5, 2.0);
        let windows = |factor: f64| -> Vec<usize> {
            let scaled = request.windows.iter().map(|&w| (w as f64 * factor).round() as usize);
            scaled.map(|length| length.max(SHORTEST_WINDOW)).collect()
        };
        Ok((
            document::encode(self, &src, request, &windows(ratio)),
            document::encode(self, &tgt, request, &windows(1.0 / ratio)),
        ))
    }
}
