//! A lexicon as a spreadsheet exports it: columns separated by commas or semicolons
//! ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)), which are those of a lexicon in TSV.

use csv::{ReaderBuilder, StringRecord};

use crate::error::{Error, ErrorKind, Result};
use crate::lexicon::TermPair;
use crate::lexicon_tsv::{names_columns, row};

const EXPECTED_ROW: &str = "a row is an Arabic and an English term, and optionally a number from 0 to 1, \
                            separated by commas or semicolons; remove other columns";

/// Returns the character that separates the columns of the first row; `None` if it has a tab, or
/// neither a comma nor a semicolon.
pub(crate) fn delimiter(text: &str) -> Option<u8> {
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'))?;
    if first.contains('\t') {
        return None;
    }
    // A semicolon may separate columns whose terms have commas, and not the other way round.
    [b';', b','].into_iter().find(|&byte| first.as_bytes().contains(&byte))
}

/// Reads the rows.
pub(crate) fn read(text: &str, delimiter: u8) -> Result<Vec<TermPair>> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let mut pairs = Vec::new();
    let mut record = StringRecord::new();
    let mut is_first = true;
    loop {
        let more = reader.read_record(&mut record);
        if !more.map_err(|error| Error::syntax(1, error.to_string(), EXPECTED_ROW))? {
            break;
        }
        let line = record.position().map_or(1, csv::Position::line);
        let mut fields: Vec<&str> = record.iter().map(str::trim).collect();
        while fields.last() == Some(&"") && fields.len() > 2 {
            fields.pop();
        }
        let is_header = std::mem::take(&mut is_first) && names_columns(fields.iter().copied());
        if !is_header && fields.iter().any(|field| !field.is_empty()) {
            let pair = row(&fields, false);
            pairs.push(pair.map_err(|what| Error::syntax(line, what, EXPECTED_ROW))?);
        }
    }
    if pairs.is_empty() { Err(ErrorKind::NoTerms.into()) } else { Ok(pairs) }
}

#[cfg(test)]
mod tests {
    use crate::lexicon::{TermPair, read_lexicon};

    fn terms(text: &str) -> Vec<(String, String, f32)> {
        let pairs = read_lexicon(text).expect("a lexicon");
        let of = |pair: TermPair| (pair.arabic, pair.english, pair.similarity);
        pairs.into_iter().map(of).collect()
    }

    #[test]
    fn commas_and_semicolons_separate_columns() {
        let expected = [("ماء", "water", 1.0), ("نهر، جدول", "river, stream", 0.5)]
            .map(|(arabic, english, similarity)| (arabic.into(), english.into(), similarity));
        for text in [
            "ar,en,p\nماء,water,\n\"نهر، جدول\",\"river, stream\",0.5\n",
            "en;ar\r\nwater;ماء\r\nriver, stream;نهر، جدول;0.5\r\n",
            "# mine\nماء,water\n\n\"river, stream\",\"نهر، جدول\",0.5",
        ] {
            assert_eq!(terms(text), expected, "{text}");
        }
    }

    #[test]
    fn other_columns_and_missing_terms_are_errors_with_their_line() {
        for (text, message) in [
            ("ar,en,note\nماء,water,of a river\n", "line 2: the third column is not a number"),
            ("ماء,water\nنهر,\n", "line 2: a term is missing"),
            ("ar,en\n", "this file has no Arabic term"),
        ] {
            let error = read_lexicon(text).expect_err("no lexicon").to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
