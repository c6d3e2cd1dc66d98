//! Coverage of two blocks anywhere in the document, also outside the corridor.

use std::ops::Range;

use super::{Lexical, SideWords, larger};

/// Maximum size of the tables of one side together; beyond it, fewer tables are cached.
const MAX_TABLE_SIZE: usize = 1 << 20;

/// The coverage of blocks of two runs of segments by each other.
///
/// What a block covers of the words of the other side is cached.
pub(crate) struct FarCoverage<'a> {
    lexical: &'a Lexical,
    by_src: Tables,
    by_tgt: Tables,
}

impl<'a> FarCoverage<'a> {
    /// Prepares for blocks of up to `max_block` segments inside two runs.
    pub(crate) fn new(
        lexical: &'a Lexical,
        [src, tgt]: [Range<usize>; 2],
        max_block: usize,
    ) -> Self {
        let [src_kinds, tgt_kinds] = [&lexical.src, &lexical.tgt].map(|side| side.matches.kinds());
        Self {
            lexical,
            by_src: Tables::new(src, max_block, tgt_kinds),
            by_tgt: Tables::new(tgt, max_block, src_kinds),
        }
    }

    /// Returns the mean of the covered shares of both blocks' words.
    ///
    /// It equals the mean of [`Lexical::coverage`], but is computed from the words.
    pub(crate) fn coverage(&mut self, src: Range<usize>, tgt: Range<usize>) -> f32 {
        let Lexical { src: src_words, tgt: tgt_words, .. } = self.lexical;
        let prior = self.lexical.prior;
        let of_tgt =
            covered(prior, tgt_words, tgt.clone(), self.by_src.table(src_words, src.clone()));
        (of_tgt + covered(prior, src_words, src, self.by_tgt.table(tgt_words, tgt))) / 2.0
    }
}

/// For blocks of one side, how well they match each kind of word of the other.
struct Tables {
    run: Range<usize>,
    max_block: usize,
    kinds: usize,
    /// The blocks and their tables; of blocks that share a slot, the last one.
    tables: Vec<(Range<usize>, Vec<f32>)>,
}

impl Tables {
    fn new(run: Range<usize>, max_block: usize, kinds: usize) -> Self {
        let slots = run.len() * max_block;
        let slots = if slots * kinds <= MAX_TABLE_SIZE { slots } else { max_block };
        Self { run, max_block, kinds, tables: vec![(0..0, Vec::new()); slots] }
    }

    /// Returns a block's table.
    fn table(&mut self, side: &SideWords, block: Range<usize>) -> &[f32] {
        let slot = (block.start - self.run.start) * self.max_block + block.len() - 1;
        let slot = slot % self.tables.len();
        let (known, table) = &mut self.tables[slot];
        if *known != block {
            for &(other, _) in matches(side, known.clone()) {
                table[other as usize] = 0.0;
            }
            table.resize(self.kinds, 0.0);
            for &(other, value) in matches(side, block.clone()) {
                let best = &mut table[other as usize];
                *best = larger(value, *best);
            }
            *known = block;
        }
        table
    }
}

/// Returns the matches of a block's words.
fn matches(side: &SideWords, block: Range<usize>) -> impl Iterator<Item = &(u32, f32)> {
    tokens(side, block).iter().flat_map(|&kind| side.matches.of(kind))
}

fn tokens(side: &SideWords, block: Range<usize>) -> &[u32] {
    &side.tokens[side.bounds[block.start]..side.bounds[block.end]]
}

/// Returns the share of the weight of a block's words that a block of the other side covers.
fn covered(prior: f32, side: &SideWords, block: Range<usize>, table: &[f32]) -> f32 {
    let (mut covered, mut weights) = (0.0_f32, prior);
    for &kind in tokens(side, block) {
        let weight = side.weights[kind as usize];
        covered += weight * table[kind as usize];
        weights += weight;
    }
    covered / weights
}
