#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nasaq_fuzz::bitext(nasaq_formats::Format::Tei, data));
