//! The lexicon: which Arabic stem may stand for which English stem, and how surely.
//!
//! A lexicon speaks of stems as [`stem`](crate::stem()) makes them. Each stem has a number, so a
//! document's words are looked up once and compared by number; a row of the table holds what one
//! stem may stand for. The layout of the file is written down in `lexicon/file.rs`.

use crate::error::Result;
use crate::language::Language;
use crate::normalise::normalise;
use crate::stem::{is_function_stem, stem, words};

mod file;
mod side;

use side::Side;

/// Steps of the square root of a similarity; a file keeps no finer ones.
const STEPS: f32 = 255.0;
/// How far the word pairs of a term of several words count for the term's own similarity: of the
/// pairs in the two orders, half are wrong.
const PHRASE: f32 = 0.5;

/// What a stem may stand for, in a row of a [`Lexicon`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Translation {
    /// The number of the stem in the other language.
    pub id: u32,
    /// How surely the two translate each other, above 0 and at most 1.
    pub similarity: f32,
}

/// Pairs of an Arabic and an English stem that translate each other.
///
/// ```
/// use nasaq_text::{Language, Lexicon, stem};
///
/// let mut lexicon = Lexicon::builtin();
/// let book = stem("book", Language::English);
/// let arabic = stem("الكتاب", Language::Arabic);
/// assert!(lexicon.translations(&arabic).any(|(english, _)| english == book));
///
/// lexicon.insert("المُصفّف", "aligner", 1.0);
/// let aligner = stem("aligners", Language::English);
/// assert_eq!(lexicon.translations_of_english(&aligner).next(), Some(("مصفف", 1.0)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    arabic: Side,
    english: Side,
}

impl Lexicon {
    /// Gives a lexicon without entries.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Gives the lexicon that comes with nasaq.
    ///
    /// Reading it takes a few milliseconds: keep it, and share it between threads.
    #[cfg(feature = "builtin-lexicon")]
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "the file that is built in is whole")]
    pub fn builtin() -> Self {
        let bytes = include_bytes!("../assets/lexicon.nasaq");
        Self::from_bytes(bytes).expect("a test reads it")
    }

    /// Reads a lexicon file.
    ///
    /// # Errors
    /// [`ErrorKind::Lexicon`](crate::ErrorKind::Lexicon) where the bytes are no lexicon, of
    /// another version, cut short or altered.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        file::read(bytes)
    }

    /// Writes the lexicon as a file that [`from_bytes`](Self::from_bytes) reads.
    ///
    /// Equal entries give equal bytes, in whatever order they came.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        file::write(self)
    }

    /// Tells how many pairs the lexicon holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.arabic.entries()
    }

    /// Tells whether the lexicon holds no pair.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a pair of words or terms as they are written, and replaces what was known of the pair.
    ///
    /// The similarity is kept between 0 and 1, its root to the nearest 255th; 0 takes the pair out.
    /// In a term of several words, function words are left aside and no word is paired with every
    /// other: the words are paired in order and in the opposite order (an adjective changes sides)
    /// at half the similarity, less where one side has more words. Such a pair never lowers what
    /// was known.
    pub fn insert(&mut self, arabic: &str, english: &str, similarity: f32) {
        let arabic = content_stems(arabic, Language::Arabic);
        let english = content_stems(english, Language::English);
        if let ([arabic], [english]) = (&*arabic, &*english) {
            return self.set(arabic, english, similarity);
        }
        let (fewest, most) = (arabic.len().min(english.len()), arabic.len().max(english.len()));
        if fewest == 0 {
            return;
        }
        let similarity = similarity * PHRASE * fewest as f32 / most as f32;
        for k in 0..most {
            let (a, e) = (k * arabic.len() / most, k * english.len() / most);
            self.raise(&arabic[a], &english[e], similarity);
            self.raise(&arabic[a], &english[english.len() - 1 - e], similarity);
        }
    }

    /// Sets the similarity of a pair of stems; 0 takes the pair out.
    ///
    /// Nothing is stemmed or normalised here: [`insert`](Self::insert) is for words. What holds a
    /// line feed is no stem, and its pair is left out.
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

    fn raise(&mut self, arabic_stem: &str, english_stem: &str, similarity: f32) {
        let known = match (self.arabic.id(arabic_stem), self.english.id(english_stem)) {
            (Some(arabic), Some(english)) => self.similarity(arabic, english),
            _ => 0.0,
        };
        if rounded(similarity) > known {
            self.set(arabic_stem, english_stem, similarity);
        }
    }

    /// Adds every pair of another lexicon; a pair that both hold keeps the greater similarity.
    pub fn merge(&mut self, other: &Self) {
        for (arabic, english, similarity) in other.iter() {
            self.raise(arabic, english, similarity);
        }
    }

    /// Gives every pair, by the Arabic stem and then the English one, as ordered by code point.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, f32)> {
        self.arabic.sorted().into_iter().flat_map(move |arabic| {
            let mut row: Vec<_> = self.row(arabic).iter().collect();
            row.sort_by_key(|entry| self.english.stem(entry.id));
            let named = move |entry: &Translation| {
                (self.arabic.stem(arabic), self.english.stem(entry.id), entry.similarity)
            };
            row.into_iter().map(named)
        })
    }

    /// Gives the English stems that an Arabic stem may stand for, in no order that means anything.
    pub fn translations(&self, arabic_stem: &str) -> impl Iterator<Item = (&str, f32)> {
        let row = self.arabic.id(arabic_stem).map_or(&[][..], |id| self.row(id));
        row.iter().map(|entry| (self.english.stem(entry.id), entry.similarity))
    }

    /// Gives the Arabic stems that an English stem may stand for, in no order that means anything.
    pub fn translations_of_english(&self, english_stem: &str) -> impl Iterator<Item = (&str, f32)> {
        let row = self.english.id(english_stem).map_or(&[][..], |id| self.row_of_english(id));
        row.iter().map(|entry| (self.arabic.stem(entry.id), entry.similarity))
    }

    /// Tells how many Arabic and how many English stems have a number.
    pub fn stems(&self) -> (usize, usize) {
        (self.arabic.len(), self.english.len())
    }

    /// Gives the number of an Arabic stem. Numbers stay as they are while the lexicon grows.
    #[must_use]
    pub fn arabic_id(&self, stem: &str) -> Option<u32> {
        self.arabic.id(stem)
    }

    /// Gives the number of an English stem. Numbers stay as they are while the lexicon grows.
    #[must_use]
    pub fn english_id(&self, stem: &str) -> Option<u32> {
        self.english.id(stem)
    }

    /// Gives the Arabic stem of a number.
    ///
    /// # Panics
    /// Where the number came from another lexicon and no stem of this one has it.
    #[must_use]
    pub fn arabic_stem(&self, id: u32) -> &str {
        self.arabic.stem(id)
    }

    /// Gives the English stem of a number.
    ///
    /// # Panics
    /// Where the number came from another lexicon and no stem of this one has it.
    #[must_use]
    pub fn english_stem(&self, id: u32) -> &str {
        self.english.stem(id)
    }

    /// Gives what an Arabic stem may stand for, by its number, ordered by the English numbers.
    ///
    /// # Panics
    /// Where the number came from another lexicon and no stem of this one has it.
    #[must_use]
    pub fn row(&self, arabic_id: u32) -> &[Translation] {
        self.arabic.row(arabic_id)
    }

    /// Gives what an English stem may stand for, by its number, ordered by the Arabic numbers.
    ///
    /// # Panics
    /// Where the number came from another lexicon and no stem of this one has it.
    #[must_use]
    pub fn row_of_english(&self, english_id: u32) -> &[Translation] {
        self.english.row(english_id)
    }

    /// Gives the similarity of two stems by their numbers, 0 where they are no pair.
    ///
    /// # Panics
    /// Where the Arabic number came from another lexicon and no stem of this one has it.
    #[must_use]
    pub fn similarity(&self, arabic_id: u32, english_id: u32) -> f32 {
        let row = self.row(arabic_id);
        row.binary_search_by_key(&english_id, |entry| entry.id).map_or(0.0, |at| row[at].similarity)
    }
}

/// Two lexicons are equal where they hold the same pairs, whatever the numbers of their stems.
impl PartialEq for Lexicon {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

/// Gives the step nearest to a similarity; what is no number is at 0.
fn step(similarity: f32) -> u8 {
    (similarity.clamp(0.0, 1.0).sqrt() * STEPS).round() as u8
}

fn similarity_at(step: u8) -> f32 {
    let root = f32::from(step) / STEPS;
    root * root
}

/// Takes a similarity to the nearest step.
fn rounded(similarity: f32) -> f32 {
    similarity_at(step(similarity))
}

/// Gives the stems of a term's words, without its function words unless it has no others.
fn content_stems(term: &str, language: Language) -> Vec<String> {
    let term = normalise(term);
    let mut stems: Vec<String> = words(&term).map(|word| stem(word, language)).collect();
    if stems.iter().any(|stem| !is_function_stem(stem, language)) {
        stems.retain(|stem| !is_function_stem(stem, language));
    }
    stems
}
