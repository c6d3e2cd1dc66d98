//! Removes lines that are shown again: cues that a file has twice, and the lines that roll up in
//! automatic captions, where each cue repeats the last lines of the one before.

use super::{Cue, CueLine};
use crate::document::DocumentNote;

/// The maximum pause between two cues of which one may continue the lines of the other, in
/// milliseconds.
const MAX_PAUSE: u64 = 250;
/// The minimum number of cues that repeat a line, and their minimum share of the cues that follow
/// another directly, for a file to have rolling captions: people repeat themselves too.
const MIN_ROLLING: usize = 2;
const MIN_ROLLING_SHARE: f64 = 0.5;

/// Removes repeated lines of sorted cues, and reports how many there were.
pub(super) fn remove(cues: &mut Vec<Cue>) -> Vec<DocumentNote> {
    let mut notes = Vec::new();
    let twice = remove_copies(cues);
    if twice > 0 {
        let text =
            format!("subtitles that the file has twice at the same time: {twice}, read once");
        notes.push(DocumentNote::new("repeated-subtitles", text));
    }
    let rolled = unroll(cues);
    if rolled > 0 {
        let text = format!(
            "these are rolling captions: {rolled} lines that were shown again were read once"
        );
        notes.push(DocumentNote::new("rolling-captions", text));
    }
    notes
}

/// Removes cues that have the time and the text of another.
fn remove_copies(cues: &mut Vec<Cue>) -> usize {
    let before = cues.len();
    let mut kept: Vec<Cue> = Vec::with_capacity(before);
    for cue in cues.drain(..) {
        let at_once = kept.iter().rev().take_while(|other| other.time[0] == cue.time[0]);
        let is_copy = at_once.into_iter().any(|other| {
            other.time == cue.time
                && other.lines.len() == cue.lines.len()
                && other.lines.iter().zip(&cue.lines).all(|(one, two)| one.text == two.text)
        });
        if !is_copy {
            kept.push(cue);
        }
    }
    *cues = kept;
    before - cues.len()
}

/// Removes the lines that a cue has from the one before, if most cues have such lines.
fn unroll(cues: &mut Vec<Cue>) -> usize {
    let is_next = |pair: &[Cue]| pair[1].time[0] <= pair[0].time[1].saturating_add(MAX_PAUSE);
    let following = cues.windows(2).filter(|pair| is_next(pair)).count();
    let repeats: Vec<usize> = cues
        .windows(2)
        .map(|pair| if is_next(pair) { shared_lines(&pair[0].lines, &pair[1].lines) } else { 0 })
        .collect();
    let repeating = repeats.iter().filter(|&&lines| lines > 0).count();
    if repeating < MIN_ROLLING || (repeating as f64) < MIN_ROLLING_SHARE * following as f64 {
        return 0;
    }
    let mut removed = 0;
    let shown: Vec<Option<CueLine>> = cues.iter().map(|cue| cue.lines.last().cloned()).collect();
    for (at, &shared) in repeats.iter().enumerate() {
        if shared == 0 {
            continue;
        }
        removed += shared;
        let last = &cues[at + 1].lines[shared - 1];
        let has_grown = shown[at].as_ref().is_some_and(|line| line.text != last.text);
        if !has_grown {
            cues[at + 1].lines.drain(..shared);
            continue;
        }
        // The longer line replaces the shorter one, and is shown since that was.
        cues[at + 1].lines.drain(..shared - 1);
        cues[at].lines.pop();
        if cues[at].lines.is_empty() {
            cues[at + 1].time[0] = cues[at].time[0];
        }
    }
    cues.retain(|cue| !cue.lines.is_empty());
    removed
}

/// Counts the first lines of a cue that are the last lines of the one before; the last of them may
/// have become longer.
fn shared_lines(before: &[CueLine], next: &[CueLine]) -> usize {
    let max = before.len().min(next.len());
    let is_shared = |count: usize| {
        let last = &before[before.len() - count..];
        let (longer, same) = (&next[count - 1], &next[..count - 1]);
        let continues = longer.text.strip_prefix(&*last[count - 1].text);
        continues.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
            && last.iter().zip(same).all(|(one, two)| one.text == two.text)
    };
    (1..=max).rev().find(|&count| is_shared(count)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cues(cues: &[([u64; 2], &str)]) -> Vec<Cue> {
        let line = |text: &str| CueLine { text: text.to_owned(), bytes: None };
        cues.iter().filter_map(|(time, text)| Cue::new(*time, text.split('|').map(line))).collect()
    }

    fn unrolled(all: &[([u64; 2], &str)]) -> Vec<String> {
        let mut cues = cues(all);
        remove(&mut cues);
        let text =
            |cue: &Cue| -> Vec<String> { cue.lines.iter().map(|line| line.text.clone()).collect() };
        cues.iter().map(|cue| text(cue).join("|")).collect()
    }

    #[test]
    fn rolling_lines_are_read_once() {
        let two = [([0, 2000], "a b"), ([2000, 2010], "a b"), ([2010, 4000], "a b|c d")];
        assert_eq!(unrolled(&[&two[..], &[([4000, 4010], "c d")]].concat()), ["a b", "c d"]);
        let three = [
            ([0, 1000], "one"),
            ([1000, 2000], "one|two"),
            ([2000, 3000], "one|two|three"),
            ([3000, 4000], "two|three|four"),
        ];
        assert_eq!(unrolled(&three), ["one", "two", "three", "four"]);
    }

    #[test]
    fn growing_lines_are_read_when_they_are_complete() {
        let growing = [([0, 500], "we"), ([500, 900], "we will"), ([900, 2000], "we will go")];
        let mut found = cues(&growing);
        assert_eq!(remove(&mut found).len(), 1);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].time, &*found[0].lines[0].text), ([0, 2000], "we will go"));
    }

    #[test]
    fn people_who_repeat_themselves_are_not_rolling_captions() {
        let talk = [
            ([0, 900], "No."),
            ([900, 1800], "No."),
            ([1800, 2500], "Why?"),
            ([2500, 3000], "Go."),
        ];
        assert_eq!(unrolled(&talk), ["No.", "No.", "Why?", "Go."]);
        let apart = [([0, 900], "Yes."), ([5000, 5900], "Yes."), ([9000, 9900], "Yes.")];
        assert_eq!(unrolled(&apart).len(), 3);
    }

    #[test]
    fn a_cue_that_a_file_has_twice_is_read_once() {
        let twice = [([0, 900], "a"), ([0, 900], "b"), ([0, 900], "a"), ([900, 1000], "a")];
        let mut found = cues(&twice);
        let notes = remove(&mut found);
        assert_eq!(found.len(), 3);
        assert!(notes[0].text.contains(": 1"), "{notes:?}");
    }
}
