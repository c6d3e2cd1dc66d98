//! The reader of documents in any format.

use std::io::Read;
use std::path::Path;

use nasaq_text::Language;

use super::archive::Archive;
use super::block::Blocks;
use super::html::HtmlOptions;
#[cfg(feature = "pdf")]
use super::pdf;
use super::subtitles::SubtitleFormat;
use super::{
    Document, DocumentFormat, MAX_MARKUP, archive, docx, epub, html, markdown, not_prose, odt,
    open, pptx, read_bytes, refuse_magic, subtitles,
};
use crate::decode::{Decoded, EncodingSource, TextEncoding, decode};
use crate::error::{Error, ErrorKind, Result};

/// Reads documents in any format, with settings for all of them.
///
/// ```
/// use nasaq_formats::{BlockKind, DocumentReader};
///
/// let html = b"<h1>Title</h1><p>Text <b>here</b>.<script>no</script>".to_vec();
/// let document = DocumentReader::new().from_bytes("a.html", html)?;
/// assert_eq!(document.text, "Title\nText here.");
/// assert_eq!(document.blocks[0].kind, BlockKind::Heading(1));
/// # Ok::<(), nasaq_formats::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DocumentReader {
    format: Option<DocumentFormat>,
    encoding: Option<TextEncoding>,
    main_only: bool,
    drops_descriptions: bool,
    language: Option<Language>,
    max_bytes: Option<u64>,
}

impl DocumentReader {
    /// Returns a reader with the defaults: format and encoding are detected, pages are read whole,
    /// and the size is not limited.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the format of the documents; if `None`, the name and the contents decide.
    #[must_use]
    pub fn format(mut self, format: Option<DocumentFormat>) -> Self {
        self.format = format;
        self
    }

    /// Sets the encoding of the documents; if `None`, it is detected. Archives ignore it.
    #[must_use]
    pub fn encoding(mut self, encoding: Option<TextEncoding>) -> Self {
        self.encoding = encoding;
        self
    }

    /// Sets whether the boilerplate of HTML pages is omitted: navigation, headers, footers, lists
    /// of links.
    #[must_use]
    pub fn main_only(mut self, on: bool) -> Self {
        self.main_only = on;
        self
    }

    /// Sets whether subtitles, and lines of them, that only describe a sound or are sung are
    /// dropped: `[door closes]`, `(يضحك)`, `♪ … ♪`. By default they are blocks of the kind
    /// [`BlockKind::Description`](crate::BlockKind::Description).
    #[must_use]
    pub fn drop_descriptions(mut self, on: bool) -> Self {
        self.drops_descriptions = on;
        self
    }

    /// Sets the language of the documents, by which the text of a page is chosen that has it in two
    /// languages and hides one; if `None`, the text that is shown is read.
    #[must_use]
    pub fn language(mut self, language: Option<Language>) -> Self {
        self.language = language;
        self
    }

    /// Returns the format of the documents, if one was set.
    #[must_use]
    pub fn named_format(&self) -> Option<DocumentFormat> {
        self.format
    }

    /// Reports whether the format was set to one that has blocks.
    #[must_use]
    pub fn has_block_format(&self) -> bool {
        self.format.is_some_and(|format| format != DocumentFormat::Text)
    }

    /// Sets the maximum size of a document, decompressed, in bytes.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`ErrorKind::Missing`], [`ErrorKind::Folder`], [`ErrorKind::Denied`] or [`ErrorKind::Io`] if
    /// it cannot be read, and the errors of [`DocumentReader::from_bytes`].
    pub fn read(&self, path: &Path) -> Result<Document> {
        let file = open(path).map_err(|source| Error::reading(source).at_path(path))?;
        self.from_reader(&path.display().to_string(), file)
    }

    /// Reads standard input, or any other stream, to its end.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if reading fails, and the errors of [`DocumentReader::from_bytes`].
    pub fn from_reader(&self, name: &str, reader: impl Read) -> Result<Document> {
        match read_bytes(reader, self.max_bytes.unwrap_or(u64::MAX)) {
            Ok(bytes) => self.from_bytes(name, bytes),
            Err(error) => Err(error.at_path(name)),
        }
    }

    /// Reads the bytes of a file of this name.
    ///
    /// # Errors
    /// [`ErrorKind::Binary`] if the bytes are not a document, [`ErrorKind::NotUtf8`],
    /// [`ErrorKind::UnsureEncoding`] or [`ErrorKind::Undecodable`] if the encoding is unknown or
    /// the text does not follow it, [`ErrorKind::Damaged`], [`ErrorKind::Hostile`],
    /// [`ErrorKind::Encrypted`] or [`ErrorKind::Syntax`] from the reader of the format,
    /// [`ErrorKind::TooLarge`] for more bytes than the maximum, and [`ErrorKind::Empty`] if there
    /// is only white space.
    pub fn from_bytes(&self, name: &str, bytes: Vec<u8>) -> Result<Document> {
        let read = self.document(name, bytes).and_then(|document| {
            if document.text.trim().is_empty() {
                Err(ErrorKind::Empty.into())
            } else {
                Ok(document)
            }
        });
        read.map_err(|error| error.at_path(name))
    }

    fn document(&self, name: &str, bytes: Vec<u8>) -> Result<Document> {
        let format = self.format.or_else(|| DocumentFormat::from_path(Path::new(name)));
        if let Some(limit) = self.max_bytes
            && bytes.len() as u64 > limit
        {
            return Err(ErrorKind::TooLarge { max_bytes: limit }.into());
        }
        let is_archive = bytes.starts_with(archive::MAGIC);
        if is_archive && self.format != Some(DocumentFormat::Text) {
            return self.archived(name, bytes, format);
        }
        #[cfg(feature = "pdf")]
        if pdf::is_pdf(&bytes) && self.format != Some(DocumentFormat::Text) {
            return Self::portable(name, &bytes);
        }
        refuse_magic(&bytes)?;
        if format == Some(DocumentFormat::Pdf) {
            let reason = "it does not begin like a PDF".to_owned();
            return Err(ErrorKind::Damaged { what: "PDF", reason }.into());
        }
        if let Some(format) = format.filter(|format| format.is_archive()) {
            let what = match format {
                DocumentFormat::Docx => "DOCX",
                DocumentFormat::Odt => "ODT",
                DocumentFormat::Pptx => "PPTX",
                _ => "EPUB",
            };
            let reason = "it does not begin like a ZIP archive".to_owned();
            return Err(ErrorKind::Damaged { what, reason }.into());
        }
        let declared = match format {
            Some(DocumentFormat::Html) => html::declared_encoding(&bytes),
            None if bytes.trim_ascii_start().starts_with(b"<") => html::declared_encoding(&bytes),
            _ => None,
        };
        let Decoded { text, encoding, source } = decode(bytes, self.encoding, declared)?;
        let format = self.text_format(format, &text)?;
        if format != DocumentFormat::Text && text.len() as u64 > MAX_MARKUP {
            return Err(ErrorKind::TooLarge { max_bytes: MAX_MARKUP }.into());
        }
        let mut out = Blocks::default();
        match format {
            DocumentFormat::Html => {
                let xhtml = text.starts_with("<?xml");
                let options = HtmlOptions { xhtml, ..self.html_options() };
                html::read(&text, options, None, &mut out);
            }
            DocumentFormat::Srt => self.subtitles(&text, SubtitleFormat::SubRip, &mut out)?,
            DocumentFormat::Vtt => self.subtitles(&text, SubtitleFormat::WebVtt, &mut out)?,
            DocumentFormat::Ass => self.subtitles(&text, SubtitleFormat::Ass, &mut out)?,
            DocumentFormat::Ttml => self.subtitles(&text, SubtitleFormat::Ttml, &mut out)?,
            DocumentFormat::Markdown => markdown::read(&text, &mut out),
            // Plain text: archives have returned above.
            _ => out.text = text,
        }
        Ok(Document {
            name: name.to_owned(),
            text: out.text,
            blocks: out.blocks,
            format,
            encoding: encoding.name(),
            encoding_source: source,
            notes: out.notes,
        })
    }

    fn html_options(&self) -> HtmlOptions {
        HtmlOptions { xhtml: false, main_only: self.main_only, language: self.language }
    }

    fn subtitles(&self, text: &str, format: SubtitleFormat, out: &mut Blocks) -> Result<()> {
        subtitles::read(text, format, self.drops_descriptions, out)
    }

    /// Determines the format of a text: as it was set, by the name and by the contents.
    fn text_format(&self, by_name: Option<DocumentFormat>, text: &str) -> Result<DocumentFormat> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        let by_contents = DocumentFormat::of_text(text);
        match by_name {
            // Subtitles in one format often have the name of another.
            Some(format) if format.has_times() && by_contents.has_times() => Ok(by_contents),
            Some(format) => Ok(format),
            None if by_contents == DocumentFormat::Text => {
                not_prose::refuse(text)?;
                Ok(by_contents)
            }
            None => Ok(by_contents),
        }
    }

    /// Reads a PDF.
    #[cfg(feature = "pdf")]
    fn portable(name: &str, bytes: &[u8]) -> Result<Document> {
        if bytes.len() as u64 > MAX_MARKUP {
            return Err(ErrorKind::TooLarge { max_bytes: MAX_MARKUP }.into());
        }
        let mut out = Blocks::default();
        pdf::read(bytes, &mut out)?;
        Ok(Document {
            name: name.to_owned(),
            text: out.text,
            blocks: out.blocks,
            format: DocumentFormat::Pdf,
            encoding: encoding_rs::UTF_8.name(),
            encoding_source: EncodingSource::Utf8,
            notes: out.notes,
        })
    }

    /// Reads a document that is an archive.
    fn archived(
        &self,
        name: &str,
        bytes: Vec<u8>,
        format: Option<DocumentFormat>,
    ) -> Result<Document> {
        let mut archive = Archive::open(bytes, "ZIP archive", self.max_bytes.unwrap_or(u64::MAX))?;
        let format = match format {
            Some(format) if format.is_archive() => format,
            _ if archive.has(epub::CONTAINER) => DocumentFormat::Epub,
            _ if archive.has(docx::DOCUMENT) => DocumentFormat::Docx,
            _ if archive.has(pptx::PRESENTATION) => DocumentFormat::Pptx,
            _ if odt::is_odt(&mut archive) => DocumentFormat::Odt,
            _ => {
                let (what, advice) = unread_archive(&archive);
                return Err(ErrorKind::Binary { what, remedy: advice.into() }.into());
            }
        };
        let mut out = Blocks::default();
        match format {
            DocumentFormat::Epub => epub::read(archive, self.html_options(), &mut out)?,
            DocumentFormat::Odt => odt::read(archive, &mut out)?,
            DocumentFormat::Pptx => pptx::read(archive, &mut out)?,
            _ => docx::read(archive, &mut out)?,
        }
        Ok(Document {
            name: name.to_owned(),
            text: out.text,
            blocks: out.blocks,
            format,
            encoding: encoding_rs::UTF_8.name(),
            encoding_source: EncodingSource::Utf8,
            notes: out.notes,
        })
    }
}

/// Returns what an archive is that has no document, and what to do about it.
fn unread_archive(archive: &Archive) -> (&'static str, &'static str) {
    if archive.has("xl/workbook.xml") {
        let advice = "save each column of text as plain text (UTF-8), or save it as CSV and read that \
                      as a bitext";
        return ("an Excel workbook (XLSX)", advice);
    }
    if archive.has(odt::CONTENT) {
        return (
            "a spreadsheet or a presentation of OpenDocument",
            "save it as PPTX, ODT or plain text (UTF-8): soffice --convert-to pptx FILE.odp",
        );
    }
    let advice = "extract it, or save the document as DOCX or as plain text (UTF-8)";
    ("a ZIP archive without a document that nasaq reads", advice)
}
