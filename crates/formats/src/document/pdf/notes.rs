//! What was omitted from a file, changed or guessed, as notes of the document.

use std::collections::BTreeMap;

use super::assemble::Removed;
use super::glyph::PageGlyphs;
use super::tagged::sound::Unsound;
use super::text::unit::{Unit, UnitKind};
use crate::document::note::DocumentNote;
use crate::error::{ErrorKind, Result};

/// A picture that covers this share of a page may be a scan of it.
const SCAN_SHARE: f32 = 0.5;
/// A page with fewer letters than this has no text of its own, but a stamp or a page number.
const FEW_LETTERS: usize = 20;
/// The share of glyphs above which a document without text of their own is refused.
const MAX_UNREADABLE: f64 = 0.5;
/// The maximum number of pages that a note lists.
const MAX_LISTED: usize = 10;

/// What happened to the text of a file.
#[derive(Debug, Default)]
pub(super) struct Account {
    pages: usize,
    damaged_nodes: usize,
    /// Pages, from 1.
    damaged: Vec<usize>,
    scanned: Vec<usize>,
    empty: Vec<usize>,
    recognised: Vec<usize>,
    outside: usize,
    glyphs: usize,
    unreadable: usize,
    repaired: usize,
    /// Form fields and text boxes over the pages.
    pub(super) annotations: usize,
    /// The pages of a file with a structure tree, and why it is not used for them.
    trees: BTreeMap<usize, Option<Unsound>>,
    /// Lines that are running heads, page numbers or heads of tables that continue.
    pub(super) running: usize,
    /// What was removed from the text of paragraphs.
    pub(super) removed: Removed,
}

impl Account {
    pub(super) fn new(pages: usize, damaged_nodes: usize) -> Self {
        Self { pages, damaged_nodes, ..Self::default() }
    }

    pub(super) fn count_page(&mut self, index: usize, page: &PageGlyphs) {
        let number = index + 1;
        let letters = page.glyphs.iter().filter(|glyph| !glyph.text.trim().is_empty()).count();
        if page.is_damaged {
            self.damaged.push(number);
        }
        if letters < FEW_LETTERS && page.picture_share > SCAN_SHARE {
            self.scanned.push(number);
        } else if letters == 0 && page.unreadable == 0 {
            self.empty.push(number);
        }
        if page.hidden * 2 > letters.max(1) && page.picture_share > SCAN_SHARE {
            self.recognised.push(number);
        }
        self.outside += page.outside;
        self.unreadable += page.unreadable;
        self.glyphs += page.unreadable + letters;
    }

    /// Counts a page of a file with a structure tree.
    pub(super) fn count_tree(&mut self, page: usize, unsound: Option<Unsound>) {
        self.trees.entry(page).or_insert(unsound);
    }

    pub(super) fn count_units(&mut self, units: &[Unit]) {
        let letters = units.iter().filter(|unit| unit.kind != UnitKind::Space);
        self.repaired += letters.filter(|unit| unit.is_repaired).count();
    }

    /// Refuses a file whose pages are pictures, or whose letters have no text.
    pub(super) fn refuse_scan(&self) -> Result<()> {
        if self.glyphs > 0 && self.unreadable as f64 > MAX_UNREADABLE * self.glyphs as f64 {
            let share = 100.0 * self.unreadable as f64 / self.glyphs as f64;
            let what = format!(
                "the fonts of this PDF do not say which letters they draw: {} of {} glyphs \
                 ({share:.0} %) are unreadable",
                self.unreadable, self.glyphs
            );
            return Err(ErrorKind::NoText { what }.into());
        }
        if !self.scanned.is_empty() && self.scanned.len() + self.empty.len() >= self.pages {
            let what = match self.pages {
                1 => "the page of this PDF is a scan: a picture without text".to_owned(),
                pages => format!("the {pages} pages of this PDF are scans: pictures without text"),
            };
            return Err(ErrorKind::NoText { what }.into());
        }
        if self.pages > 0 && self.empty.len() >= self.pages {
            let what = "the pages of this PDF have no text".to_owned();
            return Err(ErrorKind::NoText { what }.into());
        }
        Ok(())
    }

    /// Says for how many pages the structure tree is not used, and why.
    fn unsound(&self) -> Option<String> {
        let mut reasons: BTreeMap<Unsound, usize> = BTreeMap::new();
        for reason in self.trees.values().flatten() {
            *reasons.entry(*reason).or_default() += 1;
        }
        let count: usize = reasons.values().sum();
        let reason = |(reason, count): (Unsound, usize)| match reasons.len() {
            1 => reason.reason().to_owned(),
            _ => format!("{} ({count})", reason.reason()),
        };
        let reasons: Vec<String> = reasons.clone().into_iter().map(reason).collect();
        (count > 0).then(|| {
            format!(
                "the structure tree is not used for {count} of {} pages, because {}",
                self.pages,
                reasons.join(", ")
            )
        })
    }

    /// Adds the notes of what happened.
    pub(super) fn write(&self, notes: &mut Vec<DocumentNote>) {
        let mut damage = |kind, text| notes.push(DocumentNote::damage(kind, text));
        if self.damaged_nodes > 0 {
            let text = format!("{} parts of the tree of pages are damaged", self.damaged_nodes);
            damage("damaged-pages", text);
        }
        if !self.damaged.is_empty() {
            let text = format!("the contents of {} are damaged", listed(&self.damaged));
            damage("damaged-contents", text);
        }
        if !self.scanned.is_empty() {
            let text = format!(
                "{} without text: a scan must be recognised (OCR) first",
                listed(&self.scanned)
            );
            damage("scanned-pages", text);
        }
        let Removed { tatweel, references, guessed, unreadable, heads: _ } = self.removed;
        if unreadable > 0 {
            let share = 100.0 * unreadable as f64 / self.glyphs.max(1) as f64;
            let text = format!(
                "{unreadable} of {} glyphs ({share:.2} %) are unreadable, because their fonts do not \
                 say which letters they draw; each is \u{FFFD} in the text",
                self.glyphs
            );
            damage("unreadable-glyphs", text);
        }
        let mut note = |kind, text| notes.push(DocumentNote::new(kind, text));
        if !self.empty.is_empty() {
            note("empty-pages", format!("{} without text", listed(&self.empty)));
        }
        if !self.recognised.is_empty() {
            let text = format!(
                "the text of {} is that of a recognised scan (OCR)",
                listed(&self.recognised)
            );
            note("recognised-pages", text);
        }
        if self.running > 0 {
            let text = format!(
                "{} lines that pages repeat are omitted: running heads, page numbers, heads of tables",
                self.running
            );
            note("running-heads", text);
        }
        if let Some(text) = self.unsound() {
            note("structure-tree", text);
        }
        if self.outside > 0 {
            note("outside-page", format!("{} glyphs outside their page are omitted", self.outside));
        }
        if self.annotations > 0 {
            let text = format!(
                "{} form fields and text boxes, which are drawn over the pages, are not read",
                self.annotations
            );
            note("annotations", text);
        }
        if self.repaired > 0 {
            let text = format!(
                "the text of {} glyphs is read from the font, because the file states none, or that of \
                 several letters",
                self.repaired
            );
            note("repaired-glyphs", text);
        }
        if guessed > 0 {
            let text = format!(
                "{guessed} glyphs without text are read as the letters that make words of their words"
            );
            note("guessed-glyphs", text);
        }
        if tatweel > 0 {
            note("tatweel", format!("{tatweel} tatweels inside words are removed"));
        }
        if references > 0 {
            note("note-references", format!("{references} references to footnotes are omitted"));
        }
    }
}

/// Lists pages: `page 3`, `pages 3, 4 and 9`.
fn listed(pages: &[usize]) -> String {
    match pages {
        [page] => format!("page {page}"),
        _ => {
            let shown: Vec<String> =
                pages.iter().take(MAX_LISTED).map(ToString::to_string).collect();
            let more = pages.len().saturating_sub(MAX_LISTED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{} pages ({}{more})", pages.len(), shown.join(", "))
        }
    }
}
