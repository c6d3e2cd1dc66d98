//! From the blocks of pages to a document: headings by their sizes, paragraphs that continue on the
//! next page, footnotes last.

use std::collections::HashMap;
use std::sync::Arc;

use super::layout::blocks::mark_footnotes;
use super::layout::paragraphs::{BodySizes, Paragraph};
use super::text::compose::{BracketVotes, resolve_references};
use super::text::letters::remove_tatweel;
use super::text::shapes::MarkFonts;
use super::text::unknown::Deciphered;
use super::tree::StructureTree;
use crate::document::block::{BlockKind, Blocks};
use crate::document::pdf::geometry::Rect;

/// A heading is larger than the text by at least this factor.
const HEADING_SIZE: f32 = 1.12;
/// The maximum number of lines of a heading, and of chars.
const MAX_HEADING: (usize, usize) = (3, 200);

/// A block with the page that it begins on.
struct PlacedBlock {
    page: usize,
    index: u32,
    block: Paragraph,
}

impl PlacedBlock {
    /// Appends the rest of a block, which is in another column or on another page.
    fn resume(&mut self, rest: &Paragraph) {
        let block = &mut self.block;
        block.push(&rest.text);
        block.is_open = rest.is_open;
        block.lines += rest.lines;
        block.rect = rest.rect;
    }
}

/// What was removed from the text of a document, and what was found or missing in it.
#[derive(Debug, Default)]
pub(super) struct Removed {
    /// Tatweels that stretched a word.
    pub(super) tatweel: usize,
    /// Cells of the head of a table that the next page repeats.
    pub(super) heads: usize,
    /// References to footnotes.
    pub(super) references: usize,
    /// Glyphs whose letter was found by the words that they are in.
    pub(super) guessed: usize,
    /// Glyphs without text.
    pub(super) unreadable: usize,
}

/// Adds the blocks of all pages to a document.
pub(super) fn assemble(
    mut pages: Vec<(Vec<Paragraph>, Vec<Rect>)>,
    tree: Option<&StructureTree>,
    fonts: &MarkFonts,
    out: &mut Blocks,
) -> Removed {
    let all: Vec<&Paragraph> = pages.iter().flat_map(|(blocks, _)| blocks).collect();
    let body = BodySizes::of(&all);
    let has = |is_kind: fn(BlockKind) -> bool| tree.is_some_and(|tree| tree.has(is_kind));
    // What a tree never says may still be seen.
    let has_notes = has(|kind| kind == BlockKind::Footnote);
    let has_headings = has(|kind| matches!(kind, BlockKind::Heading(_)));
    for (blocks, rules) in &mut pages {
        if !(has_notes && blocks.iter().any(|block| block.block.is_some())) {
            mark_footnotes(blocks, rules, body);
        }
    }
    let mut texts: Vec<PlacedBlock> = Vec::new();
    let mut notes: Vec<PlacedBlock> = Vec::new();
    // The heads of the last table, which some programs repeat and tag on each page.
    let mut heads: HashMap<String, usize> = HashMap::new();
    let mut repeated = 0;
    // Where the blocks of the tree are.
    let mut places: HashMap<u32, (bool, usize)> = HashMap::new();
    for (page, (blocks, _)) in pages.into_iter().enumerate() {
        for (index, block) in blocks.into_iter().enumerate() {
            let index = index as u32;
            if block.kind != BlockKind::TableCell {
                heads.clear();
            }
            let is_head = |id| tree.and_then(|tree| tree.block(id)).is_some_and(|it| it.is_head);
            if block.block.is_some_and(is_head) {
                if heads.get(&block.text).is_some_and(|first| *first != page) {
                    repeated += 1;
                    continue;
                }
                heads.entry(block.text.clone()).or_insert(page);
            }
            if let Some(id) = block.block {
                let is_note = block.kind == BlockKind::Footnote;
                let list = if is_note { &mut notes } else { &mut texts };
                let known = places.get(&id).filter(|(other, _)| *other == is_note);
                if let Some(begun) = known.and_then(|(_, at)| list.get_mut(*at)) {
                    begun.resume(&block);
                    continue;
                }
                places.insert(id, (is_note, list.len()));
            }
            if block.kind == BlockKind::Footnote {
                notes.push(PlacedBlock { page, index, block });
                continue;
            }
            let last_at = texts.len().saturating_sub(1);
            match texts.last_mut() {
                Some(last) if continues(&last.block, &block, last.page != page) => {
                    if let Some(id) = block.block {
                        places.insert(id, (false, last_at));
                    }
                    last.resume(&block);
                }
                _ => texts.push(PlacedBlock { page, index, block }),
            }
        }
    }
    mark_headings(&mut texts, body, has_headings);
    let removed = write(texts.into_iter().chain(notes).collect(), fonts, out);
    Removed { heads: repeated, ..removed }
}

/// Returns whether a block continues the last one, in the next column or on the next page.
fn continues(last: &Paragraph, next: &Paragraph, is_next_page: bool) -> bool {
    let is_elsewhere = is_next_page || next.first_part.y0 > last.rect.y0;
    let is_text = |block: &Paragraph| {
        matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem) && block.lines > 0
    };
    is_elsewhere
        && is_text(last)
        && next.kind == BlockKind::Paragraph
        && last.is_open
        && next.is_flush
        && last.is_rtl == next.is_rtl
        && last.is_bold == next.is_bold
        && (last.size - next.size).abs() < 0.08 * last.size
        && !last.text.ends_with(['.', '!', '?', '؟', ':', ';'])
}

/// Makes short paragraphs headings that are larger than the text, or bold.
fn mark_headings(blocks: &mut [PlacedBlock], body: BodySizes, has_headings: bool) {
    let is_short = |block: &Paragraph| {
        block.lines <= MAX_HEADING.0 && block.text.chars().count() <= MAX_HEADING.1
    };
    let is_large = |block: &Paragraph| block.size >= HEADING_SIZE * body.body(block);
    let is_known = |block: &Paragraph| has_headings && block.block.is_some();
    let is_candidate = |block: &Paragraph| {
        block.kind == BlockKind::Paragraph && is_short(block) && !is_known(block)
    };
    let mut sizes: Vec<f32> = blocks
        .iter()
        .map(|it| &it.block)
        .filter(|block| is_candidate(block) && is_large(block))
        .map(|block| block.size)
        .collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    sizes.dedup_by(|a, b| (*a - *b).abs() < 0.6);
    for block in blocks.iter_mut().map(|it| &mut it.block).filter(|block| is_candidate(block)) {
        let level = sizes.iter().position(|size| (size - block.size).abs() < 0.6);
        if is_large(block) {
            block.kind = BlockKind::Heading((level.unwrap_or(0) + 1).min(6) as u8);
        } else if block.is_bold && block.lines == 1 && !block.text.ends_with(['.', '،', ',', ';'])
        {
            block.kind = BlockKind::Heading((sizes.len() + 1).min(6) as u8);
        }
    }
}

fn write(blocks: Vec<PlacedBlock>, fonts: &MarkFonts, out: &mut Blocks) -> Removed {
    let mut votes = BracketVotes::default();
    for block in &blocks {
        votes.add(BracketVotes::of(&block.block.text));
    }
    let has_notes = blocks.iter().any(|it| it.block.kind == BlockKind::Footnote);
    let mut removed = Removed::default();
    let texts = blocks.iter().map(|it| it.block.text.as_str());
    let mut deciphered = Deciphered::of(texts, |glyph| fonts.is_tall(glyph));
    for PlacedBlock { page, index, block } in blocks {
        let mut text = votes.resolve(&block.text);
        deciphered.resolve(&mut text);
        removed.references += resolve_references(&mut text, has_notes);
        removed.tatweel += remove_tatweel(&mut text);
        text.retain(|c| c != '\u{AD}');
        let part: Arc<str> = format!("page {}", page + 1).into();
        out.push(block.kind, &text, Some(&part), index, None);
    }
    (removed.guessed, removed.unreadable) = (deciphered.guessed, deciphered.unreadable);
    removed
}
