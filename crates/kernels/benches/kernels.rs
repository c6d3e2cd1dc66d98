//! Throughput of each kernel on every instruction set of the CPU: `cargo bench -p nasaq-kernels`.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use nasaq_kernels::{HalfSum, Int8Rows, Isa, Kernel, Packed, PackedInt8};

/// Rows, inner dimension and columns of a product: a convolution over a part of a text.
const ROWS: usize = 1536;
const INNER: usize = 768;
const COLS: usize = 256;

fn main() {
    divan::main();
}

fn kernels() -> impl Iterator<Item = Isa> {
    Isa::ALL.into_iter().filter(|&isa| Kernel::new(isa).is_some())
}

fn numbers(count: usize) -> Vec<f32> {
    (0..count).map(|at| (at * 7919 % 2001) as f32 / 1000.0 - 1.0).collect()
}

fn starts(count: usize, width: usize) -> Vec<usize> {
    (0..count).map(|row| row * width).collect()
}

#[divan::bench(args = kernels())]
fn matmul(bencher: Bencher<'_, '_>, isa: Isa) {
    let kernel = Kernel::new(isa).expect("the CPU has it");
    let (a, b) = (numbers(ROWS * INNER), Packed::new(&numbers(INNER * COLS), INNER, COLS));
    let (rows, mut out) = (starts(ROWS, INNER), vec![0.0; ROWS * COLS]);
    bencher
        .counter(ItemsCount::new(ROWS * INNER * COLS))
        .bench_local(|| kernel.matmul(black_box(&a), &rows, &b, &mut out));
}

#[divan::bench(args = kernels())]
fn matmul_int8(bencher: Bencher<'_, '_>, isa: Isa) {
    let kernel = Kernel::new(isa).expect("the CPU has it");
    let a: Vec<u8> = (0..ROWS * INNER).map(|at| (at % 251) as u8).collect();
    let b = PackedInt8::new(&numbers(INNER * COLS), INNER, COLS, &[0.01; INNER], 128);
    let (rows, mut out) = (starts(ROWS, INNER), vec![0.0; ROWS * COLS]);
    bencher
        .counter(ItemsCount::new(ROWS * INNER * COLS))
        .bench_local(|| kernel.matmul_int8(black_box(&a), &rows, &b, &mut out));
}

#[divan::bench(args = kernels())]
fn dots(bencher: Bencher<'_, '_>, isa: Isa) {
    let kernel = Kernel::new(isa).expect("the CPU has it");
    let (query, rows, mut out) = (numbers(512), numbers(512 * 100), vec![0.0; 100]);
    bencher
        .counter(ItemsCount::new(512 * 100_usize))
        .bench_local(|| kernel.dots(black_box(&query), &rows, &mut out));
}

#[divan::bench(args = kernels())]
fn dots_int8(bencher: Bencher<'_, '_>, isa: Isa) {
    let kernel = Kernel::new(isa).expect("the CPU has it");
    let rows = Int8Rows::new(kernel, &numbers(512 * 100), 512, |_| 1.0);
    let mut out = vec![0.0; 100 * 100];
    bencher
        .counter(ItemsCount::new(512 * 100 * 100_usize))
        .bench_local(|| kernel.dots_int8(black_box(rows.all()), rows.all(), &mut out));
}

#[divan::bench(args = kernels())]
fn int8_rows(bencher: Bencher<'_, '_>, isa: Isa) {
    let kernel = Kernel::new(isa).expect("the CPU has it");
    let vectors = numbers(512 * 100);
    bencher
        .counter(ItemsCount::new(512 * 100_usize))
        .bench_local(|| Int8Rows::new(kernel, black_box(&vectors), 512, |_| 1.0));
}

#[divan::bench(args = kernels())]
fn add_run_maxima(bencher: Bencher<'_, '_>, isa: Isa) {
    let kernel = Kernel::new(isa).expect("the CPU has it");
    let (values, mut sums) = (numbers(48 + 9), vec![0.0; 9 * 48]);
    bencher
        .counter(ItemsCount::new(9 * 48_usize))
        .bench_local(|| kernel.add_run_maxima(black_box(&values), 0.5, 0..48, &mut sums, 48));
}

#[divan::bench(args = kernels())]
fn layer_norm(bencher: Bencher<'_, '_>, isa: Isa) {
    let kernel = Kernel::new(isa).expect("the CPU has it");
    let (mut x, gain, bias) = (numbers(48 * 1280), numbers(1280), numbers(1280));
    bencher
        .counter(ItemsCount::new(48 * 1280_usize))
        .bench_local(|| kernel.layer_norms(black_box(&mut x), &gain, &bias, 1e-12));
}

#[divan::bench(args = kernels())]
fn quantise(bencher: Bencher<'_, '_>, isa: Isa) {
    let kernel = Kernel::new(isa).expect("the CPU has it");
    let (x, inverse, mut out) = (numbers(4096), vec![100.0; 4096], vec![0; 4096]);
    bencher
        .counter(ItemsCount::new(4096_usize))
        .bench_local(|| kernel.quantise(black_box(&x), &inverse, 128, &mut out));
}

#[divan::bench(args = kernels())]
fn half_sum(bencher: Bencher<'_, '_>, isa: Isa) {
    let kernel = Kernel::new(isa).expect("the CPU has it");
    let (bias, mut halves, mut out) = (numbers(256), vec![0; 256], vec![0.0; 256]);
    kernel.to_half(&numbers(256), &mut halves);
    let sum = HalfSum { bias: &bias, terms: &[halves.as_slice(); 5], skip: &halves };
    bencher
        .counter(ItemsCount::new(256_usize))
        .bench_local(|| kernel.half_sum(black_box(&sum), &mut out, None));
}

#[divan::bench(args = kernels())]
fn to_half(bencher: Bencher<'_, '_>, isa: Isa) {
    let kernel = Kernel::new(isa).expect("the CPU has it");
    let (x, mut halves) = (numbers(256), vec![0; 256]);
    bencher
        .counter(ItemsCount::new(256_usize))
        .bench_local(|| kernel.to_half(black_box(&x), &mut halves));
}

#[divan::bench(args = kernels())]
fn tanh(bencher: Bencher<'_, '_>, isa: Isa) {
    let kernel = Kernel::new(isa).expect("the CPU has it");
    let mut x = numbers(512);
    bencher.counter(ItemsCount::new(512_usize)).bench_local(|| kernel.tanh(black_box(&mut x)));
}
