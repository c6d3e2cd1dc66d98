//! The report in some lines of text, for a terminal or a log.

use std::fmt::Write as _;

use crate::corpus::CorpusReport;
use crate::gate::Measure;
use crate::histogram::Histogram;
use crate::number::{about, count, decimal, percent, plural, share};

/// Cells of a bar.
const BAR: usize = 32;
/// Reasons and kinds that are named.
const NAMED: usize = 6;

/// Words the headline of each corpus with small bar charts, and, of several, how they differ.
#[must_use]
pub fn terminal(reports: &[CorpusReport]) -> String {
    let mut out = String::new();
    for report in reports {
        if !out.is_empty() {
            out.push('\n');
        }
        corpus(report, &mut out);
    }
    if reports.len() > 1 {
        out.push('\n');
        differences(reports, &mut out);
    }
    out
}

fn corpus(report: &CorpusReport, out: &mut String) {
    let headline = &report.headline;
    let _ = writeln!(
        out,
        "{}: {} pairs in {}, {} Arabic and {} English words",
        clean(&report.options.name),
        count(headline.pairs),
        plural(headline.documents, "document"),
        count(headline.arabic.words),
        count(headline.english.words),
    );
    let verdicts = &headline.verdicts;
    let rated = headline.pairs - verdicts.unrated;
    if rated > 0 {
        out.push('\n');
        for (word, pairs) in
            [("ready", verdicts.ready), ("check", verdicts.check), ("reject", verdicts.reject)]
        {
            row(out, word, share(pairs, rated), &count(pairs));
        }
    }
    if let Some(expected) = headline.expected_wrong {
        let _ = writeln!(
            out,
            "\nexpected wrong beads: {} of {} (95 %: {} to {})",
            decimal(Some(expected.wrong), 1),
            count(expected.of),
            decimal(Some(expected.low), 1),
            decimal(Some(expected.high), 1)
        );
    }
    let _ = writeln!(
        out,
        "text with a counterpart: {} of the Arabic, {} of the English; {} omitted, {} added",
        percent(headline.arabic_coverage),
        percent(headline.english_coverage),
        plural(report.missing.omitted.words, "word"),
        plural(report.missing.added.words, "word"),
    );
    let duplicates = &report.duplicates;
    let _ = writeln!(
        out,
        "distinct pairs: {}; {} of the pairs repeat an earlier one",
        about(duplicates.distinct_pairs, duplicates.exact),
        percent(duplicates.share)
    );
    for (name, histogram) in [("quality", &report.quality), ("probability", &report.probability)] {
        if let Some(histogram) = histogram {
            let _ = writeln!(out, "\n{name}");
            tenths(out, histogram);
        }
    }
    if !report.reasons.is_empty() {
        out.push_str("\nreasons against pairs\n");
        for reason in report.reasons.iter().take(NAMED) {
            row(
                out,
                &clean(&reason.name),
                share(reason.count, headline.pairs),
                &count(reason.count),
            );
        }
    }
    if let Some(account) = &report.filters {
        out.push_str("\nfilters reject (first of all)\n");
        for filter in account.filters.iter().filter(|filter| filter.first > 0) {
            row(out, &clean(&filter.name), share(filter.first, account.rows), &count(filter.first));
        }
        row(out, "kept", share(account.kept, account.rows), &count(account.kept));
    }
    let arabic = &report.arabic;
    if arabic.rows > 0 {
        out.push_str("\nArabic texts with\n");
        let with = &arabic.with;
        for (word, rows) in [
            ("tashkeel", with.tashkeel),
            ("tatweel", with.tatweel),
            ("mixed digits", with.mixed_digits),
            ("Persian letters", with.persian_letters),
            ("presentation forms", with.presentation_forms),
            ("bidi controls", with.bidi_controls),
            ("glued words", with.glued.unwrap_or(0)),
            ("no final mark", with.no_final_mark),
        ] {
            if rows > 0 {
                row(out, word, share(rows, arabic.rows), &count(rows));
            }
        }
    }
    if let Some(gold) = &report.gold {
        let strict = gold.evaluation.strict;
        let _ = writeln!(
            out,
            "\nagainst gold, {}: strict precision {:.4}, recall {:.4}, F1 {:.4}; lax F1 {:.4}",
            plural(gold.documents, "document"),
            strict.precision(),
            strict.recall(),
            strict.f1(),
            gold.evaluation.lax.f1()
        );
    }
}

/// One line: a word, a bar, its share, a number.
fn row(out: &mut String, word: &str, share: f64, number: &str) {
    let _ = writeln!(out, "  {word:<22} {} {:>7} {number:>11}", bar(share), percent(share));
}

/// Draws a share in eighths of a cell.
fn bar(share: f64) -> String {
    let eighths = (share.clamp(0.0, 1.0) * (BAR * 8) as f64).round() as usize;
    // What is there must be seen.
    let eighths = if share > 0.0 { eighths.max(1) } else { 0 };
    let mut bar = "█".repeat(eighths / 8);
    bar.push_str(["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]);
    let width = eighths.div_ceil(8);
    bar + &" ".repeat(BAR - width)
}

/// Draws the tenths of a histogram from 0 to 1, the best first.
fn tenths(out: &mut String, histogram: &Histogram) {
    let total = histogram.total();
    let tenths: Vec<u64> = histogram.counts.chunks(5).map(|bins| bins.iter().sum()).collect();
    for (at, pairs) in tenths.iter().enumerate().rev() {
        if *pairs > 0 {
            let label = format!("{:.1} to {:.1}", at as f64 / 10.0, (at + 1) as f64 / 10.0);
            row(out, &label, share(*pairs, total), &count(*pairs));
        }
    }
}

fn differences(reports: &[CorpusReport], out: &mut String) {
    let names: Vec<String> = reports.iter().map(|report| clean(&report.options.name)).collect();
    let width = |name: &String| name.chars().count().max(9);
    let _ = write!(out, "{:<18}", "");
    for name in &names {
        let _ = write!(out, "  {name:>width$}", width = width(name));
    }
    out.push('\n');
    for measure in Measure::ALL {
        let values: Vec<Option<f64>> = reports.iter().map(|report| measure.of(report)).collect();
        if values.iter().all(Option::is_none) {
            continue;
        }
        let _ = write!(out, "{:<18}", measure.name());
        for (value, name) in values.iter().zip(&names) {
            let text = match (value, measure) {
                (Some(value), Measure::Pairs) => count(*value as u64),
                (value, _) => decimal(*value, 4),
            };
            let _ = write!(out, "  {text:>width$}", width = width(name));
        }
        out.push('\n');
    }
}

/// A name must not move the cursor nor turn the line around.
fn clean(text: &str) -> String {
    let moves = |c: &char| {
        c.is_control()
            || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(|c| !moves(c)).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_one_width_and_show_what_is_there() {
        for share in [0.0, 1e-9, 0.3, 0.999, 1.0] {
            assert_eq!(bar(share).chars().count(), BAR);
        }
        assert!(bar(1e-9).starts_with('▏') && bar(0.0).starts_with(' '));
        assert_eq!(bar(1.0), "█".repeat(BAR));
    }

    #[test]
    fn names_cannot_act() {
        assert_eq!(clean("a\u{1b}[31m\u{202E}b\n"), "a[31mb");
    }
}
