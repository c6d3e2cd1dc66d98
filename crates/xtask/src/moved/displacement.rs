//! Documents of which a part of the target stands in another place than in the source.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use anyhow::{Result, bail};
use nasaq::Rung;

use crate::gold::GoldDocument;
use crate::random::Random;

/// Distances that a block is moved, in target segments.
const DISTANCES: [usize; 2] = [3, 200];
/// The target segments of each of two blocks that are moved at once.
const ONE_OF_TWO: usize = 4;
/// Attempts to find a block before the document counts as too small.
const ATTEMPTS: usize = 200;

/// How a document is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Displacement {
    /// Nothing is changed.
    None,
    /// A block of this number of target segments is moved.
    Block(usize),
    /// Two neighbouring blocks of this number of target segments each change places.
    Swap(usize),
    /// Two blocks are moved.
    Two,
    /// A block of this number of target segments is repeated in another place, and nothing is
    /// moved.
    Copy(usize),
}

impl FromStr for Displacement {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let name = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let size = text[name.len()..].parse::<usize>().ok().filter(|&size| size > 0);
        Ok(match (name, size) {
            ("whole", None) => Self::None,
            ("two", None) => Self::Two,
            ("", Some(size)) => Self::Block(size),
            ("swap", Some(size)) => Self::Swap(size),
            ("copy", Some(size)) => Self::Copy(size),
            _ => bail!(
                "\"{text}\" is not whole, two, or a number of segments, as in 4, swap4 or copy4"
            ),
        })
    }
}

impl fmt::Display for Displacement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("whole"),
            Self::Block(size) => write!(f, "{size}"),
            Self::Swap(size) => write!(f, "swap{size}"),
            Self::Two => f.write_str("two"),
            Self::Copy(size) => write!(f, "copy{size}"),
        }
    }
}

/// A part of the source and its translation, which stand in different places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MovedBlock {
    pub(super) src: Range<usize>,
    pub(super) tgt: Range<usize>,
}

/// A changed document.
pub(super) struct Displaced {
    pub(super) document: GoldDocument,
    /// For each move, the blocks of which either may be called the moved one: moving a block past
    /// another is the same as moving the other past it.
    pub(super) moves: Vec<Vec<MovedBlock>>,
}

/// A bead of the gold, or a target segment without a counterpart.
struct Unit {
    src: Range<usize>,
    tgt: Range<usize>,
}

/// Two neighbouring runs of units that change places; the first or the last is the moved one.
struct Exchange {
    units: [Range<usize>; 2],
    moved: usize,
    /// Whether the other run may also be called the moved one.
    either: bool,
}

impl Displaced {
    /// Changes a document; `None` if a part of it is to be moved and it is too small, or beads of
    /// its gold cross.
    pub(super) fn new(
        document: &GoldDocument,
        displacement: Displacement,
        random: &mut Random,
    ) -> Option<Self> {
        if displacement == Displacement::None {
            let GoldDocument { set, name, src, tgt, gold } = document;
            let (set, name, src) = (set.clone(), name.clone(), src.clone());
            let (tgt, gold) = (tgt.clone(), gold.clone());
            return Some(Self {
                document: GoldDocument { set, name, src, tgt, gold },
                moves: Vec::new(),
            });
        }
        let units = units(document)?;
        match displacement {
            Displacement::None => None,
            Displacement::Block(size) => {
                let exchange = attempt(random, |random| moved_block(&units, size, random))?;
                Some(Self::exchanged(document, &units, &[exchange]))
            }
            Displacement::Swap(size) => {
                let exchange = attempt(random, |random| swapped_blocks(&units, size, random))?;
                Some(Self::exchanged(document, &units, &[exchange]))
            }
            Displacement::Two => {
                let exchanges = attempt(random, |random| {
                    let pair = [0; 2].map(|_| moved_block(&units, ONE_OF_TWO, random));
                    let [Some(one), Some(other)] = pair else { return None };
                    let [a, b] = [&one, &other].map(|it| it.units[0].start..it.units[1].end);
                    (a.end < b.start || b.end < a.start).then_some([one, other])
                })?;
                Some(Self::exchanged(document, &units, &exchanges))
            }
            Displacement::Copy(size) => {
                let exchange = attempt(random, |random| moved_block(&units, size, random))?;
                Some(Self::copied(document, &units, &exchange))
            }
        }
    }

    fn exchanged(document: &GoldDocument, units: &[Unit], exchanges: &[Exchange]) -> Self {
        let mut order: Vec<usize> = (0..units.len()).collect();
        for Exchange { units: [first, second], .. } in exchanges {
            order[first.start..second.end].rotate_left(first.len());
        }
        let document = reordered(document, units, &order);
        let mut start_of = vec![0; units.len()];
        let mut at = 0;
        for &unit in &order {
            start_of[unit] = at;
            at += units[unit].tgt.len();
        }
        let block = |run: &Range<usize>| {
            let tgt = start_of[run.start];
            let size = units[run.clone()].iter().map(|unit| unit.tgt.len()).sum::<usize>();
            MovedBlock { src: sources(&units[run.clone()]), tgt: tgt..tgt + size }
        };
        let moves = exchanges.iter().map(|Exchange { units, moved, either }| {
            let others = either.then(|| block(&units[1 - moved]));
            std::iter::once(block(&units[*moved])).chain(others).collect()
        });
        Self { document, moves: moves.collect() }
    }

    /// Repeats the target text of the moved run behind the other run, or before it.
    fn copied(document: &GoldDocument, units: &[Unit], exchange: &Exchange) -> Self {
        let [first, second] = &exchange.units;
        let at = if exchange.moved == 0 { second.end } else { first.start };
        let at = units.get(at).map_or(document.tgt.len(), |unit| unit.tgt.start);
        let block = &units[exchange.units[exchange.moved].clone()];
        let block = block[0].tgt.start..block[block.len() - 1].tgt.end;
        let mut tgt = document.tgt.clone();
        tgt.splice(at..at, document.tgt[block.clone()].iter().cloned());
        let mut gold = document.gold.clone();
        for index in gold.iter_mut().flat_map(|rung| &mut rung.tgt) {
            if *index as usize >= at {
                *index += block.len() as u32;
            }
        }
        let copies = at..at + block.len();
        gold.extend(copies.map(|copy| Rung::new(Vec::new(), vec![copy as u32])));
        let GoldDocument { set, name, src, .. } = document;
        let (set, name, src) = (set.clone(), name.clone(), src.clone());
        Self { document: GoldDocument { set, name, src, tgt, gold }, moves: Vec::new() }
    }
}

/// Returns the parts of the target, in order; `None` if they are not those of the gold.
fn units(document: &GoldDocument) -> Option<Vec<Unit>> {
    let range = |indices: &[u32]| {
        let first = indices.iter().min().map_or(0, |&at| at as usize);
        first..first + indices.len()
    };
    let with_target = document.gold.iter().filter(|rung| !rung.tgt.is_empty());
    let mut units: Vec<Unit> =
        with_target.map(|rung| Unit { src: range(&rung.src), tgt: range(&rung.tgt) }).collect();
    units.sort_by_key(|unit| unit.tgt.start);
    let (mut src, mut tgt) = (0, 0);
    for unit in &units {
        if unit.tgt.start != tgt || !unit.src.is_empty() && unit.src.start < src {
            return None;
        }
        tgt = unit.tgt.end;
        src = src.max(unit.src.end);
    }
    (tgt == document.tgt.len()).then_some(units)
}

fn attempt<T>(random: &mut Random, mut work: impl FnMut(&mut Random) -> Option<T>) -> Option<T> {
    (0..ATTEMPTS).find_map(|_| work(random))
}

/// Chooses beads with `size` target segments in all, from a unit on.
fn block(units: &[Unit], first: usize, size: usize) -> Option<Range<usize>> {
    let (mut last, mut count) = (first, 0);
    while count < size && !units.get(last)?.src.is_empty() {
        count += units[last].tgt.len();
        last += 1;
    }
    let run = &units[first..last];
    let is_whole = sources(run).len() == run.iter().map(|unit| unit.src.len()).sum::<usize>();
    (count == size && is_whole).then_some(first..last)
}

/// Chooses a block and how far it is moved. Distances are uniform in their logarithm.
fn moved_block(units: &[Unit], size: usize, random: &mut Random) -> Option<Exchange> {
    let block = block(units, random.below(units.len()), size)?;
    let [min, max] = DISTANCES;
    let steps = 1000;
    let part = random.below(steps + 1) as f64 / steps as f64;
    let distance = (min as f64 * (max as f64 / min as f64).powf(part)).round() as usize;
    let (mut from, mut to) = (block.start, block.end);
    let mut passed = 0;
    let is_forward = random.is_true(0.5);
    while passed < distance {
        let next = if is_forward { units.get(to)? } else { units.get(from.checked_sub(1)?)? };
        passed += next.tgt.len();
        if is_forward { to += 1 } else { from -= 1 }
    }
    let either = passed <= 2 * size + 1;
    Some(if is_forward {
        Exchange { units: [block.clone(), block.end..to], moved: 0, either }
    } else {
        Exchange { units: [from..block.start, block], moved: 1, either }
    })
}

/// Chooses two neighbouring blocks; those of one segment are beads of one segment a side.
fn swapped_blocks(units: &[Unit], size: usize, random: &mut Random) -> Option<Exchange> {
    let first = block(units, random.below(units.len()), size)?;
    let second = block(units, first.end, size)?;
    let src = [&first, &second].map(|run| sources(&units[run.clone()]));
    if size == 1 && src.iter().any(|src| src.len() > 1) {
        return None;
    }
    Some(Exchange { units: [first, second], moved: 0, either: true })
}

/// Returns the source segments of some units, with those between them.
fn sources(units: &[Unit]) -> Range<usize> {
    let mut paired = units.iter().filter(|unit| !unit.src.is_empty());
    let Some(first) = paired.next() else { return 0..0 };
    first.src.start..paired.next_back().unwrap_or(first).src.end
}

/// Returns a document with its target in another order.
fn reordered(document: &GoldDocument, units: &[Unit], order: &[usize]) -> GoldDocument {
    let GoldDocument { set, name, src, tgt, gold } = document;
    let old: Vec<usize> = order.iter().flat_map(|&unit| units[unit].tgt.clone()).collect();
    let mut new_index = vec![0_u32; old.len()];
    for (new, &old) in old.iter().enumerate() {
        new_index[old] = new as u32;
    }
    let mut gold = gold.clone();
    for index in gold.iter_mut().flat_map(|rung| &mut rung.tgt) {
        *index = new_index[*index as usize];
    }
    GoldDocument {
        set: set.clone(),
        name: name.clone(),
        src: src.clone(),
        tgt: old.iter().map(|&at| tgt[at].clone()).collect(),
        gold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document of 1-1 beads, with a target null after the first.
    fn document(beads: u32) -> GoldDocument {
        let mut gold = vec![Rung::new(vec![0], vec![0]), Rung::new(Vec::new(), vec![1])];
        gold.extend((1..beads).map(|at| Rung::new(vec![at], vec![at + 1])));
        let texts = |n: u32| (0..n).map(|at| at.to_string()).collect();
        let (set, name) = ("set".to_owned(), "1".to_owned());
        GoldDocument { set, name, src: texts(beads), tgt: texts(beads + 1), gold }
    }

    fn displaced(name: &str, seed: u64) -> Displaced {
        let displacement: Displacement = name.parse().expect(name);
        assert_eq!(displacement.to_string(), name);
        Displaced::new(&document(40), displacement, &mut Random::new(seed)).expect("large enough")
    }

    /// Reports whether each source segment of a block has its translation in the block.
    fn holds(document: &GoldDocument, block: &MovedBlock) -> bool {
        let text = |at: usize| &document.tgt[at];
        let own = |src: usize| if src == 0 { "0".to_owned() } else { (src + 1).to_string() };
        block.src.clone().all(|src| block.tgt.clone().any(|tgt| *text(tgt) == own(src)))
    }

    #[test]
    fn blocks_are_moved_with_their_gold() {
        for (name, moves, size) in [("1", 1, 1), ("8", 1, 8), ("swap4", 1, 4), ("two", 2, 4)] {
            for seed in 0..20 {
                let Displaced { document, moves: made } = displaced(name, seed);
                assert_eq!(made.len(), moves, "{name}");
                for block in made.iter().flatten() {
                    assert!(holds(&document, block), "{name} {seed} {block:?}");
                }
                assert!(made.iter().all(|blocks| blocks[0].tgt.len() == size));
                for rung in document.gold.iter().filter(|rung| !rung.is_null()) {
                    let (src, tgt) = (rung.src[0], &document.tgt[rung.tgt[0] as usize]);
                    let expected = if src == 0 { 0 } else { src + 1 };
                    assert_eq!(*tgt, expected.to_string());
                }
            }
        }
    }

    #[test]
    fn a_copy_leaves_the_text_in_its_place() {
        for seed in 0..20 {
            let Displaced { document, moves } = displaced("copy2", seed);
            assert!(moves.is_empty());
            assert_eq!(document.tgt.len(), 43);
            let nulls = document.gold.iter().filter(|rung| rung.is_null()).count();
            assert_eq!(nulls, 3);
            let mut order: Vec<u32> = document
                .gold
                .iter()
                .filter(|rung| !rung.is_null())
                .map(|rung| rung.tgt[0])
                .collect();
            assert!(order.is_sorted());
            order.dedup();
            assert_eq!(order.len(), 40);
        }
    }

    #[test]
    fn a_whole_document_may_have_crossing_beads() {
        let mut crossing = document(4);
        crossing.gold.swap(2, 3);
        let (src, tgt) = (crossing.gold[2].src.clone(), crossing.gold[3].src.clone());
        (crossing.gold[2].src, crossing.gold[3].src) = (tgt, src);
        let mut random = Random::new(1);
        let mut displaced = |how| Displaced::new(&crossing, how, &mut random);
        assert!(displaced(Displacement::None).is_some_and(|it| it.moves.is_empty()));
        assert!(displaced(Displacement::Block(1)).is_none());
    }

    #[test]
    fn a_document_without_room_is_not_changed() {
        let mut random = Random::new(1);
        assert!(Displaced::new(&document(3), Displacement::Block(4), &mut random).is_none());
        for name in ["", "0", "swap", "blocks4", "two2"] {
            assert!(name.parse::<Displacement>().is_err(), "{name}");
        }
    }
}
