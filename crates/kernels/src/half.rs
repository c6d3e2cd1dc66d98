//! Conversion from and to 16-bit floats (IEEE 754 binary16), for tables that are mostly read.

/// 2^112: the difference of the exponent biases of `f32` and binary16, as a factor.
const REBIAS: f32 = f32::from_bits((112 + 127) << 23);

/// Returns the nearest half; ties go to the even one. Numbers that are too large become infinite.
#[inline(always)]
#[must_use]
pub(crate) fn from_f32(value: f32) -> u16 {
    let bits = value.to_bits();
    let sign = (bits >> 16) as u16 & 0x8000;
    let size = bits & 0x7FFF_FFFF;
    if size > 0x7F80_0000 {
        return sign | 0x7E00;
    }
    if size >= 0x4780_0000 {
        return sign | 0x7C00;
    }
    if size < 0x3880_0000 {
        // Below the smallest normal half: adding ½ moves its units to the end of the fraction.
        let shifted = (f32::from_bits(size) + 0.5).to_bits();
        return sign | (shifted - 0.5_f32.to_bits()) as u16;
    }
    // Adding half of the last unit minus one, plus the odd bit, rounds to nearest with ties to
    // even.
    let odd = (size >> 13) & 1;
    let rounded = size - (112 << 23) + 0xFFF + odd;
    sign | (rounded >> 13) as u16
}

/// Returns the exact value of a half.
#[inline(always)]
#[must_use]
pub(crate) fn to_f32(half: u16) -> f32 {
    let fraction = u32::from(half & 0x7FFF) << 13;
    let finite = (f32::from_bits(fraction) * REBIAS).to_bits();
    let size = if half & 0x7C00 == 0x7C00 { fraction | 0x7F80_0000 } else { finite };
    f32::from_bits(size | u32::from(half & 0x8000) << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_is_converted_back() {
        for half in 0..=u16::MAX {
            if half & 0x7C00 != 0x7C00 {
                assert_eq!(from_f32(to_f32(half)), half, "{half:#x}");
            }
        }
        assert_eq!([0xFC00, 0x7C00].map(to_f32), [f32::NEG_INFINITY, f32::INFINITY]);
        assert!(to_f32(0x7E00).is_nan());
        assert_eq!([1.0, 65504.0, 6e-8].map(from_f32), [0x3C00, 0x7BFF, 1]);
        assert_eq!([1e6, f32::NEG_INFINITY].map(from_f32), [0x7C00, 0xFC00]);
    }

    #[test]
    fn a_number_becomes_the_nearest_half() {
        for step in 0..200_000_u32 {
            let value = f32::from_bits(0x3300_0000 + step * 1_600);
            let half = from_f32(value);
            if half < 0x7BFF {
                let off = (to_f32(half) - value).abs();
                let (below, above) = (to_f32(half.max(1) - 1), to_f32(half + 1));
                assert!(off <= (below - value).abs() && off <= (above - value).abs(), "{value}");
            }
        }
        // Ties go to the even one.
        assert_eq!(from_f32(1.0 + 2.0_f32.powi(-11)), 0x3C00);
        assert_eq!(from_f32(1.0 + 3.0 * 2.0_f32.powi(-11)), 0x3C02);
    }
}
