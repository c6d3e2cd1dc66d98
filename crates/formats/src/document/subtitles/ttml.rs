//! [TTML](https://www.w3.org/TR/ttml2/), also DFXP: the paragraphs of the body with their times.
//!
//! Omitted: regions, styles, metadata and the names of speakers. A paragraph without times of its
//! own has those of its spans. Times of elements around a paragraph are added to its times.

use quick_xml::events::BytesStart;

use super::{Cue, CueLine, no_subtitle};
use crate::document::block::{push_collapsed, push_line_end};
use crate::error::{Error, Result};
use crate::xml::{Node, XmlReader};

/// How the times of a file count.
#[derive(Clone, Copy)]
struct Rates {
    frames: f64,
    ticks: f64,
}

/// The times of an element, in milliseconds.
#[derive(Clone, Copy, Default)]
struct Interval {
    begin: Option<u64>,
    end: Option<u64>,
}

/// Reads the paragraphs of a file.
pub(super) fn cues(text: &str) -> Result<Vec<Cue>> {
    let mut reader = TtmlReader {
        reader: XmlReader::new(text),
        rates: Rates { frames: 30.0, ticks: 1.0 },
        around: Vec::new(),
        paragraph: None,
        cues: Vec::new(),
        found_times: false,
    };
    reader.read()?;
    if reader.found_times { Ok(reader.cues) } else { Err(no_subtitle(text)) }
}

/// A paragraph that is being read.
#[derive(Default)]
struct Paragraph {
    text: String,
    interval: Interval,
    /// The first begin and the last end of its spans.
    spans: Interval,
    /// The sum of the begins around it.
    offset: u64,
}

struct TtmlReader<'t> {
    reader: XmlReader<&'t [u8]>,
    rates: Rates,
    /// The begins of the elements that are open outside a paragraph.
    around: Vec<u64>,
    paragraph: Option<Paragraph>,
    cues: Vec<Cue>,
    found_times: bool,
}

impl TtmlReader<'_> {
    fn read(&mut self) -> Result<()> {
        while let Some(node) = self.reader.next()? {
            match node {
                Node::Start(tag) => self.start(&tag)?,
                Node::Text(text) => {
                    if let Some(paragraph) = &mut self.paragraph {
                        push_collapsed(&mut paragraph.text, &text);
                    }
                }
                Node::End(name) => self.end(&name),
            }
        }
        Ok(())
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        let name = self.reader.up(0).unwrap_or_default().to_owned();
        if name == "tt" {
            self.read_rates(tag)?;
        }
        let interval = self.interval(tag)?;
        match (&mut self.paragraph, name.as_str()) {
            (Some(paragraph), "br") => push_line_end(&mut paragraph.text),
            (Some(paragraph), _) => {
                let Interval { begin, end } = &mut paragraph.spans;
                *begin = [*begin, interval.begin].into_iter().flatten().min();
                *end = (*end).max(interval.end);
            }
            (None, "p") => {
                let offset = self.around.iter().sum();
                self.paragraph = Some(Paragraph { interval, offset, ..Paragraph::default() });
            }
            (None, _) => self.around.push(interval.begin.unwrap_or(0)),
        }
        Ok(())
    }

    fn end(&mut self, name: &str) {
        if self.paragraph.is_none() {
            self.around.pop();
        } else if name == "p" {
            self.finish();
        }
    }

    fn finish(&mut self) {
        let Some(Paragraph { text, interval, spans, offset }) = self.paragraph.take() else {
            return;
        };
        let begin = interval.begin.or(spans.begin);
        let end = interval.end.or(spans.end.map(|end| end + interval.begin.unwrap_or(0)));
        if begin.is_none() && end.is_none() {
            return;
        }
        self.found_times = true;
        let begin = begin.unwrap_or(0);
        let time = [begin, end.unwrap_or(begin)].map(|time| time.saturating_add(offset));
        let line = |line: &str| CueLine { text: line.trim().to_owned(), bytes: None };
        self.cues.extend(Cue::new(time, text.split('\n').map(line)));
    }

    fn read_rates(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        let number = |reader: &XmlReader<&[u8]>, name: &[&str]| -> Result<Option<f64>> {
            let value = reader.attribute(tag, name)?;
            let value = value.and_then(|value| value.trim().parse::<f64>().ok());
            Ok(value.filter(|value| *value >= 1.0 && value.is_finite()))
        };
        let frames = number(&self.reader, &["ttp:frameRate", "frameRate"])?;
        let ticks = number(&self.reader, &["ttp:tickRate", "tickRate"])?;
        let factor = self
            .reader
            .attribute(tag, &["ttp:frameRateMultiplier", "frameRateMultiplier"])?
            .and_then(|text| {
                let mut numbers = text.split([' ', ':']).map(|it| it.parse::<f64>().ok());
                let (over, under) = (numbers.next()??, numbers.next()??);
                (over >= 1.0 && under >= 1.0).then_some(over / under)
            });
        self.rates.frames = frames.unwrap_or(30.0) * factor.unwrap_or(1.0);
        self.rates.ticks = ticks.or(frames).unwrap_or(1.0);
        Ok(())
    }

    fn interval(&self, tag: &BytesStart<'_>) -> Result<Interval> {
        let time = |name: &str| -> Result<Option<u64>> {
            let Some(text) = self.reader.attribute(tag, &[name])? else { return Ok(None) };
            match milliseconds(text.trim(), self.rates) {
                Some(time) => Ok(Some(time)),
                None => {
                    let what = format!("this is not the time of a subtitle: {text}");
                    let expected = "a time looks like 00:01:02.500, 62.5s or 1500t";
                    Err(Error::syntax(self.reader.line(), what, expected))
                }
            }
        };
        let (begin, end, length) = (time("begin")?, time("end")?, time("dur")?);
        let end = end.or(length.map(|length| length.saturating_add(begin.unwrap_or(0))));
        Ok(Interval { begin, end })
    }
}

/// Parses a [time expression](https://www.w3.org/TR/ttml2/#timing-value-time-expression).
fn milliseconds(text: &str, rates: Rates) -> Option<u64> {
    if let [hours, minutes, seconds, frames] = *text.split(':').collect::<Vec<_>>() {
        let whole = super::timed::milliseconds(&format!("{hours}:{minutes}:{seconds}"))?;
        let frames: f64 = frames.parse().ok()?;
        return Some(whole + rounded(frames / rates.frames * 1000.0)?);
    }
    if text.contains(':') {
        return super::timed::milliseconds(text);
    }
    let unit = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (count, unit) = text.split_at(unit);
    let count: f64 = count.parse().ok()?;
    let factor = match unit {
        "h" => 3_600_000.0,
        "m" => 60_000.0,
        "s" => 1000.0,
        "ms" => 1.0,
        "f" => 1000.0 / rates.frames,
        "t" => 1000.0 / rates.ticks,
        _ => return None,
    };
    rounded(count * factor)
}

fn rounded(time: f64) -> Option<u64> {
    (0.0..1e12).contains(&time).then_some(time.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Vec<([u64; 2], String)>> {
        let text = format!(
            "<?xml version='1.0' encoding='UTF-8'?>\n<tt xmlns='http://www.w3.org/ns/ttml' \
             xmlns:ttp='http://www.w3.org/ns/ttml#parameter' ttp:tickRate='10000000' \
             ttp:frameRate='25'><head><metadata><title>no</title></metadata></head>\
             <body>{body}</body></tt>"
        );
        let cues = cues(&text)?;
        let lines =
            |cue: &Cue| -> Vec<String> { cue.lines.iter().map(|line| line.text.clone()).collect() };
        Ok(cues.iter().map(|cue| (cue.time, lines(cue).join("|"))).collect())
    }

    #[test]
    fn paragraphs_are_read_with_their_times() {
        let body = "<div>\n<p begin='00:00:01.500' end='00:00:02.000'>مرحبا <span>بك</span><br/>هنا</p>\n\
            <p begin='30000000t' end='40000000t'>Ticks</p><p begin='5s' dur='500ms'>Seconds</p>\
            <p begin='00:00:06:05' end='00:00:07:00'>Frames</p><p>No time</p></div>";
        assert_eq!(
            read(body).expect("cues"),
            [
                ([1500, 2000], "مرحبا بك|هنا".to_owned()),
                ([3000, 4000], "Ticks".to_owned()),
                ([5000, 5500], "Seconds".to_owned()),
                ([6200, 7000], "Frames".to_owned()),
            ]
        );
    }

    #[test]
    fn times_around_a_paragraph_are_added_and_those_of_spans_used() {
        let body = "<div begin='10s'><p begin='1s' end='2s'>a</p>\
            <p><span begin='3s' end='4s'>b</span> <span begin='4s' end='5s'>c</span></p></div>";
        assert_eq!(
            read(body).expect("cues"),
            [([11_000, 12_000], "a".to_owned()), ([13_000, 15_000], "b c".to_owned())]
        );
    }

    #[test]
    fn bad_times_and_files_without_times_are_errors() {
        let error = read("<p begin='soon'>x</p>").expect_err("a bad time");
        assert_eq!(error.line(), Some(2));
        assert!(read("<p>no time</p>").is_err());
    }
}
