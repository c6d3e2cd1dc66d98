//! A search is repeated with other anchors without encoding, is watched, and is cancelled.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use nasaq::{
    Aligner, Alignment, Anchor, Encoder, EncoderError, ErrorKind, Lexicon, Monitor, Progress,
};

/// A toy whose vectors have a direction for each number in the text; it counts its calls.
#[derive(Default)]
struct Counted {
    calls: AtomicUsize,
}

impl Counted {
    fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Encoder for Counted {
    fn dim(&self) -> usize {
        32
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let vector = |text: &&str| {
            let mut vector = [0.01_f32; 32];
            for number in text.split(' ').filter_map(|word| word.parse::<usize>().ok()) {
                vector[number] = 1.0;
            }
            let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
            vector.map(|x| x / length)
        };
        Ok(texts.iter().flat_map(vector).collect())
    }

    fn token_count(&self, text: &str) -> usize {
        text.split(' ').count()
    }
}

fn aligner() -> Aligner {
    Aligner::builder().lexicon(Lexicon::empty()).build().expect("valid settings")
}

fn texts(numbers: impl Iterator<Item = usize>) -> Vec<String> {
    numbers.map(|number| format!("sentence number {number} .")).collect()
}

#[test]
fn a_document_is_encoded_once_for_all_its_anchors() {
    let (src, tgt) = (texts(0..30), texts((0..30).filter(|at| at % 7 != 3)));
    let (aligner, encoder) = (aligner(), Counted::default());
    let fresh = |anchors: &[Anchor]| -> Alignment {
        let mut search = aligner.search(&encoder, &src, &tgt).expect("two sides");
        search.anchors(anchors).align().expect("an alignment")
    };
    let anchors = [Anchor { src: 20, tgt: 15 }, Anchor { src: 5, tgt: 6 }];
    let (without, with) = (fresh(&[]), fresh(&anchors));
    assert_ne!(without, with);
    assert_eq!(without, aligner.align(&encoder, &src, &tgt).expect("an alignment"));

    let mut search = aligner.search(&encoder, &src, &tgt).expect("two sides");
    assert_eq!(search.align().expect("an alignment"), without);
    let calls = encoder.calls();
    assert_eq!(search.anchors(&anchors).align().expect("an alignment"), with);
    assert_eq!(search.anchors(&[]).align().expect("an alignment"), without);
    let crossing = search.anchors(&[Anchor { src: 1, tgt: 9 }, Anchor { src: 2, tgt: 3 }]).align();
    assert!(matches!(crossing.expect_err("they cross").kind(), ErrorKind::Anchor { .. }));
    assert_eq!(search.anchors(&anchors).align().expect("an alignment"), with);
    assert_eq!(encoder.calls(), calls, "nothing is encoded again");

    let mut forgetful = aligner.search(&encoder, &src, &tgt).expect("two sides");
    forgetful = forgetful.retain_vectors(false);
    let first = forgetful.align().expect("an alignment");
    let calls = encoder.calls();
    assert_eq!(forgetful.align().expect("an alignment"), first);
    assert!(encoder.calls() > calls, "the vectors were dropped");
}

/// Notes the progress, and cancels after some questions.
#[derive(Default)]
struct Watch {
    reports: Mutex<Vec<(usize, usize)>>,
    asked: AtomicUsize,
    cancel_after: Option<usize>,
}

impl Monitor for Watch {
    fn progress(&self, progress: Progress) {
        let report = (progress.segments_done, progress.segments_total);
        self.reports.lock().expect("no panic").push(report);
    }

    fn is_cancelled(&self) -> bool {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        self.cancel_after.is_some_and(|after| asked >= after)
    }
}

#[test]
fn progress_is_reported_from_nothing_to_all() {
    let (src, tgt) = (texts(0..12), texts(0..10));
    let (aligner, encoder, watch) = (aligner(), Counted::default(), Watch::default());
    let mut search = aligner.search(&encoder, &src, &tgt).expect("two sides").monitor(&watch);
    for _ in 0..2 {
        search.align().expect("an alignment");
        assert_eq!(
            std::mem::take(&mut *watch.reports.lock().expect("no panic")),
            [(0, 22), (22, 22)]
        );
    }
}

#[test]
fn a_search_is_cancelled_wherever_it_is_and_can_be_repeated() {
    let (src, tgt) = (texts(0..12), texts(0..10));
    let (aligner, encoder) = (aligner(), Counted::default());
    let whole = aligner.align(&encoder, &src, &tgt).expect("an alignment");
    let watch = Watch::default();
    let search = aligner.search(&encoder, &src, &tgt).expect("two sides");
    search.monitor(&watch).align().expect("an alignment");
    let questions = watch.asked.into_inner();
    assert!(questions >= 4, "before and after the encoder and before each pass: {questions}");
    for cancel_after in 0..questions {
        let watch = Watch { cancel_after: Some(cancel_after), ..Watch::default() };
        let mut search = aligner.search(&encoder, &src, &tgt).expect("two sides").monitor(&watch);
        let error = search.align().expect_err("it is cancelled");
        assert!(matches!(error.kind(), ErrorKind::Cancelled), "{error}");
        let done = watch.reports.lock().expect("no panic").last().copied();
        assert!(done.is_none_or(|done| done.0 == 0), "{done:?}");
        let patient = Watch::default();
        let again = search.monitor(&patient).align();
        assert_eq!(again.expect("it is not cancelled any more"), whole);
    }
}
