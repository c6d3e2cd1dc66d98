//! What a user can do about an error, in the words of the command line.

use std::path::Path;

use nasaq_formats::{Compression, EncodingGuess, Remedy};

/// Returns the hint for a remedy, with the options that serve it.
pub(crate) fn hint(remedy: &Remedy) -> String {
    let text = match remedy {
        Remedy::CheckPermissions { path: Some(path) } => {
            return format!("check the permissions: ls -l {}", path.display());
        }
        Remedy::ConvertEncoding { guess, path } => return conversion(*guess, path.as_deref()),
        Remedy::ConfirmEncoding { guess } => {
            return format!(
                "if it is, use --encoding {guess}; if not, name another: windows-1256, ISO-8859-6, \
                 windows-1252, UTF-16LE"
            );
        }
        Remedy::NameEncoding => {
            "name the encoding with --encoding, or get an undamaged copy; the file may be truncated"
        }
        Remedy::NameFormat => "name the format with --from if it is another one",
        Remedy::NameDocumentFormat => {
            "name the format with --from if it is another one, as in --from text"
        }
        Remedy::NameColumns => {
            "the columns src and tgt hold the texts; if they have other names, use --columns SRC,TGT \
             with convert, and --src-column and --tgt-column elsewhere"
        }
        Remedy::CheckSeparator => {
            "columns are separated by tabs in TSV and by commas in CSV; use --from for another format"
        }
        Remedy::SkipBadRows => "correct the row, or skip such rows with --skip-bad",
        Remedy::ChooseOutput => "create the folder, or choose another place with -o",
        Remedy::CheckXml { path: Some(path) } => {
            return format!(
                "save it again in the program that created it; xmllint --noout {} shows more",
                path.display()
            );
        }
        Remedy::PassAllFiles => {
            "moses: SRC TGT; ladder: LADDER SRC TGT, texts with one segment per line; other formats \
             have one file"
        }
        Remedy::ReadAsLines => {
            "pass one bitext at a time, align documents with nasaq align, or use --from moses if \
             these are segments, one per line"
        }
        Remedy::PassSegments => {
            "its texts are the segments that were aligned, one per line: `nasaq segment FILE --lang \
             ar` splits a document into them; `nasaq align --to tsv` writes the pairs without a ladder"
        }
        Remedy::PassBeads => "each line is one object as `nasaq align --to jsonl` writes it",
        Remedy::UseBeadColumns => "the columns are those of `nasaq align --to tsv`",
        other => return other.to_string(),
    };
    text.to_owned()
}

/// Returns the command that converts a file to UTF-8.
fn conversion(guess: EncodingGuess, path: Option<&Path>) -> String {
    let Some(name) = guess.iconv_name() else {
        return "get an undamaged copy, or repair the file at that place; this drops the bad bytes: \
                iconv -c -f UTF-8 -t UTF-8"
            .to_owned();
    };
    let path = path.unwrap_or(Path::new("FILE"));
    let shown = path.display().to_string();
    // A name with a space, such as `standard input`, is not one that a shell takes as it is.
    if Compression::from_path(path).0 != Compression::None || shown.contains(' ') {
        format!("decompress it if it is compressed, and convert it: iconv -f {name} -t UTF-8")
    } else {
        format!("convert it: iconv -f {name} -t UTF-8 {shown} > {shown}.utf8")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions_are_commands_that_a_shell_takes() {
        let guess = EncodingGuess::Legacy("windows-1256");
        let hint = |path: &str| hint(&Remedy::ConvertEncoding { guess, path: Some(path.into()) });
        assert_eq!(hint("a.txt"), "convert it: iconv -f CP1256 -t UTF-8 a.txt > a.txt.utf8");
        for path in ["standard input", "a.txt.gz"] {
            assert!(hint(path).ends_with("convert it: iconv -f CP1256 -t UTF-8"), "{path}");
        }
    }

    #[test]
    fn hints_name_the_options() {
        let guess = EncodingGuess::Legacy("windows-1256");
        assert!(hint(&Remedy::ConfirmEncoding { guess }).contains("--encoding windows-1256"));
        assert!(hint(&Remedy::SkipBadRows).contains("--skip-bad"));
        assert_eq!(hint(&Remedy::Advice("name a text file")), "name a text file");
    }
}
