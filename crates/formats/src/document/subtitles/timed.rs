//! SubRip (`.srt`, described by the [Library of
//! Congress](https://www.loc.gov/preservation/digital/formats/fdd/fdd000569.shtml)) and
//! [WebVTT](https://www.w3.org/TR/webvtt1/).
//!
//! Times are read as programs and people write them: with marks of direction around them, in Arabic
//! digits, with a point or a colon before the milliseconds, with spaces, with another arrow.

use std::borrow::Cow;

use super::markup::clean;
use super::{Cue, CueLine, SubtitleFormat, is_direction_control, no_subtitle};
use crate::decode::line_of;
use crate::error::{Error, Result};

/// What stands for the arrow between two times, in the order in which they are searched.
const ARROWS: [&str; 7] = ["-->", "--&gt;", "—>", "–>", "->", "→", "➔"];
/// The number of frames a second, for times whose last part counts frames.
const FRAME_RATE: u64 = 25;

/// Reports whether a text looks like SubRip: a number, and times on the next line.
pub(crate) fn is_subrip(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    let number = lines.next().is_some_and(is_index);
    number && lines.next().and_then(timing).is_some()
}

/// Reports whether a text looks like MicroDVD or MPL2: `{25}{50}text` or `[10][20]text`.
pub(crate) fn is_frame_based(text: &str) -> bool {
    let is_timed = |line: &str| {
        [('{', '}'), ('[', ']')].into_iter().any(|(opens, closes)| {
            let number = |text: &str| {
                let (number, rest) = text.strip_prefix(opens)?.split_once(closes)?;
                is_number(number).then_some(rest.len())
            };
            let second = number(line).map(|rest| &line[line.len() - rest..]);
            second.is_some_and(|rest| number(rest).is_some() || rest.starts_with("{}"))
        })
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(2);
    lines.next().is_some_and(is_timed) && lines.all(is_timed)
}

/// Returns all cues that have a text, and the number of lines of text before the first.
pub(super) fn cues(text: &str, format: SubtitleFormat) -> Result<(Vec<Cue>, usize)> {
    let mut found: Vec<Cue> = Vec::new();
    let mut lost = 0;
    // The lines of the open cue, each with its offset.
    let mut time: Option<[u64; 2]> = None;
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut found_times = false;
    for (start, line) in SourceLines::new(text) {
        let next = timing(line);
        if next.is_none() && line.contains("-->") {
            let what = format!("this is not the time of a subtitle: {}", line.trim());
            let expected = "a time looks like 00:01:02,500 --> 00:01:04,000";
            return Err(Error::syntax(line_of(text.as_bytes(), start), what, expected));
        }
        if let Some(next) = next {
            let is_first = !std::mem::replace(&mut found_times, true);
            // The line before it is the number or the identifier of this cue.
            if format == SubtitleFormat::WebVtt || lines.last().is_some_and(|(_, it)| is_index(it))
            {
                let named = lines.last().is_some_and(|(_, it)| !it.trim().is_empty());
                if named {
                    lines.pop();
                }
            }
            if is_first && format == SubtitleFormat::SubRip {
                let is_lost = |line: &&str| !line.trim().is_empty() && !line.contains("WEBVTT");
                lost = lines.iter().map(|(_, line)| *line).filter(is_lost).count();
            }
            finish(time.take(), &lines, &mut found);
            lines.clear();
            time = Some(next);
        } else if format == SubtitleFormat::WebVtt
            && line.trim().is_empty()
            && (line.is_empty() || lines.iter().any(|(_, it)| !it.trim().is_empty()))
        {
            // In WebVTT a blank line ends a cue; notes and styles are outside cues. A line of
            // spaces may be the first of a cue.
            finish(time.take(), &lines, &mut found);
            lines.clear();
        } else {
            lines.push((start, line));
        }
    }
    finish(time, &lines, &mut found);
    if found_times { Ok((found, lost)) } else { Err(no_subtitle(text)) }
}

/// The lines of a text with their offsets. A line ends at `\n`, at `\r`, or at `\n` after any
/// number of `\r`, as programs leave that convert line ends twice.
struct SourceLines<'t> {
    text: &'t str,
    start: usize,
}

impl<'t> SourceLines<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, start: 0 }
    }
}

impl<'t> Iterator for SourceLines<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<(usize, &'t str)> {
        let rest = &self.text[self.start..];
        if rest.is_empty() {
            return None;
        }
        let start = self.start;
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let ends = &rest[length..];
        let returns = ends.len() - ends.trim_start_matches('\r').len();
        let end_length = match ends[returns..].starts_with('\n') {
            true => returns + 1,
            false => returns.min(1),
        };
        self.start += length + end_length;
        Some((start, &rest[..length]))
    }
}

fn finish(time: Option<[u64; 2]>, lines: &[(usize, &str)], found: &mut Vec<Cue>) {
    let Some(time) = time else { return };
    let lines = lines.iter().flat_map(|&(start, line)| {
        let bytes = start..start + line.len();
        let clean = clean(line);
        let line =
            |text: &str| CueLine { text: text.trim().to_owned(), bytes: Some(bytes.clone()) };
        clean.split('\n').map(line).collect::<Vec<_>>()
    });
    found.extend(Cue::new(time, lines));
}

/// Reports whether a line is the number of a cue, which people also write as `#2` and `2.`.
fn is_index(line: &str) -> bool {
    let line = plain(line);
    let line = line.trim();
    let number = line.strip_prefix('#').unwrap_or(line);
    is_number(number.strip_suffix(['.', ')', ':']).unwrap_or(number))
}

/// Reports whether a line is a number.
fn is_number(line: &str) -> bool {
    !line.is_empty() && line.chars().all(|c| c.is_ascii_digit())
}

/// Returns a line without invisible characters and with Western digits and separators.
fn plain(line: &str) -> Cow<'_, str> {
    if line.is_ascii() {
        return Cow::Borrowed(line);
    }
    let western = |c: char| match c {
        '\u{660}'..='\u{669}' => char::from_digit(u32::from(c) - 0x660, 10),
        '\u{6f0}'..='\u{6f9}' => char::from_digit(u32::from(c) - 0x6f0, 10),
        '\u{ff10}'..='\u{ff19}' => char::from_digit(u32::from(c) - 0xff10, 10),
        '٫' | '．' => Some('.'),
        '،' | '٬' | '，' => Some(','),
        '：' => Some(':'),
        c if is_direction_control(c) => None,
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => None,
        c => Some(c),
    };
    Cow::Owned(line.chars().filter_map(western).collect())
}

/// Parses a line of two times, in milliseconds; the settings of the cue may follow them.
fn timing(line: &str) -> Option<[u64; 2]> {
    // Almost no line of text has two of these.
    if !line.contains(['>', '→', '➔', ';']) {
        return None;
    }
    let line = plain(line);
    let (start, rest) = ARROWS.iter().find_map(|arrow| line.split_once(arrow))?;
    // Arrows have been typed longer: `--->`.
    let start = without_gaps(start.trim_end_matches(['-', '–', '—']));
    // The number of the cue may be on the same line.
    let start = match start.split_once(char::is_whitespace) {
        Some((number, time)) if is_number(number) => time.trim_start(),
        _ => &start,
    };
    let start = milliseconds(start)?;
    let rest = without_gaps(rest);
    let end = milliseconds(rest.split_whitespace().next()?)?;
    Some([start, end])
}

/// Removes white space around separators: `00 : 01` is a time, too.
fn without_gaps(text: &str) -> String {
    let is_separator = |c: char| matches!(c, ':' | ',' | '.');
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        if c.is_whitespace() && out.ends_with(is_separator) {
            continue;
        }
        if is_separator(c) {
            out.truncate(out.trim_end().len());
        }
        out.push(c);
    }
    out
}

/// Parses `[hours:]minutes:seconds` with `,`, `.` or `:` before the milliseconds, or `:` before two
/// digits that count frames.
pub(super) fn milliseconds(text: &str) -> Option<u64> {
    let digits = |text: &str| -> Option<u64> {
        (text.len() <= 9 && is_number(text)).then(|| text.parse().ok()).flatten()
    };
    // Programs that shift subtitles write times before the beginning.
    if let Some(after) = text.strip_prefix('-') {
        return after
            .starts_with(|c: char| c.is_ascii_digit())
            .then(|| milliseconds(after))?
            .map(|_| 0);
    }
    let (whole, fraction) = match text.split_once([',', '.']) {
        Some((whole, fraction)) => (whole, fraction),
        None if text.matches(':').count() == 3 => text.rsplit_once(':')?,
        None => (text, "0"),
    };
    let mut seconds = 0_u64;
    let parts = whole.split(':');
    if !(2..=3).contains(&parts.clone().count()) {
        return None;
    }
    for part in parts {
        seconds = seconds * 60 + digits(part.trim())?;
    }
    let count = digits(fraction)?;
    let is_frames = text.matches(':').count() == 3 && fraction.len() == 2;
    let thousandths = match is_frames {
        true => count * 1000 / FRAME_RATE,
        false => format!("{fraction:0<3}")[..3].parse().ok()?,
    };
    Some(seconds * 1000 + thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for line in [
            "00:01:02,500 --> 00:01:04,000",
            "00:01:02.500 --> 00:01:04.000 align:start",
            "00:01:02,500 --> 00:01:04,000  X1:53 X2:303",
            "\u{200f}00:01:02,500 --> 00:01:04,000\u{200f}",
            "\u{202b}00:01:02,500 \u{202c}-->\u{202b} 00:01:04,000\u{202c}",
            "\u{feff}00:01:02,500 --> 00:01:04,000",
            "00:01:02,500 ---> 00:01:04,000",
            "٠٠:٠١:٠٢،٥٠٠ --> ٠٠:٠١:٠٤،٠٠٠",
            "۰۰:۰۱:۰۲٫۵۰۰ --> ۰۰:۰۱:۰۴٫۰۰۰",
            "00 : 01 : 02 , 500 --> 00 : 01 : 04 , 000",
            "00:01:02:500 --> 00:01:04:000",
            "01:02.500 --> 01:04",
            "0:1:2,5 --> 0:1:4",
            "00:01:02,500 -> 00:01:04,000",
            "00:01:02,500 –> 00:01:04,000",
            "00:01:02,500--&gt;00:01:04,000",
            "7 00:01:02,500 --> 00:01:04,000",
            "００:０１:０２，５００ --> ００:０１:０４，０００",
        ] {
            assert_eq!(timing(line), Some([62_500, 64_000]), "{line}");
        }
        assert_eq!(milliseconds("00:00:01:05"), Some(1200), "frames");
        assert_eq!(timing("-00:00:01,000 --> 00:00:02,000"), Some([0, 2000]));
        assert!(["7", "#7", "7.", "7)", "٧"].into_iter().all(is_index) && !is_index("7 a"));
        for line in ["a -> b", "2 > 1", "00:01 to 00:02", "-->", "1 --> 2", "x; y"] {
            assert_eq!(timing(line), None, "{line}");
        }
    }

    #[test]
    fn lines_end_at_any_number_of_carriage_returns() {
        let lines = |text| SourceLines::new(text).map(|(_, line)| line).collect::<Vec<_>>();
        for text in ["a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\r\r\nb\r\r\n\r\r\nc", "a\rb\r\rc"] {
            assert_eq!(lines(text), ["a", "b", "", "c"], "{text:?}");
        }
        assert_eq!(SourceLines::new("a\r\r\nbc").nth(1), Some((4, "bc")));
    }

    #[test]
    fn formats_that_count_frames_are_recognised() {
        for text in ["{0}{50}a\n{60}{90}b", "\n[10][20]a", "{1}{1}25.0\n{0}{}a"] {
            assert!(is_frame_based(text), "{text}");
        }
        for text in ["{0}a", "[1] a\n[2] b", "[1][2] notes\nand text", "", "{y:i}a"] {
            assert!(!is_frame_based(text), "{text}");
        }
    }

    #[test]
    fn subrip_is_recognised_by_its_first_lines() {
        assert!(is_subrip("\n1\n00:00:01,000 --> 00:00:02,000\nx"));
        assert!(!is_subrip("1\n2\n3"));
        assert!(!is_subrip(""));
    }
}
