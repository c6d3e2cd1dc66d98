//! The commands that faults are tried on.

/// A command, run in a folder with the files of [`super::tree::write_inputs`].
#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) args: &'static str,
    /// The file on standard input.
    pub(super) stdin: Option<&'static str>,
    /// The files that it writes; `out` is the output folder of a corpus.
    pub(super) outputs: &'static [&'static str],
    pub(super) writes_stdout: bool,
}

impl Scenario {
    const fn new(args: &'static str, outputs: &'static [&'static str]) -> Self {
        Self { args, stdin: None, outputs, writes_stdout: outputs.is_empty() }
    }

    /// Also prints a summary on standard output.
    const fn with_stdout(self) -> Self {
        Self { writes_stdout: true, ..self }
    }

    const fn with_stdin(self, file: &'static str) -> Self {
        Self { stdin: Some(file), ..self }
    }

    pub(super) fn args(&self) -> Vec<&'static str> {
        self.args.split(' ').collect()
    }

    pub(super) fn is_corpus(&self) -> bool {
        self.args.starts_with("align --corpus")
    }

    /// Returns whether a corpus is written as a folder.
    pub(super) fn has_output_folder(&self) -> bool {
        self.outputs.first() == Some(&"out")
    }

    /// Returns whether an output may not be a folder. That of a corpus may be one.
    pub(super) fn refuses_folder(&self, output: &str) -> bool {
        !self.is_corpus() || output == "m.json"
    }
}

/// All commands and formats that can be written.
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new("align a.ar a.en -o o.tsv --json", &["o.tsv"]).with_stdout(),
    Scenario::new("align a.ar a.en --to moses -o o", &["o.ar", "o.en"]),
    Scenario::new("align a.ar a.en -o o.tmx.gz", &["o.tmx.gz"]),
    Scenario::new("align a.ar a.en -o o.xlsx", &["o.xlsx"]),
    Scenario::new("align a.ar a.en -o o.html", &["o.html"]),
    Scenario::new("align a.ar a.en --to table", &[]),
    Scenario::new("align a.ar a.en --to jsonl", &[]),
    Scenario::new("align --jsonl stream.jsonl -o o.jsonl --threads 2", &["o.jsonl"]),
    Scenario::new("align --jsonl --threads 2", &[]).with_stdin("stream.jsonl"),
    Scenario::new(
        "align --corpus list.tsv -o out --metrics m.json --json --threads 2",
        &["out", "m.json"],
    )
    .with_stdout(),
    Scenario::new("align --corpus ar en -o out --threads 2 --to tmx", &["out"]),
    Scenario::new("align --corpus ar en -o out --shard-size 2 --to jsonl --threads 2", &["out"]),
    Scenario::new("align --corpus list.tsv -o out --shard-size 3 --to parquet", &["out"]),
    // Files of the user are in the folder of its parts.
    Scenario::new(
        "align --corpus list.tsv -o memory.tmx --metrics m.json --json --threads 2",
        &["memory.tmx", "m.json"],
    )
    .with_stdout(),
    Scenario::new("align --corpus ar en -o memory.tsv.gz --threads 2", &["memory.tsv.gz"]),
    Scenario::new("pair ar en -o o.tsv", &["o.tsv"]),
    Scenario::new("pair ar en --json -o o.json", &["o.json"]),
    Scenario::new("segment a.ar --lang ar -o o.txt", &["o.txt"]),
    Scenario::new("segment a.en --lang en --to jsonl", &[]),
    Scenario::new("score few.tsv -o o.jsonl --write-profile p.toml --json", &["o.jsonl", "p.toml"])
        .with_stdout(),
    Scenario::new("score pairs.tsv --no-encoder --write-profile p.toml", &["p.toml"]).with_stdout(),
    Scenario::new("score - --from tsv --no-encoder -o o.csv.zst", &["o.csv.zst"])
        .with_stdin("pairs.tsv"),
    Scenario::new(
        "filter few.tsv -o o.tsv --rejects r.jsonl --write-profile p.toml --json",
        &["o.tsv", "r.jsonl", "p.toml"],
    )
    .with_stdout(),
    Scenario::new("filter pairs.tsv --no-encoder --rejects r.tsv", &["r.tsv"]).with_stdout(),
    Scenario::new(
        "filter pairs.tsv --no-encoder --to moses -o o --rejects r",
        &["o.ar", "o.en", "r.ar", "r.en"],
    ),
    Scenario::new("filter pairs.tsv --no-encoder --fail-under 0.999 -o o.tsv", &["o.tsv"]),
    Scenario::new("convert pairs.tsv -o o.csv", &["o.csv"]),
    Scenario::new("convert pairs.tsv -o o.tmx", &["o.tmx"]),
    Scenario::new("convert pairs.tsv -o o.xliff", &["o.xliff"]),
    Scenario::new("convert pairs.tsv -o o.parquet", &["o.parquet"]),
    Scenario::new("convert pairs.tsv -o o.xlsx", &["o.xlsx"]),
    Scenario::new("convert pairs.tsv --to moses -o o.gz", &["o.ar.gz", "o.en.gz"]),
    Scenario::new("convert pairs.tsv --to jsonl", &[]),
    Scenario::new("convert - --from tsv -o o.jsonl", &["o.jsonl"]).with_stdin("pairs.tsv"),
    Scenario::new("report pairs.tsv --no-encoder -o o.html --json r.json", &["o.html", "r.json"]),
    Scenario::new("report few.tsv -o o.html --summary", &["o.html"]).with_stdout(),
    Scenario::new("report beads --no-encoder --json o.json", &["o.json"]),
    Scenario::new("report - --from tsv --no-encoder", &[]).with_stdin("pairs.tsv"),
    Scenario::new("eval --gold gold.ladder --test gold.ladder --json", &[]),
];
