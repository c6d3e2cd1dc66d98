//! The quality model: the probability that a pair is good, and those of its possible faults.
//!
//! A pair is good, or it has one of a few faults: it is unrelated, truncated, has a wrong number
//! and so on. The log-odds of each fault against good are a sum of piecewise linear functions of
//! the features (a generalised additive model, Hastie and Tibshirani 1986), and the probability of
//! good follows from all of them, as in multinomial logistic regression. A missing number, for
//! example, raises the probability of a wrong number but not that of an unrelated text. The most
//! likely faults are the reasons for a low quality. The parameters are in `assets/quality.toml`,
//! and [`QualityModel::explain`] returns the contribution of each feature to the quality of a pair.
//! The functions are centred on good pairs: the value of an average good pair is 0.

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind, Result, toml_reason};
use crate::feature::{Feature, Features};

/// The functions of one feature, one per fault.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct FeatureCurves {
    /// The values of the feature at which the functions are defined, in ascending order. Between
    /// them the functions are linear, beyond them constant.
    pub at: Vec<f32>,
    /// By fault: the term of its log-odds at each of these values, followed by the term if the
    /// feature does not apply. For a fault that is not listed the terms are 0.
    pub adds: BTreeMap<String, Vec<f32>>,
}

/// The parameters of one model.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct FaultModel {
    /// By fault: its log-odds for an average good pair.
    pub intercepts: BTreeMap<String, f32>,
    /// By feature name: its functions.
    pub features: BTreeMap<String, FeatureCurves>,
}

/// The contents of a model file, which has two models.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct QualityFile {
    /// The model for pairs that have the encoder's features.
    pub with_encoder: FaultModel,
    /// The model for pairs that do not have them.
    pub without_encoder: FaultModel,
}

/// The contribution of a feature to the quality of one pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contribution {
    /// The feature.
    pub feature: Feature,
    /// Its term of the log-odds of good, averaged over the faults by their probabilities. A
    /// negative term lowers the quality.
    pub log_odds: f32,
}

/// The probabilities that a model predicts for a pair. They sum to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The probability that the pair is good, from 0 to 1, if half of all pairs are good.
    pub quality: f32,
    /// The probability of each fault, in the order of [`QualityModel::faults`].
    pub faults: Vec<f32>,
}

/// The minimum probability of a fault that is reported as a reason.
const MIN_REASON: f32 = 0.1;

/// A quality model: a validated [`FaultModel`].
#[derive(Clone, Debug, PartialEq)]
pub struct QualityModel {
    faults: Vec<String>,
    intercepts: Vec<f32>,
    curves: Vec<Curve>,
}

/// The functions of one feature: a row of terms, one per fault, for each value in `at`, and a last
/// row for a feature that does not apply.
#[derive(Clone, Debug, PartialEq)]
struct Curve {
    feature: Feature,
    at: Vec<f32>,
    rows: Vec<f32>,
}

impl Curve {
    /// Returns the two rows that a value is between, and the weight of the second one.
    fn position(&self, value: Option<f32>) -> (usize, usize, f32) {
        let Some(value) = value else { return (self.at.len(), self.at.len(), 0.0) };
        let next = self.at.partition_point(|at| *at <= value);
        match (next.checked_sub(1), self.at.get(next)) {
            (None, _) => (0, 0, 0.0),
            (Some(last), None) => (last, last, 0.0),
            (Some(last), Some(end)) => {
                (last, next, (value - self.at[last]) / (end - self.at[last]))
            }
        }
    }

    /// Calls `each` with the index of each fault and the term of its log-odds at a value.
    fn for_each_term(&self, value: Option<f32>, faults: usize, mut each: impl FnMut(usize, f32)) {
        let (low, high, weight) = self.position(value);
        let (low, high) = (&self.rows[low * faults..], &self.rows[high * faults..]);
        for fault in 0..faults {
            each(fault, low[fault] + weight * (high[fault] - low[fault]));
        }
    }
}

fn invalid(reason: String) -> Error {
    ErrorKind::QualityModel { reason }.into()
}

impl QualityModel {
    /// Returns the bundled model for pairs with or without the encoder's features.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "the bundled file is valid")]
    pub fn builtin(with_encoder: bool) -> Self {
        let text = include_str!("../assets/quality.toml");
        Self::from_toml(text, with_encoder).expect("a test reads it")
    }

    /// Parses a model file in TOML, in the form of [`QualityFile`].
    ///
    /// # Errors
    /// [`ErrorKind::QualityModel`] if the text is not TOML of that form, names an unknown feature
    /// or fault, or has an invalid function.
    pub fn from_toml(text: &str, with_encoder: bool) -> Result<Self> {
        let file: QualityFile =
            toml::from_str(text).map_err(|error| invalid(toml_reason(text, &error)))?;
        Self::new(if with_encoder { &file.with_encoder } else { &file.without_encoder })
    }

    /// Validates the parameters of a model.
    ///
    /// # Errors
    /// [`ErrorKind::QualityModel`] if the parameters name an unknown feature or fault, or have an
    /// invalid function.
    pub fn new(model: &FaultModel) -> Result<Self> {
        let faults: Vec<String> = model.intercepts.keys().cloned().collect();
        let intercepts: Vec<f32> = model.intercepts.values().copied().collect();
        if let Some((name, _)) = model.intercepts.iter().find(|(_, value)| !value.is_finite()) {
            return Err(invalid(format!("{name}: the intercept is not finite")));
        }
        let mut curves = Vec::new();
        for (name, FeatureCurves { at, adds }) in &model.features {
            let feature = Feature::from_name(name)
                .ok_or_else(|| invalid(format!("unknown feature {name}")))?;
            let is_finite = at.iter().all(|point| point.is_finite());
            if at.is_empty() || !is_finite || !at.windows(2).all(|pair| pair[0] < pair[1]) {
                return Err(invalid(format!(
                    "{name}: the values of \"at\" must be finite and ascending"
                )));
            }
            let mut rows = vec![0.0; (at.len() + 1) * faults.len()];
            for (fault, values) in adds {
                let column = faults
                    .iter()
                    .position(|known| known == fault)
                    .ok_or_else(|| invalid(format!("{name}: unknown fault {fault}")))?;
                if values.len() != at.len() + 1 || !values.iter().all(|value| value.is_finite()) {
                    let count = at.len() + 1;
                    return Err(invalid(format!("{name}: {fault} needs {count} finite numbers")));
                }
                for (row, value) in values.iter().enumerate() {
                    rows[row * faults.len() + column] = *value;
                }
            }
            curves.push(Curve { feature, at: at.clone(), rows });
        }
        curves.sort_by_key(|curve| curve.feature);
        Ok(Self { faults, intercepts, curves })
    }

    /// Returns the names of the faults.
    #[must_use]
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// Predicts the quality and the faults of a pair from its features.
    #[must_use]
    pub fn predict(&self, features: &Features) -> Prediction {
        let mut odds = self.intercepts.clone();
        for curve in &self.curves {
            let value = features.get(curve.feature);
            curve.for_each_term(value, self.faults.len(), |fault, term| odds[fault] += term);
        }
        // Subtracting the maximum avoids overflow.
        let max = odds.iter().copied().fold(0.0, f32::max);
        let weights: Vec<f64> = odds.iter().map(|odds| libm::exp(f64::from(odds - max))).collect();
        let good = libm::exp(f64::from(-max));
        let all = good + weights.iter().sum::<f64>();
        Prediction {
            quality: (good / all) as f32,
            faults: weights.iter().map(|weight| (weight / all) as f32).collect(),
        }
    }

    /// Returns the contribution of each feature to the log-odds of good, the lowest first. The
    /// faults are weighted by their probabilities.
    #[must_use]
    pub fn explain(&self, features: &Features) -> Vec<Contribution> {
        let faults = self.predict(features).faults;
        let all = faults.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        let contribution = |curve: &Curve| {
            let mut log_odds = 0.0;
            curve.for_each_term(features.get(curve.feature), self.faults.len(), |fault, value| {
                log_odds -= value * faults[fault] / all;
            });
            Contribution { feature: curve.feature, log_odds }
        };
        let mut contributions: Vec<Contribution> = self.curves.iter().map(contribution).collect();
        contributions.sort_by(|a, b| a.log_odds.total_cmp(&b.log_odds));
        contributions
    }

    /// Returns the names of the faults with a probability of at least 0.1, the most likely first.
    pub fn reasons<'m>(&'m self, prediction: &Prediction) -> Vec<&'m str> {
        let mut likely: Vec<usize> =
            (0..self.faults.len()).filter(|&at| prediction.faults[at] >= MIN_REASON).collect();
        likely.sort_by(|a, b| prediction.faults[*b].total_cmp(&prediction.faults[*a]));
        likely.into_iter().map(|at| &*self.faults[at]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(curve: &str) -> String {
        format!(
            "[with_encoder]\nintercepts = {{ bad = -1.0, worse = -2.0 }}\n\
             [with_encoder.features]\n{curve}\n\
             [without_encoder]\nintercepts = {{}}\nfeatures = {{}}\n"
        )
    }

    #[test]
    fn probabilities_follow_from_the_log_odds() {
        let text = file("cosine = { at = [0.0, 1.0], adds = { bad = [3.0, -3.0, 0.5] } }");
        let model = QualityModel::from_toml(&text, true).unwrap();
        let mut features = Features::default();
        let quality = |bad: f64, worse: f64| (1.0 / (1.0 + bad.exp() + worse.exp())) as f32;
        assert!((model.predict(&features).quality - quality(-0.5, -2.0)).abs() < 1e-6);
        features.set(Feature::Cosine, 0.25);
        let prediction = model.predict(&features);
        assert!((prediction.quality - quality(0.5, -2.0)).abs() < 1e-6);
        assert_eq!(model.reasons(&prediction), ["bad"]);
        assert!((prediction.quality + prediction.faults.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        let [contribution] = model.explain(&features)[..] else { panic!("one feature") };
        assert!(contribution.feature == Feature::Cosine && contribution.log_odds < -1.0);
        features.set(Feature::Cosine, f32::MAX);
        assert!((model.predict(&features).quality - quality(-4.0, -2.0)).abs() < 1e-6);
    }

    #[test]
    fn bundled_models_are_valid() {
        for with_encoder in [true, false] {
            let model = QualityModel::builtin(with_encoder);
            assert!(!model.curves.is_empty());
            assert!(
                with_encoder || !model.curves.iter().any(|curve| curve.feature.needs_encoder())
            );
        }
    }

    #[test]
    fn an_invalid_model_is_an_error() {
        for curve in [
            "smell = { at = [0.0], adds = {} }",
            "cosine = { at = [1.0, 0.0], adds = {} }",
            "cosine = { at = [1.0], adds = { bad = [1.0] } }",
            "cosine = { at = [1.0], adds = { good = [1.0, 0.0] } }",
            "cosine = 3",
        ] {
            assert!(QualityModel::from_toml(&file(curve), true).is_err(), "{curve}");
        }
        let not_finite = file("").replace("-1.0", "nan");
        assert!(QualityModel::from_toml(&file(""), true).is_ok());
        assert!(QualityModel::from_toml(&not_finite, true).is_err());
    }
}
