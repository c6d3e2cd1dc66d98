//! Findings: what was moved, omitted or added, as lines below the summary.

use std::fmt::Write as _;

use nasaq::{Finding, FindingKind, Span};

use crate::table::first_words;

/// A shorter run is printed only if its probability is at least [`SURE`].
const MIN_SEGMENTS: usize = 2;
/// The probability from which a single segment is printed.
const SURE: f32 = 0.92;
/// Findings that are printed; the others are counted.
const MAX_PRINTED: usize = 20;
/// Width of the first words of a text, in columns.
const WORDS_WIDTH: usize = 60;

/// Formats the findings that need a reader's look, as lines; empty if there is none.
///
/// Moves come first, then the others by place. Segments are counted from 0, as in a ladder, and
/// ranges include both ends. `isolate` puts texts between direction marks.
pub(crate) fn format(findings: &[Finding], texts: [&[&str]; 2], isolate: bool) -> String {
    let mut shown: Vec<&Finding> = findings.iter().filter(|finding| is_shown(finding)).collect();
    shown.sort_by_key(|finding| finding.kind != FindingKind::Moved);
    let mut out = String::new();
    for finding in shown.iter().take(MAX_PRINTED) {
        let Finding { kind, src, tgt, .. } = finding;
        // Truncated, not rounded, so that only a certain finding is printed as 1.00.
        let probability = (f64::from(finding.probability) * 100.0 + 1e-4).floor() / 100.0;
        let place = match kind {
            FindingKind::Moved => format!("source {} stands at target {}", span(*src), span(*tgt)),
            FindingKind::Omitted => {
                format!("source {}, {}", span(*src), boundary("target", *tgt, texts[1].len()))
            }
            FindingKind::Added => {
                format!("target {}, {}", span(*tgt), boundary("source", *src, texts[0].len()))
            }
        };
        let _ = writeln!(out, "{kind}: {place} ({probability:.2})");
        for (span, texts) in [(src, texts[0]), (tgt, texts[1])] {
            if !span.is_empty() {
                let words = first_words(&texts[span.range()].join(" "), WORDS_WIDTH, isolate);
                let _ = writeln!(out, "    {words}");
            }
        }
    }
    if shown.len() > MAX_PRINTED {
        let _ = writeln!(out, "and {} more; all are in --json", shown.len() - MAX_PRINTED);
    }
    out
}

/// Returns whether a finding needs a reader's look.
fn is_shown(finding: &Finding) -> bool {
    finding.kind == FindingKind::Moved
        || finding.src.len().max(finding.tgt.len()) >= MIN_SEGMENTS
        || finding.probability >= SURE
}

/// Formats a run of segments with both ends included.
fn span(span: Span) -> String {
    let last = span.end.saturating_sub(1);
    if span.len() == 1 { span.start.to_string() } else { format!("{}–{last}", span.start) }
}

/// Describes where in the other text a run would be.
fn boundary(side: &str, at: Span, segments: usize) -> String {
    match at.start {
        0 => format!("before the first {side}"),
        at if at as usize >= segments => format!("after the last {side}"),
        at => format!("between {side} {} and {at}", at - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARABIC: &str = "وللشاي في هذه الجبال قواعد لا يعرفها الغريب، ولا يسأل عنها أحد هنا.";

    fn finding(
        kind: FindingKind,
        src: (usize, usize),
        tgt: (usize, usize),
        probability: f32,
    ) -> Finding {
        Finding::new(kind, Span::new(src.0, src.1), Span::new(tgt.0, tgt.1), probability)
    }

    #[test]
    fn each_kind_has_its_place_and_the_first_words() {
        let findings = [
            finding(FindingKind::Added, (0, 0), (0, 1), 0.95),
            finding(FindingKind::Moved, (1, 3), (4, 5), 0.9999),
            finding(FindingKind::Omitted, (3, 5), (2, 2), 0.25),
            finding(FindingKind::Omitted, (6, 7), (6, 6), 1.0),
        ];
        let texts: [&[&str]; 2] = [&[ARABIC; 7], &["Tea has\trules.\u{202e}"; 6]];
        insta::assert_snapshot!(format(&findings, texts, false));
    }

    #[test]
    fn a_single_segment_needs_a_high_probability() {
        let texts: [&[&str]; 2] = [&["ا"; 9], &["a"; 9]];
        let single = [finding(FindingKind::Omitted, (3, 4), (2, 2), 0.79)];
        assert_eq!(format(&single, texts, false), "");
        assert_eq!(format(&[], texts, false), "");
    }

    #[test]
    fn long_lists_end_with_a_count() {
        let texts: [&[&str]; 2] = [&["ا"; 99], &["a"; 99]];
        let many: Vec<Finding> =
            (1..30).map(|at| finding(FindingKind::Added, (at, at), (at, at + 1), 0.95)).collect();
        let text = format(&many, texts, true);
        assert!(text.ends_with("and 9 more; all are in --json\n"));
        assert_eq!(text.lines().count(), 41);
    }

    #[test]
    fn texts_are_isolated_from_their_surroundings() {
        let texts: [&[&str]; 2] = [&[ARABIC], &["a"]];
        let text = format(&[finding(FindingKind::Moved, (0, 1), (0, 1), 0.9)], texts, true);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].starts_with("    \u{2067}") && lines[1].ends_with('\u{2069}'));
        assert!(lines[2].starts_with("    \u{2066}") && lines[2].ends_with('\u{2069}'));
    }
}
