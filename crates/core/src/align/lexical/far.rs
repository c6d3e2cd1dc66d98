//! Coverage of two blocks anywhere in the document, outside the corridor too.

use std::ops::Range;

use super::{Lexical, SideWords, greater};

/// Numbers that the tables of one side may hold together; with more, blocks are looked at anew.
const MOST_NUMBERS: usize = 1 << 20;

/// The coverage of blocks of two runs of segments by each other.
///
/// What a block covers of all words of the other side is kept while its run is looked at.
pub(crate) struct FarCoverage<'a> {
    lexical: &'a Lexical,
    by_src: Tables,
    by_tgt: Tables,
}

impl<'a> FarCoverage<'a> {
    /// Prepares for blocks of up to `longest` segments inside two runs.
    pub(crate) fn new(lexical: &'a Lexical, [src, tgt]: [Range<usize>; 2], longest: usize) -> Self {
        let [src_kinds, tgt_kinds] = [&lexical.src, &lexical.tgt].map(|side| side.matches.kinds());
        Self {
            lexical,
            by_src: Tables::new(src, longest, tgt_kinds),
            by_tgt: Tables::new(tgt, longest, src_kinds),
        }
    }

    /// Gives the mean of the covered shares of both blocks' words.
    ///
    /// The same as the mean of [`Lexical::coverage`], worked out from the words.
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
    longest: usize,
    kinds: usize,
    /// The blocks and their tables; of blocks that share a place the last.
    tables: Vec<(Range<usize>, Vec<f32>)>,
}

impl Tables {
    fn new(run: Range<usize>, longest: usize, kinds: usize) -> Self {
        let places = run.len() * longest;
        let places = if places * kinds <= MOST_NUMBERS { places } else { longest };
        Self { run, longest, kinds, tables: vec![(0..0, Vec::new()); places] }
    }

    /// Gives a block's table.
    fn table(&mut self, side: &SideWords, block: Range<usize>) -> &[f32] {
        let place = (block.start - self.run.start) * self.longest + block.len() - 1;
        let place = place % self.tables.len();
        let (known, table) = &mut self.tables[place];
        if *known != block {
            for &(other, _) in matches(side, known.clone()) {
                table[other as usize] = 0.0;
            }
            table.resize(self.kinds, 0.0);
            for &(other, value) in matches(side, block.clone()) {
                let best = &mut table[other as usize];
                *best = greater(value, *best);
            }
            *known = block;
        }
        table
    }
}

/// Gives the matches of a block's words.
fn matches(side: &SideWords, block: Range<usize>) -> impl Iterator<Item = &(u32, f32)> {
    tokens(side, block).iter().flat_map(|&kind| side.matches.of(kind))
}

fn tokens(side: &SideWords, block: Range<usize>) -> &[u32] {
    &side.tokens[side.bounds[block.start]..side.bounds[block.end]]
}

/// Gives the share of the weight of a block's words that a block of the other side covers.
fn covered(prior: f32, side: &SideWords, block: Range<usize>, table: &[f32]) -> f32 {
    let (mut covered, mut weights) = (0.0_f32, prior);
    for &kind in tokens(side, block) {
        let weight = side.weights[kind as usize];
        covered += weight * table[kind as usize];
        weights += weight;
    }
    covered / weights
}
