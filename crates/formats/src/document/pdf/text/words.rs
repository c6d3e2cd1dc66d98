//! Words: where the spaces of a line are.
//!
//! Most files have a glyph for each space. Where one has none, a gap is a space if it is wider than
//! the gaps between the letters of the line.

use std::sync::OnceLock;

use nasaq_text::{Language, Lexicon, is_arabic_letter, is_function_stem, normalise, stem};

use super::unit::{Unit, UnitKind};
use crate::document::pdf::layout::line::median;

/// In a line that has glyphs for its spaces, a gap of this share of their usual width is a space too.
const SPACE_SHARE: f32 = 0.6;
/// The minimum width of such a gap, in parts of the font size.
const MIN_WIDE_GAP: f32 = 0.15;
/// A gap of this width is always a space, in parts of the font size.
const WIDE_GAP: f32 = 0.45;
/// The minimum width of a space in a text without glyphs for spaces, in parts of the font size.
const MIN_GAP: f32 = 0.12;
/// The share of spaces among the units of a text that has glyphs for them.
const MIN_SPACES: f32 = 0.04;
/// A gap narrower than this may be none although the file has a space: the next letter may have
/// been moved back over it, or the font may set words closely.
const NO_GAP: f32 = 0.03;
/// In a line whose gaps are clear, those between letters are narrower than the first value, those
/// between words wider than the second, and the two kinds differ by the third, in parts of the font
/// size.
const MAX_LETTER_GAP: f32 = 0.17;
const MIN_WORD_GAP: f32 = 0.13;
const MIN_STEP: f32 = 0.05;
/// The number of letters of a truncated stem: of Arabic, of English.
const MAX_STEM: [usize; 2] = [6, 7];
/// Glyphs have the same place if they differ by less than this, in parts of the font size.
const SAME_PLACE: f32 = 0.02;
/// A gap without a space that is wider than this may be one, in parts of the font size.
const MIN_DOUBT: f32 = 0.09;

/// Removes the spaces of a line that are none, and adds those that have no glyph. The units are in
/// order from left to right.
pub(in crate::document::pdf) fn with_spaces(units: Vec<Unit>) -> Vec<Unit> {
    let units = without_outer_spaces(units);
    let gaps = LineGaps::of(&units);
    let marker = marker_gap(&units);
    let mut out: Vec<Unit> = Vec::with_capacity(units.len() + units.len() / 4);
    let mut space: Option<Unit> = None;
    let mut doubts: Vec<(usize, Place)> = Vec::new();
    for (at, unit) in units.into_iter().enumerate() {
        if unit.kind == UnitKind::Space {
            space.get_or_insert(unit);
            continue;
        }
        if let Some(last) = out.last() {
            let gap = unit.x0 - last.x1;
            let size = unit.size.max(last.size);
            let place = match gaps.place(gap / size.max(0.1), space.as_ref(), last, &unit) {
                Place::Joined if marker == Some(at) => Place::Space,
                place => place,
            };
            if place != Place::Joined {
                if place != Place::Space {
                    doubts.push((out.len(), place));
                }
                out.push(space_between(last, &unit));
            }
        }
        space = None;
        out.push(unit);
    }
    settle(out, &doubts)
}

/// Returns the index of the first unit after the mark of a list item, or of the mark in text from right to
/// left: a bullet, or a number or a letter with a stop or a bracket, before a gap. Programs set the text
/// at a tab, so that there is no glyph of a space.
fn marker_gap(units: &[Unit]) -> Option<usize> {
    let is_gap = |at: usize| units[at].x0 - units[at - 1].x1 > MIN_GAP * units[at].size;
    let is_arabic = |at: usize| units[at].text.contains(is_arabic_letter);
    let is_latin = |at: usize| units[at].text.contains(char::is_alphabetic) && !is_arabic(at);
    let is_bullet = |at: usize| is_one_bullet(&units[at].text);
    let last = units.len().checked_sub(1)?;
    let text = |units: &mut dyn Iterator<Item = &Unit>| -> String {
        units.map(|unit| unit.text.as_str()).collect()
    };
    let mut from_right = (1..=last).rev();
    let right = from_right.find(|at| is_gap(*at) || *at == last && is_bullet(last))?;
    if is_arabic(right - 1) && is_marker(&text(&mut units[right..].iter().rev())) {
        return Some(right);
    }
    let left = (1..=last).find(|at| is_gap(*at) || *at == 1 && is_bullet(0))?;
    (is_latin(left) && is_marker(&text(&mut units[..left].iter()))).then_some(left)
}

fn is_one_bullet(text: &str) -> bool {
    matches!(text, "•" | "●" | "▪" | "■" | "◦" | "○" | "\u{F0B7}")
}

/// Returns whether a text, in reading order, is the mark of a list item.
fn is_marker(text: &str) -> bool {
    if is_one_bullet(text) || text == "–" {
        return true;
    }
    let inner = text.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | '.' | '-'));
    let count = inner.chars().count();
    let is_number = (1..=3).contains(&count) && inner.chars().all(char::is_numeric);
    let is_letter = count == 1 && inner.chars().all(char::is_alphabetic);
    (is_number || is_letter)
        && text.len() - inner.len() <= 2
        && text.ends_with(['.', ')', '(', ']', '[', '-'])
}

/// Removes the spaces at the edges of a line, which may have the place of its first or last letter.
fn without_outer_spaces(mut units: Vec<Unit>) -> Vec<Unit> {
    let letters = || units.iter().filter(|unit| unit.kind == UnitKind::Base);
    let left = letters().map(|unit| unit.x0).fold(f32::MAX, f32::min);
    let right = letters().map(|unit| unit.x1).fold(f32::MIN, f32::max);
    units.retain(|unit| {
        let edge = SAME_PLACE * unit.size;
        unit.kind != UnitKind::Space || unit.x0 > left + edge && unit.x1 < right - edge
    });
    units
}

/// How the words of a line are divided.
#[derive(Clone, Copy, Debug, PartialEq)]
enum LineGaps {
    /// By glyphs of spaces; a gap wider than this, in parts of the font size, may be one too.
    Glyphs(f32),
    /// By gaps, which are wider than this and clearly wider than those between letters.
    Clear(f32),
    /// By gaps, which may be wider than this.
    Unclear(f32),
}

impl LineGaps {
    fn of(units: &[Unit]) -> Self {
        let spaces = units.iter().filter(|unit| unit.kind == UnitKind::Space).count();
        if spaces as f32 >= MIN_SPACES * units.len() as f32 {
            return Self::Glyphs(space_gap(units));
        }
        let is_clear = |[below, above]: [f32; 2]| {
            below < MAX_LETTER_GAP && above > MIN_WORD_GAP && above - below > MIN_STEP
        };
        if let Some([below, above]) = largest_step(units, is_clear) {
            return Self::Clear((below + above) / 2.0);
        }
        match largest_step(units, |[below, above]| above > MIN_GAP && below < WIDE_GAP) {
            Some([below, above]) => Self::Unclear(((below + above) / 2.0).max(MIN_GAP)),
            None => Self::Unclear(0.2),
        }
    }

    /// Returns what a gap is, in parts of the font size, with the glyph of a space or without.
    fn place(self, gap: f32, space: Option<&Unit>, left: &Unit, right: &Unit) -> Place {
        let is_word = |unit: &Unit| unit.text.contains(char::is_alphanumeric);
        let (Self::Glyphs(min_gap) | Self::Clear(min_gap) | Self::Unclear(min_gap)) = self;
        let has_glyphs = matches!(self, Self::Glyphs(_));
        match space {
            Some(space) if gap > NO_GAP || space.is_span => Place::Space,
            // The separator of a number is drawn over a space.
            Some(_) if is_in_number(left, right) => Place::Joined,
            Some(_) => Place::TightSpace,
            None if gap > WIDE_GAP.max(min_gap) => Place::Space,
            None if gap > min_gap && self == Self::Clear(min_gap) => Place::Space,
            None if self == Self::Clear(min_gap) => Place::Joined,
            // Fonts set punctuation at any distance.
            None if !(is_word(left) && is_word(right)) => {
                if gap > min_gap && !has_glyphs {
                    Place::Space
                } else {
                    Place::Joined
                }
            }
            None if gap > min_gap => Place::LikelySpace,
            None if gap > MIN_DOUBT => Place::LikelyJoined,
            None => Place::Joined,
        }
    }
}

/// What a gap between two letters is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Space,
    Joined,
    /// A space, unless the lexicon has the word that it divides.
    LikelySpace,
    /// The glyph of a space that takes no room: a space, unless the lexicon has the word that it
    /// divides and not its parts.
    TightSpace,
    /// No space, unless the lexicon has the two words that it would make.
    LikelyJoined,
}

/// Removes the spaces in doubt that the lexicon does not confirm.
fn settle(mut units: Vec<Unit>, doubts: &[(usize, Place)]) -> Vec<Unit> {
    for &(at, place) in doubts.iter().rev() {
        let [first, second] = words_around(&units, at);
        let is_whole = || is_one_word(&first, &second);
        let are_parts = || is_word(&first) && is_word(&second);
        let is_space = match place {
            Place::LikelySpace => !is_whole(),
            Place::TightSpace => are_parts() || !is_whole(),
            _ => are_parts() && !is_whole(),
        };
        if !is_space {
            units.remove(at);
        }
    }
    units
}

/// Returns the words on both sides of a space, in reading order.
fn words_around(units: &[Unit], at: usize) -> [String; 2] {
    let is_other = |unit: &&Unit| unit.kind != UnitKind::Space;
    let before: Vec<&Unit> = units[..at].iter().rev().take_while(is_other).collect();
    let after: Vec<&Unit> = units[at + 1..].iter().take_while(is_other).collect();
    let text = |units: &[&Unit]| units.iter().map(|unit| unit.text.as_str()).collect::<String>();
    let reversed = |units: &[&Unit]| text(&units.iter().rev().copied().collect::<Vec<_>>());
    if text(&before).contains(is_arabic_letter) {
        [reversed(&after), text(&before)]
    } else {
        [reversed(&before), text(&after)]
    }
}

/// Returns whether the lexicon has the word that two parts make.
///
/// A stem is truncated, so that the stem of a long word is also that of the word with another one
/// after it: this is no evidence if both parts are words.
fn is_one_word(first: &str, second: &str) -> bool {
    let whole = format!("{first}{second}");
    let is_truncated = || {
        let text = normalise(&whole);
        let word = text.trim_matches(|c: char| !c.is_alphanumeric());
        let (language, max) = match word.contains(is_arabic_letter) {
            true => (Language::Arabic, MAX_STEM[0]),
            false => (Language::English, MAX_STEM[1]),
        };
        stem(word, language).chars().count() >= max
    };
    is_word(&whole) && !(is_word(first) && is_word(second) && is_truncated())
}

/// Returns whether the lexicon has a word, without the punctuation around it.
pub(super) fn is_word(text: &str) -> bool {
    let lexicon = lexicon();
    let text = normalise(text);
    let word = text.trim_matches(|c: char| !c.is_alphanumeric());
    // A letter alone is no evidence.
    if word.chars().count() < 2 || !word.chars().all(char::is_alphabetic) {
        return false;
    }
    if word.contains(is_arabic_letter) {
        let stem = stem(word, Language::Arabic);
        lexicon.arabic_id(&stem).is_some() || is_function_stem(&stem, Language::Arabic)
    } else {
        let stem = stem(word, Language::English);
        lexicon.english_id(&stem).is_some() || is_function_stem(&stem, Language::English)
    }
}

/// Returns the built-in lexicon, which is made when it is first needed.
fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    if let Some(lexicon) = LEXICON.get() {
        return lexicon;
    }
    // Not inside `get_or_init`: if the process is forked meanwhile, the fork would wait for a thread
    // that it does not have.
    let lexicon = Lexicon::builtin();
    LEXICON.get_or_init(|| lexicon)
}

/// Returns whether units are a digit and the separator of a number.
fn is_in_number(left: &Unit, right: &Unit) -> bool {
    let is_digit = |unit: &Unit| unit.text.chars().all(char::is_numeric);
    let is_separator = |unit: &Unit| matches!(unit.text.as_str(), "." | "," | "٫" | "٬");
    is_digit(left) && is_separator(right) || is_separator(left) && is_digit(right)
}

/// Returns the minimum width of a space without a glyph in a line that has glyphs for its spaces.
fn space_gap(units: &[Unit]) -> f32 {
    let gaps = units.windows(3).filter(|part| part[1].kind == UnitKind::Space);
    let width = median(gaps.map(|part| (part[2].x0 - part[0].x1) / part[0].size.max(0.1)));
    (SPACE_SHARE * width).clamp(MIN_WIDE_GAP, WIDE_GAP)
}

fn space_between(left: &Unit, right: &Unit) -> Unit {
    Unit {
        text: " ".to_owned(),
        x0: left.x1,
        x1: right.x0.max(left.x1),
        kind: UnitKind::Space,
        is_span: false,
        ..left.clone()
    }
}

/// Returns the largest step between the widths of the gaps of a line, in parts of the font size: it
/// is between the gaps of letters and those of words.
fn largest_step(units: &[Unit], is_step: impl Fn([f32; 2]) -> bool) -> Option<[f32; 2]> {
    let gap = |pair: &[Unit]| (pair[1].x0 - pair[0].x1) / pair[0].size.max(0.1);
    let mut gaps: Vec<f32> = units.windows(2).map(gap).filter(|gap| *gap < 1.5).collect();
    gaps.sort_by(f32::total_cmp);
    let steps = gaps.windows(2).map(|pair| [pair[0].max(0.0), pair[1]]);
    steps.filter(|step| is_step(*step)).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::pdf::text::unit::tests::unit;

    /// Returns the words of a line whose letters have these gaps after them, from left to right.
    fn spaced(letters: &[(&str, f32)]) -> String {
        let mut x = 0.0;
        let mut units = Vec::new();
        for (letter, gap) in letters {
            units.push(unit(letter, x));
            x += 1.0 + gap;
        }
        with_spaces(units).iter().map(|unit| unit.text.as_str()).collect()
    }

    #[test]
    fn gaps_without_glyphs_for_spaces_are_spaces() {
        let line = [("a", 0.01), ("b", 0.02), ("c", 0.3), ("d", 0.0), ("e", 0.28), ("f", 0.0)];
        assert_eq!(spaced(&line), "abc de f");
    }

    #[test]
    fn the_mark_of_a_list_item_is_a_word() {
        let ar = [("م", 0.0), ("ل", 0.0), ("ق", 0.2), (".", 0.0), ("1", 0.0)];
        assert_eq!(spaced(&ar), "ملق .1");
        let en = [("(", 0.0), ("a", 0.0), (")", 0.2), ("p", 0.0), ("e", 0.0), ("n", 0.0)];
        assert_eq!(spaced(&en), "(a) pen");
        assert_eq!(spaced(&[("م", 0.0), ("ل", 0.0), ("ق", 0.0), ("•", 0.0)]), "ملق •");
    }

    #[test]
    fn clear_gaps_are_spaces_beside_punctuation_and_after_long_words() {
        // Lines of TeX have no glyphs for spaces.
        let line = "striking|the|glass,|was|a|man.|Then|it".replace('|', " ");
        let mut letters: Vec<(String, f32)> = Vec::new();
        for c in line.chars() {
            match letters.last_mut() {
                Some(last) if c == ' ' => last.1 = 0.25,
                _ => letters.push((c.to_string(), 0.0)),
            }
        }
        let letters: Vec<(&str, f32)> =
            letters.iter().map(|(letter, gap)| (letter.as_str(), *gap)).collect();
        assert_eq!(spaced(&letters), line);
    }

    #[test]
    fn a_space_at_the_place_of_the_last_letter_is_none() {
        let mut units = vec![unit("ب", 0.0), unit("ا", 1.0)];
        let mut space = unit(" ", 0.0);
        space.x1 = 1.1;
        units.insert(1, space);
        let text: String = with_spaces(units).iter().map(|unit| unit.text.as_str()).collect();
        assert_eq!(text, "با");
    }

    #[test]
    fn a_long_word_before_another_is_not_one_word() {
        assert!(is_one_word("ti", "me"));
        assert!(is_one_word("والدور", "يات"));
        assert!(!is_one_word("striking", "the"));
        assert!(!is_one_word("contested", "its"));
    }

    #[test]
    fn the_lexicon_settles_gaps_that_are_unclear() {
        // A gap in the middle of a word, as in text that is stretched.
        let word = [("t", 0.0), ("i", 0.0), ("m", 0.17), ("e", 0.0), (" ", 0.0), ("x", 0.0)];
        assert_eq!(spaced(&word), "time x");
        let two =
            [("o", 0.0), ("f", 0.17), ("t", 0.0), ("h", 0.0), ("e", 0.0), (" ", 0.0), ("x", 0.0)];
        assert_eq!(spaced(&two), "of the x");
    }
}
