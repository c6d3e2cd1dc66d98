//! A user's own lexicons: read, and put into the one inside the program.

use std::path::Path;

use nasaq::Lexicon;
use nasaq_formats::{Document, TermPair, read_lexicon};
use xxhash_rust::xxh3::xxh3_64;

/// A lexicon file that has been read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UserLexicon {
    /// Its content as a number, for the settings: a name says little about a file elsewhere.
    pub(crate) checksum: u64,
    /// Its pairs.
    pub(crate) pairs: Vec<TermPair>,
}

/// Reads a lexicon file, TSV or TBX.
pub(crate) fn read_user_lexicon(path: &Path) -> anyhow::Result<UserLexicon> {
    let document = Document::read(path)?;
    let pairs = read_lexicon(&document.text).map_err(|error| error.at_path(path))?;
    Ok(UserLexicon { checksum: xxh3_64(document.text.as_bytes()), pairs })
}

/// Gives the lexicon inside the program with the user's pairs, the later over the earlier.
pub(crate) fn with_user_lexicons(lexicons: &[UserLexicon]) -> Lexicon {
    let mut lexicon = Lexicon::builtin();
    for pair in lexicons.iter().flat_map(|lexicon| &lexicon.pairs) {
        lexicon.insert(&pair.arabic, &pair.english, pair.similarity);
    }
    lexicon
}
