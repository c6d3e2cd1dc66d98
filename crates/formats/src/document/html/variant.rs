//! Pages that have their text in two languages, one of them hidden until the reader chooses it.

use nasaq_text::Language;

use super::super::boilerplate::HtmlBlock;
use crate::document::DocumentNote;

/// The minimum length of the hidden text, as a share of the text in the other language that is
/// shown: less is a hint or the label of a button.
const MIN_SHARE: f64 = 0.2;

/// Reads the language of an element from the value of its `lang` attribute.
pub(super) fn language(tag: &str) -> Option<Language> {
    tag.trim().parse().ok()
}

/// Removes the hidden blocks; but if the page hides its text in the language of the side and shows
/// it in another, removes that one instead.
pub(super) fn choose(
    blocks: Vec<HtmlBlock>,
    language: Option<Language>,
) -> (Vec<(u32, HtmlBlock)>, Option<DocumentNote>) {
    let is_wanted = |block: &HtmlBlock| block.hidden && block.language == language;
    let is_other =
        |block: &HtmlBlock| !block.hidden && block.language.is_some() && block.language != language;
    let chars = |is: &dyn Fn(&HtmlBlock) -> bool| -> usize {
        blocks.iter().filter(|block| is(block)).map(|block| block.text.chars().count()).sum()
    };
    let (wanted, other) = (chars(&is_wanted), chars(&is_other));
    let swaps = language.is_some() && other > 0 && wanted as f64 >= MIN_SHARE * other as f64;
    if !swaps {
        let shown = blocks.into_iter().filter(|block| !block.hidden);
        return ((0..).zip(shown).collect(), None);
    }
    let (hidden, shown) = (
        blocks.iter().filter(|block| is_wanted(block)).count(),
        blocks.iter().filter(|block| is_other(block)).count(),
    );
    let text = format!(
        "{hidden} blocks that the page hides in this language were read in place of {shown} in \
         another that it shows"
    );
    let chosen = (0..).zip(blocks).filter(|(_, block)| match block.hidden {
        true => block.language == language,
        false => block.language.is_none_or(|own| Some(own) == language),
    });
    (chosen.collect(), Some(DocumentNote::new("other-language", text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::block::Blocks;
    use crate::document::html::{HtmlOptions, read};

    fn text(html: &str, language: Language) -> (String, usize) {
        let mut out = Blocks::default();
        let options = HtmlOptions { language: Some(language), ..HtmlOptions::default() };
        read(html, options, None, &mut out);
        (out.text, out.notes.len())
    }

    #[test]
    fn each_side_has_its_language() {
        let (arabic, english) = ("<p>وصل القطار.</p>", "<p>The train came.</p>");
        for page in [
            format!("<div lang=ar>{arabic}</div><div lang=en hidden>{english}</div>"),
            format!(
                "<div lang=en-GB>{english}</div><div lang=ar-EG style='display: none'>{arabic}</div>"
            ),
            format!(
                "<div xml:lang=ar>{arabic}</div><div style='display:none'><div lang=en>{english}</div></div>"
            ),
            format!(
                "<html lang=ar><body>{arabic}<section lang=en aria-hidden=true>{english}</section>"
            ),
            format!(
                "<html lang=en><div data-lang=ar>{arabic}</div><div data-lang=en hidden>{english}<div hidden>no</div></div>"
            ),
        ] {
            let note = |page: &str, language| text(page, language).1;
            assert_eq!(text(&page, Language::Arabic).0, "وصل القطار.", "{page}");
            let found = text(&page, Language::English).0;
            assert_eq!(found, "The train came.", "{page}");
            let notes = [Language::Arabic, Language::English].map(|it| note(&page, it));
            assert_eq!(notes.iter().sum::<usize>(), 1, "{page}");
        }
    }

    #[test]
    fn other_hidden_text_remains_hidden() {
        for page in [
            "<p>نص طويل هنا لا يخفى.</p><p hidden>no</p>",
            "<p lang=ar>نص طويل هنا لا يخفى على أحد في هذه الصفحة.</p><p lang=en hidden>no</p>",
            "<p lang=en>Shown.</p><p lang=fr hidden>caché</p>",
            "<p lang=en>Shown.</p><p lang=en hidden>twice as long as that</p>",
            "<p>نص <span lang=en>quoted words</span></p><div hidden lang=ar><p>تم</p></div>",
        ] {
            let (found, notes) = text(page, Language::English);
            assert!(!found.contains("no") && !found.contains("caché"), "{found}");
            assert!(!found.contains("twice"), "{found}");
            assert_eq!(notes, 0, "{page}");
        }
        let quotation = "<p lang=ar>قال <span lang=en>hello</span> ثم رحل.</p>";
        assert_eq!(text(quotation, Language::Arabic).0, "قال hello ثم رحل.");
    }
}
