//! Sums of the lengths of neighbouring segments.

/// Prefix sums of lengths.
pub(crate) struct Prefix(Vec<u32>);

impl Prefix {
    /// Longer segments count as this long, so that no sum over a bead overflows.
    const MAX_LENGTH: u32 = 1 << 24;

    /// Sums up the lengths of a side's segments.
    pub(crate) fn new(lengths: &[u32]) -> Self {
        let mut sums = vec![0];
        let mut sum = 0_u32;
        for &length in lengths {
            // Only differences are used, which are right even after an overflow.
            sum = sum.wrapping_add(length.min(Self::MAX_LENGTH));
            sums.push(sum);
        }
        Self(sums)
    }

    /// Returns the sums of `count` runs of `size` lengths, from the run at `from` on.
    pub(crate) fn runs(&self, from: usize, size: usize, count: usize) -> impl Iterator<Item = f32> {
        let (begins, ends) = (&self.0[from..][..count], &self.0[from + size..][..count]);
        begins.iter().zip(ends).map(|(begin, end)| end.wrapping_sub(*begin).cast_signed() as f32)
    }

    /// Returns the sum of the lengths `from..to`.
    pub(crate) fn sum(&self, from: usize, to: usize) -> f32 {
        self.0[to].wrapping_sub(self.0[from]) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_runs_are_right_after_an_overflow() {
        let lengths = Prefix::new(&[u32::MAX; 300]);
        assert_eq!(lengths.sum(290, 300), 10.0 * Prefix::MAX_LENGTH as f32);
        assert!(lengths.runs(250, 3, 40).all(|length| length == 3.0 * Prefix::MAX_LENGTH as f32));
    }
}
