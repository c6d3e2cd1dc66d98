//! The pairs of a translation memory: which two variants of a unit are taken.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use super::PREFIX;
use super::selection::{selected_variants, with_srclang};
use super::units::{ReadUnit, TmxReader, UnitSource};
use crate::bitext::entry::BitextSource;
use crate::bitext::language_tag::{is_language, language_rank};
use crate::bitext::lines::TextStream;
use crate::bitext::verbatim::{
    BitextTail, OwnProperty, PieceKind, RowOrigin, SourceUnit, SurroundingsBuilder, UnitKind,
    next_file,
};
use crate::bitext::{BitextInput, BitextRow, FieldValue, field_name, typed};
use crate::error::{Error, Result};
use crate::xml::XmlReader;

/// How many units without Arabic and English are read before the languages are decided.
const MAX_UNDECIDED: usize = 10_000;
/// How many bytes these units may have.
const MAX_UNDECIDED_LEN: usize = 1 << 24;
/// How many languages are remembered for messages.
const MAX_LANGUAGES: usize = 50;

/// Reads pairs.
pub(crate) struct UnitReader {
    memory: TmxReader<TextStream>,
    /// The languages to look for, once they are decided.
    wanted: Option<[String; 2]>,
    /// The requested languages.
    requested: [Option<String>; 2],
    /// Units that were read before the languages were decided, and errors in between with whether
    /// reading can continue after them.
    queue: VecDeque<Result<ReadUnit, (Error, bool)>>,
    is_copied: bool,
    /// Whether units are reduced to the requested languages.
    selects: bool,
    file: u64,
    before: SurroundingsBuilder,
    can_resume: bool,
    /// The languages that occur.
    found: BTreeSet<String>,
    /// The languages of the last pair, as the file has them.
    languages: Option<[String; 2]>,
    /// Units without one of the languages.
    untranslated: u64,
    /// Units with more texts than the pair.
    with_more_texts: u64,
}

impl UnitReader {
    pub(super) fn new(stream: TextStream, input: &BitextInput) -> Self {
        let is_copied = input.copies;
        let memory = TmxReader::new(XmlReader::from_stream(stream)).copying(is_copied);
        Self {
            memory,
            wanted: None,
            requested: input.languages.clone(),
            queue: VecDeque::new(),
            is_copied,
            selects: input.selects_languages && input.languages != [None, None],
            file: next_file(),
            before: SurroundingsBuilder::default(),
            can_resume: false,
            found: BTreeSet::new(),
            languages: None,
            untranslated: 0,
            with_more_texts: 0,
        }
    }

    /// Returns the next unit: of those that were read already, or of the file.
    fn next_unit(&mut self) -> Result<Option<ReadUnit>> {
        match self.queue.pop_front() {
            Some(Ok(unit)) => Ok(Some(unit)),
            Some(Err((error, can_resume))) => {
                self.can_resume = can_resume;
                Err(error)
            }
            None => {
                let unit = self.memory.next();
                self.can_resume = self.memory.can_resume;
                unit
            }
        }
    }

    /// Decides which languages to look for. Reads on until a unit has Arabic and English; if none
    /// has, and the file has two languages, these are the pair.
    fn decide(&mut self) {
        if self.requested != [None, None] {
            self.wanted = Some(requested_pair(&self.requested));
            return;
        }
        let mut found: Vec<String> = Vec::new();
        let mut len = 0;
        let is_default = loop {
            let unit = match self.memory.next() {
                Ok(Some(unit)) => unit,
                Ok(None) => break false,
                Err(error) => {
                    let can_resume = self.memory.can_resume;
                    self.queue.push_back(Err((error, can_resume)));
                    if can_resume {
                        continue;
                    }
                    break true;
                }
            };
            let variants = &unit.unit.variants;
            let has = |lang: &str| variants.iter().any(|variant| is_language(&variant.lang, lang));
            let is_pair = has("ar") && has("en");
            for variant in variants {
                let tag = variant.lang.trim();
                if found.len() < 3 && !found.iter().any(|known| known.eq_ignore_ascii_case(tag)) {
                    found.push(tag.to_owned());
                }
                len += variant.text.len();
            }
            len += unit.source.as_ref().map_or(0, |source| source.xml.len());
            self.queue.push_back(Ok(unit));
            if is_pair || found.len() > 2 && self.queue.len() >= MAX_UNDECIDED {
                break true;
            }
            if self.queue.len() >= MAX_UNDECIDED || len > MAX_UNDECIDED_LEN {
                break false;
            }
        };
        let srclang = self.memory.srclang.as_deref().unwrap_or_default();
        self.wanted = Some(match &found[..] {
            [a, b] if !is_default => match language_rank(srclang, b) {
                Some(_) => [b.clone(), a.clone()],
                None => [a.clone(), b.clone()],
            },
            _ if is_language(srclang, "en") => ["en".to_owned(), "ar".to_owned()],
            _ => ["ar".to_owned(), "en".to_owned()],
        });
    }

    /// Converts a unit to a row; `None` if it lacks one of the languages.
    fn row(&mut self, read: ReadUnit) -> Result<Option<BitextRow>> {
        for variant in &read.unit.variants {
            let tag = variant.lang.trim();
            if !self.found.contains(tag) && self.found.len() < MAX_LANGUAGES {
                self.found.insert(tag.to_owned());
            }
        }
        let found = self.wanted.as_ref().and_then(|[src, tgt]| {
            let src = best_variant(&read, src, None)?;
            Some([src, best_variant(&read, tgt, Some(src))?])
        });
        let ReadUnit { mut unit, line, details, date, source, codes } = read;
        let Some(pair) = found else {
            self.untranslated += 1;
            if let Some(source) = source {
                self.take_before(source.before)?;
                if !self.selects {
                    self.before.push(PieceKind::Unit, source.xml)?;
                }
            }
            return Ok(None);
        };
        self.with_more_texts += u64::from(unit.variants.len() > 2);
        let details = details || unit.variants.len() > 2;
        let mut origin = RowOrigin { details, date, ..RowOrigin::default() };
        origin.codes = pair.iter().any(|index| codes.get(*index) == Some(&true));
        if let Some(source) = source {
            origin.unit = Some(Arc::new(self.source_unit(source, &unit.props, pair)?));
        }
        let [src, tgt] = pair.map(|index| std::mem::take(&mut unit.variants[index]));
        let mut fields: Vec<(Arc<str>, FieldValue)> = Vec::new();
        if let Some(id) = unit.id {
            fields.push(("tuid".into(), FieldValue::Text(id)));
        }
        for (name, value) in unit.props {
            let own = name.strip_prefix(PREFIX);
            let value = match own {
                Some(own) => typed(own, value),
                None => Some(FieldValue::Text(value)),
            };
            if let Some(value) = value {
                fields.push((field_name(own.unwrap_or(&name), &value).into(), value));
            }
        }
        self.languages = Some([src.lang, tgt.lang]);
        let mut row = BitextRow::new(src.text, tgt.text).with_fields(fields);
        (row.line, row.origin) = (line, origin);
        Ok(Some(row))
    }

    fn take_before(&mut self, pieces: Vec<(PieceKind, String)>) -> Result<()> {
        for (kind, text) in pieces {
            let text = match (kind, &self.requested[0]) {
                (PieceKind::Head, Some(src)) if self.selects => with_srclang(text, src),
                _ => text,
            };
            self.before.push(kind, text)?;
        }
        Ok(())
    }

    fn source_unit(
        &mut self,
        source: UnitSource,
        props: &[(String, String)],
        pair: [usize; 2],
    ) -> Result<SourceUnit> {
        self.take_before(source.before)?;
        let own = props.iter().zip(&source.props).filter_map(|((name, value), range)| {
            let name = name.strip_prefix(PREFIX)?.to_owned();
            Some(OwnProperty { part: 0, name, value: value.clone(), range: range.clone() })
        });
        let properties = own.collect();
        let first = source.variants.first().map_or(0, |range| range.start);
        let xml = if self.selects {
            selected_variants(&source.xml, &source.variants, pair, &self.requested)
        } else {
            source.xml
        };
        Ok(SourceUnit {
            file: self.file,
            kind: UnitKind::Tmx,
            xml,
            before: self.before.finish(),
            parts: vec![Vec::new()],
            is_removable: true,
            insert: first,
            metadata_prefix: None,
            properties,
            groups: Vec::new(),
            prefix: source.prefix,
        })
    }
}

impl BitextSource for UnitReader {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        if self.wanted.is_none() {
            self.decide();
        }
        while let Some(unit) = self.next_unit()? {
            if let Some(row) = self.row(unit)? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    fn languages(&self) -> Option<[String; 2]> {
        self.languages.clone()
    }

    fn found_languages(&self) -> Vec<String> {
        self.found.iter().cloned().collect()
    }

    fn untranslated(&self) -> u64 {
        self.untranslated
    }

    fn with_more_texts(&self) -> u64 {
        self.with_more_texts
    }

    fn can_resume(&self) -> bool {
        self.can_resume
    }

    fn take_tail(&mut self) -> Result<Option<BitextTail>> {
        if !self.is_copied {
            return Ok(None);
        }
        let rest = self.memory.take_rest();
        self.take_before(rest)?;
        let rest = self.before.finish();
        Ok(Some(BitextTail { file: self.file, kind: UnitKind::Tmx, rest }))
    }
}

/// Returns the variant that is closest to a language, the first of several, but not `other`.
fn best_variant(read: &ReadUnit, lang: &str, other: Option<usize>) -> Option<usize> {
    let variants = read.unit.variants.iter().enumerate();
    let rank = |tag: &str| {
        language_rank(tag, lang).or_else(|| {
            // A language of the file that is no known tag, such as an empty one.
            tag.trim().eq_ignore_ascii_case(lang).then_some(0)
        })
    };
    variants
        .filter(|(index, _)| Some(*index) != other)
        .filter_map(|(index, variant)| Some((rank(&variant.lang)?, index)))
        .min()
        .map(|(_, index)| index)
}

/// Returns the languages to look for if at least one is requested; the other is Arabic or English.
fn requested_pair(requested: &[Option<String>; 2]) -> [String; 2] {
    let other = |lang: &str| if is_language(lang, "ar") { "en" } else { "ar" }.to_owned();
    match requested {
        [Some(src), Some(tgt)] => [src.clone(), tgt.clone()],
        [Some(src), None] => [src.clone(), other(src)],
        [None, Some(tgt)] => [other(tgt), tgt.clone()],
        [None, None] => ["ar".to_owned(), "en".to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(text: &'static str, requested: [Option<&str>; 2]) -> UnitReader {
        let requested = requested.map(|lang| lang.map(str::to_owned));
        let input = BitextInput::file("a.tmx").with_languages(requested);
        UnitReader::new(Box::new(text.as_bytes()), &input)
    }

    fn texts(reader: &mut UnitReader) -> Vec<[String; 2]> {
        let mut texts = Vec::new();
        while let Some(row) = reader.next_row().expect("TMX") {
            texts.push([row.src, row.tgt]);
        }
        texts
    }

    macro_rules! memory {
        ($srclang:literal: $($($lang:literal = $text:literal),+);+) => {
            concat!(
                "<tmx><header srclang='", $srclang, "'/><body>",
                $("<tu>", $("<tuv xml:lang='", $lang, "'><seg>", $text, "</seg></tuv>",)+ "</tu>",)+
                "</body></tmx>"
            )
        };
    }

    #[test]
    fn arabic_and_english_are_found_as_they_are_written() {
        for file in [
            memory!("en": "eng" = "a", "ara" = "ب"),
            memory!("en": "arb" = "ب", "EN-US" = "a"),
            memory!("English": "English" = "a", "Arabic" = "ب"),
            memory!("en-GB": "arz" = "ب", "en-GB" = "a"),
            memory!("en": "en" = "a", "de" = "c", "apc" = "ب"),
            memory!("en": "arz" = "د", "ar" = "ب", "en" = "a"),
        ] {
            assert_eq!(texts(&mut reader(file, [None, None])), [["a", "ب"]], "{file}");
        }
    }

    #[test]
    fn the_two_languages_of_a_file_are_its_pair() {
        let file = memory!("fr": "de" = "a", "fr" = "b"; "fr" = "c", "de" = "d");
        let mut two = reader(file, [None, None]);
        assert_eq!(texts(&mut two), [["b", "a"], ["c", "d"]]);
        assert_eq!(two.found_languages(), ["de", "fr"]);
        let mut three =
            reader(memory!("fr": "de" = "a", "fr" = "b"; "it" = "c", "de" = "d"), [None, None]);
        assert!(texts(&mut three).is_empty());
        assert_eq!((three.found_languages().len(), three.untranslated), (3, 2));
        // As soon as a unit is Arabic and English, this is the pair.
        let mut mixed =
            reader(memory!("en": "de" = "a", "en" = "b"; "ar" = "ج", "en" = "d"), [None, None]);
        assert_eq!(texts(&mut mixed), [["d", "ج"]]);
        assert_eq!(mixed.untranslated, 1);
    }

    #[test]
    fn requested_languages_are_used() {
        let file = memory!("en": "en-GB" = "a", "fr" = "b", "ara" = "ج");
        for (src, tgt, expected) in [
            (None, None, ["a", "ج"]),
            (Some("ar"), None, ["ج", "a"]),
            (Some("en-GB"), None, ["a", "ج"]),
            (Some("fr"), Some("en"), ["b", "a"]),
            (None, Some("fr"), ["ج", "b"]),
        ] {
            assert_eq!(texts(&mut reader(file, [src, tgt])), [expected], "{src:?} {tgt:?}");
        }
    }
}
