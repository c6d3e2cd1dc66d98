//! Segments that no rung of a ladder has.

use std::fmt;
use std::ops::Range;

use nasaq::Rung;

/// The segments before the end of a ladder that are in none of its rungs, source first.
///
/// An alignment has every segment in a bead, and one without a counterpart in a null bead. A ladder
/// with gaps has lost lines, or is of another program.
///
/// ```
/// use nasaq_formats::{LadderGaps, read_ladder};
///
/// let rungs = read_ladder("[0]:[0]\n[3]:[2]\n")?;
/// let gaps = LadderGaps::of(&rungs);
/// assert_eq!((gaps.counts, gaps.first), ([2, 1], [Some(1), Some(1)]));
/// # Ok::<(), nasaq_formats::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LadderGaps {
    /// How many segments of each side are in no rung.
    pub counts: [u64; 2],
    /// The index of the first of them.
    pub first: [Option<u64>; 2],
}

impl LadderGaps {
    /// Finds the gaps of a ladder.
    #[must_use]
    pub fn of(rungs: &[Rung]) -> Self {
        Self::counted(rungs, |_, gap| (u64::from(gap.end - gap.start), Some(u64::from(gap.start))))
    }

    /// Finds the gaps of a ladder of texts. Blank lines do not count.
    pub(super) fn of_texts(rungs: &[Rung], texts: &[Vec<String>; 2]) -> Self {
        Self::counted(rungs, |side, gap| {
            let has_text = |segment: &u32| {
                let line = texts[side].get(*segment as usize);
                line.is_some_and(|line| !line.trim().is_empty())
            };
            let filled = || gap.clone().filter(has_text);
            (filled().count() as u64, filled().next().map(u64::from))
        })
    }

    /// Finds the gaps; `count` returns how many segments of a gap of a side count, and the first.
    fn counted(rungs: &[Rung], count: impl Fn(usize, Range<u32>) -> (u64, Option<u64>)) -> Self {
        type RungSide = fn(&Rung) -> &[u32];
        let sides: [RungSide; 2] = [|rung| &rung.src, |rung| &rung.tgt];
        let mut gaps = Self::default();
        for (side, segments) in sides.into_iter().enumerate() {
            let mut covered: Vec<u32> = rungs.iter().flat_map(segments).copied().collect();
            covered.sort_unstable();
            let mut next = 0;
            for segment in covered {
                if segment > next {
                    let (missing, first) = count(side, next..segment);
                    gaps.counts[side] += missing;
                    gaps.first[side] = gaps.first[side].or(first);
                }
                next = segment.saturating_add(1);
            }
        }
        gaps
    }

    /// Reports whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts == [0, 0]
    }
}

impl fmt::Display for LadderGaps {
    /// Writes the counts and the first segments, as in `2 source segments are in no rung, the first
    /// is 1`; segments are counted from 0, as in the ladder.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let described =
            ["source", "target"].into_iter().zip(self.counts.into_iter().zip(self.first));
        let parts: Vec<String> = described
            .filter_map(|(side, (count, first))| {
                let first = first?;
                let (s, are) = if count == 1 { ("", "is") } else { ("s", "are") };
                Some(format!("{count} {side} segment{s} {are} in no rung, the first is {first}"))
            })
            .collect();
        f.write_str(&parts.join("; "))
    }
}
