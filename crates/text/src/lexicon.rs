//! A bilingual lexicon: pairs of an Arabic and an English stem with a similarity.
//!
//! Its entries are stems as [`stem`](crate::stem()) returns them. Each stem has an id, so the words
//! of a document are looked up once and then compared by id. A row of the lexicon holds the
//! translations of one stem. `lexicon/file.rs` documents the file format.

use crate::error::Result;
use crate::language::Language;
use crate::normalise::normalise;
use crate::stem::{is_function_stem, stem, words};

mod file;
mod side;

use side::LexiconSide;

/// A similarity is stored as its square root in this many steps.
const STEPS: f32 = 255.0;
/// The similarity of the word pairs of a term, relative to that of the term: the words are paired
/// in two orders, so about half of the pairs are wrong.
const TERM_WEIGHT: f32 = 0.5;

/// A translation of a stem: an entry in a row of a [`Lexicon`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Translation {
    /// The id of the stem in the other language.
    pub id: u32,
    /// The similarity: how likely the two stems translate each other, above 0 and at most 1.
    pub similarity: f32,
}

/// Pairs of an Arabic and an English stem that translate each other.
///
/// ```
/// use nasaq_text::{Language, Lexicon, stem};
///
/// # #[cfg(feature = "builtin-lexicon")] {
/// let mut lexicon = Lexicon::builtin();
/// let book = stem("book", Language::English);
/// let arabic = stem("الكتاب", Language::Arabic);
/// assert!(lexicon.translations(&arabic).any(|(english, _)| english == book));
///
/// lexicon.insert("المُصفّف", "aligner", 1.0);
/// let aligner = stem("aligners", Language::English);
/// assert!(lexicon.translations_of_english(&aligner).any(|found| found == ("مصفف", 1.0)));
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    arabic: LexiconSide,
    english: LexiconSide,
}

impl Lexicon {
    /// Creates a lexicon without entries.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Returns the bundled lexicon.
    ///
    /// Decoding it takes a few milliseconds, so create it once and share it between threads.
    #[cfg(feature = "builtin-lexicon")]
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "the bundled file is valid")]
    pub fn builtin() -> Self {
        let bytes = include_bytes!("../assets/lexicon.nasaq");
        Self::from_bytes(bytes).expect("a test reads it")
    }

    /// Reads a lexicon file.
    ///
    /// # Errors
    /// [`ErrorKind::Lexicon`](crate::ErrorKind::Lexicon) if the bytes are not a lexicon file of
    /// this version, or are truncated or altered.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        file::read(bytes)
    }

    /// Encodes the lexicon as a file that [`from_bytes`](Self::from_bytes) reads.
    ///
    /// Equal lexicons are encoded as equal bytes, whatever the order of insertion.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        file::write(self)
    }

    /// Returns the number of pairs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.arabic.entries()
    }

    /// Returns whether the lexicon has no pairs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Inserts a pair of words or terms, in any spelling; they are normalised and stemmed here.
    ///
    /// The similarity is clamped to 0 to 1, and its square root is rounded to a multiple of 1/255.
    /// For two words it replaces the similarity of the pair; 0 removes the pair. For a term of
    /// several words, function words are ignored, and the other words are paired in the same and in
    /// the opposite order, because adjectives follow their nouns in Arabic. These pairs have half
    /// the similarity, less if one side has more words, and never lower an existing similarity.
    pub fn insert(&mut self, arabic: &str, english: &str, similarity: f32) {
        let arabic = content_stems(arabic, Language::Arabic);
        let english = content_stems(english, Language::English);
        if let ([arabic], [english]) = (&*arabic, &*english) {
            return self.set(arabic, english, similarity);
        }
        let (min, max) = (arabic.len().min(english.len()), arabic.len().max(english.len()));
        if min == 0 {
            return;
        }
        let similarity = similarity * TERM_WEIGHT * min as f32 / max as f32;
        for k in 0..max {
            let (a, e) = (k * arabic.len() / max, k * english.len() / max);
            self.set_max(&arabic[a], &english[e], similarity);
            self.set_max(&arabic[a], &english[english.len() - 1 - e], similarity);
        }
    }

    /// Sets the similarity of a pair of stems; 0 removes the pair.
    ///
    /// Nothing is normalised or stemmed here: for words, use [`insert`](Self::insert). A pair with
    /// a line feed in a stem is ignored, because the file format cannot represent it.
    pub fn set(&mut self, arabic_stem: &str, english_stem: &str, similarity: f32) {
        let similarity = rounded(similarity);
        if arabic_stem.contains('\n') || english_stem.contains('\n') {
            return;
        }
        if similarity == 0.0
            && (self.arabic.id(arabic_stem).is_none() || self.english.id(english_stem).is_none())
        {
            return;
        }
        let arabic = self.arabic.id_or_new(arabic_stem);
        let english = self.english.id_or_new(english_stem);
        self.arabic.set(arabic, english, similarity);
        self.english.set(english, arabic, similarity);
    }

    /// Sets the similarity of a pair if it is greater than the existing one.
    fn set_max(&mut self, arabic_stem: &str, english_stem: &str, similarity: f32) {
        let known = match (self.arabic.id(arabic_stem), self.english.id(english_stem)) {
            (Some(arabic), Some(english)) => self.similarity(arabic, english),
            _ => 0.0,
        };
        if rounded(similarity) > known {
            self.set(arabic_stem, english_stem, similarity);
        }
    }

    /// Adds every pair of another lexicon; a pair in both has the greater of its two similarities.
    pub fn merge(&mut self, other: &Self) {
        for (arabic, english, similarity) in other.iter() {
            self.set_max(arabic, english, similarity);
        }
    }

    /// Returns every pair with its similarity, ordered by the Arabic and then the English stem, by
    /// code points.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, f32)> {
        self.arabic.sorted().into_iter().flat_map(move |arabic| {
            let mut row: Vec<_> = self.arabic_row(arabic).iter().collect();
            row.sort_by_key(|entry| self.english.stem(entry.id));
            let named = move |entry: &Translation| {
                (self.arabic.stem(arabic), self.english.stem(entry.id), entry.similarity)
            };
            row.into_iter().map(named)
        })
    }

    /// Returns the English translations of an Arabic stem with their similarities, in no particular
    /// order.
    pub fn translations(&self, arabic_stem: &str) -> impl Iterator<Item = (&str, f32)> {
        let row = self.arabic.id(arabic_stem).map_or(&[][..], |id| self.arabic_row(id));
        row.iter().map(|entry| (self.english.stem(entry.id), entry.similarity))
    }

    /// Returns the Arabic translations of an English stem with their similarities, in no particular
    /// order.
    pub fn translations_of_english(&self, english_stem: &str) -> impl Iterator<Item = (&str, f32)> {
        let row = self.english.id(english_stem).map_or(&[][..], |id| self.english_row(id));
        row.iter().map(|entry| (self.arabic.stem(entry.id), entry.similarity))
    }

    /// Returns the number of Arabic stems and the number of English stems that have an id. The ids
    /// of a language are the integers from 0 to below its number.
    #[must_use]
    pub fn stem_counts(&self) -> (usize, usize) {
        (self.arabic.len(), self.english.len())
    }

    /// Returns the id of an Arabic stem. An id does not change when pairs are added or removed.
    #[must_use]
    pub fn arabic_id(&self, stem: &str) -> Option<u32> {
        self.arabic.id(stem)
    }

    /// Returns the id of an English stem. An id does not change when pairs are added or removed.
    #[must_use]
    pub fn english_id(&self, stem: &str) -> Option<u32> {
        self.english.id(stem)
    }

    /// Returns the Arabic stem with an id.
    ///
    /// # Panics
    /// If no Arabic stem of this lexicon has the id.
    #[must_use]
    pub fn arabic_stem(&self, id: u32) -> &str {
        self.arabic.stem(id)
    }

    /// Returns the English stem with an id.
    ///
    /// # Panics
    /// If no English stem of this lexicon has the id.
    #[must_use]
    pub fn english_stem(&self, id: u32) -> &str {
        self.english.stem(id)
    }

    /// Returns the translations of the Arabic stem with an id, ordered by English id.
    ///
    /// # Panics
    /// If no Arabic stem of this lexicon has the id.
    #[must_use]
    pub fn arabic_row(&self, arabic_id: u32) -> &[Translation] {
        self.arabic.row(arabic_id)
    }

    /// Returns the translations of the English stem with an id, ordered by Arabic id.
    ///
    /// # Panics
    /// If no English stem of this lexicon has the id.
    #[must_use]
    pub fn english_row(&self, english_id: u32) -> &[Translation] {
        self.english.row(english_id)
    }

    /// Returns the similarity of two stems by their ids, or 0 if they are not a pair.
    ///
    /// # Panics
    /// If no Arabic stem of this lexicon has the Arabic id.
    #[must_use]
    pub fn similarity(&self, arabic_id: u32, english_id: u32) -> f32 {
        let row = self.arabic_row(arabic_id);
        row.binary_search_by_key(&english_id, |entry| entry.id).map_or(0.0, |at| row[at].similarity)
    }
}

/// Lexicons are equal if they have the same pairs with the same similarities, whatever the ids.
impl PartialEq for Lexicon {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

/// Returns the step nearest to a similarity; NaN becomes 0.
fn step(similarity: f32) -> u8 {
    (similarity.clamp(0.0, 1.0).sqrt() * STEPS).round() as u8
}

/// Returns the similarity of a step.
fn similarity_at(step: u8) -> f32 {
    let root = f32::from(step) / STEPS;
    root * root
}

/// Rounds a similarity to that of the nearest step.
fn rounded(similarity: f32) -> f32 {
    similarity_at(step(similarity))
}

/// Returns the stems of the words of a term, without function words unless it has no other words.
fn content_stems(term: &str, language: Language) -> Vec<String> {
    let term = normalise(term);
    let mut stems: Vec<String> = words(&term).map(|word| stem(word, language)).collect();
    if stems.iter().any(|stem| !is_function_stem(stem, language)) {
        stems.retain(|stem| !is_function_stem(stem, language));
    }
    stems
}
