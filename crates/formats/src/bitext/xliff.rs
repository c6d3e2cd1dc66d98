//! XLIFF: [1.2](https://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html),
//! [2.0](https://docs.oasis-open.org/xliff/xliff-core/v2.0/xliff-core-v2.0.html) and
//! [2.1](https://docs.oasis-open.org/xliff/xliff-core/v2.1/xliff-core-v2.1.html) are read, 2.1 is
//! written.
//!
//! **Reader.** A pair is a `<segment>` of 2.x or a `<trans-unit>` of 1.2, or each segment of one
//! whose source and target are both divided by `<mrk mtype="seg">`. A pair without a target is
//! untranslated; it is skipped and counted. Fields of a pair are the `original` of the file as
//! `doc`, `id`, the id of the segment as `segment`, `state`, notes as `note`, and metadata by their
//! type. Inline elements lose their codes but not the text that they enclose, and leave a space or
//! a line break where they divided words; alternative translations, ignorables and other modules
//! are ignored. `<cp>` is the character that it represents. Of a document with files in several
//! languages those in the requested ones are read, or those in Arabic and English; the others are
//! counted.
//!
//! **Writer.** A unit that was read from XLIFF is copied as it is, with the rest of its document;
//! see `verbatim.rs`. For other pairs: one `<file>` per document, one `<unit>` per pair, with the direction of its script.
//! The fields are metadata of the category `nasaq`, except that a `note` is a note and an `id` is
//! the `name` of the unit. A `state` that 2.1 defines is also that of the segment; a pair that
//! gettext calls fuzzy is `initial`, and every other pair is `translated`. A character that XML 1.0
//! forbids is written as `<cp>` in a text and removed elsewhere.
//!
//! Loses types of values (all become text, except those of nasaq's own columns) and empty values.

use super::Loss;
use super::entry::{FormatEntry, Likeness, OpenReader, ReaderEntry, WriterEntry};
use crate::bead_writer::full_row;

mod codes;
mod layout;
mod reader;
mod unit;
mod units;

use layout::XliffLayout;
use reader::SegmentReader;

pub(crate) const XLIFF: FormatEntry = FormatEntry {
    name: "xliff",
    endings: &["xliff", "xlf"],
    description: "XLIFF for translation tools: reads 1.2, 2.0 and 2.1, writes 2.1",
    recognise: |start| {
        Likeness::Certain.when(
            start.starts_with(b"<") && (start.contains(b"<xliff") || start.contains(b":xliff")),
        )
    },
    reader: Some(ReaderEntry {
        more_files: &[0],
        open: OpenReader::Text(|files| Ok(Box::new(SegmentReader::new(files.first, files.input)))),
    }),
    writer: Some(WriterEntry {
        files: 1,
        start: |settings| Ok(Box::new(XliffLayout::new(settings.header, settings.added))),
        bead_row: full_row,
        metadata_prefix: "",
        single_document: None,
        needs_times: false,
    }),
    losses: &[Loss::Characters],
    has_columns: false,
    is_binary: false,
};

/// The prefix of the ids of files that nasaq wrote.
const OWN: &str = "nasaq-";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::entry::BitextSource;
    use crate::bitext::writer::{Buffers, RowLayout};
    use crate::bitext::{BitextInput, BitextRow, FieldValue};
    use crate::format::BitextHeader;

    fn reader(text: &str) -> SegmentReader<&[u8]> {
        SegmentReader::new(text.as_bytes(), &BitextInput::file("a.xliff"))
    }

    fn read(text: &str) -> (Vec<(String, String, String)>, u64) {
        let mut segments = reader(text);
        let mut rows = Vec::new();
        while let Some(row) = segments.next_row().expect("XLIFF") {
            let fields: Vec<String> =
                row.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
            rows.push((row.src, row.tgt, fields.join(" ")));
        }
        (rows, segments.untranslated())
    }

    fn row(src: &str, tgt: &str, fields: &str) -> (String, String, String) {
        (src.into(), tgt.into(), fields.into())
    }

    #[test]
    fn version_1_2_is_read() {
        let (rows, untranslated) = read(
            r#"<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="a.docx" source-language="en" target-language="ar" datatype="plaintext"><body>
<group><trans-unit id="1"><source>Press <g id="1">OK</g> <ph id="2">{0}</ph>now</source>
<target state="final">اضغط <g id="1">موافق</g></target><note>button</note>
<alt-trans><source>No</source><target>لا</target></alt-trans></trans-unit></group>
<trans-unit id="2"><source>One. Two.</source>
<seg-source><mrk mtype="seg" mid="a">One.</mrk> <mrk mtype="seg" mid="b">Two.</mrk></seg-source>
<target><mrk mtype="seg" mid="b">اثنان.</mrk> <mrk mtype="seg" mid="a">واحد.</mrk></target></trans-unit>
<trans-unit id="3"><source>New</source></trans-unit>
</body></file></xliff>"#,
        );
        assert_eq!(
            rows,
            [
                row("Press OK now", "اضغط موافق", "doc=a.docx id=1 state=final note=button"),
                row("One.", "واحد.", "doc=a.docx id=2 segment=a"),
                row("Two.", "اثنان.", "doc=a.docx id=2 segment=b"),
            ]
        );
        assert_eq!(untranslated, 1);
    }

    #[test]
    fn version_2_is_read() {
        let (rows, untranslated) = read(
            r#"<x:xliff xmlns:x="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="ar" trgLang="en">
<x:file id="f"><x:unit id="u"><x:notes><x:note>n</x:note></x:notes><x:originalData><x:data id="d">b</x:data></x:originalData>
<x:segment id="s1" state="reviewed"><x:source>نعم <x:pc id="1">حقا</x:pc><x:cp hex="001A"/></x:source><x:target>Yes<x:ph id="2"/> really</x:target></x:segment>
<x:ignorable><x:source> </x:source></x:ignorable>
<x:segment id="s2"><x:source>لا</x:source><x:target>No</x:target></x:segment>
<x:segment><x:source>جديد</x:source></x:segment></x:unit></x:file></x:xliff>"#,
        );
        assert_eq!(
            rows,
            [
                row("نعم حقا\u{1a}", "Yes really", "id=u segment=s1 state=reviewed note=n"),
                row("لا", "No", "id=u segment=s2 note=n"),
            ]
        );
        assert_eq!(untranslated, 1);
    }

    #[test]
    fn states_and_notes_are_written_as_attributes_and_elements() {
        let fields = |state: &str, flags: &str| {
            let field =
                |(name, text): (&str, &str)| (name.into(), FieldValue::Text(text.to_owned()));
            [("state", state), ("flags", flags), ("note", "a & b")].map(field).to_vec()
        };
        for (tgt, state, flags, written) in [
            ("Yes", "final", "", "<segment state=\"final\">"),
            ("Yes", "signed-off", "", "<segment state=\"translated\">"),
            ("Yes", "", "c-format, fuzzy", "<segment state=\"initial\">"),
            ("", "final", "", "<segment>"),
        ] {
            let fields = fields(state, flags);
            let row = BitextRow {
                src: "نعم".to_owned(),
                tgt: tgt.to_owned(),
                fields,
                line: 0,
                ..BitextRow::default()
            };
            let mut out = Buffers::default();
            XliffLayout::new(&BitextHeader::default(), &[]).row(&row, &mut out).expect("memory");
            let text = String::from_utf8_lossy(&out.files[0]);
            assert!(text.contains(written), "{text}");
            assert_eq!(text.matches("a &amp; b").count(), 1, "{text}");
        }
    }

    #[test]
    fn errors_in_broken_files_name_the_line() {
        for (text, start) in [
            ("<xliff>\n<file>\n</xliff>", "line 3: this is not well-formed XML"),
            ("<xliff>\n<file>", "line 2: the file ends inside <xliff><file>"),
            ("<tmx></tmx>", "this is not XLIFF: it has no <xliff>"),
            ("<xliff>\n<a>&b;</a></xliff>", "line 2: the entity &b;"),
        ] {
            let error = reader(text).next_row().map(|_| ()).expect_err("broken").to_string();
            assert!(error.starts_with(start), "{error}");
        }
    }

    #[test]
    fn codes_leave_a_space_or_a_line_break_between_words() {
        let unit = |text: &str| {
            format!(
                "<unit id='1'><originalData><data id='d'>&lt;br/></data></originalData><segment>\
                     <source>{text}</source><target>x</target></segment></unit>"
            )
        };
        for (text, expected) in [
            ("Open <pc id='1'>it</pc><ph id='2'/>now", "Open it now"),
            ("First<ph id='1' dataRef='d'/>Second", "First\nSecond"),
            ("First<ph id='1' subType='xlf:lb'/>Second", "First\nSecond"),
            ("un<pc id='1' type='fmt'>do</pc>ing", "undoing"),
            ("file<sc id='1'/>s<ec startRef='1'/>.", "file s."),
            ("a<mrk id='1' type='term'>b</mrk>c", "abc"),
        ] {
            let (rows, _) = read(&format!(
                "<xliff version='2.0' srcLang='en' trgLang='ar'><file id='f'>{}</file></xliff>",
                unit(text)
            ));
            assert_eq!(rows[0].0, expected, "{text}");
        }
        for (text, expected) in [
            ("now<x id='1'/>please", "now please"),
            ("now<x id='1' ctype='lb'/>please", "now\nplease"),
            ("now<bpt id='1'>&lt;a></bpt>please<ept id='1'>&lt;/a></ept>.", "now please."),
            ("now<ph id='1'>&lt;br></ph>please", "now\nplease"),
            ("un<g id='1' ctype='bold'>do</g>ing", "undoing"),
            ("the <g id='1'>file</g>now", "the file now"),
        ] {
            let (rows, _) = read(&format!(
                "<xliff version='1.2'><file source-language='en' target-language='ar'><body><trans-unit id='1'><source>{text}</source><target>x</target></trans-unit></body></file></xliff>"
            ));
            assert_eq!(rows[0].0, expected, "{text}");
        }
    }

    #[test]
    fn only_one_pair_of_languages_is_read() {
        let file = |tgt: &str, text: &str| {
            format!(
                "<file original='{tgt}' source-language='en-US' target-language='{tgt}'><body>\
                     <trans-unit id='1'><source>Open</source><target>{text}</target></trans-unit></body></file>"
            )
        };
        let doc = |files: &[String]| format!("<xliff version='1.2'>{}</xliff>", files.concat());
        let texts = |text: &str, languages: [Option<&str>; 2]| {
            let languages = languages.map(|lang| lang.map(str::to_owned));
            let input = BitextInput::file("a.xliff").with_languages(languages);
            let mut segments = SegmentReader::new(text.as_bytes(), &input);
            let mut texts = Vec::new();
            while let Some(row) = segments.next_row().expect("XLIFF") {
                texts.push(row.tgt);
            }
            (texts, segments.untranslated())
        };
        let (french, arabic) = (file("fr", "Ouvrir"), file("arb", "افتح"));
        let both = doc(&[french.clone(), arabic.clone(), french.clone()]);
        assert_eq!(texts(&both, [None, None]), (vec!["افتح".to_owned()], 2));
        assert_eq!(texts(&both, [None, Some("fr")]), (vec!["Ouvrir".to_owned(); 2], 1));
        assert_eq!(texts(&both, [None, Some("ar")]).0.len(), 1);
        let one = doc(&[french.clone(), french.clone()]);
        assert_eq!(texts(&one, [None, None]).0.len(), 2, "the only languages");
        let others = doc(&[french, file("de", "Offnen")]);
        assert_eq!(texts(&others, [None, None]), (vec![], 2));
    }
}
