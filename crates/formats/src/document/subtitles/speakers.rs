//! Names of speakers before a colon, `سامي: …`, in scripts and files where capitals do not tell.
//!
//! A colon also introduces speech, a list or an explanation. So a name counts only where the file
//! uses such labels throughout: they are short, return, and many lines have one.

use std::collections::BTreeMap;

use super::{Cue, trim_invisible};

/// The maximum length of a name, in characters and in words.
const MAX_CHARS: usize = 24;
const MAX_WORDS: usize = 3;
/// How often a name must occur.
const MIN_TIMES: usize = 2;
/// How many names must occur so often.
const MIN_NAMES: usize = 2;
/// How often the only name of a file must occur.
const MIN_TIMES_ALONE: usize = 3;
/// Words that introduce speech and are not names.
const SAYING: [&str; 16] = [
    "قال",
    "قالت",
    "قالوا",
    "قلت",
    "يقول",
    "تقول",
    "أقول",
    "نقول",
    "أجاب",
    "سأل",
    "ملاحظة",
    "مثلا",
    "say",
    "said",
    "says",
    "note",
];
/// The minimum share of cues with a name that occurs so often.
const MIN_SHARE: f64 = 0.2;

/// The names of the speakers of a file; without any where it has no labels.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Speakers(Vec<String>);

impl Speakers {
    /// Finds the names that label the lines of a file.
    pub(super) fn new(cues: &[Cue]) -> Self {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for label in cues.iter().flat_map(|cue| &cue.lines).filter_map(|line| label(&line.text)) {
            *times.entry(label).or_default() += 1;
        }
        times.retain(|_, times| *times >= MIN_TIMES);
        let labelled: usize = times.values().sum();
        let are_usual = labelled as f64 >= MIN_SHARE * cues.len() as f64;
        // One name may be that of a narrator, or of the speaker who is not seen.
        let is_speaker = times.len() == 1
            && times.iter().all(|(label, times)| *times >= MIN_TIMES_ALONE && !is_saying(label));
        match (times.len() >= MIN_NAMES || is_speaker) && are_usual {
            true => Self(times.into_keys().map(str::to_owned).collect()),
            false => Self::default(),
        }
    }

    /// Reports whether a text begins with the name of a speaker.
    pub(super) fn begin(&self, text: &str) -> bool {
        !self.0.is_empty()
            && label(text)
                .is_some_and(|label| self.0.binary_search_by(|it| (**it).cmp(label)).is_ok())
    }
}

/// Reports whether a label has a word that introduces speech.
fn is_saying(label: &str) -> bool {
    let is_known = |word: &str| SAYING.iter().any(|known| word.eq_ignore_ascii_case(known));
    label
        .split_whitespace()
        .any(|word| is_known(word) || word.strip_prefix(['و', 'ف']).is_some_and(is_known))
}

/// Returns what a text has before a colon, if that can be a name.
fn label(text: &str) -> Option<&str> {
    let text = trim_invisible(text);
    let text = trim_invisible(text.strip_prefix(['-', '–', '—']).unwrap_or(text));
    let (label, _) = text.split_once(':')?;
    let label = label.trim_end();
    let is_name = label.starts_with(char::is_alphabetic)
        && !label.contains(['.', '،', ',', '؟', '?', '!', '"', '«', '('])
        && label.chars().count() <= MAX_CHARS
        && label.split_whitespace().count() <= MAX_WORDS;
    is_name.then_some(label)
}
