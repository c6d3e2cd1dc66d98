//! Arguments of `nasaq convert`.

use std::path::PathBuf;

use nasaq_formats::{Format, TextEncoding};

const CONVERT_EXAMPLES: &str = "\
Examples:
  nasaq convert memory.tmx -o memory.tsv
  nasaq convert corpus.tsv.gz -o corpus.jsonl.zst
  nasaq convert corpus.ar corpus.en -o corpus.tmx         two line-aligned files
  nasaq convert corpus.jsonl -o corpus --to moses         writes corpus.ar and corpus.en
  nasaq convert a.ladder ar.lines en.lines -o a.xlsx      a ladder and its segments, one per line
      (the input of align --segmented, or: nasaq segment a.ar --lang ar > ar.lines)
  nasaq convert crawl.tsv --columns 4,3,1=id -o crawl.tmx select and rename columns
  nasaq convert big.tmx --src-lang ar --tgt-lang fr -o ar-fr.tsv
  nasaq convert aligned.jsonl -o story.html               a page to read, side by side
  nasaq convert out/ -o memory.tmx --properties           all documents of a corpus, in one memory

Formats read: tsv csv jsonl (or a JSON array) tmx xliff (1.2, 2.0, 2.1) moses ladder vecalign
  hunalign (ladder or -text) xces and intertext (links beside their two documents) tei po parquet
  xlsx
Formats written: tsv csv jsonl tmx xliff (2.1) moses ladder hunalign xces intertext tei srt html
  xlsx parquet

All columns and properties of a pair are copied. What the output format cannot hold is counted on
standard error; docs/bitexts.md lists what each format can hold.

Escapes: in TSV with a header that names src and tgt, a tab in a text is \\t, a line feed \\n, a
carriage return \\r and a backslash \\\\; nasaq writes such tables. In any other TSV a backslash is a
backslash, so \"C:\\new\" is read unchanged. --escapes on or off overrides this for the input.";

/// Arguments of `nasaq convert`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = CONVERT_EXAMPLES)]
pub struct ConvertArgs {
    /// The bitext, optionally .gz or .zst; or two line-aligned files; or a ladder and two files
    /// with one segment per line; - is standard input. Several bitexts, patterns such as
    /// 'shards/*.tsv' and output folders of `nasaq align --corpus` become one
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,

    /// Write to this file instead of standard output; nothing is written if the command fails
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Format of the input [default: from the file ending, or from the contents]
    #[arg(long, value_name = "FORMAT", value_parser = crate::formats::readable())]
    pub from: Option<Format>,

    /// Format of the output [default: from the ending of -o; otherwise tsv]
    #[arg(long, value_name = "FORMAT", value_parser = crate::formats::writable())]
    pub to: Option<Format>,

    /// Input columns, by name or by position from 1: source, target, then the others to keep;
    /// NAME=NEW renames a column [default: all]
    #[arg(long, value_name = "SRC,TGT,…", value_delimiter = ',')]
    pub columns: Vec<String>,

    /// Write all columns of nasaq as properties to a translation memory, such as the probability;
    /// other formats have them anyway
    #[arg(long)]
    pub properties: bool,

    /// The lowest probability of a pair in a translation memory (TMX), 0 to 1; pairs below are
    /// omitted and counted. Other formats have all pairs
    #[arg(long, value_name = "P", default_value_t = 0.5, value_parser = crate::args::probability)]
    pub min_probability: f32,

    /// Language of the source: selects it if the input has several, and labels it in the output
    /// [default: as the input declares, or detected from the text]
    #[arg(long, value_name = "LANG")]
    pub src_lang: Option<String>,

    /// Language of the target, in the same way
    #[arg(long, value_name = "LANG")]
    pub tgt_lang: Option<String>,

    /// Whether TSV input uses the escapes \t \n \r \\ [default: on if its header names src and tgt]
    #[arg(long, value_name = "on|off", value_parser = on_or_off)]
    pub escapes: Option<bool>,

    /// Whether quotes around the cells of TSV input are not part of the texts [default: as the
    /// beginning of the file shows]
    #[arg(long, value_name = "on|off", value_parser = on_or_off)]
    pub quotes: Option<bool>,

    /// Text encoding of the input, such as windows-1256 [default: as it declares, UTF-8, or detected
    /// and reported]
    #[arg(long, value_name = "NAME", value_parser = crate::args::encoding)]
    pub encoding: Option<TextEncoding>,

    /// Write a table without a header; tabs and line breaks in texts become spaces
    #[arg(long)]
    pub no_header: bool,

    /// Write CSV without a byte order mark; spreadsheets need the mark to detect UTF-8
    #[arg(long)]
    pub no_bom: bool,

    /// Skip and count malformed rows instead of stopping at the first one
    #[arg(long)]
    pub skip_bad: bool,
}

fn on_or_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("expected on or off".to_owned()),
    }
}
