//! Long documents, aligned in chunks.

mod common;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use nasaq::tuning::Tuning;
use nasaq::{
    Aligner, Alignment, Anchor, Bead, Constraints, DocumentVectors, Encoder, EncoderError,
    ErrorKind, Lexicon, Monitor, PrecomputedVectors, Progress, Span,
};

use common::{DIM, NumberSumEncoder};

/// A book, of whose sentences the target joins every seventh with the next.
struct Book {
    src: Vec<String>,
    tgt: Vec<String>,
    /// True pairs: first source segment, first target segment.
    pairs: Vec<(u32, u32)>,
}

fn book(sentences: usize, lost: impl Fn(usize) -> (bool, bool)) -> Book {
    let mut book = Book { src: Vec::new(), tgt: Vec::new(), pairs: Vec::new() };
    let mut at = 0;
    while at < sentences {
        let joined = if at % 7 == 3 { 2 } else { 1 };
        let sentence = |at: usize| format!("sentence {} {} {} .", 3 * at, 3 * at + 1, 3 * at + 2);
        let (src_lost, tgt_lost) = lost(at);
        if !src_lost && !tgt_lost {
            book.pairs.push((book.src.len() as u32, book.tgt.len() as u32));
        }
        if !src_lost {
            book.src.extend((at..at + joined).map(sentence));
        }
        if !tgt_lost {
            book.tgt.push((at..at + joined).map(sentence).collect::<Vec<_>>().join(" "));
        }
        at += joined;
    }
    book
}

/// Builds an aligner that cuts documents with more segments on a side to chunks.
fn chunked(max_whole: usize) -> Aligner {
    let mut tuning = Tuning::default();
    tuning.chunk.max_whole = max_whole;
    let aligner = Aligner::builder().lexicon(Lexicon::empty()).tuning(tuning);
    aligner.build().expect("valid settings")
}

/// Builds an aligner whose chunks have about 400 segments a side.
fn finely_chunked() -> Aligner {
    let mut tuning = Tuning::default();
    (tuning.chunk.max_whole, tuning.chunk.length) = (600, 400);
    let aligner = Aligner::builder().lexicon(Lexicon::empty()).tuning(tuning);
    aligner.build().expect("valid settings")
}

fn align(book: &Book, max_whole: usize, anchors: &[Anchor]) -> Alignment {
    align_with(&NumberSumEncoder, book, max_whole, anchors)
}

fn align_with(
    encoder: &impl Encoder,
    book: &Book,
    max_whole: usize,
    anchors: &[Anchor],
) -> Alignment {
    let aligner = chunked(max_whole);
    let mut search = aligner.search(encoder, &book.src, &book.tgt).expect("two sides");
    let alignment = search.anchors(anchors).align().expect("an alignment");
    let mut end = (0, 0);
    for bead in alignment.beads() {
        assert_eq!((bead.src.start, bead.tgt.start), end, "without gap or overlap");
        end = (bead.src.end, bead.tgt.end);
    }
    assert_eq!(end, (book.src.len() as u32, book.tgt.len() as u32));
    alignment
}

fn spans(alignment: &Alignment) -> Vec<[u32; 4]> {
    let span = |bead: &Bead| [bead.src.start, bead.src.end, bead.tgt.start, bead.tgt.end];
    alignment.beads().iter().map(span).collect()
}

fn share_found(book: &Book, alignment: &Alignment) -> f64 {
    let starts: Vec<(u32, u32)> =
        alignment.beads().iter().map(|bead| (bead.src.start, bead.tgt.start)).collect();
    let found = book.pairs.iter().filter(|pair| starts.binary_search(pair).is_ok()).count();
    found as f64 / book.pairs.len() as f64
}

#[test]
fn chunks_have_the_beads_of_the_whole() {
    let book = book(2600, |_| (false, false));
    let chunked = align(&book, 2000, &[]);
    assert_eq!(spans(&chunked), spans(&align(&book, usize::MAX, &[])));
    assert_eq!(share_found(&book, &chunked), 1.0);
}

#[test]
fn long_runs_that_one_side_lacks_are_nulls() {
    // They are so long that the inside of both is skipped.
    let book = book(6000, |at| ((1000..2300).contains(&at), (3500..4900).contains(&at)));
    let alignment = align(&book, 2000, &[]);
    let share = share_found(&book, &alignment);
    assert!(share > 0.999, "{share}");
    let nulls = alignment.beads().iter().filter(|bead| bead.is_null()).count();
    assert!(nulls.abs_diff(1400 + 1300 * 6 / 7) < 9, "{nulls}");
    assert_eq!(alignment.findings().len(), 2);
}

#[test]
fn anchors_hold_in_every_chunk() {
    let book = book(2800, |_| (false, false));
    // Every hundredth pair, and a run of pairs that contradict the texts.
    let mut anchors: Vec<(u32, u32)> = book.pairs.iter().copied().step_by(100).collect();
    anchors.retain(|pair| !(1180..1620).contains(&pair.0));
    let crosses = |a: (u32, u32), b: (u32, u32)| a.0.cmp(&b.0) != a.1.cmp(&b.1);
    let wrong = (1200..1600).map(|src| (src, src - 120));
    let wrong: Vec<_> =
        wrong.filter(|&pair| anchors.iter().all(|&other| !crosses(pair, other))).collect();
    assert!(wrong.len() > 200, "{}", wrong.len());
    anchors.extend(wrong);
    let anchors: Vec<Anchor> =
        anchors.iter().map(|&(src, tgt)| Anchor { src: src as usize, tgt: tgt as usize }).collect();
    let alignment = align(&book, 2000, &anchors);
    for anchor in anchors {
        let holds = |bead: &Bead| {
            bead.src.range().contains(&anchor.src) && bead.tgt.range().contains(&anchor.tgt)
        };
        assert!(alignment.beads().iter().any(holds), "{anchor:?}");
    }
}

/// Counts the texts that are encoded.
#[derive(Default)]
struct Counted(AtomicUsize);

impl Encoder for Counted {
    fn dim(&self) -> usize {
        DIM
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        self.0.fetch_add(texts.len(), Ordering::Relaxed);
        NumberSumEncoder.encode(texts)
    }

    fn token_count(&self, text: &str) -> usize {
        NumberSumEncoder.token_count(text)
    }
}

#[test]
fn a_long_document_is_encoded_once_for_all_its_anchors() {
    let book = book(2600, |_| (false, false));
    // Pairs that are far from the true ones move the cuts between chunks.
    let pair = |src: u32| Anchor { src: src as usize, tgt: (src - 90) as usize };
    let anchors: Vec<Anchor> = (500..700).step_by(3).chain([1300, 1500]).map(pair).collect();
    let encoder = Counted::default();
    let aligner = finely_chunked();
    let mut search = aligner.search(&encoder, &book.src, &book.tgt).expect("two sides");
    let without = search.align().expect("an alignment");
    let fresh = |anchors: &[Anchor]| {
        let mut search =
            aligner.search(&NumberSumEncoder, &book.src, &book.tgt).expect("two sides");
        search.anchors(anchors).align().expect("an alignment")
    };
    assert_eq!(without, fresh(&[]));
    let texts = encoder.0.load(Ordering::Relaxed);
    let with = search.anchors(&anchors).align().expect("an alignment");
    assert_ne!(with, without);
    // Only runs that no chunk pairs are, to be compared with each other.
    let again = encoder.0.load(Ordering::Relaxed) - texts;
    assert!(again < texts / 10, "{again} of {texts} texts are encoded again");
    assert_eq!(with, fresh(&anchors));
    assert_eq!(search.anchors(&[]).align().expect("an alignment"), without);
}

/// Cancels once some segments are aligned.
struct Impatient {
    max_segments: usize,
    last: Mutex<Progress>,
    is_cancelled: AtomicBool,
}

impl Monitor for Impatient {
    fn progress(&self, progress: Progress) {
        let mut last = self.last.lock().expect("no panic");
        assert!(progress.segments_done >= last.segments_done, "{progress:?} after {last:?}");
        *last = progress;
        self.is_cancelled.store(progress.segments_done > self.max_segments, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed)
    }
}

#[test]
fn a_long_document_reports_its_chunks_and_is_cancelled_between_them() {
    let book = book(3600, |_| (false, false));
    let total = book.src.len() + book.tgt.len();
    let aligner = finely_chunked();
    let align = |max_segments: usize| {
        let last = Mutex::new(Progress::default());
        let monitor = Impatient { max_segments, last, is_cancelled: AtomicBool::new(false) };
        let search = aligner.search(&NumberSumEncoder, &book.src, &book.tgt).expect("two sides");
        let result = search.monitor(&monitor).retain_vectors(false).align();
        (result, monitor.last.into_inner().expect("no panic").segments_done)
    };
    let (result, done) = align(usize::MAX);
    assert!(result.is_ok() && done == total, "{done} of {total}");
    let (result, done) = align(0);
    let error = result.expect_err("it is cancelled");
    assert!(matches!(error.kind(), ErrorKind::Cancelled), "{error}");
    assert!(0 < done && done < total, "{done} of {total}");
}

#[test]
fn unrelated_texts_are_aligned_to_the_end() {
    let mut book = book(2600, |_| (false, false));
    book.tgt = (0..900).map(|at| format!("another {} {}", 100_000 + at, 200_000 + at)).collect();
    assert!(!align(&book, 2000, &[]).beads().is_empty());
    book.tgt.truncate(3);
    assert!(!align(&book, 2000, &[]).beads().is_empty());
}

#[test]
fn vectors_by_index_align_a_long_document_without_its_text() {
    // The source lacks so long a run that its inside is skipped: chunks have gaps.
    let book = book(6000, |at| ((1000..2300).contains(&at), false));
    assert!(book.src.len() > 4000 && book.tgt.len() > 4000);
    let rows = |texts: &[String]| {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        DocumentVectors::joined(&NumberSumEncoder, &texts, 4).expect("vectors").blocks
    };
    let (src, tgt) = (rows(&book.src), rows(&book.tgt));
    let (src_segments, tgt_segments) = (src[0].clone(), tgt[0].clone());
    let by_segment = PrecomputedVectors::from_segments(DIM, src_segments, tgt_segments);
    let by_block = PrecomputedVectors::from_blocks(DIM, src, tgt);
    for vectors in [by_segment, by_block] {
        let alignment = align_with(&vectors.expect("whole rows"), &book, 4000, &[]);
        let share = share_found(&book, &alignment);
        assert!(share > 0.999, "{share}");
    }
}

#[test]
fn a_document_in_chunks_is_aligned_again_as_a_whole_and_in_parts() {
    let book = book(1500, |at| (at % 90 == 17, (400..480).contains(&at)));
    let aligner = finely_chunked();
    let mut retaining = aligner.search(&NumberSumEncoder, &book.src, &book.tgt).expect("two sides");
    let forgetful = aligner.search(&NumberSumEncoder, &book.src, &book.tgt).expect("two sides");
    let mut forgetful = forgetful.retain_vectors(false);
    let spans = |beads: &[Bead]| -> Vec<(Span, Span)> {
        beads.iter().map(|bead| (bead.src, bead.tgt)).collect()
    };
    let first = retaining.align().expect("an alignment");
    let path = spans(first.beads());
    assert!(first.beads().iter().all(|bead| !bead.moved), "nothing was moved");
    let constraints = Constraints::default();
    for search in [&mut retaining, &mut forgetful] {
        let whole = search.realign(0..book.src.len(), 0..book.tgt.len(), &constraints);
        assert_eq!(spans(&whole.expect("an alignment")), path);
        for part in [100..130, 395..460, 700..760, 1000..1700] {
            let part = part.start..part.end.min(path.len() - 1);
            let [from, to] = [part.start, part.end].map(|at| {
                let (src, tgt) = path[at];
                (src.range().start, tgt.range().start)
            });
            let again = search.realign(from.0..to.0, from.1..to.1, &constraints);
            assert_eq!(spans(&again.expect("an alignment")), path[part]);
        }
    }
}
