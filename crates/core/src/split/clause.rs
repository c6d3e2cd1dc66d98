//! Where a long Arabic sentence may be cut: after `،` `؛` `:` and dashes, and before the words that
//! chain clauses.
//!
//! A place found here is only a candidate: whether a cut is right is for the translation to say.
//! So it does no harm that `و` begins many a noun.

use nasaq_text::normalise;
use nasaq_text::words;

/// Pairs of marks between which nothing is cut.
///
/// Each pair of Arabic quotation marks stands in both orders, as texts do have them.
const ENCLOSING: [(char, char); 10] = [
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('«', '»'),
    ('»', '«'),
    ('‹', '›'),
    ('“', '”'),
    ('"', '"'),
    ('﴿', '﴾'),
    ('﴾', '﴿'),
];
/// Words that begin a clause.
const CHAINING: [&str; 7] = ["ثم", "بل", "لكن", "ولكن", "حتى", "فقد", "فلم"];
/// Common words that begin with a `و` or `ف` of their own.
const ROOTED: [&str; 40] = [
    "واحد",
    "واحدة",
    "والد",
    "والدة",
    "والده",
    "والدها",
    "والدي",
    "واسع",
    "واسعة",
    "واقع",
    "وجه",
    "وجهه",
    "وجهها",
    "وحده",
    "وحدها",
    "وحيد",
    "وحيدة",
    "ورق",
    "ورقة",
    "وزير",
    "وسط",
    "وصل",
    "وضع",
    "وطن",
    "وقت",
    "وقف",
    "ولد",
    "وليد",
    "وراء",
    "وفق",
    "فارغ",
    "فترة",
    "فجأة",
    "فرصة",
    "فصل",
    "فقط",
    "فكرة",
    "فندق",
    "فوق",
    "فيها",
];
/// A joined `و` or `ف` and the shortest word that it can join, in letters.
const LEAST_LETTERS: usize = 4;
/// Words that must stand on both sides of a cut without a mark.
const LEAST_WORDS: usize = 2;

/// Cuts a sentence at every candidate; the pieces concatenate to it.
///
/// Without `chains` only marks are candidates.
pub(super) fn clauses(text: &str, chains: bool) -> Vec<&str> {
    let enclosed = enclosed(text);
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut next_enclosed = enclosed.iter().peekable();
    for (at, c) in text.char_indices() {
        while next_enclosed.next_if(|range| range.end <= at).is_some() {}
        if at <= start || next_enclosed.peek().is_some_and(|range| range.contains(&at)) {
            continue;
        }
        let before = &text[start..at];
        // A candidate lies before a character that is not blank, with a blank before it.
        if c.is_whitespace() || !before.ends_with(char::is_whitespace) {
            continue;
        }
        let is_cut = if ends_clause(before) {
            !is_inside_list(before, c)
        } else {
            chains && is_chained(before, &text[at..])
        };
        if is_cut && words(before).next().is_some() && words(&text[at..]).next().is_some() {
            pieces.push(before);
            start = at;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// Finds the outermost ranges between marks that enclose; a mark without its partner, whose
/// quotation runs over several sentences, encloses nothing.
fn enclosed(text: &str) -> Vec<std::ops::Range<usize>> {
    /// Marks within one another, at the most.
    const DEEPEST: usize = 16;
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if let Some(depth) = open.iter().rposition(|&(closing, _)| closing == c) {
            let start = open[depth].1;
            open.truncate(depth);
            while found.pop_if(|range| range.start > start).is_some() {}
            found.push(start..at + c.len_utf8());
        } else if let Some(&(_, closing)) = ENCLOSING.iter().find(|&&(opening, _)| opening == c)
            && (before.is_whitespace() || !matches!(c, '»' | '﴾'))
        {
            // Marks without partners would be looked through at each character.
            if open.len() == DEEPEST {
                open.remove(0);
            }
            open.push((closing, at));
        }
        before = c;
    }
    found
}

/// Tells whether a text ends with a mark that ends a clause, and white space.
fn ends_clause(before: &str) -> bool {
    before.trim_end().ends_with(['،', '؛', ':', ',', ';', '\u{2013}', '\u{2014}'])
}

/// Tells whether a mark stands between two numbers.
fn is_inside_list(before: &str, next: char) -> bool {
    let last = before.trim_end().chars().rev().nth(1);
    next.is_numeric() && last.is_some_and(char::is_numeric)
}

/// Tells whether a word that chains clauses begins here, with enough words on either side.
fn is_chained(before: &str, after: &str) -> bool {
    let enough = |text: &str| words(text).nth(LEAST_WORDS - 1).is_some();
    let word = after.split_whitespace().next().unwrap_or_default();
    let first = word.chars().next().unwrap_or(' ');
    if !matches!(first, 'و' | 'ف' | 'ث' | 'ب' | 'ل' | 'ح') {
        return false;
    }
    let word = normalise(word);
    let word = words(&word).next().unwrap_or_default();
    // A noun with its article is far more often one more of a list than the start of a clause.
    let joined = matches!(first, 'و' | 'ف')
        && !word[first.len_utf8()..].starts_with("ال")
        && word.chars().count() >= LEAST_LETTERS
        && !ROOTED.contains(&word);
    (joined || CHAINING.contains(&word)) && enough(before) && enough(after)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_end_clauses_and_words_begin_them() {
        let text = "كان يدير ظهره للبحر، ثم يقوم فيغلق النافذة وينزل الدرج: لا أحد";
        assert_eq!(
            clauses(text, true),
            ["كان يدير ظهره للبحر، ", "ثم يقوم ", "فيغلق النافذة ", "وينزل الدرج: ", "لا أحد"]
        );
        assert_eq!(
            clauses(text, false),
            ["كان يدير ظهره للبحر، ", "ثم يقوم فيغلق النافذة وينزل الدرج: ", "لا أحد"]
        );
    }

    #[test]
    fn vowels_do_not_hide_a_word() {
        assert_eq!(clauses("قَامَ الرَّجُلُ ثُمَّ جَلَسَ هُنَا", true), ["قَامَ الرَّجُلُ ", "ثُمَّ جَلَسَ هُنَا"]);
    }

    #[test]
    fn nothing_is_cut_inside_quotes_brackets_and_numbers() {
        for whole in [
            "«نعم، لا، ثم نعم»",
            "»نعم، لا«",
            "\"نعم، لا\"",
            "(أولا، ثانيا [ثالثا، رابعا])",
            "١، ٢، ٣",
            "عام 1,500",
            "الساعة ٣:٤٥",
            "وصل وقت العمل",
            "تغير حجم الثقل والخفة والحرارة معا",
            "، ؛ :",
        ] {
            assert_eq!(clauses(whole, true), [whole]);
        }
        assert_eq!(clauses("قال «نعم، لا»، ومضى", true), ["قال «نعم، لا»، ", "ومضى"]);
        // A quotation that goes on in another sentence.
        assert_eq!(clauses("قال: «نعم، لا", true), ["قال: ", "«نعم، ", "لا"]);
        assert_eq!(clauses("نعم»، ثم لا", true), ["نعم»، ", "ثم لا"]);
    }

    proptest! {
        #[test]
        fn pieces_rebuild_the_sentence(
            text in "([ء-ي]{1,5}|ثم|و|،|؛|:|«|»|\\(|\\)|\"| |\u{64e}|\\PC){0,40}", chains: bool
        ) {
            let pieces = clauses(&text, chains);
            prop_assert_eq!(pieces.concat(), text.clone());
            prop_assert!(pieces.len() == 1 || pieces.iter().all(|piece| !piece.trim().is_empty()));
        }
    }
}
