//! The contents of a page: operations that show text, and as much of the others as places it
//! ([ISO 32000-2](https://pdfa.org/resource/iso-32000-2/), 8 and 9).

mod marked;
mod paths;
mod state;

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Object, ObjectId, Stream};

use self::marked::MarkedContent;
use self::paths::Paths;
use self::state::{State, TextState};
use super::file::{Page, PdfFile};
use super::font::{Font, TextSource};
use super::geometry::{Matrix, Rect};
use super::glyph::{Glyph, PageGlyphs};
use super::limits::{Budget, MAX_DEPTH, MAX_PAGE_GLYPHS};
use super::text::unknown::unknown;
use super::tree::StructureTree;
use crate::error::{ErrorKind, Result};

/// The maximum number of saved graphics states.
const MAX_SAVED: usize = 512;
/// The text rendering mode of text that is not drawn.
const INVISIBLE: i64 = 3;

/// The fonts of a file, which its pages share.
#[derive(Default)]
pub(super) struct Fonts {
    known: HashMap<ObjectId, Rc<Font>>,
    count: u32,
}

/// Reads the glyphs of a page.
pub(super) fn read_page(
    file: &PdfFile,
    page: &Page<'_>,
    tree: Option<&StructureTree>,
    fonts: &mut Fonts,
    budget: &mut Budget,
) -> Result<PageGlyphs> {
    let (bytes, is_whole) = file.page_contents(page.dict, budget)?;
    let mut reader = ContentReader {
        file,
        tree,
        owner: page.id,
        fonts,
        budget,
        area: page.area,
        out: PageGlyphs { is_damaged: !is_whole, ..PageGlyphs::default() },
        state: State::default(),
        saved: Vec::new(),
        marked: MarkedContent::default(),
        paths: Paths::default(),
        open_forms: Vec::new(),
    };
    reader.run(&bytes, page.resources, 0)?;
    let mut out = reader.out;
    out.rules = reader.paths.into_rules();
    Ok(out)
}

struct ContentReader<'a> {
    file: &'a PdfFile,
    tree: Option<&'a StructureTree>,
    /// The page, or the form, by which the structure tree names its marked parts.
    owner: Option<ObjectId>,
    fonts: &'a mut Fonts,
    budget: &'a mut Budget,
    area: Rect,
    out: PageGlyphs,
    state: State,
    saved: Vec<State>,
    marked: MarkedContent,
    paths: Paths,
    /// The forms that are being drawn: a form may not contain itself.
    open_forms: Vec<ObjectId>,
}

impl<'a> ContentReader<'a> {
    fn run(&mut self, bytes: &[u8], resources: Option<&'a Dictionary>, depth: usize) -> Result<()> {
        let mut in_text = false;
        for operation in Content::decode_iter(bytes) {
            self.budget.take_operation()?;
            let Ok(operation) = operation else {
                self.out.is_damaged = true;
                break;
            };
            match operation.operator.as_str() {
                "BT" => in_text = true,
                "ET" => in_text = false,
                _ => {}
            }
            self.operation(&operation, resources, depth)?;
        }
        // The parser stops at what it cannot read.
        self.out.is_damaged |= in_text;
        Ok(())
    }

    fn operation(
        &mut self,
        operation: &Operation,
        resources: Option<&'a Dictionary>,
        depth: usize,
    ) -> Result<()> {
        let operands = operation.operands.as_slice();
        let number = |at: usize| -> f64 {
            let number = operands.get(at).and_then(|it| it.as_float().ok()).unwrap_or(0.0);
            if number.is_finite() { f64::from(number) } else { 0.0 }
        };
        let text = &mut self.state.text;
        match operation.operator.as_str() {
            "q" if self.saved.len() < MAX_SAVED => self.saved.push(self.state.clone()),
            "Q" => {
                if let Some(state) = self.saved.pop() {
                    self.state = state;
                }
            }
            "cm" => self.transform(matrix(operands)),
            "BT" => text.begin(),
            "Tc" => text.char_space = number(0),
            "Tw" => text.word_space = number(0),
            "Tz" => text.stretch = number(0) / 100.0,
            "TL" => text.leading = number(0),
            "Ts" => text.rise = number(0),
            "Tr" => text.mode = number(0) as i64,
            "Tf" => {
                text.size = number(1);
                let name = operands.first().and_then(|name| name.as_name().ok());
                self.state.text.font = self.font(resources, name.unwrap_or_default())?;
            }
            "Td" => text.move_by(number(0), number(1)),
            "TD" => {
                text.leading = -number(1);
                text.move_by(number(0), number(1));
            }
            "Tm" => text.set(matrix(operands)),
            "T*" => text.next_line(),
            "Tj" => self.show_operand(operands.first())?,
            "'" => {
                text.next_line();
                self.show_operand(operands.first())?;
            }
            "\"" => {
                (text.word_space, text.char_space) = (number(0), number(1));
                text.next_line();
                self.show_operand(operands.get(2))?;
            }
            "TJ" => self.show_adjusted(operands.first())?,
            "gs" => self.graphics_state(resources, operands)?,
            "Do" => self.object(resources, operands, depth)?,
            "BI" => self.picture(self.state.matrix),
            "BMC" | "BDC" => {
                let list = resources.and_then(|it| self.file.dict(it, b"Properties"));
                self.marked.begin(self.file, operands, list, self.out.glyphs.len(), |id| {
                    self.tree?.tag(self.owner?, id)
                });
            }
            "EMC" => self.marked.end(&mut self.out.glyphs),
            operator => {
                let numbers: Vec<f64> = (0..operands.len().min(6)).map(number).collect();
                self.paths.operation(operator, &numbers, self.state.matrix);
            }
        }
        Ok(())
    }

    fn transform(&mut self, matrix: Matrix) {
        let matrix = matrix.then(self.state.matrix);
        if matrix.is_finite() {
            self.state.matrix = matrix;
        }
    }

    fn font(&mut self, resources: Option<&'a Dictionary>, name: &[u8]) -> Result<Option<Rc<Font>>> {
        let fonts = resources.and_then(|resources| self.file.dict(resources, b"Font"));
        let Some(object) = fonts.and_then(|fonts| fonts.get(name).ok()) else { return Ok(None) };
        self.font_of(object)
    }

    fn font_of(&mut self, object: &'a Object) -> Result<Option<Rc<Font>>> {
        let id = object.as_reference().ok();
        if let Some(font) = id.and_then(|id| self.fonts.known.get(&id)) {
            return Ok(Some(Rc::clone(font)));
        }
        let Some(Object::Dictionary(dict)) = self.file.resolve(object) else { return Ok(None) };
        let mut font = Font::read(self.file, dict, self.budget)?;
        font.index = self.fonts.count;
        self.fonts.count += 1;
        let font = Rc::new(font);
        if let Some(id) = id {
            self.fonts.known.insert(id, Rc::clone(&font));
        }
        Ok(Some(font))
    }

    /// Takes the font of an external graphics state, which is all of it that matters.
    fn graphics_state(
        &mut self,
        resources: Option<&'a Dictionary>,
        operands: &[Object],
    ) -> Result<()> {
        let name = operands.first().and_then(|name| name.as_name().ok()).unwrap_or_default();
        let states = resources.and_then(|resources| self.file.dict(resources, b"ExtGState"));
        let state = states.and_then(|states| self.file.dict(states, name));
        if let Some([font, size]) = state.and_then(|state| self.file.array(state, b"Font")) {
            self.state.text.size = f64::from(size.as_float().unwrap_or(0.0));
            self.state.text.font = self.font_of(font)?;
        }
        Ok(())
    }

    /// Reads a form, or notes a picture.
    fn object(
        &mut self,
        resources: Option<&'a Dictionary>,
        operands: &[Object],
        depth: usize,
    ) -> Result<()> {
        let name = operands.first().and_then(|name| name.as_name().ok()).unwrap_or_default();
        let objects = resources.and_then(|resources| self.file.dict(resources, b"XObject"));
        let Some(stream) = objects.and_then(|objects| self.file.stream(objects, name)) else {
            return Ok(());
        };
        match self.file.name(&stream.dict, b"Subtype") {
            Some(b"Image") => self.picture(self.state.matrix),
            Some(b"Form") if depth >= MAX_DEPTH => self.out.is_damaged = true,
            Some(b"Form") => {
                let id = objects.and_then(|objects| objects.get(name).ok()?.as_reference().ok());
                if id.is_some_and(|id| self.open_forms.contains(&id)) {
                    self.out.is_damaged = true;
                    return Ok(());
                }
                self.open_forms.extend(id);
                let owner = self.owner;
                if stream.dict.has(b"StructParents") {
                    self.owner = id.or(owner);
                }
                self.form(stream, resources, depth)?;
                self.owner = owner;
                self.open_forms.truncate(self.open_forms.len() - usize::from(id.is_some()));
            }
            _ => {}
        }
        Ok(())
    }

    fn form(
        &mut self,
        stream: &'a Stream,
        resources: Option<&'a Dictionary>,
        depth: usize,
    ) -> Result<()> {
        self.budget.take_form()?;
        let Some(bytes) = self.file.contents(stream, self.budget)? else {
            self.out.is_damaged = true;
            return Ok(());
        };
        let own = self.file.dict(&stream.dict, b"Resources").or(resources);
        let (state, saved) = (self.state.clone(), std::mem::take(&mut self.saved));
        if let Some(entries) = self.file.array(&stream.dict, b"Matrix") {
            self.transform(matrix(entries));
        }
        self.run(&bytes, own, depth + 1)?;
        (self.state, self.saved) = (state, saved);
        Ok(())
    }

    fn picture(&mut self, matrix: Matrix) {
        let corners = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]];
        let rect = Rect::around(&corners.map(|corner| matrix.apply(corner)));
        let area = self.area.width() * self.area.height();
        let share = rect.width() * rect.height() / area;
        self.out.picture_share = self.out.picture_share.max(share.min(1.0));
    }

    fn show_operand(&mut self, operand: Option<&Object>) -> Result<()> {
        match operand.and_then(|operand| operand.as_str().ok()) {
            Some(bytes) => self.show(bytes),
            None => Ok(()),
        }
    }

    fn show_adjusted(&mut self, operand: Option<&Object>) -> Result<()> {
        let Some(Object::Array(parts)) = operand else { return Ok(()) };
        for part in parts {
            match part {
                Object::String(bytes, _) => self.show(bytes)?,
                part => {
                    let by = f64::from(part.as_float().unwrap_or(0.0));
                    let text = &mut self.state.text;
                    text.advance(-by / 1000.0 * text.size * text.stretch);
                }
            }
        }
        Ok(())
    }

    /// Shows the codes of a string.
    fn show(&mut self, mut bytes: &[u8]) -> Result<()> {
        let Some(font) = self.state.text.font.clone() else {
            self.out.unreadable += bytes.len();
            return Ok(());
        };
        while !bytes.is_empty() {
            let (code, len) = font.code(bytes);
            bytes = &bytes[len..];
            self.budget.take_glyph()?;
            if self.out.glyphs.len() >= MAX_PAGE_GLYPHS {
                let message = format!("more than {MAX_PAGE_GLYPHS} glyphs on one page");
                return Err(ErrorKind::Hostile(message).into());
            }
            self.show_code(&font, code, len == 1 && code == 32);
        }
        Ok(())
    }

    fn show_code(&mut self, font: &Font, code: u32, is_space: bool) {
        let code_glyph = font.glyph(code);
        let text = &mut self.state.text;
        let at = text.rendering(self.state.matrix);
        let advance = f64::from(code_glyph.advance) * text.size;
        let space = text.char_space + if is_space { text.word_space } else { 0.0 };
        let is_hidden = text.mode == INVISIBLE;
        let (size, stretch) = (text.size, text.stretch);
        text.advance((advance + space) * stretch);
        if !at.is_finite() || size == 0.0 || self.marked.is_hidden() {
            return;
        }
        let turn = turn_of(at);
        let em = |x: f64, y: f64| at.apply([x, y]);
        let [from, to] = [em(0.0, 0.0), em(f64::from(code_glyph.advance), 0.0)];
        let pen = Rect::around(&[from]).turned(turn);
        let end = Rect::around(&[to]).turned(turn);
        let ink = code_glyph.ink.map(|ink| {
            let [x0, y0, x1, y1] = ink.map(f64::from);
            Rect::around(&[em(x0, y0), em(x1, y0), em(x0, y1), em(x1, y1)]).turned(turn)
        });
        let [_, _, c, d, _, _] = at.0;
        let is_unknown = code_glyph.source == TextSource::Unreadable;
        let own = || unknown(font.index, code).to_string().into();
        let glyph = Glyph {
            text: if is_unknown { own() } else { code_glyph.text },
            cluster: code_glyph.cluster,
            source: code_glyph.source,
            font: font.index,
            code,
            x0: pen.x0,
            x1: end.x0,
            y: pen.y0,
            size: c.hypot(d) as f32,
            ink,
            is_bold: font.is_bold,
            is_span: false,
            is_artifact: self.marked.is_artifact(),
            tag: self.marked.tag(),
            turn,
        };
        self.add(glyph, Rect::around(&[from, to]), is_hidden);
    }

    fn add(&mut self, glyph: Glyph, place: Rect, is_hidden: bool) {
        let area = self.area;
        let is_outside = place.x1 < area.x0 - 1.0
            || place.x0 > area.x1 + 1.0
            || place.y1 < area.y0 - 1.0
            || place.y0 > area.y1 + 1.0;
        if is_outside {
            self.out.outside += usize::from(!glyph.text.trim().is_empty());
            return;
        }
        if glyph.size < 0.5 {
            return;
        }
        self.out.hidden += usize::from(is_hidden);
        let is_unreadable = glyph.source == TextSource::Unreadable && !self.marked.has_text();
        self.out.unreadable += usize::from(is_unreadable);
        self.out.glyphs.push(glyph);
    }
}

/// Returns the direction of text, in quarters.
fn turn_of(at: Matrix) -> u8 {
    let [a, b, _, _, _, _] = at.0;
    match (a.abs() >= b.abs(), a >= 0.0, b >= 0.0) {
        (true, true, _) => 0,
        (false, _, true) => 1,
        (true, false, _) => 2,
        (false, _, false) => 3,
    }
}

fn matrix(operands: &[Object]) -> Matrix {
    let mut matrix = Matrix::IDENTITY;
    if operands.len() >= 6 {
        for (entry, operand) in matrix.0.iter_mut().zip(operands) {
            *entry = operand.as_float().map(f64::from).unwrap_or(0.0);
        }
    }
    matrix
}

impl TextState {
    /// Returns the transformation from a unit of the font size to the page.
    fn rendering(&self, page: Matrix) -> Matrix {
        let own = Matrix([self.size * self.stretch, 0.0, 0.0, self.size, 0.0, self.rise]);
        own.then(self.matrix).then(page)
    }
}
