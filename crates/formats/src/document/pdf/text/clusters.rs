//! Clusters of several glyphs whose text a file states for one of them: a mark, or a stroke that joins
//! two letters.
//!
//! Some programs state nothing for the letter itself then, so that it is known only by its parts.

use std::collections::{BTreeMap, HashMap};

use nasaq_text::is_arabic_letter;

use super::letters::plain;
use super::shapes::{composed, is_connector, is_hamza_letter, is_letter_size};
use super::unit::is_mark;
use crate::document::pdf::font::TextSource;
use crate::document::pdf::glyph::Glyph;

/// The maximum number of statements that are collected for one code.
const MAX_STATED: usize = 16;
/// The maximum number of glyphs between the parts of a cluster.
const MAX_PARTS: usize = 4;
/// The letters that are stated for a part fit at least this many times as often as not.
const MIN_FITS: usize = 9;

/// A code of a font.
type Code = (u32, u32);

/// The parts of clusters in a file.
#[derive(Debug, Default)]
pub(super) struct ClusterParts {
    /// For how many parts of a code the letters that they state fit the letter beside them, and for
    /// how many not: most programs state the text of the first cluster of a mark for all others.
    fits: HashMap<Code, [usize; 2]>,
    /// The letters that are stated for glyphs without text, with the codes that state them.
    letters: HashMap<Code, Vec<Statement>>,
}

/// The letters that a part of a cluster states.
#[derive(Debug)]
struct Statement {
    part: Code,
    letters: String,
    /// Whether it is the first part of its code in the file. This is the one that the text is that of.
    is_first: bool,
}

impl ClusterParts {
    /// Counts the glyphs of a page, which are in the order of the file.
    pub(super) fn count(&mut self, glyphs: &[Glyph]) {
        for (at, part) in glyphs.iter().enumerate().filter(|(_, glyph)| !glyph.is_span) {
            let Some(letters) = letters_of_part(part) else { continue };
            let Some(whole) = letter_of_part(glyphs, at) else { continue };
            let fits = if whole.source == TextSource::Unreadable {
                let is_first = !self.fits.contains_key(&code(part));
                let stated = self.letters.entry(code(whole)).or_default();
                if stated.len() < MAX_STATED {
                    stated.push(Statement { part: code(part), letters, is_first });
                }
                true
            } else {
                let own = without_marks(&whole.text);
                own == letters || is_composed(&own, &letters)
            };
            self.fits.entry(code(part)).or_default()[usize::from(!fits)] += 1;
        }
    }

    /// Returns the letters of a glyph without text: what most parts of it state.
    pub(super) fn letters(&self, glyph: &Glyph) -> Option<&str> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for statement in self.letters.get(&code(glyph))? {
            if statement.is_first || self.is_reliable(statement.part) {
                *counts.entry(&statement.letters).or_default() += 1;
            }
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(letters, _)| letters)
    }

    /// Returns the letter with hamza or madda that is stated for a mark on it.
    pub(super) fn hamza_letter(&self, mark: &Glyph) -> Option<char> {
        let letters = letters_of_part(mark).filter(|letters| is_hamza_letter(letters))?;
        letters.chars().next().filter(|_| self.is_reliable(code(mark)))
    }

    fn is_reliable(&self, part: Code) -> bool {
        self.fits.get(&part).is_some_and(|[fits, others]| *fits > MIN_FITS * others)
    }
}

fn code(glyph: &Glyph) -> Code {
    (glyph.font, glyph.code)
}

/// Returns the letters that are stated for a glyph which draws only a part of their cluster.
fn letters_of_part(glyph: &Glyph) -> Option<String> {
    if glyph.source == TextSource::Unreadable || glyph.is_span {
        return None;
    }
    let text = plain(glyph.cluster.as_ref().unwrap_or(&glyph.text));
    let is_mark = glyph.is_narrow() && !is_letter_size(glyph) && text.contains(is_mark);
    let letters = without_marks(&text);
    let is_part = is_mark || is_connector(glyph, &text);
    (is_part && !letters.is_empty() && letters.chars().all(is_arabic_letter)).then_some(letters)
}

/// Returns the letter that a part of its cluster is drawn on, or beside.
fn letter_of_part(glyphs: &[Glyph], at: usize) -> Option<&Glyph> {
    let part = &glyphs[at];
    let centre = |glyph: &Glyph| glyph.ink.unwrap_or_else(|| glyph.rect()).center_x();
    let is_letter = |glyph: &&Glyph| !glyph.is_narrow() && !glyph.text.trim().is_empty();
    let is_near = |glyph: &&Glyph| {
        let size = part.size.max(glyph.size);
        (glyph.y - part.y).abs() < size && (centre(glyph) - centre(part)).abs() < 1.5 * size
    };
    let before = glyphs[..at].iter().rev().take(MAX_PARTS).find(is_letter);
    let after = glyphs[at + 1..].iter().take(MAX_PARTS).find(is_letter);
    let mut letters = [after, before].into_iter().flatten().filter(is_near);
    if part.is_narrow() {
        let off = |glyph: &&Glyph| (centre(glyph) - centre(part)).abs();
        letters.min_by(|a, b| off(a).total_cmp(&off(b)))
    } else {
        // A stroke is on the left of its letter.
        letters.find(|glyph| centre(glyph) > centre(part))
    }
}

fn without_marks(text: &str) -> String {
    plain(text).chars().filter(|c| !is_mark(*c)).collect()
}

/// Returns whether letters are one letter with hamza or madda, which a mark on another letter draws.
fn is_composed(own: &str, letters: &str) -> bool {
    let single = |text: &str| {
        let mut chars = text.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    match (single(own), single(letters)) {
        (Some(own), Some(letter)) => composed(own, letter).is_some(),
        _ => false,
    }
}
