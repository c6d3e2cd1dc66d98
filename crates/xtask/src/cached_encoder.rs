//! An encoder that caches its vectors on disk, so that repeated experiments take seconds.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nasaq::{DocumentVectors, Encoder, EncoderError, PairVectors, VectorRequest};
use nasaq_encoder::CnnEncoder;
use xxhash_rust::xxh3::Xxh3;

/// An encoder with a folder of cached vectors: one file per pair of documents, named by the hash of
/// model, request and texts.
pub(crate) struct DiskCachedEncoder {
    encoder: CnnEncoder,
    folder: PathBuf,
}

impl DiskCachedEncoder {
    pub(crate) fn new(encoder: CnnEncoder, folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        Ok(Self { encoder, folder: folder.to_owned() })
    }

    fn path(&self, src: &[&str], tgt: &[&str], request: &VectorRequest) -> PathBuf {
        let mut hash = Xxh3::new();
        let (model, precision) = (self.encoder.checksum(), self.encoder.precision());
        // The vectors do not depend on the segments' indices.
        let VectorRequest { max_block, windows, ratio, .. } = request;
        let request = format!("max_block: {max_block}, windows: {windows:?}, ratio: {ratio:?}");
        hash.update(format!("{model} {precision} VectorRequest {{ {request} }}").as_bytes());
        for side in [src, tgt] {
            hash.update(b"\n\n");
            for text in side {
                hash.update(text.as_bytes());
                hash.update(b"\n");
            }
        }
        self.folder.join(format!("{:032x}.f32", hash.digest128()))
    }
}

impl Encoder for DiskCachedEncoder {
    fn dim(&self) -> usize {
        self.encoder.dim()
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        self.encoder.encode(texts)
    }

    fn token_count(&self, text: &str) -> usize {
        self.encoder.token_count(text)
    }

    fn encode_pair(
        &self,
        src: &[&str],
        tgt: &[&str],
        request: &VectorRequest,
    ) -> Result<PairVectors, EncoderError> {
        let path = self.path(src, tgt, request);
        if let Ok(bytes) = fs::read(&path)
            && let Some(vectors) = from_bytes(&bytes)
        {
            return Ok(vectors);
        }
        let vectors = self.encoder.encode_pair(src, tgt, request)?;
        let temporary = path.with_extension("part");
        fs::write(&temporary, to_bytes(&vectors))?;
        fs::rename(temporary, path)?;
        Ok(vectors)
    }
}

/// Encodes vectors: for each kind of matrix their number, and for each matrix its length and
/// numbers.
fn to_bytes((src, tgt): &PairVectors) -> Vec<u8> {
    let mut bytes = Vec::new();
    let number = |bytes: &mut Vec<u8>, value: usize| {
        bytes.extend_from_slice(&(value as u32).to_le_bytes());
    };
    for side in [src, tgt] {
        number(&mut bytes, side.dim);
        for matrices in [&side.blocks, &side.after, &side.before] {
            number(&mut bytes, matrices.len());
            for matrix in matrices {
                number(&mut bytes, matrix.len());
                bytes.extend(matrix.iter().flat_map(|value| value.to_le_bytes()));
            }
        }
    }
    bytes
}

/// Decodes the output of [`to_bytes`]; returns `None` if the bytes are truncated.
fn from_bytes(mut bytes: &[u8]) -> Option<PairVectors> {
    Some((read_side(&mut bytes)?, read_side(&mut bytes)?))
}

fn read_side(bytes: &mut &[u8]) -> Option<DocumentVectors> {
    let (dim, blocks) = (read_number(bytes)?, read_matrices(bytes)?);
    let (after, before) = (read_matrices(bytes)?, read_matrices(bytes)?);
    Some(DocumentVectors::new(dim, blocks).with_windows(after, before))
}

fn read_matrices(bytes: &mut &[u8]) -> Option<Vec<Vec<f32>>> {
    (0..read_number(bytes)?)
        .map(|_| {
            let length = read_number(bytes)?;
            let (numbers, after) = bytes.split_at_checked(4 * length)?;
            *bytes = after;
            let (numbers, _) = numbers.as_chunks::<4>();
            Some(numbers.iter().map(|number| f32::from_le_bytes(*number)).collect())
        })
        .collect()
}

fn read_number(bytes: &mut &[u8]) -> Option<usize> {
    let (first, after) = bytes.split_first_chunk::<4>()?;
    *bytes = after;
    Some(u32::from_le_bytes(*first) as usize)
}
