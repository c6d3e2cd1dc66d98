//! Documents that match far worse than the corpus does.
//!
//! Where all translations are close, one that is merely possible is worth a look, although its
//! score alone says nothing against it.

use super::listing::Outcome;
use super::work::Told;

/// So many documents make a corpus that has something usual.
const LEAST_DOCUMENTS: usize = 20;
/// A document is far below where the logarithm of its odds is lower than the median by this many
/// of the usual (median) deviations, and by this much in any case.
const DEVIATIONS: f64 = 8.0;
/// See [`DEVIATIONS`].
const LEAST_DISTANCE: f64 = 3.0;

/// Gives a warning for each document that is far below the others; in their order.
pub(crate) fn outliers(outcomes: &[&Outcome]) -> Vec<Option<Told>> {
    let scores: Vec<Option<f64>> = outcomes
        .iter()
        .map(|outcome| outcome.line().map(|line| line.aligned.document_score))
        .collect();
    let lowest = limit(&scores.iter().flatten().copied().map(log_odds).collect::<Vec<_>>());
    let told = |score: &Option<f64>| {
        let is_far = score.is_some_and(|score| log_odds(score) < lowest);
        is_far.then(|| Told {
            kind: "far-below-corpus".to_owned(),
            reason: format!(
                "the document score {:.2} is far below that of the corpus",
                score.unwrap_or_default()
            ),
            hint: Some("look at its alignment: is it the same text, and all of it?".to_owned()),
        })
    };
    scores.iter().map(told).collect()
}

/// Gives the log-odds below which a document is far below the others.
fn limit(odds: &[f64]) -> f64 {
    if odds.len() < LEAST_DOCUMENTS {
        return f64::NEG_INFINITY;
    }
    let usual = median(odds.to_vec());
    let deviation = median(odds.iter().map(|value| (value - usual).abs()).collect());
    usual - (DEVIATIONS * deviation).max(LEAST_DISTANCE)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Scores have four decimals, so a 1 is taken as the next below it.
fn log_odds(score: f64) -> f64 {
    let score = score.clamp(0.0001, 0.9999);
    (score / (1.0 - score)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_far_below_the_rest_is_told() {
        let mut odds = vec![log_odds(0.999); 30];
        odds[3] = log_odds(0.99);
        odds[4] = log_odds(0.7);
        let lowest = limit(&odds);
        assert!(odds[4] < lowest && lowest < odds[3]);
        // Too few, or too different from each other, to say what is usual.
        assert_eq!(limit(&odds[..10]), f64::NEG_INFINITY);
        let spread: Vec<f64> = (0..30).map(|at| log_odds(0.5 + f64::from(at) / 61.0)).collect();
        assert!(spread.iter().all(|value| *value > limit(&spread)));
    }
}
