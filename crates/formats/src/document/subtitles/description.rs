//! Finds cues and lines that are not speech: descriptions of sounds and music, `[door closes]`,
//! `(يضحك)`, `♪ … ♪`, `# … #`, `*…*`.

use super::join::without_label;
use super::trim_invisible;

/// Reports whether a character is a sign of music.
pub(super) fn is_music(c: char) -> bool {
    matches!(c, '♪' | '♫' | '♩' | '♬' | '🎵' | '🎶')
}

/// Reports whether a text is only descriptions of sounds, or sung.
pub(super) fn is_description(text: &str) -> bool {
    let text = trim_invisible(text);
    let text = trim_invisible(text.strip_prefix(['-', '–', '—']).unwrap_or(text));
    let text = trim_invisible(text.strip_suffix(['-', '–', '—']).unwrap_or(text));
    is_marked(text) || without_label(text).is_some_and(|text| is_marked(trim_invisible(text)))
}

fn is_marked(text: &str) -> bool {
    if text.starts_with(is_music) {
        return true;
    }
    is_between(text, '#') || is_between(text, '*') || is_bracketed(text) || is_mirrored(text)
}

/// Reports whether a text is between brackets that are turned round, as in Arabic in visual order.
fn is_mirrored(text: &str) -> bool {
    let inside = |opens: char, closes: char| {
        let inside = text.strip_prefix(closes)?.strip_suffix(opens)?;
        (!inside.contains(['(', ')', '[', ']'])).then_some(inside)
    };
    let inside = inside('(', ')').or_else(|| inside('[', ']'));
    inside.is_some_and(|inside| inside.contains(char::is_alphabetic))
}

/// Reports whether a text with a letter is between two signs.
fn is_between(text: &str, sign: char) -> bool {
    let inside = text.strip_prefix(sign).and_then(|rest| rest.strip_suffix(sign));
    inside.is_some_and(|inside| inside.contains(char::is_alphabetic))
}

/// Reports whether all of a text with a letter is in brackets, apart from white space and signs of
/// music.
fn is_bracketed(text: &str) -> bool {
    let mut closers: Vec<char> = Vec::new();
    let mut has_letter = false;
    for c in text.chars() {
        let closer = match c {
            '[' => Some(']'),
            '(' => Some(')'),
            '{' => Some('}'),
            '<' => Some('>'),
            '（' => Some('）'),
            '【' => Some('】'),
            _ => None,
        };
        if let Some(closer) = closer {
            closers.push(closer);
        } else if closers.last() == Some(&c) {
            closers.pop();
        } else if !closers.is_empty() {
            has_letter |= c.is_alphabetic();
        } else if !super::is_invisible(c) && !is_music(c) && !matches!(c, '.' | '،' | ',') {
            return false;
        }
    }
    has_letter && closers.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sounds_and_songs_are_descriptions() {
        for text in [
            "[door closes]",
            "(يضحك)",
            "[صوت انفجار]",
            "♪ I walk along ♪",
            "♪ I walk along",
            "♪♪",
            "# La la la #",
            "*ضحك*",
            "- [sighs]",
            "<door closes>",
            "]صوت باب[",
            "(sighs) (coughs)",
            "[both (softly) laughing]",
            "\u{202b}(موسيقى)\u{202c}",
            "\u{200f}[تنهد]",
            "MAN: [laughs]",
            "♪ [music] ♪",
        ] {
            assert!(is_description(text), "{text}");
        }
    }

    #[test]
    fn speech_is_not_a_description() {
        for text in [
            "(sighs) Stop.",
            "Stop. [sighs]",
            "(يضحك) توقف.",
            "(one) and (two)",
            "[unclosed",
            "(2)",
            "...",
            "# 1",
            "*",
            "",
            "- No.",
            "I sing ♪",
        ] {
            assert!(!is_description(text), "{text}");
        }
    }
}
