//! Writes units of XML files as they were read.

use std::sync::Arc;

use super::markup::{attribute, element};
use super::verbatim::{
    BitextTail, OwnProperty, PieceKind, SourceUnit, Surroundings, UnitKind, edited,
};
use super::writer::Buffers;
use super::{BitextRow, FieldValue, Loss, Losses};
use crate::error::Result;

/// The prefix of nasaq's own properties in files of other programs.
pub(super) const PREFIX: &str = "x-nasaq-";

/// The namespace of metadata in XLIFF 2.
const METADATA: &str = "urn:oasis:names:tc:xliff:metadata:2.0";

/// Which file has begun the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begun {
    No,
    /// A layout of its own has written a header.
    Own,
    /// The beginning of a file that was read was copied.
    File(u64),
}

/// Properties that are added to a pair, as name and text.
type Added = Vec<(String, String)>;
/// A pair of a unit that stays, and its properties.
type KeptPair = (usize, Added);

/// Copies units, without the pairs that were removed and with the properties that were added.
pub(super) struct UnitCopier {
    kinds: &'static [UnitKind],
    /// The columns that the command adds.
    added: Vec<Arc<str>>,
    begun: Begun,
    /// Whether units that are no pairs are copied.
    copies_others: bool,
    /// The unit whose pairs are being written, and the pairs that stay.
    unit: Option<(Arc<SourceUnit>, Vec<KeptPair>)>,
    /// The end of the file that has begun the output.
    end: Option<String>,
}

impl UnitCopier {
    pub(super) fn new(kinds: &'static [UnitKind], added: &[Arc<str>], copies_others: bool) -> Self {
        let added = added.to_vec();
        Self { kinds, added, begun: Begun::No, copies_others, unit: None, end: None }
    }

    /// Returns the unit of a row if it can be copied to this output.
    fn unit_of<'r>(&self, row: &'r BitextRow) -> Option<&'r Arc<SourceUnit>> {
        let unit = row.origin.unit.as_ref().filter(|unit| self.kinds.contains(&unit.kind))?;
        let is_same = match self.begun {
            Begun::No => true,
            Begun::File(file) if file == unit.file => true,
            // Units of another memory fit into this one, unless their names need its namespaces.
            _ => unit.kind == UnitKind::Tmx && unit.prefix.is_empty(),
        };
        is_same.then_some(unit)
    }

    /// Writes a row as its unit has it; returns whether it has one.
    pub(super) fn write(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<bool> {
        let Some(unit) = self.unit_of(row) else { return Ok(false) };
        self.enter(unit, out)?;
        let properties = self.added.iter().filter_map(|name| match row.get(name) {
            None | Some(FieldValue::Nothing) => None,
            Some(value) => Some((name.as_ref().to_owned(), value.to_string())),
        });
        let kept = (row.origin.part, properties.collect());
        if let Some((_, parts)) = &mut self.unit {
            parts.push(kept);
        }
        Ok(true)
    }

    /// Leaves out a row: what is around its unit is copied.
    pub(super) fn omit(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        match self.unit_of(row) {
            Some(unit) => self.enter(unit, out),
            None => Ok(()),
        }
    }

    /// Writes what is left of the last unit. Returns whether the output has begun; if not, the
    /// caller writes a header.
    pub(super) fn finish_unit(&mut self, out: &mut Buffers) -> bool {
        if let Some((unit, kept)) = self.unit.take() {
            write_unit(&unit, &kept, out);
        }
        if self.begun == Begun::No {
            self.begun = Begun::Own;
            return false;
        }
        true
    }

    /// Takes the end of a file that was read.
    pub(super) fn tail(&mut self, tail: &BitextTail, out: &mut Buffers) -> Result<()> {
        if !self.kinds.contains(&tail.kind) {
            return Ok(());
        }
        if let Some((unit, kept)) = self.unit.take() {
            write_unit(&unit, &kept, out);
        }
        self.surroundings(&tail.rest, tail.file, tail.kind, out)
    }

    /// Returns the end of the file that has begun the output, if one has.
    pub(super) fn end(&mut self, out: &mut Buffers) -> Option<String> {
        if let Some((unit, kept)) = self.unit.take() {
            write_unit(&unit, &kept, out);
        }
        match self.begun {
            Begun::File(_) => Some(self.end.take().unwrap_or_default()),
            _ => None,
        }
    }

    /// Begins a unit, unless it has begun already.
    fn enter(&mut self, unit: &Arc<SourceUnit>, out: &mut Buffers) -> Result<()> {
        if self.unit.as_ref().is_some_and(|(known, _)| Arc::ptr_eq(known, unit)) {
            return Ok(());
        }
        if let Some((last, kept)) = self.unit.take() {
            write_unit(&last, &kept, out);
        }
        self.surroundings(&unit.before, unit.file, unit.kind, out)?;
        self.unit = Some((Arc::clone(unit), Vec::new()));
        Ok(())
    }

    /// Copies what is around units. The beginning and the end of all but the first file are
    /// omitted.
    fn surroundings(
        &mut self,
        around: &Surroundings,
        file: u64,
        kind: UnitKind,
        out: &mut Buffers,
    ) -> Result<()> {
        if self.begun == Begun::No {
            self.begun = Begun::File(file);
        }
        let is_first = self.begun == Begun::File(file);
        let mut omitted_header = false;
        around.for_each(|piece, text| match piece {
            PieceKind::Head if is_first => out.push(text),
            PieceKind::Tail if is_first && kind == UnitKind::Tmx => {
                self.end = Some(text.to_owned());
            }
            PieceKind::Tail if is_first => out.push(text),
            PieceKind::Head => omitted_header = true,
            PieceKind::Unit if self.copies_others => out.push(text),
            PieceKind::Markup => out.push(text),
            PieceKind::Tail | PieceKind::Unit => {}
        })?;
        if omitted_header {
            out.losses.add(Loss::Header);
        }
        Ok(())
    }
}

fn write_unit(unit: &SourceUnit, kept: &[KeptPair], out: &mut Buffers) {
    let text = rendered(unit, kept, &mut out.losses);
    out.push(&text);
}

/// Returns the text of a unit with the pairs that stay and their new properties.
fn rendered(unit: &SourceUnit, kept: &[KeptPair], losses: &mut Losses) -> String {
    if kept.is_empty() && unit.is_removable {
        return String::new();
    }
    let is_kept = |part: usize| kept.iter().any(|(kept, _)| *kept == part);
    let mut edits = Vec::new();
    for (part, ranges) in unit.parts.iter().enumerate() {
        if !is_kept(part) {
            edits.extend(ranges.iter().map(|range| (range.clone(), String::new())));
        }
    }
    if kept.iter().any(|(_, added)| !added.is_empty()) {
        match unit.kind {
            UnitKind::Tmx => add_to_memory(unit, kept, &mut edits, losses),
            UnitKind::Xliff1 | UnitKind::Xliff2 => add_to_xliff(unit, kept, &mut edits, losses),
        }
    }
    if edits.is_empty() { unit.xml.clone() } else { edited(&unit.xml, edits) }
}

type Edits = Vec<(std::ops::Range<usize>, String)>;

fn add_to_memory(unit: &SourceUnit, kept: &[KeptPair], edits: &mut Edits, losses: &mut Losses) {
    let space = space_before(&unit.xml, unit.insert);
    let mut text = String::new();
    for (name, value) in kept.iter().flat_map(|(_, added)| added) {
        let is_old = |own: &&OwnProperty| own.name == *name;
        edits.extend(unit.properties.iter().filter(is_old).map(|own| {
            let start = own.range.start - space_before(&unit.xml, own.range.start).len();
            (start..own.range.end, String::new())
        }));
        let (name, value) = (attribute(name, losses), element(value, losses));
        let p = &unit.prefix;
        text.push_str(&format!("<{p}prop type=\"{PREFIX}{name}\">{value}</{p}prop>{space}"));
    }
    edits.push((unit.insert..unit.insert, text));
}

fn add_to_xliff(unit: &SourceUnit, kept: &[KeptPair], edits: &mut Edits, losses: &mut Losses) {
    edits.extend(unit.groups.iter().map(|range| {
        let start = range.start - space_before(&unit.xml, range.start).len();
        (start..range.end, String::new())
    }));
    let space = space_before(&unit.xml, unit.insert).to_owned();
    let is_second = unit.kind == UnitKind::Xliff2;
    let p = match (&unit.metadata_prefix, is_second) {
        (Some(prefix), _) => prefix,
        (None, true) => "mda:",
        (None, false) => &unit.prefix,
    };
    let mut text = String::new();
    for (part, added) in kept {
        let old = unit.properties.iter().filter(|own| own.part == *part);
        let old = old.filter(|own| added.iter().all(|(name, _)| *name != own.name));
        let old = old.map(|own| (&own.name, &own.value));
        let mut items = String::new();
        for (name, value) in old.chain(added.iter().map(|(name, value)| (name, value))) {
            let (name, value) = (attribute(name, losses), element(value, losses));
            items.push_str(&match is_second {
                true => format!("<{p}meta type=\"{name}\">{value}</{p}meta>"),
                false => {
                    format!("<{p}context context-type=\"{PREFIX}{name}\">{value}</{p}context>")
                }
            });
        }
        if items.is_empty() {
            continue;
        }
        let group = group_name(unit.parts.len(), *part);
        text.push_str(&match is_second {
            true => format!("<{p}metaGroup category=\"{group}\">{items}</{p}metaGroup>"),
            false => format!(
                "{space}<{p}context-group name=\"{group}\" purpose=\"information\">{items}</{p}context-group>"
            ),
        });
    }
    if is_second && unit.metadata_prefix.is_none() {
        let space = space_after(&unit.xml, unit.insert);
        text = format!("{space}<{p}metadata xmlns:mda=\"{METADATA}\">{text}</{p}metadata>");
    }
    edits.push((unit.insert..unit.insert, text));
}

/// Returns the name of the group of nasaq's properties for a pair: units of several pairs count
/// them from 1.
fn group_name(parts: usize, part: usize) -> String {
    if parts < 2 { "nasaq".to_owned() } else { format!("nasaq:{}", part + 1) }
}

/// Returns the pair that a group of nasaq's properties belongs to, by its name.
pub(super) fn part_of_group(name: &str) -> Option<usize> {
    match name.strip_prefix("nasaq")? {
        "" => Some(0),
        rest => rest.strip_prefix(':')?.parse::<usize>().ok()?.checked_sub(1),
    }
}

/// Returns the white space that ends before an offset.
fn space_before(xml: &str, at: usize) -> &str {
    let text = &xml[..at];
    &text[text.trim_end().len()..]
}

/// Returns the white space that begins at an offset.
fn space_after(xml: &str, at: usize) -> &str {
    let text = &xml[at..];
    &text[..text.len() - text.trim_start().len()]
}
