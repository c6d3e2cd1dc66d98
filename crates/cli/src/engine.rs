//! Aligner and encoder, made once from the settings and used for every document.

use std::fs;
use std::path::Path;

use anyhow::Context;
use nasaq::{Aligner, Anchor, Encoder, Language, LineEnds, Segment, Segmenter, SplitAlignment};
use nasaq_encoder::{CnnEncoder, Precision};
use nasaq_formats::{BitextHeader, Document};
use nasaq_kernels::{Isa, Kernel};

use crate::failure::Failure;
use crate::lexicon::with_user_lexicons;
use crate::settings::Settings;

/// What aligns.
pub(crate) struct Engine<'s> {
    pub(crate) settings: &'s Settings,
    pub(crate) encoder: CnnEncoder,
    aligner: Aligner,
}

impl<'s> Engine<'s> {
    /// Loads model and lexicons.
    pub(crate) fn new(settings: &'s Settings) -> anyhow::Result<Self> {
        let kernel = kernel(settings.kernel)?;
        let mut builder = Aligner::builder().kernel(kernel);
        if !settings.lexicons.is_empty() {
            builder = builder.lexicon(with_user_lexicons(&settings.lexicons));
        }
        let encoder =
            load_encoder(settings.model.as_deref(), settings.precision)?.with_kernel(kernel);
        Ok(Self { settings, encoder, aligner: builder.build()? })
    }

    /// Cuts both documents into segments.
    pub(crate) fn segments<'d>(&self, [src, tgt]: [&'d Document; 2]) -> [Vec<Segment<'d>>; 2] {
        let Settings { src_lang, tgt_lang, segmented, .. } = self.settings;
        [(src, src_lang), (tgt, tgt_lang)].map(|(document, lang)| match segmented {
            true => nasaq::lines(&document.text),
            false => segments(document, lang.language),
        })
    }

    /// Aligns, and cuts where that is wanted.
    pub(crate) fn align<'d>(
        &self,
        encoder: &impl Encoder,
        [src, tgt]: [Vec<Segment<'d>>; 2],
        anchors: &[Anchor],
    ) -> nasaq::Result<SplitAlignment<'d>> {
        let alignment = self.aligner.align(encoder, &src, &tgt, anchors)?;
        if self.settings.split_long {
            let language = self.settings.src_lang.language;
            return self.aligner.split_long(encoder, (&src, &tgt), &alignment, language);
        }
        Ok(SplitAlignment { src, tgt, alignment, cuts: 0 })
    }

    /// Gives what is true of a whole file: the languages, and what the result depends on besides
    /// the texts. Threads and kernels are not in it: they change nothing.
    pub(crate) fn header(&self, anchors: &[Anchor]) -> BitextHeader {
        let Settings { src_lang, tgt_lang, segmented, split_long, lexicons, .. } = self.settings;
        let mut settings = vec![("segmented".to_owned(), segmented.to_string())];
        if *split_long {
            settings.push(("split-long".to_owned(), "true".to_owned()));
        }
        let anchors: Vec<String> =
            anchors.iter().map(|anchor| format!("{}:{}", anchor.src, anchor.tgt)).collect();
        if !anchors.is_empty() {
            settings.push(("anchors".to_owned(), anchors.join(" ")));
        }
        let lexicons: Vec<String> =
            lexicons.iter().map(|lexicon| format!("{:016x}", lexicon.checksum)).collect();
        if !lexicons.is_empty() {
            settings.push(("lexicons".to_owned(), lexicons.join(" ")));
        }
        settings.push(("model".to_owned(), format!("{:016x}", self.encoder.checksum())));
        settings.push(("precision".to_owned(), self.encoder.precision().to_string()));
        BitextHeader {
            src_lang: src_lang.tag.clone(),
            tgt_lang: tgt_lang.tag.clone(),
            settings,
            ..BitextHeader::default()
        }
    }
}

/// Cuts a document into sentences. What is made of blocks has a line a block; how long its lines are
/// says nothing.
pub(crate) fn segments(document: &Document, language: Language) -> Vec<Segment<'_>> {
    let line_ends = if document.blocks.is_empty() { LineEnds::Auto } else { LineEnds::Hard };
    Segmenter::new(language).line_ends(line_ends).segments(&document.text)
}

/// Runs work on its own number of threads, or on one a core.
pub(crate) fn with_threads<T: Send>(
    threads: Option<usize>,
    work: impl FnOnce() -> T + Send,
) -> anyhow::Result<T> {
    let Some(threads) = threads else { return Ok(work()) };
    Ok(pool(threads)?.install(work))
}

/// Makes a pool of threads.
pub(crate) fn pool(threads: usize) -> anyhow::Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .with_context(|| format!("starting {threads} threads failed"))
}

/// Gives the kernel that was asked for.
fn kernel(isa: Option<Isa>) -> Result<Kernel, Failure> {
    let Some(isa) = isa else { return Ok(Kernel::detect()) };
    Kernel::new(isa).ok_or_else(|| {
        Failure::usage(format!("this processor has no {isa}"))
            .hint("leave --kernel out to use the best that it has")
    })
}

/// Loads the model of a file, or the one inside the program.
pub(crate) fn load_encoder(
    model: Option<&Path>,
    precision: Precision,
) -> anyhow::Result<CnnEncoder> {
    let Some(path) = model else { return Ok(CnnEncoder::builtin_in(precision)?) };
    let bytes = fs::read(path).map_err(|error| {
        Failure::input(format!("{}: {error}", path.display()))
            .hint("leave --model out to use the model inside the program")
    })?;
    Ok(CnnEncoder::from_bytes_in(bytes, precision).map_err(|error| {
        Failure::input(format!("{}: {:#}", path.display(), anyhow::Error::new(error)))
            .hint("get the model file again; without --model the one inside the program is used")
    })?)
}
