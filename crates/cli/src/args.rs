//! What was typed.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use nasaq_encoder::Precision;
use nasaq_formats::Format;
use nasaq_kernels::Isa;

use convert::ConvertArgs;
use document::{DocumentArgs, SideArgs};
use report::ReportArgs;
use score::{FilterArgs, ScoreArgs};

pub(crate) mod convert;
pub(crate) mod document;
pub(crate) mod report;
pub(crate) mod score;

const EXAMPLES: &str = "\
Examples:
  nasaq align story.ar.txt story.en.txt              a table on the terminal
  nasaq align story.ar.txt story.en.txt -o story.tmx a translation memory
  nasaq align --corpus ar/ en/ -o out/               all files of two folders
  nasaq pair ar/ en/ -o manifest.tsv                 which file belongs to which
  nasaq segment story.ar.txt --lang ar               one sentence a line
  nasaq score corpus.tsv -o scored.tsv               how good is each pair?
  nasaq report corpus.tsv -o report.html             what is this corpus like?
  nasaq filter corpus.tsv -o kept.tsv                the good ones, and what each filter cost
  nasaq convert memory.tmx -o memory.tsv             any bitext in another format
  nasaq eval --gold gold.ladder --test test.ladder   precision, recall, F1

Exit codes: 0 done, 1 something failed, 2 wrong usage, 3 input unusable, 4 below the bar";

/// Aligns Arabic text with its English translation, sentence by sentence, with honest
/// probabilities.
#[derive(Clone, Debug, Parser)]
#[command(name = "nasaq", version, after_help = EXAMPLES, max_term_width = 100)]
pub struct Args {
    /// What to do
    #[command(subcommand)]
    pub command: Command,

    /// Print no warnings and no summary; errors are printed
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Pair the sentences of a document with those of its translation
    Align(AlignArgs),
    /// Find which files of two folders are translations of each other
    Pair(PairArgs),
    /// Cut a document into sentences
    Segment(SegmentArgs),
    /// Say how good each pair of a bitext is, and why
    Score(Box<ScoreArgs>),
    /// Turn a bitext into another format: TMX, XLIFF, tables, JSON Lines, Moses, HTML and more
    Convert(Box<ConvertArgs>),
    /// Keep the good pairs of a bitext, and account for the others
    Filter(Box<FilterArgs>),
    /// Say what a corpus is like: one page, JSON, or a summary on the terminal
    Report(Box<ReportArgs>),
    /// Compare ladders with gold ladders: strict and lax precision, recall, F1
    Eval(EvalArgs),
}

const ALIGN_EXAMPLES: &str = "\
Examples:
  nasaq align story.ar.txt story.en.txt
  nasaq align story.en.txt story.ar.txt --src-lang en -o story.jsonl
  nasaq align --segmented story.ar story.en --to ladder > story.ladder
  pdftotext law.pdf - | nasaq align - law.en.txt -o law.tmx
  nasaq align report.ar.docx report.en.docx -o report.tmx
  nasaq align news.ar.html news.en.html --main
  nasaq align old.txt new.txt --src-encoding windows-1256
  nasaq align a.ar.txt a.en.txt --anchor 0:0 --anchor 41:44 -o a.tsv
  nasaq align a.ar.txt a.en.txt --lexicon terms.tbx --lexicon names.tsv -o a.tmx

--split-long cuts after ، ؛ : and dashes and before words such as ثم and those with و or ف, where
  each piece surely has English sentences of its own; segments are then counted after the cuts, and
  anchors before them.

Lexicons: a row of TSV is an Arabic and an English term in either order and, if wanted, how surely
  one stands for the other, 0 to 1 (otherwise 1; 0 takes the pair out); a header and # comments are
  skipped. TBX is ISO 30042 of either edition.

Documents: the kind is seen from the ending and the contents, or said with --from; docs/documents.md
  tells what of each is read. Text is UTF-8, UTF-16, windows-1256, ISO-8859-6 or plain windows-1252.

Formats (byte offsets count in the text, UTF-8, from after a byte order mark; spans are half-open;
  all counts from 0; src_place and tgt_place are added where documents have paragraphs or subtitles):
  table   side by side, for reading; doubtful beads are marked with ?
  tsv     a header, then src, tgt, probability, kind, score, doc, bead, src_segments,
          tgt_segments, src_bytes, tgt_bytes, moved (of text without counterpart that stands
          elsewhere: the other side's segments); tabs and line breaks in a text as \\t \\n \\r, \\ as \\\\
  jsonl   one object a bead with the same names; loses nothing
  ladder  [0]:[0, 1]:0.9700, segments of both sides and the probability
  tmx     TMX 1.4b for translation tools; sentences without a counterpart are left out; the
          settings used are in its header (only parquet has a place for them too)
  xliff   XLIFF 2.1 for translation tools, nulls included, one <file> a document
  csv     as tsv, for spreadsheets: quoted, and with a byte order mark
  xlsx    a spreadsheet to review: coloured by probability, with a verdict to choose
  html    a page to read, side by side, in one file without a script
  moses   two files, line by line: -o NAME gives NAME.ar and NAME.en
  srt     subtitles in both languages, where the times are known
  hunalign  its ladder: two numbers and the probability
  parquet columns for Spark, DuckDB and pandas, as in tsv; spans are two columns, _start and _end
  The ending of -o may have .gz or .zst after it. docs/bitexts.md tells what each keeps and loses.

Corpora: docs/corpus.md has recipes.
  nasaq align --corpus ar/ en/ -o out/ --dry-run           names say which files belong together
  nasaq align --corpus 'texts/{id}.ar.txt' 'texts/{id}.en.txt' -o out/
  nasaq align --corpus manifest.tsv -o out/ --to parquet --shard-size 1000
  A manifest is TSV or CSV with a header, or JSONL: id, src and tgt (paths from its folder) or
  src_text and tgt_text; all else is metadata and comes out again. The same command goes on where a
  run was stopped. out/documents.tsv has a row a document, out/errors.jsonl what failed.

Streams: docs/scale.md has recipes for Spark and GNU parallel.
  nasaq align --jsonl < pairs.jsonl > aligned.jsonl
  In: {\"id\": \"a\", \"src\": TEXT or [SEGMENT, ...], \"tgt\": likewise}; all else comes out as meta.
  Out: id, line, status (ok or error), error (kind, reason, hint), document_score, warnings, and beads
  as in jsonl above. A line that is no document is an error result; it does not end the stream, and
  the exit code is 0. Blank lines are skipped.";

/// What `nasaq align` was given.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = ALIGN_EXAMPLES)]
#[command(group(clap::ArgGroup::new("many").args(["corpus", "jsonl"])))]
pub struct AlignArgs {
    /// The document: text, HTML, DOCX, EPUB, SRT, WebVTT or Markdown; - is standard input
    #[arg(
        required = false,
        required_unless_present = "jsonl",
        default_value_if("jsonl", "true", "-")
    )]
    pub src: PathBuf,

    /// Its translation; - is standard input
    #[arg(required_unless_present_any = ["corpus", "jsonl"])]
    pub tgt: Option<PathBuf>,

    /// Keep the lines: each is one segment, and none is cut
    #[arg(long)]
    pub segmented: bool,

    /// Cut long Arabic sentences, too, where the English has a sentence boundary
    #[arg(long)]
    pub split_long: bool,

    /// Output format [default: by the ending of -o; the table on a terminal; otherwise tsv]
    #[arg(long, value_name = "FORMAT", value_parser = crate::formats::printable())]
    pub to: Option<OutputFormat>,

    /// Write to this file, whole or not at all, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Language of SRC: ar or en, or a locale of one such as ar-EG [default: ar, or the other one]
    #[arg(long, value_name = "LANG")]
    pub src_lang: Option<String>,

    /// Language of TGT [default: en, or the other one]
    #[arg(long, value_name = "LANG")]
    pub tgt_lang: Option<String>,

    /// A pair of segments that correspond, counted from 0; may be repeated
    #[arg(long, value_name = "S:T", value_parser = crate::anchors::parse_anchor)]
    pub anchor: Vec<nasaq::Anchor>,

    /// A file of such pairs: two numbers from 0 a line, divided by a tab
    #[arg(long, value_name = "FILE")]
    pub anchors: Option<PathBuf>,

    /// Your own lexicon or glossary, added to the one inside the program; TSV or TBX; may be repeated
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,

    /// Threads to use; the result does not depend on it [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Align many documents: SRC and TGT are two folders or two templates such as
    /// 'texts/{id}.ar.txt', or SRC alone is a folder or a manifest; -o is a folder
    #[arg(long, help_heading = "Corpus", conflicts_with_all = ["anchor", "anchors"])]
    pub corpus: bool,

    /// Align a stream: a JSON object a line with id, src and tgt (each a text or a list of segments)
    /// from standard input, or from the file SRC; a result a line, in the same order
    #[arg(long, help_heading = "Stream",
        conflicts_with_all = ["tgt", "corpus", "anchor", "anchors", "to", "json"])]
    pub jsonl: bool,

    /// Write shards of this many documents each, in place of a file a document
    #[arg(long, value_name = "N", help_heading = "Corpus", requires = "corpus")]
    pub shard_size: Option<std::num::NonZeroUsize>,

    /// Print which documents there are and what they will take, and align nothing
    #[arg(long, help_heading = "Corpus", requires = "corpus")]
    pub dry_run: bool,

    /// Memory to stay below, as in 800M or 4G [default: three quarters of the machine's]
    #[arg(long, value_name = "SIZE", help_heading = "Corpus", requires = "many",
        value_parser = crate::corpus::parse_size)]
    pub max_memory: Option<u64>,

    /// How the documents are read
    #[command(flatten)]
    pub documents: DocumentArgs,

    /// How one side is read
    #[command(flatten)]
    pub sides: SideArgs,

    /// Write the times of all stages to this file, as JSON
    #[arg(long, value_name = "FILE", help_heading = "Corpus", requires = "corpus")]
    pub metrics: Option<PathBuf>,

    /// Print the summary as JSON on standard output (the alignment goes to -o)
    #[arg(long, requires = "output")]
    pub json: bool,

    /// A model file to use in place of the one inside the program
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,

    /// How exactly the encoder reckons: int8 is faster, f32 nearer to the reference
    #[arg(long, value_name = "int8|f32", default_value_t)]
    pub precision: Precision,

    /// Which kernels to compute with; for tests
    #[arg(long, value_name = "scalar|neon|avx2|avx512|vnni", hide = true)]
    pub kernel: Option<Isa>,
}

/// What `--to` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputFormat {
    /// Side by side, for reading.
    Table,
    /// A format of files.
    File(Format),
}

const PAIR_EXAMPLES: &str = "\
Examples:
  nasaq pair arabic/ english/ -o manifest.tsv
  nasaq align --corpus manifest.tsv -o out/

A row is id, src, tgt, pair_score and pair_margin: how well the two match, about 0 to 1, and how much
better than either would match another file. Each file is in one pair at the most. Files that stay
alone are told on standard error, and with --json all is printed as JSON.";

/// What `nasaq pair` was given.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = PAIR_EXAMPLES)]
pub struct PairArgs {
    /// The folder of the documents, at any depth
    pub src: PathBuf,

    /// The folder of their translations
    pub tgt: PathBuf,

    /// Pair only files that match at least so well, 0 to 1
    #[arg(long, value_name = "SCORE", default_value_t = nasaq::LEAST_PAIR_SCORE)]
    pub threshold: f32,

    /// Write to this file, whole or not at all, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Print JSON: pairs, and what stays alone with its nearest partner
    #[arg(long)]
    pub json: bool,

    /// Language of SRC: ar or en, or a locale of one such as ar-EG [default: ar, or the other one]
    #[arg(long, value_name = "LANG")]
    pub src_lang: Option<String>,

    /// Language of TGT [default: en, or the other one]
    #[arg(long, value_name = "LANG")]
    pub tgt_lang: Option<String>,

    /// How the documents are read
    #[command(flatten)]
    pub documents: DocumentArgs,

    /// Threads to use; the result does not depend on it [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// A model file to use in place of the one inside the program
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
}

const SEGMENT_EXAMPLES: &str = "\
Examples:
  nasaq segment story.ar.txt --lang ar > story.ar
  nasaq segment story.en.txt --lang en --to jsonl | head

text has one sentence a line; a line break inside a sentence becomes a space. jsonl has one object
a sentence: doc, segment (from 0), text, bytes (half-open, of the text after a byte order mark, in
UTF-8), and place where the document has blocks.";

/// What `nasaq segment` was given.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = SEGMENT_EXAMPLES)]
pub struct SegmentArgs {
    /// The document: text, HTML, DOCX, EPUB, SRT, WebVTT or Markdown; - is standard input
    pub file: PathBuf,

    /// Its language: ar or en
    #[arg(long, value_name = "LANG")]
    pub lang: String,

    /// How the document is read
    #[command(flatten)]
    pub documents: DocumentArgs,

    /// Output format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = SegmentFormat::Text)]
    pub to: SegmentFormat,

    /// Write to this file, whole or not at all, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// The names of `nasaq segment --to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SegmentFormat {
    /// One sentence a line
    Text,
    /// One JSON object a sentence, with byte offsets
    Jsonl,
}

const EVAL_EXAMPLES: &str = "\
Examples:
  nasaq eval --gold gold.ladder --test test.ladder --by-type
  nasaq eval --gold gold/ --test out/ --json
  nasaq eval --gold gold/ --test out/ --fail-under 0.95

Strict: a bead is right when both its sides are exactly the gold's. Lax: when it shares a source
and a target segment with one gold bead. Precision counts nulls, recall does not; counts are summed
over the documents before dividing. These are the definitions of vecalign's scorer.";

/// What `nasaq eval` was given.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EVAL_EXAMPLES)]
pub struct EvalArgs {
    /// The gold ladder, or a folder of them
    #[arg(long, value_name = "PATH")]
    pub gold: PathBuf,

    /// The ladder to judge, or a folder of ladders with the names of the gold's; the output folder of
    /// nasaq align --corpus --to ladder is one
    #[arg(long, value_name = "PATH")]
    pub test: PathBuf,

    /// Print also a row for each kind of bead
    #[arg(long)]
    pub by_type: bool,

    /// Print JSON: counts and ratios, by document, by kind and in all
    #[arg(long)]
    pub json: bool,

    /// End with exit code 4 where the strict F1 of all documents is below this, 0 to 1
    #[arg(long, value_name = "F1")]
    pub fail_under: Option<f64>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn definitions_are_sound() {
        Args::command().debug_assert();
    }
}
