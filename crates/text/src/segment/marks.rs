//! Character classes that the segmentation rules use, and functions to walk over a text.

use crate::normalise::{TATWEEL, is_arabic_mark, is_ignorable, is_line_break};

/// Returns the character that begins at a byte.
pub(super) fn char_at(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// Returns the character that ends at a byte.
pub(super) fn char_before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

/// Returns whether a character can end a sentence.
pub(super) fn is_terminator(c: char) -> bool {
    is_dot(c) || is_strong(c)
}

/// Returns whether a character ends a sentence only in some contexts: a full stop or an ellipsis.
pub(super) fn is_dot(c: char) -> bool {
    matches!(c, '.' | '…' | '۔' | '。' | '｡')
}

/// Returns whether a character is a question or exclamation mark.
pub(super) fn is_strong(c: char) -> bool {
    matches!(c, '!' | '?' | '؟' | '‼' | '‽' | '⁇' | '⁈' | '⁉' | '⸮' | '！' | '？')
}

/// Returns whether a character is white space inside a line.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() && !is_line_break(c)
}

/// Returns whether a character is an opening bracket.
pub(super) fn opens(c: char) -> bool {
    matches!(c, '(' | '[' | '{')
}

/// Returns whether a character is a closing bracket.
pub(super) fn closes(c: char) -> bool {
    matches!(c, ')' | ']' | '}')
}

/// Returns whether a character is a quotation mark or a mark of emphasis.
///
/// The character alone does not show whether it opens or closes: Arabic texts contain both «…» and
/// »…«, and Quranic ﴿…﴾ is stored in both orders. The characters around it decide.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c,
        '"' | '\'' | '\u{201C}'..='\u{201F}' | '\u{2018}'..='\u{201B}'
        | '«' | '»' | '‹' | '›' | '﴾' | '﴿' | '*' | '_' | '″' | '`')
}

/// Returns the end of the verse number that begins at a byte: `﴿٢﴾` in either order of the
/// brackets, or `۝٢`.
pub(super) fn verse_number(text: &str, at: usize) -> Option<usize> {
    let open = char_at(text, at)?;
    let close = match open {
        '﴿' => "﴾",
        '﴾' => "﴿",
        '\u{6DD}' => "",
        _ => return None,
    };
    let digits = skip_blanks(text, at + open.len_utf8());
    let end = skip(text, digits, char::is_numeric);
    let mark = skip_blanks(text, end);
    let is_number = (1..=3).contains(&text[digits..end].chars().count());
    match close {
        "" => is_number.then_some(end),
        close => (is_number && text[mark..].starts_with(close)).then_some(mark + close.len()),
    }
}

/// Returns whether a quotation mark closes even with a space on either side.
pub(super) fn is_closing_quote(c: char) -> bool {
    matches!(c, '»' | '›' | '”' | '’')
}

/// Returns whether a character is a dash or a bullet.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '•' | '·' | '◦' | '▪' | '●' | '■')
}

/// Returns whether a character after a stop shows that the sentence continues.
pub(super) fn continues(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '،' | '؛' | '%' | '٪' | '/' | '=' | '>' | '|') || closes(c)
}

/// Returns whether a character is an emoji or a part of one.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B50}' | '\u{2B55}')
}

/// Returns whether an invisible character opens an embedding, an override or an isolate.
pub(super) fn is_opening_mark(c: char) -> bool {
    matches!(c, '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' | '\u{2066}'..='\u{2068}')
}

/// Returns whether an invisible character closes an embedding, an override or an isolate.
pub(super) fn is_closing_mark(c: char) -> bool {
    matches!(c, '\u{202C}' | '\u{2069}')
}

/// Returns whether a character is ignored when words are compared.
pub(super) fn is_transparent(c: char) -> bool {
    // Nearly all characters are Latin or Arabic letters, or before both.
    c >= '\u{AD}' && !is_plain_arabic(c) && (is_arabic_mark(c) || c == TATWEEL || is_ignorable(c))
}

/// Returns whether a character belongs to a word.
pub(super) fn is_word(c: char) -> bool {
    // The tables of Unicode are slow, and most letters of a text are these.
    c.is_ascii_alphanumeric()
        || is_plain_arabic(c)
        || c.is_alphanumeric()
        || is_arabic_mark(c)
        || c == TATWEEL
}

/// Returns whether a text begins with two letters, of the English or the Arabic alphabet.
pub(super) fn begins_with_letters(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(is_plain_letter) && chars.next().is_some_and(is_plain_letter)
}

/// Returns whether a character is a letter of the English or the Arabic alphabet.
pub(super) fn is_plain_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || is_plain_arabic(c)
}

/// Returns whether a character is a letter of the Arabic alphabet.
fn is_plain_arabic(c: char) -> bool {
    matches!(c, '\u{621}'..='\u{63A}' | '\u{641}'..='\u{64A}')
}

/// Returns whether a word is in a list of words without marks.
pub(super) fn is_listed(word: &str, list: &[&str]) -> bool {
    let visible = || word.chars().filter(|&c| !is_transparent(c));
    let len: usize = visible().map(char::len_utf8).sum();
    list.iter().any(|listed| listed.len() == len && visible().eq(listed.chars()))
}

/// Returns the first byte at or after `at` that is not white space inside a line.
pub(super) fn skip_blanks(text: &str, at: usize) -> usize {
    skip(text, at, |c| is_blank(c) || is_ignorable(c))
}

/// Returns the first byte at or after `at` whose character does not satisfy `skips`.
pub(super) fn skip(text: &str, at: usize, skips: impl Fn(char) -> bool) -> usize {
    text[at..].find(|c| !skips(c)).map_or(text.len(), |len| at + len)
}

/// Returns the byte after the line break that begins at `at`; `\r\n` is one line break.
pub(super) fn after_break(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    if rest.starts_with("\r\n") {
        at + 2
    } else {
        at + rest.chars().next().map_or(0, char::len_utf8)
    }
}

/// Returns a word without Arabic marks, tatweel and invisible characters.
pub(super) fn bare(word: &str) -> String {
    word.chars().filter(|&c| !is_transparent(c)).collect()
}

/// Returns the word that begins at a byte: letters, digits and their marks.
pub(super) fn word_at(text: &str, at: usize) -> &str {
    /// In chars: longer than any word in the lists of the rules, so that truncation does not change
    /// a decision. The bound makes segmentation linear in the length of the text.
    const MAX_LEN: usize = 48;
    let end = text[at..]
        .char_indices()
        .take(MAX_LEN)
        .find(|&(_, c)| !(is_word(c) || is_ignorable(c)))
        .map_or_else(|| ahead(text, at, MAX_LEN), |(len, _)| at + len);
    &text[at..end]
}

/// Returns the byte `chars` characters after `at`, or the end of the text.
fn ahead(text: &str, at: usize, chars: usize) -> usize {
    text[at..].char_indices().nth(chars).map_or(text.len(), |(len, _)| at + len)
}
