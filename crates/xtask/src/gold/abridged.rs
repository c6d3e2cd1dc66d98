//! Removes or replaces parts of one side of documents, as in abridged translations.

use std::str::FromStr;

use anyhow::{Context, Result, bail};
use nasaq::Rung;
use xxhash_rust::xxh3::xxh3_64;

use super::GoldDocument;

/// How to abridge documents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Abridged {
    /// The side that is removed; `None` if the target is replaced with other text, so that two
    /// nulls face each other.
    side: Option<usize>,
    /// The share of the gold beads that is changed.
    share: f64,
}

impl FromStr for Abridged {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (side, share) = text.split_once(':').context("expected a side, a colon and a share")?;
        let side = match side {
            "src" => Some(0),
            "tgt" => Some(1),
            "facing" => None,
            _ => bail!("\"{side}\" is not src, tgt or facing"),
        };
        Ok(Self { side, share: share.parse()? })
    }
}

impl Abridged {
    /// Abridges documents, in the same way each time. The other side of the changed beads becomes
    /// null beads.
    pub(super) fn apply(self, documents: Vec<GoldDocument>) -> Vec<GoldDocument> {
        let pool: Vec<(String, String)> = documents
            .iter()
            .flat_map(|it| it.tgt.iter().map(|text| (it.name.clone(), text.clone())))
            .collect();
        documents.into_iter().map(|document| self.apply_to(document, &pool)).collect()
    }

    /// Abridges one document; `pool` has the target texts of all documents with the documents'
    /// names.
    fn apply_to(self, document: GoldDocument, pool: &[(String, String)]) -> GoldDocument {
        let GoldDocument { set, name, src, tgt, gold } = document;
        let texts = [src, tgt];
        let mut sides = [Vec::new(), Vec::new()];
        let mut rungs = Vec::new();
        let mut was_replaced = false;
        for (at, rung) in gold.iter().enumerate() {
            let hash = xxh3_64(format!("{set}/{name} {at}").as_bytes());
            let [src, tgt] = [&rung.src, &rung.tgt];
            let is_changed = !rung.is_null() && hash as f64 / (u64::MAX as f64) < self.share;
            if is_changed && self.side.is_none() {
                // Only 1-1 beads are replaced, and never two in a row, each with a segment of
                // another document of about the same length.
                let other = match (&src[..], &tgt[..]) {
                    ([_], [own]) if !was_replaced => {
                        foreign(pool, &name, &texts[1][*own as usize], hash)
                    }
                    _ => None,
                };
                if let Some(other) = other {
                    rungs.push(Rung::new(vec![sides[0].len() as u32], Vec::new()));
                    rungs.push(Rung::new(Vec::new(), vec![sides[1].len() as u32]));
                    sides[0].push(texts[0][src[0] as usize].clone());
                    sides[1].push(other);
                    was_replaced = true;
                    continue;
                }
            }
            was_replaced = false;
            let mut copy = |side: usize, segments: &[u32]| -> Vec<u32> {
                if is_changed && Some(side) == self.side {
                    return Vec::new();
                }
                let first = sides[side].len() as u32;
                sides[side].extend(segments.iter().map(|&it| texts[side][it as usize].clone()));
                (first..sides[side].len() as u32).collect()
            };
            let (src, tgt) = (copy(0, src), copy(1, tgt));
            if src.is_empty() || tgt.is_empty() {
                rungs.extend(src.into_iter().map(|it| Rung::new(vec![it], Vec::new())));
                rungs.extend(tgt.into_iter().map(|it| Rung::new(Vec::new(), vec![it])));
            } else {
                rungs.push(Rung::new(src, tgt));
            }
        }
        let [src, tgt] = sides;
        GoldDocument { set, name, src, tgt, gold: rungs }
    }
}

/// Returns a text of about the same length as another one, from a different document.
fn foreign(pool: &[(String, String)], name: &str, own: &str, hash: u64) -> Option<String> {
    let from = hash as usize % pool.len();
    let has_similar_length = |text: &str| {
        let ratio = text.chars().count() as f64 / own.chars().count().max(1) as f64;
        (0.75..1.33).contains(&ratio)
    };
    let rotated = pool[from..].iter().chain(&pool[..from]);
    rotated
        .into_iter()
        .find(|(of, text)| of != name && has_similar_length(text))
        .map(|(_, text)| text.clone())
}
