//! A stream that counts its lines, limits the length of a token, and can record what is read.

use std::io::{self, BufRead, Read};

/// A stream of UTF-8 under a parser.
pub(super) struct RecordedStream<R> {
    stream: R,
    /// Bytes that are read again before the rest of the stream.
    again: Vec<u8>,
    again_from: usize,
    lines: u64,
    /// The length of the current token so far, in bytes.
    token: u64,
    /// The maximum length of a token in bytes.
    max_len: u64,
    /// What was read since the last [`RecordedStream::take`], if it is recorded.
    record: Option<Vec<u8>>,
}

impl<R> RecordedStream<R> {
    pub(super) fn new(stream: R, max_len: u64) -> Self {
        let (again, record) = (Vec::new(), None);
        Self { stream, again, again_from: 0, lines: 0, token: 0, max_len, record }
    }

    /// Starts to record.
    pub(super) fn record(&mut self) {
        self.record.get_or_insert_default();
    }

    /// Returns the number of bytes in the record.
    pub(super) fn recorded(&self) -> usize {
        self.record.as_ref().map_or(0, Vec::len)
    }

    /// Removes the first bytes of the record and returns them.
    pub(super) fn take(&mut self, end: usize) -> String {
        let Some(record) = &mut self.record else { return String::new() };
        let rest = record.split_off(end);
        let bytes = std::mem::replace(record, rest);
        // The parser has accepted the bytes as UTF-8 already.
        String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    /// Removes the record from an offset on, and reads it again next.
    pub(super) fn read_again(&mut self, from: usize) {
        let Some(record) = &mut self.record else { return };
        let mut again = record.split_off(from);
        self.lines -= newlines(&again);
        again.extend_from_slice(&self.again[self.again_from..]);
        (self.again, self.again_from) = (again, 0);
        self.token = 0;
    }

    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    pub(super) fn max_len(&self) -> u64 {
        self.max_len
    }

    pub(super) fn begin_token(&mut self) {
        self.token = 0;
    }

    pub(super) fn is_exceeded(&self) -> bool {
        self.token > self.max_len
    }
}

impl<R: BufRead> RecordedStream<R> {
    /// Reads to the first `<` after the next byte at which `stop` matches, without recording.
    /// `stop` gets the bytes from there, and returns how many of them are skipped, too. Returns
    /// whether there is such a place.
    pub(super) fn skip_to(
        &mut self,
        max_tag: usize,
        stop: impl Fn(&[u8]) -> Option<usize>,
    ) -> io::Result<bool> {
        let mut window = self.again.split_off(self.again_from);
        (self.again, self.again_from) = (Vec::new(), 0);
        // The next byte begins what is skipped.
        let mut from = usize::from(!window.is_empty());
        loop {
            let ended = {
                let more = self.stream.fill_buf()?;
                let len = more.len();
                window.extend_from_slice(more);
                self.stream.consume(len);
                len == 0
            };
            while let Some(found) = window[from..].iter().position(|byte| *byte == b'<') {
                let at = from + found;
                if !ended && window.len() - at < max_tag {
                    from = at;
                    break;
                }
                if let Some(skipped) = stop(&window[at..]) {
                    let rest = window.split_off(at + skipped);
                    self.lines += newlines(&window);
                    self.again = rest;
                    return Ok(true);
                }
                from = at + 1;
            }
            if ended {
                self.lines += newlines(&window);
                return Ok(false);
            }
            if window.get(from) != Some(&b'<') {
                from = window.len();
            }
            self.lines += newlines(&window[..from]);
            window.drain(..from);
            from = 0;
        }
    }
}

impl<R: BufRead> Read for RecordedStream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for RecordedStream<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.is_exceeded() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if self.again_from < self.again.len() {
            return Ok(&self.again[self.again_from..]);
        }
        self.stream.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.token += count as u64;
        let reads_again = self.again_from < self.again.len();
        // The buffer is still filled, so this reads nothing.
        let bytes =
            if reads_again { Ok(&self.again[self.again_from..]) } else { self.stream.fill_buf() };
        if let Ok(bytes) = bytes {
            self.lines += newlines(&bytes[..count]);
            if let Some(record) = &mut self.record {
                record.extend_from_slice(&bytes[..count]);
            }
        }
        if reads_again {
            self.again_from += count;
        } else {
            self.stream.consume(count);
        }
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
