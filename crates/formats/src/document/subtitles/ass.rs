//! ASS and SSA, [SubStation Alpha](https://github.com/libass/libass/wiki/ASS-File-Format-Guide): the
//! texts of the `Dialogue` lines.
//!
//! Omitted: comments, styles, the names of speakers, overrides in braces, and drawings.

use super::{Cue, CueLine, no_subtitle};
use crate::error::{Error, Result};

/// The fields of a line, if the file does not name them.
const FIELDS: &str = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text";

/// Reports whether a text is ASS or SSA.
pub(crate) fn is_ass(text: &str) -> bool {
    let first = text.lines().map(super::trim_invisible).find(|line| !line.is_empty());
    first.is_some_and(|line| line.eq_ignore_ascii_case("[script info]"))
}

/// Returns all cues that have a text.
pub(super) fn cues(text: &str) -> Result<Vec<Cue>> {
    let mut fields: Vec<&str> = FIELDS.split(',').map(str::trim).collect();
    let mut in_events = false;
    let mut found_lines = false;
    let mut found = Vec::new();
    let mut end = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let start = end;
        end += line.len();
        let line = line.trim_end();
        let section = super::trim_invisible(line);
        if section.starts_with('[') && section.ends_with(']') {
            in_events = section.eq_ignore_ascii_case("[events]");
            continue;
        }
        let trimmed = line.trim_start_matches(super::is_invisible);
        let Some((key, value)) = trimmed.split_once(':') else { continue };
        match key.trim().to_ascii_lowercase().as_str() {
            "format" if in_events => fields = value.split(',').map(str::trim).collect(),
            "dialogue" => {
                found_lines = true;
                let Some((time, raw)) = dialogue(value, &fields) else {
                    let what = format!("this is not a line of dialogue: {trimmed}");
                    let expected = "a line has times such as 0:01:02.50 and as many fields as its \
                                    Format line names";
                    return Err(Error::syntax(number, what, expected));
                };
                let from = start + line.len() - raw.len();
                let bytes = from..start + line.len();
                let clean = clean(raw);
                let lines = clean.split('\n').map(|text| CueLine {
                    text: text.trim().to_owned(),
                    bytes: Some(bytes.clone()),
                });
                found.extend(Cue::new(time, lines));
            }
            _ => {}
        }
    }
    if found_lines { Ok(found) } else { Err(no_subtitle(text)) }
}

/// Returns the times and the text of a line of dialogue.
fn dialogue<'t>(value: &'t str, fields: &[&str]) -> Option<([u64; 2], &'t str)> {
    // The text is last, because it may contain commas.
    let values: Vec<&str> = value.splitn(fields.len(), ',').collect();
    let get = |name: &str| {
        let index = fields.iter().position(|field| field.eq_ignore_ascii_case(name))?;
        values.get(index).copied()
    };
    let time = |name: &str| super::timed::milliseconds(get(name)?.trim());
    Some(([time("Start")?, time("End")?], get("Text")?))
}

/// Removes overrides and drawings.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut draws = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let block = if c == '{' { rest.find('}') } else { None };
        let escape = rest.strip_prefix('\\').and_then(|rest| rest.chars().next());
        if let Some(end) = block {
            draws = drawing(&rest[1..end]).unwrap_or(draws);
            rest = &rest[end + 1..];
            continue;
        }
        let (text, length) = match escape {
            Some('N' | 'n') => ('\n', 2),
            Some('h') => (' ', 2),
            _ => (c, c.len_utf8()),
        };
        if !draws {
            out.push(text);
        }
        rest = &rest[length..];
    }
    out
}

/// Returns whether the text after an override is a drawing, if it changes that: `\p1`, `\p0`.
fn drawing(overrides: &str) -> Option<bool> {
    let scales = overrides.split('\\').filter_map(|it| it.strip_prefix('p'));
    let mut scales = scales.filter_map(|it| it.trim().parse::<u32>().ok());
    scales.next_back().map(|scale| scale > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[Script Info]\r\nTitle: فيلم\r\n\r\n[V4+ Styles]\r\nFormat: Name\r\n\
        Style: Default\r\n\r\n[Events]\r\n";

    fn read(events: &str) -> Result<Vec<([u64; 2], String)>> {
        let text = format!("{HEAD}{events}");
        let cues = cues(&text)?;
        let lines = |cue: &Cue| -> Vec<String> {
            for line in &cue.lines {
                let bytes = line.bytes.clone().expect("bytes");
                assert!(text[bytes].contains(line.text.split(' ').next().expect("a word")));
            }
            cue.lines.iter().map(|line| line.text.clone()).collect()
        };
        Ok(cues.iter().map(|cue| (cue.time, lines(cue).join("|"))).collect())
    }

    #[test]
    fn dialogue_is_read_without_overrides_and_drawings() {
        let events = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\r\n\
            Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,no\r\n\
            Dialogue: 0,0:00:20.00,0:00:24.00,Default,Sami,0,0,0,,نعم، أعرف، جدًا.\r\n\
            Dialogue: 0,0:00:24.50,0:00:27.00,Default,,0,0,0,,{\\i1}One{\\i0}\\Ntwo\\hthree{\\k20}.\r\n\
            Dialogue: 1,0:00:24.50,0:00:27.00,Default,,0,0,0,,{\\p1}m 0 0 l 1 1{\\p0}\r\n";
        assert_eq!(
            read(events).expect("cues"),
            [
                ([20_000, 24_000], "نعم، أعرف، جدًا.".to_owned()),
                ([24_500, 27_000], "One|two three.".to_owned()),
            ]
        );
    }

    #[test]
    fn ssa_has_other_fields() {
        let events = "Format: Marked, Start, End, Style, Name, Text\n\
            Dialogue: Marked=0,1:00:00.05,1:00:01.00,Default,,a, b\n";
        assert_eq!(read(events).expect("cues"), [([3_600_050, 3_601_000], "a, b".to_owned())]);
    }

    #[test]
    fn bad_lines_and_files_without_dialogue_are_errors() {
        let error = read("Dialogue: 0,soon,later,Default,,0,0,0,,x\n").expect_err("a bad time");
        assert_eq!(error.line(), Some(9));
        assert!(read("Dialogue: 0,0:00:01.00\n").is_err());
        assert!(read("").is_err());
    }

    #[test]
    fn ass_is_recognised_by_its_first_section() {
        assert!(is_ass("\u{feff}\n[Script Info]\nTitle: x"));
        assert!(!is_ass("[sighs]\n[Script Info]"));
    }
}
