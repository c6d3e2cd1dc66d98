//! Segments of an aligned document are cut and joined, and the words of its beads are linked.

use std::sync::atomic::{AtomicUsize, Ordering};

use nasaq::{
    Aligner, Anchor, Constraints, DocumentSide, Encoder, EncoderError, ErrorKind, Lexicon,
    PrecomputedVectors, Search, SegmentCue, Span,
};

/// A toy whose vectors have a direction for each number in the text; it counts the texts.
#[derive(Default)]
struct Counted {
    texts: AtomicUsize,
}

impl Encoder for Counted {
    fn dim(&self) -> usize {
        64
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        self.texts.fetch_add(texts.len(), Ordering::Relaxed);
        let vector = |text: &&str| {
            let mut vector = [0.01_f32; 64];
            for number in text.split(' ').filter_map(|word| word.parse::<usize>().ok()) {
                vector[number % 64] += 1.0;
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

fn sentence(at: usize) -> String {
    format!("sentence {at} and {} .", at + 1000)
}

/// Sixty sentences; the source has two of them in one segment.
fn document() -> [Vec<String>; 2] {
    let tgt: Vec<String> = (0..60).map(sentence).collect();
    let mut src = tgt.clone();
    src.splice(30..32, [[sentence(30), sentence(31)].join(" ")]);
    [src, tgt]
}

fn realigned(search: &mut Search<'_>, src: Span, tgt: Span) -> Vec<(Span, Span)> {
    let beads = search.realign(src.range(), tgt.range(), &Constraints::default());
    beads.expect("an alignment").iter().map(|bead| (bead.src, bead.tgt)).collect()
}

fn diagonal(from: usize, to: usize) -> Vec<(Span, Span)> {
    (from..to).map(|at| (Span::new(at, at + 1), Span::new(at, at + 1))).collect()
}

#[test]
fn a_cut_and_a_join_are_aligned_where_they_are_and_encode_only_the_text_near() {
    let [src, tgt] = document();
    let (aligner, encoder) = (aligner(), Counted::default());
    let mut search = aligner.search(&encoder, &src, &tgt).expect("two sides");
    let first = search.align().expect("an alignment");
    let whole = encoder.texts.load(Ordering::Relaxed);
    let of = |beads: &[(Span, Span)]| beads.to_vec();
    let path: Vec<_> = first.beads().iter().map(|bead| (bead.src, bead.tgt)).collect();
    assert_eq!(path[30], (Span::new(30, 31), Span::new(30, 32)));

    let halves = [sentence(30), sentence(31)];
    search.replace_segments(DocumentSide::Source, 30..31, halves).expect("a cut");
    let beads = realigned(&mut search, Span::new(28, 34), Span::new(28, 34));
    assert_eq!(beads, of(&diagonal(28, 34)));
    let near = encoder.texts.load(Ordering::Relaxed) - whole;
    assert!(near < whole / 2, "{near} of {whole}");
    // Far from the cut nothing is encoded again, before it and after it.
    let count = encoder.texts.load(Ordering::Relaxed);
    assert_eq!(realigned(&mut search, Span::new(0, 6), Span::new(0, 6)), diagonal(0, 6));
    assert_eq!(realigned(&mut search, Span::new(57, 60), Span::new(57, 60)), diagonal(57, 60));
    assert_eq!(encoder.texts.load(Ordering::Relaxed), count);

    // The whole is that of a fresh search of the same segments.
    let cut: Vec<String> = (0..60).map(sentence).collect();
    let fresh = aligner.align(&encoder, &cut, &tgt).expect("an alignment");
    assert_eq!(search.align().expect("an alignment"), fresh);

    let joined = [sentence(30), sentence(31)].join(" ");
    search.replace_segments(DocumentSide::Source, 30..32, [joined]).expect("a join");
    assert_eq!(realigned(&mut search, Span::new(20, 40), Span::new(20, 41)), path[20..40]);
    assert_eq!(search.align().expect("an alignment"), first);
}

#[test]
fn anchors_of_replaced_segments_are_returned_and_later_ones_move() {
    let [src, tgt] = document();
    let (aligner, encoder) = (aligner(), Counted::default());
    let mut search = aligner.search(&encoder, &src, &tgt).expect("two sides");
    let anchor = |src, tgt| Anchor { src, tgt };
    search.anchors(&[anchor(30, 30), anchor(40, 42)]).align().expect("an alignment");
    let halves = [sentence(30), sentence(31)];
    let removed = search.replace_segments(DocumentSide::Source, 30..31, halves).expect("a cut");
    assert_eq!(removed, [anchor(30, 30)]);
    let beads = realigned(&mut search, Span::new(35, 50), Span::new(35, 50));
    let has_anchor =
        |(src, tgt): &&(Span, Span)| src.range().contains(&41) && tgt.range().contains(&42);
    assert_eq!(beads.iter().filter(has_anchor).count(), 1);
    assert!(beads.contains(&(Span::new(40, 41), Span::new(40, 41))), "{beads:?}");
}

#[test]
fn cues_stay_with_their_segments() {
    let texts = ["a 1", "b 2", "c 3", "d 4"];
    let (aligner, encoder) = (aligner(), Counted::default());
    let mut search = aligner.search(&encoder, &texts, &texts).expect("two sides");
    let cue = |at: usize| {
        SegmentCue::new().with_description(at == 3).with_time(Some([at as f32, at as f32 + 1.0]))
    };
    let cues: Vec<SegmentCue> = (0..4).map(cue).collect();
    search.cues(&cues, &cues).align().expect("an alignment");
    search.replace_segments(DocumentSide::Source, 0..2, ["a 1 b 2"]).expect("a join");
    // The description is still one, and is aligned with the other.
    let beads = realigned(&mut search, Span::new(0, 3), Span::new(0, 4));
    assert_eq!(beads[0], (Span::new(0, 1), Span::new(0, 2)));
    assert_eq!(beads[2], (Span::new(2, 3), Span::new(3, 4)));
}

#[test]
fn wrong_replacements_are_errors() {
    let texts = ["a 1", "b 2"];
    let (aligner, encoder) = (aligner(), Counted::default());
    let mut search = aligner.search(&encoder, &texts, &texts).expect("two sides");
    let none: [&str; 0] = [];
    let error = search.replace_segments(DocumentSide::Target, 0..2, none).expect_err("no segment");
    assert!(matches!(error.kind(), ErrorKind::EmptySide { side: "target" }), "{error}");
    let error = search.replace_segments(DocumentSide::Target, 1..3, ["c"]).expect_err("outside");
    assert!(matches!(error.kind(), ErrorKind::Region { .. }), "{error}");

    // Vectors without text cannot be those of new segments.
    let vectors = PrecomputedVectors::from_segments(1, vec![1.0; 2], vec![1.0; 2]);
    let vectors = vectors.expect("vectors");
    let mut search = aligner.search(&vectors, &texts, &texts).expect("two sides");
    search.align().expect("an alignment");
    search.replace_segments(DocumentSide::Source, 0..2, ["a 1 b 2"]).expect("a join");
    let error = search.realign(0..1, 0..2, &Constraints::default()).expect_err("no vectors");
    assert!(matches!(error.kind(), ErrorKind::Encoder(_)), "{error}");
}

#[test]
fn linked_words_are_at_their_places_in_the_original_text() {
    let mut lexicon = Lexicon::empty();
    lexicon.insert("كتاب", "book", 0.81);
    lexicon.insert("كتاب", "letter", 0.09);
    let aligner = Aligner::builder().lexicon(lexicon).build().expect("valid settings");
    let encoder = Counted::default();
    let src = ["باب", "«كِتَابٌ» ٤٢ كـتاب"];
    let tgt = ["a book, letter", "gate 42 book"];
    let search = aligner.search(&encoder, &src, &tgt).expect("two sides");
    let links = search.word_links(Span::new(1, 2), Span::new(0, 2));
    let shown: Vec<(&str, &str, String)> = links
        .iter()
        .map(|link| {
            let src = &src[link.src.segment][link.src.bytes.clone()];
            let tgt = &tgt[link.tgt.segment][link.tgt.bytes.clone()];
            (src, tgt, format!("{:.1}", link.weight))
        })
        .collect();
    let expected = [
        ("كِتَابٌ", "book", "0.9"),
        ("كِتَابٌ", "letter", "0.3"),
        ("٤٢", "42", "1.0"),
        ("كـتاب", "book", "0.9"),
    ];
    assert_eq!(shown, expected.map(|(src, tgt, weight)| (src, tgt, weight.to_owned())));
    assert_eq!(search.word_links(Span::new(0, 1), Span::new(1, 1)), []);
}
