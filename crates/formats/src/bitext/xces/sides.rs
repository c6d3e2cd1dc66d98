//! Decides which of two documents is the source.

use nasaq::Language;

use super::super::input::BitextInput;
use super::super::language_tag::{is_language, language_of_tag};
use super::super::sentences::Sentences;

/// How many sentences show the script of a document.
const SAMPLE: usize = 200;

/// Returns the languages of two documents as far as they are known: declared in the document, or part
/// of its name as in `ar/1.xml` and `story.ar.xml`.
pub(super) fn languages(names: &[String; 2], documents: [&Sentences; 2]) -> [Option<String>; 2] {
    let [from, to] = [0, 1].map(|side| {
        let declared = documents[side].lang.clone().filter(|lang| !lang.trim().is_empty());
        declared.or_else(|| language_in(&names[side]))
    });
    [from, to]
}

/// Returns the last part of a name that is Arabic or English as tags write them.
fn language_in(name: &str) -> Option<String> {
    let parts = name.split(['/', '\\', '.', '_']);
    let mut tags = parts.filter(|part| part.is_ascii() && language_of_tag(part).is_some());
    tags.next_back().map(str::to_owned)
}

/// Reports whether the second document is the source.
pub(super) fn is_turned(
    input: &BitextInput,
    languages: &[Option<String>; 2],
    documents: [&Sentences; 2],
) -> bool {
    let requested = [(0, "ar"), (1, "en")]
        .map(|(side, default)| input.languages[side].as_deref().unwrap_or(default));
    if let [Some(from), Some(to)] = languages {
        let fits = |[src, tgt]: [&str; 2]| {
            usize::from(is_language(src, requested[0]))
                + usize::from(is_language(tgt, requested[1]))
        };
        return fits([to, from]) > fits([from, to]);
    }
    let [from, to] = documents.map(is_arabic);
    from != to && language_of_tag(requested[0]).is_some_and(|it| (it == Language::Arabic) == to)
}

/// Reports whether most letters of a document are Arabic.
fn is_arabic(document: &Sentences) -> bool {
    let texts = document.by_id.values().take(SAMPLE);
    let letters = texts.flat_map(|sentence| sentence.text.chars()).filter(|c| c.is_alphabetic());
    let (arabic, others) = letters.fold((0_u64, 0_u64), |(arabic, others), c| {
        let is_arabic = matches!(c, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}');
        (arabic + u64::from(is_arabic), others + u64::from(!is_arabic))
    });
    arabic > others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_documents_show_their_language() {
        for (name, lang) in [
            ("ar/2014/1.xml.gz", Some("ar")),
            ("story.en.xml", Some("en")),
            ("en_GB/story.xml", Some("en")),
            ("a.ar-EG.xml", Some("ar-EG")),
            ("story.xml", None),
        ] {
            assert_eq!(language_in(name).as_deref(), lang, "{name}");
        }
    }

    #[test]
    fn the_source_is_the_requested_language() {
        let document = |text: &str| {
            let text = format!("<t><s id='1'>{text}</s></t>");
            Sentences::read(text.as_bytes(), "s", |_| false).expect("a document")
        };
        let [ar, en] = ["نعم", "Yes"].map(document);
        let input = BitextInput::file("a.xml");
        let none = [None, None];
        assert!(is_turned(&input, &none, [&en, &ar]) && !is_turned(&input, &none, [&ar, &en]));
        assert!(!is_turned(&input, &none, [&en, &en]));
        let langs = |from: &str, to: &str| [Some(from.to_owned()), Some(to.to_owned())];
        assert!(is_turned(&input, &langs("en", "ar-SA"), [&ar, &en]));
        let turned = input.with_languages(langs("en", "ar"));
        assert!(!is_turned(&turned, &langs("en", "ar-SA"), [&ar, &en]));
        assert!(is_turned(&turned, &none, [&ar, &en]));
    }
}
