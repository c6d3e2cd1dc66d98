//! Moved text: beads that are out of order.

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};

use nasaq::tuning::Tuning;
use nasaq::{
    Aligner, AlignerBuilder, Alignment, Anchor, Bead, Encoder, EncoderError, FindingKind, Lexicon,
    PairVectors, VectorRequest,
};

use common::NumberSumEncoder;

/// Returns sentences with the same numbers on both sides, but not with the same words.
fn texts(numbers: &[u32]) -> Vec<String> {
    sentences("sentence", numbers)
}

fn translations(numbers: &[u32]) -> Vec<String> {
    sentences("phrase", numbers)
}

fn sentences(word: &str, numbers: &[u32]) -> Vec<String> {
    let sentence = |at: &u32| format!("{word} {} {} {} .", 3 * at, 3 * at + 1, 3 * at + 2);
    numbers.iter().map(sentence).collect()
}

fn aligner() -> AlignerBuilder {
    Aligner::builder().lexicon(Lexicon::empty())
}

fn align(aligner: AlignerBuilder, src: &[u32], tgt: &[u32]) -> Alignment {
    let aligner = aligner.build().expect("valid settings");
    aligner.align(&NumberSumEncoder, &texts(src), &translations(tgt)).expect("an alignment")
}

/// The numbers from 0 without those of a block, which is inserted elsewhere.
fn moving(count: u32, block: std::ops::Range<u32>, before: u32) -> Vec<u32> {
    let rest = |from: u32, to: u32| (from..to).filter(|at| !block.contains(at));
    rest(0, before).chain(block.clone()).chain(rest(before, count)).collect()
}

/// The beads of pairs that are not one segment each with the same number.
fn wrong(alignment: &Alignment, src: &[u32], tgt: &[u32]) -> Vec<String> {
    let is_wrong = |bead: &&Bead| {
        bead.is_null() || src[bead.src.range()] != tgt[bead.tgt.range()] || bead.src.len() > 1
    };
    alignment.beads().iter().filter(is_wrong).map(shown).collect()
}

fn shown(bead: &Bead) -> String {
    let mark = if bead.moved { " moved" } else { "" };
    let Bead { src, tgt, .. } = bead;
    format!("{}..{} {}..{}{mark}", src.start, src.end, tgt.start, tgt.end)
}

fn moved(alignment: &Alignment) -> Vec<String> {
    alignment.beads().iter().filter(|bead| bead.moved).map(shown).collect()
}

/// Checks that each segment of either side is in one bead, and that the source is in order.
fn assert_covers(alignment: &Alignment, n: usize, m: usize) {
    let src: Vec<usize> = alignment.beads().iter().flat_map(|bead| bead.src.range()).collect();
    let mut tgt: Vec<usize> = alignment.beads().iter().flat_map(|bead| bead.tgt.range()).collect();
    tgt.sort_unstable();
    assert_eq!((src, tgt), ((0..n).collect(), (0..m).collect()));
}

#[test]
fn a_moved_block_comes_out_as_pairs_at_its_source() {
    let src: Vec<u32> = (0..40).collect();
    let tgt = moving(40, 5..9, 22);
    let found = align(aligner(), &src, &tgt);
    assert_covers(&found, 40, 40);
    assert_eq!(
        moved(&found),
        ["5..6 18..19 moved", "6..7 19..20 moved", "7..8 20..21 moved", "8..9 21..22 moved"]
    );
    assert!(wrong(&found, &src, &tgt).is_empty(), "{:?}", wrong(&found, &src, &tgt));
    let findings: Vec<_> = found.findings().iter().map(|it| (it.kind, it.src, it.tgt)).collect();
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].0, findings[0].1.range()), (FindingKind::Moved, 5..9));
    let probability = found.findings()[0].probability;
    let is_at_most = |bead: &Bead| !bead.moved || bead.probability <= probability;
    assert!(found.beads().iter().all(is_at_most));
    // A document without moves has none.
    assert!(moved(&align(aligner(), &src, &src)).is_empty());
}

#[test]
fn two_blocks_that_touch_each_other_are_both_paired() {
    let src: Vec<u32> = (0..60).collect();
    let once = moving(60, 10..14, 40);
    let rest: Vec<u32> = once.iter().copied().filter(|at| !(14..18).contains(at)).collect();
    let at = rest.iter().position(|&at| at == 50).expect("it is there");
    let tgt: Vec<u32> =
        rest[..at].iter().copied().chain(14..18).chain(rest[at..].iter().copied()).collect();
    let found = align(aligner(), &src, &tgt);
    assert_covers(&found, 60, 60);
    assert_eq!(moved(&found).len(), 8, "{:?}", moved(&found));
    assert!(wrong(&found, &src, &tgt).is_empty(), "{:?}", wrong(&found, &src, &tgt));
}

#[test]
fn text_that_is_missing_within_a_moved_block_is_a_null_and_omitted() {
    let src: Vec<u32> = (0..40).collect();
    let tgt: Vec<u32> = moving(40, 5..13, 30).into_iter().filter(|&at| at != 9).collect();
    let found = align(aligner(), &src, &tgt);
    assert_covers(&found, 40, 39);
    assert_eq!(moved(&found).len(), 7, "{:?}", moved(&found));
    assert_eq!(wrong(&found, &src, &tgt), ["9..10 26..26"]);
    let findings: Vec<_> =
        found.findings().iter().map(|it| (it.kind, it.src.range(), it.tgt.range())).collect();
    let expected = [(FindingKind::Moved, 5..13, 22..29), (FindingKind::Omitted, 9..10, 26..26)];
    assert_eq!(findings, expected);
}

#[test]
fn a_monotone_alignment_has_moved_text_in_nulls() {
    let src: Vec<u32> = (0..40).collect();
    let tgt = moving(40, 5..9, 22);
    let found = align(aligner().monotone(true), &src, &tgt);
    assert!(moved(&found).is_empty());
    let ends = |bead: &Bead| [bead.src.end, bead.tgt.end];
    let is_next = |pair: &[Bead]| ends(&pair[0]) == [pair[1].src.start, pair[1].tgt.start];
    assert!(found.beads().windows(2).all(is_next));
    assert_eq!(found.beads().iter().filter(|bead| bead.is_null()).count(), 8);
    assert!(found.findings().iter().all(|it| it.kind == FindingKind::Moved));
}

#[test]
fn a_move_that_contradicts_an_anchor_is_dropped() {
    let (src, tgt) = (texts(&(0..40).collect::<Vec<_>>()), texts(&moving(40, 5..9, 22)));
    let aligner = aligner().build().expect("valid settings");
    let mut search = aligner.search(&NumberSumEncoder, &src, &tgt).expect("a search");
    for anchor in [Anchor { src: 6, tgt: 6 }, Anchor { src: 25, tgt: 19 }] {
        let found = search.anchors(&[anchor]).align().expect("an alignment");
        let touches = |src: std::ops::Range<usize>, tgt: std::ops::Range<usize>| {
            src.contains(&anchor.src) || tgt.contains(&anchor.tgt)
        };
        let is_anchored = |bead: &Bead| touches(bead.src.range(), bead.tgt.range());
        assert!(!found.beads().iter().any(|bead| bead.moved && is_anchored(bead)), "{anchor:?}");
        let mut moves = found.findings().iter().filter(|it| it.kind == FindingKind::Moved);
        assert!(!moves.any(|it| touches(it.src.range(), it.tgt.range())), "{anchor:?}");
        let holds = |bead: &Bead| {
            bead.src.range().contains(&anchor.src) && bead.tgt.range().contains(&anchor.tgt)
        };
        assert!(found.beads().iter().any(holds), "{anchor:?}");
    }
    let elsewhere = [Anchor { src: 2, tgt: 2 }, Anchor { src: 30, tgt: 30 }];
    let found = search.anchors(&elsewhere).align().expect("an alignment");
    assert_eq!(moved(&found).len(), 4);
}

/// Counts the texts that are encoded.
struct Counting(AtomicUsize);

impl Encoder for Counting {
    fn dim(&self) -> usize {
        NumberSumEncoder.dim()
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        NumberSumEncoder.encode(texts)
    }

    fn token_count(&self, text: &str) -> usize {
        NumberSumEncoder.token_count(text)
    }

    fn encode_pair(
        &self,
        src: &[&str],
        tgt: &[&str],
        request: &VectorRequest,
    ) -> Result<PairVectors, EncoderError> {
        self.0.fetch_add(src.len() + tgt.len(), Ordering::Relaxed);
        NumberSumEncoder.encode_pair(src, tgt, request)
    }
}

#[test]
fn a_moved_block_is_not_encoded_again() {
    let (src, tgt) = (texts(&(0..40).collect::<Vec<_>>()), texts(&moving(40, 5..9, 22)));
    let encoder = Counting(AtomicUsize::new(0));
    let aligner = aligner().build().expect("valid settings");
    let found = aligner.align(&encoder, &src, &tgt).expect("an alignment");
    assert_eq!((moved(&found).len(), encoder.0.load(Ordering::Relaxed)), (4, 80));
}

#[test]
fn blocks_in_a_long_document_are_paired_within_chunks_and_across_their_cuts() {
    let mut tuning = Tuning::default();
    (tuning.chunk.max_whole, tuning.chunk.coarse_above, tuning.chunk.length) = (600, 300, 400);
    let src: Vec<u32> = (0..1200).collect();
    // Wherever the chunks are cut, some of the blocks lie beside a cut or are moved across one.
    for first in [60, 110, 160, 210, 260] {
        let mut tgt = src.clone();
        for from in (first..1100).step_by(250) {
            let at = tgt.iter().position(|&it| it == from).expect("it is there");
            let block: Vec<u32> = tgt.drain(at..at + 5).collect();
            tgt.splice(at + 40..at + 40, block);
        }
        let found = align(aligner().tuning(tuning.clone()), &src, &tgt);
        assert_covers(&found, 1200, 1200);
        let count = (first..1100).step_by(250).count();
        assert_eq!(moved(&found).len(), 5 * count, "{first}: {:?}", moved(&found));
        assert!(wrong(&found, &src, &tgt).is_empty(), "{first}: {:?}", wrong(&found, &src, &tgt));
    }
}

#[test]
fn a_block_that_no_chunk_contains_is_paired() {
    let mut tuning = Tuning::default();
    (tuning.chunk.max_whole, tuning.chunk.coarse_above, tuning.chunk.length) = (600, 300, 400);
    let count = 2500;
    let src: Vec<u32> = (0..count).collect();
    for tgt in [moving(count, 300..320, 2100), moving(count, 2100..2120, 300)] {
        let alignment = align(aligner().tuning(tuning.clone()), &src, &tgt);
        assert_eq!(wrong(&alignment, &src, &tgt), Vec::<String>::new());
        assert_covers(&alignment, count as usize, count as usize);
        assert_eq!(alignment.beads().iter().filter(|bead| bead.moved).count(), 20);
        let kinds: Vec<FindingKind> = alignment.findings().iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [FindingKind::Moved]);
    }
}

#[test]
fn runs_that_have_nothing_to_do_with_each_other_are_not_moved() {
    let mut tuning = Tuning::default();
    (tuning.chunk.max_whole, tuning.chunk.coarse_above, tuning.chunk.length) = (600, 300, 400);
    let src: Vec<u32> = (0..320).chain(3000..3020).chain(320..2500).collect();
    let tgt: Vec<u32> = (0..2100).chain(4000..4020).chain(2100..2500).collect();
    let alignment = align(aligner().tuning(tuning), &src, &tgt);
    assert_eq!(moved(&alignment), Vec::<String>::new());
}
