//! Words, and the light stems under which two forms of one word meet.
//!
//! Everything here expects text that [`normalise`](crate::normalise()) has been over. A stem is a
//! key and not a word: it is compared, counted and looked up, and never shown.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::language::Language;

mod arabic;
mod english;
mod function;

pub use function::is_function_stem;

/// Gives the words of a normalised text: runs of letters and digits of one kind.
///
/// Arabic letters and others never share a word (`5كم` is two), and a number ends where letters
/// begin (`10km` is two, the ordinal `20th` one). A number keeps the separators inside it (`1,000`,
/// `3.5`, `12:30`), a word the apostrophes (`don't`).
///
/// ```
/// let words: Vec<&str> = nasaq_text::words("وصل 1,000 زائر (COVID-19).").collect();
/// assert_eq!(words, ["وصل", "1,000", "زائر", "COVID", "19"]);
/// ```
#[must_use]
pub fn words(text: &str) -> Words<'_> {
    Words { rest: text }
}

/// The words of a text, in order: see [`words`].
#[derive(Clone, Debug)]
pub struct Words<'t> {
    rest: &'t str,
}

/// What a character is to a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Arabic,
    Letter,
    Digit,
    /// A mark on the letter before it, of whatever script.
    Mark,
    Outside,
}

fn kind(c: char) -> Kind {
    match c {
        'a'..='z' | 'A'..='Z' => Kind::Letter,
        '0'..='9' => Kind::Digit,
        // Most characters need no look at Unicode's tables.
        '\u{620}'..='\u{64A}' => Kind::Arabic,
        c if c.is_ascii() => Kind::Outside,
        '\u{300}'..='\u{36F}' => Kind::Mark,
        c if is_arabic(c) && c.is_alphabetic() => Kind::Arabic,
        c if c.is_alphabetic() => Kind::Letter,
        c if c.is_numeric() => Kind::Letter,
        _ => Kind::Outside,
    }
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{870}'..='\u{8FF}')
}

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let starts = |c: char| !matches!(kind(c), Kind::Outside | Kind::Mark);
        let Some(start) = self.rest.find(starts) else {
            self.rest = "";
            return None;
        };
        let text = &self.rest[start..];
        let first = text.chars().next().map_or(Kind::Outside, kind);
        let end = if first == Kind::Digit { number_end(text) } else { word_end(text, first) };
        let (word, rest) = text.split_at(end);
        self.rest = rest;
        Some(word)
    }
}

/// Finds the end of the word at the start of a text; digits may follow its letters (`H1N1`).
fn word_end(text: &str, first: Kind) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let goes_on = match kind(c) {
            Kind::Mark => true,
            Kind::Digit => first == Kind::Letter,
            Kind::Outside => {
                c == '\''
                    && first == Kind::Letter
                    && chars.peek().is_some_and(|&(_, next)| kind(next) == Kind::Letter)
            }
            kind => kind == first,
        };
        if !goes_on {
            return at;
        }
    }
    text.len()
}

/// Finds the end of the number at the start of a text.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    loop {
        while digit(end) {
            end += 1;
        }
        let separator = match bytes.get(end) {
            Some(b'.' | b',' | b':') => 1,
            _ if text[end..].starts_with('،') => '،'.len_utf8(),
            _ => break,
        };
        if !digit(end + separator) {
            break;
        }
        end += separator;
    }
    let letters = text[end..].bytes().take_while(u8::is_ascii_alphabetic).count();
    let after = end + letters;
    let whole = text[after..].chars().next().is_none_or(|c| kind(c) != Kind::Letter);
    if whole && is_number_ending(&text[end..after]) { after } else { end }
}

/// Tells what letters may end a number: those of an ordinal, and of a decade.
fn is_number_ending(letters: &str) -> bool {
    ["st", "nd", "rd", "th", "s"].iter().any(|ending| letters.eq_ignore_ascii_case(ending))
}

/// Gives the stem of a normalised word.
///
/// An Arabic word loses its article, the particles written on it and its endings, and keeps at
/// most 6 letters; the seats of hamza, ى and ي, ة and ه meet. An English word is lower-cased, loses
/// the endings of number, tense and degree, and keeps at most 7 letters. A number is written as
/// [`number`] has it, and a word in Latin letters has the same stem in both languages.
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

/// Writes the stem of a normalised word over what `out` held: [`stem`] without an allocation.
pub fn stem_into(word: &str, language: Language, out: &mut String) {
    out.clear();
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        out.push_str(&number(word));
    } else if language == Language::Arabic && word.starts_with(is_arabic) {
        arabic::stem_into(word, out);
    } else {
        english::stem_into(word, out);
    }
}

/// Writes a number in one way: without thousands separators, with a point before decimals.
///
/// `1,000` and `1.000.000` lose their separators; a comma before one or two digits is a decimal
/// point; an ordinal or decade loses its letters and a whole number its leading zeros. What could
/// be read in two ways stays (`1.000`), as does what is no number.
///
/// ```
/// let text = nasaq_text::normalise("١٬٠٠٠");
/// assert_eq!(nasaq_text::number(&text), "1000");
/// ```
#[must_use]
pub fn number(word: &str) -> Cow<'_, str> {
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
        // A comma before the point: the comma groups, the point is decimal.
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

/// Joins groups of three digits; a number without a separator is its own only group.
fn joined_groups(digits: &str, separator: char) -> Option<String> {
    let mut groups = digits.split(separator);
    let first = groups.next()?;
    let is_digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let grouped = digits.len() > first.len();
    let fits = is_digits(first)
        && (!grouped || first.len() <= 3 && !first.starts_with('0'))
        && groups.all(|group| group.len() == 3 && is_digits(group))
        // One group after a point may as well be three decimals.
        && !(separator == '.' && digits.matches('.').count() == 1);
    fits.then(|| digits.replace(separator, ""))
}

fn is_decimal_comma(whole: &str, decimals: &str) -> bool {
    decimals.len() <= 2
        && decimals.bytes().all(|b| b.is_ascii_digit())
        && joined_groups(whole, '.').is_some()
}

/// Writes a word in lower case without the marks on its letters.
pub(crate) fn fold_latin(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.extend(word.chars().filter(|&c| c != '\'').map(|c| c.to_ascii_lowercase()));
        return;
    }
    let plain = word.nfd().filter(|&c| kind(c) != Kind::Mark && c != '\'');
    out.extend(plain.flat_map(char::to_lowercase));
}
