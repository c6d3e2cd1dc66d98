//! The features of good and damaged pairs as a table, so that they are computed once and models
//! are fitted to them several times.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use nasaq_quality::{Feature, Features};

use super::DamageRow;
use super::damage::Damage;

/// Writes rows: the set, the damage or nothing, and the features that apply. Values are written so
/// that they are the same when they are read.
pub(super) fn write(path: &Path, sets: &[&str], rows: &[DamageRow]) -> Result<()> {
    let mut table = "set\tdamage".to_owned();
    Feature::ALL.iter().for_each(|feature| table += &format!("\t{}", feature.info().name));
    table.push('\n');
    for row in rows {
        write!(table, "{}\t{}", sets[row.set], row.damage.map_or("", Damage::name))?;
        for feature in Feature::ALL.iter().copied() {
            match row.features.get(feature) {
                Some(value) => write!(table, "\t{value}")?,
                None => table.push('\t'),
            }
        }
        table.push('\n');
    }
    fs::write(path, table).with_context(|| path.display().to_string())
}

/// Reads the rows of some sets.
pub(super) fn read(path: &Path, sets: &[&str]) -> Result<Vec<DamageRow>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut lines = text.lines();
    let header = lines.next().unwrap_or_default().split('\t').skip(2);
    if !header.eq(Feature::ALL.iter().map(|feature| feature.info().name)) {
        bail!("{} has other features: remove it", path.display());
    }
    let mut rows = Vec::new();
    for line in lines {
        let mut cells = line.split('\t');
        let (set, damage) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        let Some(set) = sets.iter().position(|known| *known == set) else { continue };
        let damage = match damage {
            "" => None,
            name => Some(damage_named(name)?),
        };
        let mut features = Features::default();
        for (feature, cell) in Feature::ALL.iter().copied().zip(cells) {
            if !cell.is_empty() {
                features.set(feature, cell.parse().with_context(|| cell.to_owned())?);
            }
        }
        rows.push(DamageRow { set, damage, features });
    }
    Ok(rows)
}

fn damage_named(name: &str) -> Result<Damage> {
    let found = Damage::ALL.into_iter().find(|damage| damage.name() == name);
    found.with_context(|| format!("no damage is named {name:?}"))
}
