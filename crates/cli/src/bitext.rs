//! Bitexts as input: files, or standard input, that are read as many times as a command needs.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use nasaq::{BeadKind, Language};
use nasaq_formats::{
    BitextInput, BitextReader, BitextRow, BitextSchema, BitextTail, ErrorKind, FieldValue,
    FileStamp, Format, SCHEMA_ROWS, SkippedRows, SpooledFile, language_of_tag,
};
use nasaq_quality::SentencePair;
use nasaq_text::ScriptCounts;
use xxhash_rust::xxh3::Xxh3;

use crate::failure::Failure;
use crate::plan::BitextPlan;
use crate::printer::Printer;

/// The share of Arabic letters below which no side is taken for Arabic.
const MIN_ARABIC: f32 = 0.02;

/// A bitext that can be read more than once: one file, or several one after the other.
pub(crate) struct CorpusInput {
    sources: Vec<CorpusSource>,
    src_lang: Language,
    /// The language tags that the file declares, source first.
    declared: Option<[String; 2]>,
    skip_bad: bool,
    /// The copy of standard input, which must outlive the source that reads it.
    _spool: Option<SpooledFile>,
}

/// A file of a corpus, or the files of a bitext that has several.
#[derive(Clone, Debug)]
struct CorpusSource {
    input: BitextInput,
    /// Whether its sides are the other way round than those of the first source.
    is_swapped: bool,
    /// What the files were when they were first opened: they are read again.
    stamps: Vec<Option<FileStamp>>,
}

impl CorpusSource {
    fn new(input: BitextInput) -> Self {
        let stamps = file_stamps(&input);
        Self { input, is_swapped: false, stamps }
    }

    /// Opens the bitext at its first row.
    ///
    /// # Errors
    /// If a file cannot be read, or is another one or has other content than before.
    fn open(&self) -> nasaq_formats::Result<BitextReader> {
        let paths = std::iter::once(&self.input.path).chain(&self.input.more);
        let now = file_stamps(&self.input);
        let changed = paths.zip(self.stamps.iter().zip(now)).find(|(_, (a, b))| *a != b);
        match changed {
            Some((path, _)) => Err(nasaq_formats::Error::from(ErrorKind::Changed).at_path(path)),
            None => self.input.open(),
        }
    }
}

fn file_stamps(input: &BitextInput) -> Vec<Option<FileStamp>> {
    let paths = std::iter::once(&input.path).chain(&input.more);
    paths.map(|path| FileStamp::of(path)).collect()
}

impl CorpusInput {
    /// Opens a bitext and detects which side is Arabic.
    ///
    /// # Errors
    /// A bitext without a row is refused, before any output is created.
    pub(crate) fn new(plan: &BitextPlan, printer: Printer) -> anyhow::Result<Self> {
        let mut bitext = Self::of_sources(plan.sources.clone(), plan.skip_bad)?;
        bitext.detect_languages(plan.src_lang, true, printer)?;
        Ok(bitext)
    }

    /// Opens bitexts in any languages.
    ///
    /// # Errors
    /// Bitexts without a row are refused.
    pub(crate) fn of_bitexts(
        inputs: Vec<BitextInput>,
        skip_bad: bool,
        printer: Printer,
    ) -> anyhow::Result<Self> {
        let mut bitext = Self::of_sources(inputs, skip_bad)?;
        bitext.detect_languages(None, false, printer)?;
        Ok(bitext)
    }

    /// Standard input, which is read more than once, is copied to a temporary file.
    fn of_sources(mut inputs: Vec<BitextInput>, skip_bad: bool) -> anyhow::Result<Self> {
        let mut copy = None;
        if let Some(first) = inputs.first_mut().filter(|input| input.path == Path::new("-")) {
            let file = SpooledFile::new(std::io::stdin().lock())?;
            first.path = file.path().to_owned();
            first.name = Some("standard input".to_owned());
            copy = Some(file);
        }
        Ok(Self {
            sources: inputs.into_iter().map(CorpusSource::new).collect(),
            src_lang: Language::Arabic,
            declared: None,
            skip_bad,
            _spool: copy,
        })
    }

    /// Sets the languages: those of `--src-lang`, or those that the first rows show. A source whose
    /// sides are the other way round is swapped. `needs_arabic` warns if there is no Arabic.
    fn detect_languages(
        &mut self,
        given: Option<Language>,
        needs_arabic: bool,
        printer: Printer,
    ) -> anyhow::Result<()> {
        let mut is_first = true;
        let mut empty: Option<Failure> = None;
        for at in 0..self.sources.len() {
            let source = self.sources[at].clone();
            let name = input_name(&source.input);
            let mut rows = BitextRows::chained(vec![source], self.skip_bad)?;
            let first = rows.by_ref().take(SCHEMA_ROWS).collect::<anyhow::Result<Vec<_>>>()?;
            if first.is_empty() {
                let failure = no_pairs(&name, &rows);
                if self.sources.len() > 1 {
                    printer.warn(&failure.reason(), "its other units and rows are not read");
                }
                empty.get_or_insert(failure);
                continue;
            }
            let (detected, arabic_share) = source_language(&first);
            if !is_first {
                self.sources[at].is_swapped = arabic_share > 0.5 && detected != self.src_lang;
                continue;
            }
            is_first = false;
            if let Some(given) = given
                && given != detected
                && arabic_share > 0.5
            {
                printer.warn(
                    &format!("--src-lang is {given}, but the source is in another script"),
                    "omit --src-lang, or check the columns",
                );
            }
            if needs_arabic && arabic_share < MIN_ARABIC {
                printer.warn(
                    &format!("{name}: neither side is in Arabic script"),
                    "check the languages and the columns; nasaq rates Arabic with English",
                );
            }
            self.src_lang = given.unwrap_or(detected);
            // The command line takes precedence over the file.
            self.declared = rows.languages().filter(|[src, _]| {
                given.is_none_or(|given| language_of_tag(src).is_none_or(|lang| lang == given))
            });
        }
        match empty {
            Some(failure) if is_first => Err(failure.into()),
            _ => Ok(()),
        }
    }

    /// Returns the length of the files in bytes and their XXH3 hash.
    pub(crate) fn hash(&self) -> anyhow::Result<(u64, u128)> {
        let (mut hash, mut bytes) = (Xxh3::new(), 0);
        let mut buffer = vec![0; 1 << 16];
        for source in &self.sources {
            let mut file = File::open(&source.input.path)?;
            loop {
                match file.read(&mut buffer)? {
                    0 => break,
                    read => {
                        hash.update(&buffer[..read]);
                        bytes += read as u64;
                    }
                }
            }
        }
        Ok((bytes, hash.digest128()))
    }

    /// Returns the name for messages.
    pub(crate) fn name(&self) -> String {
        match &self.sources[..] {
            [] => String::new(),
            [one] => input_name(&one.input),
            [first, others @ ..] => {
                format!("{} and {} more", input_name(&first.input), others.len())
            }
        }
    }

    /// Returns the names of the sources, for messages.
    pub(crate) fn source_names(&self) -> Vec<String> {
        self.sources.iter().map(|source| input_name(&source.input)).collect()
    }

    pub(crate) fn src_lang(&self) -> Language {
        self.src_lang
    }

    /// Returns the language tags for an output, source first: those that the file declares, with
    /// their regions, or otherwise those of the detected languages.
    pub(crate) fn languages(&self) -> [String; 2] {
        self.declared.clone().unwrap_or_else(|| language_tags(self.src_lang))
    }

    /// Reads units of XML with what an output of the same format copies. Several XLIFF documents
    /// have no common frame, so their pairs are written anew.
    pub(crate) fn copy_to(&mut self, format: Format) -> anyhow::Result<()> {
        let is_single = self.sources.len() == 1;
        for source in &mut self.sources {
            source.input.copies = match format {
                Format::Tmx => true,
                Format::Xliff => is_single,
                _ => false,
            } && source.open()?.format() == format;
        }
        Ok(())
    }

    /// Reports whether units of the input are copied.
    pub(crate) fn is_copied(&self) -> bool {
        self.sources.iter().any(|source| source.input.copies)
    }

    /// Returns the format of the first source.
    pub(crate) fn format(&self) -> anyhow::Result<Format> {
        Ok(self.open()?.format())
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

    /// Returns the schema for an output format: the columns of the files, or, if a file has none and
    /// the format needs them, the names that its first rows use.
    pub(crate) fn schema_for(&self, format: Format) -> anyhow::Result<BitextSchema> {
        let schema = self.open()?.schema();
        if self.sources.len() == 1 {
            if !format.has_columns() || !schema.columns.is_empty() {
                return Ok(schema);
            }
            let first = self.rows()?.take(SCHEMA_ROWS).collect::<anyhow::Result<Vec<_>>>()?;
            return Ok(schema.with_columns_of(&first));
        }
        let mut joined = BitextSchema::named("src".into(), "tgt".into());
        (joined.has_bom, joined.has_header) = (schema.has_bom, true);
        if !format.has_columns() {
            return Ok(joined);
        }
        // The columns of all files. Their texts may have other names.
        let mut first = Vec::new();
        for source in &self.sources {
            let schema = source.open()?.schema();
            let texts = [&schema.src_name, &schema.tgt_name];
            let others =
                schema.columns.iter().filter(|&name| !texts.contains(&&Some(name.clone())));
            let fields = others.map(|name| (name.clone(), FieldValue::Nothing));
            first.push(swapped_if(source.is_swapped, BitextRow::new("", "").with_fields(fields)));
            if schema.columns.is_empty() {
                let rows = BitextRows::chained(vec![source.clone()], self.skip_bad)?;
                for row in rows.take(SCHEMA_ROWS) {
                    first.push(row?);
                }
            }
        }
        Ok(joined.with_columns_of(&first))
    }

    /// Opens the first source at its first row.
    ///
    /// # Errors
    /// If a file cannot be read, or is another one or has other content than before.
    pub(crate) fn open(&self) -> nasaq_formats::Result<BitextReader> {
        self.sources[0].open()
    }

    /// Returns an iterator over the rows of all sources, from the first.
    pub(crate) fn rows(&self) -> anyhow::Result<BitextRows> {
        BitextRows::chained(self.sources.clone(), self.skip_bad)
    }
}

/// Returns the name of a bitext for messages.
fn input_name(input: &BitextInput) -> String {
    input.name.clone().unwrap_or_else(|| input.path.display().to_string())
}

/// Returns the failure of a bitext without pairs.
pub(crate) fn no_pairs(name: &str, rows: &BitextRows) -> Failure {
    let found = rows.reader.found_languages();
    if rows.skipped().untranslated > 0 && !found.is_empty() {
        let shown = found.iter().map(|tag| if tag.is_empty() { "none" } else { tag });
        let shown: Vec<&str> = shown.collect();
        return Failure::input(format!(
            "{name} has no pairs in these languages; its texts are in {}",
            shown.join(", ")
        ))
        .hint("select two of them with --src-lang and --tgt-lang; units need text in both");
    }
    let hint = match rows.skipped().untranslated {
        0 => "a table has its pairs after the header; a TMX needs texts in two languages",
        _ => "its units are not translated",
    };
    Failure::input(format!("the bitext has no pairs: {name}")).hint(hint)
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
    /// The languages of the first source.
    languages: Option<[String; 2]>,
    tails: Vec<BitextTail>,
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
            languages: None,
            tails: Vec::new(),
        }
    }

    fn chained(sources: Vec<CorpusSource>, skip_bad: bool) -> anyhow::Result<Self> {
        let mut next = sources.into_iter();
        let first = next.next().ok_or_else(|| Failure::usage("no bitext is named"))?;
        let is_swapped = first.is_swapped;
        Ok(Self { next, is_swapped, ..Self::new(first.open()?, skip_bad) })
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
        if self.source == 0 {
            self.languages = self.reader.languages();
        }
        self.reader = next.open()?.skipping_bad(self.skip_bad);
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
                    let row = row.map(|row| swapped_if(self.is_swapped, row));
                    return Some(row.map_err(anyhow::Error::from));
                }
                None => match self.open_next() {
                    Ok(true) => {}
                    Ok(false) => return None,
                    Err(error) => return Some(Err(error)),
                },
            }
        }
    }
}

/// Exchanges source and target of a row: the texts, the kind of the bead, and the fields that are
/// named after a side.
fn swapped_if(swap: bool, mut row: BitextRow) -> BitextRow {
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

/// Returns a count and its noun, as in `1 row` and `2 rows`.
pub(crate) fn count(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
