//! Translation memories: [TMX 1.4b](https://www.gala-global.org/tmx-14b) is written, every 1.x
//! read.
//!
//! **Reader.** A unit is a pair if it has both languages; other units are skipped and counted.
//! Languages are matched without their region unless a region is requested; by default they are
//! Arabic and English, or the two languages of the file, the `srclang` of the header first. The
//! `tuid` and the properties of a unit become fields; nasaq's own begin with `x-nasaq-`. The
//! content of `<hi>` is part of the sentence, and so is text in a `<tuv>` without `<seg>`. Native
//! codes (`<bpt>`, `<ept>`, `<it>`, `<ph>`, `<ut>`) are removed with their content, including a
//! `<sub>` in it, and leave a space or a line break where they divided words. Notes, properties of
//! variants and all but the first text of a language are not in any field.
//!
//! **Writer.** A unit that was read from TMX is copied as it is, with the rest of its file; see
//! `verbatim.rs`. Other pairs are written as CAT tools accept it: an XML declaration, a header with every attribute that the
//! standard requires, one `<tu>` per pair with the `<tuv>` of the source first. There is no
//! `<!DOCTYPE>`: strict readers refuse one (it could name external entities) or look for
//! `tmx14.dtd` next to the file, and none needs it. There is no creation date, so that the same
//! input produces the same bytes.
//!
//! Loses pairs with text on one side only, characters that XML 1.0 forbids, types of values (all
//! become text) and empty values. Beads are written with document, kind and probability but without
//! offsets, and their line breaks become spaces; line breaks of other pairs are preserved.

use super::Loss;
use super::copied::PREFIX;
use super::entry::{FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry};
use crate::bead_writer::unit_row;
use crate::error::Result;
use crate::xml::XmlReader;

mod layout;
mod pairs;
mod selection;
mod units;

use layout::TmxLayout;
use pairs::UnitReader;
use units::TmxReader;

pub(crate) const TMX: FormatEntry = FormatEntry {
    name: "tmx",
    endings: &["tmx"],
    description: "Translation memory, TMX 1.4b",
    recognise: |start| Likeness::Likely.when(start.starts_with(b"<")),
    reader: Some(ReaderEntry {
        more_files: &[0],
        open: OpenReader::Text(|files| Ok(Box::new(UnitReader::new(files.first, files.input)))),
    }),
    writer: Some(WriterEntry {
        files: 1,
        start: |settings| Ok(Box::new(TmxLayout::new(settings.header, settings.added))),
        bead_row: unit_row,
        metadata_prefix: "meta-",
        single_document: None,
        needs_times: false,
    }),
    losses: &[
        Loss::OneSided,
        Loss::Improbable,
        Loss::UnreadProbability,
        Loss::Characters,
        Loss::Header,
        Loss::Properties,
    ],
    has_columns: false,
    is_binary: false,
};

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
/// With the line, [`ErrorKind::Xml`](crate::ErrorKind::Xml) for XML that is not well-formed and
/// [`ErrorKind::Syntax`](crate::ErrorKind::Syntax) for an entity and for a file that is not TMX.
pub fn read_tmx(text: &str) -> Result<Vec<TmxUnit>> {
    let mut memory = TmxReader::new(XmlReader::new(text));
    let mut units = Vec::new();
    while let Some(read) = memory.next()? {
        units.push(read.unit);
    }
    Ok(units)
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
            ("<hi>a<ph>x<sub>y<hi>z</hi></sub></ph>b</hi>", "a b"),
            ("a<it pos=\"begin\">x</it><ut>y</ut> b", "a b"),
            ("un<bpt i=\"1\" type=\"bold\">x</bpt>able<ept i=\"1\">y</ept>.", "unable."),
            ("one<ph type=\"lb\"/>two", "one\ntwo"),
            ("one<ph>&lt;br/&gt;</ph>two", "one\ntwo"),
            ("أوّلُ<ph>{0}</ph>ثان", "أوّلُ ثان"),
        ] {
            let file = format!("<tmx><body><tu><tuv><seg>{seg}</seg></tuv></tu></body></tmx>");
            assert_eq!(read_tmx(&file).expect("a memory")[0].variants[0].text, text, "{seg}");
        }
    }

    #[test]
    fn text_without_a_segment_is_read() {
        let text = "<tmx><body><tu><tuv lang='en'>\n Open <ph>x</ph>it\n</tuv>\
                    <tuv lang='ar'> <note>n</note><prop>p</prop><seg>افتح</seg> </tuv></tu></body></tmx>";
        let units = read_tmx(text).expect("a memory");
        assert_eq!(units[0].variants[0].text, "Open it");
        assert_eq!(units[0].variants[1].text, "افتح");
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
}
