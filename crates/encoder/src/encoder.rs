//! The encoder: a loaded model.

use std::borrow::Cow;

use nasaq::{Encoder, EncoderError, PairVectors, VectorRequest};
use nasaq_kernels::Kernel;
use rayon::prelude::*;

use crate::document::{self, TokenStream};
use crate::embedding::EmbeddingTable;
use crate::error::Result;
use crate::head::{Head, VECTOR};
use crate::layer::{Int8Scales, Mode, Precision};
use crate::model::{self, Tensors, Unpacked};
use crate::network::Network;
use crate::stage::{Stage, Work, timed};
use crate::texts::{encode_texts, families_of};
use crate::tokenizer::{TokenId, Tokenizer};

/// The model that is part of the program.
#[cfg(feature = "builtin-model")]
static BUILTIN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/model.nasaq"));

/// Returns the file of the model that is part of the program.
#[cfg(feature = "builtin-model")]
#[must_use]
pub fn builtin_model() -> &'static [u8] {
    BUILTIN
}

/// The scales of inputs in 8-bit integers.
const INT8_SCALES: &str = include_str!("../assets/int8.toml");

/// Min. length of a window, in tokens.
const MIN_WINDOW: usize = 3;

/// A multilingual convolutional sentence encoder with vectors of 512 numbers.
///
/// The model is Google's universal-sentence-encoder-multilingual, version 3 (Yang et al. 2019,
/// "Multilingual Universal Sentence Encoder for Semantic Retrieval"); tokenizer and network are
/// implemented here. Results are bit-identical on every CPU and for any number of threads.
pub struct CnnEncoder {
    tokenizer: Tokenizer,
    network: Network,
    head: Head,
    kernel: Kernel,
    precision: Precision,
    checksum: u64,
}

impl CnnEncoder {
    /// Loads the model that is part of the program, in the default precision.
    ///
    /// # Errors
    /// As [`CnnEncoder::from_bytes`]; none occurs unless the program itself is damaged.
    #[cfg(feature = "builtin-model")]
    pub fn builtin() -> Result<Self> {
        Self::builtin_in(Precision::default())
    }

    /// Loads the model that is part of the program, in a given precision.
    ///
    /// # Errors
    /// As [`CnnEncoder::builtin`].
    #[cfg(feature = "builtin-model")]
    pub fn builtin_in(precision: Precision) -> Result<Self> {
        Self::from_bytes_in(BUILTIN, precision)
    }

    /// Loads a model from the bytes of a model file. The encoder owns or borrows them: embeddings
    /// are unpacked when a text needs them.
    ///
    /// # Errors
    /// Where the bytes are not a model file, are truncated or damaged, or lack a tensor; see
    /// [`ErrorKind`](crate::ErrorKind).
    pub fn from_bytes(file: impl Into<Cow<'static, [u8]>>) -> Result<Self> {
        Self::from_bytes_in(file, Precision::default())
    }

    /// Loads a model from the bytes of a model file, in a given precision.
    ///
    /// # Errors
    /// As [`CnnEncoder::from_bytes`].
    #[expect(clippy::missing_panics_doc, reason = "the built-in scales are valid")]
    pub fn from_bytes_in(
        file: impl Into<Cow<'static, [u8]>>,
        precision: Precision,
    ) -> Result<Self> {
        match precision {
            Precision::F32 => Self::load(file.into(), Mode::F32),
            Precision::Int8 => {
                let scales = toml::from_str(INT8_SCALES).expect("a test reads it");
                Self::load(file.into(), Mode::Int8(&scales))
            }
        }
    }

    /// Loads a model in `f32` that records the max. inputs of the layers that [`Precision::Int8`]
    /// quantises.
    ///
    /// # Errors
    /// As [`CnnEncoder::from_bytes`].
    #[doc(hidden)]
    pub fn recording(file: impl Into<Cow<'static, [u8]>>) -> Result<Self> {
        Self::load(file.into(), Mode::Recording)
    }

    /// Returns the max. inputs that were recorded.
    #[doc(hidden)]
    #[must_use]
    pub fn max_inputs(&self) -> Int8Scales {
        Int8Scales { branches: self.network.max_inputs(), head: self.head.max_inputs() }
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
            precision: if matches!(mode, Mode::Int8(_)) { Precision::Int8 } else { Precision::F32 },
            checksum,
        })
    }

    /// Uses the given kernel. By default the fastest that the CPU has; the results are the same.
    #[must_use]
    pub fn with_kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Sets the max. number of tokens whose first layers are cached, 6.6 kB each. The default is
    /// 16,384, up to 109 MB. With fewer, more is computed again; the results are the same.
    #[must_use]
    pub fn with_cached_tokens(mut self, tokens: usize) -> Self {
        self.network.set_max_tokens(tokens);
        self
    }

    /// Returns the checksum of the payload of the model file (XXH3-64), which identifies the model.
    #[must_use]
    pub fn checksum(&self) -> u64 {
        self.checksum
    }

    /// Returns the precision.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Returns the tokenizer.
    #[must_use]
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// Returns the tokens of a text.
    pub(crate) fn tokens(&self, text: &str) -> Vec<TokenId> {
        let work = Work { multiply_adds: 0, bytes: text.len() };
        timed(Stage::Tokenizer, work, || self.tokenizer.tokens(text))
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
        let tokens: Vec<Vec<u32>> = texts.par_iter().map(|text| self.tokens(text)).collect();
        let tokens: Vec<&[u32]> = tokens.iter().map(Vec::as_slice).collect();
        let families = families_of(texts, &tokens);
        Ok(encode_texts(self, &tokens, &families))
    }

    fn token_count(&self, text: &str) -> usize {
        self.tokenizer.tokens(text).len()
    }

    /// Encodes all blocks of both sides, each token once.
    ///
    /// A window of `w` tokens is `w · √r` tokens long on the source side and `w / √r` on the target
    /// side, where `r` is the ratio of their lengths in tokens.
    fn encode_pair(
        &self,
        src: &[&str],
        tgt: &[&str],
        request: &VectorRequest,
    ) -> Result<PairVectors, EncoderError> {
        let (src, tgt) = (TokenStream::new(self, src), TokenStream::new(self, tgt));
        let ratio = request.ratio.unwrap_or(src.len().max(1) as f64 / tgt.len().max(1) as f64);
        let ratio = ratio.sqrt().clamp(0.5, 2.0);
        let windows = |factor: f64| -> Vec<usize> {
            let scaled = request.windows.iter().map(|&w| (w as f64 * factor).round() as usize);
            scaled.map(|length| length.max(MIN_WINDOW)).collect()
        };
        Ok((
            document::encode(self, &src, request, &windows(ratio)),
            document::encode(self, &tgt, request, &windows(1.0 / ratio)),
        ))
    }
}

#[cfg(all(test, feature = "builtin-model"))]
mod tests {
    use xxhash_rust::xxh3::xxh3_64;

    use super::*;
    use crate::error::ErrorKind;

    /// All frames of rows are unpacked when a model is loaded from bytes of a caller.
    #[test]
    fn all_rows_of_the_builtin_model_can_be_unpacked() {
        assert!(CnnEncoder::from_bytes(BUILTIN.to_vec()).is_ok());
    }

    #[test]
    fn a_damaged_frame_with_a_right_checksum_is_an_error() {
        let mut file = BUILTIN.to_vec();
        let end = file.len();
        file[end - 2000..].fill(0x55);
        let checksum = xxh3_64(&file[40..]).to_le_bytes();
        file[32..40].copy_from_slice(&checksum);
        let error = CnnEncoder::from_bytes(file).err().expect("a damaged frame");
        assert!(matches!(error.kind(), ErrorKind::Tensor { .. }), "{error}");
    }
}
