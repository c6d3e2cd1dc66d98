//! The plan of `nasaq eval`.

use std::path::PathBuf;

use nasaq_job::DOCUMENTS_FILE;

use crate::args::EvalArgs;
use crate::failure::Failure;

/// What `nasaq eval` will do.
#[derive(Debug)]
pub(crate) struct EvalPlan {
    pub(crate) gold: PathBuf,
    pub(crate) test: PathBuf,
    pub(crate) by_type: bool,
    pub(crate) json: bool,
    pub(crate) fail_under: Option<f64>,
}

impl EvalPlan {
    pub(crate) fn new(args: EvalArgs) -> anyhow::Result<Self> {
        let EvalArgs { gold, test, by_type, json, fail_under } = args;
        if gold.is_dir() != test.is_dir() && gold.exists() && test.exists() {
            return Err(Failure::usage("one of --gold and --test is a folder, the other a file")
                .hint("pass two files, or two folders with files of the same names")
                .into());
        }
        // The output folder of `nasaq align --corpus` has its ladders in a folder inside.
        let ladders = test.join("docs");
        let is_corpus_output = test.join(DOCUMENTS_FILE).is_file() && ladders.is_dir();
        let test = if is_corpus_output { ladders } else { test };
        Ok(Self { gold, test, by_type, json, fail_under })
    }
}
