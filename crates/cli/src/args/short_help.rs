//! What `-h` prints: the options that most runs need, on one screen. `--help` prints all of them.

use clap::Command;

/// What `-h` prints for one command. An option that is not listed is printed by `--help` only.
struct ShortHelp {
    command: &'static str,
    /// The ids of arguments, and their texts.
    arguments: &'static [(&'static str, &'static str)],
    examples: &'static str,
}

const OUTPUT: (&str, &str) = ("output", "Write to this file [default: standard output]");
const TO: (&str, &str) = ("to", "Output format [default: from the ending of -o]");
const JSON: (&str, &str) = ("json", "Print the summary as JSON");
const THREADS: (&str, &str) = ("threads", "Number of threads [default: one per core]");
const NO_ENCODER: (&str, &str) = ("no_encoder", "Rate by the text alone: faster, less accurate");
const SKIP_BAD: (&str, &str) = ("skip_bad", "Skip and count malformed rows");
const BITEXTS: (&str, &str) = ("inputs", "Bitexts in any format; - is standard input");
const SRC_LANG: (&str, &str) = ("src_lang", "Language of the source, such as ar");
const TGT_LANG: (&str, &str) = ("tgt_lang", "Language of the target, such as en");
const ENCODING: (&str, &str) = ("encoding", "Text encoding, such as windows-1256");
const FAIL_UNDER: &str = "fail_under";

const COMMANDS: &[ShortHelp] = &[
    ShortHelp {
        command: "align",
        arguments: &[
            ("src", "The document, in any format; - is standard input"),
            ("tgt", "Its translation"),
            OUTPUT,
            TO,
            ("src_lang", "Language of SRC: ar or en [default: ar]"),
            ("segmented", "Take each line as one segment"),
            ("split_long", "Also split long Arabic sentences"),
            ("lexicon", "Add a glossary, TSV, CSV or TBX"),
            THREADS,
            ("corpus", "Align two folders, or the documents of a manifest"),
            ("jsonl", "Align a stream of JSON objects, one per line"),
            ("from", "Kind of the documents, such as docx"),
            ENCODING,
            ("main", "Read only the main text of HTML and EPUB"),
        ],
        examples: "\
Examples:
  nasaq align story.ar.txt story.en.txt
  nasaq align story.ar.txt story.en.txt -o story.tmx
  nasaq align --corpus ar/ en/ -o out/",
    },
    ShortHelp {
        command: "pair",
        arguments: &[
            ("src", "The folder of the documents, or of both languages"),
            ("tgt", "The folder of their translations"),
            OUTPUT,
            ("threshold", "Minimum score of a pair, 0 to 1"),
            ("json", "Print JSON, with unpaired files and their nearest candidates"),
            THREADS,
            ("from", "Kind of the documents, such as docx"),
            ENCODING,
        ],
        examples: "\
Examples:
  nasaq pair arabic/ english/ -o manifest.tsv
  nasaq align --corpus manifest.tsv -o out/",
    },
    ShortHelp {
        command: "segment",
        arguments: &[
            ("file", "The document, in any format; - is standard input"),
            ("lang", "Its language: ar or en"),
            OUTPUT,
            TO,
            ("lines", "Line ends of plain text"),
            ("from", "Kind of the document, such as docx"),
            ENCODING,
            ("main", "Read only the main text of HTML and EPUB"),
        ],
        examples: "\
Examples:
  nasaq segment story.ar.txt --lang ar > story.ar",
    },
    ShortHelp {
        command: "score",
        arguments: &[
            BITEXTS,
            OUTPUT,
            TO,
            ("columns", "Add only these columns"),
            ("explain", "Explain the rating of a pair, by position from 1"),
            NO_ENCODER,
            ("no_duplicates", "Do not look for duplicates: constant memory"),
            ("test_set", "A bitext that the corpus must not overlap with"),
            ("lexicon", "Add a glossary, TSV, CSV or TBX"),
            SRC_LANG,
            TGT_LANG,
            SKIP_BAD,
            THREADS,
            JSON,
        ],
        examples: "\
Examples:
  nasaq score corpus.tsv -o scored.tsv
  nasaq score corpus.tsv --explain 17",
    },
    ShortHelp {
        command: "filter",
        arguments: &[
            BITEXTS,
            ("output", "Write the pairs that pass to this file"),
            TO,
            ("rejects", "Write the rejected pairs to this file"),
            ("filters", "The filters, TOML [default: --show-default]"),
            ("show_default", "Print the default filters and exit"),
            ("dry_run", "Count what each filter rejects, write nothing"),
            (FAIL_UNDER, "Exit with code 4 if fewer are kept, 0 to 1"),
            NO_ENCODER,
            ("no_duplicates", "Do not look for duplicates: constant memory"),
            ("test_set", "A bitext that the corpus must not overlap with"),
            SRC_LANG,
            TGT_LANG,
            SKIP_BAD,
            THREADS,
            JSON,
        ],
        examples: "\
Examples:
  nasaq filter corpus.tsv -o good.tsv --rejects rejected.tsv
  nasaq filter --show-default > my.toml",
    },
    ShortHelp {
        command: "convert",
        arguments: &[
            BITEXTS,
            OUTPUT,
            ("from", "Format of the input [default: detected]"),
            TO,
            ("columns", "Columns to keep, by name or position; NAME=NEW renames"),
            SRC_LANG,
            TGT_LANG,
            ENCODING,
            ("no_header", "Write a table without a header"),
            SKIP_BAD,
        ],
        examples: "\
Examples:
  nasaq convert memory.tmx -o memory.tsv
  nasaq convert corpus.ar corpus.en -o corpus.tmx",
    },
    ShortHelp {
        command: "merge",
        arguments: &[
            BITEXTS,
            OUTPUT,
            TO,
            ("keep", "Which pair of duplicates to keep"),
            ("conflicts", "List sources with different targets in this file"),
            SRC_LANG,
            TGT_LANG,
            SKIP_BAD,
        ],
        examples: "\
Examples:
  nasaq merge old.tmx new.tmx -o memory.tmx",
    },
    ShortHelp {
        command: "terms",
        arguments: &[
            BITEXTS,
            OUTPUT,
            ("to", "Format of the output [default: from the ending of -o]"),
            ("min_count", "Ignore terms with fewer pairs"),
            ("max_words", "The maximum number of words of a term"),
            ("min_score", "Ignore terms with a lower score"),
            ("new", "Only terms that the lexicon does not have"),
            ("lexicon", "Add a glossary, TSV, CSV or TBX"),
            SRC_LANG,
            TGT_LANG,
            SKIP_BAD,
        ],
        examples: "\
Examples:
  nasaq terms memory.tmx -o terms.tsv",
    },
    ShortHelp {
        command: "report",
        arguments: &[
            ("inputs", "One to four bitexts or folders; - is standard input"),
            ("output", "Write the page to this file"),
            ("json", "Write the same numbers as JSON to this file"),
            ("summary", "Print a headline and small bar charts"),
            ("gold", "Gold ladders, for accuracy"),
            (FAIL_UNDER, "Exit with code 4 if a metric is below this"),
            NO_ENCODER,
            SRC_LANG,
            TGT_LANG,
            SKIP_BAD,
            THREADS,
        ],
        examples: "\
Examples:
  nasaq report aligned.jsonl -o report.html
  nasaq report corpus.tsv --fail-under ready=0.9",
    },
    ShortHelp {
        command: "review",
        arguments: &[
            ("inputs", "Two documents, a bitext, a corpus run or a log"),
            ("output", "The log of the decisions [default: beside the input]"),
            ("import", "Take in the verdicts of a spreadsheet"),
            ("carry_over", "Take the decisions over to changed inputs"),
            ("no_open", "Print the address and open no browser"),
            ("port", "The port to listen on [default: a free one]"),
            ("segmented", "Take each line as one segment"),
            ("src_lang", "Language of the source: ar or en [default: ar]"),
            ("lexicon", "Add a glossary, TSV, CSV or TBX"),
            THREADS,
        ],
        examples: "\
Examples:
  nasaq review story.ar.docx story.en.docx
  nasaq review story.review.jsonl",
    },
    ShortHelp {
        command: "eval",
        arguments: &[
            ("gold", "The gold ladder, or a folder of gold ladders"),
            ("test", "The ladder to evaluate, or a folder of ladders"),
            ("by_type", "Also print a row per bead kind"),
            ("json", "Print JSON"),
            (FAIL_UNDER, "Exit with code 4 if strict F1 is below this"),
        ],
        examples: "\
Examples:
  nasaq eval --gold gold.ladder --test test.ladder --by-type",
    },
];

/// What `nasaq -h` prints after the commands and options.
const PROGRAM_EXAMPLES: &str = "\
Examples:
  nasaq align story.ar.txt story.en.txt              show an alignment
  nasaq align story.ar.txt story.en.txt -o story.tmx write a translation memory
  nasaq score corpus.tsv -o scored.tsv               rate each pair of a bitext
  nasaq report corpus.tsv -o report.html             describe a corpus

nasaq COMMAND -h prints the common options of a command, --help all of them.";

/// Moves everything but the common options of each command from `-h` to `--help`.
pub(super) fn shorten(program: Command) -> Command {
    let program = COMMANDS.iter().fold(program, |program, short| {
        program.mut_subcommand(short.command, |command| {
            let more = format!("nasaq {} --help prints all options.", short.command);
            with_examples(
                command.mut_args(|argument| shortened(argument, short)),
                format!("{}\n\n{more}", short.examples),
            )
        })
    });
    with_examples(program, PROGRAM_EXAMPLES.to_owned())
}

/// Prints `examples` after the options of `-h`, and what was printed there after those of `--help`.
fn with_examples(command: Command, examples: String) -> Command {
    let long = command.get_after_help().cloned().unwrap_or_default();
    command.after_help(examples).after_long_help(long)
}

fn shortened(argument: clap::Arg, short: &ShortHelp) -> clap::Arg {
    let found = short.arguments.iter().find(|(id, _)| *id == argument.get_id().as_str());
    let Some((_, text)) = found else { return argument.hide_short_help(true) };
    let long = argument.get_long_help().or(argument.get_help()).cloned();
    argument.help(*text).long_help(long.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use crate::args::program;

    use super::*;

    /// The lines of one screen, and their width.
    const SCREEN: [usize; 2] = [40, 80];

    #[test]
    fn each_short_help_fits_on_one_screen() {
        let mut program = program().term_width(SCREEN[1]);
        program.build();
        let names: Vec<String> =
            program.get_subcommands().map(|command| command.get_name().to_owned()).collect();
        let mut helps = vec![program.render_help().to_string()];
        for name in &names {
            let command = program.find_subcommand_mut(name).expect("a command");
            helps.push(command.render_help().to_string());
        }
        for help in helps {
            assert!(help.lines().count() <= SCREEN[0], "{} lines:\n{help}", help.lines().count());
            for line in help.lines() {
                assert!(line.chars().count() <= SCREEN[1], "{line}");
            }
        }
    }

    #[test]
    fn listed_options_exist_and_their_long_help_is_longer() {
        let program = program();
        for short in COMMANDS {
            let command = program.find_subcommand(short.command).expect(short.command);
            for (id, text) in short.arguments {
                let argument = command.get_arguments().find(|argument| argument.get_id() == id);
                let argument = argument.unwrap_or_else(|| panic!("{} {id}", short.command));
                let long = argument.get_long_help().expect("a long help").to_string();
                assert!(
                    !long.is_empty()
                        && argument.get_help().is_some_and(|it| it.to_string() == *text)
                );
            }
        }
    }

    #[test]
    fn long_help_has_all_options_and_examples() {
        let mut program = program();
        program.build();
        let align = program.find_subcommand_mut("align").expect("align");
        let (short, long) = (align.render_help().to_string(), align.render_long_help().to_string());
        assert!(!short.contains("--src-encoding") && long.contains("--src-encoding"));
        assert!(!short.contains("Lexicons:") && long.contains("Lexicons:"));
    }
}
