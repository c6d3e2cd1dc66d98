//! What a user can do about a failure or a warning.

use std::borrow::Cow;
use std::fmt;

use nasaq::Language;

/// What to do about a failure or a warning.
///
/// A remedy names no command-line flag and no keyword argument, because the same failure is shown by
/// a program, by Python and by other shells. [`Display`](fmt::Display) words it neutrally; a shell
/// that has a word for a setting words it itself and hands its function to the jobs as a [`Wording`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remedy {
    /// Words that are right in every shell.
    Text(Cow<'static, str>),
    /// A remedy for an error of a file.
    Format(nasaq_formats::FormatRemedy),
    /// The encoding was detected and may be wrong: set it.
    CheckEncoding,
    /// The languages are set the wrong way round: set these.
    SwapLanguages {
        /// The language that the source seems to be in.
        src: Language,
        /// The language that the target seems to be in.
        tgt: Language,
    },
    /// A text is in another language than the one that is set.
    SetLanguages,
    /// Lines were joined because the text looks wrapped: if it is not, keep line ends.
    KeepLines,
    /// Text without line ends was divided between stops, too: end segments at stops only.
    OnlyStops,
    /// The documents do not belong together: pair the files by their content.
    FindPairs,
    /// Lines are taken as segments and are too long: let the text be divided into sentences.
    DivideIntoSentences,
    /// A document needs more memory than the limit.
    RaiseMemoryLimit,
    /// No file name of one side corresponds to one of the other.
    NameFilesAlike,
    /// The model file cannot be used: use the built-in model.
    UseBuiltinModel,
    /// This processor lacks the kernel: use the default one.
    UseDefaultKernel,
    /// The output format needs times, which only subtitles have.
    GiveSubtitles,
    /// Files that no earlier run wrote would be replaced.
    ReplaceFiles,
    /// Outputs with a reviewer's decisions would be replaced by those of the aligner.
    KeepReviews,
    /// No file can have the name of the document.
    RenameDocument,
}

/// A shell's words for remedies.
pub type Wording = fn(&Remedy) -> String;

impl From<&'static str> for Remedy {
    fn from(text: &'static str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Remedy {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<nasaq_formats::FormatRemedy> for Remedy {
    fn from(remedy: nasaq_formats::FormatRemedy) -> Self {
        Self::Format(remedy)
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Text(text) => text,
            Self::Format(remedy) => return remedy.fmt(f),
            Self::CheckEncoding => "if the text looks wrong, set the encoding",
            Self::SwapLanguages { src, tgt } => {
                return write!(
                    f,
                    "set the source language to {src} and the target language to {tgt}, or swap \
                     the documents"
                );
            }
            Self::SetLanguages => "check that it is the right document, and set the languages",
            Self::KeepLines => "if it is not, let each line end a sentence",
            Self::OnlyStops => "let only stops and line ends end segments",
            Self::FindPairs => {
                "check that they are the same document, or pair the files by their content"
            }
            Self::DivideIntoSentences => "let the text be divided into sentences, not lines",
            Self::RaiseMemoryLimit => "raise the memory limit, or divide the document at chapters",
            Self::NameFilesAlike => {
                "names must be the same except for extensions and .ar or .en; use a template or a \
                 manifest, or pair the files by their content"
            }
            Self::UseBuiltinModel => "get the model file again, or use the built-in model",
            Self::UseDefaultKernel => {
                "use the default kernel, the fastest that the processor supports"
            }
            Self::GiveSubtitles => {
                "give SRT or WebVTT files on both sides, or write another format"
            }
            Self::ReplaceFiles => {
                "move them away, choose another folder, or let the job replace them"
            }
            Self::KeepReviews => {
                "pass the reviews to the job, or let it replace the outputs by what the aligner finds"
            }
            Self::RenameDocument => {
                "rename the files, or give the document another id in a manifest"
            }
        };
        f.write_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neutral_words_name_no_flag() {
        let languages = Remedy::SwapLanguages { src: Language::English, tgt: Language::Arabic };
        for remedy in [
            Remedy::CheckEncoding,
            languages,
            Remedy::SetLanguages,
            Remedy::KeepLines,
            Remedy::OnlyStops,
            Remedy::FindPairs,
            Remedy::DivideIntoSentences,
            Remedy::RaiseMemoryLimit,
            Remedy::NameFilesAlike,
            Remedy::UseBuiltinModel,
            Remedy::UseDefaultKernel,
            Remedy::GiveSubtitles,
            Remedy::ReplaceFiles,
            Remedy::KeepReviews,
            Remedy::RenameDocument,
        ] {
            assert!(!remedy.to_string().contains("--"), "{remedy}");
        }
    }
}
