//! The text that the name of a glyph stands for.

use skrifa::raw::ps::agl::{name_to_chars, split_variant};

/// Returns the text of a glyph name: by the [Adobe glyph
/// list](https://github.com/adobe-type-tools/agl-aglfn), whose names may be joined by `_` and have
/// a variant after a dot, or by the names that font editors use for Arabic (`lam_alef-ar.fina`).
pub(super) fn text_of_name(name: &str) -> Option<String> {
    let (base, _) = split_variant(name);
    let mut text = String::new();
    let (base, is_arabic) = match base.strip_suffix("-ar").or_else(|| base.strip_suffix("-arab")) {
        Some(base) => (base, true),
        None => (base, false),
    };
    for part in base.split('_') {
        let part = part.strip_suffix("-ar").unwrap_or(part);
        let before = text.len();
        if is_arabic {
            text.extend(name_to_chars(&format!("{part}arabic")));
        }
        if text.len() == before {
            text.extend(name_to_chars(part));
        }
        if text.len() == before {
            text.extend(letter_of_part(part));
        }
        if text.len() == before {
            return None;
        }
    }
    (!text.is_empty()).then_some(text)
}

/// Returns the letter of a name that the Adobe glyph list spells differently.
fn letter_of_part(part: &str) -> Option<char> {
    Some(match part {
        "alef" => 'ا',
        "alefHamzaabove" | "alefHamzaAbove" => 'أ',
        "alefHamzabelow" | "alefHamzaBelow" => 'إ',
        "alefMadda" | "alefMaddaabove" => 'آ',
        "wawHamza" | "wawHamzaabove" => 'ؤ',
        "yehHamza" | "yehHamzaabove" => 'ئ',
        "alefMaksura" => 'ى',
        "tehMarbuta" => 'ة',
        "lam" => 'ل',
        "heh" => 'ه',
        "yeh" => 'ي',
        "kashida" => '\u{640}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_arabic_glyphs_are_read() {
        for (name, text) in [
            ("uni0628.init", "ب"),
            ("uniFEDF", "\u{FEDF}"),
            ("uni06440627.fina", "لا"),
            ("afii57416", "ب"),
            ("beh-ar.medi", "ب"),
            ("lam_alef-ar.fina", "لا"),
            ("lam-ar_alef-ar", "لا"),
            ("fatha-ar", "\u{64E}"),
            ("tehMarbuta-ar.fina", "ة"),
            ("u0645", "م"),
            ("f_i", "fi"),
            ("A.sc", "A"),
            ("space", " "),
        ] {
            assert_eq!(text_of_name(name).as_deref(), Some(text), "{name}");
        }
        for name in ["g12", "glyph00012", "cid00412", ".notdef", "", "gid7"] {
            assert_eq!(text_of_name(name), None, "{name}");
        }
    }
}
