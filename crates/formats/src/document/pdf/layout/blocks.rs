//! The blocks of a page, in reading order.

use super::columns::{Region, regions};
use super::line::{Line, MIN_LINES, is_rtl_part, median};
use super::paragraphs::{BodySizes, Paragraph, is_item, joined, paragraphs};
use super::table::rows;
use crate::document::block::BlockKind;
use crate::document::pdf::geometry::Rect;

/// Footnotes are smaller than the text by at least this share.
const NOTE_SIZE: f32 = 0.94;

/// Returns the blocks of the lines of a page. `width` is the usual width of the text of a page, which
/// those of a page with few lines may not fill.
pub(in crate::document::pdf) fn page_blocks(
    lines: Vec<Line>,
    rules: &[Rect],
    width: f32,
    is_rtl: bool,
) -> Vec<Paragraph> {
    let mut blocks = Vec::new();
    let is_short = lines.len() < MIN_LINES;
    let regions = regions(lines, rules, is_rtl);
    let width = if is_short && regions.len() == 1 { width } else { 0.0 };
    for region in regions {
        match region {
            Region::Text(lines) => {
                // The columns of a bilingual page.
                let is_rtl = is_rtl_part(&lines, is_rtl);
                blocks.extend(paragraphs(lines, width, is_rtl));
            }
            Region::Table(lines, edges) => {
                for row in rows(lines, &edges, rules, is_rtl) {
                    push_row(&mut blocks, row, is_rtl);
                }
            }
        }
    }
    blocks
}

/// Adds the cells of a row, from the side at which reading begins.
fn push_row(blocks: &mut Vec<Paragraph>, mut row: Vec<Vec<Line>>, is_rtl: bool) {
    if is_rtl {
        row.reverse();
    }
    for cell in row.into_iter().filter(|cell| !cell.is_empty()) {
        let rect = cell.iter().map(Line::rect).reduce(Rect::union);
        let Some(rect) = rect else { continue };
        let is_rtl = is_rtl_part(&cell, is_rtl);
        blocks.push(Paragraph {
            kind: BlockKind::TableCell,
            rect,
            first_part: rect,
            size: median(cell.iter().map(|line| line.size)),
            lines: cell.len(),
            is_bold: cell.iter().all(Line::is_bold),
            is_open: false,
            is_flush: false,
            is_rtl,
            block: None,
            tags: Vec::new(),
            text: joined(cell, is_rtl),
        });
    }
}

/// Marks the footnotes of a page: smaller text at its end that begins with a number or a sign.
pub(in crate::document::pdf) fn mark_footnotes(
    blocks: &mut [Paragraph],
    rules: &[Rect],
    body: BodySizes,
) {
    let is_small = |block: &Paragraph| {
        block.size < NOTE_SIZE * body.body(block)
            && matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem)
    };
    let small = blocks.iter().rev().take_while(|block| is_small(block)).count();
    let notes = &mut blocks[..];
    let first = notes.len() - small;
    let Some(top) = notes.get(first).map(|block| block.rect.y1) else { return };
    let has_rule = rules.iter().any(|rule| {
        rule.width() > 20.0 && rule.height() < 3.0 && rule.y0 > top - 3.0 && rule.y0 < top + 25.0
    });
    if first == 0 || !(has_rule || begins_like_note(&notes[first].text)) {
        return;
    }
    for block in &mut notes[first..] {
        block.kind = BlockKind::Footnote;
    }
}

fn begins_like_note(text: &str) -> bool {
    let is_sign = |c: char| matches!(c, '*' | '†' | '‡') || c.is_numeric();
    is_item(text) || text.starts_with(is_sign)
}
