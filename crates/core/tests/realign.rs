//! A region of a document is aligned again: what holds for its beads, whatever the document.

mod common;

use common::NumberSumEncoder;
use nasaq::{
    Aligner, Anchor, Bead, Constraints, ErrorKind, Lexicon, PrecomputedVectors, Search, Span,
};
use proptest::prelude::*;

fn aligner() -> Aligner {
    Aligner::builder().lexicon(Lexicon::empty()).build().expect("valid settings")
}

/// How a sentence of the source is translated.
#[derive(Clone, Copy, Debug)]
enum Step {
    Pair,
    Split,
    Joined,
    Omitted,
    Added,
}

/// Returns the segments of both sides for some steps. Each sentence has its own numbers.
fn document(steps: &[Step]) -> [Vec<String>; 2] {
    let (mut src, mut tgt) = (Vec::new(), Vec::new());
    for (at, step) in steps.iter().enumerate() {
        let [one, two] = [0, 1].map(|half| {
            let number = 4 * at + 2 * half + 100;
            format!("sentence {number} and {} .", number + 1)
        });
        let both = format!("{one} {two}");
        match step {
            Step::Pair => (src.push(one.clone()), tgt.push(one)),
            Step::Split => (src.push(both), tgt.extend([one, two])),
            Step::Joined => (src.extend([one, two]), tgt.push(both)),
            Step::Omitted => (src.push(one), ()),
            Step::Added => ((), tgt.push(one)),
        };
    }
    // No side is empty.
    src.push("the end 7".to_owned());
    tgt.push("the end 7".to_owned());
    [src, tgt]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => Just(Step::Pair),
        1 => Just(Step::Split),
        1 => Just(Step::Joined),
        1 => Just(Step::Omitted),
        1 => Just(Step::Added),
    ];
    prop::collection::vec(step, 1..25)
}

/// Checks that beads cover a region in order, and returns their spans.
fn spans(beads: &[Bead], from: (usize, usize), to: (usize, usize)) -> Vec<(Span, Span)> {
    let (mut i, mut j) = from;
    for bead in beads {
        let (src, tgt) = (bead.src.range(), bead.tgt.range());
        assert_eq!((src.start, tgt.start), (i, j), "{beads:?}");
        assert!((0.0..=1.0).contains(&bead.probability));
        (i, j) = (src.end, tgt.end);
    }
    assert_eq!((i, j), to);
    beads.iter().map(|bead| (bead.src, bead.tgt)).collect()
}

fn realign(
    search: &mut Search<'_>,
    [from, to]: [(usize, usize); 2],
    constraints: &Constraints<'_>,
) -> Vec<Bead> {
    search.realign(from.0..to.0, from.1..to.1, constraints).expect("an alignment")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_whole_document_has_the_same_beads_again(steps in steps()) {
        let [src, tgt] = document(&steps);
        // Moved blocks are no part of the claim.
        let aligner = Aligner::builder().lexicon(Lexicon::empty()).monotone(true);
        let aligner = aligner.build().expect("valid settings");
        let mut search = aligner.search(&NumberSumEncoder, &src, &tgt).expect("two sides");
        let alignment = search.align().expect("an alignment");
        let corners = [(0, 0), (src.len(), tgt.len())];
        let again = realign(&mut search, corners, &Constraints::default());
        let beads = alignment.beads();
        prop_assert_eq!(&again, beads);
        // So has any part of it that starts and ends at corners of the path, but for near ties: nulls
        // of both sides can be in either order.
        let (first, last) = (beads.len() / 3, beads.len() * 2 / 3);
        if first < last {
            let from = (beads[first].src.range().start, beads[first].tgt.range().start);
            let to = (beads[last].src.range().start, beads[last].tgt.range().start);
            let again = realign(&mut search, [from, to], &Constraints::default());
            let sure = |bead: &&Bead| !bead.is_null() && bead.probability >= 0.9;
            let is_again =
                |bead: &Bead| again.iter().any(|it| (it.src, it.tgt) == (bead.src, bead.tgt));
            prop_assert!(beads[first..last].iter().filter(sure).all(is_again));
        }
    }

    #[test]
    fn any_region_is_covered_and_rejected_pairs_never_return(
        steps in steps(),
        cuts in prop::array::uniform4(0.0..1.0_f64),
        threads in 1..3_usize,
    ) {
        let [src, tgt] = document(&steps);
        let place = |share: f64, count: usize| (share * (count + 1) as f64) as usize;
        let mut rows = [place(cuts[0], src.len()), place(cuts[1], src.len())];
        let mut columns = [place(cuts[2], tgt.len()), place(cuts[3], tgt.len())];
        rows.sort_unstable();
        columns.sort_unstable();
        let corners = [(rows[0], columns[0]), (rows[1], columns[1])];
        let aligner = aligner();
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
        let some = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let mut search = aligner.search(&NumberSumEncoder, &src, &tgt).expect("two sides");
        let mut other = aligner.search(&NumberSumEncoder, &src, &tgt).expect("two sides");
        let mut rejected: Vec<(Span, Span)> = Vec::new();
        // Each time all pairs of the result are rejected.
        for _ in 0..4 {
            let constraints = Constraints { rejected: &rejected, ..Constraints::default() };
            let beads = one.install(|| realign(&mut search, corners, &constraints));
            let others = some.install(|| realign(&mut other, corners, &constraints));
            prop_assert_eq!(&beads, &others);
            let found = spans(&beads, corners[0], corners[1]);
            prop_assert!(found.iter().all(|bead| !rejected.contains(bead)));
            rejected.extend(found.iter().filter(|(src, tgt)| !src.is_empty() && !tgt.is_empty()));
        }
    }

    #[test]
    fn excluded_segments_are_moved_nulls(steps in steps(), at in 0..1000_usize) {
        let [src, tgt] = document(&steps);
        let (i, j) = (at % src.len(), at / 7 % tgt.len());
        let (excluded_src, excluded_tgt) = ([Span::new(i, i + 1)], [Span::new(j, j + 1)]);
        let constraints = Constraints {
            excluded_src: &excluded_src,
            excluded_tgt: &excluded_tgt,
            ..Constraints::default()
        };
        let aligner = aligner();
        let mut search = aligner.search(&NumberSumEncoder, &src, &tgt).expect("two sides");
        let corners = [(0, 0), (src.len(), tgt.len())];
        let beads = realign(&mut search, corners, &constraints);
        spans(&beads, corners[0], corners[1]);
        for bead in beads {
            let is_excluded =
                bead.src.range().contains(&i) || bead.tgt.range().contains(&j);
            prop_assert_eq!(bead.moved, is_excluded);
            prop_assert!(!is_excluded || bead.is_null());
        }
    }
}

/// Twelve sentences with their translations.
fn pairs() -> [Vec<String>; 2] {
    document(&[Step::Pair; 12])
}

#[test]
fn a_rejected_null_is_in_a_bead_and_without_any_other_there_is_an_error() {
    let [src, tgt] = document(&[Step::Pair, Step::Pair, Step::Omitted, Step::Pair]);
    let aligner = aligner();
    let mut search = aligner.search(&NumberSumEncoder, &src, &tgt).expect("two sides");
    let null = (Span::new(2, 3), Span::new(2, 2));
    let beads = search.align().expect("an alignment").beads().to_vec();
    assert!(beads.iter().any(|bead| (bead.src, bead.tgt) == null));
    let constraints = Constraints { rejected: &[null], ..Constraints::default() };
    let beads = realign(&mut search, [(0, 0), (src.len(), tgt.len())], &constraints);
    let bead = beads.iter().find(|bead| bead.src.range().contains(&2)).expect("a bead with it");
    assert!(!bead.is_null());
    let error = search.realign(2..3, 2..2, &constraints).expect_err("it can be nothing else");
    assert!(matches!(error.kind(), ErrorKind::AllRejected), "{error}");
    // Without constraints it is.
    let alone = realign(&mut search, [(2, 2), (3, 2)], &Constraints::default());
    assert_eq!(spans(&alone, (2, 2), (3, 2)), [null]);
}

#[test]
fn anchors_in_a_region_hold_and_those_that_leave_it_are_ignored() {
    let [src, tgt] = pairs();
    let aligner = aligner();
    let mut search = aligner.search(&NumberSumEncoder, &src, &tgt).expect("two sides");
    search.anchors(&[Anchor { src: 4, tgt: 5 }, Anchor { src: 9, tgt: 10 }]);
    search.align().expect("an alignment");
    let beads = realign(&mut search, [(2, 2), (10, 10)], &Constraints::default());
    spans(&beads, (2, 2), (10, 10));
    let of_src = |segment: usize| {
        let contains = |bead: &&Bead| bead.src.range().contains(&segment);
        beads.iter().find(contains).expect("the beads cover the region").tgt.range()
    };
    assert!(of_src(4).contains(&5));
    assert_eq!(of_src(9), 9..10);
}

#[test]
fn probabilities_are_conditional_on_the_ends_of_the_region() {
    // A segment that matches either of two: the ends decide.
    let (a, b) = ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]);
    let src = [a, b, [0.0, 0.0, 1.0]].concat();
    let tgt = [a, b, b, [0.0, 0.0, 1.0]].concat();
    let vectors = PrecomputedVectors::from_segments(3, src, tgt).expect("vectors");
    let aligner = aligner();
    let (src, tgt) = (["x", "y", "z"], ["a", "b", "b", "c"]);
    let mut search = aligner.search(&vectors, &src, &tgt).expect("two sides");
    let alignment = search.align().expect("an alignment");
    let doubtful = alignment.beads().iter().map(|bead| bead.probability).fold(1.0, f32::min);
    let beads = realign(&mut search, [(1, 1), (2, 2)], &Constraints::default());
    assert_eq!(beads.len(), 1);
    assert!(beads[0].probability > doubtful, "{} {doubtful}", beads[0].probability);
}

#[test]
fn a_region_outside_the_document_is_an_error() {
    let [src, tgt] = pairs();
    let aligner = aligner();
    let mut search = aligner.search(&NumberSumEncoder, &src, &tgt).expect("two sides");
    #[expect(clippy::reversed_empty_ranges, reason = "an end before the start is an error")]
    for (of_src, of_tgt) in [(0..14, 0..1), (0..1, 5..14), (4..3, 0..1)] {
        let error = search.realign(of_src, of_tgt, &Constraints::default()).expect_err("outside");
        assert!(matches!(error.kind(), ErrorKind::Region { .. }), "{error}");
    }
    assert_eq!(search.realign(13..13, 4..4, &Constraints::default()).expect("nothing"), []);
}
