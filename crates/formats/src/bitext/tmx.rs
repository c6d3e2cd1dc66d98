//! Translation memories: [TMX 1.4b](https://www.gala-global.org/tmx-14b) is written, every 1.x
//! read.
//!
//! **Reader.** A unit is a pair if it has both languages; other units are skipped and counted.
//! Languages are matched without their region unless a region is requested; by default they are
//! Arabic and English, the `srclang` of the header first. The `tuid` and the properties of a unit
//! become fields; nasaq's own begin with `x-nasaq-`. The content of `<hi>` is part of the sentence.
//! Native codes (`<bpt>`, `<ept>`, `<it>`, `<ph>`, `<ut>`) are ignored with their content,
//! including a `<sub>` in it; notes, properties of variants and all but the first text of a
//! language are ignored too.
//!
//! **Writer.** As CAT tools accept it: an XML declaration, a header with every attribute that the
//! standard requires, one `<tu>` per pair with the `<tuv>` of the source first. There is no
//! `<!DOCTYPE>`: strict readers refuse one (it could name external entities) or look for
//! `tmx14.dtd` next to the file, and none needs it. There is no creation date, so that the same
//! input produces the same bytes.
//!
//! Loses pairs with text on one side only, characters that XML 1.0 forbids, types of values (all
//! become text) and empty values. Beads are written with document, kind and probability but without
//! offsets, and their line breaks become spaces; line breaks of other pairs are preserved.

use std::io::BufRead;
use std::sync::Arc;

use super::entry::{BitextSource, FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry};
use super::lines::TextStream;
use super::markup::{attribute, element, is_language};
use super::writer::{Buffers, RowLayout};
use super::{BitextRow, FieldValue, Loss, Losses, field_name, typed};
use crate::bead_writer::unit_row;
use crate::error::{ErrorKind, Result};
use crate::format::BitextHeader;
use crate::remedy::FormatRemedy;
use crate::xml::{Node, XmlReader};

pub(crate) const TMX: FormatEntry = FormatEntry {
    name: "tmx",
    endings: &["tmx"],
    description: "Translation memory, TMX 1.4b",
    recognise: |start| Likeness::Likely.when(start.starts_with(b"<")),
    reader: Some(ReaderEntry {
        more_files: &[0],
        open: OpenReader::Text(|files| {
            let languages = files.input.languages.clone();
            Ok(Box::new(UnitReader::new(files.first, languages)))
        }),
    }),
    writer: Some(WriterEntry {
        files: 1,
        start: |settings| Ok(Box::new(TmxLayout::new(settings.header))),
        bead_row: unit_row,
        metadata_prefix: "meta-",
        single_document: None,
        needs_times: false,
    }),
    losses: &[Loss::OneSided, Loss::Characters],
    has_columns: false,
    is_binary: false,
};

/// The prefix of nasaq's own properties.
const PREFIX: &str = "x-nasaq-";

/// One language's text of a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TmxVariant {
    /// The language tag as the file has it; empty where it has none.
    pub lang: String,
    /// The text of the `<seg>`, without inline markup.
    pub text: String,
}

/// One `<tu>` of a translation memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TmxUnit {
    /// Its `tuid`.
    pub id: Option<String>,
    /// The `<tuv>` elements in order.
    pub variants: Vec<TmxVariant>,
    /// The unit's own `<prop>` elements as type and text, in order.
    pub props: Vec<(String, String)>,
}

impl TmxUnit {
    /// Returns the text of the first property of a type.
    #[must_use]
    pub fn prop(&self, name: &str) -> Option<&str> {
        self.props.iter().find(|(found, _)| found == name).map(|(_, text)| text.as_str())
    }
}

/// Reads the units of a translation memory of any version 1.x.
///
/// # Errors
/// With the line, [`ErrorKind::Xml`] for XML that is not well-formed and [`ErrorKind::Syntax`] for
/// an entity and for a file that is not TMX.
pub fn read_tmx(text: &str) -> Result<Vec<TmxUnit>> {
    let mut memory = TmxReader::new(XmlReader::new(text));
    let mut units = Vec::new();
    while let Some((unit, _)) = memory.next()? {
        units.push(unit);
    }
    Ok(units)
}

/// Reads the units of a file.
struct TmxReader<R> {
    xml: XmlReader<R>,
    srclang: Option<String>,
    /// Whether the root was seen.
    is_tmx: bool,
}

impl<R: BufRead> TmxReader<R> {
    fn new(xml: XmlReader<R>) -> Self {
        Self { xml, srclang: None, is_tmx: false }
    }

    /// Returns the next unit and the line that it begins on.
    fn next(&mut self) -> Result<Option<(TmxUnit, u64)>> {
        let mut unit = TmxUnit::default();
        let mut line = 0;
        let xml = &mut self.xml;
        while let Some(node) = xml.next()? {
            match node {
                Node::Start(tag) => match (xml.up(0).unwrap_or_default(), xml.up(1)) {
                    ("tmx", None) => self.is_tmx = true,
                    ("header", Some("tmx")) => self.srclang = xml.attribute(&tag, &["srclang"])?,
                    ("tu", _) => {
                        line = xml.line();
                        unit =
                            TmxUnit { id: xml.attribute(&tag, &["tuid"])?, ..TmxUnit::default() };
                        xml.unit(true);
                    }
                    ("tuv", Some("tu")) => {
                        let lang = xml.attribute(&tag, &["xml:lang", "lang"])?.unwrap_or_default();
                        unit.variants.push(TmxVariant { lang, text: String::new() });
                    }
                    ("prop", Some("tu")) => {
                        let name = xml.attribute(&tag, &["type"])?.unwrap_or_default();
                        unit.props.push((name, String::new()));
                    }
                    _ => {}
                },
                Node::Text(text) => match (xml.up(0), xml.up(1)) {
                    (Some("seg" | "hi"), _) if in_sentence(xml) => {
                        if let Some(variant) = unit.variants.last_mut() {
                            variant.text.push_str(&text);
                        }
                    }
                    (Some("prop"), Some("tu")) => {
                        if let Some((_, value)) = unit.props.last_mut() {
                            value.push_str(&text);
                        }
                    }
                    _ => {}
                },
                Node::End(name) => {
                    if name == "tu" {
                        xml.unit(false);
                        return Ok(Some((unit, line)));
                    }
                }
            }
        }
        if self.is_tmx {
            return Ok(None);
        }
        let what = "this is not TMX: it has no <tmx>".to_owned();
        Err(ErrorKind::Syntax { what, remedy: FormatRemedy::NameFormat }.into())
    }
}

/// Reports whether the reader is in the text of a `<seg>`, with no elements but `<hi>` in between.
fn in_sentence<R: BufRead>(xml: &XmlReader<R>) -> bool {
    let mut level = 0;
    while xml.up(level) == Some("hi") {
        level += 1;
    }
    xml.up(level) == Some("seg") && xml.up(level + 1) == Some("tuv")
}

/// Reads pairs.
struct UnitReader {
    memory: TmxReader<TextStream>,
    /// The requested languages.
    requested: [Option<String>; 2],
    /// The languages of the last pair, as the file has them.
    languages: Option<[String; 2]>,
    /// Units without one of the languages.
    untranslated: u64,
    /// Units with more texts than the pair.
    with_more_texts: u64,
}

impl UnitReader {
    fn new(stream: TextStream, requested: [Option<String>; 2]) -> Self {
        let memory = TmxReader::new(XmlReader::from_stream(stream));
        Self { memory, requested, languages: None, untranslated: 0, with_more_texts: 0 }
    }

    fn row(&mut self, mut unit: TmxUnit, line: u64) -> Option<BitextRow> {
        let english_first =
            self.memory.srclang.as_deref().is_some_and(|srclang| is_language(srclang, "en"));
        let [src, tgt] = pair_of_languages(&self.requested, english_first);
        let find = |language: &str| {
            unit.variants.iter().position(|variant| is_language(&variant.lang, language))
        };
        let (src, tgt) = (find(src)?, find(tgt)?);
        self.with_more_texts += u64::from(unit.variants.len() > 2);
        let mut take = |index: usize| std::mem::take(&mut unit.variants[index]);
        let (src, tgt) = (take(src), take(tgt));
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
        Some(BitextRow { src: src.text, tgt: tgt.text, fields, line })
    }
}

impl BitextSource for UnitReader {
    fn next_row(&mut self) -> Result<Option<BitextRow>> {
        while let Some((unit, line)) = self.memory.next()? {
            match self.row(unit, line) {
                Some(row) => return Ok(Some(row)),
                None => self.untranslated += 1,
            }
        }
        Ok(None)
    }

    fn languages(&self) -> Option<[String; 2]> {
        self.languages.clone()
    }

    fn untranslated(&self) -> u64 {
        self.untranslated
    }

    fn with_more_texts(&self) -> u64 {
        self.with_more_texts
    }
}

/// Returns the languages to look for: the requested ones, by default Arabic and English.
fn pair_of_languages(requested: &[Option<String>; 2], english_first: bool) -> [&str; 2] {
    let other = |lang: &str| if is_language(lang, "ar") { "en" } else { "ar" };
    match requested {
        [Some(src), Some(tgt)] => [src, tgt],
        [Some(src), None] => [src, other(src)],
        [None, Some(tgt)] => [other(tgt), tgt],
        [None, None] if english_first => ["en", "ar"],
        [None, None] => ["ar", "en"],
    }
}

/// Writes units.
struct TmxLayout {
    header: BitextHeader,
    langs: [String; 2],
}

impl TmxLayout {
    fn new(header: &BitextHeader) -> Self {
        let mut none = Losses::default();
        let langs = [&header.src_lang, &header.tgt_lang].map(|lang| attribute(lang, &mut none));
        Self { header: header.clone(), langs }
    }
}

impl RowLayout for TmxLayout {
    fn start(&mut self, out: &mut Buffers) -> Result<()> {
        let losses = &mut out.losses;
        let mut text = format!(
            concat!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
                "<tmx version=\"1.4\">\n",
                "  <header creationtool=\"nasaq\" creationtoolversion=\"{}\" segtype=\"sentence\"",
                " o-tmf=\"nasaq\" adminlang=\"en\" srclang=\"{}\" datatype=\"plaintext\"",
            ),
            attribute(&self.header.version, losses),
            self.langs[0],
        );
        if self.header.settings.is_empty() {
            text.push_str("/>\n");
        } else {
            text.push_str(">\n");
            for (name, value) in &self.header.settings {
                text.push_str("    ");
                prop(&mut text, PREFIX, name, value, losses);
            }
            text.push_str("  </header>\n");
        }
        text.push_str("  <body>\n");
        out.push(&text);
        Ok(())
    }

    fn row(&mut self, row: &BitextRow, out: &mut Buffers) -> Result<()> {
        let (src, tgt) = (&row.src, &row.tgt);
        if src.trim().is_empty() || tgt.trim().is_empty() {
            out.losses.add(Loss::OneSided);
            return Ok(());
        }
        let mut unit = String::with_capacity(256 + src.len() + tgt.len());
        unit.push_str("    <tu");
        if let Some(tuid) = row.get("tuid") {
            unit.push_str(&format!(" tuid=\"{}\"", attribute(&tuid.to_string(), &mut out.losses)));
        }
        unit.push_str(">\n");
        for (name, value) in &row.fields {
            if &**name != "tuid" && !matches!(value, FieldValue::Nothing) {
                // A property of another program keeps its name.
                let prefix = if name.starts_with("x-") { "" } else { PREFIX };
                unit.push_str("      ");
                prop(&mut unit, prefix, name, &value.to_string(), &mut out.losses);
            }
        }
        for (lang, text) in self.langs.iter().zip([src, tgt]) {
            unit.push_str("      <tuv xml:lang=\"");
            unit.push_str(lang);
            unit.push_str("\"><seg>");
            unit.push_str(&element(text, &mut out.losses));
            unit.push_str("</seg></tuv>\n");
        }
        unit.push_str("    </tu>\n");
        out.push(&unit);
        Ok(())
    }

    fn end(&mut self, out: &mut Buffers) -> Result<()> {
        out.push("  </body>\n</tmx>\n");
        Ok(())
    }
}

fn prop(out: &mut String, prefix: &str, name: &str, value: &str, losses: &mut Losses) {
    let (name, value) = (attribute(name, losses), element(value, losses));
    out.push_str(&format!("<prop type=\"{prefix}{name}\">{value}</prop>\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_programs_are_read() {
        let text = r#"<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx11.dtd">
<tmx version="1.1"><header><prop type="x">h</prop></header><body>
<!-- a <tu> in a note --><tu><note>n</note><tuv lang="EN-US"><prop type="p">q</prop>
<seg>Press <bpt i="1">&lt;b></bpt>OK<ept i="1">&lt;/b></ept> &#x2192;<![CDATA[ <now>]]></seg></tuv>
<tuv lang="AR"><seg>اضغط</seg></tuv></tu></body></tmx>"#;
        let units = read_tmx(text).expect("a memory");
        let variant = |lang: &str, text: &str| TmxVariant { lang: lang.into(), text: text.into() };
        assert_eq!(units.len(), 1);
        assert_eq!(
            units[0].variants,
            [variant("EN-US", "Press OK → <now>"), variant("AR", "اضغط")]
        );
        assert!(units[0].props.is_empty(), "the properties of a variant are not the unit's");
    }

    #[test]
    fn highlighted_text_is_part_of_the_sentence_and_native_codes_are_not() {
        for (seg, text) in [
            (r#"انقر فوق <hi type="term">حفظ</hi> ثم اخرج."#, "انقر فوق حفظ ثم اخرج."),
            ("a <hi>b <hi>c</hi> d</hi> <hi/>e", "a b c d e"),
            ("<hi>a<ph>x<sub>y<hi>z</hi></sub></ph>b</hi>", "ab"),
            ("a<it pos=\"begin\">x</it><ut>y</ut> b", "a b"),
        ] {
            let file = format!("<tmx><body><tu><tuv><seg>{seg}</seg></tuv></tu></body></tmx>");
            assert_eq!(read_tmx(&file).expect("a memory")[0].variants[0].text, text, "{seg}");
        }
    }

    #[test]
    fn entities_are_not_expanded() {
        let text = "<!DOCTYPE tmx [<!ENTITY a \"x\">]>\n<tmx><body><tu><tuv><seg>&a;</seg>";
        assert_eq!(read_tmx(text).expect_err("an entity").to_string(), "line 2: the entity &a;");
    }

    #[test]
    fn errors_in_broken_files_name_the_line() {
        for (text, start) in [
            ("<tmx>\n<body>\n</tmx>", "line 3: this is not well-formed XML"),
            ("<tmx>\n<body>", "line 2: the file ends inside <tmx><body>"),
            ("\n<html></html>", "this is not TMX: it has no <tmx>"),
        ] {
            let message = read_tmx(text).expect_err("broken").to_string();
            assert!(message.starts_with(start), "{message}");
        }
    }

    #[test]
    fn requested_languages_are_used() {
        let some = |lang: &str| Some(lang.to_owned());
        assert_eq!(pair_of_languages(&[None, None], false), ["ar", "en"]);
        assert_eq!(pair_of_languages(&[None, None], true), ["en", "ar"]);
        assert_eq!(pair_of_languages(&[some("en-GB"), None], false), ["en-GB", "ar"]);
        assert_eq!(pair_of_languages(&[some("fr"), some("en")], true), ["fr", "en"]);
    }
}
