//! Language: whether a side is in its language, by function words and letters first, by trigrams
//! where those do not decide.
//!
//! Persian and Urdu have letters that Arabic has not, and function words of their own; a text of
//! either without them is left to whatlang, as is English against the other languages in Latin
//! script. A short text without a sign either way is undecided.

use crate::side::Side;
use nasaq_text::Language;

/// Letters that Arabic words have not: Persian and Urdu ones, in the text as it is written.
fn is_persian_or_urdu(c: char) -> bool {
    matches!(c, 'پ' | 'چ' | 'ژ' | 'گ' | 'ٹ' | 'ڈ' | 'ڑ' | 'ے' | 'ں' | 'ھ' | 'ہ' | 'ۃ' | 'ۂ')
}

/// Letters that Persian and Urdu write where Arabic has ي and ك; Arabic typed on their keyboards
/// has them too.
fn is_persian_form(c: char) -> bool {
    matches!(c, 'ی' | 'ک')
}

/// Function words of Persian and Urdu that are no Arabic words.
const PERSIAN_OR_URDU: &[&str] = &[
    "است", "این", "که", "را", "از", "با", "برای", "شد", "شود", "می", "ها", "های", "بود", "هم",
    "کرد", "کند", "اند", "یک", "آن", "در", "به", "نیز", "خود", "ہے", "کے", "کی", "کا", "میں",
    "اور", "سے", "نے", "پر", "کو", "ہیں", "تھا", "گیا", "یہ", "ایک", "نہیں", "وہ", "جو", "بھی",
];

/// Letters below which a text without a sign is undecided.
const SHORT: usize = 20;

/// Gives how sure it is that a side is in its language: 1 it is, 0.5 undecided, 0 it is not;
/// `None` without a letter.
pub(super) fn language(side: &Side<'_>) -> Option<f32> {
    let letters = side.text.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0 {
        return None;
    }
    Some(match side.language {
        Language::Arabic => arabic(side, letters),
        Language::English => english(side, letters),
    })
}

fn arabic(side: &Side<'_>, letters: usize) -> f32 {
    let count = |is: fn(char) -> bool| side.text.chars().filter(|c| is(*c)).count();
    let (strange, forms) = (count(is_persian_or_urdu), count(is_persian_form));
    let own = side.own().count();
    if own == 0 {
        return trigrams(side.text, letters, whatlang::Lang::Ara);
    }
    let foreign = side.own().filter(|word| PERSIAN_OR_URDU.contains(&word.text)).count();
    // The article and ة are written on every few words of Arabic, and neither in Persian nor Urdu
    // but in loans.
    let article = |text: &str| {
        ["ال", "وال", "بال", "لل", "فال", "كال"].iter().any(|article| text.starts_with(article))
            && text.chars().count() > 4
    };
    let marked = side
        .own()
        .filter(|word| article(word.text) || word.text.ends_with(['ة', 'ى']) || word.function)
        .count();
    let sign = |count: usize| count as f32 / own as f32;
    let against = sign(foreign) + 3.0 * (strange + forms / 2) as f32 / letters as f32;
    if sign(marked) >= 0.15 && sign(marked) > 2.0 * against {
        return 1.0;
    }
    if against >= 0.2 {
        return 0.0;
    }
    trigrams(side.text, letters, whatlang::Lang::Ara)
}

fn english(side: &Side<'_>, letters: usize) -> f32 {
    let own = side.own().count();
    let function = side.own().filter(|word| word.function).count();
    let ascii = side.own().all(|word| word.text.is_ascii());
    // Function words that other languages have too (in, a, me, on) are one in ten of theirs.
    if own >= 4 && function * 4 >= own && ascii {
        return 1.0;
    }
    trigrams(side.text, letters, whatlang::Lang::Eng)
}

fn trigrams(text: &str, letters: usize, wanted: whatlang::Lang) -> f32 {
    let Some(info) = whatlang::detect(text) else { return 0.5 };
    let sure = info.confidence() as f32;
    let weight = if letters < SHORT { 0.2 } else { 0.5 };
    if info.lang() == wanted { 0.5 + weight * sure } else { 0.5 - weight * sure }
}
