//! Products of 8-bit integers in the tile registers of AMX: sums are exact in any order.
//!
//! An instruction multiplies 16 rows of 64 inputs with 64 rows of 16 columns, sixteen times as much
//! as one of AVX-512. The operating system allows a process to use the registers only after it asked.

use std::arch::asm;
use std::arch::x86_64::{__cpuid_count, CpuidResult};
use std::sync::OnceLock;

use crate::epilogue::Epilogue;
use crate::int8::{Panel, STEP};
use crate::packed::PANEL;
use crate::read_ahead::ReadAhead;

/// Rows of a tile register.
const ROWS: usize = 16;
/// Bytes in a row of a tile register: inputs, or the [`STEP`] weights of 16 columns.
const ROW_BYTES: usize = 64;
/// The least number of rows for which a tile is faster than the kernel of AVX-512.
const MIN_ROWS: usize = 4;
/// Cache lines that are read ahead for each 64 inputs of two tiles of rows.
const LINES_AHEAD: usize = 8;

/// Reports whether the CPU has the instructions and the operating system allows them.
///
/// The first call asks the operating system, for the whole process.
pub(crate) fn is_available() -> bool {
    static AVAILABLE: OnceLock<bool> = OnceLock::new();
    *AVAILABLE.get_or_init(|| has_instructions() && is_permitted())
}

/// Reports whether the CPU has AMX-TILE and AMX-INT8.
fn has_instructions() -> bool {
    const TILE_AND_INT8: u32 = 1 << 24 | 1 << 25;
    // The function is unsafe in older versions of Rust and safe in newer ones.
    let cpuid: unsafe fn(u32, u32) -> CpuidResult = __cpuid_count;
    // SAFETY: every CPU with AVX-512 has leaf 7, and this is asked only after AVX-512.
    let features = unsafe { cpuid(7, 0) };
    features.edx & TILE_AND_INT8 == TILE_AND_INT8
}

/// Asks Linux for the tile registers; it refuses where it does not know them, or where the stack of
/// a signal handler is too small to save them.
#[cfg(target_os = "linux")]
fn is_permitted() -> bool {
    /// `ARCH_REQ_XCOMP_PERM`, and the component of the state that holds the data of tiles.
    const REQUEST_PERMISSION: libc::c_long = 0x1023;
    const TILE_DATA: libc::c_long = 18;
    // SAFETY: the call takes two numbers and touches no memory of this process.
    unsafe { libc::syscall(libc::SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0 }
}

/// Other systems are not asked.
#[cfg(not(target_os = "linux"))]
fn is_permitted() -> bool {
    false
}

/// The shape of the tile registers, as the instruction reads it.
#[repr(C, align(64))]
struct Shape {
    palette: u8,
    start_row: u8,
    reserved: [u8; 14],
    row_bytes: [u16; 16],
    rows: [u8; 16],
}

/// Configured tile registers; they are released when it is dropped.
struct Tiles(());

impl Tiles {
    /// Gives all eight registers 16 rows of 64 bytes.
    ///
    /// # Safety
    /// The CPU must have AMX and the operating system must allow it.
    unsafe fn configure() -> Self {
        let mut shape = Shape {
            palette: 1,
            start_row: 0,
            reserved: [0; 14],
            row_bytes: [0; 16],
            rows: [0; 16],
        };
        shape.row_bytes[..8].fill(ROW_BYTES as u16);
        shape.rows[..8].fill(ROWS as u8);
        // SAFETY: the caller guarantees AMX; the shape has 64 bytes and is valid.
        unsafe { asm!("ldtilecfg [{}]", in(reg) &raw const shape, options(nostack, readonly)) };
        Self(())
    }
}

impl Drop for Tiles {
    fn drop(&mut self) {
        // SAFETY: a value exists only where AMX does.
        unsafe { asm!("tilerelease", options(nostack, nomem)) };
    }
}

/// Up to 16 rows of inputs, in memory at equal distances.
#[derive(Clone, Copy)]
struct RowTile {
    inputs: *const u8,
    distance: usize,
}

/// The sums of two tiles of rows with a panel.
#[repr(C, align(64))]
struct Sums([[i32; PANEL]; 2 * ROWS]);

/// Bytes between the sums of two rows.
const SUMS_BYTES: usize = PANEL * 4;
/// Bytes between the weights of two steps.
const LINE_BYTES: usize = PANEL * STEP;

/// Computes the sums of two tiles of rows, and fetches memory meanwhile.
///
/// # Safety
/// The tile registers are configured; the 16 rows of each tile and the panel have 64 bytes, or 64
/// lines, for each of `steps`.
#[inline(always)]
unsafe fn two_tiles(
    tiles: [RowTile; 2],
    weights: *const i8,
    steps: usize,
    ahead: *const u8,
    sums: &mut Sums,
) {
    // SAFETY: the caller guarantees the registers and the memory that is read; the sums have room
    // for 32 rows. Fetching has no effect on memory, and none at all at a wrong address.
    unsafe {
        asm!(
            "tilezero tmm0",
            "tilezero tmm1",
            "tilezero tmm2",
            "tilezero tmm3",
            "2:",
            "tileloadd tmm6, [{weights} + {line}]",
            "tileloadd tmm4, [{first} + {first_distance}]",
            "tdpbusd tmm0, tmm4, tmm6",
            "tileloadd tmm7, [{weights} + {line} + 64]",
            "prefetcht1 [{ahead}]",
            "prefetcht1 [{ahead} + 64]",
            "tdpbusd tmm1, tmm4, tmm7",
            "tileloadd tmm5, [{second} + {second_distance}]",
            "prefetcht1 [{ahead} + 128]",
            "prefetcht1 [{ahead} + 192]",
            "tdpbusd tmm2, tmm5, tmm6",
            "prefetcht1 [{ahead} + 256]",
            "prefetcht1 [{ahead} + 320]",
            "tdpbusd tmm3, tmm5, tmm7",
            "prefetcht1 [{ahead} + 384]",
            "prefetcht1 [{ahead} + 448]",
            "add {first}, {row_bytes}",
            "add {second}, {row_bytes}",
            "add {weights}, {weights_bytes}",
            "add {ahead}, {ahead_bytes}",
            "dec {steps}",
            "jnz 2b",
            "tilestored [{sums} + {sums_distance}], tmm0",
            "tilestored [{sums} + {sums_distance} + 64], tmm1",
            "tilestored [{sums} + {sums_distance} + {half}], tmm2",
            "tilestored [{sums} + {sums_distance} + {half} + 64], tmm3",
            weights = inout(reg) weights => _,
            first = inout(reg) tiles[0].inputs => _,
            second = inout(reg) tiles[1].inputs => _,
            ahead = inout(reg) ahead => _,
            steps = inout(reg) steps => _,
            first_distance = in(reg) tiles[0].distance,
            second_distance = in(reg) tiles[1].distance,
            line = in(reg) LINE_BYTES,
            sums = in(reg) sums,
            sums_distance = in(reg) SUMS_BYTES,
            row_bytes = const ROW_BYTES,
            weights_bytes = const ROWS * LINE_BYTES,
            ahead_bytes = const LINES_AHEAD * 64,
            half = const ROWS * SUMS_BYTES,
            out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
            out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}

/// As `two_tiles`, for one tile of rows.
///
/// # Safety
/// As for `two_tiles`.
#[inline(always)]
unsafe fn one_tile(tile: RowTile, weights: *const i8, steps: usize, sums: &mut Sums) {
    // SAFETY: as for `two_tiles`, with 16 rows of sums.
    unsafe {
        asm!(
            "tilezero tmm0",
            "tilezero tmm1",
            "2:",
            "tileloadd tmm4, [{inputs} + {distance}]",
            "tileloadd tmm6, [{weights} + {line}]",
            "tdpbusd tmm0, tmm4, tmm6",
            "tileloadd tmm7, [{weights} + {line} + 64]",
            "tdpbusd tmm1, tmm4, tmm7",
            "add {inputs}, {row_bytes}",
            "add {weights}, {weights_bytes}",
            "dec {steps}",
            "jnz 2b",
            "tilestored [{sums} + {sums_distance}], tmm0",
            "tilestored [{sums} + {sums_distance} + 64], tmm1",
            weights = inout(reg) weights => _,
            inputs = inout(reg) tile.inputs => _,
            steps = inout(reg) steps => _,
            distance = in(reg) tile.distance,
            line = in(reg) LINE_BYTES,
            sums = in(reg) sums,
            sums_distance = in(reg) SUMS_BYTES,
            row_bytes = const ROW_BYTES,
            weights_bytes = const ROWS * LINE_BYTES,
            out("tmm0") _, out("tmm1") _, out("tmm4") _, out("tmm6") _, out("tmm7") _,
            options(nostack),
        );
    }
}

/// Rows of inputs as tiles: those at equal distances where they are, others in a copy.
struct RowTiles {
    tiles: Vec<RowTile>,
    /// The rows that were copied, to which some tiles point.
    _copies: Vec<u8>,
}

impl RowTiles {
    /// Takes rows of `k` bytes.
    ///
    /// # Panics
    /// Where a row ends beyond `a`.
    fn new(a: &[u8], rows: &[usize], k: usize) -> Self {
        let is_in_place = |rows: &[usize]| {
            let distance = rows.get(1).map_or(0, |second| second.wrapping_sub(rows[0]));
            let are_equal = rows.windows(2).all(|two| two[1].wrapping_sub(two[0]) == distance);
            (are_equal && rows.len() == ROWS).then_some(distance)
        };
        let copied = rows.chunks(ROWS).filter(|rows| is_in_place(rows).is_none()).count();
        let mut copies = vec![0; copied * ROWS * k];
        let mut free = copies.chunks_exact_mut(ROWS * k);
        let tiles = rows.chunks(ROWS).map(|rows| {
            if let Some(distance) = is_in_place(rows) {
                rows.iter().for_each(|&from| assert!(from + k <= a.len(), "a row of {k} bytes"));
                return RowTile { inputs: a[rows[0]..].as_ptr(), distance };
            }
            let copy = free.next().expect("one for each tile that is copied");
            for (&from, copy) in rows.iter().zip(copy.chunks_exact_mut(k)) {
                copy.copy_from_slice(&a[from..from + k]);
            }
            RowTile { inputs: copy.as_ptr(), distance: k }
        });
        Self { tiles: tiles.collect(), _copies: copies }
    }
}

/// Returns how many of the first rows of a product [`matmul_int8_amx`] computes, whose matrix has
/// `k` rows.
pub(crate) fn rows_of_tiles(rows: usize, k: usize) -> usize {
    let rest = rows % ROWS;
    match k.is_multiple_of(ROW_BYTES) {
        true if rest >= MIN_ROWS => rows,
        true => rows - rest,
        false => 0,
    }
}

/// The product of many rows with all panels of a matrix, whose `k` rows are a multiple of 64.
///
/// # Safety
/// The CPU must have AMX and AVX-512, and the operating system must allow AMX.
///
/// # Panics
/// Where a row ends beyond `a`, or `k` is not a multiple of 64.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub(crate) unsafe fn matmul_int8_amx<'m, E: Epilogue>(
    a: &[u8],
    rows: &[usize],
    panels: impl Iterator<Item = Panel<'m>>,
    ahead: &mut ReadAhead<'_>,
    out: &mut [E::Out],
    stride: usize,
    epilogue: E,
) {
    let mut panels = panels.peekable();
    let Some(first) = panels.peek() else { return };
    let k = first.data.len() / PANEL;
    assert!(k.is_multiple_of(ROW_BYTES), "{k} rows of the matrix");
    let (steps, size) = (k / ROW_BYTES, k / ROW_BYTES * LINES_AHEAD * ROW_BYTES);
    let row_tiles = RowTiles::new(a, rows, k);
    let mut sums = Sums([[0; PANEL]; 2 * ROWS]);
    // SAFETY: the caller guarantees AMX. The rows of each tile have `k` bytes, and a panel has `k / 4`
    // lines of 128 bytes.
    unsafe {
        let _configured = Tiles::configure();
        for panel in panels {
            let weights = panel.data.as_ptr();
            for (tiles, (index, rows)) in
                row_tiles.tiles.chunks(2).zip(rows.chunks(2 * ROWS).enumerate())
            {
                if let &[first, second] = tiles {
                    let ahead = ahead.take(size).unwrap_or(weights.cast());
                    two_tiles([first, second], weights, steps, ahead, &mut sums);
                } else {
                    one_tile(tiles[0], weights, steps, &mut sums);
                }
                for (r, (&from, sums)) in rows.iter().zip(&sums.0).enumerate() {
                    let at = (index * 2 * ROWS + r) * stride + panel.first;
                    epilogue.finish(panel, from, sums, &mut out[at..]);
                }
            }
        }
    }
}
