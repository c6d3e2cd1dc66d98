//! Finds the gold beads that an alignment misses, and classifies them by cause.

use std::fmt::{self, Write as _};

use nasaq::Rung;

use super::GoldDocument;
use super::calibration::scored_beads;

/// Why a gold bead was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LossCause {
    /// It was divided into beads: the gold's unit is larger than a sentence.
    Finer,
    /// It was divided into beads, of which at least one is a null bead.
    FinerWithNull,
    /// It is contained in a larger bead.
    Coarser,
    /// It is a null bead, and its segment was aligned.
    NullMissed,
    /// Beads cross its boundaries.
    Shifted,
}

impl LossCause {
    pub(super) const ALL: [Self; 5] =
        [Self::Finer, Self::FinerWithNull, Self::Coarser, Self::NullMissed, Self::Shifted];
}

impl fmt::Display for LossCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Finer => "divided",
            Self::FinerWithNull => "divided, part unaligned",
            Self::Coarser => "inside a larger bead",
            Self::NullMissed => "null missed",
            Self::Shifted => "boundaries crossed",
        })
    }
}

/// A gold bead that was not found.
pub(super) struct MissedBead<'a> {
    document: &'a GoldDocument,
    gold: &'a Rung,
    /// The beads that share a segment with it.
    found: Vec<&'a Rung>,
}

/// Returns the gold beads of a document that were not found.
pub(super) fn losses<'a>(document: &'a GoldDocument, ladder: &'a [Rung]) -> Vec<MissedBead<'a>> {
    let missed = document.gold.iter().filter(|gold| !ladder.iter().any(|rung| same(rung, gold)));
    missed
        .map(|gold| {
            let touches = |rung: &&Rung| {
                rung.src.iter().any(|i| gold.src.contains(i))
                    || rung.tgt.iter().any(|j| gold.tgt.contains(j))
            };
            MissedBead { document, gold, found: ladder.iter().filter(touches).collect() }
        })
        .collect()
}

impl MissedBead<'_> {
    pub(super) fn cause(&self) -> LossCause {
        if self.gold.is_null() {
            LossCause::NullMissed
        } else if self.found.iter().all(|rung| inside(rung, self.gold)) {
            let has_null = self.found.iter().any(|rung| rung.is_null());
            if has_null { LossCause::FinerWithNull } else { LossCause::Finer }
        } else if self.found.iter().any(|rung| inside(self.gold, rung)) {
            LossCause::Coarser
        } else {
            LossCause::Shifted
        }
    }

    /// Describes the bead with its texts, and the beads that were found instead with their
    /// probabilities.
    pub(super) fn description(&self) -> String {
        let GoldDocument { set, name, .. } = self.document;
        let mut out = String::new();
        let _ =
            writeln!(out, "{set}/{name} {:?}:{:?}, {}", self.gold.src, self.gold.tgt, self.cause());
        write_texts(&mut out, self.document, self.gold);
        for rung in &self.found {
            let probability = rung.score.unwrap_or(0.0);
            let _ = writeln!(out, "  -> {:?}:{:?} {probability:.2}", rung.src, rung.tgt);
        }
        out
    }
}

/// Describes the beads of a document that are wrong though their probability is at least `sure`, each
/// with its texts and the gold beads that share a segment with it.
pub(super) fn wrong_beads(document: &GoldDocument, ladder: &[Rung], sure: f64) -> String {
    let GoldDocument { set, name, gold, .. } = document;
    let mut out = String::new();
    for (rung, bead) in ladder.iter().zip(scored_beads(document, ladder)) {
        if bead.nested || bead.probability < sure {
            continue;
        }
        let probability = bead.probability;
        let _ = writeln!(out, "{set}/{name} {:?}:{:?} {probability:.2}", rung.src, rung.tgt);
        write_texts(&mut out, document, rung);
        let touches = |gold: &&Rung| {
            gold.src.iter().any(|i| rung.src.contains(i))
                || gold.tgt.iter().any(|j| rung.tgt.contains(j))
        };
        for gold in gold.iter().filter(touches) {
            let _ = writeln!(out, "  gold {:?}:{:?}", gold.src, gold.tgt);
            write_texts(&mut out, document, gold);
        }
    }
    out
}

fn write_texts(out: &mut String, GoldDocument { src, tgt, .. }: &GoldDocument, rung: &Rung) {
    for (texts, indices) in [(src, &rung.src), (tgt, &rung.tgt)] {
        for &at in indices {
            let _ = writeln!(out, "    {at} {}", texts[at as usize]);
        }
    }
}

/// Returns whether two rungs have the same segments.
pub(super) fn same(a: &Rung, b: &Rung) -> bool {
    a.src == b.src && a.tgt == b.tgt
}

/// Returns whether a bead is contained in another.
pub(super) fn inside(part: &Rung, whole: &Rung) -> bool {
    let all = |part: &[u32], whole: &[u32]| part.iter().all(|at| whole.contains(at));
    all(&part.src, &whole.src) && all(&part.tgt, &whole.tgt)
}
