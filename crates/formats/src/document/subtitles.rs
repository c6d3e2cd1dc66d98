//! Subtitles: cues with times, read from SubRip and WebVTT (`timed`), ASS and SSA (`ass`) and
//! TTML (`ttml`). Cues are sorted by their start times and joined, so that a sentence that spans
//! several cues is one.
//!
//! Omitted: tags, settings and identifiers of cues, overrides such as `{\an8}`, the notes, styles
//! and regions of WebVTT, and lines that are shown again (`repeated`); the name of a voice is a
//! tag. Dashes of speakers are preserved, at the start of a line or, as in many Arabic subtitles,
//! at its end.
//!
//! Cues and lines that only describe a sound, or that are sung, are blocks of a kind of their own
//! (`description`). Punctuation in visual order is moved (`visual`).

mod ass;
mod description;
mod join;
mod markup;
mod repeated;
mod speakers;
mod timed;
mod ttml;
mod unread;
mod visual;

use std::ops::Range;

use self::description::{is_description, is_music};
use self::join::{Joiner, joins_lines};
use self::speakers::Speakers;
use super::DocumentNote;
use super::block::{BlockKind, Blocks, DocumentBlock};
use crate::error::{Error, Result};
use crate::remedy::FormatRemedy;

pub(crate) use self::ass::is_ass;
use self::timed::is_frame_based;

pub(crate) use self::timed::is_subrip;

/// How many parts of cues a song may have after the first.
const MAX_SONG: usize = 4;

/// The format of subtitles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SubtitleFormat {
    SubRip,
    WebVtt,
    /// Also SSA.
    Ass,
    Ttml,
}

/// What is shown at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cue {
    /// Its index among the cues of the file that have text.
    index: u32,
    /// In milliseconds, half-open.
    time: [u64; 2],
    /// Not empty, without markup.
    lines: Vec<CueLine>,
}

/// A line of a cue.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CueLine {
    text: String,
    /// Where it is in the source, if the reader knows.
    bytes: Option<Range<usize>>,
}

impl Cue {
    /// Returns a cue of the lines that have text, or `None` without any.
    fn new(time: [u64; 2], lines: impl Iterator<Item = CueLine>) -> Option<Self> {
        let lines: Vec<CueLine> = lines.filter(|line| !line.text.is_empty()).collect();
        let time = [time[0], time[1].max(time[0])];
        (!lines.is_empty()).then_some(Self { index: 0, time, lines })
    }
}

/// Lines of a cue that are one block.
struct Part {
    is_description: bool,
    time: [u64; 2],
    index: u32,
    text: String,
    bytes: Option<Range<usize>>,
}

/// Reads the cues of a file, with or without descriptions of sounds.
pub(crate) fn read(
    text: &str,
    format: SubtitleFormat,
    drop_descriptions: bool,
    out: &mut Blocks,
) -> Result<()> {
    let mut cues = match format {
        SubtitleFormat::SubRip | SubtitleFormat::WebVtt => {
            let (cues, lost) = timed::cues(text, format)?;
            if lost > 0 {
                let text = format!("{} before the first subtitle skipped", counted(lost, "line"));
                out.notes.push(DocumentNote::new("before-subtitles", text));
            }
            cues
        }
        SubtitleFormat::Ass => ass::cues(text)?,
        SubtitleFormat::Ttml => ttml::cues(text)?,
    };
    for (index, cue) in (0..).zip(&mut cues) {
        cue.index = index;
    }
    cues.sort_by_key(|cue| cue.time[0]);
    out.notes.extend(repeated::remove(&mut cues));
    out.notes.extend(visual::mend(&mut cues));
    let speakers = Speakers::new(&cues);
    let mut parts: Vec<Part> = cues.iter().flat_map(|cue| parts(cue, &speakers)).collect();
    mark_songs(&mut parts);
    if drop_descriptions {
        let before = parts.len();
        parts.retain(|part| !part.is_description);
        let dropped = before - parts.len();
        if dropped > 0 {
            let were = if dropped == 1 { "was" } else { "were" };
            let what = counted(dropped, "description");
            let text = format!("{what} of sounds and songs {were} dropped");
            out.notes.push(DocumentNote::new("descriptions", text));
        }
    }
    push_joined(&parts, &speakers, out);
    Ok(())
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Returns the error of a file without a cue.
fn no_subtitle(text: &str) -> Error {
    if let Some(what) = unread_subtitles(text) {
        return Error::syntax(1, what, FRAME_ADVICE);
    }
    Error::syntax(1, "this file has no subtitle", FormatRemedy::NameDocumentFormat)
}

/// Returns the message for subtitles in a format that is not read.
pub(crate) fn unread_subtitles(text: &str) -> Option<&'static str> {
    if is_frame_based(text) {
        return Some("this looks like MicroDVD or MPL2 subtitles");
    }
    unread::name(text)
}

/// What to do about subtitles in a format that is not read.
pub(crate) const FRAME_ADVICE: &str = "convert them to SubRip, if they count frames with the frame rate of the film: \
     ffmpeg -i FILE.sub FILE.srt";

/// Divides a cue into descriptions and speech.
fn parts(cue: &Cue, speakers: &Speakers) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let whole: Vec<&str> = cue.lines.iter().map(|line| &*line.text).collect();
    let is_whole = is_description(&whole.join(" "));
    for line in &cue.lines {
        let is_description = is_whole || is_description(&line.text);
        match parts.last_mut() {
            Some(part) if part.is_description == is_description => {
                let joins =
                    is_whole || joins_lines(&part.text, &line.text) && !speakers.begin(&line.text);
                part.text.push(if joins { ' ' } else { '\n' });
                part.text.push_str(&line.text);
                if let (Some(bytes), Some(own)) = (&mut part.bytes, &line.bytes) {
                    bytes.end = bytes.end.max(own.end);
                }
            }
            _ => parts.push(Part {
                is_description,
                time: cue.time,
                index: cue.index,
                text: line.text.clone(),
                bytes: line.bytes.clone(),
            }),
        }
    }
    parts
}

/// Marks the rest of a song that begins with a sign of music in one cue and ends with one in a
/// later cue: `♪ I walk alone` and `along the shore ♪`.
fn mark_songs(parts: &mut [Part]) {
    for first in 0..parts.len() {
        let text = trim_invisible(&parts[first].text);
        if !text.starts_with(is_music) || text.ends_with(is_music) {
            continue;
        }
        let rest = &mut parts[first + 1..];
        let length = rest.iter().take(MAX_SONG).take_while(|part| !part.is_description).count();
        let ends = |part: &Part| trim_invisible(&part.text).ends_with(is_music);
        if let Some(last) = rest[..length].iter().position(ends) {
            rest[..=last].iter_mut().for_each(|part| part.is_description = true);
        }
    }
}

/// Adds the parts as blocks, on the line of the part before or on a line of their own.
fn push_joined(parts: &[Part], speakers: &Speakers, out: &mut Blocks) {
    let mut joiner = Joiner::new(parts, speakers);
    let mut before: Option<&Part> = None;
    for part in parts {
        if let Some(before) = before {
            out.text.push(if joiner.joins(before, part) { ' ' } else { '\n' });
        }
        let start = out.text.len();
        out.text.push_str(&part.text);
        out.blocks.push(DocumentBlock {
            kind: if part.is_description { BlockKind::Description } else { BlockKind::Cue },
            text: start..out.text.len(),
            part: None,
            index: part.index,
            bytes: part.bytes.clone(),
            time: Some(part.time),
        });
        before = Some(part);
    }
}

/// Reports whether a character only controls the direction of text.
fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Reports whether a character is not visible at the edge of a line.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || is_direction_control(c)
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Trims white space and invisible characters.
fn trim_invisible(text: &str) -> &str {
    text.trim_matches(is_invisible)
}

#[cfg(test)]
mod tests;
