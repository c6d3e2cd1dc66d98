//! Divides segments into the units between which they may be cut.

use nasaq_text::{ClauseBreaks, Segment, clauses, possible_paragraphs};

/// Where segments may be cut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cuts<'a> {
    Clauses,
    /// Line ends of these documents.
    Lines([&'a str; 2]),
    Words,
}

impl Cuts<'_> {
    /// Returns the divisions into units that are to be tried, the most certain cuts first.
    pub(super) fn attempts<'t>(self, segments: &[Segment<'t>]) -> Vec<Vec<Segment<'t>>> {
        match self {
            Self::Clauses => [ClauseBreaks::Marks, ClauseBreaks::MarksAndWords]
                .map(|breaks| cut_each(segments, |text| clauses(text, breaks)))
                .to_vec(),
            Self::Lines(_) => vec![cut_each(segments, possible_paragraphs)],
            Self::Words => vec![words_of(segments)],
        }
    }
}

/// Returns whether a line of the text ends after the first `count` segments.
pub(super) fn ends_line(text: &str, segments: &[Segment<'_>], count: usize) -> bool {
    let (before, after) = segments.split_at(count);
    let (Some(last), Some(next)) = (before.last(), after.first()) else { return true };
    let gap = text.get(last.bytes().end..next.start);
    gap.is_some_and(|gap| gap.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']))
}

/// Cuts each segment into slices that concatenate to it.
fn cut_each<'t>(
    segments: &[Segment<'t>],
    cut: impl Fn(&'t str) -> Vec<&'t str>,
) -> Vec<Segment<'t>> {
    let mut all = Vec::new();
    for segment in segments {
        let mut start = segment.start;
        for part in cut(segment.text) {
            all.push(Segment::new(part, start).trim());
            start += part.len();
        }
    }
    all
}

/// Cuts segments into words; a mark that stands alone belongs to the word before it.
fn words_of<'t>(segments: &[Segment<'t>]) -> Vec<Segment<'t>> {
    let mut all = Vec::new();
    for segment in segments {
        let mut starts = vec![0];
        let (mut at, mut has_word) = (0, false);
        for part in segment.text.split_inclusive(char::is_whitespace) {
            if part.contains(char::is_alphanumeric) {
                if has_word {
                    starts.push(at);
                }
                has_word = true;
            }
            at += part.len();
        }
        starts.push(segment.text.len());
        all.extend(starts.windows(2).map(|bounds| {
            let text = &segment.text[bounds[0]..bounds[1]];
            Segment::new(text, segment.start + bounds[0]).trim()
        }));
    }
    all
}

/// Joins the units of each segment again.
pub(super) fn join_units<'t>(units: &[Segment<'t>], segments: &[Segment<'t>]) -> Vec<Segment<'t>> {
    let mut out = Vec::new();
    for segment in segments {
        let within = segment.bytes();
        let mut own = units.iter().filter(|unit| within.contains(&unit.start));
        let Some(first) = own.next() else { continue };
        let end = own.next_back().unwrap_or(first).bytes().end;
        let text = &segment.text[first.start - within.start..end - within.start];
        out.push(Segment::new(text, first.start));
    }
    out
}
