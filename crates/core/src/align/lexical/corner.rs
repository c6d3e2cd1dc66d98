//! How well the words around corners match: right after and right before them, and across them.

use super::SideWords;

/// Weight that a match is measured against besides the words' own: few words prove little.
const CORNER_PRIOR: f32 = 3.0;
/// Words to either side of a corner, and the weights of these views.
const VIEWS: [(f32, f32); 2] = [(5.0, 0.8), (12.0, 0.2)];
/// Words to either side of a corner that may match across it.
const ACROSS: f32 = 8.0;

/// Gives the match of the words around the corners of one source boundary with each target
/// boundary of `low..=high`.
pub(super) fn corner_row(
    src: &SideWords,
    tgt: &SideWords,
    after: bool,
    i: usize,
    low: usize,
    high: usize,
) -> Vec<f32> {
    let stretch = stretch(src, tgt);
    let mut row = vec![0.0; high + 1 - low];
    // By kind of target word: its line in `matches`, plus one.
    let mut line_of = vec![0_u32; tgt.matches.len()];
    for (view, weight) in VIEWS {
        let count = |factor: f32| (view * factor).round().max(3.0) as usize;
        let own = src.near(after, i, count(stretch));
        let own_weight: f32 = own.iter().map(|&kind| src.weights[kind as usize]).sum();
        let mut matches: Vec<f32> = Vec::new();
        let mut touched = Vec::new();
        for (at, &kind) in own.iter().enumerate() {
            for &(other, value) in &src.matches[kind as usize] {
                let line = &mut line_of[other as usize];
                if *line == 0 {
                    touched.push(other);
                    *line = touched.len() as u32;
                    matches.resize(touched.len() * own.len(), 0.0);
                }
                matches[(*line as usize - 1) * own.len() + at] = value;
            }
        }
        let mut best_own = vec![0.0_f32; own.len()];
        for (j, out) in (low..=high).zip(&mut row) {
            let others = tgt.near(after, j, count(1.0 / stretch));
            let (mut covered, mut weights) = (0.0_f32, own_weight);
            best_own.fill(0.0);
            for &kind in others {
                weights += tgt.weights[kind as usize];
                let line = line_of[kind as usize] as usize;
                if line == 0 {
                    continue;
                }
                let values = &matches[(line - 1) * own.len()..line * own.len()];
                let mut best = 0.0_f32;
                for (own, &value) in best_own.iter_mut().zip(values) {
                    best = best.max(value);
                    *own = own.max(value);
                }
                covered += tgt.weights[kind as usize] * best;
            }
            for (&kind, &best) in own.iter().zip(&best_own) {
                covered += src.weights[kind as usize] * best;
            }
            *out += weight * covered / (weights + CORNER_PRIOR);
        }
        for other in touched {
            line_of[other as usize] = 0;
        }
    }
    row
}

/// Gives how much of the words around the corners of one source boundary matches only across the
/// corner: words before it with words after it on the other side.
pub(super) fn across_row(
    src: &SideWords,
    tgt: &SideWords,
    i: usize,
    low: usize,
    high: usize,
) -> Vec<f32> {
    let stretch = stretch(src, tgt);
    let count = |factor: f32| (ACROSS * factor).round() as usize;
    let sides = [true, false].map(|after| src.near(after, i, count(stretch)));
    let (own, first_before) = (sides.concat(), sides[0].len());
    let own_weight: f32 = own.iter().map(|&kind| src.weights[kind as usize]).sum();
    // By kind of target word: its line in `matches`, plus one.
    let mut line_of = vec![0_u32; tgt.matches.len()];
    let mut matches: Vec<f32> = Vec::new();
    for (at, &kind) in own.iter().enumerate() {
        for &(other, value) in &src.matches[kind as usize] {
            let line = &mut line_of[other as usize];
            if *line == 0 {
                matches.resize(matches.len() + own.len(), 0.0);
                *line = (matches.len() / own.len()) as u32;
            }
            matches[(*line as usize - 1) * own.len() + at] = value;
        }
    }
    // The best match of each own word with those after a boundary of the target and before it.
    let mut best_own = [vec![0.0_f32; own.len()], vec![0.0_f32; own.len()]];
    (low..=high)
        .map(|j| {
            let (mut across, mut weights) = (0.0_f32, own_weight);
            for (side, best_own) in best_own.iter_mut().enumerate() {
                best_own.fill(0.0);
                for &kind in tgt.near(side == 0, j, count(1.0 / stretch)) {
                    weights += tgt.weights[kind as usize];
                    let line = line_of[kind as usize] as usize;
                    if line == 0 {
                        continue;
                    }
                    let values = &matches[(line - 1) * own.len()..line * own.len()];
                    for (best, &value) in best_own.iter_mut().zip(values) {
                        *best = best.max(value);
                    }
                    let greatest = |values: &[f32]| values.iter().copied().fold(0.0_f32, f32::max);
                    let (after, before) = values.split_at(first_before);
                    let (straight, crossed) = match side {
                        0 => (greatest(after), greatest(before)),
                        _ => (greatest(before), greatest(after)),
                    };
                    across += tgt.weights[kind as usize] * (crossed - straight).max(0.0);
                }
            }
            let [after, before] = &best_own;
            for (at, (&kind, (after, before))) in
                own.iter().zip(after.iter().zip(before)).enumerate()
            {
                let more = if at < first_before { before - after } else { after - before };
                across += src.weights[kind as usize] * more.max(0.0);
            }
            across / (weights + CORNER_PRIOR)
        })
        .collect()
}

/// How many more words than the target the source needs for the same, by the root.
fn stretch(src: &SideWords, tgt: &SideWords) -> f32 {
    let ratio = src.document_tokens.max(1) as f32 / tgt.document_tokens.max(1) as f32;
    ratio.sqrt().clamp(0.5, 2.0)
}
