//! Tests of the moves as a whole.

use super::super::corridor::Corridor;
use super::super::lexical::{Lexical, document_words};
use super::super::prepared::ChunkSide;
use super::super::score::Typical;
use super::super::sides::Sides;
use super::super::tuning::Tuning;
use super::super::vectors::SideVectors;
use super::*;
use crate::encoder::{DocumentVectors, Encoder, EncoderError};
use crate::{Aligner, Lexicon};

#[test]
fn runs_are_as_long_as_they_can_be() {
    assert_eq!(runs_of(&[]), []);
    assert_eq!(runs_of(&[true, true, false, true]), [0..2, 3..4]);
    assert_eq!(runs_of(&[false, true, false, true]), [1..2, 3..4]);
}

/// A toy whose vectors have a direction for each number in the text.
struct NumberEncoder;

impl Encoder for NumberEncoder {
    fn dim(&self) -> usize {
        64
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        let mut vectors = Vec::new();
        for text in texts {
            let mut vector = vec![0.0_f32; 64];
            for number in text.split(' ').filter_map(|word| word.parse::<usize>().ok()) {
                vector[number] = 1.0;
            }
            let length = vector.iter().sum::<f32>().max(1.0).sqrt();
            vectors.extend(vector.iter().map(|x| x / length));
        }
        Ok(vectors)
    }

    fn token_count(&self, text: &str) -> usize {
        text.chars().count()
    }
}

fn found(src: &[usize], tgt: &[usize]) -> Vec<String> {
    let texts = |numbers: &[usize]| -> Vec<String> {
        numbers.iter().map(|number| format!("a sentence about the number {number} .")).collect()
    };
    let aligner = Aligner::builder().lexicon(Lexicon::empty()).build();
    let aligner = aligner.expect("valid settings");
    let alignment = aligner.align(&NumberEncoder, &texts(src), &texts(tgt)).expect("an alignment");
    let shown = |found: &Finding| {
        let Finding { kind, src, tgt, .. } = found;
        format!("{kind} {}..{} {}..{}", src.start, src.end, tgt.start, tgt.end)
    };
    alignment.findings().iter().map(shown).collect()
}

#[test]
fn a_block_that_is_elsewhere_is_moved_and_not_missing() {
    let src: Vec<usize> = (0..30).collect();
    let mut tgt = src.clone();
    assert!(found(&src, &tgt).is_empty());
    let block: Vec<usize> = tgt.drain(5..9).collect();
    tgt.splice(18..18, block);
    assert_eq!(found(&src, &tgt), ["moved 5..9 18..22"]);
}

#[test]
fn one_sentence_that_is_elsewhere_is_moved() {
    let src: Vec<usize> = (0..30).collect();
    let mut tgt = src.clone();
    let sentence = tgt.remove(5);
    tgt.insert(20, sentence);
    assert_eq!(found(&src, &tgt), ["moved 5..6 20..21"]);
}

#[test]
fn neighbours_that_change_places_are_moved() {
    let src: Vec<usize> = (0..30).collect();
    let mut tgt = src.clone();
    tgt.swap(10, 11);
    let moved = found(&src, &tgt);
    // Either of the two may be called the moved one.
    assert!(moved == ["moved 10..11 11..12"] || moved == ["moved 11..12 10..11"], "{moved:?}");
}

#[test]
fn neighbouring_blocks_that_change_places_are_moved() {
    let src: Vec<usize> = (0..30).collect();
    let tgt: Vec<usize> = (0..10).chain(15..18).chain(10..15).chain(18..30).collect();
    assert_eq!(found(&src, &tgt), ["moved 15..18 10..13"]);
}

#[test]
fn a_refrain_is_not_moved() {
    // The target lacks the refrain 40 at one place and has it once more at another.
    let with_refrain = |at: &[usize]| -> Vec<usize> {
        (0..30).flat_map(|it| [Some(it), at.contains(&it).then_some(40)]).flatten().collect()
    };
    let found = found(&with_refrain(&[3, 8, 13, 18]), &with_refrain(&[3, 13, 18, 25]));
    assert!(!found.is_empty() && found.iter().all(|it| !it.starts_with("moved")), "{found:?}");
}

#[test]
fn a_move_ends_where_its_block_does() {
    // After the block an unrelated segment is missing on each side.
    let src: Vec<usize> = (0..31).collect();
    let mut tgt: Vec<usize> = (0..5).chain(10..18).chain(5..9).chain([40]).collect();
    tgt.extend(18..31);
    let moved = found(&src, &tgt);
    assert!(moved.contains(&"moved 5..9 13..17".to_owned()), "{moved:?}");
}

/// Unit vectors of single segments at some angles to the first axis, in degrees.
fn side(angles: &[f32], length: u32) -> ChunkSide {
    let row = |&angle: &f32| [angle.to_radians().cos(), angle.to_radians().sin()];
    let vectors = DocumentVectors::new(2, vec![angles.iter().flat_map(row).collect()]);
    ChunkSide {
        vectors: SideVectors::new(Kernel::detect(), &vectors),
        lengths: vec![length; angles.len()],
        boilerplate: vec![false; angles.len()],
        cues: Vec::new(),
        identical: Vec::new(),
    }
}

/// A chunk whose words never match.
fn with_judge<T>(
    [src, tgt]: [&[f32]; 2],
    is_boilerplate: bool,
    work: impl FnOnce(&PairJudge<'_>) -> T,
) -> T {
    let (tuning, kernel) = (Tuning::default(), Kernel::detect());
    let texts = [vec!["a"; src.len()], vec!["ب"; tgt.len()]];
    let words = document_words(&tuning.score, &Lexicon::empty(), Sides::new(&texts[0], &texts[1]));
    let corridor = Corridor::everything((src.len(), tgt.len()));
    let lexical = Lexical::new(kernel, &tuning, words, &corridor, 2);
    let (mut src, tgt) = (side(src, 20), side(tgt, 20));
    src.boilerplate.fill(is_boilerplate);
    let typical = Typical { cosine: 0.6, coverage: 0.2 };
    let input =
        MoverInput { src: &src, tgt: &tgt, lexical: &lexical, typical, noise: 0.1, ratio: 1.0 };
    work(&PairJudge { kernel, tuning: &tuning.moved, input })
}

fn one(src: usize, tgt: usize) -> Blocks {
    Blocks { src: src..src + 1, tgt: tgt..tgt + 1 }
}

#[test]
fn pairs_are_proposed_by_cosine_words_and_length() {
    let found = |cosine: f32| {
        with_judge([&[0.0; 4], &[0.0; 4]], false, |judge| {
            let mut words = judge.words([0..4, 0..4], 3);
            judge.evidence(one(0, 2), cosine, f32::NEG_INFINITY, &mut words)
        })
    };
    // Half of the evidence for 20 characters: the cosine counts up to 1.1 of the typical one.
    for (cosine, expected) in
        [(0.65, 3.1 * 1.1 - 4.6), (1.0, 3.1 * 1.1 - 4.6), (0.4, 3.1 * 0.6 - 4.6)]
    {
        assert!((found(cosine) - expected / 2.0).abs() < 1e-4, "{cosine}: {}", found(cosine));
    }
    assert_eq!(found(0.2), -8.0);
}

#[test]
fn a_move_is_judged_by_its_margin_above_the_best_rival() {
    let judged = |rival: f32, is_boilerplate: bool| {
        let angles = [&[0.0, 180.0, 180.0, 180.0][..], &[rival, 180.0, 180.0, 0.0]];
        with_judge(angles, is_boilerplate, |judge| {
            let mut words = judge.words([0..4, 0..4], 3);
            judge.judged(&one(0, 3), &one(0, 3), &mut words)
        })
    };
    // Cosines of 1, 0.9 and 0.5 with the rival; the margin counts up to 0.7.
    for (angle, margin) in [(0.0, 0.0), (25.842, 0.2), (60.0, 0.7)] {
        let expected = 0.5 * (7.5 * margin - 2.0);
        let found = judged(angle, false);
        assert!((found - expected).abs() < 0.05, "{angle}: {found}, {expected}");
    }
    assert!((judged(60.0, true) - judged(60.0, false) / 2.0).abs() < 1e-4);
}

#[test]
fn a_bead_loses_nothing_without_text_that_it_swallowed() {
    let (tuning, kernel) = (Tuning::default(), Kernel::detect());
    // The second source segment has nothing to do with the target.
    let texts = [&["17 18", "foreign"][..], &["17 18"]];
    let words = document_words(&tuning.score, &Lexicon::empty(), Sides::new(texts[0], texts[1]));
    let lexical = Lexical::new(kernel, &tuning, words, &Corridor::everything((2, 1)), 2);
    // Vectors of the single segments and of both.
    let row = |angle: f32| [angle.to_radians().cos(), angle.to_radians().sin()];
    let vectors = |blocks: Vec<Vec<f32>>| {
        SideVectors::new(Kernel::detect(), &DocumentVectors::new(2, blocks))
    };
    let src = ChunkSide {
        vectors: vectors(vec![[row(0.0), row(90.0)].concat(), row(45.0).to_vec()]),
        lengths: vec![40; 2],
        boilerplate: vec![false; 2],
        cues: Vec::new(),
        identical: Vec::new(),
    };
    let tgt = ChunkSide {
        vectors: vectors(vec![row(0.0).to_vec()]),
        lengths: vec![40],
        boilerplate: vec![false],
        cues: Vec::new(),
        identical: Vec::new(),
    };
    let typical = Typical { cosine: 0.9, coverage: 0.3 };
    let input =
        MoverInput { src: &src, tgt: &tgt, lexical: &lexical, typical, noise: 0.1, ratio: 1.0 };
    let judge = PairJudge { kernel, tuning: &tuning.moved, input };
    let bead = Bead::new(Span::new(0, 2), Span::new(0, 1), 0.95, 0.0);
    let held = Held::new(&tuning.moved, &judge, &[bead]);
    assert_eq!(held.cost[0][1], 0.0, "{:?}", held.cost);
    assert!(held.cost[0][0] > 0.0, "{:?}", held.cost);
    assert!(held.loose[0][1]);
}

#[test]
fn a_block_that_is_missing_on_one_side_is_omitted_or_added() {
    let src: Vec<usize> = (0..30).collect();
    let tgt: Vec<usize> = (0..30).filter(|number| !(5..9).contains(number)).collect();
    assert_eq!(found(&src, &tgt), ["omitted 5..9 5..5"]);
    assert_eq!(found(&tgt, &src), ["added 5..5 5..9"]);
}

#[test]
fn a_block_that_occurs_twice_is_not_moved() {
    // The block is also in its place: the second one was added.
    let src: Vec<usize> = (0..30).collect();
    let mut tgt = src.clone();
    tgt.splice(20..20, 5..9);
    assert_eq!(found(&src, &tgt), ["added 20..20 20..24"]);
}

/// A list of names between ten sentences on each side, in the order of the target.
fn with_names(order: &[usize]) -> [Vec<String>; 2] {
    let names = |order: &[usize]| -> Vec<String> {
        order
            .iter()
            .map(|at| format!("name {}", ["ann", "bob", "eve", "joe", "kim"][*at]))
            .collect()
    };
    let sentences = |numbers: Range<usize>| {
        numbers.map(|number| format!("a sentence about the number {number} ."))
    };
    [&[0, 1, 2, 3, 4][..], order]
        .map(|order| sentences(0..5).chain(names(order)).chain(sentences(5..10)).collect())
}

#[test]
fn identical_segments_are_pairs_in_any_order() {
    let aligner = Aligner::builder().lexicon(Lexicon::empty()).build().expect("valid settings");
    for order in [[0, 1, 2, 3, 4], [3, 0, 4, 1, 2], [4, 3, 2, 1, 0], [1, 0, 2, 4, 3]] {
        let [src, tgt] = with_names(&order);
        let alignment = aligner.align(&NumberEncoder, &src, &tgt).expect("an alignment");
        let pairs: Vec<_> =
            alignment.beads().iter().map(|it| (it.src.start, it.tgt.start)).collect();
        let expected: Vec<(u32, u32)> = (0..src.len())
            .map(|i| (i, tgt.iter().position(|text| *text == src[i]).expect("the same text")))
            .map(|(i, j)| (i as u32, j as u32))
            .collect();
        assert_eq!(pairs, expected, "{order:?}");
    }
}
