//! Rates a whole corpus in two passes over its rows, which need not fit in memory.
//!
//! The first pass, [`CorpusProfile::measure`], collects typical lengths and duplicates. The second,
//! [`CorpusScorer::rate`], rates the pairs in order. Neither knows where the rows come from.

use std::iter;

use crate::corpus::{CorpusBuilder, CorpusProfile, HeldOutTexts, PairObservation};
use crate::error::{Error, Result};
use crate::parallel;
use crate::scorer::{PairQuality, QUALITY_BLOCK_SIZE, QualityScorer, SentencePair};

/// The number of rows that are held in memory at once; their blocks are rated in parallel. Results
/// do not depend on it.
const CHUNK_ROWS: usize = 16 * QUALITY_BLOCK_SIZE;

impl CorpusProfile {
    /// Measures a corpus: the first pass. `pair` returns the pair of a row.
    ///
    /// Without `with_duplicates` only lengths are measured, in constant memory.
    ///
    /// # Errors
    /// Returns the first error of `rows`.
    pub fn measure<R: Sync, E>(
        rows: impl IntoIterator<Item = Result<R, E>>,
        pair: impl Fn(&R) -> SentencePair<'_> + Sync + Send,
        with_duplicates: bool,
    ) -> Result<Self, E> {
        let observe =
            if with_duplicates { PairObservation::new } else { PairObservation::lengths_only };
        let mut builder = CorpusBuilder::new(with_duplicates);
        let mut rows = rows.into_iter();
        loop {
            let chunk: Vec<R> = next_chunk(&mut rows)?;
            if chunk.is_empty() {
                return Ok(builder.build());
            }
            let observations = parallel::map(chunk.len(), |at| observe(&pair(&chunk[at])));
            for observation in &observations {
                builder.add(observation);
            }
        }
    }
}

/// A row of a corpus with the rating of its pair.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RatedRow<R> {
    /// The index of the row.
    pub index: u64,
    /// The row.
    pub row: R,
    /// The rating of its pair.
    pub quality: PairQuality,
    /// Whether one of its texts is in the test set, if there is one.
    pub overlap: Option<bool>,
}

/// Rates the rows of a corpus in order: the second pass.
///
/// ```
/// use nasaq_quality::{CorpusProfile, CorpusScorer, Error, SentencePair, QualityScorer};
/// use nasaq_text::Lexicon;
///
/// fn pair<'r>(row: &'r [&str; 2]) -> SentencePair<'r> {
///     SentencePair { arabic: row[0], english: row[1], kind: None }
/// }
///
/// let rows = [["وصل القطار.", "The train arrived."], ["شكراً لكم!", "Thank you!"]];
/// let rows = || rows.into_iter().map(Ok::<_, Error>);
///
/// let profile = CorpusProfile::measure(rows(), pair, true)?;
/// let scorer = CorpusScorer::new(QualityScorer::new(Lexicon::builtin(), None), profile);
/// for rated in scorer.rate(rows(), pair) {
///     let rated = rated?;
///     assert!(rated.quality.quality > 0.5, "{:?}", rated.row);
/// }
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct CorpusScorer<'e> {
    scorer: QualityScorer<'e>,
    profile: CorpusProfile,
    test_set: Option<HeldOutTexts>,
}

impl<'e> CorpusScorer<'e> {
    /// Creates a scorer for the corpus that `profile` was measured in.
    #[must_use]
    pub fn new(scorer: QualityScorer<'e>, profile: CorpusProfile) -> Self {
        Self { scorer, profile, test_set: None }
    }

    /// Also checks whether rows share a text with a test set.
    #[must_use]
    pub fn test_set(mut self, texts: HeldOutTexts) -> Self {
        self.test_set = Some(texts);
        self
    }

    /// Returns the scorer of the pairs.
    #[must_use]
    pub fn scorer(&self) -> &QualityScorer<'e> {
        &self.scorer
    }

    /// Rates rows in order; `pair` returns the pair of a row.
    ///
    /// Blocks of [`QUALITY_BLOCK_SIZE`] rows are compared with each other and rated in parallel. The
    /// iterator ends after the first error, either of `rows` or of the encoder.
    pub fn rate<R: Sync, E: From<Error>>(
        &self,
        rows: impl IntoIterator<Item = Result<R, E>>,
        pair: impl Fn(&R) -> SentencePair<'_>,
    ) -> impl Iterator<Item = Result<RatedRow<R>, E>> {
        let mut rows = rows.into_iter();
        let mut first = 0;
        let mut is_done = false;
        let mut rated = Vec::new().into_iter();
        iter::from_fn(move || {
            if let Some(row) = rated.next() {
                return Some(Ok(row));
            }
            if is_done {
                return None;
            }
            let chunk = next_chunk(&mut rows)
                .and_then(|chunk| self.rate_chunk(chunk, first, &pair).map_err(E::from));
            match chunk {
                Ok(chunk) => {
                    first += chunk.len();
                    rated = chunk.into_iter();
                    let row = rated.next();
                    is_done = row.is_none();
                    row.map(Ok)
                }
                Err(error) => {
                    is_done = true;
                    Some(Err(error))
                }
            }
        })
    }

    fn rate_chunk<R: Sync>(
        &self,
        rows: Vec<R>,
        first: usize,
        pair: impl Fn(&R) -> SentencePair<'_>,
    ) -> Result<Vec<RatedRow<R>>> {
        let pairs: Vec<SentencePair<'_>> = rows.iter().map(pair).collect();
        let blocks: Vec<&[SentencePair<'_>]> = pairs.chunks(QUALITY_BLOCK_SIZE).collect();
        let qualities = parallel::map(blocks.len(), |at| {
            self.scorer.score(blocks[at], first + at * QUALITY_BLOCK_SIZE, &self.profile)
        });
        let qualities = qualities.into_iter().collect::<Result<Vec<Vec<PairQuality>>>>()?;
        let overlaps = parallel::map(pairs.len(), |at| {
            self.test_set.as_ref().map(|test_set| test_set.matches(&pairs[at]))
        });
        let rated = rows.into_iter().zip(qualities.into_iter().flatten()).zip(overlaps);
        Ok((first as u64..)
            .zip(rated)
            .map(|(index, ((row, quality), overlap))| RatedRow { index, row, quality, overlap })
            .collect())
    }
}

fn next_chunk<R, E>(rows: &mut impl Iterator<Item = Result<R, E>>) -> Result<Vec<R>, E> {
    rows.by_ref().take(CHUNK_ROWS).collect()
}

#[cfg(test)]
mod tests {
    use nasaq_text::Lexicon;

    use super::*;

    type TextRow = (String, String);

    fn rows(count: usize) -> Vec<TextRow> {
        let row = |at| (format!("وصل القطار رقم {at}."), format!("Train number {at} arrived."));
        (0..count).map(row).collect()
    }

    fn pair(row: &TextRow) -> SentencePair<'_> {
        SentencePair { arabic: &row.0, english: &row.1, kind: None }
    }

    fn scorer(profile: CorpusProfile) -> CorpusScorer<'static> {
        CorpusScorer::new(QualityScorer::new(Lexicon::builtin(), None), profile)
    }

    #[test]
    fn rows_of_several_chunks_are_rated_as_their_blocks_are() {
        let rows = rows(CHUNK_ROWS + QUALITY_BLOCK_SIZE + 3);
        let each = || rows.iter().cloned().map(Ok::<TextRow, Error>);
        let profile = CorpusProfile::measure(each(), pair, true).expect("rows");
        let scorer = scorer(profile.clone());
        let rated: Vec<RatedRow<TextRow>> =
            scorer.rate(each(), pair).collect::<Result<_>>().expect("no encoder fails");
        assert_eq!(rated.len(), rows.len());
        for first in [QUALITY_BLOCK_SIZE, CHUNK_ROWS, CHUNK_ROWS + QUALITY_BLOCK_SIZE] {
            let block = &rows[first..rows.len().min(first + QUALITY_BLOCK_SIZE)];
            let pairs: Vec<SentencePair<'_>> = block.iter().map(pair).collect();
            let expected = scorer.scorer().score(&pairs, first, &profile).expect("no encoder");
            for (row, quality) in rated[first..].iter().zip(expected) {
                // Not the features: those without a value are NaN, which equals nothing.
                assert_eq!(row.quality.quality, quality.quality, "{}", row.index);
                assert_eq!(row.quality.counts, quality.counts);
                assert_eq!(row.row, rows[row.index as usize]);
            }
        }
    }

    #[test]
    fn the_first_error_ends_the_rows() {
        let rows = || {
            let bad = Err(crate::ErrorKind::Filter { reason: "bad row".to_owned() }.into());
            [Ok(rows(1).remove(0)), bad, Ok(rows(1).remove(0))].into_iter()
        };
        assert!(CorpusProfile::measure(rows(), pair, true).is_err());
        let scorer = scorer(CorpusProfile::default());
        let rated: Vec<Result<RatedRow<TextRow>>> = scorer.rate(rows(), pair).collect();
        assert!(matches!(&rated[..], [Err(_)]));
    }

    #[test]
    fn overlap_is_known_only_with_a_test_set() {
        let each = || rows(2).into_iter().map(Ok::<TextRow, Error>);
        let overlaps = |scorer: &CorpusScorer<'_>| -> Vec<Option<bool>> {
            scorer.rate(each(), pair).map(|rated| rated.expect("a row").overlap).collect()
        };
        let scorer = scorer(CorpusProfile::default());
        assert_eq!(overlaps(&scorer), [None, None]);
        let mut texts = HeldOutTexts::default();
        texts.add("Train number 1 arrived");
        assert_eq!(overlaps(&scorer.test_set(texts)), [Some(false), Some(true)]);
    }
}
