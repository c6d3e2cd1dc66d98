//! The inline codes of XLIFF.

use std::io::BufRead;

use quick_xml::events::BytesStart;

use crate::bitext::inline_text::CodeTrace;
use crate::error::Result;
use crate::xml::XmlReader;

/// Elements of 1.2 whose content is code and not text.
pub(super) const CODES: [&str; 4] = ["ph", "bpt", "ept", "it"];
/// Codes without content.
const EMPTY_CODES: [&str; 5] = ["x", "bx", "ex", "sc", "ec"];
/// Codes around text.
pub(super) const SPANNING_CODES: [&str; 2] = ["g", "pc"];
/// Reports whether an element is an inline code.
pub(super) fn is_code(name: &str) -> bool {
    CODES.contains(&name) || EMPTY_CODES.contains(&name) || SPANNING_CODES.contains(&name)
}

/// Returns what a code leaves behind, by its attributes and its original data.
pub(super) fn trace<R: BufRead>(
    xml: &XmlReader<R>,
    tag: &BytesStart<'_>,
    data: &[(String, String)],
) -> Result<Option<CodeTrace>> {
    let get = |name: &str| xml.attribute(tag, &[name]);
    let original = match get("dataRef")? {
        Some(id) => data.iter().find(|(known, _)| *known == id).map(|(_, text)| text.clone()),
        None => None,
    };
    Ok(CodeTrace::of_code(
        &[get("ctype")?, get("type")?, get("subType")?],
        &[get("equiv-text")?, get("equiv")?, get("disp")?, original],
    ))
}
