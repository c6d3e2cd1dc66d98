//! Sums of rows of 16-bit floats: a layer whose products are looked up in a table.

#[cfg(target_arch = "x86_64")]
use crate::arch::x86_64;
use crate::int8_products::Int8Output;
#[cfg(target_arch = "x86_64")]
use crate::kernel::Isa;
use crate::kernel::Kernel;
use crate::scalar;

/// The terms of `max(bias + terms[0] + terms[1] + …, 0) + skip`, all of one length. Terms and `skip`
/// are 16-bit floats (IEEE 754 binary16).
#[derive(Clone, Copy, Debug)]
pub struct HalfSum<'t> {
    /// The first term.
    pub bias: &'t [f32],
    /// The other terms, which are added in this order.
    pub terms: &'t [&'t [u16]],
    /// What is added after the maximum.
    pub skip: &'t [u16],
}

impl Kernel {
    /// Writes a sum to `out` and, if `quantised` is there, also quantised to its bytes.
    ///
    /// # Panics
    /// Where lengths differ.
    pub fn half_sum(
        self,
        sum: &HalfSum<'_>,
        out: &mut [f32],
        quantised: Option<(Int8Output<'_>, &mut [u8])>,
    ) {
        let length = out.len();
        assert!(sum.bias.len() == length && sum.skip.len() == length, "vectors of one length");
        assert!(sum.terms.iter().all(|term| term.len() == length), "terms of one length");
        if let Some((to, bytes)) = &quantised {
            assert!(to.inverse.len() == length && bytes.len() == length, "bytes of one length");
        }
        match self.isa() {
            // SAFETY: a `Kernel` of this set exists only where the CPU has its features.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 | Isa::Vnni | Isa::Amx => unsafe {
                x86_64::half_sum_avx512(sum, out, quantised);
            },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 | Isa::AvxVnni => unsafe { x86_64::half_sum_avx2(sum, out, quantised) },
            _ => scalar::half_sum(sum, 0, out, quantised),
        }
    }
}
