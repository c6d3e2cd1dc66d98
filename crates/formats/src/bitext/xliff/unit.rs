//! A unit of XLIFF while it is read, and what becomes of it.

use std::ops::Range;
use std::sync::Arc;

use crate::bitext::inline_text::{CodeTrace, InlineText};
use crate::bitext::verbatim::{OwnProperty, RowOrigin, SourceUnit, Surroundings, UnitKind};
use crate::bitext::{BitextRow, FieldValue, field_name, typed};

/// A side of a unit, as far as it was read.
#[derive(Default)]
pub(super) struct UnitSide {
    pub(super) text: InlineText,
    /// The segments in it.
    pub(super) marked: Vec<MarkedSegment>,
    pub(super) is_there: bool,
}

/// A segment that is marked in a side.
#[derive(Default)]
pub(super) struct MarkedSegment {
    pub(super) mid: String,
    pub(super) text: InlineText,
    pub(super) range: Range<usize>,
}

impl UnitSide {
    pub(super) fn push(&mut self, text: &str, in_mark: bool) {
        self.text.push(text);
        if let Some(mark) = self.marked.last_mut().filter(|_| in_mark) {
            mark.text.push(text);
        }
    }

    pub(super) fn code(&mut self, trace: Option<CodeTrace>, in_mark: bool) {
        self.text.code(trace);
        if let Some(mark) = self.marked.last_mut().filter(|_| in_mark) {
            mark.text.code(trace);
        }
    }
}

/// A pair of a unit.
pub(super) struct PairOfUnit {
    pub(super) src: String,
    pub(super) tgt: Option<String>,
    pub(super) segment: Option<String>,
    pub(super) state: Option<String>,
    pub(super) ranges: Vec<Range<usize>>,
}

/// A `<unit>` or `<trans-unit>`.
#[derive(Default)]
pub(super) struct XliffUnit {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) segment: Option<String>,
    pub(super) segment_start: usize,
    pub(super) state: Option<String>,
    pub(super) sides: [UnitSide; 2],
    /// The segmented source of 1.2.
    pub(super) segmented: UnitSide,
    pub(super) pairs: Vec<PairOfUnit>,
    pub(super) notes: Vec<String>,
    /// Metadata: the pair that they belong to if they are nasaq's, the type and the value.
    pub(super) meta: Vec<(Option<usize>, String, String)>,
    /// The group of nasaq's metadata that is open, and where it begins.
    pub(super) group: Option<(usize, usize)>,
    pub(super) groups: Vec<Range<usize>>,
    /// The original codes of 2.x, by their id.
    pub(super) data: Vec<(String, String)>,
    pub(super) codes: bool,
    pub(super) details: bool,
    pub(super) line: u64,
    pub(super) prefix: String,
    pub(super) is_second: bool,
    /// Where the start tag ends.
    pub(super) start_end: usize,
    /// Where the texts of 1.2 end.
    pub(super) texts_end: usize,
    /// The prefix of the metadata of 2.x, with the colon.
    pub(super) metadata_prefix: Option<String>,
    /// Where the end tag of the metadata begins.
    pub(super) metadata_end: Option<usize>,
}

impl XliffUnit {
    pub(super) fn side(&mut self, part: UnitPart) -> &mut UnitSide {
        match part {
            UnitPart::Source => &mut self.sides[0],
            UnitPart::Target => &mut self.sides[1],
            UnitPart::Segmented => &mut self.segmented,
        }
    }

    /// Returns the row of a pair. A file that nasaq wrote has the id of the pair as a name.
    pub(super) fn row(
        &self,
        doc: Option<&str>,
        is_own: bool,
        pair: &PairOfUnit,
        part: usize,
    ) -> BitextRow {
        let unit = self;
        let mut fields: Vec<(Arc<str>, FieldValue)> = Vec::new();
        let mut add = |name: &str, text: &str| {
            if let Some(value) = typed(name, text.to_owned()) {
                fields.push((field_name(name, &value).into(), value));
            }
        };
        let foreign = |value: &Option<String>| value.clone().filter(|_| !is_own);
        let id = if is_own { unit.name.clone() } else { unit.id.clone() };
        for (name, value) in [
            ("doc", doc.map(str::to_owned)),
            ("id", id),
            ("segment", foreign(&pair.segment)),
            ("state", foreign(&pair.state)),
            ("note", Some(unit.notes.join("\n")).filter(|_| !unit.notes.is_empty())),
        ] {
            if let Some(value) = value {
                add(name, &value);
            }
        }
        for (owner, name, value) in &unit.meta {
            if owner.is_none_or(|owner| owner == part) {
                add(name, value);
            }
        }
        let mut row = BitextRow::new(&*pair.src, pair.tgt.clone().unwrap_or_default());
        row.fields = fields;
        row.line = unit.line;
        let (codes, details) = (unit.codes, unit.details);
        row.origin = RowOrigin { part, codes, details, ..RowOrigin::default() };
        row
    }
}

/// The part of a unit that text belongs to.
#[derive(Clone, Copy)]
pub(super) enum UnitPart {
    Source,
    Target,
    Segmented,
}

/// Returns the text of a unit with what is needed to copy it.
pub(super) fn source_unit(
    unit: XliffUnit,
    xml: String,
    parts: Vec<Vec<Range<usize>>>,
    is_removable: bool,
    file: u64,
) -> SourceUnit {
    let properties = unit.meta.into_iter().filter_map(|(part, name, value)| {
        Some(OwnProperty { part: part?, name, value, range: 0..0 })
    });
    // An element without content has no end tag of its own.
    let metadata_end = unit.metadata_end.filter(|at| xml[*at..].starts_with("</"));
    let insert = match (unit.is_second, metadata_end) {
        (true, Some(end)) => end,
        (true, None) => unit.start_end,
        (false, _) => unit.texts_end,
    };
    SourceUnit {
        file,
        kind: if unit.is_second { UnitKind::Xliff2 } else { UnitKind::Xliff1 },
        xml,
        before: Surroundings::default(),
        parts,
        is_removable,
        insert,
        metadata_prefix: metadata_end.and(unit.metadata_prefix),
        properties: properties.collect(),
        groups: unit.groups,
        prefix: unit.prefix,
    }
}
