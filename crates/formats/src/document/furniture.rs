//! What of a page is its text and what is furniture: navigation, headers, footers, asides, buttons, and
//! lists of links.

use std::ops::Range;

use super::block::BlockKind;

/// A block of a page, with what tells furniture from text.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) kind: BlockKind,
    pub(crate) text: String,
    pub(crate) bytes: Range<usize>,
    /// Chars of its text that are links.
    pub(crate) link_chars: usize,
    /// It stands in an element of furniture.
    pub(crate) furniture: bool,
    /// It stands in `main`.
    pub(crate) main: bool,
    /// It stands in an `article`.
    pub(crate) article: bool,
}

/// Of all chars outside furniture, how many must stand in `main`, or in articles, before nothing else
/// is kept.
const MAIN_SHARE: f64 = 0.25;
/// A block is a list's link when this share of it is one and it has no more chars than that.
const LINK_SHARE: f64 = 0.7;
const LONGEST_LINK: usize = 120;

/// Words in a class or an id that name furniture.
const WORDS: &[&str] = &[
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

/// Tells whether an element is furniture by its name, its role, and its class and id.
pub(crate) fn is_furniture(name: &str, role: &str, class: &[String; 2], in_main: bool) -> bool {
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
    // The words of a page's outermost elements say what the page has, not what they are.
    let is_outer = matches!(name, "html" | "body" | "main" | "article" | "h1" | "p");
    let by_word = || {
        let mut words = class
            .iter()
            .flat_map(|text| text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_')));
        !is_outer && words.any(|word| WORDS.contains(&word))
    };
    match name {
        "nav" | "aside" | "button" | "dialog" | "menu" => true,
        // Those of an article hold its headline and its authors.
        "header" | "footer" => !in_main,
        _ => by_role() || by_word(),
    }
}

/// Says of each block whether it is text.
///
/// Nothing is left out where nothing would be left.
pub(crate) fn main_blocks(found: &[Found]) -> Vec<bool> {
    let mut kept: Vec<bool> = found.iter().map(|block| !block.furniture).collect();
    let size = |kept: &[bool], is: fn(&Found) -> bool| -> usize {
        let blocks = found.iter().zip(kept).filter(|(block, kept)| **kept && is(block));
        blocks.map(|(block, _)| block.text.chars().count()).sum()
    };
    let all = size(&kept, |_| true);
    for is in [(|block| block.main) as fn(&Found) -> bool, |block| block.article] {
        if all > 0 && size(&kept, is) as f64 >= MAIN_SHARE * all as f64 {
            for (kept, block) in kept.iter_mut().zip(found) {
                *kept &= is(block);
            }
        }
    }
    let links: Vec<bool> = found.iter().map(is_link).collect();
    let before = kept.clone();
    // One linked paragraph is text; a list of them leads elsewhere.
    let neighbour = |at: usize, other: Option<usize>| {
        other.is_some_and(|other| {
            before.get(other) == Some(&true) && links[other] && found[other].kind == found[at].kind
        })
    };
    for at in 0..found.len() {
        if links[at] && (neighbour(at, at.checked_sub(1)) || neighbour(at, at.checked_add(1))) {
            kept[at] = false;
        }
    }
    if kept.contains(&true) { kept } else { vec![true; found.len()] }
}

/// Tells whether a block is nothing but a link, as in a list of other pages.
fn is_link(block: &Found) -> bool {
    let chars = block.text.chars().count();
    let heading = matches!(block.kind, BlockKind::Heading(_));
    !heading && chars <= LONGEST_LINK && block.link_chars as f64 >= LINK_SHARE * chars as f64
}

#[cfg(test)]
mod tests {
    use crate::document::block::Blocks;
    use crate::document::html::{Reading, read};

    fn main_text(html: &str) -> String {
        let mut out = Blocks::default();
        read(html, Reading { main_only: true, ..Reading::default() }, None, &mut out);
        out.text
    }

    #[test]
    fn furniture_of_a_news_page_is_dropped() {
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
    fn main_element_wins() {
        let html =
            "<div>Top story elsewhere</div><main><h1>T</h1><p>The text of the page.</p></main>";
        assert_eq!(main_text(html), "T\nThe text of the page.");
    }

    #[test]
    fn a_page_of_furniture_alone_is_kept() {
        assert_eq!(main_text("<nav><a href=1>One</a></nav><footer>Two</footer>"), "One\nTwo");
    }
}
