//! Bitexts as input: files, or standard input, that are read as many times as a command needs.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use nasaq::{BeadKind, Language};
use nasaq_formats::{
    BitextInput, BitextReader, BitextRow, BitextSchema, ErrorKind, FieldValue, FileStamp, Format,
    OutputTarget, ReadCounter, ReadNote, SCHEMA_ROWS, SpooledFile, is_stream, language_of_tag,
};
use nasaq_quality::SentencePair;
use nasaq_text::ScriptCounts;
use xxhash_rust::xxh3::Xxh3;

use crate::failure::Failure;
use crate::plan::BitextPlan;
use crate::printer::Printer;
use crate::progress::{ReadingBar, length_of};

mod rows;

pub(crate) use rows::{BitextRows, warn_of_counts, warn_of_skipped};
use rows::{swapped_if, warn_of_verdicts};

/// The share of Arabic letters below which no side is taken for Arabic.
const MIN_ARABIC: f32 = 0.02;

/// A bitext that can be read more than once: one file, or several one after the other.
pub(crate) struct CorpusInput {
    sources: Vec<CorpusSource>,
    src_lang: Language,
    /// The language tags that the file declares, source first.
    declared: Option<[String; 2]>,
    skip_bad: bool,
    printer: Printer,
    /// Copies of standard input and of pipes, which must outlive the sources that read them.
    _copies: Vec<SpooledFile>,
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
        self.open_counted(&ReadCounter::default())
    }

    /// Opens the bitext as [`CorpusSource::open`] does, and counts the bytes that are read.
    fn open_counted(&self, counter: &ReadCounter) -> nasaq_formats::Result<BitextReader> {
        let now = file_stamps(&self.input);
        let changed = self.paths().zip(self.stamps.iter().zip(now)).find(|(_, (a, b))| *a != b);
        match changed {
            Some((path, _)) => Err(nasaq_formats::Error::from(ErrorKind::Changed).at_path(path)),
            None => self.input.open_counted(counter),
        }
    }

    fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        std::iter::once(&self.input.path).chain(&self.input.more)
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
        plan.skipped.iter().for_each(|skipped| skipped.warn(printer));
        let mut bitext = Self::of_sources(plan.sources.clone(), plan.skip_bad, printer)?;
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
        let mut bitext = Self::of_sources(inputs, skip_bad, printer)?;
        bitext.detect_languages(None, false, printer)?;
        Ok(bitext)
    }

    /// Standard input and pipes, which are read more than once, are copied to temporary files.
    fn of_sources(
        mut inputs: Vec<BitextInput>,
        skip_bad: bool,
        printer: Printer,
    ) -> anyhow::Result<Self> {
        let mut copies = Vec::new();
        for input in &mut inputs {
            copies.append(&mut spool(input)?);
        }
        Ok(Self {
            sources: inputs.into_iter().map(CorpusSource::new).collect(),
            src_lang: Language::Arabic,
            declared: None,
            skip_bad,
            printer,
            _copies: copies,
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
        let mut empty: Vec<Failure> = Vec::new();
        for at in 0..self.sources.len() {
            let source = self.sources[at].clone();
            let name = input_name(&source.input);
            let mut rows = BitextRows::chained(vec![source], self.skip_bad)?;
            let first = rows.by_ref().take(SCHEMA_ROWS).collect::<anyhow::Result<Vec<_>>>()?;
            print_notes(&rows.reader, "--src-column and --tgt-column", printer);
            if first.is_empty() {
                let failure = no_pairs(&name, &rows);
                empty.push(failure);
                continue;
            }
            let (detected, arabic_share) = source_language(&first);
            if needs_arabic {
                warn_of_verdicts(&name, &first, printer);
            }
            if let Some(languages) = rows.languages() {
                warn_of_labels(&name, &languages, &first, printer);
                warn_of_others(&name, &languages, needs_arabic, printer);
            }
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
        if is_first && let Some(failure) = empty.pop() {
            return Err(failure.into());
        }
        for failure in empty {
            printer.warn(&failure.reason(), "check the file, or omit it");
        }
        Ok(())
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

    /// Returns an iterator over the rows, with a bar that is named after `what` is done with them. There
    /// is no bar if the rows are printed on a terminal.
    pub(crate) fn rows_with_bar(
        &self,
        what: &'static str,
        output: Option<&OutputTarget>,
    ) -> anyhow::Result<BitextRows> {
        let mut rows = self.rows()?;
        let is_printed = output.is_some_and(OutputTarget::is_stdout) && io::stdout().is_terminal();
        if !is_printed {
            let paths = self.sources.iter().flat_map(CorpusSource::paths).map(PathBuf::as_path);
            rows.bar = ReadingBar::new(self.printer, what, rows.counter(), length_of(paths));
        }
        Ok(rows)
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
            // Not beside the copy.
            source.folder = Some(".".into());
            name.get_or_insert(shown);
        }
        copies.push(copy);
    }
    if source.more.is_empty() && !copies.is_empty() {
        source.format = source.format.or(by_name);
    }
    Ok(copies)
}

/// Warns of a file that labels its Arabic texts as English and the others as Arabic.
pub(crate) fn warn_of_labels(
    name: &str,
    [src, tgt]: &[String; 2],
    rows: &[BitextRow],
    printer: Printer,
) {
    let (detected, arabic_share) = source_language(rows);
    let is_other = |tag: &str, language| language_of_tag(tag).is_some_and(|it| it != language);
    if arabic_share > 0.5 && is_other(src, detected) && language_of_tag(tgt) == Some(detected) {
        printer.warn(
            &format!("{name}: the texts that are labelled {src} and {tgt} are in the other script"),
            "check the languages of the units: the labels may be exchanged",
        );
    }
}

/// Warns of a file with texts in a language that is not rated.
fn warn_of_others(name: &str, languages: &[String; 2], needs_arabic: bool, printer: Printer) {
    let is_other = |tag: &&String| !tag.is_empty() && language_of_tag(tag).is_none();
    if needs_arabic && let Some(other) = languages.iter().find(is_other) {
        printer.warn(
            &format!("{name}: texts are labelled {other}, and are rated as Arabic or English"),
            "check the languages; nasaq rates Arabic with English",
        );
    }
}

/// Prints what a reader has decided by itself; `columns` are the options that choose columns.
pub(crate) fn print_notes(reader: &BitextReader, columns: &str, printer: Printer) {
    for note in reader.notes() {
        let way_out = match note {
            ReadNote::Columns { .. } | ReadNote::OtherColumns(_) | ReadNote::Mislabelled(_) => {
                format!("; choose others with {columns}")
            }
            ReadNote::Encoding(_) | ReadNote::WrongDeclaration(_) => {
                "; set another with --encoding".to_owned()
            }
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

/// Returns a count and its noun, as in `1 row` and `2 rows`.
pub(crate) fn count(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
