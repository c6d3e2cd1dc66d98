//! Remedies in the words of the program: with its options and its commands.

use std::path::Path;

use nasaq_formats::{Compression, EncodingGuess, FormatRemedy};
use nasaq_job::Remedy;

/// Returns the hint for a remedy, with the options that serve it.
pub(crate) fn hint(remedy: &Remedy) -> String {
    let text = match remedy {
        Remedy::Format(remedy) => return format_hint(remedy),
        Remedy::CheckEncoding => "if the text looks wrong, set the encoding with --encoding",
        Remedy::SwapLanguages { src, tgt } => {
            return format!(
                "add --src-lang {src} --tgt-lang {tgt}, or give the files the other way round"
            );
        }
        Remedy::SetLanguages => {
            "check that it is the right file; set the languages with --src-lang and --tgt-lang"
        }
        Remedy::KeepLines => "if it is not, use --lines keep",
        Remedy::OnlyStops => "--lines keep ends segments at stops only",
        Remedy::FindPairs => {
            "check that they are the same document; `nasaq pair` finds which files belong together"
        }
        Remedy::DivideIntoSentences => {
            "with --segmented each line is a segment; without it the text is divided into sentences"
        }
        Remedy::RaiseMemoryLimit => {
            "set a higher limit with --max-memory, or divide the document at chapters"
        }
        Remedy::NameFilesAlike => {
            "names must be the same except for extensions and .ar or .en; use a template or a \
             manifest, or let `nasaq pair` find the pairs"
        }
        Remedy::UseBuiltinModel => {
            "get the model file again, or omit --model to use the built-in model"
        }
        Remedy::UseDefaultKernel => "omit --kernel to use the fastest that the processor supports",
        Remedy::GiveSubtitles => {
            "times are read from .srt and .vtt files; if they have other names, use --from; \
             otherwise write another format with --to"
        }
        Remedy::KeepReviews => {
            "keep them with --review and the folder of the logs, or write what the aligner finds \
             with --force"
        }
        Remedy::ReplaceFiles => {
            "move them away, choose another folder with -o, or replace them with --force"
        }
        other => return other.to_string(),
    };
    text.to_owned()
}

/// Returns the hint for a remedy of the formats package.
pub(crate) fn format_hint(remedy: &FormatRemedy) -> String {
    let text = match remedy {
        FormatRemedy::CheckPermissions { path: Some(path) } => {
            return format!("check the permissions: ls -l {}", path.display());
        }
        FormatRemedy::ConvertEncoding { guess, path } => {
            return conversion(*guess, path.as_deref());
        }
        FormatRemedy::ConfirmEncoding { guess } => {
            return format!(
                "if it is, use --encoding {guess}; if not, name another: windows-1256, ISO-8859-6, \
                 windows-1252, UTF-16LE"
            );
        }
        FormatRemedy::NameEncoding => {
            "name the encoding with --encoding, or get an undamaged copy; the file may be truncated"
        }
        FormatRemedy::RecogniseText { path: Some(path) } => {
            return format!(
                "use the document that it was made from, or recognise its text first: ocrmypdf -l \
                 ara+eng --force-ocr {} OUT.pdf",
                path.display()
            );
        }
        FormatRemedy::NameFormat => "name the format with --from if it is another one",
        FormatRemedy::NameDocumentFormat => {
            "name the format with --from if it is another one, as in --from text"
        }
        FormatRemedy::NameColumns => {
            "the columns src and tgt hold the texts; if they have other names, use --columns SRC,TGT \
             with convert, and --src-column and --tgt-column elsewhere"
        }
        FormatRemedy::CheckSeparator => {
            "columns are separated by tabs in TSV and by commas in CSV; use --from for another format"
        }
        FormatRemedy::ReplaceEntity => {
            "write the character itself in place of the entity, or skip such units with --skip-bad"
        }
        FormatRemedy::SkipBadRows => "correct the row, or skip such rows with --skip-bad",
        FormatRemedy::ChooseOutput => "create the folder, or choose another place with -o",
        FormatRemedy::CheckXml { path: Some(path) } => {
            return format!(
                "save it again in the program that created it, or skip broken units with --skip-bad; \
                 xmllint --noout {} shows more",
                path.display()
            );
        }
        FormatRemedy::PassAllFiles => {
            "moses: SRC TGT; ladder: LADDER SRC TGT, texts with one segment per line; other formats \
             have one file"
        }
        FormatRemedy::ReadAsLines => {
            "pass one bitext at a time, align documents with nasaq align, or use --from moses if \
             these are segments, one per line"
        }
        FormatRemedy::PassSegments => {
            "its texts are the segments that were aligned, one per line: `nasaq segment FILE --lang \
             ar` splits a document into them; `nasaq align --to tsv` writes the pairs without a ladder"
        }
        FormatRemedy::AlignManifest => {
            "align the documents that it lists: nasaq align --corpus MANIFEST -o memory.tmx"
        }
        FormatRemedy::PassBeads => "each line is one object as `nasaq align --to jsonl` writes it",
        FormatRemedy::UseBeadColumns => "the columns are those of `nasaq align --to tsv`",
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
        let hint = |path: &str| {
            format_hint(&FormatRemedy::ConvertEncoding { guess, path: Some(path.into()) })
        };
        assert_eq!(hint("a.txt"), "convert it: iconv -f CP1256 -t UTF-8 a.txt > a.txt.utf8");
        for path in ["standard input", "a.txt.gz"] {
            assert!(hint(path).ends_with("convert it: iconv -f CP1256 -t UTF-8"), "{path}");
        }
    }

    #[test]
    fn hints_name_the_options() {
        let guess = EncodingGuess::Legacy("windows-1256");
        assert!(
            format_hint(&FormatRemedy::ConfirmEncoding { guess })
                .contains("--encoding windows-1256")
        );
        assert!(format_hint(&FormatRemedy::SkipBadRows).contains("--skip-bad"));
        assert_eq!(format_hint(&FormatRemedy::Advice("name a text file")), "name a text file");
    }
}
