//! Documents whose score is far below those of the corpus.
//!
//! If all translations of a corpus are close, a document with a merely plausible score needs a look,
//! although the score alone is no reason for a warning.

use super::listing::DocumentOutcome;
use crate::message::Message;
use crate::remedy::Wording;
use crate::warning::Warning;

/// A corpus of fewer documents has no typical score.
const MIN_DOCUMENTS: usize = 20;
/// A document is an outlier if the log-odds of its score are below the median by this many median
/// absolute deviations, and by [`MIN_DISTANCE`] in any case.
const DEVIATIONS: f64 = 8.0;
/// The minimum distance of an outlier from the median, in log-odds.
const MIN_DISTANCE: f64 = 3.0;

/// Returns, for each document in order, a warning if its score is far below the others.
pub(crate) fn outliers(outcomes: &[&DocumentOutcome], wording: Wording) -> Vec<Option<Message>> {
    let scores: Vec<Option<f64>> = outcomes
        .iter()
        .map(|outcome| outcome.line().map(|line| line.summary.document_score))
        .collect();
    let lowest = limit(&scores.iter().flatten().copied().map(log_odds).collect::<Vec<_>>());
    let warning = |score: &Option<f64>| {
        let is_far = score.is_some_and(|score| log_odds(score) < lowest);
        is_far.then(|| {
            let score = score.unwrap_or_default();
            let reason = format!("the document score {score:.2} is far below that of the corpus");
            let hint = "look at its alignment: is it the same text, and all of it?";
            Message::of_warning(&Warning::new("far-below-corpus", reason, hint), wording)
        })
    };
    scores.iter().map(warning).collect()
}

/// Returns the log-odds below which a document is an outlier.
fn limit(odds: &[f64]) -> f64 {
    if odds.len() < MIN_DOCUMENTS {
        return f64::NEG_INFINITY;
    }
    let typical = median(odds.to_vec());
    let deviation = median(odds.iter().map(|value| (value - typical).abs()).collect());
    typical - (DEVIATIONS * deviation).max(MIN_DISTANCE)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Scores have four decimals, so 0 and 1 are replaced by the nearest value inside.
fn log_odds(score: f64) -> f64 {
    let score = score.clamp(0.0001, 0.9999);
    (score / (1.0 - score)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_score_far_below_the_rest_is_an_outlier() {
        let mut odds = vec![log_odds(0.999); 30];
        odds[3] = log_odds(0.99);
        odds[4] = log_odds(0.7);
        let lowest = limit(&odds);
        assert!(odds[4] < lowest && lowest < odds[3]);
        // Too few documents, or too different from each other, to have a typical score.
        assert_eq!(limit(&odds[..10]), f64::NEG_INFINITY);
        let spread: Vec<f64> = (0..30).map(|at| log_odds(0.5 + f64::from(at) / 61.0)).collect();
        assert!(spread.iter().all(|value| *value > limit(&spread)));
    }
}
