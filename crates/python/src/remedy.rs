//! What a user can do about an error, in the words of the Python package.

use nasaq_formats::Remedy;

/// Returns the hint for a remedy.
///
/// The package takes texts, ladders and lexicons and has no setting for the format or the encoding of
/// a file, so the words that fit any interface fit here.
pub(crate) fn hint(remedy: &Remedy) -> String {
    remedy.to_string()
}
