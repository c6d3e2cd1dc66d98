//! Distinguishes the text of a page from boilerplate: navigation, headers, footers, asides, buttons
//! and lists of links.

use std::ops::Range;

use nasaq_text::Language;

use super::block::BlockKind;

/// A block of a page, with the evidence for text or boilerplate.
#[derive(Debug)]
pub(crate) struct HtmlBlock {
    pub(crate) kind: BlockKind,
    pub(crate) text: String,
    pub(crate) bytes: Range<usize>,
    /// The number of chars of its text that are links.
    pub(crate) link_chars: usize,
    /// Whether the page hides it.
    pub(crate) hidden: bool,
    /// The language that it is marked as.
    pub(crate) language: Option<Language>,
    /// Whether it is in a boilerplate element.
    pub(crate) boilerplate: bool,
    /// Whether it is in `main`.
    pub(crate) main: bool,
    /// Whether it is in an `article`.
    pub(crate) article: bool,
}

/// If at least this share of the chars outside boilerplate is in `main`, or in articles, everything
/// else is omitted.
const MIN_MAIN_SHARE: f64 = 0.25;
/// The minimum share of links in a block that is an entry of a list of links.
const MIN_LINK_SHARE: f64 = 0.7;
/// The maximum number of chars of such a block.
const MAX_LINK_CHARS: usize = 120;

/// Words in a class or an id that mark boilerplate.
const BOILERPLATE_WORDS: &[&str] = &[
    "advert",
    "ads",
    "banner",
    "breadcrumb",
    "breadcrumbs",
    "comments",
    "consent",
    "cookie",
    "cookies",
    "footer",
    "menu",
    "modal",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "pager",
    "pagination",
    "popup",
    "promo",
    "recommended",
    "related",
    "share",
    "sharing",
    "sidebar",
    "skip",
    "social",
    "subscribe",
    "toolbar",
];

/// Reports whether an element is boilerplate, by its name, its role, its class and its id.
pub(crate) fn is_boilerplate(name: &str, role: &str, class: &[String; 2], in_main: bool) -> bool {
    let by_role = || {
        matches!(
            role,
            "navigation"
                | "banner"
                | "contentinfo"
                | "complementary"
                | "search"
                | "menu"
                | "menubar"
                | "toolbar"
                | "dialog"
                | "alertdialog"
        )
    };
    // The classes of the outermost elements describe the page, not these elements.
    let is_outer = matches!(name, "html" | "body" | "main" | "article" | "h1" | "p");
    let by_word = || {
        let mut words = class
            .iter()
            .flat_map(|text| text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_')));
        !is_outer && words.any(|word| BOILERPLATE_WORDS.contains(&word))
    };
    match name {
        "nav" | "aside" | "button" | "dialog" | "menu" => true,
        // In an article they contain its headline and its authors.
        "header" | "footer" => !in_main,
        _ => by_role() || by_word(),
    }
}

/// Returns for each block whether it is text; all of them if none would be.
pub(crate) fn text_blocks(blocks: &[HtmlBlock]) -> Vec<bool> {
    let mut is_text: Vec<bool> = blocks.iter().map(|block| !block.boilerplate).collect();
    let chars = |is_text: &[bool], is: fn(&HtmlBlock) -> bool| -> usize {
        let blocks = blocks.iter().zip(is_text).filter(|(block, is_text)| **is_text && is(block));
        blocks.map(|(block, _)| block.text.chars().count()).sum()
    };
    let all = chars(&is_text, |_| true);
    for is in [(|block| block.main) as fn(&HtmlBlock) -> bool, |block| block.article] {
        if all > 0 && chars(&is_text, is) as f64 >= MIN_MAIN_SHARE * all as f64 {
            for (is_text, block) in is_text.iter_mut().zip(blocks) {
                *is_text &= is(block);
            }
        }
    }
    let links: Vec<bool> = blocks.iter().map(is_link).collect();
    let before = is_text.clone();
    // One linked paragraph is text; a list of them leads to other pages.
    let is_same_list = |index: usize, other: Option<usize>| {
        other.is_some_and(|other| {
            before.get(other) == Some(&true)
                && links[other]
                && blocks[other].kind == blocks[index].kind
        })
    };
    for index in 0..blocks.len() {
        let (before, after) = (index.checked_sub(1), index.checked_add(1));
        if links[index] && (is_same_list(index, before) || is_same_list(index, after)) {
            is_text[index] = false;
        }
    }
    if is_text.contains(&true) { is_text } else { vec![true; blocks.len()] }
}

/// Reports whether a block consists of a link, as in a list of other pages.
fn is_link(block: &HtmlBlock) -> bool {
    let chars = block.text.chars().count();
    let heading = matches!(block.kind, BlockKind::Heading(_));
    !heading && chars <= MAX_LINK_CHARS && block.link_chars as f64 >= MIN_LINK_SHARE * chars as f64
}

#[cfg(test)]
mod tests {
    use crate::document::block::Blocks;
    use crate::document::html::{HtmlOptions, read};

    fn main_text(html: &str) -> String {
        let mut out = Blocks::default();
        read(html, HtmlOptions { main_only: true, ..HtmlOptions::default() }, None, &mut out);
        out.text
    }

    #[test]
    fn boilerplate_of_a_news_page_is_omitted() {
        let html = "<body class='has-sidebar'><header><a href=/>Daily</a></header>\
            <nav><ul><li><a href=1>World</a><li><a href=2>Sport</a></ul></nav>\
            <div class='cookie-banner'>We use cookies.</div>\
            <article><header><h1>Dam opens</h1><p>By Sara</p></header>\
            <p>The <a href=x>dam</a> opened on Monday after nine years of work.</p>\
            <figure><figcaption>The dam at dawn</figcaption></figure>\
            <ul><li><a href=4>Read: the river</a><li><a href=5>Read: the lake</a></ul>\
            <p><a href=6>One linked sentence stays.</a></p>\
            <div class='share-buttons'>Share</div></article>\
            <aside>Most read</aside><footer>Copyright</footer></body>";
        assert_eq!(
            main_text(html),
            "Dam opens\nBy Sara\nThe dam opened on Monday after nine years of work.\n\
             The dam at dawn\nOne linked sentence stays."
        );
    }

    #[test]
    fn the_main_element_takes_precedence() {
        let html =
            "<div>Top story elsewhere</div><main><h1>T</h1><p>The text of the page.</p></main>";
        assert_eq!(main_text(html), "T\nThe text of the page.");
    }

    #[test]
    fn a_page_of_boilerplate_alone_is_read_whole() {
        assert_eq!(main_text("<nav><a href=1>One</a></nav><footer>Two</footer>"), "One\nTwo");
    }
}
