//! Kernels that do several steps of a layer have the bits of these steps, with every kernel.

use nasaq_kernels::{
    HalfSum, Int8Inputs, Int8Output, Isa, Kernel, PackedInt8, ReadAhead, Residual, RowSteps,
};
use proptest::prelude::*;

/// Returns all kernels of this CPU, the scalar one first.
fn kernels() -> Vec<Kernel> {
    Isa::ALL.into_iter().filter_map(Kernel::new).collect()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// A product: its matrix, its inputs, and where their rows start.
#[derive(Clone, Debug)]
struct Product {
    cols: usize,
    packed: PackedInt8,
    bytes: Vec<u8>,
    starts: Vec<usize>,
    /// Numbers at the offset of each input.
    before: Vec<f32>,
    /// Numbers for each column.
    columns: Vec<f32>,
}

impl Product {
    fn inputs(&self) -> Int8Inputs<'_> {
        Int8Inputs { bytes: &self.bytes, starts: &self.starts }
    }

    fn output(&self) -> Int8Output<'_> {
        Int8Output { inverse: &self.columns, zero: 3 }
    }

    /// Returns the values of the product by the scalar kernel.
    fn values(&self) -> Vec<f32> {
        let mut out = vec![0.0; self.starts.len() * self.cols];
        kernels()[0].matmul_int8(&self.bytes, &self.starts, &self.packed, &mut out);
        out
    }

    /// Returns the product added to what `before` of each row and column returns.
    fn added_to(&self, before: impl Fn(usize, usize) -> f32) -> Vec<f32> {
        let cells = |row| (0..self.cols).map(move |col| (row, col));
        let all = (0..self.starts.len()).flat_map(cells);
        let mut out: Vec<f32> = all.map(|(row, col)| before(row, col)).collect();
        kernels()[0].matmul_int8(&self.bytes, &self.starts, &self.packed, &mut out);
        out
    }
}

prop_compose! {
    /// Products of all remainders of tiles and panels, whose rows overlap.
    fn product()(
        rows in 0..30_usize, k in 1..90_usize, cols in 1..80_usize, step in 0..20_usize,
    )(
        matrix in prop::collection::vec(-1.0..1.0_f32, k * cols),
        bytes in prop::collection::vec(any::<u8>(), rows * step + k + 3),
        before in prop::collection::vec(-300.0..300.0_f32, rows * step + cols),
        columns in prop::collection::vec(-2.0..2.0_f32, cols),
        shape in Just((rows, k, cols, step)),
    ) -> Product {
        let (rows, k, cols, step) = shape;
        Product {
            cols,
            packed: PackedInt8::new(&matrix, k, cols, &vec![0.01; k], 128),
            bytes,
            starts: (0..rows).map(|row| row * step).collect(),
            before,
            columns,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 2 } else { 100 }))]

    #[test]
    fn a_product_is_written_as_added_to_zeros(it in product()) {
        for kernel in kernels() {
            let mut out = vec![f32::NAN; it.starts.len() * it.cols];
            kernel.write_int8(it.inputs(), &it.packed, &mut out);
            prop_assert_eq!(bits(&out), bits(&it.values()), "{}", kernel.isa());
        }
    }

    #[test]
    fn a_residual_layer_is_a_product_a_maximum_and_a_sum(it in product(), gap in 0..5_usize) {
        let stride = it.cols + gap;
        let mut expected = it.added_to(|_, col| it.columns[col]);
        for (row, &start) in expected.chunks_exact_mut(it.cols).zip(&it.starts) {
            kernels()[0].relu_add(row, &it.before[start..][..it.cols]);
        }
        let memory = vec![0_u16; 10_000];
        for kernel in kernels() {
            let mut ahead = ReadAhead::default();
            memory.chunks(700).for_each(|part| ahead.push(part));
            let mut out = vec![-7.0; it.starts.len() * stride];
            let residual = Residual { bias: &it.columns, skip: &it.before };
            let (inputs, ahead) = (it.inputs(), &mut ahead);
            kernel.residual_int8(inputs, &it.packed, residual, ahead, &mut out, stride);
            for (out, expected) in out.chunks_exact(stride).zip(expected.chunks_exact(it.cols)) {
                let (row, rest) = out.split_at(it.cols);
                prop_assert_eq!(bits(row), bits(expected), "{}", kernel.isa());
                prop_assert!(rest.iter().all(|&x| x == -7.0), "{}", kernel.isa());
            }
        }
    }

    #[test]
    fn scaled_rows_are_products_times_their_steps(it in product()) {
        let steps: Vec<f32> = (0..it.bytes.len()).map(|at| 0.5 + at as f32 * 0.01).collect();
        let mut expected = it.values();
        for (row, &start) in expected.chunks_exact_mut(it.cols).zip(&it.starts) {
            row.iter_mut().for_each(|value| *value = 0.0 + steps[start / 2] * *value);
        }
        let mut halves = vec![0; expected.len()];
        kernels()[0].to_half(&expected, &mut halves);
        for kernel in kernels() {
            let rows = RowSteps { steps: &steps, width: 2 };
            let mut out = vec![f32::NAN; expected.len()];
            kernel.scaled_int8(it.inputs(), rows, &it.packed, &mut out);
            prop_assert_eq!(bits(&out), bits(&expected), "{}", kernel.isa());
            let mut out = vec![7; expected.len()];
            kernel.scaled_int8_to_half(it.inputs(), rows, &it.packed, &mut out, it.cols);
            prop_assert_eq!(&out, &halves, "{}", kernel.isa());
        }
    }

    #[test]
    fn a_quantised_layer_is_a_product_a_maximum_and_a_quantisation(
        it in product(), has_before in any::<bool>()
    ) {
        let before = has_before.then_some(&*it.before);
        let mut expected =
            it.added_to(|row, col| before.map_or(0.0, |before| before[it.starts[row] + col]));
        expected.iter_mut().for_each(|value| *value = value.max(0.0));
        let mut bytes = vec![0; expected.len()];
        for (row, bytes) in expected.chunks_exact(it.cols).zip(bytes.chunks_exact_mut(it.cols)) {
            kernels()[0].quantise(row, &it.columns, 3, bytes);
        }
        for kernel in kernels() {
            let mut out = vec![77; expected.len()];
            kernel.relu_int8(it.inputs(), &it.packed, before, it.output(), &mut out);
            prop_assert_eq!(&out, &bytes, "{}", kernel.isa());
        }
    }

    #[test]
    fn a_sum_of_halves_has_the_bits_of_the_scalar_one(
        length in 0..150_usize,
        terms in prop::collection::vec(prop::collection::vec(any::<u16>(), 150), 0..6),
        bias in prop::collection::vec(-2.0..2.0_f32, 150),
        skip in prop::collection::vec(any::<u16>(), 150),
    ) {
        // The bits of NaN differ between CPUs.
        let finite = |half: &u16| if half & 0x7C00 == 0x7C00 { half & 0xFC00 } else { *half };
        let terms: Vec<Vec<u16>> =
            terms.iter().map(|term| term[..length].iter().map(finite).collect()).collect();
        let terms: Vec<&[u16]> = terms.iter().map(Vec::as_slice).collect();
        let skip: Vec<u16> = skip[..length].iter().map(|half| finite(half) & 0xFBFF).collect();
        let sum = HalfSum { bias: &bias[..length], terms: &terms, skip: &skip };
        let to = Int8Output { inverse: &bias[..length], zero: 128 };
        let run = |kernel: Kernel| {
            let (mut out, mut bytes) = (vec![f32::NAN; length], vec![7; length]);
            kernel.half_sum(&sum, &mut out, Some((to, &mut bytes)));
            let mut without = vec![f32::NAN; length];
            kernel.half_sum(&sum, &mut without, None);
            (bits(&out), bits(&without), bytes)
        };
        let expected = run(kernels()[0]);
        prop_assert_eq!(&expected.0, &expected.1);
        for kernel in kernels() {
            prop_assert_eq!(run(kernel), expected.clone(), "{}", kernel.isa());
        }
    }
}
