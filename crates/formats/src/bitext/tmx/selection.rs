//! Reduces the text of a memory to a pair of languages.

use std::ops::Range;

use crate::bitext::verbatim::edited;

/// Returns the text of a unit with only the pair of its variants, the source first, labelled with
/// the requested languages.
pub(super) fn selected_variants(
    xml: &str,
    variants: &[Range<usize>],
    pair: [usize; 2],
    requested: &[Option<String>; 2],
) -> String {
    let (Some(first), Some(last)) = (variants.first(), variants.last()) else {
        return xml.to_owned();
    };
    let space = &xml[xml[..first.start].rfind('>').map_or(first.start, |at| at + 1)..first.start];
    let texts: Vec<String> = pair
        .into_iter()
        .zip(requested)
        .map(|(index, lang)| labelled(&xml[variants[index].clone()], lang.as_deref()))
        .collect();
    edited(xml, vec![(first.start..last.end, texts.join(space))])
}

/// Returns the text of a variant with another language.
fn labelled(variant: &str, lang: Option<&str>) -> String {
    replaced_attribute(variant, &["xml:lang", "lang"], lang)
}

/// Returns the beginning of a file with another source language in its header.
pub(super) fn with_srclang(head: String, lang: &str) -> String {
    match head.find("<header").or_else(|| head.find(":header")) {
        Some(at) => {
            format!("{}{}", &head[..at], replaced_attribute(&head[at..], &["srclang"], Some(lang)))
        }
        None => head,
    }
}

/// Replaces the value of an attribute of the start tag that a text begins with.
fn replaced_attribute(text: &str, names: &[&str], value: Option<&str>) -> String {
    let Some(value) = value else { return text.to_owned() };
    let end = text.find('>').unwrap_or(text.len());
    let place = names.iter().find_map(|name| {
        let mut from = 0;
        while let Some(found) = text[from..end].find(name) {
            let at = from + found;
            from = at + name.len();
            let is_name = text[..at].ends_with(|c: char| c.is_whitespace());
            let rest = text[from..end].trim_start();
            let Some(rest) = rest.strip_prefix('=').filter(|_| is_name).map(str::trim_start) else {
                continue;
            };
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let start = end - rest.len() + 1;
            return Some(start..start + text[start..end].find(quote)?);
        }
        None
    });
    match place {
        Some(range) => edited(text, vec![(range, value.to_owned())]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_replaced_in_the_first_tag() {
        let lang = |text: &str| labelled(text, Some("ar"));
        assert_eq!(
            lang("<tuv  xml:lang = 'ar-EG' a='xml:lang'>"),
            "<tuv  xml:lang = 'ar' a='xml:lang'>"
        );
        assert_eq!(lang("<tuv lang=\"x\"><a lang=\"y\">"), "<tuv lang=\"ar\"><a lang=\"y\">");
        assert_eq!(lang("<tuv><a lang=\"y\">"), "<tuv><a lang=\"y\">");
    }
}
