//! Where a text is in its document, as outputs have it.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Document;
use super::block::BlockKind;

/// Where a text is in a document that has blocks.
///
/// As text, for tables: the kind of the first block, the blocks, then times, bytes and the name of
/// the part if they are known: `h1 0:1`, `cue 4:6 00:00:12.000-00:00:15.500 @210:300`, `cell 12:13
/// word/document.xml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DocumentPlace {
    /// The kind of the first block.
    pub kind: BlockKind,
    /// The indices of the blocks in their part, or in the document, as a half-open range.
    pub blocks: [u32; 2],
    /// When the subtitles are shown, as a half-open range in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<[u64; 2]>,
    /// The bytes of the blocks in the source, decoded to UTF-8, as a half-open range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<[usize; 2]>,
    /// The part of an archive that the first block is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
}

impl DocumentPlace {
    /// Returns the times as SubRip writes them: `00:00:12,000 --> 00:00:15,500`.
    #[must_use]
    pub fn subrip_times(&self) -> Option<String> {
        let [start, end] = self.time?.map(|time| Clock(time).to_string().replace('.', ","));
        Some(format!("{start} --> {end}"))
    }
}

impl Document {
    /// Returns the place of a range of bytes of the text; `None` for plain text, which has no
    /// blocks.
    #[must_use]
    pub fn place(&self, bytes: Range<usize>) -> Option<DocumentPlace> {
        let first = self.blocks.partition_point(|block| block.text.end <= bytes.start);
        let touched = &self.blocks[first..];
        let last = touched.partition_point(|block| block.text.start < bytes.end);
        let touched = &touched[..last];
        let first = touched.first()?;
        let mut place = DocumentPlace {
            kind: first.kind,
            blocks: [first.index, first.index + 1],
            time: first.time,
            bytes: first.bytes.clone().map(|bytes| [bytes.start, bytes.end]),
            part: first.part.as_deref().map(str::to_owned),
        };
        // A text may extend into another part, but a place is in one part.
        for block in touched.iter().filter(|block| block.part == first.part) {
            let [start, end] = &mut place.blocks;
            (*start, *end) = ((*start).min(block.index), (*end).max(block.index + 1));
            if let (Some([start, end]), Some(own)) = (&mut place.bytes, &block.bytes) {
                (*start, *end) = ((*start).min(own.start), (*end).max(own.end));
            }
            if let (Some([start, end]), Some(own)) = (&mut place.time, block.time) {
                (*start, *end) = ((*start).min(own[0]), (*end).max(own[1]));
            }
        }
        Some(place)
    }
}

/// A time in milliseconds.
struct Clock(u64);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, thousandths) = (self.0 / 1000, self.0 % 1000);
        let (minutes, hours) = (seconds / 60, seconds / 3600);
        write!(f, "{hours:02}:{:02}:{:02}.{thousandths:03}", minutes % 60, seconds % 60)
    }
}

fn read_clock(text: &str) -> Option<u64> {
    let (rest, thousandths) = text.rsplit_once('.')?;
    let mut parts = rest.split(':').map(str::parse::<u64>);
    let mut next = || parts.next()?.ok();
    let [hours, minutes, seconds] = [next()?, next()?, next()?];
    let minutes = hours.checked_mul(60)?.checked_add(minutes)?;
    let seconds = minutes.checked_mul(60)?.checked_add(seconds)?;
    seconds.checked_mul(1000)?.checked_add(thousandths.parse().ok()?)
}

impl fmt::Display for DocumentPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}:{}", self.kind, self.blocks[0], self.blocks[1])?;
        if let Some([start, end]) = self.time {
            write!(f, " {}-{}", Clock(start), Clock(end))?;
        }
        if let Some([start, end]) = self.bytes {
            write!(f, " @{start}:{end}")?;
        }
        if let Some(part) = &self.part {
            write!(f, " {part}")?;
        }
        Ok(())
    }
}

impl FromStr for DocumentPlace {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or("a place looks like \"paragraph 3:4\"")
    }
}

fn read(text: &str) -> Option<DocumentPlace> {
    fn span<T: FromStr>(text: &str) -> Option<[T; 2]> {
        let (start, end) = text.split_once(':')?;
        Some([start.parse().ok()?, end.parse().ok()?])
    }
    fn word<'t>(rest: &mut Option<&'t str>) -> Option<&'t str> {
        let text = (*rest)?;
        let (word, after) =
            text.split_once(' ').map_or((text, None), |(word, it)| (word, Some(it)));
        *rest = after;
        Some(word)
    }
    let mut rest = Some(text);
    let kind = word(&mut rest)?.parse().ok()?;
    let blocks = span(word(&mut rest)?)?;
    let mut place = DocumentPlace { kind, blocks, time: None, bytes: None, part: None };
    // The name of a part may be anything: it is what follows the times and the bytes.
    let clocks = |word: &str| {
        let (start, end) = word.split_once('-')?;
        Some([read_clock(start)?, read_clock(end)?])
    };
    let mut ahead = rest;
    if let Some(time) = word(&mut ahead).and_then(clocks) {
        (place.time, rest) = (Some(time), ahead);
    }
    let mut ahead = rest;
    if let Some(bytes) = word(&mut ahead).and_then(|word| span(word.strip_prefix('@')?)) {
        (place.bytes, rest) = (Some(bytes), ahead);
    }
    place.part = rest.map(str::to_owned);
    Some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::DocumentReader;

    #[test]
    fn places_parse_back() {
        let place = DocumentPlace {
            kind: BlockKind::Cue,
            blocks: [4, 6],
            time: Some([12_000, 3_615_500]),
            bytes: Some([210, 300]),
            part: Some("text/1 a.xhtml".to_owned()),
        };
        let text = place.to_string();
        assert_eq!(text, "cue 4:6 00:00:12.000-01:00:15.500 @210:300 text/1 a.xhtml");
        assert_eq!(text.parse(), Ok(place.clone()));
        assert_eq!(place.subrip_times().as_deref(), Some("00:00:12,000 --> 01:00:15,500"));
        for (time, bytes, part) in
            [(false, false, false), (true, false, false), (false, true, true), (false, false, true)]
        {
            let place = DocumentPlace {
                time: place.time.filter(|_| time),
                bytes: place.bytes.filter(|_| bytes),
                part: place.part.clone().filter(|_| part),
                ..place.clone()
            };
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for bad in ["", "cue", "cue 1", "cue 1:x", "verse 1:2"] {
            assert!(bad.parse::<DocumentPlace>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_place_has_the_blocks_that_a_text_touches() {
        let srt = "1\n00:00:01,000 --> 00:00:02,000\nHe came to\n\n2\n00:00:02,000 --> 00:00:03,000\n\
            the city. Why?\n";
        let document = DocumentReader::new().from_bytes("a.srt", srt.into()).expect("subtitles");
        let place = |text: &str| {
            let start = document.text.find(text).expect("part of it");
            document.place(start..start + text.len()).expect("a place")
        };
        assert_eq!(place("He came to the city.").blocks, [0, 2]);
        assert_eq!(place("He came to the city.").time, Some([1000, 3000]));
        assert_eq!(place("Why?").blocks, [1, 2]);
        assert_eq!(place("Why?").time, Some([2000, 3000]));
    }
}
