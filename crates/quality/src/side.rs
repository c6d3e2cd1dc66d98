//! One side of a pair, cut into words once for all features.

use std::collections::HashMap;

use crate::spelling::Spelling;
use nasaq_text::Language;
use nasaq_text::Lexicon;
use nasaq_text::{is_function_stem, stem_into, words};

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// In digits.
    Number,
    /// Of the side's script.
    Own,
    /// Of another script.
    Foreign,
}

/// A word of a side.
#[derive(Clone, Debug)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) kind: Kind,
    /// Its stem's number in the lexicon.
    pub(super) id: Option<u32>,
    /// It carries grammar and little meaning.
    pub(super) function: bool,
    /// Bits that it takes to spell its stem; none where the word is known.
    pub(super) surprise: f32,
}

/// What the lexicon says of a stem.
#[derive(Clone, Copy, Debug)]
struct Entry {
    id: Option<u32>,
    function: bool,
    surprise: f32,
}

/// The stems of both languages, for looking words up fast.
#[derive(Debug)]
pub(super) struct Vocabulary {
    arabic: HashMap<Box<str>, u32>,
    english: HashMap<Box<str>, u32>,
    arabic_spelling: Spelling,
    english_spelling: Spelling,
}

impl Vocabulary {
    pub(super) fn new(lexicon: &Lexicon) -> Self {
        let mut arabic_ids: HashMap<Box<str>, u32> = HashMap::new();
        let mut english_ids: HashMap<Box<str>, u32> = HashMap::new();
        for (arabic, english, _) in lexicon.iter() {
            if let Some(id) = lexicon.arabic_id(arabic)
                && !arabic_ids.contains_key(arabic)
            {
                arabic_ids.insert(arabic.into(), id);
            }
            if let Some(id) = lexicon.english_id(english)
                && !english_ids.contains_key(english)
            {
                english_ids.insert(english.into(), id);
            }
        }
        Self {
            arabic_spelling: Spelling::new(arabic_ids.keys().map(|stem| &**stem)),
            english_spelling: Spelling::new(english_ids.keys().map(|stem| &**stem)),
            arabic: arabic_ids,
            english: english_ids,
        }
    }

    fn entry(&self, stem: &str, language: Language) -> Entry {
        let (ids, spelling) = match language {
            Language::Arabic => (&self.arabic, &self.arabic_spelling),
            Language::English => (&self.english, &self.english_spelling),
        };
        let (id, function) = (ids.get(stem).copied(), is_function_stem(stem, language));
        let known = id.is_some() || function;
        Entry { id, function, surprise: if known { 0.0 } else { spelling.bits(stem) } }
    }
}

/// One side of a pair.
#[derive(Debug)]
pub(super) struct Side<'t> {
    /// The text as it is written.
    pub(super) text: &'t str,
    /// The text as it is compared.
    pub(super) normal: &'t str,
    pub(super) words: Vec<Word<'t>>,
    pub(super) language: Language,
}

impl<'t> Side<'t> {
    pub(super) fn new(
        text: &'t str,
        normal: &'t str,
        language: Language,
        vocabulary: &Vocabulary,
    ) -> Self {
        let mut stem = String::new();
        let words = words(normal)
            .map(|text| {
                let first = text.chars().next().unwrap_or(' ');
                // ½ is no letter of any script.
                let kind = if first.is_numeric() {
                    Kind::Number
                } else if nasaq_text::is_arabic_letter(first) == (language == Language::Arabic) {
                    Kind::Own
                } else {
                    Kind::Foreign
                };
                let entry = if kind == Kind::Own {
                    stem_into(text, language, &mut stem);
                    vocabulary.entry(&stem, language)
                } else {
                    Entry { id: None, function: false, surprise: 0.0 }
                };
                let Entry { id, function, surprise } = entry;
                Word { text, kind, id, function, surprise }
            })
            .collect();
        Self { text, normal, words, language }
    }

    /// Gives the words of the side's own script.
    pub(super) fn own(&self) -> impl Iterator<Item = &Word<'t>> {
        self.words.iter().filter(|word| word.kind == Kind::Own)
    }

    /// Gives the mean length of the words in letters; `None` without a word.
    pub(super) fn word_length(&self) -> Option<f32> {
        share(self.own().map(|word| word.text.chars().count()).sum(), self.own().count())
    }

    /// Gives the share of function words among the words; `None` without a word.
    pub(super) fn function_share(&self) -> Option<f32> {
        share(self.own().filter(|word| word.function).count(), self.own().count())
    }
}

/// Gives a part of a whole; `None` where there is nothing.
pub(super) fn share(part: usize, whole: usize) -> Option<f32> {
    (whole > 0).then(|| (part as f64 / whole as f64) as f32)
}
