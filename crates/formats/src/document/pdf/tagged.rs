//! The blocks of a page by the structure tree of its file.
//!
//! A tree may be wrong, so it is used only for the pages on which it is [`sound`]. There its paragraphs
//! are blocks, in its order. Text of the tree outside paragraphs is divided by its layout, and text that
//! is marked as no part of the document is omitted.

pub(super) mod sound;

use std::collections::{BTreeMap, HashMap};

use super::geometry::Rect;
use super::layout::blocks::page_blocks;
use super::layout::line::{Line, is_rtl_part, lines, median, runs};
use super::layout::paragraphs::{Paragraph, joined};
use super::layout::running::MARGIN;
use super::text::marks::MarkVotes;
use super::text::unit::{Unit, UnitKind};
use super::tree::{StructureTree, Tag};
use crate::document::block::BlockKind;

/// A paragraph continues in another column where its text goes up by this, in parts of the font size.
const MIN_RISE: f32 = 1.0;

/// The minimum width of the last line of a paragraph that may continue on the next page, in parts of the
/// width of the text of the page, which may have two columns.
const MIN_OPEN: f32 = 0.4;

/// The tag of a line, and which part of its block it is in, between two columns.
pub(super) type LineKey = (Tag, u32);

/// Returns the lines of a page, each of one block, from its top to its bottom, and their keys. The units are in the
/// order of the file.
pub(super) fn tagged_lines(
    units: &[Unit],
    tree: &StructureTree,
    votes: MarkVotes,
) -> (Vec<LineKey>, Vec<Line>) {
    let mut groups: Vec<(LineKey, Vec<Unit>)> = Vec::new();
    let mut last: HashMap<Tag, (usize, f32)> = HashMap::new();
    for unit in units {
        let found = last.get(&unit.tag).copied();
        let is_strict = matches!(unit.tag, Tag::Block(id) if tree.is_strict(id));
        let rises = |y: f32| unit.kind == UnitKind::Base && unit.y > y + MIN_RISE * unit.size;
        let at = match found {
            Some((at, y)) if !(is_strict && rises(y)) => at,
            Some((at, _)) => {
                groups.push(((unit.tag, groups[at].0.1 + 1), Vec::new()));
                groups.len() - 1
            }
            None => {
                groups.push(((unit.tag, 0), Vec::new()));
                groups.len() - 1
            }
        };
        groups[at].1.push(unit.clone());
        // Marks, spaces and raised digits do not show where the line is.
        let y = match found {
            Some((before, y)) if before == at => match unit.kind {
                UnitKind::Base => y.min(unit.y),
                _ => y,
            },
            _ => unit.y,
        };
        last.insert(unit.tag, (at, y));
    }
    let mut all = Vec::new();
    for (key, units) in groups {
        let lines = lines(runs(units), votes);
        all.extend(lines.into_iter().map(|line| (key, line)));
    }
    all.sort_by(|(_, a), (_, b)| b.y.total_cmp(&a.y));
    all.into_iter().unzip()
}

/// Returns the indices of the lines that are no part of the document: those that the file marks so, and
/// those near the edges of the page beyond all text of the tree.
pub(super) fn boilerplate(area: Rect, lines: &[Line]) -> Vec<usize> {
    let tagged = lines.iter().filter(|line| matches!(line.tag(), Tag::Block(_)));
    let (low, high) =
        tagged.fold((f32::MAX, f32::MIN), |(low, high), it| (low.min(it.y), high.max(it.y)));
    let margin = MARGIN * area.height();
    let is_out = |line: &Line| match line.tag() {
        Tag::Artifact => true,
        Tag::Untagged => {
            line.y > high && line.y > area.y1 - margin || line.y < low && line.y < area.y0 + margin
        }
        Tag::Block(_) => false,
    };
    (0..lines.len()).filter(|at| is_out(&lines[*at])).collect()
}

/// Returns the blocks of the lines of a page, in the order of the tree. `is_rtl` is the direction of the
/// page.
pub(super) fn tagged_blocks(
    keys: Vec<LineKey>,
    lines: Vec<Line>,
    tree: &StructureTree,
    rules: &[Rect],
    is_rtl: bool,
) -> Vec<Paragraph> {
    let mut blocks: BTreeMap<u32, BTreeMap<u32, Vec<Line>>> = BTreeMap::new();
    let mut untagged = Vec::new();
    for ((tag, part), line) in keys.into_iter().zip(lines) {
        match tag {
            Tag::Block(block) => {
                blocks.entry(block).or_default().entry(part).or_default().push(line);
            }
            Tag::Untagged | Tag::Artifact => untagged.push(line),
        }
    }
    let (mut strict, mut loose) = (Vec::new(), Vec::new());
    for (index, parts) in blocks {
        let Some(block) = tree.block(index) else { continue };
        if block.is_loose {
            let lines: Vec<Line> = parts.into_values().flatten().collect();
            // What is beside it does not show how wide it is.
            loose.push((index, page_blocks(lines, rules, 0.0, is_rtl)));
        } else {
            strict.extend(strict_block(index, block.kind, parts.into_values().collect(), is_rtl));
        }
    }
    let strict = with_ends(strict).into_iter().map(|block| (block.block, vec![block]));
    let mut all: Vec<(Option<u32>, Vec<Paragraph>)> = strict.collect();
    all.extend(loose.into_iter().map(|(index, blocks)| (Some(index), blocks)));
    all.sort_by_key(|(index, _)| *index);
    let mut out: Vec<Paragraph> = all.into_iter().flat_map(|(_, blocks)| blocks).collect();
    if !untagged.is_empty() {
        for block in page_blocks(untagged, rules, 0.0, is_rtl) {
            let is_above = |other: &Paragraph| other.rect.y0 >= block.rect.y1;
            let at = out.iter().rposition(is_above).map_or(0, |at| at + 1);
            out.insert(at, block);
        }
    }
    out
}

/// Returns the block of the lines of a paragraph, in the columns that it is in.
fn strict_block(
    index: u32,
    kind: BlockKind,
    parts: Vec<Vec<Line>>,
    is_rtl: bool,
) -> Option<StrictBlock> {
    let first_line = parts.first()?.first()?.rect();
    let last_part = parts.last()?;
    let last_line = last_part.last()?.rect();
    let rect = |lines: &[Line]| lines.iter().map(Line::rect).reduce(Rect::union);
    let (first_part, rect) = (rect(parts.first()?)?, rect(last_part)?);
    let lines: Vec<Line> = parts.into_iter().flatten().collect();
    let is_rtl = is_rtl_part(&lines, is_rtl);
    let block = Paragraph {
        kind,
        rect,
        first_part,
        size: median(lines.iter().map(|line| line.size)),
        lines: lines.len(),
        is_bold: lines.iter().all(Line::is_bold),
        is_open: false,
        is_flush: false,
        is_rtl,
        block: Some(index),
        tags: Vec::new(),
        text: joined(lines, is_rtl),
    };
    Some(StrictBlock { block, first_line, last_line })
}

/// A paragraph of the tree, and where it begins and ends.
struct StrictBlock {
    block: Paragraph,
    first_line: Rect,
    last_line: Rect,
}

/// Returns the paragraphs with whether they may continue others: some programs divide a paragraph between
/// two pages into two elements. The column of a paragraph is that of those above and below it.
fn with_ends(blocks: Vec<StrictBlock>) -> Vec<Paragraph> {
    let rects: Vec<Rect> = blocks.iter().map(|it| it.block.rect).collect();
    let column = |rect: Rect| {
        let shared = |other: &&Rect| other.x1.min(rect.x1) - other.x0.max(rect.x0) > 0.0;
        rects.iter().filter(shared).copied().fold(rect, Rect::union)
    };
    let width = rects.iter().copied().reduce(Rect::union).map_or(0.0, Rect::width);
    let finish = |StrictBlock { mut block, first_line, last_line }: StrictBlock| {
        let (first, last) = (column(first_line), column(last_line));
        let (indent, slack) = match block.is_rtl {
            true => (first.x1 - first_line.x1, last_line.x0 - last.x0),
            false => (first_line.x0 - first.x0, last.x1 - last_line.x1),
        };
        // A short line is not the end of a column, even if nothing above it is longer.
        let is_long = last_line.width() >= MIN_OPEN * width;
        block.is_open = is_long && slack < 2.0 * block.size;
        block.is_flush = indent < block.size;
        block
    };
    blocks.into_iter().map(finish).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::pdf::text::unit::tests::unit;

    #[test]
    fn a_short_line_below_short_lines_does_not_continue_on_the_next_page() {
        let block = |index: u32, x: usize, text: &str| {
            let unit = |(at, c): (usize, char)| unit(&c.to_string(), (x + at) as f32);
            let units = text.chars().enumerate().map(unit).collect();
            let line = Line { units, y: -2.0 * index as f32, size: 1.0 };
            strict_block(index, BlockKind::ListItem, vec![vec![line]], false).expect("a block")
        };
        let blocks = vec![block(0, 0, "cells"), block(1, 20, "of a table"), block(2, 0, "short")];
        let open = |blocks| with_ends(blocks).iter().map(|it| it.is_open).collect::<Vec<_>>();
        assert_eq!(open(blocks), [false, false, false]);
        assert_eq!(open(vec![block(0, 0, "a column"), block(1, 10, "a column")]), [true, true]);
    }
}
