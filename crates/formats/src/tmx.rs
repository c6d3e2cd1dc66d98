//! Translation memories in [TMX 1.4b](https://www.gala-global.org/tmx-14b).
//!
//! Written as CAT tools take it: an XML declaration, a header with every attribute that the
//! standard requires, one `<tu>` a bead with the source language's `<tuv>` first. There is no
//! `<!DOCTYPE>`: strict readers refuse one (it could name outside entities) or look for
//! `tmx14.dtd` beside the file, and none needs it. There is no creation date, so that the same
//! input gives the same bytes.
//!
//! Each unit has the properties `x-nasaq-probability` (four decimals), `x-nasaq-kind` (`1-2`) and
//! `x-nasaq-doc`, and `x-nasaq-meta-…` for the metadata of its document; its `tuid` is the number of
//! the bead in the file, from 0. The header has `x-nasaq-…`
//! properties for the settings.
//!
//! Loses the nulls, which have no translation, offsets and score; a line break inside a text
//! becomes a space, and characters that XML 1.0 forbids are dropped.

use std::borrow::Cow;
use std::io::Write;

use quick_xml::escape::{escape, partial_escape};

use crate::error::{Error, Result};
use crate::format::Header;
use crate::metadata::{Metadata, text_of};
use crate::record::BeadRecord;
use crate::xml::{Node, XmlReader};

/// Writes beads as translation units.
#[derive(Debug)]
pub struct TmxWriter<W> {
    out: W,
    src_lang: String,
    tgt_lang: String,
    /// Beads so far, those left out too.
    beads: usize,
    /// The properties that the current document's metadata make, each on its line.
    metadata: String,
}

impl<W: Write> TmxWriter<W> {
    /// Starts a file with its header.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where writing fails.
    pub fn new(mut out: W, header: &Header) -> Result<Self> {
        write_header(&mut out, header)?;
        let (src_lang, tgt_lang) = (attribute(&header.src_lang), attribute(&header.tgt_lang));
        Ok(Self { out, src_lang, tgt_lang, beads: 0, metadata: String::new() })
    }

    /// Takes the metadata of the document that the next beads belong to.
    pub(crate) fn document(&mut self, metadata: &Metadata) {
        self.metadata.clear();
        for (name, value) in metadata {
            if let Some(value) = text_of(Some(value)) {
                let prop = prop(&format!("meta-{name}"), &value);
                self.metadata.push_str(&format!("      {prop}\n"));
            }
        }
    }

    /// Writes one unit; a null or a bead without text on one side is left out.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where writing fails.
    pub fn write(&mut self, record: &BeadRecord) -> Result<()> {
        let number = self.beads;
        self.beads += 1;
        let (src, tgt) = (segment(&record.src), segment(&record.tgt));
        if record.kind.is_null() || src.trim().is_empty() || tgt.trim().is_empty() {
            return Ok(());
        }
        write!(
            self.out,
            "    <tu tuid=\"{}\">\n      {}\n      {}\n      {}\n{}\
             \x20     <tuv xml:lang=\"{}\"><seg>{src}</seg></tuv>\n\
             \x20     <tuv xml:lang=\"{}\"><seg>{tgt}</seg></tuv>\n    </tu>\n",
            number,
            prop("doc", &record.doc),
            prop("kind", &record.kind.to_string()),
            prop("probability", &format!("{:.4}", record.probability)),
            self.metadata,
            self.src_lang,
            self.tgt_lang,
        )
        .map_err(Error::writing)
    }

    /// Ends the file and gives the output back.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where writing fails.
    pub fn finish(mut self) -> Result<W> {
        self.out.write_all(b"  </body>\n</tmx>\n").map_err(Error::writing)?;
        Ok(self.out)
    }
}

/// Writes all that stands before the first unit.
pub(crate) fn write_header(out: &mut impl Write, header: &Header) -> Result<()> {
    let mut text = format!(
        concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            "<tmx version=\"1.4\">\n",
            "  <header creationtool=\"nasaq\" creationtoolversion=\"{}\" segtype=\"sentence\"",
            " o-tmf=\"nasaq\" adminlang=\"en\" srclang=\"{}\" datatype=\"plaintext\"",
        ),
        attribute(&header.version),
        attribute(&header.src_lang),
    );
    if header.settings.is_empty() {
        text.push_str("/>\n");
    } else {
        text.push_str(">\n");
        for (name, value) in &header.settings {
            text.push_str(&format!("    {}\n", prop(name, value)));
        }
        text.push_str("  </header>\n");
    }
    text.push_str("  <body>\n");
    out.write_all(text.as_bytes()).map_err(Error::writing)
}

fn prop(name: &str, value: &str) -> String {
    format!("<prop type=\"x-nasaq-{}\">{}</prop>", attribute(name), segment(value))
}

/// Makes text fit into an element: legal, on one line, escaped.
pub(crate) fn segment(text: &str) -> String {
    let line = legal(text).replace("\r\n", " ").replace(['\r', '\n'], " ");
    partial_escape(line).into_owned()
}

/// Makes text fit into an attribute.
pub(crate) fn attribute(text: &str) -> String {
    escape(legal(text)).into_owned()
}

/// Drops what XML 1.0 forbids.
fn legal(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_xml_char) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| is_xml_char(*c)).collect())
}

/// Tells whether XML 1.0 allows a character (its production `Char`).
fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// One language's text of a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TmxVariant {
    /// The language tag as the file has it; empty where it has none.
    pub lang: String,
    /// The text of the `<seg>`, without inline markup.
    pub text: String,
}

/// One `<tu>` of a translation memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TmxUnit {
    /// The `<tuv>` elements in order.
    pub variants: Vec<TmxVariant>,
    /// The unit's own `<prop>` elements as type and text, in order.
    pub props: Vec<(String, String)>,
}

impl TmxUnit {
    /// Gives the text of the first property of a type.
    #[must_use]
    pub fn prop(&self, name: &str) -> Option<&str> {
        self.props.iter().find(|(found, _)| found == name).map(|(_, text)| text.as_str())
    }
}

/// Reads the units of a translation memory of any version 1.x.
///
/// Inline markup (`<bpt>`, `<ph>` and so on) is left out with its content, `<hi>` and `<sub>`
/// likewise. Entities other than the five of XML are an error: none is ever expanded.
///
/// # Errors
/// [`ErrorKind::Xml`](crate::ErrorKind::Xml) for what is not well-formed and
/// [`ErrorKind::Syntax`](crate::ErrorKind::Syntax) for an entity, both with the line.
pub fn read_tmx(text: &str) -> Result<Vec<TmxUnit>> {
    let mut reader = XmlReader::new(text);
    let mut units = Vec::new();
    let mut unit = TmxUnit::default();
    while let Some(node) = reader.next()? {
        match node {
            Node::Start(tag) => match (reader.up(0).unwrap_or_default(), reader.up(1)) {
                ("tu", _) => unit = TmxUnit::default(),
                ("tuv", Some("tu")) => {
                    let lang = reader.attribute(&tag, &["xml:lang", "lang"])?.unwrap_or_default();
                    unit.variants.push(TmxVariant { lang, text: String::new() });
                }
                ("prop", Some("tu")) => {
                    let name = reader.attribute(&tag, &["type"])?.unwrap_or_default();
                    unit.props.push((name, String::new()));
                }
                _ => {}
            },
            Node::Text(text) => match (reader.up(0), reader.up(1)) {
                (Some("seg"), Some("tuv")) => {
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
                    units.push(std::mem::take(&mut unit));
                }
            }
        }
    }
    Ok(units)
}

#[cfg(test)]
mod tests {
    use nasaq::BeadKind;
    use proptest::prelude::*;

    use super::*;
    use crate::record::strategies::record;

    fn write(records: &[BeadRecord], header: &Header) -> String {
        let mut writer = TmxWriter::new(Vec::new(), header).expect("memory");
        for record in records {
            writer.write(record).expect("memory");
        }
        String::from_utf8(writer.finish().expect("memory")).expect("UTF-8")
    }

    #[test]
    fn file_is_as_cat_tools_take_it() {
        let record = BeadRecord {
            doc: "a&b".to_owned(),
            bead: 7,
            kind: BeadKind { src: 1, tgt: 2 },
            src: "قال: <نعم>\u{0} & لا".to_owned(),
            tgt: "He said:\r\n\"yes\" & no".to_owned(),
            src_segments: [0, 1],
            tgt_segments: [0, 2],
            src_bytes: [0, 1],
            tgt_bytes: [0, 1],
            probability: 0.5,
            score: 0.0,
            moved: None,
            src_place: None,
            tgt_place: None,
        };
        let null = BeadRecord { kind: BeadKind { src: 1, tgt: 0 }, ..record.clone() };
        let header = Header {
            version: "1.2".to_owned(),
            settings: vec![("segmented".to_owned(), "true".to_owned())],
            ..Header::default()
        };
        assert_eq!(
            write(&[null, record], &header),
            r#"<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4">
  <header creationtool="nasaq" creationtoolversion="1.2" segtype="sentence" o-tmf="nasaq" adminlang="en" srclang="ar" datatype="plaintext">
    <prop type="x-nasaq-segmented">true</prop>
  </header>
  <body>
    <tu tuid="1">
      <prop type="x-nasaq-doc">a&amp;b</prop>
      <prop type="x-nasaq-kind">1-2</prop>
      <prop type="x-nasaq-probability">0.5000</prop>
      <tuv xml:lang="ar"><seg>قال: &lt;نعم&gt; &amp; لا</seg></tuv>
      <tuv xml:lang="en"><seg>He said: "yes" &amp; no</seg></tuv>
    </tu>
  </body>
</tmx>
"#
        );
    }

    #[test]
    fn foreign_files_are_read() {
        let text = r#"<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx11.dtd">
<tmx version="1.1"><header><prop type="x">h</prop></header><body>
<!-- a note --><tu><note>n</note><tuv lang="EN-US"><prop type="p">q</prop>
<seg>Press <bpt i="1">&lt;b></bpt>OK<ept i="1">&lt;/b></ept> &#x2192;<![CDATA[ <now>]]></seg></tuv>
<tuv lang="AR"><seg>اضغط</seg></tuv></tu></body></tmx>"#;
        let units = read_tmx(text).expect("a memory");
        let variant = |lang: &str, text: &str| TmxVariant { lang: lang.into(), text: text.into() };
        assert_eq!(units.len(), 1);
        assert_eq!(
            units[0].variants,
            [
                variant("EN-US", "Press OK →  <now>".replace("  ", " ").as_str()),
                variant("AR", "اضغط")
            ]
        );
        assert!(units[0].props.is_empty(), "the properties of a variant are not the unit's");
    }

    #[test]
    fn entities_are_not_expanded() {
        let text = "<!DOCTYPE tmx [<!ENTITY a \"x\">]>\n<tmx><body><tu><tuv><seg>&a;</seg>";
        assert_eq!(read_tmx(text).expect_err("an entity").to_string(), "line 2: the entity &a;");
    }

    #[test]
    fn broken_files_are_told_with_the_line() {
        for (text, start) in [
            ("<tmx>\n<body>\n</tmx>", "line 3: this is not well-formed XML"),
            ("<tmx>\n<body>", "line 2: the file ends inside <tmx><body>"),
        ] {
            let message = read_tmx(text).expect_err("broken").to_string();
            assert!(message.starts_with(start), "{message}");
        }
    }

    proptest! {
        #[test]
        fn reading_gives_back_what_was_written(beads in prop::collection::vec(record(), 0..6)) {
            let text = write(&beads, &Header::default());
            prop_assert!(text.chars().all(is_xml_char));
            let units = read_tmx(&text).expect("a memory");
            // The declared losses: nulls, line breaks, characters that XML forbids.
            let lossy = |text: &str| {
                let legal: String = text.chars().filter(|c| is_xml_char(*c)).collect();
                legal.replace("\r\n", " ").replace(['\r', '\n'], " ")
            };
            let kept: Vec<_> = beads
                .iter()
                .filter(|bead| !bead.kind.is_null())
                .map(|bead| (bead, lossy(&bead.src), lossy(&bead.tgt)))
                .filter(|(_, src, tgt)| !src.trim().is_empty() && !tgt.trim().is_empty())
                .collect();
            prop_assert_eq!(units.len(), kept.len());
            for (unit, (bead, src, tgt)) in units.iter().zip(kept) {
                prop_assert_eq!(&unit.variants[0], &TmxVariant { lang: "ar".into(), text: src });
                prop_assert_eq!(&unit.variants[1], &TmxVariant { lang: "en".into(), text: tgt });
                let probability: f32 = unit
                    .prop("x-nasaq-probability")
                    .and_then(|text| text.parse().ok())
                    .expect("a probability");
                prop_assert!((probability - bead.probability).abs() <= 6e-5);
                let kind = bead.kind.to_string();
                prop_assert_eq!(unit.prop("x-nasaq-kind"), Some(kind.as_str()));
            }
        }
    }
}
