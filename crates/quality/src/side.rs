//! One side of a pair, split into words once for all features.

use std::hash::{BuildHasherDefault, Hasher};

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;
use xxhash_rust::xxh3::xxh3_64;

use crate::spelling::Spelling;
use nasaq_text::Language;
use nasaq_text::Lexicon;
use nasaq_text::{is_function_stem, stem_into, words};

/// The kind of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordKind {
    /// A number in digits.
    Number,
    /// A word in the script of the side's language.
    Native,
    /// A word in another script.
    Foreign,
    /// A word in Latin script that a translation rightly keeps, on either side.
    Kept,
}

/// A word of a side.
#[derive(Clone, Debug)]
pub(super) struct PairWord<'t> {
    pub(super) text: &'t str,
    pub(super) kind: WordKind,
    /// The id of its stem in the lexicon; for a kept word that both sides have, one above these.
    pub(super) id: Option<u32>,
    /// Whether it is a function word.
    pub(super) function: bool,
    /// The surprise of the spelling of its stem, in bits; 0 for a known word.
    pub(super) surprise: f32,
}

type StemIds = HashMap<u64, u32, BuildHasherDefault<HashedKey>>;

/// A hasher for keys that are hashes.
#[derive(Clone, Copy, Debug, Default)]
struct HashedKey(u64);

impl Hasher for HashedKey {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// What is known about a stem.
#[derive(Clone, Copy, Debug)]
struct StemInfo {
    id: Option<u32>,
    function: bool,
    surprise: f32,
}

/// The stems of the lexicon with their ids, by the hash of the stem: a look-up touches one entry and
/// no string.
#[derive(Debug)]
pub(super) struct Vocabulary {
    arabic: StemIds,
    english: StemIds,
    arabic_spelling: Spelling,
    english_spelling: Spelling,
}

impl Vocabulary {
    pub(super) fn new(lexicon: &Lexicon) -> Self {
        let (mut arabic, mut english) = (StemIds::default(), StemIds::default());
        let (mut arabic_stems, mut english_stems) = (Vec::new(), Vec::new());
        for (arabic_stem, english_stem, _) in lexicon.iter() {
            if let Entry::Vacant(entry) = arabic.entry(xxh3_64(arabic_stem.as_bytes()))
                && let Some(id) = lexicon.arabic_id(arabic_stem)
            {
                entry.insert(id);
                arabic_stems.push(arabic_stem);
            }
            if let Entry::Vacant(entry) = english.entry(xxh3_64(english_stem.as_bytes()))
                && let Some(id) = lexicon.english_id(english_stem)
            {
                entry.insert(id);
                english_stems.push(english_stem);
            }
        }
        Self {
            arabic_spelling: Spelling::new(arabic_stems.iter().copied()),
            english_spelling: Spelling::new(english_stems.iter().copied()),
            arabic,
            english,
        }
    }

    fn stem_info(&self, stem: &str, language: Language) -> StemInfo {
        let (ids, spelling) = match language {
            Language::Arabic => (&self.arabic, &self.arabic_spelling),
            Language::English => (&self.english, &self.english_spelling),
        };
        let id = ids.get(&xxh3_64(stem.as_bytes())).copied();
        let function = is_function_stem(stem, language);
        let known = id.is_some() || function;
        StemInfo { id, function, surprise: if known { 0.0 } else { spelling.bits(stem) } }
    }
}

/// One side of a pair.
#[derive(Debug)]
pub(super) struct PairSide<'t> {
    /// The original text.
    pub(super) text: &'t str,
    /// The normalised text.
    pub(super) normal: &'t str,
    pub(super) words: Vec<PairWord<'t>>,
    pub(super) language: Language,
}

impl<'t> PairSide<'t> {
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
                // ½ is numeric and has no script.
                let kind = if first.is_numeric() {
                    WordKind::Number
                } else if nasaq_text::is_arabic_letter(first) == (language == Language::Arabic) {
                    WordKind::Native
                } else {
                    WordKind::Foreign
                };
                let info = if kind == WordKind::Native {
                    stem_into(text, language, &mut stem);
                    vocabulary.stem_info(&stem, language)
                } else {
                    StemInfo { id: None, function: false, surprise: 0.0 }
                };
                let StemInfo { id, function, surprise } = info;
                PairWord { text, kind, id, function, surprise }
            })
            .collect();
        Self { text, normal, words, language }
    }

    /// Returns the words in the script of the side's language.
    /// Returns the byte at which a word of this side begins in the normalised text.
    pub(super) fn offset(&self, word: &PairWord<'_>) -> usize {
        // A word is a slice of the text, so its offset is the difference of their addresses.
        word.text.as_ptr() as usize - self.normal.as_ptr() as usize
    }

    /// Marks words as kept. If the other side has them too, they get an id that depends on their
    /// letters, so that they match there.
    pub(super) fn keep(&mut self, words: &[usize], is_shared: bool) {
        for &at in words {
            let word = &mut self.words[at];
            (word.kind, word.function) = (WordKind::Kept, false);
            word.id = is_shared.then(|| kept_id(word.text));
        }
    }

    /// Returns the byte ranges of the kept words in the normalised text.
    pub(super) fn kept(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let kept = self.words.iter().filter(|word| word.kind == WordKind::Kept);
        kept.map(|word| self.offset(word)..self.offset(word) + word.text.len())
    }

    pub(super) fn native_words(&self) -> impl Iterator<Item = &PairWord<'t>> {
        self.words.iter().filter(|word| word.kind == WordKind::Native)
    }

    /// Returns the mean length of the native words in letters; `None` without such a word.
    pub(super) fn word_length(&self) -> Option<f32> {
        share(
            self.native_words().map(|word| word.text.chars().count()).sum(),
            self.native_words().count(),
        )
    }

    /// Returns the share of function words among the native words; `None` without such a word.
    pub(super) fn function_share(&self) -> Option<f32> {
        share(self.native_words().filter(|word| word.function).count(), self.native_words().count())
    }
}

/// Returns an id above those of the lexicon for a word in Latin letters, without case and plural.
fn kept_id(word: &str) -> u32 {
    let lower = word.to_ascii_lowercase();
    let bare = lower.strip_suffix("'s").unwrap_or(&lower);
    let bare = bare.strip_suffix('s').filter(|bare| bare.len() > 2).unwrap_or(bare);
    1 << 31 | xxh3_64(bare.as_bytes()) as u32
}

/// Returns `part / whole`, or `None` if `whole` is 0.
pub(super) fn share(part: usize, whole: usize) -> Option<f32> {
    (whole > 0).then(|| (part as f64 / whole as f64) as f32)
}
