//! What happens to the sums of a product of 8-bit integers before they leave the registers.
//!
//! A product that is followed by a bias, a residual connection or a quantisation would otherwise be
//! written and read again for each of these steps, and they would take longer than the product.

use crate::half;
use crate::int8::{Panel, ROUNDING};
use crate::packed::PANEL;

/// Converts the sums of one row and one panel to outputs.
pub(crate) trait Epilogue: Copy {
    /// The number format of the outputs.
    type Out: Copy;

    /// Writes the outputs of a row whose inputs start at `from` to the start of `out`, which is at
    /// the first column of the panel.
    fn finish(self, panel: Panel<'_>, from: usize, sums: &[i32; PANEL], out: &mut [Self::Out]);
}

/// Adds the values of the product to the outputs.
#[derive(Clone, Copy)]
pub(crate) struct Add;

impl Epilogue for Add {
    type Out = f32;

    #[inline(always)]
    fn finish(self, panel: Panel<'_>, _: usize, sums: &[i32; PANEL], out: &mut [f32]) {
        let before = load(panel, out);
        store(panel, panel.values(sums, &before), out);
    }
}

/// Writes the values of the product.
#[derive(Clone, Copy)]
pub(crate) struct Write;

impl Epilogue for Write {
    type Out = f32;

    #[inline(always)]
    fn finish(self, panel: Panel<'_>, _: usize, sums: &[i32; PANEL], out: &mut [f32]) {
        store(panel, panel.values(sums, &[0.0; PANEL]), out);
    }
}

/// The terms of a residual layer, `max(bias + product, 0) + skip`.
#[derive(Clone, Copy, Debug)]
pub struct Residual<'e> {
    /// A number for each column.
    pub bias: &'e [f32],
    /// Numbers whose rows start at the same offsets as the inputs.
    pub skip: &'e [f32],
}

impl Epilogue for Residual<'_> {
    type Out = f32;

    #[inline(always)]
    fn finish(self, panel: Panel<'_>, from: usize, sums: &[i32; PANEL], out: &mut [f32]) {
        let bias = load(panel, &self.bias[panel.first..]);
        let skip = load(panel, &self.skip[from + panel.first..]);
        let mut values = panel.values(sums, &bias);
        for (value, skip) in values.iter_mut().zip(skip) {
            *value = value.max(0.0) + skip;
        }
        store(panel, values, out);
    }
}

/// Writes the values multiplied by the step of their row; `width` is the distance between rows.
#[derive(Clone, Copy)]
pub(crate) struct Scaled<'e> {
    pub(crate) steps: &'e [f32],
    pub(crate) width: usize,
}

impl Scaled<'_> {
    #[inline(always)]
    fn values(self, panel: Panel<'_>, from: usize, sums: &[i32; PANEL]) -> [f32; PANEL] {
        let step = self.steps[from / self.width];
        // The sum with zero has no negative zero.
        panel.values(sums, &[0.0; PANEL]).map(|value| 0.0 + step * value)
    }
}

impl Epilogue for Scaled<'_> {
    type Out = f32;

    #[inline(always)]
    fn finish(self, panel: Panel<'_>, from: usize, sums: &[i32; PANEL], out: &mut [f32]) {
        store(panel, self.values(panel, from, sums), out);
    }
}

/// As [`Scaled`], in 16-bit floats.
#[derive(Clone, Copy)]
pub(crate) struct ScaledHalf<'e>(pub(crate) Scaled<'e>);

impl Epilogue for ScaledHalf<'_> {
    type Out = u16;

    #[inline(always)]
    fn finish(self, panel: Panel<'_>, from: usize, sums: &[i32; PANEL], out: &mut [u16]) {
        let mut halves = [0; PANEL];
        for (half, value) in halves.iter_mut().zip(self.0.values(panel, from, sums)) {
            *half = half::from_f32(value);
        }
        store(panel, halves, out);
    }
}

/// Writes `max(before + value, 0)`, quantised. `before` has the row at the offset of the inputs; it
/// is zero where it is `None`.
#[derive(Clone, Copy)]
pub(crate) struct ReluQuantised<'e> {
    pub(crate) before: Option<&'e [f32]>,
    pub(crate) inverse: &'e [f32],
    pub(crate) zero: u8,
}

impl Epilogue for ReluQuantised<'_> {
    type Out = u8;

    #[inline(always)]
    fn finish(self, panel: Panel<'_>, from: usize, sums: &[i32; PANEL], out: &mut [u8]) {
        let before = match self.before {
            Some(before) => load(panel, &before[from + panel.first..]),
            None => [0.0; PANEL],
        };
        let values = panel.values(sums, &before);
        let inverse = load(panel, &self.inverse[panel.first..]);
        let zero = f32::from(self.zero);
        let mut bytes = [0; PANEL];
        for ((byte, value), inverse) in bytes.iter_mut().zip(values).zip(inverse) {
            *byte = quantised(value.max(0.0), inverse, zero);
        }
        store(panel, bytes, out);
    }
}

/// Quantises a number: `x · inverse + zero`, rounded (ties to even) and clamped to 0 to 255.
#[inline(always)]
pub(crate) fn quantised(x: f32, inverse: f32, zero: f32) -> u8 {
    let clamped = (x * inverse).max(-zero).min(255.0 - zero);
    // The sum has no fraction bits left, and its last byte is the integer.
    (clamped + (ROUNDING + zero)).to_bits() as u8
}

/// Loads the columns of a panel; those beyond its last are zero.
#[inline(always)]
fn load(panel: Panel<'_>, from: &[f32]) -> [f32; PANEL] {
    let mut values = [0.0; PANEL];
    if panel.width == PANEL {
        values.copy_from_slice(&from[..PANEL]);
    } else {
        values[..panel.width].copy_from_slice(&from[..panel.width]);
    }
    values
}

/// Stores the columns of a panel.
#[inline(always)]
fn store<T: Copy>(panel: Panel<'_>, values: [T; PANEL], to: &mut [T]) {
    if panel.width == PANEL {
        to[..PANEL].copy_from_slice(&values);
    } else {
        to[..panel.width].copy_from_slice(&values[..panel.width]);
    }
}
