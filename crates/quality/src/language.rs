//! Estimates whether a side is in its language: by function words and letters first, and by
//! whatlang's trigrams if those do not decide.
//!
//! Persian and Urdu have letters and function words that Arabic does not have. Texts without any of
//! them are left to whatlang, as is the distinction between English and other languages in Latin
//! script. A short text without evidence is undecided.

use crate::side::PairSide;
use nasaq_text::Language;

/// Returns whether a character is a letter of Persian or Urdu that Arabic does not have.
fn is_persian_or_urdu(c: char) -> bool {
    matches!(c, 'پ' | 'چ' | 'ژ' | 'گ' | 'ٹ' | 'ڈ' | 'ڑ' | 'ے' | 'ں' | 'ھ' | 'ہ' | 'ۃ' | 'ۂ')
}

/// Returns whether a character is the Persian and Urdu form of ي or ك. Arabic typed on a Persian
/// keyboard has them too.
fn is_persian_form(c: char) -> bool {
    matches!(c, 'ی' | 'ک')
}

/// Function words of Persian and Urdu that are not Arabic words.
const PERSIAN_OR_URDU: &[&str] = &[
    "است", "این", "که", "را", "از", "با", "برای", "شد", "شود", "می", "ها", "های", "بود", "هم",
    "کرد", "کند", "اند", "یک", "آن", "در", "به", "نیز", "خود", "ہے", "کے", "کی", "کا", "میں",
    "اور", "سے", "نے", "پر", "کو", "ہیں", "تھا", "گیا", "یہ", "ایک", "نہیں", "وہ", "جو", "بھی",
];

/// The number of letters below which a trigram decision has less weight.
const SHORT: usize = 20;

/// Returns the confidence that a side is in its language: 1 it is, 0.5 undecided, 0 it is not;
/// `None` without a letter.
pub(super) fn language(side: &PairSide<'_>) -> Option<f32> {
    let letters = side.text.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0 {
        return None;
    }
    Some(match side.language {
        Language::Arabic => arabic(side, letters),
        Language::English => english(side, letters),
    })
}

fn arabic(side: &PairSide<'_>, letters: usize) -> f32 {
    let count = |is: fn(char) -> bool| side.text.chars().filter(|c| is(*c)).count();
    let (foreign_letters, forms) = (count(is_persian_or_urdu), count(is_persian_form));
    let native = side.native_words().count();
    if native == 0 {
        return trigrams(side.text, letters, whatlang::Lang::Ara);
    }
    let foreign = side.native_words().filter(|word| PERSIAN_OR_URDU.contains(&word.text)).count();
    // The article and ة occur in every few words of Arabic, but in Persian and Urdu only in
    // loanwords.
    let article = |text: &str| {
        ["ال", "وال", "بال", "لل", "فال", "كال"].iter().any(|article| text.starts_with(article))
            && text.chars().count() > 4
    };
    let marked = side
        .native_words()
        .filter(|word| article(word.text) || word.text.ends_with(['ة', 'ى']) || word.function)
        .count();
    let share = |count: usize| count as f32 / native as f32;
    let against = share(foreign) + 3.0 * (foreign_letters + forms / 2) as f32 / letters as f32;
    if share(marked) >= 0.15 && share(marked) > 2.0 * against {
        return 1.0;
    }
    if against >= 0.2 {
        return 0.0;
    }
    trigrams(side.text, letters, whatlang::Lang::Ara)
}

fn english(side: &PairSide<'_>, letters: usize) -> f32 {
    let native = side.native_words().count();
    let function = side.native_words().filter(|word| word.function).count();
    let ascii = side.native_words().all(|word| word.text.is_ascii());
    // In other languages, about one word in ten equals an English function word (in, a, me, on).
    if native >= 4 && function * 4 >= native && ascii {
        return 1.0;
    }
    trigrams(side.text, letters, whatlang::Lang::Eng)
}

fn trigrams(text: &str, letters: usize, language: whatlang::Lang) -> f32 {
    let Some(info) = whatlang::detect(text) else { return 0.5 };
    let confidence = info.confidence() as f32;
    let weight = if letters < SHORT { 0.2 } else { 0.5 };
    if info.lang() == language { 0.5 + weight * confidence } else { 0.5 - weight * confidence }
}
