//! Text without a counterpart on the other side, as runs of rows with their place.
//!
//! All rows without a counterpart between two pairs are taken together: those of the source side
//! form one run, *omitted* from the target, and those of the target side another, *added*. Rows
//! whose counterpart is in another place form runs of *moved* text. Pairs of moved text have a
//! counterpart, and are not among these.

use std::cmp::Reverse;
use std::sync::Arc;

use nasaq::{FindingKind, Span};
use serde::Serialize;

use crate::excerpt::excerpt;
use crate::row::ReportRow;
use crate::top_k::TopK;
use crate::totals::RunningMean;

/// Maximum number of runs that are listed.
const MAX_LISTED: usize = 60;
/// Maximum length of the text of a run, in chars.
const MAX_TEXT_CHARS: usize = 300;
/// Maximum length of the text before a run, in chars.
const MAX_BEFORE_CHARS: usize = 100;

/// How much text has no counterpart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MissingText {
    /// Text of the source that the target lacks.
    pub omitted: MissingTotals,
    /// Text of the target that the source lacks.
    pub added: MissingTotals,
    /// Text whose counterpart is in another place. The runs of both sides are counted.
    pub moved: MissingTotals,
    /// The runs with the most words, at most 60.
    pub runs: Vec<MissingRun>,
}

/// The totals of some runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MissingTotals {
    /// The number of runs.
    pub runs: u64,
    /// The number of rows in the runs.
    pub rows: u64,
    /// The number of words in the runs.
    pub words: u64,
}

/// A run of text without a counterpart.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MissingRun {
    /// Whether the text was omitted, added or moved.
    pub kind: FindingKind,
    /// The index of its first row in the corpus, from 0.
    pub row: u64,
    /// The name of the document.
    pub doc: Arc<str>,
    /// The number of rows.
    pub rows: u64,
    /// The number of words.
    pub words: u64,
    /// Whether the text is Arabic.
    pub is_arabic: bool,
    /// The segments, half-open.
    pub segments: Option<[u32; 2]>,
    /// For omitted and added text: the segment of the other side before which the counterpart would
    /// be. For moved text: the first segment of the counterpart.
    pub place: Option<u32>,
    /// The mean probability of the rows.
    pub probability: Option<f64>,
    /// The text. A text of more than 300 chars is cut and ends with `…`.
    pub text: String,
    /// The text before the run on the same side, cut after 100 chars.
    pub before: Option<String>,
}

/// A run that the next row may continue.
#[derive(Clone, Debug)]
struct OpenRun {
    run: MissingRun,
    probability: RunningMean,
}

/// Collects the runs of a corpus.
#[derive(Clone, Debug)]
pub(crate) struct MissingTextBuilder {
    totals: MissingText,
    /// The open runs: for the source and for the target, one that is missing and one that is moved.
    open: [Option<OpenRun>; 4],
    longest: TopK<Reverse<u64>, MissingRun>,
    /// The Arabic and the English text of the last pair of the document.
    before: Option<[String; 2]>,
}

impl MissingTextBuilder {
    pub(crate) fn new() -> Self {
        Self {
            totals: MissingText::default(),
            open: [const { None }; 4],
            longest: TopK::new(MAX_LISTED),
            before: None,
        }
    }

    /// Adds a row without a counterpart, which has `words` words. Returns the kind of the run.
    pub(crate) fn add(
        &mut self,
        row: &ReportRow<'_>,
        index: u64,
        doc: &Arc<str>,
        words: u64,
        is_source: bool,
    ) -> FindingKind {
        let is_arabic = !row.arabic.trim().is_empty();
        let text = if is_arabic { row.arabic } else { row.english };
        let kind = match (row.counterpart, is_source) {
            (Some(_), _) => FindingKind::Moved,
            (None, true) => FindingKind::Omitted,
            (None, false) => FindingKind::Added,
        };
        let spans = row.spans.map(|(src, tgt)| if is_source { (src, tgt) } else { (tgt, src) });
        let slot = usize::from(!is_source) * 2 + usize::from(row.counterpart.is_some());
        let continues = |open: &OpenRun| {
            let ends = open.run.segments.map(|[_, end]| end);
            ends.is_none() || ends == spans.map(|(own, _)| own.start)
        };
        if !self.open[slot].as_ref().is_some_and(continues) {
            self.close(slot);
            let before = self.before.as_ref().map(|texts| texts[usize::from(!is_arabic)].clone());
            let counterpart = row.counterpart.map(|span| span.start);
            let place = counterpart.or(spans.map(|(_, other)| other.start));
            let run = MissingRun {
                kind,
                row: index,
                doc: Arc::clone(doc),
                rows: 0,
                words: 0,
                is_arabic,
                segments: spans.map(|(own, _)| [own.start, own.start]),
                place,
                probability: None,
                text: String::new(),
                before: before.filter(|text| !text.is_empty()),
            };
            self.open[slot] = Some(OpenRun { run, probability: RunningMean::default() });
        }
        if let Some(open) = &mut self.open[slot] {
            open.add(text, words, spans.map(|(own, _)| own), row.probability);
        }
        kind
    }

    /// Ends all runs at a pair, which becomes the text before the next run.
    pub(crate) fn pair(&mut self, row: &ReportRow<'_>) {
        (0..4).for_each(|slot| self.close(slot));
        self.before = Some([row.arabic, row.english].map(|text| excerpt(text, MAX_BEFORE_CHARS)));
    }

    /// Ends all runs at the end of a document.
    pub(crate) fn end_document(&mut self) {
        (0..4).for_each(|slot| self.close(slot));
        self.before = None;
    }

    fn close(&mut self, slot: usize) {
        let Some(OpenRun { mut run, probability }) = self.open[slot].take() else { return };
        let totals = match run.kind {
            FindingKind::Omitted => &mut self.totals.omitted,
            FindingKind::Added => &mut self.totals.added,
            _ => &mut self.totals.moved,
        };
        totals.runs += 1;
        totals.rows += run.rows;
        totals.words += run.words;
        run.probability = probability.get();
        run.text = excerpt(&run.text, MAX_TEXT_CHARS);
        self.longest.add(Reverse(run.words), run.row, || run);
    }

    pub(crate) fn finish(mut self) -> MissingText {
        self.end_document();
        MissingText { runs: self.longest.into_sorted(), ..self.totals }
    }
}

impl OpenRun {
    fn add(&mut self, text: &str, words: u64, own: Option<Span>, probability: Option<f64>) {
        let run = &mut self.run;
        run.rows += 1;
        run.words += words;
        if let (Some(segments), Some(own)) = (&mut run.segments, own) {
            segments[1] = own.end;
        }
        // More text than this would be cut off anyway: a char has at most 4 bytes.
        if run.text.len() < MAX_TEXT_CHARS * 4 {
            if !run.text.is_empty() {
                run.text.push(' ');
            }
            run.text.push_str(text.trim());
        }
        self.probability.add(probability);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn null(
        text: &'static str,
        own: (usize, usize),
        place: usize,
        source: bool,
    ) -> ReportRow<'static> {
        let (own, other) = (Span::new(own.0, own.1), Span::new(place, place));
        let spans = Some(if source { (own, other) } else { (other, own) });
        let (arabic, english) = if source { (text, "") } else { ("", text) };
        ReportRow { arabic, english, spans, probability: Some(0.5), ..ReportRow::default() }
    }

    #[test]
    fn nulls_that_alternate_between_the_sides_form_one_run_for_each_side() {
        let mut missing = MissingTextBuilder::new();
        let doc: Arc<str> = "d".into();
        let pair = ReportRow::new("قبل", "before");
        missing.pair(&pair);
        for (index, row, source) in [
            (1, null("سطر", (1, 2), 1, true), true),
            (2, null("line", (1, 2), 2, false), false),
            (3, null("سطر آخر", (2, 3), 2, true), true),
        ] {
            missing.add(&row, index, &doc, 1, source);
        }
        missing.pair(&pair);
        missing.add(&null("last", (3, 4), 4, false), 5, &doc, 7, false);
        let found = missing.finish();
        assert_eq!((found.omitted.runs, found.omitted.rows, found.added.runs), (1, 2, 2));
        assert_eq!(found.added.words, 8);
        assert_eq!(found.runs[0].text, "last");
        assert_eq!(found.runs[1].segments, Some([1, 3]));
        assert_eq!(found.runs[1].place, Some(1));
        assert_eq!(found.runs[1].before.as_deref(), Some("قبل"));
        assert_eq!(found.runs[1].text, "سطر سطر آخر");
    }

    #[test]
    fn a_gap_in_the_segments_ends_a_run() {
        let mut missing = MissingTextBuilder::new();
        let doc: Arc<str> = "d".into();
        missing.add(&null("أ", (1, 2), 1, true), 0, &doc, 1, true);
        missing.add(&null("ب", (5, 6), 1, true), 1, &doc, 1, true);
        assert_eq!(missing.finish().omitted.runs, 2);
    }
}
