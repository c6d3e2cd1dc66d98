//! Compares an Arabic and a Latin spelling of a name by sound.
//!
//! Both words become sequences of sounds, where a sound is a class of letters that are transcribed
//! as one another (`ق` is q, k or g; `c` is k or s). The distance is a weighted Levenshtein
//! distance: a missing vowel costs little, because Arabic does not write short vowels, and similar
//! sounds cost less than different ones. The weights are in the spirit of Kondrak 2000, "A New
//! Algorithm for the Alignment of Phonetic Sequences", much simplified.

use crate::lazy::Lazy;
use crate::stem::fold_latin;

/// A class of sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sound {
    A,
    I,
    U,
    B,
    T,
    Th,
    J,
    H,
    Kh,
    D,
    R,
    Z,
    S,
    Sh,
    Gh,
    F,
    Q,
    K,
    L,
    M,
    N,
    W,
    Y,
    /// ع, which Latin spellings usually omit.
    Ain,
    /// ة at the end of a word: a, ah, at or nothing.
    Ta,
    /// x.
    Ks,
    /// ch.
    Ch,
}

/// Returns the cost of a sound that the other word lacks.
fn deletion_cost(sound: Sound) -> f32 {
    match sound {
        Sound::A | Sound::Ain | Sound::Ta => 0.15,
        Sound::I | Sound::U => 0.2,
        Sound::W | Sound::Y => 0.35,
        Sound::H => 0.5,
        _ => 1.0,
    }
}

/// Returns the cost of replacing one sound with another.
fn substitution_cost(a: Sound, b: Sound) -> f32 {
    use Sound::{A, Ain, Ch, D, F, Gh, H, I, J, K, Kh, Ks, Q, S, Sh, T, Ta, Th, U, W, Y, Z};
    if a == b {
        return 0.0;
    }
    let cost = |x: Sound, y: Sound| -> f32 {
        match (x, y) {
            (U, W) | (I, Y) | (A, Ta | Ain) | (Q, K) => 0.05,
            (J, Gh) => 0.1,
            (A | Ain, I | U) | (I, U) => 0.2,
            (Ain | A, Y | W) => 0.4,
            (J, Y | Sh | Ch | Z) | (Gh, Q | K | H) | (Kh, K | H | Q) => 0.3,
            (Sh, Ch | S) | (Ch, T | K | J) | (Th, T | S | D | Z) | (D, Z | T) | (Z, S) => 0.3,
            (K, Sh | J | S) | (Q, J) | (S, Ks) | (K, Ks) | (F, W) | (Ta, T | H) => 0.3,
            _ => 1.0,
        }
    };
    cost(a, b).min(cost(b, a))
}

const SOUNDS: [Sound; 27] = {
    use Sound::*;
    [A, I, U, B, T, Th, J, H, Kh, D, R, Z, S, Sh, Gh, F, Q, K, L, M, N, W, Y, Ain, Ta, Ks, Ch]
};

/// [`substitution_cost`] by both sounds.
static SUBSTITUTION_COSTS: Lazy<[[f32; 27]; 27]> =
    Lazy::new(|| SOUNDS.map(|a| SOUNDS.map(|b| substitution_cost(a, b))));

/// Returns the sound of an Arabic letter; `is_last` where it ends the word.
fn arabic_sound(c: char, is_last: bool) -> Option<Sound> {
    Some(match c {
        'ا' | 'أ' | 'إ' | 'آ' | 'ٱ' | 'ى' => Sound::A,
        'ة' => Sound::Ta,
        'ه' if is_last => Sound::H,
        'ب' | 'پ' => Sound::B,
        'ت' | 'ط' => Sound::T,
        'ث' => Sound::Th,
        'ج' | 'چ' => Sound::J,
        'ح' | 'ه' => Sound::H,
        'خ' => Sound::Kh,
        'د' | 'ض' => Sound::D,
        'ذ' | 'ظ' => Sound::Z,
        'ر' => Sound::R,
        'ز' | 'ژ' => Sound::Z,
        'س' | 'ص' => Sound::S,
        'ش' => Sound::Sh,
        'ع' => Sound::Ain,
        'غ' | 'گ' => Sound::Gh,
        'ف' | 'ڤ' => Sound::F,
        'ق' => Sound::Q,
        'ك' | 'ک' => Sound::K,
        'ل' => Sound::L,
        'م' => Sound::M,
        'ن' => Sound::N,
        'و' | 'ؤ' => Sound::U,
        'ي' | 'ی' | 'ئ' => Sound::I,
        _ => return None,
    })
}

/// Returns the sound at the start of lower-case Latin letters and the number of letters it consists
/// of.
fn latin_sound(letters: &[char]) -> (Option<Sound>, usize) {
    if let [a, b, ..] = letters {
        let pair = match (a, b) {
            ('s', 'h') => Some(Sound::Sh),
            ('k', 'h') => Some(Sound::Kh),
            ('g', 'h') => Some(Sound::Gh),
            ('t', 'h') => Some(Sound::Th),
            ('c', 'h') => Some(Sound::Ch),
            ('p', 'h') => Some(Sound::F),
            ('d', 'h') => Some(Sound::Z),
            ('o', 'o' | 'u') => Some(Sound::U),
            ('e', 'e') => Some(Sound::I),
            ('c', 'e' | 'i' | 'y') => return (Some(Sound::S), 1),
            // Arabic writes a doubled letter once.
            (a, b) if a == b => return (None, 1),
            _ => None,
        };
        if pair.is_some() {
            return (pair, 2);
        }
    }
    let sound = match letters[0] {
        'a' => Sound::A,
        'e' | 'i' => Sound::I,
        'y' => Sound::Y,
        'o' | 'u' => Sound::U,
        'b' | 'p' => Sound::B,
        't' => Sound::T,
        'j' | 'g' => Sound::J,
        'h' => Sound::H,
        'd' => Sound::D,
        'r' => Sound::R,
        'z' => Sound::Z,
        's' => Sound::S,
        'f' | 'v' => Sound::F,
        'q' => Sound::Q,
        'k' | 'c' => Sound::K,
        'l' => Sound::L,
        'm' => Sound::M,
        'n' => Sound::N,
        'w' => Sound::W,
        'x' => Sound::Ks,
        _ => return (None, 1),
    };
    (Some(sound), 1)
}

/// Particles that may be written on an Arabic name.
const PARTICLES: [&str; 12] = ["", "و", "ف", "ب", "ل", "ك", "ال", "لل", "وال", "بال", "فال", "كال"];

/// The maximum number of sounds of a word; longer words are truncated.
const MAX_SOUNDS: usize = 24;

/// The sounds of a word, for comparing one word with many.
///
/// ```
/// use nasaq_text::Sounds;
///
/// let name = Sounds::latin("Muhammad");
/// assert!(name.distance(&Sounds::arabic("محمد")) < name.distance(&Sounds::arabic("أحمد")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sounds(Vec<Sound>);

impl Sounds {
    /// Returns the sounds of a normalised Arabic word, particles included.
    #[must_use]
    pub fn arabic(word: &str) -> Self {
        let mut chars = word.chars().peekable();
        let mut sounds = Vec::new();
        while let (Some(c), true) = (chars.next(), sounds.len() < MAX_SOUNDS) {
            // Arabic writes x as كس.
            if c == 'ك' && chars.peek() == Some(&'س') {
                chars.next();
                sounds.push(Sound::Ks);
                continue;
            }
            let sound = arabic_sound(c, chars.peek().is_none());
            // As in Latin spellings, a doubled sound counts once.
            sounds.extend(sound.filter(|sound| sounds.last() != Some(sound)));
        }
        Self(sounds)
    }

    /// Returns the sounds of a word in Latin letters.
    #[must_use]
    pub fn latin(word: &str) -> Self {
        let mut folded = String::new();
        fold_latin(word, &mut folded);
        let letters: Vec<char> = folded.chars().collect();
        let mut sounds = Vec::new();
        let mut at = 0;
        while at < letters.len() && sounds.len() < MAX_SOUNDS {
            let (sound, length) = latin_sound(&letters[at..]);
            sounds.extend(sound);
            at += length;
        }
        Self(sounds)
    }

    /// Returns the sounds of a normalised Arabic word for every way to read its first letters: the
    /// whole word first, then the word without each run of particles that it begins with.
    #[must_use]
    pub fn arabic_forms(word: &str) -> Vec<Self> {
        let names = PARTICLES.iter().filter_map(|particle| word.strip_prefix(particle));
        names.filter(|name| name.chars().nth(1).is_some()).map(Self::arabic).collect()
    }

    /// Returns the number of consonants. A name with only one is too short to be recognised by its
    /// sound.
    #[must_use]
    pub fn consonants(&self) -> usize {
        self.0.iter().filter(|sound| deletion_cost(**sound) >= 0.5).count()
    }

    /// Returns a key that most spellings of one name share: its first twelve consonants, where those
    /// that are often written for each other count as the same.
    ///
    /// It is 0 for a word without consonants. Words with the same key may still be far from each
    /// other by [`distance`](Self::distance).
    #[must_use]
    pub fn consonant_key(&self) -> u64 {
        let class = |sound: Sound| match sound {
            Sound::Th => Sound::T,
            Sound::Kh | Sound::Q => Sound::K,
            Sound::Gh => Sound::J,
            Sound::Z => Sound::S,
            other => other,
        };
        let consonants = self.0.iter().filter(|sound| deletion_cost(**sound) >= 0.5);
        // Five bits hold a class, and twelve classes fill the key.
        consonants.take(12).fold(0, |key, &sound| key << 5 | (class(sound) as u64 + 1))
    }

    /// Returns the distance between two words, from 0 for the same sounds to 1 for nothing in
    /// common.
    ///
    /// It is the cost of the cheapest edits, divided by that of deleting the more expensive word.
    #[must_use]
    pub fn distance(&self, other: &Self) -> f32 {
        let cost = |sounds: &[Sound]| sounds.iter().map(|sound| deletion_cost(*sound)).sum::<f32>();
        let whole = cost(&self.0).max(cost(&other.0));
        if whole == 0.0 {
            return 1.0;
        }
        let mut row = [0.0_f32; MAX_SOUNDS + 1];
        for (at, sound) in other.0.iter().enumerate() {
            row[at + 1] = row[at] + deletion_cost(*sound);
        }
        let costs = &*SUBSTITUTION_COSTS;
        for this in &self.0 {
            let costs = &costs[*this as usize];
            let mut diagonal = row[0];
            row[0] += deletion_cost(*this);
            for (at, that) in other.0.iter().enumerate() {
                let best = (diagonal + costs[*that as usize])
                    .min(row[at] + deletion_cost(*that))
                    .min(row[at + 1] + deletion_cost(*this));
                diagonal = std::mem::replace(&mut row[at + 1], best);
            }
        }
        (row[other.0.len()] / whole).min(1.0)
    }
}

/// Returns the distance by sound between a normalised Arabic word and a word in Latin letters, from
/// 0 to 1. Spellings of one name are usually below 0.25, different names above 0.3.
///
/// The first letters of the Arabic word (و, ب, ال and so on) may be particles or a part of the
/// name; the reading with the smaller distance counts. To compare one word with many, use
/// [`Sounds`].
///
/// ```
/// use nasaq_text::sound_distance;
///
/// assert!(sound_distance("ومحمد", "Muhammad") < 0.2);
/// assert!(sound_distance("لفيليب", "Philippe") < 0.25);
/// assert!(sound_distance("القاهرة", "London") > 0.5);
/// ```
#[must_use]
pub fn sound_distance(arabic: &str, latin: &str) -> f32 {
    let latin = Sounds::latin(latin);
    let forms = Sounds::arabic_forms(arabic);
    forms.iter().map(|form| form.distance(&latin)).fold(1.0, f32::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_is_symmetric_and_zero_for_equal_words() {
        for word in ["محمد", "الإسكندرية", "غوغل"] {
            let sounds = Sounds::arabic(word);
            assert_eq!(sounds.distance(&sounds), 0.0);
            for latin in ["Muhammad", "Alexandria", "x", ""] {
                let latin = Sounds::latin(latin);
                assert!((sounds.distance(&latin) - latin.distance(&sounds)).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn costs_are_in_the_order_of_the_sounds() {
        for (at, sound) in SOUNDS.into_iter().enumerate() {
            assert_eq!(sound as usize, at);
        }
    }

    #[test]
    fn spellings_of_a_name_share_a_key() {
        let key = |word: &str| Sounds::latin(word).consonant_key();
        for (arabic, latin) in [("هشام", "Hisham"), ("قذافي", "Kazafi"), ("طارق", "Tarik")]
        {
            assert_eq!(Sounds::arabic(arabic).consonant_key(), key(latin), "{latin}");
        }
        assert_ne!(key("Hisham"), key("Hashim Mash"));
        // Only the first twelve consonants count.
        assert_eq!(key("btkdrzsflmnbt"), key("btkdrzsflmnbk"));
    }

    #[test]
    fn a_word_without_sounds_has_distance_one() {
        assert_eq!(sound_distance("", "a"), 1.0);
        assert_eq!(sound_distance("١٢", "12"), 1.0);
    }
}
