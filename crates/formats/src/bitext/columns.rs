//! Which columns of a table, members of an object or columns of a Parquet file hold the texts: the
//! ones that the caller names, those with usual names, those whose names tell it in another
//! spelling, or those that hold Arabic and other text.

use std::borrow::Cow;
use std::collections::HashSet;

use nasaq_text::ScriptCounts;

use super::column_names::{TextRole, role};
use super::language_tag::language_of_tag;
use super::note::ReadNote;

/// The usual names of a source and a target, in the order in which they are searched.
const USUAL: [[&str; 2]; 6] = [
    ["src", "tgt"],
    ["source", "target"],
    ["ar", "en"],
    ["arabic", "english"],
    ["src_text", "tgt_text"],
    ["source_text", "target_text"],
];

/// The share of the cells of a column that must be of one kind for it to be a column of that kind.
const MIN_SHARE: f64 = 0.8;
/// A column is the text if no other of its script has more than this share of its letters.
const MAX_RIVAL: f64 = 0.5;

/// How the columns of the texts were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    /// The caller named them, or they have the usual names, or there are no others.
    Plain,
    /// Their names tell it, in another spelling.
    Names,
    /// The cells tell it.
    Contents,
}

/// The columns of the texts, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FoundColumns {
    pub(super) src: usize,
    pub(super) tgt: usize,
    pub(super) evidence: Evidence,
}

impl FoundColumns {
    /// Returns the one of both columns that is not this one; the source if neither is.
    pub(super) fn other(self, column: usize) -> usize {
        if self.src == column { self.tgt } else { self.src }
    }
}

/// What the cells of a column are, as far as they were read.
#[derive(Clone, Debug, Default)]
pub(super) struct CellCounts {
    /// Cells that are not blank.
    filled: usize,
    numbers: usize,
    /// Cells with more Arabic than other letters, and the other way round.
    arabic: usize,
    other: usize,
    /// The letters of distinct cells that are prose and not a code or an address.
    letters: ScriptCounts,
    seen: HashSet<u64>,
}

impl CellCounts {
    pub(super) fn add(&mut self, cell: &str) {
        let cell = cell.trim();
        if cell.is_empty() {
            return;
        }
        self.filled += 1;
        self.numbers += usize::from(is_number(cell));
        let counts = ScriptCounts::of(cell);
        self.arabic += usize::from(counts.arabic > counts.other);
        self.other += usize::from(counts.other > counts.arabic);
        if !is_code(cell) && !is_language_name(cell) && self.seen.insert(hash(cell)) {
            self.letters.arabic += counts.arabic;
            self.letters.other += counts.other;
        }
    }

    fn share(&self, count: usize) -> f64 {
        if self.filled == 0 { 0.0 } else { count as f64 / self.filled as f64 }
    }

    pub(super) fn is_arabic(&self) -> bool {
        self.share(self.arabic) > 0.5 && self.letters.arabic > self.letters.other
    }

    fn is_other(&self) -> bool {
        self.share(self.other) > 0.5 && self.letters.other > self.letters.arabic
    }

    fn is_numeric(&self) -> bool {
        self.filled > 0 && self.numbers == self.filled
    }

    /// Returns the letters of its script.
    fn weight(&self) -> usize {
        self.letters.arabic.max(self.letters.other)
    }

    /// Reports whether a cell cannot belong to this column, as the name of a column cannot.
    fn excludes(&self, cell: &str) -> bool {
        let cell = cell.trim();
        if cell.is_empty() || self.filled == 0 {
            return false;
        }
        let counts = ScriptCounts::of(cell);
        self.is_numeric() && !is_number(cell)
            || self.share(self.arabic) >= MIN_SHARE && counts.other > 0 && counts.arabic == 0
            || self.share(self.other) >= MIN_SHARE && counts.arabic > 0 && counts.other == 0
    }
}

fn hash(cell: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    cell.hash(&mut hasher);
    hasher.finish()
}

/// Reports whether a cell has digits and no letters: a number, a date, a time.
fn is_number(cell: &str) -> bool {
    cell.chars().any(char::is_numeric) && !cell.chars().any(char::is_alphabetic)
        || cell.parse::<f64>().is_ok()
}

/// Reports whether a cell is an identifier, a path or an address.
fn is_code(cell: &str) -> bool {
    cell.contains("://")
        || !cell.contains(char::is_whitespace)
            && cell.contains(|c: char| c.is_ascii_digit() || "_/\\@".contains(c))
}

/// Reports whether a cell is the code of a language, as in tables with a row for each text.
fn is_language_name(cell: &str) -> bool {
    const CODES: [&str; 10] = ["ar", "en", "fr", "de", "es", "tr", "fa", "ur", "he", "ru"];
    let code = cell.split(['-', '_']).next().unwrap_or_default();
    cell.len() <= 8 && CODES.contains(&&*code.to_lowercase())
        || language_of_tag(cell).is_some() && !cell.contains(char::is_whitespace)
}

/// Counts the cells of each column.
pub(super) fn count_cells<'r>(
    columns: usize,
    rows: impl Iterator<Item = &'r [String]>,
) -> Vec<CellCounts> {
    let mut counts = vec![CellCounts::default(); columns];
    for row in rows {
        for (counts, cell) in counts.iter_mut().zip(row) {
            counts.add(cell);
        }
    }
    counts
}

/// Finds two columns with the usual names.
pub(super) fn usual(names: &[Cow<'_, str>]) -> Vec<[usize; 2]> {
    let find = |name: &str| names.iter().position(|known| *known == name);
    let pairs = USUAL.iter().filter_map(|[src, tgt]| Some([find(src)?, find(tgt)?]));
    let mixed = || {
        let src = USUAL.iter().find_map(|[src, _]| find(src));
        src.zip(USUAL.iter().find_map(|[_, tgt]| find(tgt))).map(<[usize; 2]>::from)
    };
    let pairs: Vec<[usize; 2]> = pairs.collect();
    if pairs.is_empty() { mixed().into_iter().collect() } else { pairs }
}

/// Reports whether two columns have the names of the texts in nasaq's own tables, which hold them
/// whatever they are.
fn is_own([src, tgt]: [usize; 2], names: &[Cow<'_, str>]) -> bool {
    names[src] == USUAL[0][0] && names[tgt] == USUAL[0][1]
}

/// Returns the first pair of columns with usual names that may be the texts.
///
/// The columns of nasaq's own tables are the texts whatever they hold, unless they are numbers and
/// others may be the texts.
fn plausible(
    usual: &[[usize; 2]],
    names: &[Cow<'_, str>],
    counts: &[CellCounts],
) -> Option<[usize; 2]> {
    let first = usual.iter().find(|pair| is_own(**pair, names) || is_plausible(**pair, counts))?;
    let is_numeric = |index: &usize| counts.get(*index).is_some_and(CellCounts::is_numeric);
    let other = || usual.iter().find(|pair| is_plausible(**pair, counts));
    let pair = if first.iter().any(is_numeric) { other().unwrap_or(first) } else { first };
    Some(*pair)
}

/// Reports whether the cells of a row are certainly the names of columns, among them both texts.
pub(super) fn are_names(row: &[String]) -> bool {
    let lower: Vec<Cow<'_, str>> = row.iter().map(|cell| lowered(cell)).collect();
    let names: Vec<Cow<'_, str>> = row.iter().map(|cell| Cow::Borrowed(cell.trim())).collect();
    !usual(&lower).is_empty() || by_names(&names, &[], false).is_some()
}

/// Finds two columns by what their names tell.
///
/// `loosely` is for what are certainly names. Of several columns with one role, the one counts whose
/// name differs from that of the other side in nothing else; then the one with the most letters.
pub(super) fn by_names(
    names: &[Cow<'_, str>],
    counts: &[CellCounts],
    loosely: bool,
) -> Option<[usize; 2]> {
    let roles: Vec<TextRole> = names.iter().map(|name| role(name, loosely)).collect();
    let all = |is: fn(&TextRole) -> bool| -> Vec<usize> {
        (0..roles.len()).filter(|&index| is(&roles[index])).collect()
    };
    let (sources, targets) = (all(|it| it.is_source), all(|it| it.is_target));
    let (arabic, english) = (all(|it| it.is_arabic), all(|it| it.is_english));
    let most = |columns: &[usize]| -> Option<usize> {
        let weight = |index: usize| counts.get(index).map_or(0, CellCounts::weight);
        columns.iter().copied().max_by_key(|&index| (weight(index), std::cmp::Reverse(index)))
    };
    let pair = |src: &[usize], tgt: &[usize]| -> Option<[usize; 2]> {
        let src = most(src)?;
        let others: Vec<usize> = tgt.iter().copied().filter(|&index| index != src).collect();
        Some([src, most(&others)?])
    };
    let languages = [&arabic[..], &english].concat();
    pair(&sources, &targets)
        .or_else(|| pair(&arabic, &english))
        .or_else(|| pair(&sources, &languages))
        .or_else(|| pair(&targets, &languages).map(|[tgt, src]| [src, tgt]))
}

/// Reports whether two columns may be the texts: if any column is Arabic, one of these is, and none
/// holds only numbers.
pub(super) fn is_plausible([src, tgt]: [usize; 2], counts: &[CellCounts]) -> bool {
    let (Some(a), Some(b)) = (counts.get(src), counts.get(tgt)) else { return true };
    if a.filled == 0 && b.filled == 0 {
        return true;
    }
    let has_arabic = counts.iter().any(CellCounts::is_arabic);
    (!has_arabic || a.is_arabic() != b.is_arabic()) && !(a.is_numeric() || b.is_numeric())
}

/// Finds two columns by their cells: Arabic text and other text, in the order of the table.
pub(super) fn by_contents(counts: &[CellCounts]) -> Option<[usize; 2]> {
    let best = |is: fn(&CellCounts) -> bool| -> Option<usize> {
        let mut columns: Vec<usize> = (0..counts.len())
            .filter(|&index| is(&counts[index]) && counts[index].weight() > 0)
            .collect();
        columns.sort_by_key(|&index| std::cmp::Reverse(counts[index].weight()));
        let weight = |at: usize| columns.get(at).map_or(0, |&index| counts[index].weight());
        (weight(1) as f64 <= MAX_RIVAL * weight(0) as f64).then(|| columns.first().copied())?
    };
    let (arabic, other) = (best(CellCounts::is_arabic)?, best(CellCounts::is_other)?);
    Some([arabic.min(other), arabic.max(other)])
}

/// Finds the only two columns that hold text, in whatever script.
pub(super) fn only_texts(counts: &[CellCounts]) -> Option<[usize; 2]> {
    let texts: Vec<usize> = (0..counts.len()).filter(|&at| counts[at].weight() > 0).collect();
    <[usize; 2]>::try_from(texts).ok()
}

/// Finds the columns among those that certainly have these names.
///
/// # Errors
/// `None` if neither the names nor the cells tell it.
pub(super) fn among_named(names: &[&str], counts: &[CellCounts]) -> Option<FoundColumns> {
    let lower: Vec<Cow<'_, str>> = names.iter().map(|name| lowered(last_part(name))).collect();
    let original: Vec<Cow<'_, str>> =
        names.iter().map(|name| Cow::Borrowed(last_part(name))).collect();
    let found = |[src, tgt]: [usize; 2], evidence| Some(FoundColumns { src, tgt, evidence });
    let usual = usual(&lower);
    if let Some(pair) = plausible(&usual, &lower, counts) {
        let is_nested = names[pair[0]].contains('.') || names[pair[1]].contains('.');
        return found(pair, if is_nested { Evidence::Names } else { Evidence::Plain });
    }
    let by_names = by_names(&original, counts, true).filter(|pair| is_plausible(*pair, counts));
    if let Some(pair) = by_names {
        return found(pair, Evidence::Names);
    }
    if let Some(pair) = by_contents(counts) {
        return found(pair, Evidence::Contents);
    }
    usual.first().and_then(|pair| found(*pair, Evidence::Plain))
}

/// Returns the last part of the name of a nested column, `ar` of `translation.ar`.
fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

pub(super) fn lowered(name: &str) -> Cow<'_, str> {
    Cow::Owned(name.trim().to_lowercase())
}

/// The columns of a table, and whether its first row names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FoundInTable {
    pub(super) columns: FoundColumns,
    pub(super) has_header: bool,
}

/// Finds the columns of a table whose first row may be a header; `None` if nothing tells them.
///
/// `counts` are those of the rows after the first.
pub(super) fn in_table(first: &[String], counts: &[CellCounts]) -> Option<FoundInTable> {
    let lower: Vec<Cow<'_, str>> = first.iter().map(|cell| lowered(cell)).collect();
    let names: Vec<Cow<'_, str>> = first.iter().map(|cell| Cow::Borrowed(cell.trim())).collect();
    let found = |[src, tgt]: [usize; 2], evidence, has_header| {
        Some(FoundInTable { columns: FoundColumns { src, tgt, evidence }, has_header })
    };
    let usual = usual(&lower);
    if let Some(pair) = plausible(&usual, &lower, counts) {
        return found(pair, Evidence::Plain, true);
    }
    let strict = by_names(&names, counts, false).filter(|pair| is_plausible(*pair, counts));
    if let Some(pair) = strict {
        return found(pair, Evidence::Names, true);
    }
    let has_header = is_header(first, counts);
    if has_header {
        let loose = by_names(&names, counts, true).filter(|pair| is_plausible(*pair, counts));
        if let Some(pair) = loose {
            return found(pair, Evidence::Names, true);
        }
    }
    // A table of one row has only that.
    let with_first: Vec<CellCounts>;
    let counts = if has_header || !usual.is_empty() {
        counts
    } else {
        with_first = counts
            .iter()
            .zip(first)
            .map(|(counts, cell)| {
                let mut counts = counts.clone();
                counts.add(cell);
                counts
            })
            .collect();
        &with_first
    };
    let has_header = has_header || !usual.is_empty();
    let evidence =
        if first.len() == 2 && !has_header { Evidence::Plain } else { Evidence::Contents };
    if let Some(pair) = by_contents(counts) {
        let evidence = if pair == [0, 1] && !has_header { Evidence::Plain } else { evidence };
        return found(pair, evidence, has_header);
    }
    if let Some(pair) = usual.first() {
        return found(*pair, Evidence::Plain, true);
    }
    if first.len() == 2 {
        let (a, b) = (counts[0].is_numeric(), counts[1].is_numeric());
        return if a == b { found([0, 1], evidence, has_header) } else { None };
    }
    let pair = only_texts(counts).filter(|pair| is_plausible(*pair, counts))?;
    let evidence = if pair == [0, 1] && !has_header { Evidence::Plain } else { Evidence::Contents };
    found(pair, evidence, has_header)
}

/// Reports whether a row has a cell that the rows after it cannot have.
pub(super) fn is_header(first: &[String], counts: &[CellCounts]) -> bool {
    first.iter().zip(counts).any(|(cell, counts)| counts.excludes(cell))
}

/// Reports whether the first row is a header, if the caller names columns by their positions: it
/// names these columns, or has a cell that the rows after it cannot have.
pub(super) fn is_header_of(
    first: &[String],
    counts: &[CellCounts],
    columns: [Option<usize>; 2],
    found: Option<FoundInTable>,
) -> bool {
    let is_name = |index: &usize| {
        let cell = first[*index].trim();
        let lower = cell.to_lowercase();
        USUAL.iter().flatten().any(|name| *name == lower) || role(cell, false).is_any()
    };
    let named: Vec<usize> = columns.into_iter().flatten().collect();
    named.len() == 2 && named.iter().all(is_name)
        || found.is_some_and(|found| found.has_header)
        || is_header(first, counts)
}

/// Returns what the names of the columns leave in doubt, given the columns of the texts.
pub(super) fn doubts<S: AsRef<str>>(
    names: &[S],
    texts: [usize; 2],
    counts: &[CellCounts],
) -> impl Iterator<Item = ReadNote> {
    let rivals = rivals(names, texts, counts).map(ReadNote::OtherColumns);
    rivals.into_iter().chain(mislabelled(names, texts, counts).map(ReadNote::Mislabelled))
}

/// Lists the columns besides the texts that could be texts by their names as well: those of the
/// language of a text that hold as much of its script.
fn rivals<S: AsRef<str>>(names: &[S], texts: [usize; 2], counts: &[CellCounts]) -> Option<String> {
    let weight = |index: usize| counts.get(index).map_or(0, CellCounts::weight) as f64;
    let role = |index: usize| role(last_part(names[index].as_ref()), false);
    let is_rival = |index: usize| {
        texts.iter().any(|&text| {
            let (text_role, other) = (role(text), role(index));
            let is_same =
                text_role.is_arabic && other.is_arabic || text_role.is_english && other.is_english;
            is_same && weight(index) > MAX_RIVAL * weight(text)
        })
    };
    let rivals: Vec<String> = (0..names.len())
        .filter(|index| !texts.contains(index) && is_rival(*index))
        .map(|index| format!("{} \"{}\"", index + 1, names[index].as_ref().trim()))
        .collect();
    (!rivals.is_empty()).then(|| rivals.join(", "))
}

/// Lists the columns of the texts whose names call a language in whose script their cells are not.
fn mislabelled<S: AsRef<str>>(
    names: &[S],
    texts: [usize; 2],
    counts: &[CellCounts],
) -> Option<String> {
    let is_wrong = |index: &usize| {
        let role = role(last_part(names[*index].as_ref()), false);
        counts.get(*index).is_some_and(|counts| {
            role.is_arabic && (counts.is_other() || counts.is_numeric())
                || role.is_english && (counts.is_arabic() || counts.is_numeric())
        })
    };
    let wrong: Vec<String> = texts
        .into_iter()
        .filter(is_wrong)
        .map(|index| format!("{} \"{}\"", index + 1, names[index].as_ref().trim()))
        .collect();
    (!wrong.is_empty()).then(|| wrong.join(", "))
}

/// Lists columns with their positions, for messages.
pub(super) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    const MAX_COLUMNS: usize = 12;
    const MAX_CHARS: usize = 30;
    let mut shown: Vec<String> = Vec::new();
    let mut omitted = 0;
    for (name, at) in names.zip(1..) {
        if at > MAX_COLUMNS {
            omitted += 1;
            continue;
        }
        let cut: String = name.chars().take(MAX_CHARS).collect();
        let mark = if cut.len() < name.len() { "…" } else { "" };
        shown.push(format!("{at} \"{cut}{mark}\""));
    }
    if omitted > 0 {
        shown.push(format!("and {omitted} more"));
    }
    shown.join(", ")
}
