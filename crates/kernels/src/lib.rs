//! SIMD kernels of nasaq: matrix products and dot products of `f32` and of 8-bit integers, layer
//! norm, maxima of runs.
//!
//! Every kernel is first written as plain Rust, in `scalar`: that is the specification. The others
//! only compute several of its independent sums at once and never reorder a sum of floats, so
//! results are bit-identical on every CPU and with every kernel.
//!
//! ```
//! use nasaq_kernels::{Kernel, Packed};
//!
//! let kernel = Kernel::detect();
//! let identity = Packed::new(&[1.0, 0.0, 0.0, 1.0], 2, 2);
//! let mut out = [0.0; 2];
//! kernel.matmul(&[3.0, 4.0], &[0], &identity, &mut out);
//! assert_eq!(out, [3.0, 4.0]);
//! assert_eq!(kernel.dot(&[3.0, 4.0], &out), 25.0);
//! ```

mod arch;
mod epilogue;
mod half;
mod half_sum;
mod int8;
mod int8_products;
mod kernel;
#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
mod norm;
mod packed;
mod read_ahead;
mod rows;
mod scalar;
#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
mod vector;

pub use epilogue::Residual;
pub use half_sum::HalfSum;
pub use int8::PackedInt8;
pub use int8_products::{Int8Inputs, Int8Output, RowSteps};
pub use kernel::{Isa, Kernel};
pub use packed::Packed;
pub use read_ahead::ReadAhead;
pub use rows::{Int8Rows, Int8RowsRef};
