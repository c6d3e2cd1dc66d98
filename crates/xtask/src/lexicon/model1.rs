//! IBM model 1 (Brown et al. 1993) over stems, in both directions at once.
//!
//! Each word of one side comes from some word of the other, or from none (NULL), whatever the
//! order; a few rounds of expectation and maximisation find which. The counts of fixed chunks are
//! summed in order, so the result is the same for any number of threads.

use rayon::prelude::*;

/// Chunks of the text, summed apart: their number decides the rounding, the threads do not.
const CHUNKS: usize = 4;

/// A text and its translation, as numbers of stems.
pub(super) struct Pair {
    pub(super) arabic: Vec<u32>,
    pub(super) english: Vec<u32>,
    /// How often the pair counts.
    pub(super) weight: f64,
}

/// One number for each pair of stems that meet, and for each stem with NULL.
struct Table {
    cells: Vec<f64>,
    null: Vec<f64>,
}

/// The probabilities that were learned.
pub(super) struct Model {
    /// By cell: the two stems, ordered.
    stems: Vec<(u32, u32)>,
    /// The English stem given the Arabic one.
    english: Vec<f64>,
    /// The Arabic stem given the English one.
    arabic: Vec<f64>,
}

impl Model {
    /// Learns from the pairs; `counts` are the numbers of Arabic and English stems.
    pub(super) fn train(pairs: &[Pair], counts: (usize, usize), rounds: usize, doubt: f64) -> Self {
        let stems = meetings(pairs);
        let cells = cells(pairs, &stems, counts.0);
        let mut english = Table { cells: vec![1.0; stems.len()], null: vec![1.0; counts.1] };
        let mut arabic = Table { cells: vec![1.0; stems.len()], null: vec![1.0; counts.0] };
        for _ in 0..rounds {
            (english, arabic) = expect(pairs, &cells, &english, &arabic);
            maximise(&mut english, |cell| stems[cell].0, counts.0, doubt);
            maximise(&mut arabic, |cell| stems[cell].1, counts.1, doubt);
        }
        Self { stems, english: english.cells, arabic: arabic.cells }
    }

    /// Gives the two stems and the geometric mean of the two probabilities, ordered by stem.
    pub(super) fn similarities(&self) -> impl Iterator<Item = (u32, u32, f32)> {
        self.stems
            .iter()
            .zip(self.english.iter().zip(&self.arabic))
            .map(|(&(arabic, english), (to, from))| (arabic, english, (to * from).sqrt() as f32))
    }
}

/// Gives the pairs of stems that meet in some pair of texts, ordered.
fn meetings(pairs: &[Pair]) -> Vec<(u32, u32)> {
    let mut met: Vec<(u32, u32)> = pairs
        .iter()
        .flat_map(|pair| {
            pair.arabic.iter().flat_map(|&a| pair.english.iter().map(move |&e| (a, e)))
        })
        .collect();
    met.par_sort_unstable();
    met.dedup();
    met
}

/// Gives the cell of each Arabic word with each English word, text by text.
fn cells(pairs: &[Pair], stems: &[(u32, u32)], arabic: usize) -> Vec<Vec<u32>> {
    let starts: Vec<usize> =
        (0..=arabic as u32).map(|a| stems.partition_point(|&(of, _)| of < a)).collect();
    let cell = |a: u32, e: u32| {
        let start = starts[a as usize];
        let row = &stems[start..starts[a as usize + 1]];
        (start + row.partition_point(|&(_, of)| of < e)) as u32
    };
    pairs
        .par_iter()
        .map(|pair| {
            pair.arabic
                .iter()
                .flat_map(|&a| pair.english.iter().map(move |&e| cell(a, e)))
                .collect()
        })
        .collect()
}

/// Counts, for each cell, how often one stem came from the other: of the English and the Arabic.
fn expect(pairs: &[Pair], cells: &[Vec<u32>], english: &Table, arabic: &Table) -> (Table, Table) {
    let size = pairs.len().div_ceil(CHUNKS);
    let counts: Vec<(Table, Table)> = pairs
        .par_chunks(size)
        .zip(cells.par_chunks(size))
        .map(|(pairs, cells)| expect_chunk(pairs, cells, english, arabic))
        .collect();
    counts
        .into_iter()
        .reduce(|(mut english, mut arabic), (more_english, more_arabic)| {
            add(&mut english.cells, &more_english.cells);
            add(&mut english.null, &more_english.null);
            add(&mut arabic.cells, &more_arabic.cells);
            add(&mut arabic.null, &more_arabic.null);
            (english, arabic)
        })
        .expect("there are pairs")
}

fn add(sums: &mut [f64], more: &[f64]) {
    sums.par_iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

fn expect_chunk(
    pairs: &[Pair],
    cells: &[Vec<u32>],
    english: &Table,
    arabic: &Table,
) -> (Table, Table) {
    let empty =
        |of: &Table| Table { cells: vec![0.0; of.cells.len()], null: vec![0.0; of.null.len()] };
    let (mut to_english, mut to_arabic) = (empty(english), empty(arabic));
    for (pair, cells) in pairs.iter().zip(cells) {
        let width = pair.english.len();
        if width == 0 || pair.arabic.is_empty() {
            continue;
        }
        for (column, &e) in pair.english.iter().enumerate() {
            let column = || cells[column..].iter().step_by(width).map(|&cell| cell as usize);
            let null = english.null[e as usize];
            let share = pair.weight / (null + column().map(|c| english.cells[c]).sum::<f64>());
            to_english.null[e as usize] += null * share;
            column().for_each(|c| to_english.cells[c] += english.cells[c] * share);
        }
        for (&a, row) in pair.arabic.iter().zip(cells.chunks(width)) {
            let row = || row.iter().map(|&cell| cell as usize);
            let null = arabic.null[a as usize];
            let share = pair.weight / (null + row().map(|c| arabic.cells[c]).sum::<f64>());
            to_arabic.null[a as usize] += null * share;
            row().for_each(|c| to_arabic.cells[c] += arabic.cells[c] * share);
        }
    }
    (to_english, to_arabic)
}

/// Turns counts into probabilities given the stem that `given` tells for a cell.
fn maximise(table: &mut Table, given: impl Fn(usize) -> u32, count: usize, doubt: f64) {
    let mut sums = vec![doubt; count];
    for (cell, times) in table.cells.iter().enumerate() {
        sums[given(cell) as usize] += times;
    }
    for (cell, times) in table.cells.iter_mut().enumerate() {
        *times /= sums[given(cell) as usize];
    }
    let sum = doubt + table.null.iter().sum::<f64>();
    table.null.iter_mut().for_each(|times| *times /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(arabic: &[u32], english: &[u32]) -> Pair {
        Pair { arabic: arabic.to_vec(), english: english.to_vec(), weight: 1.0 }
    }

    /// Arabic 0, 1, 2 are English 2, 1, 0; English 3 is in every text.
    fn corpus() -> Vec<Pair> {
        let texts: [(&[u32], &[u32]); 5] = [
            (&[0, 1], &[2, 1, 3]),
            (&[1, 2], &[1, 0, 3]),
            (&[0, 2], &[3, 2, 0]),
            (&[2], &[0, 3]),
            (&[], &[3]),
        ];
        texts.map(|(arabic, english)| pair(arabic, english)).into()
    }

    #[test]
    fn words_that_always_meet_translate_each_other() {
        let model = Model::train(&corpus(), (3, 4), 6, 0.5);
        for arabic in 0..3 {
            let (_, best, _) = model
                .similarities()
                .filter(|&(a, _, _)| a == arabic)
                .max_by(|x, y| x.2.total_cmp(&y.2))
                .unwrap();
            assert_eq!(best, 2 - arabic);
        }
    }

    #[test]
    fn threads_change_nothing() {
        let many: Vec<Pair> = (0..50).flat_map(|_| corpus()).collect();
        let learn = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| Model::train(&many, (3, 4), 6, 0.5).similarities().collect::<Vec<_>>())
        };
        assert_eq!(learn(1), learn(7));
    }
}
