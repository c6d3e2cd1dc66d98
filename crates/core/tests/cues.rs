//! Kinds and times of subtitles as evidence of a search.

mod common;

use common::NumberSumEncoder;
use nasaq::{Aligner, SegmentCue};

/// Returns texts of three numbers each.
fn texts(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("{} {} {}", 3 * index, 3 * index + 1, 3 * index + 2)).collect()
}

/// Returns the beads as half-open ranges of both sides, with or without cues.
fn beads(
    src: &[String],
    tgt: &[String],
    cues: Option<[&[SegmentCue]; 2]>,
) -> Vec<([u32; 2], [u32; 2])> {
    let aligner = Aligner::builder().build().expect("the defaults");
    let mut search = aligner.search(&NumberSumEncoder, src, tgt).expect("segments");
    if let Some([src, tgt]) = cues {
        search.cues(src, tgt);
    }
    let alignment = search.align().expect("an alignment");
    let ranges =
        |bead: &nasaq::Bead| ([bead.src.start, bead.src.end], [bead.tgt.start, bead.tgt.end]);
    alignment.beads().iter().map(ranges).collect()
}

#[test]
fn a_description_is_no_part_of_a_bead_of_speech() {
    let src = texts(12);
    let mut tgt = src.clone();
    tgt[5] = "15 16".to_owned();
    tgt.insert(6, "17".to_owned());
    let plain = beads(&src, &tgt, None);
    assert!(plain.contains(&([5, 6], [5, 7])), "{plain:?}");
    let cues = [vec![SegmentCue::new(); 12], vec![SegmentCue::new(); 13]];
    assert_eq!(beads(&src, &tgt, Some([&cues[0], &cues[1]])), plain);
    let mut described = cues[1].clone();
    described[6] = SegmentCue::new().with_description(true);
    let found = beads(&src, &tgt, Some([&cues[0], &described]));
    assert!(found.contains(&([5, 6], [5, 6])), "{found:?}");
    assert!(found.iter().any(|(src, tgt)| *tgt == [6, 7] && src[0] == src[1]), "{found:?}");
}

#[test]
fn times_choose_between_texts_that_are_the_same() {
    let mut src = texts(12);
    src[6] = src[5].clone();
    let mut tgt = src.clone();
    tgt.remove(6);
    let time = |index: usize| Some([3.0 * index as f32, 3.0 * index as f32 + 2.0]);
    let cues = |indices: &mut dyn Iterator<Item = usize>| -> Vec<SegmentCue> {
        indices.map(|index| SegmentCue::new().with_time(time(index))).collect()
    };
    let of_src = cues(&mut (0..12));
    for (shown, bead) in [(5, ([5, 6], [5, 6])), (6, ([6, 7], [5, 6]))] {
        let of_tgt = cues(&mut (0..5).chain([shown]).chain(7..12));
        let found = beads(&src, &tgt, Some([&of_src, &of_tgt]));
        assert!(found.contains(&bead), "{shown}: {found:?}");
    }
}
