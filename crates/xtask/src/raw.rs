//! Measures alignments of raw text against gold: the documents of gold sets are written as plain text
//! in several forms, segmented and aligned as the program does it.
//!
//! The segments are not those of the gold, so beads are compared by the characters that they hold,
//! not counting white space. Nested F1 is otherwise that of `gold`.

mod form;
mod tally;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use nasaq::{Aligner, Rung, Segment};
use nasaq_encoder::{CnnEncoder, Precision};
use nasaq_text::{Language, Segmenter, is_running};
use rayon::prelude::*;

use crate::cached_encoder::DiskCachedEncoder;
use crate::gold::{GoldDocument, read_documents};
use form::{RawText, TextForm};
use tally::RawTally;

/// The arguments of `raw`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// Only these sets.
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// The forms of the text: `blank` (blank lines between segments), `lines` (a segment per
    /// line), `wrapped` (each segment wrapped, without blank lines), `ragged` (the same, with
    /// lines of uneven length), `running` (one line).
    #[arg(long = "form", value_delimiter = ',', default_value = "blank,wrapped,running")]
    forms: Vec<TextForm>,
    /// The width of wrapped lines, in chars.
    #[arg(long, default_value_t = 70)]
    width: usize,
    /// Also print a row per document.
    #[arg(long)]
    documents: bool,
    /// Also print the gold beads that no beads fill, to standard error.
    #[arg(long)]
    missed: bool,
    /// Write the texts of the first form to this folder, as `SET.NAME.ar` and `SET.NAME.en`.
    #[arg(long)]
    texts: Option<PathBuf>,
    /// Constants of the aligner that are set otherwise, as in `gold --variant`.
    #[arg(long, default_value = "")]
    variant: String,
    /// The folder of cached vectors.
    #[arg(long, default_value = "target/gold-vectors")]
    vectors: PathBuf,
    /// A model file [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
}

/// Measures each form and prints a table.
#[expect(clippy::print_stdout, reason = "the table is the output of the task")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let documents = read_documents(&args.folder, &args.sets)?;
    if let Some(folder) = &args.texts {
        return write_texts(args, folder, &documents);
    }
    let model = crate::model::read(args.model.as_deref())?;
    let encoder = CnnEncoder::from_bytes_in(model, Precision::default())?;
    let encoder = DiskCachedEncoder::new(encoder, &args.vectors)?;
    let tuning = crate::gold::tuning(&args.variant)?;
    let aligner = Aligner::builder().tuning(tuning).build()?;
    println!("| set | form | ar segments | en segments | precision | recall | nested F1 |");
    println!("|---|---|---|---|---|---|---|");
    for &form in &args.forms {
        let tallies: Vec<RawTally> = documents
            .par_iter()
            .map(|document| measure(&aligner, &encoder, document, form, args))
            .collect::<Result<_>>()?;
        let mut sets: BTreeMap<&str, RawTally> = BTreeMap::new();
        for (document, tally) in documents.iter().zip(&tallies) {
            if args.documents {
                println!("| {}/{} | {form} | {tally} |", document.set, document.name);
            }
            sets.entry(&document.set).or_default().merge(tally);
        }
        for (set, tally) in sets {
            println!("| {set} | {form} | {tally} |");
        }
    }
    Ok(())
}

/// Writes the texts of the first form, to be looked at.
fn write_texts(args: &Args, folder: &std::path::Path, documents: &[GoldDocument]) -> Result<()> {
    fs::create_dir_all(folder)?;
    let form = args.forms.first().copied().unwrap_or(TextForm::Blank);
    for document in documents {
        for (side, segments) in [("ar", &document.src), ("en", &document.tgt)] {
            let raw = RawText::new(segments, form, args.width);
            let name = format!("{}.{}.{side}", document.set, document.name);
            fs::write(folder.join(name), raw.text)?;
        }
    }
    Ok(())
}

/// Segments and aligns a document in a form, and compares the beads with its gold.
fn measure(
    aligner: &Aligner,
    encoder: &DiskCachedEncoder,
    document: &GoldDocument,
    form: TextForm,
    args: &Args,
) -> Result<RawTally> {
    let raw = [&document.src, &document.tgt].map(|side| RawText::new(side, form, args.width));
    let languages = [Language::Arabic, Language::English];
    let segments: [Vec<Segment<'_>>; 2] =
        [0, 1].map(|side: usize| Segmenter::new(languages[side]).segments(&raw[side].text));
    let context = || format!("{}/{}", document.set, document.name);
    let [src, tgt] = segments;
    let alignment = aligner.align(encoder, &src, &tgt).with_context(context)?;
    let found = if raw.iter().all(|side| is_running(&side.text)) {
        aligner.split_running(encoder, &src, &tgt, &alignment).with_context(context)?
    } else {
        let texts = [&raw[0].text[..], &raw[1].text[..]];
        aligner.split_wrapped(encoder, texts, &src, &tgt, &alignment).with_context(context)?
    };
    let ladder: Vec<Rung> = found.alignment.rungs().collect();
    let (tally, missed) = RawTally::new(document, &raw, &[found.src, found.tgt], &ladder);
    if args.missed {
        print_missed(document, form, &missed);
    }
    Ok(tally)
}

/// Prints gold beads, in one write: documents are measured in parallel.
#[expect(clippy::print_stderr, reason = "the table on standard output has no room for texts")]
fn print_missed(document: &GoldDocument, form: TextForm, missed: &[usize]) {
    let text = |indices: &[u32], side: &[String]| {
        let texts: Vec<&str> = indices.iter().map(|&at| side[at as usize].as_str()).collect();
        texts.join(" ⏎ ")
    };
    let lines: String = missed
        .iter()
        .map(|&at| {
            let rung = &document.gold[at];
            let (src, tgt) = (text(&rung.src, &document.src), text(&rung.tgt, &document.tgt));
            format!("{}/{} {form} bead {at}\t{src}\t{tgt}\n", document.set, document.name)
        })
        .collect();
    eprint!("{lines}");
}
