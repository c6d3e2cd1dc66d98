//! A short summary of one alignment, to decide whether it needs a second look.

use std::collections::BTreeMap;
use std::fmt;

use nasaq::{Bead, BeadKind, Finding, Span};
use serde::{Serialize, Serializer};

/// A bead with a lower probability is doubtful: a reader should look at it.
pub const DOUBTFUL_BELOW: f32 = nasaq::Alignment::DOUBTFUL_BELOW;

/// One side of an [`AlignmentSummary`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SideSummary {
    /// The number of segments, including those without text (empty lines).
    pub segments: usize,
    /// The number of segments that have text but no counterpart.
    pub unaligned: usize,
    /// The share of the characters that are in beads with a counterpart, 0 to 1.
    pub coverage: f64,
}

/// What an alignment consists of, and how many of its beads are expected to be wrong.
///
/// `expected_wrong` and `doubtful` are only as good as the calibration of the probabilities. They
/// do not measure the quality of the translation.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AlignmentSummary {
    /// The number of beads, including nulls.
    pub beads: usize,
    /// The number of beads whose target is elsewhere than the beads around suggest.
    pub moved: usize,
    /// The number of beads of each shape.
    #[serde(serialize_with = "serialize_kinds")]
    pub kinds: BTreeMap<BeadKind, usize>,
    /// The source side.
    pub src: SideSummary,
    /// The target side.
    pub tgt: SideSummary,
    /// The number of beads with a probability below [`DOUBTFUL_BELOW`].
    pub doubtful: usize,
    /// The expected number of wrong beads: the sum of 1 − probability.
    pub expected_wrong: f64,
    /// The probability, 0 to 1, that the documents are translations of each other, if known. It is
    /// not part of the text form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_score: Option<f32>,
    /// Text that was moved, omitted or added, by place. It is not part of the text form.
    pub findings: Vec<Finding>,
}

impl AlignmentSummary {
    /// Summarises the alignment of one document, given its segments on both sides.
    ///
    /// # Panics
    /// Panics if a bead ends after the last segment of a side.
    #[must_use]
    pub fn new(beads: &[Bead], findings: &[Finding], src: &[&str], tgt: &[&str]) -> Self {
        let mut kinds = BTreeMap::new();
        for bead in beads {
            *kinds.entry(bead.kind()).or_default() += 1;
        }
        Self {
            beads: beads.len(),
            moved: beads.iter().filter(|bead| bead.moved).count(),
            kinds,
            src: side(src, beads, |bead| bead.src),
            tgt: side(tgt, beads, |bead| bead.tgt),
            doubtful: beads.iter().filter(|bead| bead.probability < DOUBTFUL_BELOW).count(),
            expected_wrong: beads.iter().map(|bead| 1.0 - f64::from(bead.probability)).sum(),
            document_score: None,
            findings: findings.to_vec(),
        }
    }

    /// Adds the result of [`Alignment::document_score`](nasaq::Alignment::document_score).
    #[must_use]
    pub fn with_document_score(self, score: f32) -> Self {
        Self { document_score: Some(score), ..self }
    }

    /// Returns the share of the beads that are doubtful, 0 to 1, or 0 if there are no beads.
    #[must_use]
    pub fn doubtful_share(&self) -> f64 {
        ratio(self.doubtful, self.beads)
    }
}

fn side(texts: &[&str], beads: &[Bead], span: fn(&Bead) -> Span) -> SideSummary {
    let (mut unaligned, mut covered) = (0, 0);
    for bead in beads {
        let texts = &texts[span(bead).range()];
        if bead.is_null() {
            unaligned += texts.iter().filter(|text| !text.is_empty()).count();
        } else {
            covered += chars(texts);
        }
    }
    SideSummary { segments: texts.len(), unaligned, coverage: ratio(covered, chars(texts)) }
}

fn chars(texts: &[&str]) -> usize {
    texts.iter().map(|text| text.chars().count()).sum()
}

fn ratio(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn serialize_kinds<S: Serializer>(
    kinds: &BTreeMap<BeadKind, usize>,
    out: S,
) -> Result<S::Ok, S::Error> {
    out.collect_map(kinds.iter().map(|(kind, count)| (kind.to_string(), count)))
}

impl fmt::Display for AlignmentSummary {
    /// Writes four lines of text, each with a line feed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { src, tgt, .. } = self;
        writeln!(
            f,
            "{} from {} source and {} target segments",
            plural(self.beads, "bead"),
            src.segments,
            tgt.segments
        )?;
        let mut kinds: Vec<_> = self.kinds.iter().collect();
        kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(**count), **kind));
        let kinds: Vec<String> =
            kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        let moved = match self.moved {
            0 => String::new(),
            moved => format!("; moved: {moved}"),
        };
        writeln!(f, "kinds: {}{moved}", kinds.join(", "))?;
        writeln!(
            f,
            "without counterpart: {} source, {} target; paired text: {} of the source, {} of the \
             target",
            src.unaligned,
            tgt.unaligned,
            whole_percent(src.coverage),
            whole_percent(tgt.coverage),
        )?;
        writeln!(
            f,
            "doubtful (probability below {DOUBTFUL_BELOW}): {} ({}); expected wrong: about {:.1}",
            self.doubtful,
            whole_percent(self.doubtful_share()),
            self.expected_wrong,
        )
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Formats a share as a percentage. A part is never shown as 100 % nor a positive share as 0 %.
fn whole_percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 99.0 && percent < 100.0 {
        return ">99 %".to_owned();
    }
    if percent > 0.0 && percent < 1.0 {
        return "<1 %".to_owned();
    }
    format!("{percent:.0} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bead(src: (usize, usize), tgt: (usize, usize), probability: f32) -> Bead {
        Bead::new(Span::new(src.0, src.1), Span::new(tgt.0, tgt.1), probability, 0.0)
    }

    fn summary() -> AlignmentSummary {
        let beads = [
            bead((0, 1), (0, 1), 0.95),
            bead((1, 2), (1, 3), 0.5),
            bead((2, 4), (3, 3), 1.0),
            bead((4, 5), (3, 4), 1.0),
        ];
        // 15 characters in all, of which `xxx` has no counterpart. The empty line has no text.
        let src = ["aaaa", "bbbb", "xxx", "", "dddd"];
        AlignmentSummary::new(&beads, &[], &src, &["a", "b", "b", "d"])
    }

    #[test]
    fn numbers_are_those_counted_by_hand() {
        let summary = summary();
        assert_eq!(summary.kinds[&BeadKind { src: 1, tgt: 1 }], 2);
        assert_eq!(summary.kinds[&BeadKind { src: 2, tgt: 0 }], 1);
        assert_eq!(summary.src, SideSummary { segments: 5, unaligned: 1, coverage: 0.8 });
        assert_eq!(summary.tgt, SideSummary { segments: 4, unaligned: 0, coverage: 1.0 });
        assert_eq!(summary.doubtful, 1);
        assert!((summary.expected_wrong - 0.55).abs() < 1e-6);
    }

    #[test]
    fn the_text_form_has_four_lines() {
        assert_eq!(
            summary().to_string(),
            "4 beads from 5 source and 4 target segments\n\
             kinds: 1-1 2, 1-2 1, 2-0 1\n\
             without counterpart: 1 source, 0 target; paired text: 80 % of the source, 100 % of \
             the target\n\
             doubtful (probability below 0.9): 1 (25 %); expected wrong: about 0.6\n"
        );
    }

    #[test]
    fn moved_beads_are_counted_and_their_text_is_paired() {
        let beads = [
            bead((0, 1), (0, 1), 0.95),
            bead((1, 2), (2, 3), 0.9).with_moved(true),
            bead((2, 3), (1, 2), 1.0),
        ];
        let summary = AlignmentSummary::new(&beads, &[], &["a", "b", "c"], &["a", "b", "c"]);
        assert_eq!((summary.moved, summary.tgt.coverage), (1, 1.0));
        assert!(summary.to_string().contains("kinds: 1-1 3; moved: 1\n"), "{summary}");
    }

    #[test]
    fn an_empty_alignment_does_not_divide_by_zero() {
        let summary = AlignmentSummary::new(&[], &[], &[], &[]);
        assert_eq!(summary.doubtful_share().to_bits(), 0.0_f64.to_bits());
        assert!(summary.to_string().starts_with("0 beads"));
    }

    #[test]
    fn percentages_are_not_rounded_to_all_or_nothing() {
        for (share, text) in
            [(1.0, "100 %"), (0.999, ">99 %"), (0.001, "<1 %"), (0.0, "0 %"), (0.5, "50 %")]
        {
            assert_eq!(whole_percent(share), text);
        }
    }
}
