//! Splits text into words, and words into light stems, which are equal for most forms of one word.
//!
//! All functions expect text that [`normalise`](crate::normalise()) returned. A stem is a key, not
//! a word: it is compared, counted and looked up, but never shown.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::language::Language;

mod arabic;
mod english;
mod function;

pub use function::is_function_stem;

/// Returns the words of a normalised text: runs of Arabic letters, of other letters, or of digits.
///
/// A change of kind ends a word: `5كم` and `10km` are two words each. Exceptions are digits after
/// Latin letters (`H1N1`) and the endings of ordinals and decades (`20th`, `1990s`). A number
/// includes the separators between its digits (`1,000`, `3.5`, `12:30`), a word its apostrophes
/// (`don't`).
///
/// ```
/// let words: Vec<&str> = nasaq_text::words("وصل 1,000 زائر (COVID-19).").collect();
/// assert_eq!(words, ["وصل", "1,000", "زائر", "COVID", "19"]);
/// ```
#[must_use]
pub fn words(text: &str) -> Words<'_> {
    Words { rest: text }
}

/// An iterator over the words of a text, created by [`words`].
#[derive(Clone, Debug)]
pub struct Words<'t> {
    rest: &'t str,
}

/// The classes of characters that words are made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CharClass {
    Arabic,
    /// A letter of another script.
    Letter,
    Digit,
    /// A combining mark; it belongs to the letter before it.
    Mark,
    /// Not part of a word.
    Outside,
}

fn class(c: char) -> CharClass {
    match c {
        'a'..='z' | 'A'..='Z' => CharClass::Letter,
        '0'..='9' => CharClass::Digit,
        // The fast path: most characters need no Unicode tables.
        '\u{620}'..='\u{64A}' => CharClass::Arabic,
        c if c.is_ascii() => CharClass::Outside,
        '\u{300}'..='\u{36F}' => CharClass::Mark,
        c if is_arabic(c) && c.is_alphabetic() => CharClass::Arabic,
        c if c.is_alphabetic() => CharClass::Letter,
        c if c.is_numeric() => CharClass::Letter,
        _ => CharClass::Outside,
    }
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{870}'..='\u{8FF}')
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let starts = |c: char| !matches!(class(c), CharClass::Outside | CharClass::Mark);
        let Some(start) = self.rest.find(starts) else {
            self.rest = "";
            return None;
        };
        let text = &self.rest[start..];
        let first = text.chars().next().map_or(CharClass::Outside, class);
        let end = if first == CharClass::Digit { number_end(text) } else { word_end(text, first) };
        let (word, rest) = text.split_at(end);
        self.rest = rest;
        Some(word)
    }
}

/// Returns the end of the word at the start of a text; digits may follow its letters (`H1N1`).
fn word_end(text: &str, first: CharClass) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let goes_on = match class(c) {
            CharClass::Mark => true,
            CharClass::Digit => first == CharClass::Letter,
            CharClass::Outside => {
                c == '\''
                    && first == CharClass::Letter
                    && chars.peek().is_some_and(|&(_, next)| class(next) == CharClass::Letter)
            }
            class => class == first,
        };
        if !goes_on {
            return at;
        }
    }
    text.len()
}

/// Returns the end of the number at the start of a text.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    loop {
        while digit(end) {
            end += 1;
        }
        let separator_len = match bytes.get(end) {
            Some(b'.' | b',' | b':') => 1,
            _ if text[end..].starts_with('،') => '،'.len_utf8(),
            _ => break,
        };
        if !digit(end + separator_len) {
            break;
        }
        end += separator_len;
    }
    let letters = text[end..].bytes().take_while(u8::is_ascii_alphabetic).count();
    let after = end + letters;
    let whole = text[after..].chars().next().is_none_or(|c| class(c) != CharClass::Letter);
    if whole && is_number_ending(&text[end..after]) { after } else { end }
}

/// Returns whether letters are the ending of an ordinal (`20th`) or a decade (`1990s`).
fn is_number_ending(letters: &str) -> bool {
    ["st", "nd", "rd", "th", "s"].iter().any(|ending| letters.eq_ignore_ascii_case(ending))
}

/// Returns the light stem of a normalised word.
///
/// An Arabic word loses its article, the particles written on it and its endings, and is truncated
/// to 6 letters; forms of hamza, ى and ي, ة and ه become equal. An English word is lower-cased,
/// loses the endings of number, tense and degree, and is truncated to 7 letters. The stem of a
/// number is its [`canonical_number`]. A word in Latin letters has the same stem in both languages.
///
/// There is no dictionary and no root extraction: different words may share a stem, and a broken
/// plural has a stem other than its singular.
///
/// ```
/// use nasaq_text::{Language, stem};
///
/// assert_eq!(stem("والمدينة", Language::Arabic), stem("مدينتهم", Language::Arabic));
/// assert_eq!(stem("cities", Language::English), stem("City's", Language::English));
/// ```
#[must_use]
pub fn stem(word: &str, language: Language) -> String {
    let mut out = String::new();
    stem_into(word, language, &mut out);
    out
}

/// Computes [`stem`] into `out`, whose contents it replaces, without allocating a new string.
pub fn stem_into(word: &str, language: Language, out: &mut String) {
    out.clear();
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        out.push_str(&canonical_number(word));
    } else if language == Language::Arabic && word.starts_with(is_arabic) {
        arabic::stem_into(word, out);
    } else {
        english::stem_into(word, out);
    }
}

/// Returns a number in canonical form: without thousands separators and with a decimal point.
///
/// `1,000` and `1.000.000` lose their separators. A comma before one or two digits becomes a
/// decimal point. An ordinal or decade loses its letters, a whole number its leading zeros. An
/// ambiguous number (`1.000`) and a word that is not a number are returned unchanged.
///
/// ```
/// let text = nasaq_text::normalise("١٬٠٠٠");
/// assert_eq!(nasaq_text::canonical_number(&text), "1000");
/// ```
#[must_use]
pub fn canonical_number(word: &str) -> Cow<'_, str> {
    let end = word.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(word.len());
    let (digits, letters) = word.split_at(end);
    if !digits.starts_with(|c: char| c.is_ascii_digit())
        || !letters.is_empty() && !is_number_ending(letters)
    {
        return Cow::Borrowed(word);
    }
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        let bare = digits.trim_start_matches('0');
        return Cow::Borrowed(if bare.is_empty() { "0" } else { bare });
    }
    let digits = digits.replace('،', ",");
    let (whole, decimals) = match digits.rsplit_once('.') {
        // If there is one point, it is the decimal point and commas separate thousands.
        Some((whole, decimals)) if !whole.contains('.') => (whole, Some(decimals)),
        _ => (&*digits, None),
    };
    let joined = joined_groups(whole, ',');
    match (joined, decimals) {
        (Some(joined), Some(decimals)) => Cow::Owned(format!("{joined}.{decimals}")),
        (None, Some(_)) => Cow::Owned(digits),
        (Some(joined), None) => Cow::Owned(joined),
        (None, None) => Cow::Owned(match digits.split_once(',') {
            Some((whole, decimals)) if is_decimal_comma(whole, decimals) => {
                format!("{}.{decimals}", joined_groups(whole, '.').unwrap_or_default())
            }
            _ => joined_groups(&digits, '.').unwrap_or(digits),
        }),
    }
}

/// Removes thousands separators; `None` where the groups do not have three digits. A number without
/// a separator is one group.
fn joined_groups(digits: &str, separator: char) -> Option<String> {
    let mut groups = digits.split(separator);
    let first = groups.next()?;
    let is_digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let grouped = digits.len() > first.len();
    let fits = is_digits(first)
        && (!grouped || first.len() <= 3 && !first.starts_with('0'))
        && groups.all(|group| group.len() == 3 && is_digits(group))
        // A single group after a point may be three decimals.
        && !(separator == '.' && digits.matches('.').count() == 1);
    fits.then(|| digits.replace(separator, ""))
}

fn is_decimal_comma(whole: &str, decimals: &str) -> bool {
    decimals.len() <= 2
        && decimals.bytes().all(|b| b.is_ascii_digit())
        && joined_groups(whole, '.').is_some()
}

/// Appends a word to `out` in lower case, without diacritics and apostrophes.
pub(crate) fn fold_latin(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.extend(word.chars().filter(|&c| c != '\'').map(|c| c.to_ascii_lowercase()));
        return;
    }
    let plain = word.nfd().filter(|&c| class(c) != CharClass::Mark && c != '\'');
    out.extend(plain.flat_map(char::to_lowercase));
}
