//! Terms of a bitext: words and phrases that it translates in the same way again and again.
//!
//! 1. Words are linked in each pair ([`links`]): by the lexicon, or because they are in the same pairs
//!    more often than apart.
//! 2. Phrases whose words are linked to each other and to nothing else are counted ([`pairs`]), as in
//!    Koehn, Och and Marcu 2003, "Statistical Phrase-Based Translation".
//! 3. Of competing translations, the one with the highest score is taken, and each phrase once
//!    ([`select`]), as in Melamed 2000, "Models of Translational Equivalence among Words". A term that
//!    is only ever a part of a longer one is dropped.

use nasaq_text::{Language, Lexicon};

mod links;
mod pairs;
mod phrases;
mod select;
mod side;

use side::TermSide;

/// The maximum number of words of a side of a pair in which terms are looked for.
const MAX_WORDS: usize = 1_000;

/// What [`TermFinder`] takes for a term.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TermSettings {
    /// The minimum number of pairs in which a term has its translation; at least 2.
    pub min_count: u32,
    /// The maximum number of words of a term, 1 to 8.
    pub max_words: usize,
    /// The minimum score of a term, 0 to 1.
    pub min_score: f32,
    /// How many pairs are named as examples of a term.
    pub examples: usize,
}

impl Default for TermSettings {
    fn default() -> Self {
        Self { min_count: 2, max_words: 4, min_score: 0.3, examples: 3 }
    }
}

/// A term with its translation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Term {
    /// The term as it is most often written in the source, without marks on its letters.
    pub src: String,
    /// Its translation as it is most often written in the target.
    pub tgt: String,
    /// In how many pairs the term has this translation.
    pub count: u32,
    /// How many pairs contain the term in the source.
    pub src_count: u32,
    /// How many pairs contain the translation in the target.
    pub tgt_count: u32,
    /// Dice's coefficient of the counts, 0 to 1, with half a pair taken from `count`, so that rare
    /// terms have a lower score than frequent ones.
    pub score: f32,
    /// Whether the term is one word on either side and the lexicon has the pair: such terms belong
    /// to general language more often than others.
    pub is_known: bool,
    /// The indices of the first pairs that contain it, in the order in which pairs were added.
    pub examples: Vec<u64>,
}

/// Finds the terms of a bitext.
///
/// It holds the words of all pairs: about 12 bytes per word.
///
/// ```
/// use nasaq::{Language, Lexicon, TermFinder, TermSettings};
///
/// let lexicon = Lexicon::empty();
/// let mut finder = TermFinder::new(&lexicon, Language::Arabic, TermSettings::default());
/// finder.add("بنى العمال محطة التحلية.", "The workers built the desalination plant.");
/// finder.add("تعمل محطة التحلية ليلاً.", "The desalination plant runs at night.");
/// finder.add("وصل القطار.", "The train arrived.");
/// let terms = finder.find();
/// assert_eq!((&*terms[0].src, &*terms[0].tgt), ("محطة التحلية", "desalination plant"));
/// assert_eq!((terms[0].count, &*terms[0].examples), (2, &[0, 1][..]));
/// ```
#[derive(Clone, Debug)]
pub struct TermFinder<'a> {
    lexicon: &'a Lexicon,
    settings: TermSettings,
    is_arabic_source: bool,
    sides: [TermSide; 2],
}

impl<'a> TermFinder<'a> {
    /// Creates a finder without pairs. Settings outside their ranges are clamped.
    #[must_use]
    pub fn new(lexicon: &'a Lexicon, src_language: Language, mut settings: TermSettings) -> Self {
        let is_arabic_source = src_language == Language::Arabic;
        let languages = match is_arabic_source {
            true => [Language::Arabic, Language::English],
            false => [Language::English, Language::Arabic],
        };
        settings.min_count = settings.min_count.max(2);
        settings.max_words = settings.max_words.clamp(1, 8);
        settings.min_score = settings.min_score.clamp(0.0, 1.0);
        let sides = languages.map(TermSide::new);
        Self { lexicon, settings, is_arabic_source, sides }
    }

    /// Adds a pair of texts. A pair with an empty side is counted and has no terms.
    pub fn add(&mut self, src: &str, tgt: &str) {
        let [src_side, tgt_side] = &mut self.sides;
        src_side.add(src);
        tgt_side.add(tgt);
    }

    /// Returns the number of pairs that were added.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.sides[0].len()
    }

    /// Returns the number of pairs with more than 1,000 words on a side, which are counted and have
    /// no terms: linking words takes time by the product of both sides.
    #[must_use]
    pub fn long_pairs(&self) -> usize {
        let is_long = |row: &usize| self.sides.iter().any(|side| side.text(*row).len() > MAX_WORDS);
        (0..self.pairs()).filter(is_long).count()
    }

    /// Returns the terms, the most frequent and certain first.
    #[must_use]
    pub fn find(&self) -> Vec<Term> {
        let links = links::WordLinks::learn(self);
        let phrases =
            self.sides.each_ref().map(|side| phrases::Phrases::count(side, &self.settings));
        let pairs = pairs::count(self, &links, &phrases);
        select::select(self, &phrases, pairs)
    }

    /// Returns how similar two words are by the lexicon; 0 if it does not have them. `src` and
    /// `tgt` are stems by their ids.
    fn known_similarity(&self, src: u32, tgt: u32) -> f32 {
        let [src, tgt] = [self.sides[0].stem(src), self.sides[1].stem(tgt)];
        let (arabic, english) = if self.is_arabic_source { (src, tgt) } else { (tgt, src) };
        match (self.lexicon.arabic_id(arabic), self.lexicon.english_id(english)) {
            (Some(arabic), Some(english)) => self.lexicon.similarity(arabic, english),
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests;
