//! Fits the model: for each fault a logistic regression of good against it, on lines through
//! points, by Newton's method.
//!
//! One regression a fault gives what a multinomial one would (Begg and Gray 1984, "Calculation of
//! polychotomous logistic regression parameters using individualized regressions").

use std::collections::{BTreeMap, BTreeSet};

use nasaq_quality::{FaultModel, Feature, FeatureCurves, Features};
use rayon::prelude::*;

/// A pair to learn from.
pub(crate) struct Example {
    pub(crate) features: Features,
    /// Its fault; none of a good pair.
    pub(crate) fault: Option<&'static str>,
    pub(crate) weight: f64,
}

/// How strongly what is added where a feature does not apply is held to what it adds to a good pair.
const ABSENT: f64 = 30.0;
/// How strongly a curve is held to be straight.
const STRAIGHT: f64 = 1.0;
/// Weight of all examples together: what the two above are measured against.
const EXAMPLES: f64 = 4000.0;
const STEPS: usize = 40;
/// A function that nowhere adds this much is left out.
const LEAST: f32 = 0.1;

/// Tells whether the model may judge by a feature. Not by those that are there to be read, nor by
/// those that no damage touches: of them it would learn what a few pairs happened to have. Filters
/// look at them.
fn judges(feature: Feature) -> bool {
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

/// How strongly a curve is held to be flat: how little one feature is to decide by itself.
///
/// Letters go wrong in the same ways in any text, so what looks at them is believed. What compares a
/// pair's words and vectors with all others of its block is believed most: it adds up evidence of a
/// whole sentence, and the block takes the kind of text out of it. A cosine or a share of words by
/// itself differs by kind of text. Texts that we cut always lack their end mark and are always short,
/// which says more of how we cut than of how corpora are cut.
fn flatness(feature: Feature) -> f64 {
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

/// The greatest count that is told from greater ones: a single garbled place is as bad as many.
fn most_told_apart(feature: Feature) -> f32 {
    if feature == Feature::Mojibake { 1.0 } else { 4.0 }
}

/// The points of one feature and where its numbers begin among all.
struct Basis {
    feature: Feature,
    at: Vec<f32>,
    first: usize,
    /// The mean parts of the points in good pairs that the feature applies to.
    usual: Vec<f64>,
}

impl Basis {
    /// Puts points where the data are, at most eight, and one for what does not apply.
    fn new(feature: Feature, examples: &[Example], first: usize) -> Option<Self> {
        let mut values: Vec<f32> =
            examples.iter().filter_map(|example| example.features.get(feature)).collect();
        values.sort_by(f32::total_cmp);
        let quantiles = [0.0, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 1.0];
        let info = feature.info();
        let mut at: Vec<f32> = if info.decimals == 0 && info.range.1.is_infinite() {
            let least = values.first().copied()?.max(-2.0);
            let most = values.last().copied()?.min(most_told_apart(feature));
            (least as i32..=most as i32).map(|count| count as f32).collect()
        } else {
            let place = |q: f64| ((values.len() - 1) as f64 * q) as usize;
            if values.is_empty() {
                return None;
            }
            quantiles.iter().map(|q| values[place(*q)]).collect()
        };
        let digits = |value: f32| (value * 1000.0).round() / 1000.0;
        at = at.into_iter().map(digits).collect();
        at.dedup();
        // Points that nearly meet say nothing apart.
        let span = at.last()? - at.first()?;
        let mut kept: Vec<f32> = Vec::new();
        for value in at {
            if kept.last().is_none_or(|last| value - last > span * 0.02) {
                kept.push(value);
            }
        }
        let usual = vec![0.0; kept.len()];
        let mut basis = (kept.len() > 1).then_some(Self { feature, at: kept, first, usual })?;
        basis.look_at_good(examples);
        Some(basis)
    }

    fn look_at_good(&mut self, examples: &[Example]) {
        let mut all = 0.0;
        let good = examples.iter().filter(|example| example.fault.is_none());
        for example in good.filter(|example| example.features.get(self.feature).is_some()) {
            for (at, part) in self.parts(&example.features) {
                self.usual[at - self.first] += example.weight * part;
            }
            all += example.weight;
        }
        if all > 0.0 {
            self.usual.iter_mut().for_each(|part| *part /= all);
        }
    }

    /// Gives the numbers that a value depends on, with their parts.
    fn parts(&self, features: &Features) -> [(usize, f64); 2] {
        let absent = self.first + self.at.len();
        let Some(value) = features.get(self.feature) else { return [(absent, 1.0), (absent, 0.0)] };
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

    fn numbers(&self) -> usize {
        self.at.len() + 1
    }
}

/// Fits a model to the examples, with the encoder's features or without.
pub(crate) fn fit(examples: &[Example], with_encoder: bool) -> FaultModel {
    let mut bases = Vec::new();
    let mut size = 1;
    for feature in Feature::ALL.iter().copied() {
        if !judges(feature) || feature.needs_encoder() && !with_encoder {
            continue;
        }
        if let Some(basis) = Basis::new(feature, examples, size) {
            size += basis.numbers();
            bases.push(basis);
        }
    }
    let rows: Vec<Vec<(usize, f64)>> = examples
        .iter()
        .map(|example| {
            let mut row = vec![(0, 1.0)];
            row.extend(bases.iter().flat_map(|basis| basis.parts(&example.features)));
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
    for (fault, numbers) in fitted {
        centre(&mut model, fault, &bases, &numbers, examples);
    }
    model
}

/// Gives the log-odds of one fault against good: the intercept, then the numbers of each basis.
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
    // Both sides weigh alike while fitting; how rare the fault is goes into the intercept.
    let scale = |example: &Example| {
        example.weight * EXAMPLES / 2.0 / if example.fault.is_none() { good } else { bad }
    };
    let mut numbers = vec![0.0; size];
    for _ in 0..STEPS {
        let (mut gradient, mut hessian) = penalty(bases, &numbers, size);
        let mine = examples.iter().zip(rows).filter(|(e, _)| e.fault.is_none_or(|of| of == fault));
        for (example, row) in mine {
            let odds: f64 = row.iter().map(|(at, part)| part * numbers[*at]).sum();
            let chance = 1.0 / (1.0 + (-odds).exp());
            let weight = scale(example);
            let error = weight * (f64::from(u8::from(example.fault.is_some())) - chance);
            let curve = weight * (chance * (1.0 - chance)).max(1e-6);
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
        let greatest = step.iter().fold(0.0_f64, |most, step| most.max(step.abs()));
        // A long step may overshoot where good and bad are nearly apart.
        let factor = (2.0 / greatest).min(1.0);
        for (number, step) in numbers.iter_mut().zip(&step) {
            *number += factor * step;
        }
        if greatest < 1e-4 {
            break;
        }
    }
    numbers[0] += (bad / good).ln();
    numbers
}

/// Gives gradient and curvature of what holds the curves flat and straight.
fn penalty(bases: &[Basis], numbers: &[f64], size: usize) -> (Vec<f64>, Vec<f64>) {
    let mut gradient = vec![0.0; size];
    let mut hessian = vec![0.0; size * size];
    hessian[0] = 1e-6;
    let mut add = |terms: &[(usize, f64)], strength: f64| {
        let value: f64 = terms.iter().map(|(at, factor)| factor * numbers[*at]).sum();
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
            add(&[(basis.first + at, 1.0)], flatness(basis.feature));
        }
        // That a feature does not apply is no fault: a number has no letters.
        let usual = basis.usual.iter().enumerate().map(|(at, part)| (basis.first + at, -part));
        let absent: Vec<(usize, f64)> =
            usual.chain([(basis.first + basis.at.len(), 1.0)]).collect();
        add(&absent, ABSENT);
        for at in 2..basis.at.len() {
            let place = basis.first + at;
            add(&[(place - 2, 1.0), (place - 1, -2.0), (place, 1.0)], STRAIGHT);
        }
    }
    (gradient, hessian)
}

/// Solves for a symmetric positive matrix, whose lower half is given, by Cholesky's method.
fn solve(matrix: &mut [f64], mut right: Vec<f64>, size: usize) -> Vec<f64> {
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

/// Centres the functions of a fault on the good pairs, rounds them, and puts them into the model.
/// A function that says next to nothing is left out.
fn centre(
    model: &mut FaultModel,
    fault: &str,
    bases: &[Basis],
    numbers: &[f64],
    examples: &[Example],
) {
    let good = || examples.iter().filter(|example| example.fault.is_none());
    let all: f64 = good().map(|example| example.weight).sum();
    let mut intercept = numbers[0];
    let round = |value: f64| ((value * 100.0).round() / 100.0) as f32;
    for basis in bases {
        let value = |features: &Features| -> f64 {
            basis.parts(features).iter().map(|(at, part)| part * numbers[*at]).sum()
        };
        let sum = good().map(|example| example.weight * value(&example.features)).sum::<f64>();
        let mean = sum / all;
        intercept += mean;
        let adds: Vec<f32> =
            (0..basis.numbers()).map(|at| round(numbers[basis.first + at] - mean)).collect();
        let curves = model.features.entry(basis.feature.info().name.to_owned());
        let curves =
            curves.or_insert_with(|| FeatureCurves { at: basis.at.clone(), adds: BTreeMap::new() });
        if adds.iter().any(|adds| adds.abs() >= LEAST) {
            curves.adds.insert(fault.to_owned(), adds);
        }
    }
    model.intercepts.insert(fault.to_owned(), round(intercept));
}
