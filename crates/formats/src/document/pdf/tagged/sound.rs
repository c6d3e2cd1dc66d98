//! Whether the structure tree of a file fits what a page shows.
//!
//! Some programs tag each line as a paragraph, or a whole page as one, and some tags have another order
//! than the page. So the tree is used for a page only if
//!
//! - nearly all letters are tagged, and few of the text are marked as no part of it;
//! - paragraphs do not end in the middle of sentences at the ends of full lines, nor in lines;
//! - paragraphs do not contain most of the ends of paragraphs that the layout shows;
//! - paragraphs do not overlap;
//! - in one column, a paragraph is below the one before it.

use std::collections::BTreeMap;

use super::{LineKey, boilerplate};
use crate::document::block::BlockKind;
use crate::document::pdf::geometry::Rect;
use crate::document::pdf::layout::line::Line;
use crate::document::pdf::layout::paragraphs::Paragraph;
use crate::document::pdf::layout::running::MARGIN;
use crate::document::pdf::tree::{StructureTree, Tag};

/// The maximum share of letters that are not tagged.
const MAX_UNTAGGED: f32 = 0.1;
/// The maximum number of lines that are not tagged.
const MAX_OTHER: usize = 200;
/// The maximum number of parts of paragraphs on a page.
const MAX_PARTS: usize = 5000;
/// The maximum share of letters that are marked as no part of the text, of those not near the edges.
const MAX_ARTIFACTS: f32 = 0.3;
/// The maximum share of the lines of paragraphs that end one and should not, and their minimum number.
const MAX_CUT: f32 = 0.4;
const MIN_CUT: usize = 3;
/// A line is full if it has this share of the width of its paragraph.
const FULL: f32 = 0.9;
/// A line is short if it has at most this share of the width of the paragraphs around it.
const SHORT: f32 = 0.8;
const NEAR: usize = 6;
/// The maximum share of ends of paragraphs that are inside one of the tree, and their minimum number.
const MAX_JOINED: f32 = 0.5;
const MIN_JOINED: usize = 3;
/// The maximum share of letters in paragraphs that overlap.
const MAX_OVERLAP: f32 = 0.2;
/// The maximum share of paragraphs that are above the one before them, and their minimum number.
const MAX_RISES: f32 = 0.25;
const MIN_RISES: usize = 2;

/// Why the structure tree is not used for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::document::pdf) enum Unsound {
    /// The tree is too large or too deep, or the file says that it is doubtful.
    Refused,
    Untagged,
    Artifacts,
    Cut,
    Joined,
    Overlap,
    Order,
}

impl Unsound {
    pub(in crate::document::pdf) fn reason(self) -> &'static str {
        match self {
            Self::Refused => "it is too large, too deep or marked as doubtful",
            Self::Untagged => "text is outside it",
            Self::Artifacts => "it marks the text as decoration",
            Self::Cut => "it divides paragraphs or lines",
            Self::Joined => "it joins paragraphs",
            Self::Overlap => "its paragraphs overlap",
            Self::Order => "it has another order",
        }
    }
}

/// Checks that the tree is sound on a page with these lines. `layout` returns the blocks of the page by
/// its layout.
pub(in crate::document::pdf) fn check(
    area: Rect,
    keys: &[LineKey],
    lines: &[Line],
    tree: &StructureTree,
    layout: impl FnOnce() -> Vec<Paragraph>,
) -> Result<(), Unsound> {
    check_marks(area, lines)?;
    let parts = parts(keys, lines, tree);
    if parts.len() > MAX_PARTS {
        return Err(Unsound::Cut);
    }
    if overlaps(&parts) {
        return Err(Unsound::Overlap);
    }
    if is_disordered(&parts) {
        return Err(Unsound::Order);
    }
    let layout = layout();
    if is_cut(&layout, tree) {
        return Err(Unsound::Cut);
    }
    if is_joined(&layout, tree) { Err(Unsound::Joined) } else { Ok(()) }
}

/// A share of a number, or 0 of none.
fn share(part: usize, all: usize) -> f32 {
    part as f32 / all.max(1) as f32
}

/// Checks that the text is tagged.
fn check_marks(area: Rect, lines: &[Line]) -> Result<(), Unsound> {
    let omitted = boilerplate(area, lines);
    let margin = MARGIN * area.height();
    let (mut tagged, mut untagged, mut artifacts, mut other) = (0, 0, 0, 0);
    for (at, line) in lines.iter().enumerate() {
        let letters = line.letters().count();
        match line.tag() {
            Tag::Block(_) => tagged += letters,
            Tag::Artifact => {
                let is_inside = line.y < area.y1 - margin && line.y > area.y0 + margin;
                artifacts += if is_inside { letters } else { 0 };
            }
            Tag::Untagged if omitted.binary_search(&at).is_ok() => {}
            Tag::Untagged => {
                untagged += letters;
                other += 1;
            }
        }
    }
    let is_much = share(untagged, tagged + untagged) > MAX_UNTAGGED;
    if tagged == 0 || is_much || other > MAX_OTHER {
        return Err(Unsound::Untagged);
    }
    let is_decoration = share(artifacts, tagged + artifacts) > MAX_ARTIFACTS;
    if is_decoration { Err(Unsound::Artifacts) } else { Ok(()) }
}

/// Returns the block of a tag if it is a paragraph of text.
fn paragraph(tag: Tag, tree: &StructureTree) -> Option<u32> {
    let Tag::Block(index) = tag else { return None };
    let block = tree.block(index)?;
    let is_text = matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading(_));
    (is_text && !block.is_loose).then_some(index)
}

/// Returns whether paragraphs of the tree end where lines of one paragraph of the layout do, or in lines.
fn is_cut(layout: &[Paragraph], tree: &StructureTree) -> bool {
    let (mut full, mut cut, mut lines, mut mixed) = (0, 0, 0, 0);
    for block in layout {
        for pair in block.tags.windows(2) {
            let ids = [0, 1].map(|at| paragraph(pair[at].tag, tree));
            let is_full = pair[0].width >= FULL * block.rect.width() && !pair[0].ends;
            if let ([Some(above), Some(below)], true) = (ids, is_full) {
                full += 1;
                cut += usize::from(above != below);
            }
        }
        let own = block.tags.iter().filter(|line| paragraph(line.tag, tree).is_some());
        for line in own {
            lines += 1;
            mixed += usize::from(line.is_mixed);
        }
    }
    cut >= MIN_CUT && share(cut, full) > MAX_CUT
        || mixed >= MIN_CUT && share(mixed, lines) > MAX_CUT
}

/// Returns whether most ends of paragraphs that the layout shows are inside paragraphs of the tree.
fn is_joined(layout: &[Paragraph], tree: &StructureTree) -> bool {
    let (mut ends, mut joined) = (0, 0);
    for (at, pair) in layout.windows(2).enumerate() {
        let (Some(last), Some(first)) = (pair[0].tags.last(), pair[1].tags.first()) else {
            continue;
        };
        let ids = [last, first].map(|line| paragraph(line.tag, tree));
        let [Some(above), Some(below)] = ids else { continue };
        let near = &layout[at.saturating_sub(NEAR)..layout.len().min(at + NEAR)];
        let width = near.iter().map(|block| block.rect.width()).fold(0.0, f32::max);
        ends += 1;
        joined += usize::from(above == below && last.width < SHORT * width);
    }
    joined >= MIN_JOINED && share(joined, ends) > MAX_JOINED
}

/// A part of a paragraph, in one column.
struct Part {
    kind: BlockKind,
    rect: Rect,
    size: f32,
    letters: usize,
}

/// Returns the parts of paragraphs, in the order of the tree.
fn parts(keys: &[LineKey], lines: &[Line], tree: &StructureTree) -> Vec<Part> {
    let mut parts: BTreeMap<(u32, u32), Part> = BTreeMap::new();
    for ((tag, at), line) in keys.iter().zip(lines) {
        let Tag::Block(index) = tag else { continue };
        let Some(block) = tree.block(*index).filter(|block| !block.is_loose) else { continue };
        let (rect, letters) = (line.rect(), line.letters().count());
        let new = Part { kind: block.kind, rect, size: line.size, letters: 0 };
        let part = parts.entry((*index, *at)).or_insert(new);
        part.rect = part.rect.union(rect);
        part.letters += letters;
    }
    parts.into_values().collect()
}

/// Returns whether two boxes are in one column.
fn is_beside(a: Rect, b: Rect) -> bool {
    let shared = a.x1.min(b.x1) - a.x0.max(b.x0);
    shared > 0.5 * a.width().min(b.width())
}

fn overlaps(parts: &[Part]) -> bool {
    let mut sorted: Vec<&Part> = parts.iter().collect();
    sorted.sort_by(|a, b| b.rect.y1.total_cmp(&a.rect.y1));
    let mut letters = 0;
    for (at, upper) in sorted.iter().enumerate() {
        let below = sorted[at + 1..].iter().take_while(|lower| lower.rect.y1 > upper.rect.y0);
        let is_over = |lower: &&&Part| {
            let height = upper.rect.y1.min(lower.rect.y1) - upper.rect.y0.max(lower.rect.y0);
            height > 0.8 * upper.size.min(lower.size) && is_beside(upper.rect, lower.rect)
        };
        let over = below.filter(is_over).map(|lower| lower.letters.min(upper.letters));
        letters += over.max().unwrap_or(0);
    }
    let all = parts.iter().map(|part| part.letters).sum();
    share(letters, all) > MAX_OVERLAP
}

/// Returns whether many paragraphs are above the one before them in the tree.
fn is_disordered(parts: &[Part]) -> bool {
    // Notes and captions are elsewhere.
    let is_text = |part: &&Part| !matches!(part.kind, BlockKind::Footnote | BlockKind::Caption);
    let texts: Vec<&Part> = parts.iter().filter(is_text).collect();
    let (mut pairs, mut rises) = (0, 0);
    for pair in texts.windows(2) {
        let [before, after] = [pair[0], pair[1]];
        if is_beside(before.rect, after.rect) {
            pairs += 1;
            rises += usize::from(after.rect.y0 > before.rect.y1 - 0.5 * before.size);
        }
    }
    rises >= MIN_RISES && share(rises, pairs) > MAX_RISES
}
