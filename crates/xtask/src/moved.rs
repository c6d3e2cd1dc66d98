//! Measures findings of moved text: in gold bitexts, where nothing is moved, and in the same
//! bitexts after a block of one side was moved.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Context, Result};
use nasaq::{Aligner, Finding, FindingKind, Rung};
use nasaq_encoder::CnnEncoder;
use rayon::prelude::*;

use crate::gold::{GoldDocument, read_corpora, read_documents};
use crate::random::Random;

/// The minimum number of segments that a block is moved past.
const MIN_DISTANCE: usize = 10;

/// The arguments of `moved`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// Only these sets.
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// The folder has the layout of `corpora/`, with one document per set.
    #[arg(long)]
    corpora: bool,
    /// The number of blocks to move in each document, one at a time.
    #[arg(long, default_value_t = 5)]
    moves: u64,
    /// Print each wrong finding and each missed block.
    #[arg(long)]
    show: bool,
    /// The model file.
    #[arg(long, default_value = "crates/encoder/assets/use-multilingual-v3.nasaq")]
    model: PathBuf,
}

/// The counts of one set.
#[derive(Clone, Copy, Debug, Default)]
struct MoveCounts {
    documents: usize,
    /// Moves that were found where nothing was moved.
    false_moves: usize,
    omitted: usize,
    added: usize,
    blocks: usize,
    found: usize,
    /// The sum over the blocks of the intersection with the finding divided by the union.
    overlap: f64,
    right: usize,
    reported: usize,
}

impl MoveCounts {
    fn add(&mut self, other: Self) {
        self.documents += other.documents;
        self.false_moves += other.false_moves;
        self.omitted += other.omitted;
        self.added += other.added;
        self.blocks += other.blocks;
        self.found += other.found;
        self.overlap += other.overlap;
        self.right += other.right;
        self.reported += other.reported;
    }
}

/// Measures the findings and prints a row per set.
#[expect(clippy::print_stdout, reason = "the table is the output of the task")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let documents = if args.corpora {
        read_moved_corpora(args)?
    } else {
        read_documents(&args.folder, &args.sets)?
    };
    let model = fs::read(&args.model).with_context(|| args.model.display().to_string())?;
    let encoder = CnnEncoder::from_bytes(model)?;
    let aligner = Aligner::builder().build()?;
    let counts: Vec<MoveCounts> = documents
        .par_iter()
        .map(|document| measure(args, &aligner, &encoder, document))
        .collect::<Result<_>>()?;
    let mut sets: BTreeMap<&str, MoveCounts> = BTreeMap::new();
    for (document, counts) in documents.iter().zip(counts) {
        sets.entry(&document.set).or_default().add(counts);
        sets.entry("~ all").or_default().add(counts);
    }
    println!("set           docs  false moves  omitted  added | moved  recall  overlap  precision");
    for (set, counts) in sets {
        let share = |part: f64, whole: usize| part / whole.max(1) as f64;
        println!(
            "{set:<14}{:>4}{:>13}{:>9}{:>7} |{:>6}{:>8.3}{:>9.3}{:>11.3}",
            counts.documents,
            counts.false_moves,
            counts.omitted,
            counts.added,
            counts.blocks,
            share(counts.found as f64, counts.blocks),
            share(counts.overlap, counts.blocks),
            share(counts.right as f64, counts.reported),
        );
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the list is the output of the task")]
fn measure(
    args: &Args,
    aligner: &Aligner,
    encoder: &CnnEncoder,
    document: &GoldDocument,
) -> Result<MoveCounts> {
    let align = |src: &[String], tgt: &[String]| -> Result<Vec<Finding>> {
        let alignment = aligner
            .align(encoder, src, tgt)
            .with_context(|| format!("{}/{}", document.set, document.name))?;
        Ok(alignment.findings().to_vec())
    };
    let show = |what: &str, (src, tgt): (Range<usize>, Range<usize>), texts: [&[String]; 2], p| {
        if args.show {
            println!("{}/{} {what} {src:?} {tgt:?} {p:.3}", document.set, document.name);
            println!("    {:?}\n    {:?}", &texts[0][src], &texts[1][tgt]);
        }
    };
    let mut counts = MoveCounts { documents: 1, ..MoveCounts::default() };
    let truth = counterparts(&document.gold, document.src.len());
    for finding in align(&document.src, &document.tgt)? {
        match finding.kind {
            FindingKind::Omitted => counts.omitted += 1,
            FindingKind::Added => counts.added += 1,
            FindingKind::Moved => {
                counts.false_moves += 1;
                let spans = (finding.src.range(), finding.tgt.range());
                let right = is_right(&finding, &truth);
                let what = if right { "in gold, found as moved:" } else { "false:" };
                show(what, spans, [&document.src, &document.tgt], finding.probability);
            }
        }
    }
    let mut random = Random::new(fnv(&document.name) ^ fnv(&document.set));
    for _ in 0..args.moves {
        let Some(moved) = MovedDocument::new(document, &mut random) else { continue };
        counts.blocks += 1;
        let truth = counterparts(&moved.gold, document.src.len());
        let mut best = 0.0_f64;
        for finding in align(&document.src, &moved.tgt)? {
            if finding.kind != FindingKind::Moved {
                continue;
            }
            let spans = (finding.src.range(), finding.tgt.range());
            counts.reported += 1;
            if is_right(&finding, &truth) {
                counts.right += 1;
            } else {
                show("wrong:", spans.clone(), [&document.src, &moved.tgt], finding.probability);
            }
            let shared =
                (overlap(&spans.0, &moved.src_block) + overlap(&spans.1, &moved.tgt_block)) / 2.0;
            best = best.max(shared);
        }
        counts.overlap += best;
        if best > 0.0 {
            counts.found += 1;
        } else {
            let spans = (moved.src_block, moved.tgt_block);
            show("missed:", spans, [&document.src, &moved.tgt], 0.0);
        }
    }
    Ok(counts)
}

/// A document with a moved block of target segments.
struct MovedDocument {
    tgt: Vec<String>,
    gold: Vec<Rung>,
    src_block: Range<usize>,
    tgt_block: Range<usize>,
}

impl MovedDocument {
    /// Moves a random block of 3 to 8 target segments that consists of whole beads; returns `None`
    /// if it finds none.
    fn new(document: &GoldDocument, random: &mut Random) -> Option<Self> {
        let gold = &document.gold;
        for _ in 0..200 {
            let first = random.below(gold.len());
            let size = 3 + random.below(6);
            let mut last = first;
            let mut count = 0;
            while last < gold.len() && count < size && is_pair(&gold[last]) {
                count += gold[last].tgt.len();
                last += 1;
            }
            if !(3..=8).contains(&count) {
                continue;
            }
            let (src, tgt) = (block(gold, first..last, false), block(gold, first..last, true));
            if tgt.len() != count {
                continue;
            }
            let to = &gold[random.below(gold.len())];
            let Some(&to) = to.tgt.first() else { continue };
            let to = to as usize;
            if to + MIN_DISTANCE > tgt.start && to < tgt.end + MIN_DISTANCE {
                continue;
            }
            let mut order: Vec<usize> = (0..document.tgt.len()).collect();
            let taken: Vec<usize> = order.drain(tgt.clone()).collect();
            let at = if to < tgt.start { to } else { to - taken.len() };
            order.splice(at..at, taken);
            let mut new_index = vec![0_u32; order.len()];
            for (new, &old) in order.iter().enumerate() {
                new_index[old] = new as u32;
            }
            let mut gold = gold.clone();
            for index in gold.iter_mut().flat_map(|rung| &mut rung.tgt) {
                *index = new_index[*index as usize];
            }
            return Some(Self {
                tgt: order.iter().map(|&at| document.tgt[at].clone()).collect(),
                gold,
                src_block: src,
                tgt_block: at..at + tgt.len(),
            });
        }
        None
    }
}

fn is_pair(rung: &Rung) -> bool {
    !rung.src.is_empty() && !rung.tgt.is_empty()
}

fn block(gold: &[Rung], rungs: Range<usize>, tgt: bool) -> Range<usize> {
    let indices = gold[rungs].iter().flat_map(|rung| if tgt { &rung.tgt } else { &rung.src });
    let (first, last) = (indices.clone().min(), indices.max());
    first.map_or(0, |&at| at as usize)..last.map_or(0, |&at| at as usize + 1)
}

/// Returns the target segments of each source segment.
fn counterparts(gold: &[Rung], segments: usize) -> Vec<Vec<usize>> {
    let mut counterparts = vec![Vec::new(); segments];
    for rung in gold {
        for &src in &rung.src {
            counterparts[src as usize].extend(rung.tgt.iter().map(|&tgt| tgt as usize));
        }
    }
    counterparts
}

/// Returns whether a finding pairs a source segment with one of its target segments.
fn is_right(finding: &Finding, truth: &[Vec<usize>]) -> bool {
    truth[finding.src.range()].iter().flatten().any(|at| finding.tgt.range().contains(at))
}

/// Returns the intersection of two ranges divided by their union.
fn overlap(a: &Range<usize>, b: &Range<usize>) -> f64 {
    let shared = a.end.min(b.end).saturating_sub(a.start.max(b.start));
    shared as f64 / (a.len() + b.len() - shared) as f64
}

fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Reads the bundled corpora, with one document per set. Beads that are really moved are added to
/// the gold, out of order.
fn read_moved_corpora(args: &Args) -> Result<Vec<GoldDocument>> {
    let mut documents = read_corpora(&args.folder)?;
    documents.retain(|document| args.sets.is_empty() || args.sets.contains(&document.name));
    for document in &mut documents {
        document.set = std::mem::take(&mut document.name);
        let path = args.folder.join(&document.set).join("moved.ladder");
        if let Ok(moved) = fs::read_to_string(path) {
            let moved = nasaq_formats::read_ladder(&moved)?;
            let is_moved = |rung: &Rung| {
                moved.iter().any(|pair| {
                    rung.src.iter().any(|at| pair.src.contains(at))
                        || rung.tgt.iter().any(|at| pair.tgt.contains(at))
                })
            };
            document.gold.retain(|rung| !is_moved(rung));
            document.gold.extend(moved);
        }
    }
    Ok(documents)
}
