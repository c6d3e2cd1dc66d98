//! Rates Arabic-English sentence pairs: features that a reader can check, one calibrated quality
//! computed from them, and filters with an account of what each of them rejects.
//!
//! A bead's *probability*, from the aligner, says whether the alignment is right. A pair's *quality*
//! says whether it is a good translation, for a translation memory or for training. `docs/quality.md`
//! defines every feature.
//!
//! ```
//! use nasaq_quality::{Feature, Pair, QualityScorer};
//! use nasaq_text::Lexicon;
//!
//! let scorer = QualityScorer::new(Lexicon::builtin(), None);
//! let pair = Pair { arabic: "شكراً جزيلاً لكم!", english: "Thank you very much!", kind: None };
//! let wrong = Pair { english: "There are 12 chairs in it.", ..pair };
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

pub use corpus::{CorpusBuilder, CorpusProfile, Forbidden, Observation};
pub use corpus_scorer::{CorpusScorer, RatedRow};
pub use error::{Error, ErrorKind, Result};
pub use feature::{Direction, FEATURES, Feature, FeatureInfo, Features};
pub use filter::{
    Account, BestOf, Cell, DEFAULT_FILTERS, FilterCount, FilterPass, FilterVerdicts, Filters,
};
pub use fingerprint::text_key;
pub use length::{LENGTH_CLASSES, LengthClass, LengthProfile};
pub use model::{Curves, FaultModel, Judgement, QualityFile, QualityModel, Share};
pub use scorer::{Pair, PairCounts, PairQuality, QUALITY_BLOCK, QualityScorer};
