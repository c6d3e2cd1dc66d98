//! The glyphs of a page with their places.

use std::sync::Arc;

use super::font::TextSource;
use super::geometry::Rect;
use super::tree::Tag;

/// A glyph on a page, or the glyphs of a span whose text the file states.
///
/// All coordinates are turned so that the text runs to the right.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub(super) text: Arc<str>,
    /// The text of the cluster that the file states, if the text is that of a part of it.
    pub(super) cluster: Option<Arc<str>>,
    pub(super) source: TextSource,
    /// The font, as [`Fonts`](super::content::Fonts) counts them.
    pub(super) font: u32,
    /// The code in its font.
    pub(super) code: u32,
    /// The pen before and after the glyph.
    pub(super) x0: f32,
    pub(super) x1: f32,
    /// The baseline.
    pub(super) y: f32,
    /// The font size on the page.
    pub(super) size: f32,
    /// The box of the ink, if the font has it.
    pub(super) ink: Option<Rect>,
    pub(super) is_bold: bool,
    /// Whether it is the text of a span, which is whole and in reading order.
    pub(super) is_span: bool,
    /// Whether the file marks it as a running head or foot.
    pub(super) is_artifact: bool,
    /// What the structure tree of the file says about it.
    pub(super) tag: Tag,
    /// The direction of the text, in quarters from rightward, anticlockwise.
    pub(super) turn: u8,
}

impl Glyph {
    /// Returns the box that the glyph takes up in its line.
    pub(super) fn rect(&self) -> Rect {
        let (x0, x1) = (self.x0.min(self.x1), self.x0.max(self.x1));
        Rect { x0, y0: self.y - 0.2 * self.size, x1, y1: self.y + 0.7 * self.size }
    }

    /// Returns whether the pen does not move, as for a mark on a letter.
    pub(super) fn is_narrow(&self) -> bool {
        (self.x1 - self.x0).abs() < 0.02 * self.size
    }

    /// Returns the ink in parts of the font size, relative to the pen and the baseline.
    pub(super) fn relative_ink(&self) -> Option<Rect> {
        let (ink, size) = (self.ink?, self.size);
        Some(Rect {
            x0: (ink.x0 - self.x0) / size,
            y0: (ink.y0 - self.y) / size,
            x1: (ink.x1 - self.x0) / size,
            y1: (ink.y1 - self.y) / size,
        })
    }
}

/// What a page shows.
#[derive(Debug, Default)]
pub(super) struct PageGlyphs {
    pub(super) glyphs: Vec<Glyph>,
    /// Thin lines, as those of tables and above footnotes; not turned.
    pub(super) rules: Vec<Rect>,
    /// The share of the page that its largest picture covers.
    pub(super) picture_share: f32,
    /// The number of glyphs that are not drawn, as those of a recognised scan.
    pub(super) hidden: usize,
    /// The number of glyphs outside the page, which are not read.
    pub(super) outside: usize,
    /// The number of glyphs of Type 3 fonts and others without any text.
    pub(super) unreadable: usize,
    /// Whether the contents end in the middle or have a part that is damaged.
    pub(super) is_damaged: bool,
}
