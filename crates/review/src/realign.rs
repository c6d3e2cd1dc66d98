//! Aligns stretches again, with what was measured on the whole document.

use nasaq::Bead;

use crate::change::Refusal;
use crate::side::Side;
use crate::stretch::Stretch;

/// What aligns stretches. The same sides and stretch must give the same beads.
pub(crate) trait Realign: Send {
    /// Aligns a stretch of two documents.
    fn realign(&mut self, sides: &[Side; 2], stretch: &Stretch) -> Result<Vec<Bead>, Refusal>;
}
