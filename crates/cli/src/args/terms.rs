//! Arguments of `nasaq terms`.

use std::path::PathBuf;

use super::score::ReadingArgs;

const TERMS_EXAMPLES: &str = "\
Examples:
  nasaq terms memory.tmx -o terms.tsv
  nasaq terms 'memories/*.tmx' -o terms.tbx --min-count 5
  nasaq terms aligned.jsonl --lexicon glossary.tsv --new

A term is a word or a phrase that the bitext translates in the same way again and again. The score
is Dice's coefficient of how often both are in the same pairs, with half a pair subtracted.
Candidates are sorted by it and by how often they occur; a person has to choose among them.

Columns of TSV: src, tgt, score, count (pairs with both), src_count, tgt_count, in_lexicon (1 for a
pair of single words that the lexicon has), pairs (the first ones, from 1), src_example and
tgt_example. `--lexicon` of other commands reads both formats. The words of the bitext are held in
memory, about 12 bytes per word, and it is read twice.";

/// Arguments of `nasaq terms`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = TERMS_EXAMPLES)]
pub struct TermsArgs {
    /// The bitext, in any format; several files, patterns and output folders of `nasaq align
    /// --corpus` are read as one corpus; - is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as a heading")]
    pub reading: ReadingArgs,

    /// Write to this file instead of standard output; nothing is written if the command fails
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Format of the output [default: TBX if -o ends with .tbx, otherwise TSV]
    #[arg(long, value_name = "tsv|tbx")]
    pub to: Option<TermsFormat>,

    /// Ignore terms that have their translation in fewer pairs than this
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(2..))]
    pub min_count: u32,

    /// The maximum number of words of a term
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = max_words)]
    pub max_words: usize,

    /// Ignore terms with a lower score, 0 to 1
    #[arg(long, value_name = "SCORE", default_value_t = 0.3, value_parser = super::probability)]
    pub min_score: f32,

    /// Only terms that the lexicon does not have: phrases, and pairs of words that it lacks
    #[arg(long)]
    pub new: bool,

    /// A lexicon or glossary to add to the built-in one, TSV, CSV or TBX; repeatable
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,
}

/// The format of a list of terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum TermsFormat {
    /// Columns separated by tabs
    Tsv,
    /// TBX-Basic, ISO 30042:2019
    Tbx,
}

fn max_words(text: &str) -> Result<usize, String> {
    let value: Option<usize> = text.parse().ok();
    value
        .filter(|value| (1..=8).contains(value))
        .ok_or_else(|| "a number from 1 to 8 is expected".to_owned())
}
