//! How findings and beads compare with what was moved.

use std::ops::Range;

use nasaq::{Alignment, Finding, FindingKind, Rung};

use super::displacement::{Displaced, MovedBlock};
use crate::gold::{SetTally, scored_beads};

/// The probability from which a pair counts as sure.
const SURE: f64 = 0.9;

/// Counts over the documents of a set in one condition.
#[derive(Clone, Default)]
pub(super) struct MoveTally {
    pub(super) documents: usize,
    pub(super) moves: usize,
    /// The sum over the moves of the share of the block's source segments that were found.
    found: f64,
    /// Source segments in findings, and how many of them were moved and are with their translation.
    reported: usize,
    right: usize,
    /// Findings without any such segment.
    pub(super) false_moves: usize,
    pub(super) omitted: usize,
    pub(super) added: usize,
    pub(super) beads: SetTally,
    /// Pairs of at least 0.9, the wrong ones among them, and those of which no finding has a
    /// segment.
    sure: usize,
    wrong: usize,
    unexplained: usize,
}

/// A finding or a move worth showing.
pub(super) struct Shown {
    pub(super) what: &'static str,
    pub(super) block: MovedBlock,
    pub(super) probability: f32,
    /// The beads that hold its segments.
    pub(super) held_by: Vec<String>,
}

impl MoveTally {
    /// Adds the alignment of a changed document; returns what is wrong with it.
    pub(super) fn add(&mut self, displaced: &Displaced, alignment: &Alignment) -> Vec<Shown> {
        let Displaced { document, moves } = displaced;
        let mut shown = Vec::new();
        let findings = alignment.findings();
        let count = |kind| findings.iter().filter(|found| found.kind == kind).count();
        self.documents += 1;
        self.omitted += count(FindingKind::Omitted);
        self.added += count(FindingKind::Added);
        let truth = counterparts(&document.gold, document.src.len());
        let found: Vec<&Finding> =
            findings.iter().filter(|found| found.kind == FindingKind::Moved).collect();
        let is_paired = |finding: &Finding, src: usize| {
            finding.src.range().contains(&src)
                && truth[src].iter().any(|tgt| finding.tgt.range().contains(tgt))
        };
        let crosses = |src: usize| crosses(&document.gold, src);
        for finding in &found {
            let was_moved = |src: usize| {
                let in_block = |block: &MovedBlock| block.src.contains(&src);
                // Some gold has moved beads of its own.
                moves.iter().flatten().any(in_block) || moves.is_empty() && crosses(src)
            };
            let right =
                finding.src.range().filter(|&src| is_paired(finding, src) && was_moved(src));
            let right = right.count();
            self.reported += finding.src.len();
            self.right += right;
            if right == 0 {
                self.false_moves += 1;
                let block = MovedBlock { src: finding.src.range(), tgt: finding.tgt.range() };
                shown.push(Shown {
                    what: "false",
                    probability: finding.probability,
                    held_by: held_by(&block, alignment),
                    block,
                });
            }
        }
        for blocks in moves {
            let share = |block: &MovedBlock| {
                let all = block.src.clone().filter(|&src| !truth[src].is_empty());
                let is_found = |&src: &usize| found.iter().any(|finding| is_paired(finding, src));
                let total = all.clone().count().max(1);
                all.filter(is_found).count() as f64 / total as f64
            };
            let best = blocks.iter().map(share).fold(0.0, f64::max);
            self.moves += 1;
            self.found += best;
            if best == 0.0 {
                let block = blocks[0].clone();
                shown.push(Shown {
                    what: "missed",
                    probability: 0.0,
                    held_by: held_by(&block, alignment),
                    block,
                });
            }
        }
        let ladder: Vec<Rung> = alignment.rungs().collect();
        self.beads.add(document, &ladder);
        for (bead, rung) in scored_beads(document, &ladder).iter().zip(&ladder) {
            if rung.is_null() || bead.probability < SURE {
                continue;
            }
            self.sure += 1;
            if !bead.nested {
                self.wrong += 1;
                let shares = |side: &[u32], span: Range<usize>| {
                    side.iter().any(|&at| span.contains(&(at as usize)))
                };
                let is_explained = found.iter().any(|finding| {
                    shares(&rung.src, finding.src.range()) || shares(&rung.tgt, finding.tgt.range())
                });
                self.unexplained += usize::from(!is_explained);
            }
        }
        shown
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.documents += other.documents;
        self.moves += other.moves;
        self.found += other.found;
        self.reported += other.reported;
        self.right += other.right;
        self.false_moves += other.false_moves;
        self.omitted += other.omitted;
        self.added += other.added;
        self.beads.merge(&other.beads);
        self.sure += other.sure;
        self.wrong += other.wrong;
        self.unexplained += other.unexplained;
    }

    /// Returns the mean share of a moved block's source segments that were found; `None` if nothing
    /// was moved.
    pub(super) fn recall(&self) -> Option<f64> {
        (self.moves > 0).then(|| self.found / self.moves as f64)
    }

    /// Returns the share of the source segments in findings that are right; `None` of none.
    pub(super) fn precision(&self) -> Option<f64> {
        (self.reported > 0).then(|| self.right as f64 / self.reported as f64)
    }

    /// Returns the share of wrong pairs among those of at least 0.9.
    pub(super) fn sure_and_wrong(&self) -> f64 {
        self.wrong as f64 / self.sure.max(1) as f64
    }

    /// Returns the same, of pairs that share no segment with a finding.
    pub(super) fn unexplained(&self) -> f64 {
        self.unexplained as f64 / self.sure.max(1) as f64
    }
}

/// Describes the beads that hold segments of a block.
fn held_by(block: &MovedBlock, alignment: &Alignment) -> Vec<String> {
    let meets =
        |span: Range<usize>, block: &Range<usize>| span.start < block.end && block.start < span.end;
    let beads = alignment
        .beads()
        .iter()
        .filter(|bead| meets(bead.src.range(), &block.src) || meets(bead.tgt.range(), &block.tgt));
    let shown = beads.map(|bead| {
        format!("{:?}-{:?} {:.2}", bead.src.range(), bead.tgt.range(), bead.probability)
    });
    shown.collect()
}

/// Returns the target segments of each source segment.
fn counterparts(gold: &[Rung], segments: usize) -> Vec<Vec<usize>> {
    let mut counterparts = vec![Vec::new(); segments];
    for rung in gold {
        for &src in &rung.src {
            counterparts[src as usize].extend(rung.tgt.iter().map(|&tgt| tgt as usize));
        }
    }
    counterparts
}

/// Reports whether the gold bead of a source segment crosses another one.
fn crosses(gold: &[Rung], src: usize) -> bool {
    let first = |rung: &Rung| Some((*rung.src.first()?, *rung.tgt.first()?));
    let own = gold.iter().find(|rung| rung.src.contains(&(src as u32))).and_then(first);
    let Some((src, tgt)) = own else { return false };
    gold.iter().filter_map(first).any(|(i, j)| (i < src) != (j < tgt) && i != src && j != tgt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_crosses_if_its_bead_does() {
        let rung = |src: u32, tgt: u32| Rung::new(vec![src], vec![tgt]);
        let gold = [rung(0, 0), rung(1, 3), rung(2, 1), rung(3, 2), Rung::new(vec![4], Vec::new())];
        let crossing: Vec<bool> = (0..5).map(|src| crosses(&gold, src)).collect();
        assert_eq!(crossing, [false, true, true, true, false]);
    }
}
