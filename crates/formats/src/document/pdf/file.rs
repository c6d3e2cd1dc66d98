//! The objects and the pages of a file, read within limits.

use std::collections::HashSet;

use lopdf::{
    Dictionary, Document as Pdf, Error as PdfError, LoadOptions, Object, ObjectId, Stream,
};

use super::geometry::Rect;
use super::limits::{Budget, MAX_DEPTH, MAX_OBJECTS, MAX_PAGES, MAX_STREAM};
use crate::error::{Error, ErrorKind, Result};

pub(super) const WHAT: &str = "PDF";

/// An open file.
pub(super) struct PdfFile {
    pdf: Pdf,
}

/// A page: its resources, and the box that a viewer shows.
pub(super) struct Page<'a> {
    pub(super) id: Option<ObjectId>,
    pub(super) dict: &'a Dictionary,
    pub(super) resources: Option<&'a Dictionary>,
    pub(super) area: Rect,
    /// The turn of the page by a viewer, in quarters clockwise.
    pub(super) turn: u8,
}

impl PdfFile {
    /// Opens a file; one that is encrypted must have an empty user password.
    pub(super) fn open(bytes: &[u8]) -> Result<Self> {
        let options = LoadOptions {
            password: Some(String::new()),
            max_decompressed_size: Some(MAX_STREAM),
            ..LoadOptions::default()
        };
        let pdf = Pdf::load_mem_with_options(bytes, options).map_err(|error| error_of(&error))?;
        if pdf.objects.len() > MAX_OBJECTS {
            let message = format!("{} objects in one PDF", pdf.objects.len());
            return Err(ErrorKind::Hostile(message).into());
        }
        if pdf.is_encrypted() && pdf.encryption_state.is_none() {
            return Err(ErrorKind::Encrypted(WHAT).into());
        }
        Ok(Self { pdf })
    }

    pub(super) fn catalog(&self) -> Option<&Dictionary> {
        self.pdf.catalog().ok()
    }

    /// Follows a reference to its object; `None` if it leads nowhere.
    pub(super) fn resolve<'a>(&'a self, object: &'a Object) -> Option<&'a Object> {
        match object {
            Object::Reference(_) => self.pdf.dereference(object).ok().map(|(_, object)| object),
            _ => Some(object),
        }
    }

    pub(super) fn get<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
        dict.get(key).ok().and_then(|object| self.resolve(object))
    }

    pub(super) fn dict<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
        match self.get(dict, key)? {
            Object::Dictionary(dict) => Some(dict),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    pub(super) fn stream<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Stream> {
        self.get(dict, key)?.as_stream().ok()
    }

    pub(super) fn name<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
        self.get(dict, key)?.as_name().ok()
    }

    pub(super) fn number(&self, dict: &Dictionary, key: &[u8]) -> Option<f32> {
        self.get(dict, key)?.as_float().ok()
    }

    pub(super) fn array<'a>(&'a self, dict: &'a Dictionary, key: &[u8]) -> Option<&'a [Object]> {
        self.get(dict, key)?.as_array().ok().map(Vec::as_slice)
    }

    /// Returns the decompressed bytes of a stream; `None` if its data is damaged or compressed in
    /// a way of pictures.
    pub(super) fn contents(&self, stream: &Stream, budget: &mut Budget) -> Result<Option<Vec<u8>>> {
        match stream.get_plain_content_with_limit(MAX_STREAM) {
            Ok(bytes) => {
                budget.take_bytes(bytes.len())?;
                Ok(Some(bytes))
            }
            Err(error) => {
                let error = error_of(&error);
                if matches!(error.kind(), ErrorKind::Hostile(_)) { Err(error) } else { Ok(None) }
            }
        }
    }

    /// Returns the contents of a page: its streams, divided by line ends. The second value is
    /// whether all of them could be read.
    pub(super) fn page_contents(
        &self,
        page: &Dictionary,
        budget: &mut Budget,
    ) -> Result<(Vec<u8>, bool)> {
        let mut all = Vec::new();
        let mut is_whole = true;
        let streams = match self.get(page, b"Contents") {
            Some(Object::Array(streams)) => streams.as_slice(),
            Some(stream) => std::slice::from_ref(stream),
            None => &[],
        };
        for stream in streams {
            let stream = self.resolve(stream).and_then(|stream| stream.as_stream().ok());
            match stream.map(|stream| self.contents(stream, budget)).transpose()?.flatten() {
                Some(bytes) => all.extend(bytes),
                None => is_whole = false,
            }
            all.push(b'\n');
        }
        Ok((all, is_whole))
    }

    /// Returns the number of form fields and text boxes of a page that have a text. They are no part of
    /// its contents but drawn over them.
    pub(super) fn annotation_texts(&self, page: &Dictionary) -> usize {
        let annotations = self.array(page, b"Annots").unwrap_or_default();
        annotations.iter().filter(|annotation| self.has_text(annotation)).count()
    }

    fn has_text(&self, annotation: &Object) -> bool {
        let Some(Object::Dictionary(dict)) = self.resolve(annotation) else { return false };
        let key: &[u8] = match self.name(dict, b"Subtype") {
            Some(b"FreeText") => b"Contents",
            Some(b"Widget") => b"V",
            _ => return false,
        };
        // A field may be divided into widgets, which are its children.
        let of_field = || self.get(self.dict(dict, b"Parent")?, key);
        let Some(Object::String(text, _)) = self.get(dict, key).or_else(of_field) else {
            return false;
        };
        let text = text.strip_prefix(b"\xfe\xff").unwrap_or(text);
        text.iter().any(|byte| *byte != 0 && !byte.is_ascii_whitespace())
    }

    /// Returns the pages in their order, and the number of those that are damaged.
    pub(super) fn pages(&self) -> Result<(Vec<Page<'_>>, usize)> {
        let catalog = self.pdf.catalog().map_err(|error| error_of(&error))?;
        let root = catalog.get(b"Pages").map_err(|error| error_of(&error))?;
        let mut walk = PageWalk { file: self, pages: Vec::new(), seen: HashSet::new(), damaged: 0 };
        walk.visit(root, Inherited::default(), 0)?;
        Ok((walk.pages, walk.damaged))
    }
}

/// What a page has from the nodes above it.
#[derive(Clone, Copy, Default)]
struct Inherited<'a> {
    resources: Option<&'a Dictionary>,
    area: Option<Rect>,
    crop: Option<Rect>,
    turn: Option<u8>,
}

struct PageWalk<'a> {
    file: &'a PdfFile,
    pages: Vec<Page<'a>>,
    /// The nodes that were visited: a tree in a file may have a loop.
    seen: HashSet<ObjectId>,
    damaged: usize,
}

impl<'a> PageWalk<'a> {
    fn visit(&mut self, node: &'a Object, mut from: Inherited<'a>, depth: usize) -> Result<()> {
        if let Object::Reference(id) = node
            && !self.seen.insert(*id)
        {
            self.damaged += 1;
            return Ok(());
        }
        if self.pages.len() >= MAX_PAGES {
            return Err(ErrorKind::Hostile(format!("more than {MAX_PAGES} pages")).into());
        }
        let file = self.file;
        let Some(Object::Dictionary(dict)) = file.resolve(node) else {
            self.damaged += 1;
            return Ok(());
        };
        from.resources = file.dict(dict, b"Resources").or(from.resources);
        from.area = rect(file, dict, b"MediaBox").or(from.area);
        from.crop = rect(file, dict, b"CropBox").or(from.crop);
        let turn = file.number(dict, b"Rotate").map(|turn| (turn as i64 / 90).rem_euclid(4) as u8);
        from.turn = turn.or(from.turn);
        match file.array(dict, b"Kids") {
            Some(_) if depth >= MAX_DEPTH => self.damaged += 1,
            Some(kids) => {
                for kid in kids {
                    self.visit(kid, from, depth + 1)?;
                }
            }
            None => self.pages.push(Page {
                id: node.as_reference().ok(),
                dict,
                resources: from.resources,
                area: area(from),
                turn: from.turn.unwrap_or(0),
            }),
        }
        Ok(())
    }
}

/// Returns the part of a page that a viewer shows.
fn area(from: Inherited<'_>) -> Rect {
    let letter = Rect { x0: 0.0, y0: 0.0, x1: 612.0, y1: 792.0 };
    from.crop.or(from.area).unwrap_or(letter)
}

fn rect(file: &PdfFile, dict: &Dictionary, key: &[u8]) -> Option<Rect> {
    let numbers: Vec<f64> = file
        .array(dict, key)?
        .iter()
        .filter_map(|it| file.resolve(it)?.as_float().ok().map(f64::from))
        .collect();
    let [x0, y0, x1, y1] = numbers[..] else { return None };
    let rect = Rect::around(&[[x0, y0], [x1, y1]]);
    (rect.width() > 1.0 && rect.height() > 1.0).then_some(rect)
}

/// Returns the error of a file that the parser refuses.
fn error_of(error: &PdfError) -> Error {
    match error {
        PdfError::InvalidPassword
        | PdfError::Decryption(_)
        | PdfError::UnsupportedSecurityHandler(_) => ErrorKind::Encrypted(WHAT).into(),
        PdfError::Decompress(lopdf::DecompressError::MemoryLimitExceeded { limit }) => {
            ErrorKind::Hostile(format!("a stream of more than {limit} bytes, decompressed")).into()
        }
        error => ErrorKind::Damaged { what: WHAT, reason: error.to_string() }.into(),
    }
}
