//! Finds text in Latin letters that a translation into Arabic rightly keeps: names of products and
//! species, code, commands, handles, units, citations.
//!
//! Such words are neither untranslated nor in the wrong script, as long as the rest of the text is
//! translated. They are marked as [`WordKind::Kept`] on both sides, and features that compare words,
//! letters or scripts ignore them.

mod occurrences;

use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;

use self::occurrences::{Occurrences, SameWords};
use crate::addresses;
use crate::side::{PairSide, PairWord, WordKind};

/// Programs whose commands are quoted as they are, though they consist of dictionary words.
const COMMANDS: [&str; 36] = [
    "apt",
    "apt-get",
    "awk",
    "bash",
    "brew",
    "cargo",
    "cat",
    "cd",
    "chmod",
    "conda",
    "cp",
    "curl",
    "docker",
    "echo",
    "export",
    "git",
    "grep",
    "kubectl",
    "ls",
    "make",
    "mkdir",
    "mv",
    "node",
    "npm",
    "pip",
    "pip3",
    "python",
    "python3",
    "rm",
    "sed",
    "ssh",
    "sudo",
    "systemctl",
    "tar",
    "wget",
    "yum",
];
/// The number of Arabic words for each Latin one from which a single Latin word or two are a term in
/// a translated sentence: the `main` branch.
const WORDS_FOR_TERM: usize = 2;

/// Words of citations.
const CITATION: [&str; 6] = ["et", "al", "vs", "cf", "ibid", "etc"];

/// The maximum number of capitals in the title of a work with function words between them.
const MAX_TITLE: usize = 4;

/// The maximum number of Arabic words beside a name whose English side is the name only: شركة X.
const MAX_CLASS_WORDS: usize = 2;

/// Marks the kept words of both sides.
pub(super) fn mark(arabic: &mut PairSide<'_>, english: &mut PairSide<'_>) {
    mark_shared(arabic, english);
    keep_formula_commands(arabic);
    keep_formula_commands(english);
}

/// Marks the commands of formulas that the other side does not have.
fn keep_formula_commands(side: &mut PairSide<'_>) {
    if side.normal.contains('\\') {
        let commands: Vec<usize> =
            (0..side.words.len()).filter(|at| is_formula_command(side, *at)).collect();
        side.keep(&commands, false);
    }
}

/// Returns whether a word is the command of a formula and not kept yet. The other side may have another
/// one: an arrow points to the left in Arabic.
fn is_formula_command(side: &PairSide<'_>, at: usize) -> bool {
    let word = &side.words[at];
    word.kind != WordKind::Kept
        && word.text.starts_with(|c: char| c.is_ascii_alphabetic())
        && side.normal[..side.offset(word)].ends_with('\\')
}

/// Marks the kept words that both sides have, and those in brackets after their translation.
fn mark_shared(arabic: &mut PairSide<'_>, english: &mut PairSide<'_>) {
    let is_foreign = |word: &PairWord<'_>| word.kind == WordKind::Foreign;
    let native = arabic.native_words().count();
    if native == 0 || !arabic.words.iter().any(is_foreign) {
        return;
    }
    let inside = addresses::ranges(arabic.normal);
    let (mut glosses, mut of_arabic, mut of_english) = (Vec::new(), Vec::new(), Vec::new());
    let mut occurrences = Occurrences::new(english);
    // Words that occur often have the same indices, which are added once.
    let mut added: HashSet<*const SameWords> = HashSet::new();
    for run in runs(arabic, &inside) {
        let run = Run { arabic, english, range: run, native };
        let matches = run.matches(&mut occurrences);
        if run.is_gloss() && !matches.is_empty() {
            glosses.extend(run.latin());
        } else if run.is_kept(&matches) {
            of_arabic.extend(matches.iter().map(|(at, _)| *at));
            let new = matches.iter().filter(|(_, same)| added.insert(Rc::as_ptr(same)));
            of_english.extend(new.flat_map(|(_, same)| &same.indices));
        }
    }
    of_english.sort_unstable();
    of_english.dedup();
    let is_only_names = english.native_words().count() == of_english.len();
    arabic.keep(&glosses, false);
    if !of_english.is_empty()
        && is_only_names
        && (native > MAX_CLASS_WORDS || of_english.len() > of_arabic.len())
    {
        return;
    }
    arabic.keep(&of_arabic, true);
    english.keep(&of_english, true);
}

/// Returns whether both sides are the same names, code or numbers, of which nothing needs to be
/// translated.
pub(super) fn is_copy(arabic: &PairSide<'_>, english: &PairSide<'_>) -> bool {
    let (a, b) = (&arabic.words, &english.words);
    let same = !a.is_empty()
        && a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| a.text.eq_ignore_ascii_case(b.text));
    same && (addresses::is_only_addresses(arabic.normal) || {
        let native = arabic.native_words().count();
        let run = Run { arabic, english, range: 0..a.len(), native };
        run.is_kept(&run.matches(&mut Occurrences::new(english))) || run.latin().next().is_none()
    })
}

/// Returns the runs of Latin words of the Arabic side, with numbers between them.
fn runs(arabic: &PairSide<'_>, addresses: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    for (at, word) in arabic.words.iter().enumerate() {
        let start = arabic.offset(word);
        let next = addresses.partition_point(|range| range.end <= start);
        let is_address = addresses.get(next).is_some_and(|range| range.contains(&start));
        match word.kind {
            WordKind::Foreign if !is_address && word.text.starts_with(|c: char| c.is_ascii()) => {
                match (runs.last_mut(), last) {
                    (Some(run), Some(end)) if run.end == end => run.end = at + 1,
                    _ => runs.push(at..at + 1),
                }
                last = Some(at + 1);
                continue;
            }
            // A number does not end a run: Windows 10 Pro.
            WordKind::Number => {
                if let Some(run) = runs.last_mut().filter(|run| run.end == at) {
                    run.end = at + 1;
                    last = Some(at + 1);
                }
            }
            _ => last = None,
        }
    }
    runs
}

/// A run of Latin words of the Arabic side.
struct Run<'s, 't> {
    arabic: &'s PairSide<'t>,
    english: &'s PairSide<'t>,
    range: Range<usize>,
    /// The number of native words of the Arabic side.
    native: usize,
}

impl Run<'_, '_> {
    /// Returns the indices of the Latin words.
    fn latin(&self) -> impl Iterator<Item = usize> {
        self.range.clone().filter(|at| self.arabic.words[*at].kind != WordKind::Number)
    }

    /// Returns the Latin words that the English side has too, each with its occurrences there.
    fn matches(&self, occurrences: &mut Occurrences<'_, '_>) -> Vec<(usize, Rc<SameWords>)> {
        let words = &self.arabic.words;
        self.latin().filter_map(|at| Some((at, occurrences.same(words[at].text)?))).collect()
    }

    /// Returns whether the run is a term in brackets after its translation: الالتفاف (convolution).
    fn is_gloss(&self) -> bool {
        let side = self.arabic;
        let (first, last) = (&side.words[self.range.start], &side.words[self.range.end - 1]);
        let before = side.normal[..side.offset(first)].trim_end();
        let after = side.normal[side.offset(last) + last.text.len()..].trim_start();
        before.ends_with(['(', '[']) && after.starts_with([')', ']'])
    }

    /// Returns whether the words that the English side has are kept: they are code, a term, the title
    /// of a work, or most of them are names.
    fn is_kept(&self, matches: &[(usize, Rc<SameWords>)]) -> bool {
        if matches.is_empty() || matches.len() * 2 < self.latin().count() {
            return false;
        }
        let (mut names, mut ordinary, mut particles) = (0, 0, 0);
        for (at, same) in matches {
            let (word, other) = (self.arabic.words[*at].text, &self.english.words[same.indices[0]]);
            let is_lower = !is_name(word);
            match () {
                () if self.is_in_marks(*at) || CITATION.contains(&word) => names += 1,
                () if is_contraction(word) => particles += 1,
                () if other.function && is_lower => particles += 1,
                // The first word of a title: The Godfather.
                () if other.function => {}
                () if !is_lower || is_unknown(other) || self.is_unit(*at) => names += 1,
                () => ordinary += 1,
            }
        }
        let words = names + ordinary;
        let is_title = (2..=MAX_TITLE).contains(&names) && ordinary == 0 && self.is_enclosed();
        (particles == 0 || is_title || self.is_command())
            && (words > 0 && names * 3 >= words * 2 || self.is_code() || self.is_term(matches))
    }

    /// Returns whether the run is a program with its arguments.
    fn is_command(&self) -> bool {
        COMMANDS.contains(&self.arabic.words[self.range.start].text) && self.latin().count() > 1
    }

    /// Returns whether a word is between marks of code: `{name}`, `$x`, `<b>`, `%s`.
    fn is_in_marks(&self, at: usize) -> bool {
        let (side, word) = (self.arabic, &self.arabic.words[at]);
        let start = side.offset(word);
        // %s and %ld are placeholders.
        word.text.len() <= 2 && side.normal[..start].ends_with('%')
            || side.normal[..start].ends_with(['{', '<', '$', '@', '#', '_', '\\'])
            || side.normal[start + word.text.len()..].starts_with(['}', '>', '_', '='])
    }

    /// Returns whether the run begins and ends with a capital.
    fn is_enclosed(&self) -> bool {
        let is_capital = |at: usize| self.arabic.words[at].text.starts_with(char::is_uppercase);
        is_capital(self.range.start) && is_capital(self.range.end - 1)
    }

    /// Returns whether a word is short and directly after a number, as units are.
    fn is_unit(&self, at: usize) -> bool {
        at > 0
            && self.arabic.words[at - 1].kind == WordKind::Number
            && self.arabic.words[at].text.len() <= 4
    }

    /// Returns whether the run is one content word, or two, among several Arabic words.
    fn is_term(&self, matches: &[(usize, Rc<SameWords>)]) -> bool {
        let words = matches.len();
        words <= 2
            && self.native >= WORDS_FOR_TERM * words
            && matches.iter().all(|(_, same)| !same.has_function)
    }

    /// Returns whether the words are joined as in code: `a_b`, `a/b`, `--all`, `{name}`, `f(x)`.
    fn is_code(&self) -> bool {
        let side = self.arabic;
        let start = side.offset(&side.words[self.range.start]);
        let last = &side.words[self.range.end - 1];
        let end = side.offset(last) + last.text.len();
        let before = side.normal[..start].chars().next_back();
        let marks = ['_', '/', '\\', '=', '{', '}', '<', '>', '$', '@', '#', '|', '%', '*', '^'];
        let inside = &side.normal[start..end];
        self.is_command()
            || before.is_some_and(|c| marks.contains(&c))
            || inside.contains(marks)
            || inside.contains(" -")
            || ["::", "--", "()"].iter().any(|mark| inside.contains(mark))
            // os.path, but not p.m.
            || inside.as_bytes().windows(4).any(|four| {
                four[2] == b'.'
                    && four[3].is_ascii_lowercase()
                    && four[..2].iter().all(u8::is_ascii_alphanumeric)
            })
            || side.normal[end..].starts_with("()")
    }
}

/// Returns whether a word is one of those that are joined to a pronoun: I'm, they'll.
fn is_contraction(word: &str) -> bool {
    word.contains('\'') && !word.ends_with("'s")
}

/// Returns whether a word has the form of a name: a capital, or a digit after its letters.
fn is_name(word: &str) -> bool {
    word.contains(|c: char| c.is_uppercase() || c.is_ascii_digit())
}

/// Returns whether a word is in neither the lexicon nor the function words.
fn is_unknown(word: &PairWord<'_>) -> bool {
    word.id.is_none() && !word.function && word.text.len() > 1
}
