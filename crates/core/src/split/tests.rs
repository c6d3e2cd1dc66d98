//! Tests of the cuts of long segments and of running text.

use super::*;
use crate::align::tuning::Tuning;
use nasaq_text::segments;

/// A toy encoder: a vector has the counts of the digits in a text.
struct DigitEncoder;

impl Encoder for DigitEncoder {
    fn dim(&self) -> usize {
        10
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<f32>, EncoderError> {
        let vector = |text: &&str| -> Vec<f32> {
            let counts: Vec<f32> =
                ('0'..='9').map(|digit| text.matches(digit).count() as f32 + 0.01).collect();
            let norm = counts.iter().map(|count| count * count).sum::<f32>().sqrt();
            counts.iter().map(|count| count / norm).collect()
        };
        Ok(texts.iter().flat_map(vector).collect())
    }

    fn token_count(&self, text: &str) -> usize {
        text.chars().count()
    }
}

const ARABIC: &str = "كان عنده 1 من الكتب، ثم باع 2 من الأقلام وكتب رسالة 3 فيها. وصل القطار 4 أمس. ";
const ENGLISH: &str = "He had book 1. Then he sold pencils 2. He wrote letter 3. Train 4 came. ";

fn splitter(min_probability: f32) -> Aligner {
    let mut tuning = Tuning::default();
    tuning.split.min_probability = min_probability;
    Aligner::builder().tuning(tuning).build().expect("valid settings")
}

fn split(src: &'static str, tgt: &'static str, language: Language) -> SplitAlignment<'static> {
    let other = match language {
        Language::Arabic => Language::English,
        Language::English => Language::Arabic,
    };
    let (src, tgt) = (segments(src, language), segments(tgt, other));
    let aligner = splitter(0.5);
    let alignment = aligner.align(&DigitEncoder, &src, &tgt).expect("an alignment");
    aligner.split_long(&DigitEncoder, &src, &tgt, &alignment, language).expect("a split")
}

fn texts<'t>(segments: &[Segment<'t>]) -> Vec<&'t str> {
    segments.iter().map(|segment| segment.text).collect()
}

#[test]
fn chained_sentence_is_cut_where_the_translation_is() {
    let expected =
        ["كان عنده 1 من الكتب،", "ثم باع 2 من الأقلام", "وكتب رسالة 3 فيها.", "وصل القطار 4 أمس."];
    let found = split(ARABIC, ENGLISH, Language::Arabic);
    assert_eq!(texts(&found.src), expected);
    assert_eq!((found.cuts, found.tgt.len()), (2, 4));
    let other = split(ENGLISH, ARABIC, Language::English);
    assert_eq!(texts(&other.tgt), expected);
    for (bead, turned) in found.alignment.beads().iter().zip(other.alignment.beads()) {
        assert_eq!((bead.src, bead.tgt), (turned.tgt, turned.src));
        assert!((0.0..=1.0).contains(&bead.probability));
    }
}

#[test]
fn parts_are_slices_of_the_document_and_lose_no_text() {
    let found = split(ARABIC, ENGLISH, Language::Arabic);
    for segment in &found.src {
        assert_eq!(&ARABIC[segment.bytes()], segment.text);
    }
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(bare(&texts(&found.src).concat()), bare(ARABIC));
    let last = found.alignment.beads().last().expect("beads");
    assert_eq!((last.src.end, last.tgt.end), (4, 4));
}

#[test]
fn a_moved_bead_is_cut_at_its_place_on_either_side() {
    const MOVED: &str = "Train 4 came. He had book 1. Then he sold pencils 2. He wrote letter 3. ";
    let bead = |src: (usize, usize), tgt: (usize, usize), moved: bool| {
        Bead::new(Span::new(src.0, src.1), Span::new(tgt.0, tgt.1), 0.9, 0.0).with_moved(moved)
    };
    let (arabic, english) =
        (segments(ARABIC, Language::Arabic), segments(MOVED, Language::English));
    let aligner = splitter(0.5);
    let spans = |found: &SplitAlignment<'_>| -> Vec<_> {
        let span = |bead: &Bead| (bead.src.range(), bead.tgt.range(), bead.moved);
        found.alignment.beads().iter().map(span).collect()
    };
    let beads = vec![bead((0, 1), (1, 4), false), bead((1, 2), (0, 1), true)];
    let findings =
        vec![Finding::new(crate::FindingKind::Moved, Span::new(1, 2), Span::new(0, 1), 0.9)];
    let alignment = Alignment::new(findings, beads);
    let found = aligner
        .split_long(&DigitEncoder, &arabic, &english, &alignment, Language::Arabic)
        .expect("a split");
    let expected =
        [(0..1, 1..2, false), (1..2, 2..3, false), (2..3, 3..4, false), (3..4, 0..1, true)];
    assert_eq!(spans(&found), expected);
    assert_eq!(found.alignment.findings()[0].src, Span::new(3, 4));
    let beads = vec![bead((0, 1), (1, 2), true), bead((1, 4), (0, 1), false)];
    let alignment = Alignment::new(Vec::new(), beads);
    let found = aligner
        .split_long(&DigitEncoder, &english, &arabic, &alignment, Language::English)
        .expect("a split");
    let expected =
        [(0..1, 3..4, true), (1..2, 0..1, false), (2..3, 1..2, false), (3..4, 2..3, false)];
    assert_eq!(spans(&found), expected);
    assert_eq!(texts(&found.tgt)[3], "وصل القطار 4 أمس.");
}

#[test]
fn segments_without_text_are_retained() {
    let src = nasaq_text::lines("\nعنده 1 من الكتب، ثم باع 2 من الأقلام\n\nوكتب رسالة 3 هنا.");
    let tgt = nasaq_text::lines("Book 1.\n\nHe sold 2.\nHe wrote letter 3.");
    let aligner = splitter(0.0);
    let alignment = aligner.align(&DigitEncoder, &src, &tgt).expect("an alignment");
    let found = aligner.split_long(&DigitEncoder, &src, &tgt, &alignment, Language::Arabic);
    let found = found.expect("a split");
    let blank = |segments: &[Segment<'_>]| segments.iter().filter(|it| it.text.is_empty()).count();
    assert_eq!((blank(&found.src), blank(&found.tgt)), (2, 1));
    assert_eq!(found.src.len(), src.len() + found.cuts);
}

#[test]
fn spans_follow_their_segments_past_empty_ones() {
    let old = nasaq_text::lines("one\n\ntwo, three");
    let new = [old[0], old[1], Segment { text: "two,", ..old[2] }, old[2]];
    let mut map = SegmentMap::default();
    map.add(&old[..2], &new[..2], 0);
    map.add(&old[2..], &new, 2);
    assert_eq!(map.map(Span::new(0, 1), 4), Span::new(0, 1));
    assert_eq!(map.map(Span::new(1, 3), 4), Span::new(1, 4));
}

#[test]
fn one_sentence_with_one_translation_is_not_cut() {
    let (src, tgt) = ("عنده 1 من الكتب، ثم باع 2.", "He had book 1 and then sold 2.");
    let found = split(src, tgt, Language::Arabic);
    assert_eq!((found.cuts, found.src.len()), (0, 1));
}

#[test]
fn improbable_parts_are_merged_until_all_are_probable() {
    let bead = |at: usize, probability: f32| {
        let span = Span::new(at, at + 1);
        Bead::new(span, span, probability, 0.5)
    };
    let beads = [bead(0, 0.9), bead(1, 0.4), bead(2, 0.5)];
    let found = merge_improbable(&beads, 0.7);
    assert_eq!(found.len(), 2);
    assert_eq!((found[1].src, found[1].probability, found[1].score), (Span::new(1, 3), 0.9, 1.0));
    assert_eq!(merge_improbable(&beads, 0.95).len(), 1);
}

#[test]
fn a_few_clauses_without_english_are_merged_with_their_neighbours() {
    let bead = |src: (usize, usize), tgt: (usize, usize), probability: f32| {
        Bead::new(Span::new(src.0, src.1), Span::new(tgt.0, tgt.1), probability, 0.5)
    };
    let beads = [bead((0, 1), (0, 1), 0.9), bead((1, 2), (1, 1), 0.95), bead((2, 3), (1, 2), 0.8)];
    let found = merge_improbable(&beads, 0.0);
    let kinds: Vec<_> = found.iter().map(|bead| bead.kind().to_string()).collect();
    assert_eq!(kinds, ["2-1", "1-1"]);
    // Of six clauses the one of 7 has no English.
    let src = segments(
        "عنده 1 من الكتب، ثم باع 2 أمس، وله 7 و7 و7 من الأقلام، واشترى 3 من المقاعد، \
         ورأى 4 من الجمال، ورسم 5 من السفن.",
        Language::Arabic,
    );
    let tgt = segments("Had 1. Sold 2. Bought 3. Saw 4. Drew 5.", Language::English);
    let aligner = splitter(0.0);
    let whole = Bead::new(Span::new(0, 1), Span::new(0, 5), 1.0, 0.0);
    let alignment = Alignment::new(Vec::new(), vec![whole]);
    let found = aligner.split_long(&DigitEncoder, &src, &tgt, &alignment, Language::Arabic);
    let found = found.expect("a split");
    assert_eq!(found.cuts, 4);
    assert!(found.alignment.beads().iter().all(|bead| !bead.is_null()), "{found:?}");
}

#[test]
fn running_text_is_cut_between_words_on_either_side() {
    let arabic = "تقرير رقم 1 هنا عنده كتاب 2 – قديم عنده قلم 3 جديد. وصل القطار 4 أمس.";
    let english = "Report 1. He has book 2 and he has pencil 3. Train 4 came.";
    let (src, tgt) = (segments(arabic, Language::Arabic), segments(english, Language::English));
    let aligner = splitter(0.9);
    let bead = |src: (usize, usize), tgt: (usize, usize)| {
        Bead::new(Span::new(src.0, src.1), Span::new(tgt.0, tgt.1), 0.9, 0.0)
    };
    let alignment = Alignment::new(Vec::new(), vec![bead((0, 1), (0, 2)), bead((1, 2), (2, 3))]);
    let found = aligner.split_running(&DigitEncoder, &src, &tgt, &alignment).expect("a split");
    assert_eq!((found.src.len(), found.tgt.len(), found.cuts), (3, 3, 1), "{found:?}");
    assert!(found.src[0].text.contains('1') && found.src[1].text.contains('2'));
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(bare(&texts(&found.src).concat()), bare(arabic));
    // The other way round, the target is cut.
    let alignment = Alignment::new(Vec::new(), vec![bead((0, 2), (0, 1)), bead((2, 3), (1, 2))]);
    let found = aligner.split_running(&DigitEncoder, &tgt, &src, &alignment).expect("a split");
    assert_eq!((found.src.len(), found.tgt.len(), found.cuts), (3, 3, 1), "{found:?}");
}

#[test]
fn wrapped_text_is_cut_at_line_ends_where_the_translation_has_one() {
    let arabic = "تقرير عن رقم 1 في البلاد كلها\nعنده كتاب 2 قديم\nجدا في البيت.";
    let english = "Report 1\nHe has the old book 2.";
    let one_line = english.replace('\n', " ");
    let whole = Segment::new(arabic, 0);
    let other = [Segment::new(&english[..8], 0), Segment::new(&english[9..], 9)];
    let aligner = splitter(0.9);
    let bead = Bead::new(Span::new(0, 1), Span::new(0, 2), 0.9, 0.0);
    let alignment = Alignment::new(Vec::new(), vec![bead]);
    let cut = |texts: [&str; 2]| {
        aligner.split_wrapped(&DigitEncoder, texts, &[whole], &other, &alignment).expect("a split")
    };
    let found = cut([arabic, english]);
    let expected = ["تقرير عن رقم 1 في البلاد كلها", "عنده كتاب 2 قديم\nجدا في البيت."];
    assert_eq!((texts(&found.src), found.cuts), (expected.to_vec(), 1));
    // A paragraph does not end where its translation only has the end of a sentence.
    assert_eq!(cut([arabic, &one_line]).cuts, 0);
}

#[test]
fn no_part_is_without_a_translation() {
    // The clause of 7 has no English. However low the min. probability, it gets no part.
    let src = segments("عنده 1 من الكتب، وله 7 و7 و7 من الأقلام، ثم باع 2 أمس.", Language::Arabic);
    let tgt = segments("He had book 1. He sold book 2.", Language::English);
    let aligner = splitter(0.0);
    let clauses = Cuts::Clauses.attempts(&src).swap_remove(0);
    let texts: Vec<&str> = clauses.iter().map(|clause| clause.text).collect();
    let with_null = aligner.align(&DigitEncoder, &texts, &tgt).expect("an alignment");
    let kinds: Vec<_> = with_null.beads().iter().map(|bead| bead.kind().to_string()).collect();
    assert_eq!(kinds, ["1-1", "1-0", "1-1"]);
    let whole = Bead::new(Span::new(0, 1), Span::new(0, 2), 1.0, 0.0);
    let alignment = Alignment::new(Vec::new(), vec![whole]);
    let found = aligner.split_long(&DigitEncoder, &src, &tgt, &alignment, Language::Arabic);
    let found = found.expect("a split");
    assert!(found.alignment.beads().iter().all(|bead| !bead.is_null()), "{found:?}");
    assert_eq!(found.cuts, 0);
}
