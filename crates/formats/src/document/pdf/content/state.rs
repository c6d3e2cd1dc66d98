//! The graphics state: as much of it as places text.

use std::rc::Rc;

use crate::document::pdf::font::Font;
use crate::document::pdf::geometry::Matrix;

/// The graphics state.
#[derive(Clone)]
pub(super) struct State {
    /// From user space to the page.
    pub(super) matrix: Matrix,
    pub(super) text: TextState,
}

impl Default for State {
    fn default() -> Self {
        Self { matrix: Matrix::IDENTITY, text: TextState::default() }
    }
}

/// The text state and the text matrices.
#[derive(Clone)]
pub(super) struct TextState {
    pub(super) font: Option<Rc<Font>>,
    pub(super) size: f64,
    pub(super) char_space: f64,
    pub(super) word_space: f64,
    /// The horizontal scaling, as a factor.
    pub(super) stretch: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    /// The rendering mode.
    pub(super) mode: i64,
    pub(super) matrix: Matrix,
    line: Matrix,
}

impl Default for TextState {
    fn default() -> Self {
        Self {
            font: None,
            size: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
            matrix: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
        }
    }
}

impl TextState {
    pub(super) fn begin(&mut self) {
        self.set(Matrix::IDENTITY);
    }

    pub(super) fn set(&mut self, matrix: Matrix) {
        (self.matrix, self.line) = (matrix, matrix);
    }

    pub(super) fn move_by(&mut self, x: f64, y: f64) {
        self.set(Matrix::translation(x, y).then(self.line));
    }

    pub(super) fn next_line(&mut self) {
        self.move_by(0.0, -self.leading);
    }

    pub(super) fn advance(&mut self, by: f64) {
        self.matrix = Matrix::translation(by, 0.0).then(self.matrix);
    }
}
