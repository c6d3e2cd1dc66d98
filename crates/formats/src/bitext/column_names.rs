//! What the name of a column tells about the text in it: `en-US`, `Arabic (Saudi Arabia)`,
//! `text_ar`, `العربية`, `Source (EN)`.

/// What a name calls a text: by its side, by its language, or by both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TextRole {
    pub(super) is_source: bool,
    pub(super) is_target: bool,
    pub(super) is_arabic: bool,
    pub(super) is_english: bool,
}

impl TextRole {
    /// Reports whether the name calls a text at all.
    pub(super) fn is_any(self) -> bool {
        self != Self::default()
    }
}

const SOURCE: &[&str] =
    &["src", "source", "original", "orig", "المصدر", "مصدر", "الاصل", "الاصلي", "الاصليه"];
const TARGET: &[&str] = &[
    "tgt",
    "trg",
    "target",
    "translation",
    "translated",
    "trans",
    "الترجمه",
    "ترجمه",
    "المترجم",
    "مترجم",
    "المترجمه",
    "الهدف",
    "هدف",
];
/// Arabic and its varieties, by their codes and names.
const ARABIC: &[&str] = &[
    "ar",
    "ara",
    "arb",
    "arabic",
    "arabe",
    "arabisch",
    "arz",
    "apc",
    "ajp",
    "acm",
    "acq",
    "acw",
    "aeb",
    "afb",
    "apd",
    "ary",
    "ars",
    "msa",
    "عربي",
    "عربيه",
    "العربيه",
    "العربي",
    "بالعربيه",
    "بالعربي",
];
const ENGLISH: &[&str] = &[
    "en",
    "eng",
    "english",
    "anglais",
    "englisch",
    "inglés",
    "انجليزي",
    "انجليزيه",
    "الانجليزيه",
    "الانجليزي",
    "بالانجليزيه",
    "بالانجليزي",
    "انكليزي",
    "انكليزيه",
    "الانكليزيه",
    "الانكليزي",
];
/// Words that may stand beside the others without changing what they mean.
const NEUTRAL: &[&str] = &[
    "text",
    "texts",
    "sentence",
    "sentences",
    "sent",
    "segment",
    "string",
    "content",
    "phrase",
    "word",
    "words",
    "term",
    "value",
    "title",
    "body",
    "version",
    "language",
    "column",
    "raw",
    "utterance",
    "line",
    "latn",
    "arab",
    "النص",
    "نص",
    "جمله",
    "الجمله",
    "اللغه",
    "باللغه",
    "standard",
    "modern",
    "the",
    "in",
    "msgid",
    "msgstr",
];
/// Words of columns that describe a text and do not hold it.
const NOT_TEXT: &[&str] = &[
    "id",
    "ids",
    "no",
    "num",
    "nr",
    "number",
    "index",
    "idx",
    "count",
    "len",
    "length",
    "chars",
    "tokens",
    "score",
    "scores",
    "prob",
    "probability",
    "quality",
    "lang",
    "langs",
    "locale",
    "code",
    "url",
    "uri",
    "link",
    "path",
    "file",
    "filename",
    "doc",
    "document",
    "domain",
    "corpus",
    "date",
    "time",
    "timestamp",
    "start",
    "end",
    "segments",
    "bytes",
    "place",
    "offset",
    "type",
    "kind",
    "status",
    "state",
    "note",
    "notes",
    "comment",
    "comments",
    "hash",
    "audio",
    "speaker",
    "author",
    "user",
    "license",
    "metadata",
    "info",
    "by",
    "at",
];
/// What is written together with another word, as in `sourcetext`.
const AFFIXES: &[&str] = &["text", "sentence", "sent", "segment", "string"];
/// The maximum length of the name of a text in bytes.
const MAX_NAME: usize = 120;

/// Returns what a name calls a text, if all of its words are known.
///
/// With `loosely`, other words are allowed beside them. That is for what is certainly a name: the
/// first row of a table may be a pair, in which a word such as `English` proves nothing.
pub(super) fn role(name: &str, loosely: bool) -> TextRole {
    let mut found = TextRole::default();
    if name.len() > MAX_NAME {
        return found;
    }
    let mut has_language_word = false;
    for NameWord { word, is_aside, is_joined } in words(name) {
        let known = found.add(&word);
        // A code after another, in parentheses or joined to it, is a region or a script.
        let is_subtag = found.is_any() && is_joined && word.chars().count() <= 4;
        if known {
            continue;
        }
        if NOT_TEXT.contains(&word.as_str()) && !is_aside {
            return TextRole::default();
        }
        has_language_word |= word == "language";
        if !(loosely
            || is_aside
            || is_subtag
            || NEUTRAL.contains(&word.as_str())
            || is_number(&word))
        {
            return TextRole::default();
        }
    }
    // `source language` holds the name of a language.
    if has_language_word && (found.is_source || found.is_target) {
        return TextRole::default();
    }
    if found.is_source && found.is_target {
        (found.is_source, found.is_target) = (false, false);
    }
    if found.is_arabic && found.is_english {
        (found.is_arabic, found.is_english) = (false, false);
    }
    found
}

impl TextRole {
    /// Adds what a word tells, and reports whether it tells anything.
    fn add(&mut self, word: &str) -> bool {
        let stems =
            AFFIXES.iter().flat_map(|affix| [word.strip_suffix(affix), word.strip_prefix(affix)]);
        let mut known = false;
        for stem in std::iter::once(Some(word)).chain(stems).flatten() {
            let lists = [
                (SOURCE, &mut self.is_source),
                (TARGET, &mut self.is_target),
                (ARABIC, &mut self.is_arabic),
                (ENGLISH, &mut self.is_english),
            ];
            for (list, flag) in lists {
                if list.contains(&stem) {
                    *flag = true;
                    known = true;
                }
            }
        }
        known
    }
}

fn is_number(word: &str) -> bool {
    word.chars().all(char::is_numeric)
}

/// A word of a name, in lower case; Arabic ones without vowel marks, and with one form of alif and
/// of ta marbuta.
#[derive(Default)]
struct NameWord {
    word: String,
    /// Whether it is in parentheses.
    is_aside: bool,
    /// Whether a hyphen or an underscore joins it to the word before, as in `en-US`.
    is_joined: bool,
}

fn words(name: &str) -> Vec<NameWord> {
    let mut words: Vec<NameWord> = Vec::new();
    let (mut word, mut depth, mut before) = (NameWord::default(), 0_usize, ' ');
    for c in name.chars().chain([' ']) {
        let begins_word = before.is_lowercase() && c.is_uppercase();
        let is_part = c.is_alphanumeric() || is_mark(c);
        if (begins_word || !is_part) && !word.word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if word.word.is_empty() {
            word.is_aside = depth > 0;
            word.is_joined = matches!(before, '-' | '_');
        }
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            'أ' | 'إ' | 'آ' | 'ٱ' => word.word.push('ا'),
            'ة' => word.word.push('ه'),
            'ى' => word.word.push('ي'),
            c if is_mark(c) => {}
            c if c.is_alphanumeric() => word.word.extend(c.to_lowercase()),
            _ => {}
        }
        before = c;
    }
    words
}

/// Reports whether a character is an Arabic vowel mark, tatweel or a directional mark.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{64b}'..='\u{652}' | '\u{670}' | '\u{640}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, loosely: bool) -> String {
        let TextRole { is_source, is_target, is_arabic, is_english } = role(name, loosely);
        let flags = [(is_source, 's'), (is_target, 't'), (is_arabic, 'a'), (is_english, 'e')];
        flags.into_iter().filter(|(on, _)| *on).map(|(_, c)| c).collect()
    }

    #[test]
    fn names_are_known_in_many_spellings() {
        for name in [
            "ar-SA",
            "ar_EG",
            "AR",
            "arb",
            "arb_Arab",
            "العربية",
            "الْعَرَبِيَّة",
            "عربي",
            "Arabic (Saudi Arabia)",
            "Arabic Text",
            "text_ar",
            "textAr",
            "arText",
            "ar.text",
            "sentence_ara",
            "Arabic (KSA)",
            "النص العربي",
            "النص بالعربية",
            "اللغة العربية",
            "Modern Standard Arabic",
            "ar_1",
        ] {
            assert_eq!(shown(name, false), "a", "{name}");
        }
        for name in [
            "en-US",
            "eng",
            "eng_Latn",
            "English",
            "ENGLISH TEXT",
            "English (UK)",
            "text_en",
            "en_GB",
            "الإنجليزية",
            "الانجليزية",
            "بالإنجليزية",
            "englishText",
            "EnglishSentence",
            "English language",
        ] {
            assert_eq!(shown(name, false), "e", "{name}");
        }
        for (name, flags) in [
            ("original", "s"),
            ("source_text", "s"),
            ("sourceText", "s"),
            ("SourceString", "s"),
            ("sourcetext", "s"),
            ("Source (EN)", "se"),
            ("Target (AR)", "ta"),
            ("translation", "t"),
            ("trg", "t"),
            ("الترجمة", "t"),
            ("النص الأصلي", "s"),
            ("Translation [ar-EG]", "ta"),
            ("translated text", "t"),
            ("English source", "se"),
        ] {
            assert_eq!(shown(name, false), flags, "{name}");
        }
    }

    #[test]
    fn what_describes_a_text_is_not_its_name() {
        for name in [
            "id",
            "src_id",
            "source_lang",
            "Source language",
            "target_url",
            "ar_len",
            "en_score",
            "src_segments",
            "tgt_bytes",
            "src_place",
            "source file",
            "notes",
            "",
            "fr",
            "de-DE",
            "Arabic-English",
            "score",
            "1",
            "English notes",
            "fas_Arab",
        ] {
            assert_eq!(shown(name, true), "", "{name}");
        }
    }

    #[test]
    fn a_sentence_is_not_a_name() {
        for text in [
            "He speaks Arabic.",
            "My English",
            "أتكلم العربية قليلا",
            "The original is lost",
            "Open the file",
            "English is hard",
        ] {
            assert_eq!(shown(text, false), "", "{text}");
        }
        assert_eq!(shown("English wording", true), "e");
    }
}
