//! The quality model: how likely a pair is good, and what else it may be.
//!
//! A pair is good, or it has one of a few faults: it is unrelated, truncated, has a wrong number and
//! so on. The log-odds of each fault against good are a sum of one function a feature, a line
//! through a few points (a generalised additive model, Hastie and Tibshirani 1986); the probability
//! of good follows from all of them, as in multinomial logistic regression. So a missing number
//! raises the chance of a wrong number and leaves that of an unrelated text alone, and the most
//! likely faults are the reasons. A reader can check every number: they are in
//! `assets/quality.toml`, and [`QualityModel::explain`] gives each feature's part of a pair. The
//! functions are centred on good pairs: 0 is what an average good pair adds.

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind, Result};
use crate::feature::{Feature, Features};

/// A feature's functions.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Curves {
    /// Where the points are, ascending; the functions are flat beyond them.
    pub at: Vec<f32>,
    /// By fault: what the feature adds to its log-odds at each point, and last what it adds where
    /// it does not apply. A fault that is not named has nothing added.
    pub adds: BTreeMap<String, Vec<f32>>,
}

/// One model, as the file has it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct FaultModel {
    /// By fault: the log-odds that an average good pair has it.
    pub intercepts: BTreeMap<String, f32>,
    /// By feature.
    pub features: BTreeMap<String, Curves>,
}

/// The file: a model for pairs with vectors, one for pairs without.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct QualityFile {
    /// With the features of the encoder.
    pub with_encoder: FaultModel,
    /// Without them.
    pub without_encoder: FaultModel,
}

/// What a feature adds to the log-odds of one pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The feature.
    pub feature: Feature,
    /// What it adds to the log-odds of good, by the faults that are likeliest: below 0 it speaks
    /// against the pair.
    pub adds: f32,
}

/// How good a pair is, and what it may be otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The chance that the pair is good, 0 to 1, where as many pairs are bad as good.
    pub quality: f32,
    /// The chance of each fault, in the order of [`QualityModel::faults`].
    pub faults: Vec<f32>,
}

/// A fault of this chance is a reason.
const REASON: f32 = 0.1;

/// A model that is ready for use.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityModel {
    faults: Vec<String>,
    intercepts: Vec<f32>,
    curves: Vec<Curve>,
}

/// A feature's functions of all faults: a row of numbers a point, and one for what does not apply.
#[derive(Clone, Debug, PartialEq)]
struct Curve {
    feature: Feature,
    at: Vec<f32>,
    rows: Vec<f32>,
}

impl Curve {
    /// Gives the rows that a value lies between, with the part of the second.
    fn place(&self, value: Option<f32>) -> (usize, usize, f32) {
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

    /// Calls `each` with what the value adds to each fault.
    fn add(&self, value: Option<f32>, faults: usize, mut each: impl FnMut(usize, f32)) {
        let (low, high, part) = self.place(value);
        let (low, high) = (&self.rows[low * faults..], &self.rows[high * faults..]);
        for fault in 0..faults {
            each(fault, low[fault] + part * (high[fault] - low[fault]));
        }
    }
}

fn unsound(reason: String) -> Error {
    ErrorKind::QualityModel { reason }.into()
}

impl QualityModel {
    /// Gives the model inside the program, for pairs with the encoder's features or without.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "the file that is built in is whole")]
    pub fn builtin(with_encoder: bool) -> Self {
        let text = include_str!("../assets/quality.toml");
        Self::from_toml(text, with_encoder).expect("a test reads it")
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// [`ErrorKind::QualityModel`] where it is no TOML of that form, names a feature that there is
    /// not, or has a function that is none.
    pub fn from_toml(text: &str, with_encoder: bool) -> Result<Self> {
        let file: QualityFile = toml::from_str(text).map_err(|error| unsound(error.to_string()))?;
        Self::new(if with_encoder { &file.with_encoder } else { &file.without_encoder })
    }

    /// Makes a model ready.
    ///
    /// # Errors
    /// [`ErrorKind::QualityModel`], as [`QualityModel::from_toml`].
    pub fn new(model: &FaultModel) -> Result<Self> {
        let faults: Vec<String> = model.intercepts.keys().cloned().collect();
        let intercepts: Vec<f32> = model.intercepts.values().copied().collect();
        if let Some((name, _)) = model.intercepts.iter().find(|(_, value)| !value.is_finite()) {
            return Err(unsound(format!("{name}: the intercept is no number")));
        }
        let mut curves = Vec::new();
        for (name, Curves { at, adds }) in &model.features {
            let feature = Feature::from_name(name)
                .ok_or_else(|| unsound(format!("no feature is called {name}")))?;
            let is_finite = at.iter().all(|point| point.is_finite());
            if at.is_empty() || !is_finite || !at.windows(2).all(|pair| pair[0] < pair[1]) {
                return Err(unsound(format!("{name}: the points of a function must ascend")));
            }
            let mut rows = vec![0.0; (at.len() + 1) * faults.len()];
            for (fault, values) in adds {
                let column = faults
                    .iter()
                    .position(|known| known == fault)
                    .ok_or_else(|| unsound(format!("{name}: no fault is called {fault}")))?;
                if values.len() != at.len() + 1 || !values.iter().all(|value| value.is_finite()) {
                    let wanted = at.len() + 1;
                    return Err(unsound(format!("{name}: {fault} must have {wanted} numbers")));
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

    /// Gives the names of the faults.
    #[must_use]
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// Judges a pair.
    #[must_use]
    pub fn judge(&self, features: &Features) -> Judgement {
        let mut odds = self.intercepts.clone();
        for curve in &self.curves {
            let value = features.get(curve.feature);
            curve.add(value, self.faults.len(), |fault, adds| odds[fault] += adds);
        }
        // Against overflow, and exact where one fault outweighs all.
        let greatest = odds.iter().copied().fold(0.0, f32::max);
        let weights: Vec<f64> =
            odds.iter().map(|odds| libm::exp(f64::from(odds - greatest))).collect();
        let good = libm::exp(f64::from(-greatest));
        let all = good + weights.iter().sum::<f64>();
        Judgement {
            quality: (good / all) as f32,
            faults: weights.iter().map(|weight| (weight / all) as f32).collect(),
        }
    }

    /// Gives what each feature adds to the log-odds of good, the worst first. Each fault counts by
    /// its chance among the faults.
    #[must_use]
    pub fn explain(&self, features: &Features) -> Vec<Share> {
        let chances = self.judge(features).faults;
        let all = chances.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        let share = |curve: &Curve| {
            let mut adds = 0.0;
            curve.add(features.get(curve.feature), self.faults.len(), |fault, value| {
                adds -= value * chances[fault] / all;
            });
            Share { feature: curve.feature, adds }
        };
        let mut shares: Vec<Share> = self.curves.iter().map(share).collect();
        shares.sort_by(|a, b| a.adds.total_cmp(&b.adds));
        shares
    }

    /// Gives the likely faults of a judgement, the likeliest first: those of a chance of 0.1 and
    /// more.
    pub fn reasons<'m>(&'m self, judgement: &Judgement) -> Vec<&'m str> {
        let mut likely: Vec<usize> =
            (0..self.faults.len()).filter(|&at| judgement.faults[at] >= REASON).collect();
        likely.sort_by(|a, b| judgement.faults[*b].total_cmp(&judgement.faults[*a]));
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
    fn chances_are_those_of_the_odds() {
        let text = file("cosine = { at = [0.0, 1.0], adds = { bad = [3.0, -3.0, 0.5] } }");
        let model = QualityModel::from_toml(&text, true).unwrap();
        let mut features = Features::default();
        let quality = |bad: f64, worse: f64| (1.0 / (1.0 + bad.exp() + worse.exp())) as f32;
        assert!((model.judge(&features).quality - quality(-0.5, -2.0)).abs() < 1e-6);
        features.set(Feature::Cosine, 0.25);
        let judgement = model.judge(&features);
        assert!((judgement.quality - quality(0.5, -2.0)).abs() < 1e-6);
        assert_eq!(model.reasons(&judgement), ["bad"]);
        assert!((judgement.quality + judgement.faults.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        let [share] = model.explain(&features)[..] else { panic!("one feature") };
        assert!(share.feature == Feature::Cosine && share.adds < -1.0);
        features.set(Feature::Cosine, f32::MAX);
        assert!((model.judge(&features).quality - quality(-4.0, -2.0)).abs() < 1e-6);
    }

    #[test]
    fn builtin_models_are_whole() {
        for with_encoder in [true, false] {
            let model = QualityModel::builtin(with_encoder);
            assert!(!model.curves.is_empty());
            assert!(
                with_encoder || !model.curves.iter().any(|curve| curve.feature.needs_encoder())
            );
        }
    }

    #[test]
    fn what_is_no_model_is_told() {
        for curve in [
            "smell = { at = [0.0], adds = {} }",
            "cosine = { at = [1.0, 0.0], adds = {} }",
            "cosine = { at = [1.0], adds = { bad = [1.0] } }",
            "cosine = { at = [1.0], adds = { good = [1.0, 0.0] } }",
            "cosine = 3",
        ] {
            assert!(QualityModel::from_toml(&file(curve), true).is_err(), "{curve}");
        }
        let no_number = file("").replace("-1.0", "nan");
        assert!(QualityModel::from_toml(&file(""), true).is_ok());
        assert!(QualityModel::from_toml(&no_number, true).is_err());
    }
}
