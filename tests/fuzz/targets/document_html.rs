//! A page of any bytes, whole or its main text: short, and repeated to 256 kB.
#![no_main]

mod documents;

use libfuzzer_sys::fuzz_target;
use nasaq_formats::DocumentReader;
use nasaq_fuzz::{check_cost, grown};

fuzz_target!(|bytes: &[u8]| {
    for main in [false, true] {
        let reader = DocumentReader::new().main_only(main);
        documents::check(reader.clone(), "a.html", bytes);
        let long = grown(bytes, 1 << 18);
        check_cost("a long page", || documents::check(reader.clone(), "a.html", &long));
    }
});
