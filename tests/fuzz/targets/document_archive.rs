//! An archive of any bytes.
#![no_main]

mod documents;

use libfuzzer_sys::fuzz_target;
use nasaq_formats::DocumentReader;

fuzz_target!(|bytes: &[u8]| documents::check(DocumentReader::new(), "a", bytes));
