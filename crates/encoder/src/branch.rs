//! A branch of the network: two convolutions over windows of tokens.

use std::ops::Range;

use nasaq_kernels::{HalfSum, Int8Inputs, Kernel, ReadAhead, Residual};

use crate::embedding::EMBEDDING;
use crate::error::Result;
use crate::layer::{LinearLayer, Matrix, Mode, Scale};
use crate::model::Tensors;
use crate::network::{BRANCHES, FEATURES, MARGIN, WIDTH, resize};
use crate::stage::{Stage, Work, timed};
use crate::token_layers::BRANCHES_WIDTH;

/// Max. number of window positions of a branch.
const MAX_POSITIONS: usize = 5;

/// One branch of the network.
pub(crate) struct Branch {
    /// Index of the branch.
    index: usize,
    /// Tokens before the current one in the window.
    left: usize,
    /// Tokens after it.
    right: usize,
    /// Index of the branch's first window position among those of all branches.
    first_position: usize,
    /// The column of the features where its output starts.
    pub(crate) column: usize,
    first_bias: Vec<f32>,
    /// The second convolution, with the matrices of its window positions stacked.
    second: LinearLayer,
    second_bias: Vec<f32>,
}

/// Buffers of [`Branch::run`].
#[derive(Default)]
pub(crate) struct BranchScratch {
    hidden: Vec<f32>,
    /// `hidden`, quantised.
    bytes: Vec<u8>,
    starts: Vec<usize>,
    out: Vec<f32>,
}

impl Branch {
    /// Loads the tensors of a branch, for a second convolution that computes in `mode`.
    pub(crate) fn new(tensors: &Tensors<'_>, index: usize, mode: Mode<'_>) -> Result<Self> {
        let positions = BRANCHES[index];
        let name = format!("branch{positions}");
        let rows = positions * WIDTH;
        let numbers = tensors.matrix(&format!("{name}.second"), rows, WIDTH)?;
        let second = [Matrix { numbers, rows, cols: WIDTH }];
        let left = (positions - 1) / 2;
        Ok(Self {
            index,
            left,
            right: positions - 1 - left,
            first_position: BRANCHES[..index].iter().sum(),
            column: EMBEDDING + index * WIDTH,
            first_bias: tensors.floats(&format!("{name}.first.bias"), Some(WIDTH))?,
            second: LinearLayer::new(mode, &second, |scales| {
                Scale::of_branch(&scales.branches[index])
            }),
            second_bias: tensors.floats(&format!("{name}.second.bias"), Some(WIDTH))?,
        })
    }

    /// Returns the max. inputs of the second convolution, where they were recorded.
    pub(crate) fn max_inputs(&self) -> Vec<f32> {
        self.second.max_inputs()
    }

    /// Writes the output of the branch for the `targets` rows of a batch, which ascend, to `out`:
    /// 256 numbers each, at distances of [`FEATURES`]. Meanwhile some of `ahead` is fetched.
    pub(crate) fn run(
        &self,
        kernel: Kernel,
        tokens: &[Option<&[u16]>],
        targets: &[usize],
        scratch: &mut BranchScratch,
        ahead: &mut ReadAhead<'_>,
        out: &mut [f32],
    ) {
        let rows = targets[0] - MARGIN..targets[targets.len() - 1] + MARGIN + 1;
        let BranchScratch { hidden, bytes, starts, .. } = scratch;
        starts.clear();
        starts.extend(targets.iter().map(|&row| (row - self.left - rows.start) * WIDTH));
        // Halves of the neighbours and of the token; numbers and their bytes.
        let positions = self.left + 1 + self.right;
        let row_bytes = (positions + 1) * WIDTH * 2 + WIDTH * 5;
        let work = Work { bytes: rows.len() * row_bytes, multiply_adds: 0 };
        timed(Stage::FirstConvolutions, work, || self.first(kernel, tokens, rows, hidden, bytes));
        let weights = positions * WIDTH * WIDTH;
        let number = if self.second.int8().is_some() { 1 } else { 4 };
        let work = Work {
            multiply_adds: targets.len() * weights,
            // The weights, the inputs, the numbers that are added, and the outputs.
            bytes: weights * number + targets.len() * (WIDTH * number + 8 * WIDTH),
        };
        timed(Stage::SecondConvolutions, work, || self.second(kernel, scratch, ahead, out));
    }

    /// Writes the second convolution to `out`.
    fn second(
        &self,
        kernel: Kernel,
        scratch: &mut BranchScratch,
        ahead: &mut ReadAhead<'_>,
        out: &mut [f32],
    ) {
        let BranchScratch { hidden, bytes, starts, out: dense } = scratch;
        let skip = &hidden[self.left * WIDTH..];
        if let Some(([second], _)) = self.second.int8() {
            let inputs = Int8Inputs { bytes, starts };
            let residual = Residual { bias: &self.second_bias, skip };
            kernel.residual_int8(inputs, second, residual, ahead, out, FEATURES);
            return;
        }
        dense.clear();
        starts.iter().for_each(|_| dense.extend_from_slice(&self.second_bias));
        let input = self.second.input(kernel, hidden, WIDTH, bytes);
        self.second.add(kernel, 0, &input, starts, dense);
        let rows = dense.chunks_exact_mut(WIDTH).zip(out.chunks_mut(FEATURES));
        for ((dense, out), &start) in rows.zip(&*starts) {
            kernel.relu_add(dense, &skip[start..start + WIDTH]);
            out[..WIDTH].copy_from_slice(dense);
        }
    }

    /// Writes the first convolution of some rows to `hidden` and, for 8-bit integers, also quantised
    /// to `bytes`; rows without a token are zero.
    fn first(
        &self,
        kernel: Kernel,
        tokens: &[Option<&[u16]>],
        rows: Range<usize>,
        hidden: &mut Vec<f32>,
        bytes: &mut Vec<u8>,
    ) {
        let to = self.second.int8().map(|(_, scale)| scale.output());
        resize(hidden, rows.len() * WIDTH);
        resize(bytes, rows.len() * WIDTH);
        let outputs = hidden.chunks_exact_mut(WIDTH).zip(bytes.chunks_exact_mut(WIDTH));
        for (row, (out, bytes)) in rows.zip(outputs) {
            let Some(own) = tokens[row] else {
                out.fill(0.0);
                bytes.fill(to.map_or(0, |to| to.zero));
                continue;
            };
            let mut terms: [&[u16]; MAX_POSITIONS] = [&[]; MAX_POSITIONS];
            let mut count = 0;
            let window = &tokens[row - self.left..=row + self.right];
            for (position, neighbour) in window.iter().enumerate() {
                if let Some(token) = neighbour {
                    let at = BRANCHES_WIDTH + (self.first_position + position) * WIDTH;
                    terms[count] = &token[at..at + WIDTH];
                    count += 1;
                }
            }
            let sum = HalfSum {
                bias: &self.first_bias,
                terms: &terms[..count],
                skip: &own[self.index * WIDTH..][..WIDTH],
            };
            kernel.half_sum(&sum, out, to.map(|to| (to, bytes)));
        }
    }
}
