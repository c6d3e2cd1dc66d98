//! What is lost of a gold, and why, as far as a program can tell.

use std::fmt::{self, Write as _};

use nasaq::Rung;

use super::GoldDocument;

/// Why a gold bead is not among the beads found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// It was cut in beads that all lie inside it: the gold's unit is larger than a sentence.
    Finer,
    /// It was cut likewise, but a segment of it was left alone.
    FinerWithNull,
    /// It lies inside a larger bead.
    Coarser,
    /// It is a null, and its segment was given to a bead.
    NullMissed,
    /// Beads cross its boundaries.
    Shifted,
}

impl Cause {
    pub(super) const ALL: [Self; 5] =
        [Self::Finer, Self::FinerWithNull, Self::Coarser, Self::NullMissed, Self::Shifted];
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Finer => "cut finer",
            Self::FinerWithNull => "cut finer, part left alone",
            Self::Coarser => "inside a larger bead",
            Self::NullMissed => "null missed",
            Self::Shifted => "boundaries crossed",
        })
    }
}

/// A gold bead that was not found.
pub(super) struct Loss<'a> {
    document: &'a GoldDocument,
    gold: &'a Rung,
    /// What was found where it stands.
    found: Vec<&'a Rung>,
}

/// Gives the gold beads of a document that were not found.
pub(super) fn losses<'a>(document: &'a GoldDocument, ladder: &'a [Rung]) -> Vec<Loss<'a>> {
    let lost = document.gold.iter().filter(|gold| !ladder.iter().any(|rung| same(rung, gold)));
    lost.map(|gold| {
        let touches = |rung: &&Rung| {
            rung.src.iter().any(|i| gold.src.contains(i))
                || rung.tgt.iter().any(|j| gold.tgt.contains(j))
        };
        Loss { document, gold, found: ladder.iter().filter(touches).collect() }
    })
    .collect()
}

impl Loss<'_> {
    pub(super) fn cause(&self) -> Cause {
        if self.gold.is_null() {
            Cause::NullMissed
        } else if self.found.iter().all(|rung| inside(rung, self.gold)) {
            let alone = self.found.iter().any(|rung| rung.is_null());
            if alone { Cause::FinerWithNull } else { Cause::Finer }
        } else if self.found.iter().any(|rung| inside(self.gold, rung)) {
            Cause::Coarser
        } else {
            Cause::Shifted
        }
    }

    /// Gives the bead with its texts, and what was found instead with its probability.
    pub(super) fn shown(&self) -> String {
        let GoldDocument { set, name, src, tgt, .. } = self.document;
        let mut out = String::new();
        let _ =
            writeln!(out, "{set}/{name} {:?}:{:?}, {}", self.gold.src, self.gold.tgt, self.cause());
        for (texts, indices) in [(src, &self.gold.src), (tgt, &self.gold.tgt)] {
            for &at in indices {
                let _ = writeln!(out, "    {at} {}", texts[at as usize]);
            }
        }
        for rung in &self.found {
            let probability = rung.score.unwrap_or(0.0);
            let _ = writeln!(out, "  -> {:?}:{:?} {probability:.2}", rung.src, rung.tgt);
        }
        out
    }
}

pub(super) fn same(a: &Rung, b: &Rung) -> bool {
    a.src == b.src && a.tgt == b.tgt
}

/// Tells whether a bead lies inside another.
pub(super) fn inside(part: &Rung, whole: &Rung) -> bool {
    let all = |part: &[u32], whole: &[u32]| part.iter().all(|at| whole.contains(at));
    all(&part.src, &whole.src) && all(&part.tgt, &whole.tgt)
}
