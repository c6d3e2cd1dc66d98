//! Abbreviations that the caller adds to the built-in ones.

use std::collections::HashSet;
use std::str::FromStr;
use std::sync::Arc;

use super::marks::bare;
use crate::error::{Error, ErrorKind, Result};
use crate::language::Language;

/// Abbreviations after which no sentence ends, besides the built-in ones.
///
/// As text, one a line: the word with or without its final full stop, optionally with the code of
/// the language of the documents that it is for and a tab before it. Without a language it is for
/// all documents. A word in lower case is an abbreviation in capitals, too. Blank lines and lines
/// that begin with `#` are skipped.
///
/// ```
/// use nasaq_text::{Abbreviations, Language, Segmenter};
///
/// let abbreviations: Abbreviations = "# of engineers\nar\tمهـ.\nen\tengr.\n".parse()?;
/// let segmenter = Segmenter::new(Language::English).abbreviations(abbreviations);
/// assert_eq!(segmenter.segments("She met Engr. Sami. He left.").len(), 2);
/// # Ok::<(), nasaq_text::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Abbreviations {
    words: Arc<HashSet<(Language, String)>>,
}

impl Abbreviations {
    /// Returns a set without abbreviations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an abbreviation, with or without its final full stop, for documents in a language or,
    /// if that is `None`, in both.
    ///
    /// # Errors
    /// [`ErrorKind::Abbreviation`] if it is not one word with a letter.
    pub fn add(&mut self, language: Option<Language>, abbreviation: &str) -> Result<()> {
        let word = bare(abbreviation.trim());
        let word = word.trim_end_matches('.');
        if let Some(reason) = fault(word) {
            let abbreviation = abbreviation.to_owned();
            return Err(ErrorKind::Abbreviation { line: None, abbreviation, reason }.into());
        }
        let languages = [Language::Arabic, Language::English];
        let is_meant = |it: &Language| language.is_none_or(|language| language == *it);
        let words = Arc::make_mut(&mut self.words);
        words.extend(languages.into_iter().filter(is_meant).map(|it| (it, word.to_owned())));
        Ok(())
    }

    /// Returns whether there is no abbreviation.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Returns the abbreviations without their final full stops, sorted.
    #[must_use]
    pub fn to_vec(&self) -> Vec<(Language, &str)> {
        let mut words: Vec<(Language, &str)> =
            self.words.iter().map(|(language, word)| (*language, word.as_str())).collect();
        words.sort_unstable_by_key(|&(language, word)| (language.code(), word));
        words
    }

    /// Returns whether a word before a full stop is one of the abbreviations, in a document of a
    /// language.
    pub(super) fn contain(&self, language: Language, token: &str) -> bool {
        if self.is_empty() {
            return false;
        }
        let word = bare(token);
        let has = |word: &str| self.words.contains(&(language, word.to_owned()));
        // و, ب and ل are written on the word after them.
        let joined = || {
            word.strip_prefix(['و', 'ف', 'ب', 'ل', 'ك'])
                .is_some_and(|rest| !rest.is_empty() && has(rest))
        };
        has(&word) || has(&word.to_lowercase()) || joined()
    }
}

impl FromStr for Abbreviations {
    type Err = Error;

    /// Parses a list, one abbreviation a line, as [`Abbreviations`] describes.
    ///
    /// # Errors
    /// [`ErrorKind::Abbreviation`] with the line of an entry that is not one word or has an unknown
    /// language.
    fn from_str(text: &str) -> Result<Self> {
        let mut abbreviations = Self::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let entry = match line.split_once('\t') {
                Some((code, word)) => code.trim().parse().map(|language| (Some(language), word)),
                None => Ok((None, line)),
            };
            let added = entry.and_then(|(language, word)| abbreviations.add(language, word));
            added.map_err(|error| match error.kind() {
                ErrorKind::Abbreviation { abbreviation, reason, .. } => {
                    let (abbreviation, reason) = (abbreviation.clone(), reason);
                    ErrorKind::Abbreviation { line: Some(index + 1), abbreviation, reason }.into()
                }
                _ => {
                    let reason = "the language before the tab is neither ar nor en";
                    let abbreviation = line.to_owned();
                    Error::from(ErrorKind::Abbreviation {
                        line: Some(index + 1),
                        abbreviation,
                        reason,
                    })
                }
            })?;
        }
        Ok(abbreviations)
    }
}

/// Returns why a word cannot be an abbreviation.
fn fault(word: &str) -> Option<&'static str> {
    if word.contains(char::is_whitespace) {
        Some("an abbreviation is one word")
    } else if !word.contains(char::is_alphabetic) {
        Some("an abbreviation has a letter")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_by_language() {
        let text = "\u{FEFF}# a comment\r\n\r\nar\tمهـ.\r\nen\tEngr\nobs.\n";
        let found: Abbreviations = text.trim_start_matches('\u{FEFF}').parse().unwrap();
        let (arabic, english) = (Language::Arabic, Language::English);
        let expected = [(arabic, "obs"), (arabic, "مه"), (english, "Engr"), (english, "obs")];
        assert_eq!(found.to_vec(), expected);
        assert!(found.contain(arabic, "ومهـ") && !found.contain(english, "مهـ"));
        assert!(found.contain(english, "Obs") && !found.contain(english, "engr"));
    }

    #[test]
    fn bad_entries_are_refused_with_their_lines() {
        for (text, message) in [
            ("a\nb c\n", "line 2: \"b c\": an abbreviation is one word"),
            ("\n\n12.\n", "line 3: \"12.\": an abbreviation has a letter"),
            ("fr\tM.", "line 1: \"fr\tM.\": the language before the tab is neither ar nor en"),
        ] {
            assert_eq!(text.parse::<Abbreviations>().unwrap_err().to_string(), message);
        }
    }
}
