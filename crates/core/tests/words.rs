//! Words that the lexicon lacks, in whole alignments.

mod common;

use common::NumberSumEncoder;
use nasaq::{Aligner, Lexicon};

const SEGMENTS: usize = 12;

/// Returns the mean score of the beads of a document of which each side has the same numbers
/// as the other, in part, and a word.
fn mean_score(arabic: [&str; 6], english: [&str; 6]) -> f32 {
    let text = |words: [&str; 6], own: usize| -> Vec<String> {
        let segment = |at: usize| {
            let word = words[at % words.len()];
            format!("{at} {} {} {word}", 100 + own * SEGMENTS + at, 500 + own * SEGMENTS + at)
        };
        (0..SEGMENTS).map(segment).collect()
    };
    let (src, tgt) = (text(arabic, 0), text(english, 1));
    let aligner = Aligner::builder().lexicon(Lexicon::empty()).build().expect("an aligner");
    let alignment = aligner.align(&NumberSumEncoder, &src, &tgt).expect("an alignment");
    let beads = alignment.beads();
    beads.iter().map(|bead| bead.score).sum::<f32>() / beads.len() as f32
}

#[test]
fn words_that_a_document_translates_alike_are_evidence() {
    let arabic = ["سنبك", "عرعر", "منوال", "صفصاف", "بلوط", "جزيرة"];
    let alike = mean_score(arabic, ["dhow", "juniper", "loom", "willow", "oak", "island"]);
    // A word that is everywhere is no counterpart of any.
    let apart = mean_score(arabic, ["dhow"; 6]);
    assert!(alike > apart + 0.01, "{alike}, {apart}");
}

#[test]
fn names_of_the_same_sound_are_evidence() {
    let arabic = ["هشام", "زينب", "طارق", "مريم", "يوسف", "سلمى"];
    let alike = mean_score(arabic, ["hisham", "zaynab", "tariq", "maryam", "yusuf", "salma"]);
    let other = mean_score(arabic, ["salma", "yusuf", "maryam", "tariq", "zaynab", "hisham"]);
    assert!(alike > other, "{alike}, {other}");
}
