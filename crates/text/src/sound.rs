//! How near an Arabic and a Latin spelling of one name sound.
//!
//! Both words become rows of sounds: a sound is a class of letters that stand for each other
//! (`ق` is q, k or g; `c` is k or s). The distance is that of Levenshtein with prices: a vowel that
//! is not written costs little, as Arabic leaves out the short ones; a sound near another costs
//! less than a strange one. After Kondrak's "A New Algorithm for the Alignment of Phonetic
//! Sequences" (2000), much simplified.

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
    /// ع: a letter in Arabic, in English mostly nothing.
    Ain,
    /// ة at the end: a, ah, at or nothing.
    Ta,
    /// x.
    Ks,
    /// ch.
    Ch,
}

/// The price of a sound that the other word lacks.
fn alone(sound: Sound) -> f32 {
    match sound {
        Sound::A | Sound::Ain | Sound::Ta => 0.15,
        Sound::I | Sound::U => 0.2,
        Sound::W | Sound::Y => 0.35,
        Sound::H => 0.5,
        _ => 1.0,
    }
}

/// The price of one sound for another.
fn instead(a: Sound, b: Sound) -> f32 {
    use Sound::{A, Ain, Ch, D, F, Gh, H, I, J, K, Kh, Ks, Q, S, Sh, T, Ta, Th, U, W, Y, Z};
    if a == b {
        return 0.0;
    }
    let near = |x: Sound, y: Sound| -> f32 {
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
    near(a, b).min(near(b, a))
}

fn arabic_sound(c: char, last: bool) -> Option<Sound> {
    Some(match c {
        'ا' | 'أ' | 'إ' | 'آ' | 'ٱ' | 'ى' => Sound::A,
        'ة' => Sound::Ta,
        'ه' if last => Sound::H,
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

/// Gives the sound at the start of lower-case Latin letters, and how many letters it took.
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
            // A doubled letter is written once in Arabic.
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

/// Particles that may be written before an Arabic name; the shortest first.
const PARTICLES: [&str; 12] = ["", "و", "ف", "ب", "ل", "ك", "ال", "لل", "وال", "بال", "فال", "كال"];

/// Sounds of the longest word that is compared.
const LONGEST: usize = 24;

/// The sounds of a word, ready to be compared with those of many others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sounds(Vec<Sound>);

impl Sounds {
    /// Gives the sounds of a normalised Arabic word as it is written.
    #[must_use]
    pub fn arabic(word: &str) -> Self {
        let mut chars = word.chars().peekable();
        let mut sounds = Vec::new();
        while let (Some(c), true) = (chars.next(), sounds.len() < LONGEST) {
            // كس is how Arabic writes an x.
            if c == 'ك' && chars.peek() == Some(&'س') {
                chars.next();
                sounds.push(Sound::Ks);
                continue;
            }
            let sound = arabic_sound(c, chars.peek().is_none());
            // As in Latin: a sound written twice is one.
            sounds.extend(sound.filter(|sound| sounds.last() != Some(sound)));
        }
        Self(sounds)
    }

    /// Gives the sounds of a word in Latin letters.
    #[must_use]
    pub fn latin(word: &str) -> Self {
        let mut folded = String::new();
        fold_latin(word, &mut folded);
        let letters: Vec<char> = folded.chars().collect();
        let mut sounds = Vec::new();
        let mut at = 0;
        while at < letters.len() && sounds.len() < LONGEST {
            let (sound, length) = latin_sound(&letters[at..]);
            sounds.extend(sound);
            at += length;
        }
        Self(sounds)
    }

    /// Gives the sounds of a normalised Arabic word without each run of particles that may stand
    /// before it, the whole word first.
    #[must_use]
    pub fn arabic_forms(word: &str) -> Vec<Self> {
        let stems = PARTICLES.iter().filter_map(|particle| word.strip_prefix(particle));
        stems.filter(|stem| stem.chars().nth(1).is_some()).map(Self::arabic).collect()
    }

    /// Tells how many sounds are no vowels: how much there is to recognise.
    #[must_use]
    pub fn consonants(&self) -> usize {
        self.0.iter().filter(|sound| alone(**sound) >= 0.5).count()
    }

    /// Gives the distance: 0 for the same sounds, 1 for nothing in common.
    #[must_use]
    pub fn distance(&self, other: &Self) -> f32 {
        let price = |sounds: &[Sound]| sounds.iter().map(|sound| alone(*sound)).sum::<f32>();
        let whole = price(&self.0).max(price(&other.0));
        if whole == 0.0 {
            return 1.0;
        }
        let mut row = [0.0_f32; LONGEST + 1];
        for (at, sound) in other.0.iter().enumerate() {
            row[at + 1] = row[at] + alone(*sound);
        }
        for this in &self.0 {
            let mut corner = row[0];
            row[0] += alone(*this);
            for (at, that) in other.0.iter().enumerate() {
                let best = (corner + instead(*this, *that))
                    .min(row[at] + alone(*that))
                    .min(row[at + 1] + alone(*this));
                corner = std::mem::replace(&mut row[at + 1], best);
            }
        }
        (row[other.0.len()] / whole).min(1.0)
    }
}

/// Gives how far a normalised Arabic word is from a word in Latin letters by sound: 0 for the same
/// name, about 0.25 for a likely one, 1 for nothing in common.
///
/// Particles before the Arabic word (و, ب, ال and so on) may be a part of the name or not; the
/// nearer reading counts. [`Sounds`] does the same for many words at a time.
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
    fn distance_is_symmetric_and_nought_for_itself() {
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
    fn nothing_sounds_like_nothing() {
        assert_eq!(sound_distance("", "a"), 1.0);
        assert_eq!(sound_distance("١٢", "12"), 1.0);
    }
}
