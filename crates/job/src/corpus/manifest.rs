//! Manifests: one row per document, as TSV, CSV or JSON Lines.
//!
//! The columns are `id`; `src` and `tgt`, paths relative to the folder of the manifest, or `src_text`
//! and `tgt_text`; all other columns are metadata. A field of TSV has the escapes that nasaq writes
//! (`\t`, `\n`, `\r`, `\\`), but a path has none. CSV follows RFC 4180. Texts are read when their
//! document is aligned, so a manifest may be larger than the memory.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use nasaq_formats::{
    Document, Metadata, PLACE_COLUMNS, SpooledFile, TSV_COLUMNS, is_stream, unclosed_quote,
    unescape_field,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use xxhash_rust::xxh3::xxh3_64;

use super::entry::{Corpus, CorpusEntry, TextPlace};
use crate::failure::{Failure, Result};
use crate::object::UniqueObject;

/// The columns of each side: a path, or a text.
const SIDE_COLUMNS: [(&str, &str); 2] = [("src", "src_text"), ("tgt", "tgt_text")];

/// Where a row is in its manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowSpan {
    start: u64,
    bytes: usize,
    line: u64,
    /// The hash of the row.
    hash: u64,
}

/// A parsed row.
#[derive(Debug, Default)]
pub(crate) struct ManifestRow {
    id: String,
    paths: [Option<String>; 2],
    pub(crate) texts: [Option<String>; 2],
    pub(crate) metadata: Metadata,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ManifestFormat {
    Tsv,
    Csv,
    Jsonl,
}

/// A manifest whose rows have been checked.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// The path for messages.
    path: PathBuf,
    /// The copy of a pipe, which is read more than once.
    copy: Option<SpooledFile>,
    format: ManifestFormat,
    /// The names of the columns; none for JSON Lines.
    header: Vec<String>,
    metadata_names: Vec<String>,
}

impl Manifest {
    /// Reports whether a file has the extension of a manifest.
    pub(crate) fn is_manifest(path: &Path) -> bool {
        ManifestFormat::of(path).is_some()
    }

    /// Reads a manifest and checks all its rows, so that a bad one is reported before the run.
    ///
    /// # Errors
    /// A [`Failure`] with the line of a bad row.
    pub(crate) fn open(path: &Path) -> Result<Corpus> {
        let copy = is_stream(path).then(|| copy_of(path)).transpose()?;
        let format = match &copy {
            Some(copy) => Some(ManifestFormat::of_contents(copy.path())),
            None => ManifestFormat::of(path),
        };
        let Some(format) = format else {
            return Err(Failure::usage(format!("{}: not a manifest", path.display()))
                .hint("the name of a manifest ends in .tsv, .csv, .jsonl or .ndjson"));
        };
        // For the messages of every text file: no such file, a folder, an encoding.
        if copy.is_none() && !path.is_file() {
            Document::read(path)?;
        }
        let (path, header, metadata_names) = (path.to_owned(), Vec::new(), Vec::new());
        let mut manifest = Self { path, copy, format, header, metadata_names };
        let entries = manifest.entries()?;
        Ok(Corpus { entries, manifest: Some(manifest), ..Corpus::default() })
    }

    /// Returns the names of all metadata.
    pub(crate) fn metadata_names(&self) -> &[String] {
        &self.metadata_names
    }

    /// Reads a row again.
    ///
    /// # Errors
    /// A [`Failure`] if the file cannot be read or has changed.
    pub(crate) fn read(&self, row: RowSpan) -> Result<ManifestRow> {
        let read = || -> std::io::Result<Vec<u8>> {
            let mut file = File::open(self.file())?;
            file.seek(SeekFrom::Start(row.start))?;
            let mut bytes = vec![0; row.bytes];
            file.read_exact(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = read().map_err(|source| {
            let kind = nasaq_formats::ErrorKind::Io { doing: "reading", source };
            nasaq_formats::Error::from(kind).at_path(&self.path).at_line(row.line)
        })?;
        if xxh3_64(&bytes) != row.hash {
            let what = "this row changed after the run had started";
            let hint = "run again when no other program writes to the manifest";
            return Err(self.error(row.line, what, hint).with_kind("unreadable"));
        }
        self.parse(&bytes, row.line).map_err(|failure| failure.with_kind("unreadable"))
    }

    /// Returns the file that the rows are read from.
    fn file(&self) -> &Path {
        self.copy.as_ref().map_or(&self.path, SpooledFile::path)
    }

    /// Finds the rows and checks each of them.
    fn entries(&mut self) -> Result<Vec<CorpusEntry>> {
        let mut entries = Vec::new();
        let mut lines_of: HashMap<String, u64> = HashMap::new();
        let mut names = BTreeSet::new();
        let folder = match self.copy {
            Some(_) => PathBuf::new(),
            None => self.path.parent().unwrap_or(Path::new("")).to_owned(),
        };
        let mut rows = ManifestRows::new(self.file(), self.format)?;
        if self.format != ManifestFormat::Jsonl {
            let Some((_, bytes)) = rows.next()? else {
                return Err(self.error(1, "this manifest is empty", HEADER_HINT));
            };
            self.header = self.fields(&bytes, 1)?;
            self.check_header()?;
        }
        while let Some((place, bytes)) = rows.next()? {
            let row = self.parse(&bytes, place.line)?;
            self.check_id(&row.id, place.line)?;
            if let Some(first) = lines_of.insert(row.id.clone(), place.line) {
                let what = format!("the id {:?} is also that of line {first}", row.id);
                return Err(self.error(place.line, what, "give each document its own id"));
            }
            if self.format == ManifestFormat::Jsonl {
                names.extend(row.metadata.names().map(str::to_owned));
            }
            let mut sizes = [0; 2];
            let mut places = [TextPlace::Manifest, TextPlace::Manifest];
            for side in 0..2 {
                if let Some(path) = &row.paths[side] {
                    let path = folder.join(path);
                    sizes[side] = text_bytes(&path);
                    places[side] = TextPlace::File(path);
                } else {
                    sizes[side] = row.texts[side].as_ref().map_or(0, String::len) as u64;
                }
            }
            entries.push(CorpusEntry { id: row.id, places, bytes: sizes, row: Some(place) });
        }
        if self.format == ManifestFormat::Jsonl {
            self.metadata_names = names.into_iter().collect();
        } else {
            let is_metadata = |name: &&String| *name != "id" && !is_text_column(name);
            self.metadata_names = self.header.iter().filter(is_metadata).cloned().collect();
        }
        self.check_names()?;
        Ok(entries)
    }

    fn check_header(&self) -> Result<()> {
        let has = |name: &str| self.header.iter().any(|column| column == name);
        if !has("id") {
            return Err(self.error(1, "the header has no column \"id\"", HEADER_HINT));
        }
        for (path, text) in SIDE_COLUMNS {
            if !has(path) && !has(text) {
                let what = format!("the header has neither a column {path:?} nor {text:?}");
                return Err(self.error(1, what, HEADER_HINT));
            }
        }
        for (at, name) in self.header.iter().enumerate() {
            if self.header[..at].contains(name) {
                let what = format!("the header names the column {name:?} twice");
                return Err(self.error(1, what, "give each column its own name"));
            }
        }
        Ok(())
    }

    /// Refuses metadata with the name of a column that nasaq writes.
    fn check_names(&self) -> Result<()> {
        let is_output = |name: &&String| {
            TSV_COLUMNS.contains(&name.as_str()) || PLACE_COLUMNS.contains(&name.as_str())
        };
        match self.metadata_names.iter().find(is_output) {
            Some(name) => {
                let what = format!("the column {name:?} is one of the output's");
                Err(self.error(1, what, "rename it, or remove it"))
            }
            None => Ok(()),
        }
    }

    fn check_id(&self, id: &str, line: u64) -> Result<()> {
        let hint =
            "an id is a path in the output: no empty parts, no . or .., no control characters";
        let is_file_name = |part: &str| {
            !["", ".", ".."].contains(&part)
                && !part.contains(|c: char| c.is_control() || c == '\\')
        };
        if id.split('/').all(is_file_name) {
            return Ok(());
        }
        Err(self.error(line, format!("the id {id:?} cannot be the name of a file"), hint))
    }

    /// Parses a row.
    fn parse(&self, bytes: &[u8], line: u64) -> Result<ManifestRow> {
        let mut values: Map<String, Value> = match self.format {
            ManifestFormat::Jsonl => {
                let UniqueObject(values) = serde_json::from_slice(bytes).map_err(|error| {
                    let what = if error.is_data() { "a JSON object" } else { "JSON" };
                    self.error(line, format!("this is not {what}: {error}"), JSON_HINT)
                })?;
                values
            }
            ManifestFormat::Tsv | ManifestFormat::Csv => {
                let fields = self.fields(bytes, line)?;
                if fields.len() != self.header.len() {
                    let what = format!(
                        "{} columns where the header has {}",
                        fields.len(),
                        self.header.len()
                    );
                    let hint = match self.format {
                        ManifestFormat::Tsv => {
                            "tabs inside a field are written \\t, line breaks \\n"
                        }
                        _ => "a field with a comma or a line break needs double quotes",
                    };
                    return Err(self.error(line, what, hint));
                }
                let value = |(name, field): (&String, String)| {
                    let is_path = SIDE_COLUMNS.iter().any(|(path, _)| path == name);
                    let field = match self.format {
                        ManifestFormat::Tsv if !is_path => unescape_field(&field).into_owned(),
                        _ => field,
                    };
                    (name.clone(), Value::String(field))
                };
                self.header.iter().zip(fields).map(value).collect()
            }
        };
        let mut text = |name: &str| match values.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() && !name.ends_with("_text") => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(Value::Number(number)) if name == "id" => Ok(Some(number.to_string())),
            Some(_) => Err(self.error(line, format!("{name:?} is not a string"), JSON_HINT)),
        };
        let Some(id) = text("id")? else {
            return Err(self.error(line, "this row has no id", HEADER_HINT));
        };
        let mut row = ManifestRow { id, ..ManifestRow::default() };
        for (side, (path_name, text_name)) in SIDE_COLUMNS.into_iter().enumerate() {
            row.paths[side] = text(path_name)?;
            row.texts[side] = text(text_name)?;
            // A table may have both columns and leave one of the fields empty.
            if row.paths[side].is_some() && row.texts[side].as_deref() == Some("") {
                row.texts[side] = None;
            }
            match (&row.paths[side], &row.texts[side]) {
                (None, None) => {
                    let what = format!("this row has neither {path_name:?} nor {text_name:?}");
                    return Err(self.error(line, what, HEADER_HINT));
                }
                (Some(_), Some(_)) => {
                    let what = format!("this row has both {path_name:?} and {text_name:?}");
                    return Err(self.error(line, what, "leave one of them empty"));
                }
                _ => {}
            }
        }
        row.metadata = Metadata::deserialize(values).expect("an object is metadata");
        Ok(row)
    }

    fn fields(&self, bytes: &[u8], line: u64) -> Result<Vec<String>> {
        let utf8 = "convert the manifest to UTF-8";
        if self.format == ManifestFormat::Tsv {
            let text = std::str::from_utf8(bytes)
                .map_err(|_| self.error(line, "this line is not UTF-8", utf8))?;
            return Ok(text.split('\t').map(str::to_owned).collect());
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
        match reader.records().next() {
            Some(Ok(record)) => Ok(record.iter().map(str::to_owned).collect()),
            Some(Err(error)) => Err(self.error(line, error.to_string(), utf8)),
            None => Ok(Vec::new()),
        }
    }

    fn error(&self, line: u64, what: impl AsRef<str>, hint: &str) -> Failure {
        Failure::input(format!("{}:{line}: {}", self.path.display(), what.as_ref())).hint(hint)
    }
}

const HEADER_HINT: &str =
    "a manifest has id, src and tgt (paths), or src_text and tgt_text in place of a path";
const JSON_HINT: &str =
    "a line is an object with id, src or src_text, tgt or tgt_text, and any metadata";

fn is_text_column(name: &str) -> bool {
    SIDE_COLUMNS.iter().any(|(path, text)| name == *path || name == *text)
}

impl ManifestFormat {
    fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_string_lossy().to_ascii_lowercase();
        match &*extension {
            "tsv" => Some(Self::Tsv),
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            _ => None,
        }
    }

    /// Judges by the first line: an object, or names of columns with tabs or commas between them.
    fn of_contents(path: &Path) -> Self {
        let mut line = String::new();
        // What is not text is an error when the rows are read.
        if let Ok(file) = File::open(path) {
            let _ = BufReader::new(file.take(1 << 16)).read_line(&mut line);
        }
        match line.trim_start_matches('\u{feff}') {
            line if line.starts_with('{') => Self::Jsonl,
            line if line.contains('\t') => Self::Tsv,
            _ => Self::Csv,
        }
    }
}

/// Copies a pipe or standard input.
fn copy_of(path: &Path) -> Result<SpooledFile> {
    let copied = match path == Path::new("-") {
        true => SpooledFile::new(std::io::stdin()),
        false => File::open(path)
            .map_err(|source| nasaq_formats::ErrorKind::Io { doing: "reading", source }.into())
            .and_then(SpooledFile::new),
    };
    copied.map_err(|error| error.at_path(path).into())
}

/// Returns about how many bytes of text a file has; 0 for a file that cannot be read.
pub(super) fn text_bytes(path: &Path) -> u64 {
    /// The typical compression ratio of text.
    const COMPRESSION: u64 = 3;
    let bytes = fs::metadata(path).map_or(0, |found| found.len());
    let extension = path.extension().unwrap_or_default();
    if extension == "gz" || extension == "zst" { bytes * COMPRESSION } else { bytes }
}

/// The rows of a manifest file, without empty lines.
struct ManifestRows {
    inner: RowReader,
    path: PathBuf,
}

enum RowReader {
    Lines {
        reader: BufReader<File>,
        at: u64,
        line: u64,
    },
    /// The reader finds where a row is. Its bytes are then read from the second file, so that a row
    /// is parsed in the same way now and when its document is aligned.
    Csv(Box<csv::Reader<BufReader<File>>>, File),
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl ManifestRows {
    fn new(path: &Path, format: ManifestFormat) -> Result<Self> {
        let failed = |error: std::io::Error| Failure::input(format!("{}: {error}", path.display()));
        let open = || File::open(path).map_err(failed);
        let reader = BufReader::new(open()?);
        let inner = match format {
            ManifestFormat::Csv => {
                let mut builder = csv::ReaderBuilder::new();
                let reader = builder.has_headers(false).flexible(true).from_reader(reader);
                RowReader::Csv(Box::new(reader), open()?)
            }
            _ => RowReader::Lines { reader, at: 0, line: 0 },
        };
        Ok(Self { inner, path: path.to_owned() })
    }

    fn next(&mut self) -> Result<Option<(RowSpan, Vec<u8>)>> {
        match &mut self.inner {
            RowReader::Lines { reader, at, line } => loop {
                let mut bytes = Vec::new();
                let read = reader
                    .read_until(b'\n', &mut bytes)
                    .map_err(|error| Failure::input(format!("{}: {error}", self.path.display())))?;
                if read == 0 {
                    return Ok(None);
                }
                let mut start = *at;
                *at += read as u64;
                *line += 1;
                while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
                    bytes.pop();
                }
                if start == 0 && bytes.starts_with(BYTE_ORDER_MARK) {
                    bytes.drain(..BYTE_ORDER_MARK.len());
                    start = BYTE_ORDER_MARK.len() as u64;
                }
                if bytes.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                let hash = xxh3_64(&bytes);
                return Ok(Some((RowSpan { start, bytes: bytes.len(), line: *line, hash }, bytes)));
            },
            RowReader::Csv(reader, file) => {
                let mut record = csv::ByteRecord::new();
                let path = self.path.display();
                let more = reader
                    .read_byte_record(&mut record)
                    .map_err(|error| Failure::input(format!("{path}: {error}")))?;
                if !more {
                    return Ok(None);
                }
                let (start, line) = record.position().map_or((0, 1), |at| (at.byte(), at.line()));
                let bytes = (reader.position().byte() - start) as usize;
                let mut raw = vec![0; bytes];
                let read =
                    file.seek(SeekFrom::Start(start)).and_then(|_| file.read_exact(&mut raw));
                read.map_err(|error| Failure::input(format!("{path}: {error}")))?;
                if let Some(inside) = unclosed_quote(&raw) {
                    let line = line + inside - 1;
                    let reason = format!("{path}:{line}: a quote opens here and is never closed");
                    return Err(Failure::input(reason)
                        .hint("close it; a quote inside a quoted field is written twice"));
                }
                let hash = xxh3_64(&raw);
                Ok(Some((RowSpan { start, bytes, line, hash }, raw)))
            }
        }
    }
}

#[cfg(test)]
mod tests;
