//! The code that the fuzz targets share.
//!
//! libFuzzer sets the limits: `-timeout` for a hang, `-rss_limit_mb` for memory. A panic is a bug, an
//! error is not.

use std::fs;
#[cfg(feature = "parquet")]
use std::io::Write;
use std::io::{Cursor, Read};
use std::sync::Arc;

mod cost;

pub use cost::{check_cost, grown};

use nasaq_formats::{
    BitextHeader, BitextInput, BitextReader, BitextRow, BitextSchema, BitextWriter, Format,
    WriteOptions,
};

/// The separator of the files of a bitext that has several.
const SEPARATOR: &[u8] = b"\n=====\n";
/// The maximum number of rows that are written again.
const MAX_ROWS: usize = 64;

/// Reads a bitext to its end, writes it in formats of every kind and reads those.
pub fn bitext(format: Format, data: &[u8]) {
    let file_count = match format {
        Format::Moses => 2,
        Format::Ladder | Format::Xces => 3,
        // The text form is one file, the ladder three.
        Format::Hunalign => 3,
        _ => 1,
    };
    let files = if file_count == 1 { vec![data] } else { parts(data, file_count) };
    let Ok(mut reader) = open(format, &files) else { return };
    let rows = rows(&mut reader);
    if rows.is_empty() {
        return;
    }
    for other in [Format::Tsv, Format::Jsonl, Format::Tmx, Format::Xliff] {
        let bytes = written(other, &rows);
        let found = open(other, &[&bytes]).map(|mut reader| self::rows(&mut reader).len());
        let blank = |row: &BitextRow| row.src.trim().is_empty() || row.tgt.trim().is_empty();
        let omitted =
            if other == Format::Tmx { rows.iter().filter(|r| blank(r)).count() } else { 0 };
        assert_eq!(found.expect("what was written is read"), rows.len() - omitted, "{other:?}");
    }
}

fn parts(data: &[u8], max_parts: usize) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = data;
    while parts.len() + 1 < max_parts
        && let Some(at) = rest.windows(SEPARATOR.len()).position(|window| window == SEPARATOR)
    {
        parts.push(&rest[..at]);
        rest = &rest[at + SEPARATOR.len()..];
    }
    parts.push(rest);
    parts
}

fn open(format: Format, files: &[&[u8]]) -> nasaq_formats::Result<BitextReader> {
    let more = (1..files.len()).map(|index| index.to_string().into());
    let source = BitextInput::file("fuzz").with_more(more).with_format(format);
    #[cfg(feature = "parquet")]
    if format == Format::Parquet {
        // The reader seeks in the file.
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(files[0]).expect("room");
        return BitextInput::file(file.path()).with_format(format).open();
    }
    if format == Format::Xces {
        // The file of links names the others. A folder in memory is as fast as a stream.
        let folder = tempfile::tempdir().expect("a folder");
        for (file, name) in files.iter().zip(["links.xml", "ar.xml", "en.xml"]) {
            fs::write(folder.path().join(name), file).expect("room");
        }
        return BitextInput::file(folder.path().join("links.xml")).with_format(format).open();
    }
    let streams =
        files.iter().map(|file| -> Box<dyn Read + Send> { Box::new(Cursor::new(file.to_vec())) });
    source.read(streams.collect())
}

/// Reads all rows, skipping bad ones, up to another error.
fn rows(reader: &mut BitextReader) -> Vec<BitextRow> {
    let (mut rows, mut bad) = (Vec::new(), 0);
    loop {
        match reader.next_row() {
            Ok(Some(row)) if rows.len() < MAX_ROWS => rows.push(row),
            Ok(Some(_)) => {}
            Ok(None) => return rows,
            Err(_) if reader.can_resume() && bad < 1000 => bad += 1,
            Err(_) => return rows,
        }
    }
}

fn written(format: Format, rows: &[BitextRow]) -> Vec<u8> {
    let names = rows.iter().flat_map(|row| &row.fields).map(|(name, _)| Arc::clone(name));
    let added: Vec<Arc<str>> = names.filter(|name| !matches!(&**name, "src" | "tgt")).collect();
    let mut schema = BitextSchema::default();
    schema.has_header = true;
    let (options, header) = (WriteOptions::default(), BitextHeader::default());
    let mut writer = BitextWriter::new(format, options, vec![Vec::new()], &schema, &added, &header)
        .expect("memory");
    for row in rows {
        writer.write(row).expect("memory");
    }
    writer.finish().expect("memory").remove(0)
}
