//! The light stemmer for English.

use super::fold_latin;

/// The maximum length of a stem, in letters.
const MAX_LETTERS: usize = 7;

/// Appends the stem of a word to `out`.
pub(super) fn stem_into(word: &str, out: &mut String) {
    fold_latin(strip_possessive(word), out);
    if out.is_ascii() && out.bytes().all(|b| b.is_ascii_lowercase()) {
        strip(out);
    }
    if let Some((at, _)) = out.char_indices().nth(MAX_LETTERS) {
        out.truncate(at);
    }
}

fn strip_possessive(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("'S")).unwrap_or(word)
}

/// Removes the endings of a word of letters a to z, the last one first.
fn strip(word: &mut String) {
    strip_plural(word);
    // What is left must have a vowel: "sing" and "bed" have no ending.
    for (ending, min_letters) in
        [("ing", 3), ("ed", 3), ("ly", 3), ("est", 4), ("er", 4), ("ion", 4)]
    {
        let Some(stem) = word.strip_suffix(ending) else { continue };
        let fits = stem.len() >= min_letters
            && stem.contains(is_vowel)
            && (ending != "ion" || stem.ends_with(['t', 's']));
        if fits {
            word.truncate(word.len() - ending.len());
            if ending != "ion" {
                undouble(word);
            }
            break;
        }
    }
    if word.len() > 3 && word.ends_with('e') {
        word.pop();
    }
    if word.len() > 2 && word.ends_with('y') {
        word.pop();
        word.push('i');
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

fn strip_plural(word: &mut String) {
    let len = word.len();
    if len > 4 && word.ends_with("ies") {
        word.truncate(len - 3);
        word.push('y');
    } else if len > 4 && ["sses", "shes", "ches", "xes", "zes"].iter().any(|e| word.ends_with(e)) {
        word.truncate(len - 2);
    } else if len > 3
        && word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|e| word.ends_with(e))
    {
        word.truncate(len - 1);
    }
}

/// Removes a letter that was doubled before an ending: "stopp" becomes "stop"; "call" and "miss"
/// stay.
fn undouble(word: &mut String) {
    let bytes = word.as_bytes();
    if let [.., a, b] = bytes
        && a == b
        && bytes.len() > 3
        && !matches!(b, b'l' | b's' | b'z' | b'f' | b'e' | b'o')
    {
        word.pop();
    }
}
