//! What `nasaq convert` was given.

use std::path::PathBuf;

use nasaq_formats::Format;

const CONVERT_EXAMPLES: &str = "\
Examples:
  nasaq convert memory.tmx -o memory.tsv
  nasaq convert corpus.tsv.gz -o corpus.jsonl.zst
  nasaq convert corpus.ar corpus.en -o corpus.tmx         two files of lines
  nasaq convert corpus.jsonl -o corpus --to moses         writes corpus.ar and corpus.en
  nasaq convert a.ladder ar.lines en.lines -o a.xlsx      a ladder and its segments, one a line
      (the lines of align --segmented, or else: nasaq segment a.ar --lang ar > ar.lines)
  nasaq convert crawl.tsv --columns 4,3,1=id -o crawl.tmx columns by number or name, and new names
  nasaq convert big.tmx --src-lang ar --tgt-lang fr -o ar-fr.tsv
  nasaq convert aligned.jsonl -o story.html               a page to read, side by side

Formats read: tsv csv jsonl tmx xliff (1.2, 2.0, 2.1) moses ladder hunalign (ladder or -text) po parquet
Formats written: tsv csv jsonl tmx xliff (2.1) moses ladder hunalign srt html xlsx parquet

What stands beside a pair goes along. What a format has no place for is counted on standard error;
docs/bitexts.md tells what each keeps and loses.

Escapes: in TSV whose header says src and tgt a tab in a text is \\t, a line feed \\n, a carriage return
\\r and a backslash \\\\; such are the tables written here. In every other TSV a backslash is a
backslash, so \"C:\\new\" stays what it is. --escapes on or off overrules this for the input.";

/// What `nasaq convert` was given.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = CONVERT_EXAMPLES)]
pub struct ConvertArgs {
    /// The bitext, plain or .gz or .zst; two files of lines; or a ladder and its segments, two
    /// files of lines; - is standard input
    #[arg(required = true, num_args = 1..=3)]
    pub inputs: Vec<PathBuf>,

    /// Write to this file, whole or not at all, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Format of the input [default: by the ending of its name, or by how it begins]
    #[arg(long, value_name = "FORMAT", value_parser = crate::formats::readable())]
    pub from: Option<Format>,

    /// Format of the output [default: by the ending of -o; otherwise tsv]
    #[arg(long, value_name = "FORMAT", value_parser = crate::formats::writable())]
    pub to: Option<Format>,

    /// Columns of the input by name or number from 1: source, target, and what else to keep; NAME=NEW
    /// gives a new name [default: all]
    #[arg(long, value_name = "SRC,TGT,…", value_delimiter = ',')]
    pub columns: Vec<String>,

    /// Language of the source: which to take where the input has several, and what the output calls it
    /// [default: as the input says or its text shows]
    #[arg(long, value_name = "LANG")]
    pub src_lang: Option<String>,

    /// Language of the target, likewise
    #[arg(long, value_name = "LANG")]
    pub tgt_lang: Option<String>,

    /// Whether a TSV input has \t \n \r \\ as escapes [default: where its header says src and tgt]
    #[arg(long, value_name = "on|off", value_parser = on_or_off)]
    pub escapes: Option<bool>,

    /// Write a table without a line of names; tabs and line breaks in texts then become spaces
    #[arg(long)]
    pub no_header: bool,

    /// Write CSV without a byte order mark, by which spreadsheets know that it is UTF-8
    #[arg(long)]
    pub no_bom: bool,

    /// Leave out rows that do not follow the format, and count them, instead of ending there
    #[arg(long)]
    pub skip_bad: bool,
}

fn on_or_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("say on or off".to_owned()),
    }
}
