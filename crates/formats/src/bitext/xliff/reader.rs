//! The pairs of an XLIFF document: which of its files are read.

use std::collections::{BTreeSet, VecDeque};
use std::io::BufRead;
use std::sync::Arc;

use nasaq::Language;

use super::units::{ReadUnit, XliffReader};
use crate::bitext::entry::BitextSource;
use crate::bitext::language_tag::{is_language, language_of_tag};
use crate::bitext::verbatim::{
    BitextTail, PieceKind, Surroundings, SurroundingsBuilder, UnitKind, next_file,
};
use crate::bitext::{BitextInput, BitextRow};
use crate::error::{Error, Result};

/// How many units that are not Arabic and English are read before the languages are decided.
const MAX_UNDECIDED: usize = 10_000;
/// How many languages are remembered for messages.
const MAX_LANGUAGES: usize = 50;

/// The languages of a file.
type Langs = [Option<String>; 2];

/// Which files are read.
enum WantedFiles {
    /// Those in the requested languages.
    Requested,
    /// Those in Arabic and English.
    ArabicEnglish,
    /// Those in the only languages of the document.
    Only(Langs),
}

/// Reads the segments of a document as pairs.
pub(super) struct SegmentReader<R> {
    units: XliffReader<R>,
    requested: Langs,
    wanted: Option<WantedFiles>,
    /// Units that were read before the languages were decided, and errors in between with whether
    /// reading can continue after them.
    queue: VecDeque<Result<ReadUnit, (Error, bool)>>,
    is_copied: bool,
    file: u64,
    /// Units that are not read, for the copy.
    skipped: SurroundingsBuilder,
    has_skipped: bool,
    rows: VecDeque<BitextRow>,
    langs: Langs,
    found: BTreeSet<String>,
    can_resume: bool,
    untranslated: u64,
}

impl<R: BufRead> SegmentReader<R> {
    pub(super) fn new(stream: R, input: &BitextInput) -> Self {
        let file = next_file();
        let requested = input.languages.clone();
        let is_requested = requested != [None, None];
        Self {
            units: XliffReader::new(stream, file, input.copies),
            requested,
            wanted: is_requested.then_some(WantedFiles::Requested),
            queue: VecDeque::new(),
            is_copied: input.copies,
            file,
            skipped: SurroundingsBuilder::default(),
            has_skipped: false,
            rows: VecDeque::new(),
            langs: [None, None],
            found: BTreeSet::new(),
            can_resume: false,
            untranslated: 0,
        }
    }

    fn next_unit(&mut self) -> Result<Option<ReadUnit>> {
        match self.queue.pop_front() {
            Some(Ok(unit)) => Ok(Some(unit)),
            Some(Err((error, can_resume))) => {
                self.can_resume = can_resume;
                Err(error)
            }
            None => {
                let unit = self.units.next();
                self.can_resume = self.units.can_resume;
                unit
            }
        }
    }

    /// Decides which files to read. Reads on until a unit is Arabic and English; if none is, and all
    /// files have the same languages, these are the pair.
    fn decide(&mut self) -> WantedFiles {
        let mut found: Option<Langs> = None;
        let mut is_single = true;
        loop {
            let unit = match self.units.next() {
                Ok(Some(unit)) => unit,
                Ok(None) => break,
                Err(error) => {
                    let can_resume = self.units.can_resume;
                    self.queue.push_back(Err((error, can_resume)));
                    if can_resume {
                        continue;
                    }
                    break;
                }
            };
            let is_pair = is_arabic_english(&unit.langs);
            match &found {
                Some(known) => is_single &= *known == unit.langs,
                None => found = Some(unit.langs.clone()),
            }
            self.queue.push_back(Ok(unit));
            if is_pair {
                return WantedFiles::ArabicEnglish;
            }
            if self.queue.len() >= MAX_UNDECIDED {
                break;
            }
        }
        match found.filter(|_| is_single) {
            Some(langs) => WantedFiles::Only(langs),
            None => WantedFiles::ArabicEnglish,
        }
    }

    fn is_wanted(&self, langs: &Langs) -> bool {
        match &self.wanted {
            Some(WantedFiles::Only(known)) => known == langs,
            Some(WantedFiles::ArabicEnglish) => is_arabic_english(langs),
            _ => self.requested.iter().zip(langs).all(|(requested, lang)| match requested {
                Some(requested) => lang.as_ref().is_none_or(|lang| is_language(lang, requested)),
                None => true,
            }),
        }
    }

    /// Takes a unit: its rows, or nothing if it is not read.
    fn take(&mut self, unit: ReadUnit) -> Result<()> {
        for lang in unit.langs.iter().flatten() {
            if self.found.len() < MAX_LANGUAGES && !self.found.contains(lang) {
                self.found.insert(lang.clone());
            }
        }
        let ReadUnit { mut rows, untranslated, langs, source, before } = unit;
        self.untranslated += untranslated;
        if !self.is_wanted(&langs) {
            self.untranslated += rows.len() as u64;
            rows.clear();
        }
        if rows.is_empty() {
            if let Some(source) = source {
                self.skip(&before)?;
                self.skipped.push(PieceKind::Unit, source.xml)?;
            }
            return Ok(());
        }
        self.langs = langs;
        if let Some(mut source) = source {
            source.before = if self.has_skipped {
                self.skip(&before)?;
                self.has_skipped = false;
                self.skipped.finish()
            } else {
                before
            };
            let source = Arc::new(source);
            for row in &mut rows {
                row.origin.unit = Some(Arc::clone(&source));
            }
        }
        self.rows.extend(rows);
        Ok(())
    }

    fn skip(&mut self, around: &Surroundings) -> Result<()> {
        self.has_skipped = true;
        let mut result = Ok(());
        around.for_each(|kind, text| {
            if result.is_ok() {
                result = self.skipped.push(kind, text.to_owned());
            }
        })?;
        result
    }
}

impl<R: BufRead + Send> BitextSource for SegmentReader<R> {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        if self.wanted.is_none() {
            self.wanted = Some(self.decide());
        }
        while self.rows.is_empty() {
            match self.next_unit()? {
                Some(unit) => self.take(unit)?,
                None => return Ok(None),
            }
        }
        Ok(self.rows.pop_front())
    }

    fn languages(&self) -> Option<[String; 2]> {
        match &self.langs {
            [Some(src), Some(tgt)] => Some([src.clone(), tgt.clone()]),
            _ => None,
        }
    }

    fn found_languages(&self) -> Vec<String> {
        self.found.iter().cloned().collect()
    }

    fn untranslated(&self) -> u64 {
        self.untranslated
    }

    fn can_resume(&self) -> bool {
        self.can_resume
    }

    fn take_tail(&mut self) -> Result<Option<BitextTail>> {
        if !self.is_copied {
            return Ok(None);
        }
        let rest = self.units.take_rest()?;
        let rest = if self.has_skipped {
            self.skip(&rest)?;
            self.skipped.finish()
        } else {
            rest
        };
        Ok(Some(BitextTail { file: self.file, kind: UnitKind::Xliff1, rest }))
    }
}

/// Reports whether the languages of a file are Arabic and English, as far as they are known.
fn is_arabic_english(langs: &Langs) -> bool {
    let [src, tgt] = langs.each_ref().map(|lang| lang.as_deref().map(language_of_tag));
    match [src, tgt] {
        [Some(src), Some(tgt)] => {
            matches!(
                (src, tgt),
                (Some(Language::Arabic), Some(Language::English))
                    | (Some(Language::English), Some(Language::Arabic))
            )
        }
        [Some(known), None] | [None, Some(known)] => known.is_some(),
        [None, None] => true,
    }
}
