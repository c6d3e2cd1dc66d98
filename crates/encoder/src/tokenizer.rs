//! Text to piece ids: a SentencePiece unigram model (Kudo 2018).

mod normalise;
mod trie;

use crate::error::Result;
use crate::model::{Tensors, bad};
use normalise::{CharsMap, character_width};
use trie::Trie;

/// A piece of the vocabulary, by its number there.
pub(crate) type PieceId = u32;

/// The piece of a character that no piece holds.
pub(crate) const UNKNOWN: PieceId = 0;
/// Stands before the first piece of a text.
pub(crate) const BEGIN: PieceId = 1;
/// Stands after the last piece of a text.
pub(crate) const END: PieceId = 2;

/// Splits text into the pieces whose scores have the greatest sum.
pub struct Tokenizer {
    map: CharsMap,
    trie: Trie,
    scores: Vec<f32>,
    unknown_score: f64,
}

/// Buffers of [`Tokenizer::pieces_with`], to keep between texts.
#[derive(Default)]
pub(crate) struct Scratch {
    text: Vec<u8>,
    best: Vec<Step>,
}

/// The best way to reach one byte of the text.
#[derive(Clone, Copy)]
struct Step {
    score: f64,
    start: usize,
    piece: PieceId,
}

impl Tokenizer {
    pub(crate) fn new(tensors: &Tensors<'_>) -> Result<Self> {
        const MAP: &str = "tokenizer.charsmap";
        const TRIE: &str = "tokenizer.trie";
        let map = CharsMap::new(tensors.bytes(MAP, 1)?)
            .ok_or_else(|| bad(MAP, "shorter than it says".to_owned()))?;
        let scores = tensors.floats("tokenizer.scores", None)?;
        let trie = Trie::new(tensors.integers(TRIE, None)?, scores.len())
            .ok_or_else(|| bad(TRIE, "a value beyond the vocabulary".to_owned()))?;
        let least = scores.iter().copied().fold(0.0_f32, f32::min);
        Ok(Self { map, trie, scores, unknown_score: f64::from(least) - 10.0 })
    }

    /// Gives the ids of a text's pieces, without the marks of begin and end.
    ///
    /// A character that no piece holds is one 0. A text of nothing but white space gives none.
    #[must_use]
    pub fn pieces(&self, text: &str) -> Vec<u32> {
        let mut out = Vec::new();
        self.pieces_with(&mut Scratch::default(), text, &mut out);
        out
    }

    /// Gives the size of the vocabulary: ids are below it.
    pub(crate) fn vocabulary(&self) -> usize {
        self.scores.len()
    }

    /// Appends the ids of a text's pieces to `out`.
    pub(crate) fn pieces_with(&self, scratch: &mut Scratch, text: &str, out: &mut Vec<PieceId>) {
        let Scratch { text: normal, best } = scratch;
        self.map.normalise(text, normal);
        let unreached = Step { score: f64::NEG_INFINITY, start: 0, piece: UNKNOWN };
        best.clear();
        best.resize(normal.len() + 1, unreached);
        best[0].score = 0.0;

        let mut start = 0;
        while start < normal.len() {
            let base = best[start].score;
            let width = character_width(normal[start]).min(normal.len() - start);
            let mut has_single = false;
            // Sums are 64-bit and the first of equals wins, as in the reference.
            let mut offer = |end: usize, score: f64, piece: PieceId| {
                if score > best[end].score {
                    best[end] = Step { score, start, piece };
                }
            };
            self.trie.prefixes(&normal[start..], |length, piece| {
                has_single |= length == width;
                let score = self.scores.get(piece as usize).copied().unwrap_or(0.0);
                offer(start + length, base + f64::from(score), piece);
            });
            if !has_single {
                offer(start + width, base + self.unknown_score, UNKNOWN);
            }
            start += width;
        }

        let first = out.len();
        let mut end = normal.len();
        while end > 0 {
            out.push(best[end].piece);
            end = best[end].start;
        }
        out[first..].reverse();
    }
}
