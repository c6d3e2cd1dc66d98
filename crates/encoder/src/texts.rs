//! Vectors of texts that are encoded by themselves.

use std::ops::Range;

use nasaq_kernels::Kernel;
use rayon::prelude::*;

use crate::document::{CHUNK, SHORT, with_scratch};
use crate::encoder::CnnEncoder;
use crate::family::{Family, families};
use crate::head::VECTOR;
use crate::network::{Batch, FEATURES, NetworkScratch, REACH};
use crate::stage::{Stage, Work, timed};
use crate::tokenizer::{BEGIN, END, TokenId, UNKNOWN};

/// Tokens of texts whose features are computed together: these, 5 kB per token, stay in the cache.
const GROUP: usize = 256;
/// Max. number of tokens of texts whose sums pass the head together: its weights, 1.7 MB, are read
/// for each of these jobs. Their sums, 5 kB per text, are in memory until then.
const JOB: usize = 16 * GROUP;
/// Min. number of jobs for each thread, so that no thread waits long for the others.
const JOBS_PER_THREAD: usize = 4;

/// Divides texts into families whose tokens can be encoded together.
pub(crate) fn families_of(texts: &[&str], tokens: &[&[TokenId]]) -> Vec<Family> {
    families(texts, tokens, SHORT..=CHUNK)
}

/// Encodes each text by itself. Tokens that a text shares with one that it is the start or the end
/// of are encoded once.
pub(crate) fn encode_texts(
    encoder: &CnnEncoder,
    texts: &[&[TokenId]],
    families: &[Family],
) -> Vec<f32> {
    let length = |family: &Family| texts[family.whole].len() + 2 + family.parts.len() * (SHORT + 1);
    let total: usize = families.iter().map(length).sum();
    // The division into jobs does not change the vectors.
    let job = (total / (JOBS_PER_THREAD * rayon::current_num_threads())).clamp(GROUP, JOB);
    let parts: Vec<(Vec<usize>, Vec<f32>)> = ranges(families, length, job)
        .into_par_iter()
        .map(|range| encode_job(encoder, texts, &families[range], length))
        .collect();
    let mut vectors = vec![0.0; texts.len() * VECTOR];
    for (texts, found) in parts {
        for (text, vector) in texts.into_iter().zip(found.chunks_exact(VECTOR)) {
            vectors[text * VECTOR..][..VECTOR].copy_from_slice(vector);
        }
    }
    vectors
}

/// Divides families into ranges of at most `max` tokens; one with more tokens is alone.
fn ranges(families: &[Family], length: impl Fn(&Family) -> usize, max: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let (mut first, mut tokens) = (0, 0);
    for (i, family) in families.iter().enumerate() {
        let length = length(family);
        if tokens + length > max && i > first {
            ranges.push(first..i);
            (first, tokens) = (i, 0);
        }
        tokens += length;
    }
    if first < families.len() {
        ranges.push(first..families.len());
    }
    ranges
}

/// Encodes the texts of some families, and returns their indices and their vectors.
fn encode_job(
    encoder: &CnnEncoder,
    texts: &[&[TokenId]],
    families: &[Family],
    length: impl Fn(&Family) -> usize,
) -> (Vec<usize>, Vec<f32>) {
    let kernel = encoder.kernel();
    with_scratch(|scratch| {
        let mut sums =
            TextSums { numbers: std::mem::take(&mut scratch.sums), ..TextSums::default() };
        sums.numbers.clear();
        for range in ranges(families, length, GROUP) {
            match &families[range] {
                [Family { whole, .. }] if texts[*whole].len() > CHUNK => {
                    sums.add_long(encoder, scratch, *whole, texts[*whole]);
                }
                families => sums.add_group(encoder, scratch, texts, families),
            }
        }
        let TextSums { texts, lengths, numbers } = sums;
        let mut vectors = encoder.head().fold(kernel, &numbers);
        scratch.sums = numbers;
        encoder.head().vectors(kernel, &mut scratch.head, &mut vectors, &lengths);
        (texts, vectors)
    })
}

/// Sums of the features of texts.
#[derive(Default)]
struct TextSums {
    /// The index of each text.
    texts: Vec<usize>,
    /// The number of tokens of each text.
    lengths: Vec<usize>,
    numbers: Vec<f32>,
}

impl TextSums {
    /// Adds a text and returns its sum, which is zero.
    fn push(&mut self, text: usize, length: usize) -> &mut [f32] {
        self.texts.push(text);
        self.lengths.push(length);
        let first = self.numbers.len();
        self.numbers.resize(first + FEATURES, 0.0);
        &mut self.numbers[first..]
    }

    /// Adds a text of many tokens, chunk by chunk: its features take 5 kB per token.
    fn add_long(
        &mut self,
        encoder: &CnnEncoder,
        scratch: &mut NetworkScratch,
        index: usize,
        text: &[TokenId],
    ) {
        let kernel = encoder.kernel();
        let tokens: Vec<TokenId> =
            [BEGIN].into_iter().chain(text.iter().copied()).chain([END]).collect();
        let sum = self.push(index, tokens.len());
        for from in (0..tokens.len()).step_by(CHUNK) {
            let to = (from + CHUNK).min(tokens.len());
            let (low, high) = (from.saturating_sub(REACH), (to + REACH).min(tokens.len()));
            let mut batch = Batch::default();
            let first = batch.push(tokens[low..high].iter().copied());
            let rows: Vec<usize> = (first + from - low..first + to - low).collect();
            encoder.network().features(kernel, scratch, &batch, &rows);
            kernel.add_rows(sum, &scratch.features);
        }
    }

    /// Adds the texts of some families.
    fn add_group(
        &mut self,
        encoder: &CnnEncoder,
        scratch: &mut NetworkScratch,
        texts: &[&[TokenId]],
        families: &[Family],
    ) {
        let kernel = encoder.kernel();
        let mut group = GroupRows::default();
        families.iter().for_each(|family| group.add(texts, family));
        encoder.network().features(kernel, scratch, &group.batch, &group.rows);
        for text in &group.texts {
            let length: usize = text.rows.iter().map(Range::len).sum();
            let work = Work { multiply_adds: 0, bytes: 4 * FEATURES * (length + 1) };
            let sum = self.push(text.text, length);
            timed(Stage::Sums, work, || text.add_to(kernel, &scratch.features, sum));
        }
    }
}

/// A text whose features are computed: the ranges of rows whose sum it has, in its order.
struct TextRows {
    text: usize,
    rows: [Range<usize>; 2],
}

impl TextRows {
    /// Adds the features of the text to its sum.
    fn add_to(&self, kernel: Kernel, features: &[f32], sum: &mut [f32]) {
        for rows in &self.rows {
            kernel.add_rows(sum, &features[rows.start * FEATURES..rows.end * FEATURES]);
        }
    }
}

/// The rows of a batch whose features are computed.
#[derive(Default)]
struct GroupRows {
    batch: Batch,
    rows: Vec<usize>,
    texts: Vec<TextRows>,
}

impl GroupRows {
    /// Adds the rows of a text and of its parts.
    fn add(&mut self, texts: &[&[TokenId]], family: &Family) {
        let whole = match texts[family.whole] {
            [] => &[UNKNOWN],
            tokens => tokens,
        };
        let first = self.rows.len();
        let row = self.batch.push([BEGIN].into_iter().chain(whole.iter().copied()).chain([END]));
        self.rows.extend(row..row + whole.len() + 2);
        let end = self.rows.len();
        self.texts.push(TextRows { text: family.whole, rows: [first..end, end..end] });
        for part in &family.parts {
            let length = texts[part.text].len();
            // Next to the cut are BEGIN or END and the tokens that they reach.
            let new = self.rows.len()..self.rows.len() + REACH + 1;
            let rows = if part.is_start {
                let behind = &whole[length - SHORT..length];
                let row = self.batch.push(behind.iter().copied().chain([END]));
                self.rows.extend(row + SHORT - REACH..=row + SHORT);
                [first..first + 1 + length - REACH, new]
            } else {
                let ahead = &whole[whole.len() - length..][..SHORT];
                let row = self.batch.push([BEGIN].into_iter().chain(ahead.iter().copied()));
                self.rows.extend(row..=row + REACH);
                [new, end - 1 - (length - REACH)..end]
            };
            self.texts.push(TextRows { text: part.text, rows });
        }
    }
}
