//! Markdown of any bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nasaq_formats::DocumentReader;

fuzz_target!(|bytes: &[u8]| nasaq_fuzz::check(DocumentReader::new(), "a.md", bytes));
