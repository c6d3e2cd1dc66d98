//! Words: where the spaces of a line are.
//!
//! Most files have a glyph for each space. Where one has none, a gap is a space if it is wider than
//! the gaps between the letters of the line.

use super::unit::{Unit, UnitKind};

/// A gap of this width is a space in a text that has glyphs for its spaces, in parts of the font
/// size: a tab, or a jump to the next column of a list.
const WIDE_GAP: f32 = 0.45;
/// The minimum width of a space in a text without glyphs for spaces, in parts of the font size.
const MIN_GAP: f32 = 0.12;
/// The share of spaces among the units of a text that has glyphs for them.
const MIN_SPACES: f32 = 0.04;
/// A space narrower than this is none: the next letter was moved back over it.
const NO_GAP: f32 = 0.03;

/// Removes the spaces of a line that are none, and adds those that have no glyph. The units are in
/// order from left to right.
pub(in crate::document::pdf) fn with_spaces(units: Vec<Unit>) -> Vec<Unit> {
    let spaces = units.iter().filter(|unit| unit.kind == UnitKind::Space).count();
    let has_spaces = spaces as f32 >= MIN_SPACES * units.len() as f32;
    let min_gap = if has_spaces { WIDE_GAP } else { threshold(&units) };
    let mut out: Vec<Unit> = Vec::with_capacity(units.len() + units.len() / 4);
    let mut space: Option<Unit> = None;
    for unit in units {
        if unit.kind == UnitKind::Space {
            space.get_or_insert(unit);
            continue;
        }
        if let Some(last) = out.last() {
            let gap = unit.x0 - last.x1;
            let size = unit.size.max(last.size);
            let is_space = match &space {
                Some(space) => gap > NO_GAP * size || space.is_span,
                None => gap > min_gap * size,
            };
            if is_space {
                out.push(space_between(last, &unit));
            }
        }
        space = None;
        out.push(unit);
    }
    out
}

fn space_between(left: &Unit, right: &Unit) -> Unit {
    Unit {
        text: " ".to_owned(),
        x0: left.x1,
        x1: right.x0.max(left.x1),
        kind: UnitKind::Space,
        is_span: false,
        ..left.clone()
    }
}

/// Returns the minimum width of a space in a line without glyphs for spaces: the largest step
/// between the widths of its gaps, in parts of the font size.
fn threshold(units: &[Unit]) -> f32 {
    let gap = |pair: &[Unit]| (pair[1].x0 - pair[0].x1) / pair[0].size.max(0.1);
    let mut gaps: Vec<f32> = units.windows(2).map(gap).filter(|gap| *gap < 1.5).collect();
    gaps.sort_by(f32::total_cmp);
    let steps = gaps.windows(2).filter(|pair| pair[1] > MIN_GAP && pair[0] < WIDE_GAP);
    let step = steps.max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    step.map_or(0.2, |pair| ((pair[0] + pair[1]) / 2.0).max(MIN_GAP))
}
