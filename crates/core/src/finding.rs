//! What an alignment says about a document as a whole: text moved, omitted or added.

use std::fmt;
use std::ops::Range;

use crate::bead::{Bead, Span};
use nasaq_text::has_content;

/// What happened to a run of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum FindingKind {
    /// It stands elsewhere in the target than in the source.
    Moved,
    /// The target lacks it.
    Omitted,
    /// The source lacks it.
    Added,
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Moved => "moved",
            Self::Omitted => "omitted",
            Self::Added => "added",
        })
    }
}

/// Text that was moved, omitted or added.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    /// What happened.
    pub kind: FindingKind,
    /// Source segments, half-open; empty for what was added: the place where it would be.
    pub src: Span,
    /// Target segments, half-open; empty for what was omitted: the place where it would be.
    pub tgt: Span,
    /// How sure the finding is, 0 to 1: for moved text, that the two spans translate each other;
    /// otherwise the mean of the probabilities of its null beads.
    pub probability: f32,
}

/// Lists the moves and the runs of nulls that they do not explain, by place.
///
/// Segments without text (empty lines, lines of dashes) are missed by nobody: no run starts or ends with
/// them.
pub(crate) fn findings(
    beads: &[Bead],
    moves: &[Finding],
    [src, tgt]: [&[&str]; 2],
) -> Vec<Finding> {
    let mut findings = moves.to_vec();
    for nulls in beads.split(|bead| !bead.is_null()) {
        let moved = |span: fn(&Finding) -> Span, at: usize| {
            moves.iter().any(|finding| span(finding).range().contains(&at))
        };
        let omitted = runs(nulls, |bead| bead.src, |at| !moved(|found| found.src, at), src);
        findings.extend(omitted.map(|run| run.finding(FindingKind::Omitted)));
        let added = runs(nulls, |bead| bead.tgt, |at| !moved(|found| found.tgt, at), tgt);
        findings.extend(added.map(|run| run.finding(FindingKind::Added)));
    }
    findings.sort_by_key(|found| (found.src.start, found.tgt.start, found.kind));
    findings
}

/// Null beads of one side, next to each other.
struct Run {
    beads: Vec<Bead>,
    span: Range<usize>,
}

impl Run {
    fn finding(&self, kind: FindingKind) -> Finding {
        let first = self.beads[0];
        let span = Span::new(self.span.start, self.span.end);
        // Between the nulls of one side may stand some of the other: the place is the first's.
        let place = |span: Span| Span { start: span.start, end: span.start };
        let (src, tgt) = match kind {
            FindingKind::Added => (place(first.src), span),
            _ => (span, place(first.tgt)),
        };
        let sum: f32 = self.beads.iter().map(|bead| bead.probability).sum();
        Finding { kind, src, tgt, probability: sum / self.beads.len() as f32 }
    }
}

/// Gives the runs of one side's nulls that are to be told.
fn runs<'a>(
    nulls: &'a [Bead],
    span: fn(&Bead) -> Span,
    tell: impl Fn(usize) -> bool,
    texts: &'a [&str],
) -> impl Iterator<Item = Run> + 'a {
    let mut runs: Vec<Vec<Bead>> = vec![Vec::new()];
    for bead in nulls.iter().filter(|bead| !span(bead).is_empty()) {
        if span(bead).range().all(&tell) {
            runs.last_mut().expect("there is one").push(*bead);
        } else {
            runs.push(Vec::new());
        }
    }
    runs.into_iter().filter_map(move |mut run| {
        let blank = |bead: &Bead| !texts[span(bead).range()].iter().any(|text| has_content(text));
        let last = run.iter().rposition(|bead| !blank(bead))?;
        let first = run.iter().position(|bead| !blank(bead))?;
        run.truncate(last + 1);
        run.drain(..first);
        let span = span(&run[0]).range().start..span(&run[run.len() - 1]).range().end;
        Some(Run { beads: run, span })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bead(src: (usize, usize), tgt: (usize, usize), probability: f32) -> Bead {
        Bead { src: Span::new(src.0, src.1), tgt: Span::new(tgt.0, tgt.1), probability, score: 0.0 }
    }

    fn listed(beads: &[Bead], moves: &[Finding], texts: [&[&str]; 2]) -> Vec<String> {
        findings(beads, moves, texts)
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
    fn nulls_of_a_side_make_one_run_up_to_the_next_bead() {
        let texts: [&[&str]; 2] = [&["a"; 5], &["b"; 3]];
        assert_eq!(
            listed(&beads(), &[], texts),
            ["omitted 1..3 1..1 0.75", "added 2..2 1..2 0.25", "omitted 4..5 3..3 0.5"]
        );
    }

    #[test]
    fn what_was_moved_is_not_missing() {
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
    fn lines_without_text_are_not_missed() {
        let texts: [&[&str]; 2] = [&["a", "ـــــ", "a", "a", " "], &["b", "---", "b"]];
        assert_eq!(listed(&beads(), &[], texts), ["omitted 2..3 2..2 1"]);
    }
}
