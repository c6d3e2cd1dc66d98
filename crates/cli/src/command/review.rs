//! `nasaq review`: serves the page on which a person corrects an alignment.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nasaq_formats::BitextInput;
use nasaq_job::{Engine, Settings};
use nasaq_review::{
    DroppedDecision, ImportReport, ReviewCorpus, ReviewFolder, ReviewServer, ReviewSource, Session,
    folder, is_log, open_browser, single,
};

use crate::args::ReviewArgs;
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
        let what = reviewed(args.inputs, args.output, [args.src_lang, args.tgt_lang])?;
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
        "{}: {} decisions were carried over, {} were not",
        log.display(),
        report.carried,
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
    let server = ReviewServer::bind(&plan.host, plan.port, corpus).map_err(|error| {
        Failure::of("network", error)
            .hint("another program may listen there; pass another --port or --host")
    })?;
    let url = server.url();
    if server.is_public() {
        printer.warn(
            &format!("--host {}: other machines can connect, without encryption", plan.host),
            "who knows the address with its token can read the documents and decide",
        );
    }
    writeln!(io::stdout(), "{url}")?;
    io::stdout().flush()?;
    if plan.is_opened
        && let Err(error) = open_browser(&url)
    {
        printer.warn(&format!("no browser can be opened: {error}"), "open the address yourself");
    }
    server.run()?;
    Ok(ExitStatus::Done)
}

/// Takes in a spreadsheet and reports what it said and what could not be used.
fn import(session: &mut Session, sheet: &Path, printer: Printer) -> anyhow::Result<()> {
    let report = session.import(&BitextInput::file(sheet))?;
    let ImportReport { confirmed, rejected, corrected, noted, blank, unsure, missing, .. } = report;
    let name = sheet.display();
    printer.note(&format!(
        "{name}: {confirmed} beads are right, {rejected} wrong, {corrected} texts corrected, \
         {noted} comments; {blank} rows say nothing, {unsure} are unsure, {missing} beads are not in \
         the sheet"
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
