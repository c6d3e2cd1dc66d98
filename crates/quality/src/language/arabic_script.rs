//! Evidence for and against Arabic among the languages of the Arabic script.

use super::words::{Origin, origin};
use crate::side::{PairSide, PairWord};
use nasaq_text::is_arabic_mark;

/// The share of marks among letters and marks from which a text is vocalised. Only Arabic usually
/// is.
const VOCALISED: f32 = 0.15;

/// The evidence of a text, in words.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Evidence {
    /// Words with a letter that neither Arabic nor its dialects and names have, or that only another
    /// language has.
    foreign: f32,
    /// Words with a letter that Arabic borrows for names and dialects: `گ` of `گال` and `گوگل`.
    borrowed: f32,
    /// Words with the Persian form of ي or ك, which Arabic typed on a Persian keyboard has too.
    forms: f32,
    /// Words that are frequent in another language and also words of Arabic.
    homographs: f32,
    /// Words with a form or a letter that hardly any other language has.
    own: f32,
    /// Words of the lexicon without evidence against them. Persian and Urdu share many.
    known: f32,
}

/// The weight of a letter that no Arabic text has.
const LETTER: f32 = 2.0;
/// Borrowed letters alone are names or a dialect, whatever their number.
const MAX_BORROWED: f32 = 1.4;
/// Persian forms alone are a keyboard, and homographs alone are Arabic words.
const MAX_HINTS: f32 = 1.0;
/// The evidence that is needed against Arabic.
const MIN_AGAINST: f32 = 1.5;

impl Evidence {
    pub(super) fn of(side: &PairSide<'_>) -> Self {
        let mut evidence = Self::default();
        let vocalised = is_vocalised(side.text);
        let mut folded = String::new();
        for word in side.native_words() {
            evidence.add(word, vocalised, &mut folded);
        }
        evidence.foreign += joined_affixes(side.text);
        evidence
    }

    fn add(&mut self, word: &PairWord<'_>, vocalised: bool, folded: &mut String) {
        folded.clear();
        folded.extend(word.text.chars().map(fold));
        let listed = origin(folded);
        if !vocalised && word.text.contains(is_other_letter) {
            self.foreign += LETTER;
        } else if listed == Some(Origin::Foreign) || !vocalised && has_persian_affix(word.text) {
            self.foreign += 1.0;
        } else if listed == Some(Origin::Own) {
            // From a Persian keyboard, or a word that looks the same.
            let form = !vocalised && has_form(word.text);
            self.own += if form { 0.5 } else { 1.0 };
            self.forms += if form { 0.5 } else { 0.0 };
        } else if word.text.contains(is_borrowed) {
            self.borrowed += 0.7;
        } else if listed == Some(Origin::Homograph) {
            self.homographs += 0.5;
            self.forms += if !vocalised && has_form(word.text) { 0.5 } else { 0.0 };
        } else {
            let form = !vocalised && has_form(word.text);
            self.forms += if form { 0.5 } else { 0.0 };
            if is_own(word.text, folded) {
                self.own += 1.0;
            } else if !form && (vocalised || word.id.is_some() || word.function) {
                self.known += 1.0;
            }
        }
        if vocalised {
            self.own += 0.5;
        }
    }

    fn against(&self) -> f32 {
        self.foreign
            + self.borrowed.min(MAX_BORROWED)
            + self.forms.min(MAX_HINTS)
            + self.homographs.min(MAX_HINTS)
    }

    fn in_favour(&self) -> f32 {
        self.own + 0.25 * self.known
    }

    /// Returns whether the text is in another language of the script.
    pub(super) fn is_foreign(&self) -> bool {
        self.against() >= MIN_AGAINST && self.against() > 2.0 * self.in_favour()
    }

    /// Returns whether the text is Arabic.
    pub(super) fn is_arabic(&self) -> bool {
        let doubt = self.foreign + self.borrowed + self.forms;
        self.own > doubt || doubt == 0.0 && self.homographs <= MAX_HINTS + self.own + self.known
    }

    /// Returns whether all evidence that there is, is against Arabic: trigrams may decide.
    pub(super) fn leans_foreign(&self) -> bool {
        self.against() >= MAX_HINTS && self.forms + self.foreign > 0.0 && self.own == 0.0
    }
}

/// Maps the letters of Persian and Urdu keyboards to those of Arabic ones.
fn fold(c: char) -> char {
    match c {
        'ی' | 'ى' => 'ي',
        'ک' => 'ك',
        'ہ' | 'ھ' => 'ه',
        c => c,
    }
}

fn has_form(word: &str) -> bool {
    word.contains(['ی', 'ک', 'ہ', 'ھ'])
}

/// Returns whether a word has a prefix or ending of Persian, written with Persian letters.
fn has_persian_affix(word: &str) -> bool {
    let long = word.chars().nth(4).is_some();
    long && (["می", "نمی"].iter().any(|prefix| word.starts_with(prefix))
        || ["های", "هایی", "یدم", "یدند", "یدیم", "ترین"]
            .iter()
            .any(|ending| word.ends_with(ending) && !word.starts_with("ال")))
}

/// Returns whether a letter is one that Arabic writes in names or dialects only.
fn is_borrowed(c: char) -> bool {
    matches!(c, 'پ' | 'چ' | 'ژ' | 'گ' | 'ڤ' | 'ڨ' | 'ڭ' | 'ڥ' | 'ڢ' | 'ڧ')
}

/// Returns whether a letter is one of the Arabic script that Arabic never writes.
fn is_other_letter(c: char) -> bool {
    matches!(c, '\u{672}'..='\u{6D5}' | '\u{6EE}' | '\u{6EF}' | '\u{6FA}'..='\u{6FF}' | '\u{750}'..='\u{77F}')
        && !is_borrowed(c)
        && !has_form(c.encode_utf8(&mut [0; 4]))
}

/// Returns whether a word has a form that is all but unknown outside Arabic: the article, ة, a
/// hamza on alef or waw, or a function word of the language or its dialects.
fn is_own(word: &str, folded: &str) -> bool {
    let article = ["ال", "وال", "بال", "لل", "فال", "كال", "عال", "هال"]
        .iter()
        .any(|article| word.starts_with(article))
        && word.chars().nth(4).is_some();
    article || word.ends_with('ة') || word.contains(['أ', 'إ', 'ؤ']) || {
        let bare = folded.strip_prefix(['و', 'ف']).unwrap_or(folded);
        origin(bare) == Some(Origin::Own)
    }
}

fn is_vocalised(text: &str) -> bool {
    let marks = text.chars().filter(|c| is_arabic_mark(*c)).count();
    let letters = text.chars().filter(|c| nasaq_text::is_arabic_letter(*c)).count();
    marks as f32 >= VOCALISED * (marks + letters) as f32 && marks > 0
}

/// Counts the prefixes and endings that Persian joins by a zero-width non-joiner: `می‌روم`,
/// `کتاب‌ها`. Normalisation has removed it from the words.
fn joined_affixes(text: &str) -> f32 {
    let is_letter = |c: Option<char>| c.is_some_and(nasaq_text::is_arabic_letter);
    let joins = text.match_indices('\u{200C}').filter(|(at, joiner)| {
        is_letter(text[..*at].chars().next_back())
            && is_letter(text[at + joiner.len()..].chars().next())
    });
    joins.count() as f32
}
