//! The gold sets by kind of text.
//!
//! A constant is judged by the mean of the groups, so that neither a set with 2,000 beads nor a
//! kind of text with five sets outweighs the others. Groups and weights were fixed before anything
//! was tuned with them.

/// The sets of each group. All groups have the same weight, and all sets of a group.
pub(crate) const GROUPS: [(&str, &[&str]); 7] = [
    ("modern", &["news", "wiki", "health", "dlsp", "subs"]),
    ("law", &["law", "udhr"]),
    ("literary", &["literature", "rasaif", "stories"]),
    ("terse", &["aphorisms", "bidaya", "letters", "sahifa"]),
    ("dialect", &["film", "egypt"]),
    ("verse", &["bible", "burda"]),
    ("noisy", &["web", "hard"]),
];

/// The sets whose gold beads are sentences, so that a finer cut is an error.
const STRICT: [&str; 12] = [
    "news",
    "wiki",
    "health",
    "law",
    "udhr",
    "literature",
    "rasaif",
    "bidaya",
    "aphorisms",
    "bible",
    "web",
    "hard",
];

/// Reports whether strict F1 is meaningful on a set.
pub(crate) fn is_strict(set: &str) -> bool {
    STRICT.contains(&set)
}

/// Returns the mean over the groups of the mean over each group's sets, of those for which there is
/// a value; `None` if there is none at all.
pub(crate) fn group_mean(
    value: impl Fn(&str) -> Option<f64>,
    is_included: impl Fn(&str) -> bool,
) -> Option<f64> {
    let of_group = |sets: &[&str]| mean(sets.iter().filter_map(|set| value(set)));
    let groups = GROUPS.iter().filter(|(group, _)| is_included(group));
    mean(groups.filter_map(|(_, sets)| of_group(sets)))
}

/// Returns the mean, `None` of no values.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_usize);
    for value in values {
        sum += value;
        count += 1;
    }
    (count > 0).then(|| sum / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_count_the_same_however_many_sets_they_have() {
        let value = |set: &str| match set {
            "law" | "udhr" => Some(1.0),
            "film" => Some(0.5),
            _ => None,
        };
        assert_eq!(group_mean(value, |_| true), Some(0.75));
        assert_eq!(group_mean(value, |group| group != "law"), Some(0.5));
        assert_eq!(group_mean(value, |group| group == "noisy"), None);
    }
}
