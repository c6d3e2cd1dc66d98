//! Lexicons and abbreviations of the user, which are added to the built-in ones.

use std::path::Path;

use nasaq::{Abbreviations, Lexicon};
use nasaq_formats::{Document, TermPair, read_lexicon};
use nasaq_text::ErrorKind;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::failure::{Failure, Result};

/// Reads a list of abbreviations, one a line, as [`Abbreviations`] describes.
///
/// # Errors
/// A [`Failure`] with the file and the line.
pub fn read_abbreviations(path: &Path) -> Result<Abbreviations> {
    let document = Document::read(path)?;
    document.text.parse().map_err(|error: nasaq_text::Error| {
        let reason = match error.kind() {
            ErrorKind::Abbreviation { line: Some(line), abbreviation, reason } => {
                format!("{}:{line}: \"{abbreviation}\": {reason}", path.display())
            }
            _ => format!("{}: {error}", path.display()),
        };
        Failure::input(reason)
            .hint("write one abbreviation a line, with ar or en and a tab before it if it is for one language")
    })
}

/// Terms of the user.
#[derive(Clone, Debug, PartialEq)]
pub struct UserLexicon {
    checksum: u64,
    pairs: Vec<TermPair>,
}

impl UserLexicon {
    /// Takes pairs of terms.
    #[must_use]
    pub fn new(pairs: Vec<TermPair>) -> Self {
        let mut hash = Xxh3::new();
        for TermPair { arabic, english, similarity, .. } in &pairs {
            hash.update(format!("{arabic}\t{english}\t{similarity}\n").as_bytes());
        }
        Self { checksum: hash.digest(), pairs }
    }

    /// Reads a lexicon file, TSV, CSV or TBX.
    ///
    /// # Errors
    /// A [`Failure`] with the file and the line.
    pub fn read(path: &Path) -> Result<Self> {
        let document = Document::read(path)?;
        let pairs = read_lexicon(&document.text).map_err(|error| error.at_path(path))?;
        Ok(Self { checksum: xxh3_64(document.text.as_bytes()), pairs })
    }

    /// Returns a checksum of the terms, or of the text of the file, that identifies the lexicon in
    /// the settings: the name of a file says little elsewhere.
    #[must_use]
    pub fn checksum(&self) -> u64 {
        self.checksum
    }

    /// Returns the built-in lexicon with the terms of `lexicons`, where a later term replaces an
    /// earlier one.
    #[must_use]
    pub fn add_to_builtin(lexicons: &[Self]) -> Lexicon {
        let mut lexicon = Lexicon::builtin();
        for pair in lexicons.iter().flat_map(|lexicon| &lexicon.pairs) {
            lexicon.insert(&pair.arabic, &pair.english, pair.similarity);
        }
        lexicon
    }
}
