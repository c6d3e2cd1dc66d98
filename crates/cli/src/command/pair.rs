//! `nasaq pair`: two folders in, a manifest of the files that belong together out.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use nasaq::{DocumentPair, DocumentPairs, DocumentSketch, Language, pair_documents};
use nasaq_encoder::{CnnEncoder, Precision};
use nasaq_formats::{DocumentReader, OutputTarget};
use nasaq_kernels::Kernel;
use rayon::prelude::*;
use serde::Serialize;

use crate::args::PairArgs;
use crate::corpus::{Found, files, key_of};
use crate::engine::{load_encoder, segments, with_threads};
use crate::failure::{ExitStatus, Failure};
use crate::printer::Printer;
use crate::settings::languages;

/// What `nasaq pair` will do.
#[derive(Debug)]
pub(crate) struct PairPlan {
    folders: [PathBuf; 2],
    languages: [Language; 2],
    least: f32,
    output: OutputTarget,
    /// Paths are written as they were given where the manifest's folder is the current one.
    absolute: bool,
    json: bool,
    threads: Option<usize>,
    reader: DocumentReader,
    model: Option<PathBuf>,
}

impl PairPlan {
    pub(crate) fn new(args: PairArgs) -> anyhow::Result<Self> {
        let (src, tgt) = languages(args.src_lang.as_deref(), args.tgt_lang.as_deref())?;
        for folder in [&args.src, &args.tgt] {
            if !folder.is_dir() {
                return Err(Failure::input(format!("{}: this is no folder", folder.display()))
                    .hint("give the folder of the sources and that of the targets")
                    .into());
            }
        }
        if !(0.0..=1.0).contains(&args.threshold) {
            return Err(Failure::usage("--threshold is not between 0 and 1").into());
        }
        let output =
            OutputTarget::new(args.output.as_deref()).map_err(|error| Failure::in_usage(&error))?;
        let folder = args.output.as_deref().and_then(Path::parent);
        Ok(Self {
            folders: [args.src, args.tgt],
            languages: [src.language, tgt.language],
            least: args.threshold,
            output,
            absolute: folder.is_some_and(|folder| folder != Path::new("")),
            json: args.json,
            threads: args.threads.map(usize::from),
            reader: args.documents.reader(),
            model: args.model,
        })
    }
}

/// The files of one folder that could be read.
#[derive(Default)]
struct Side {
    files: Vec<Found>,
    sketches: Vec<DocumentSketch>,
}

/// A file that has no partner, with the best one that it could have had.
#[derive(Serialize)]
struct Alone<'a> {
    path: &'a Path,
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest: Option<&'a Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
}

/// A pair, as JSON.
#[derive(Serialize)]
struct Pair<'a> {
    id: &'a str,
    src: &'a Path,
    tgt: &'a Path,
    score: f32,
    margin: f32,
}

/// Everything, as JSON.
#[derive(Serialize)]
struct Told<'a> {
    pairs: Vec<Pair<'a>>,
    src_alone: Vec<Alone<'a>>,
    tgt_alone: Vec<Alone<'a>>,
    unreadable: &'a [String],
}

/// Reads, encodes, pairs, writes.
pub(crate) fn run(plan: &PairPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let encoder = load_encoder(plan.model.as_deref(), Precision::default())?;
    let mut unreadable = Vec::new();
    let mut sides = Vec::new();
    for (folder, language) in plan.folders.iter().zip(plan.languages) {
        let output = match &plan.output {
            OutputTarget::File(path) => Some(path.as_path()),
            _ => None,
        };
        let mut found = files(folder, None)?;
        // The manifest of an earlier run is no document.
        let is_output =
            |file: &Found| output.is_some() && file.path.canonicalize().ok().as_deref() == output;
        found.retain(|file| !is_output(file));
        let (read, failed) =
            with_threads(plan.threads, || sketch_all(&encoder, found, language, &plan.reader))??;
        unreadable.extend(failed);
        sides.push(read);
    }
    for message in &unreadable {
        printer.print(&format!("left out: {message}\n"));
    }
    let [src, tgt] = &sides[..] else { return Ok(ExitStatus::Failed) };
    for (side, folder) in sides.iter().zip(&plan.folders) {
        if side.files.is_empty() {
            return Err(Failure::input(format!("{}: there is no document", folder.display()))
                .hint("documents are files of UTF-8 text, at any depth")
                .into());
        }
    }
    let found = with_threads(plan.threads, || {
        pair_documents(Kernel::detect(), &src.sketches, &tgt.sketches, plan.least)
    })?;
    let (src, tgt) = (&src.files[..], &tgt.files[..]);
    if plan.json {
        write_json(plan, src, tgt, &found, &unreadable)?;
    } else {
        write_manifest(plan, src, tgt, &found)?;
    }
    tell_alone(printer, src, tgt, &found);
    printer.print(&format!(
        "{} pairs; alone: {} sources, {} targets\n",
        found.pairs.len(),
        found.alone[0].len(),
        found.alone[1].len()
    ));
    Ok(if unreadable.is_empty() { ExitStatus::Done } else { ExitStatus::Failed })
}

/// Reads and encodes all files; gives the messages of those that cannot be read, too.
fn sketch_all(
    encoder: &CnnEncoder,
    found: Vec<Found>,
    language: Language,
    reader: &DocumentReader,
) -> anyhow::Result<(Side, Vec<String>)> {
    let read = |found: Found| -> anyhow::Result<Result<(Found, DocumentSketch), String>> {
        let document = match reader.read(&found.path) {
            Ok(document) => document,
            Err(error) => return Ok(Err(format!("{:#}", anyhow::Error::new(error)))),
        };
        let segments = segments(&document, language);
        let sketch = DocumentSketch::new(encoder, &segments)
            .map_err(|error| anyhow!(error))
            .with_context(|| found.path.display().to_string())?;
        Ok(Ok((found, sketch)))
    };
    let read: Vec<_> = found.into_par_iter().map(read).collect::<anyhow::Result<_>>()?;
    let (mut side, mut failed) = (Side::default(), Vec::new());
    for file in read {
        match file {
            Ok((found, sketch)) => {
                side.files.push(found);
                side.sketches.push(sketch);
            }
            Err(message) => failed.push(message),
        }
    }
    Ok((side, failed))
}

/// Writes what `nasaq align --corpus` reads.
fn write_manifest(
    plan: &PairPlan,
    src: &[Found],
    tgt: &[Found],
    found: &DocumentPairs,
) -> anyhow::Result<()> {
    let mut out = plan.output.open()?;
    writeln!(out, "id\tsrc\ttgt\tpair_score\tpair_margin")?;
    for (pair, id) in found.pairs.iter().zip(ids(plan, src, &found.pairs)) {
        let paths = [&src[pair.src].path, &tgt[pair.tgt].path].map(|path| {
            let path = if plan.absolute { path.canonicalize()? } else { path.clone() };
            match path.to_str() {
                Some(text) if !text.contains(['\t', '\n', '\r']) => Ok(text.to_owned()),
                _ => Err(Failure::input(format!(
                    "{}: no manifest can hold this name",
                    path.display()
                ))
                .hint("rename the file; names are UTF-8 without tabs and line breaks")
                .into()),
            }
        });
        let [src, tgt]: [anyhow::Result<String>; 2] = paths;
        writeln!(out, "{id}\t{}\t{}\t{:.4}\t{:.4}", src?, tgt?, pair.score, pair.margin)?;
    }
    Ok(out.commit()?)
}

fn write_json(
    plan: &PairPlan,
    src: &[Found],
    tgt: &[Found],
    found: &DocumentPairs,
    unreadable: &[String],
) -> anyhow::Result<()> {
    let ids = ids(plan, src, &found.pairs);
    let pairs = found.pairs.iter().zip(&ids).map(|(found, id)| Pair {
        id,
        src: &src[found.src].path,
        tgt: &tgt[found.tgt].path,
        score: found.score,
        margin: found.margin,
    });
    let alone = |side: usize| -> Vec<Alone<'_>> {
        let (own, other) = if side == 0 { (src, tgt) } else { (tgt, src) };
        let alone = |(number, best): &(usize, Option<DocumentPair>)| {
            let partner = best.map(|pair| if side == 0 { pair.tgt } else { pair.src });
            Alone {
                path: &own[*number].path,
                nearest: partner.map(|at| other[at].path.as_path()),
                score: best.map(|pair| pair.score),
            }
        };
        found.alone[side].iter().map(alone).collect()
    };
    let told =
        Told { pairs: pairs.collect(), src_alone: alone(0), tgt_alone: alone(1), unreadable };
    let mut out = plan.output.open()?;
    serde_json::to_writer_pretty(&mut out, &told).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(out.commit()?)
}

/// Names the pairs after their sources, each in its own way.
fn ids(plan: &PairPlan, src: &[Found], pairs: &[DocumentPair]) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let id = |pair: &DocumentPair| {
        let name = &src[pair.src].name;
        let key = key_of(name, plan.languages[0]);
        // `1.txt` and `1.md` in one folder: the whole name tells them apart.
        let id = if seen.contains(&key) { name.clone() } else { key };
        seen.insert(id.clone());
        id
    };
    pairs.iter().map(id).collect()
}

fn tell_alone(printer: Printer, src: &[Found], tgt: &[Found], found: &DocumentPairs) {
    let mut text = String::new();
    for (side, own, other) in [(0, src, tgt), (1, tgt, src)] {
        for (number, best) in &found.alone[side] {
            let name = ["source", "target"][side];
            text.push_str(&format!("alone: {name} {}", own[*number].path.display()));
            if let Some(pair) = best {
                let partner = if side == 0 { pair.tgt } else { pair.src };
                let path = other[partner].path.display();
                text.push_str(&format!(" (nearest {path}, {:.2})", pair.score));
            }
            text.push('\n');
        }
    }
    printer.print(&text);
}
