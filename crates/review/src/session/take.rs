//! How a session takes a decision: the rows change, the free ones around are aligned again, and both
//! are stored.

use std::ops::Range;

use nasaq::Span;

use super::{Session, check};
use crate::change::{Change, Refusal, RefusalKind};
use crate::decide::Effects;
use crate::decision::Decision;
use crate::log::{Action, Header, Searched};
use crate::patch::Patch;
use crate::realign::Realign;
use crate::state::State;
use crate::stretch::Stretch;

/// A decision that holds, before it is stored.
struct Taken {
    decision: Decision,
    state: State,
    effects: Effects,
    searched: Vec<Searched>,
}

/// A stretch that could not be aligned, and why.
type FailedStretch = (Stretch, Refusal);

impl Session {
    /// Takes a decision with what aligns the stretches beside it.
    pub(crate) fn apply_with(
        &mut self,
        decision: Decision,
        realigner: &mut dyn Realign,
    ) -> Result<Change, Refusal> {
        let decision = decision.with_segments(&self.state.rows);
        let Taken { decision, state, effects, searched } = self.take(decision, realigner)?;
        check(&state)?;
        let patch = Patch::between(&self.state, &state, effects.renumbered);
        if patch.is_empty() {
            let refusal = Refusal::new(RefusalKind::Nothing, "the decision changes nothing");
            return Err(match effects.refused.first() {
                None => refusal,
                Some((_, reason)) => refusal.hint(reason).with_refused(effects.refused),
            });
        }
        self.append(Action::Decide { decision, searched })?;
        self.keep(state, &effects);
        Ok(Change { refused: effects.refused, ..self.change(&patch, effects.notices) })
    }

    /// Takes a decision without storing it. Of a list, those decisions are refused whose stretch
    /// cannot be aligned; the others hold.
    fn take(&self, mut decision: Decision, realigner: &mut dyn Realign) -> Result<Taken, Refusal> {
        let mut dropped: Vec<(usize, String)> = Vec::new();
        let mut indices: Vec<usize> = match &decision {
            Decision::All { decisions } => (0..decisions.len()).collect(),
            _ => Vec::new(),
        };
        loop {
            let mut state = self.state.clone();
            let mut effects = Effects::default();
            state.decide(&decision, &mut effects)?;
            if let Some(fault) = state.fault() {
                return Err(Refusal::decision(format!(
                    "the decision leads to a contradiction: {fault}"
                )));
            }
            let failed = match search(&mut state, &effects, &self.header, realigner)? {
                Ok(searched) => {
                    for (index, _) in &mut effects.refused {
                        *index = indices[*index];
                    }
                    effects.refused.append(&mut dropped);
                    effects.refused.sort_by_key(|(index, _)| *index);
                    return Ok(Taken { decision, state, effects, searched });
                }
                Err(failed) => failed,
            };
            let Decision::All { decisions } = &mut decision else {
                return Err(failed.into_iter().next().map_or_else(no_reason, |(_, why)| why));
            };
            let causes = causes(decisions, &effects, &failed);
            if causes.is_empty() {
                return Err(failed.into_iter().next().map_or_else(no_reason, |(_, why)| why));
            }
            for (at, why) in causes.into_iter().rev() {
                decisions.remove(at);
                dropped.push((indices.remove(at), why));
            }
        }
    }
}

fn no_reason() -> Refusal {
    Refusal::new(RefusalKind::Search, "nasaq has a bug: a stretch failed without a reason")
}

/// Returns which decisions of a list keep stretches from being aligned, in order: of each stretch
/// those which say that a segment is not unaligned, or else all that changed segments of it.
fn causes(
    decisions: &[Decision],
    effects: &Effects,
    failed: &[FailedStretch],
) -> Vec<(usize, String)> {
    let overlap = |span: Span, range: &Range<usize>| {
        span.range().start < range.end && range.start < span.range().end
    };
    let mut causes: Vec<(usize, String)> = Vec::new();
    for (stretch, refusal) in failed {
        let marks = effects.marks.iter().zip(&effects.owners);
        let touching: Vec<usize> = marks
            .filter(|((src, tgt), _)| overlap(*src, &stretch.src) || overlap(*tgt, &stretch.tgt))
            .map(|(_, owner)| *owner)
            .collect();
        let forbids_null = |at: &usize| match &decisions[*at] {
            Decision::Reject { seen, .. } => seen.is_some_and(|seen| is_null(seen.src, seen.tgt)),
            Decision::RejectPair { src, tgt } => is_null(*src, *tgt),
            _ => false,
        };
        let nulls: Vec<usize> = touching.iter().copied().filter(forbids_null).collect();
        let chosen = if nulls.is_empty() { touching } else { nulls };
        causes.extend(chosen.into_iter().map(|at| (at, refusal.in_full())));
    }
    causes.sort_by_key(|(at, _)| *at);
    causes.dedup_by_key(|(at, _)| *at);
    causes
}

fn is_null(src: crate::decision::Segments, tgt: crate::decision::Segments) -> bool {
    src.range().is_empty() || tgt.range().is_empty()
}

/// Aligns the free rows around a decision again. The probability of each pair includes the document
/// score, as those of the first alignment do. If the decision leaves stretches without an alignment,
/// these are returned.
fn search(
    state: &mut State,
    effects: &Effects,
    header: &Header,
    realigner: &mut dyn Realign,
) -> Result<Result<Vec<Searched>, Vec<FailedStretch>>, Refusal> {
    let document_score = header.document_score.unwrap_or(1.0);
    let stretches = state.stretches(&effects.marks, header.continuous);
    let results = realigner.realign(&state.sides, &stretches);
    let (mut found, mut failed) = (Vec::with_capacity(results.len()), Vec::new());
    for (stretch, result) in stretches.into_iter().zip(results) {
        match result {
            Ok(beads) => found.push((stretch, beads)),
            Err(refusal) if refusal.kind() == RefusalKind::Decision => {
                failed.push((stretch, refusal));
            }
            Err(refusal) => return Err(refusal),
        }
    }
    if !failed.is_empty() {
        return Ok(Err(failed));
    }
    let mut searched = Vec::with_capacity(found.len());
    for (stretch, mut beads) in found {
        for bead in beads.iter_mut().filter(|bead| !bead.is_null()) {
            bead.probability *= document_score;
        }
        let segments = |range: &Range<usize>| Span::new(range.start, range.end).into();
        let result = Searched::new(segments(&stretch.src), segments(&stretch.tgt), &beads);
        state.replace_searched(&result)?;
        searched.push(result);
    }
    Ok(Ok(searched))
}
