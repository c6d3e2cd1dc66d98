//! The words of a bead and which of them match, by the lexicon, by their letters and digits, and
//! for names by their sound.

#[cfg(feature = "server")]
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::ops::Range;

use nasaq_text::{
    Language, Lexicon, Sounds, is_function_stem, normalise_with_offsets, stem, words,
};

use crate::doubt::BeadTexts;

/// The maximum distance by sound between two spellings of one name, and the minimum number of
/// consonants, as in the features of `nasaq score`.
const MAX_DISTANCE: f32 = 0.3;
const MIN_CONSONANTS: usize = 2;
/// Beads of more words than this on a side are not compared by sound, which takes the product of
/// both.
const MAX_WORDS: usize = 1500;

/// A word of a segment.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) segment: usize,
    pub(crate) bytes: Range<usize>,
    text: String,
    stem: String,
    is_function: bool,
    /// An English word with a capital that does not begin a sentence.
    is_name: bool,
}

/// The words of both sides and whether each has a match.
#[derive(Debug)]
pub(crate) struct BeadWords {
    sides: [Vec<Word>; 2],
    is_matched: [Vec<bool>; 2],
    /// The words that match each other, as indices of source and target.
    pairs: Vec<(usize, usize)>,
}

impl BeadWords {
    pub(crate) fn new(texts: BeadTexts<'_>, lexicon: &Lexicon) -> Self {
        let sides = [0, 1].map(|side| side_words(texts.segments[side], texts.languages[side]));
        let is_matched = sides.each_ref().map(|words| vec![false; words.len()]);
        let mut matched = Self { sides, is_matched, pairs: Vec::new() };
        matched.match_stems(lexicon, texts.languages);
        matched.match_sounds(texts.languages);
        matched
    }

    /// Returns the source and target words that match each other.
    #[cfg(feature = "server")]
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&Word, &Word)> {
        let distinct: BTreeSet<(usize, usize)> = self.pairs.iter().copied().collect();
        distinct.into_iter().map(|(src, tgt)| (&self.sides[0][src], &self.sides[1][tgt]))
    }

    /// Returns how many content words have a match, and how many there are.
    pub(crate) fn matched(&self) -> (usize, usize) {
        let mut counts = (0, 0);
        for (words, is_matched) in self.sides.iter().zip(&self.is_matched) {
            for (_, matched) in words.iter().zip(is_matched).filter(|(word, _)| !word.is_function) {
                counts.0 += usize::from(*matched);
                counts.1 += 1;
            }
        }
        counts
    }

    /// Returns the names of the English side that nothing matches.
    pub(crate) fn unmatched_names(&self, english: usize) -> impl Iterator<Item = &Word> {
        let words = self.sides[english].iter().zip(&self.is_matched[english]);
        let is_long = |word: &Word| Sounds::latin(&word.text).consonants() >= MIN_CONSONANTS;
        words
            .filter(move |(word, matched)| word.is_name && !**matched && is_long(word))
            .map(|(word, _)| word)
    }

    fn match_stems(&mut self, lexicon: &Lexicon, languages: [Language; 2]) {
        let mut by_stem: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, word) in self.sides[1].iter().enumerate() {
            by_stem.entry(&word.stem).or_default().push(index);
        }
        for (index, word) in self.sides[0].iter().enumerate() {
            let mut candidates: Vec<&str> = match languages[0] {
                Language::Arabic => {
                    lexicon.translations(&word.stem).map(|(stem, _)| stem).collect()
                }
                Language::English => {
                    lexicon.translations_of_english(&word.stem).map(|(stem, _)| stem).collect()
                }
            };
            candidates.push(&word.stem);
            for found in candidates.iter().filter_map(|stem| by_stem.get(stem)).flatten() {
                self.is_matched[0][index] = true;
                self.is_matched[1][*found] = true;
                self.pairs.push((index, *found));
            }
        }
    }

    fn match_sounds(&mut self, languages: [Language; 2]) {
        let Some(english) = languages.iter().position(|language| *language == Language::English)
        else {
            return;
        };
        let arabic = 1 - english;
        if self.sides.iter().any(|words| words.len() > MAX_WORDS)
            || languages[arabic] != Language::Arabic
        {
            return;
        }
        let forms: Vec<(usize, Sounds)> = self.sides[arabic]
            .iter()
            .enumerate()
            .filter(|(_, word)| !word.is_function)
            .flat_map(|(index, word)| {
                Sounds::arabic_forms(&word.text).into_iter().map(move |form| (index, form))
            })
            .filter(|(_, form)| form.consonants() >= MIN_CONSONANTS)
            .collect();
        for index in 0..self.sides[english].len() {
            let word = &self.sides[english][index];
            if !word.is_name {
                continue;
            }
            let sounds = Sounds::latin(&word.text);
            let is_near = |form: &Sounds| {
                form.consonants().abs_diff(sounds.consonants()) <= 2
                    && form.distance(&sounds) <= MAX_DISTANCE
            };
            for (found, _) in forms.iter().filter(|(_, form)| is_near(form)) {
                self.is_matched[english][index] = true;
                self.is_matched[arabic][*found] = true;
                self.pairs.push(if arabic == 0 { (*found, index) } else { (index, *found) });
            }
        }
    }
}

fn side_words(segments: &[(usize, &str)], language: Language) -> Vec<Word> {
    let mut found = Vec::new();
    for &(segment, text) in segments {
        let normal = normalise_with_offsets(text);
        let normal_text = normal.text();
        let mut end = 0;
        let first = found.len();
        for word in words(normal_text) {
            let start = word.as_ptr() as usize - normal_text.as_ptr() as usize;
            let gap = &normal_text[end..start];
            end = start + word.len();
            let stem = stem(word, language);
            let is_function = is_function_stem(&stem, language);
            let begins = found.len() == first
                || gap.contains(['.', '!', '?', ':', '"', '\n', '(', '-', ';']);
            let is_capital = word.chars().next().is_some_and(char::is_uppercase) && word.len() > 2;
            found.push(Word {
                segment,
                bytes: normal.range(start..end),
                text: word.to_owned(),
                stem,
                is_function,
                is_name: language == Language::English && is_capital && !begins && !is_function,
            });
        }
        // In a heading in capitals or title case, capitals are no evidence of names.
        let words = &mut found[first..];
        let capitals =
            words.iter().filter(|word| word.text.starts_with(char::is_uppercase)).count();
        if words.len() > 3 && capitals * 10 > words.len() * 8 {
            words.iter_mut().for_each(|word| word.is_name = false);
        }
    }
    found
}
