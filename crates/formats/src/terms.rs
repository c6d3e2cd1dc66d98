//! Lists of terms: TSV, and TBX ([ISO 30042](https://www.tbxinfo.net/), edition 2019, dialect
//! TBX-Basic, in the style DCA).
//!
//! [`read_lexicon`](crate::read_lexicon) reads both. TBX has the terms, their number and score as a
//! note, and an example of each side as its context, without the characters that XML forbids; TSV has
//! everything.

use std::io::{self, Write};

use nasaq::{Language, Term};

use crate::bitext::Losses;
use crate::bitext::markup::element;
use crate::tsv::escape_field;

/// The formats of a list of terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TermFormat {
    /// Columns separated by tabs, with a header.
    Tsv,
    /// TermBase eXchange.
    Tbx,
}

const COLUMNS: &str =
    "src\ttgt\tscore\tcount\tsrc_count\ttgt_count\tin_lexicon\tpairs\tsrc_example\ttgt_example\n";

/// A writer of terms.
#[derive(Debug)]
pub struct TermWriter<W> {
    out: W,
    format: TermFormat,
    languages: [Language; 2],
    count: u64,
}

impl<W: Write> TermWriter<W> {
    /// Writes the beginning of a list.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(mut out: W, format: TermFormat, src_language: Language) -> io::Result<Self> {
        let languages = match src_language {
            Language::Arabic => [Language::Arabic, Language::English],
            Language::English => [Language::English, Language::Arabic],
        };
        match format {
            TermFormat::Tsv => out.write_all(COLUMNS.as_bytes())?,
            TermFormat::Tbx => write!(
                out,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                 <tbx type=\"TBX-Basic\" style=\"dca\" xml:lang=\"{}\" xmlns=\"urn:iso:std:iso:30042:ed-2\">\n\
                 <tbxHeader><fileDesc><sourceDesc><p>Terms that nasaq found in a bitext; not \
                 reviewed.</p></sourceDesc></fileDesc></tbxHeader>\n<text><body>\n",
                languages[0]
            )?,
        }
        Ok(Self { out, format, languages, count: 0 })
    }

    /// Writes a term with the texts of a pair that contains it.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&mut self, term: &Term, example: Option<[&str; 2]>) -> io::Result<()> {
        self.count += 1;
        match self.format {
            TermFormat::Tsv => self.write_row(term, example),
            TermFormat::Tbx => self.write_concept(term, example),
        }
    }

    fn write_row(&mut self, term: &Term, example: Option<[&str; 2]>) -> io::Result<()> {
        let pairs: Vec<String> = term.examples.iter().map(|at| (at + 1).to_string()).collect();
        let [src, tgt] = example.unwrap_or_default().map(escape_field);
        writeln!(
            self.out,
            "{}\t{}\t{:.4}\t{}\t{}\t{}\t{}\t{}\t{src}\t{tgt}",
            escape_field(&term.src),
            escape_field(&term.tgt),
            term.score,
            term.count,
            term.src_count,
            term.tgt_count,
            u8::from(term.is_known),
            pairs.join(" "),
        )
    }

    fn write_concept(&mut self, term: &Term, example: Option<[&str; 2]>) -> io::Result<()> {
        writeln!(
            self.out,
            "<conceptEntry id=\"t{}\"><note>{} of {} and {} pairs, score {:.4}</note>",
            self.count, term.count, term.src_count, term.tgt_count, term.score
        )?;
        // Only control characters of an example can be lost.
        let mut losses = Losses::default();
        for (side, text) in [&term.src, &term.tgt].into_iter().enumerate() {
            write!(
                self.out,
                "<langSec xml:lang=\"{}\"><termSec><term>{}</term>",
                self.languages[side],
                element(text, &mut losses)
            )?;
            if let Some(example) = example {
                let context = element(example[side], &mut losses);
                write!(self.out, "<descrip type=\"context\">{context}</descrip>")?;
            }
            self.out.write_all(b"</termSec></langSec>\n")?;
        }
        self.out.write_all(b"</conceptEntry>\n")
    }

    /// Writes the end of the list and returns what it was written to.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<W> {
        if self.format == TermFormat::Tbx {
            self.out.write_all(b"</body></text>\n</tbx>\n")?;
        }
        Ok(self.out)
    }
}

#[cfg(test)]
mod tests {
    use nasaq::{Lexicon, TermFinder, TermSettings};

    use super::*;
    use crate::read_lexicon;

    #[test]
    fn lists_are_read_back_as_lexicons() {
        let lexicon = Lexicon::empty();
        let mut finder = TermFinder::new(&lexicon, Language::Arabic, TermSettings::default());
        let pairs = [("قانون الماء & الهواء", "<law>"), ("هذا قانون", "a law"), ("بيت", "house")];
        pairs.iter().for_each(|(src, tgt)| finder.add(src, tgt));
        let terms = finder.find();
        for format in [TermFormat::Tsv, TermFormat::Tbx] {
            let mut writer = TermWriter::new(Vec::new(), format, Language::Arabic).expect("memory");
            writer.write(&terms[0], Some([pairs[0].0, pairs[0].1])).expect("memory");
            let text = String::from_utf8(writer.finish().expect("memory")).expect("UTF-8");
            let read = read_lexicon(&text).expect("a lexicon");
            assert_eq!((&*read[0].arabic, &*read[0].english), ("قانون", "law"), "{text}");
            assert_eq!(read.len(), 1);
            if format == TermFormat::Tsv {
                assert_eq!(read[0].similarity, 0.75);
            }
        }
    }
}
