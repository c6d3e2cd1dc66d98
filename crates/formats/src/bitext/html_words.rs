//! Words of a page that translate each other: when the pointer is over one, all of them are lit.
//!
//! The page has no script. Words that are linked, also over others, have the same class in their pair,
//! and a rule of the style lights a class of a pair while one of its words is pointed at.

use std::collections::HashMap;

use super::Losses;
use super::markup::element;

/// The number of classes. Words of a pair with more groups share classes.
const CLASSES: usize = 48;

/// Returns the rules of the style.
pub(super) fn rules() -> String {
    let selectors: Vec<String> =
        (0..CLASSES).map(|class| format!(".pair:has(.w{class}:hover) .w{class}")).collect();
    format!("{} {{ background: var(--lit); border-radius: .2em; }}\n", selectors.join(",\n"))
}

/// The classes of the words of a pair.
pub(super) struct WordClasses([HashMap<usize, usize>; 2]);

impl WordClasses {
    /// Reads links such as `0-0 1-2`; what is no link is ignored.
    pub(super) fn read(links: &str) -> Self {
        let links = links.split_whitespace().filter_map(|link| {
            let (src, tgt) = link.split_once('-')?;
            Some((src.parse::<usize>().ok()?, tgt.parse::<usize>().ok()?))
        });
        let mut groups: Vec<[Vec<usize>; 2]> = Vec::new();
        let mut group_of = [HashMap::new(), HashMap::new()];
        for (src, tgt) in links {
            let known = [group_of[0].get(&src).copied(), group_of[1].get(&tgt).copied()];
            let group = known[0].or(known[1]).unwrap_or_else(|| {
                groups.push([Vec::new(), Vec::new()]);
                groups.len() - 1
            });
            if let [Some(_), Some(other)] = known
                && other != group
            {
                // The link joins two groups.
                for (side, words) in std::mem::take(&mut groups[other]).into_iter().enumerate() {
                    for word in words {
                        group_of[side].insert(word, group);
                        groups[group][side].push(word);
                    }
                }
            }
            for (side, word) in [src, tgt].into_iter().enumerate() {
                if group_of[side].insert(word, group).is_none() {
                    groups[group][side].push(word);
                }
            }
        }
        Self(group_of)
    }

    /// Returns the markup of a text, with the classes of its words.
    pub(super) fn markup(&self, side: usize, text: &str, losses: &mut Losses) -> String {
        let mut html = String::with_capacity(text.len() * 2);
        let mut end = 0;
        for (index, word) in text.split_whitespace().enumerate() {
            let start = word.as_ptr().addr() - text.as_ptr().addr();
            html.push_str(&element(&text[end..start], losses));
            end = start + word.len();
            let word = element(word, losses);
            match self.0[side].get(&index) {
                Some(group) => {
                    let class = group % CLASSES;
                    html.push_str(&format!("<span class=\"w{class}\">{word}</span>"));
                }
                None => html.push_str(&word),
            }
        }
        html.push_str(&element(&text[end..], losses));
        html
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linked_words_have_one_class() {
        let words = WordClasses::read("0-1 2-0 x 9 0-3 4-3");
        let mut losses = Losses::default();
        assert_eq!(
            words.markup(0, " a  <b> c\nd e ", &mut losses),
            " <span class=\"w0\">a</span>  &lt;b&gt; <span class=\"w1\">c</span>\nd \
             <span class=\"w0\">e</span> "
        );
        assert_eq!(
            words.markup(1, "A B C D", &mut losses),
            "<span class=\"w1\">A</span> <span class=\"w0\">B</span> C <span class=\"w0\">D</span>"
        );
        // Two groups become one.
        let words = WordClasses::read("0-0 1-1 0-1");
        assert_eq!(words.0[0][&1], words.0[0][&0]);
        assert_eq!(words.0[1][&1], words.0[1][&0]);
        assert!(rules().contains(".pair:has(.w47:hover) .w47"));
    }
}
