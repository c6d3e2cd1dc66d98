//! The words of the English side by their text, so that each Latin word of the Arabic side is looked up
//! and not compared with all of them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use crate::side::{PairSide, WordKind};

/// The words of the English side that are the same name as a word of the Arabic side.
pub(super) struct SameWords {
    /// Their indices, in order; at least one.
    pub(super) indices: Vec<usize>,
    /// Whether one of them is a function word.
    pub(super) has_function: bool,
}

/// The indices of words by a text.
type Index<K> = HashMap<K, Vec<usize>>;

/// The words of the English side, without numbers.
pub(super) struct Occurrences<'s, 't> {
    english: &'s PairSide<'t>,
    exact: Index<&'t str>,
    lower: Index<String>,
    /// By the text in lower case, without a possessive and a plural.
    bare: Index<String>,
    /// What was found, by the keys that it was found by: words that occur often share it.
    found: HashMap<SearchKey, Option<Rc<SameWords>>>,
}

#[derive(PartialEq, Eq, Hash)]
enum SearchKey {
    Exact(String),
    Similar { lower: String, bare: usize },
}

impl<'s, 't> Occurrences<'s, 't> {
    pub(super) fn new(english: &'s PairSide<'t>) -> Self {
        let (mut exact, mut lower, mut bare) = (Index::new(), Index::new(), Index::new());
        for (at, word) in english.words.iter().enumerate() {
            if word.kind != WordKind::Number {
                exact.entry(word.text).or_default().push(at);
                let text = word.text.to_ascii_lowercase();
                bare.entry(text[..bare_len(word.text)].to_owned()).or_default().push(at);
                lower.entry(text).or_default().push(at);
            }
        }
        Self { english, exact, lower, bare, found: HashMap::new() }
    }

    /// Returns the English words that are equal to a word; if there is none, those that are the same
    /// name: equal up to case, a possessive and a plural.
    pub(super) fn same(&mut self, word: &str) -> Option<Rc<SameWords>> {
        // In "Error log error.log" the name is in lower case.
        let key = match self.exact.contains_key(word) {
            true => SearchKey::Exact(word.to_owned()),
            false => SearchKey::Similar { lower: word.to_ascii_lowercase(), bare: bare_len(word) },
        };
        match self.found.entry(key) {
            Entry::Occupied(found) => found.get().clone(),
            Entry::Vacant(vacant) => {
                let mut indices = match vacant.key() {
                    SearchKey::Exact(word) => self.exact[&**word].clone(),
                    SearchKey::Similar { lower, bare } => {
                        let lists = [self.lower.get(lower), self.bare.get(&lower[..*bare])];
                        lists.into_iter().flatten().flatten().copied().collect()
                    }
                };
                indices.sort_unstable();
                indices.dedup();
                let has_function = indices.iter().any(|at| self.english.words[*at].function);
                let same =
                    (!indices.is_empty()).then(|| Rc::new(SameWords { indices, has_function }));
                vacant.insert(same).clone()
            }
        }
    }
}

/// Returns the length of a word without a possessive and a plural.
fn bare_len(word: &str) -> usize {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss");
    word.len() - usize::from(plural)
}
