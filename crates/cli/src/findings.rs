//! Findings: what was moved, omitted, added or repeated, as lines below the summary.

use std::fmt::Write as _;

use nasaq::{Finding, FindingKind, Segment, Span};
use nasaq_formats::{BlockKind, Document, DocumentPlace};

use crate::shown::message;
use crate::table::first_words;

/// A shorter run is printed only if its probability is at least [`SURE`].
const MIN_SEGMENTS: usize = 2;
/// The probability from which a single segment is printed.
const SURE: f32 = 0.92;
/// Findings that are printed; the others are counted.
const MAX_PRINTED: usize = 20;
/// Width of the first words of a text, in columns.
const WORDS_WIDTH: usize = 60;

/// A side of an alignment: its texts, and where in the document they are.
pub(crate) struct FoundIn<'a> {
    document: &'a Document,
    segments: &'a [Segment<'a>],
    /// Whether the document is an archive with blocks in several parts.
    has_parts: bool,
}

impl<'a> FoundIn<'a> {
    pub(crate) fn new(document: &'a Document, segments: &'a [Segment<'a>]) -> Self {
        let has_parts = document.blocks.windows(2).any(|pair| pair[0].part != pair[1].part);
        Self { document, segments, has_parts }
    }

    fn text(&self, span: Span) -> String {
        let texts: Vec<&str> = self.segments[span.range()].iter().map(|it| it.text).collect();
        texts.join(" ")
    }

    /// Names a run of segments, counted from 1, and the paragraphs or cues of the document that
    /// they are in.
    fn place(&self, side: &str, span: Span) -> String {
        let segments = match span.len() {
            1 => format!("{side} segment {}", span.end),
            _ => format!("{side} segments {}–{}", span.start + 1, span.end),
        };
        match self.blocks(span) {
            Some(blocks) => format!("{segments} ({blocks})"),
            None => segments,
        }
    }

    fn blocks(&self, span: Span) -> Option<String> {
        let segments = &self.segments[span.range()];
        let bytes = segments.first()?.start..segments.last()?.bytes().end;
        let DocumentPlace { kind, blocks: [start, end], part, .. } = self.document.place(bytes)?;
        // Headings, list items and cells are paragraphs too.
        let is_cue = matches!(kind, BlockKind::Cue | BlockKind::Description);
        let noun = if is_cue { "cue" } else { "paragraph" };
        let blocks = match end - start {
            1 => format!("{noun} {end}"),
            _ => format!("{noun}s {}–{end}", start + 1),
        };
        Some(match part.filter(|_| self.has_parts) {
            Some(part) => format!("{blocks} of {}", message(&part)),
            None => blocks,
        })
    }

    /// Describes where in this text a run of the other side would be.
    fn boundary(&self, side: &str, at: Span) -> String {
        match at.start {
            0 => format!("before the first {side} segment"),
            at if at as usize >= self.segments.len() => format!("after the last {side} segment"),
            at => format!("between {side} segments {at} and {}", at + 1),
        }
    }
}

/// Formats the findings that need a reader's look, as lines; empty if there is none.
///
/// Moves come first, then the others by place. Segments and paragraphs are counted from 1, and
/// ranges include both ends. `isolate` puts texts between direction marks.
pub(crate) fn format(findings: &[Finding], [src, tgt]: [&FoundIn<'_>; 2], isolate: bool) -> String {
    let mut shown: Vec<&Finding> = findings.iter().filter(|finding| is_shown(finding)).collect();
    shown.sort_by_key(|finding| finding.kind != FindingKind::Moved);
    let mut out = String::new();
    for finding in shown.iter().take(MAX_PRINTED) {
        let Finding { kind, src: src_span, tgt: tgt_span, .. } = **finding;
        // Truncated, not rounded, so that only a certain finding is printed as 1.00.
        let probability = (f64::from(finding.probability) * 100.0 + 1e-4).floor() / 100.0;
        let source = || src.place("source", src_span);
        let target = || tgt.place("target", tgt_span);
        let place = match kind {
            FindingKind::Moved => format!("{} to {}", source(), target()),
            FindingKind::Omitted => format!("{}, {}", source(), tgt.boundary("target", tgt_span)),
            FindingKind::Added => format!("{}, {}", target(), src.boundary("source", src_span)),
            FindingKind::RepeatedSource => {
                format!("{}, text that {} translates elsewhere", source(), target())
            }
            FindingKind::RepeatedTarget => {
                format!("{}, text that translates {} elsewhere", target(), source())
            }
            _ => format!("{}, {}", source(), target()),
        };
        let kind = match kind {
            FindingKind::RepeatedSource | FindingKind::RepeatedTarget => "repeated".to_owned(),
            kind => kind.to_string(),
        };
        let _ = writeln!(out, "{kind}: {place} ({probability:.2})");
        for (span, side) in [(src_span, src), (tgt_span, tgt)] {
            if !span.is_empty() {
                let words = first_words(&side.text(span), WORDS_WIDTH, isolate);
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

#[cfg(test)]
mod tests {
    use nasaq_formats::{DocumentFormat, DocumentReader};

    use super::*;

    const ARABIC: &str = "وللشاي في هذه الجبال قواعد لا يعرفها الغريب، ولا يسأل عنها أحد هنا.";

    /// Formats findings about documents without blocks.
    fn formatted(findings: &[Finding], [src, tgt]: [&[&'static str]; 2], isolate: bool) -> String {
        let document =
            Document::from_bytes("a.txt".to_owned(), b"text".to_vec()).expect("a document");
        let segments = |texts: &[&'static str]| -> Vec<Segment<'static>> {
            texts.iter().map(|text| Segment::new(text, 0)).collect()
        };
        let (src, tgt) = (segments(src), segments(tgt));
        let sides = [FoundIn::new(&document, &src), FoundIn::new(&document, &tgt)];
        format(findings, [&sides[0], &sides[1]], isolate)
    }

    #[test]
    fn moved_text_has_the_paragraphs_of_both_places() {
        let read = |text: &str| {
            let reader = DocumentReader::default().format(Some(DocumentFormat::Markdown));
            reader.from_bytes("a.md", text.as_bytes().to_vec()).expect("a document")
        };
        let src = read("# واحد\n\nاثنان. ثلاثة.\n\nأربعة.");
        let tgt = read("# One\n\nFour.\n\nTwo. Three.");
        let segments = [
            nasaq::segments(&src.text, nasaq::Language::Arabic),
            nasaq::segments(&tgt.text, nasaq::Language::English),
        ];
        let sides = [FoundIn::new(&src, &segments[0]), FoundIn::new(&tgt, &segments[1])];
        let findings = [finding(FindingKind::Moved, (3, 4), (1, 2), 0.9)];
        let text = format(&findings, [&sides[0], &sides[1]], false);
        let line = "moved: source segment 4 (paragraph 3) to target segment 2 (paragraph 2) (0.90)";
        assert_eq!(text.lines().next(), Some(line));
    }

    fn finding(
        kind: FindingKind,
        src: (usize, usize),
        tgt: (usize, usize),
        probability: f32,
    ) -> Finding {
        Finding::new(kind, Span::new(src.0, src.1), Span::new(tgt.0, tgt.1), probability)
    }

    #[test]
    fn repeated_text_is_named_with_what_its_other_copy_is_paired_with() {
        let findings = [
            finding(FindingKind::RepeatedTarget, (0, 1), (1, 2), 0.95),
            finding(FindingKind::RepeatedSource, (1, 2), (0, 1), 0.95),
        ];
        let text = formatted(&findings, [&["نعم.", "نعم."], &["Yes.", "Yes."]], false);
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("repeated")).collect();
        let expected = [
            "repeated: target segment 2, text that translates source segment 1 elsewhere (0.95)",
            "repeated: source segment 2, text that target segment 1 translates elsewhere (0.95)",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn each_kind_has_its_place_and_the_first_words() {
        let findings = [
            finding(FindingKind::Added, (0, 0), (0, 1), 0.95),
            finding(FindingKind::Moved, (1, 3), (4, 5), 0.9999),
            finding(FindingKind::Omitted, (3, 5), (2, 2), 0.25),
            finding(FindingKind::Omitted, (6, 7), (6, 6), 1.0),
        ];
        let texts: [&[&'static str]; 2] = [&[ARABIC; 7], &["Tea has\trules.\u{202e}"; 6]];
        insta::assert_snapshot!(formatted(&findings, texts, false));
    }

    #[test]
    fn a_single_segment_needs_a_high_probability() {
        let texts: [&[&'static str]; 2] = [&["ا"; 9], &["a"; 9]];
        let single = [finding(FindingKind::Omitted, (3, 4), (2, 2), 0.79)];
        assert_eq!(formatted(&single, texts, false), "");
        assert_eq!(formatted(&[], texts, false), "");
    }

    #[test]
    fn long_lists_end_with_a_count() {
        let texts: [&[&'static str]; 2] = [&["ا"; 99], &["a"; 99]];
        let many: Vec<Finding> =
            (1..30).map(|at| finding(FindingKind::Added, (at, at), (at, at + 1), 0.95)).collect();
        let text = formatted(&many, texts, true);
        assert!(text.ends_with("and 9 more; all are in --json\n"));
        assert_eq!(text.lines().count(), 41);
    }

    #[test]
    fn texts_are_isolated_from_their_surroundings() {
        let texts: [&[&'static str]; 2] = [&[ARABIC], &["a"]];
        let text = formatted(&[finding(FindingKind::Moved, (0, 1), (0, 1), 0.9)], texts, true);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].starts_with("    \u{2067}") && lines[1].ends_with('\u{2069}'));
        assert!(lines[2].starts_with("    \u{2066}") && lines[2].ends_with('\u{2069}'));
    }
}
