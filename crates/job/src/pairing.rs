//! Which files of two folders are translations of each other, by their content.

use std::collections::HashSet;
use std::path::Path;

use nasaq::{DocumentPairs, DocumentSketch, Language, pair_documents};
use nasaq_formats::DocumentReader;
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
        let settings = self.engine.settings();
        let mut unreadable = Vec::new();
        let mut sketch = |side: usize| -> Result<Vec<(FolderFile, DocumentSketch)>> {
            let language = settings.languages[side].language;
            let mut found = files(folders[side], None)?;
            let is_skipped = |file: &FolderFile| {
                self.skip.is_some() && file.path.canonicalize().ok().as_deref() == self.skip
            };
            found.retain(|file| !is_skipped(file));
            let (read, failed) = self.sketch_all(found, language, settings.readers[side])?;
            unreadable.extend(failed);
            Ok(read)
        };
        let sides = [sketch(0)?, sketch(1)?];
        for (side, folder) in sides.iter().zip(folders) {
            if side.is_empty() {
                return Err(Failure::input(format!("{}: there is no document", folder.display()))
                    .hint("a document is a text file or another format that nasaq reads"));
            }
        }
        let [(src, src_sketches), (tgt, tgt_sketches)]: [(Vec<_>, Vec<_>); 2] =
            sides.map(|side| side.into_iter().unzip());
        let kernel = self.engine.kernel();
        let pairs = self
            .engine
            .threads()
            .install(|| pair_documents(kernel, &src_sketches, &tgt_sketches, self.min_score))?;
        let ids = self.ids(&src, &pairs);
        Ok(PairedFolders { files: [src, tgt], pairs, ids, unreadable })
    }

    /// Reads and encodes all files.
    #[expect(clippy::type_complexity, reason = "two lists of pairs, used once")]
    fn sketch_all(
        &self,
        found: Vec<FolderFile>,
        language: Language,
        reader: DocumentReader,
    ) -> Result<(Vec<(FolderFile, DocumentSketch)>, Vec<(FolderFile, Failure)>)> {
        let read = |file: FolderFile| -> Result<Result<_, (FolderFile, Failure)>> {
            let document = match reader.read(&file.path) {
                Ok(document) => document,
                Err(error) => return Ok(Err((file, error.into()))),
            };
            let sketch = guard(|| {
                let segments = document_segments(&document, language);
                DocumentSketch::new(self.engine.encoder(), &segments).map_err(|error| {
                    let reason = with_causes(&*error);
                    Failure::new("encoder", format!("{}: {reason}", file.path.display()))
                })
            })?;
            Ok(Ok((file, sketch)))
        };
        let read: Vec<_> = self
            .engine
            .threads()
            .install(|| found.into_par_iter().map(read).collect::<Result<_>>())??;
        let (mut sketches, mut failed) = (Vec::new(), Vec::new());
        for file in read {
            match file {
                Ok(sketch) => sketches.push(sketch),
                Err(failure) => failed.push(failure),
            }
        }
        Ok((sketches, failed))
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
