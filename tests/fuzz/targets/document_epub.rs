//! An EPUB whose parts are any text: package, chapter and encryption, divided by NUL bytes.
#![no_main]

mod documents;

use libfuzzer_sys::fuzz_target;
use nasaq_formats::DocumentReader;

fuzz_target!(|bytes: &[u8]| {
    let names = ["a/b.opf", "a/1.xhtml", "META-INF/encryption.xml"];
    let container: &[u8] = b"<container><rootfile full-path='a/b.opf'/></container>";
    let mut parts: Vec<(&str, &[u8])> = vec![("META-INF/container.xml", container)];
    parts.extend(names.into_iter().zip(bytes.splitn(3, |byte| *byte == 0)));
    documents::check(DocumentReader::new(), "a.epub", &documents::packed(&parts));
});
