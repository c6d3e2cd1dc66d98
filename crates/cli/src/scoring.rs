//! Rates the pairs of a bitext: what `nasaq score` and `nasaq filter` share.
//!
//! The first pass looks at lengths and fingerprints, the second rates blocks of pairs side by side
//! and gives them in order. Blocks are cut at the same rows whatever the number of threads.

use std::fs::File;
use std::io::{Read, Write};
use std::sync::Arc;

use nasaq::{Encoder, Language, Lexicon};
use nasaq_encoder::CnnEncoder;
use nasaq_formats::{
    BitextInput, BitextReader, BitextRow, BitextSchema, ErrorKind, FieldValue, Format, spool,
};
use nasaq_job::UserLexicon;
use nasaq_quality::{
    CorpusBuilder, CorpusProfile, Forbidden, Observation, Pair, PairQuality, QUALITY_BLOCK,
    QualityScorer,
};
use nasaq_text::ScriptCounts;
use rayon::prelude::*;
use tempfile::NamedTempFile;
use xxhash_rust::xxh3::Xxh3;

use crate::failure::Failure;
use crate::formats::columns;
use crate::plan::score::{BitextPlan, RatingPlan};
use crate::printer::Printer;

pub(crate) mod columns;

/// Blocks that are read before they are rated side by side. Nothing in the results depends on it.
const BLOCKS: usize = 16;
/// Rows that are looked at to see which side is Arabic.
const FIRST_ROWS: usize = 200;

/// A bitext that can be read more than once.
pub(crate) struct Bitext {
    source: BitextInput,
    src_lang: Language,
    /// What the file calls its languages.
    declared: Option<[String; 2]>,
    skip_bad: bool,
    /// Standard input, copied.
    _spool: Option<NamedTempFile>,
}

/// Rows that could not be used.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Skipped {
    /// They did not follow the format.
    pub(crate) bad: u64,
    /// Units without one of the languages.
    pub(crate) passed_over: u64,
    /// Units with texts beside the pair.
    pub(crate) left_out: u64,
}

impl Skipped {
    /// Says what was left out.
    pub(crate) fn tell(self, printer: Printer) {
        if self.bad > 0 {
            let text = format!("{} rows did not follow the format and were left out", self.bad);
            printer.warn(&text, "run without --skip-bad to see the first one");
        }
        if self.passed_over > 0 {
            let text = format!(
                "{} units have no text in one of the languages and were left out",
                self.passed_over
            );
            printer
                .warn(&text, "check the languages of the units, and whether they are translated");
        }
        if self.left_out > 0 {
            let text =
                format!("{} units have further languages or plural forms, left out", self.left_out);
            printer.warn(&text, "docs/bitexts.md tells which text is taken");
        }
    }
}

impl Bitext {
    /// Opens the bitext and sees which side is Arabic.
    pub(crate) fn new(plan: &BitextPlan, printer: Printer) -> anyhow::Result<Self> {
        let mut source = plan.source.clone();
        let mut copy = None;
        if plan.is_stdin() {
            let file = spool(std::io::stdin().lock())?;
            source.path = file.path().to_owned();
            source.name = Some("standard input".to_owned());
            copy = Some(file);
        }
        let mut bitext = Self {
            source,
            src_lang: Language::Arabic,
            declared: None,
            skip_bad: plan.skip_bad,
            _spool: copy,
        };
        bitext.see_languages(plan.src_lang, printer)?;
        Ok(bitext)
    }

    /// Gives the length of the file in bytes and its XXH3 hash.
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

    /// Gives what messages call the bitext.
    pub(crate) fn name(&self) -> String {
        self.source.name.clone().unwrap_or_else(|| self.source.path.display().to_string())
    }

    pub(crate) fn src_lang(&self) -> Language {
        self.src_lang
    }

    /// Gives the tags of both languages for an output: as the file has them, with their regions, and
    /// otherwise as the text shows.
    pub(crate) fn languages(&self) -> [String; 2] {
        self.declared.clone().unwrap_or_else(|| match self.src_lang {
            Language::Arabic => ["ar", "en"].map(str::to_owned),
            Language::English => ["en", "ar"].map(str::to_owned),
        })
    }

    /// Gives the columns of a bitext for a format: those of the file, or where the file has none
    /// and the format wants them, the names beside its first pairs.
    pub(crate) fn schema_for(&self, format: Format) -> anyhow::Result<BitextSchema> {
        let schema = self.open()?.schema();
        if !format.has_columns() || !schema.columns.is_empty() {
            return Ok(schema);
        }
        let first = Rows::new(self)?.chunk(FIRST_ROWS)?;
        Ok(columns(schema, &first))
    }

    pub(crate) fn open(&self) -> nasaq_formats::Result<BitextReader> {
        self.source.open()
    }

    /// Sees the languages: as given, or as the first rows show. A bitext without a row is refused,
    /// before anything is written.
    fn see_languages(&mut self, given: Option<Language>, printer: Printer) -> anyhow::Result<()> {
        let mut rows = Rows::new(self)?;
        let first = rows.chunk(FIRST_ROWS)?;
        refuse_nothing(first.len())?;
        let (seen, share) = source_language(&first);
        if let Some(given) = given
            && given != seen
            && share > 0.5
        {
            printer.warn(
                &format!("the source is said to be {given}, and its script is not"),
                "leave --src-lang out, or check the columns",
            );
        }
        self.src_lang = given.unwrap_or(seen);
        // What was said on the command line is not taken back by the file.
        self.declared = rows.reader.languages().filter(|[src, _]| {
            given.is_none_or(|given| src.parse().is_ok_and(|lang: Language| lang == given))
        });
        Ok(())
    }
}

/// Gives the language of the source as the rows show it, and the share of Arabic letters in the side
/// that has more of them.
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

fn refuse_nothing(pairs: usize) -> Result<(), Failure> {
    if pairs > 0 {
        return Ok(());
    }
    Err(Failure::input("the bitext has no pair")
        .hint("a table has its pairs after the header; a TMX needs texts in ar and en"))
}

/// Reads rows, leaving out bad ones where that is wanted.
pub(crate) struct Rows {
    reader: BitextReader,
    skip_bad: bool,
    pub(crate) skipped: Skipped,
}

impl Rows {
    pub(crate) fn new(bitext: &Bitext) -> anyhow::Result<Self> {
        let reader = bitext.open()?;
        Ok(Self { reader, skip_bad: bitext.skip_bad, skipped: Skipped::default() })
    }

    pub(crate) fn next(&mut self) -> anyhow::Result<Option<BitextRow>> {
        loop {
            match self.reader.next_row() {
                Ok(row) => {
                    self.skipped.passed_over = self.reader.skipped_units();
                    self.skipped.left_out = self.reader.partial_units();
                    return Ok(row);
                }
                Err(error)
                    if self.skip_bad
                        && self.reader.can_resume()
                        && matches!(error.kind(), ErrorKind::Syntax { .. }) =>
                {
                    self.skipped.bad += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn chunk(&mut self, most: usize) -> anyhow::Result<Vec<BitextRow>> {
        let mut rows = Vec::new();
        while rows.len() < most {
            let Some(row) = self.next()? else { break };
            rows.push(row);
        }
        Ok(rows)
    }
}

/// Gives a row as a pair, Arabic first.
fn pair(row: &BitextRow, src_lang: Language) -> Pair<'_> {
    let kind = row.get("kind").and_then(|kind| kind.to_string().parse().ok());
    match src_lang {
        Language::Arabic => Pair { arabic: &row.src, english: &row.tgt, kind },
        Language::English => Pair {
            arabic: &row.tgt,
            english: &row.src,
            kind: kind.map(|kind| nasaq::BeadKind { src: kind.tgt, tgt: kind.src }),
        },
    }
}

/// A row that was rated.
pub(crate) struct RatedRow {
    pub(crate) row: BitextRow,
    pub(crate) quality: PairQuality,
    /// Where a test set was given: whether it has one of the texts.
    pub(crate) overlap: Option<bool>,
}

/// Rates a bitext.
pub(crate) struct Rating<'e> {
    pub(crate) scorer: QualityScorer<'e>,
    profile: CorpusProfile,
    forbidden: Option<Forbidden>,
}

/// Gives the encoder, where one is wanted.
pub(crate) fn encoder(plan: &RatingPlan) -> anyhow::Result<Option<CnnEncoder>> {
    let load = || CnnEncoder::builtin_in(plan.precision);
    let encoder = plan.with_encoder.then(load).transpose()?;
    Ok(encoder.map(|encoder| encoder.with_kernel(plan.kernel)))
}

impl<'e> Rating<'e> {
    /// Reads what there is to know before pairs are rated: the first pass.
    pub(crate) fn new(
        plan: &RatingPlan,
        bitext: &Bitext,
        encoder: Option<&'e CnnEncoder>,
    ) -> anyhow::Result<Self> {
        let encoder = encoder.map(|encoder| encoder as &dyn Encoder);
        let lexicon = if plan.lexicons.is_empty() {
            Lexicon::builtin()
        } else {
            UserLexicon::add_to_builtin(&plan.lexicons)
        };
        let mut scorer = QualityScorer::new(lexicon, encoder).with_kernel(plan.kernel);
        if let Some(model) = &plan.model {
            scorer = scorer.with_model(model.clone());
        }
        let mut forbidden = None;
        for path in &plan.test_sets {
            let texts = forbidden.get_or_insert_with(Forbidden::default);
            for row in BitextInput::file(path).open()? {
                let row = row?;
                texts.add(&row.src);
                texts.add(&row.tgt);
            }
        }
        let profile = profile(plan, bitext)?;
        Ok(Self { scorer, profile, forbidden })
    }

    /// Rates every row, in order: the second pass.
    pub(crate) fn each(
        &self,
        bitext: &Bitext,
        mut each: impl FnMut(u64, RatedRow) -> anyhow::Result<()>,
    ) -> anyhow::Result<Skipped> {
        let mut rows = Rows::new(bitext)?;
        let mut first = 0;
        loop {
            let chunk = rows.chunk(BLOCKS * QUALITY_BLOCK)?;
            if chunk.is_empty() {
                return Ok(rows.skipped);
            }
            let pairs: Vec<Pair<'_>> = chunk.iter().map(|row| pair(row, bitext.src_lang)).collect();
            let rated: Vec<Vec<PairQuality>> = pairs
                .par_chunks(QUALITY_BLOCK)
                .enumerate()
                .map(|(block, pairs)| {
                    self.scorer.score(pairs, first + block * QUALITY_BLOCK, &self.profile)
                })
                .collect::<nasaq_quality::Result<_>>()?;
            let overlaps: Vec<Option<bool>> = pairs
                .par_iter()
                .map(|pair| self.forbidden.as_ref().map(|forbidden| forbidden.has(pair)))
                .collect();
            let rated = rated.into_iter().flatten().zip(overlaps);
            for (row, (quality, overlap)) in chunk.into_iter().zip(rated) {
                each(first as u64, RatedRow { row, quality, overlap })?;
                first += 1;
            }
        }
    }
}

/// Looks through the corpus, as far as that is needed.
fn profile(plan: &RatingPlan, bitext: &Bitext) -> anyhow::Result<CorpusProfile> {
    if !plan.needs_two_passes() {
        return Ok(CorpusProfile::of_lengths(plan.profile.clone().unwrap_or_default()));
    }
    let look = if plan.with_duplicates { Observation::new } else { Observation::of_lengths };
    let mut builder = CorpusBuilder::new(plan.with_duplicates);
    let mut rows = Rows::new(bitext)?;
    loop {
        let chunk = rows.chunk(BLOCKS * QUALITY_BLOCK)?;
        if chunk.is_empty() {
            break;
        }
        let seen: Vec<Observation> =
            chunk.par_iter().map(|row| look(&pair(row, bitext.src_lang))).collect();
        for observation in &seen {
            builder.add(observation);
        }
    }
    let mut profile = builder.build();
    if let Some(target) = &plan.write_profile {
        let mut out = target.open()?;
        let text =
            toml::to_string(&profile.lengths).map_err(|error| Failure::input(error.to_string()))?;
        out.write_all(text.as_bytes())?;
        out.commit()?;
    }
    if let Some(lengths) = &plan.profile {
        profile.lengths = lengths.clone();
    }
    Ok(profile)
}

/// A name of a column, made once.
pub(crate) type Name = Arc<str>;

/// Sets a value where there is one.
pub(crate) fn number(value: Option<f32>, decimals: usize) -> FieldValue {
    value.map_or(FieldValue::Nothing, |value| FieldValue::Number(f64::from(value), decimals))
}
