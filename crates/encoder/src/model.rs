//! The model file: a header, the tensors, and the rows of the embedding table, both compressed.
//!
//! | bytes | content |
//! |---|---|
//! | 0..8 | `NASAQENC` |
//! | 8..12 | version, u32 little-endian: 1 |
//! | 12..16 | zero |
//! | 16..24 | length of the tensors in bytes, u64 |
//! | 24..32 | length of the rows in bytes, u64 |
//! | 32..40 | XXH3-64 of everything that follows, u64 |
//! | 40.. | the tensors: a Zstandard frame of a safetensors file |
//! | .. | the rows: Zstandard frames of [`ROWS_PER_FRAME`] rows each |
//!
//! `docs/model.md` lists the tensors.

use std::cell::RefCell;
use std::error::Error as StdError;
use std::io;
use std::ops::Range;

use safetensors::{Dtype, SafeTensorError, SafeTensors, tensor::TensorView};
use xxhash_rust::xxh3::xxh3_64;
use zstd::zstd_safe::DCtx;

use crate::error::{Error, ErrorKind, Result};

/// First bytes of a model file.
const MAGIC: &[u8; 8] = b"NASAQENC";
/// The version of the layout.
const VERSION: u32 = 1;
/// Bytes before the payload.
const HEADER: usize = 40;
/// Max. size of unpacked tensors: a damaged length must not allocate all memory.
const MAX_UNPACKED: usize = 1 << 28;
/// Max. ratio of the size of tensors to their packed size, far above that of any model: a short
/// file must not allocate much.
const MAX_RATIO: usize = 1000;
/// Number of rows of the embedding table that are packed together, and unpacked when one is needed.
pub const ROWS_PER_FRAME: usize = 256;
/// The tensor with the offsets where the frames end, from the start of the rows.
const FRAME_ENDS: &str = "embedding.frame_ends";

/// Creates a model file from tensors and the rows of the embedding table, at a Zstandard level.
///
/// `serialise` returns the safetensors file. It receives the name and the values of a tensor of
/// frame ends, which must be in the file.
///
/// # Errors
/// [`ErrorKind::Pack`] where the compressor fails, [`ErrorKind::Tensors`] from `serialise`.
pub fn pack(
    rows: &[u8],
    row_length: usize,
    level: i32,
    serialise: impl FnOnce(&str, &[u32]) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>>,
) -> Result<Vec<u8>> {
    let mut packed_rows = Vec::new();
    let mut ends = Vec::new();
    for frame in rows.chunks(ROWS_PER_FRAME * row_length) {
        packed_rows.extend(zstd::bulk::compress(frame, level).map_err(ErrorKind::Pack)?);
        ends.push(packed_rows.len() as u32);
    }
    let tensors = serialise(FRAME_ENDS, &ends).map_err(ErrorKind::Tensors)?;
    let tensors = zstd::bulk::compress(&tensors, level).map_err(ErrorKind::Pack)?;
    let payload = [tensors.as_slice(), &packed_rows].concat();
    let mut file = Vec::with_capacity(HEADER + payload.len());
    file.extend_from_slice(MAGIC);
    file.extend_from_slice(&VERSION.to_le_bytes());
    file.extend_from_slice(&[0; 4]);
    file.extend_from_slice(&(tensors.len() as u64).to_le_bytes());
    file.extend_from_slice(&(packed_rows.len() as u64).to_le_bytes());
    file.extend_from_slice(&xxh3_64(&payload).to_le_bytes());
    file.extend_from_slice(&payload);
    Ok(file)
}

/// The content of a model file.
pub(crate) struct Unpacked {
    /// The safetensors file.
    pub(crate) tensors: Vec<u8>,
    /// The byte range of the packed rows in the file.
    pub(crate) rows: Range<usize>,
    /// The checksum in the header.
    pub(crate) checksum: u64,
}

/// Checks a model file and unpacks its tensors.
pub(crate) fn unpack(file: &[u8]) -> Result<Unpacked> {
    let Some((header, payload)) = file.split_at_checked(HEADER) else {
        return Err(ErrorKind::NotAModel.into());
    };
    if &header[..8] != MAGIC {
        return Err(ErrorKind::NotAModel.into());
    }
    let found = u32::from_le_bytes(header[8..12].try_into().expect("four bytes"));
    if found != VERSION {
        return Err(ErrorKind::Version { found, supported: VERSION }.into());
    }
    let integer = |at: usize| u64::from_le_bytes(header[at..at + 8].try_into().expect("eight"));
    let (tensors, rows, checksum) = (integer(16), integer(24), integer(32));
    let length = tensors.saturating_add(rows);
    if payload.len() as u64 != length {
        let (found, expected) = (file.len() as u64, length.saturating_add(HEADER as u64));
        return Err(ErrorKind::Length { found, expected }.into());
    }
    let found = xxh3_64(payload);
    if found != checksum {
        return Err(ErrorKind::Checksum { found, expected: checksum }.into());
    }
    let (tensors, _) = payload.split_at(tensors as usize);
    let rows = HEADER + tensors.len()..file.len();
    let capacity = zstd::bulk::Decompressor::upper_bound(tensors).unwrap_or(MAX_UNPACKED);
    let capacity = capacity.min(MAX_UNPACKED).min(tensors.len().saturating_mul(MAX_RATIO));
    let tensors = decompressed(tensors, capacity).map_err(ErrorKind::Unpack)?;
    Ok(Unpacked { tensors, rows, checksum })
}

thread_local! {
    /// The context of the last decompression: a new one takes as long as a frame of rows.
    static CONTEXT: RefCell<Option<DCtx<'static>>> = const { RefCell::new(None) };
}

/// Decompresses a frame of at most `capacity` bytes. Unlike `zstd::bulk`, it does not panic if
/// memory for the context is missing.
pub(crate) fn decompressed(packed: &[u8], capacity: usize) -> io::Result<Vec<u8>> {
    CONTEXT.with_borrow_mut(|context| {
        let context = match context {
            Some(context) => context,
            None => context.insert(DCtx::try_create().ok_or(io::ErrorKind::OutOfMemory)?),
        };
        let mut bytes = Vec::with_capacity(capacity);
        let name = zstd::zstd_safe::get_error_name;
        context.decompress(&mut bytes, packed).map_err(|code| io::Error::other(name(code)))?;
        Ok(bytes)
    })
}

/// Frees the context of the current thread.
pub(crate) fn release_context() {
    CONTEXT.take();
}

/// Typed access to the tensors of a model.
pub(crate) struct Tensors<'a>(SafeTensors<'a>);

impl<'a> Tensors<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self> {
        Ok(Self(SafeTensors::deserialize(bytes).map_err(unreadable)?))
    }

    /// Returns a tensor, whose type must be `dtype`.
    fn view(&self, name: &str, dtype: Dtype) -> Result<TensorView<'a>> {
        let view = self.0.tensor(name).map_err(unreadable)?;
        if view.dtype() != dtype {
            return Err(bad(name, format!("{:?}, not {dtype:?}", view.dtype())));
        }
        Ok(view)
    }

    /// Returns a tensor of bytes with `cols` columns; with `cols == 1` its shape is not checked.
    pub(crate) fn bytes(&self, name: &str, cols: usize) -> Result<&'a [u8]> {
        let view = self.view(name, Dtype::U8)?;
        // A vector has its length as its only dimension, and not a second dimension of 1.
        if view.shape().last() != Some(&cols) && cols != 1 {
            return Err(bad(name, format!("shape {:?}, not {cols} columns", view.shape())));
        }
        Ok(view.data())
    }

    /// Returns a tensor of `u32`, of any length where `length` is `None`.
    pub(crate) fn integers(&self, name: &str, length: Option<usize>) -> Result<Vec<u32>> {
        let view = self.view(name, Dtype::U32)?;
        let (chunks, _) = view.data().as_chunks::<4>();
        check_length(name, chunks.len(), length)?;
        Ok(chunks.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect())
    }

    /// Returns a tensor of `f32`, of any length where `length` is `None`.
    pub(crate) fn floats(&self, name: &str, length: Option<usize>) -> Result<Vec<f32>> {
        let view = self.view(name, Dtype::F32)?;
        let (chunks, _) = view.data().as_chunks::<4>();
        check_length(name, chunks.len(), length)?;
        Ok(chunks.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
    }

    /// Returns a row-major matrix that is stored as codes (`NAME.codes`) into a table of values
    /// (`NAME.values`).
    pub(crate) fn matrix(&self, name: &str, rows: usize, cols: usize) -> Result<Vec<f32>> {
        let codes_name = format!("{name}.codes");
        let codes = self.bytes(&codes_name, cols)?;
        check_length(&codes_name, codes.len(), Some(rows * cols))?;
        let values = self.floats(&format!("{name}.values"), None)?;
        let largest = codes.iter().copied().max().unwrap_or(0);
        if usize::from(largest) >= values.len() {
            return Err(bad(&codes_name, format!("code {largest} of {}", values.len())));
        }
        // With an entry for every `u8`, a lookup needs no bounds check.
        let mut table = [0.0_f32; 256];
        table.iter_mut().zip(values).for_each(|(entry, value)| *entry = value);
        Ok(codes.iter().map(|&code| table[usize::from(code)]).collect())
    }
}

fn unreadable(error: SafeTensorError) -> ErrorKind {
    ErrorKind::Tensors(Box::new(error))
}

fn check_length(name: &str, found: usize, expected: Option<usize>) -> Result<()> {
    match expected {
        Some(expected) if expected != found => {
            Err(bad(name, format!("{found} numbers, not {expected}")))
        }
        _ => Ok(()),
    }
}

/// Returns an error about one tensor.
pub(crate) fn bad(name: &str, reason: String) -> Error {
    ErrorKind::Tensor { name: name.to_owned(), reason }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed() -> Vec<u8> {
        let rows: Vec<u8> = (0..3 * 700_u32).map(|i| (i % 64) as u8).collect();
        pack(&rows, 3, 3, |_, ends| {
            assert_eq!(ends.len(), 3);
            Ok(b"some tensors, some more tensors".to_vec())
        })
        .expect("packs")
    }

    #[test]
    fn a_packed_model_is_unpacked_unchanged() {
        let file = packed();
        let unpacked = unpack(&file).expect("unpacks");
        assert_eq!(unpacked.tensors, b"some tensors, some more tensors");
        assert_eq!(unpacked.rows.end, file.len());
    }

    #[test]
    fn a_file_cut_anywhere_is_an_error() {
        let file = packed();
        for end in 0..file.len() {
            assert!(unpack(&file[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn a_file_with_any_byte_altered_is_an_error() {
        let file = packed();
        // Bytes 12..16 are unused.
        for at in (0..12).chain(16..file.len()) {
            let mut altered = file.clone();
            altered[at] ^= 0x41;
            assert!(unpack(&altered).is_err(), "altered at {at}");
        }
    }
}
