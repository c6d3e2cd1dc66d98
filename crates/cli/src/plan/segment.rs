//! The plan of `nasaq segment`.

use nasaq::Segmenter;
use nasaq_formats::{DocumentReader, OutputTarget};

use super::{Input, output_target};
use crate::args::{SegmentArgs, SegmentFormat};
use crate::settings::language_tag;

/// What `nasaq segment` will do.
#[derive(Debug)]
pub(crate) struct SegmentPlan {
    pub(crate) input: Input,
    pub(crate) reader: DocumentReader,
    pub(crate) segmenter: Segmenter,
    pub(crate) format: SegmentFormat,
    pub(crate) output: OutputTarget,
}

impl SegmentPlan {
    pub(crate) fn new(args: SegmentArgs) -> anyhow::Result<Self> {
        let input = Input::new(args.file);
        let language = language_tag("--lang", &args.lang)?.language;
        Ok(Self {
            segmenter: Segmenter::new(language)
                .line_ends(args.documents.lines.into())
                .abbreviations(args.documents.abbreviations()?),
            format: args.to,
            reader: args.documents.reader().language(Some(language)),
            output: output_target(args.output.as_deref())?,
            input,
        })
    }
}
