//! Long beads: one paragraph against dozens of sentences.

mod common;

use nasaq::tuning::Tuning;
use nasaq::{Aligner, AlignerBuilder, Alignment, Anchor, Encoder, Lexicon, PrecomputedVectors};

use common::{DIM, NumberSumEncoder};

/// A text of `count` sentences in which each of some runs of sentences is one paragraph.
fn text(count: usize, paragraphs: &[(usize, usize)]) -> Vec<String> {
    let sentence = |at: usize| format!("sentence {} {} {}", 3 * at, 3 * at + 1, 3 * at + 2);
    let mut segments = Vec::new();
    let mut at = 0;
    while at < count {
        let paragraph = paragraphs.iter().find(|run| run.0 == at);
        let (first, end) = paragraph.copied().unwrap_or((at, at + 1));
        at = end;
        segments.push((first..end).map(sentence).collect::<Vec<_>>().join(" , "));
    }
    segments
}

fn builder() -> AlignerBuilder {
    Aligner::builder().lexicon(Lexicon::empty())
}

fn align(src: &[String], tgt: &[String], anchors: &[Anchor]) -> Alignment {
    let aligner = builder().build().expect("valid settings");
    let mut search = aligner.search(&NumberSumEncoder, src, tgt).expect("two sides");
    search.anchors(anchors).align().expect("an alignment")
}

/// The kinds of beads that are not 1-1.
fn kinds(alignment: &Alignment) -> Vec<String> {
    let kinds = alignment.beads().iter().map(|bead| bead.kind().to_string());
    kinds.filter(|kind| kind != "1-1").collect()
}

#[test]
fn a_paragraph_is_paired_with_all_its_sentences() {
    let (paragraph, sentences) = (text(14, &[(0, 14)]), text(14, &[]));
    let alignment = align(&paragraph, &sentences, &[]);
    assert_eq!(kinds(&alignment), ["1-14"]);
    assert!(alignment.beads()[0].probability > 0.95, "{:?}", alignment.beads());
    assert!(alignment.findings().is_empty());
    assert!(alignment.document_score() > 0.9, "{}", alignment.document_score());
    let turned = align(&sentences, &paragraph, &[]);
    assert_eq!(kinds(&turned), ["14-1"]);
}

#[test]
fn a_page_has_up_to_sixty_sentences() {
    let (page, sentences) = (text(80, &[(10, 70)]), text(80, &[]));
    assert_eq!(kinds(&align(&page, &sentences, &[])), ["1-60"]);
    let turned = align(&sentences, &page, &[]);
    assert_eq!(kinds(&turned), ["60-1"]);
    assert!(turned.beads().iter().all(|bead| bead.probability > 0.9), "{:?}", turned.beads());
    // Beyond that sentences are unaligned.
    let (page, sentences) = (text(85, &[(10, 75)]), text(85, &[]));
    let kinds = kinds(&align(&page, &sentences, &[]));
    assert_eq!(kinds.len(), 6, "{kinds:?}");
    assert!(kinds.contains(&"1-60".to_owned()), "{kinds:?}");
}

#[test]
fn paragraphs_of_both_sides_are_found_in_a_corridor() {
    let (of_src, of_tgt) =
        ([(100, 112), (300, 360), (360, 385)], [(40, 90), (200, 211), (450, 473)]);
    let (src, tgt) = (text(500, &of_src), text(500, &of_tgt));
    let alignment = align(&src, &tgt, &[]);
    assert_eq!(kinds(&alignment), ["50-1", "1-12", "11-1", "1-60", "1-25", "23-1"]);
    assert!(alignment.beads().iter().all(|bead| bead.probability > 0.9));
}

#[test]
fn many_paragraphs_are_found_among_their_sentences() {
    let paragraphs: Vec<(usize, usize)> = (0..60).map(|at| (20 * at, 20 * at + 20)).collect();
    let (src, tgt) = (text(1200, &paragraphs), text(1200, &[]));
    assert_eq!(kinds(&align(&src, &tgt, &[])), vec!["1-20"; 60]);
    assert_eq!(kinds(&align(&tgt, &src, &[])), vec!["20-1"; 60]);
}

#[test]
fn anchors_lie_inside_long_beads_or_make_them() {
    let anchor = |src, tgt| Anchor { src, tgt };
    let (src, tgt) = (text(40, &[(10, 24)]), text(40, &[]));
    let inside = [anchor(3, 3), anchor(10, 12), anchor(10, 20), anchor(11, 24)];
    assert_eq!(kinds(&align(&src, &tgt, &inside)), ["1-14"]);
    // An anchor after the paragraph takes the last sentence away from it.
    let less = align(&src, &tgt, &[anchor(11, 23)]);
    assert_eq!(kinds(&less), ["1-13", "1-2"]);
    // The segment is not long, but the user has paired it with the first and the last of twelve.
    let (src, tgt) = (text(29, &[]), text(40, &[]));
    let forced = align(&src, &tgt, &[anchor(10, 10), anchor(10, 21)]);
    let bead = forced.beads().iter().find(|bead| bead.src.range() == (10..11));
    let bead = bead.expect("a bead of the anchored segment");
    assert!(bead.tgt.start <= 10 && bead.tgt.end >= 22, "{bead:?}");
    let aligner = builder().build().expect("valid settings");
    let sentences = text(100, &[]);
    let too_far = |anchors: &[Anchor], aligner: &Aligner| {
        let mut search = aligner.search(&NumberSumEncoder, &sentences, &sentences).expect("sides");
        search.anchors(anchors).align().map_err(|error| error.kind().to_string())
    };
    for (anchors, is_possible) in [
        ([anchor(20, 10), anchor(20, 69)], true),
        ([anchor(20, 10), anchor(20, 70)], false),
        ([anchor(10, 20), anchor(69, 20)], true),
        ([anchor(10, 20), anchor(70, 20)], false),
    ] {
        assert_eq!(too_far(&anchors, &aligner).is_ok(), is_possible, "{anchors:?}");
    }
    let small = builder().max_segments(9).build().expect("valid settings");
    let error = too_far(&[anchor(20, 20), anchor(20, 30)], &small).expect_err("eleven segments");
    assert!(error.contains("more than 9"), "{error}");
}

#[test]
fn a_long_document_has_long_beads_in_its_chunks() {
    let mut tuning = Tuning::default();
    (tuning.chunk.max_whole, tuning.chunk.length) = (600, 400);
    let aligner = builder().tuning(tuning).build().expect("valid settings");
    let paragraphs = |first: usize, size: usize| -> Vec<(usize, usize)> {
        (0..12).map(|at| (first + 170 * at, first + 170 * at + size)).collect()
    };
    let (src, tgt) = (text(2100, &paragraphs(50, 30)), text(2100, &paragraphs(110, 12)));
    let alignment = aligner.align(&NumberSumEncoder, &src, &tgt).expect("an alignment");
    let expected: Vec<&str> = (0..12).flat_map(|_| ["1-30", "12-1"]).collect();
    assert_eq!(kinds(&alignment), expected);
    // All paragraphs: a chunk has few source segments and many target segments.
    let paragraphs: Vec<(usize, usize)> = (0..130).map(|at| (15 * at, 15 * at + 15)).collect();
    let (src, tgt) = (text(1950, &paragraphs), text(1950, &[]));
    let alignment = aligner.align(&NumberSumEncoder, &src, &tgt).expect("an alignment");
    assert_eq!(kinds(&alignment), vec!["1-15"; 130]);
}

#[test]
fn a_lower_maximum_or_shorter_blocks_exclude_long_beads() {
    let (paragraph, sentences) = (text(14, &[(0, 14)]), text(14, &[]));
    let has_long = |aligner: &Aligner, encoder: &dyn Encoder| {
        let alignment = aligner.align(encoder, &paragraph, &sentences).expect("an alignment");
        kinds(&alignment).contains(&"1-14".to_owned())
    };
    for (max, expected) in [(2, false), (9, false), (10, true), (13, true), (16, true)] {
        let aligner = builder().max_segments(max).build().expect("valid settings");
        assert_eq!(has_long(&aligner, &NumberSumEncoder), expected, "{max}");
    }
    let aligner = builder().build().expect("valid settings");
    let encoded = |texts: &[String]| {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        NumberSumEncoder.encode(&texts).expect("vectors")
    };
    let (src, tgt) = (encoded(&paragraph), encoded(&sentences));
    let vectors = PrecomputedVectors::from_segments(DIM, src.clone(), tgt.clone());
    assert!(has_long(&aligner, &vectors.expect("vectors")));
    let short = PrecomputedVectors::from_blocks(DIM, vec![src], vec![tgt]);
    assert!(!has_long(&aligner, &short.expect("vectors")));
}
