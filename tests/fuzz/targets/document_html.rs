//! A page of any bytes, whole or its main text.
#![no_main]

mod documents;

use libfuzzer_sys::fuzz_target;
use nasaq_formats::DocumentReader;

fuzz_target!(|bytes: &[u8]| {
    for main in [false, true] {
        documents::check(DocumentReader::new().main_only(main), "a.html", bytes);
    }
});
