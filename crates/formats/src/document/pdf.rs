//! PDF ([ISO 32000-2](https://pdfa.org/resource/iso-32000-2/)): headings, paragraphs, list items and
//! table cells in reading order, then footnotes.
//!
//! A PDF has no text but glyphs at places. `content` reads them, with the text that the file or the
//! font states for each; `text` makes lines of them, in reading order; `layout` finds columns, tables
//! and paragraphs; `assemble` makes a document of the pages.
//!
//! Omitted: pictures, links and comments, and, each counted in a note: running heads and page numbers,
//! text outside the page, and the text of form fields and of boxes that are drawn over the page. A scan
//! without text is an error.
//!
//! The part of a block is its page, `page 3`; its index counts the blocks of the page from 0.

mod assemble;
mod content;
mod file;
mod font;
mod geometry;
mod glyph;
mod layout;
mod limits;
mod notes;
mod tagged;
mod text;
mod tree;

use self::content::{Fonts, read_page};
use self::file::{PdfFile, WHAT};
use self::geometry::Rect;
use self::glyph::PageGlyphs;
use self::layout::blocks::page_blocks;
use self::layout::line::{Line, MIN_LINES, is_rtl_part, letter_counts, lines, median, runs};
use self::layout::running::running_lines;
use self::limits::Budget;
use self::notes::Account;
use self::tagged::sound::{self, Unsound};
use self::tagged::{LineKey, boilerplate, tagged_blocks, tagged_lines};
use self::text::compose::line_text;
use self::text::marks::MarkVotes;
use self::text::shapes::MarkFonts;
use self::text::unit::Unit;
use self::tree::StructureTree;
use super::block::Blocks;
use crate::error::{ErrorKind, Result};
use crate::quiet::quietly;

/// The number of bytes that a PDF may have before its header.
const MAX_PREFIX: usize = 1024;

/// Returns whether bytes begin like a PDF.
pub(crate) fn is_pdf(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(MAX_PREFIX)];
    let is_binary = start.contains(&0) || !start.is_ascii();
    let header = b"%PDF-";
    bytes.starts_with(header) || is_binary && start.windows(header.len()).any(|it| it == header)
}

/// Reads the blocks of a file.
///
/// The parsers of other crates may panic on a damaged file; that is an error like any other.
pub(crate) fn read(bytes: &[u8], out: &mut Blocks) -> Result<()> {
    quietly(|| read_pages(bytes, out)).unwrap_or_else(|| {
        let reason = "its contents cannot be parsed".to_owned();
        Err(ErrorKind::Damaged { what: WHAT, reason }.into())
    })
}

/// A page with one direction of its text, before its blocks are known.
struct PageLines {
    /// The page, from 0.
    page: usize,
    area: Rect,
    lines: Vec<Line>,
    rules: Vec<Rect>,
    /// The blocks of the lines by the structure tree, if it is used for the page.
    keys: Option<Vec<LineKey>>,
}

fn read_pages(bytes: &[u8], out: &mut Blocks) -> Result<()> {
    let file = PdfFile::open(bytes)?;
    let tree = StructureTree::read(&file);
    let (mut budget, mut fonts) = (Budget::default(), Fonts::default());
    let (pages, damaged) = file.pages()?;
    let mut account = Account::new(pages.len(), damaged);
    let mut found = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let glyphs = read_page(&file, page, tree.as_ref(), &mut fonts, &mut budget)?;
        account.count_page(index, &glyphs);
        account.annotations += file.annotation_texts(page.dict);
        found.push((index, page.area, page.turn, glyphs));
    }
    account.refuse_scan()?;
    let mut mark_fonts = MarkFonts::default();
    for (_, _, _, glyphs) in &found {
        mark_fonts.count(&glyphs.glyphs);
    }
    let mut page_lines = Vec::new();
    for (index, area, turn, glyphs) in found {
        let tree = tree.as_ref();
        page_lines.extend(turned_lines(
            index,
            area,
            turn,
            &glyphs,
            &mark_fonts,
            tree,
            &mut account,
        ));
    }
    let is_rtl = is_rtl(page_lines.iter().flat_map(|page| &page.lines));
    remove_running(&mut page_lines, is_rtl, &mut account);
    let width = body_width(&page_lines);
    let mut blocks: Vec<(Vec<_>, Vec<_>)> = pages.iter().map(|_| Default::default()).collect();
    for page in page_lines {
        let is_rtl = is_rtl_part(&page.lines, is_rtl);
        let own = match (page.keys, &tree) {
            (Some(keys), Some(tree)) => tagged_blocks(keys, page.lines, tree, &page.rules, is_rtl),
            _ => page_blocks(page.lines, &page.rules, width, is_rtl),
        };
        blocks[page.page].0.extend(own);
        blocks[page.page].1.extend(page.rules);
    }
    account.removed = assemble::assemble(blocks, tree.as_ref(), &mark_fonts, out);
    account.running += account.removed.heads;
    account.write(&mut out.notes);
    Ok(())
}

/// Returns the lines of a page for each direction of its text, the upright one first.
fn turned_lines(
    page: usize,
    area: Rect,
    page_turn: u8,
    glyphs: &PageGlyphs,
    fonts: &MarkFonts,
    tree: Option<&StructureTree>,
    account: &mut Account,
) -> Vec<PageLines> {
    let mut all = Vec::new();
    for by in 0..4 {
        let turn = (page_turn + by) % 4;
        let own = glyphs.glyphs.iter().filter(|glyph| glyph.turn == turn);
        let units: Vec<Unit> = own.filter_map(|glyph| Unit::new(glyph, fonts)).collect();
        if units.is_empty() {
            continue;
        }
        account.count_units(&units);
        let own_units = tree.map(|_| units.clone());
        let runs = runs(units);
        let mut votes = MarkVotes::default();
        for run in &runs {
            votes.count(run);
        }
        let rules = glyphs.rules.iter().map(|rule| rule.turned(turn)).collect();
        let lines = lines(runs, votes);
        let mut own = PageLines { page, area: area.turned(turn), lines, rules, keys: None };
        if let (Some(tree), Some(units)) = (tree, own_units) {
            let found = use_tree(&mut own, tree, &units, votes);
            account.count_tree(page, found.err());
        }
        all.push(own);
    }
    all
}

/// Replaces the lines of a page by those of the blocks of the structure tree, if it is sound.
fn use_tree(
    page: &mut PageLines,
    tree: &StructureTree,
    units: &[Unit],
    votes: MarkVotes,
) -> Result<(), Unsound> {
    if tree.is_refused {
        return Err(Unsound::Refused);
    }
    let (keys, lines) = tagged_lines(units, tree, votes);
    let is_rtl = is_rtl(page.lines.iter());
    sound::check(page.area, &keys, &lines, tree, || {
        page_blocks(page.lines.clone(), &page.rules, 0.0, is_rtl)
    })?;
    (page.keys, page.lines) = (Some(keys), lines);
    Ok(())
}

/// Returns the usual width of the text of a page, measured on pages with many lines.
fn body_width(pages: &[PageLines]) -> f32 {
    let full = pages.iter().filter(|page| page.lines.len() >= MIN_LINES);
    median(
        full.filter_map(|page| {
            page.lines.iter().map(Line::rect).reduce(Rect::union).map(Rect::width)
        }),
    )
}

/// Returns whether most letters are Arabic.
fn is_rtl<'a>(lines: impl Iterator<Item = &'a Line>) -> bool {
    let [arabic, other] = letter_counts(lines);
    arabic >= other && arabic > 0
}

/// Removes running heads and page numbers.
fn remove_running(pages: &mut [PageLines], is_rtl: bool, account: &mut Account) {
    let taken = |page: &mut PageLines| (page.page, page.area, std::mem::take(&mut page.lines));
    let compared: Vec<(usize, Rect, Vec<Line>)> = pages.iter_mut().map(taken).collect();
    let running = running_lines(&compared, |line| line_text(line.units.clone(), is_rtl));
    for ((page, (_, area, lines)), mut running) in pages.iter_mut().zip(compared).zip(running) {
        if page.keys.is_some() {
            running.extend(boilerplate(area, &lines));
            running.sort_unstable();
            running.dedup();
        }
        // A page of running lines alone, such as a title page, is text.
        if running.len() < lines.len() {
            account.running += running.len();
            let is_text = |at: usize| running.binary_search(&at).is_err();
            let rest = lines.into_iter().enumerate().filter(|(at, _)| is_text(*at));
            page.lines = rest.map(|(_, line)| line).collect();
            if let Some(keys) = &mut page.keys {
                let mut at = 0..;
                keys.retain(|_| at.next().is_some_and(is_text));
            }
        } else {
            page.lines = lines;
        }
    }
}
