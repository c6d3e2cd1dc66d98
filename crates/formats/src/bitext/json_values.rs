//! The objects of a JSON file: one per line, or in an array, or written over several lines.

use super::lines::{LineReader, MAX_LINE, TextStream, not_utf8};
use super::table_dialect::{START, peeked};
use crate::error::{Error, Result};
use crate::remedy::FormatRemedy;

/// Reads objects as text, with the line that each begins on.
pub(super) enum JsonValues {
    Lines(LineReader),
    Values(ValueScanner),
}

impl JsonValues {
    pub(super) fn new(stream: TextStream) -> Result<Self> {
        let (start, stream) = peeked(stream, START)?;
        Ok(if is_lines(&start) {
            Self::Lines(LineReader::new(stream))
        } else {
            Self::Values(ValueScanner::new(stream))
        })
    }

    pub(super) fn next(&mut self) -> Result<Option<(u64, String)>> {
        match self {
            Self::Lines(lines) => {
                let line = lines.next_filled()?;
                Ok(line.map(|line| (lines.number(), line)))
            }
            Self::Values(values) => values.next(),
        }
    }

    /// Reports whether reading can continue after a bad value.
    pub(super) fn can_resume(&self) -> bool {
        match self {
            Self::Lines(_) => true,
            Self::Values(values) => !values.has_ended,
        }
    }
}

/// Reports whether a file begins with an object or anything else in one line, and not with an array
/// or an object of several lines.
fn is_lines(start: &[u8]) -> bool {
    let start = start.trim_ascii_start();
    if is_array(start) {
        return false;
    }
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_object = |text: &[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok();
    if !start.starts_with(b"{") || is_object(line) {
        return true;
    }
    let owned: TextStream = Box::new(std::io::Cursor::new(start.to_vec()));
    match ValueScanner::new(owned).next() {
        Ok(Some((_, value))) => !is_object(value.as_bytes()),
        _ => true,
    }
}

/// Reports whether a text begins with an array of objects.
pub(super) fn is_array(start: &[u8]) -> bool {
    let inner = start.trim_ascii_start().strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    inner.is_some_and(|inner| inner.starts_with(b"{") || inner.starts_with(b"]\n") || inner == b"]")
}

/// Divides a file into its objects, in an array or one after the other.
pub(super) struct ValueScanner {
    stream: TextStream,
    line: u64,
    offset: usize,
    is_first: bool,
    in_array: bool,
    has_ended: bool,
}

impl ValueScanner {
    fn new(stream: TextStream) -> Self {
        Self { stream, line: 1, offset: 0, is_first: true, in_array: false, has_ended: false }
    }

    fn next(&mut self) -> Result<Option<(u64, String)>> {
        if self.has_ended {
            return Ok(None);
        }
        // Whatever fails, the place of the next object is unknown.
        self.has_ended = true;
        let mut has_comma = false;
        loop {
            let Some(byte) = self.byte()? else {
                return if self.in_array {
                    Err(self.bad("the array does not end"))
                } else {
                    Ok(None)
                };
            };
            match byte {
                _ if byte.is_ascii_whitespace() => {}
                b'[' if self.is_first && !self.in_array => self.in_array = true,
                b',' if self.in_array && !self.is_first && !has_comma => has_comma = true,
                b']' if self.in_array && !has_comma => return self.end(),
                b'{' if self.is_first || has_comma || !self.in_array => {
                    return self.object().map(Some);
                }
                _ => return Err(self.bad("here an object is expected")),
            }
        }
    }

    /// Reads the rest of an object.
    fn object(&mut self) -> Result<(u64, String)> {
        let (line, offset) = (self.line, self.offset);
        let (mut bytes, mut depth, mut in_string, mut is_escaped) = (vec![b'{'], 1, false, false);
        while depth > 0 {
            let Some(byte) = self.byte()? else { return Err(self.bad("the object does not end")) };
            bytes.push(byte);
            if bytes.len() > MAX_LINE {
                return Err(self.bad("an object of more than 256 MB"));
            }
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if in_string => is_escaped = true,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth -= 1,
                _ => {}
            }
        }
        (self.is_first, self.has_ended) = (false, false);
        match String::from_utf8(bytes) {
            Ok(text) => Ok((line, text)),
            Err(error) => {
                let at = offset + error.utf8_error().valid_up_to();
                Err(not_utf8(error.as_bytes(), at).at_line(line))
            }
        }
    }

    /// Checks that nothing follows the array.
    fn end(&mut self) -> Result<Option<(u64, String)>> {
        while let Some(byte) = self.byte()? {
            if !byte.is_ascii_whitespace() {
                return Err(self.bad("something follows the array"));
            }
        }
        Ok(None)
    }

    fn byte(&mut self) -> Result<Option<u8>> {
        let byte = self.stream.fill_buf().map_err(Error::reading)?.first().copied();
        if let Some(byte) = byte {
            self.stream.consume(1);
            self.offset += 1;
            self.line += u64::from(byte == b'\n');
        }
        Ok(byte)
    }

    fn bad(&self, what: &str) -> Error {
        let remedy = FormatRemedy::Advice("correct the file; it is not JSON as it is");
        Error::syntax(self.line, what, remedy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &'static str) -> Result<Vec<(u64, String)>, String> {
        let mut values = JsonValues::new(Box::new(text.as_bytes())).expect("memory");
        std::iter::from_fn(|| values.next().map_err(|error| error.to_string()).transpose())
            .collect()
    }

    #[test]
    fn objects_are_found_in_lines_and_arrays_and_over_lines() {
        let expected = vec![(1, "{\"a\": \"]}\\\"\"}".to_owned()), (2, "{\"b\":[{}]}".to_owned())];
        for text in [
            "{\"a\": \"]}\\\"\"}\n{\"b\":[{}]}\n",
            "[{\"a\": \"]}\\\"\"},\n{\"b\":[{}]}]",
            " [ {\"a\": \"]}\\\"\"}\n, {\"b\":[{}]} ] \n",
        ] {
            assert_eq!(values(text).as_ref(), Ok(&expected), "{text}");
        }
        let spread = values("{\n\"a\": 1\n}\n{\n\"b\": 2}\n").expect("objects");
        assert_eq!(spread.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 4]);
        assert_eq!(values("[]"), Ok(Vec::new()));
    }

    #[test]
    fn what_is_not_an_array_of_objects_is_an_error() {
        for (text, message) in [
            ("[{}", "line 1: the array does not end"),
            ("[{},]", "line 1: here an object is expected"),
            ("[{} {}]", "line 1: here an object is expected"),
            ("[{},\n{\"a\"", "line 2: the object does not end"),
            ("[{}]\nx", "line 2: something follows the array"),
            ("[{}, 1]", "line 1: here an object is expected"),
        ] {
            assert_eq!(values(text).expect_err("no array"), message);
        }
    }
}
