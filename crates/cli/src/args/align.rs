//! Arguments of `nasaq align`.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use nasaq_encoder::Precision;
use nasaq_formats::Format;
use nasaq_kernels::Isa;

use super::document::{DocumentArgs, SideArgs};

const ALIGN_EXAMPLES: &str = "\
Examples:
  nasaq align story.ar.txt story.en.txt
  nasaq align story.en.txt story.ar.txt --src-lang en -o story.jsonl
  nasaq align --segmented story.ar story.en --to ladder > story.ladder
  nasaq align law.ar.pdf law.en.pdf -o law.tmx
  nasaq align report.ar.docx report.en.docx -o report.tmx
  nasaq align news.ar.html news.en.html --main
  nasaq align old.txt new.txt --src-encoding windows-1256
  nasaq align a.ar.txt a.en.txt --anchor 0:0 --anchor 41:44 -o a.tsv
  nasaq align a.ar.txt a.en.txt --lexicon terms.tbx --lexicon names.tsv -o a.tmx

Long sentences: --split-long splits long Arabic sentences after ، ؛ : and dashes, and before words
  such as ثم and words that begin with و or ف, where each part very probably translates different
  English sentences. Segment indices in the output count the parts; anchors count the sentences.

Lexicons: TSV or CSV has an Arabic and an English term per row, in either order, and optionally the
  probability that one translates the other, 0 to 1 (default 1; 0 removes the pair). A header and
  # comments are skipped. TBX is ISO 30042, either edition.

Documents: the kind of a document is detected from its file ending and contents, or set with --from;
  docs/documents.md describes what is read from each. Text is UTF-8, UTF-16, windows-1256,
  ISO-8859-6 or plain windows-1252.

Formats (byte offsets count UTF-8 bytes of the text after a byte order mark; spans are half-open;
  all indices start at 0; src_place and tgt_place are added for documents with paragraphs or
  subtitles):
  table   side by side, to read in the terminal; doubtful beads are marked with ?
  tsv     a header, then src, tgt, probability, kind, score, doc, bead, src_segments, tgt_segments,
          src_bytes, tgt_bytes, moved (for text that is translated elsewhere: the segments of the
          other side); tabs and line breaks in a text are \\t \\n \\r, a backslash is \\\\
  jsonl   one object per bead, with the same names; lossless
  ladder  [0]:[0, 1]:0.9700, the segments of both sides and the probability
  tmx     TMX 1.4b for translation tools; text without a translation is omitted; with --properties
          document, kind and probability of each pair, and the settings in its header
  xliff   XLIFF 2.1 for translation tools, with untranslated text, one <file> per document
  csv     like tsv, for spreadsheets: quoted, with a byte order mark
  xlsx    a spreadsheet for review: coloured by probability, with a verdict to choose
  html    a page to read, side by side, in one file without a script
  moses   two line-aligned files: -o NAME writes NAME.ar and NAME.en
  srt     subtitles in both languages, for documents with times
  hunalign  a hunalign ladder: two indices and the probability
  xces    cesAlign as OPUS has it: -o NAME writes NAME.ar.xml, NAME.en.xml and the links between
          their sentences, NAME.ar.en.alignment.xml; intertext writes these files for InterText
  tei     TEI P5: both texts, sentence by sentence, and the links between them
  parquet columns for Spark, DuckDB and pandas, as in tsv; a span is two columns, _start and _end
  -o may end in .gz or .zst after the format. docs/bitexts.md lists what each format can hold.

Corpora: docs/corpus.md has recipes.
  nasaq align --corpus ar/ en/ -o out/ --dry-run           show how files are matched by name
  nasaq align --corpus 'texts/{id}.ar.txt' 'texts/{id}.en.txt' -o out/
  nasaq align --corpus ar/ en/ -o memory.tmx                all documents in one file
  nasaq align --corpus manifest.tsv -o out/ --to parquet --shard-size 1000
  A manifest is TSV or CSV with a header, or JSONL, with id and either src and tgt (paths relative
  to the manifest) or src_text and tgt_text; all other columns are metadata and are copied to the
  output. Run the same command again to resume after an interruption. out/documents.tsv has a row
  per document, out/errors.jsonl lists failures.

Streams: docs/scale.md has recipes for Spark and GNU parallel.
  nasaq align --jsonl < pairs.jsonl > aligned.jsonl
  Input: {\"id\": \"a\", \"src\": TEXT or [SEGMENT, ...], \"tgt\": TEXT or [SEGMENT, ...]}; other
  members are copied to meta. Output: id, line, status (ok or error), error (kind, reason, hint),
  document_score, warnings, and beads as in jsonl above. A line that cannot be aligned becomes an
  error result; the stream continues and the exit code is 0. Blank lines are skipped.";

/// Arguments of `nasaq align`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = ALIGN_EXAMPLES)]
#[command(group(clap::ArgGroup::new("many").args(["corpus", "jsonl"])))]
pub struct AlignArgs {
    /// The document: text, HTML, DOCX, ODT, PPTX, EPUB, subtitles or Markdown; - is standard input
    #[arg(
        required = false,
        required_unless_present = "jsonl",
        default_value_if("jsonl", "true", "-")
    )]
    pub src: PathBuf,

    /// Its translation; - is standard input
    pub tgt: Option<PathBuf>,

    /// Take each line as one segment, without splitting or joining lines
    #[arg(long)]
    pub segmented: bool,

    /// Also split long Arabic sentences where the English has a sentence boundary
    #[arg(long)]
    pub split_long: bool,

    /// Link the words of each pair that translate each other, as 0-0 1-2 (Pharaoh format) in the field
    /// `words` of JSON Lines and tables; an HTML page lights them
    #[arg(long)]
    pub words: bool,

    /// Keep all beads in order on both sides: moved text is reported but unaligned
    #[arg(long)]
    pub monotone: bool,

    /// Output format [default: from the ending of -o; table in a terminal; otherwise tsv]
    #[arg(long, value_name = "FORMAT", value_parser = crate::formats::printable())]
    pub to: Option<OutputFormat>,

    /// Write to this file instead of standard output; nothing is written if the command fails
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Write nasaq's properties to a translation memory (document, kind, probability, settings);
    /// other formats have them anyway
    #[arg(long)]
    pub properties: bool,

    /// The lowest probability of a pair in a translation memory (TMX), 0 to 1; pairs below are
    /// omitted and counted. Other formats have all pairs
    #[arg(long, value_name = "P", default_value_t = 0.5, value_parser = crate::args::probability)]
    pub min_probability: f32,

    /// Language of SRC: ar or en, or a locale such as ar-EG [default: ar, or en if TGT is ar]
    #[arg(long, value_name = "LANG")]
    pub src_lang: Option<String>,

    /// Language of TGT [default: en, or ar if SRC is en]
    #[arg(long, value_name = "LANG")]
    pub tgt_lang: Option<String>,

    /// Two segments that correspond, by index from 0; repeatable
    #[arg(long, value_name = "S:T", value_parser = crate::anchors::parse_anchor)]
    pub anchor: Vec<nasaq::Anchor>,

    /// A file of anchors: per line two segment indices from 0, separated by a tab
    #[arg(long, value_name = "FILE")]
    pub anchors: Option<PathBuf>,

    /// A lexicon or glossary to add to the built-in one, TSV, CSV or TBX; repeatable
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,

    /// Number of threads; does not change the result [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Align many documents: SRC and TGT are two folders or two templates such as
    /// 'texts/{id}.ar.txt', or SRC alone is a folder or a manifest; -o is a folder, or one file such as
    /// memory.tmx
    #[arg(long, help_heading = "Corpus", conflicts_with_all = ["anchor", "anchors"])]
    pub corpus: bool,

    /// Align a stream: read a JSON object per line with id, src and tgt (each a text or a list of
    /// segments) from standard input or the file SRC, and write a result per line, in the same order
    #[arg(long, help_heading = "Stream",
        conflicts_with_all = ["tgt", "corpus", "anchor", "anchors", "to", "json"])]
    pub jsonl: bool,

    /// Write files of N documents each instead of one file per document
    #[arg(long, value_name = "N", help_heading = "Corpus", requires = "corpus")]
    pub shard_size: Option<NonZeroUsize>,

    /// Remove outputs of documents that the corpus no longer has, which otherwise stay; outputs of
    /// documents that fail always stay
    #[arg(long, help_heading = "Corpus", requires = "corpus", conflicts_with = "dry_run")]
    pub prune: bool,

    /// Replace files in the output folder that no earlier run wrote, or that changed since
    #[arg(long, help_heading = "Corpus", requires = "corpus", conflicts_with = "dry_run")]
    pub force: bool,

    /// List the documents and estimate the work, and align nothing
    #[arg(long, help_heading = "Corpus", requires = "corpus")]
    pub dry_run: bool,

    /// Memory limit, such as 800M or 4G [default: three quarters of the machine's memory]
    #[arg(long, value_name = "SIZE", help_heading = "Corpus", requires = "many",
        value_parser = crate::size::parse_memory_limit)]
    pub max_memory: Option<u64>,

    /// Keep the decisions of a review where the text is the same: its log (.review.jsonl), or with
    /// --corpus a folder with ID.review.jsonl for each reviewed document
    #[arg(long, value_name = "LOG", conflicts_with = "jsonl")]
    pub review: Option<PathBuf>,

    /// How documents are read
    #[command(flatten)]
    pub documents: DocumentArgs,

    /// How the documents of one side are read
    #[command(flatten)]
    pub sides: SideArgs,

    /// Write the time of every stage to this file, as JSON
    #[arg(long, value_name = "FILE", help_heading = "Corpus", requires = "corpus")]
    pub metrics: Option<PathBuf>,

    /// Print the summary as JSON on standard output; the alignment is written to -o
    #[arg(long, requires = "output")]
    pub json: bool,

    /// An encoder model to use instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,

    /// Precision of the encoder: int8 is faster, f32 is closer to the reference model
    #[arg(long, value_name = "int8|f32", default_value_t)]
    pub precision: Precision,

    /// Instruction set of the kernels; for tests
    #[arg(long, value_name = "NAME", hide = true)]
    pub kernel: Option<Isa>,
}

/// The value of `nasaq align --to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputFormat {
    /// Side by side, to read in a terminal.
    Table,
    /// A file format.
    File(Format),
}

/// The name of [`OutputFormat::Table`].
pub(crate) const TABLE: &str = "table";

impl FromStr for OutputFormat {
    type Err = nasaq_formats::Error;

    fn from_str(name: &str) -> nasaq_formats::Result<Self> {
        if name == TABLE { Ok(Self::Table) } else { name.parse().map(Self::File) }
    }
}

impl fmt::Display for OutputFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table => f.write_str(TABLE),
            Self::File(format) => f.write_str(format.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_parsed_by_the_names_that_they_print() {
        let formats = Format::all().map(OutputFormat::File).chain([OutputFormat::Table]);
        for format in formats {
            assert_eq!(format.to_string().parse::<OutputFormat>().ok(), Some(format));
        }
    }
}
