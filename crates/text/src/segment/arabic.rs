//! The Arabic rules: abbreviations, and the words around a stop that show whether a sentence ends.
//!
//! To add an abbreviation, choose its list by its form and by whether a sentence may end after it,
//! add it without marks, tatweel and the final full stop, and add a case under "Arabic:
//! abbreviations" in `tests/cases/segment.toml`:
//!
//! | list | what it holds | a sentence ends after it |
//! |---|---|---|
//! | [`ABBREVIATIONS`] | several letters, not a word: تح., مج. | never |
//! | [`ET_CETERA`] | spellings of "etc.": إلخ. | unless the sentence continues |
//! | [`ERAS`] | eras, with full stops between the letters: ق.م. | unless the sentence continues |
//! | [`UNITS`] | unit or era of one letter, after a number: ٥ م. | unless the sentence continues |
//! | [`LONG_UNITS`] | unit of several letters, after a number: ٥ كم. | before a common first word |
//! | [`NUMBERED`] | word before a number: رقم. ٥ | unless a number follows |
//!
//! A sentence continues before a number, before an opening mark and before a word of [`AFTER_ERA`].
//! Other single letters (د.) and letters with full stops between them (أ.د.) need no entry.

mod words;

use self::words::{
    ABBREVIATIONS, AFTER_ELLIPSIS, AFTER_ERA, DOMAINS, ENDINGS, ERAS, ET_CETERA, HEADINGS,
    INDEPENDENT, ITEM_NUMBERS, JOINING, LABELLED, LONG_UNITS, NUMBER_WORDS, NUMBERED, ORDINALS,
    PRONOUNS, RELATIVE, SECTIONS, SPEECH, STARTERS, UNITS,
};
use super::marks::{bare, is_blank, is_dash, is_listed, is_quote, opens};
use super::rules::{TokenBefore, WordAfter};
use crate::normalise::is_line_break;
use crate::script::is_arabic_letter;

/// Signs of degrees, which are written before or after the letter of the unit.
pub(super) const DEGREES: [char; 3] = ['°', 'º', '˚'];

/// Returns whether a full stop after an Arabic word ends a sentence.
pub(super) fn full_stop_ends(before: &TokenBefore<'_>, next: &WordAfter<'_>) -> bool {
    if before.is_spaced_degree() {
        return ends_after_unit(next);
    }
    let token = bare(before.token);
    // A unit may be written on its number: ١٤٤٢هـ.
    let word = token.trim_start_matches(is_number_part);
    let degree = word.strip_prefix(DEGREES);
    if let Some(ends) = unit_ends(word, word.len() < token.len(), before, next) {
        return ends;
    }
    let word = degree.unwrap_or(word);
    let counted = word.len() < token.len() || before.follows_number();
    let mut letters = 0;
    let single = |part: &str| part.chars().count() == 1;
    if word.split('.').inspect(|_| letters += 1).all(single) {
        return if letters > 1 {
            initials_end(word, next)
        } else if counted && UNITS.contains(&word) {
            // No year has decimals: 1.80 م. is a length.
            let is_decimal = token.contains(['.', '٫']) || before.follows_decimal();
            if is_decimal { ends_after_unit(next) } else { era_ends(next) }
        } else {
            is_labelled(&bare(before.previous_word()))
        };
    }
    if before.spaced {
        return true;
    }
    if ET_CETERA.contains(&word) {
        return era_ends(next);
    }
    if next.first.is_numeric() {
        // ص. ٤٥ وج. ٢, ورقم. ٥
        let plain = word.trim_start_matches(['و', 'ب', 'ل']);
        let is_numbered = NUMBERED.contains(&word) || NUMBERED.contains(&plain);
        return !(is_numbered || is_joined_letter(word) || ABBREVIATIONS.contains(&word));
    }
    !ABBREVIATIONS.contains(&word)
}

/// Returns whether a full stop after a unit of several letters ends a sentence, or `None` if the
/// word is no such unit.
///
/// `attached` is whether the number is written on the word.
fn unit_ends(
    word: &str,
    attached: bool,
    before: &TokenBefore<'_>,
    next: &WordAfter<'_>,
) -> Option<bool> {
    /// In bytes: five letters and an exponent. Most words are rejected without a look at the lists.
    const MAX_LEN: usize = 12;
    if word.len() > MAX_LEN {
        return None;
    }
    // م2, كم²
    let base = word.trim_end_matches(['2', '3', '²', '³', '٢', '٣']);
    let degree = base.strip_prefix(DEGREES).or_else(|| base.strip_suffix(DEGREES));
    let is_power = base.len() < word.len() && UNITS.contains(&base);
    let is_divisor = before.follows_slash() && UNITS.contains(&base);
    let is_unit = LONG_UNITS.contains(&base)
        || is_power
        || is_divisor
        || degree.is_some_and(|letter| matches!(letter, "م" | "س" | "ف" | "ك"));
    let counted = || {
        attached
            || before.follows_number()
            || before.follows_slash()
            || NUMBER_WORDS.contains(&bare(before.previous_word()).as_str())
    };
    (is_unit && counted()).then(|| ends_after_unit(next))
}

/// Returns whether a sentence ends after a unit of several letters.
fn ends_after_unit(next: &WordAfter<'_>) -> bool {
    let word = bare(next.word);
    era_ends(next) && is_starter(&word) && !PRONOUNS.contains(&word.as_str())
}

/// Returns whether a full stop after a number ends a sentence: not after the number of a section,
/// القسم ٢٫١. or Sec. 2.1., or after a unit with an exponent, م2.
pub(super) fn number_ends(before: &TokenBefore<'_>, next: &WordAfter<'_>) -> bool {
    let token = bare(before.token);
    let word = token.trim_start_matches(is_number_part);
    if word.contains(is_arabic_letter) {
        return unit_ends(word, word.len() < token.len(), before, next).unwrap_or(true);
    }
    let is_section = is_section_number(&token) && before.follows_section();
    if !is_section && !before.ends_dashed_number() {
        return true;
    }
    if next.is_arabic() {
        INDEPENDENT.contains(&bare(next.word).as_str())
    } else {
        !next.first.is_numeric() && super::english::is_starter(next.word)
    }
}

/// Returns whether a character may belong to a number before a unit.
fn is_number_part(c: char) -> bool {
    c.is_numeric() || matches!(c, '.' | '٫' | '٬' | '/')
}

/// Returns whether a number has two levels or more: 2.1, ٢٫١٫٣.
pub(super) fn is_section_number(token: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.chars().all(char::is_numeric) && part.chars().count() <= 3
    };
    token.contains(['.', '٫']) && token.split(['.', '٫']).all(part)
}

/// Returns whether a word comes before the number of a section; it may have a prefix.
pub(super) fn is_section(word: &str) -> bool {
    let word = bare(word);
    let plain = word.trim_start_matches(['و', 'ب', 'ل', 'ف']);
    SECTIONS
        .iter()
        .any(|known| *known == word || *known == plain || known.strip_prefix('ا') == Some(plain))
}

/// Returns whether a word may begin the heading of a numbered part: الفصل, شكل.
pub(super) fn is_heading(word: &str) -> bool {
    is_listed(word, HEADINGS)
}

/// Returns whether a letter is the first one of any such word.
pub(super) fn may_begin_heading(letter: char) -> bool {
    matches!(letter, 'ا' | 'ب' | 'ج' | 'د' | 'ش' | 'ف' | 'م')
}

/// Returns whether a word is an ordinal number with the article: الثالث.
pub(super) fn is_ordinal(word: &str) -> bool {
    bare(word).strip_prefix("ال").is_some_and(|number| ORDINALS.contains(&number))
}

/// Returns whether a word numbers an item of a list: أولاً.
pub(super) fn is_item_number(word: &str) -> bool {
    is_listed(word, ITEM_NUMBERS)
}

/// Returns whether a word needs another one after it.
pub(super) fn is_joining(word: &str) -> bool {
    is_listed(word, JOINING)
}

/// Returns whether letters with full stops between them end a sentence: ق.م. may, أ.د. does not.
fn initials_end(word: &str, next: &WordAfter<'_>) -> bool {
    if ERAS.contains(&word) {
        return era_ends(next);
    }
    // Titles such as أ.د. come before a name; م.ت.ف. may be the subject of the next word.
    !word.ends_with('د') && next.is_arabic() && INDEPENDENT.contains(&bare(next.word).as_str())
}

/// Returns whether a word is a single letter with the conjunction و.
fn is_joined_letter(word: &str) -> bool {
    word.strip_prefix('و').is_some_and(|letter| letter.chars().count() == 1)
}

/// Returns whether a single letter after the word is a label; the word may have a prefix, as in
/// بفيتامين.
fn is_labelled(word: &str) -> bool {
    let plain = word.trim_start_matches(['و', 'ب', 'ل', 'ك']);
    LABELLED.iter().any(|label| *label == word || *label == plain)
}

/// Returns whether a sentence ends after an abbreviation of an era or a unit.
fn era_ends(next: &WordAfter<'_>) -> bool {
    !(next.first.is_numeric() || next.opened || AFTER_ERA.contains(&bare(next.word).as_str()))
}

/// Returns whether a word usually begins a sentence and is not a name.
pub(super) fn is_starter(word: &str) -> bool {
    STARTERS.contains(&bare(word).as_str())
}

/// Returns whether a word may begin with the conjunction و or ف.
pub(super) fn is_joined(word: &str) -> bool {
    let word = bare(word);
    word.starts_with(['و', 'ف']) && word.chars().nth(1).is_some()
}

/// Returns whether a word continues the sentence after an ellipsis.
pub(super) fn continues_after_ellipsis(word: &str) -> bool {
    AFTER_ELLIPSIS.contains(&bare(word).as_str())
}

/// Returns whether a word is a relative pronoun.
pub(super) fn is_relative(word: &str) -> bool {
    RELATIVE.contains(&bare(word).as_str())
}

/// Returns whether a word may be the last label of a host name.
pub(super) fn is_domain(word: &str) -> bool {
    DOMAINS.contains(&bare(word).as_str())
}

/// Returns whether the words after a closed quotation attribute it to a speaker: قال الرجل, سألته
/// أمه.
///
/// A colon shows that the verb introduces the next quotation instead: قال الرجل: «…».
pub(super) fn is_attribution(word: &str, rest: &str) -> bool {
    /// How far the colon is searched for, in chars.
    const MAX_DISTANCE: usize = 60;
    let verb = bare(word);
    let speaks = SPEECH
        .iter()
        .filter_map(|stem| verb.strip_prefix(stem))
        .any(|ending| ENDINGS.contains(&ending));
    if !speaks {
        return false;
    }
    let mut words = rest.chars().take(MAX_DISTANCE).take_while(|&c| {
        !(is_line_break(c) || opens(c) || is_quote(c) || matches!(c, '.' | '،' | '؟' | '!'))
    });
    !words.any(|c| c == ':')
}

/// Returns whether a token is a single Arabic word of at least two letters.
pub(super) fn is_plain_word(token: &str) -> bool {
    let word = bare(token);
    word.chars().nth(1).is_some() && word.chars().all(is_arabic_letter)
}

/// Returns whether a character separates tokens.
pub(super) fn separates_tokens(c: char) -> bool {
    is_blank(c)
        || is_line_break(c)
        || opens(c)
        || is_quote(c)
        || is_dash(c)
        || matches!(c, ',' | ';' | ':' | '،' | '؛' | '/' | ')' | ']' | '}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_begins_with_a_letter_that_one_may_begin_with() {
        assert!(HEADINGS.iter().all(|heading| heading.starts_with(may_begin_heading)));
        assert!(is_heading("الفَصْل") && !is_heading("الفصول"));
    }
}
