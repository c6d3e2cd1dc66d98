//! Part 2 of 3 of the sentence encoder model of nasaq. The crate `nasaq-encoder` joins the parts when
//! it is built; nothing else needs this crate.
#![no_std]
#![forbid(unsafe_code)]

/// The bytes of this part.
pub static PART: &[u8] = include_bytes!("../model.part");
