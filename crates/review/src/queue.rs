//! Which bead to look at next.

use serde::{Deserialize, Serialize};

/// The order in which a reviewer looks at beads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Order {
    /// The bead that is most probably wrong first.
    #[default]
    Risk,
    /// From the first to the last.
    Reading,
    /// The beads of the random sample, from the first to the last.
    Sample,
}
