//! From a bead's posterior to the probability that is printed.
//!
//! The posterior of forward-backward compares the paths that the score can tell apart. What is
//! printed answers a plainer question: how often are beads like this one right, where a bead is
//! right that has the boundaries of a true one or lies inside it. A map of two numbers leads from
//! one to the other (Platt 1999, on the posterior's own log-odds). They were fitted on all sets of
//! gold but one, for each set in turn; `docs/algorithm.md` has the errors on the sets left out.

/// What the log-odds of the posterior are multiplied by: a score is no full witness.
const SLOPE: f64 = 0.38;
/// What is then added: where paths compete, the best one is right more often than its share.
const OFFSET: f64 = 1.3;
/// Posteriors are held this far from 0 and 1, where log-odds have no end.
const MARGIN: f64 = 1e-6;

/// Gives the chance, 0 to 1, that a bead with this posterior is right.
///
/// It keeps the order of posteriors, and stays below 0.999.
pub(crate) fn chance(posterior: f64) -> f32 {
    let posterior = posterior.clamp(MARGIN, 1.0 - MARGIN);
    let odds = libm::log(posterior / (1.0 - posterior));
    (1.0 / (1.0 + libm::exp(-(SLOPE * odds + OFFSET)))) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greater_posteriors_give_greater_chances() {
        let mut before = 0.0;
        for step in 0..=100 {
            let now = chance(f64::from(step) / 100.0);
            assert!(now > before && now < 0.999, "{now}");
            before = now;
        }
    }

    #[test]
    fn even_odds_are_more_than_even() {
        assert!((chance(0.5) - 0.786).abs() < 1e-3);
    }
}
