//! A bead with its texts and its places, as the formats have it.

mod written;

use std::str::FromStr;

use nasaq::{Alignment, Bead, BeadKind, Finding, FindingKind, Segment, Span};
use serde::{Deserialize, Serialize};

pub(crate) use self::written::WrittenMove;
use self::written::WrittenRecord;
use crate::document::{Document, DocumentPlace};

/// One bead of an alignment with everything that a format can hold.
///
/// The fields and their names are those of the JSON Lines format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "WrittenRecord")]
#[non_exhaustive]
pub struct BeadRecord {
    /// Name of the document.
    pub doc: String,
    /// Index of the bead in the document.
    pub bead: usize,
    /// The number of segments on each side; `1-2` in files.
    pub kind: BeadKind,
    /// The source text: its segments as they are in the document, joined by spaces; empty for a
    /// null bead without source.
    pub src: String,
    /// The target text, composed in the same way.
    pub tgt: String,
    /// Source segments, as a half-open range.
    pub src_segments: [u32; 2],
    /// Target segments, as a half-open range.
    pub tgt_segments: [u32; 2],
    /// Bytes of the source text in the source document, as a half-open range from the start of the
    /// first segment to the end of the last. Without source segments it is empty, at the end of the
    /// segment before its place.
    pub src_bytes: [usize; 2],
    /// Bytes of the target text in the target document, as a half-open range.
    pub tgt_bytes: [usize; 2],
    /// The probability, 0 to 1, that the bead is right: that it has the boundaries of a true bead,
    /// or lies in one that a coarser alignment would not divide.
    pub probability: f32,
    /// The contribution of the bead to the score of the path. Omitted from JSON if it is not known,
    /// as of a bead that a reviewer set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// The probability, 0 to 1, that the documents are translations of each other. The probability
    /// of a pair includes it. Omitted from JSON if it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_score: Option<f32>,
    /// The log-odds that the bead is right if the documents are translations, without the limit
    /// of the probability: by it, beads that are nearly sure can be ranked. Omitted from JSON if
    /// they are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_odds: Option<f32>,
    /// Whether the target is elsewhere than the beads around suggest: its text was moved. Omitted
    /// from JSON if it was not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub moved: bool,
    /// For a null bead of a monotone alignment whose text was moved: its segments on the other
    /// side, as a half-open range. Omitted from JSON if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counterpart: Option<[u32; 2]>,
    /// Where the source text is in its document, if that has blocks: paragraphs, cells, subtitles.
    /// Omitted from JSON for plain text and null beads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub src_place: Option<DocumentPlace>,
    /// Where the target text is in its document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tgt_place: Option<DocumentPlace>,
    /// What a reviewer decided about the bead. Omitted from JSON if nobody has decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<BeadReview>,
    /// Who decided, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewer: Option<String>,
    /// The reviewer's note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The words of both texts that translate each other, in Pharaoh format: `0-0 1-2`. Words are
    /// divided at white space and counted from 0. Omitted from JSON if they are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// How the texts are composed.
    #[serde(skip)]
    pub(crate) composition: Composition,
}

/// How the texts of a pair are composed. It makes no difference between records that are otherwise
/// equal.
#[derive(Clone, Debug, Default)]
pub(crate) enum Composition {
    /// It is not known, as after reading.
    #[default]
    Unknown,
    /// Of segments: where those of source and target end in their texts, except the last; each is
    /// followed by a space.
    Segments(Box<[Vec<u32>; 2]>),
    /// A reviewer has corrected a text.
    Corrected,
}

impl Composition {
    /// Returns where the segments end, if it is known.
    pub(crate) fn segment_ends(&self) -> Option<&[Vec<u32>; 2]> {
        match self {
            Self::Segments(ends) => Some(ends),
            _ => None,
        }
    }
}

impl PartialEq for Composition {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// Returns the probability by which a translation memory takes or omits a pair.
///
/// The probability of a pair includes that of its documents being translations of each other. Where
/// that is more probable than not, a memory judges the pair by itself: a short poem is no reason to
/// omit its sure pairs.
#[must_use]
pub fn memory_probability(probability: f32, document_score: Option<f32>) -> f32 {
    match document_score {
        Some(score) if score >= Alignment::UNRELATED_BELOW => (probability / score).min(1.0),
        _ => probability,
    }
}

/// What a reviewer decided about a bead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BeadReview {
    /// The aligner's bead is right.
    Confirmed,
    /// The reviewer set the bead or its text.
    Changed,
}

impl BeadReview {
    /// Returns the word in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Changed => "changed",
        }
    }
}

impl FromStr for BeadReview {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "confirmed" => Ok(Self::Confirmed),
            "changed" => Ok(Self::Changed),
            _ => Err("a reviewed bead is confirmed or changed"),
        }
    }
}

impl BeadRecord {
    /// Returns a bead with its texts; every other field is empty or zero.
    #[must_use]
    pub fn new(kind: BeadKind, src: impl Into<String>, tgt: impl Into<String>) -> Self {
        Self {
            doc: String::new(),
            bead: 0,
            kind,
            src: src.into(),
            tgt: tgt.into(),
            src_segments: [0, 0],
            tgt_segments: [0, 0],
            src_bytes: [0, 0],
            tgt_bytes: [0, 0],
            probability: 0.0,
            score: None,
            document_score: None,
            log_odds: None,
            moved: false,
            counterpart: None,
            src_place: None,
            tgt_place: None,
            reviewed: None,
            reviewer: None,
            note: None,
            words: None,
            composition: Composition::Unknown,
        }
    }

    /// Sets the probability that the documents are translations of each other.
    #[must_use]
    pub fn with_document_score(mut self, score: f32) -> Self {
        self.document_score = Some(score);
        self
    }

    /// Sets the words that translate each other, in Pharaoh format; an empty text is none.
    #[must_use]
    pub fn with_words(mut self, words: String) -> Self {
        self.words = Some(words).filter(|words| !words.is_empty());
        self
    }

    /// Replaces the texts that a reviewer has corrected. They have no segments any more.
    #[must_use]
    pub fn with_corrected_texts(mut self, texts: [Option<String>; 2]) -> Self {
        for (text, corrected) in [&mut self.src, &mut self.tgt].into_iter().zip(texts) {
            if let Some(corrected) = corrected {
                *text = corrected;
                self.composition = Composition::Corrected;
                self.words = None;
            }
        }
        self
    }

    /// Sets where the two texts are in their documents.
    #[must_use]
    pub fn with_places(mut self, [src, tgt]: [&Document; 2]) -> Self {
        let place = |document: &Document, [start, end]: [usize; 2]| document.place(start..end);
        self.src_place = place(src, self.src_bytes).filter(|_| self.kind.src > 0);
        self.tgt_place = place(tgt, self.tgt_bytes).filter(|_| self.kind.tgt > 0);
        self
    }
}

/// Combines beads with their segments, and null beads with the findings about moved text that is
/// not paired.
///
/// Segments without text, which come from empty lines, add no space to the joined text.
///
/// # Panics
/// Panics if a bead extends beyond the segments.
pub fn records<'a>(
    doc: &'a str,
    beads: &'a [Bead],
    findings: &'a [Finding],
    src: &'a [Segment<'a>],
    tgt: &'a [Segment<'a>],
) -> impl Iterator<Item = BeadRecord> + 'a {
    let contains = |outer: Span, inner: Span| outer.start <= inner.start && inner.end <= outer.end;
    // A null within a block whose beads are in the alignment has no counterpart.
    let is_unpaired = |finding: &Finding| {
        finding.kind == FindingKind::Moved
            && !beads.iter().any(|bead| bead.moved && contains(finding.src, bead.src))
    };
    let unpaired: Vec<Finding> = findings.iter().copied().filter(is_unpaired).collect();
    beads.iter().enumerate().map(move |(index, bead)| BeadRecord {
        doc: doc.to_owned(),
        bead: index,
        kind: bead.kind(),
        src: text(src, bead.src),
        tgt: text(tgt, bead.tgt),
        src_segments: [bead.src.start, bead.src.end],
        tgt_segments: [bead.tgt.start, bead.tgt.end],
        src_bytes: bytes(src, bead.src),
        tgt_bytes: bytes(tgt, bead.tgt),
        probability: bead.probability,
        score: Some(bead.score),
        document_score: None,
        log_odds: Some(bead.log_odds),
        moved: bead.moved,
        counterpart: counterpart(bead, &unpaired),
        src_place: None,
        tgt_place: None,
        reviewed: None,
        reviewer: None,
        note: None,
        words: None,
        composition: Composition::Segments(Box::new([ends(src, bead.src), ends(tgt, bead.tgt)])),
    })
}

/// Returns where the text of a null bead is on the other side, if it was moved and is not paired.
fn counterpart(bead: &Bead, unpaired: &[Finding]) -> Option<[u32; 2]> {
    let contains = |outer: Span, inner: Span| outer.start <= inner.start && inner.end <= outer.end;
    let place = unpaired.iter().filter(|_| bead.is_null()).find_map(|finding| {
        if bead.tgt.is_empty() {
            contains(finding.src, bead.src).then_some(finding.tgt)
        } else {
            contains(finding.tgt, bead.tgt).then_some(finding.src)
        }
    });
    place.map(|span| [span.start, span.end])
}

fn texts<'s>(segments: &'s [Segment<'s>], span: Span) -> impl Iterator<Item = &'s str> {
    segments[span.range()].iter().map(|segment| segment.text).filter(|text| !text.is_empty())
}

fn text(segments: &[Segment<'_>], span: Span) -> String {
    let texts: Vec<&str> = texts(segments, span).collect();
    texts.join(" ")
}

/// Returns where all but the last of the segments end in [`text`].
fn ends(segments: &[Segment<'_>], span: Span) -> Vec<u32> {
    let mut ends = Vec::new();
    let mut len = 0;
    for (index, text) in texts(segments, span).enumerate() {
        if index > 0 {
            ends.push(u32::try_from(len).unwrap_or(u32::MAX));
            len += 1;
        }
        len += text.len();
    }
    ends
}

fn bytes(segments: &[Segment<'_>], span: Span) -> [usize; 2] {
    match &segments[span.range()] {
        [first, .., last] => [first.start, last.bytes().end],
        [only] => [only.start, only.bytes().end],
        [] => {
            let end =
                segments[..span.range().start].last().map_or(0, |segment| segment.bytes().end);
            [end, end]
        }
    }
}

#[cfg(test)]
pub(crate) mod strategies {
    //! Records with unusual texts, for the round trips of all formats.

    use proptest::prelude::*;

    use super::*;
    use crate::document::BlockKind;

    const HOSTILE: &[&str] = &[
        "",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\\",
        "\\n",
        "\\\\t",
        "\"",
        "'",
        "<",
        "&amp;",
        "]]>",
        "\u{0}",
        "\u{1b}[31m",
        "\u{85}",
        "\u{2028}",
        "\u{202e}",
        "\u{feff}",
        "\u{fffe}",
        "\u{ffff}",
        "شكراً جزيلاً",
        "العـــربية",
        "د. أحمد؟",
        "١٩٩٥",
        "👩‍👩‍👧",
        "NULL",
        "#",
        "[0]:[1]",
        "1,5",
    ];

    pub(crate) fn text() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            prop::sample::select(HOSTILE).prop_map(str::to_owned),
            "\\PC{0,4}",
            any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
    }

    fn place(seed: u16, part: &str) -> DocumentPlace {
        let index = u32::from(seed);
        DocumentPlace {
            kind: BlockKind::Heading(1 + (seed % 9) as u8),
            blocks: [index, index + 1],
            time: seed.is_multiple_of(3).then(|| [u64::from(seed) * 997, u64::from(seed) * 1009]),
            bytes: seed.is_multiple_of(4).then(|| [usize::from(seed), usize::from(seed) + 5]),
            part: seed.is_multiple_of(5).then(|| part.to_owned()),
        }
    }

    /// Generates records with places and words, for formats that have them.
    pub(crate) fn placed_record() -> impl Strategy<Value = BeadRecord> {
        (record(), any::<[u16; 2]>()).prop_map(|(record, [src, tgt])| BeadRecord {
            src_place: src.is_multiple_of(2).then(|| place(src, "word/فصل 1 @2:3.xml")),
            tgt_place: tgt.is_multiple_of(5).then(|| place(tgt, "a")),
            words: tgt.is_multiple_of(4).then(|| format!("0-0 1-{tgt}")),
            ..record
        })
    }

    pub(crate) fn record() -> impl Strategy<Value = BeadRecord> {
        let span = || (0..1000_u32, 0..4_u32);
        let number = || 0.0..=1.0_f32;
        (text(), text(), text(), span(), span(), number(), number(), any::<u16>()).prop_map(
            |(doc, src, tgt, a, b, probability, score, bead)| BeadRecord {
                doc,
                bead: usize::from(bead),
                kind: BeadKind { src: a.1 as usize, tgt: b.1 as usize },
                src_bytes: [a.0 as usize * 10, a.0 as usize * 10 + src.len()],
                tgt_bytes: [b.0 as usize * 10, b.0 as usize * 10 + tgt.len()],
                src,
                tgt,
                src_segments: [a.0, a.0 + a.1],
                tgt_segments: [b.0, b.0 + b.1],
                probability,
                score: (bead % 7 > 0).then_some(score * 7.0 - 3.0),
                document_score: (bead % 4 > 0).then_some(1.0 - probability),
                log_odds: (bead % 5 > 0).then_some(score * 20.0 - 9.0),
                moved: bead % 3 == 1,
                counterpart: (bead % 3 == 0).then_some([a.0, a.0 + a.1]),
                src_place: None,
                tgt_place: None,
                reviewed: None,
                reviewer: None,
                note: None,
                words: None,
                composition: Composition::Unknown,
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_judges_pairs_by_themselves_unless_the_documents_are_unrelated() {
        assert_eq!(memory_probability(0.4, None), 0.4);
        assert_eq!(memory_probability(0.5, Some(0.5)), 1.0);
        assert!((memory_probability(0.45, Some(0.5)) - 0.9).abs() < 1e-6);
        assert_eq!(memory_probability(0.45, Some(0.49)), 0.45);
    }

    #[test]
    fn texts_and_bytes_are_those_of_the_document() {
        let (src, tgt) = ("A b.\nC d.\n\nE.", "ا ب. ج.");
        let at = |text: &'static str, doc: &'static str| Segment {
            text,
            start: doc.find(text).expect("part of it"),
        };
        let empty = Segment { text: "", start: 10 };
        let src_segments = [at("A b.", src), at("C d.", src), empty, at("E.", src)];
        let tgt_segments = [at("ا ب.", tgt), at("ج.", tgt)];
        let bead = |src: (usize, usize), tgt: (usize, usize)| {
            Bead::new(Span::new(src.0, src.1), Span::new(tgt.0, tgt.1), 0.5, 1.0)
        };
        let beads = [bead((0, 1), (0, 0)), bead((1, 3), (0, 2)), bead((3, 4), (2, 2))];
        let moves = [Finding::new(FindingKind::Moved, Span::new(3, 4), Span::new(0, 2), 0.9)];
        let found: Vec<_> = records("d", &beads, &moves, &src_segments, &tgt_segments).collect();
        assert_eq!(found[0].tgt_bytes, [0, 0]);
        assert_eq!(found[1].src, "C d.");
        assert_eq!(found[1].src_segments, [1, 3]);
        assert_eq!(found[1].src_bytes, [5, 10]);
        assert_eq!(found[1].tgt, "ا ب. ج.");
        assert_eq!(&tgt[found[1].tgt_bytes[0]..found[1].tgt_bytes[1]], "ا ب. ج.");
        let ends: Vec<_> =
            found.iter().filter_map(|record| record.composition.segment_ends()).collect();
        assert_eq!(ends, [&[vec![], vec![]], &[vec![], vec![6]], &[vec![], vec![]]]);
        assert_eq!(found[2].tgt_bytes, [tgt.len(), tgt.len()]);
        assert_eq!(found[2].tgt, "");
        let places: Vec<_> = found.iter().map(|record| record.counterpart).collect();
        assert_eq!(places, [None, None, Some([0, 2])]);
        // If the block is paired, a null in it is missing text.
        let mut paired = beads;
        paired[1].moved = true;
        let block = [Finding::new(FindingKind::Moved, Span::new(1, 4), Span::new(0, 2), 0.9)];
        let found: Vec<_> = records("d", &paired, &block, &src_segments, &tgt_segments).collect();
        assert!(found[1].moved && found[2].counterpart.is_none());
        assert_eq!(found[2].kind.to_string(), "1-0");
    }
}
