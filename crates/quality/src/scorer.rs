//! Computes the features and the quality of the pairs of a block.

use std::borrow::Cow;

use nasaq_kernels::Kernel;

use crate::corpus::CorpusProfile;
use crate::error::{ErrorKind, Result};
use crate::feature::{Feature, Features};
use crate::fingerprint::normal_key;
use crate::model::QualityModel;
use crate::parallel;
use crate::{
    addresses, block, brackets, controls, copies, garbled, glued, kept, language, length, markup,
    meaning, names, repetition, script, spelling, terminal, vectors,
};
use nasaq::{BeadKind, Encoder};
use nasaq_text::Lexicon;
use nasaq_text::normalise;

use crate::block::Keys;
use crate::lexical::{Content, EnglishIndex, content};
use crate::numbers::PairNumbers;
use crate::side::{PairSide, Vocabulary};
use nasaq_text::Language;

/// The number of pairs that are rated together. Margins compare a pair with the others of its
/// block, so results depend on it.
pub const QUALITY_BLOCK_SIZE: usize = 256;

/// The number of pairs up to which a small block is filled with background pairs, because margins
/// among few pairs are unreliable.
const MIN_BLOCK_SIZE: usize = 64;
/// The background pairs: an Arabic and an English text per line, separated by a tab.
const BACKGROUND: &str = include_str!("../assets/background.tsv");

/// A pair to rate.
#[derive(Clone, Copy, Debug)]
pub struct SentencePair<'t> {
    /// The Arabic text.
    pub arabic: &'t str,
    /// The English text.
    pub english: &'t str,
    /// The number of segments of each side, Arabic first; `None` counts as one each.
    pub kind: Option<BeadKind>,
}

impl SentencePair<'_> {
    /// Returns whether a side has neither letters nor digits. Such a pair has quality 0.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [self.arabic, self.english].iter().any(|text| !text.contains(char::is_alphanumeric))
    }
}

/// How often the texts of a pair occur in the corpus. Texts are compared by
/// [`text_key`](crate::text_key).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairCounts {
    /// The number of rows with the Arabic text.
    pub arabic: u32,
    /// The number of rows with the English text.
    pub english: u32,
    /// The number of rows with both texts.
    pub duplicates: u32,
    /// The index of the first row with both texts.
    pub cluster: u32,
    /// The index of the first of the near-duplicate rows, if the profile has near-duplicates.
    pub near_cluster: Option<u32>,
}

/// The features and the quality of a pair.
#[derive(Clone, Debug, PartialEq)]
pub struct PairQuality {
    /// The probability that the pair is good, from 0 to 1, if half of all pairs are good.
    pub quality: f32,
    /// The names of its likely faults, the most likely first; `empty` alone if a side has neither
    /// letters nor digits; at last `too_long` if the pair has too many names or Latin words to
    /// compare each with all words of the other side, so that it was compared with those near its
    /// position.
    pub reasons: Vec<String>,
    /// The features.
    pub features: Features,
    /// How often the texts occur in the corpus, if the profile covers the row.
    pub counts: Option<PairCounts>,
}

/// Rates pairs. Create it once and share it between threads.
pub struct QualityScorer<'e> {
    lexicon: Lexicon,
    vocabulary: Vocabulary,
    encoder: Option<&'e dyn Encoder>,
    kernel: Kernel,
    model: QualityModel,
}

impl<'e> QualityScorer<'e> {
    /// Creates a scorer with the bundled model: the one with the encoder's features if there is an
    /// encoder, otherwise the one without them.
    #[must_use]
    pub fn new(lexicon: Lexicon, encoder: Option<&'e dyn Encoder>) -> Self {
        let model = QualityModel::builtin(encoder.is_some());
        Self {
            vocabulary: Vocabulary::new(&lexicon),
            lexicon,
            encoder,
            kernel: Kernel::detect(),
            model,
        }
    }

    /// Sets the kernel; by default the fastest one that the CPU supports. Results do not depend on
    /// it.
    #[must_use]
    pub fn with_kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Sets the quality model.
    #[must_use]
    pub fn with_model(mut self, model: QualityModel) -> Self {
        self.model = model;
        self
    }

    /// Returns the quality model.
    #[must_use]
    pub fn model(&self) -> &QualityModel {
        &self.model
    }

    /// Rates a block of pairs that begins at row `first` of the corpus with the given profile.
    ///
    /// Margin and contrast compare a pair with the other pairs of its block, so results depend on
    /// how a corpus is divided: use blocks of [`QUALITY_BLOCK_SIZE`] pairs from row 0. A block of
    /// fewer than 64 pairs is also compared with bundled background sentences.
    ///
    /// # Errors
    /// [`ErrorKind::Encoder`] if the encoder fails or returns invalid vectors.
    pub fn score(
        &self,
        pairs: &[SentencePair<'_>],
        first: usize,
        profile: &CorpusProfile,
    ) -> Result<Vec<PairQuality>> {
        let count = pairs.len();
        let pairs: Vec<SentencePair<'_>> = pairs.iter().copied().chain(background(count)).collect();
        let normals: Vec<[Cow<'_, str>; 2]> = parallel::map(pairs.len(), |at| {
            [normalise(pairs[at].arabic), normalise(pairs[at].english)]
        });
        let sides: Vec<[PairSide<'_>; 2]> = parallel::map(pairs.len(), |at| {
            let (pair, [arabic, english]) = (&pairs[at], &normals[at]);
            let mut arabic = PairSide::new(pair.arabic, arabic, Language::Arabic, &self.vocabulary);
            let mut english =
                PairSide::new(pair.english, english, Language::English, &self.vocabulary);
            kept::mark(&mut arabic, &mut english);
            [arabic, english]
        });
        let contents = [0, 1].map(|side| -> Vec<Content> {
            sides.iter().map(|sides| content(&sides[side])).collect()
        });
        let index = EnglishIndex::new(&contents[1]);
        let (mut features, partial): (Vec<Features>, Vec<bool>) =
            parallel::map(pairs.len(), |at| self.text_features(&pairs[at], &sides[at], profile))
                .into_iter()
                .unzip();
        let found: Vec<f32> =
            parallel::map(pairs.len(), |at| index.matches(&contents[0][at], &self.lexicon))
                .concat();
        let keys: Vec<Keys> = parallel::map(pairs.len(), |at| {
            let [arabic, english] = &normals[at];
            [normal_key(arabic), normal_key(english)]
        });
        block::rate_words(&found, &keys, &index.evidence(&contents[0]), &mut features);
        if let Some(encoder) = self.encoder {
            let texts: Vec<(&str, &str)> =
                pairs.iter().map(|pair| (pair.arabic, pair.english)).collect();
            vectors::rate(encoder, self.kernel, (&texts, count), (&found, &keys), &mut features)
                .map_err(ErrorKind::Encoder)?;
        }
        features.truncate(count);
        let rated = features.into_iter().enumerate().map(|(at, features)| {
            let prediction = self.model.predict(&features);
            // Neither is a translation, and no feature says more about them.
            let fixed = if pairs[at].is_empty() {
                Some("empty")
            } else {
                kept::is_copy(&sides[at][0], &sides[at][1]).then_some("copy")
            };
            let faults = self.model.reasons(&prediction).into_iter();
            let reasons = faults.chain(partial[at].then_some("too_long")).map(str::to_owned);
            PairQuality {
                quality: if fixed.is_some() { 0.0 } else { prediction.quality },
                reasons: fixed.map_or_else(|| reasons.collect(), |reason| vec![reason.to_owned()]),
                counts: profile.counts(first + at),
                features,
            }
        });
        Ok(rated.collect())
    }

    /// Computes the features that need neither the encoder nor the block, and returns whether the
    /// pair was too long to compare each name and Latin word with all words of the other side.
    fn text_features(
        &self,
        pair: &SentencePair<'_>,
        [arabic, english]: &[PairSide<'_>; 2],
        profile: &CorpusProfile,
    ) -> (Features, bool) {
        let mut features = Features::default();
        let (ar_chars, en_chars) = (length::chars(pair.arabic), length::chars(pair.english));
        features.set(Feature::ArChars, ar_chars as f32);
        features.set(Feature::EnChars, en_chars as f32);
        features.set(Feature::ArWords, arabic.words.len() as f32);
        features.set(Feature::EnWords, english.words.len() as f32);
        let ratio = (ar_chars > 0 && en_chars > 0).then(|| ar_chars as f32 / en_chars as f32);
        features.set_some(Feature::LengthRatio, ratio);
        let class = length::class(pair.kind);
        features.set_some(Feature::LengthZ, profile.lengths.z(class, ar_chars, en_chars));
        for (side, script, language, repetition, glued, function, word_length) in [
            (
                arabic,
                Feature::ArScript,
                Feature::ArLanguage,
                Feature::ArRepetition,
                Feature::ArGlued,
                Feature::ArFunction,
                Feature::ArWordLength,
            ),
            (
                english,
                Feature::EnScript,
                Feature::EnLanguage,
                Feature::EnRepetition,
                Feature::EnGlued,
                Feature::EnFunction,
                Feature::EnWordLength,
            ),
        ] {
            features.set_some(script, script::script_share(side));
            features.set_some(language, language::language(side));
            features.set(repetition, repetition::repetition(side));
            features.set_some(glued, glued::glued(side));
            features.set_some(function, side.function_share());
            features.set_some(word_length, side.word_length());
        }
        let both = |count: fn(&str) -> f32| count(pair.arabic) + count(pair.english);
        features.set(Feature::Mojibake, both(garbled::mojibake));
        features.set(Feature::Controls, both(controls::controls));
        features.set(Feature::Markup, both(markup::markup));
        features.set(Feature::Brackets, brackets::brackets(pair.arabic, pair.english));
        features.set(Feature::Terminal, terminal::terminal(pair.arabic, pair.english, pair.kind));
        features.set_some(Feature::Copy, copies::copy(arabic, english));
        features.set_some(Feature::Addresses, addresses::addresses(pair.arabic, pair.english));
        PairNumbers::new(arabic, english).rate(&mut features);
        let are_names = names::are_names(english);
        let matched = names::rate(arabic, english, &are_names, &self.lexicon, &mut features);
        meaning::WordMatches::new(arabic, english, &self.lexicon, &matched, &are_names)
            .rate(&mut features);
        features.set(Feature::Negation, meaning::negation(arabic, english));
        features.set_some(Feature::ArKnown, meaning::known(arabic, &[]));
        features.set_some(Feature::EnKnown, meaning::known(english, &are_names));
        features.set_some(Feature::ArSpelling, spelling::spelling(arabic, &[]));
        features.set_some(Feature::EnSpelling, spelling::spelling(english, &are_names));
        (features, matched.partial)
    }
}

/// Returns the background pairs that fill a block of `pairs` pairs.
fn background<'t>(pairs: usize) -> impl Iterator<Item = SentencePair<'t>> {
    BACKGROUND
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(arabic, english)| SentencePair { arabic, english, kind: None })
        .take(MIN_BLOCK_SIZE.saturating_sub(pairs))
}

impl std::fmt::Debug for QualityScorer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QualityScorer")
            .field("encoder", &self.encoder.is_some())
            .finish_non_exhaustive()
    }
}
