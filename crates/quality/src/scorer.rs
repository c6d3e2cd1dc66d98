//! The scorer: a block of pairs in, their features and quality out.

use std::borrow::Cow;

use nasaq_kernels::Kernel;

use crate::corpus::CorpusProfile;
use crate::error::{ErrorKind, Result};
use crate::feature::{Feature, Features};
use crate::fingerprint::text_key;
use crate::model::QualityModel;
use crate::parallel;
use crate::{
    addresses, block, brackets, controls, copies, garbled, glued, language, length, markup,
    meaning, names, repetition, script, spelling, terminal, vectors,
};
use nasaq::{BeadKind, Encoder};
use nasaq_text::Lexicon;
use nasaq_text::normalise;

use crate::block::Keys;
use crate::lexical::Targets;
use crate::numbers::Numbers;
use crate::side::{Side, Vocabulary};
use nasaq_text::Language;

/// Pairs that are rated together: the block that a margin looks at. Part of the results.
pub const QUALITY_BLOCK: usize = 256;

/// A block of fewer pairs is filled up with sentences of our own: margins among a few say little.
const LEAST_BLOCK: usize = 64;
/// Those sentences: an Arabic and an English text a line, a tab between.
const BACKGROUND: &str = include_str!("../assets/background.tsv");

/// A pair to rate.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'t> {
    /// The Arabic text.
    pub arabic: &'t str,
    /// The English text.
    pub english: &'t str,
    /// How many segments each side has, Arabic first; one each where it is not known.
    pub kind: Option<BeadKind>,
}

impl Pair<'_> {
    /// Tells whether a side has neither letter nor digit: there is nothing to judge.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [self.arabic, self.english].iter().any(|text| !text.contains(char::is_alphanumeric))
    }
}

/// How often a pair and its sides are in the corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairCounts {
    /// Rows with this Arabic text, marks and case aside.
    pub arabic: u32,
    /// Rows with this English text.
    pub english: u32,
    /// Rows with both.
    pub duplicates: u32,
    /// The first row with both, from 0.
    pub cluster: u32,
    /// The first row of those that are nearly equal, from 0, where they were looked for.
    pub near_cluster: Option<u32>,
}

/// A pair that was rated.
#[derive(Clone, Debug, PartialEq)]
pub struct PairQuality {
    /// The chance that it is a good pair, where as many are bad.
    pub quality: f32,
    /// Its likely faults, the likeliest first.
    pub reasons: Vec<String>,
    /// All features.
    pub features: Features,
    /// How often it is in the corpus, where that is known.
    pub counts: Option<PairCounts>,
}

/// Rates pairs; built once, shared between threads.
pub struct QualityScorer<'e> {
    lexicon: Lexicon,
    vocabulary: Vocabulary,
    encoder: Option<&'e dyn Encoder>,
    kernel: Kernel,
    model: QualityModel,
}

impl<'e> QualityScorer<'e> {
    /// Makes a scorer with the models inside the program: one for pairs with vectors where an
    /// encoder is given, and one without.
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

    /// Uses the given kernel. By default the fastest that the CPU has; the results are the same.
    #[must_use]
    pub fn with_kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Uses another model.
    #[must_use]
    pub fn with_model(mut self, model: QualityModel) -> Self {
        self.model = model;
        self
    }

    /// Gives the model in use.
    #[must_use]
    pub fn model(&self) -> &QualityModel {
        &self.model
    }

    /// Rates a block of pairs, which begins at row `first` of the corpus that the profile is of.
    ///
    /// Margin and contrast compare a pair with the others of the block, so blocks of
    /// [`QUALITY_BLOCK`] pairs, cut at the same rows, give the same results. A block of fewer than 64
    /// pairs is compared with some sentences of our own as well.
    ///
    /// # Errors
    /// [`ErrorKind::Encoder`] where the encoder fails.
    pub fn score(
        &self,
        pairs: &[Pair<'_>],
        first: usize,
        profile: &CorpusProfile,
    ) -> Result<Vec<PairQuality>> {
        let asked = pairs.len();
        let pairs: Vec<Pair<'_>> = pairs.iter().copied().chain(background(asked)).collect();
        let normals: Vec<[Cow<'_, str>; 2]> = parallel::map(pairs.len(), |at| {
            [normalise(pairs[at].arabic), normalise(pairs[at].english)]
        });
        let sides: Vec<[Side<'_>; 2]> = parallel::map(pairs.len(), |at| {
            let (pair, [arabic, english]) = (&pairs[at], &normals[at]);
            [
                Side::new(pair.arabic, arabic, Language::Arabic, &self.vocabulary),
                Side::new(pair.english, english, Language::English, &self.vocabulary),
            ]
        });
        let targets = Targets::new(sides.iter().map(|[_, english]| english));
        let mut features: Vec<Features> =
            parallel::map(pairs.len(), |at| self.text_features(&pairs[at], &sides[at], profile));
        let found: Vec<f32> =
            parallel::map(pairs.len(), |at| targets.found(&sides[at][0], &self.lexicon)).concat();
        let keys: Vec<Keys> = parallel::map(pairs.len(), |at| {
            [text_key(pairs[at].arabic), text_key(pairs[at].english)]
        });
        block::rate_words(&found, &keys, &mut features);
        if let Some(encoder) = self.encoder {
            let texts: Vec<(&str, &str)> =
                pairs.iter().map(|pair| (pair.arabic, pair.english)).collect();
            vectors::rate(encoder, self.kernel, (&texts, asked), (&found, &keys), &mut features)
                .map_err(ErrorKind::Encoder)?;
        }
        features.truncate(asked);
        // A side without a letter has nothing to be judged by.
        let rated = features.into_iter().enumerate().map(|(at, features)| {
            let judgement = self.model.judge(&features);
            let empty = pairs[at].is_empty();
            let reasons = self.model.reasons(&judgement).into_iter().map(str::to_owned);
            PairQuality {
                quality: if empty { 0.0 } else { judgement.quality },
                reasons: if empty { vec!["empty".to_owned()] } else { reasons.collect() },
                counts: profile.counts(first + at),
                features,
            }
        });
        Ok(rated.collect())
    }

    /// Gives the features that need no encoder.
    fn text_features(
        &self,
        pair: &Pair<'_>,
        [arabic, english]: &[Side<'_>; 2],
        profile: &CorpusProfile,
    ) -> Features {
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
            features.set_some(script, script::script_share(side.text, side.language));
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
        Numbers::new(arabic, english).rate(&mut features);
        let are_names = names::are_names(english);
        let answered = names::rate(arabic, english, &are_names, &self.lexicon, &mut features);
        meaning::Answers::new(arabic, english, &self.lexicon, &answered, &are_names)
            .rate(&mut features);
        features.set(Feature::Negation, meaning::negation(arabic, english));
        features.set_some(Feature::ArKnown, meaning::known(arabic, &[]));
        features.set_some(Feature::EnKnown, meaning::known(english, &are_names));
        features.set_some(Feature::ArSpelling, spelling::spelling(arabic, &[]));
        features.set_some(Feature::EnSpelling, spelling::spelling(english, &are_names));
        features
    }
}

/// Gives pairs to fill up a block.
fn background<'t>(pairs: usize) -> impl Iterator<Item = Pair<'t>> {
    BACKGROUND
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(arabic, english)| Pair { arabic, english, kind: None })
        .take(LEAST_BLOCK.saturating_sub(pairs))
}

impl std::fmt::Debug for QualityScorer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QualityScorer")
            .field("encoder", &self.encoder.is_some())
            .finish_non_exhaustive()
    }
}
