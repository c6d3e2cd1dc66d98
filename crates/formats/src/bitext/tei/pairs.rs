//! The pairs of one document of TEI: links, and the sentences between them.

use std::collections::{HashMap, HashSet};

use nasaq::BeadKind;

use super::super::language_tag::is_language;
use super::super::sentences::Sentence;
use super::super::xces::{joined, span};
use super::super::{BitextRow, FieldValue, MOVED, RawJson};
use crate::error::{Error, ErrorKind, Result};
use crate::remedy::FormatRemedy;

/// A document of TEI.
#[derive(Debug, Default)]
pub(super) struct TeiDocument {
    pub(super) title: String,
    pub(super) sentences: HashMap<String, Sentence>,
    pub(super) links: Vec<TeiLink>,
}

/// A link between sentences.
#[derive(Debug, Default)]
pub(super) struct TeiLink {
    pub(super) line: u64,
    /// The references of its attribute `target`.
    pub(super) target: String,
    pub(super) cert: Option<String>,
    pub(super) is_moved: bool,
}

/// The sentences of a link or of a null, by their positions on each side.
#[derive(Clone, Debug, Default)]
struct TeiPair<'d> {
    link: Option<&'d TeiLink>,
    sides: [Vec<usize>; 2],
}

/// The pairs of a document.
pub(super) struct TeiRows {
    pub(super) rows: Vec<Result<BitextRow>>,
    /// How many sentences are in a third language.
    pub(super) foreign: u64,
}

impl TeiDocument {
    /// Returns the pairs in the order of their links, and text without a link where it stands; for a
    /// link that is none, the error. Sets the languages to those that were found.
    pub(super) fn rows(
        &self,
        requested: &[Option<String>; 2],
        languages: &mut Option<[String; 2]>,
    ) -> Result<TeiRows> {
        let candidates = self.candidates();
        // A document after others may have no pair: nasaq writes it without a group of links.
        let is_unpaired = self.links.is_empty() && languages.is_some() && !candidates.is_empty();
        if candidates.is_empty() || self.links.is_empty() && !is_unpaired {
            let what = format!("the document {:?} has no links between its sentences", self.title);
            let remedy = "pairs are written <link target=\"#s1 #t1\"/>, for elements of the same file \
                          with xml:id and xml:lang";
            return Err(ErrorKind::Syntax { what, remedy: remedy.into() }.into());
        }
        let found = match languages {
            Some(found) if is_unpaired => found.clone(),
            _ => languages_of(&candidates, requested)?,
        };
        let mut foreign = 0;
        let mut sides: [Vec<&Sentence>; 2] = [Vec::new(), Vec::new()];
        let mut places: HashMap<&str, Option<(usize, usize)>> = HashMap::new();
        for (id, sentence) in candidates {
            let side = found.iter().position(|lang| is_language(&sentence.lang, lang));
            places.insert(id, side.map(|side| (side, sides[side].len())));
            match side {
                Some(side) => sides[side].push(sentence),
                None => foreign += 1,
            }
        }
        *languages = Some(found);
        let pairs: Vec<Result<TeiPair<'_>>> =
            self.links.iter().map(|link| linked(link, &places)).collect();
        let mut ends = [0; 2];
        let rows = with_nulls(pairs, sides.each_ref().map(Vec::len));
        let row = |pair: Result<TeiPair<'_>>| Ok(self.row(&pair?, &sides, &mut ends));
        Ok(TeiRows { rows: rows.into_iter().map(row).collect(), foreign })
    }

    /// Returns the elements that are linked, and others of the same names, in their order.
    fn candidates(&self) -> Vec<(&str, &Sentence)> {
        let ids = self.links.iter().flat_map(|link| link.target.split_whitespace());
        let linked = ids.filter_map(|id| self.sentences.get(id.strip_prefix('#')?));
        let mut names: HashSet<&str> = linked.map(|sentence| sentence.element.as_str()).collect();
        if self.links.is_empty() {
            names.insert("s");
        }
        let mut candidates: Vec<(&str, &Sentence)> =
            self.sentences.iter().map(|(id, sentence)| (id.as_str(), sentence)).collect();
        candidates.retain(|(_, sentence)| names.contains(&*sentence.element));
        candidates.sort_by_key(|(_, sentence)| sentence.index);
        candidates
    }

    fn row(&self, pair: &TeiPair<'_>, all: &[Vec<&Sentence>; 2], ends: &mut [u64; 2]) -> BitextRow {
        let mut row = BitextRow::default();
        let mut segment_ends = [const { Vec::new() }; 2];
        let sides = [0, 1].map(|side| {
            let sentences: Vec<&Sentence> =
                pair.sides[side].iter().map(|&index| all[side][index]).collect();
            let first = all[side].first().map_or(0, |sentence| sentence.index);
            let span = span(&sentences, ends[side] + first).map(|span| span.map(|at| at - first));
            ends[side] = span.map_or(ends[side], |span| span[1]);
            let text;
            (text, segment_ends[side]) = joined(&sentences);
            (text, span)
        });
        row.origin.segment_ends = Some(Box::new(segment_ends));
        let kind = BeadKind { src: pair.sides[0].len(), tgt: pair.sides[1].len() };
        row.fields.push(("doc".into(), FieldValue::Text(self.title.clone())));
        row.fields.push(("kind".into(), FieldValue::Text(kind.to_string())));
        for ((_, span), name) in sides.iter().zip(["src_segments", "tgt_segments"]) {
            row.fields.extend(span.map(|span| (name.into(), FieldValue::Span(span))));
        }
        if let Some(link) = pair.link {
            row.line = link.line;
            row.fields.extend(link.cert.clone().map(|cert| {
                // A number is a probability (P5, teidata.probCert); words are high, medium and low.
                let number = cert.parse().is_ok_and(|it: f64| (0.0..=1.0).contains(&it));
                match RawJson::new(cert.clone()).filter(|_| number) {
                    Some(json) => ("probability".into(), FieldValue::Json(json)),
                    None => ("cert".into(), FieldValue::Text(cert)),
                }
            }));
            if link.is_moved {
                row.fields.push((MOVED.into(), FieldValue::flag(true)));
            }
        }
        [row.src, row.tgt] = sides.map(|(text, _)| text);
        row
    }
}

/// Returns the languages of source and target: those that are requested, otherwise Arabic and
/// English, otherwise the two that the sentences have.
fn languages_of(
    sentences: &[(&str, &Sentence)],
    requested: &[Option<String>; 2],
) -> Result<[String; 2]> {
    let mut found: Vec<&str> = Vec::new();
    for (_, sentence) in sentences {
        if !found.contains(&&*sentence.lang) {
            found.push(&sentence.lang);
        }
    }
    let has = |lang: &str| found.iter().any(|found| is_language(found, lang));
    let [src, tgt] =
        [(0, "ar"), (1, "en")].map(|(side, default)| requested[side].as_deref().unwrap_or(default));
    if has(src) && has(tgt) {
        return Ok([src.to_owned(), tgt.to_owned()]);
    }
    match &found[..] {
        &[src, tgt]
            if requested.iter().all(Option::is_none) && !src.is_empty() && !tgt.is_empty() =>
        {
            Ok([src.to_owned(), tgt.to_owned()])
        }
        _ => {
            let named: Vec<&str> =
                found.iter().map(|lang| if lang.is_empty() { "none" } else { lang }).collect();
            let what = format!(
                "no pair of {src} and {tgt}: the languages (xml:lang) of the sentences are {}",
                named.join(", ")
            );
            Err(ErrorKind::Syntax {
                what,
                remedy: "choose the languages of source and target".into(),
            }
            .into())
        }
    }
}

/// Returns the sentences of a link. Those in a third language are omitted.
fn linked<'d>(
    link: &'d TeiLink,
    places: &HashMap<&str, Option<(usize, usize)>>,
) -> Result<TeiPair<'d>> {
    let mut pair = TeiPair { link: Some(link), ..TeiPair::default() };
    if link.target.trim().is_empty() {
        let what = "the link leads to nothing".to_owned();
        return Err(Error::syntax(link.line, what, FormatRemedy::SkipBadRows));
    }
    for target in link.target.split_whitespace() {
        let Some(id) = target.strip_prefix('#') else {
            let what = format!("the link {target:?} leads to another file");
            let remedy = "links are read between the sentences of one file";
            return Err(Error::syntax(link.line, what, remedy));
        };
        match places.get(id) {
            Some(Some((side, index))) => pair.sides[*side].push(*index),
            Some(None) => {}
            None => {
                let what = format!("the sentence {target:?} is not in the document");
                return Err(Error::syntax(link.line, what, FormatRemedy::SkipBadRows));
            }
        }
    }
    Ok(pair)
}

/// Adds text without a link: before the first link in order that is behind it.
fn with_nulls(pairs: Vec<Result<TeiPair<'_>>>, counts: [usize; 2]) -> Vec<Result<TeiPair<'_>>> {
    let mut unlinked = counts.map(|count| vec![true; count]);
    for pair in pairs.iter().flatten() {
        for (unlinked, side) in unlinked.iter_mut().zip(&pair.sides) {
            side.iter().for_each(|&index| unlinked[index] = false);
        }
    }
    let mut next = [0; 2];
    let mut nulls_before = |side: usize, end: usize, rows: &mut Vec<Result<TeiPair<'_>>>| {
        while next[side] < end {
            if unlinked[side][next[side]] {
                let mut null = TeiPair::default();
                null.sides[side].push(next[side]);
                rows.push(Ok(null));
            }
            next[side] += 1;
        }
    };
    let mut rows = Vec::with_capacity(pairs.len());
    for pair in pairs {
        if let Ok(TeiPair { link, sides }) = &pair {
            let first = |side: usize| sides[side].iter().copied().min().unwrap_or(0);
            nulls_before(0, first(0), &mut rows);
            if link.is_none_or(|link| !link.is_moved) {
                nulls_before(1, first(1), &mut rows);
            }
        }
        rows.push(pair);
    }
    nulls_before(0, counts[0], &mut rows);
    nulls_before(1, counts[1], &mut rows);
    rows
}
