//! Measures very long documents: made of pairs of texts or of gold bitexts, with runs of one side
//! left out, aligned in pieces and whole.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use nasaq::tuning::Tuning;
use nasaq::{Aligner, Alignment, Bead, Language, Span, segments};
use nasaq_encoder::CnnEncoder;

use crate::gold::read_documents;

/// Where the text comes from, what is done to it, and what is measured.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files of pairs, an Arabic and an English text a line, a tab between; each is cut to sentences.
    #[arg(long, num_args = 1..)]
    pairs: Vec<PathBuf>,
    /// A folder of gold sets, whose documents are put one after the other.
    #[arg(long)]
    gold: Option<PathBuf>,
    /// Only these sets.
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// Sentences of the longer side, about; texts come again where they do not suffice.
    #[arg(long, default_value_t = 5000)]
    sentences: usize,
    /// Starts with the text that is so many sentences from the first.
    #[arg(long, default_value_t = 0)]
    skip: usize,
    /// The share of the document that one side lacks, by turns, in runs.
    #[arg(long, default_value_t = 0.0)]
    missing: f64,
    /// Sentences of a run that is missing.
    #[arg(long, default_value_t = 500)]
    run: usize,
    /// Writes the document to `PREFIX.ar` and `PREFIX.en`, a sentence a line, and measures nothing.
    #[arg(long)]
    write: Option<PathBuf>,
    /// Aligns the document whole too and compares: near its coarse path, or over all states of the
    /// lattice (some 600 bytes each).
    #[arg(long)]
    compare: Option<Whole>,
    /// Prints where the two differ.
    #[arg(long)]
    show: bool,
    /// The model file.
    #[arg(long, default_value = "crates/encoder/assets/use-multilingual-v3.nasaq")]
    model: PathBuf,
}

/// How the whole document is searched.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Whole {
    /// Near the coarse path.
    Corridor,
    /// Everywhere.
    Lattice,
}

/// Sentences of both sides that belong together; an end of both is a boundary of the truth.
type Unit = [Vec<String>; 2];

/// A document and its true boundaries.
struct Book {
    sides: [Vec<String>; 2],
    /// The corners between units, but for those at runs that are missing.
    corners: Vec<(u32, u32)>,
    /// Segments whose counterpart was left out.
    orphans: [HashSet<u32>; 2],
}

/// Makes the document and measures it.
#[expect(clippy::print_stdout, reason = "the figures are what the task is for")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let units = units(args)?;
    ensure!(!units.is_empty(), "no text: give --pairs or --gold");
    let book = book(args, &units);
    if let Some(prefix) = &args.write {
        for (side, ending) in book.sides.iter().zip(["ar", "en"]) {
            let path = prefix.with_extension(ending);
            fs::write(&path, side.join("\n") + "\n").with_context(|| path.display().to_string())?;
        }
        return Ok(());
    }
    let model = fs::read(&args.model).with_context(|| args.model.display().to_string())?;
    let encoder = CnnEncoder::from_bytes(model)?;
    let align = |max_whole: usize, everything: bool| -> Result<(Alignment, f64)> {
        let mut tuning = Tuning::default();
        (tuning.chunk.max_whole, tuning.corridor.everything) = (max_whole, everything);
        let aligner = Aligner::builder().tuning(tuning).build()?;
        let start = Instant::now();
        let alignment = aligner.align(&encoder, &book.sides[0], &book.sides[1])?;
        Ok((alignment, start.elapsed().as_secs_f64()))
    };
    println!("{} source and {} target segments", book.sides[0].len(), book.sides[1].len());
    let longer_side = book.sides[0].len().max(book.sides[1].len());
    let (pieces, seconds) = align(longer_side - 1, false)?;
    tell("in pieces", &book, &pieces, seconds);
    if let Some(whole) = args.compare {
        let (whole, seconds) = align(usize::MAX, matches!(whole, Whole::Lattice))?;
        tell("whole", &book, &whole, seconds);
        compare(args, &book, &pieces, &whole);
    }
    Ok(())
}

fn units(args: &Args) -> Result<Vec<Unit>> {
    let mut units = Vec::new();
    for path in &args.pairs {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        for (ar, en) in text.lines().filter_map(|line| line.split_once('\t')) {
            let cut = |text, language| {
                segments(text, language).iter().map(|segment| segment.text.to_owned()).collect()
            };
            units.push([cut(ar, Language::Arabic), cut(en, Language::English)]);
        }
    }
    if let Some(folder) = &args.gold {
        for document in read_documents(folder, &args.sets)? {
            let mut done = [0, 0];
            let sides = [&document.src, &document.tgt];
            // Gold may go back; a unit ends where everything before it is on both sides.
            for rung in &document.gold {
                let end = |indices: &[u32], done: usize| {
                    indices.iter().map(|&at| at as usize + 1).max().unwrap_or(0).max(done)
                };
                let to = [end(&rung.src, done[0]), end(&rung.tgt, done[1])];
                units.push([0, 1].map(|side: usize| sides[side][done[side]..to[side]].to_vec()));
                done = to;
            }
            units.push([0, 1].map(|side: usize| sides[side][done[side]..].to_vec()));
        }
    }
    units.retain(|unit| unit.iter().any(|side| !side.is_empty()));
    Ok(units)
}

/// Puts units one after the other and leaves out runs, of either side by turns.
fn book(args: &Args, units: &[Unit]) -> Book {
    let mut book = Book {
        sides: [Vec::new(), Vec::new()],
        corners: Vec::new(),
        orphans: [HashSet::new(), HashSet::new()],
    };
    // Runs start evenly spread, the first in the middle of its stretch.
    let period = if args.missing > 0.0 { (args.run as f64 / args.missing) as usize } else { 0 };
    let mut sentences = 0;
    let mut skipped = 0;
    for unit in units.iter().cycle() {
        if skipped < args.skip {
            skipped += unit[0].len().max(unit[1].len());
            continue;
        }
        if sentences >= args.sentences {
            break;
        }
        let lost = (period > 0 && (sentences + period / 2) % period < args.run)
            .then(|| (sentences + period / 2) / period % 2);
        sentences += unit[0].len().max(unit[1].len());
        for side in [0, 1] {
            if lost == Some(side) {
                continue;
            }
            let first = book.sides[side].len() as u32;
            book.sides[side].extend_from_slice(&unit[side]);
            if lost.is_some() {
                book.orphans[side].extend(first..book.sides[side].len() as u32);
            }
        }
        if lost.is_none() {
            book.corners.push((book.sides[0].len() as u32, book.sides[1].len() as u32));
        }
    }
    book
}

/// Prints how well an alignment keeps to the truth.
#[expect(clippy::print_stdout, reason = "the figures are what the task is for")]
fn tell(what: &str, book: &Book, alignment: &Alignment, seconds: f64) {
    let path: HashSet<(u32, u32)> =
        alignment.beads().iter().map(|bead| (bead.src.end, bead.tgt.end)).collect();
    let met = book.corners.iter().filter(|corner| path.contains(corner)).count();
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let orphans = book.orphans[0].len() + book.orphans[1].len();
    let alone = |bead: &&Bead| {
        let orphan = |side: usize, span: Span| book.orphans[side].contains(&span.start);
        bead.is_null()
            && (orphan(0, bead.src) && !bead.src.is_empty()
                || orphan(1, bead.tgt) && !bead.tgt.is_empty())
    };
    let alone = alignment.beads().iter().filter(alone).count();
    println!(
        "{what}: {seconds:.1} s, {} beads, {} nulls, {} findings; {met} of {} true boundaries \
         ({:.4}); {alone} of {orphans} orphans alone ({:.4})",
        alignment.beads().len(),
        alignment.beads().iter().filter(|bead| bead.is_null()).count(),
        alignment.findings().len(),
        book.corners.len(),
        share(met, book.corners.len()),
        share(alone, orphans),
    );
}

/// What a bead pairs. Where a null stands among its neighbours is not in it.
fn key(bead: &Bead) -> (Span, Span) {
    let or_none = |own: Span, other: Span| match other.is_empty() {
        true => own,
        false => Span { start: 0, end: 0 },
    };
    match bead.is_null() {
        true => (or_none(bead.src, bead.tgt), or_none(bead.tgt, bead.src)),
        false => (bead.src, bead.tgt),
    }
}

/// Prints in how many beads the two are the same.
#[expect(clippy::print_stdout, reason = "the figures are what the task is for")]
fn compare(args: &Args, book: &Book, pieces: &Alignment, whole: &Alignment) {
    let keys = |of: &Alignment| of.beads().iter().map(key).collect::<HashSet<_>>();
    let places =
        |of: &Alignment| of.beads().iter().map(|bead| (bead.src, bead.tgt)).collect::<HashSet<_>>();
    let told = |of: &Alignment| {
        let findings = of.findings().iter();
        findings.map(|found| (found.kind, found.src, found.tgt)).collect::<HashSet<_>>()
    };
    let all = (pieces.beads().len() + whole.beads().len()) as f64;
    let same = keys(pieces).intersection(&keys(whole)).count();
    let in_place = places(pieces).intersection(&places(whole)).count();
    println!(
        "the same: {same} of {} beads in pieces, {} whole: {:.5}; with the place of nulls {:.5}",
        pieces.beads().len(),
        whole.beads().len(),
        2.0 * same as f64 / all,
        2.0 * in_place as f64 / all,
    );
    println!(
        "findings: {} in pieces, {} whole, {} the same",
        pieces.findings().len(),
        whole.findings().len(),
        told(pieces).intersection(&told(whole)).count()
    );
    for (name, one, other) in [("pieces", pieces, whole), ("whole", whole, pieces)] {
        let others = keys(other);
        for bead in one.beads().iter().filter(|bead| args.show && !others.contains(&key(bead))) {
            println!(
                "only {name}: {:?} {:?} {:.3}\n    {:?}\n    {:?}",
                bead.src.range(),
                bead.tgt.range(),
                bead.probability,
                &book.sides[0][bead.src.range()],
                &book.sides[1][bead.tgt.range()]
            );
        }
    }
}
