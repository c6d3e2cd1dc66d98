//! Beads of a bitext that has the corrected texts of a review: the texts of the documents come back,
//! so that the corrections remain corrections.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use nasaq_formats::Document;
use nasaq_job::Failure;

use super::segments::renumber;
use crate::decision::ReviewSide;
use crate::row::Row;
use crate::side::Side;
use crate::state::State;

/// Returns for each row of the old session the row of the new one that has its bead, decided from
/// the start and with the texts as they were corrected. No row is that of two.
pub(super) fn held_rows(old: &State, new: &State) -> Vec<Option<usize>> {
    let mut by_texts: HashMap<[String; 2], VecDeque<usize>> = HashMap::new();
    for (index, row) in new.rows.iter().enumerate().filter(|(_, row)| row.is_fixed()) {
        by_texts.entry(texts_of(new, row)).or_default().push_back(index);
    }
    let mut held = |row: &Row| by_texts.get_mut(&texts_of(old, row))?.pop_front();
    old.rows.iter().map(|row| row.is_fixed().then(|| held(row)).flatten()).collect()
}

/// Puts the texts of the old documents in the place of corrected ones.
pub(super) fn restore(old: &State, new: &mut State, held: &[Option<usize>]) -> Result<(), Failure> {
    for side in [ReviewSide::Src, ReviewSide::Tgt] {
        // By the first segment in the new document: its last one, and the old texts.
        let mut originals: HashMap<usize, (usize, Vec<&str>)> = HashMap::new();
        for (row, held) in old.rows.iter().zip(held) {
            if let Some(held) = held.filter(|_| row.edited(side).is_some()) {
                let span = new.rows[held].side(side).range();
                let texts = row.side(side).range().map(|it| old.sides[side.index()].text(it));
                originals.insert(span.start, (span.end, texts.collect()));
            }
        }
        if !originals.is_empty() {
            let (replaced, starts) = with_originals(&new.sides[side.index()], &originals)?;
            new.sides[side.index()] = replaced;
            renumber(new, side.index(), &starts);
        }
    }
    Ok(())
}

/// Returns a side with other texts for some segments, and the new index of each segment.
fn with_originals(
    side: &Side,
    originals: &HashMap<usize, (usize, Vec<&str>)>,
) -> Result<(Side, Vec<u32>), Failure> {
    let old_text = &side.document.text;
    let (mut text, mut segments) = (String::with_capacity(old_text.len()), Vec::new());
    let (mut starts, mut end, mut at) = (Vec::with_capacity(side.len() + 1), 0, 0);
    while at < side.len() {
        text.push_str(&old_text[end..side.segments[at].start]);
        let (next, texts) = match originals.get(&at) {
            Some((next, texts)) => (*next, texts.clone()),
            None => (at + 1, vec![side.text(at)]),
        };
        starts.resize(starts.len() + next - at, segments.len() as u32);
        for (index, part) in texts.into_iter().enumerate() {
            if index > 0 {
                text.push(' ');
            }
            segments.push(text.len()..text.len() + part.len());
            text.push_str(part);
        }
        end = side.segments[next - 1].end;
        at = next;
    }
    starts.push(segments.len() as u32);
    text.push_str(&old_text[end..]);
    let document = Document::from_bytes(side.document.name.clone(), text.into_bytes())?;
    let side = Side { document: Arc::new(document), segments: Arc::new(segments) };
    Ok((side, starts))
}

/// Returns the texts of a bead, corrected as the reviewer did.
fn texts_of(state: &State, row: &Row) -> [String; 2] {
    [ReviewSide::Src, ReviewSide::Tgt].map(|side| match row.edited(side) {
        Some(text) => text.to_owned(),
        None => state.sides[side.index()].joined(row.side(side)),
    })
}
