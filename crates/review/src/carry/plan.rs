//! The decisions of a session to take again in another one.

use std::ops::Range;

use nasaq::Span;
use nasaq_job::Failure;

use super::map::TextMap;
use super::segments::{cut, segments_at};
use super::{CarryReport, DroppedDecision, originals};
use crate::change::{Change, Refusal, RefusalKind};
use crate::decision::{BeadSegments, Decision, ReviewSide};
use crate::log::Head;
use crate::row::{Decided, Row};
use crate::session::Session;
use crate::span::{NOTHING, is_same};
use crate::state::State;

/// How much of a text names it in a report, in characters.
const SHOWN: usize = 60;

/// The decisions to take again, as segments of the new documents.
pub(super) struct Plan {
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

/// What is said of segments of the old session, and where they are in the new texts.
struct Placed<'o, T> {
    what: T,
    spans: [Span; 2],
    place: Option<Place>,
    old: &'o Session,
}

impl<T> Placed<'_, T> {
    /// Returns the segments of the new documents.
    fn find(&self, state: &State) -> Option<[Span; 2]> {
        let place = self.place.as_ref()?;
        let mut spans = [NOTHING; 2];
        for (side, span) in spans.iter_mut().enumerate() {
            if let Some(bytes) = &place.bytes[side] {
                *span = segments_at(state, side, bytes)?;
            }
        }
        Some(spans)
    }

    fn about(&self, what: &'static str) -> DroppedDecision {
        let [src, tgt] = self.spans;
        about(self.old, what, src, tgt)
    }
}

/// The side and text of a note.
type Note<'o> = (ReviewSide, &'o str);

/// What an old session says, in the new texts.
struct PlacedDecisions<'o> {
    /// The rows that the reviewer decided, by their index.
    fixed: Vec<Placed<'o, (usize, &'o Row)>>,
    rejected: Vec<Placed<'o, ()>>,
    notes: Vec<Placed<'o, Note<'o>>>,
}

impl<'o> PlacedDecisions<'o> {
    fn new(old: &'o Session, maps: &[TextMap; 2]) -> Self {
        let place = |spans: [Span; 2]| -> Option<Place> {
            let mut bytes = [None, None];
            for side in [0, 1] {
                if let Some(range) = old.state().sides[side].bytes(spans[side]) {
                    bytes[side] = Some(maps[side].find(range)?);
                }
            }
            Some(Place { bytes })
        };
        let rows = old.rows().iter().enumerate().filter(|(_, row)| row.is_fixed());
        let fixed = rows.map(|(index, row)| {
            let spans = [row.src, row.tgt];
            Placed { what: (index, row), spans, place: place(spans), old }
        });
        let remarks = &old.state().remarks;
        let rejected = remarks.rejected.iter().map(|&(src, tgt)| {
            let spans = [src, tgt];
            Placed { what: (), spans, place: place(spans), old }
        });
        let notes = remarks.notes.iter().map(|(&(side, at), text)| {
            let mut spans = [NOTHING; 2];
            spans[side.index()] = Span { start: at, end: at + 1 };
            Placed { what: (side, text.as_str()), spans, place: place(spans), old }
        });
        Self { fixed: fixed.collect(), rejected: rejected.collect(), notes: notes.collect() }
    }

    /// Returns the places at which segments of a side must begin or end.
    fn cuts(&self, side: usize, map: &TextMap) -> Vec<usize> {
        let fixed = self.fixed.iter().filter_map(|it| it.place.as_ref());
        let rejected = self.rejected.iter().filter_map(|it| it.place.as_ref());
        let bytes = fixed.chain(rejected).filter_map(|place| place.bytes[side].clone());
        let ends = |bytes: Range<usize>| [Some(bytes.start), map.next_start(bytes.end)];
        bytes.flat_map(ends).flatten().collect()
    }
}

impl Plan {
    /// Finds the texts of the decisions, and cuts segments of the new documents where a decision
    /// begins or ends inside one.
    pub(super) fn new(old: &Session, mut head: Head) -> Result<(Head, Self), Failure> {
        let held = originals::held_rows(old.state(), &head.state);
        originals::restore(old.state(), &mut head.state, &held)?;
        let maps = [0, 1].map(|side| {
            let text = |state: &State| state.sides[side].document.text.clone();
            TextMap::new(&text(old.state()), &text(&head.state))
        });
        let placed = PlacedDecisions::new(old, &maps);
        for side in [0, 1] {
            cut(&mut head.state, side, placed.cuts(side, &maps[side]));
        }
        let mut plan =
            Self { decisions: Vec::new(), notes: Vec::new(), dropped: Vec::new(), held: 0 };
        plan.add_fixed(&placed.fixed, &held, &head.state);
        plan.add_rejected(&placed.rejected, &head.state);
        plan.add_notes(&placed.notes, &head.state);
        // Confirmations first: they do not change the rows.
        plan.decisions.sort_by_key(|(decision, _)| !matches!(decision, Decision::Confirm { .. }));
        Ok((head, plan))
    }

    fn add_fixed(
        &mut self,
        fixed: &[Placed<'_, (usize, &Row)>],
        held: &[Option<usize>],
        state: &State,
    ) {
        for placed in fixed {
            let (index, row) = placed.what;
            let what = match (row.decided, row.is_null()) {
                (Decided::Confirmed, _) => "a confirmed bead",
                (_, true) => "an unaligned text",
                _ => "a bead",
            };
            let about = placed.about(what);
            if let Some(held) = held[index].map(|row| &state.rows[row]) {
                self.held += 1;
                self.edit(row, [held.src, held.tgt], &about);
                continue;
            }
            match placed.find(state) {
                Some(found) => self.fix(row, found, state, &about),
                None => self.dropped.push(about),
            }
        }
    }

    fn add_rejected(&mut self, rejected: &[Placed<'_, ()>], state: &State) {
        for placed in rejected {
            let about = placed.about("a rejected pair");
            match placed.find(state) {
                Some([src, tgt]) => {
                    let (src, tgt) = (src.into(), tgt.into());
                    self.decisions.push((Decision::RejectPair { src, tgt }, about));
                }
                None => self.dropped.push(about),
            }
        }
    }

    fn add_notes(&mut self, notes: &[Placed<'_, Note<'_>>], state: &State) {
        for placed in notes {
            let (side, text) = placed.what;
            let about = placed.about("a note");
            let bytes = placed.place.as_ref().and_then(|place| place.bytes[side.index()].clone());
            match bytes {
                Some(bytes) => {
                    let ends = &state.sides[side.index()].segments;
                    let segment = ends.partition_point(|segment| segment.end <= bytes.start);
                    self.notes.push((side, segment, text.to_owned(), about));
                }
                None => self.dropped.push(about),
            }
        }
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
        let decision = match (same, row.decided, src.is_empty(), tgt.is_empty()) {
            // A correction of its text makes the bead one that was changed.
            (Some(_), Decided::Changed, ..) if row.edited.is_some() => None,
            (Some(row), Decided::Confirmed, ..) => Some(Decision::Confirm { row, seen: None }),
            (_, _, false, false) => Some(Decision::PairMoved { src: src.into(), tgt: tgt.into() }),
            (_, _, false, true) => {
                Some(Decision::UnalignSegments { side: ReviewSide::Src, segments: src.into() })
            }
            (_, _, true, _) => {
                Some(Decision::UnalignSegments { side: ReviewSide::Tgt, segments: tgt.into() })
            }
        };
        self.decisions.extend(decision.map(|decision| (decision, about.clone())));
        self.edit(row, [src, tgt], about);
    }

    /// Adds the corrections of the texts of a bead, which has these segments now.
    fn edit(&mut self, row: &Row, [src, tgt]: [Span; 2], about: &DroppedDecision) {
        for side in [ReviewSide::Src, ReviewSide::Tgt] {
            if let Some(text) = row.edited(side) {
                let seen = Some(BeadSegments { src: src.into(), tgt: tgt.into() });
                let text = text.to_owned();
                let about = DroppedDecision { what: "a corrected text", ..about.clone() };
                self.decisions.push((Decision::Edit { row: 0, side, text, seen }, about));
            }
        }
    }

    /// Takes the decisions.
    pub(super) fn apply(
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
            match session.row_of(side, segment) {
                Some(row) => {
                    decisions.push(Decision::Note { row, text, seen: None });
                    about.push(of);
                }
                None => report.dropped.push(of),
            }
        }
        apply_all(session, &take, decisions, &about, &mut report)?;
        Ok(report)
    }
}

/// Takes decisions as one. Those that hold already count as carried over.
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
        Err(refusal) if refusal.kind() == RefusalKind::Nothing => refusal.refused().to_vec(),
        Err(refusal) => return Err(refusal.into()),
    };
    report.carried += count - refused.len();
    for (index, reason) in refused {
        report.dropped.push(DroppedDecision { reason, ..about[index].clone() });
    }
    Ok(())
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
