//! Fluency: how likely the letters of a text are to follow each other.
//!
//! A model of letters, each by the two before it, learned from the stems of the lexicon when it is
//! loaded, with the sides of a word as letters. Text whose letters were lost, swapped or read in a
//! wrong encoding is unlikely, even where its pieces look like words.

use super::side::{Kind, Side};
use crate::language::Language;
use crate::lexicon::Lexicon;

/// Letters that are told apart: the side of a word, a letter that is none of the alphabet, and the
/// alphabet.
const LETTERS: usize = 48;
const EDGE: usize = 0;
const OTHER: usize = 1;
/// What every pair of letters has seen before anything was seen, of each letter.
const UNSEEN: f64 = 0.05;

/// What a letter is in the table.
fn letter(c: char, language: Language) -> usize {
    match (language, c) {
        (Language::English, 'a'..='z') => 2 + (c as usize - 'a' as usize),
        (Language::English, 'A'..='Z') => 2 + (c as usize - 'A' as usize),
        (Language::English, '\'') => 28,
        (Language::Arabic, 'أ' | 'إ' | 'آ' | 'ا') => 2,
        (Language::Arabic, 'ى' | 'ي') => 3,
        (Language::Arabic, 'ة' | 'ه') => 4,
        (Language::Arabic, '\u{621}'..='\u{64A}') => 5 + (c as usize - 0x621),
        _ => OTHER,
    }
}

/// The model of one language.
#[derive(Debug)]
struct Letters {
    language: Language,
    /// Logarithm of the chance of the third letter after the first two.
    logs: Vec<f32>,
}

fn at(a: usize, b: usize, c: usize) -> usize {
    (a * LETTERS + b) * LETTERS + c
}

impl Letters {
    fn new<'w>(words: impl Iterator<Item = &'w str>, language: Language) -> Self {
        let mut counts = vec![0.0_f64; LETTERS * LETTERS * LETTERS];
        for word in words {
            each(word, language, |place| counts[place] += 1.0);
        }
        let mut logs = vec![0.0; counts.len()];
        for (row, out) in counts.chunks(LETTERS).zip(logs.chunks_mut(LETTERS)) {
            let all = row.iter().sum::<f64>() + UNSEEN * LETTERS as f64;
            for (count, log) in row.iter().zip(out) {
                *log = libm::log((count + UNSEEN) / all) as f32;
            }
        }
        Self { language, logs }
    }
}

/// Calls `each` with the place of every letter of a word and of its end.
fn each(word: &str, language: Language, mut each: impl FnMut(usize)) {
    let (mut a, mut b) = (EDGE, EDGE);
    for c in word.chars().map(|c| letter(c, language)).chain([EDGE]) {
        each(at(a, b, c));
        (a, b) = (b, c);
    }
}

/// The models of both languages.
#[derive(Debug)]
pub(super) struct Fluency {
    arabic: Letters,
    english: Letters,
}

impl Fluency {
    pub(super) fn new(lexicon: &Lexicon) -> Self {
        let mut last = "";
        let arabic = lexicon.iter().map(|(arabic, ..)| arabic).filter(move |stem| {
            let new = *stem != last;
            last = stem;
            new
        });
        Self {
            arabic: Letters::new(arabic, Language::Arabic),
            english: Letters::new(lexicon.iter().map(|(_, english, _)| english), Language::English),
        }
    }

    /// Gives the mean logarithm of the letters' chances, over the words of the side's own script;
    /// `None` without one.
    pub(super) fn rate(&self, side: &Side<'_>) -> Option<f32> {
        let letters = match side.language {
            Language::Arabic => &self.arabic,
            Language::English => &self.english,
        };
        let (mut sum, mut count) = (0.0_f64, 0_u32);
        for word in side.words.iter().filter(|word| word.kind == Kind::Own) {
            each(word.text, letters.language, |place| {
                sum += f64::from(letters.logs[place]);
                count += 1;
            });
        }
        (count > 0).then(|| (sum / f64::from(count)) as f32)
    }
}
