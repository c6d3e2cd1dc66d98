//! SIMD kernels of nasaq: matrix products and dot products of floats and of bytes, layer norm, maxima
//! of runs.
//!
//! Every kernel is written first as plain Rust, in `scalar`: that is the specification. The
//! others only do several of its independent sums at once, those of floats never in another order, so a
//! result has the same bits on every CPU and for every kernel.
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
mod half;
mod int8;
mod kernel;
mod packed;
mod rows;
mod scalar;

pub use int8::PackedInt8;
pub use kernel::{Isa, Kernel};
pub use packed::Packed;
pub use rows::{ByteRows, ByteRowsRef};
