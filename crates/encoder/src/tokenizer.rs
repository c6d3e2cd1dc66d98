//! Text to token ids: a SentencePiece unigram model (Kudo 2018).

mod normalise;
mod trie;

use crate::error::Result;
use crate::model::{Tensors, bad};
use normalise::{CharsMap, character_width};
use trie::Trie;

/// Index of a token in the vocabulary.
pub(crate) type TokenId = u32;

/// The token for a character that is in no other token.
pub(crate) const UNKNOWN: TokenId = 0;
/// The token before the first one of a text.
pub(crate) const BEGIN: TokenId = 1;
/// The token after the last one of a text.
pub(crate) const END: TokenId = 2;

/// Max. size of the vocabulary: tables are allocated for all tokens.
const MAX_VOCABULARY: usize = 1 << 20;

/// Splits text into the tokens whose scores have the maximum sum.
pub struct Tokenizer {
    map: CharsMap,
    trie: Trie,
    scores: Vec<f32>,
    unknown_score: f64,
}

/// Buffers of [`Tokenizer::tokens_with`], reused between texts.
#[derive(Default)]
pub(crate) struct TokenizerScratch {
    text: Vec<u8>,
    best: Vec<TokenStep>,
}

/// The last step of the best path to one byte of the text.
#[derive(Clone, Copy)]
struct TokenStep {
    score: f64,
    start: usize,
    token: TokenId,
}

impl Tokenizer {
    pub(crate) fn new(tensors: &Tensors<'_>) -> Result<Self> {
        const MAP: &str = "tokenizer.charsmap";
        const TRIE: &str = "tokenizer.trie";
        const SCORES: &str = "tokenizer.scores";
        let map = CharsMap::new(tensors.bytes(MAP, 1)?).ok_or_else(|| {
            bad(MAP, "shorter than its header says, or a replacement is too long".to_owned())
        })?;
        let scores = tensors.floats(SCORES, None)?;
        if scores.len() > MAX_VOCABULARY {
            return Err(bad(
                SCORES,
                format!("{} tokens, more than {MAX_VOCABULARY}", scores.len()),
            ));
        }
        if scores.iter().any(|score| !score.is_finite()) {
            return Err(bad(SCORES, "a score that is not finite".to_owned()));
        }
        let trie = Trie::new(tensors.integers(TRIE, None)?, scores.len())
            .ok_or_else(|| bad(TRIE, "a value beyond the vocabulary".to_owned()))?;
        let min_score = scores.iter().copied().fold(0.0_f32, f32::min);
        Ok(Self { map, trie, scores, unknown_score: f64::from(min_score) - 10.0 })
    }

    /// Returns the token ids of a text, without those that mark its begin and end.
    ///
    /// A character that is in no token has the id 0. Text that is only white space has no tokens.
    #[must_use]
    pub fn tokens(&self, text: &str) -> Vec<u32> {
        let mut out = Vec::new();
        self.tokens_with(&mut TokenizerScratch::default(), text, &mut out);
        out
    }

    /// Returns the size of the vocabulary: all ids are below it.
    pub(crate) fn vocabulary(&self) -> usize {
        self.scores.len()
    }

    /// Appends the token ids of a text to `out`.
    pub(crate) fn tokens_with(
        &self,
        scratch: &mut TokenizerScratch,
        text: &str,
        out: &mut Vec<TokenId>,
    ) {
        let TokenizerScratch { text: normal, best } = scratch;
        self.map.normalise(text, normal);
        let unreached = TokenStep { score: f64::NEG_INFINITY, start: 0, token: UNKNOWN };
        best.clear();
        best.resize(normal.len() + 1, unreached);
        best[0].score = 0.0;

        let mut start = 0;
        while start < normal.len() {
            let base = best[start].score;
            let width = character_width(normal[start]).min(normal.len() - start);
            let mut has_single = false;
            // Sums are 64-bit, and the first of equal sums wins, as in the reference.
            let mut offer = |end: usize, score: f64, token: TokenId| {
                if score > best[end].score {
                    best[end] = TokenStep { score, start, token };
                }
            };
            self.trie.prefixes(&normal[start..], |length, token| {
                has_single |= length == width;
                let score = self.scores.get(token as usize).copied().unwrap_or(0.0);
                offer(start + length, base + f64::from(score), token);
            });
            if !has_single {
                offer(start + width, base + self.unknown_score, UNKNOWN);
            }
            start += width;
        }

        let first = out.len();
        let mut end = normal.len();
        while end > 0 {
            out.push(best[end].token);
            end = best[end].start;
        }
        out[first..].reverse();
    }
}
