//! The results of every kernel are bit-identical to the scalar one, for every length.

use nasaq_kernels::{Int8Rows, Isa, Kernel, Packed, PackedInt8};

/// Returns numbers of mixed sign and size, the same in every run (a linear congruential generator).
fn numbers(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        })
        .collect()
}

/// Returns the numbers of rows to test products with: all remainders of tiles. Miri, which is a
/// thousand times slower, tests a few.
fn row_counts() -> impl Iterator<Item = usize> {
    (0..=27).filter(|rows| !cfg!(miri) || [1, 2, 5, 13].contains(rows))
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// Compares the results of `work` with every kernel that this CPU has to those with the scalar one.
fn compare(what: &str, work: impl Fn(Kernel) -> Vec<f32>) {
    let scalar = work(Kernel::new(Isa::Scalar).expect("always there"));
    for kernel in Isa::ALL.into_iter().filter_map(Kernel::new) {
        assert_eq!(bits(&work(kernel)), bits(&scalar), "{what} on {}", kernel.isa());
    }
}

#[test]
fn dot_products_of_all_lengths() {
    for length in 0..=70 {
        let (a, b) = (numbers(length, 1), numbers(length, 2));
        compare(&format!("dot of {length}"), |kernel| vec![kernel.dot(&a, &b)]);
    }
}

#[test]
fn dot_products_with_any_number_of_rows() {
    for dim in [16, 48, 50] {
        for count in 0..=13 {
            let (query, rows) = (numbers(dim, 3), numbers(dim * count, 4));
            compare(&format!("{count} rows of {dim}"), |kernel| {
                let mut out = vec![0.0; count];
                kernel.dots(&query, &rows, &mut out);
                out
            });
        }
    }
}

/// Returns vectors of unit length, and the same quantised.
fn unit_vectors(kernel: Kernel, dim: usize, count: usize, seed: u32) -> (Vec<f32>, Int8Rows) {
    let mut vectors = numbers(dim * count, seed);
    vectors.chunks_exact_mut(dim).for_each(|vector| kernel.normalise(vector));
    let rows = Int8Rows::new(kernel, &vectors, dim, |_| 1.0);
    (vectors, rows)
}

/// Returns lengths of vectors around those that fill registers; only a few under Miri.
fn dims() -> Vec<usize> {
    if cfg!(miri) { vec![1, 33, 64, 100] } else { (1..=150).chain([512]).collect() }
}

#[test]
fn int8_dot_products_of_all_lengths() {
    for dim in dims() {
        compare(&format!("int8: dot of {dim}"), |kernel| {
            let [a, b] = [1, 2].map(|seed| unit_vectors(kernel, dim, 1, seed).1);
            vec![kernel.dot_int8(a.all(), b.all()), kernel.dot_int8(a.all(), a.all())]
        });
    }
}

#[test]
fn int8_dot_products_of_many_with_many() {
    for dim in [16, 64, 100] {
        for (some, count) in [(0, 3), (1, 5), (3, 8), (4, 0), (4, 4), (5, 7), (9, 13)] {
            compare(&format!("{some} with {count} rows of {dim}"), |kernel| {
                let (_, queries) = unit_vectors(kernel, dim, some, 3);
                let (_, rows) = unit_vectors(kernel, dim, count, 4);
                let mut out = vec![0.0; some * count];
                kernel.dots_int8(queries.all(), rows.all(), &mut out);
                out
            });
        }
    }
}

#[test]
fn quantised_unit_vectors_have_nearly_the_same_products_and_sum() {
    const COUNT: usize = 5;
    for dim in dims() {
        let sums = |kernel: Kernel| -> Vec<f32> {
            let (_, rows) = unit_vectors(kernel, dim, COUNT, 5);
            rows.sum(kernel).into_iter().map(|sum| sum as f32).collect()
        };
        compare(&format!("int8: sum of {dim}"), sums);
        let kernel = Kernel::detect();
        let (vectors, rows) = unit_vectors(kernel, dim, COUNT, 5);
        let mut products = vec![0.0; COUNT * COUNT];
        kernel.dots_int8(rows.all(), rows.all(), &mut products);
        for (pair, product) in products.iter().enumerate() {
            let [a, b] = [pair / COUNT, pair % COUNT].map(|at| &vectors[at * dim..][..dim]);
            assert!((product - kernel.dot(a, b)).abs() < 0.01, "{dim}: {pair}: {product}");
        }
        let sums = sums(kernel);
        assert_eq!(sums.len(), dim);
        for (at, sum) in sums.into_iter().enumerate() {
            let exact: f32 = vectors.chunks_exact(dim).map(|vector| vector[at]).sum();
            assert!((sum - exact).abs() < 0.02, "{dim}: {at}: {sum} for {exact}");
        }
    }
}

#[test]
fn quantised_vectors_need_not_be_of_unit_length() {
    for kernel in Isa::ALL.into_iter().filter_map(Kernel::new) {
        let vectors = [300.0, 400.0, 0.0, 0.0, 0.0, -1e-30];
        let rows = Int8Rows::new(kernel, &vectors, 2, |_| 1.0);
        let one = |at: usize| rows.all().slice(at..at + 1);
        let ratio = kernel.dot_int8(one(0), one(0)) / 250_000.0;
        assert!((ratio - 1.0).abs() < 0.01, "{}: {ratio}", kernel.isa());
        assert_eq!(kernel.dot_int8(one(0), one(1)), 0.0);
        let tiny = kernel.dot_int8(one(0), one(2)) / -4e-28;
        assert!((tiny - 1.0).abs() < 0.01, "{}: {tiny}", kernel.isa());
        // Each vector has its own factor.
        let by_first = Int8Rows::new(kernel, &[0.5, 1.0, 2.0, 1.0], 2, |vector| vector[0]);
        let first = |at: usize| by_first.all().slice(at..at + 1);
        assert!((kernel.dot_int8(first(0), first(0)) - 1.25 / 4.0).abs() < 0.01);
        assert!((kernel.dot_int8(first(1), first(1)) - 5.0 * 4.0).abs() < 0.1);
    }
}

#[test]
fn nan_and_infinity_are_quantised_equally_on_every_cpu() {
    let payload = f32::from_bits(0x7fc0_0080);
    for vector in [
        [payload, 1.0, payload, -1.0],
        [f32::INFINITY, 1.0, -1.0, 0.0],
        [1e-40, -1e-38, 3e-37, 0.0],
        [f32::MAX, 1.0, f32::NEG_INFINITY, payload],
        [-0.0; 4],
    ] {
        let ones: Vec<f32> = vector.iter().copied().chain([1.0; 4]).collect();
        let products = |kernel: Kernel| {
            let rows = Int8Rows::new(kernel, &ones, 4, |_| 1.0);
            let mut products = vec![0.0; 4];
            kernel.dots_int8(rows.all(), rows.all(), &mut products);
            // The bits of NaN differ between CPUs.
            products.into_iter().map(|x| if x.is_nan() { -77.0 } else { x }).collect()
        };
        compare(&format!("{vector:?}"), products);
    }
}

#[test]
fn gathered_vectors_are_the_same() {
    let kernel = Kernel::detect();
    let (_, rows) = unit_vectors(kernel, 100, 9, 6);
    let parts = [7..9, 0..1, 3..3, 2..4].map(|range| rows.all().slice(range));
    let gathered = Int8Rows::gathered(parts);
    assert_eq!(gathered.len(), 5);
    let mut products = vec![0.0; 5 * 9];
    kernel.dots_int8(gathered.all(), rows.all(), &mut products);
    let mut turned = vec![0.0; 9 * 5];
    kernel.dots_int8(rows.all(), gathered.all(), &mut turned);
    for (at, from) in [7, 8, 0, 2, 3].into_iter().enumerate() {
        for other in 0..9 {
            let [a, b] = [from, other].map(|at| rows.all().slice(at..at + 1));
            assert_eq!(products[at * 9 + other], kernel.dot_int8(a, b));
            assert_eq!(turned[other * 5 + at], kernel.dot_int8(b, a));
        }
    }
    let none = Int8Rows::gathered([]);
    assert!(none.is_empty() && none.sum(kernel).is_empty());
    kernel.dots_int8(rows.all(), none.all(), &mut []);
    let parts: Vec<usize> = rows.all().chunks(4).map(nasaq_kernels::Int8RowsRef::len).collect();
    assert_eq!(parts, [4, 4, 1]);
}

#[test]
fn maxima_of_runs_in_all_parts() {
    for (stride, rows) in [(16, 0), (16, 1), (48, 3), (64, 9)] {
        let values = numbers(stride + rows, 5);
        let before = numbers(stride * rows, 6);
        for part in [0..0, 0..stride, 3..11, 15..16, 10..stride] {
            let sums = |kernel: Kernel| {
                let mut sums = before.clone();
                kernel.add_run_maxima(&values, 0.7, part.clone(), &mut sums, stride);
                sums
            };
            compare(&format!("{rows} rows of {stride}, {part:?}"), sums);
            let sums = sums(Kernel::detect());
            for (k, i) in (0..rows).flat_map(|k| part.clone().map(move |i| (k, i))) {
                let max = values[i..=i + k].iter().copied().fold(f32::MIN, f32::max);
                assert_eq!(sums[k * stride + i], before[k * stride + i] + 0.7 * max);
            }
        }
    }
}

#[test]
fn products_of_all_shapes() {
    for rows in row_counts() {
        for (k, cols) in [(1, 1), (7, 31), (64, 32), (70, 33), (5, 70), (33, 64)] {
            let (a, b) = (numbers(rows + k, 5), numbers(k * cols, 6));
            let packed = Packed::new(&b, k, cols);
            // Rows that overlap, as windows do.
            let starts: Vec<usize> = (0..rows).collect();
            compare(&format!("{rows} x {k} x {cols}"), |kernel| {
                let mut out = numbers(rows * cols, 7);
                kernel.matmul(&a, &starts, &packed, &mut out);
                out
            });
        }
    }
}

#[test]
fn a_product_is_the_sum_of_its_terms() {
    let (a, b) = (numbers(40, 8), numbers(40 * 37, 9));
    let mut out = vec![0.0; 37];
    Kernel::detect().matmul(&a, &[0], &Packed::new(&b, 40, 37), &mut out);
    for (col, &value) in out.iter().enumerate() {
        let exact: f64 = (0..40).map(|k| f64::from(a[k]) * f64::from(b[k * 37 + col])).sum();
        assert!((f64::from(value) - exact).abs() < 1e-5, "column {col}");
    }
}

#[test]
fn packing_a_transpose_is_packing_the_transposed() {
    let matrix = numbers(37 * 20, 10);
    let turned: Vec<f32> = (0..20)
        .flat_map(|row| (0..37).map(move |col| (col, row)))
        .map(|(col, row)| matrix[col * 20 + row])
        .collect();
    let kernel = Kernel::detect();
    let x = numbers(20, 11);
    let (mut one, mut other) = (vec![0.0; 37], vec![0.0; 37]);
    kernel.matmul(&x, &[0], &Packed::transposed(&matrix, 37, 20), &mut one);
    kernel.matmul(&x, &[0], &Packed::new(&turned, 20, 37), &mut other);
    assert_eq!(one, other);
}

#[test]
fn layer_norms_of_all_lengths() {
    for rows in 0..=9 {
        for width in (1..=35).chain([48, 768]).filter(|width| rows < 6 || width % 16 < 2) {
            let (gain, bias) = (numbers(width, 12), numbers(width, 13));
            compare(&format!("layer norms of {rows} x {width}"), |kernel| {
                let mut x = numbers(rows * width, 14);
                kernel.layer_norms(&mut x, &gain, &bias, 1e-12);
                x
            });
        }
    }
}

#[test]
fn a_layer_norm_has_mean_zero_and_variance_one() {
    let mut x = numbers(2 * 768, 15);
    Kernel::detect().layer_norms(&mut x, &[1.0; 768], &[0.0; 768], 1e-12);
    for x in x.chunks_exact(768) {
        let mean = x.iter().sum::<f32>() / 768.0;
        let variance = x.iter().map(|v| v * v).sum::<f32>() / 768.0;
        assert!(mean.abs() < 1e-5 && (variance - 1.0).abs() < 1e-4, "{mean} {variance}");
    }
}

#[test]
fn elementwise_kernels_of_all_lengths() {
    for length in 0..=70 {
        let term = numbers(length, 16);
        let codes: Vec<u8> = (0..length).map(|i| (i * 7 % 64) as u8).collect();
        compare(&format!("elementwise of {length}"), |kernel| {
            let mut x = numbers(length, 17);
            kernel.relu_add(&mut x, &term);
            kernel.add(&mut x, &term);
            kernel.tanh(&mut x);
            let mut y = x.clone();
            kernel.normalise(&mut y);
            let mut z = vec![0.0; length];
            kernel.dequantise(&codes, 0.37, -4.2, &mut z);
            let mut scaled = y.clone();
            kernel.add_scaled(&mut scaled, 3.0, &term, 0.3);
            kernel.scale(&mut scaled, 0.7);
            [x, y, z, scaled].concat()
        });
    }
}

#[test]
fn sums_of_rows_are_added_row_by_row() {
    for (rows, width) in (0..=9).flat_map(|rows| [1, 7, 16, 35, 70].map(|width| (rows, width))) {
        let (numbers, before) = (numbers(rows * width, 25), numbers(width, 26));
        let mut expected = [before.clone(), vec![0.0; width]];
        for sum in &mut expected {
            for row in numbers.chunks_exact(width) {
                sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
            }
        }
        let sums = |kernel: Kernel| {
            let (mut added, mut written) = (before.clone(), vec![f32::NAN; width]);
            kernel.add_rows(&mut added, &numbers);
            kernel.sum_rows(&mut written, &numbers);
            [added, written].concat()
        };
        assert_eq!(bits(&sums(Kernel::detect())), bits(&expected.concat()), "{rows} x {width}");
        compare(&format!("sums of {rows} x {width}"), sums);
    }
}

#[test]
fn the_tangent_is_near_the_true_one() {
    let kernel = Kernel::detect();
    let mut x: Vec<f32> = (-2_000..=2_000).map(|i| i as f32 / 100.0).collect();
    x.extend([f32::MIN, f32::MAX, f32::INFINITY, f32::NEG_INFINITY, 1e-8, -0.0]);
    let mut y = x.clone();
    kernel.tanh(&mut y);
    for (&x, &y) in x.iter().zip(&y) {
        let exact = f64::from(x).tanh();
        assert!((f64::from(y) - exact).abs() < 3e-7, "tanh {x} = {y}, not {exact}");
    }
}

#[test]
fn int8_products_of_all_shapes() {
    for rows in row_counts() {
        for (k, cols) in [(1, 1), (7, 31), (64, 32), (70, 33), (5, 70), (768, 64)] {
            let a: Vec<u8> = (0..rows + k + 3).map(|i| (i * 91 % 256) as u8).collect();
            let packed = PackedInt8::new(&numbers(k * cols, 18), k, cols, &vec![0.01; k], 128);
            let starts: Vec<usize> = (0..rows).collect();
            compare(&format!("int8: {rows} x {k} x {cols}"), |kernel| {
                let mut out = numbers(rows * cols, 19);
                kernel.matmul_int8(&a, &starts, &packed, &mut out);
                out
            });
        }
    }
}

#[test]
fn int8_products_of_many_rows_at_equal_and_other_distances() {
    for rows in [4, 15, 16, 19, 31, 32, 37, 48, 52, 95, 97, 131] {
        for (k, cols) in [(64, 32), (128, 70), (512, 31)] {
            let a: Vec<u8> = (0..rows * 96 + k + 3).map(|i| (i * 91 % 256) as u8).collect();
            let packed = PackedInt8::new(&numbers(k * cols, 22), k, cols, &vec![0.01; k], 128);
            // A gap after every 40th row, as between two texts, and rows in an order of their own.
            let even: Vec<usize> = (0..rows).map(|row| row * 64).collect();
            let gaps: Vec<usize> = (0..rows).map(|row| (row + row / 40 * 2) * 64).collect();
            let turned: Vec<usize> = (0..rows).map(|row| (rows - 1 - row) * 64).collect();
            let mixed: Vec<usize> = (0..rows).map(|row| row * 37 % rows * 64).collect();
            for starts in [&even, &gaps, &turned, &mixed] {
                compare(&format!("int8: {rows} x {k} x {cols}"), |kernel| {
                    let mut out = numbers(rows * cols, 23);
                    kernel.matmul_int8(&a, starts, &packed, &mut out);
                    out
                });
            }
        }
    }
}

#[test]
fn the_largest_integers_do_not_overflow() {
    let packed = PackedInt8::new(&[1.0; 512], 512, 1, &[1.0; 512], 0);
    for kernel in Isa::ALL.into_iter().filter_map(Kernel::new) {
        let mut out = [0.0];
        kernel.matmul_int8(&[255; 512], &[0], &packed, &mut out);
        assert!((out[0] - 255.0 * 512.0).abs() < 1.0, "{out:?} on {}", kernel.isa());
    }
}

#[test]
fn an_int8_product_is_near_that_of_the_numbers() {
    let (x, steps) = (numbers(256, 20), vec![1.0 / 127.0; 256]);
    let (matrix, kernel) = (numbers(256 * 40, 21), Kernel::detect());
    let mut bytes = vec![0; 256];
    kernel.quantise(&x, &vec![127.0; 256], 128, &mut bytes);
    let (mut exact, mut near) = (vec![0.5; 40], vec![0.5; 40]);
    kernel.matmul(&x, &[0], &Packed::new(&matrix, 256, 40), &mut exact);
    kernel.matmul_int8(&bytes, &[0], &PackedInt8::new(&matrix, 256, 40, &steps, 128), &mut near);
    for (exact, near) in exact.iter().zip(&near) {
        assert!((exact - near).abs() < 0.1, "{near}, not {exact}");
    }
}

#[test]
fn quantised_and_16_bit_numbers_of_all_lengths() {
    for length in 0..=70 {
        let inverse: Vec<f32> = numbers(length, 22).iter().map(|x| x * 200.0).collect();
        compare(&format!("{length} bytes and halves"), |kernel| {
            let x = numbers(length, 23);
            let (mut bytes, mut halves) = (vec![0; length], vec![0; length]);
            kernel.quantise(&x, &inverse, 128, &mut bytes);
            kernel.to_half(&x, &mut halves);
            let mut row_bytes = vec![0; length];
            let step = kernel.quantise_row(&x, 127.0, 128, &mut row_bytes);
            let bytes = bytes.into_iter().chain(row_bytes).map(f32::from);
            bytes.chain([step]).chain(halves.into_iter().map(f32::from)).collect()
        });
    }
    let mut bytes = [7; 3];
    Kernel::detect().quantise(&[f32::NAN, 1e30, -1e30], &[1.0; 3], 3, &mut bytes);
    assert_eq!(bytes, [0, 255, 0]);
}
