//! Documents one side of which is abridged.

use std::str::FromStr;

use anyhow::{Context, Result, bail};
use nasaq::Rung;
use xxhash_rust::xxh3::xxh3_64;

use super::GoldDocument;

/// Which side lacks what share of the gold beads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Abridged {
    side: usize,
    share: f64,
}

impl FromStr for Abridged {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (side, share) = text.split_once(':').context("not a side, a colon and a share")?;
        let side = match side {
            "src" => 0,
            "tgt" => 1,
            _ => bail!("\"{side}\" is neither src nor tgt"),
        };
        Ok(Self { side, share: share.parse()? })
    }
}

impl Abridged {
    /// Takes one side of some beads out, the same each time; the other side is left as nulls.
    pub(super) fn take_out(self, document: GoldDocument) -> GoldDocument {
        let GoldDocument { set, name, src, tgt, gold } = document;
        let texts = [src, tgt];
        let mut kept = [Vec::new(), Vec::new()];
        let mut rungs = Vec::new();
        for (at, rung) in gold.iter().enumerate() {
            let chance = xxh3_64(format!("{set}/{name} {at}").as_bytes()) as f64 / u64::MAX as f64;
            let is_taken = !rung.is_null() && chance < self.share;
            let [src, tgt] = [&rung.src, &rung.tgt];
            let mut keep = |side: usize, segments: &[u32]| -> Vec<u32> {
                if is_taken && side == self.side {
                    return Vec::new();
                }
                let first = kept[side].len() as u32;
                kept[side].extend(segments.iter().map(|&it| texts[side][it as usize].clone()));
                (first..kept[side].len() as u32).collect()
            };
            let (src, tgt) = (keep(0, src), keep(1, tgt));
            if src.is_empty() || tgt.is_empty() {
                let alone = |src, tgt| Rung { src, tgt, score: None };
                rungs.extend(src.into_iter().map(|it| alone(vec![it], Vec::new())));
                rungs.extend(tgt.into_iter().map(|it| alone(Vec::new(), vec![it])));
            } else {
                rungs.push(Rung { src, tgt, score: None });
            }
        }
        let [src, tgt] = kept;
        GoldDocument { set, name, src, tgt, gold: rungs }
    }
}
