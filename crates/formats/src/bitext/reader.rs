//! One reader for all formats.

use super::entry::BitextSource;
use super::manifest::ManifestCheck;
use super::note::ReadNote;
use super::{BitextRow, BitextSchema, BitextTail};
use crate::error::{Error, ErrorKind, Result};
use crate::format::Format;

/// How many rows and units of a bitext were not read, or only in part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedRows {
    /// Rows that do not follow the format, if the reader skips those.
    pub malformed: u64,
    /// Units without text in one of the languages: of a translation memory or XLIFF, and
    /// untranslated or obsolete entries of a gettext catalogue.
    pub untranslated: u64,
    /// Units with more texts than the pair: further languages, further plural forms.
    pub with_more_texts: u64,
}

/// Reads the rows of a bitext, one at a time.
///
/// ```
/// use nasaq_formats::BitextInput;
///
/// let table = &b"src\ttgt\n\xd9\x86\xd8\xb9\xd9\x85\tYes\none cell\n"[..];
/// let reader = BitextInput::file("a.tsv").read(vec![Box::new(table)])?;
/// let mut reader = reader.skipping_bad(true);
/// assert_eq!(reader.next_row()?.expect("a row").tgt, "Yes");
/// assert!(reader.next_row()?.is_none());
/// assert_eq!(reader.skipped().malformed, 1);
/// # Ok::<(), nasaq_formats::Error>(())
/// ```
pub struct BitextReader {
    source: Box<dyn BitextSource>,
    format: Format,
    name: String,
    has_bom: bool,
    /// What was decided about the encoding.
    encoding: Option<ReadNote>,
    manifest: ManifestCheck,
    skips_bad: bool,
    malformed: u64,
    first_bad: Option<Error>,
}

impl BitextReader {
    pub(super) fn new(
        source: Box<dyn BitextSource>,
        format: Format,
        name: String,
        has_bom: bool,
        encoding: Option<ReadNote>,
        manifest: ManifestCheck,
    ) -> Self {
        Self {
            source,
            format,
            name,
            has_bom,
            encoding,
            manifest,
            skips_bad: false,
            malformed: 0,
            first_bad: None,
        }
    }

    /// Sets whether rows that do not follow the format are skipped and counted; by default they are
    /// errors.
    ///
    /// In XML a unit is skipped that is not well-formed or has an unknown entity. The rest of a table
    /// after a quote that is never closed is not a row, and an error in any case.
    #[must_use]
    pub fn skipping_bad(mut self, on: bool) -> Self {
        self.skips_bad = on;
        self
    }

    /// Returns what was not read so far.
    #[must_use]
    pub fn skipped(&self) -> SkippedRows {
        SkippedRows {
            malformed: self.malformed,
            untranslated: self.source.untranslated(),
            with_more_texts: self.source.with_more_texts(),
        }
    }

    /// Returns the error of the first row that was skipped.
    #[must_use]
    pub fn first_bad(&self) -> Option<&Error> {
        self.first_bad.as_ref()
    }

    /// Returns the columns as far as the beginning of the file shows them.
    #[must_use]
    pub fn schema(&self) -> BitextSchema {
        BitextSchema { has_bom: self.has_bom, ..self.source.schema() }
    }

    /// Returns what was decided about how the file is read that it does not state. What concerns
    /// single rows is complete only after the last row.
    #[must_use]
    pub fn notes(&self) -> Vec<ReadNote> {
        self.encoding.clone().into_iter().chain(self.source.notes()).collect()
    }

    /// Returns the name of the file, as in messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the format.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Returns the languages of source and target as far as the file has named them.
    #[must_use]
    pub fn languages(&self) -> Option<[String; 2]> {
        self.source.languages()
    }

    /// Returns the languages that occur in the file so far, as it has them, if it labels texts.
    #[must_use]
    pub fn found_languages(&self) -> Vec<String> {
        self.source.found_languages()
    }

    /// Returns what follows the last row, once, if the bitext is read for copying.
    ///
    /// # Errors
    /// If temporary space is lacking.
    pub fn take_tail(&mut self) -> Result<Option<BitextTail>> {
        self.source.take_tail()
    }

    /// Reports whether reading can continue after [`ErrorKind::Syntax`] in a row: whether a row is
    /// a line or a record, and in XML whether it can after the last error.
    #[must_use]
    pub fn can_resume(&self) -> bool {
        self.source.can_resume()
    }

    /// Returns the next row, or `None` at the end.
    ///
    /// # Errors
    /// With the file and the line, if reading fails or a row does not follow the format.
    pub fn next_row(&mut self) -> Result<Option<BitextRow>> {
        loop {
            let error = match self.source.next_row() {
                Ok(Some(row)) => match self.manifest.add(&row, || self.source.schema()) {
                    Some(error) => return Err(error.at_path(&self.name)),
                    None => return Ok(Some(row)),
                },
                Ok(None) => return Ok(None),
                Err(error) if error.path().is_some() => error,
                Err(error) => error.at_path(&self.name),
            };
            let is_bad_row = match error.kind() {
                ErrorKind::Syntax { .. } | ErrorKind::Xml(_) => true,
                ErrorKind::NotUtf8 { .. } | ErrorKind::UnsureEncoding { .. } => {
                    error.line().is_some()
                }
                _ => false,
            };
            if !(self.skips_bad && is_bad_row && self.source.can_resume()) {
                return Err(error);
            }
            self.malformed += 1;
            self.first_bad.get_or_insert(error);
        }
    }
}

impl Iterator for BitextReader {
    type Item = Result<BitextRow>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::BitextInput;

    fn reader(name: &str, text: &'static str) -> BitextReader {
        BitextInput::file(name).read(vec![Box::new(text.as_bytes())]).expect("a bitext")
    }

    #[test]
    fn bad_rows_are_skipped_and_the_first_is_reported() {
        for (name, text) in [
            ("a.tsv", "a\tb\nc\nd\te\nf\n"),
            ("a.csv", "a,b\nc\nd,e\nf\n"),
            ("a.jsonl", "{\"src\":\"a\",\"tgt\":\"b\"}\nc\n{\"src\":\"d\",\"tgt\":\"e\"}\nf\n"),
        ] {
            let mut skipping = reader(name, text).skipping_bad(true);
            let rows: Vec<String> =
                skipping.by_ref().map(|row| row.expect("only good rows").src).collect();
            assert_eq!(rows, ["a", "d"]);
            assert_eq!(skipping.skipped().malformed, 2);
            assert_eq!(skipping.first_bad().and_then(Error::line), Some(2));
            assert!(reader(name, text).any(|row| row.is_err()), "without it they are errors");
        }
    }

    #[test]
    fn a_broken_unit_of_xml_is_skipped_and_its_line_reported() {
        let unit = |text: &str| {
            format!(
                "<tu><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv>\n<tuv xml:lang=\"en\"><seg>{text}</seg>\
                 </tuv></tu>\n"
            )
        };
        let units = ["a", "b &nbsp; c", "d", "e & f", "g"].map(unit).concat();
        let text = format!("<tmx><body>\n{units}</body></tmx>");
        let open = || {
            let stream = std::io::Cursor::new(text.clone().into_bytes());
            BitextInput::file("a.tmx").read(vec![Box::new(stream)]).expect("a bitext")
        };
        let mut skipping = open().skipping_bad(true);
        let texts: Vec<String> =
            skipping.by_ref().map(|row| row.expect("only good rows").tgt).collect();
        assert_eq!(texts, ["a", "d", "g"]);
        assert_eq!(skipping.skipped().malformed, 2);
        assert_eq!(skipping.first_bad().and_then(Error::line), Some(5));
        let error = open().find_map(Result::err).expect("an error");
        assert!(error.to_string().starts_with("a.tmx:5: the entity &nbsp;"), "{error}");
        let text = "<tmx>&name;<body></body></tmx>";
        assert!(reader("a.tmx", text).skipping_bad(true).next_row().is_err(), "not in a unit");
    }
}
