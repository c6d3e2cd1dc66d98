//! Shows entries of a lexicon, and measures its coverage of gold beads.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use nasaq::{Language, Lexicon};
use nasaq_text::{is_function_stem, normalise, stem, words};

use crate::gold::{GoldDocument, read_documents};

/// The arguments of `measure-lexicon`.
#[derive(clap::Args)]
pub(crate) struct MeasureArgs {
    /// The folder of gold sets; without it, only words are shown.
    folder: Option<PathBuf>,
    /// Only these sets.
    #[arg(long, value_delimiter = ',')]
    sets: Vec<String>,
    /// The lexicon file.
    #[arg(long, default_value = "crates/text/assets/lexicon.nasaq")]
    lexicon: PathBuf,
    /// Words whose entries to show.
    #[arg(long, value_delimiter = ',')]
    show: Vec<String>,
}

/// Shows the words and measures the sets.
#[expect(clippy::print_stdout, reason = "the table is the output of the task")]
pub(crate) fn measure(args: &MeasureArgs) -> Result<()> {
    let bytes = fs::read(&args.lexicon).with_context(|| args.lexicon.display().to_string())?;
    let lexicon = Lexicon::from_bytes(&bytes)?;
    for word in &args.show {
        println!("{}", entries_line(&lexicon, word));
    }
    let Some(folder) = &args.folder else { return Ok(()) };
    let documents = read_documents(folder, &args.sets)?;
    let mut sets: Vec<&str> = documents.iter().map(|document| document.set.as_str()).collect();
    sets.dedup();
    println!(
        "set          beads |  share of words: paired  other |  coverage: paired  other |  best"
    );
    let mut all = CoverageTally::default();
    for set in sets {
        let mut tally = CoverageTally::default();
        for document in documents.iter().filter(|document| document.set == set) {
            tally.add(&lexicon, document);
        }
        println!("{set:<12} {}", tally.row());
        all.add_means(&tally);
    }
    println!("{:<12} {}", "mean", all.row());
    Ok(())
}

/// Returns the ten best entries of a word in one line.
fn entries_line(lexicon: &Lexicon, word: &str) -> String {
    let word = normalise(word);
    let arabic = word.starts_with(|c: char| !c.is_ascii());
    let language = if arabic { Language::Arabic } else { Language::English };
    let stem = stem(&word, language);
    let mut entries: Vec<(&str, f32)> = if arabic {
        lexicon.translations(&stem).collect()
    } else {
        lexicon.translations_of_english(&stem).collect()
    };
    entries.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let best: Vec<String> =
        entries.iter().take(10).map(|(other, s)| format!("{other} {s:.2}")).collect();
    format!("{word} ({stem}): {}", best.join(", "))
}

/// Sums over beads, or over sets, in which case `beads` is the number of sets.
#[derive(Default)]
struct CoverageTally {
    beads: f64,
    paired_share: f64,
    other_share: f64,
    paired: f64,
    other: f64,
    /// The number of comparisons in which the bead has more coverage than another sentence; a tie
    /// counts half.
    best: f64,
}

/// The content stems of a sentence with their weights in the document.
type WeightedStems = Vec<(String, f64)>;

impl CoverageTally {
    /// Compares each 1-1 bead with ten other English sentences of the document.
    fn add(&mut self, lexicon: &Lexicon, document: &GoldDocument) {
        let src = weighted(&document.src, Language::Arabic);
        let tgt = weighted(&document.tgt, Language::English);
        for rung in document.gold.iter().filter(|r| r.src.len() == 1 && r.tgt.len() == 1) {
            let (ar, j) = (&src[rung.src[0] as usize], rung.tgt[0] as usize);
            if ar.is_empty() {
                continue;
            }
            let paired = (share(lexicon, ar, &tgt[j]), coverage(lexicon, ar, &tgt[j]));
            // An aligner confuses neighbours, so most of the others are near.
            let n = tgt.len() as i64;
            let others: Vec<usize> = [-1, 1, -2, 2, -3, 3, -7, 7, n / 2, n / 3]
                .map(|step| (j as i64 + step).rem_euclid(n) as usize)
                .into_iter()
                .filter(|&other| other != j)
                .collect();
            let count = others.len() as f64;
            self.beads += 1.0;
            self.paired_share += paired.0;
            self.paired += paired.1;
            for other in others {
                let found = coverage(lexicon, ar, &tgt[other]);
                self.other_share += share(lexicon, ar, &tgt[other]) / count;
                self.other += found / count;
                self.best +=
                    f64::from((paired.1 > found) as u8 + (paired.1 >= found) as u8) / (2.0 * count);
            }
        }
    }

    /// Adds the means of a set.
    fn add_means(&mut self, set: &Self) {
        self.beads += 1.0;
        self.paired_share += set.paired_share / set.beads;
        self.other_share += set.other_share / set.beads;
        self.paired += set.paired / set.beads;
        self.other += set.other / set.beads;
        self.best += set.best / set.beads;
    }

    fn row(&self) -> String {
        let mean = |sum: f64| sum / self.beads;
        format!(
            "{:>5} | {:>22.3} {:>6.3} | {:>17.3} {:>6.3} | {:.4}",
            self.beads,
            mean(self.paired_share),
            mean(self.other_share),
            mean(self.paired),
            mean(self.other),
            mean(self.best)
        )
    }
}

/// Returns the content stems of each sentence, weighted by inverse document frequency.
fn weighted(sentences: &[String], language: Language) -> Vec<WeightedStems> {
    let stems: Vec<Vec<String>> = sentences
        .iter()
        .map(|sentence| {
            let sentence = normalise(sentence);
            let mut stems: Vec<String> = words(&sentence).map(|w| stem(w, language)).collect();
            stems.retain(|stem| !is_function_stem(stem, language));
            stems.sort_unstable();
            stems.dedup();
            stems
        })
        .collect();
    let mut frequency: HashMap<&str, f64> = HashMap::new();
    for stem in stems.iter().flatten() {
        *frequency.entry(stem).or_default() += 1.0;
    }
    let weight = |stem: &String| ((sentences.len() as f64 + 1.0) / frequency[&**stem]).ln();
    stems
        .iter()
        .map(|sentence| sentence.iter().map(|stem| (stem.clone(), weight(stem))).collect())
        .collect()
}

fn similarity(lexicon: &Lexicon, arabic: &str, english: &str) -> f32 {
    if arabic == english {
        return 1.0;
    }
    match (lexicon.arabic_id(arabic), lexicon.english_id(english)) {
        (Some(arabic), Some(english)) => lexicon.similarity(arabic, english),
        _ => 0.0,
    }
}

/// Returns the share of the Arabic words that have a translation in the English sentence.
fn share(lexicon: &Lexicon, arabic: &WeightedStems, english: &WeightedStems) -> f64 {
    let found = |a: &str| english.iter().any(|(e, _)| similarity(lexicon, a, e) > 0.0);
    arabic.iter().filter(|(a, _)| found(a)).count() as f64 / arabic.len() as f64
}

/// Returns the weighted coverage of both sentences by each other, as in the aligner's score.
fn coverage(lexicon: &Lexicon, arabic: &WeightedStems, english: &WeightedStems) -> f64 {
    let best = |found: &mut dyn Iterator<Item = f32>| f64::from(found.fold(0.0, f32::max)).sqrt();
    let side = |covered: f64, all: &WeightedStems| {
        covered / (all.iter().map(|(_, w)| w).sum::<f64>() + 2.0)
    };
    let of_arabic: f64 = arabic
        .iter()
        .map(|(a, w)| w * best(&mut english.iter().map(|(e, _)| similarity(lexicon, a, e))))
        .sum();
    let of_english: f64 = english
        .iter()
        .map(|(e, w)| w * best(&mut arabic.iter().map(|(a, _)| similarity(lexicon, a, e))))
        .sum();
    (side(of_arabic, arabic) + side(of_english, english)) / 2.0
}
