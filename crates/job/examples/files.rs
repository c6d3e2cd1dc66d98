//! Aligns two files of any kind, such as DOCX and HTML, and writes a translation memory.
//!
//! ```sh
//! cargo run --release -p nasaq-job --example files -- corpora/law/ar.txt corpora/law/en.txt law.tmx
//! ```

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::{env, io};

use nasaq_formats::{BeadWriter, Document, Format, WriteOptions};
use nasaq_job::{DocumentJob, Engine, Settings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let paths: Vec<String> = env::args().skip(1).collect();
    let [src, tgt, memory] = &paths[..] else {
        return Err("name the document, its translation, and the memory to write".into());
    };
    let documents = [Document::read(Path::new(src))?, Document::read(Path::new(tgt))?];

    // An engine holds the model and the settings; use one for all documents.
    let engine = Engine::new(Settings::default())?;
    let job = DocumentJob::new(&engine, src, [&documents[0], &documents[1]])?;
    let aligned = job.run()?;

    let out = BufWriter::new(File::create(memory)?);
    let (options, header) = (WriteOptions::default(), engine.header(&[]));
    let mut writer =
        BeadWriter::new(Format::from_path(Path::new(memory))?, options, vec![out], &header)?;
    for bead in &aligned.beads {
        writer.write(bead)?;
    }
    let (files, _losses) = writer.finish()?;
    for mut file in files {
        file.flush()?;
    }
    let mut messages = io::stderr().lock();
    for warning in &aligned.warnings {
        writeln!(messages, "{}", warning.reason)?;
    }
    writeln!(messages, "{} beads", aligned.beads.len())?;
    Ok(())
}
