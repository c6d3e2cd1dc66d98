//! `nasaq pair`: one or two folders in, a manifest of the files that belong together out.

use std::io::Write;
use std::path::{Path, PathBuf};

use nasaq::DocumentPair;
use nasaq_formats::OutputTarget;
use nasaq_job::{Engine, FolderFile, Observer, PairedFolders, PairingJob, Settings};
use serde::Serialize;

use crate::args::PairArgs;
use crate::failure::{ExitStatus, Failure};
use crate::plan::output_target;
use crate::printer::Printer;
use crate::progress::StepBar;
use crate::settings::{languages, model};
use crate::shown::{message, shown};

/// What `nasaq pair` will do.
#[derive(Debug)]
pub(crate) struct PairPlan {
    settings: Settings,
    src: PathBuf,
    /// Nothing if the folder of the sources has the targets, too.
    tgt: Option<PathBuf>,
    min_score: f32,
    output: OutputTarget,
    /// Whether the manifest has absolute paths: it is not written to the current folder, and paths
    /// of a manifest are relative to its folder.
    absolute: bool,
    json: bool,
}

impl PairPlan {
    pub(crate) fn new(args: PairArgs) -> anyhow::Result<Self> {
        let mut settings = Settings::default();
        settings.languages = languages(args.src_lang.as_deref(), args.tgt_lang.as_deref())?;
        settings.threads = args.threads.map(usize::from);
        settings.model = model(args.model.as_deref());
        settings.readers = [args.documents.reader(); 2];
        settings.line_ends = args.documents.lines.into();
        settings.abbreviations = args.documents.abbreviations()?;
        for folder in [Some(&args.src), args.tgt.as_ref()].into_iter().flatten() {
            if !folder.is_dir() {
                return Err(Failure::input(format!("{}: not a folder", folder.display()))
                    .hint("give the folder of the sources and that of the targets, or one of both")
                    .into());
            }
        }
        if !(0.0..=1.0).contains(&args.threshold) {
            return Err(Failure::usage("--threshold is not between 0 and 1").into());
        }
        let output = output_target(args.output.as_deref())?;
        let folder = args.output.as_deref().and_then(Path::parent);
        Ok(Self {
            settings,
            src: args.src,
            tgt: args.tgt,
            min_score: args.threshold,
            output,
            absolute: folder.is_some_and(|folder| folder != Path::new("")),
            json: args.json,
        })
    }
}

/// A file without a partner, with the best one that it could have had.
#[derive(Serialize)]
struct UnpairedJson<'a> {
    path: &'a Path,
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<&'a Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
}

#[derive(Serialize)]
struct PairJson<'a> {
    id: &'a str,
    src: &'a Path,
    tgt: &'a Path,
    score: f32,
    margin: f32,
}

#[derive(Serialize)]
struct PairingJson<'a> {
    pairs: Vec<PairJson<'a>>,
    src_alone: Vec<UnpairedJson<'a>>,
    tgt_alone: Vec<UnpairedJson<'a>>,
    unreadable: Vec<String>,
    repeated: Vec<&'a Path>,
}

/// Shows how many files were read.
struct FileProgress(StepBar);

impl Observer for FileProgress {
    fn file_read(&self, done: usize, total: usize) {
        self.0.set(done, total);
    }
}

/// Reads, encodes and pairs the files, and writes the pairs.
pub(crate) fn run(plan: &PairPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let engine = Engine::new(plan.settings.clone())?;
    let output = match &plan.output {
        OutputTarget::File(path) => Some(path.as_path()),
        _ => None,
    };
    let job = PairingJob::new(&engine).min_score(plan.min_score).skip(output);
    let progress = FileProgress(StepBar::new(printer, "reading files"));
    let job = job.observer(&progress);
    let paired = match &plan.tgt {
        Some(tgt) => job.run([&plan.src, tgt])?,
        None => job.run_mixed(&plan.src)?,
    };
    drop(progress);
    for (_, failure) in &paired.unreadable {
        printer.print(&format!("skipped: {}\n", message(&failure.reason())));
    }
    for (file, first) in &paired.repeated {
        let [file, first] = [file, first].map(|file| file.path.display().to_string());
        printer.print(&format!("skipped: {file} is the same file as {first}\n"));
    }
    if plan.json {
        write_json(plan, &paired)?;
    } else {
        write_manifest(plan, &paired)?;
    }
    print_unpaired(printer, &paired);
    printer.print(&format!(
        "{} pairs; unpaired: {} sources, {} targets\n",
        paired.pairs.pairs.len(),
        paired.pairs.unpaired_src.len(),
        paired.pairs.unpaired_tgt.len()
    ));
    Ok(if paired.unreadable.is_empty() { ExitStatus::Done } else { ExitStatus::Failed })
}

/// Writes a manifest for `nasaq align --corpus`.
fn write_manifest(plan: &PairPlan, paired: &PairedFolders) -> anyhow::Result<()> {
    let mut out = plan.output.open_among_others()?;
    writeln!(out, "id\tsrc\ttgt\tpair_score\tpair_margin")?;
    let [src, tgt] = &paired.files;
    for (pair, id) in paired.pairs.pairs.iter().zip(&paired.ids) {
        let [src, tgt] = [&src[pair.src], &tgt[pair.tgt]].map(|file| manifest_path(plan, file));
        writeln!(out, "{id}\t{}\t{}\t{:.4}\t{:.4}", src?, tgt?, pair.score, pair.margin)?;
    }
    Ok(out.commit()?)
}

/// Returns the path of a file as the manifest has it.
fn manifest_path(plan: &PairPlan, file: &FolderFile) -> anyhow::Result<String> {
    let path = if plan.absolute { file.path.canonicalize()? } else { file.path.clone() };
    match path.to_str() {
        Some(text) if !text.contains(['\t', '\n', '\r']) => Ok(text.to_owned()),
        _ => Err(Failure::input(format!("{}: no manifest can hold this name", path.display()))
            .hint("rename the file; names are UTF-8 without tabs and line breaks")
            .into()),
    }
}

fn write_json(plan: &PairPlan, paired: &PairedFolders) -> anyhow::Result<()> {
    let [src, tgt] = &paired.files;
    let pairs = paired.pairs.pairs.iter().zip(&paired.ids).map(|(pair, id)| PairJson {
        id,
        src: &src[pair.src].path,
        tgt: &tgt[pair.tgt].path,
        score: pair.score,
        margin: pair.margin,
    });
    let unpaired = |side: usize| -> Vec<UnpairedJson<'_>> {
        unpaired(paired, side)
            .map(|(file, nearest)| UnpairedJson {
                path: &file.path,
                nearest: nearest.map(|(partner, _)| &*partner.path),
                score: nearest.map(|(_, score)| score),
            })
            .collect()
    };
    let unreadable = paired.unreadable.iter().map(|(_, failure)| failure.reason());
    let json = PairingJson {
        pairs: pairs.collect(),
        src_alone: unpaired(0),
        tgt_alone: unpaired(1),
        unreadable: unreadable.collect(),
        repeated: paired.repeated.iter().map(|(file, _)| &*file.path).collect(),
    };
    let mut out = plan.output.open_among_others()?;
    serde_json::to_writer_pretty(&mut out, &json).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(out.commit()?)
}

/// Returns the unpaired files of a side, each with its nearest partner and their score.
fn unpaired(
    paired: &PairedFolders,
    side: usize,
) -> impl Iterator<Item = (&FolderFile, Option<(&FolderFile, f32)>)> {
    let documents = [&paired.pairs.unpaired_src, &paired.pairs.unpaired_tgt][side];
    documents.iter().map(move |document| {
        let nearest = |pair: DocumentPair| {
            let partner = if side == 0 { pair.tgt } else { pair.src };
            (&paired.files[1 - side][partner], pair.score)
        };
        (&paired.files[side][document.index], document.best.map(nearest))
    })
}

fn print_unpaired(printer: Printer, paired: &PairedFolders) {
    let mut text = String::new();
    for side in 0..2 {
        for (file, nearest) in unpaired(paired, side) {
            let name = ["source", "target"][side];
            let path = file.path.display().to_string();
            text.push_str(&format!("unpaired: {name} {}", shown(&path)));
            if let Some((partner, score)) = nearest {
                let partner = partner.path.display().to_string();
                text.push_str(&format!(" (nearest {}, {score:.2})", shown(&partner)));
            }
            text.push('\n');
        }
    }
    printer.print(&text);
}
