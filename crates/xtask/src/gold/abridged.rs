//! Documents one side of which is abridged, or whose sides have something of their own.

use std::str::FromStr;

use anyhow::{Context, Result, bail};
use nasaq::Rung;
use xxhash_rust::xxh3::xxh3_64;

use super::GoldDocument;

/// What share of the gold beads lacks a side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Abridged {
    /// The side; none where the target has other text there, so that two nulls face each other.
    side: Option<usize>,
    share: f64,
}

impl FromStr for Abridged {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (side, share) = text.split_once(':').context("not a side, a colon and a share")?;
        let side = match side {
            "src" => Some(0),
            "tgt" => Some(1),
            "facing" => None,
            _ => bail!("\"{side}\" is none of src, tgt and facing"),
        };
        Ok(Self { side, share: share.parse()? })
    }
}

impl Abridged {
    /// Takes one side of some beads out, the same each time; the other side is left as nulls.
    pub(super) fn take_out(self, documents: Vec<GoldDocument>) -> Vec<GoldDocument> {
        let pool: Vec<(String, String)> = documents
            .iter()
            .flat_map(|it| it.tgt.iter().map(|text| (it.name.clone(), text.clone())))
            .collect();
        documents.into_iter().map(|document| self.take_out_of(document, &pool)).collect()
    }

    /// Does so with one document; `pool` has the target texts of all with their documents' names.
    fn take_out_of(self, document: GoldDocument, pool: &[(String, String)]) -> GoldDocument {
        let GoldDocument { set, name, src, tgt, gold } = document;
        let texts = [src, tgt];
        let mut kept = [Vec::new(), Vec::new()];
        let mut rungs = Vec::new();
        let mut was_taken = false;
        for (at, rung) in gold.iter().enumerate() {
            let hash = xxh3_64(format!("{set}/{name} {at}").as_bytes());
            let [src, tgt] = [&rung.src, &rung.tgt];
            let is_taken = !rung.is_null() && hash as f64 / (u64::MAX as f64) < self.share;
            if is_taken && self.side.is_none() {
                // One segment of another document about as long, and none right beside another.
                let other = match (&src[..], &tgt[..]) {
                    ([_], [own]) if !was_taken => {
                        foreign(pool, &name, &texts[1][*own as usize], hash)
                    }
                    _ => None,
                };
                if let Some(other) = other {
                    let alone = |src, tgt| Rung::new(src, tgt);
                    rungs.push(alone(vec![kept[0].len() as u32], Vec::new()));
                    rungs.push(alone(Vec::new(), vec![kept[1].len() as u32]));
                    kept[0].push(texts[0][src[0] as usize].clone());
                    kept[1].push(other);
                    was_taken = true;
                    continue;
                }
            }
            was_taken = false;
            let mut keep = |side: usize, segments: &[u32]| -> Vec<u32> {
                if is_taken && Some(side) == self.side {
                    return Vec::new();
                }
                let first = kept[side].len() as u32;
                kept[side].extend(segments.iter().map(|&it| texts[side][it as usize].clone()));
                (first..kept[side].len() as u32).collect()
            };
            let (src, tgt) = (keep(0, src), keep(1, tgt));
            if src.is_empty() || tgt.is_empty() {
                let alone = |src, tgt| Rung::new(src, tgt);
                rungs.extend(src.into_iter().map(|it| alone(vec![it], Vec::new())));
                rungs.extend(tgt.into_iter().map(|it| alone(Vec::new(), vec![it])));
            } else {
                rungs.push(Rung::new(src, tgt));
            }
        }
        let [src, tgt] = kept;
        GoldDocument { set, name, src, tgt, gold: rungs }
    }
}

/// Gives a text about as long as another from some other document.
fn foreign(pool: &[(String, String)], name: &str, own: &str, hash: u64) -> Option<String> {
    let from = hash as usize % pool.len();
    let alike = |text: &str| {
        let ratio = text.chars().count() as f64 / own.chars().count().max(1) as f64;
        (0.75..1.33).contains(&ratio)
    };
    let turned = pool[from..].iter().chain(&pool[..from]);
    turned.into_iter().find(|(of, text)| of != name && alike(text)).map(|(_, text)| text.clone())
}
