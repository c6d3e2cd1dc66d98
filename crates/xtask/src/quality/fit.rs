//! Fits the model: one logistic regression per fault, of the fault against good pairs, on piecewise
//! linear functions of the features, by Newton's method.
//!
//! Separate regressions approximate a multinomial one (Begg and Gray 1984, "Calculation of
//! polychotomous logistic regression parameters using individualized regressions").

use std::collections::{BTreeMap, BTreeSet};

use nasaq_quality::{FaultModel, Feature, FeatureCurves, Features};
use rayon::prelude::*;

/// A training example.
pub(crate) struct Example {
    pub(crate) features: Features,
    /// Its fault; `None` for a good pair.
    pub(crate) fault: Option<&'static str>,
    pub(crate) weight: f64,
}

/// The penalty on the difference between the term of a missing feature and the mean term of good
/// pairs.
const MISSING_PENALTY: f64 = 30.0;
/// The penalty on the second difference of a function.
const CURVATURE_PENALTY: f64 = 1.0;
/// The total weight of the examples, which the penalties are relative to.
const TOTAL_WEIGHT: f64 = 4000.0;
/// The maximum number of Newton steps.
const MAX_STEPS: usize = 40;
/// The minimum absolute value of a function's terms; a function below it is omitted.
const MIN_TERM: f32 = 0.1;

/// Returns whether the model uses a feature. It does not use features that are only for reading,
/// nor those that no damage changes, of which it would learn accidents of the sample. These are for
/// filters.
fn is_used(feature: Feature) -> bool {
    !matches!(
        feature,
        Feature::ArChars
            | Feature::EnChars
            | Feature::ArWords
            | Feature::EnWords
            | Feature::LengthRatio
            | Feature::Addresses
            | Feature::ArRepetition
            | Feature::EnRepetition
            | Feature::Controls
            | Feature::Markup
    )
}

/// Returns the penalty on the values of a function, which limits how much one feature can decide.
///
/// It is smallest for margins, which compare all words or vectors of a pair with those of its block
/// and so do not depend on the genre, and small for features of letters, which go wrong in the same
/// ways in any text. It is greater for cosines and shares of words, which depend on the genre. It
/// is greatest for the final mark and the length: synthetic truncation always changes both, and
/// real faults do not.
fn flatness_penalty(feature: Feature) -> f64 {
    match feature {
        Feature::Match | Feature::MatchMargin | Feature::LexicalMargin | Feature::Margin => 0.01,
        Feature::Mojibake
        | Feature::ArGlued
        | Feature::EnGlued
        | Feature::ArKnown
        | Feature::EnKnown
        | Feature::ArSpelling
        | Feature::EnSpelling
        | Feature::ArScript
        | Feature::EnScript
        | Feature::ArWordLength
        | Feature::EnWordLength => 0.05,
        Feature::Terminal => 20.0,
        Feature::LengthZ => 4.0,
        _ => 3.0,
    }
}

/// Returns the count beyond which the function of a feature is constant: one garbled character is
/// as bad as many.
fn max_count(feature: Feature) -> f32 {
    if feature == Feature::Mojibake { 1.0 } else { 4.0 }
}

/// The basis of the functions of one feature: the values at which they are defined.
struct Basis {
    feature: Feature,
    at: Vec<f32>,
    /// The index of its first parameter.
    first: usize,
    /// The mean weight of each value for the good pairs that have the feature.
    typical: Vec<f64>,
}

impl Basis {
    /// Creates a basis with values at quantiles of the data. Returns `None` if the feature has
    /// fewer than two distinct values.
    fn new(feature: Feature, examples: &[Example], first: usize) -> Option<Self> {
        let mut values: Vec<f32> =
            examples.iter().filter_map(|example| example.features.get(feature)).collect();
        values.sort_by(f32::total_cmp);
        let quantiles = [0.0, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 1.0];
        let info = feature.info();
        let mut at: Vec<f32> = if info.decimals == 0 && info.range.1.is_infinite() {
            let min = values.first().copied()?.max(-2.0);
            let max = values.last().copied()?.min(max_count(feature));
            (min as i32..=max as i32).map(|count| count as f32).collect()
        } else {
            let index = |q: f64| ((values.len() - 1) as f64 * q) as usize;
            if values.is_empty() {
                return None;
            }
            quantiles.iter().map(|q| values[index(*q)]).collect()
        };
        let rounded = |value: f32| (value * 1000.0).round() / 1000.0;
        at = at.into_iter().map(rounded).collect();
        at.dedup();
        // Values that are too close to one another are merged.
        let span = at.last()? - at.first()?;
        let mut distinct: Vec<f32> = Vec::new();
        for value in at {
            if distinct.last().is_none_or(|last| value - last > span * 0.02) {
                distinct.push(value);
            }
        }
        let typical = vec![0.0; distinct.len()];
        let mut basis =
            (distinct.len() > 1).then_some(Self { feature, at: distinct, first, typical })?;
        basis.set_typical(examples);
        Some(basis)
    }

    /// Computes the mean weights of good pairs.
    fn set_typical(&mut self, examples: &[Example]) {
        let mut all = 0.0;
        let good = examples.iter().filter(|example| example.fault.is_none());
        for example in good.filter(|example| example.features.get(self.feature).is_some()) {
            for (at, part) in self.weights(&example.features) {
                self.typical[at - self.first] += example.weight * part;
            }
            all += example.weight;
        }
        if all > 0.0 {
            self.typical.iter_mut().for_each(|part| *part /= all);
        }
    }

    /// Returns the two parameters that the term of a value depends on, with their weights.
    fn weights(&self, features: &Features) -> [(usize, f64); 2] {
        let missing = self.first + self.at.len();
        let Some(value) = features.get(self.feature) else {
            return [(missing, 1.0), (missing, 0.0)];
        };
        let next = self.at.partition_point(|at| *at <= value);
        match (next.checked_sub(1), self.at.get(next)) {
            (None, _) => [(self.first, 1.0), (self.first, 0.0)],
            (Some(last), None) => [(self.first + last, 1.0), (self.first + last, 0.0)],
            (Some(last), Some(end)) => {
                let part = f64::from((value - self.at[last]) / (end - self.at[last]));
                [(self.first + last, 1.0 - part), (self.first + next, part)]
            }
        }
    }

    /// Returns the number of parameters.
    fn parameters(&self) -> usize {
        self.at.len() + 1
    }
}

/// Fits a model to the examples, with the encoder's features or without.
pub(crate) fn fit(examples: &[Example], with_encoder: bool) -> FaultModel {
    let mut bases = Vec::new();
    let mut size = 1;
    for feature in Feature::ALL.iter().copied() {
        if !is_used(feature) || feature.needs_encoder() && !with_encoder {
            continue;
        }
        if let Some(basis) = Basis::new(feature, examples, size) {
            size += basis.parameters();
            bases.push(basis);
        }
    }
    let rows: Vec<Vec<(usize, f64)>> = examples
        .iter()
        .map(|example| {
            let mut row = vec![(0, 1.0)];
            row.extend(bases.iter().flat_map(|basis| basis.weights(&example.features)));
            row.retain(|(_, part)| *part != 0.0);
            row
        })
        .collect();
    let faults: BTreeSet<&'static str> = examples.iter().filter_map(|e| e.fault).collect();
    let fitted: Vec<(&str, Vec<f64>)> = faults
        .into_par_iter()
        .map(|fault| (fault, fit_fault(fault, examples, &rows, &bases, size)))
        .collect();
    let mut model = FaultModel { intercepts: BTreeMap::new(), features: BTreeMap::new() };
    for (fault, parameters) in fitted {
        centre(&mut model, fault, &bases, &parameters, examples);
    }
    model
}

/// Fits the log-odds of one fault against good; returns the intercept, then the parameters of each
/// basis.
fn fit_fault(
    fault: &str,
    examples: &[Example],
    rows: &[Vec<(usize, f64)>],
    bases: &[Basis],
    size: usize,
) -> Vec<f64> {
    let weight_of = |of: Option<&str>| -> f64 {
        examples.iter().filter(|e| e.fault == of).map(|e| e.weight).sum()
    };
    let (good, bad) = (weight_of(None), weight_of(Some(fault)));
    // Both classes have the same total weight; the rarity of the fault is added to the intercept.
    let scale = |example: &Example| {
        example.weight * TOTAL_WEIGHT / 2.0 / if example.fault.is_none() { good } else { bad }
    };
    let mut parameters = vec![0.0; size];
    for _ in 0..MAX_STEPS {
        let (mut gradient, mut hessian) = penalty(bases, &parameters, size);
        let classes =
            examples.iter().zip(rows).filter(|(e, _)| e.fault.is_none_or(|of| of == fault));
        for (example, row) in classes {
            let odds: f64 = row.iter().map(|(at, part)| part * parameters[*at]).sum();
            let probability = 1.0 / (1.0 + (-odds).exp());
            let weight = scale(example);
            let error = weight * (f64::from(u8::from(example.fault.is_some())) - probability);
            let curve = weight * (probability * (1.0 - probability)).max(1e-6);
            for (a, part) in row {
                gradient[*a] += error * part;
                for (b, other) in row {
                    if b <= a {
                        hessian[*a * size + *b] += curve * part * other;
                    }
                }
            }
        }
        let step = solve(&mut hessian, gradient, size);
        let max = step.iter().fold(0.0_f64, |max, step| max.max(step.abs()));
        // A long step may overshoot if the classes are almost separable.
        let factor = (2.0 / max).min(1.0);
        for (parameter, step) in parameters.iter_mut().zip(&step) {
            *parameter += factor * step;
        }
        if max < 1e-4 {
            break;
        }
    }
    parameters[0] += (bad / good).ln();
    parameters
}

/// Returns the gradient and the Hessian of the penalties.
fn penalty(bases: &[Basis], parameters: &[f64], size: usize) -> (Vec<f64>, Vec<f64>) {
    let mut gradient = vec![0.0; size];
    let mut hessian = vec![0.0; size * size];
    hessian[0] = 1e-6;
    let mut add = |terms: &[(usize, f64)], strength: f64| {
        let value: f64 = terms.iter().map(|(at, factor)| factor * parameters[*at]).sum();
        for (a, factor) in terms {
            gradient[*a] -= strength * factor * value;
            for (b, other) in terms {
                if b <= a {
                    hessian[*a * size + *b] += strength * factor * other;
                }
            }
        }
    };
    for basis in bases {
        for at in 0..basis.at.len() {
            add(&[(basis.first + at, 1.0)], flatness_penalty(basis.feature));
        }
        // A missing feature is not a fault: for example, a number has no letters.
        let typical = basis.typical.iter().enumerate().map(|(at, part)| (basis.first + at, -part));
        let missing: Vec<(usize, f64)> =
            typical.chain([(basis.first + basis.at.len(), 1.0)]).collect();
        add(&missing, MISSING_PENALTY);
        for at in 2..basis.at.len() {
            let last = basis.first + at;
            add(&[(last - 2, 1.0), (last - 1, -2.0), (last, 1.0)], CURVATURE_PENALTY);
        }
    }
    (gradient, hessian)
}

/// Solves a linear system with a symmetric positive definite matrix, of which the lower triangle is
/// used, by Cholesky decomposition.
pub(crate) fn solve(matrix: &mut [f64], mut right: Vec<f64>, size: usize) -> Vec<f64> {
    for a in 0..size {
        for b in 0..=a {
            let mut sum = matrix[a * size + b];
            for k in 0..b {
                sum -= matrix[a * size + k] * matrix[b * size + k];
            }
            matrix[a * size + b] =
                if a == b { sum.max(1e-12).sqrt() } else { sum / matrix[b * size + b] };
        }
    }
    for a in 0..size {
        for k in 0..a {
            right[a] -= matrix[a * size + k] * right[k];
        }
        right[a] /= matrix[a * size + a];
    }
    for a in (0..size).rev() {
        for k in a + 1..size {
            right[a] -= matrix[k * size + a] * right[k];
        }
        right[a] /= matrix[a * size + a];
    }
    right
}

/// Centres the functions of a fault on the good pairs, rounds them and adds them to the model,
/// except functions without a term of at least [`MIN_TERM`].
fn centre(
    model: &mut FaultModel,
    fault: &str,
    bases: &[Basis],
    parameters: &[f64],
    examples: &[Example],
) {
    let good = || examples.iter().filter(|example| example.fault.is_none());
    let all: f64 = good().map(|example| example.weight).sum();
    let mut intercept = parameters[0];
    let round = |value: f64| ((value * 100.0).round() / 100.0) as f32;
    for basis in bases {
        let value = |features: &Features| -> f64 {
            basis.weights(features).iter().map(|(at, part)| part * parameters[*at]).sum()
        };
        let sum = good().map(|example| example.weight * value(&example.features)).sum::<f64>();
        let mean = sum / all;
        intercept += mean;
        let terms: Vec<f32> =
            (0..basis.parameters()).map(|at| round(parameters[basis.first + at] - mean)).collect();
        let curves = model.features.entry(basis.feature.info().name.to_owned());
        let curves =
            curves.or_insert_with(|| FeatureCurves { at: basis.at.clone(), adds: BTreeMap::new() });
        if terms.iter().any(|term| term.abs() >= MIN_TERM) {
            curves.adds.insert(fault.to_owned(), terms);
        }
    }
    model.intercepts.insert(fault.to_owned(), round(intercept));
}
