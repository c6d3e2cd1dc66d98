//! What holds of every document, whatever it was read from.

use std::io::{Cursor, Write};

use nasaq_formats::{Document, DocumentReader};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// Reads a document; if it can be read, its blocks lie in its text, in order, and have places.
pub fn check(reader: DocumentReader, name: &str, bytes: &[u8]) {
    match reader.max_bytes(1 << 24).from_bytes(name, bytes.to_vec()) {
        Ok(document) => check_blocks(&document),
        Err(error) => assert!(error.to_string().contains(name), "{error}"),
    }
}

fn check_blocks(document: &Document) {
    let mut end = 0;
    assert!(!document.text.trim().is_empty());
    for block in &document.blocks {
        assert!(block.text.start >= end && block.text.end > block.text.start);
        end = block.text.end;
        assert!(!document.text[block.text.clone()].trim().is_empty());
        let place = document.place(block.text.clone()).expect("a place");
        assert_eq!(place.to_string().parse(), Ok(place));
    }
    assert!(end <= document.text.len());
}

/// Packs parts into an archive, without compressing them.
#[allow(dead_code, reason = "not every target has an archive")]
pub fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, options).expect("memory");
        writer.write_all(bytes).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}
