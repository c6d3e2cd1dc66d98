//! Unaligned text that repeats aligned text of the same side, such as a pull quote or a sentence in
//! a summary box.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use nasaq_text::normalise;

use crate::bead::{Bead, Span};
use crate::finding::{Finding, FindingKind};

/// Words of the sequences by which two texts are compared.
const SEQUENCE: usize = 3;
/// Minimum share of a run's sequences that the repeated text contains.
const MIN_SHARE: f32 = 0.7;
/// Minimum number of words: shorter text is often the same by chance.
const MIN_WORDS: usize = 5;
/// Text that a side has in more places is a refrain or a formula, and no part of it was repeated.
const MAX_PLACES: usize = 3;
/// How much longer than the run the repeated text may be: a quote may omit words.
const MAX_STRETCH: f32 = 1.5;

/// Marks the omitted and added runs that repeat aligned text of their own side.
///
/// Such a finding has the run on one side and, on the other, the text that translates it at its
/// better place.
pub(crate) fn mark_repeated<S: AsRef<str>>(
    findings: &mut [Finding],
    beads: &[Bead],
    texts: [&[S]; 2],
) {
    let mut sides: [Option<SideText>; 2] = [None, None];
    for finding in findings {
        let (side, run) = match finding.kind {
            FindingKind::Omitted => (0, finding.src),
            FindingKind::Added => (1, finding.tgt),
            _ => continue,
        };
        let text = sides[side].get_or_insert_with(|| SideText::new(texts[side], beads, side));
        let Some(bead_indices) = text.repeated(texts[side], run) else { continue };
        let aligned = &beads[in_order(beads, bead_indices)];
        let kind = [FindingKind::RepeatedSource, FindingKind::RepeatedTarget][side];
        let (first, last) = (aligned[0], aligned[aligned.len() - 1]);
        let (src, tgt) = match side {
            0 => (run, Span { start: first.tgt.start, end: last.tgt.end }),
            _ => (Span { start: first.src.start, end: last.src.end }, run),
        };
        let certainty = aligned.iter().map(|bead| bead.probability).fold(1.0, f32::min);
        *finding = Finding::new(kind, src, tgt, finding.probability * certainty);
    }
}

/// Returns the first beads of a range that are in order on both sides: moved beads end them.
fn in_order(beads: &[Bead], indices: Range<usize>) -> Range<usize> {
    let follows = |pair: &[Bead]| {
        pair[0].src.end <= pair[1].src.start && pair[0].tgt.end <= pair[1].tgt.start
    };
    let count = beads[indices.clone()].windows(2).take_while(|pair| follows(pair)).count();
    indices.start..indices.start + count + 1
}

/// The words of the aligned segments of a side.
struct SideText {
    /// Hashes of the words, in the order of the beads.
    words: Vec<u64>,
    /// The bead of each word.
    beads: Vec<usize>,
    /// Where each sequence of words starts.
    starts: HashMap<[u64; SEQUENCE], Vec<usize>>,
}

impl SideText {
    fn new<S: AsRef<str>>(texts: &[S], beads: &[Bead], side: usize) -> Self {
        let mut text = Self { words: Vec::new(), beads: Vec::new(), starts: HashMap::new() };
        for (index, bead) in beads.iter().enumerate().filter(|(_, bead)| !bead.is_null()) {
            for segment in [bead.src, bead.tgt][side].range() {
                text.words.extend(words(texts[segment].as_ref()));
            }
            text.beads.resize(text.words.len(), index);
        }
        for (start, sequence) in text.words.windows(SEQUENCE).enumerate() {
            text.starts.entry(key(sequence)).or_default().push(start);
        }
        text
    }

    /// Returns the beads that contain the text that a run repeats.
    fn repeated<S: AsRef<str>>(&self, texts: &[S], run: Span) -> Option<Range<usize>> {
        let run: Vec<u64> =
            texts[run.range()].iter().flat_map(|text| words(text.as_ref())).collect();
        if run.len() < MIN_WORDS {
            return None;
        }
        let mut sequences: Vec<[u64; SEQUENCE]> = run.windows(SEQUENCE).map(key).collect();
        sequences.sort_unstable();
        sequences.dedup();
        let mut starts: Vec<usize> =
            sequences.iter().filter_map(|it| self.starts.get(it)).flatten().copied().collect();
        starts.sort_unstable();
        let needed = (MIN_SHARE * sequences.len() as f32).ceil() as usize;
        let max_words = (MAX_STRETCH * run.len() as f32).ceil() as usize;
        let places = places(&starts, needed, max_words);
        let first = places.first().filter(|_| places.len() <= MAX_PLACES)?;
        Some(self.beads[first.start]..self.beads[first.end - 1] + 1)
    }
}

/// Returns the ranges of words that contain `needed` of the sequences that start at these words,
/// each in at most `max_words`. They do not overlap.
fn places(starts: &[usize], needed: usize, max_words: usize) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(&last) = starts.get(at + needed - 1) {
        if last + SEQUENCE - starts[at] > max_words {
            at += 1;
            continue;
        }
        let end = starts[at] + max_words;
        let next = starts.partition_point(|&start| start + SEQUENCE <= end);
        places.push(starts[at]..starts[next - 1] + SEQUENCE);
        at = next;
    }
    places
}

/// Returns hashes of the words of a text: runs of letters and digits, normalised, without case.
fn words(text: &str) -> Vec<u64> {
    let normalised = normalise(text).to_lowercase();
    let words = normalised.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    words
        .map(|word| {
            let mut hasher = DefaultHasher::new();
            word.hash(&mut hasher);
            hasher.finish()
        })
        .collect()
}

/// Returns a sequence of words as a key.
fn key(sequence: &[u64]) -> [u64; SEQUENCE] {
    sequence.try_into().expect("a sequence of this length")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bead(src: (usize, usize), tgt: (usize, usize), probability: f32) -> Bead {
        Bead::new(Span::new(src.0, src.1), Span::new(tgt.0, tgt.1), probability, 0.0)
    }

    const SENTENCES: [&str; 4] = [
        "The well by the old gate has been dry since the year of the great flood.",
        "Nobody in the village remembers who dug it, or why.",
        "They say that the water left when the last miller closed his door.",
        "Today children play football on the stones around it.",
    ];

    /// Marks the null beads of a target with an addition after two of four pairs.
    fn marked(addition: &[&str]) -> Vec<Finding> {
        let count = addition.len();
        let tgt = [&SENTENCES[..2], addition, &SENTENCES[2..]].concat();
        let pair = |src: usize, tgt: usize| bead((src, src + 1), (tgt, tgt + 1), 0.9);
        let mut beads = vec![pair(0, 0), pair(1, 1)];
        beads.extend((0..count).map(|at| bead((2, 2), (2 + at, 3 + at), 0.8)));
        beads.extend([pair(2, 2 + count), pair(3, 3 + count)]);
        let run = Span::new(2, 2 + count);
        let mut findings = [Finding::new(FindingKind::Added, Span::new(2, 2), run, 0.8)];
        mark_repeated(&mut findings, &beads, [&["جملة"; 4], &tgt]);
        findings.to_vec()
    }

    #[test]
    fn a_pull_quote_is_repeated() {
        for quote in [
            "“They say that the water left when the last miller closed his door”",
            "THE WATER LEFT WHEN THE LAST MILLER CLOSED HIS DOOR",
            "They say … the water left when the last miller closed his door.",
        ] {
            let found = marked(&[quote])[0];
            assert_eq!(found.kind, FindingKind::RepeatedTarget, "{quote}");
            assert_eq!((found.src, found.tgt), (Span::new(2, 3), Span::new(2, 3)));
            assert!((found.probability - 0.72).abs() < 1e-6);
        }
    }

    #[test]
    fn a_box_of_several_sentences_is_repeated() {
        let found = marked(&[SENTENCES[2], SENTENCES[3]])[0];
        assert_eq!(found.kind, FindingKind::RepeatedTarget);
        assert_eq!((found.src, found.tgt), (Span::new(2, 4), Span::new(2, 4)));
    }

    #[test]
    fn new_and_short_text_is_not_repeated() {
        for addition in [
            "They say that the people left when the river closed the road.",
            "The last miller",
            "An entirely new sentence of the translator about something else.",
        ] {
            assert_eq!(marked(&[addition])[0].kind, FindingKind::Added, "{addition}");
        }
    }

    #[test]
    fn a_refrain_is_not_repeated() {
        let refrain = "and the river went on singing as it always had";
        let pair = |at: usize| bead((at, at + 1), (at, at + 1), 0.9);
        let mut beads: Vec<Bead> = (0..5).map(pair).collect();
        beads.push(bead((5, 6), (5, 5), 0.8));
        let run = Span::new(5, 6);
        let mut findings = [Finding::new(FindingKind::Omitted, run, Span::new(5, 5), 0.8)];
        mark_repeated(&mut findings, &beads, [&[refrain; 6], &["x"; 5]]);
        assert_eq!(findings[0].kind, FindingKind::Omitted);
    }
}
