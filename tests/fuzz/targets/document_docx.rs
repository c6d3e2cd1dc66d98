//! A DOCX whose parts are any text: document, styles and footnotes, divided by NUL bytes.
#![no_main]

mod documents;

use libfuzzer_sys::fuzz_target;
use nasaq_formats::DocumentReader;

fuzz_target!(|bytes: &[u8]| {
    let names = ["word/document.xml", "word/styles.xml", "word/footnotes.xml"];
    let parts: Vec<(&str, &[u8])> =
        names.into_iter().zip(bytes.splitn(3, |byte| *byte == 0)).collect();
    documents::check(DocumentReader::new(), "a.docx", &documents::packed(&parts));
});
