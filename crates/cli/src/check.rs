//! Warnings about input that can be aligned but is probably not what was meant.

use nasaq::{Alignment, Language, Segment};
use nasaq_formats::Document;
use nasaq_text::arabic_share;

use crate::failure::Failure;

/// A side with this many times the other's segments is probably another document.
const LOPSIDED: usize = 20;

/// A segment with more characters than this is probably no sentence.
const LONG_SEGMENT: usize = 5_000;

/// What may be wrong with a pair, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Warning {
    /// A short name for scripts.
    pub(crate) kind: &'static str,
    /// What may be wrong.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: String,
}

/// One side of a pair, as far as the checks need it.
pub(crate) struct Side<'a> {
    /// The document.
    pub(crate) document: &'a Document,
    /// The language that it should be in.
    pub(crate) language: Language,
    /// What it was cut into.
    pub(crate) segments: &'a [Segment<'a>],
}

/// Refuses a document as the translation of itself.
pub(crate) fn refuse_identical(src: &Document, tgt: &Document) -> Result<(), Failure> {
    if src.text != tgt.text {
        return Ok(());
    }
    Err(Failure::input(format!("{} and {} have the same text", src.name, tgt.name))
        .hint("give a document and its translation"))
}

/// Gives what can be said before the alignment.
pub(crate) fn warnings(sides: &[Side<'_>; 2], segmented: bool) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut warn = |kind, message: &str, hint: &str| {
        found.push(Warning { kind, message: message.to_owned(), hint: hint.to_owned() });
    };
    languages(&mut warn, sides);
    lengths(&mut warn, sides);
    for side in sides {
        long_segments(&mut warn, side, segmented);
    }
    found
}

/// Gives a warning where the alignment says that the documents are no translations of each other.
pub(crate) fn unrelated([src, tgt]: &[Side<'_>; 2], alignment: &Alignment) -> Option<Warning> {
    let score = alignment.document_score();
    (score < Alignment::UNRELATED_BELOW).then(|| Warning {
        kind: "unrelated",
        message: format!(
            "{} and {} do not look like translations of each other (document score {score:.2})",
            src.document.name, tgt.document.name
        ),
        hint:
            "check that they are the same document; `nasaq pair` finds which files belong together"
                .to_owned(),
    })
}

/// Takes a warning's kind, message and hint.
type Warn<'w> = &'w mut dyn FnMut(&'static str, &str, &str);

/// Warns where the languages are not those that were said.
fn languages(warn: Warn<'_>, [src, tgt]: &[Side<'_>; 2]) {
    let (found_src, found_tgt) = (seen(src), seen(tgt));
    let is = |found: Option<Language>, wanted| found == Some(wanted);
    if is(found_src, tgt.language) && is(found_tgt, src.language) {
        warn(
            "swapped-languages",
            &format!(
                "the languages look swapped: {} looks {} and {} looks {}",
                src.document.name,
                name(tgt.language),
                tgt.document.name,
                name(src.language)
            ),
            &format!(
                "add --src-lang {} --tgt-lang {}, or give the files the other way round",
                tgt.language, src.language
            ),
        );
        return;
    }
    for (side, found) in [(src, found_src), (tgt, found_tgt)] {
        if found.is_some_and(|found| found != side.language) {
            warn(
                "language",
                &format!(
                    "{} should be {} and most of its letters are not",
                    side.document.name,
                    name(side.language)
                ),
                "check that it is the right file; set the languages with --src-lang and --tgt-lang",
            );
        }
    }
}

fn seen(side: &Side<'_>) -> Option<Language> {
    let share = arabic_share(&side.document.text)?;
    Some(if share >= 0.5 { Language::Arabic } else { Language::English })
}

fn name(language: Language) -> &'static str {
    match language {
        Language::Arabic => "Arabic",
        Language::English => "English",
    }
}

/// Warns where one side has many times the segments of the other.
fn lengths(warn: Warn<'_>, [src, tgt]: &[Side<'_>; 2]) {
    let count = |side: &Side<'_>| side.segments.iter().filter(|s| !s.text.is_empty()).count();
    let (mut few, mut many) = (src, tgt);
    if count(few) > count(many) {
        (few, many) = (many, few);
    }
    if count(many) >= LOPSIDED * count(few).max(1) {
        warn(
            "lopsided",
            &format!(
                "{} has {} segments and {} has {}",
                many.document.name,
                count(many),
                few.document.name,
                count(few)
            ),
            "is it the same document, and does its text have sentence ends or line breaks?",
        );
    }
}

/// Warns about segments that are too long to be a sentence.
fn long_segments(warn: Warn<'_>, side: &Side<'_>, segmented: bool) {
    let long = |segment: &&Segment<'_>| {
        // Bytes first: counting characters of every segment would be the dearest check of all.
        segment.text.len() > LONG_SEGMENT && segment.text.chars().count() > LONG_SEGMENT
    };
    let mut found = side.segments.iter().filter(long);
    let Some(first) = found.next() else { return };
    let name = &side.document.name;
    let place = match side.document.place(first.bytes()) {
        Some(place) => format!("{name} ({place})"),
        None => format!("{name}:{}", 1 + side.document.text[..first.start].matches('\n').count()),
    };
    let others = match found.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let hint = if segmented {
        "with --segmented a line is a sentence; leave it out and the text is cut into sentences"
    } else {
        "the text has no sentence end there; is it prose, and has it lost its line breaks?"
    };
    warn(
        "long-segment",
        &format!("{place}: a segment of {} characters{others}", first.text.chars().count()),
        hint,
    );
}
