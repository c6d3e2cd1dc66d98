//! A lexicon as columns separated by tabs, as
//! [IANA describes them](https://www.iana.org/assignments/media-types/text/tab-separated-values):
//! an Arabic and an English term, and optionally a similarity from 0 to 1. The list that `nasaq terms`
//! writes has more columns, which are skipped.
//!
//! The two terms may be in either order in each row: their scripts distinguish them. A first row
//! whose terms are both in one script is a header. Empty lines and lines that begin with `#` are
//! skipped. Nothing is quoted and nothing is escaped.
//!
//! Loses comments, the header and the order of the columns.

use nasaq_text::arabic_share;

use crate::error::{Error, ErrorKind, Result};
use crate::lexicon::{TermPair, one_line};
use crate::tsv::{cells, numbered_lines};

const EXPECTED_ROW: &str = "a row is an Arabic term, a tab and an English term, and optionally a tab and \
                            a number from 0 to 1";

/// How the header of a list of terms begins.
const TERM_COLUMNS: &str = "src\ttgt\tscore\tcount\t";

/// Reads a lexicon of two or three columns.
///
/// # Errors
/// [`ErrorKind::Syntax`] with the line for a row of another form, with both terms in one script,
/// or with an invalid similarity; [`ErrorKind::NoTerms`] if there is no pair.
pub fn read_lexicon_tsv(text: &str) -> Result<Vec<TermPair>> {
    let mut rows = numbered_lines(text)
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .peekable();
    let header = rows.next_if(|(_, line)| is_header(line));
    let is_term_list = header.is_some_and(|(_, line)| line.starts_with(TERM_COLUMNS));
    let pairs: Vec<TermPair> = rows
        .map(|(number, line)| {
            let fields: Vec<&str> = cells(line.trim_end_matches(['\t', ' '])).collect();
            row(&fields, is_term_list).map_err(|what| Error::syntax(number, what, EXPECTED_ROW))
        })
        .collect::<Result<_>>()?;
    if pairs.is_empty() { Err(ErrorKind::NoTerms.into()) } else { Ok(pairs) }
}

/// Reports whether a first row names the columns: whether its terms are in one script.
fn is_header(line: &str) -> bool {
    names_columns(cells(line))
}

/// Reports whether the first two fields are in one script.
pub(crate) fn names_columns<'f>(mut fields: impl Iterator<Item = &'f str>) -> bool {
    let mut arabic = || fields.next().map(is_arabic);
    matches!((arabic(), arabic()), (Some(first), Some(second)) if first.is_some() && first == second)
}

/// Reports whether a text is in Arabic; `None` if it has no letter.
fn is_arabic(text: &str) -> Option<bool> {
    arabic_share(text).map(|share| share >= 0.5)
}

/// Reads the fields of a row; those of a list of terms after the third are skipped.
pub(crate) fn row(fields: &[&str], is_term_list: bool) -> Result<TermPair, String> {
    let (first, second, similarity) = match *fields {
        [first, second] => (first, second, TermPair::DEFAULT_SIMILARITY),
        [first, second, third] => (first, second, similarity(third)?),
        [first, second, third, ..] if is_term_list => (first, second, similarity(third)?),
        [_] => return Err("one column where a pair has two".to_owned()),
        _ => return Err(format!("{} columns where a pair has two or three", fields.len())),
    };
    let (first, second) = (one_line(first), one_line(second));
    if first.is_empty() || second.is_empty() {
        return Err("a term is missing".to_owned());
    }
    // A term without letters, such as a number, is in the language that the other is not in.
    let swapped = match (is_arabic(&first), is_arabic(&second)) {
        (Some(true), Some(false) | None) | (None, Some(false)) => false,
        (Some(false), Some(true) | None) | (None, Some(true)) => true,
        (Some(true), Some(true)) => return Err("both terms are in Arabic".to_owned()),
        (Some(false), Some(false)) => return Err("neither term is in Arabic".to_owned()),
        (None, None) => return Err("neither term has a letter".to_owned()),
    };
    let (arabic, english) = if swapped { (second, first) } else { (first, second) };
    Ok(TermPair { arabic, english, similarity })
}

fn similarity(field: &str) -> Result<f32, String> {
    match field.trim() {
        "" => Ok(TermPair::DEFAULT_SIMILARITY),
        field => field
            .parse()
            .ok()
            .filter(|value| (0.0..=1.0).contains(value))
            .ok_or_else(|| "the third column is not a number from 0 to 1".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pair(arabic: &str, english: &str, similarity: f32) -> TermPair {
        TermPair { arabic: arabic.into(), english: english.into(), similarity }
    }

    #[test]
    fn all_accepted_forms_are_read() {
        let text = "# mine\n\nعربي\tإنجليزي\r\nخَرَزة\tbead\r\nladder\t سُلَّم \t0.25\n\
                    قاعدة  بيانات\tdatabase\t\nWi-Fi شبكة لاسلكية\tWi-Fi\t1\t\n١٩٤٨\tnineteen\n";
        let expected = [
            pair("خَرَزة", "bead", 1.0),
            pair("سُلَّم", "ladder", 0.25),
            pair("قاعدة بيانات", "database", 1.0),
            pair("Wi-Fi شبكة لاسلكية", "Wi-Fi", 1.0),
            pair("١٩٤٨", "nineteen", 1.0),
        ];
        assert_eq!(read_lexicon_tsv(text).expect("a lexicon"), expected);
    }

    #[test]
    fn header_is_optional() {
        let without = read_lexicon_tsv("سلم\tladder\n").expect("a lexicon");
        assert_eq!(read_lexicon_tsv("Source\tTarget\nسلم\tladder\n").expect("a lexicon"), without);
    }

    #[test]
    fn errors_name_the_line_and_the_problem() {
        for (text, message) in [
            ("سلم\tladder\nbead\tladder\n", "line 2: neither term is in Arabic"),
            ("ar\ten\n# x\nخرزة\tسلم", "line 3: both terms are in Arabic"),
            ("سلم,ladder\n", "line 1: one column where a pair has two"),
            ("سلم\tladder\t1\tnote", "line 1: 4 columns where a pair has two or three"),
            ("سلم\t\t0.5", "line 1: a term is missing"),
            ("1\t2", "line 1: neither term has a letter"),
            ("سلم\tladder\thigh", "line 1: the third column is not a number from 0 to 1"),
            ("سلم\tladder\t1.5", "line 1: the third column is not a number from 0 to 1"),
            ("سلم\tladder\tNaN", "line 1: the third column is not a number from 0 to 1"),
            ("ar\ten\n", "this file has no Arabic term with an English translation"),
        ] {
            assert_eq!(read_lexicon_tsv(text).expect_err("no lexicon").to_string(), message);
        }
    }

    proptest! {
        #[test]
        fn reading_restores_what_was_written(
            rows in prop::collection::vec(("[ء-ي]{1,6}( [ء-ي]{1,6})?", "[a-z]{1,6}", 0u8..=4, any::<bool>()), 1..6)
        ) {
            let (mut text, mut pairs) = (String::new(), Vec::new());
            for (arabic, english, quarter, swapped) in rows {
                let similarity = f32::from(quarter) / 4.0;
                let (first, second) = if swapped { (&english, &arabic) } else { (&arabic, &english) };
                text.push_str(&format!("{first}\t{second}\t{similarity}\n"));
                pairs.push(pair(&arabic, &english, similarity));
            }
            prop_assert_eq!(read_lexicon_tsv(&text).expect("a lexicon"), pairs);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(\t|#|ب|a|[0-9.]|\\PC|\n){0,40}") {
            let _ = read_lexicon_tsv(&text);
        }
    }
}
