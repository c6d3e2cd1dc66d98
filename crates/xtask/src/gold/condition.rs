//! Documents that lack text on one side, made from whole ones.
//!
//! Real translations omit sentences, abridge, or lose a page. A condition removes (or replaces) one
//! side of some of the gold's two-sided beads; the other side becomes nulls in the gold.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use nasaq::Rung;
use xxhash_rust::xxh3::xxh3_64;

use super::GoldDocument;

/// How documents are changed before they are aligned.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    name: String,
    change: Changes,
}

/// Which beads are changed, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Changes {
    None,
    /// One side of a share of the beads is removed, at equal distances.
    Spaced(Side, f64),
    /// One side of a share of the beads is removed, at random.
    Random(Side, f64),
    /// One side of a run of beads is removed, which is this share of them.
    Run(Side, f64),
    /// A share of the beads loses the source and as many the target, at random.
    Both(f64),
    /// The target of a share of the beads is replaced with other text.
    Facing(f64),
}

/// A side of a bitext whose source is Arabic.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Arabic,
    English,
}

/// What happens to one bead.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    Remove(Side),
    /// Only 1-1 beads are replaced, and never two in a row.
    Replace,
}

impl FromStr for Condition {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (kind, share) = match text.split_once(':') {
            None => (text, None),
            Some((kind, share)) => {
                let share: f64 = share.parse().with_context(|| format!("{text}: a share"))?;
                (kind, Some(share))
            }
        };
        let change = match (kind, share) {
            ("whole", None) => Changes::None,
            ("third", None) => Changes::Spaced(Side::English, 2.0 / 3.0),
            ("half", None) => Changes::Spaced(Side::English, 0.5),
            ("thirdar", None) => Changes::Spaced(Side::Arabic, 2.0 / 3.0),
            ("halfar", None) => Changes::Spaced(Side::Arabic, 0.5),
            ("en", Some(share)) => Changes::Spaced(Side::English, share),
            ("ar", Some(share)) => Changes::Spaced(Side::Arabic, share),
            ("q", Some(share)) => Changes::Random(Side::English, share),
            ("qar", Some(share)) => Changes::Random(Side::Arabic, share),
            ("run", Some(share)) => Changes::Run(Side::English, share),
            ("runar", Some(share)) => Changes::Run(Side::Arabic, share),
            ("both", Some(share)) => Changes::Both(share),
            ("facing", Some(share)) => Changes::Facing(share),
            _ => bail!(
                "\"{text}\" is not whole, third, half, thirdar, halfar, or en, ar, q, qar, run, \
                 runar, both or facing with a share, as in en:0.1"
            ),
        };
        Ok(Self { name: text.to_owned(), change })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Condition {
    /// Reports whether the condition changes nothing.
    pub(crate) fn is_whole(&self) -> bool {
        self.change == Changes::None
    }

    /// Changes documents, in the same way each time, and drops those that have nothing left on a
    /// side.
    pub(crate) fn apply(&self, documents: &[GoldDocument]) -> Vec<GoldDocument> {
        let pool: Vec<(&str, &str)> = documents
            .iter()
            .flat_map(|it| it.tgt.iter().map(|text| (it.name.as_str(), text.as_str())))
            .collect();
        let changed = documents.iter().map(|document| self.apply_to(document, &pool));
        changed.filter(|it| !it.src.is_empty() && !it.tgt.is_empty()).collect()
    }

    /// Returns what happens to bead `at` of `count` two-sided beads, given a random number of the
    /// document and one of the bead.
    fn change_of(&self, at: usize, count: usize, document: f64, bead: f64) -> Option<Change> {
        let spaced = |share: f64| ((at + 1) as f64 * share).floor() > (at as f64 * share).floor();
        match self.change {
            Changes::None => None,
            Changes::Spaced(side, share) => spaced(share).then_some(Change::Remove(side)),
            Changes::Random(side, share) => (bead < share).then_some(Change::Remove(side)),
            Changes::Run(side, share) => {
                let length = (share * count as f64).round() as usize;
                let start = (document * (count - length.min(count) + 1) as f64) as usize;
                (start..start + length).contains(&at).then_some(Change::Remove(side))
            }
            Changes::Both(share) if bead < share => Some(Change::Remove(Side::Arabic)),
            Changes::Both(share) if bead < 2.0 * share => Some(Change::Remove(Side::English)),
            Changes::Both(_) => None,
            Changes::Facing(share) => (bead < share).then_some(Change::Replace),
        }
    }

    /// Changes one document; `pool` has the target texts of all documents with the documents'
    /// names.
    fn apply_to(&self, document: &GoldDocument, pool: &[(&str, &str)]) -> GoldDocument {
        let GoldDocument { set, name, src, tgt, gold } = document;
        let key = format!("{set}/{name}");
        let count = gold.iter().filter(|rung| !rung.is_null()).count();
        let mut made = Made::new([src, tgt]);
        let (mut at, mut was_replaced) = (0, false);
        for (index, rung) in gold.iter().enumerate() {
            let mut change = None;
            let hash = xxh3_64(format!("{key} {index}").as_bytes());
            if !rung.is_null() {
                change =
                    self.change_of(at, count, fraction(xxh3_64(key.as_bytes())), fraction(hash));
                at += 1;
            }
            let replacement = match (change, &rung.src[..], &rung.tgt[..]) {
                (Some(Change::Replace), [_], [own]) if !was_replaced => {
                    foreign(pool, name, &tgt[*own as usize], hash)
                }
                _ => None,
            };
            was_replaced = replacement.is_some();
            match (change, replacement) {
                (Some(Change::Replace), Some(other)) => made.replace(rung, other),
                (Some(Change::Remove(Side::Arabic)), _) => made.add(&[], &rung.tgt),
                (Some(Change::Remove(Side::English)), _) => made.add(&rung.src, &[]),
                _ => made.add(&rung.src, &rung.tgt),
            }
        }
        let [src, tgt] = made.sides;
        GoldDocument { set: set.clone(), name: name.clone(), src, tgt, gold: made.gold }
    }
}

/// A changed document while it is made.
struct Made<'a> {
    texts: [&'a [String]; 2],
    sides: [Vec<String>; 2],
    gold: Vec<Rung>,
}

impl<'a> Made<'a> {
    fn new(texts: [&'a Vec<String>; 2]) -> Self {
        Self { texts: texts.map(Vec::as_slice), sides: [Vec::new(), Vec::new()], gold: Vec::new() }
    }

    /// Adds the segments of a bead. If one side has none, the others become nulls.
    fn add(&mut self, src: &[u32], tgt: &[u32]) {
        let (src, tgt) = (self.copy(0, src), self.copy(1, tgt));
        if src.is_empty() || tgt.is_empty() {
            self.gold.extend(src.into_iter().map(|it| Rung::new(vec![it], Vec::new())));
            self.gold.extend(tgt.into_iter().map(|it| Rung::new(Vec::new(), vec![it])));
        } else {
            self.gold.push(Rung::new(src, tgt));
        }
    }

    /// Adds the source of a bead and a target text that does not belong to it.
    fn replace(&mut self, rung: &Rung, other: String) {
        self.add(&rung.src, &[]);
        self.gold.push(Rung::new(Vec::new(), vec![self.sides[1].len() as u32]));
        self.sides[1].push(other);
    }

    fn copy(&mut self, side: usize, segments: &[u32]) -> Vec<u32> {
        let first = self.sides[side].len() as u32;
        let texts = segments.iter().map(|&it| self.texts[side][it as usize].clone());
        self.sides[side].extend(texts);
        (first..self.sides[side].len() as u32).collect()
    }
}

/// Returns a hash as a number from 0 to 1.
fn fraction(hash: u64) -> f64 {
    hash as f64 / u64::MAX as f64
}

/// Returns a text of about the same length as another one, from a different document.
fn foreign(pool: &[(&str, &str)], name: &str, own: &str, hash: u64) -> Option<String> {
    let from = hash as usize % pool.len();
    let has_similar_length = |text: &str| {
        let ratio = text.chars().count() as f64 / own.chars().count().max(1) as f64;
        (0.75..1.33).contains(&ratio)
    };
    let rotated = pool[from..].iter().chain(&pool[..from]);
    rotated
        .into_iter()
        .find(|(of, text)| *of != name && has_similar_length(text))
        .map(|&(_, text)| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document of 1-1 beads with a null in the middle.
    fn document(beads: u32) -> GoldDocument {
        let text = |language: &str| (0..beads).map(|at| format!("{language} {at}")).collect();
        let mut gold: Vec<Rung> = (0..beads).map(|at| Rung::new(vec![at], vec![at])).collect();
        let mut tgt: Vec<String> = text("en");
        tgt.push("added".to_owned());
        gold.push(Rung::new(Vec::new(), vec![beads]));
        GoldDocument { set: "set".to_owned(), name: "1".to_owned(), src: text("ar"), tgt, gold }
    }

    fn changed(condition: &str, beads: u32) -> GoldDocument {
        let condition: Condition = condition.parse().expect(condition);
        condition.apply(&[document(beads)]).remove(0)
    }

    #[test]
    fn every_third_english_side_remains() {
        let document = changed("third", 9);
        assert_eq!(document.tgt, ["en 0", "en 3", "en 6", "added"]);
        assert_eq!(document.src.len(), 9);
        let nulls = document.gold.iter().filter(|rung| rung.is_null()).count();
        assert_eq!((document.gold.len(), nulls), (10, 7));
        assert_eq!(document.gold[3], Rung::new(vec![3], vec![1]));
    }

    #[test]
    fn shares_are_removed_at_equal_distances_at_random_or_in_a_run() {
        assert_eq!(changed("ar:0.1", 40).src.len(), 36);
        assert_eq!(changed("halfar", 40).src.len(), 20);
        let left = changed("run:0.3", 40).tgt;
        let gap = |pair: &[String]| pair[0][3..].parse::<i32>().ok().zip(pair[1][3..].parse().ok());
        let gaps: Vec<(i32, i32)> =
            left[..28].windows(2).filter_map(gap).filter(|(a, b)| b - a > 1).collect();
        assert!(left.len() == 29 && gaps.len() <= 1, "{left:?}");
        let (left, both) = (changed("q:0.25", 400).tgt.len(), changed("both:0.1", 400));
        assert!((270..330).contains(&left), "{left}");
        assert!((330..390).contains(&both.src.len()) && (330..390).contains(&both.tgt.len()));
    }

    #[test]
    fn unknown_conditions_are_errors() {
        for text in ["thirds", "en", "en:x", "third:0.1"] {
            assert!(text.parse::<Condition>().is_err(), "{text}");
        }
    }
}
