//! A stream of documents: a JSON object a line in, a result a line out, in the same order.
//!
//! One thread reads, others align a document each, and this one gives out lines and writes results.
//! The next line is read only while there is memory for it: what is in work, and what waits for an
//! earlier result, stays below a limit however long the stream is. Whoever writes a line and waits
//! for its result gets it.

mod request;

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::Context;
use nasaq_formats::OutputTarget;
use rayon::ThreadPool;

use super::memory;
use super::metrics::Metrics;
use crate::args::AlignArgs;
use crate::engine::{Engine, pool};
use crate::failure::{ExitStatus, Failure};
use crate::printer::Printer;
use crate::settings::Settings;
use request::answer;

/// A document of more bytes is aligned with all threads, not with one.
const LARGE: u64 = 1 << 20;

/// What `nasaq align --jsonl` will do.
#[derive(Debug)]
pub(crate) struct StreamPlan {
    settings: Settings,
    /// Standard input where there is none.
    input: Option<PathBuf>,
    output: OutputTarget,
    max_memory: u64,
}

impl StreamPlan {
    pub(crate) fn new(args: &AlignArgs) -> anyhow::Result<Self> {
        let settings = Settings::new(args)?;
        if settings.readers != [nasaq_formats::DocumentReader::new(); 2] {
            return Err(Failure::usage("--jsonl takes plain texts")
                .hint("leave out what says how documents are read")
                .into());
        }
        let input = (args.src.as_os_str() != "-").then(|| args.src.clone());
        let output =
            OutputTarget::new(args.output.as_deref()).map_err(|error| Failure::in_usage(&error))?;
        Ok(Self {
            settings,
            input,
            output,
            max_memory: args.max_memory.unwrap_or_else(memory::default_limit),
        })
    }

    fn open(&self) -> anyhow::Result<Box<dyn BufRead + Send>> {
        let Some(path) = &self.input else { return Ok(Box::new(BufReader::new(io::stdin()))) };
        let file = std::fs::File::open(path).map_err(|error| {
            Failure::input(format!("{}: {error}", path.display()))
                .hint("check the spelling; without a file standard input is read")
        })?;
        Ok(Box::new(BufReader::new(file)))
    }
}

/// A line of the stream.
struct Line {
    /// Its place among the documents, from 0.
    number: usize,
    /// Its line in the stream, from 1; blank ones count.
    place: usize,
    /// The line, or so many bytes where that is more than can be worked on.
    bytes: Result<Vec<u8>, u64>,
}

impl Line {
    fn size(&self) -> u64 {
        self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)
    }
}

/// What the thread that writes waits for.
enum Event {
    Read(io::Result<Option<Line>>),
    Done { number: usize, result: Vec<u8>, failed: bool, share: u64 },
}

/// Aligns every line.
///
/// # Errors
/// Where the stream itself cannot be read or written; a bad line is a result.
pub(crate) fn stream(plan: &StreamPlan, printer: Printer) -> anyhow::Result<ExitStatus> {
    let settings = &plan.settings;
    let threads =
        settings.threads.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let input = plan.open()?;
    let engine = Engine::new(settings)?;
    let metrics = Metrics::default();
    let large = pool(threads)?;
    let most = memory::most_bytes(plan.max_memory);

    let (events, inbox) = channel();
    let (go, permits) = channel();
    // It may wait for a line for ever, so nobody waits for it.
    let reader = events.clone();
    thread::spawn(move || read(input, most, &permits, &reader));
    let (jobs, queue) = channel::<(Line, u64)>();
    let queue = Mutex::new(queue);
    let worker = |small: ThreadPool, events: Sender<Event>| {
        loop {
            let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((line, share)) = job else { return };
            let number = line.number;
            // Rayon inside a document must not take up another document while it waits.
            let pool = if line.size() > LARGE { &large } else { &small };
            let bytes = line.bytes.as_deref().map_err(|bytes| (*bytes, most));
            let answer = pool.install(|| answer(&engine, line.place, bytes, &metrics));
            let (result, failed) = (answer.line, answer.failed);
            if events.send(Event::Done { number, result, failed, share }).is_err() {
                return;
            }
        }
    };
    let pools: Vec<ThreadPool> = (0..threads).map(|_| pool(1)).collect::<Result<_, _>>()?;
    thread::scope(|scope| {
        for small in pools {
            let events = events.clone();
            scope.spawn(|| worker(small, events));
        }
        drop(events);
        let limit = plan.max_memory.saturating_sub(memory::whole([].into_iter()));
        let (documents, failed) = write(plan, Wires { inbox, jobs, go }, limit)?;
        if failed > 0 {
            printer.print(&format!(
                "nasaq: {failed} of {documents} documents failed; their results say why\n"
            ));
        }
        Ok(ExitStatus::Done)
    })
}

/// Reads a document's line whenever it may, up to the end.
fn read(mut input: impl BufRead, most: u64, permits: &Receiver<()>, events: &Sender<Event>) {
    let (mut number, mut place) = (0, 0);
    while permits.recv().is_ok() {
        let line = next_document(&mut input, most, &mut place);
        let is_last = !matches!(line, Ok(Some(_)));
        let line = line.map(|line| line.map(|bytes| Line { number, place, bytes }));
        if events.send(Event::Read(line)).is_err() || is_last {
            return;
        }
        number += 1;
    }
}

/// Reads up to a line that is not blank, and counts lines. A byte order mark at the start of the
/// stream, as programs on Windows write one, is no part of the first.
fn next_document(
    input: &mut impl BufRead,
    most: u64,
    place: &mut usize,
) -> io::Result<Option<Result<Vec<u8>, u64>>> {
    while let Some(mut line) = next_line(input, most)? {
        *place += 1;
        if let (Ok(bytes), 1) = (&mut line, *place)
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

/// Reads a line without its end, or its length where it is too long.
fn next_line(input: &mut impl BufRead, most: u64) -> io::Result<Option<Result<Vec<u8>, u64>>> {
    let mut bytes = Vec::new();
    input.by_ref().take(most).read_until(b'\n', &mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    } else if bytes.len() as u64 == most {
        let rest = input.skip_until(b'\n')?;
        if rest > 1 {
            return Ok(Some(Err(most + rest as u64)));
        }
    }
    Ok(Some(Ok(bytes)))
}

/// What connects the threads.
struct Wires {
    inbox: Receiver<Event>,
    jobs: Sender<(Line, u64)>,
    go: Sender<()>,
}

/// Gives lines to the workers while there is memory, and writes results in order.
fn write(plan: &StreamPlan, wires: Wires, limit: u64) -> anyhow::Result<(usize, usize)> {
    let Wires { inbox, jobs, go } = wires;
    let mut out = plan.output.open()?;
    let mut waiting: Option<Line> = None;
    let mut results: BTreeMap<usize, (Vec<u8>, u64)> = BTreeMap::new();
    let (mut given, mut written, mut failures, mut used) = (0, 0, 0, 0_u64);
    let mut ended = false;
    let _ = go.send(());
    while !ended || written < given || waiting.is_some() {
        match inbox.recv().context("the reading thread has ended")? {
            Event::Read(Ok(Some(line))) => waiting = Some(line),
            Event::Read(Ok(None)) => ended = true,
            Event::Read(Err(error)) => {
                let name = plan.input.as_ref().map(|path| path.display().to_string());
                let name = name.unwrap_or_else(|| "standard input".to_owned());
                return Err(Failure::input(format!("{name}: {error}")).into());
            }
            Event::Done { number, result, failed, share } => {
                results.insert(number, (result, share));
                failures += usize::from(failed);
                let before = written;
                while let Some((result, share)) = results.remove(&written) {
                    out.write_all(&result)?;
                    used -= share;
                    written += 1;
                }
                if written > before {
                    out.flush()?;
                }
            }
        }
        let fits = |line: &mut Line| used == 0 || used + memory::estimate(line.size()) <= limit;
        if let Some(line) = waiting.take_if(fits) {
            let share = memory::estimate(line.size());
            used += share;
            given += 1;
            jobs.send((line, share)).context("the aligning threads have ended")?;
            let _ = go.send(());
        }
    }
    drop(jobs);
    out.commit()?;
    Ok((given, failures))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_whole_or_told_to_be_too_long() {
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
    fn blank_lines_and_the_byte_order_mark_are_no_documents() {
        let mut input: &[u8] = b"\xef\xbb\xbf\r\n \n{}\n\t\n\xef\xbb\xbf{}\n\n";
        let mut place = 0;
        let mut next = || {
            let line = next_document(&mut input, 99, &mut place).expect("memory");
            (line, place)
        };
        assert_eq!(next(), (Some(Ok(b"{}".to_vec())), 3));
        assert_eq!(next(), (Some(Ok(b"\xef\xbb\xbf{}".to_vec())), 5), "it begins a stream only");
        assert_eq!(next(), (None, 6));
    }
}
