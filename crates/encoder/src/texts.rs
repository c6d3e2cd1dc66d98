//! Vectors of texts that are encoded by themselves.

use std::ops::Range;

use rayon::prelude::*;

use crate::document::{CHUNK, SHORT, with_scratch};
use crate::encoder::CnnEncoder;
use crate::family::{Family, Part, families};
use crate::head::VECTOR;
use crate::network::{Batch, FEATURES, NetworkScratch, REACH};
use crate::stage::{Stage, Work, timed};
use crate::tokenizer::{BEGIN, END, TokenId, UNKNOWN};

/// Min. and max. number of tokens of texts that are encoded together. The weights of the head and
/// those for tokens that the table lacks, 4 MB, are read once for all of them.
const MIN_JOB: usize = 256;
const MAX_JOB: usize = 2048;
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
    let job = (total / (JOBS_PER_THREAD * rayon::current_num_threads())).clamp(MIN_JOB, MAX_JOB);
    let parts: Vec<(Vec<usize>, Vec<f32>)> = ranges(families, length, job)
        .into_par_iter()
        .map(|range| encode_job(encoder, texts, &families[range]))
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
) -> (Vec<usize>, Vec<f32>) {
    let kernel = encoder.kernel();
    with_scratch(|scratch| {
        let mut sums = std::mem::take(&mut scratch.sums);
        let (indices, lengths) = match families {
            [Family { whole, .. }] if texts[*whole].len() > CHUNK => {
                let length = sum_long(encoder, scratch, texts[*whole], &mut sums);
                (vec![*whole], vec![length])
            }
            families => sum_texts(encoder, scratch, texts, families, &mut sums),
        };
        let mut vectors = encoder.head().fold(kernel, &mut scratch.head, &sums);
        scratch.sums = sums;
        encoder.head().vectors(kernel, &mut scratch.head, &mut vectors, &lengths);
        (indices, vectors)
    })
}

/// Writes the sum of the features of a text of many tokens, chunk by chunk: the table need not have
/// all of its tokens. Returns the number of tokens.
fn sum_long(
    encoder: &CnnEncoder,
    scratch: &mut NetworkScratch,
    text: &[TokenId],
    sum: &mut Vec<f32>,
) -> usize {
    let kernel = encoder.kernel();
    sum.clear();
    sum.resize(FEATURES, 0.0);
    let tokens: Vec<TokenId> =
        [BEGIN].into_iter().chain(text.iter().copied()).chain([END]).collect();
    for from in (0..tokens.len()).step_by(CHUNK) {
        let to = (from + CHUNK).min(tokens.len());
        let (low, high) = (from.saturating_sub(REACH), (to + REACH).min(tokens.len()));
        let mut batch = Batch::default();
        let first = batch.push(tokens[low..high].iter().copied());
        let rows: Vec<usize> = (first + from - low..first + to - low).collect();
        encoder.network().features(kernel, scratch, &batch, &rows, 0, |features| {
            let features = features.of(features.tile.clone());
            timed(Stage::Sums, sum_work(features.len()), || kernel.add_rows(sum, features));
        });
    }
    tokens.len()
}

/// Writes the sums of the features of the texts of some families. Returns the indices of the texts,
/// in the order of the sums, and their numbers of tokens.
fn sum_texts(
    encoder: &CnnEncoder,
    scratch: &mut NetworkScratch,
    texts: &[&[TokenId]],
    families: &[Family],
    sums: &mut Vec<f32>,
) -> (Vec<usize>, Vec<usize>) {
    let kernel = encoder.kernel();
    let mut group = GroupRows::default();
    families.iter().for_each(|family| group.add(texts, family));
    let GroupRows { batch, rows, texts } = group;
    sums.clear();
    sums.resize(texts.len() * FEATURES, 0.0);
    encoder.network().features(kernel, scratch, &batch, &rows, 0, |features| {
        timed(Stage::Sums, sum_work(features.tile.len() * FEATURES), || {
            for (sum, text) in sums.chunks_exact_mut(FEATURES).zip(&texts) {
                text.rows.iter().for_each(|rows| kernel.add_rows(sum, features.in_tile(rows)));
            }
        });
    });
    let lengths = texts.iter().map(|text| text.rows.iter().map(Range::len).sum()).collect();
    (texts.into_iter().map(|text| text.text).collect(), lengths)
}

/// Returns the work of adding up some features.
fn sum_work(numbers: usize) -> Work {
    Work { multiply_adds: 0, bytes: 4 * numbers }
}

/// A text whose features are computed: the ranges of rows whose sum it has, which ascend.
struct TextRows {
    text: usize,
    rows: [Range<usize>; 2],
}

/// The rows of a batch whose features are computed.
#[derive(Default)]
struct GroupRows {
    batch: Batch,
    rows: Vec<usize>,
    texts: Vec<TextRows>,
}

impl GroupRows {
    /// Adds the rows of a text and of its parts. The sum of a text is computed in the order of its
    /// rows, so what is new in an end of the text is before the text, and in a start after it.
    fn add(&mut self, texts: &[&[TokenId]], family: &Family) {
        let whole = match texts[family.whole] {
            [] => &[UNKNOWN],
            tokens => tokens,
        };
        let (starts, ends): (Vec<Part>, Vec<Part>) =
            family.parts.iter().partition(|part| part.is_start);
        // Next to the cut are BEGIN or END and the tokens that they reach.
        let mut new_of_ends = Vec::with_capacity(ends.len());
        for part in &ends {
            let ahead = &whole[whole.len() - texts[part.text].len()..][..SHORT];
            let row = self.batch.push([BEGIN].into_iter().chain(ahead.iter().copied()));
            new_of_ends.push(self.add_rows(row..row + REACH + 1));
        }
        let row = self.batch.push([BEGIN].into_iter().chain(whole.iter().copied()).chain([END]));
        let own = self.add_rows(row..row + whole.len() + 2);
        self.texts.push(TextRows { text: family.whole, rows: [own.clone(), own.end..own.end] });
        for (part, new) in ends.iter().zip(new_of_ends) {
            let kept = texts[part.text].len() - REACH;
            let rows = [new, own.end - 1 - kept..own.end];
            self.texts.push(TextRows { text: part.text, rows });
        }
        for part in &starts {
            let length = texts[part.text].len();
            let behind = &whole[length - SHORT..length];
            let row = self.batch.push(behind.iter().copied().chain([END]));
            let new = self.add_rows(row + SHORT - REACH..row + SHORT + 1);
            let rows = [own.start..own.start + 1 + length - REACH, new];
            self.texts.push(TextRows { text: part.text, rows });
        }
    }

    /// Adds rows of the batch, and returns their indices among those whose features are computed.
    fn add_rows(&mut self, rows: Range<usize>) -> Range<usize> {
        let first = self.rows.len();
        self.rows.extend(rows);
        first..self.rows.len()
    }
}
