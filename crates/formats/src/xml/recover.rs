//! Continues reading after a unit that is not well-formed.

use std::io::BufRead;

use super::{XmlReader, parser};
use crate::error::{Error, Result};

/// The maximum length of the name in a tag that is looked for, in bytes.
const MAX_TAG: usize = 64;

/// The elements that a file is divided into.
pub(crate) struct UnitElements {
    /// The names of units, without a prefix.
    pub(crate) units: &'static [&'static str],
    /// The names of the elements that contain units.
    pub(crate) containers: &'static [&'static str],
}

impl<R: BufRead> XmlReader<R> {
    /// Continues after an error: behind the end of the unit that it is in, or before the next unit
    /// or the end of what contains it, whichever comes first. What is skipped is not recorded.
    ///
    /// Returns whether there is such a place; outside of the containers there is none. The reader
    /// must record, and what was recorded must have been taken when the unit began.
    ///
    /// # Errors
    /// If reading fails.
    pub(crate) fn recover(&mut self, elements: &UnitElements) -> Result<bool> {
        let is_one_of = |path: &str, names: &[&str]| names.contains(&local(path));
        let unit = self.path.iter().position(|name| is_one_of(name, elements.units));
        let container = self.path.iter().rposition(|name| is_one_of(name, elements.containers));
        let (depth, from) = match (unit, container) {
            (Some(unit), _) => (unit, 0),
            (None, Some(container)) => (container + 1, self.node_start),
            (None, None) => return Ok(false),
        };
        self.path.truncate(depth);
        (self.ends, self.unit, self.unit_line, self.node_start) = (false, None, None, from);
        let in_unit = unit.is_some();
        let mut stream = self.reader.take().expect("it is only replaced").into_inner();
        stream.read_again(from);
        let found = stream.skip_to(MAX_TAG, |bytes| stop(bytes, elements, in_unit));
        self.reader = Some(parser(stream));
        match found {
            Ok(true) => Ok(true),
            Ok(false) => {
                self.unclosed = std::mem::take(&mut self.path);
                Ok(true)
            }
            Err(error) => Err(Error::reading(error)),
        }
    }
}

/// Returns how many bytes at a tag are skipped, if reading can continue there.
fn stop(bytes: &[u8], elements: &UnitElements, in_unit: bool) -> Option<usize> {
    let is_end = bytes.get(1) == Some(&b'/');
    let name = &bytes[1 + usize::from(is_end)..];
    let len = name.iter().take(MAX_TAG).position(|byte| b" \t\r\n/>".contains(byte))?;
    let name = local(std::str::from_utf8(&name[..len]).ok()?);
    match is_end {
        false if elements.units.contains(&name) => Some(0),
        true if elements.units.contains(&name) && in_unit => {
            let end = bytes.iter().position(|byte| *byte == b'>')?;
            Some(end + 1)
        }
        true if elements.containers.contains(&name) => Some(0),
        _ => None,
    }
}

/// Returns a name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Node;

    const ELEMENTS: UnitElements = UnitElements { units: &["u"], containers: &["b"] };

    /// Returns the texts of the units that can be read, and the lines of the errors.
    fn read(text: &str, buffer: usize) -> (Vec<String>, Vec<u64>) {
        let stream = std::io::BufReader::with_capacity(buffer, text.as_bytes());
        let mut xml = XmlReader::from_stream(stream).recording();
        let (mut texts, mut lines) = (Vec::new(), Vec::new());
        let mut unit = String::new();
        loop {
            match xml.next() {
                Ok(None) => return (texts, lines),
                Ok(Some(Node::Start(_))) if xml.up(0) == Some("u") => {
                    if xml.up(1) == Some("u") {
                        lines.push(xml.line());
                        assert!(xml.recover(&ELEMENTS).expect("memory"));
                    } else {
                        xml.take_before();
                    }
                    unit.clear();
                }
                Ok(Some(Node::Text(text))) => unit.push_str(&text),
                Ok(Some(Node::End(name))) if name == "u" => {
                    texts.push(unit.clone());
                    xml.take();
                }
                Ok(_) => {}
                Err(error) => {
                    lines.push(error.line().expect("a line"));
                    if !xml.recover(&ELEMENTS).expect("memory") {
                        return (texts, lines);
                    }
                }
            }
        }
    }

    #[test]
    fn a_broken_unit_costs_no_other_unit() {
        for (broken, line) in [
            ("<u>a & b</u>", 2),
            ("<u>a < b</u>", 3),
            ("<u>a &nbsp; b</u>", 2),
            ("<u><c>a</u>", 2),
            ("<u>a</c></u>", 2),
            ("<c>a</c></u>", 2),
            ("<u c=\"d>a</u>", 3),
            ("<u>a", 3),
        ] {
            let text = format!("<a><b><u>1</u>\n{broken}\n<u>2</u><u d='3'>3</u></b></a>");
            for buffer in [1, 7, 4096] {
                let (texts, lines) = read(&text, buffer);
                assert_eq!(texts, ["1", "2", "3"], "{broken} {buffer}");
                assert!(lines.len() == 1 && lines[0] <= line, "{broken} {buffer}: {lines:?}");
            }
        }
    }

    #[test]
    fn a_truncated_file_ends_after_its_last_unit() {
        for rest in ["", "<u>2", "<u", "<u c='", "<!-- "] {
            let (texts, lines) = read(&format!("<a><b><u>1</u>\n{rest}"), 5);
            assert_eq!((&texts[..], lines.len()), (&["1".to_owned()][..], 1), "{rest}");
        }
        assert_eq!(read("<a>&b;</a>", 5), (vec![], vec![1]), "it is in no container");
    }
}
