//! Subtitles of any bytes, in both dialects.
#![no_main]

mod documents;

use libfuzzer_sys::fuzz_target;
use nasaq_formats::DocumentReader;

fuzz_target!(|bytes: &[u8]| {
    for name in ["a.srt", "a.vtt"] {
        documents::check(DocumentReader::new(), name, bytes);
    }
});
