//! What a format has no place for, counted while it is written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// A kind of loss.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Loss {
    /// Pairs with text on one side only were omitted.
    OneSided,
    /// Line breaks became spaces, among them characters that only some programs take for one.
    LineBreaks,
    /// Tabs became spaces.
    Tabs,
    /// Characters that the format forbids were removed.
    Characters,
    /// Fields besides the texts were omitted, because the format has no place for any.
    Fields,
    /// A column that the first rows do not have was omitted.
    Column(String),
    /// Texts were truncated to the length of a cell.
    Cut,
    /// Cells begin like a formula; nothing was changed.
    Formula,
    /// Inline codes were removed from the texts of pairs.
    Codes,
    /// Notes, dates, authors, further texts and properties of a single text were omitted.
    Details,
    /// nasaq's properties of pairs were omitted, as was asked for.
    Properties,
    /// Pairs whose probability is below the minimum were omitted.
    Improbable,
    /// Pairs whose probability is not a number were written; it does not count for the minimum.
    UnreadProbability,
    /// The headers of all but the first file were omitted.
    Header,
    /// Segments of a pair became one sentence, because the input does not have them separately.
    Segments,
    /// What a reviewer decided about pairs was omitted: `reviewed`, the reviewer, notes.
    Review,
    /// Texts that a reviewer has corrected were omitted, because the format has places instead of
    /// texts.
    Corrections,
    /// Pairs of moved text became text without a counterpart, because the format has all pairs in
    /// order.
    Moved,
}

impl Loss {
    /// Returns a message about this many losses.
    #[must_use]
    pub fn message(&self, count: u64) -> String {
        let s = if count == 1 { "" } else { "s" };
        match self {
            Self::OneSided => {
                format!("{count} pair{s} with text on one side only omitted")
            }
            Self::LineBreaks => format!("{count} text{s} had line breaks, which became spaces"),
            Self::Tabs => format!("{count} text{s} had tabs, which became spaces"),
            Self::Characters => {
                format!(
                    "{count} text{s} had characters that the format forbids, which were removed"
                )
            }
            Self::Fields => {
                format!("fields of {count} pair{s} omitted, for which the format has no place")
            }
            Self::Column(name) => {
                format!(
                    "column \"{name}\" omitted from {count} row{s}: the first rows do not have it"
                )
            }
            Self::Cut => format!(
                "{count} text{s} truncated to 32,767 UTF-16 units, the maximum length of a cell"
            ),
            Self::Codes => format!("inline codes of {count} pair{s} omitted"),
            Self::Details => format!(
                "notes, dates, authors, further texts or other attributes of {count} pair{s} omitted"
            ),
            Self::Properties => format!("nasaq's properties of {count} pair{s} omitted"),
            Self::Improbable => {
                format!("{count} pair{s} omitted: the probability is below the minimum")
            }
            Self::UnreadProbability => {
                format!("{count} pair{s} written although the probability is not a number")
            }
            Self::Header => {
                format!("header{s} of {count} file{s} omitted: the output has that of the first")
            }
            Self::Segments => format!(
                "segments of {count} pair{s} written as one sentence: the input does not have them \
                 separately"
            ),
            Self::Review => {
                format!("what a reviewer decided about {count} pair{s} omitted: verdicts and notes")
            }
            Self::Corrections => format!(
                "corrected texts of {count} pair{s} omitted: the format has places instead of texts"
            ),
            Self::Moved => format!(
                "{count} pair{s} of moved text left without a counterpart: the format has all pairs in \
                 order"
            ),
            Self::Formula => format!(
                "{count} cell{s} with = + - or @ at the start, which a spreadsheet may take for a formula; \
                 xlsx has no such risk"
            ),
        }
    }

    /// Reports whether two losses are of one kind, whichever column they concern.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// What was lost, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    counts: BTreeMap<Loss, u64>,
    /// The names of the fields of [`Loss::Fields`].
    fields: BTreeSet<Arc<str>>,
}

/// The most names of fields that a message has.
const NAMES: usize = 8;

impl Losses {
    pub(crate) fn add(&mut self, loss: Loss) {
        *self.counts.entry(loss).or_default() += 1;
    }

    /// Counts a pair some of whose fields were omitted, if there are any.
    pub(crate) fn add_fields<'n>(&mut self, names: impl Iterator<Item = &'n Arc<str>>) {
        let mut names = names.peekable();
        if names.peek().is_some() {
            self.add(Loss::Fields);
        }
        for name in names {
            // A table may have very many columns, of which a message names a few.
            if self.fields.len() <= NAMES && !self.fields.contains(name) {
                self.fields.insert(Arc::clone(name));
            }
        }
    }

    /// Returns the names of fields that were omitted, in a message.
    fn field_names(&self) -> String {
        let names: Vec<&str> = self.fields.iter().map(|name| &**name).take(NAMES).collect();
        let more = if self.fields.len() > NAMES { " and others" } else { "" };
        format!("{}{more}", names.join(", "))
    }

    /// Returns how often something was lost.
    #[must_use]
    pub fn count(&self, loss: &Loss) -> u64 {
        self.counts.get(loss).copied().unwrap_or(0)
    }

    /// Returns how many pairs were omitted as a whole.
    #[must_use]
    pub fn omitted_pairs(&self) -> u64 {
        self.count(&Loss::OneSided) + self.count(&Loss::Improbable)
    }

    /// Adds other losses to these.
    pub(crate) fn extend(&mut self, others: Self) {
        for (loss, count) in others.counts {
            *self.counts.entry(loss).or_default() += count;
        }
        self.fields.extend(others.fields);
    }

    /// Returns the losses of other kinds.
    #[must_use]
    pub fn without(mut self, loss: &Loss) -> Self {
        self.counts.remove(loss);
        self
    }

    /// Reports whether nothing was lost.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Returns everything that was lost on one line, each with what `way_out` returns for it.
    #[must_use]
    pub fn described(&self, way_out: impl Fn(&Loss) -> Option<&'static str>) -> String {
        let described = self.iter().map(|(loss, count)| {
            let mut message = loss.message(count);
            if *loss == Loss::Fields && !self.fields.is_empty() {
                message = format!("{message}: {}", self.field_names());
            }
            match way_out(loss) {
                Some(way_out) => format!("{message} ({way_out})"),
                None => message,
            }
        });
        described.collect::<Vec<_>>().join("; ")
    }

    /// Iterates over the kinds and how often each occurred, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (&Loss, u64)> {
        self.counts.iter().map(|(loss, count)| (loss, *count))
    }
}

impl fmt::Display for Losses {
    /// Writes everything that was lost on one line, or nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.described(|_| None))
    }
}
