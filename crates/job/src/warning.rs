//! Warnings about input that can be aligned but is probably not what the user meant.

use nasaq::{Alignment, Bead, FindingKind, Language, Segment};
use nasaq_formats::{Document, DocumentNote, EncodingSource};
use nasaq_text::arabic_share;

use crate::clock::{Clock, MIN_PAIRS};
use crate::cue::TimesUsed;
use crate::failure::{Failure, FailureStatus, Result};
use crate::remedy::Remedy;

/// A side with this many times the segments of the other is probably another document.
const LOPSIDED_RATIO: usize = 20;

/// A segment with more characters than this is probably not a sentence.
const MAX_SENTENCE: usize = 5_000;

/// Share of a side's text without a counterpart from which the other side counts as abridged.
const ABRIDGED_SHARE: f64 = 0.2;

/// Share of sure beads below which an alignment as a whole is doubtful.
const SURE_SHARE: f64 = 0.5;

/// In documents with fewer segments or beads, shares mean little.
const MIN_SEGMENTS: usize = 10;

/// Something about a document that a user should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// A short name for programs, such as `unrelated` or `swapped-languages`.
    pub kind: &'static str,
    /// What may be wrong.
    pub reason: String,
    /// What to do about it, if there is anything to do.
    pub remedy: Option<Remedy>,
}

impl Warning {
    /// Returns whether this is only a note: the input is probably right.
    #[must_use]
    pub fn is_note(&self) -> bool {
        Self::is_note_kind(self.kind)
    }

    /// Returns whether warnings of a kind are only notes.
    pub(crate) fn is_note_kind(kind: &str) -> bool {
        matches!(
            kind,
            "encoding"
                | "times"
                | "descriptions"
                | "repeated-subtitles"
                | "rolling-captions"
                | "visual-order"
                | "other-language"
                | "wrapped-lines"
                | "running-text"
                | "undecided"
        )
    }

    /// Returns what a user should know about how a document was read.
    #[must_use]
    pub fn of_document(document: &Document) -> Vec<Self> {
        let of_note = |note: &DocumentNote| Self {
            kind: note.kind,
            reason: format!("{}: {}", document.name, note.text),
            remedy: note.is_damage.then(|| {
                Remedy::from("get the file again, or save it again in the program that created it")
            }),
        };
        Self::of_encoding(document).into_iter().chain(document.notes.iter().map(of_note)).collect()
    }

    /// Returns a note of the encoding in which a document was read, if it is not UTF-8 and was not
    /// set.
    #[must_use]
    pub fn of_encoding(document: &Document) -> Option<Self> {
        let reason = document.encoding_note()?;
        let is_guess = document.encoding_source == EncodingSource::Detected;
        Some(Self { kind: "encoding", reason, remedy: is_guess.then_some(Remedy::CheckEncoding) })
    }

    /// Returns a note of the line ends inside segments of plain text: the lines were wrapped, or look
    /// as if they were.
    #[must_use]
    pub fn of_joined_lines(document: &Document, segments: &[Segment<'_>]) -> Option<Self> {
        if !document.blocks.is_empty() {
            return None;
        }
        let ends = |segment: &Segment<'_>| {
            segment.text.replace("\r\n", "\n").matches(['\n', '\r', '\u{85}', '\u{2028}']).count()
        };
        let joined =
            segments.iter().filter(|it| it.text.contains(['\n', '\r', '\u{85}', '\u{2028}']));
        let joined: usize = joined.map(ends).sum();
        let reason = format!(
            "{}: the text is wrapped: {joined} line ends inside sentences are read as spaces",
            document.name
        );
        let remedy = Some(Remedy::KeepLines);
        (joined > 0).then_some(Self { kind: "wrapped-lines", reason, remedy })
    }

    /// Returns a note of the segments of text without line ends that end without a stop: at headings,
    /// colons and words with a capital.
    #[must_use]
    pub fn of_running_text(document: &Document, segments: &[Segment<'_>]) -> Option<Self> {
        if !document.blocks.is_empty() || !nasaq::is_running(&document.text) {
            return None;
        }
        let count = segments.len().saturating_sub(1);
        let cuts = segments[..count].iter().filter(|it| !nasaq::ends_with_stop(it.text)).count();
        let reason = format!(
            "{}: the text has no line ends: {cuts} of its segments end at headings, \
             colons or words with a capital",
            document.name
        );
        let remedy = Some(Remedy::OnlyStops);
        (cuts > 0).then_some(Self { kind: "running-text", reason, remedy })
    }

    /// Returns a note of the line ends of wrapped text that end a segment because the other side has
    /// a boundary there.
    pub(crate) fn of_line_cuts([src, tgt]: [&Document; 2], cuts: usize) -> Option<Self> {
        let ends = if cuts == 1 { "line end" } else { "line ends" };
        let reason = format!(
            "{} and {}: segments of wrapped text were cut at {cuts} {ends} where the other side has a \
             boundary",
            src.name, tgt.name
        );
        (cuts > 0).then(|| Self::new("wrapped-lines", reason, Remedy::KeepLines))
    }

    /// Returns a note of the cuts of running text where the other side has a boundary.
    pub(crate) fn of_running_cuts([src, tgt]: [&Document; 2], cuts: usize) -> Option<Self> {
        let reason = format!(
            "{} and {} have no line ends: segments were cut at {cuts} places where the other side has \
             a boundary",
            src.name, tgt.name
        );
        (cuts > 0).then(|| Self::new("running-text", reason, Remedy::OnlyStops))
    }

    /// Returns a warning about the review of a document.
    #[must_use]
    pub fn of_review(reason: String) -> Self {
        Self::new(
            "review",
            reason,
            "review the document again; decisions hold where its text is the same",
        )
    }

    pub(crate) fn new(kind: &'static str, reason: String, remedy: impl Into<Remedy>) -> Self {
        Self { kind, reason, remedy: Some(remedy.into()) }
    }
}

/// One side of a document pair, as the checks see it.
pub(crate) struct CheckedSide<'a> {
    pub(crate) document: &'a Document,
    /// The language that the text should be in.
    pub(crate) language: Language,
    pub(crate) segments: &'a [Segment<'a>],
    /// Whether the segments are the lines of the document.
    pub(crate) is_lines: bool,
}

/// Refuses a document as the translation of itself.
pub(crate) fn refuse_identical([src, tgt]: [&Document; 2]) -> Result<()> {
    if src.text != tgt.text {
        return Ok(());
    }
    Err(Failure::new("identical", format!("{} and {} have the same text", src.name, tgt.name))
        .with_status(FailureStatus::Input)
        .hint("give a document and its translation"))
}

/// Returns the warnings that need no alignment.
pub(crate) fn warnings(sides: &[CheckedSide<'_>; 2]) -> Vec<Warning> {
    let mut found: Vec<Warning> =
        sides.iter().flat_map(|side| Warning::of_document(side.document)).collect();
    let joined = |side: &CheckedSide<'_>| Warning::of_joined_lines(side.document, side.segments);
    found.extend(sides.iter().filter(|side| !side.is_lines).filter_map(joined));
    let running = |side: &CheckedSide<'_>| Warning::of_running_text(side.document, side.segments);
    found.extend(sides.iter().filter(|side| !side.is_lines).filter_map(running));
    found.extend(languages(sides));
    found.extend(lengths(sides));
    found.extend(sides.iter().filter_map(long_segments));
    found
}

/// Returns a warning if the times of subtitles could not be used, or a note of the clocks if they
/// differ.
pub(crate) fn of_times([src, tgt]: [&Document; 2], times: TimesUsed) -> Option<Warning> {
    let (reason, remedy) = match times {
        TimesUsed::NoTimes => return None,
        TimesUsed::Used(clock) if clock.is_same() => return None,
        TimesUsed::Used(Clock { offset, speed }) => {
            let reason = format!(
                "{} and {}: the times of the second are those of the first times {speed:.4} \
                 {offset:+.1} s; this was taken into account",
                src.name, tgt.name
            );
            (reason, None)
        }
        TimesUsed::TooFewPairs(pairs) => {
            let reason = format!(
                "{} and {}: the times were not used, because {MIN_PAIRS} sure pairs are needed to \
                 compare the clocks and there are {pairs}",
                src.name, tgt.name
            );
            (reason, None)
        }
        TimesUsed::Disagree => {
            let reason = format!(
                "{} and {}: no offset and speed make their times agree, so the times were not used",
                src.name, tgt.name
            );
            let hint = "are they subtitles of the same version of the film?";
            (reason, Some(Remedy::from(hint)))
        }
    };
    let kind = if remedy.is_some() { "clocks" } else { "times" };
    Some(Warning { kind, reason, remedy })
}

/// Returns the warnings that follow from the alignment of two documents, given the segments of its
/// beads.
///
/// If the documents do not belong together at all, nothing else is said about them.
pub(crate) fn of_alignment(
    documents: [&Document; 2],
    segments: [&[Segment<'_>]; 2],
    alignment: &Alignment,
) -> Vec<Warning> {
    match unrelated(documents, alignment) {
        Some(warning) => vec![warning],
        None => {
            let abridged = abridged(documents, segments, alignment);
            let others = abridged.into_iter().chain(unsure(documents, alignment));
            undecided(documents, alignment).into_iter().chain(others).collect()
        }
    }
}

/// Warns if a large part of one side has no counterpart.
fn abridged(
    documents: [&Document; 2],
    segments: [&[Segment<'_>]; 2],
    alignment: &Alignment,
) -> Option<Warning> {
    let length = |segments: &[Segment<'_>]| -> usize {
        segments.iter().map(|segment| segment.text.len()).sum()
    };
    // Not the null beads: text that was moved has a counterpart.
    let found = |kind| alignment.findings().iter().filter(move |found| found.kind == kind);
    let unpaired = [
        found(FindingKind::Omitted).map(|it| length(&segments[0][it.src.range()])).sum::<usize>(),
        found(FindingKind::Added).map(|it| length(&segments[1][it.tgt.range()])).sum::<usize>(),
    ];
    let share = |side: usize| unpaired[side] as f64 / length(segments[side]).max(1) as f64;
    let fuller = usize::from(share(1) > share(0));
    let is_abridged = share(fuller) >= ABRIDGED_SHARE && segments[fuller].len() >= MIN_SEGMENTS;
    is_abridged.then(|| {
        let reason = format!(
            "{} looks abridged: {:.0} % of the text of {} has no counterpart in it",
            documents[1 - fuller].name,
            100.0 * share(fuller),
            documents[fuller].name
        );
        let hint =
            "the pairs are right less often than in a full translation: look at those below 0.9";
        Warning::new("abridged", reason, hint)
    })
}

/// Warns if few of the beads are sure.
fn unsure([src, tgt]: [&Document; 2], alignment: &Alignment) -> Option<Warning> {
    let beads = alignment.beads();
    let is_sure = |bead: &&Bead| bead.probability >= Alignment::DOUBTFUL_BELOW;
    let share = beads.iter().filter(is_sure).count() as f64 / beads.len().max(1) as f64;
    (beads.len() >= MIN_SEGMENTS && share < SURE_SHARE).then(|| {
        let wrong: f64 = beads.iter().map(|bead| 1.0 - f64::from(bead.probability)).sum();
        let reason = format!(
            "{} and {}: only {:.0} % of the beads have a probability of 0.9 or more; about {:.0} of \
             {} are expected to be wrong",
            src.name,
            tgt.name,
            100.0 * share,
            wrong,
            beads.len()
        );
        Warning::new("unsure", reason, "review the beads below 0.9 before you use the alignment")
    })
}

/// Returns a warning if the alignment shows that the documents are not translations of each other.
fn unrelated([src, tgt]: [&Document; 2], alignment: &Alignment) -> Option<Warning> {
    let (score, [_, high]) = (alignment.document_score(), alignment.document_score_interval());
    (score < Alignment::UNRELATED_BELOW && high < Alignment::UNRELATED_BELOW).then(|| {
        let reason = format!(
            "{} and {} do not look like translations of each other (document score {score:.2})",
            src.name, tgt.name
        );
        Warning::new("unrelated", reason, Remedy::FindPairs)
    })
}

/// Notes that the score is low and that there is too little text for it to mean anything.
fn undecided([src, tgt]: [&Document; 2], alignment: &Alignment) -> Option<Warning> {
    let (score, [low, high]) = (alignment.document_score(), alignment.document_score_interval());
    (score < Alignment::UNRELATED_BELOW && high >= Alignment::UNRELATED_BELOW).then(|| {
        let reason = format!(
            "there is too little text to tell whether {} and {} are translations of each other \
             (document score {score:.2}, between {low:.2} and {high:.2})",
            src.name, tgt.name
        );
        Warning::new("undecided", reason, "look at some of the pairs")
    })
}

/// Warns if the languages are not those of the settings.
fn languages([src, tgt]: &[CheckedSide<'_>; 2]) -> Vec<Warning> {
    let (found_src, found_tgt) = (detect(src), detect(tgt));
    if found_src == Some(tgt.language) && found_tgt == Some(src.language) {
        let reason = format!(
            "the languages look swapped: {} looks {} and {} looks {}",
            src.document.name,
            name(tgt.language),
            tgt.document.name,
            name(src.language)
        );
        let remedy = Remedy::SwapLanguages { src: tgt.language, tgt: src.language };
        return vec![Warning::new("swapped-languages", reason, remedy)];
    }
    let mut found = Vec::new();
    for (side, language) in [(src, found_src), (tgt, found_tgt)] {
        if language.is_some_and(|language| language != side.language) {
            let reason = format!(
                "{} should be {} and most of its letters are not",
                side.document.name,
                name(side.language)
            );
            found.push(Warning::new("language", reason, Remedy::SetLanguages));
        }
    }
    found
}

/// Returns the language that most letters belong to.
fn detect(side: &CheckedSide<'_>) -> Option<Language> {
    let share = arabic_share(&side.document.text)?;
    Some(if share >= 0.5 { Language::Arabic } else { Language::English })
}

fn name(language: Language) -> &'static str {
    match language {
        Language::Arabic => "Arabic",
        Language::English => "English",
    }
}

/// Warns if one side has many times the segments of the other.
fn lengths([src, tgt]: &[CheckedSide<'_>; 2]) -> Option<Warning> {
    let count =
        |side: &CheckedSide<'_>| side.segments.iter().filter(|s| !s.text.is_empty()).count();
    let (mut few, mut many) = (src, tgt);
    if count(few) > count(many) {
        (few, many) = (many, few);
    }
    (count(many) >= LOPSIDED_RATIO * count(few).max(1)).then(|| {
        let reason = format!(
            "{} has {} segments and {} has {}",
            many.document.name,
            count(many),
            few.document.name,
            count(few)
        );
        let hint = "is it the same document, and does its text have sentence ends or line breaks?";
        Warning::new("lopsided", reason, hint)
    })
}

/// Warns about segments that are too long to be a sentence.
fn long_segments(side: &CheckedSide<'_>) -> Option<Warning> {
    let is_long = |segment: &&Segment<'_>| {
        // Bytes first: counting the characters of every segment would cost more than all other
        // checks together.
        segment.text.len() > MAX_SENTENCE && segment.text.chars().count() > MAX_SENTENCE
    };
    let mut long = side.segments.iter().filter(is_long);
    let first = long.next()?;
    let name = &side.document.name;
    let place = match side.document.place(first.bytes()) {
        Some(place) => format!("{name} ({place})"),
        None => format!("{name}:{}", 1 + side.document.text[..first.start].matches('\n').count()),
    };
    let others = match long.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let characters = first.text.chars().count();
    let reason = format!("{place}: a segment of {characters} characters{others}");
    Some(match side.is_lines {
        true => Warning::new("long-segment", reason, Remedy::DivideIntoSentences),
        false => Warning::new(
            "long-segment",
            reason,
            "the text has no sentence end there; is it prose, and has it lost its line breaks?",
        ),
    })
}
