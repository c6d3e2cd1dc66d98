//! The quality model: what each feature adds to a pair's log-odds, and the probability of all.
//!
//! A generalised additive model (Hastie and Tibshirani 1986): the log-odds are a sum of one function
//! a feature, each a line through a few points. A reader can check every number: the functions are
//! in `assets/quality.toml`, and [`QualityModel::explain`] gives each one's part of a pair. They are
//! centred, so a part of 0 is that of an average good pair, and what is below speaks against one.

use std::collections::BTreeMap;

use super::feature::{Feature, Features};
use crate::error::{ErrorKind, Result};

/// A feature's function: a line through points, flat beyond them.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Curve {
    /// Where the points are, ascending.
    pub at: Vec<f32>,
    /// What the feature adds there.
    pub adds: Vec<f32>,
    /// What is added where the feature does not apply.
    pub absent: f32,
}

impl Curve {
    /// Gives what a value adds.
    #[must_use]
    pub fn add(&self, value: Option<f32>) -> f32 {
        let Some(value) = value else { return self.absent };
        let next = self.at.partition_point(|at| *at <= value);
        match (next.checked_sub(1), self.at.get(next)) {
            (None, _) => self.adds.first().copied().unwrap_or(0.0),
            (Some(last), None) => self.adds[last],
            (Some(last), Some(end)) => {
                let part = (value - self.at[last]) / (end - self.at[last]);
                self.adds[last] + part * (self.adds[next] - self.adds[last])
            }
        }
    }

    fn is_sound(&self) -> bool {
        let finite = self.adds.iter().chain([&self.absent]).all(|value| value.is_finite());
        finite
            && !self.at.is_empty()
            && self.at.len() == self.adds.len()
            && self.at.windows(2).all(|pair| pair[0] < pair[1])
    }
}

/// One model: an intercept and a curve a feature, by the feature's name.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct AdditiveModel {
    /// Log-odds of an average good pair.
    pub intercept: f32,
    /// By feature.
    pub features: BTreeMap<String, Curve>,
}

/// The file: a model for pairs with vectors, one for pairs without.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct QualityFile {
    /// With the features of the encoder.
    pub with_encoder: AdditiveModel,
    /// Without them.
    pub without_encoder: AdditiveModel,
}

/// What a feature adds to the log-odds of one pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The feature.
    pub feature: Feature,
    /// What it adds: below 0 it speaks against the pair.
    pub adds: f32,
}

/// A model that is ready for use.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityModel {
    intercept: f32,
    curves: Vec<(Feature, Curve)>,
}

/// A feature that takes this much from the log-odds is a reason.
const REASON: f32 = -0.7;

impl QualityModel {
    /// Gives the model inside the program, for pairs with the encoder's features or without.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "the file that is built in is whole")]
    pub fn builtin(with_encoder: bool) -> Self {
        let text = include_str!("../../assets/quality.toml");
        Self::from_toml(text, with_encoder).expect("a test reads it")
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// [`ErrorKind::QualityModel`] where it is no TOML of that form, names a feature that there is
    /// not, or has a curve that is none.
    pub fn from_toml(text: &str, with_encoder: bool) -> Result<Self> {
        let file: QualityFile = toml::from_str(text)
            .map_err(|error| ErrorKind::QualityModel { reason: error.to_string() })?;
        Self::new(if with_encoder { &file.with_encoder } else { &file.without_encoder })
    }

    /// Makes a model ready.
    ///
    /// # Errors
    /// [`ErrorKind::QualityModel`], as [`QualityModel::from_toml`].
    pub fn new(model: &AdditiveModel) -> Result<Self> {
        let mut curves = Vec::new();
        for (name, curve) in &model.features {
            let Some(feature) = Feature::from_name(name) else {
                return Err(ErrorKind::QualityModel {
                    reason: format!("no feature is called {name}"),
                }
                .into());
            };
            if !curve.is_sound() {
                let reason = format!("{name}: the points of a curve ascend, and each has a number");
                return Err(ErrorKind::QualityModel { reason }.into());
            }
            curves.push((feature, curve.clone()));
        }
        curves.sort_by_key(|(feature, _)| *feature);
        Ok(Self { intercept: model.intercept, curves })
    }

    /// Gives the log-odds of a pair.
    #[must_use]
    pub fn log_odds(&self, features: &Features) -> f32 {
        self.curves
            .iter()
            .fold(self.intercept, |sum, (feature, curve)| sum + curve.add(features.get(*feature)))
    }

    /// Gives the quality of a pair, 0 to 1: the chance that it is a good one, where as many are bad.
    #[must_use]
    pub fn quality(&self, features: &Features) -> f32 {
        let odds = f64::from(self.log_odds(features));
        (1.0 / (1.0 + libm::exp(-odds))) as f32
    }

    /// Gives what each feature adds, the worst first.
    #[must_use]
    pub fn explain(&self, features: &Features) -> Vec<Share> {
        let share = |(feature, curve): &(Feature, Curve)| Share {
            feature: *feature,
            adds: curve.add(features.get(*feature)),
        };
        let mut shares: Vec<Share> = self.curves.iter().map(share).collect();
        shares.sort_by(|a, b| a.adds.total_cmp(&b.adds));
        shares
    }

    /// Gives what speaks against a pair, the strongest first, each reason once.
    #[must_use]
    pub fn reasons(&self, features: &Features) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        for share in self.explain(features) {
            let reason = share.feature.info().reason;
            if share.adds > REASON {
                break;
            }
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curve_is_a_line_through_its_points() {
        let curve = Curve { at: vec![0.0, 1.0, 3.0], adds: vec![1.0, 2.0, -2.0], absent: 0.5 };
        assert_eq!(curve.add(None), 0.5);
        for (value, adds) in [(-5.0, 1.0), (0.5, 1.5), (1.0, 2.0), (2.0, 0.0), (9.0, -2.0)] {
            assert_eq!(curve.add(Some(value)), adds, "{value}");
        }
    }

    #[test]
    fn builtin_models_are_whole() {
        for with_encoder in [true, false] {
            let model = QualityModel::builtin(with_encoder);
            assert!(!model.curves.is_empty());
            let needs = model.curves.iter().any(|(feature, _)| feature.needs_encoder());
            assert_eq!(needs, with_encoder);
        }
    }

    #[test]
    fn what_is_no_model_is_told() {
        let file = |curve: &str| {
            format!(
                "[with_encoder]\nintercept = 0\n[with_encoder.features]\n{curve}\n\
                 [without_encoder]\nintercept = 0\nfeatures = {{}}\n"
            )
        };
        for curve in [
            "smell = { at = [0.0], adds = [0.0], absent = 0.0 }",
            "cosine = { at = [1.0, 0.0], adds = [0.0, 0.0], absent = 0.0 }",
            "cosine = { at = [1.0], adds = [], absent = 0.0 }",
            "cosine = 3",
        ] {
            assert!(QualityModel::from_toml(&file(curve), true).is_err(), "{curve}");
        }
    }
}
