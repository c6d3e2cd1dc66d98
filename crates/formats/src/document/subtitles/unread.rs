//! Recognises subtitles in formats that are not read, so that their times do not become text.

/// The number of lines with a time that show a format.
const LINES: usize = 3;

/// Returns the message that names the format of a text.
pub(super) fn name(text: &str) -> Option<&'static str> {
    let lines = || text.lines().map(super::trim_invisible).filter(|line| !line.is_empty());
    let first = lines().next()?;
    let begins = |prefix: &str| {
        first.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    if begins("<SAMI") {
        return Some("this looks like SAMI subtitles");
    }
    if begins("[INFORMATION]") || lines().take(2).any(is_subviewer_time) {
        return Some("this looks like SubViewer subtitles");
    }
    let all = |is: fn(&str) -> bool| {
        let timed = lines().filter(|line| is(line)).count();
        timed >= LINES.min(lines().count()).max(2)
            && lines().take(LINES).all(|line| is(line) || is_tag(line))
    };
    if all(is_lyric) {
        return Some("this looks like LRC lyrics");
    }
    if all(is_timed_line) {
        return Some("this looks like TMPlayer or VPlayer subtitles");
    }
    None
}

/// Reports whether a line is two times with a comma between them, `00:00:10.00,00:00:12.00`.
fn is_subviewer_time(line: &str) -> bool {
    line.split_once(',').is_some_and(|(start, end)| is_time(start, '.') && is_time(end, '.'))
}

/// Reports whether a line begins with a time in brackets, `[00:10.00]text`.
fn is_lyric(line: &str) -> bool {
    let time = line.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    time.is_some_and(|(time, _)| time.contains('.') && is_time(time, '.'))
}

/// Reports whether a line is metadata of lyrics, `[ti:title]`.
fn is_tag(line: &str) -> bool {
    line.starts_with('[') && line.ends_with(']') && line.contains(':')
}

/// Reports whether a line begins with a time that a colon or an equals sign ends, `00:00:10:text`.
fn is_timed_line(line: &str) -> bool {
    let digits = line.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b':').count();
    let time = &line[..digits];
    let ends = time.ends_with(':') || line[digits..].starts_with('=');
    let time = time.trim_end_matches(':');
    ends && time.split(':').count() == 3 && is_time(time, '.')
}

/// Reports whether a text is digits and colons, with at most one fraction.
fn is_time(text: &str, point: char) -> bool {
    let text = text.trim();
    let (whole, fraction) = text.split_once(point).unwrap_or((text, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    whole.contains(':') && whole.split(':').all(is_number) && is_number(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_named() {
        for (text, name_part) in [
            ("<SAMI><BODY><SYNC Start=10>", "SAMI"),
            ("[INFORMATION]\n[TITLE]x\n", "SubViewer"),
            ("00:00:10.00,00:00:12.00\nنعم.\n", "SubViewer"),
            ("[ti:x]\n[00:10.00]نعم\n[00:13.00]لا\n[00:15.00]نعم", "LRC"),
            ("00:00:10:نعم.\n00:00:13:لا.\n00:00:15:نعم.", "TMPlayer"),
            ("00:00:10=نعم.\n00:00:13=لا.", "TMPlayer"),
        ] {
            assert!(name(text).is_some_and(|found| found.contains(name_part)), "{text}");
        }
    }

    #[test]
    fn prose_is_not_subtitles() {
        for text in [
            "10:30: the train left.\n10:45: it stopped.\n11:00: it left.",
            "[1] a\n[2] b\n[3] c",
            "[note: x]\ntext\nmore",
            "الساعة 10:30\nثم",
            "",
        ] {
            assert_eq!(name(text), None, "{text}");
        }
    }
}
