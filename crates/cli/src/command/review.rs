//! `nasaq review`: serves the page on which a person corrects an alignment.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nasaq_formats::{BitextInput, DocumentFormat, Format};
use nasaq_job::{Engine, Settings};
use nasaq_review::{
    DroppedDecision, ImportReport, ReviewCorpus, ReviewFolder, ReviewServer, ReviewSource, Session,
    folder, is_log, open_browser, single,
};

use crate::args::ReviewArgs;
use crate::args::document::{Descriptions, Lines};
use crate::bitext::count;
use crate::failure::{ExitStatus, Failure};
use crate::inputs::bitexts;
use crate::printer::Printer;
use crate::settings::review_settings;

/// What `nasaq review` will do.
#[derive(Debug)]
pub(crate) struct ReviewPlan {
    what: Reviewed,
    import: Option<PathBuf>,
    carries_over: bool,
    settings: Settings,
    host: String,
    port: u16,
    is_opened: bool,
}

/// What is reviewed.
#[derive(Debug)]
enum Reviewed {
    /// A log that exists.
    Log(PathBuf),
    /// Documents or a bitext, and the log.
    Source(Box<ReviewSource>, PathBuf),
    /// The output folder of a corpus run, and the folder of the logs if it is not inside.
    Folder(PathBuf, Option<PathBuf>),
}

impl ReviewPlan {
    pub(crate) fn new(args: ReviewArgs) -> anyhow::Result<Self> {
        let settings = review_settings(&args)?;
        let ignored = SourceOptions::of(&args);
        let what = reviewed(args.inputs, args.output, [args.src_lang, args.tgt_lang])?;
        ignored.check(&what)?;
        Ok(Self {
            what,
            import: args.import,
            carries_over: args.carry_over,
            settings,
            host: args.host,
            port: args.port.map_or(0, u16::from),
            is_opened: !args.no_open,
        })
    }
}

/// The options that say how documents are read and aligned, as far as they were given.
struct SourceOptions {
    /// Those that a bitext decides, too.
    of_documents: Vec<&'static str>,
    /// Those that a bitext does not decide.
    of_sources: Vec<&'static str>,
    carries_over: bool,
}

impl SourceOptions {
    fn of(args: &ReviewArgs) -> Self {
        let ReviewArgs { documents, sides, .. } = args;
        let of_documents = [
            ("--segmented", args.segmented),
            ("--split-long", args.split_long),
            ("--monotone", args.monotone),
            ("--from", documents.from.is_some()),
            ("--src-from", sides.src_from.is_some()),
            ("--tgt-from", sides.tgt_from.is_some()),
            ("--encoding", documents.encoding.is_some()),
            ("--src-encoding", sides.src_encoding.is_some()),
            ("--tgt-encoding", sides.tgt_encoding.is_some()),
            ("--lines", documents.lines != Lines::Auto),
            ("--main", documents.main),
            ("--descriptions", documents.descriptions != Descriptions::Keep),
        ];
        let of_sources = [
            ("--abbreviations", documents.abbreviations.is_some()),
            ("--src-lang", args.src_lang.is_some()),
            ("--tgt-lang", args.tgt_lang.is_some()),
        ];
        let given = |options: &[(&'static str, bool)]| {
            options.iter().filter(|(_, is_given)| *is_given).map(|(name, _)| *name).collect()
        };
        Self {
            of_documents: given(&of_documents),
            of_sources: given(&of_sources),
            carries_over: args.carry_over,
        }
    }

    /// Refuses options that have no effect on what is reviewed.
    fn check(mut self, what: &Reviewed) -> Result<(), Failure> {
        let (why, hint) = match what {
            Reviewed::Source(source, _) if source.is_bitext() => {
                self.of_sources.clear();
                ("a bitext has its segments and beads", "omit them, or pass the two documents")
            }
            Reviewed::Source(..) => return Ok(()),
            Reviewed::Log(_) => (
                "the log has the texts, segments and languages",
                "omit them, or pass the documents to begin another review of them",
            ),
            Reviewed::Folder(..) => (
                "the run has aligned the documents; decisions are carried over to another run \
                 without being asked for",
                "omit them, or align the corpus again with them",
            ),
        };
        let carries_over = self.carries_over && !matches!(what, Reviewed::Source(..));
        let mut given = [self.of_documents, self.of_sources].concat();
        given.extend(carries_over.then_some("--carry-over"));
        match given.is_empty() {
            true => Ok(()),
            false => Err(Failure::usage(format!("{}: {why}", given.join(", "))).hint(hint)),
        }
    }
}

/// The ending of a log.
const LOG: &str = ".review.jsonl";

fn reviewed(
    mut inputs: Vec<PathBuf>,
    output: Option<PathBuf>,
    languages: [Option<String>; 2],
) -> Result<Reviewed, Failure> {
    // A log that is not there is reported as such, and not as a bitext of that name.
    let is_log = |path: &PathBuf| is_log(path) || path.to_string_lossy().ends_with(LOG);
    if inputs.len() == 1 && inputs.iter().all(is_log) {
        return match output {
            None => Ok(Reviewed::Log(inputs.remove(0))),
            Some(_) => Err(Failure::usage("the input is the log; -o names another")
                .hint("omit -o, or copy the log")),
        };
    }
    if inputs.len() == 1 && inputs[0].is_dir() {
        return Ok(Reviewed::Folder(inputs.remove(0), output));
    }
    if let Some(folder) = inputs.iter().find(|path| path.is_dir()) {
        return Err(Failure::input(format!("{}: this is a folder of documents", folder.display()))
            .hint(
                "align them first, and review the output: nasaq align --corpus ar/ en/ -o out/, then \
                 nasaq review out/",
            ));
    }
    if let [document] = &inputs[..]
        && is_document(document)
    {
        return Err(Failure::usage(format!(
            "the translation of {} is missing",
            document.display()
        ))
        .hint("pass both documents, or one bitext"));
    }
    let grouped = bitexts(inputs.clone(), None)?;
    let source = match <[PathBuf; 2]>::try_from(inputs) {
        Ok([src, tgt]) => ReviewSource::documents(src, tgt),
        Err(_) => match <[BitextInput; 1]>::try_from(grouped) {
            Ok([input]) => ReviewSource::bitext(input.with_languages(languages)),
            Err(_) => {
                return Err(Failure::usage("several bitexts cannot be reviewed at once")
                    .hint("pass two documents, one bitext, or a ladder and its two texts"));
            }
        },
    };
    let log = output.unwrap_or_else(|| source.log_path());
    Ok(Reviewed::Source(Box::new(source), log))
}

/// Reports whether a file is a document and no bitext: by its name, or as text that is read as no
/// bitext.
fn is_document(path: &Path) -> bool {
    if Format::from_path(path).is_ok_and(Format::reads) {
        return false;
    }
    let is_text = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt"));
    let is_bitext = || {
        let first = BitextInput::file(path).open().and_then(|mut reader| reader.next_row());
        first.is_ok_and(|row| row.is_some())
    };
    DocumentFormat::from_path(path).is_some() || is_text && path.is_file() && !is_bitext()
}

/// Opens what is reviewed and serves it until the program is ended.
pub(crate) fn run(plan: &ReviewPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let engine = Arc::new(Engine::new(plan.settings.clone())?);
    let corpus = match &plan.what {
        Reviewed::Folder(root, logs) => open_folder(plan, root, logs.as_deref(), &engine, printer)?,
        Reviewed::Log(log) => open_session(plan, Session::open_log(log, &engine)?, printer)?,
        Reviewed::Source(source, log) => {
            let session = match plan.carries_over && log.exists() {
                true => carry_over(log, source, &engine, printer)?,
                false => Session::open(log, source, &engine)?,
            };
            open_session(plan, session, printer)?
        }
    };
    serve(plan, corpus, printer)
}

fn open_folder(
    plan: &ReviewPlan,
    root: &Path,
    logs: Option<&Path>,
    engine: &Arc<Engine>,
    printer: Printer,
) -> anyhow::Result<Box<dyn ReviewCorpus>> {
    if plan.import.is_some() {
        return Err(Failure::usage("--import takes in the spreadsheet of one document")
            .hint("name the log of the document")
            .into());
    }
    let mut corpus = ReviewFolder::open(root)?;
    if let Some(logs) = logs {
        corpus = corpus.with_logs(logs);
    }
    corpus.notices().iter().for_each(|notice| printer.note(notice));
    Ok(folder(corpus, Arc::clone(engine)))
}

fn open_session(
    plan: &ReviewPlan,
    mut session: Session,
    printer: Printer,
) -> anyhow::Result<Box<dyn ReviewCorpus>> {
    session.notices().iter().for_each(|notice| printer.note(notice));
    if let Some(log) = session.log() {
        printer.note(&format!("decisions are written to {}", log.display()));
    }
    if let Some(sheet) = &plan.import {
        import(&mut session, sheet, printer)?;
    }
    Ok(single(session))
}

/// Begins a new log with the decisions of an old one that still apply, and lists the others.
fn carry_over(
    log: &Path,
    source: &ReviewSource,
    engine: &Arc<Engine>,
    printer: Printer,
) -> anyhow::Result<Session> {
    let (session, report) = Session::carry_over(log, source, engine)?;
    printer.note(&format!(
        "{}: {} carried over, {} not",
        log.display(),
        count(report.carried as u64, "decision"),
        report.dropped.len()
    ));
    for dropped in &report.dropped {
        let DroppedDecision { what, text, reason, .. } = dropped;
        printer.warn(&format!("not carried over: {what}, \"{text}\": {reason}"), "decide it again");
    }
    Ok(session)
}

fn serve(
    plan: &ReviewPlan,
    corpus: Box<dyn ReviewCorpus>,
    printer: Printer,
) -> anyhow::Result<ExitStatus> {
    let server = ReviewServer::bind(&plan.host, plan.port, corpus)
        .map_err(|error| cannot_listen(plan, &error))?;
    let url = server.url();
    if server.is_public() {
        printer.warn(
            &format!("--host {}: other machines can connect, without encryption", plan.host),
            "who knows the address with its token can read the documents and decide",
        );
        if let Some(public) = server.public_url() {
            printer.note(&format!("from other machines: {public}"));
        }
    }
    writeln!(io::stdout(), "{url}")?;
    io::stdout().flush()?;
    if plan.is_opened && open_browser(&url).is_err() {
        printer.warn("no browser can be opened", "open the address above in a browser");
    }
    server.run()?;
    Ok(ExitStatus::Done)
}

/// Words why the server cannot listen.
fn cannot_listen(plan: &ReviewPlan, error: &io::Error) -> Failure {
    let (host, port) = (&plan.host, plan.port);
    let (reason, hint) = match error.kind() {
        io::ErrorKind::AddrInUse => {
            (format!("--port {port}: {error}"), "another program listens there; pass another port")
        }
        io::ErrorKind::PermissionDenied => {
            (format!("--port {port}: {error}"), "pass a port from 1024 on")
        }
        _ => (
            format!("--host {host}: {error}"),
            "pass an address or a name of this machine, such as 127.0.0.1 or localhost",
        ),
    };
    Failure::new("network", reason).hint(hint)
}

/// Takes in a spreadsheet and reports what it said and what could not be used.
fn import(session: &mut Session, sheet: &Path, printer: Printer) -> anyhow::Result<()> {
    let report = session.import(&BitextInput::file(sheet))?;
    let ImportReport { confirmed, rejected, corrected, noted, blank, unsure, missing, .. } = report;
    let name = sheet.display();
    let counted = |number: usize, noun: &str| count(number as u64, noun);
    printer.note(&format!(
        "{name}: {} right, {rejected} wrong, {unsure} unsure; {} corrected, {} taken; {} without a \
         word, {} not in the sheet",
        counted(confirmed, "bead"),
        counted(corrected, "text"),
        counted(noted, "comment"),
        counted(blank, "row"),
        counted(missing, "bead")
    ));
    let notices = report.change.iter().flat_map(|change| &change.notices);
    notices.for_each(|notice| printer.note(&format!("{name}: {notice}")));
    for (line, reason) in &report.unused {
        printer.warn(
            &format!("{name}, line {line}: {reason}"),
            "the row was not used; decide it on the page",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_told_from_bitexts() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text, expected) in [
            ("prose.txt", "وصل القطار.\nلم ينتظره أحد.\n", true),
            ("columns.txt", "ماء\twater\n", false),
            ("commas.txt", "ar,en\nماء بارد,cold water\n", false),
            ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nنعم\n", true),
            ("a.tmx", "<tmx/>", false),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("a disk");
            assert_eq!(is_document(&path), expected, "{name}");
        }
        assert!(!is_document(&folder.path().join("missing.txt")));
    }
}
