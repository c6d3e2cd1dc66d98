//! Which files of two folders, or of one, are translations of each other, by their content.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use nasaq::{DocumentPairs, DocumentSketch, Language, pair_documents};
use nasaq_formats::FileIdentity;
use nasaq_text::arabic_share;
use rayon::prelude::*;

use crate::corpus::memory::max_text_bytes;
use crate::corpus::{FolderFile, default_memory_limit, files, key_of};
use crate::engine::{Engine, document_segments};
use crate::failure::{Failure, Result, guard, with_causes};
use crate::observer::Observer;

/// Finds which files of two folders, or of one, are translations of each other, by their content.
pub struct PairingJob<'j> {
    engine: &'j Engine,
    min_score: f32,
    skip: Option<&'j Path>,
    observer: &'j dyn Observer,
}

/// The files of both sides, and which belong together.
#[derive(Debug)]
#[non_exhaustive]
pub struct PairedFolders {
    /// The files of both sides that could be read.
    pub files: [Vec<FolderFile>; 2],
    /// The pairs and the unpaired files, by their indices in `files`.
    pub pairs: DocumentPairs,
    /// An id for each pair: the name of the source without its extensions, or the whole name if
    /// another pair has that id.
    pub ids: Vec<String>,
    /// Files that could not be read, and why.
    pub unreadable: Vec<(FolderFile, Failure)>,
    /// Files that were skipped because another path leads to them, and that path.
    pub repeated: Vec<(FolderFile, FolderFile)>,
}

/// A file that was skipped, and the file that it is.
type RepeatedFile = (FolderFile, FolderFile);

/// A file to read, with its side if its folder shows it.
struct SidedFile {
    file: FolderFile,
    side: Option<usize>,
}

/// The encoded files of one side.
#[derive(Default)]
struct SketchedSide {
    files: Vec<FolderFile>,
    sketches: Vec<DocumentSketch>,
}

/// Removes the files that an earlier path leads to already, by a link, and returns them with that
/// path: a document counts once.
fn take_repeated(files: &mut Vec<FolderFile>) -> Vec<(FolderFile, FolderFile)> {
    let mut known: HashMap<FileIdentity, FolderFile> = HashMap::new();
    let mut repeated = Vec::new();
    files.retain(|file| {
        let Some(identity) = FileIdentity::of(&file.path) else { return true };
        match known.entry(identity) {
            Entry::Vacant(new) => {
                new.insert(file.clone());
                true
            }
            Entry::Occupied(first) => {
                repeated.push((file.clone(), first.get().clone()));
                false
            }
        }
    });
    repeated
}

impl<'j> PairingJob<'j> {
    /// Starts from the defaults.
    #[must_use]
    pub fn new(engine: &'j Engine) -> Self {
        Self { engine, min_score: nasaq::MIN_PAIR_SCORE, skip: None, observer: &() }
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

    /// Sets who is informed of the files that were read, by default nothing.
    #[must_use]
    pub fn observer(mut self, observer: &'j dyn Observer) -> Self {
        self.observer = observer;
        self
    }

    /// Reads all files of the two folders, at any depth, and pairs them.
    ///
    /// A file that is in both folders is on the side of its language, so no file is paired with
    /// itself.
    ///
    /// # Errors
    /// A [`Failure`] if a folder has no document, and if the encoder fails.
    pub fn run(&self, folders: [&Path; 2]) -> Result<PairedFolders> {
        let [(src, repeated), (tgt, more)] = [self.files(folders[0])?, self.files(folders[1])?];
        let identities = |files: &[FolderFile]| -> HashSet<FileIdentity> {
            files.iter().filter_map(|file| FileIdentity::of(&file.path)).collect()
        };
        let both = &identities(&src) & &identities(&tgt);
        let is_in_both = |file: &FolderFile| {
            FileIdentity::of(&file.path).is_some_and(|identity| both.contains(&identity))
        };
        let sided = |file: FolderFile, side: usize| match is_in_both(&file) {
            // It is listed once, among the sources.
            true => (side == 0).then_some(SidedFile { file, side: None }),
            false => Some(SidedFile { file, side: Some(side) }),
        };
        let src = src.into_iter().filter_map(|file| sided(file, 0));
        let tgt = tgt.into_iter().filter_map(|file| sided(file, 1));
        let files = src.chain(tgt).collect();
        let paired = self.pair(files, |side| folders[side])?;
        Ok(PairedFolders { repeated: [repeated, more].concat(), ..paired })
    }

    /// Reads all files of one folder, at any depth, divides them by their language, and pairs them.
    ///
    /// # Errors
    /// A [`Failure`] if the folder has no document of one of the languages, and if the encoder fails.
    pub fn run_mixed(&self, folder: &Path) -> Result<PairedFolders> {
        let (files, repeated) = self.files(folder)?;
        let files = files.into_iter().map(|file| SidedFile { file, side: None }).collect();
        Ok(PairedFolders { repeated, ..self.pair(files, |_| folder)? })
    }

    /// Lists the files of a folder, and those that are there under another path already.
    fn files(&self, folder: &Path) -> Result<(Vec<FolderFile>, Vec<RepeatedFile>)> {
        let mut found = files(folder, None)?;
        if let Some(skip) = self.skip {
            found.retain(|file| file.path.canonicalize().ok().as_deref() != Some(skip));
        }
        let repeated = take_repeated(&mut found);
        Ok((found, repeated))
    }

    fn pair<'f>(
        &self,
        files: Vec<SidedFile>,
        folder: impl Fn(usize) -> &'f Path,
    ) -> Result<PairedFolders> {
        let (done, total) = (AtomicUsize::new(0), files.len());
        let sketch = |file: &SidedFile| {
            let sketch = self.sketch(file);
            self.observer.file_read(done.fetch_add(1, Ordering::Relaxed) + 1, total);
            sketch
        };
        let sketches: Vec<Result<(usize, DocumentSketch)>> = self
            .engine
            .threads()
            .install(|| files.par_iter().map(sketch).collect::<Result<_>>())??;
        let mut sides = [SketchedSide::default(), SketchedSide::default()];
        let mut unreadable = Vec::new();
        for (SidedFile { file, .. }, sketch) in files.into_iter().zip(sketches) {
            match sketch {
                Ok((side, sketch)) => {
                    sides[side].files.push(file);
                    sides[side].sketches.push(sketch);
                }
                Err(failure) => unreadable.push((file, failure)),
            }
        }
        for (side, sketched) in sides.iter().enumerate() {
            if sketched.files.is_empty() {
                let language = match self.engine.settings().languages[side].language {
                    Language::Arabic => "Arabic",
                    Language::English => "English",
                };
                let reason = format!("{}: no {language} document", folder(side).display());
                return Err(Failure::input(reason)
                    .hint("a document is a text file or another format that nasaq reads"));
            }
        }
        let kernel = self.engine.kernel();
        let [src, tgt] = sides;
        let pairs = self
            .engine
            .threads()
            .install(|| pair_documents(kernel, &src.sketches, &tgt.sketches, self.min_score))?;
        let ids = self.ids(&src.files, &pairs);
        let files = [src.files, tgt.files];
        Ok(PairedFolders { files, pairs, ids, unreadable, repeated: Vec::new() })
    }

    /// Reads and encodes a file. Returns its side with it.
    ///
    /// The outer error ends the job, the inner one is about this file.
    fn sketch(&self, file: &SidedFile) -> Result<Result<(usize, DocumentSketch)>> {
        let SidedFile { file, side } = file;
        let settings = self.engine.settings();
        // Each thread holds one document.
        let limit = max_text_bytes(default_memory_limit()) / self.engine.threads().count() as u64;
        let reader = settings.readers[side.unwrap_or(0)].max_bytes(limit);
        let read = file.check_name().and_then(|()| guard(|| Ok(reader.read(&file.path)?)));
        let document = match read {
            Ok(document) => document,
            Err(failure) => return Ok(Err(failure)),
        };
        let Some(side) = side.or_else(|| self.side_of(&document.text)) else {
            let reason = format!("{}: no Arabic and no Latin letters", file.path.display());
            return Ok(Err(Failure::input(reason)));
        };
        guard(|| {
            let segmenter = settings.segmenter(settings.languages[side].language);
            let segments = document_segments(&document, &segmenter);
            let sketch = DocumentSketch::new(self.engine.encoder(), &segments);
            sketch.map(|sketch| Ok((side, sketch))).map_err(|error| {
                let reason = format!("{}: {}", file.path.display(), with_causes(&*error));
                Failure::new("encoder", reason)
            })
        })
    }

    /// Returns the side of the language that most letters of a text belong to.
    fn side_of(&self, text: &str) -> Option<usize> {
        let language = match arabic_share(text)? {
            share if share >= 0.5 => Language::Arabic,
            _ => Language::English,
        };
        self.engine.settings().languages.iter().position(|tag| tag.language == language)
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
