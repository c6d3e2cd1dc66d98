//! The rows of bitexts, and warnings about those that were skipped.

use nasaq::BeadKind;
use nasaq_formats::{
    BitextReader, BitextRow, BitextTail, FieldValue, Format, ReadCounter, SkippedRows,
};

use super::{CorpusSource, count, row_kind};
use crate::failure::Failure;
use crate::printer::Printer;
use crate::progress::ReadingBar;

/// The rows of a bitext, or of several one after the other. With `--skip-bad` malformed rows are
/// skipped.
pub(crate) struct BitextRows {
    pub(crate) reader: BitextReader,
    /// The sources after the one that is read.
    next: std::vec::IntoIter<CorpusSource>,
    is_swapped: bool,
    skip_bad: bool,
    /// Which source is read, from 0.
    source: usize,
    /// What was skipped in the sources before.
    skipped: SkippedRows,
    first_bad: Option<String>,
    /// The formats of the sources before.
    formats: Vec<Format>,
    /// The languages of the first source.
    languages: Option<[String; 2]>,
    tails: Vec<BitextTail>,
    counter: ReadCounter,
    /// What shows the progress.
    pub(crate) bar: Option<ReadingBar>,
}

impl BitextRows {
    pub(crate) fn new(reader: BitextReader, skip_bad: bool) -> Self {
        Self {
            reader: reader.skipping_bad(skip_bad),
            next: Vec::new().into_iter(),
            is_swapped: false,
            skip_bad,
            source: 0,
            skipped: SkippedRows::default(),
            first_bad: None,
            formats: Vec::new(),
            languages: None,
            tails: Vec::new(),
            counter: ReadCounter::default(),
            bar: None,
        }
    }

    pub(super) fn chained(sources: Vec<CorpusSource>, skip_bad: bool) -> anyhow::Result<Self> {
        let mut next = sources.into_iter();
        let first = next.next().ok_or_else(|| Failure::usage("no bitext is named"))?;
        let is_swapped = first.is_swapped;
        let counter = ReadCounter::default();
        let reader = first.open_counted(&counter)?;
        Ok(Self { next, is_swapped, counter, ..Self::new(reader, skip_bad) })
    }

    /// Returns what counts the bytes that are read from all sources.
    pub(crate) fn counter(&self) -> &ReadCounter {
        &self.counter
    }

    /// Returns what has been skipped so far, in all sources.
    pub(crate) fn skipped(&self) -> SkippedRows {
        let mut sum = self.skipped;
        let more = self.reader.skipped();
        sum.malformed += more.malformed;
        sum.untranslated += more.untranslated;
        sum.with_more_texts += more.with_more_texts;
        sum
    }

    /// Returns the message of the first malformed row that was skipped.
    pub(crate) fn first_bad(&self) -> Option<String> {
        self.first_bad.clone().or_else(|| self.reader.first_bad().map(ToString::to_string))
    }

    /// Returns the languages of the first source, as far as it has named them.
    pub(crate) fn languages(&self) -> Option<[String; 2]> {
        self.languages.clone().or_else(|| self.reader.languages())
    }

    /// Returns the formats of the sources that were read, each once, in the order that they occur.
    pub(crate) fn formats(&self) -> Vec<Format> {
        let mut formats: Vec<Format> = Vec::new();
        for format in self.formats.iter().copied().chain([self.reader.format()]) {
            if !formats.contains(&format) {
                formats.push(format);
            }
        }
        formats
    }

    /// Returns which source is read, from 0.
    pub(crate) fn source(&self) -> usize {
        self.source
    }

    /// Returns the ends of the sources that were read, for copies.
    pub(crate) fn take_tails(&mut self) -> Vec<BitextTail> {
        std::mem::take(&mut self.tails)
    }

    /// Opens the next source; returns whether there is one.
    fn open_next(&mut self) -> anyhow::Result<bool> {
        self.tails.extend(self.reader.take_tail()?);
        let Some(next) = self.next.next() else { return Ok(false) };
        (self.skipped, self.first_bad) = (self.skipped(), self.first_bad());
        self.formats = self.formats();
        if self.source == 0 {
            self.languages = self.reader.languages();
        }
        self.reader = next.open_counted(&self.counter)?.skipping_bad(self.skip_bad);
        self.is_swapped = next.is_swapped;
        self.source += 1;
        Ok(true)
    }
}

impl Iterator for BitextRows {
    type Item = anyhow::Result<BitextRow>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.reader.next() {
                Some(row) => {
                    if let Some(bar) = &mut self.bar {
                        bar.add_row();
                    }
                    let row = row.map(|row| swapped_if(self.is_swapped, row));
                    return Some(row.map_err(anyhow::Error::from));
                }
                None => match self.open_next() {
                    Ok(true) => {}
                    Ok(false) => {
                        self.bar = None;
                        return None;
                    }
                    Err(error) => return Some(Err(error)),
                },
            }
        }
    }
}

/// Exchanges source and target of a row: the texts, the kind of the bead, and the fields that are
/// named after a side.
pub(super) fn swapped_if(swap: bool, mut row: BitextRow) -> BitextRow {
    if !swap {
        return row;
    }
    std::mem::swap(&mut row.src, &mut row.tgt);
    let kind = row_kind(&row);
    for (name, value) in &mut row.fields {
        if let Some(rest) = name.strip_prefix("src_") {
            *name = format!("tgt_{rest}").into();
        } else if let Some(rest) = name.strip_prefix("tgt_") {
            *name = format!("src_{rest}").into();
        } else if let (Some(kind), "kind") = (kind, &**name) {
            *value = FieldValue::Text(BeadKind { src: kind.tgt, tgt: kind.src }.to_string());
        }
    }
    row
}

/// Warns of a spreadsheet whose verdicts are not applied.
pub(super) fn warn_of_verdicts(name: &str, rows: &[BitextRow], printer: Printer) {
    let is_filled = |row: &BitextRow| {
        let cells = ["verdict", "corrected_src", "corrected_tgt"].into_iter();
        let mut texts = cells.filter_map(|name| row.get(name)).map(ToString::to_string);
        row.is_of_review_sheet() && texts.any(|text| !text.trim().is_empty())
    };
    if rows.iter().any(is_filled) {
        printer.warn(
            &format!("{name}: the verdicts and corrected texts of this review are not applied"),
            "convert applies them: nasaq convert SHEET -o reviewed.tsv",
        );
    }
}

/// Prints a warning for each count of skipped rows that is not 0. `is_copied` means that units of
/// the input are copied to the output, also those that are no pairs.
pub(crate) fn warn_of_skipped(rows: &BitextRows, is_copied: bool, printer: Printer) {
    let first_bad = rows.first_bad();
    warn_of_counts(rows.skipped(), first_bad.as_deref(), is_copied, printer);
}

/// Prints a warning for each count that is not 0.
pub(crate) fn warn_of_counts(
    skipped: SkippedRows,
    first_bad: Option<&str>,
    is_copied: bool,
    printer: Printer,
) {
    if skipped.malformed > 0 {
        let first = first_bad.map(|error| format!("; the first: {error}")).unwrap_or_default();
        printer.warn(
            &format!("skipped {}{first}", count(skipped.malformed, "malformed row")),
            "run without --skip-bad to see how to correct it",
        );
    }
    if skipped.untranslated > 0 {
        let units = count(skipped.untranslated, "unit");
        if is_copied {
            printer.note(&format!(
                "{units} without text in both languages copied as they are: they are no pairs"
            ));
        } else {
            printer.warn(
                &format!("skipped {units} without text in one of the languages"),
                "check the languages of the units, and whether they are translated; --src-lang and \
                 --tgt-lang select others",
            );
        }
    }
    if skipped.with_more_texts > 0 && !is_copied {
        let units = count(skipped.with_more_texts, "unit");
        printer.warn(
            &format!("skipped the further languages or plural forms of {units}"),
            "docs/bitexts.md describes which text is used",
        );
    }
}
