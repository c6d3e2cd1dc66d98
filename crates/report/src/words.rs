//! The vocabulary of both sides, and Arabic words that occur in several spellings.
//!
//! Arabic words are grouped after folding the letters that writers and keyboards vary: an alef with
//! or without hamza or madda, a final ة or ه, a final ى or ي, the Persian ک and ی. In each group
//! the most frequent spelling is taken as the standard one, and the tokens of the others are
//! counted. Some of these are different words (كتابه is *his book*, كتابة is *writing*), so a
//! reader has to review the list.

use nasaq_text::words;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::distinct_sketch::DistinctSketch;
use crate::number::{rounded, share};

/// Maximum number of distinct words of a side that are counted exactly.
const CAPACITY: usize = 1 << 17;
/// Maximum number of words whose spellings are listed.
const MAX_LISTED: usize = 30;
/// Minimum length of a word whose spellings are compared, in chars.
const MIN_SKELETON_CHARS: usize = 3;
/// Folded forms that common, different words share, such as على and علي.
const AMBIGUOUS_SKELETONS: &[&str] =
    &["ان", "علي", "اي", "الا", "اما", "الي", "اذا", "لان", "بان", "كان", "او"];

/// The vocabulary of one side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct VocabularyStats {
    /// Whether the counts are exact. Otherwise they are estimates with an error of about three
    /// parts per thousand.
    pub exact: bool,
    /// The number of words in the text.
    pub tokens: u64,
    /// The number of distinct words, ignoring tashkeel and case.
    pub types: u64,
    /// The number of words that occur once.
    pub once: u64,
    /// Distinct words divided by words.
    pub type_token_ratio: f64,
}

/// Arabic words that occur in several spellings.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SpellingReport {
    /// Whether the counts are exact. Otherwise they are estimates.
    pub exact: bool,
    /// Words that occur with and without the hamza or madda of an alef.
    pub hamza: SpellingCount,
    /// Words that occur with final ة and with final ه.
    pub ta_marbuta: SpellingCount,
    /// Words that occur with final ى and with final ي.
    pub ya: SpellingCount,
    /// Words that occur with the Persian ک or ی and with the Arabic letter.
    pub keyboard: SpellingCount,
    /// The words with the most tokens in a rarer spelling, at most 30.
    pub listed: Vec<SpellingGroup>,
}

/// The number of words that differ by one kind of letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SpellingCount {
    /// The number of distinct words.
    pub words: u64,
    /// The number of tokens in the rarer spellings.
    pub tokens: u64,
}

/// The spellings of one word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SpellingGroup {
    /// Each spelling with its number of tokens, the most frequent first.
    pub spellings: Vec<(String, u64)>,
}

/// A spelling and its number of tokens.
type SpellingTally = (Box<str>, u32);

/// The spellings that occur for one folded form.
#[derive(Clone, Debug, Default)]
struct SpellingForms(Vec<SpellingTally>);

/// Collects the words of a corpus.
#[derive(Clone, Debug)]
pub(crate) struct WordsBuilder {
    arabic: DistinctSketch<SpellingForms>,
    english: DistinctSketch<u32>,
    tokens: [u64; 2],
    /// Reused for the folded form of each word.
    buffer: String,
}

/// Writes the folded form of an Arabic word, under which its spellings are grouped.
fn fold_spelling(word: &str, out: &mut String) {
    out.clear();
    out.extend(word.chars().map(|c| match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ک' => 'ك',
        'ی' => 'ي',
        c => c,
    }));
    let last = match out.chars().next_back() {
        Some('ة') => 'ه',
        Some('ى') => 'ي',
        _ => return,
    };
    out.pop();
    out.push(last);
}

impl WordsBuilder {
    pub(crate) fn new() -> Self {
        Self {
            arabic: DistinctSketch::new(CAPACITY),
            english: DistinctSketch::new(CAPACITY),
            tokens: [0; 2],
            buffer: String::new(),
        }
    }

    /// Adds the normalised texts of a row and returns their numbers of words.
    pub(crate) fn add(&mut self, arabic: &str, english: &str) -> [u64; 2] {
        let mut counts = [0, 0];
        for word in words(arabic) {
            counts[0] += 1;
            fold_spelling(word, &mut self.buffer);
            if let Some(forms) = self.arabic.entry(xxh3_64(self.buffer.as_bytes())) {
                forms.add(word);
            }
        }
        for word in words(english) {
            counts[1] += 1;
            self.buffer.clear();
            self.buffer.extend(word.chars().flat_map(char::to_lowercase));
            if let Some(count) = self.english.entry(xxh3_64(self.buffer.as_bytes())) {
                *count += 1;
            }
        }
        self.tokens[0] += counts[0];
        self.tokens[1] += counts[1];
        counts
    }

    /// Returns the vocabulary of the Arabic and of the English side, and the spellings.
    pub(crate) fn finish(self) -> ([VocabularyStats; 2], SpellingReport) {
        let counts = |counts: &mut dyn Iterator<Item = u32>| {
            counts.fold((0, 0), |(types, once), count| (types + 1, once + u64::from(count == 1)))
        };
        let forms = self.arabic.iter().flat_map(|(_, forms)| &forms.0);
        let (types, once) = counts(&mut forms.map(|(_, count)| *count));
        let arabic = vocabulary(&self.arabic, self.tokens[0], types, once);
        let (types, once) = counts(&mut self.english.iter().map(|(_, count)| *count));
        let english = vocabulary(&self.english, self.tokens[1], types, once);
        ([arabic, english], spellings(&self.arabic))
    }
}

impl SpellingForms {
    fn add(&mut self, word: &str) {
        match self.0.iter_mut().find(|(known, _)| **known == *word) {
            Some((_, count)) => *count += 1,
            None => {
                self.0.reserve_exact(1);
                self.0.push((word.into(), 1));
            }
        }
    }
}

fn vocabulary<V: Default>(
    sketch: &DistinctSketch<V>,
    tokens: u64,
    types: u64,
    once: u64,
) -> VocabularyStats {
    let types = sketch.scaled(types).min(tokens);
    VocabularyStats {
        exact: sketch.is_exact(),
        tokens,
        types,
        once: sketch.scaled(once).min(tokens),
        type_token_ratio: rounded(share(types, tokens)),
    }
}

fn spellings(sketch: &DistinctSketch<SpellingForms>) -> SpellingReport {
    let mut found = SpellingReport { exact: sketch.is_exact(), ..SpellingReport::default() };
    let mut groups: Vec<(u64, Vec<SpellingTally>)> = Vec::new();
    for (_, SpellingForms(forms)) in sketch.iter().filter(|(_, forms)| forms.0.len() > 1) {
        let mut forms = forms.clone();
        forms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut folded = String::new();
        fold_spelling(&forms[0].0, &mut folded);
        if AMBIGUOUS_SKELETONS.contains(&&*folded) || folded.chars().count() < MIN_SKELETON_CHARS {
            continue;
        }
        let mut counts = [0_u64; 4];
        for (form, count) in &forms[1..] {
            for (variation, sum) in Variation::ALL.into_iter().zip(&mut counts) {
                *sum += if variation.differs(&forms[0].0, form) { u64::from(*count) } else { 0 };
            }
        }
        let kinds = [&mut found.hamza, &mut found.ta_marbuta, &mut found.ya, &mut found.keyboard];
        for (total, count) in kinds.into_iter().zip(counts) {
            total.words += u64::from(count > 0);
            total.tokens += count;
        }
        let rarer = forms[1..].iter().map(|(_, count)| u64::from(*count)).sum();
        if counts.iter().any(|count| *count > 0) {
            groups.push((rarer, forms));
        }
    }
    for count in [&mut found.hamza, &mut found.ta_marbuta, &mut found.ya, &mut found.keyboard] {
        count.words = sketch.scaled(count.words);
        count.tokens = sketch.scaled(count.tokens);
    }
    groups.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1[0].0.cmp(&b.1[0].0)));
    groups.truncate(MAX_LISTED);
    let group = |(_, forms): (u64, Vec<SpellingTally>)| SpellingGroup {
        spellings: forms.into_iter().map(|(form, count)| (form.into(), u64::from(count))).collect(),
    };
    found.listed = groups.into_iter().map(group).collect();
    found
}

/// A kind of letter by which spellings of one word differ.
#[derive(Clone, Copy, Debug)]
enum Variation {
    Hamza,
    TaMarbuta,
    Ya,
    Keyboard,
}

impl Variation {
    const ALL: [Self; 4] = [Self::Hamza, Self::TaMarbuta, Self::Ya, Self::Keyboard];

    /// Returns whether two spellings of one word differ by this kind of letter.
    fn differs(self, standard: &str, other: &str) -> bool {
        let is_variant = |a: char, b: char| match self {
            // أ and إ distinguish words, so only a bare alef is a variant of either.
            Self::Hamza => a == 'ا' && matches!(b, 'أ' | 'إ' | 'آ' | 'ٱ'),
            Self::TaMarbuta => a == 'ة' && b == 'ه',
            Self::Ya => a == 'ى' && b == 'ي',
            Self::Keyboard => matches!((a, b), ('ک', 'ك') | ('ی', 'ي' | 'ى')),
        };
        standard.chars().zip(other.chars()).any(|(a, b)| is_variant(a, b) || is_variant(b, a))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_are_grouped() {
        let mut builder = WordsBuilder::new();
        let counts =
            builder.add("أحمد أحمد احمد مدرسة مدرسه مصطفى مصطفي كتاب على علي", "The the end");
        assert_eq!(counts, [10, 3]);
        let ([arabic, english], spellings) = builder.finish();
        assert_eq!((arabic.types, arabic.once), (9, 8));
        assert_eq!((english.types, english.once), (2, 1));
        let one = SpellingCount { words: 1, tokens: 1 };
        assert_eq!((spellings.hamza, spellings.ta_marbuta, spellings.ya), (one, one, one));
        assert_eq!(spellings.keyboard, SpellingCount::default());
        assert_eq!(spellings.listed.len(), 3);
        assert_eq!(spellings.listed[0].spellings[0], ("أحمد".to_owned(), 2));
    }

    #[test]
    fn hamza_above_and_below_are_different_words() {
        let mut builder = WordsBuilder::new();
        builder.add("إمام أمام إمام", "");
        let (_, spellings) = builder.finish();
        assert_eq!(spellings.hamza, SpellingCount::default());
        assert!(spellings.listed.is_empty());
    }

    #[test]
    fn persian_letters_count_as_keyboard_variants() {
        let mut builder = WordsBuilder::new();
        builder.add("كبير کبیر في فی", "");
        let (_, spellings) = builder.finish();
        assert_eq!(spellings.keyboard, SpellingCount { words: 1, tokens: 1 });
    }
}
