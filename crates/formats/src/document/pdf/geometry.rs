//! Matrices and boxes of a page, in points.

/// A transformation of the plane, in the order of PDF: `[a b c d e f]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) fn translation(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// Returns the transformation that applies `self` first and then `next`.
    pub(super) fn then(self, next: Self) -> Self {
        let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (self.0, next.0);
        Self([
            a * g + b * i,
            a * h + b * j,
            c * g + d * i,
            c * h + d * j,
            e * g + f * i + k,
            e * h + f * j + l,
        ])
    }

    pub(super) fn apply(self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [a, b, c, d, e, f] = self.0;
        [a * x + c * y + e, b * x + d * y + f]
    }

    pub(super) fn is_finite(self) -> bool {
        // Larger coordinates than this lose the position of a glyph in an `f32`.
        self.0.iter().all(|value| value.abs() < 1e6)
    }
}

/// A box with edges parallel to the page; `y` points up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rect {
    pub(super) x0: f32,
    pub(super) y0: f32,
    pub(super) x1: f32,
    pub(super) y1: f32,
}

impl Rect {
    /// Returns the smallest box around points.
    pub(super) fn around(points: &[[f64; 2]]) -> Self {
        let mut rect = Self { x0: f32::MAX, y0: f32::MAX, x1: f32::MIN, y1: f32::MIN };
        for &[x, y] in points {
            let (x, y) = (x as f32, y as f32);
            rect.x0 = rect.x0.min(x);
            rect.y0 = rect.y0.min(y);
            rect.x1 = rect.x1.max(x);
            rect.y1 = rect.y1.max(y);
        }
        rect
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    pub(super) fn width(self) -> f32 {
        self.x1 - self.x0
    }

    pub(super) fn height(self) -> f32 {
        self.y1 - self.y0
    }

    pub(super) fn center_x(self) -> f32 {
        (self.x0 + self.x1) / 2.0
    }

    /// Returns the box on the page as it is seen after a turn by quarters, so that text of that
    /// direction runs to the right.
    pub(super) fn turned(self, quarters: u8) -> Self {
        let Self { x0, y0, x1, y1 } = self;
        match quarters % 4 {
            0 => self,
            1 => Self { x0: y0, y0: -x1, x1: y1, y1: -x0 },
            2 => Self { x0: -x1, y0: -y1, x1: -x0, y1: -y0 },
            _ => Self { x0: -y1, y0: x0, x1: -y0, y1: x1 },
        }
    }
}
