//! Subtitles: SubRip (`.srt`, described by the [Library of
//! Congress](https://www.loc.gov/preservation/digital/formats/fdd/fdd000569.shtml)) and
//! [WebVTT](https://www.w3.org/TR/webvtt1/). Cues are sorted by their start times and joined, so
//! that a sentence that spans several cues is one.
//!
//! Omitted: tags, settings and identifiers of cues, overrides such as `{\an8}`, and the notes,
//! styles and regions of WebVTT; the name of a voice is a tag. Dashes of speakers are preserved, at
//! the start of a line or, as in many Arabic subtitles, at its end.
//!
//! A cue ends a sentence if its text does; otherwise the next cue continues the sentence, unless a
//! speaker, a long pause or, in files with hardly any full stops, the cue boundary itself separates
//! them.

use std::ops::Range;

use super::block::{BlockKind, Blocks, DocumentBlock};
use crate::decode::line_of;
use crate::error::{Error, Result};
use crate::remedy::FormatRemedy;

/// A pause without subtitles that ends a sentence, in milliseconds.
const LONG_PAUSE: u64 = 3000;
/// The minimum share of cues with a final stop for the lack of one to mean that a sentence
/// continues.
const MIN_STOP_SHARE: f64 = 0.25;

/// The format of subtitles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SubtitleFormat {
    SubRip,
    WebVtt,
}

struct Cue {
    time: [u64; 2],
    text: String,
    bytes: Range<usize>,
}

/// Reads the cues of a file.
pub(crate) fn read(text: &str, format: SubtitleFormat, out: &mut Blocks) -> Result<()> {
    let cues = cues(text, format)?;
    let mut indexed: Vec<(u32, Cue)> = (0..).zip(cues).collect();
    indexed.sort_by_key(|(_, cue)| cue.time[0]);
    let stops = indexed.iter().filter(|(_, cue)| ends_with_stop(&cue.text)).count();
    let has_stops = stops as f64 >= MIN_STOP_SHARE * indexed.len() as f64;
    let mut before: Option<Cue> = None;
    for (index, cue) in indexed {
        if let Some(before) = &before {
            out.text.push(if continues(before, &cue, has_stops) { ' ' } else { '\n' });
        }
        let start = out.text.len();
        out.text.push_str(&cue.text);
        out.blocks.push(DocumentBlock {
            kind: BlockKind::Cue,
            text: start..out.text.len(),
            part: None,
            index,
            bytes: Some(cue.bytes.clone()),
            time: Some(cue.time),
        });
        before = Some(cue);
    }
    Ok(())
}

/// Reports whether a text looks like SubRip: a number, and times on the next line.
pub(crate) fn is_subrip(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    let number = lines.next().is_some_and(is_number);
    number && lines.next().and_then(timing).is_some()
}

/// Returns all cues that have a text.
fn cues(text: &str, format: SubtitleFormat) -> Result<Vec<Cue>> {
    let mut found: Vec<Cue> = Vec::new();
    // The lines of the open cue, each with its offset.
    let mut time: Option<[u64; 2]> = None;
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut found_times = false;
    let mut end = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let start = end;
        end += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        if line.is_empty() && text.as_bytes()[start] == b'\n' && text[..start].ends_with('\r') {
            // The second character of a line end.
            continue;
        }
        if line.contains("-->") {
            let Some(next) = timing(line) else {
                let what = format!("this is not the time of a subtitle: {}", line.trim());
                let expected = "a time looks like 00:01:02,500 --> 00:01:04,000";
                return Err(Error::syntax(line_of(text.as_bytes(), start), what, expected));
            };
            found_times = true;
            // The line before it is the number or the identifier of this cue.
            if format == SubtitleFormat::WebVtt
                || lines.last().is_some_and(|(_, it)| is_number(it.trim()))
            {
                let named = lines.last().is_some_and(|(_, it)| !it.trim().is_empty());
                if named {
                    lines.pop();
                }
            }
            finish(time.take(), &lines, format, &mut found);
            lines.clear();
            time = Some(next);
        } else if format == SubtitleFormat::WebVtt && line.trim().is_empty() {
            // In WebVTT a blank line ends a cue; notes and styles are outside cues.
            finish(time.take(), &lines, format, &mut found);
            lines.clear();
        } else {
            lines.push((start, line));
        }
    }
    finish(time, &lines, format, &mut found);
    if !found_times {
        let remedy = FormatRemedy::NameDocumentFormat;
        return Err(Error::syntax(1, "this file has no subtitle", remedy));
    }
    Ok(found)
}

fn finish(
    time: Option<[u64; 2]>,
    lines: &[(usize, &str)],
    format: SubtitleFormat,
    found: &mut Vec<Cue>,
) {
    let Some(time) = time else { return };
    let mut text = String::new();
    let mut bytes: Option<Range<usize>> = None;
    let mut open = false;
    for (start, line) in lines {
        let clean = clean(line, format);
        let clean = clean.trim();
        if clean.is_empty() {
            continue;
        }
        let end = start + line.len();
        bytes = Some(bytes.map_or(*start..end, |bytes| bytes.start..end));
        if !text.is_empty() {
            text.push(if open && !begins_speech(clean) { ' ' } else { '\n' });
        }
        text.push_str(clean);
        open = !ends_speech(clean);
    }
    if let Some(bytes) = bytes {
        found.push(Cue { time: [time[0], time[1].max(time[0])], text, bytes });
    }
}

/// Reports whether the sentence of a cue may continue in the next one.
fn continues(before: &Cue, next: &Cue, has_stops: bool) -> bool {
    if begins_speech(&next.text)
        || ends_speech(&before.text)
        || next.time[0] > before.time[1].saturating_add(LONG_PAUSE)
    {
        return false;
    }
    // If the cue ends with a stop, the segmenter separates the sentences.
    has_stops
        || ends_with_stop(&before.text)
        || before.text.ends_with(['،', ',', '؛', ';', ':'])
        || next.text.starts_with(|c: char| c.is_lowercase() || c == '…')
        || next.text.starts_with("...")
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '‐')
}

fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Trims white space and the invisible controls of text direction.
fn trim_direction_controls(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_direction_control(c))
}

/// Reports whether a line begins with the dash of a speaker.
fn begins_speech(text: &str) -> bool {
    trim_direction_controls(text).starts_with(is_dash)
}

/// Reports whether a line ends with the dash of a speaker or of an interrupted sentence.
fn ends_speech(text: &str) -> bool {
    trim_direction_controls(text).ends_with(is_dash)
}

fn ends_with_stop(text: &str) -> bool {
    trim_direction_controls(text)
        .trim_end_matches(['"', '”', '»', '\'', '’', ')', ']', '♪', ' '])
        .ends_with(['.', '!', '?', '؟', '…', '۔'])
}

fn is_number(line: &str) -> bool {
    !line.is_empty() && line.chars().all(|c| c.is_ascii_digit())
}

/// Parses a line of two times, in milliseconds; the settings of the cue may follow them.
fn timing(line: &str) -> Option<[u64; 2]> {
    let (start, rest) = line.split_once("-->")?;
    let end = rest.split_whitespace().next()?;
    Some([milliseconds(start.trim())?, milliseconds(end)?])
}

/// Parses `[hours:]minutes:seconds` with `,` or `.` before the milliseconds.
fn milliseconds(text: &str) -> Option<u64> {
    let text = text.trim_start_matches('\u{feff}');
    let (whole, fraction) = match text.split_once([',', '.']) {
        Some((whole, fraction)) => (whole, fraction),
        None => (text, "0"),
    };
    let digits = |text: &str| -> Option<u64> {
        (text.len() <= 9 && is_number(text)).then(|| text.parse().ok()).flatten()
    };
    let mut seconds = 0_u64;
    let parts = whole.split(':');
    if !(2..=3).contains(&parts.clone().count()) {
        return None;
    }
    for part in parts {
        seconds = seconds * 60 + digits(part.trim())?;
    }
    digits(fraction)?;
    let thousandths: u64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    Some(seconds * 1000 + thousandths)
}

/// Removes the tags and overrides of a line.
fn clean(line: &str, format: SubtitleFormat) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    // A line may have many `{\\` and no `}`: it is searched once.
    let last_override = line.rfind('}').unwrap_or(0);
    while let Some(index) = rest.find(['<', '{', '&']) {
        out.push_str(&rest[..index]);
        rest = &rest[index..];
        let removed = match rest.as_bytes()[0] {
            b'<' => tag(rest),
            b'{' if rest.starts_with("{\\") && line.len() - rest.len() < last_override => {
                rest.find('}').map(|end| end + 1)
            }
            b'&' if format == SubtitleFormat::WebVtt => {
                let known = ENTITIES.iter().find(|(name, _)| rest.starts_with(name));
                known.map(|(name, c)| {
                    out.push(*c);
                    name.len()
                })
            }
            _ => None,
        };
        match removed {
            Some(length) => rest = &rest[length..],
            None => {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

const ENTITIES: [(&str, char); 6] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&nbsp;", '\u{a0}'),
    ("&lrm;", '\u{200e}'),
    ("&rlm;", '\u{200f}'),
];

/// Returns the length of the tag that a text begins with, if it begins with one.
fn tag(text: &str) -> Option<usize> {
    let first = text[1..].chars().next()?;
    let is_tag = first.is_ascii_alphanumeric() || first == '/';
    // A tag has no other tag inside, so the search ends at the next one.
    let end = 1 + text[1..].find(['<', '>'])?;
    (is_tag && text[end..].starts_with('>')).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subtitles(text: &str, format: SubtitleFormat) -> Blocks {
        let mut out = Blocks::default();
        read(text, format, &mut out).expect("subtitles");
        out
    }

    #[test]
    fn sentences_span_cues_that_have_their_times() {
        let text = "1\r\n00:00:01,000 --> 00:00:02,500 X1:0\r\n<i>He came to</i>\r\nthe city\r\n\r\n\
            2\r\n00:00:02,600 --> 00:00:04,000\r\n{\\an8}and stayed.\r\n\r\n\
            3\r\n00:00:04,100 --> 00:00:05,000\r\nWhy?\r\n\r\n4\r\n00:01:00,0 --> 00:01:01,5\r\n- Who?\r\n- Me.\r\n";
        let Blocks { text: joined, blocks } = subtitles(text, SubtitleFormat::SubRip);
        assert_eq!(joined, "He came to the city and stayed. Why?\n- Who?\n- Me.");
        assert_eq!(blocks[1].time, Some([2600, 4000]));
        assert_eq!(blocks[3].time, Some([60_000, 61_500]));
        assert_eq!(&joined[blocks[1].text.clone()], "and stayed.");
        assert_eq!(&text[blocks[0].bytes.clone().unwrap()], "<i>He came to</i>\r\nthe city");
    }

    #[test]
    fn cues_without_stops_are_separate() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\nمرحبا بك\n\n2\n00:00:02,000 --> 00:00:03,000\nإلى أين تذهب\n\n\
            3\n00:00:03,000 --> 00:00:04,000\nإلى السوق،\n\n4\n00:00:04,000 --> 00:00:05,000\nثم إلى البيت\n\n\
            5\n00:00:05,000 --> 00:00:06,000\nنعم -\nلا -\n";
        assert_eq!(
            subtitles(text, SubtitleFormat::SubRip).text,
            "مرحبا بك\nإلى أين تذهب\nإلى السوق، ثم إلى البيت\nنعم -\nلا -"
        );
    }

    #[test]
    fn webvtt_is_read_without_markup_and_notes() {
        let text = "WEBVTT - title\n\nSTYLE\n::cue { color: red }\n\nNOTE a\nnote\n\nintro\n\
            00:01.000 --> 00:02.000 align:start\n<v Sara>Tom &amp; <c.x>Ann</c>,\n\n\
            01:00:00.000 --> 01:00:02.000\n5 < 6 & 7.\n";
        let Blocks { text, blocks } = subtitles(text, SubtitleFormat::WebVtt);
        assert_eq!(text, "Tom & Ann,\n5 < 6 & 7.");
        assert_eq!(
            (blocks[0].time, blocks[1].time),
            (Some([1000, 2000]), Some([3_600_000, 3_602_000]))
        );
    }

    #[test]
    fn cues_are_sorted_by_their_start() {
        let text = "2\n00:00:05,000 --> 00:00:04,000\nSecond.\n\n1\n00:00:01,000 --> 00:00:02,000\nFirst.\n";
        let Blocks { text, blocks } = subtitles(text, SubtitleFormat::SubRip);
        assert_eq!(text, "First. Second.");
        assert_eq!((blocks[0].index, blocks[1].index), (1, 0));
        assert_eq!(blocks[1].time, Some([5000, 5000]));
        // The first cue is shown longer than the second.
        let text = "1\n00:00:01,000 --> 00:00:09,000\nFirst.\n\n2\n00:00:02,000 --> 00:00:03,000\nSecond.\n";
        assert_eq!(subtitles(text, SubtitleFormat::SubRip).text, "First. Second.");
    }

    #[test]
    fn blank_lines_and_numbers_do_not_end_a_cue() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\n\nOne\n\ntwo.\n42\n\n2\n00:00:02,000 --> 00:00:03,000\nThree.\n";
        assert_eq!(subtitles(text, SubtitleFormat::SubRip).text, "One two. 42 Three.");
    }

    #[test]
    fn bad_times_are_errors_with_their_line() {
        for (text, line) in [
            ("1\n00:00:01,000 --> soon\nx\n", 2),
            ("1\n00:00:0x,000 --> 00:00:02,000\nx\n", 2),
            ("no subtitles\nat all\n", 1),
        ] {
            let error =
                read(text, SubtitleFormat::SubRip, &mut Blocks::default()).expect_err("bad");
            assert_eq!(error.line(), Some(line));
        }
        for text in ["--> ", "99999999999:00 --> 1", "0:0:0 --> 999999999:999999999:999999999,999"]
        {
            let _ = read(text, SubtitleFormat::WebVtt, &mut Blocks::default());
        }
    }

    #[test]
    fn subrip_is_recognised_by_its_first_lines() {
        assert!(is_subrip("\n1\n00:00:01,000 --> 00:00:02,000\nx"));
        assert!(!is_subrip("1\n2\n3"));
        assert!(!is_subrip(""));
    }
}
