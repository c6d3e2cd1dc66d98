//! The paths of a command line: no output replaces an input or another output.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use nasaq_formats::{FileIdentity, Format};
use nasaq_job::is_corpus_output;
use nasaq_review::is_log;

use crate::args::{
    AlignArgs, Command, ConvertArgs, FilterArgs, MergeArgs, OutputFormat, PairArgs, RatingArgs,
    ReportArgs, ReviewArgs, ScoreArgs, SegmentArgs, TermsArgs,
};
use crate::command::report::bitext_paths;
use crate::corpus_output::CorpusOutput;
use crate::failure::Failure;
use crate::inputs::named_files;
use crate::output_names::is_prefix;

/// All paths that a command reads or writes, with what names them on the command line.
#[derive(Clone, Debug, Default)]
pub(crate) struct CommandPaths {
    inputs: Vec<NamedPath>,
    outputs: Vec<NamedPath>,
}

#[derive(Clone, Debug)]
struct NamedPath {
    /// An option, such as `--lexicon`, or an argument, such as `SRC`.
    name: &'static str,
    path: PathBuf,
    kind: PathKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PathKind {
    /// A file, or `-`.
    File,
    /// The prefix of several files, whose names are known later.
    Prefix,
    /// A folder whose files are inputs, or the output folder of a corpus.
    Folder,
    /// A folder whose files are inputs, except a manifest that an earlier run wrote there.
    PairedFolder,
    /// A folder whose logs of reviews are inputs; outputs may lie beside them.
    LogFolder,
}

impl CommandPaths {
    /// Returns the paths of a command.
    pub(crate) fn of(command: &Command) -> Self {
        match command {
            Command::Align(args) => Self::of_align(args),
            Command::Pair(args) => Self::of_pair(args),
            Command::Segment(args) => Self::of_segment(args),
            Command::Score(args) => Self::of_score(args),
            Command::Filter(args) => Self::of_filter(args),
            Command::Convert(args) => Self::of_convert(args),
            Command::Merge(args) => Self::of_merge(args),
            Command::Terms(args) => Self::of_terms(args),
            Command::Report(args) => Self::of_report(args),
            Command::Review(args) => Self::of_review(args),
            // They write to standard output, or pages of fixed names to a folder.
            Command::Eval(_) | Command::Completions(_) | Command::Man(_) => Self::default(),
        }
    }

    fn of_align(args: &AlignArgs) -> Self {
        let paths = Self::default()
            .input("--anchors", &args.anchors)
            .input("--abbreviations", &args.documents.abbreviations)
            .input("--lexicon", &args.lexicon)
            .input("--model", &args.model)
            .input("SRC", [&args.src])
            .input("TGT", &args.tgt)
            .logs("--review", &args.review);
        if args.corpus {
            // The plan reports a name that cannot be an output.
            let output = CorpusOutput::of(args).ok().flatten().filter(|_| !args.dry_run);
            let paths = match &output {
                None => paths,
                Some(CorpusOutput::Folder(path)) => {
                    paths.add_output("-o", [path], PathKind::Folder)
                }
                Some(CorpusOutput::File { path, parts }) => paths
                    .add_output("-o", [path], PathKind::File)
                    .add_output("-o", [parts], PathKind::Folder),
            };
            return paths.add_output("--metrics", &args.metrics, PathKind::File);
        }
        let format = match args.to {
            Some(OutputFormat::File(format)) => Some(format),
            Some(OutputFormat::Table) => None,
            None => args.output.as_deref().and_then(|path| Format::from_path(path).ok()),
        };
        let kind = kind_of_format(format);
        paths.add_main_output(&args.output, kind)
    }

    fn of_pair(args: &PairArgs) -> Self {
        let mut paths = Self::default()
            .input("--model", &args.model)
            .input("--abbreviations", &args.documents.abbreviations);
        let folders = [("SRC", Some(&args.src)), ("TGT", args.tgt.as_ref())];
        for (name, folder) in folders.into_iter().filter_map(|(name, path)| Some((name, path?))) {
            let (path, kind) = (folder.clone(), PathKind::PairedFolder);
            paths.inputs.push(NamedPath { name, path, kind });
        }
        paths.add_main_output(&args.output, PathKind::File)
    }

    fn of_segment(args: &SegmentArgs) -> Self {
        Self::default()
            .input("FILE", [&args.file])
            .input("--abbreviations", &args.documents.abbreviations)
            .add_main_output(&args.output, PathKind::File)
    }

    fn of_score(args: &ScoreArgs) -> Self {
        let kind = kind_of_pairs(args.bitext.to, args.output.as_deref());
        Self::default()
            .bitexts(&args.bitext.inputs)
            .add_main_output(&args.output, kind)
            .add_rating(&args.rating)
    }

    fn of_filter(args: &FilterArgs) -> Self {
        let to = args.bitext.to;
        let paths = Self::default().bitexts(&args.bitext.inputs).input("--filters", &args.filters);
        let rejects = kind_of_pairs(to, args.rejects.as_deref());
        let paths = match args.dry_run {
            true => paths,
            false => paths.add_main_output(&args.output, kind_of_pairs(to, args.output.as_deref())),
        };
        paths.add_output("--rejects", &args.rejects, rejects).add_rating(&args.rating)
    }

    fn of_convert(args: &ConvertArgs) -> Self {
        let kind = kind_of_pairs(args.to, args.output.as_deref());
        Self::default().bitexts(&args.inputs).add_main_output(&args.output, kind)
    }

    fn of_merge(args: &MergeArgs) -> Self {
        let kind = kind_of_pairs(args.bitext.to, args.output.as_deref());
        Self::default().bitexts(&args.bitext.inputs).add_main_output(&args.output, kind).add_output(
            "--conflicts",
            &args.conflicts,
            PathKind::File,
        )
    }

    fn of_terms(args: &TermsArgs) -> Self {
        Self::default()
            .bitexts(&args.inputs)
            .input("--lexicon", &args.lexicon)
            .add_main_output(&args.output, PathKind::File)
    }

    fn of_review(args: &ReviewArgs) -> Self {
        Self::default()
            .input("--abbreviations", &args.documents.abbreviations)
            .input("--lexicon", &args.lexicon)
            .input("--model", &args.model)
            .input("--import", &args.import)
            .input("INPUT", &args.inputs)
            .add_main_output(&args.output, PathKind::File)
    }

    fn of_report(args: &ReportArgs) -> Self {
        let is_file = |path: &&PathBuf| *path != Path::new("-");
        let mut paths = Self::default()
            .input("--filters", &args.filters)
            .input("--lexicon", &args.lexicon)
            .input("--quality-model", &args.quality_model)
            .input("--gold", &args.gold)
            // The plan has a message of its own for outputs that share standard output.
            .add_output("-o", args.output.as_ref().filter(is_file), PathKind::File)
            .add_output("--json", args.json.as_ref().filter(is_file), PathKind::File);
        for input in &args.inputs {
            // A folder that cannot be read is reported when it is read.
            let files = if input.is_dir() {
                bitext_paths(input).ok().map(|found| found.paths)
            } else {
                None
            };
            paths = paths.input("INPUT", &files.unwrap_or_else(|| vec![input.clone()]));
        }
        paths
    }

    /// Adds bitexts: files, folders of files, patterns. Patterns that match nothing are reported
    /// when they are read.
    fn bitexts(self, arguments: &[PathBuf]) -> Self {
        let files = named_files(arguments);
        self.input("INPUT", &files.map_or_else(|_| arguments.to_vec(), |named| named.files))
    }

    /// Adds inputs: files, or folders whose files are read.
    pub(crate) fn input<'p>(
        mut self,
        name: &'static str,
        paths: impl IntoIterator<Item = &'p PathBuf>,
    ) -> Self {
        self.inputs.extend(paths.into_iter().map(|path| {
            let kind = if path.is_dir() { PathKind::Folder } else { PathKind::File };
            NamedPath { name, path: path.clone(), kind }
        }));
        self
    }

    /// Adds the log of a review, or a folder of logs.
    fn logs<'p>(
        mut self,
        name: &'static str,
        paths: impl IntoIterator<Item = &'p PathBuf>,
    ) -> Self {
        self.inputs.extend(paths.into_iter().map(|path| {
            let kind = if path.is_dir() { PathKind::LogFolder } else { PathKind::File };
            NamedPath { name, path: path.clone(), kind }
        }));
        self
    }

    fn add_output<'p>(
        mut self,
        name: &'static str,
        paths: impl IntoIterator<Item = &'p PathBuf>,
        kind: PathKind,
    ) -> Self {
        let paths = paths.into_iter().cloned();
        self.outputs.extend(paths.map(|path| NamedPath { name, path, kind }));
        self
    }

    /// Adds the output that is standard output unless `-o` names a file.
    fn add_main_output(self, path: &Option<PathBuf>, kind: PathKind) -> Self {
        match path {
            Some(_) => self.add_output("-o", path, kind),
            None => self.add_output("standard output", [&PathBuf::from("-")], PathKind::File),
        }
    }

    fn add_rating(self, args: &RatingArgs) -> Self {
        self.input("--profile", &args.profile)
            .input("--test-set", &args.test_set)
            .input("--lexicon", &args.lexicon)
            .input("--quality-model", &args.quality_model)
            .add_output("--write-profile", &args.write_profile, PathKind::File)
    }

    /// Refuses an output that is an input or another output.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        for (at, output) in self.outputs.iter().enumerate() {
            self.check_inputs(output)?;
            for other in &self.outputs[..at] {
                refuse_same(other, output)?;
            }
        }
        Ok(())
    }

    /// Refuses a file of the output that `name` names if it is an input or another output.
    pub(crate) fn check_file(&self, name: &'static str, path: &Path) -> Result<(), Failure> {
        let file = NamedPath { name, path: path.to_owned(), kind: PathKind::File };
        self.check_inputs(&file)?;
        let mut others = self.outputs.iter().filter(|other| other.name != name);
        others.try_for_each(|other| refuse_same(other, &file))
    }

    fn check_inputs(&self, output: &NamedPath) -> Result<(), Failure> {
        match self.inputs.iter().find(|input| output.replaces(input)) {
            None => Ok(()),
            Some(input) => {
                Err(Failure::usage(format!("{output} would replace an input, which {input} is"))
                    .hint("choose another name for the output"))
            }
        }
    }
}

fn refuse_same(one: &NamedPath, other: &NamedPath) -> Result<(), Failure> {
    if !one.is_same_output(other) {
        return Ok(());
    }
    Err(Failure::usage(format!("{one} and {other} are the same file"))
        .hint("choose different names for the outputs"))
}

impl NamedPath {
    fn identity(&self, is_input: bool) -> Option<FileIdentity> {
        match (self.path == Path::new("-"), is_input) {
            (true, true) => FileIdentity::stdin(),
            (true, false) => Some(FileIdentity::stdout()),
            _ => FileIdentity::of(&self.path),
        }
    }

    /// Returns whether this output is a file that an input has, too.
    fn replaces(&self, input: &Self) -> bool {
        match (self.kind, input.kind) {
            (PathKind::Prefix, _) => false,
            (PathKind::Folder | PathKind::PairedFolder | PathKind::LogFolder, _) => {
                is_corpus_output(&self.path, &input.path)
            }
            (PathKind::File, PathKind::Folder) => is_inside(&self.path, &input.path),
            (PathKind::File, PathKind::PairedFolder) => {
                is_inside(&self.path, &input.path) && !is_pairing(&self.path)
            }
            (PathKind::File, PathKind::LogFolder) => {
                is_inside(&self.path, &input.path) && is_log(&self.path)
            }
            _ => {
                let identity = self.identity(false);
                identity.is_some() && identity == input.identity(true)
            }
        }
    }

    fn is_same_output(&self, other: &Self) -> bool {
        match (self.kind, other.kind) {
            (PathKind::Folder, _) => is_corpus_output(&self.path, &other.path),
            (_, PathKind::Folder) => is_corpus_output(&other.path, &self.path),
            (one, another) => {
                let identity = self.identity(false);
                one == another && identity.is_some() && identity == other.identity(false)
            }
        }
    }
}

impl std::fmt::Display for NamedPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.path == Path::new("-") {
            true if self.name == "standard output" => f.write_str(self.name),
            _ => write!(f, "{} {}", self.name, self.path.display()),
        }
    }
}

fn kind_of_pairs(to: Option<Format>, path: Option<&Path>) -> PathKind {
    let format = to.or_else(|| Format::from_path(path?).ok());
    kind_of_format(format)
}

fn kind_of_format(format: Option<Format>) -> PathKind {
    if format.is_some_and(is_prefix) { PathKind::Prefix } else { PathKind::File }
}

/// Returns whether a file exists and is in a folder, at any depth.
fn is_inside(file: &Path, folder: &Path) -> bool {
    let [file, folder] = [file, folder].map(|path| fs::canonicalize(path).ok());
    file.zip(folder).is_some_and(|(file, folder)| file.is_file() && file.starts_with(folder))
}

/// Returns whether a file looks like the output of `nasaq pair`, which a new run may replace.
fn is_pairing(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(64).read_to_end(&mut start));
    let starts: [&[u8]; 2] = [b"id\tsrc\ttgt\tpair_score\t", b"{\n  \"pairs\": ["];
    read.is_ok() && (start.is_empty() || starts.iter().any(|known| start.starts_with(known)))
}
