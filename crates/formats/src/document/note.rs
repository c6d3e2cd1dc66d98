//! What a reader changed, omitted or could not read in a document that it has read.

/// Something that a reader did to a document, or could not do, and that a user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentNote {
    /// A short name for programs, such as `visual-order` or `missing-part`.
    pub kind: &'static str,
    /// What it is, with its count or place.
    pub text: String,
    /// Whether text is missing because the document is damaged.
    pub is_damage: bool,
}

impl DocumentNote {
    /// Returns a note of a change.
    pub(crate) fn new(kind: &'static str, text: String) -> Self {
        Self { kind, text, is_damage: false }
    }

    /// Returns a note of a part that could not be read.
    pub(crate) fn damage(kind: &'static str, text: String) -> Self {
        Self { kind, text, is_damage: true }
    }
}
