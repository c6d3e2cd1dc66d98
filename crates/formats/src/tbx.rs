//! Terminologies in TBX, [ISO 30042](https://www.tbxinfo.net/), of either edition: 2008
//! (`martif`, `termEntry`, `langSet`, `tig` or `ntig`, as
//! [LISA published it](https://www.ttt.org/oscarStandards/tbx/tbx_oscar.pdf)) and 2019 (`tbx`,
//! `conceptEntry`, `langSec`, `termSec`), and of any dialect, with its names prefixed or not.
//!
//! In one concept every Arabic term is paired with every English one. A language is known by its
//! subtag: `ar-EG` is Arabic. Other languages are skipped.
//!
//! Loses all but the terms: definitions, grammar, status (a deprecated term still occurs in texts)
//! and which regions a term is used in.

use crate::error::{Error, ErrorKind, Result};
use crate::lexicon::{TermPair, one_line};
use crate::xml::{Node, XmlReader};
use nasaq::Language;

/// The most terms of a concept in one language: all are paired with all of the other language.
const MOST_TERMS: usize = 100;

/// Reads the Arabic and English terms of a terminology as pairs.
///
/// # Errors
/// [`ErrorKind::Xml`] for what is not well-formed, [`ErrorKind::Syntax`] for another kind of XML
/// file, an entity, a language section that names no language and a concept of more than a hundred
/// terms in a language, each with the line; [`ErrorKind::NoTerms`] where no concept has both
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
                    let wanted = "a terminology is <martif> or <tbx>; a list of pairs can be TSV";
                    return Err(Error::syntax(reader.line(), what, wanted));
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
            // Inside a term there may be marked text; all of it is the term's.
            Node::Text(piece) => {
                if let Some(term) = &mut term {
                    term.push_str(&piece);
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

/// Tells whether an element holds the term itself, and not one that a note speaks of.
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
        if terms.len() == MOST_TERMS {
            let what = format!("a concept with more than {MOST_TERMS} terms in a language");
            let wanted = "a concept holds the words for one thing; write lists of pairs as TSV";
            return Err(ErrorKind::Syntax { what, remedy: wanted.into() }.into());
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
            let with = move |english: &String| TermPair {
                arabic: arabic.clone(),
                english: english.clone(),
                similarity: TermPair::DEFAULT_SIMILARITY,
            };
            english.iter().map(with).collect::<Vec<_>>()
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
    fn errors_name_the_line_and_what_is_wrong() {
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
    fn hostile_files_cost_no_more_than_their_length() {
        // Entities inside entities, a billion deep.
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

        // One concept whose terms would make as many pairs as their number squared.
        let many = |language: &str| {
            let terms: String =
                (0..20_000).map(|i| format!("<tig><term>{i}</term></tig>")).collect();
            format!("<langSet xml:lang=\"{language}\">{terms}</langSet>")
        };
        let concept = format!("<termEntry>{}{}</termEntry>", many("ar"), many("en"));
        let error = read_tbx(&file(&concept)).expect_err("too many");
        assert!(error.to_string().contains("more than 100 terms"), "{error}");

        // Elements that never end: the message names only the last of them.
        let error = read_tbx(&format!("<tbx>{}", "<a>".repeat(100_000))).expect_err("no end");
        assert!(error.to_string().len() < 100, "{error}");
    }

    proptest! {
        #[test]
        fn reading_gives_back_what_was_written(
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
