//! A pair of values, one for each side of a bitext.

use crate::encoder::DocumentSide;

/// A value of the source and the same of the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sides<T> {
    pub(crate) src: T,
    pub(crate) tgt: T,
}

impl<T> Sides<T> {
    pub(crate) fn new(src: T, tgt: T) -> Self {
        Self { src, tgt }
    }

    /// Applies a function to both values, the source's first.
    pub(crate) fn map<U>(self, mut function: impl FnMut(T) -> U) -> Sides<U> {
        Sides { src: function(self.src), tgt: function(self.tgt) }
    }

    /// Applies a function that can fail to both values, the source's first.
    pub(crate) fn try_map<U, E>(
        self,
        mut function: impl FnMut(T) -> Result<U, E>,
    ) -> Result<Sides<U>, E> {
        Ok(Sides { src: function(self.src)?, tgt: function(self.tgt)? })
    }

    /// Pairs the values with those of another.
    pub(crate) fn zip<U>(self, other: Sides<U>) -> Sides<(T, U)> {
        Sides { src: (self.src, other.src), tgt: (self.tgt, other.tgt) }
    }

    pub(crate) fn as_ref(&self) -> Sides<&T> {
        Sides { src: &self.src, tgt: &self.tgt }
    }

    /// Returns the value of a side, to change it.
    pub(crate) fn of_mut(&mut self, side: DocumentSide) -> &mut T {
        match side {
            DocumentSide::Source => &mut self.src,
            DocumentSide::Target => &mut self.tgt,
        }
    }

    /// Returns both values, the source's first.
    pub(crate) fn into_array(self) -> [T; 2] {
        [self.src, self.tgt]
    }
}
