//! The words of one side of all pairs.

use std::ops::Range;

use hashbrown::HashMap;
use nasaq_text::{
    Language, is_arabic_mark, is_function_stem, is_ignorable, normalise_with_offsets, stem_into,
    words,
};

/// What a word may be in a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordKind {
    /// Can be inside a term, not at its edges.
    Function,
    /// Can be anywhere in a term that has another word.
    Number,
    Content,
}

/// What is between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Punctuation, which no term contains, or the beginning of the text.
    Break,
    Space,
    /// One mark without spaces, such as the hyphen in `COVID-19`.
    Joined(char),
}

/// A word of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct TermWord {
    pub(super) stem: u32,
    pub(super) form: u32,
    pub(super) gap: Gap,
}

/// Strings with ids.
#[derive(Clone, Debug, Default)]
struct Interner {
    ids: HashMap<Box<str>, u32>,
    strings: Vec<Box<str>>,
}

impl Interner {
    /// Returns the id of a string, and whether the string is new.
    fn id(&mut self, text: &str) -> (u32, bool) {
        if let Some(&id) = self.ids.get(text) {
            return (id, false);
        }
        let id = self.strings.len() as u32;
        self.strings.push(text.into());
        self.ids.insert(text.into(), id);
        (id, true)
    }
}

/// The words of one side of all pairs.
#[derive(Clone, Debug)]
pub(super) struct TermSide {
    language: Language,
    stems: Interner,
    forms: Interner,
    /// The kind of each stem.
    kinds: Vec<WordKind>,
    words: Vec<TermWord>,
    /// Where the words of each text begin, and the end of the last.
    bounds: Vec<usize>,
    buffer: String,
}

impl TermSide {
    pub(super) fn new(language: Language) -> Self {
        Self {
            language,
            stems: Interner::default(),
            forms: Interner::default(),
            kinds: Vec::new(),
            words: Vec::new(),
            bounds: vec![0],
            buffer: String::new(),
        }
    }

    /// Returns the number of texts.
    pub(super) fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    pub(super) fn add(&mut self, text: &str) {
        let normalised = normalise_with_offsets(text);
        let normal = normalised.text();
        let mut end = 0;
        for word in words(normal) {
            let start = word.as_ptr().addr() - normal.as_ptr().addr();
            let gap = gap(&normal[end..start], end == 0);
            end = start + word.len();
            let form = &text[normalised.range(start..end)];
            let word = self.word(word, form, gap);
            self.words.push(word);
        }
        self.bounds.push(self.words.len());
    }

    fn word(&mut self, word: &str, form: &str, gap: Gap) -> TermWord {
        stem_into(word, self.language, &mut self.buffer);
        let (stem, is_new) = self.stems.id(&self.buffer);
        if is_new {
            self.kinds.push(kind(&self.buffer, self.language));
        }
        let is_mark = |c: char| is_arabic_mark(c) || is_ignorable(c) || c == 'ـ';
        let form = match form.contains(is_mark) {
            true => self.forms.id(&form.replace(is_mark, "")).0,
            false => self.forms.id(form).0,
        };
        TermWord { stem, form, gap }
    }

    /// Returns the words of a text.
    pub(super) fn text(&self, row: usize) -> &[TermWord] {
        &self.words[self.bounds[row]..self.bounds[row + 1]]
    }

    pub(super) fn stems(&self) -> usize {
        self.kinds.len()
    }

    pub(super) fn stem(&self, id: u32) -> &str {
        &self.stems.strings[id as usize]
    }

    /// Returns the id of a stem that occurs in the texts.
    pub(super) fn stem_id(&self, stem: &str) -> Option<u32> {
        self.stems.ids.get(stem).copied()
    }

    pub(super) fn kind(&self, stem: u32) -> WordKind {
        self.kinds[stem as usize]
    }

    /// Returns whether some neighbouring words may be a term, apart from how often they occur.
    pub(super) fn is_phrase(&self, words: &[TermWord]) -> bool {
        let kinds = || words.iter().map(|word| self.kind(word.stem));
        let (Some(first), Some(last)) = (kinds().next(), kinds().next_back()) else { return false };
        first != WordKind::Function
            && last != WordKind::Function
            && kinds().any(|kind| kind == WordKind::Content)
            && words[1..].iter().all(|word| word.gap != Gap::Break)
    }

    /// Appends a word as it is written.
    fn push(&self, word: &TermWord, is_first: bool, out: &mut String) {
        match word.gap {
            _ if is_first => {}
            Gap::Joined(mark) => out.push(mark),
            Gap::Space | Gap::Break => out.push(' '),
        }
        out.push_str(&self.forms.strings[word.form as usize]);
    }

    /// Returns the words of a range of a text as they are written.
    pub(super) fn written(&self, row: usize, range: Range<usize>) -> String {
        let mut out = String::new();
        for (at, word) in self.text(row)[range].iter().enumerate() {
            self.push(word, at == 0, &mut out);
        }
        out
    }
}

fn gap(between: &str, is_first: bool) -> Gap {
    let mut chars = between.chars();
    match (chars.next(), chars.next()) {
        _ if is_first => Gap::Break,
        (Some(mark @ ('-' | '/' | '\'' | '’' | '&' | '_' | '.')), None) => Gap::Joined(mark),
        _ if between.chars().all(|c| c.is_whitespace() && c != '\n') => Gap::Space,
        _ => Gap::Break,
    }
}

fn kind(stem: &str, language: Language) -> WordKind {
    let letters = stem.chars().filter(|c| c.is_alphabetic()).count();
    match letters {
        0 => WordKind::Number,
        // A letter by itself numbers an item or is an initial.
        1 => WordKind::Function,
        _ if is_function_stem(stem, language) => WordKind::Function,
        _ => WordKind::Content,
    }
}
