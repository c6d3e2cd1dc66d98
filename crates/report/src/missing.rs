//! Text that one side lacks: runs of rows without counterpart, with their place.
//!
//! All rows without counterpart between two pairs are looked at together: those of the source side
//! make one run, *omitted* from the target, those of the target side another, *added*. Rows that
//! are known to stand elsewhere are runs of *moved* text.

use std::cmp::Reverse;
use std::sync::Arc;

use nasaq::{FindingKind, Span};
use serde::Serialize;

use crate::least::Least;
use crate::listed::clipped;
use crate::number::rounded;
use crate::row::Row;

/// Runs that are listed.
const LISTED: usize = 60;
/// Chars of a run's text that are shown.
const SHOWN: usize = 300;

/// How much text has no counterpart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Missing {
    /// Text that the target lacks.
    pub omitted: MissingCount,
    /// Text that the source lacks.
    pub added: MissingCount,
    /// Text that stands elsewhere in the other side; each side's run counts.
    pub moved: MissingCount,
    /// The longest runs, at most 60.
    pub runs: Vec<MissingRun>,
}

/// A sum over runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct MissingCount {
    /// Runs.
    pub runs: u64,
    /// Rows of them.
    pub rows: u64,
    /// Words of them.
    pub words: u64,
}

/// A run of text without counterpart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MissingRun {
    /// What happened.
    pub kind: FindingKind,
    /// Its first row in the corpus, from 0.
    pub row: u64,
    /// The document.
    pub doc: Arc<str>,
    /// Rows of it.
    pub rows: u64,
    /// Words of it.
    pub words: u64,
    /// The text is Arabic.
    pub is_arabic: bool,
    /// Its segments, half-open.
    pub segments: Option<[u32; 2]>,
    /// The segment of the other side before which it would stand; of moved text, where it stands.
    pub place: Option<u32>,
    /// The mean of the rows' probabilities.
    pub probability: Option<f64>,
    /// Its text, or the first 300 chars with … after them.
    pub text: String,
    /// What stands before it, of the same side.
    pub before: Option<String>,
}

/// A run that may go on.
#[derive(Clone, Debug)]
struct Open {
    run: MissingRun,
    probabilities: f64,
    rated: u64,
}

/// Gathers the runs of a corpus.
#[derive(Clone, Debug)]
pub(crate) struct MissingBuilder {
    counts: Missing,
    /// By side (source, target) and whether it is moved.
    open: [Option<Open>; 4],
    longest: Least<Reverse<u64>, MissingRun>,
    /// Arabic and English text of the last pair in the document.
    before: Option<[String; 2]>,
}

impl MissingBuilder {
    pub(crate) fn new() -> Self {
        Self {
            counts: Missing::default(),
            open: [const { None }; 4],
            longest: Least::new(LISTED),
            before: None,
        }
    }

    /// Adds a row without counterpart; `words` are those of its text. Gives what happened.
    pub(crate) fn add(
        &mut self,
        row: &Row<'_>,
        number: u64,
        doc: &Arc<str>,
        words: u64,
        is_source: bool,
    ) -> FindingKind {
        let is_arabic = !row.arabic.trim().is_empty();
        let text = if is_arabic { row.arabic } else { row.english };
        let kind = match (row.moved, is_source) {
            (Some(_), _) => FindingKind::Moved,
            (None, true) => FindingKind::Omitted,
            (None, false) => FindingKind::Added,
        };
        let spans = row.spans.map(|(src, tgt)| if is_source { (src, tgt) } else { (tgt, src) });
        let slot = usize::from(!is_source) * 2 + usize::from(row.moved.is_some());
        let goes_on = |open: &Open| {
            let ends = open.run.segments.map(|[_, end]| end);
            ends.is_none() || ends == spans.map(|(own, _)| own.start)
        };
        if !self.open[slot].as_ref().is_some_and(goes_on) {
            self.close(slot);
            let before = self.before.as_ref().map(|texts| texts[usize::from(!is_arabic)].clone());
            let place = row.moved.map(|span| span.start).or(spans.map(|(_, other)| other.start));
            let run = MissingRun {
                kind,
                row: number,
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
            self.open[slot] = Some(Open { run, probabilities: 0.0, rated: 0 });
        }
        if let Some(open) = &mut self.open[slot] {
            open.add(text, words, spans.map(|(own, _)| own), row.probability);
        }
        kind
    }

    /// A pair stands here: runs end, and what follows stands after it.
    pub(crate) fn pair(&mut self, row: &Row<'_>) {
        (0..4).for_each(|slot| self.close(slot));
        self.before = Some([clipped(row.arabic, 100), clipped(row.english, 100)]);
    }

    /// A document ends here.
    pub(crate) fn end_document(&mut self) {
        (0..4).for_each(|slot| self.close(slot));
        self.before = None;
    }

    fn close(&mut self, slot: usize) {
        let Some(Open { mut run, probabilities, rated }) = self.open[slot].take() else { return };
        let count = match run.kind {
            FindingKind::Omitted => &mut self.counts.omitted,
            FindingKind::Added => &mut self.counts.added,
            FindingKind::Moved => &mut self.counts.moved,
        };
        count.runs += 1;
        count.rows += run.rows;
        count.words += run.words;
        run.probability = (rated > 0).then(|| rounded(probabilities / rated as f64));
        run.text = clipped(&run.text, SHOWN);
        self.longest.add(Reverse(run.words), run.row, || run);
    }

    pub(crate) fn finish(mut self) -> Missing {
        self.end_document();
        Missing { runs: self.longest.into_sorted(), ..self.counts }
    }
}

impl Open {
    fn add(&mut self, text: &str, words: u64, own: Option<Span>, probability: Option<f64>) {
        let run = &mut self.run;
        run.rows += 1;
        run.words += words;
        if let (Some(segments), Some(own)) = (&mut run.segments, own) {
            segments[1] = own.end;
        }
        // As long as it can still be seen.
        if run.text.len() < SHOWN * 4 {
            if !run.text.is_empty() {
                run.text.push(' ');
            }
            run.text.push_str(text.trim());
        }
        if let Some(probability) = probability {
            self.probabilities += probability;
            self.rated += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn null(text: &'static str, own: (usize, usize), place: usize, source: bool) -> Row<'static> {
        let (own, other) = (Span::new(own.0, own.1), Span::new(place, place));
        let spans = Some(if source { (own, other) } else { (other, own) });
        let (arabic, english) = if source { (text, "") } else { ("", text) };
        Row { arabic, english, spans, probability: Some(0.5), ..Row::default() }
    }

    #[test]
    fn facing_nulls_make_a_run_of_each_side() {
        let mut missing = MissingBuilder::new();
        let doc: Arc<str> = "d".into();
        let pair = Row { arabic: "قبل", english: "before", ..Row::default() };
        missing.pair(&pair);
        for (number, row, source) in [
            (1, null("سطر", (1, 2), 1, true), true),
            (2, null("line", (1, 2), 2, false), false),
            (3, null("سطر آخر", (2, 3), 2, true), true),
        ] {
            missing.add(&row, number, &doc, 1, source);
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
        let mut missing = MissingBuilder::new();
        let doc: Arc<str> = "d".into();
        missing.add(&null("أ", (1, 2), 1, true), 0, &doc, 1, true);
        missing.add(&null("ب", (5, 6), 1, true), 1, &doc, 1, true);
        assert_eq!(missing.finish().omitted.runs, 2);
    }
}
