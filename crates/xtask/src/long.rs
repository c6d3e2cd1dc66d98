//! Measures very long documents, made of pairs of texts or of gold bitexts, with runs of one side
//! removed, aligned in chunks and whole.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use nasaq::tuning::Tuning;
use nasaq::{Aligner, Alignment, Bead, Language, Span, segments};
use nasaq_encoder::CnnEncoder;

use crate::gold::read_documents;

/// The arguments of `long`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files with an Arabic and an English text per line, separated by a tab; the texts are split
    /// into sentences.
    #[arg(long, num_args = 1..)]
    pairs: Vec<PathBuf>,
    /// A folder of gold sets, whose documents are concatenated.
    #[arg(long)]
    gold: Option<PathBuf>,
    /// Only these sets.
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// The approximate number of sentences of the longer side; texts are repeated if there are too
    /// few.
    #[arg(long, default_value_t = 5000)]
    sentences: usize,
    /// The number of sentences to skip at the start.
    #[arg(long, default_value_t = 0)]
    skip: usize,
    /// The share of the document that is removed from one side, in runs, from the sides by turns.
    #[arg(long, default_value_t = 0.0)]
    missing: f64,
    /// The number of sentences of a removed run.
    #[arg(long, default_value_t = 500)]
    run: usize,
    /// Write the document to `PREFIX.ar` and `PREFIX.en`, one sentence per line, and measure
    /// nothing.
    #[arg(long)]
    write: Option<PathBuf>,
    /// Also align the document whole and compare: in the corridor, or over all states of the
    /// lattice (about 600 bytes each).
    #[arg(long)]
    compare: Option<WholeSearch>,
    /// Print the differences.
    #[arg(long)]
    show: bool,
    /// A model file [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
}

/// The states that the search of the whole document visits.
#[derive(Clone, Copy, clap::ValueEnum)]
enum WholeSearch {
    /// Those in the corridor.
    Corridor,
    /// All of them.
    Lattice,
}

/// Sentences of both sides that translate each other; the end of a unit is a true boundary.
type Unit = [Vec<String>; 2];

/// A long document with its true boundaries.
struct LongDocument {
    sides: [Vec<String>; 2],
    /// The corners between units, except at removed runs.
    corners: Vec<(u32, u32)>,
    /// The segments whose counterparts were removed.
    orphans: [HashSet<u32>; 2],
}

/// Builds the document and measures it.
#[expect(clippy::print_stdout, reason = "the figures are the output of the task")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let units = units(args)?;
    ensure!(!units.is_empty(), "no text: use --pairs or --gold");
    let book = book(args, &units);
    if let Some(prefix) = &args.write {
        for (side, ending) in book.sides.iter().zip(["ar", "en"]) {
            let path = prefix.with_extension(ending);
            fs::write(&path, side.join("\n") + "\n").with_context(|| path.display().to_string())?;
        }
        return Ok(());
    }
    let model = crate::model::read(args.model.as_deref())?;
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
    let (chunks, seconds) = align(longer_side - 1, false)?;
    print_accuracy("in chunks", &book, &chunks, seconds);
    if let Some(whole) = args.compare {
        let (whole, seconds) = align(usize::MAX, matches!(whole, WholeSearch::Lattice))?;
        print_accuracy("whole", &book, &whole, seconds);
        compare(args, &book, &chunks, &whole);
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
            let mut used = [0, 0];
            let sides = [&document.src, &document.tgt];
            // Gold beads may be out of order; a unit ends where all segments before are used.
            for rung in &document.gold {
                let end = |indices: &[u32], used: usize| {
                    indices.iter().map(|&at| at as usize + 1).max().unwrap_or(0).max(used)
                };
                let to = [end(&rung.src, used[0]), end(&rung.tgt, used[1])];
                units.push([0, 1].map(|side: usize| sides[side][used[side]..to[side]].to_vec()));
                used = to;
            }
            units.push([0, 1].map(|side: usize| sides[side][used[side]..].to_vec()));
        }
    }
    units.retain(|unit| unit.iter().any(|side| !side.is_empty()));
    Ok(units)
}

/// Concatenates units and removes runs, from the two sides by turns.
fn book(args: &Args, units: &[Unit]) -> LongDocument {
    let mut book = LongDocument {
        sides: [Vec::new(), Vec::new()],
        corners: Vec::new(),
        orphans: [HashSet::new(), HashSet::new()],
    };
    // Removed runs are spread evenly.
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
        let removed_side = (period > 0 && (sentences + period / 2) % period < args.run)
            .then(|| (sentences + period / 2) / period % 2);
        sentences += unit[0].len().max(unit[1].len());
        for side in [0, 1] {
            if removed_side == Some(side) {
                continue;
            }
            let first = book.sides[side].len() as u32;
            book.sides[side].extend_from_slice(&unit[side]);
            if removed_side.is_some() {
                book.orphans[side].extend(first..book.sides[side].len() as u32);
            }
        }
        if removed_side.is_none() {
            book.corners.push((book.sides[0].len() as u32, book.sides[1].len() as u32));
        }
    }
    book
}

/// Prints how many true boundaries and orphans an alignment finds.
#[expect(clippy::print_stdout, reason = "the figures are the output of the task")]
fn print_accuracy(what: &str, book: &LongDocument, alignment: &Alignment, seconds: f64) {
    let path: HashSet<(u32, u32)> =
        alignment.beads().iter().map(|bead| (bead.src.end, bead.tgt.end)).collect();
    let found = book.corners.iter().filter(|corner| path.contains(corner)).count();
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let orphans = book.orphans[0].len() + book.orphans[1].len();
    let is_unaligned_orphan = |bead: &&Bead| {
        let orphan = |side: usize, span: Span| book.orphans[side].contains(&span.start);
        bead.is_null()
            && (orphan(0, bead.src) && !bead.src.is_empty()
                || orphan(1, bead.tgt) && !bead.tgt.is_empty())
    };
    let unaligned = alignment.beads().iter().filter(is_unaligned_orphan).count();
    println!(
        "{what}: {seconds:.1} s, {} beads, {} nulls, {} findings; {found} of {} true boundaries \
         ({:.4}); {unaligned} of {orphans} orphans unaligned ({:.4})",
        alignment.beads().len(),
        alignment.beads().iter().filter(|bead| bead.is_null()).count(),
        alignment.findings().len(),
        book.corners.len(),
        share(found, book.corners.len()),
        share(unaligned, orphans),
    );
}

/// Returns the segments that a bead pairs. The position of a null bead among its neighbours is not
/// part of the key.
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

/// Prints how many beads and findings two alignments have in common.
#[expect(clippy::print_stdout, reason = "the figures are the output of the task")]
fn compare(args: &Args, book: &LongDocument, chunks: &Alignment, whole: &Alignment) {
    let keys = |of: &Alignment| of.beads().iter().map(key).collect::<HashSet<_>>();
    let spans =
        |of: &Alignment| of.beads().iter().map(|bead| (bead.src, bead.tgt)).collect::<HashSet<_>>();
    let findings = |of: &Alignment| {
        let findings = of.findings().iter();
        findings.map(|found| (found.kind, found.src, found.tgt)).collect::<HashSet<_>>()
    };
    let all = (chunks.beads().len() + whole.beads().len()) as f64;
    let same = keys(chunks).intersection(&keys(whole)).count();
    let in_place = spans(chunks).intersection(&spans(whole)).count();
    println!(
        "the same: {same} of {} beads in chunks, {} whole: {:.5}; with the position of nulls {:.5}",
        chunks.beads().len(),
        whole.beads().len(),
        2.0 * same as f64 / all,
        2.0 * in_place as f64 / all,
    );
    println!(
        "findings: {} in chunks, {} whole, {} the same",
        chunks.findings().len(),
        whole.findings().len(),
        findings(chunks).intersection(&findings(whole)).count()
    );
    for (name, one, other) in [("chunks", chunks, whole), ("whole", whole, chunks)] {
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
