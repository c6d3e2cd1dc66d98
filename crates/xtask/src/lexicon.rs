//! Trains, distils and measures the lexicon.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use nasaq::{Language, Lexicon};
use nasaq_text::{is_function_stem, normalise, stem_into, words};

mod distil;
mod measure;
mod model1;

pub(crate) use distil::{DistilArgs, distil};
pub(crate) use measure::{MeasureArgs, measure};

/// The similarity of the pairs in the file of terms.
const TERM_SIMILARITY: f32 = 0.6;

/// The arguments of `train-lexicon`.
#[derive(clap::Args)]
pub(crate) struct TrainArgs {
    /// The folder of `*.tsv` files.
    folder: PathBuf,
    /// The lexicon file to write.
    #[arg(short, default_value = "crates/text/assets/lexicon.nasaq")]
    output: PathBuf,
    /// Iterations of expectation maximisation.
    #[arg(long, default_value_t = 6)]
    rounds: usize,
    /// Added to the count of each word before normalisation, which lowers the probabilities of rare
    /// words.
    #[arg(long, default_value_t = 0.5)]
    doubt: f64,
    /// Pairs up to this similarity are dropped.
    #[arg(long = "least", default_value_t = 0.005)]
    max_dropped: f32,
    /// The weight of the pairs of a file, as `name=weight`; 1 by default.
    #[arg(long = "weight", value_parser = weight, default_values = ["tatoeba=2", "health-terms=2"])]
    weights: Vec<(String, f64)>,
    /// A file of pairs of words that are added to the trained ones.
    #[arg(long, default_value = "crates/text/assets/lexicon-terms.tsv")]
    terms: PathBuf,
}

fn weight(text: &str) -> Result<(String, f64)> {
    let (name, weight) = text.split_once('=').context("name=weight")?;
    Ok((name.to_owned(), weight.parse()?))
}

/// Stems and their ids, in the order of their first occurrence.
struct StemIds {
    language: Language,
    ids: HashMap<String, u32>,
    stems: Vec<String>,
}

impl StemIds {
    fn new(language: Language) -> Self {
        Self { language, ids: HashMap::new(), stems: Vec::new() }
    }

    fn ids(&mut self, text: &str) -> Vec<u32> {
        let text = normalise(text);
        let mut stem = String::new();
        let id = |word| {
            stem_into(word, self.language, &mut stem);
            if let Some(&id) = self.ids.get(&stem) {
                return id;
            }
            let id = self.stems.len() as u32;
            self.stems.push(stem.clone());
            self.ids.insert(stem.clone(), id);
            id
        };
        words(&text).map(id).collect()
    }
}

/// Trains a lexicon and writes it.
#[expect(clippy::print_stdout, reason = "the counts are the output of the task")]
pub(crate) fn train(args: &TrainArgs) -> Result<()> {
    let start = Instant::now();
    let mut arabic = StemIds::new(Language::Arabic);
    let mut english = StemIds::new(Language::English);
    let mut pairs = Vec::new();
    for file in files(&args.folder)? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let weight = args.weights.iter().find(|(of, _)| *of == name).map_or(1.0, |&(_, w)| w);
        let text = read(&file)?;
        let before = pairs.len();
        for (ar, en) in rows(&file, &text)? {
            if weight > 0.0 {
                pairs.push(model1::StemPair {
                    arabic: arabic.ids(ar),
                    english: english.ids(en),
                    weight,
                });
            }
        }
        println!("{name:<16} {:>7} pairs, weight {weight}", pairs.len() - before);
    }
    ensure!(!pairs.is_empty(), "{} has no pairs", args.folder.display());
    let counts = (arabic.stems.len(), english.stems.len());
    println!("stems: {} Arabic, {} English", counts.0, counts.1);

    let model = model1::Model1::train(&pairs, counts, args.rounds, args.doubt);
    let mut lexicon = Lexicon::empty();
    for (a, e, similarity) in model.similarities() {
        let (ar, en) = (&arabic.stems[a as usize], &english.stems[e as usize]);
        let function = is_function_stem(ar, Language::Arabic);
        // Function words occur beside every word, but only function words translate them. Equal
        // stems need no entry.
        let is_entry = function == is_function_stem(en, Language::English) && ar != en;
        if is_entry && similarity > args.max_dropped {
            lexicon.set(ar, en, similarity);
        }
    }
    let mut terms = Lexicon::empty();
    for (ar, en) in rows(&args.terms, &read(&args.terms)?)? {
        terms.insert(ar, en, TERM_SIMILARITY);
    }
    lexicon.merge(&terms);
    write(&lexicon, &args.output, start)
}

/// Writes a lexicon file and prints its size, and the time since the task started.
#[expect(clippy::print_stdout, reason = "the size is the output of the task")]
fn write(lexicon: &Lexicon, path: &Path, start: Instant) -> Result<()> {
    let bytes = lexicon.to_bytes();
    fs::write(path, &bytes).with_context(|| path.display().to_string())?;
    println!(
        "{}: {} entries, {} bytes, {:.1} s",
        path.display(),
        lexicon.len(),
        bytes.len(),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| file.display().to_string())
}

fn rows<'t>(file: &Path, text: &'t str) -> Result<Vec<(&'t str, &'t str)>> {
    let row = |(index, line): (usize, &'t str)| {
        line.split_once('\t').with_context(|| format!("{}:{}: no tab", file.display(), index + 1))
    };
    text.lines().enumerate().map(row).collect()
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "tsv"));
    files.sort();
    Ok(files)
}
