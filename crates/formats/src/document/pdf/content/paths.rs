//! The thin lines of a page, which show its tables and where its footnotes begin.

use crate::document::pdf::geometry::{Matrix, Rect};

/// The maximum width of a line, in points.
const MAX_THICKNESS: f32 = 3.0;
/// The minimum length of a line, in points.
const MIN_LENGTH: f32 = 8.0;
/// The maximum number of lines of one page; a drawing has more than a table.
const MAX_RULES: usize = 2000;

/// The path that is being built, and the lines that were drawn.
#[derive(Default)]
pub(super) struct Paths {
    /// The open path: its boxes and its segments.
    boxes: Vec<Rect>,
    segments: Vec<Rect>,
    start: [f64; 2],
    pen: [f64; 2],
    rules: Vec<Rect>,
}

impl Paths {
    pub(super) fn operation(&mut self, operator: &str, numbers: &[f64], matrix: Matrix) {
        match (operator, numbers) {
            ("m", &[x, y]) => {
                self.pen = matrix.apply([x, y]);
                self.start = self.pen;
            }
            ("l", &[x, y]) => self.line_to(matrix.apply([x, y])),
            ("c", &[.., x, y]) | ("v" | "y", &[.., x, y]) => self.pen = matrix.apply([x, y]),
            ("h", _) => self.line_to(self.start),
            ("re", &[x, y, w, h]) => {
                let corners = [[x, y], [x + w, y], [x, y + h], [x + w, y + h]];
                if self.boxes.len() < MAX_RULES {
                    self.boxes.push(Rect::around(&corners.map(|corner| matrix.apply(corner))));
                }
            }
            ("S" | "s" | "B" | "b" | "B*" | "b*", _) => self.paint(true),
            ("f" | "F" | "f*", _) => self.paint(false),
            ("n", _) => self.clear(),
            _ => {}
        }
    }

    pub(super) fn into_rules(self) -> Vec<Rect> {
        self.rules
    }

    fn line_to(&mut self, end: [f64; 2]) {
        if self.segments.len() < MAX_RULES {
            self.segments.push(Rect::around(&[self.pen, end]));
        }
        self.pen = end;
    }

    fn paint(&mut self, is_stroked: bool) {
        for rect in std::mem::take(&mut self.boxes) {
            if is_stroked && rect.width() > MAX_THICKNESS && rect.height() > MAX_THICKNESS {
                let Rect { x0, y0, x1, y1 } = rect;
                for edge in [
                    Rect { y1: y0, ..rect },
                    Rect { y0: y1, ..rect },
                    Rect { x1: x0, ..rect },
                    Rect { x0: x1, ..rect },
                ] {
                    self.add(edge);
                }
            } else {
                self.add(rect);
            }
        }
        let segments = std::mem::take(&mut self.segments);
        if is_stroked {
            for segment in segments {
                self.add(segment);
            }
        } else if let Some(rect) = segments.into_iter().reduce(Rect::union) {
            // A filled box that is drawn by its edges.
            self.add(rect);
        }
    }

    fn add(&mut self, rect: Rect) {
        let (thin, long) = (rect.width().min(rect.height()), rect.width().max(rect.height()));
        if thin <= MAX_THICKNESS && long >= MIN_LENGTH && self.rules.len() < MAX_RULES {
            self.rules.push(rect);
        }
    }

    fn clear(&mut self) {
        self.boxes.clear();
        self.segments.clear();
    }
}
