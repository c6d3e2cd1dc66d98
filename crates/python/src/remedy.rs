//! Remedies in the words of the Python package: with its arguments.

use nasaq_formats::FormatRemedy;
use nasaq_job::{Failure, Remedy};

/// Returns what to do about a failure, if that is known.
pub(crate) fn hint(failure: &Failure) -> Option<String> {
    match failure.remedy()? {
        // Apart from lexicons and ladders, the package has texts in memory, and the remedy is about a
        // file.
        Remedy::Format(_) if !matches!(failure.kind(), "setting" | "ladder") => None,
        remedy => Some(wording(remedy)),
    }
}

/// Words a remedy for Python.
pub(crate) fn wording(remedy: &Remedy) -> String {
    let text = match remedy {
        Remedy::SwapLanguages { src, tgt } => {
            return format!("use src_lang=\"{src}\" and tgt_lang=\"{tgt}\", or swap the texts");
        }
        Remedy::SetLanguages => "check that it is the right text, and set src_lang and tgt_lang",
        Remedy::FindPairs => "check that they are the same document",
        Remedy::DivideIntoSentences => {
            "with segmented=True each line is a segment; without it the text is divided into \
             sentences"
        }
        Remedy::UseBuiltinModel => {
            "get the model file again, or omit model= to use the built-in model"
        }
        Remedy::CheckEncoding => "if the text looks wrong, read it with another encoding=",
        Remedy::KeepLines => "if it is not, use lines=\"keep\"",
        Remedy::OnlyStops => "lines=\"keep\" ends segments at stops only",
        Remedy::Format(FormatRemedy::ConfirmEncoding { guess }) => {
            return format!(
                "if it is, use encoding=\"{guess}\"; if not, name another: windows-1256, ISO-8859-6, \
                 windows-1252, UTF-16LE"
            );
        }
        Remedy::Format(FormatRemedy::NameEncoding) => {
            "name the encoding with encoding=, or get an undamaged copy; the file may be truncated"
        }
        Remedy::Format(FormatRemedy::NameDocumentFormat) => {
            "name the format with format= if it is another one, as in format=\"text\""
        }
        other => return other.to_string(),
    };
    text.to_owned()
}
