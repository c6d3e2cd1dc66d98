//! The vocabulary of both sides, and Arabic words that are spelt in several ways.
//!
//! Words meet under the letters that writers and keyboards vary: an alef with or without its hamza
//! or madda, a final ة or ه, a final ى or ي, the Persian ک and ی. Of the spellings of one word, the
//! most frequent one is taken as usual, and the tokens of the others are counted. Some are other
//! words (كتابه is *his book*, كتابة *writing*), so what is listed wants a reader.

use nasaq_text::words;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use crate::number::rounded;
use crate::sketch::Sketch;

/// Distinct words that are kept, a side.
const CAPACITY: usize = 1 << 17;
const LISTED: usize = 30;
/// Words that differ by these letters alone and are different words.
const APART: &[&str] = &["ان", "علي", "اي", "الا", "اما", "الي", "اذا", "لان", "بان", "كان", "او"];

/// The words of one side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Vocabulary {
    /// The counts are exact; otherwise they are off by about three in a thousand.
    pub exact: bool,
    /// Words, each time that they are written.
    pub tokens: u64,
    /// Distinct words, tashkeel and case aside.
    pub types: u64,
    /// Words that are written once.
    pub once: u64,
    /// Types by tokens.
    pub type_token_ratio: f64,
}

/// Arabic words that are spelt in several ways.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Spellings {
    /// The counts are exact.
    pub exact: bool,
    /// Words with an alef that has its hamza or madda here and not there.
    pub hamza: SpellingCount,
    /// Words that end in ة here and in ه there.
    pub ta_marbuta: SpellingCount,
    /// Words that end in ى here and in ي there.
    pub ya: SpellingCount,
    /// Words with the Persian ک or ی here and not there.
    pub keyboard: SpellingCount,
    /// The words with the most tokens of an unusual spelling.
    pub listed: Vec<SpellingGroup>,
}

/// How many words vary in one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SpellingCount {
    /// Words.
    pub words: u64,
    /// Tokens of the rarer spellings.
    pub tokens: u64,
}

/// A word and its spellings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpellingGroup {
    /// Spellings with how often each is written, the most frequent first.
    pub spellings: Vec<(String, u64)>,
}

/// A spelling and how often it was met.
type Form = (Box<str>, u32);

/// The spellings of one word that were met.
#[derive(Clone, Debug, Default)]
struct Forms(Vec<Form>);

/// Gathers the words of a corpus.
#[derive(Clone, Debug)]
pub(crate) struct WordsBuilder {
    arabic: Sketch<Forms>,
    english: Sketch<u32>,
    tokens: [u64; 2],
    buffer: String,
}

/// What words meet under.
fn skeleton(word: &str, out: &mut String) {
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
            arabic: Sketch::new(CAPACITY),
            english: Sketch::new(CAPACITY),
            tokens: [0; 2],
            buffer: String::new(),
        }
    }

    /// Adds the normalised texts of a row and gives how many words they have.
    pub(crate) fn add(&mut self, arabic: &str, english: &str) -> [u64; 2] {
        let mut counts = [0, 0];
        for word in words(arabic) {
            counts[0] += 1;
            skeleton(word, &mut self.buffer);
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

    /// Gives the vocabulary of the Arabic and of the English side, and the spellings.
    pub(crate) fn finish(self) -> ([Vocabulary; 2], Spellings) {
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

impl Forms {
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

fn vocabulary<V: Default>(sketch: &Sketch<V>, tokens: u64, types: u64, once: u64) -> Vocabulary {
    let types = sketch.scaled(types).min(tokens);
    Vocabulary {
        exact: sketch.is_exact(),
        tokens,
        types,
        once: sketch.scaled(once).min(tokens),
        type_token_ratio: rounded(crate::number::share(types, tokens)),
    }
}

fn spellings(sketch: &Sketch<Forms>) -> Spellings {
    let mut found = Spellings { exact: sketch.is_exact(), ..Spellings::default() };
    let mut groups: Vec<(u64, Vec<Form>)> = Vec::new();
    for (_, Forms(forms)) in sketch.iter().filter(|(_, forms)| forms.0.len() > 1) {
        let mut forms = forms.clone();
        forms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut skeleton_of = String::new();
        skeleton(&forms[0].0, &mut skeleton_of);
        if APART.contains(&&*skeleton_of) || skeleton_of.chars().count() < 3 {
            continue;
        }
        let mut counts = [0_u64; 4];
        for (form, count) in &forms[1..] {
            for (way, sum) in counts.iter_mut().enumerate() {
                *sum += if varies(&forms[0].0, form, way) { u64::from(*count) } else { 0 };
            }
        }
        let kinds = [&mut found.hamza, &mut found.ta_marbuta, &mut found.ya, &mut found.keyboard];
        for (into, count) in kinds.into_iter().zip(counts) {
            into.words += u64::from(count > 0);
            into.tokens += count;
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
    groups.truncate(LISTED);
    let group = |(_, forms): (u64, Vec<Form>)| SpellingGroup {
        spellings: forms.into_iter().map(|(form, count)| (form.into(), u64::from(count))).collect(),
    };
    found.listed = groups.into_iter().map(group).collect();
    found
}

/// Tells whether two spellings of one word differ in a way: 0 hamza, 1 ta marbuta, 2 ya, 3 keyboard.
fn varies(usual: &str, other: &str, way: usize) -> bool {
    let is = |a: char, b: char| match way {
        // أ and إ are two careful spellings, of two words; only a bare alef is a careless one.
        0 => a == 'ا' && matches!(b, 'أ' | 'إ' | 'آ' | 'ٱ'),
        1 => a == 'ة' && b == 'ه',
        2 => a == 'ى' && b == 'ي',
        _ => matches!((a, b), ('ک', 'ك') | ('ی', 'ي' | 'ى')),
    };
    usual.chars().zip(other.chars()).any(|(a, b)| is(a, b) || is(b, a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_meet_under_the_letters_that_vary() {
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
    fn two_hamzas_are_two_words() {
        let mut builder = WordsBuilder::new();
        builder.add("إمام أمام إمام", "");
        let (_, spellings) = builder.finish();
        assert_eq!(spellings.hamza, SpellingCount::default());
        assert!(spellings.listed.is_empty());
    }

    #[test]
    fn persian_letters_are_the_keyboards() {
        let mut builder = WordsBuilder::new();
        builder.add("كبير کبیر في فی", "");
        let (_, spellings) = builder.finish();
        assert_eq!(spellings.keyboard, SpellingCount { words: 1, tokens: 1 });
    }
}
