//! Recognises Arabic in Latin letters (Arabizi): `ana mesh 3aref`.

use super::words::arabizi;
use crate::side::PairSide;

/// Particles that other languages have too; they count half.
const PARTICLES: [&str; 13] =
    ["el", "al", "il", "fi", "fel", "fil", "bel", "da", "de", "di", "ya", "w", "la"];

/// Returns whether most of a text in Latin letters is Arabic: words of it, or words with digits for
/// the letters that Latin lacks, and no English function words beside them.
pub(super) fn is_arabizi(side: &PairSide<'_>) -> bool {
    let (mut all, mut score, mut strong, mut lower) = (0.0, 0.0_f32, false, String::new());
    let parts = side.normal.split(|c: char| !c.is_alphanumeric() && c != '\'');
    for part in parts.filter(|part| part.contains(|c: char| c.is_ascii_alphabetic())) {
        all += 1.0;
        lower.clear();
        lower.extend(part.chars().map(|c| c.to_ascii_lowercase()));
        let weight = if has_digit_letter(&lower) {
            2.0
        } else if arabizi().binary_search(&&*lower).is_ok() {
            1.0
        } else if PARTICLES.contains(&&*lower) {
            0.5
        } else {
            0.0
        };
        strong |= weight >= 1.0;
        score += weight;
    }
    let english = side.words.iter().filter(|word| is_english(word.text)).count();
    strong && score >= 2.0 && score * 3.0 >= all && score > 2.0 * english as f32
}

/// Returns whether a word in lower case has a digit in place of a letter: `3aref`, `a7mad`,
/// `sa3a`. Ordinals, units, and names of products do not count.
fn has_digit_letter(word: &str) -> bool {
    let is_digit = |b: &u8| matches!(b, b'2' | b'3' | b'5'..=b'9');
    let bytes = word.as_bytes();
    let letters = bytes.iter().filter(|b| b.is_ascii_lowercase()).count();
    let digits: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at].is_ascii_digit()).collect();
    let vowels = bytes.iter().filter(|b| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y'));
    let is_word = letters >= 2 && vowels.count() > 0 && letters + digits.len() == bytes.len();
    // A number of two digits is a number: covid19, windows10.
    let apart = digits.windows(2).all(|two| two[1] > two[0] + 1);
    let before_letter =
        digits.iter().any(|&at| bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase));
    let unit = digits.first() == Some(&0)
        && matches!(
            &word[1..],
            "am" | "pm" | "mm" | "km" | "nd" | "rd" | "th" | "kg" | "gb" | "mb" | "min" | "mins"
        );
    is_word
        && apart
        && !unit
        && (before_letter || letters >= 3)
        && digits.iter().all(|&at| is_digit(&bytes[at]))
        && !digits.is_empty()
}

/// Returns whether a word is an English function word that Arabizi does not have.
fn is_english(word: &str) -> bool {
    const WORDS: [&str; 24] = [
        "the", "of", "and", "is", "are", "was", "were", "to", "for", "with", "that", "this", "you",
        "it", "on", "at", "by", "from", "be", "have", "has", "not", "your", "my",
    ];
    WORDS.iter().any(|english| english.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_for_letters_within_words_only() {
        for word in ["3aref", "a7mad", "sa3a", "ma3ak", "3ala", "2olt", "7abibi", "law7a"] {
            assert!(has_digit_letter(word), "{word}");
        }
        for word in
            ["2nd", "5pm", "covid19", "h1n1", "windows10", "s21", "mp3", "word", "3d", "k8s"]
        {
            assert!(!has_digit_letter(word), "{word}");
        }
    }
}
