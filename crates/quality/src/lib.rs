//! Rates Arabic-English sentence pairs: interpretable features, one calibrated quality computed
//! from them, and filters with a summary of what each one rejects.
//!
//! The aligner's *probability* estimates whether a bead is aligned correctly. The *quality* of a
//! pair estimates whether it is a good translation, for a translation memory or for training.
//! `docs/quality.md` defines every feature.
//!
//! ```
//! use nasaq_quality::{Feature, SentencePair, QualityScorer};
//! use nasaq_text::Lexicon;
//!
//! let scorer = QualityScorer::new(Lexicon::builtin(), None);
//! let (arabic, english) = ("شكراً جزيلاً لكم!", "Thank you very much!");
//! let pair = SentencePair { arabic, english, kind: None };
//! let wrong = SentencePair { english: "There are 12 chairs in it.", ..pair };
//! let rated = scorer.score(&[pair, wrong], 0, &Default::default())?;
//! assert_eq!(rated[0].features.get(Feature::ArScript), Some(1.0));
//! assert!(rated[0].quality > rated[1].quality);
//! # Ok::<(), nasaq_quality::Error>(())
//! ```
#![forbid(unsafe_code)]

mod addresses;
mod block;
mod brackets;
mod controls;
mod copies;
mod corpus;
mod corpus_scorer;
mod error;
mod feature;
mod filter;
mod fingerprint;
mod garbled;
mod glued;
mod kept;
mod language;
mod length;
mod lexical;
mod markup;
mod meaning;
mod model;
mod names;
mod numbers;
mod parallel;
mod repetition;
mod scorer;
mod script;
mod side;
mod spelling;
mod terminal;
mod vectors;

pub use corpus::{CorpusBuilder, CorpusProfile, HeldOutTexts, PairObservation};
pub use corpus_scorer::{CorpusScorer, RatedRow};
pub use error::{Error, ErrorKind, Result};
pub use feature::{Direction, FEATURE_COUNT, Feature, FeatureInfo, Features};
pub use filter::{
    DEFAULT_FILTERS, FilterCount, FilterPass, FilterSummary, FilterValue, FilterVerdicts, Filters,
};
pub use fingerprint::text_key;
pub use length::{LENGTH_CLASS_COUNT, LengthClass, LengthProfile};
pub use model::{Contribution, FaultModel, FeatureCurves, Prediction, QualityFile, QualityModel};
pub use scorer::{PairCounts, PairQuality, QUALITY_BLOCK_SIZE, QualityScorer, SentencePair};
