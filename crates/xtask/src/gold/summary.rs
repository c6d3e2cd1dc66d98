//! Tables of the measures by condition, by set and by group.

use std::fmt::Write as _;

use super::groups::{GROUPS, group_mean, is_strict, mean};
use super::tally::SetTally;
use super::{ConditionDocuments, ConditionOutcome, Outcome};

impl ConditionOutcome {
    /// Returns the mean of a measure over the groups.
    fn group_mean(&self, measure: impl Fn(&str, &SetTally) -> Option<f64>) -> f64 {
        self.mean_of_groups(measure, |_| true)
    }

    /// Returns the mean of a measure over some groups; 0 if no set of them was measured.
    fn mean_of_groups(
        &self,
        measure: impl Fn(&str, &SetTally) -> Option<f64>,
        is_included: impl Fn(&str) -> bool,
    ) -> f64 {
        let value = |set: &str| self.sets.get(set).and_then(|tally| measure(set, tally));
        group_mean(value, is_included).unwrap_or(0.0)
    }

    /// Returns a measure of every set for which there is one.
    fn values(&self, measure: impl Fn(&SetTally) -> Option<f64>) -> Vec<f64> {
        self.sets.values().filter_map(measure).collect()
    }
}

/// Returns the F1 by which variants are compared: nested, and on sets whose beads are sentences the
/// mean of strict and nested.
fn judged(set: &str, tally: &SetTally) -> f64 {
    if is_strict(set) { (tally.strict() + tally.nested()) / 2.0 } else { tally.nested() }
}

/// Returns a table with a row per condition and variant.
pub(super) fn by_condition(conditions: &[ConditionDocuments], outcomes: &[Outcome]) -> String {
    let mut out = String::from(
        "| condition | variant | strict: groups | nested: groups | sets | lowest set | null recall: \
         sets | wrong at 0.9: sets | highest set | at 0.9: sets | calibration error: sets | highest \
         set |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for (index, it) in conditions.iter().enumerate() {
        for outcome in outcomes {
            let found = &outcome.by_condition[index];
            let of = |measure: fn(&SetTally) -> f64| found.values(|tally| Some(measure(tally)));
            let sets = |values: &[f64]| mean(values.iter().copied()).unwrap_or(0.0);
            let nested = of(SetTally::nested);
            let (wrong, errors) = (of(SetTally::sure_and_wrong), of(SetTally::calibration_error));
            let strict = |set: &str, tally: &SetTally| is_strict(set).then(|| tally.strict());
            let highest = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
            let _ = writeln!(
                out,
                "| {} | {} | {:.4} | {:.4} | {:.4} | {:.3} | {:.3} | {:.4} | {:.3} | {:.3} | {:.4} \
                 | {:.3} |",
                it.condition,
                outcome.name,
                found.group_mean(strict),
                found.group_mean(|_, tally| Some(tally.nested())),
                sets(&nested),
                nested.iter().copied().fold(1.0, f64::min),
                sets(&found.values(SetTally::null_recall)),
                sets(&wrong),
                highest(&wrong),
                sets(&of(SetTally::sure_share)),
                sets(&errors),
                highest(&errors),
            );
        }
    }
    out
}

/// Returns a table with a row per set: the measures of each variant under a condition.
pub(super) fn by_set(condition: usize, outcomes: &[Outcome]) -> String {
    let mut out = String::from(
        "Strict / nested F1 (null recall), wrong at 0.9, calibration error\n\n| set |",
    );
    for outcome in outcomes {
        let _ = write!(out, " {} |", outcome.name);
    }
    let _ = write!(out, "\n|---|{}\n", "---|".repeat(outcomes.len()));
    for set in outcomes[0].by_condition[condition].sets.keys() {
        let _ = write!(out, "| {set} |");
        for outcome in outcomes {
            let tally = &outcome.by_condition[condition].sets[set];
            let _ = write!(out, " {:.4} / {:.4}", tally.strict(), tally.nested());
            if let Some(recall) = tally.null_recall() {
                let _ = write!(out, " ({recall:.2})");
            }
            let (wrong, error) = (tally.sure_and_wrong(), tally.calibration_error());
            let _ = write!(out, ", {wrong:.3}, {error:.3} |");
        }
        out.push('\n');
    }
    out
}

/// Returns a table with, by group of sets, the variant that is best on all other groups and its F1
/// on this group, as means over the conditions.
pub(super) fn cross_validation(outcomes: &[Outcome]) -> String {
    let mut out = String::from(
        "| group | best on the others | F1 here | default here |\n|---|---|---|---|\n",
    );
    let judge = |outcome: &Outcome, is_included: &dyn Fn(&str) -> bool| -> f64 {
        let of_condition = |found: &ConditionOutcome| {
            found.mean_of_groups(|set, tally| Some(judged(set, tally)), is_included)
        };
        mean(outcome.by_condition.iter().map(of_condition)).unwrap_or(0.0)
    };
    for (group, _) in GROUPS {
        let [on_others, here] = [false, true]
            .map(|is_here| move |outcome: &Outcome| judge(outcome, &|it| (it == group) == is_here));
        let mut best = &outcomes[0];
        for outcome in outcomes {
            if on_others(outcome) > on_others(best) {
                best = outcome;
            }
        }
        let name = &best.name;
        let _ =
            writeln!(out, "| {group} | {name} | {:.4} | {:.4} |", here(best), here(&outcomes[0]));
    }
    out
}
