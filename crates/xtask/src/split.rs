//! Measures the cuts of long Arabic sentences: joins the Arabic of neighbouring gold beads to one
//! sentence or one paragraph, aligns, cuts, and counts how many joints are found again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::Result;
use nasaq::tuning::Tuning;
use nasaq::{Aligner, Language, Segment, SplitAlignment};
use nasaq_encoder::CnnEncoder;

use crate::gold::{GoldDocument, read_documents};

/// The arguments of `split`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of gold sets.
    folder: PathBuf,
    /// Only these sets.
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// The numbers of gold beads that are joined, each measured by itself; 2 stands for two and
    /// three by turns.
    #[arg(long, value_delimiter = ',', default_value = "2,6,12,20,40")]
    joined: Vec<usize>,
    /// The minimum probabilities to measure.
    #[arg(long = "least", value_delimiter = ',', default_value = "0.5,0.6,0.7,0.8,0.9,0.95")]
    min_probabilities: Vec<f32>,
    /// Print the cuts at the last minimum with their texts.
    #[arg(long)]
    show: bool,
    /// A model file [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
}

/// The maximum number of English segments of a run of two or three gold beads that are joined.
const MAX_ENGLISH: usize = 6;
/// The same of a run of more: a bead has no more.
const MAX_ENGLISH_OF_PARAGRAPH: usize = 60;

/// A document with joined Arabic sentences.
struct JoinedDocument {
    arabic: String,
    /// Byte ranges of the Arabic segments.
    segments: Vec<(usize, usize)>,
    english: String,
    /// Byte ranges of the English segments.
    english_segments: Vec<(usize, usize)>,
    /// The joints: the byte in the Arabic text and the English segment.
    joints: BTreeSet<(usize, u32)>,
    /// The starts of the gold beads, in the same form.
    beads: Vec<(usize, u32)>,
}

#[derive(Default)]
struct CutCounts {
    joints: usize,
    right: usize,
    /// Cuts within a gold bead.
    finer: usize,
    wrong: usize,
}

/// Measures each minimum probability and prints a table.
#[expect(clippy::print_stdout, reason = "the table is the output of the task")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let documents = read_documents(&args.folder, &args.sets)?;
    let model = crate::model::read(args.model.as_deref())?;
    let encoder = CnnEncoder::from_bytes(model)?;
    let aligner = Aligner::builder().build()?;
    let mut counts: BTreeMap<(usize, String, usize), CutCounts> = BTreeMap::new();
    for (document, &size) in
        documents.iter().flat_map(|it| args.joined.iter().map(move |k| (it, k)))
    {
        let joined = JoinedDocument::new(document, size);
        let segments =
            |text, ranges: &[(usize, usize)]| ranges.iter().map(|r| segment(text, *r)).collect();
        let arabic: Vec<Segment<'_>> = segments(&joined.arabic, &joined.segments);
        let english: Vec<Segment<'_>> = segments(&joined.english, &joined.english_segments);
        let alignment = aligner.align(&encoder, &arabic, &english)?;
        for (at, &min) in args.min_probabilities.iter().enumerate() {
            let mut tuning = Tuning::default();
            tuning.split.min_probability = min;
            let splitter = Aligner::builder().tuning(tuning).build()?;
            let split =
                splitter.split_long(&encoder, &arabic, &english, &alignment, Language::Arabic)?;
            let count = counts.entry((size, document.set.clone(), at)).or_default();
            joined.judge(&split, count, args.show && at + 1 == args.min_probabilities.len());
        }
    }
    println!(
        "| joined | set | minimum | joints | found | wrong | finer than gold | precision | recall |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for ((size, set, at), count) in counts {
        let CutCounts { joints, right, finer, wrong } = count;
        let share = |part: usize, whole: usize| part as f32 / whole.max(1) as f32;
        println!(
            "| {size} | {set} | {:.2} | {joints} | {right} | {wrong} | {finer} | {:.3} | {:.3} |",
            args.min_probabilities[at],
            share(right + finer, right + finer + wrong),
            share(right, joints),
        );
    }
    Ok(())
}

fn segment(text: &str, (start, end): (usize, usize)) -> Segment<'_> {
    Segment::new(&text[start..end], start)
}

impl JoinedDocument {
    /// Joins the Arabic of runs of `size` beads; of two and three by turns if that is two.
    fn new(document: &GoldDocument, size: usize) -> Self {
        let mut out = Self {
            arabic: String::new(),
            segments: Vec::new(),
            english: String::new(),
            english_segments: Vec::new(),
            joints: BTreeSet::new(),
            beads: Vec::new(),
        };
        let (mut left, mut english) = (0_usize, 0);
        let is_paragraph = size > 2;
        let max_english = if is_paragraph { MAX_ENGLISH_OF_PARAGRAPH } else { MAX_ENGLISH };
        let mut size = size;
        for bead in &document.gold {
            let start = out.arabic.len();
            let first = *bead.tgt.first().unwrap_or(&0);
            for (index, number) in bead.src.iter().zip(0..) {
                let text = document.src[*index as usize].trim();
                let joins = number > 0 || left > 0 && english + bead.tgt.len() <= max_english;
                if joins && !bead.tgt.is_empty() && end_to_comma(&mut out.arabic) {
                    if number == 0 {
                        out.joints.insert((out.arabic.len(), first));
                    }
                    out.arabic.push_str(text);
                    if let Some(last) = out.segments.last_mut() {
                        last.1 = out.arabic.len();
                    }
                } else {
                    if number == 0 {
                        size = if is_paragraph { size } else { 5 - size };
                        (left, english) = (size, 0);
                    }
                    out.arabic.push('\n');
                    let start = out.arabic.len();
                    out.arabic.push_str(text);
                    out.segments.push((start, out.arabic.len()));
                }
            }
            left =
                if bead.tgt.is_empty() || bead.src.is_empty() { 0 } else { left.saturating_sub(1) };
            english += bead.tgt.len();
            if !bead.src.is_empty() {
                out.beads.push((start, first));
            }
        }
        for text in &document.tgt {
            let start = out.english.len();
            out.english.push_str(text);
            out.english_segments.push((start, out.english.len()));
            out.english.push('\n');
        }
        out
    }

    /// Counts the cuts that are joints, those within gold beads, and wrong ones.
    #[expect(clippy::print_stdout, reason = "the list is the output of the task")]
    fn judge(&self, split: &SplitAlignment<'_>, count: &mut CutCounts, show: bool) {
        count.joints += self.joints.len();
        let starts: BTreeSet<usize> = self.segments.iter().map(|range| range.0).collect();
        for pair in split.alignment.beads().windows(2) {
            if pair[1].src.is_empty() || pair[0].src.is_empty() {
                continue;
            }
            let (before, after) =
                (split.src[pair[0].src.range()].last(), split.src[pair[1].src.range()].first());
            let (Some(before), Some(after)) = (before, after) else { continue };
            if starts.contains(&after.start) {
                continue;
            }
            let cut = (after.start, pair[1].tgt.start);
            let verdict = if self.joints.contains(&cut) {
                count.right += 1;
                "right"
            } else {
                // The gold bead that the Arabic cut is in.
                let next = self.beads.partition_point(|bead| bead.0 <= cut.0);
                let first = self.beads[next.saturating_sub(1)];
                let inside = cut.0 > first.0 + 1
                    && cut.1 > first.1
                    && self.beads.get(next).is_none_or(|next| cut.1 < next.1);
                if inside {
                    count.finer += 1;
                    "finer"
                } else {
                    count.wrong += 1;
                    "wrong"
                }
            };
            if show {
                let english = |span: nasaq::Span| -> Vec<&str> {
                    split.tgt[span.range()].iter().map(|segment| segment.text).collect()
                };
                println!(
                    "{verdict} {:.2} {:.2}\n    {} || {}\n    {} || {}",
                    pair[0].probability,
                    pair[1].probability,
                    before.text,
                    after.text,
                    english(pair[0].tgt).join(" "),
                    english(pair[1].tgt).join(" ")
                );
            }
        }
    }
}

/// Replaces the full stop at the end of a text with a comma and a space; returns whether there was
/// one.
fn end_to_comma(text: &mut String) -> bool {
    if !text.ends_with('.') {
        return false;
    }
    text.pop();
    text.push_str("، ");
    true
}
