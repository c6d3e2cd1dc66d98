//! The report as text, for a terminal or a log.

use std::fmt::Write as _;

use crate::corpus::CorpusReport;
use crate::gate::Metric;
use crate::histogram::Histogram;
use crate::number::{
    format_count, format_decimal, format_estimate, format_percent, format_probability, plural,
    share,
};

/// Width of a bar, in characters.
const BAR_WIDTH: usize = 32;
/// Maximum length of a name, in chars.
const MAX_NAME_CHARS: usize = 60;
/// Maximum number of documents that are named.
const MAX_UNRELATED: usize = 10;
/// Maximum number of reasons that are shown.
const MAX_REASONS: usize = 6;

/// Returns a summary of each corpus with small bar charts. If there are several corpora, a table
/// that compares them follows.
#[must_use]
pub fn terminal_summary(reports: &[CorpusReport]) -> String {
    let mut out = String::new();
    for report in reports {
        if !out.is_empty() {
            out.push('\n');
        }
        corpus(report, &mut out);
    }
    if reports.len() > 1 {
        out.push('\n');
        comparison(reports, &mut out);
    }
    out
}

/// Names the documents that are probably not translations of each other, the worst first.
fn unrelated(report: &CorpusReport, out: &mut String) {
    let mut documents: Vec<_> =
        report.documents.listed.iter().filter(|document| document.is_unrelated()).collect();
    if documents.is_empty() {
        return;
    }
    documents.sort_by_key(|document| document.doubt_key());
    let _ = writeln!(
        out,
        "\nprobably not translations of each other: {}",
        plural(documents.len() as u64, "document")
    );
    for document in documents.iter().take(MAX_UNRELATED) {
        let score = format_probability(document.document_score, 2);
        let _ = writeln!(out, "  {}  document score {score}", clean(&document.name));
    }
    if documents.len() > MAX_UNRELATED {
        let more = (documents.len() - MAX_UNRELATED) as u64;
        let _ = writeln!(out, "  and {} more", format_count(more));
    }
}

fn corpus(report: &CorpusReport, out: &mut String) {
    let headline = &report.headline;
    let _ = writeln!(
        out,
        "{}: {} pairs in {}, {} Arabic and {} English words",
        clean(&report.options.name),
        format_count(headline.pairs),
        plural(headline.documents, "document"),
        format_count(headline.arabic.words),
        format_count(headline.english.words),
    );
    unrelated(report, out);
    let verdicts = &headline.verdicts;
    let rated = headline.pairs - verdicts.unrated;
    if rated > 0 {
        out.push('\n');
        for (name, pairs) in
            [("ready", verdicts.ready), ("check", verdicts.check), ("reject", verdicts.reject)]
        {
            row(out, name, share(pairs, rated), &format_count(pairs));
        }
    }
    if let Some(expected) = headline.expected_wrong {
        let _ = writeln!(
            out,
            "\nexpected wrong pairs: {} of {} (95 %: {} to {})",
            format_decimal(Some(expected.wrong), 1),
            format_count(expected.of),
            format_decimal(Some(expected.low), 1),
            format_decimal(Some(expected.high), 1)
        );
    }
    let _ = writeln!(
        out,
        "text with a counterpart: {} of the Arabic, {} of the English; {} omitted, {} added{}",
        format_percent(headline.arabic_coverage),
        format_percent(headline.english_coverage),
        plural(report.missing.omitted.words, "word"),
        plural(report.missing.added.words, "word"),
        match headline.moved {
            0 => String::new(),
            pairs => format!("; {} moved", plural(pairs, "pair")),
        }
    );
    let duplicates = &report.duplicates;
    let _ = writeln!(
        out,
        "distinct pairs: {}; {} of the pairs repeat an earlier one",
        format_estimate(duplicates.distinct_pairs, duplicates.exact),
        format_percent(duplicates.share)
    );
    for (name, histogram) in [("quality", &report.quality), ("probability", &report.probability)] {
        if let Some(histogram) = histogram {
            let _ = writeln!(out, "\n{name}");
            tenths(out, histogram);
        }
    }
    if !report.reasons.is_empty() {
        out.push_str("\nreasons for low quality\n");
        for reason in report.reasons.iter().take(MAX_REASONS) {
            row(
                out,
                &clean(&reason.name),
                share(reason.count, headline.pairs),
                &format_count(reason.count),
            );
        }
    }
    if let Some(account) = &report.filters {
        out.push_str("\nrejected by filters (counted for the first that rejects)\n");
        for filter in account.filters.iter().filter(|filter| filter.first > 0) {
            row(
                out,
                &clean(&filter.name),
                share(filter.first, account.rows),
                &format_count(filter.first),
            );
        }
        row(out, "kept", share(account.kept, account.rows), &format_count(account.kept));
    }
    let arabic = &report.arabic;
    if arabic.rows > 0 {
        out.push_str("\nArabic texts with\n");
        let with = &arabic.with;
        for (name, rows) in [
            ("tashkeel", with.tashkeel),
            ("tatweel", with.tatweel),
            ("mixed digits", with.mixed_digits),
            ("Persian letters", with.persian_letters),
            ("presentation forms", with.presentation_forms),
            ("bidi controls", with.bidi_controls),
            ("glued words", with.glued.unwrap_or(0)),
            ("no final punctuation", with.no_final_mark),
        ] {
            if rows > 0 {
                row(out, name, share(rows, arabic.rows), &format_count(rows));
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

/// Writes one line: a name, a bar, a share and a count.
fn row(out: &mut String, name: &str, share: f64, count: &str) {
    let _ = writeln!(out, "  {name:<22} {} {:>7} {count:>11}", bar(share), format_percent(share));
}

/// Draws a share as a bar, to the nearest eighth of a character.
fn bar(share: f64) -> String {
    let eighths = (share.clamp(0.0, 1.0) * (BAR_WIDTH * 8) as f64).round() as usize;
    // A positive share must be visible.
    let eighths = if share > 0.0 { eighths.max(1) } else { 0 };
    let mut bar = "█".repeat(eighths / 8);
    bar.push_str(["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]);
    let width = eighths.div_ceil(8);
    bar + &" ".repeat(BAR_WIDTH - width)
}

/// Draws a histogram from 0 to 1 in tenths, the highest first.
fn tenths(out: &mut String, histogram: &Histogram) {
    let total = histogram.total();
    let tenths: Vec<u64> = histogram.counts.chunks(5).map(|bins| bins.iter().sum()).collect();
    for (at, pairs) in tenths.iter().enumerate().rev() {
        if *pairs > 0 {
            let label = format!("{:.1} to {:.1}", at as f64 / 10.0, (at + 1) as f64 / 10.0);
            row(out, &label, share(*pairs, total), &format_count(*pairs));
        }
    }
}

fn comparison(reports: &[CorpusReport], out: &mut String) {
    let names: Vec<String> = reports.iter().map(|report| clean(&report.options.name)).collect();
    let width = |name: &String| name.chars().count().max(9);
    let _ = write!(out, "{:<18}", "");
    for name in &names {
        let _ = write!(out, "  {name:>width$}", width = width(name));
    }
    out.push('\n');
    for metric in Metric::ALL {
        let values: Vec<Option<f64>> = reports.iter().map(|report| metric.value(report)).collect();
        if values.iter().all(Option::is_none) {
            continue;
        }
        let _ = write!(out, "{:<18}", metric.name());
        for (value, name) in values.iter().zip(&names) {
            let text = match (value, metric) {
                (Some(value), Metric::Pairs) => format_count(*value as u64),
                (value, _) => format_decimal(*value, 4),
            };
            let _ = write!(out, "  {text:>width$}", width = width(name));
        }
        out.push('\n');
    }
}

/// Removes the characters of a name that could move the cursor or reverse the line, and cuts it.
fn clean(text: &str) -> String {
    let is_unsafe = |c: &char| {
        c.is_control()
            || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(|c| !is_unsafe(c)).take(MAX_NAME_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_one_width_and_positive_shares_are_visible() {
        for share in [0.0, 1e-9, 0.3, 0.999, 1.0] {
            assert_eq!(bar(share).chars().count(), BAR_WIDTH);
        }
        assert!(bar(1e-9).starts_with('▏') && bar(0.0).starts_with(' '));
        assert_eq!(bar(1.0), "█".repeat(BAR_WIDTH));
    }

    #[test]
    fn names_cannot_control_the_terminal() {
        assert_eq!(clean("a\u{1b}[31m\u{202E}b\n"), "a[31mb");
    }
}
