//! Subtitles of any bytes, in all formats: short, and repeated to 256 kB.
#![no_main]

mod documents;

use libfuzzer_sys::fuzz_target;
use nasaq_formats::DocumentReader;
use nasaq_fuzz::{check_cost, grown};

fuzz_target!(|bytes: &[u8]| {
    let long = grown(bytes, 1 << 18);
    for name in ["a.srt", "a.vtt", "a.ass", "a.ttml"] {
        documents::check(DocumentReader::new(), name, bytes);
        check_cost(name, || documents::check(DocumentReader::new(), name, &long));
    }
});
