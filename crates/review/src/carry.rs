//! Carries decisions over to new texts, another model or other settings, wherever the text that
//! they are about is the same.

mod map;

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use nasaq::Span;
use nasaq_formats::Document;
use nasaq_job::{Aligned, Engine, Failure};
use serde::Serialize;

use self::map::TextMap;
use crate::background::BackgroundSearch;
use crate::change::{Change, Refusal, RefusalKind};
use crate::decision::{Decision, ReviewSide};
use crate::log::{Head, Lock};
use crate::realign::DirectSearch;
use crate::row::{Decided, Row};
use crate::session::Session;
use crate::side::Side;
use crate::source::{ReviewSource, header_of, of_aligned};
use crate::span::{NOTHING, is_same};
use crate::state::State;

/// How much of a text names it in a report, in characters.
const SHOWN: usize = 60;

/// What was carried over.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CarryReport {
    /// The decisions that hold again: fixed beads, rejected pairs, notes.
    pub carried: usize,
    /// Those that do not.
    pub dropped: Vec<DroppedDecision>,
}

/// A decision that could not be carried over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DroppedDecision {
    /// What was decided.
    pub what: &'static str,
    /// The beginning of the text that it was about.
    pub text: String,
    /// Why it was dropped.
    pub reason: String,
}

impl Session {
    /// Begins the review of new contents of the files of a log, with its decisions wherever the
    /// text is the same. The earlier log is renamed to `NAME.1`, `NAME.2` and so on.
    ///
    /// # Errors
    /// Those of [`Session::open`].
    pub fn carry_over(
        log: &Path,
        source: &ReviewSource,
        engine: &Arc<Engine>,
    ) -> Result<(Self, CarryReport), Failure> {
        let lock = Lock::take(log)?;
        let old = Self::read(log)?;
        let (mut head, notices) = source.head(engine, Some(log))?;
        head.header.reviewer = head.header.reviewer.or_else(|| old.header().reviewer.clone());
        let backup = set_aside(log)?;
        drop(lock);
        let (head, plan) = Plan::new(&old, head);
        let search = BackgroundSearch::new(Arc::clone(engine))?;
        let mut session = Self::create(log, head, Some(Box::new(search))).inspect_err(|_| {
            // As it was.
            let _ = std::fs::rename(&backup, log);
        })?;
        for notice in notices {
            session.add_notice(notice);
        }
        session.add_notice(format!("the earlier review is in {}", backup.display()));
        let report = plan.apply(&mut session, Session::apply)?;
        Ok((session, report))
    }

    /// Applies the decisions of this session to a new alignment of the documents, without a log.
    ///
    /// # Errors
    /// A [`Failure`] if a stretch cannot be aligned again.
    pub fn apply_to(
        &self,
        engine: &Engine,
        name: &str,
        documents: [&Document; 2],
        aligned: &Aligned<'_>,
    ) -> Result<(Self, CarryReport), Failure> {
        let (sides, rows) = of_aligned(documents, aligned);
        let mut header = header_of(engine, name.to_owned());
        header.reviewer = self.header().reviewer.clone();
        header.document_score = Some(aligned.alignment.document_score());
        let (head, plan) = Plan::new(self, Head { header, state: State::new(sides, rows) });
        let mut session = Self::in_memory(head, None);
        let take =
            |session: &mut Self, decision| session.apply_with(decision, &mut DirectSearch(engine));
        let report = plan.apply(&mut session, take)?;
        Ok((session, report))
    }
}

/// Renames a log to a name that is free.
fn set_aside(log: &Path) -> Result<std::path::PathBuf, Failure> {
    let named = |number: usize| {
        let mut name = log.as_os_str().to_owned();
        name.push(format!(".{number}"));
        std::path::PathBuf::from(name)
    };
    let free = (1..).map(named).find(|path| !path.exists());
    let backup = free.unwrap_or_else(|| named(0));
    std::fs::rename(log, &backup).map_err(|error| crate::log::unwritable(log, error))?;
    Ok(backup)
}

/// The decisions to take again, as segments of the new documents.
struct Plan {
    /// What each decision is about, for the report.
    decisions: Vec<(Decision, DroppedDecision)>,
    /// The notes: where they are, in segments of the new documents.
    notes: Vec<(ReviewSide, usize, String, DroppedDecision)>,
    dropped: Vec<DroppedDecision>,
    /// How many beads the new alignment has as they were decided.
    held: usize,
}

/// Where a bead of the old session is in the new texts.
struct Place {
    bytes: [Option<Range<usize>>; 2],
}

impl Plan {
    /// Finds the texts of the decisions, and cuts segments of the new documents where a decision
    /// begins or ends inside one.
    fn new(old: &Session, mut head: Head) -> (Head, Self) {
        let sides = [0, 1];
        let texts = |side: usize| &old.state().sides[side].document.text;
        let maps =
            sides.map(|side| TextMap::new(texts(side), &head.state.sides[side].document.text));
        let place = |src: Span, tgt: Span| -> Option<Place> {
            let mut bytes = [None, None];
            for (side, span) in [(0, src), (1, tgt)] {
                if let Some(range) = old.state().sides[side].bytes(span) {
                    bytes[side] = Some(maps[side].find(range)?);
                }
            }
            Some(Place { bytes })
        };
        let fixed: Vec<(&Row, Option<Place>)> = old
            .rows()
            .iter()
            .filter(|row| row.is_fixed())
            .map(|row| (row, place(row.src, row.tgt)))
            .collect();
        let rejected: Vec<_> =
            old.state().remarks.rejected.iter().map(|&(a, b)| ((a, b), place(a, b))).collect();
        let noted: Vec<_> = old.state().remarks.notes.iter().collect();
        let noted: Vec<_> = noted
            .into_iter()
            .map(|((side, at), text)| {
                let span = Span { start: *at, end: at + 1 };
                let (src, tgt) = match side {
                    ReviewSide::Src => (span, NOTHING),
                    ReviewSide::Tgt => (NOTHING, span),
                };
                (*side, span, text, place(src, tgt))
            })
            .collect();
        let places = fixed.iter().filter_map(|(_, place)| place.as_ref());
        let places: Vec<&Place> =
            places.chain(rejected.iter().filter_map(|(_, place)| place.as_ref())).collect();
        for side in sides {
            let cuts = places.iter().filter_map(|place| place.bytes[side].clone());
            let cuts = cuts.flat_map(|bytes| {
                [Some(bytes.start), maps[side].next_start(bytes.end)].into_iter().flatten()
            });
            cut(&mut head.state, side, cuts.collect());
        }
        let spans = |place: &Place| -> Option<[Span; 2]> {
            let mut spans = [NOTHING; 2];
            for side in sides {
                if let Some(bytes) = &place.bytes[side] {
                    spans[side] = segments(&head.state, side, bytes)?;
                }
            }
            Some(spans)
        };
        let mut plan =
            Self { decisions: Vec::new(), notes: Vec::new(), dropped: Vec::new(), held: 0 };
        let decided = decided_texts(&head.state);
        for (row, place) in &fixed {
            if decided.contains(&texts_of(old.state(), row)) {
                plan.held += 1;
                continue;
            }
            let what = match (row.decided, row.is_null()) {
                (Decided::Confirmed, _) => "a confirmed bead",
                (_, true) => "an unaligned text",
                _ => "a bead",
            };
            let about = about(old, what, row.src, row.tgt);
            match place.as_ref().and_then(spans) {
                Some(found) => plan.fix(row, found, &head.state, &about),
                None => plan.dropped.push(about),
            }
        }
        for ((src, tgt), place) in &rejected {
            let about = about(old, "a rejected pair", *src, *tgt);
            match place.as_ref().and_then(spans) {
                Some([src, tgt]) => {
                    let (src, tgt) = (src.into(), tgt.into());
                    plan.decisions.push((Decision::RejectPair { src, tgt }, about));
                }
                None => plan.dropped.push(about),
            }
        }
        for (side, span, text, place) in noted {
            let (src, tgt) = match side {
                ReviewSide::Src => (span, NOTHING),
                ReviewSide::Tgt => (NOTHING, span),
            };
            let about = about(old, "a note", src, tgt);
            let found = place.and_then(|place| {
                let bytes = place.bytes[side.index()].clone()?;
                let ends = &head.state.sides[side.index()].segments;
                Some(ends.partition_point(|segment| segment.end <= bytes.start))
            });
            match found {
                Some(segment) => plan.notes.push((side, segment, text.clone(), about)),
                None => plan.dropped.push(about),
            }
        }
        // Confirmations first: they do not change the rows.
        plan.decisions.sort_by_key(|(decision, _)| !matches!(decision, Decision::Confirm { .. }));
        (head, plan)
    }

    /// Adds the decisions that make a bead of the new session what it was.
    fn fix(&mut self, row: &Row, [src, tgt]: [Span; 2], state: &State, about: &DroppedDecision) {
        let first = match src.is_empty() {
            true => state.row_of(ReviewSide::Tgt, tgt.range().start),
            false => state.row_of(ReviewSide::Src, src.range().start),
        };
        let same = first.filter(|&first| {
            is_same(state.rows[first].src, src) && is_same(state.rows[first].tgt, tgt)
        });
        let decision = match (same, src.is_empty(), tgt.is_empty()) {
            (Some(row), ..) => Decision::Confirm { row, seen: None },
            (None, false, false) => Decision::PairMoved { src: src.into(), tgt: tgt.into() },
            (None, false, true) => {
                Decision::UnalignSegments { side: ReviewSide::Src, segments: src.into() }
            }
            (None, true, _) => {
                Decision::UnalignSegments { side: ReviewSide::Tgt, segments: tgt.into() }
            }
        };
        self.decisions.push((decision, about.clone()));
        for side in [ReviewSide::Src, ReviewSide::Tgt] {
            if let Some(text) = row.edited(side) {
                let seen = Some(crate::decision::BeadSegments { src: src.into(), tgt: tgt.into() });
                let text = text.to_owned();
                let about = DroppedDecision { what: "a corrected text", ..about.clone() };
                self.decisions.push((Decision::Edit { row: 0, side, text, seen }, about));
            }
        }
    }

    /// Takes the decisions.
    fn apply(
        self,
        session: &mut Session,
        take: impl Fn(&mut Session, Decision) -> Result<Change, Refusal>,
    ) -> Result<CarryReport, Failure> {
        let mut report = CarryReport { carried: self.held, dropped: self.dropped };
        let (decisions, about): (Vec<Decision>, Vec<DroppedDecision>) =
            self.decisions.into_iter().unzip();
        apply_all(session, &take, decisions, &about, &mut report)?;
        let (mut decisions, mut about) = (Vec::new(), Vec::new());
        for (side, segment, text, of) in self.notes {
            if let Some(row) = session.row_of(side, segment) {
                decisions.push(Decision::Note { row, text, seen: None });
                about.push(of);
            }
        }
        apply_all(session, &take, decisions, &about, &mut report)?;
        Ok(report)
    }
}

fn apply_all(
    session: &mut Session,
    take: impl Fn(&mut Session, Decision) -> Result<Change, Refusal>,
    decisions: Vec<Decision>,
    about: &[DroppedDecision],
    report: &mut CarryReport,
) -> Result<(), Failure> {
    if decisions.is_empty() {
        return Ok(());
    }
    let count = decisions.len();
    let refused = match take(session, Decision::All { decisions }) {
        Ok(change) => change.refused,
        Err(refusal) if refusal.kind() == RefusalKind::Nothing => Vec::new(),
        Err(refusal) => return Err(Failure::of("failed", refusal)),
    };
    report.carried += count - refused.len();
    for (index, reason) in refused {
        report.dropped.push(DroppedDecision { reason, ..about[index].clone() });
    }
    Ok(())
}

/// Returns the texts of the beads that are decided from the start, in a bitext that was reviewed.
fn decided_texts(state: &State) -> HashSet<[String; 2]> {
    state.rows.iter().filter(|row| row.is_fixed()).map(|row| texts_of(state, row)).collect()
}

/// Returns the texts of a bead, corrected as the reviewer did.
fn texts_of(state: &State, row: &Row) -> [String; 2] {
    [ReviewSide::Src, ReviewSide::Tgt].map(|side| match row.edited(side) {
        Some(text) => text.to_owned(),
        None => state.sides[side.index()].joined(row.side(side)),
    })
}

/// Describes a decision that is dropped because its text is gone.
fn about(old: &Session, what: &'static str, src: Span, tgt: Span) -> DroppedDecision {
    let [src_side, tgt_side] = &old.state().sides;
    let text = match src.is_empty() {
        true => tgt_side.joined(tgt),
        false => src_side.joined(src),
    };
    let text = text.chars().take(SHOWN).collect();
    DroppedDecision { what, text, reason: "its text has changed".to_owned() }
}

/// Cuts segments of a side at bytes, and renumbers those of the rows.
fn cut(state: &mut State, side: usize, mut cuts: Vec<usize>) {
    cuts.sort_unstable();
    cuts.dedup();
    let Side { document, segments } = &state.sides[side];
    let mut parts = Vec::with_capacity(segments.len());
    let mut starts = Vec::with_capacity(segments.len() + 1);
    for segment in segments.iter() {
        starts.push(parts.len() as u32);
        let from = cuts.partition_point(|cut| *cut <= segment.start);
        let to = cuts.partition_point(|cut| *cut < segment.end);
        let mut start = segment.start;
        for &cut in &cuts[from..to] {
            let first = document.text[start..cut].trim_end();
            if !first.is_empty() {
                parts.push(start..start + first.len());
                start = cut;
            }
        }
        parts.push(start..segment.end);
    }
    starts.push(parts.len() as u32);
    let map = |span: &mut Span| {
        span.start = starts[span.start as usize];
        span.end = starts[span.end as usize];
    };
    for row in &mut state.rows {
        map(if side == 0 { &mut row.src } else { &mut row.tgt });
    }
    state.sides[side].segments = Arc::new(parts);
    state.place_empty_spans();
}

/// Returns the segments of a side that are exactly some bytes of its text.
fn segments(state: &State, side: usize, bytes: &Range<usize>) -> Option<Span> {
    let Side { document, segments } = &state.sides[side];
    let first = segments.partition_point(|segment| segment.end <= bytes.start);
    let last = segments.partition_point(|segment| segment.start < bytes.end);
    let (start, end) = (segments.get(first)?.start, segments.get(last.checked_sub(1)?)?.end);
    let is_blank =
        |range: Range<usize>| document.text.get(range).is_none_or(|text| text.trim().is_empty());
    let between = |a: usize, b: usize| a.min(b)..a.max(b);
    let fits = is_blank(between(start, bytes.start)) && is_blank(between(end, bytes.end));
    (first < last && fits).then(|| Span::new(first, last))
}
