//! Plain text of any bytes, found or said to be in some encoding.
#![no_main]

mod documents;

use libfuzzer_sys::fuzz_target;
use nasaq_formats::{DocumentFormat, DocumentReader};

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let names = ["windows-1256", "ISO-8859-6", "UTF-16LE", "UTF-16BE", "UTF-8", "windows-1252"];
    let encoding = names.get(usize::from(*first)).and_then(|name| name.parse().ok());
    let reader = DocumentReader::new().encoding(encoding).format(Some(DocumentFormat::Text));
    documents::check(reader, "a", bytes);
});
