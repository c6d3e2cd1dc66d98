//! The model file: a header, then tensors, compressed.
//!
//! | bytes | what |
//! |---|---|
//! | 0..8 | `NASAQENC` |
//! | 8..12 | version, u32 little-endian: 1 |
//! | 12..16 | zero |
//! | 16..24 | length of the payload in bytes, u64 |
//! | 24..32 | length of the payload unpacked, u64 |
//! | 32..40 | XXH3-64 of the payload, u64 |
//! | 40.. | the payload: a Zstandard frame that holds a safetensors file |
//!
//! `docs/model.md` lists the tensors.

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use xxhash_rust::xxh3::xxh3_64;

use crate::error::{Error, ErrorKind, Result};

/// First bytes of a model file.
const MAGIC: &[u8; 8] = b"NASAQENC";
/// The version of the layout.
const VERSION: u32 = 1;
/// Bytes before the payload.
const HEADER: usize = 40;
/// No model unpacks to more; a damaged length must not ask for all memory.
const MOST_UNPACKED: u64 = 1 << 30;

/// Packs a safetensors file into a model file.
///
/// # Errors
/// [`ErrorKind::Unpack`] where the compressor fails.
pub fn pack(tensors: &[u8], level: i32) -> Result<Vec<u8>> {
    let payload = zstd::bulk::compress(tensors, level).map_err(ErrorKind::Unpack)?;
    let mut file = Vec::with_capacity(HEADER + payload.len());
    file.extend_from_slice(MAGIC);
    file.extend_from_slice(&VERSION.to_le_bytes());
    file.extend_from_slice(&[0; 4]);
    file.extend_from_slice(&(payload.len() as u64).to_le_bytes());
    file.extend_from_slice(&(tensors.len() as u64).to_le_bytes());
    file.extend_from_slice(&xxh3_64(&payload).to_le_bytes());
    file.extend_from_slice(&payload);
    Ok(file)
}

/// Checks a model file and gives its safetensors file and its checksum.
pub(crate) fn unpack(file: &[u8]) -> Result<(Vec<u8>, u64)> {
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
    let number = |at: usize| u64::from_le_bytes(header[at..at + 8].try_into().expect("eight"));
    let (length, unpacked, checksum) = (number(16), number(24), number(32));
    if payload.len() as u64 != length {
        let (found, expected) = (file.len() as u64, length.saturating_add(HEADER as u64));
        return Err(ErrorKind::Length { found, expected }.into());
    }
    let found = xxh3_64(payload);
    if found != checksum {
        return Err(ErrorKind::Checksum { found, expected: checksum }.into());
    }
    if unpacked > MOST_UNPACKED {
        return Err(ErrorKind::NotAModel.into());
    }
    let tensors = zstd::bulk::decompress(payload, unpacked as usize).map_err(ErrorKind::Unpack)?;
    Ok((tensors, checksum))
}

/// Typed access to the tensors of a model.
pub(crate) struct Tensors<'a>(SafeTensors<'a>);

impl<'a> Tensors<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self> {
        Ok(Self(SafeTensors::deserialize(bytes).map_err(ErrorKind::Tensors)?))
    }

    /// Gives a tensor of one type, with its shape.
    fn view(&self, name: &str, dtype: Dtype) -> Result<TensorView<'a>> {
        let view = self.0.tensor(name).map_err(ErrorKind::Tensors)?;
        if view.dtype() != dtype {
            return Err(bad(name, format!("{:?}, not {dtype:?}", view.dtype())));
        }
        Ok(view)
    }

    /// Gives a tensor of bytes with `cols` columns.
    pub(crate) fn bytes(&self, name: &str, cols: usize) -> Result<&'a [u8]> {
        let view = self.view(name, Dtype::U8)?;
        if view.shape().last() != Some(&cols) && cols != 1 {
            return Err(bad(name, format!("shape {:?}, not {cols} columns", view.shape())));
        }
        Ok(view.data())
    }

    /// Gives a tensor of `u32`; any length where `length` is `None`.
    pub(crate) fn integers(&self, name: &str, length: Option<usize>) -> Result<Vec<u32>> {
        let view = self.view(name, Dtype::U32)?;
        let (chunks, _) = view.data().as_chunks::<4>();
        check_length(name, chunks.len(), length)?;
        Ok(chunks.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect())
    }

    /// Gives a tensor of `f32`; any length where `length` is `None`.
    pub(crate) fn floats(&self, name: &str, length: Option<usize>) -> Result<Vec<f32>> {
        let view = self.view(name, Dtype::F32)?;
        let (chunks, _) = view.data().as_chunks::<4>();
        check_length(name, chunks.len(), length)?;
        Ok(chunks.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
    }

    /// Gives a matrix that is stored as codes (`NAME.codes`) into a table of values
    /// (`NAME.values`), row-major.
    pub(crate) fn matrix(&self, name: &str, rows: usize, cols: usize) -> Result<Vec<f32>> {
        let codes_name = format!("{name}.codes");
        let codes = self.bytes(&codes_name, cols)?;
        check_length(&codes_name, codes.len(), Some(rows * cols))?;
        let mut values = self.floats(&format!("{name}.values"), None)?;
        let largest = codes.iter().copied().max().unwrap_or(0);
        if usize::from(largest) >= values.len() {
            return Err(bad(&codes_name, format!("code {largest} of {}", values.len())));
        }
        values.resize(256, 0.0);
        Ok(codes.iter().map(|&code| values[usize::from(code)]).collect())
    }
}

fn check_length(name: &str, found: usize, expected: Option<usize>) -> Result<()> {
    match expected {
        Some(expected) if expected != found => {
            Err(bad(name, format!("{found} numbers, not {expected}")))
        }
        _ => Ok(()),
    }
}

/// An error about one tensor.
pub(crate) fn bad(name: &str, reason: String) -> Error {
    ErrorKind::Tensor { name: name.to_owned(), reason }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        let file = pack(b"tensors", 3).expect("packs");
        assert_eq!(unpack(&file).expect("unpacks").0, b"tensors");
    }

    #[test]
    fn a_file_cut_anywhere_is_an_error() {
        let file = pack(b"some tensors, some more tensors", 3).expect("packs");
        for end in 0..file.len() {
            assert!(unpack(&file[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn a_file_with_any_byte_altered_is_an_error() {
        let file = pack(b"some tensors, some more tensors", 3).expect("packs");
        // Bytes 12..16 are unused; 24..32 only bound the buffer.
        for at in (0..12).chain(16..24).chain(32..file.len()) {
            let mut altered = file.clone();
            altered[at] ^= 0x41;
            assert!(unpack(&altered).is_err(), "altered at {at}");
        }
    }
}
