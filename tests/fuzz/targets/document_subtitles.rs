//! Subtitles of any bytes, in all formats.
#![no_main]

mod documents;

use libfuzzer_sys::fuzz_target;
use nasaq_formats::DocumentReader;

fuzz_target!(|bytes: &[u8]| {
    for name in ["a.srt", "a.vtt", "a.ass", "a.ttml"] {
        documents::check(DocumentReader::new(), name, bytes);
    }
});
