//! The lexicon: learning it, and seeing what it is worth.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use nasaq::{Language, Lexicon};
use nasaq_text::{is_function_stem, normalise, stem_into, words};

mod measure;
mod model1;

pub(crate) use measure::{MeasureArgs, measure};

/// The similarity of what the file of terms says.
const TERM: f32 = 0.6;

/// What to learn from.
#[derive(clap::Args)]
pub(crate) struct TrainArgs {
    /// The folder of `*.tsv` files.
    folder: PathBuf,
    /// The lexicon file to write.
    #[arg(short, default_value = "crates/text/assets/lexicon.nasaq")]
    output: PathBuf,
    /// Rounds of expectation and maximisation.
    #[arg(long, default_value_t = 6)]
    rounds: usize,
    /// Added to a word's count before it is shared out: what is seen once is doubted.
    #[arg(long, default_value_t = 0.5)]
    doubt: f64,
    /// Pairs of no greater similarity are dropped.
    #[arg(long, default_value_t = 0.005)]
    least: f32,
    /// How often a file's pairs count, `name=weight`; 1 where nothing is said.
    #[arg(long = "weight", value_parser = weight, default_values = ["tatoeba=2", "health-terms=2"])]
    weights: Vec<(String, f64)>,
    /// Pairs of words of which nothing is to be learned.
    #[arg(long, default_value = "crates/text/assets/lexicon-terms.tsv")]
    terms: PathBuf,
}

fn weight(text: &str) -> Result<(String, f64)> {
    let (name, weight) = text.split_once('=').context("name=weight")?;
    Ok((name.to_owned(), weight.parse()?))
}

/// Stems and their numbers, in the order in which they were met.
struct Vocabulary {
    language: Language,
    ids: HashMap<String, u32>,
    stems: Vec<String>,
}

impl Vocabulary {
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

/// Learns a lexicon and writes it.
#[expect(clippy::print_stdout, reason = "the counts are what the task reports")]
pub(crate) fn train(args: &TrainArgs) -> Result<()> {
    let start = Instant::now();
    let mut arabic = Vocabulary::new(Language::Arabic);
    let mut english = Vocabulary::new(Language::English);
    let mut pairs = Vec::new();
    for file in files(&args.folder)? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let weight = args.weights.iter().find(|(of, _)| *of == name).map_or(1.0, |&(_, w)| w);
        let text = read(&file)?;
        let before = pairs.len();
        for (ar, en) in rows(&file, &text)? {
            if weight > 0.0 {
                pairs.push(model1::Pair {
                    arabic: arabic.ids(ar),
                    english: english.ids(en),
                    weight,
                });
            }
        }
        println!("{name:<16} {:>7} pairs, weight {weight}", pairs.len() - before);
    }
    ensure!(!pairs.is_empty(), "{} holds no pairs", args.folder.display());
    let counts = (arabic.stems.len(), english.stems.len());
    println!("stems: {} Arabic, {} English", counts.0, counts.1);

    let model = model1::Model::train(&pairs, counts, args.rounds, args.doubt);
    let mut lexicon = Lexicon::empty();
    for (a, e, similarity) in model.similarities() {
        let (ar, en) = (&arabic.stems[a as usize], &english.stems[e as usize]);
        let function = is_function_stem(ar, Language::Arabic);
        // A function word is near every word; only another one translates it. What is written
        // alike needs no entry.
        let kept = function == is_function_stem(en, Language::English) && ar != en;
        if kept && similarity > args.least {
            lexicon.set(ar, en, similarity);
        }
    }
    let mut terms = Lexicon::empty();
    for (ar, en) in rows(&args.terms, &read(&args.terms)?)? {
        terms.insert(ar, en, TERM);
    }
    lexicon.merge(&terms);
    let bytes = lexicon.to_bytes();
    fs::write(&args.output, &bytes).with_context(|| args.output.display().to_string())?;
    println!(
        "{}: {} entries, {} bytes, {:.1} s",
        args.output.display(),
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
