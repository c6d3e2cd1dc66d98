//! Text that was moved, omitted, added or repeated, over a document as a whole.

use std::fmt;
use std::ops::Range;

use crate::bead::{Bead, Span};
use nasaq_text::has_content;

/// What happened to a run of text in the translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum FindingKind {
    /// It is at another position in the target than in the source.
    Moved,
    /// The target lacks it.
    Omitted,
    /// The source lacks it.
    Added,
    /// The source has it twice and the target once: a pull quote, a sentence in a summary box. The
    /// source segments are the unaligned ones; the target segments translate the others.
    RepeatedSource,
    /// The target has it twice and the source once. The target segments are the unaligned ones; the
    /// source segments translate the others.
    RepeatedTarget,
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Moved => "moved",
            Self::Omitted => "omitted",
            Self::Added => "added",
            Self::RepeatedSource => "repeated-source",
            Self::RepeatedTarget => "repeated-target",
        })
    }
}

/// A run of text that was moved, omitted, added or repeated.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Finding {
    /// What happened.
    pub kind: FindingKind,
    /// Source segments; empty for added text, at the position where it would be.
    pub src: Span,
    /// Target segments; empty for omitted text, at the position where it would be.
    pub tgt: Span,
    /// The probability, 0 to 1: for moved text, that the two spans translate each other; otherwise
    /// the mean over the null beads of the run, times that of the beads whose text is repeated.
    pub probability: f32,
}

impl Finding {
    /// Creates a finding.
    #[must_use]
    pub fn new(kind: FindingKind, src: Span, tgt: Span, probability: f32) -> Self {
        Self { kind, src, tgt, probability }
    }
}

/// Returns the moves and the runs of null beads that they do not explain, ordered by position.
///
/// A move explains nulls if it is `unpaired`: if its own segments are in null beads. Nulls within a
/// moved block whose beads are in the alignment are missing text.
///
/// No run starts or ends with segments that have no text (empty lines, lines of dashes): nothing is
/// missing where they have no counterpart.
pub(crate) fn findings(
    beads: &[Bead],
    moves: &[Finding],
    unpaired: &[Finding],
    [src, tgt]: [&[impl AsRef<str>]; 2],
) -> Vec<Finding> {
    let mut findings = moves.to_vec();
    for nulls in beads.split(|bead| !bead.is_null()) {
        let was_moved = |span: fn(&Finding) -> Span, segment: usize| {
            unpaired.iter().any(|finding| span(finding).range().contains(&segment))
        };
        let omitted =
            runs(nulls, |bead| bead.src, |segment| !was_moved(|found| found.src, segment), src);
        findings.extend(omitted.map(|run| run.finding(FindingKind::Omitted)));
        let added =
            runs(nulls, |bead| bead.tgt, |segment| !was_moved(|found| found.tgt, segment), tgt);
        findings.extend(added.map(|run| run.finding(FindingKind::Added)));
    }
    findings.sort_by_key(|found| (found.src.start, found.tgt.start, found.kind));
    findings
}

/// Consecutive null beads of one side, whose segments are consecutive as well.
struct NullRun {
    beads: Vec<Bead>,
    span: Range<usize>,
}

impl NullRun {
    fn finding(&self, kind: FindingKind) -> Finding {
        let first = self.beads[0];
        let span = Span::new(self.span.start, self.span.end);
        // Nulls of the other side may lie between these: the position is that of the first one.
        let position = |span: Span| Span { start: span.start, end: span.start };
        let (src, tgt) = match kind {
            FindingKind::Added => (position(first.src), span),
            _ => (span, position(first.tgt)),
        };
        let sum: f32 = self.beads.iter().map(|bead| bead.probability).sum();
        Finding { kind, src, tgt, probability: sum / self.beads.len() as f32 }
    }
}

/// Returns the runs of one side's null beads whose segments are all `unexplained`, trimmed of
/// segments without text.
fn runs<'a>(
    nulls: &'a [Bead],
    span: fn(&Bead) -> Span,
    unexplained: impl Fn(usize) -> bool,
    texts: &'a [impl AsRef<str>],
) -> impl Iterator<Item = NullRun> + 'a {
    let mut runs: Vec<Vec<Bead>> = Vec::new();
    for bead in nulls.iter().filter(|bead| !span(bead).is_empty()) {
        if !span(bead).range().all(&unexplained) {
            continue;
        }
        // Nulls on either side of moved text follow each other in the list, but not in the document.
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| span(last).end == span(bead).start) => {
                run.push(*bead);
            }
            _ => runs.push(vec![*bead]),
        }
    }
    runs.into_iter().filter_map(move |mut run| {
        let is_blank =
            |bead: &Bead| !texts[span(bead).range()].iter().any(|text| has_content(text.as_ref()));
        let last = run.iter().rposition(|bead| !is_blank(bead))?;
        let first = run.iter().position(|bead| !is_blank(bead))?;
        run.truncate(last + 1);
        run.drain(..first);
        let span = span(&run[0]).range().start..span(&run[run.len() - 1]).range().end;
        Some(NullRun { beads: run, span })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bead(src: (usize, usize), tgt: (usize, usize), probability: f32) -> Bead {
        Bead::new(Span::new(src.0, src.1), Span::new(tgt.0, tgt.1), probability, 0.0)
    }

    fn listed(beads: &[Bead], moves: &[Finding], texts: [&[&str]; 2]) -> Vec<String> {
        findings(beads, moves, moves, texts)
            .iter()
            .map(|found| {
                let Finding { kind, src, tgt, probability } = found;
                format!(
                    "{kind} {}..{} {}..{} {probability}",
                    src.start, src.end, tgt.start, tgt.end
                )
            })
            .collect()
    }

    fn beads() -> Vec<Bead> {
        vec![
            bead((0, 1), (0, 1), 0.9),
            bead((1, 2), (1, 1), 0.5),
            bead((2, 2), (1, 2), 0.25),
            bead((2, 3), (2, 2), 1.0),
            bead((3, 4), (2, 3), 0.9),
            bead((4, 5), (3, 3), 0.5),
        ]
    }

    #[test]
    fn consecutive_nulls_of_a_side_are_one_finding() {
        let texts: [&[&str]; 2] = [&["a"; 5], &["b"; 3]];
        assert_eq!(
            listed(&beads(), &[], texts),
            ["omitted 1..3 1..1 0.75", "added 2..2 1..2 0.25", "omitted 4..5 3..3 0.5"]
        );
    }

    #[test]
    fn moved_text_is_neither_omitted_nor_added() {
        let moved = Finding {
            kind: FindingKind::Moved,
            src: Span::new(4, 5),
            tgt: Span::new(1, 2),
            probability: 0.875,
        };
        let texts: [&[&str]; 2] = [&["a"; 5], &["b"; 3]];
        assert_eq!(
            listed(&beads(), &[moved], texts),
            ["omitted 1..3 1..1 0.75", "moved 4..5 1..2 0.875"]
        );
    }

    #[test]
    fn runs_are_trimmed_of_lines_without_text_at_both_ends() {
        let texts: [&[&str]; 2] = [&["a", "ـــــ", "a", "a", " "], &["b", "---", "b"]];
        assert_eq!(listed(&beads(), &[], texts), ["omitted 2..3 2..2 1"]);
        // Blank lines inside a run stay, and those after it are removed.
        let beads: Vec<Bead> =
            (0..5).map(|at| bead((at, at + 1), (0, 0), 1.0 - 0.125 * at as f32)).collect();
        let texts: [&[&str]; 2] = [&["-", "a", "", "a", "-"], &[]];
        assert_eq!(listed(&beads, &[], texts), ["omitted 1..4 0..0 0.75"]);
    }
}
