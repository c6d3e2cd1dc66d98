//! Mends Arabic lines in visual order: old players showed lines from left to right, so that a full
//! stop was typed at the beginning of the line and brackets were typed the wrong way round.

use nasaq_text::arabic_share;

use super::{Cue, is_direction_control, trim_invisible};
use crate::document::DocumentNote;
use crate::document::mirror::mirror_image;

/// The minimum number of lines that begin with a stop for a file to be in visual order.
const MIN_VISUAL: usize = 3;
/// Their minimum share of the lines with a stop at either end.
const MIN_VISUAL_SHARE: f64 = 0.8;

/// Their minimum share for these lines alone to be mended.
const MIN_MIXED_SHARE: f64 = 0.2;

/// Moves the punctuation of all lines if a file is in visual order, and reports how many there
/// were.
pub(super) fn mend(cues: &mut [Cue]) -> Option<DocumentNote> {
    let lines = || cues.iter().flat_map(|cue| &cue.lines);
    let (visual, logical) =
        lines().fold((0_usize, 0_usize), |(visual, logical), line| match order(&line.text) {
            Some(Order::Visual) => (visual + 1, logical),
            Some(Order::Logical) => (visual, logical + 1),
            None => (visual, logical),
        });
    let share = visual as f64 / (visual + logical).max(1) as f64;
    if visual < MIN_VISUAL || share < MIN_MIXED_SHARE {
        return None;
    }
    // Files that several people made have lines of both kinds.
    let is_mixed = share < MIN_VISUAL_SHARE;
    let mut mended = 0;
    for line in cues.iter_mut().flat_map(|cue| &mut cue.lines) {
        if is_mixed && !matches!(order(&line.text), Some(Order::Visual)) {
            continue;
        }
        if let Some(text) = logical_line(&line.text) {
            line.text = text;
            mended += 1;
        }
    }
    let text = format!(
        "the Arabic is in visual order: the punctuation at the ends of {mended} lines was moved"
    );
    Some(DocumentNote::new("visual-order", text))
}

/// On which side of a line its stop is.
enum Order {
    Visual,
    Logical,
}

/// Returns the order of an Arabic line, if its stop shows it. An ellipsis at the beginning shows
/// nothing, because it may continue the line before.
fn order(line: &str) -> Option<Order> {
    let text = trim_invisible(line);
    if !is_arabic(text) {
        return None;
    }
    let (first, last) = (text.chars().next()?, text.chars().next_back()?);
    let is_ellipsis = text.starts_with("..") || first == '…';
    match (is_stop(first) && !is_ellipsis, is_stop(last)) {
        (true, false) => Some(Order::Visual),
        (false, true) => Some(Order::Logical),
        _ => None,
    }
}

fn is_arabic(text: &str) -> bool {
    arabic_share(text).is_some_and(|share| share >= 0.5)
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '؟' | '،' | ',' | '؛' | ';' | ':' | '…')
}

/// Punctuation that belongs to the other end of a line in visual order. Brackets are not among it:
/// where a line begins with one, that one is mirrored.
fn is_outer(c: char) -> bool {
    is_stop(c) || matches!(c, '"' | '”' | '“' | ' ')
}

/// Returns an Arabic line in logical order, if it was not.
fn logical_line(line: &str) -> Option<String> {
    let text = trim_invisible(line);
    if !is_arabic(text) {
        return None;
    }
    let is_dash = |c: char| matches!(c, '-' | '–' | '—');
    if text.starts_with(is_dash) {
        // `- .نعم`: only the dash is in its place.
        let line = text.trim_start_matches(|c| is_dash(c) || c == ' ');
        let dash = &text[..text.len() - line.len()];
        return logical_line(line).map(|line| format!("{dash}{line}"));
    }
    let body = text.trim_start_matches(is_outer);
    let head = &text[..text.len() - body.len()];
    // A dash or an ellipsis at the end is what the line begins with.
    let begins = |c: char| is_dash(c) || matches!(c, '"' | '”' | '“' | ' ');
    let ellipsis = |text: &str| text.ends_with("...") || text.ends_with('…');
    let core = if ellipsis(body) {
        body.trim_end_matches(['.', '…'])
    } else {
        body.trim_end_matches(begins)
    };
    // A stop at the end is in logical order already.
    let tail = &body[core.len()..];
    let reversed = |text: &str| -> String { text.trim().chars().rev().collect() };
    let (begin, end) = (reversed(tail), reversed(head));
    let gap = if begin.ends_with(is_dash) { " " } else { "" };
    let mended = format!("{begin}{gap}{}{end}", mirrored(core));
    let mended: String = mended.chars().filter(|&c| !is_direction_control(c)).collect();
    (mended != text).then_some(mended)
}

/// Turns the brackets of a text round if the first one closes.
fn mirrored(text: &str) -> String {
    let is_bracket = |c: char| matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '«' | '»');
    let is_wrong =
        text.chars().find(|&c| is_bracket(c)).is_some_and(|c| matches!(c, ')' | ']' | '}' | '»'));
    if !is_wrong {
        return text.to_owned();
    }
    text.chars().map(|c| mirror_image(c).unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::subtitles::CueLine;

    fn cues(lines: &[&str]) -> Vec<Cue> {
        let line = |text: &str| CueLine { text: text.to_owned(), bytes: None };
        let cue = |text: &&str| Cue::new([0, 1], [line(text)].into_iter());
        lines.iter().filter_map(cue).collect()
    }

    fn mended(lines: &[&str]) -> (Vec<String>, Option<String>) {
        let mut cues = cues(lines);
        let note = mend(&mut cues).map(|note| note.text);
        (cues.into_iter().map(|cue| cue.lines[0].text.clone()).collect(), note)
    }

    #[test]
    fn punctuation_moves_to_its_end_of_the_line() {
        let lines = [
            ".وصل القطار",
            "؟أين المفتاح",
            "!قف",
            "؟!ماذا",
            ".الطبيب )كمال( هنا",
            "...ثم رحل",
            "نعم -",
            ".\"أهلا\" قال",
            "\u{202b}.في البيت",
            "Hello there.",
            "جاء عمر",
            ".]صوت الباب[",
            "- .لا أعرف",
        ];
        let (found, note) = mended(&lines);
        assert_eq!(
            found,
            [
                "وصل القطار.",
                "أين المفتاح؟",
                "قف!",
                "ماذا!؟",
                "الطبيب (كمال) هنا.",
                "ثم رحل...",
                "- نعم",
                "أهلا\" قال\".",
                "في البيت.",
                "Hello there.",
                "جاء عمر",
                "[صوت الباب].",
                "- لا أعرف.",
            ]
        );
        assert!(note.is_some_and(|note| note.contains("11 lines")));
    }

    #[test]
    fn in_a_mixed_file_only_the_lines_that_show_it_are_mended() {
        let lines =
            [".وصل القطار", "لم ينتظره أحد!", "؟أين الحارس", "خرج قبل ساعة.", "!قف", "نعم -"];
        let (found, note) = mended(&lines);
        let expected =
            ["وصل القطار.", "لم ينتظره أحد!", "أين الحارس؟", "خرج قبل ساعة.", "قف!", "نعم -"];
        assert_eq!(found, expected);
        assert!(note.is_some_and(|note| note.contains("3 lines")));
    }

    #[test]
    fn a_file_in_logical_order_is_not_changed() {
        for lines in [
            &["وصل القطار.", "أين؟", "...ثم رحل.", ".نت هو اسمها", "قف!", "نعم."][..],
            &[".وصل", "؟أين"],
            &["...ثم رحل", "...وعاد", "...ونام", "...وقام"],
            &["- نعم", "- لا", "(يضحك)", "جاء"],
        ] {
            let (found, note) = mended(lines);
            assert_eq!(found, lines);
            assert_eq!(note, None);
        }
    }
}
