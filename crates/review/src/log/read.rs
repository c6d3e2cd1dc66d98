//! Reads a log back.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use nasaq_job::Failure;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::event::Event;
use super::head::{BeadsLine, DocumentLine, FORMAT, Head, Header};
use super::json_reason;
use crate::decision::ReviewSide;

/// The largest number of bytes of a log.
const MAX_LOG: u64 = 1 << 32;

/// What a log holds.
#[derive(Debug)]
pub(crate) struct ReadLog {
    pub(crate) head: Head,
    pub(crate) events: Vec<Event>,
    /// The bytes of the lines that count.
    pub(crate) valid_bytes: u64,
    /// Whether the last line counts but lacks its line end.
    pub(crate) lacks_line_end: bool,
    /// What was dropped.
    pub(crate) notices: Vec<String>,
}

/// The lines of a file with their numbers and line ends.
struct Lines<'p> {
    file: BufReader<File>,
    path: &'p Path,
    number: usize,
    bytes: u64,
}

impl Lines<'_> {
    fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut line = Vec::new();
        self.file.read_until(b'\n', &mut line).map_err(|error| unreadable(self.path, error))?;
        self.number += 1;
        self.bytes += line.len() as u64;
        Ok((!line.is_empty()).then_some(line))
    }

    fn damaged(&self, reason: impl std::fmt::Display) -> Failure {
        let place = format!("{}, line {}", self.path.display(), self.number);
        Failure::input(format!("{place}: {reason}")).with_kind("log")
    }

    /// Reads a line of the head.
    fn head<T: DeserializeOwned>(&mut self, what: &str) -> Result<T, Failure> {
        let line = self.next()?.filter(|line| line.ends_with(b"\n")).ok_or_else(|| {
            self.damaged(format!("the log was cut short before its first decision ({what})"))
                .hint("restore it from a backup, or move it away and start again")
        })?;
        serde_json::from_slice(&line).map_err(|error| {
            self.damaged(format!("this is not {what} of a review log: {}", json_reason(&error)))
                .hint("is it the right file?")
        })
    }
}

/// The first member of a header, whatever its version.
#[derive(Deserialize)]
struct AnyHeader {
    nasaq_review: u32,
    version: Option<String>,
}

/// How a log begins.
const START: &[u8] = b"{\"nasaq_review\":";

/// Reports whether a file is the log of a review, of whatever version.
#[must_use]
pub fn is_log(path: &Path) -> bool {
    let mut start = [0; START.len()];
    if !path.is_file() {
        // A pipe can be read only once.
        return false;
    }
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == START
}

/// Reads a log. A torn last line is dropped with a notice.
pub(crate) fn read(path: &Path) -> Result<ReadLog, Failure> {
    let file = File::open(path).map_err(|error| unreadable(path, error))?;
    let len = file.metadata().map_err(|error| unreadable(path, error))?.len();
    if len > MAX_LOG {
        return Err(Failure::input(format!("{}: this is larger than any log", path.display())));
    }
    let mut lines = Lines { file: BufReader::new(file), path, number: 0, bytes: 0 };
    let head = read_head(&mut lines)?;
    let mut log = ReadLog {
        head,
        events: Vec::new(),
        valid_bytes: lines.bytes,
        lacks_line_end: false,
        notices: Vec::new(),
    };
    while let Some(line) = lines.next()? {
        let is_whole = line.ends_with(b"\n");
        let expected = log.events.len() as u64 + 1;
        let event = serde_json::from_slice::<Event>(&line).map_err(|error| json_reason(&error));
        match event {
            Ok(event) if event.seq == expected => {
                log.events.push(event);
                log.valid_bytes = lines.bytes;
                log.lacks_line_end = !is_whole;
            }
            Err(_) if !is_whole => {
                log.notices.push(format!(
                    "{}, line {}: the last line is torn and was dropped ({} bytes); it was never \
                     acknowledged",
                    path.display(),
                    lines.number,
                    line.len()
                ));
            }
            Ok(event) => {
                let reason = format!("decision {expected} is missing: this is {}", event.seq);
                return Err(with_way_out(lines.damaged(reason), lines.number));
            }
            Err(error) => {
                let reason = format!("this is no decision: {error}");
                return Err(with_way_out(lines.damaged(reason), lines.number));
            }
        }
    }
    Ok(log)
}

fn with_way_out(failure: Failure, line: usize) -> Failure {
    failure.hint(format!(
        "restore it from a backup; to go on with the decisions before it only, delete line {line} \
         and all behind it in a copy"
    ))
}

fn read_head(lines: &mut Lines<'_>) -> Result<Head, Failure> {
    let header: serde_json::Value = lines.head("the header")?;
    let any = AnyHeader::deserialize(&header).map_err(|_| {
        lines.damaged("this is not a review log").hint("nasaq review makes one: *.review.jsonl")
    })?;
    if any.nasaq_review != FORMAT {
        let version = any.version.unwrap_or_default();
        let found = any.nasaq_review;
        return Err(lines
            .damaged(format!(
                "the log has format {found} (nasaq {version}), this program knows {FORMAT}"
            ))
            .hint("open it with that version of nasaq"));
    }
    let header =
        Header::deserialize(&header).map_err(|error| lines.damaged(json_reason(&error)))?;
    let mut sides = Vec::with_capacity(2);
    for side in [ReviewSide::Src, ReviewSide::Tgt] {
        let line: DocumentLine = lines.head("a document")?;
        if line.document != side {
            return Err(lines.damaged(format!("this is not the {} document", side.name())));
        }
        sides.push(line.side().map_err(|reason| lines.damaged(reason))?);
    }
    let beads: BeadsLine = lines.head("the beads")?;
    let Ok(sides) = <[_; 2]>::try_from(sides) else { unreachable!("two documents") };
    let state = beads.state(sides).ok_or_else(|| {
        lines.damaged("a bead ends before it starts, or a score or a note belongs to no bead")
    })?;
    match state.fault() {
        Some(fault) => Err(lines.damaged(fault)),
        None => Ok(Head { header, state }),
    }
}

pub(crate) fn unreadable(path: &Path, error: std::io::Error) -> Failure {
    Failure::from(nasaq_formats::Error::from(error_kind(error)).at_path(path))
}

fn error_kind(source: std::io::Error) -> nasaq_formats::ErrorKind {
    match source.kind() {
        std::io::ErrorKind::NotFound => nasaq_formats::ErrorKind::Missing,
        _ => nasaq_formats::ErrorKind::Io { doing: "reading", source },
    }
}
