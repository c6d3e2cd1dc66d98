//! Long documents, aligned in pieces.

use nasaq::tuning::Tuning;
use nasaq::{
    Aligner, Alignment, Anchor, Bead, DocumentVectors, Encoder, EncoderError, Lexicon,
    PrecomputedVectors,
};

const DIM: usize = 48;

/// A toy whose vectors are sums of a direction for each number in the text.
struct Numbers;

impl Encoder for Numbers {
    fn dim(&self) -> usize {
        DIM
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        let mut vectors = Vec::with_capacity(texts.len() * DIM);
        for text in texts {
            let mut vector = [0.0_f32; DIM];
            for number in text.split(' ').filter_map(|word| word.parse::<u64>().ok()) {
                let mut random = Random(number);
                vector.iter_mut().for_each(|x| *x += random.next() as f32 / u64::MAX as f32 - 0.5);
            }
            let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
            vectors.extend(vector.iter().map(|x| x / length));
        }
        Ok(vectors)
    }

    fn token_count(&self, text: &str) -> usize {
        text.chars().count()
    }
}

/// A small generator (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }
}

/// A book of so many sentences, of which the target joins every seventh with the next.
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

fn align(book: &Book, max_whole: usize, anchors: &[Anchor]) -> Alignment {
    align_with(&Numbers, book, max_whole, anchors)
}

fn align_with(
    encoder: &impl Encoder,
    book: &Book,
    max_whole: usize,
    anchors: &[Anchor],
) -> Alignment {
    let mut tuning = Tuning::default();
    tuning.chunk.max_whole = max_whole;
    let aligner = Aligner::builder().lexicon(Lexicon::empty()).tuning(tuning);
    let aligner = aligner.build().expect("valid settings");
    let alignment = aligner.align(encoder, &book.src, &book.tgt, anchors).expect("an alignment");
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
fn pieces_give_what_the_whole_gives() {
    let book = book(2600, |_| (false, false));
    let pieces = align(&book, 2000, &[]);
    assert_eq!(spans(&pieces), spans(&align(&book, usize::MAX, &[])));
    assert_eq!(share_found(&book, &pieces), 1.0);
}

#[test]
fn runs_that_one_side_lacks_lead_nowhere() {
    // So long that the inside of either is left out of the search.
    let book = book(6000, |at| ((1000..2300).contains(&at), (3500..4900).contains(&at)));
    let alignment = align(&book, 2000, &[]);
    let share = share_found(&book, &alignment);
    assert!(share > 0.999, "{share}");
    let nulls = alignment.beads().iter().filter(|bead| bead.is_null()).count();
    assert!(nulls.abs_diff(1400 + 1300 * 6 / 7) < 9, "{nulls}");
    assert_eq!(alignment.findings().len(), 2);
}

#[test]
fn anchors_hold_in_every_piece() {
    let book = book(2800, |_| (false, false));
    // Every hundredth pair, and a run of pairs where the texts say otherwise.
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

#[test]
fn texts_that_have_nothing_in_common_are_aligned_to_the_end() {
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
        DocumentVectors::joined(&Numbers, &texts, 4).expect("vectors").blocks
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
