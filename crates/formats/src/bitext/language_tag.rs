//! The languages of a bitext as programs write them: tags, codes of three letters, names.

use nasaq::Language;

/// Codes of ISO 639-3 for Arabic as a whole, Standard Arabic, and its dialects.
const ARABIC: [&str; 33] = [
    "ar", "ara", "arb", "aao", "abh", "abv", "acm", "acq", "acw", "acx", "acy", "adf", "aeb",
    "aec", "afb", "ajp", "apc", "apd", "arq", "ars", "ary", "arz", "auz", "avl", "ayh", "ayl",
    "ayn", "ayp", "pga", "shu", "ssh", "arabic", "arab",
];
/// Names of Arabic in Arabic.
const ARABIC_NAMES: [&str; 4] = ["العربية", "عربي", "عربية", "عربى"];
const ENGLISH: [&str; 3] = ["en", "eng", "english"];
/// Names of English in Arabic.
const ENGLISH_NAMES: [&str; 6] =
    ["الإنجليزية", "الانجليزية", "إنجليزي", "انجليزي", "إنجليزية", "انجليزية"];
/// Codes and names that mean the language as a whole, so that they match its dialects and regions.
const WHOLE: [&str; 4] = ["ar", "ara", "arb", "arabic"];

/// Returns the language that a tag, a code or a name stands for: Arabic for `ar-EG`, `ara`, `arz`
/// and `Arabic (Egypt)`, English for `en_US`, `eng` and `English`.
#[must_use]
pub fn language_of_tag(tag: &str) -> Option<Language> {
    let primary = primary(tag);
    if ARABIC.contains(&&*primary) || ARABIC_NAMES.contains(&&*primary) {
        Some(Language::Arabic)
    } else if ENGLISH.contains(&&*primary) || ENGLISH_NAMES.contains(&&*primary) {
        Some(Language::English)
    } else {
        None
    }
}

/// Reports whether a tag is a language or one of its locales or dialects.
pub(super) fn is_language(tag: &str, language: &str) -> bool {
    language_rank(tag, language).is_some()
}

/// Returns how far a tag is from a language that was asked for: 0 is the same, 1 the same with a
/// region, 2 another code for it or a dialect; `None` is another language.
pub(super) fn language_rank(tag: &str, language: &str) -> Option<u8> {
    let (tag, language) = (normal(tag), normal(language));
    if tag.is_empty() {
        return None;
    }
    if tag == language {
        return Some(0);
    }
    if primary(&tag) == language {
        return Some(1);
    }
    let is_whole =
        WHOLE.contains(&&*language) || ENGLISH.contains(&&*language) || !language.is_ascii();
    let family = language_of_tag(&language).filter(|_| is_whole)?;
    (language_of_tag(&tag) == Some(family)).then(|| {
        let is_dialect = family == Language::Arabic
            && !WHOLE.contains(&&*primary(&tag))
            && primary(&tag).is_ascii();
        2 + u8::from(is_dialect)
    })
}

fn normal(tag: &str) -> String {
    tag.trim().replace('_', "-").to_lowercase()
}

/// Returns the part of a tag or a name before its region.
fn primary(tag: &str) -> String {
    let tag = normal(tag);
    tag.split(|c: char| c == '-' || c == '(' || c == ',' || c.is_whitespace())
        .find(|part| !part.is_empty())
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_as_programs_write_them() {
        for tag in [
            "ar",
            "AR-SA",
            "ar_EG",
            "ara",
            "arb",
            "arz",
            "apc-LB",
            " ar ",
            "Arabic",
            "AR-01",
            "arb_Arab",
            "Arabic (Egypt)",
            "العربية",
            "العربية (مصر)",
        ] {
            assert_eq!(language_of_tag(tag), Some(Language::Arabic), "{tag}");
        }
        for tag in
            ["en", "EN-US", "en_GB", "eng", "eng_Latn", "English", "English (US)", "الإنجليزية"]
        {
            assert_eq!(language_of_tag(tag), Some(Language::English), "{tag}");
        }
        for tag in ["", "fr", "arc", "enm", "source", "a", "arn-CL"] {
            assert_eq!(language_of_tag(tag), None, "{tag}");
        }
    }

    #[test]
    fn locales_and_dialects_belong_to_their_language() {
        assert!(is_language("ar_EG", "ar") && is_language("AR-eg", "ar-EG"));
        assert!(is_language("arz", "ar") && is_language("ara", "ar") && is_language("ar", "ara"));
        assert!(
            !is_language("ar", "ar-EG") && !is_language("arz", "apc") && !is_language("", "ar")
        );
        assert!(
            !is_language("ar", "arz") && is_language("fr-CA", "fr") && !is_language("fr", "en")
        );
        assert_eq!(
            ["ar", "ar-EG", "ara", "arz", "de"].map(|tag| language_rank(tag, "ar")),
            [Some(0), Some(1), Some(2), Some(3), None]
        );
    }
}
