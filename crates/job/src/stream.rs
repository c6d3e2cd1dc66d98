//! A stream of documents: one JSON object per line in, one result per line out, in the same order.
//!
//! One thread reads, others align one document each, and the calling thread hands out lines and
//! writes results. The next line is read only while there is memory for it: the documents being
//! aligned and the results waiting for an earlier one stay below a limit, however long the stream is.
//! A caller that writes one line and waits for its result gets it.

mod request;

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use nasaq_formats::{Error, ErrorKind};
use rayon::ThreadPool;

use self::request::{StreamReply, answer};
use crate::corpus::{default_memory_limit, memory};
use crate::engine::Engine;
use crate::failure::{Failure, Result};
use crate::remedy::Wording;
use crate::threads::{thread_pool, threads_failure};

/// A document of more bytes is aligned with all threads, not with one.
const LARGE: u64 = 1 << 20;

/// The counts of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamTotals {
    /// Lines that are not blank.
    pub documents: usize,
    /// Those with an error result.
    pub failed: usize,
}

/// Aligns a stream of documents.
///
/// A line is an object with `id`, `src` and `tgt`, where each side is a text or a list of segments;
/// all other fields come out as `meta`. A bad line has an error result and does not end the stream.
///
/// ```
/// use nasaq_job::{Engine, Settings, StreamJob};
///
/// let engine = Engine::new(Settings::default())?;
/// let lines = r#"{"id": 1, "src": "كان الجو باردا.", "tgt": "It was cold."}"#;
/// let mut results = Vec::new();
/// let totals = StreamJob::new(&engine).run("the example", lines.as_bytes(), &mut results)?;
/// assert_eq!((totals.documents, totals.failed), (1, 0));
/// assert!(results.starts_with(br#"{"id":1,"line":1,"status":"ok""#));
/// # Ok::<(), nasaq_job::Failure>(())
/// ```
pub struct StreamJob<'j> {
    engine: &'j Engine,
    memory_limit: u64,
    wording: Wording,
}

/// A line of the stream.
struct StreamLine {
    /// Its index among the documents.
    index: usize,
    /// Its line in the stream, from 1; blank lines count.
    number: usize,
    /// The line, or its length in bytes if it is too long.
    bytes: Result<Vec<u8>, u64>,
}

impl StreamLine {
    fn size(&self) -> u64 {
        self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)
    }
}

/// What the calling thread waits for.
enum StreamEvent {
    Read(io::Result<Option<StreamLine>>),
    Done { index: usize, reply: StreamReply, share: u64 },
}

impl<'j> StreamJob<'j> {
    /// Starts from the defaults.
    #[must_use]
    pub fn new(engine: &'j Engine) -> Self {
        let memory_limit = default_memory_limit();
        Self { engine, memory_limit, wording: ToString::to_string }
    }

    /// Sets how many bytes of memory the process should stay below, by default three quarters of
    /// the machine's. A document that needs more than there is fails.
    #[must_use]
    pub fn memory_limit(mut self, bytes: u64) -> Self {
        self.memory_limit = bytes;
        self
    }

    /// Sets the words for remedies in the results, by default those of [`Remedy`](crate::Remedy).
    #[must_use]
    pub fn wording(mut self, wording: Wording) -> Self {
        self.wording = wording;
        self
    }

    /// Checks the settings. [`run`](Self::run) checks them too; call this to fail before other work.
    ///
    /// # Errors
    /// A [`Failure`] for a document format or an encoding: a stream has plain texts.
    pub fn check(&self) -> Result<()> {
        match self.engine.settings().reads_plain_text() {
            true => Ok(()),
            false => Err(Failure::usage("a stream has plain texts")
                .hint("remove the settings of how documents are read")),
        }
    }

    /// Aligns every line of `input`, which messages call `name`, and writes the results.
    ///
    /// # Errors
    /// A [`Failure`] if the stream itself cannot be read or written.
    pub fn run(
        &self,
        name: &str,
        input: impl BufRead + Send + 'static,
        output: &mut impl Write,
    ) -> Result<StreamTotals> {
        self.check()?;
        let threads = self.engine.threads();
        let max_bytes = memory::max_text_bytes(self.memory_limit);
        let (events, inbox) = channel();
        let (permits, granted) = channel();
        // It may wait for a line for ever, so no thread waits for it.
        let reader = events.clone();
        thread::Builder::new()
            .spawn(move || read_lines(input, max_bytes, &granted, &reader))
            .map_err(|error| threads_failure(1, &error))?;
        let (jobs, queue) = channel::<(StreamLine, u64)>();
        let queue = Mutex::new(queue);
        let worker = |single: ThreadPool, events: Sender<StreamEvent>| {
            loop {
                let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok((line, share)) = job else { return };
                let index = line.index;
                let work = || {
                    let bytes = line.bytes.as_deref().map_err(|bytes| (*bytes, max_bytes));
                    answer(self.engine, line.number, bytes, self.wording)
                };
                let reply = match line.size() > LARGE {
                    true => threads.install(work).unwrap_or_else(|_| single.install(work)),
                    false => single.install(work),
                };
                if events.send(StreamEvent::Done { index, reply, share }).is_err() {
                    return;
                }
            }
        };
        let pools: Vec<ThreadPool> =
            (0..threads.count()).map(|_| thread_pool(1)).collect::<Result<_>>()?;
        thread::scope(|scope| {
            for single in pools {
                let events = events.clone();
                // If one fails, the others end because `jobs` is dropped.
                thread::Builder::new()
                    .spawn_scoped(scope, || worker(single, events))
                    .map_err(|error| threads_failure(threads.count(), &error))?;
            }
            drop(events);
            let limit = self.memory_limit.saturating_sub(memory::estimate_all([].into_iter()));
            write_results(name, Channels { inbox, jobs, permits }, limit, output)
        })
    }
}

/// Reads one document's line per permit, up to the end of the stream.
fn read_lines(
    mut input: impl BufRead,
    max_bytes: u64,
    granted: &Receiver<()>,
    events: &Sender<StreamEvent>,
) {
    let (mut index, mut number) = (0, 0);
    while granted.recv().is_ok() {
        let line = next_document(&mut input, max_bytes, &mut number);
        let is_last = !matches!(line, Ok(Some(_)));
        let line = line.map(|line| line.map(|bytes| StreamLine { index, number, bytes }));
        if events.send(StreamEvent::Read(line)).is_err() || is_last {
            return;
        }
        index += 1;
    }
}

/// Reads up to a line that is not blank, and counts lines. A byte order mark at the start of the
/// stream, which programs on Windows write, is not part of the first line.
fn next_document(
    input: &mut impl BufRead,
    max_bytes: u64,
    number: &mut usize,
) -> io::Result<Option<Result<Vec<u8>, u64>>> {
    while let Some(mut line) = next_line(input, max_bytes)? {
        *number += 1;
        if let (Ok(bytes), 1) = (&mut line, *number)
            && bytes.starts_with(b"\xef\xbb\xbf")
        {
            bytes.drain(..3);
        }
        if line.as_ref().map_or(true, |bytes| !bytes.trim_ascii().is_empty()) {
            return Ok(Some(line));
        }
    }
    Ok(None)
}

/// Reads a line without its end, or returns its length if it is too long.
fn next_line(input: &mut impl BufRead, max_bytes: u64) -> io::Result<Option<Result<Vec<u8>, u64>>> {
    let mut bytes = Vec::new();
    input.by_ref().take(max_bytes).read_until(b'\n', &mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    } else if bytes.len() as u64 == max_bytes {
        let rest = input.skip_until(b'\n')?;
        if rest > 1 {
            return Ok(Some(Err(max_bytes + rest as u64)));
        }
    }
    Ok(Some(Ok(bytes)))
}

/// What connects the threads.
struct Channels {
    inbox: Receiver<StreamEvent>,
    jobs: Sender<(StreamLine, u64)>,
    permits: Sender<()>,
}

/// Hands lines to the workers while there is memory, and writes results in order.
fn write_results(
    name: &str,
    channels: Channels,
    limit: u64,
    output: &mut impl Write,
) -> Result<StreamTotals> {
    let Channels { inbox, jobs, permits } = channels;
    let mut waiting: Option<StreamLine> = None;
    let mut replies: BTreeMap<usize, (StreamReply, u64)> = BTreeMap::new();
    let mut totals = StreamTotals::default();
    let (mut written, mut used) = (0, 0_u64);
    let mut ended = false;
    let _ = permits.send(());
    while !ended || written < totals.documents || waiting.is_some() {
        match inbox.recv().map_err(|_| ended_early("reading"))? {
            StreamEvent::Read(Ok(Some(line))) => waiting = Some(line),
            StreamEvent::Read(Ok(None)) => ended = true,
            StreamEvent::Read(Err(error)) => {
                return Err(Failure::input(format!("{name}: {error}")));
            }
            StreamEvent::Done { index, reply, share } => {
                totals.failed += usize::from(reply.failed);
                replies.insert(index, (reply, share));
                let before = written;
                while let Some((reply, share)) = replies.remove(&written) {
                    output.write_all(&reply.line).map_err(unwritable)?;
                    used -= share;
                    written += 1;
                }
                if written > before {
                    output.flush().map_err(unwritable)?;
                }
            }
        }
        let fits =
            |line: &mut StreamLine| used == 0 || used + memory::estimate(line.size()) <= limit;
        if let Some(line) = waiting.take_if(fits) {
            let share = memory::estimate(line.size());
            used += share;
            totals.documents += 1;
            jobs.send((line, share)).map_err(|_| ended_early("aligning"))?;
            let _ = permits.send(());
        }
    }
    Ok(totals)
}

fn ended_early(what: &str) -> Failure {
    Failure::new("internal", format!("a thread of nasaq ended while {what}"))
}

fn unwritable(source: io::Error) -> Failure {
    Error::from(ErrorKind::Io { doing: "writing", source }).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_complete_or_reported_as_too_long() {
        let mut input: &[u8] = b"abc\nabcd\nabcde\nabcdefgh\n\nab";
        let mut next = || next_line(&mut input, 5).expect("memory");
        assert_eq!(next(), Some(Ok(b"abc".to_vec())));
        assert_eq!(next(), Some(Ok(b"abcd".to_vec())));
        assert_eq!(next(), Some(Ok(b"abcde".to_vec())));
        assert_eq!(next(), Some(Err(9)));
        assert_eq!(next(), Some(Ok(Vec::new())));
        assert_eq!(next(), Some(Ok(b"ab".to_vec())));
        assert_eq!(next(), None);
    }

    #[test]
    fn blank_lines_and_the_byte_order_mark_are_skipped() {
        let mut input: &[u8] = b"\xef\xbb\xbf\r\n \n{}\n\t\n\xef\xbb\xbf{}\n\n";
        let mut number = 0;
        let mut next = || {
            let line = next_document(&mut input, 99, &mut number).expect("memory");
            (line, number)
        };
        assert_eq!(next(), (Some(Ok(b"{}".to_vec())), 3));
        assert_eq!(next(), (Some(Ok(b"\xef\xbb\xbf{}".to_vec())), 5), "only at the start");
        assert_eq!(next(), (None, 6));
    }
}
