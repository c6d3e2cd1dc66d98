//! Subtitles: SubRip (`.srt`, described by the
//! [Library of Congress](https://www.loc.gov/preservation/digital/formats/fdd/fdd000569.shtml)) and
//! [WebVTT](https://www.w3.org/TR/webvtt1/). Cues are put in the order of their times and joined, so
//! that a sentence that crosses cues is one.
//!
//! Left out: tags, settings and identifiers of cues, overrides such as `{\an8}`, and WebVTT's notes,
//! styles and regions; a voice's name is a tag. Dashes of speakers stay, at the start of a line or, as
//! in many Arabic subtitles, at its end.
//!
//! A cue ends a sentence where its text does; where it does not, the next one goes on, unless a
//! speaker, a long pause or, in files whose cues have hardly any full stops, the cue itself divides
//! them.

use std::ops::Range;

use super::block::{BlockKind, Blocks, DocumentBlock};
use crate::decode::line_of;
use crate::error::{Error, Result};
use crate::remedy::Remedy;

/// Milliseconds without a subtitle after which nothing goes on.
const LONG_PAUSE: u64 = 3000;
/// In a file whose cues end with a stop less often than this, the lack of one says nothing.
const STOP_SHARE: f64 = 0.25;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    SubRip,
    WebVtt,
}

struct Cue {
    time: [u64; 2],
    text: String,
    bytes: Range<usize>,
}

/// Adds the cues of a file.
pub(crate) fn read(text: &str, dialect: Dialect, out: &mut Blocks) -> Result<()> {
    let cues = cues(text, dialect)?;
    let mut numbered: Vec<(u32, Cue)> = (0..).zip(cues).collect();
    numbered.sort_by_key(|(_, cue)| cue.time[0]);
    let stops = numbered.iter().filter(|(_, cue)| ends_with_stop(&cue.text)).count();
    let has_stops = stops as f64 >= STOP_SHARE * numbered.len() as f64;
    let mut before: Option<Cue> = None;
    for (number, cue) in numbered {
        if let Some(before) = &before {
            out.text.push(if goes_on(before, &cue, has_stops) { ' ' } else { '\n' });
        }
        let start = out.text.len();
        out.text.push_str(&cue.text);
        out.blocks.push(DocumentBlock {
            kind: BlockKind::Cue,
            text: start..out.text.len(),
            part: None,
            number,
            bytes: Some(cue.bytes.clone()),
            time: Some(cue.time),
        });
        before = Some(cue);
    }
    Ok(())
}

/// Tells whether a text looks like SubRip: a number, and a time on the next line.
pub(crate) fn is_subrip(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    let number = lines.next().is_some_and(is_number);
    number && lines.next().and_then(timing).is_some()
}

/// Reads all cues that have a text.
fn cues(text: &str, dialect: Dialect) -> Result<Vec<Cue>> {
    let mut found: Vec<Cue> = Vec::new();
    // The lines of the cue that is open, each with its place.
    let mut time: Option<[u64; 2]> = None;
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut timed = false;
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        if line.is_empty() && text.as_bytes()[start] == b'\n' && text[..start].ends_with('\r') {
            // The second half of a line end.
            continue;
        }
        if line.contains("-->") {
            let Some(next) = timing(line) else {
                let what = format!("this is no time of a subtitle: {}", line.trim());
                let wanted = "wanted: 00:01:02,500 --> 00:01:04,000";
                return Err(Error::syntax(line_of(text.as_bytes(), start), what, wanted));
            };
            timed = true;
            // The line before is the number or the name of this cue.
            if dialect == Dialect::WebVtt
                || lines.last().is_some_and(|(_, it)| is_number(it.trim()))
            {
                let named = lines.last().is_some_and(|(_, it)| !it.trim().is_empty());
                if named {
                    lines.pop();
                }
            }
            finish(time.take(), &lines, dialect, &mut found);
            lines.clear();
            time = Some(next);
        } else if dialect == Dialect::WebVtt && line.trim().is_empty() {
            // Here a blank line ends the cue; notes and styles are never in one.
            finish(time.take(), &lines, dialect, &mut found);
            lines.clear();
        } else {
            lines.push((start, line));
        }
    }
    finish(time, &lines, dialect, &mut found);
    if !timed {
        let remedy = Remedy::NameDocumentFormat;
        return Err(Error::syntax(1, "this file has no subtitle", remedy));
    }
    Ok(found)
}

fn finish(time: Option<[u64; 2]>, lines: &[(usize, &str)], dialect: Dialect, found: &mut Vec<Cue>) {
    let Some(time) = time else { return };
    let mut text = String::new();
    let mut bytes: Option<Range<usize>> = None;
    let mut open = false;
    for (start, line) in lines {
        let clean = clean(line, dialect);
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

/// Tells whether a cue's sentence may go on in the next one.
fn goes_on(before: &Cue, next: &Cue, has_stops: bool) -> bool {
    if begins_speech(&next.text)
        || ends_speech(&before.text)
        || next.time[0] > before.time[1].saturating_add(LONG_PAUSE)
    {
        return false;
    }
    // A stop divides them by itself where it ends a sentence.
    has_stops
        || ends_with_stop(&before.text)
        || before.text.ends_with(['،', ',', '؛', ';', ':'])
        || next.text.starts_with(|c: char| c.is_lowercase() || c == '…')
        || next.text.starts_with("...")
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '‐')
}

fn unmarked(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

/// Tells whether a line begins with a speaker's dash.
fn begins_speech(text: &str) -> bool {
    unmarked(text).starts_with(is_dash)
}

/// Tells whether a line ends with one, or with the dash of a sentence that was broken off.
fn ends_speech(text: &str) -> bool {
    unmarked(text).ends_with(is_dash)
}

fn ends_with_stop(text: &str) -> bool {
    unmarked(text)
        .trim_end_matches(['"', '”', '»', '\'', '’', ')', ']', '♪', ' '])
        .ends_with(['.', '!', '?', '؟', '…', '۔'])
}

fn is_number(line: &str) -> bool {
    !line.is_empty() && line.chars().all(|c| c.is_ascii_digit())
}

/// Reads a line of two times, in milliseconds; what stands after them is a cue's settings.
fn timing(line: &str) -> Option<[u64; 2]> {
    let (start, rest) = line.split_once("-->")?;
    let end = rest.split_whitespace().next()?;
    Some([milliseconds(start.trim())?, milliseconds(end)?])
}

/// Reads `[hours:]minutes:seconds` with `,` or `.` before the milliseconds.
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

/// Takes tags and overrides out of a line.
fn clean(line: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['<', '{', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match rest.as_bytes()[0] {
            b'<' => tag(rest),
            b'{' if rest.starts_with("{\\") => rest.find('}').map(|end| end + 1),
            b'&' if dialect == Dialect::WebVtt => {
                let known = ENTITIES.iter().find(|(name, _)| rest.starts_with(name));
                known.map(|(name, c)| {
                    out.push(*c);
                    name.len()
                })
            }
            _ => None,
        };
        match taken {
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

/// Gives the length of the tag that a text begins with, where it does.
fn tag(text: &str) -> Option<usize> {
    let first = text[1..].chars().next()?;
    let is_tag = first.is_ascii_alphanumeric() || first == '/';
    let end = text.find('>')?;
    (is_tag && !text[1..end].contains('<')).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subtitles(text: &str, dialect: Dialect) -> Blocks {
        let mut out = Blocks::default();
        read(text, dialect, &mut out).expect("subtitles");
        out
    }

    #[test]
    fn sentences_cross_cues_and_keep_their_times() {
        let text = "1\r\n00:00:01,000 --> 00:00:02,500 X1:0\r\n<i>He came to</i>\r\nthe city\r\n\r\n\
            2\r\n00:00:02,600 --> 00:00:04,000\r\n{\\an8}and stayed.\r\n\r\n\
            3\r\n00:00:04,100 --> 00:00:05,000\r\nWhy?\r\n\r\n4\r\n00:01:00,0 --> 00:01:01,5\r\n- Who?\r\n- Me.\r\n";
        let Blocks { text: joined, blocks } = subtitles(text, Dialect::SubRip);
        assert_eq!(joined, "He came to the city and stayed. Why?\n- Who?\n- Me.");
        assert_eq!(blocks[1].time, Some([2600, 4000]));
        assert_eq!(blocks[3].time, Some([60_000, 61_500]));
        assert_eq!(&joined[blocks[1].text.clone()], "and stayed.");
        assert_eq!(&text[blocks[0].bytes.clone().unwrap()], "<i>He came to</i>\r\nthe city");
    }

    #[test]
    fn cues_without_stops_stay_apart() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\nمرحبا بك\n\n2\n00:00:02,000 --> 00:00:03,000\nإلى أين تذهب\n\n\
            3\n00:00:03,000 --> 00:00:04,000\nإلى السوق،\n\n4\n00:00:04,000 --> 00:00:05,000\nثم إلى البيت\n\n\
            5\n00:00:05,000 --> 00:00:06,000\nنعم -\nلا -\n";
        assert_eq!(
            subtitles(text, Dialect::SubRip).text,
            "مرحبا بك\nإلى أين تذهب\nإلى السوق، ثم إلى البيت\nنعم -\nلا -"
        );
    }

    #[test]
    fn webvtt_is_stripped_of_what_is_not_said() {
        let text = "WEBVTT - title\n\nSTYLE\n::cue { color: red }\n\nNOTE a\nnote\n\nintro\n\
            00:01.000 --> 00:02.000 align:start\n<v Sara>Tom &amp; <c.x>Ann</c>,\n\n\
            01:00:00.000 --> 01:00:02.000\n5 < 6 & 7.\n";
        let Blocks { text, blocks } = subtitles(text, Dialect::WebVtt);
        assert_eq!(text, "Tom & Ann,\n5 < 6 & 7.");
        assert_eq!(
            (blocks[0].time, blocks[1].time),
            (Some([1000, 2000]), Some([3_600_000, 3_602_000]))
        );
    }

    #[test]
    fn cues_are_put_in_order() {
        let text = "2\n00:00:05,000 --> 00:00:04,000\nSecond.\n\n1\n00:00:01,000 --> 00:00:02,000\nFirst.\n";
        let Blocks { text, blocks } = subtitles(text, Dialect::SubRip);
        assert_eq!(text, "First. Second.");
        assert_eq!((blocks[0].number, blocks[1].number), (1, 0));
        assert_eq!(blocks[1].time, Some([5000, 5000]));
    }

    #[test]
    fn blank_lines_and_numbers_inside_a_cue_are_no_ends() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\n\nOne\n\ntwo.\n42\n\n2\n00:00:02,000 --> 00:00:03,000\nThree.\n";
        assert_eq!(subtitles(text, Dialect::SubRip).text, "One two. 42 Three.");
    }

    #[test]
    fn bad_times_are_errors_with_their_line() {
        for (text, line) in [
            ("1\n00:00:01,000 --> soon\nx\n", 2),
            ("1\n00:00:0x,000 --> 00:00:02,000\nx\n", 2),
            ("no subtitles\nat all\n", 1),
        ] {
            let error = read(text, Dialect::SubRip, &mut Blocks::default()).expect_err("bad");
            assert_eq!(error.line(), Some(line));
        }
        for text in ["--> ", "99999999999:00 --> 1", "0:0:0 --> 999999999:999999999:999999999,999"]
        {
            let _ = read(text, Dialect::WebVtt, &mut Blocks::default());
        }
    }

    #[test]
    fn subrip_is_known_by_its_first_lines() {
        assert!(is_subrip("\n1\n00:00:01,000 --> 00:00:02,000\nx"));
        assert!(!is_subrip("1\n2\n3"));
        assert!(!is_subrip(""));
    }
}
