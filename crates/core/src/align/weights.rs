//! The constants of the score. One setting serves every text; `docs/algorithm.md` says how each
//! was measured.

/// Weights of the score's parts.
#[derive(Clone, Debug)]
pub struct Weights {
    /// Exponent of a bead's mean size: larger beads stand for more text.
    pub size: f32,
    /// Code points of Arabic that usually say as much as one of English.
    pub ratio_usual: f32,
    /// How many times more or less than that the ratio of a document's sides is believed to be.
    pub ratio_play: f32,
    /// The pairs of the first pass change the ratio where theirs is so many times another.
    pub ratio_change: f32,
    /// Share of the neighbours' mean cosine that is taken off a bead's own.
    pub neighbours: f32,
    /// Weight of each window length's corner potential.
    pub corner: f32,
    /// Weight of the covered shares of a bead's words.
    pub lexical: f32,
    /// Weight of the words' corner potential.
    pub lexical_corner: f32,
    /// What is taken off at a corner, times the share of words that match only across it.
    pub across: f32,
    /// What is taken off a bead whose outer segments' coverage is below `edge_from` of the
    /// document's usual one, for each side of several segments.
    pub edge: f32,
    /// See `edge`.
    pub edge_from: f32,
    /// The null's constant.
    pub null: f32,
    /// Taken off a null, times the segment's best cosine above ½.
    pub null_best: f32,
    /// Added to a null, times the document's contrast above 0.35.
    pub null_contrast: f32,
    /// Taken off a null, times its words' coverage near the corner above the usual one.
    pub null_lexical: f32,
    /// Added to a null that looks like page furniture and matches nothing near, at most.
    pub null_furniture: f32,
    /// A null scores no more than this, before the rate's adjustment.
    pub null_most: f32,
    /// Weight of the logarithm of the document's share of nulls.
    pub null_rate: f32,
    /// The share of nulls that adjusts nothing.
    pub null_usual: f32,
    /// The adjustment is at most this, up or down.
    pub null_adjust: f32,
    /// Added to a null that follows a null of the same side.
    pub null_run: f32,
    /// Sharpness of the posteriors: scores are multiplied by it.
    pub sharpness: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            size: 0.15,
            ratio_usual: 0.8,
            ratio_play: 1.2,
            ratio_change: 1.1,
            neighbours: 0.4,
            corner: 0.14,
            lexical: 0.4,
            lexical_corner: 0.7,
            across: 0.7,
            edge: 0.20,
            edge_from: 0.8,
            null: -0.22,
            null_best: 0.10,
            null_contrast: 0.23,
            null_lexical: 0.10,
            null_furniture: 0.15,
            null_most: -0.01,
            null_rate: 0.10,
            null_usual: 0.015,
            null_adjust: 0.13,
            null_run: 0.15,
            sharpness: 36.0,
        }
    }
}
