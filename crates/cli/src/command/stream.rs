//! `nasaq align --jsonl`: a stream of documents in, a stream of results out.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

use nasaq_formats::OutputTarget;
use nasaq_job::{Engine, Settings, StreamJob, StreamTotals, default_memory_limit};

use crate::args::AlignArgs;
use crate::failure::{ExitStatus, Failure};
use crate::plan::output_target;
use crate::printer::Printer;
use crate::remedy;
use crate::settings::settings;

/// What `nasaq align --jsonl` will do.
#[derive(Debug)]
pub(crate) struct AlignStreamPlan {
    settings: Settings,
    /// Nothing for standard input.
    input: Option<PathBuf>,
    output: OutputTarget,
    memory_limit: u64,
}

impl AlignStreamPlan {
    pub(crate) fn new(args: &AlignArgs) -> anyhow::Result<Self> {
        let settings = settings(args)?;
        if !settings.reads_plain_text() {
            return Err(Failure::usage("--jsonl takes plain texts")
                .hint("omit the options that set how documents are read")
                .into());
        }
        Ok(Self {
            settings,
            input: (args.src.as_os_str() != "-").then(|| args.src.clone()),
            output: output_target(args.output.as_deref())?,
            memory_limit: args.max_memory.unwrap_or_else(default_memory_limit),
        })
    }

    /// Opens the input; returns it with its name.
    fn open(&self) -> Result<(String, Box<dyn BufRead + Send>), Failure> {
        let Some(path) = &self.input else {
            return Ok(("standard input".to_owned(), Box::new(BufReader::new(io::stdin()))));
        };
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| {
            Failure::input(format!("{name}: {error}"))
                .hint("check the spelling; without a file standard input is read")
        })?;
        Ok((name, Box::new(BufReader::new(file))))
    }
}

/// Aligns every line. A bad line is a result, not a failure of the run.
pub(crate) fn run(plan: &AlignStreamPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let (name, input) = plan.open()?;
    let engine = Engine::new(plan.settings.clone())?;
    let mut out = plan.output.open()?;
    let job = StreamJob::new(&engine).memory_limit(plan.memory_limit).wording(remedy::hint);
    let StreamTotals { documents, failed, .. } = job.run(&name, input, &mut out)?;
    out.commit()?;
    if failed > 0 {
        printer.print(&format!(
            "nasaq: {failed} of {documents} documents failed; their results have the reasons\n"
        ));
    }
    Ok(ExitStatus::Done)
}
