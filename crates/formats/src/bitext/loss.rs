//! What a format had no place for, counted while writing.

use std::collections::BTreeMap;
use std::fmt;

/// A kind of loss.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Loss {
    /// Pairs with text on one side only were left out.
    OneSided,
    /// Line breaks became spaces.
    LineBreaks,
    /// Tabs became spaces.
    Tabs,
    /// Characters that the format forbids were dropped.
    Characters,
    /// Values beside a pair were left out, as the format has no place for any.
    Fields,
    /// A column that the first rows do not have was left out.
    Column(String),
    /// Texts were cut, as a cell holds no more.
    Cut,
    /// Cells begin as a formula does; nothing was changed.
    Formula,
}

impl Loss {
    /// Says what happened to so many of them.
    #[must_use]
    pub fn message(&self, count: u64) -> String {
        let s = if count == 1 { "" } else { "s" };
        match self {
            Self::OneSided => {
                format!("{count} pair{s} with text on one side only left out")
            }
            Self::LineBreaks => format!("{count} text{s} had line breaks, which became spaces"),
            Self::Tabs => format!("{count} text{s} had tabs, which became spaces"),
            Self::Characters => {
                format!(
                    "{count} text{s} had characters that the format forbids, which were dropped"
                )
            }
            Self::Fields => {
                format!(
                    "what stands beside the texts of {count} pair{s} left out: there is no place for it"
                )
            }
            Self::Column(name) => {
                format!(
                    "column \"{name}\" left out of {count} row{s}: the first rows do not have it"
                )
            }
            Self::Cut => format!(
                "{count} text{s} cut at 32,767 UTF-16 units, which is all that a cell holds"
            ),
            Self::Formula => format!(
                "{count} cell{s} with = + - or @ at the start, which a spreadsheet may take for a formula; \
                 xlsx has no such danger"
            ),
        }
    }
}

/// What was lost, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses(BTreeMap<Loss, u64>);

impl Losses {
    pub(super) fn add(&mut self, loss: Loss) {
        *self.0.entry(loss).or_default() += 1;
    }

    /// Gives how often something was lost.
    #[must_use]
    pub fn count(&self, loss: &Loss) -> u64 {
        self.0.get(loss).copied().unwrap_or(0)
    }

    /// Gives the kinds and how often each came, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (&Loss, u64)> {
        self.0.iter().map(|(loss, count)| (loss, *count))
    }
}

impl fmt::Display for Losses {
    /// Writes all that was lost in one line; nothing where nothing was.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (loss, count)) in self.iter().enumerate() {
            let between = if at == 0 { "" } else { "; " };
            write!(f, "{between}{}", loss.message(count))?;
        }
        Ok(())
    }
}
