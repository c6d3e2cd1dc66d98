//! The layers of a lattice: the kinds of moves through it, and a value for each.

use std::ops::{Index, IndexMut};

/// The kind of move that led to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Layer {
    Bead,
    SrcNull,
    TgtNull,
}

impl Layer {
    pub(super) const ALL: [Self; 3] = [Self::Bead, Self::SrcNull, Self::TgtNull];
    pub(super) const NULLS: [Self; 2] = [Self::SrcNull, Self::TgtNull];
}

/// A value for each layer of a corner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layers<T>(pub(super) [T; 3]);

impl<T> Index<Layer> for Layers<T> {
    type Output = T;

    #[inline]
    fn index(&self, layer: Layer) -> &T {
        &self.0[layer as usize]
    }
}

impl<T> IndexMut<Layer> for Layers<T> {
    #[inline]
    fn index_mut(&mut self, layer: Layer) -> &mut T {
        &mut self.0[layer as usize]
    }
}

impl<T: Copy + PartialOrd> Layers<T> {
    /// Returns the layer with the maximum value, and the value; of equal ones the first.
    #[inline]
    pub(super) fn max(&self) -> (Layer, T) {
        let mut best = Layer::Bead;
        for layer in Layer::NULLS {
            if self[layer] > self[best] {
                best = layer;
            }
        }
        (best, self[best])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_layers_the_first_is_the_maximum() {
        assert_eq!(Layers([2, 2, 2]).max(), (Layer::Bead, 2));
        assert_eq!(Layers([1, 2, 2]).max(), (Layer::SrcNull, 2));
        assert_eq!(Layers([1, 2, 3]).max(), (Layer::TgtNull, 3));
    }
}
