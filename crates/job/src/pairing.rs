//! Which files of two folders are translations of each other, by their content.

use std::collections::HashSet;
use std::path::Path;

use nasaq::{DocumentPairs, DocumentSketch, pair_documents};
use rayon::prelude::*;

use crate::corpus::{FolderFile, files, key_of};
use crate::engine::{Engine, document_segments};
use crate::failure::{Failure, Result, guard, with_causes};

/// Finds which files of two folders are translations of each other, by their content.
pub struct PairingJob<'j> {
    engine: &'j Engine,
    min_score: f32,
    skip: Option<&'j Path>,
}

/// The files of two folders, and which belong together.
#[derive(Debug)]
#[non_exhaustive]
pub struct PairedFolders {
    /// The files of both folders that could be read.
    pub files: [Vec<FolderFile>; 2],
    /// The pairs and the unpaired files, by their indices in `files`.
    pub pairs: DocumentPairs,
    /// An id for each pair: the name of the source without its extensions, or the whole name if
    /// another pair has that id.
    pub ids: Vec<String>,
    /// Files that could not be read, and why.
    pub unreadable: Vec<(FolderFile, Failure)>,
}

/// The encoded files of one folder.
#[derive(Default)]
struct SketchedFolder {
    files: Vec<FolderFile>,
    sketches: Vec<DocumentSketch>,
    unreadable: Vec<(FolderFile, Failure)>,
}

impl<'j> PairingJob<'j> {
    /// Starts from the defaults.
    #[must_use]
    pub fn new(engine: &'j Engine) -> Self {
        Self { engine, min_score: nasaq::MIN_PAIR_SCORE, skip: None }
    }

    /// Sets the min score of a pair, 0 to 1.
    #[must_use]
    pub fn min_score(mut self, score: f32) -> Self {
        self.min_score = score;
        self
    }

    /// Sets a file to skip: the output of an earlier job.
    #[must_use]
    pub fn skip(mut self, file: Option<&'j Path>) -> Self {
        self.skip = file;
        self
    }

    /// Reads all files of the two folders, at any depth, and pairs them.
    ///
    /// # Errors
    /// A [`Failure`] if a folder has no document, and if the encoder fails.
    pub fn run(&self, folders: [&Path; 2]) -> Result<PairedFolders> {
        let [mut src, mut tgt] = [self.sketch(folders[0], 0)?, self.sketch(folders[1], 1)?];
        for (side, folder) in [&src, &tgt].into_iter().zip(folders) {
            if side.files.is_empty() {
                return Err(Failure::input(format!("{}: there is no document", folder.display()))
                    .hint("a document is a text file or another format that nasaq reads"));
            }
        }
        let kernel = self.engine.kernel();
        let pairs = self
            .engine
            .threads()
            .install(|| pair_documents(kernel, &src.sketches, &tgt.sketches, self.min_score))?;
        let ids = self.ids(&src.files, &pairs);
        let mut unreadable = std::mem::take(&mut src.unreadable);
        unreadable.append(&mut tgt.unreadable);
        Ok(PairedFolders { files: [src.files, tgt.files], pairs, ids, unreadable })
    }

    /// Reads and encodes all files of one side.
    fn sketch(&self, folder: &Path, side: usize) -> Result<SketchedFolder> {
        let settings = self.engine.settings();
        let segmenter = settings.segmenter(settings.languages[side].language);
        let reader = settings.readers[side];
        let mut found = files(folder, None)?;
        if let Some(skip) = self.skip {
            found.retain(|file| file.path.canonicalize().ok().as_deref() != Some(skip));
        }
        let sketch = |file: &FolderFile| -> Result<Result<DocumentSketch>> {
            let document = match guard(|| Ok(reader.read(&file.path)?)) {
                Ok(document) => document,
                Err(failure) => return Ok(Err(failure)),
            };
            guard(|| {
                let segments = document_segments(&document, &segmenter);
                DocumentSketch::new(self.engine.encoder(), &segments).map(Ok).map_err(|error| {
                    let reason = format!("{}: {}", file.path.display(), with_causes(&*error));
                    Failure::new("encoder", reason)
                })
            })
        };
        let sketches: Vec<Result<DocumentSketch>> = self
            .engine
            .threads()
            .install(|| found.par_iter().map(sketch).collect::<Result<_>>())??;
        let mut sketched = SketchedFolder::default();
        for (file, sketch) in found.into_iter().zip(sketches) {
            match sketch {
                Ok(sketch) => {
                    sketched.files.push(file);
                    sketched.sketches.push(sketch);
                }
                Err(failure) => sketched.unreadable.push((file, failure)),
            }
        }
        Ok(sketched)
    }

    fn ids(&self, src: &[FolderFile], found: &DocumentPairs) -> Vec<String> {
        let language = self.engine.settings().languages[0].language;
        let mut seen = HashSet::new();
        let id = |pair: &nasaq::DocumentPair| {
            let name = &src[pair.src].name;
            let key = key_of(name, language);
            // `1.txt` and `1.md` in one folder.
            let id = if seen.contains(&key) { name.clone() } else { key };
            seen.insert(id.clone());
            id
        };
        found.pairs.iter().map(id).collect()
    }
}
