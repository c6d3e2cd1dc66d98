//! The search of a session, in a thread of its own: it borrows the documents, and is made ready
//! while the reviewer still reads.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use nasaq::{DocumentSide, Search, Span, WordLink};
use nasaq_job::{Engine, Failure};

use crate::change::{Refusal, RefusalKind};
use crate::realign::{Realign, SearchResult, aligned_search, realigned, word_links};
use crate::side::Side;
use crate::stretch::Stretch;

/// Sends stretches to the thread that aligns them.
pub(crate) struct BackgroundSearch {
    requests: Sender<Request>,
    /// Whether the thread has a search and can answer at once.
    is_ready: Arc<AtomicBool>,
}

/// The largest number of segments that are replaced in a search.
const MAX_REPLACED: usize = 64;

/// What the thread is asked for.
struct Request {
    sides: [Side; 2],
    /// The part of the documents that is searched.
    window: [Range<usize>; 2],
    work: Work,
}

/// What the search of a window is for, and where the result goes.
enum Work {
    /// It is only made ready.
    Prepare,
    /// Aligns a stretch.
    Realign(Stretch, Sender<SearchResult>),
    /// Links the words of a bead, if the search is of this window already.
    Link([Span; 2], Sender<Option<Vec<WordLink>>>),
}

impl BackgroundSearch {
    /// Starts the thread, which ends when this is dropped.
    pub(crate) fn new(engine: Arc<Engine>) -> Result<Self, Failure> {
        let (requests, received) = channel();
        let is_ready = Arc::new(AtomicBool::new(false));
        let ready = Arc::clone(&is_ready);
        thread::Builder::new()
            .name("review".to_owned())
            .spawn(move || serve(&engine, &received, &ready))
            .map_err(|error| Failure::of("failed", error))?;
        Ok(Self { requests, is_ready })
    }

    fn send(&self, request: Request) -> Result<(), Refusal> {
        self.requests.send(request).map_err(|_| ended())
    }
}

impl Realign for BackgroundSearch {
    fn prepare(&mut self, sides: &[Side; 2], window: [Range<usize>; 2]) {
        // If the thread has ended, the first decision reports it.
        let _ = self.send(Request { sides: sides.clone(), window, work: Work::Prepare });
    }

    fn realign(&mut self, sides: &[Side; 2], stretches: &[Stretch]) -> Vec<SearchResult> {
        let mut results = Vec::with_capacity(stretches.len());
        for stretch in stretches {
            let (reply, result) = channel();
            let work = Work::Realign(stretch.clone(), reply);
            let window = stretch.window.clone();
            let sent = self.send(Request { sides: sides.clone(), window, work });
            results.push(sent.map(|()| result));
        }
        let received = |result: Receiver<SearchResult>| result.recv().map_err(|_| ended())?;
        results.into_iter().map(|sent| sent.and_then(received)).collect()
    }

    fn word_links(
        &self,
        sides: &[Side; 2],
        window: [Range<usize>; 2],
        bead: [Span; 2],
    ) -> Option<Vec<WordLink>> {
        if !self.is_ready.load(Ordering::Acquire) {
            return None;
        }
        let (reply, result) = channel();
        self.send(Request { sides: sides.clone(), window, work: Work::Link(bead, reply) }).ok()?;
        result.recv().ok()?
    }
}

fn ended() -> Refusal {
    Refusal::new(RefusalKind::Search, "nasaq has a bug: the search has ended")
        .hint("nothing was decided; start the review again, and report it")
}

/// Answers requests until there are no more.
fn serve(engine: &Engine, requests: &Receiver<Request>, is_ready: &AtomicBool) {
    let mut next = requests.recv().ok();
    while let Some(request) = next {
        is_ready.store(false, Ordering::Release);
        next = serve_window(engine, request, requests, is_ready);
    }
}

/// Answers requests about one part of the documents with one search, and returns the first that is
/// about another.
fn serve_window(
    engine: &Engine,
    first: Request,
    requests: &Receiver<Request>,
    is_ready: &AtomicBool,
) -> Option<Request> {
    let sides = first.sides.clone();
    let all = sides.each_ref().map(Side::segments);
    let segments = [0, 1].map(|side| &all[side][first.window[side].clone()]);
    let mut search = install(engine, || aligned_search(engine, &sides, segments));
    let mut held = first.segments();
    let window = first.window.clone();
    let mut request = first;
    loop {
        // The session may be gone when there is a result.
        match request.work {
            Work::Prepare => {}
            Work::Realign(stretch, reply) => {
                let beads = match &mut search {
                    Ok(search) => install(engine, || realigned(search, &stretch)),
                    Err(refusal) => Err(refusal.clone()),
                };
                let _ = reply.send(beads);
            }
            Work::Link(bead, reply) => {
                let search = search.as_ref().ok();
                let _ = reply.send(search.map(|search| word_links(search, &window, bead)));
            }
        }
        is_ready.store(true, Ordering::Release);
        request = requests.recv().ok()?;
        let starts = |window: &[Range<usize>; 2]| window.each_ref().map(|range| range.start);
        let is_here = starts(&request.window) == starts(&window);
        let found = request.segments();
        if let Work::Link(_, reply) = &request.work
            && !(is_here && found == held)
        {
            let _ = reply.send(None);
            request.work = Work::Prepare;
            continue;
        }
        let is_same = match &mut search {
            Ok(search) if is_here => replace_segments(search, &request.sides, &mut held, found),
            _ => false,
        };
        if !is_same {
            return Some(request);
        }
    }
}

impl Request {
    /// Returns where the segments of the window are in the documents.
    fn segments(&self) -> [Vec<Range<usize>>; 2] {
        [0, 1].map(|side| self.sides[side].segments[self.window[side].clone()].to_vec())
    }
}

/// Replaces segments that were cut or joined; returns whether the search has all segments now. If
/// many differ, a new search is better.
fn replace_segments(
    search: &mut Search<'_>,
    sides: &[Side; 2],
    held: &mut [Vec<Range<usize>>; 2],
    found: [Vec<Range<usize>>; 2],
) -> bool {
    for (side, name) in [(0, DocumentSide::Source), (1, DocumentSide::Target)] {
        let (old, new) = (&held[side], &found[side]);
        let first = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let rest = old[first..].iter().rev().zip(new[first..].iter().rev());
        let behind = rest.take_while(|(a, b)| a == b).count();
        let (old, new) = (first..old.len() - behind, first..new.len() - behind);
        if old.len().max(new.len()) > MAX_REPLACED {
            return false;
        }
        if old.is_empty() && new.is_empty() {
            continue;
        }
        let text = &sides[side].document.text;
        let texts = found[side][new].iter().map(|bytes| text[bytes.clone()].to_owned());
        if search.replace_segments(name, old, texts).is_err() {
            return false;
        }
    }
    *held = found;
    true
}

/// Runs work on the threads of the engine; a panic is the refusal of the decision.
fn install<T: Send>(
    engine: &Engine,
    work: impl FnOnce() -> Result<T, Refusal> + Send,
) -> Result<T, Refusal> {
    let guarded = || nasaq_job::guard(|| Ok(work()));
    let result = engine.threads().install(guarded).and_then(|result| result);
    result.unwrap_or_else(|failure| Err(Refusal::new(RefusalKind::Search, failure.reason())))
}
