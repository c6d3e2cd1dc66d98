//! Bitexts as input: files, or standard input, that are read as many times as a command needs.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use nasaq::{BeadKind, Language};
use nasaq_formats::{
    BitextInput, BitextReader, BitextRow, BitextSchema, ErrorKind, FileStamp, Format, ReadNote,
    SCHEMA_ROWS, SkippedRows, SpooledFile, is_stream,
};
use nasaq_quality::SentencePair;
use nasaq_text::ScriptCounts;
use xxhash_rust::xxh3::Xxh3;

use crate::failure::Failure;
use crate::plan::BitextPlan;
use crate::printer::Printer;

/// A bitext that can be read more than once.
pub(crate) struct CorpusInput {
    source: BitextInput,
    src_lang: Language,
    /// The language tags that the file declares, source first.
    declared: Option<[String; 2]>,
    skip_bad: bool,
    /// What the files were when they were first opened: they are read again.
    stamps: Vec<Option<FileStamp>>,
    /// Copies of standard input and of pipes, which must outlive the source that reads them.
    _copies: Vec<SpooledFile>,
}

impl CorpusInput {
    /// Opens a bitext and detects which side is Arabic.
    ///
    /// # Errors
    /// A bitext without a row is refused, before any output is created.
    pub(crate) fn new(plan: &BitextPlan, printer: Printer) -> anyhow::Result<Self> {
        let mut source = plan.source.clone();
        let copies = spool(&mut source)?;
        let mut bitext = Self {
            source,
            src_lang: Language::Arabic,
            declared: None,
            skip_bad: plan.skip_bad,
            stamps: Vec::new(),
            _copies: copies,
        };
        bitext.stamps = bitext.file_stamps();
        bitext.detect_languages(plan.src_lang, printer)?;
        Ok(bitext)
    }

    /// Sets the languages: those of `--src-lang`, or those that the first rows show.
    fn detect_languages(
        &mut self,
        given: Option<Language>,
        printer: Printer,
    ) -> anyhow::Result<()> {
        let mut rows = self.rows()?;
        let first = rows.by_ref().take(SCHEMA_ROWS).collect::<anyhow::Result<Vec<_>>>()?;
        print_notes(&rows.reader, "--src-column and --tgt-column", printer);
        if first.is_empty() {
            return Err(Failure::input("the bitext has no pairs")
                .hint("a table has its pairs after the header; a TMX needs texts in ar and en")
                .into());
        }
        let (detected, arabic_share) = source_language(&first);
        if let Some(given) = given
            && given != detected
            && arabic_share > 0.5
        {
            printer.warn(
                &format!("--src-lang is {given}, but the source is in another script"),
                "omit --src-lang, or check the columns",
            );
        }
        self.src_lang = given.unwrap_or(detected);
        // The command line takes precedence over the file.
        self.declared = rows.reader.languages().filter(|[src, _]| {
            given.is_none_or(|given| src.parse().is_ok_and(|lang: Language| lang == given))
        });
        Ok(())
    }

    /// Returns the length of the file in bytes and its XXH3 hash.
    pub(crate) fn hash(&self) -> anyhow::Result<(u64, u128)> {
        let mut file = File::open(&self.source.path)?;
        let (mut hash, mut bytes) = (Xxh3::new(), 0);
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok((bytes, hash.digest128())),
                read => {
                    hash.update(&buffer[..read]);
                    bytes += read as u64;
                }
            }
        }
    }

    /// Returns the name for messages.
    pub(crate) fn name(&self) -> String {
        self.source.name.clone().unwrap_or_else(|| self.source.path.display().to_string())
    }

    pub(crate) fn src_lang(&self) -> Language {
        self.src_lang
    }

    /// Returns the language tags for an output, source first: those that the file declares, with
    /// their regions, or otherwise those of the detected languages.
    pub(crate) fn languages(&self) -> [String; 2] {
        self.declared.clone().unwrap_or_else(|| language_tags(self.src_lang))
    }

    /// Returns the pair of a row.
    pub(crate) fn pair<'r>(&self, row: &'r BitextRow) -> SentencePair<'r> {
        let kind = row_kind(row);
        match self.src_lang {
            Language::Arabic => SentencePair { arabic: &row.src, english: &row.tgt, kind },
            Language::English => SentencePair {
                arabic: &row.tgt,
                english: &row.src,
                kind: kind.map(|kind| BeadKind { src: kind.tgt, tgt: kind.src }),
            },
        }
    }

    /// Returns the schema for an output format: the file's columns, or, if the file has none and
    /// the format needs them, the names that its first rows use.
    pub(crate) fn schema_for(&self, format: Format) -> anyhow::Result<BitextSchema> {
        let rows = self.rows()?;
        let schema = rows.reader.schema();
        if !format.has_columns() || !schema.columns.is_empty() {
            return Ok(schema);
        }
        let first = rows.take(SCHEMA_ROWS).collect::<anyhow::Result<Vec<_>>>()?;
        Ok(schema.with_columns_of(&first))
    }

    /// Opens the bitext at its first row.
    ///
    /// # Errors
    /// If a file cannot be read, or is another one or has other content than before.
    pub(crate) fn open(&self) -> nasaq_formats::Result<BitextReader> {
        let paths = std::iter::once(&self.source.path).chain(&self.source.more);
        let changed =
            paths.zip(self.stamps.iter().zip(self.file_stamps())).find(|(_, (a, b))| *a != b);
        match changed {
            Some((path, _)) => Err(nasaq_formats::Error::from(ErrorKind::Changed).at_path(path)),
            None => self.source.open(),
        }
    }

    fn file_stamps(&self) -> Vec<Option<FileStamp>> {
        let paths = std::iter::once(&self.source.path).chain(&self.source.more);
        paths.map(|path| FileStamp::of(path)).collect()
    }

    /// Returns an iterator over the rows, from the first.
    pub(crate) fn rows(&self) -> anyhow::Result<BitextRows> {
        Ok(BitextRows::new(self.open()?, self.skip_bad))
    }
}

/// Copies the files of a bitext that can be read only once, and sets the paths of the copies.
fn spool(source: &mut BitextInput) -> nasaq_formats::Result<Vec<SpooledFile>> {
    let mut copies = Vec::new();
    let by_name = Format::from_path(&source.path).ok().filter(|format| format.reads());
    let (path, name) = (&mut source.path, &mut source.name);
    for (path, is_first) in
        std::iter::once((path, true)).chain(source.more.iter_mut().map(|path| (path, false)))
    {
        if !is_stream(path) {
            continue;
        }
        let shown = match path == Path::new("-") {
            true => "standard input".to_owned(),
            false => path.display().to_string(),
        };
        let copied = match path == Path::new("-") {
            true => SpooledFile::new(io::stdin().lock()),
            false => {
                File::open(&*path).map_err(nasaq_formats::Error::from).and_then(SpooledFile::new)
            }
        };
        let copy = copied.map_err(|error| match error.path() {
            Some(_) => error,
            None => error.at_path(&shown),
        })?;
        *path = copy.path().to_owned();
        if is_first {
            name.get_or_insert(shown);
        }
        copies.push(copy);
    }
    if source.more.is_empty() && !copies.is_empty() {
        source.format = source.format.or(by_name);
    }
    Ok(copies)
}

/// Prints what a reader has decided by itself; `columns` are the options that choose columns.
pub(crate) fn print_notes(reader: &BitextReader, columns: &str, printer: Printer) {
    for note in reader.notes() {
        let way_out = match note {
            ReadNote::Columns { .. } => format!("; choose others with {columns}"),
            ReadNote::Encoding(_) => "; set another with --encoding".to_owned(),
            ReadNote::PossibleCosts => ", which --from vecalign reads".to_owned(),
            _ => String::new(),
        };
        printer.note(&format!("{}: {note}{way_out}", reader.name()));
    }
}

/// Returns the kind of a row's bead, if the bitext has it.
pub(crate) fn row_kind(row: &BitextRow) -> Option<BeadKind> {
    row.get("kind").and_then(|kind| kind.to_string().parse().ok())
}

/// Returns the language of the source and the share of Arabic letters on the side that has more of
/// them.
pub(crate) fn source_language(rows: &[BitextRow]) -> (Language, f32) {
    let (mut src, mut tgt) = (ScriptCounts::default(), ScriptCounts::default());
    for row in rows {
        for (counts, text) in [(&mut src, &row.src), (&mut tgt, &row.tgt)] {
            let found = ScriptCounts::of(text);
            counts.arabic += found.arabic;
            counts.other += found.other;
        }
    }
    let [src, tgt] = [src, tgt].map(|counts| counts.arabic_share().unwrap_or(0.0));
    (if tgt > src { Language::English } else { Language::Arabic }, src.max(tgt))
}

/// Returns the tags of the source language and of the other language.
pub(crate) fn language_tags(src: Language) -> [String; 2] {
    match src {
        Language::Arabic => ["ar", "en"].map(str::to_owned),
        Language::English => ["en", "ar"].map(str::to_owned),
    }
}

/// The rows of a bitext. With `--skip-bad` malformed rows are skipped.
pub(crate) struct BitextRows {
    pub(crate) reader: BitextReader,
}

impl BitextRows {
    pub(crate) fn new(reader: BitextReader, skip_bad: bool) -> Self {
        Self { reader: reader.skipping_bad(skip_bad) }
    }

    /// Returns what has been skipped so far.
    pub(crate) fn skipped(&self) -> SkippedRows {
        self.reader.skipped()
    }
}

impl Iterator for BitextRows {
    type Item = anyhow::Result<BitextRow>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.reader.next()?.map_err(anyhow::Error::from))
    }
}

/// Prints a warning for each count of skipped rows that is not 0.
pub(crate) fn warn_of_skipped(skipped: SkippedRows, printer: Printer) {
    if skipped.malformed > 0 {
        printer.warn(
            &format!("skipped {}", count(skipped.malformed, "malformed row")),
            "run without --skip-bad to see the first one",
        );
    }
    if skipped.untranslated > 0 {
        let units = count(skipped.untranslated, "unit");
        printer.warn(
            &format!("skipped {units} without text in one of the languages"),
            "check the languages of the units, and whether they are translated",
        );
    }
    if skipped.with_more_texts > 0 {
        let units = count(skipped.with_more_texts, "unit");
        printer.warn(
            &format!("skipped the further languages or plural forms of {units}"),
            "docs/bitexts.md describes which text is used",
        );
    }
}

/// Returns a count and its noun, as in `1 row` and `2 rows`.
pub(crate) fn count(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
