//! Terminologies in TBX, [ISO 30042](https://www.tbxinfo.net/), of either edition: 2008
//! (`martif`, `termEntry`, `langSet`, `tig` or `ntig`, as
//! [LISA published it](https://www.ttt.org/oscarStandards/tbx/tbx_oscar.pdf)) and 2019 (`tbx`,
//! `conceptEntry`, `langSec`, `termSec`), and of any dialect, with its names prefixed or not.
//!
//! In each concept every Arabic term is paired with every English one. The primary subtag of a
//! language counts: `ar-EG` is Arabic. Other languages are skipped.
//!
//! Loses everything but the terms: definitions, grammar, status (a deprecated term still occurs in
//! texts) and the regions in which a term is used.

use crate::error::{Error, ErrorKind, Result};
use crate::lexicon::{TermPair, one_line};
use crate::xml::{Node, XmlReader};
use nasaq::Language;

/// The maximum number of terms of a concept in one language, because all are paired with all of the
/// other language.
const MAX_TERMS: usize = 100;

/// Reads the Arabic and English terms of a terminology as pairs.
///
/// # Errors
/// With the line, [`ErrorKind::Xml`] for XML that is not well-formed, and [`ErrorKind::Syntax`] for
/// another kind of XML file, an entity, a language section without a language and a concept with
/// more than a hundred terms in a language; [`ErrorKind::NoTerms`] if no concept has both
/// languages.
pub fn read_tbx(text: &str) -> Result<Vec<TermPair>> {
    let mut reader = XmlReader::new(text);
    let mut pairs = Vec::new();
    let mut concept = Concept::default();
    let mut language = None;
    let mut term: Option<String> = None;
    while let Some(node) = reader.next()? {
        match node {
            Node::Start(tag) => {
                let name = reader.up(0).unwrap_or_default();
                if reader.up(1).is_none() && !matches!(name, "martif" | "tbx") {
                    let what = format!("this XML file is <{name}> and not TBX");
                    let advice = "a terminology is <martif> or <tbx>; a list of pairs can be TSV";
                    return Err(Error::syntax(reader.line(), what, advice));
                }
                match name {
                    "termEntry" | "conceptEntry" => concept = Concept::default(),
                    "langSet" | "langSec" => {
                        let lang = reader.attribute(&tag, &["xml:lang", "lang"])?;
                        let lang = lang.ok_or_else(|| {
                            let what = format!("<{name}> without xml:lang");
                            Error::syntax(reader.line(), what, "name the language, as in \"ar\"")
                        })?;
                        language = lang.parse::<Language>().ok();
                    }
                    "term" if language.is_some() && is_term_section(reader.up(1)) => {
                        term = Some(String::new());
                    }
                    _ => {}
                }
            }
            // A term may contain inline elements, whose text belongs to it.
            Node::Text(text) => {
                if let Some(term) = &mut term {
                    term.push_str(&text);
                }
            }
            Node::End(name) => match name.as_str() {
                "term" if is_term_section(reader.up(0)) => {
                    if let (Some(term), Some(language)) = (term.take(), language) {
                        concept
                            .add(&term, language)
                            .map_err(|error| error.at_line(reader.line()))?;
                    }
                }
                "langSet" | "langSec" => language = None,
                "termEntry" | "conceptEntry" => pairs.extend(std::mem::take(&mut concept).pairs()),
                _ => {}
            },
        }
    }
    if pairs.is_empty() { Err(ErrorKind::NoTerms.into()) } else { Ok(pairs) }
}

/// Reports whether an element contains the term itself, and not a term in a note.
fn is_term_section(name: Option<&str>) -> bool {
    matches!(name, Some("tig" | "termGrp" | "termSec"))
}

/// The terms of one concept.
#[derive(Default)]
struct Concept {
    arabic: Vec<String>,
    english: Vec<String>,
}

impl Concept {
    fn add(&mut self, term: &str, language: Language) -> Result<()> {
        let terms = match language {
            Language::Arabic => &mut self.arabic,
            Language::English => &mut self.english,
        };
        if terms.len() == MAX_TERMS {
            let what = format!("a concept with more than {MAX_TERMS} terms in a language");
            let advice = "a concept has the words for one thing; write lists of pairs as TSV";
            return Err(ErrorKind::Syntax { what, remedy: advice.into() }.into());
        }
        let term = one_line(term);
        if !term.is_empty() && !terms.contains(&term) {
            terms.push(term);
        }
        Ok(())
    }

    fn pairs(self) -> impl Iterator<Item = TermPair> {
        let Self { arabic, english } = self;
        arabic.into_iter().flat_map(move |arabic| {
            let pair = move |english: &String| TermPair::new(arabic.clone(), english.clone());
            english.iter().map(pair).collect::<Vec<_>>()
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn terms(text: &str) -> Vec<(String, String)> {
        let pairs = read_tbx(text).expect("a terminology");
        assert!(pairs.iter().all(|pair| pair.similarity == TermPair::DEFAULT_SIMILARITY));
        pairs.into_iter().map(|pair| (pair.arabic, pair.english)).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(a, e)| ((*a).to_owned(), (*e).to_owned())).collect()
    }

    #[test]
    fn edition_of_2008_is_read() {
        let text = r#"<?xml version="1.0"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en"><martifHeader><fileDesc/></martifHeader><text><body>
<termEntry id="1"><descrip type="subjectField">x</descrip>
  <langSet xml:lang="en-US"><tig><term>home
    page</term><termNote type="partOfSpeech">noun</termNote></tig>
    <ntig><termGrp><term>start <hi>page</hi></term></termGrp></ntig></langSet>
  <langSet xml:lang="fr"><tig><term>accueil</term></tig></langSet>
  <langSet xml:lang="ar-SA"><tig><term>صفحة رئيسية</term></tig></langSet></termEntry>
<termEntry id="2"><langSet xml:lang="en"><tig><term>alone</term></tig></langSet></termEntry>
</body></text></martif>"#;
        let expected = [("صفحة رئيسية", "home page"), ("صفحة رئيسية", "start page")];
        assert_eq!(terms(text), pairs(&expected));
    }

    #[test]
    fn edition_of_2019_is_read_with_prefixes_too() {
        let text = r#"<tbx type="TBX-Basic" style="dct" xml:lang="en"
  xmlns="urn:iso:std:iso:30042:ed-2" xmlns:min="http://www.tbxinfo.net/ns/min"><text><body>
<conceptEntry id="c1"><min:subjectField>law</min:subjectField>
  <langSec xml:lang="ar"><termSec><term>عقد</term><min:partOfSpeech>noun</min:partOfSpeech></termSec>
    <termSec><term>اتفاق &amp; عقد</term></termSec><termSec><term/></termSec></langSec>
  <langSec xml:lang="en"><termSec><term><![CDATA[contract]]></term></termSec></langSec>
</conceptEntry></body></text></tbx>"#;
        let expected = [("عقد", "contract"), ("اتفاق & عقد", "contract")];
        assert_eq!(terms(text), pairs(&expected));
        let prefixed = text
            .replace("conceptEntry", "t:conceptEntry")
            .replace("langSec", "t:langSec")
            .replace("termSec", "t:termSec");
        assert_eq!(terms(&prefixed), pairs(&expected));
    }

    fn file(body: &str) -> String {
        format!("<martif>\n<text><body>\n{body}</body></text></martif>")
    }

    fn entry(arabic: &str, english: &str) -> String {
        format!(
            "<termEntry><langSet xml:lang=\"ar\"><tig><term>{arabic}</term></tig></langSet>\
             <langSet xml:lang=\"en\"><tig><term>{english}</term></tig></langSet></termEntry>"
        )
    }

    #[test]
    fn errors_name_the_line_and_the_problem() {
        for (text, message) in [
            ("<tmx><body/></tmx>".to_owned(), "line 1: this XML file is <tmx> and not TBX"),
            (file("<termEntry>\n<langSet><tig/>"), "line 4: <langSet> without xml:lang"),
            (file(&entry("س", "&name;")), "line 3: the entity &name;"),
            (file("\n</termEntry>"), "line 4: this is not well-formed XML"),
            (
                file("<termEntry></termEntry>"),
                "this file has no Arabic term with an English translation",
            ),
            ("<tbx>\n<text>\n<body>".to_owned(), "line 3: the file ends inside <tbx><text><body>"),
        ] {
            assert_eq!(read_tbx(&text).expect_err("no terminology").to_string(), message);
        }
    }

    #[test]
    fn hostile_files_are_refused_cheaply() {
        // Nested entities that would expand to a billion texts.
        let mut bomb = String::from("<!DOCTYPE martif [<!ENTITY a0 \"x\">");
        for level in 1..30 {
            let inner = format!("&a{};", level - 1).repeat(10);
            bomb.push_str(&format!("<!ENTITY a{level} \"{inner}\">"));
        }
        bomb.push_str("]>\n");
        let error = read_tbx(&(bomb + &file(&entry("س", "&a29;")))).expect_err("an entity");
        assert!(error.to_string().ends_with("the entity &a29;"), "{error}");

        // An entity that names a file.
        let outside = "<!DOCTYPE martif [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
        let error = read_tbx(&format!("{outside}{}", file(&entry("س", "&x;")))).expect_err("one");
        assert!(error.to_string().ends_with("the entity &x;"), "{error}");

        // A concept whose pairs are quadratic in the number of its terms.
        let many = |language: &str| {
            let terms: String =
                (0..20_000).map(|i| format!("<tig><term>{i}</term></tig>")).collect();
            format!("<langSet xml:lang=\"{language}\">{terms}</langSet>")
        };
        let concept = format!("<termEntry>{}{}</termEntry>", many("ar"), many("en"));
        let error = read_tbx(&file(&concept)).expect_err("too many");
        assert!(error.to_string().contains("more than 100 terms"), "{error}");

        // Elements that never end: the message names only the innermost ones.
        let error = read_tbx(&format!("<tbx>{}", "<a>".repeat(100_000))).expect_err("no end");
        assert!(error.to_string().len() < 100, "{error}");
    }

    proptest! {
        #[test]
        fn reading_restores_what_was_written(
            rows in prop::collection::vec(("[ء-ي]{1,6}", "[a-z<&>]{1,6}"), 1..6)
        ) {
            let body: String = rows
                .iter()
                .map(|(arabic, english)| entry(arabic, &quick_xml::escape::escape(english)))
                .collect();
            prop_assert_eq!(terms(&file(&body)), rows);
        }

        #[test]
        fn no_text_makes_the_reader_panic(
            text in "(<martif>|</martif>|<termEntry>|<langSet xml:lang='ar'>|<tig>|<term>|</term>|</|&a;|ب|\\PC){0,30}"
        ) {
            let _ = read_tbx(&text);
        }
    }
}
