//! Characters that matter to segmentation, by what they do.

use crate::normalise::{TATWEEL, is_arabic_mark, is_ignorable, is_line_break};

/// Gives the character that begins at a byte.
pub(super) fn char_at(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// Gives the character that ends at a byte.
pub(super) fn char_before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

/// Tells whether a character can end a sentence.
pub(super) fn is_terminator(c: char) -> bool {
    is_dot(c) || is_strong(c)
}

/// Tells whether a character ends a sentence only by its context: a full stop, an ellipsis.
pub(super) fn is_dot(c: char) -> bool {
    matches!(c, '.' | '…' | '۔' | '。' | '｡')
}

/// Tells whether a character asks or exclaims.
pub(super) fn is_strong(c: char) -> bool {
    matches!(c, '!' | '?' | '؟' | '‼' | '‽' | '⁇' | '⁈' | '⁉' | '⸮' | '！' | '？')
}

/// Tells whether a character is white space inside a line.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() && !is_line_break(c)
}

/// Tells whether a bracket opens.
pub(super) fn opens(c: char) -> bool {
    matches!(c, '(' | '[' | '{')
}

/// Tells whether a bracket closes.
pub(super) fn closes(c: char) -> bool {
    matches!(c, ')' | ']' | '}')
}

/// Tells whether a character is a quotation mark or a mark of emphasis.
///
/// Which of a pair opens is not in the character: Arabic text has «…» and, typed for the eye,
/// »…«, and Quranic ﴿…﴾ is stored both ways. The neighbours decide.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c,
        '"' | '\'' | '\u{201C}'..='\u{201F}' | '\u{2018}'..='\u{201B}'
        | '«' | '»' | '‹' | '›' | '﴾' | '﴿' | '*' | '_' | '″' | '`')
}

/// Gives the end of a verse's number that begins at a byte: `﴿٢﴾`, stored either way round, or `۝٢`.
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

/// Tells whether a quotation mark with a space on either side closes.
pub(super) fn is_closing_quote(c: char) -> bool {
    matches!(c, '»' | '›' | '”' | '’')
}

/// Tells whether a character is a dash or a bullet.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '•' | '·' | '◦' | '▪' | '●' | '■')
}

/// Tells whether a character continues a sentence when it stands after a stop.
pub(super) fn continues(c: char) -> bool {
    matches!(c, ',' | ';' | ':' | '،' | '؛' | '%' | '٪' | '/' | '=' | '>' | '|') || closes(c)
}

/// Tells whether a character is an emoji or a part of one.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B50}' | '\u{2B55}')
}

/// Tells whether a character is passed over when words are compared.
pub(super) fn is_transparent(c: char) -> bool {
    is_arabic_mark(c) || c == TATWEEL || is_ignorable(c)
}

/// Tells whether a character belongs to a word.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_arabic_mark(c) || c == TATWEEL
}

/// Gives the first byte at or after `at` that is not white space inside a line.
pub(super) fn skip_blanks(text: &str, at: usize) -> usize {
    skip(text, at, |c| is_blank(c) || is_ignorable(c))
}

/// Gives the first byte at or after `at` whose character is not taken.
pub(super) fn skip(text: &str, at: usize, take: impl Fn(char) -> bool) -> usize {
    text[at..].find(|c| !take(c)).map_or(text.len(), |len| at + len)
}

/// Gives the byte after the line break that begins at `at`; `\r\n` is one.
pub(super) fn after_break(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    if rest.starts_with("\r\n") {
        at + 2
    } else {
        at + rest.chars().next().map_or(0, char::len_utf8)
    }
}

/// Gives a word without marks, tatweel and invisible characters.
pub(super) fn bare(word: &str) -> String {
    word.chars().filter(|&c| !is_transparent(c)).collect()
}

/// Gives the word that begins at a byte: letters, digits and their marks.
pub(super) fn word_at(text: &str, at: usize) -> &str {
    // Longer than any word of the rules; a megabyte without a space costs no more.
    const LONGEST: usize = 48;
    let end = text[at..]
        .char_indices()
        .take(LONGEST)
        .find(|&(_, c)| !(is_word(c) || is_ignorable(c)))
        .map_or_else(|| ahead(text, at, LONGEST), |(len, _)| at + len);
    &text[at..end]
}

/// Gives the byte `chars` characters after `at`, or the end of the text.
fn ahead(text: &str, at: usize, chars: usize) -> usize {
    text[at..].char_indices().nth(chars).map_or(text.len(), |(len, _)| at + len)
}
