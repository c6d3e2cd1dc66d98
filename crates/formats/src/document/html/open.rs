//! The open elements of a page, found by name without a search, however deep they are.

use std::collections::HashMap;

use html5ever::LocalName;
use nasaq_text::Language;

use super::element::implied_ends;
use crate::document::block::BlockKind;

/// An open element, with what follows for its text from it and from the elements around it.
pub(super) struct OpenElement {
    pub(super) kind: Option<BlockKind>,
    /// Whether its text is never read.
    pub(super) hidden: bool,
    /// Whether the page hides it, until something shows it.
    pub(super) covered: bool,
    /// Its language, or that of the element around it.
    pub(super) language: Option<Language>,
    /// The same without the language of the page as a whole.
    pub(super) own_language: Option<Language>,
    pub(super) link: bool,
    pub(super) preformatted: bool,
    pub(super) boilerplate: bool,
    pub(super) main: bool,
    pub(super) article: bool,
    /// Whether it is in SVG or MathML, where elements may be self-closing.
    pub(super) foreign: bool,
}

impl OpenElement {
    /// Reports whether its text is hidden and in a language that it names.
    pub(super) fn is_variant(&self) -> bool {
        self.covered && self.own_language.is_some()
    }
}

/// The open elements, the outermost first.
#[derive(Default)]
pub(super) struct OpenElements {
    elements: Vec<(LocalName, OpenElement)>,
    /// By name: the indices of the open elements, in order.
    by_name: HashMap<LocalName, Vec<usize>>,
}

impl OpenElements {
    pub(super) fn push(&mut self, name: LocalName, element: OpenElement) {
        self.by_name.entry(name.clone()).or_default().push(self.elements.len());
        self.elements.push((name, element));
    }

    /// Returns the innermost element.
    pub(super) fn last(&self) -> Option<&OpenElement> {
        self.elements.last().map(|(_, element)| element)
    }

    /// Returns whether one of the innermost `count` elements has a name.
    pub(super) fn is_among_last(&self, count: usize, name: &str) -> bool {
        self.last_index(name).is_some_and(|index| index + count >= self.elements.len())
    }

    /// Returns the index of the innermost element with a name.
    pub(super) fn last_index(&self, name: &str) -> Option<usize> {
        self.by_name.get(&LocalName::from(name))?.last().copied()
    }

    /// Returns the index of the element that the start of an element with this name closes.
    pub(super) fn implied_end(&self, name: &str) -> Option<usize> {
        let (ended, within) = implied_ends(name)?;
        let innermost = |names: &[&str]| names.iter().filter_map(|it| self.last_index(it)).max();
        // An element around it that the search does not leave comes first.
        innermost(ended).filter(|index| innermost(within).is_none_or(|bound| bound < *index))
    }

    /// Closes the element at an index and all inside it.
    pub(super) fn truncate(&mut self, index: usize) {
        for (name, _) in self.elements.drain(index..) {
            if let Some(indices) = self.by_name.get_mut(&name) {
                indices.pop();
            }
        }
    }
}
