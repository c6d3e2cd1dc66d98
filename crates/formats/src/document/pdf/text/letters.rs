//! Letters in place of the forms that fonts draw.

use nasaq_text::{TATWEEL, is_arabic_letter, is_arabic_mark};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

const FATHA: char = '\u{64E}';
const SHADDA: char = '\u{651}';
const SUKUN: char = '\u{652}';

/// Returns a text with letters in place of Arabic presentation forms and Latin ligatures; all other
/// characters stay as they are.
pub(super) fn plain(text: &str) -> String {
    let is_form = |c: char| {
        // Without the ornate parentheses and the signs that have no letters.
        matches!(c, '\u{FB00}'..='\u{FB06}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
    };
    if !text.contains(is_form) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !is_form(c) {
            out.push(c);
            continue;
        }
        // The forms of marks alone are a space or a tatweel with the mark.
        let plain: String = c.to_string().nfkc().collect();
        match plain.strip_prefix([' ', TATWEEL]) {
            Some(marks) if !marks.is_empty() && marks.chars().all(is_arabic_mark) => {
                out.push_str(marks);
            }
            _ => out.push_str(&plain),
        }
    }
    out
}

/// Puts the letters of a ligature in reading order, which some files state from left to right.
///
/// An alef does not join to what follows it, so no glyph is an alef before a lam.
pub(super) fn repair_ligature(text: &mut String) {
    let mut letters = text.chars();
    if let (Some(alef @ ('ا' | 'أ' | 'إ' | 'آ' | 'ٱ')), Some('ل'), None) =
        (letters.next(), letters.next(), letters.next())
    {
        *text = format!("ل{alef}");
    }
}

/// Removes the tatweel between two letters, which stretches a word; returns how many it removed.
pub(in crate::document::pdf) fn remove_tatweel(text: &mut String) -> usize {
    if !text.contains(TATWEEL) {
        return 0;
    }
    let chars: Vec<char> = text.chars().collect();
    let mut removed = 0;
    let mut out = String::with_capacity(text.len());
    for (at, &c) in chars.iter().enumerate() {
        let is_tatweel = |c: &&char| **c == TATWEEL;
        if c == TATWEEL {
            let before = chars[..at].iter().rev().find(|c| !is_tatweel(c) && !is_arabic_mark(**c));
            let after = chars[at..].iter().find(|c| !is_tatweel(c) && !is_arabic_mark(**c));
            if let (Some(before), Some(after)) = (before, after)
                && is_arabic_letter(*before)
                && is_arabic_letter(*after)
            {
                removed += 1;
                continue;
            }
        }
        out.push(c);
    }
    *text = out;
    removed
}

/// Puts the marks of a ligature on the letters that can have them: some programs draw all of them at
/// one place, so that this does not show which letter has which.
pub(super) fn settle_ligature(text: &mut String) {
    let mut letters: Vec<(char, Vec<char>)> = Vec::new();
    for c in text.chars() {
        match letters.last_mut() {
            Some((_, marks)) if is_arabic_mark(c) => marks.push(c),
            _ => letters.push((c, Vec::new())),
        }
    }
    let is_vowel = |c: &char| matches!(c, '\u{64B}'..='\u{650}' | '\u{652}');
    let moves: Vec<char> = match &letters[..] {
        // An alef without hamza has neither fatha nor sukun, and no letter has two vowels.
        [('ل', lam), (alef @ ('ا' | 'آ' | 'أ' | 'إ'), own)] if !lam.iter().any(is_vowel) => {
            let is_hamza = matches!(alef, 'أ' | 'إ');
            let vowels = own.iter().filter(|c| is_vowel(c)).count();
            let is_moved = |c: &&char| match **c {
                FATHA => !is_hamza,
                SUKUN => !is_hamza || vowels > 1,
                _ => false,
            };
            own.iter().find(is_moved).copied().into_iter().collect()
        }
        // The heh of the name of God has no shadda.
        [.., ('ل', _), ('ل', lam), ('ه', own)] if own.contains(&SHADDA) && lam.is_empty() => {
            let is_moved = |c: &char| matches!(*c, SHADDA | FATHA | '\u{670}');
            own.iter().copied().filter(is_moved).collect()
        }
        _ => return,
    };
    let last = letters.len() - 1;
    letters[last].1.retain(|c| !moves.contains(c));
    add_marks(&mut letters[last - 1].1, moves.into_iter());
    *text =
        letters.into_iter().flat_map(|(letter, marks)| [vec![letter], marks].concat()).collect();
}

/// Adds marks to a letter that may have some; a letter has each mark once.
///
/// Shadda comes first, as it is typed, then the others in their canonical order.
pub(super) fn add_marks(marks: &mut Vec<char>, new: impl Iterator<Item = char>) {
    for mark in new {
        if !marks.contains(&mark) {
            marks.push(mark);
        }
    }
    marks.sort_by_key(|mark| match mark {
        '\u{651}' => 0,
        _ => 1 + u16::from(canonical_combining_class(*mark)),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_become_letters() {
        for (form, letters) in [
            ("\u{FEFB}", "لا"),
            ("\u{FDF2}", "الله"),
            ("\u{FE91}\u{FEEA}", "به"),
            ("\u{FC60}", "\u{64E}\u{651}"),
            ("\u{FE77}", "\u{64E}"),
            ("\u{FB01}", "fi"),
            ("\u{FD3E}", "\u{FD3E}"),
            ("²", "²"),
        ] {
            assert_eq!(plain(form), letters);
        }
        assert_eq!(plain("\u{FDFA}"), "صلى الله عليه وسلم");
    }

    #[test]
    fn ligatures_that_are_stated_backwards_are_put_right() {
        for (stated, read) in [("ال", "لا"), ("أل", "لأ"), ("لا", "لا"), ("الله", "الله")]
        {
            let mut text = stated.to_owned();
            repair_ligature(&mut text);
            assert_eq!(text, read);
        }
    }

    #[test]
    fn marks_of_ligatures_are_on_the_letters_that_can_have_them() {
        for (drawn, read) in [
            ("لاَ", "لَا"),
            ("لآْ", "لْآ"),
            ("لأَْ", "لْأَ"),
            ("لأَ", "لأَ"),
            ("لاِ", "لاِ"),
            ("لاً", "لاً"),
            ("لَا", "لَا"),
            ("لله\u{651}\u{64E}\u{64F}", "لل\u{651}\u{64E}ه\u{64F}"),
            ("الله\u{651}\u{64E}\u{64F}", "الل\u{651}\u{64E}ه\u{64F}"),
            ("بَ", "بَ"),
        ] {
            let mut text = drawn.to_owned();
            settle_ligature(&mut text);
            assert_eq!(text, read, "{drawn}");
        }
    }

    #[test]
    fn tatweel_inside_a_word_is_removed() {
        for (before, after, count) in
            [("كتـــاب", "كتاب", 3), ("1445 هـ", "1445 هـ", 0), ("بـَيت", "بَيت", 1), ("ـ", "ـ", 0)]
        {
            let mut text = before.to_owned();
            assert_eq!(remove_tatweel(&mut text), count);
            assert_eq!(text, after);
        }
    }
}
