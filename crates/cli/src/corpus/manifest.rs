//! Manifests: a row a document, as TSV, CSV or JSON Lines.
//!
//! The columns are `id`; `src` and `tgt`, paths from the manifest's folder, or `src_text` and
//! `tgt_text`; everything else is metadata. A field of TSV is as nasaq writes it (`\t`, `\n`, `\r`,
//! `\\`), but a path is taken as it is. CSV is RFC 4180's. Texts stay in the file until their turn,
//! so that a manifest may be larger than the memory.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use nasaq_formats::{Document, Metadata, PLACE_COLUMNS, TSV_COLUMNS, unescape_field};
use serde_json::Value;

use super::entry::{Corpus, Entry, Place};
use crate::failure::Failure;

const SIDES: [(&str, &str); 2] = [("src", "src_text"), ("tgt", "tgt_text")];
/// Bytes of each part of an id: with an ending it must be a file's name.
const LONGEST_NAME: usize = 200;

/// Where a row is in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowPlace {
    start: u64,
    bytes: usize,
    line: u64,
}

/// A row, parsed.
#[derive(Debug, Default)]
pub(crate) struct Row {
    id: String,
    paths: [Option<String>; 2],
    pub(crate) texts: [Option<String>; 2],
    pub(crate) metadata: Metadata,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Tsv,
    Csv,
    Jsonl,
}

/// A manifest that has been looked through.
#[derive(Debug)]
pub(crate) struct Manifest {
    path: PathBuf,
    kind: Kind,
    /// The columns' names; JSON Lines has none.
    header: Vec<String>,
    metadata_names: Vec<String>,
}

impl Manifest {
    /// Tells whether a file's ending is a manifest's.
    pub(crate) fn is_manifest(path: &Path) -> bool {
        Kind::of(path).is_some()
    }

    /// Looks through a manifest.
    ///
    /// # Errors
    /// For a row that is none, with its line: a manifest is mended sooner than half a run is.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Corpus> {
        let Some(kind) = Kind::of(path) else {
            return Err(Failure::usage(format!("{} is no manifest", path.display()))
                .hint("a manifest's name ends in .tsv, .csv, .jsonl or .ndjson")
                .into());
        };
        // For the messages that every text file gets: no such file, a folder, an encoding.
        if !path.is_file() {
            Document::read(path)?;
        }
        let mut manifest =
            Self { path: path.to_owned(), kind, header: Vec::new(), metadata_names: Vec::new() };
        let entries = manifest.entries()?;
        Ok(Corpus { entries, manifest: Some(manifest), ..Corpus::default() })
    }

    pub(crate) fn metadata_names(&self) -> &[String] {
        &self.metadata_names
    }

    /// Reads a row again.
    ///
    /// # Errors
    /// Where the file cannot be read or is no longer what it was.
    pub(crate) fn read(&self, place: RowPlace) -> nasaq_formats::Result<Row> {
        let read = || -> std::io::Result<Vec<u8>> {
            let mut file = File::open(&self.path)?;
            file.seek(SeekFrom::Start(place.start))?;
            let mut bytes = vec![0; place.bytes];
            file.read_exact(&mut bytes)?;
            Ok(bytes)
        };
        let failed = |source| {
            let kind = nasaq_formats::ErrorKind::Io { doing: "reading", source };
            nasaq_formats::Error::from(kind).at_path(&self.path).at_line(place.line)
        };
        let bytes = read().map_err(failed)?;
        let row = self.parse(&bytes, place.line);
        row.map_err(|failure| failed(std::io::Error::other(failure)))
    }

    /// Finds the rows and checks each.
    fn entries(&mut self) -> anyhow::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        let mut lines_of: HashMap<String, u64> = HashMap::new();
        let mut names = BTreeSet::new();
        let folder = self.path.parent().unwrap_or(Path::new("")).to_owned();
        let mut rows = Rows::new(&self.path, self.kind)?;
        if self.kind != Kind::Jsonl {
            let Some((_, bytes)) = rows.next()? else {
                return Err(self.wrong(1, "this manifest is empty", HEADER_HINT).into());
            };
            self.header = self.fields(&bytes, 1)?;
            self.check_header()?;
        }
        while let Some((place, bytes)) = rows.next()? {
            let row = self.parse(&bytes, place.line)?;
            self.check_id(&row.id, place.line)?;
            if let Some(first) = lines_of.insert(row.id.clone(), place.line) {
                let what = format!("the id {:?} is that of line {first} too", row.id);
                return Err(self.wrong(place.line, what, "give each document its own id").into());
            }
            if self.kind == Kind::Jsonl {
                names.extend(row.metadata.into_iter().map(|(name, _)| name));
            }
            let mut sizes = [0; 2];
            let mut places = [Place::Inline, Place::Inline];
            for side in 0..2 {
                if let Some(path) = &row.paths[side] {
                    let path = folder.join(path);
                    sizes[side] = text_bytes(&path);
                    places[side] = Place::File(path);
                } else {
                    sizes[side] = row.texts[side].as_ref().map_or(0, String::len) as u64;
                }
            }
            entries.push(Entry { id: row.id, places, bytes: sizes, row: Some(place) });
        }
        if self.kind == Kind::Jsonl {
            self.metadata_names = names.into_iter().collect();
        } else {
            let is_metadata = |name: &&String| *name != "id" && !is_text_column(name);
            self.metadata_names = self.header.iter().filter(is_metadata).cloned().collect();
        }
        self.check_names()?;
        Ok(entries)
    }

    fn check_header(&self) -> Result<(), Failure> {
        let has = |name: &str| self.header.iter().any(|column| column == name);
        if !has("id") {
            return Err(self.wrong(1, "the header has no column \"id\"", HEADER_HINT));
        }
        for (path, text) in SIDES {
            if !has(path) && !has(text) {
                let what = format!("the header has neither a column {path:?} nor {text:?}");
                return Err(self.wrong(1, what, HEADER_HINT));
            }
        }
        for (at, name) in self.header.iter().enumerate() {
            if self.header[..at].contains(name) {
                let what = format!("the header names the column {name:?} twice");
                return Err(self.wrong(1, what, "give each column its own name"));
            }
        }
        Ok(())
    }

    /// Metadata must not take the place of what nasaq writes.
    fn check_names(&self) -> Result<(), Failure> {
        let ours = |name: &&String| {
            TSV_COLUMNS.contains(&name.as_str()) || PLACE_COLUMNS.contains(&name.as_str())
        };
        match self.metadata_names.iter().find(ours) {
            Some(name) => {
                let what = format!("the column {name:?} is one that nasaq writes");
                Err(self.wrong(1, what, "give it another name, or leave it out"))
            }
            None => Ok(()),
        }
    }

    fn check_id(&self, id: &str, line: u64) -> Result<(), Failure> {
        let hint =
            "an id is a path for the output: no empty parts, no . or .., at most 200 bytes a part";
        let good = |part: &str| {
            !["", ".", ".."].contains(&part)
                && part.len() <= LONGEST_NAME
                && !part.contains(|c: char| c.is_control() || c == '\\')
        };
        if id.split('/').all(good) {
            return Ok(());
        }
        Err(self.wrong(line, format!("the id {id:?} cannot be the name of a file"), hint))
    }

    /// Parses a row.
    fn parse(&self, bytes: &[u8], line: u64) -> Result<Row, Failure> {
        let mut values = match self.kind {
            Kind::Jsonl => {
                let value: Value = serde_json::from_slice(bytes).map_err(|error| {
                    self.wrong(line, format!("this is no JSON: {error}"), JSON_HINT)
                })?;
                let Value::Object(values) = value else {
                    return Err(self.wrong(line, "this is no JSON object", JSON_HINT));
                };
                values
            }
            Kind::Tsv | Kind::Csv => {
                let fields = self.fields(bytes, line)?;
                if fields.len() != self.header.len() {
                    let what = format!(
                        "{} columns where the header has {}",
                        fields.len(),
                        self.header.len()
                    );
                    let hint = match self.kind {
                        Kind::Tsv => "tabs inside a field are written \\t, line breaks \\n",
                        _ => "a field with a comma or a line break stands in double quotes",
                    };
                    return Err(self.wrong(line, what, hint));
                }
                let value = |(name, field): (&String, String)| {
                    let is_path = SIDES.iter().any(|(path, _)| path == name);
                    let field = match self.kind {
                        Kind::Tsv if !is_path => unescape_field(&field).into_owned(),
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
            Some(_) => Err(self.wrong(line, format!("{name:?} is no text"), JSON_HINT)),
        };
        let Some(id) = text("id")? else {
            return Err(self.wrong(line, "this row has no id", HEADER_HINT));
        };
        let mut row = Row { id, ..Row::default() };
        for (side, (path_name, text_name)) in SIDES.into_iter().enumerate() {
            row.paths[side] = text(path_name)?;
            row.texts[side] = text(text_name)?;
            // In a table both columns may be there, and one of the fields empty.
            if row.paths[side].is_some() && row.texts[side].as_deref() == Some("") {
                row.texts[side] = None;
            }
            match (&row.paths[side], &row.texts[side]) {
                (None, None) => {
                    let what = format!("this row has neither {path_name:?} nor {text_name:?}");
                    return Err(self.wrong(line, what, HEADER_HINT));
                }
                (Some(_), Some(_)) => {
                    let what = format!("this row has both {path_name:?} and {text_name:?}");
                    return Err(self.wrong(line, what, "leave one of them empty"));
                }
                _ => {}
            }
        }
        row.metadata = values;
        Ok(row)
    }

    fn fields(&self, bytes: &[u8], line: u64) -> Result<Vec<String>, Failure> {
        let utf8 = "convert the manifest to UTF-8; `nasaq segment` on it says what it looks like";
        if self.kind == Kind::Tsv {
            let text = std::str::from_utf8(bytes)
                .map_err(|_| self.wrong(line, "this line is not UTF-8", utf8))?;
            return Ok(text.split('\t').map(str::to_owned).collect());
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
        match reader.records().next() {
            Some(Ok(record)) => Ok(record.iter().map(str::to_owned).collect()),
            Some(Err(error)) => Err(self.wrong(line, error.to_string(), utf8)),
            None => Ok(Vec::new()),
        }
    }

    fn wrong(&self, line: u64, what: impl AsRef<str>, hint: &str) -> Failure {
        Failure::input(format!("{}:{line}: {}", self.path.display(), what.as_ref())).hint(hint)
    }
}

const HEADER_HINT: &str =
    "a manifest has id, src and tgt (paths), or src_text and tgt_text in place of a path";
const JSON_HINT: &str =
    "a line is an object with id, src or src_text, tgt or tgt_text, and any metadata";

fn is_text_column(name: &str) -> bool {
    SIDES.iter().any(|(path, text)| name == *path || name == *text)
}

impl Kind {
    fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_string_lossy().to_ascii_lowercase();
        match &*ending {
            "tsv" => Some(Self::Tsv),
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            _ => None,
        }
    }
}

/// About how many bytes of text a file has; 0 where it cannot be looked at.
pub(super) fn text_bytes(path: &Path) -> u64 {
    /// How far text is usually packed.
    const PACKED: u64 = 3;
    let bytes = fs::metadata(path).map_or(0, |found| found.len());
    let ending = path.extension().unwrap_or_default();
    if ending == "gz" || ending == "zst" { bytes * PACKED } else { bytes }
}

/// Goes through the rows of a file; empty lines are skipped.
struct Rows {
    inner: RowsInner,
    path: PathBuf,
}

enum RowsInner {
    Lines {
        reader: BufReader<File>,
        at: u64,
        line: u64,
    },
    /// The rows, and the file once more: what stands in it is read again, so that a row is always
    /// parsed alike.
    Csv(Box<csv::Reader<BufReader<File>>>, File),
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Rows {
    fn new(path: &Path, kind: Kind) -> anyhow::Result<Self> {
        let failed = |error: std::io::Error| Failure::input(format!("{}: {error}", path.display()));
        let open = || File::open(path).map_err(failed);
        let reader = BufReader::new(open()?);
        let inner = match kind {
            Kind::Csv => {
                let mut builder = csv::ReaderBuilder::new();
                let reader = builder.has_headers(false).flexible(true).from_reader(reader);
                RowsInner::Csv(Box::new(reader), open()?)
            }
            _ => RowsInner::Lines { reader, at: 0, line: 0 },
        };
        Ok(Self { inner, path: path.to_owned() })
    }

    fn next(&mut self) -> anyhow::Result<Option<(RowPlace, Vec<u8>)>> {
        match &mut self.inner {
            RowsInner::Lines { reader, at, line } => loop {
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
                return Ok(Some((RowPlace { start, bytes: bytes.len(), line: *line }, bytes)));
            },
            RowsInner::Csv(reader, file) => {
                let mut record = csv::ByteRecord::new();
                let path = self.path.display();
                let more = reader
                    .read_byte_record(&mut record)
                    .map_err(|error| Failure::input(format!("{path}: {error}")))?;
                if !more {
                    return Ok(None);
                }
                let place = record.position().map_or((0, 1), |at| (at.byte(), at.line()));
                let bytes = (reader.position().byte() - place.0) as usize;
                file.seek(SeekFrom::Start(place.0))?;
                let mut raw = vec![0; bytes];
                file.read_exact(&mut raw)?;
                Ok(Some((RowPlace { start: place.0, bytes, line: place.1 }, raw)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(name: &str, text: &str) -> anyhow::Result<Corpus> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join(name);
        fs::write(&path, text)?;
        let corpus = Manifest::open(&path)?;
        // All rows read back as what they were.
        for entry in &corpus.entries {
            let row = corpus.manifest.as_ref().expect("one").read(entry.row.expect("a row"))?;
            assert_eq!(row.id, entry.id);
        }
        Ok(corpus)
    }

    fn inline(corpus: &Corpus) -> ([String; 2], Metadata) {
        let manifest = corpus.manifest.as_ref().expect("a manifest");
        let row = manifest.read(corpus.entries[0].row.expect("a row")).expect("a row");
        (row.texts.map(Option::unwrap_or_default), row.metadata)
    }

    #[test]
    fn the_three_kinds_tell_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let kinds = [
            (
                "a.tsv",
                "\u{feff}genre\tid\tsrc_text\ttgt_text\n\nlaw\tفصل ١\tسطر\\nسطر, \"آخر\"\tA\\tb\r\n",
            ),
            (
                "a.csv",
                "\u{feff}genre,id,src_text,tgt_text\n\nlaw,فصل ١,\"سطر\nسطر, \"\"آخر\"\"\",A\tb\r\n",
            ),
            (
                "a.jsonl",
                "\n{\"id\":\"فصل ١\",\"src_text\":\"سطر\\nسطر, \\\"آخر\\\"\",\"tgt_text\":\"A\\tb\",\"genre\":\"law\"}\n",
            ),
        ];
        for (name, text) in kinds {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("a file");
            let corpus = Manifest::open(&path).expect(name);
            assert_eq!(corpus.entries.len(), 1, "{name}");
            assert_eq!(corpus.entries[0].id, "فصل ١", "{name}");
            assert_eq!(corpus.metadata_names(), ["genre"], "{name}");
            let (texts, metadata) = inline(&corpus);
            assert_eq!(texts, ["سطر\nسطر, \"آخر\"", "A\tb"], "{name}");
            assert_eq!(metadata["genre"], "law", "{name}");
        }
    }

    #[test]
    fn paths_are_from_the_manifests_folder() {
        let corpus = open("a.tsv", "id\tsrc\ttgt\n1\tar/1.txt\t/en/1.txt\n").expect("a manifest");
        let Place::File(src) = &corpus.entries[0].places[0] else { panic!("a file") };
        assert!(src.is_absolute() && src.ends_with("ar/1.txt"));
        assert_eq!(corpus.entries[0].places[1], Place::File(PathBuf::from("/en/1.txt")));
    }

    #[test]
    fn wrong_rows_are_told_with_their_line() {
        let head = "id\tsrc\ttgt\n";
        for (name, text, part) in [
            ("a.tsv", String::new(), "a.tsv:1: this manifest is empty"),
            ("a.tsv", "src\ttgt\n".into(), "a.tsv:1: the header has no column \"id\""),
            ("a.tsv", "id\tsrc\n".into(), "a.tsv:1: the header has neither a column \"tgt\""),
            ("a.tsv", "id\tsrc\ttgt\tid\n".into(), "twice"),
            ("a.tsv", "id\tsrc\ttgt\tscore\n1\ta\tb\t1\n".into(), "\"score\" is one that nasaq"),
            ("a.tsv", format!("{head}1\ta\n"), "a.tsv:2: 2 columns where the header has 3"),
            (
                "a.tsv",
                format!("{head}1\ta\tb\n\n1\ta\tb\n"),
                "a.tsv:4: the id \"1\" is that of line 2",
            ),
            ("a.tsv", format!("{head}1\ta\t\n"), "neither \"tgt\" nor \"tgt_text\""),
            ("a.tsv", format!("{head}../1\ta\tb\n"), "cannot be the name of a file"),
            ("a.tsv", format!("{head}/1\ta\tb\n"), "cannot be the name of a file"),
            ("a.csv", "id,src,tgt\n1,a,b,c\n".into(), "a.csv:2: 4 columns"),
            (
                "a.jsonl",
                "{\"id\":1,\"src\":\"a\",\"tgt\":\"b\"}\n{\n".into(),
                "a.jsonl:2: this is no JSON",
            ),
            ("a.jsonl", "[1]\n".into(), "no JSON object"),
            ("a.jsonl", "{\"id\":[],\"src\":\"a\",\"tgt\":\"b\"}".into(), "\"id\" is no text"),
        ] {
            let error = open(name, &text).expect_err(&text).to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
