//! Writes pairs in any format, with what stands beside them.

use std::io::Write;
use std::sync::Arc;

use serde::Serializer;
use serde::ser::SerializeMap;

use super::input::BitextFormat;
use super::tmx::PREFIX;
use super::{BitextRow, BitextSchema, Value};
use crate::compress::{Compression, Packer};
use crate::error::{Error, Result};
use crate::format::Header;
use crate::tmx::{attribute, segment, write_header};
use crate::tsv::escape_field;

/// Writes pairs.
pub struct BitextWriter<W: Write> {
    out: Packer<W>,
    format: BitextFormat,
    schema: BitextSchema,
    /// Names that come after those of the schema.
    added: Vec<Arc<str>>,
    header: Header,
}

impl<W: Write> BitextWriter<W> {
    /// Starts a file like the one whose schema is given, with further columns after its own.
    ///
    /// A table has a header line where the one that was read had one, or where columns are added.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where writing fails.
    pub fn new(
        format: BitextFormat,
        compression: Compression,
        out: W,
        schema: &BitextSchema,
        added: &[Arc<str>],
        header: &Header,
    ) -> Result<Self> {
        let mut schema = schema.clone();
        if schema.columns.is_empty() {
            let names = [&schema.src_name, &schema.tgt_name].into_iter().zip(["src", "tgt"]);
            let name = |(name, usual): (&Option<Arc<str>>, &str)| {
                name.clone().unwrap_or_else(|| Arc::from(usual))
            };
            schema.columns = names.map(name).collect();
            (schema.src_name, schema.tgt_name) =
                (Some(Arc::clone(&schema.columns[0])), Some(Arc::clone(&schema.columns[1])));
        }
        let known = |name: &&Arc<str>| !schema.columns.contains(name);
        let added: Vec<Arc<str>> = added.iter().filter(known).cloned().collect();
        let out = Packer::new(compression, out).map_err(Error::writing)?;
        let mut writer = Self { out, format, schema, added, header: header.clone() };
        writer.start()?;
        Ok(writer)
    }

    fn start(&mut self) -> Result<()> {
        match self.format {
            BitextFormat::Tsv | BitextFormat::Csv => {
                if self.schema.has_header || !self.added.is_empty() {
                    let names = self.schema.columns.iter().chain(&self.added);
                    let names: Vec<String> = names.map(ToString::to_string).collect();
                    self.write_cells(&names)?;
                }
                Ok(())
            }
            BitextFormat::Jsonl => Ok(()),
            BitextFormat::Tmx => write_header(&mut self.out, &self.header),
        }
    }

    /// Writes one pair. A table has the columns that it began with, and nothing else of the row.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where writing fails.
    pub fn write(&mut self, row: &BitextRow) -> Result<()> {
        match self.format {
            BitextFormat::Tsv | BitextFormat::Csv => {
                let (src, tgt) = (self.schema.src_name.clone(), self.schema.tgt_name.clone());
                let cell = |name: &Arc<str>| match name {
                    name if Some(name) == src.as_ref() => row.src.clone(),
                    name if Some(name) == tgt.as_ref() => row.tgt.clone(),
                    name => row.get(name).map(Value::to_string).unwrap_or_default(),
                };
                let cells: Vec<String> =
                    self.schema.columns.iter().chain(&self.added).map(cell).collect();
                self.write_cells(&cells)
            }
            BitextFormat::Jsonl => self.write_object(row),
            BitextFormat::Tmx => self.write_unit(row),
        }
    }

    fn write_cells(&mut self, cells: &[String]) -> Result<()> {
        if self.format == BitextFormat::Csv {
            let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
            writer.write_record(cells).map_err(|error| Error::writing(error.into()))?;
            let line = writer.into_inner().map_err(|error| Error::writing(error.into_error()))?;
            return self.out.write_all(&line).map_err(Error::writing);
        }
        // A table that was not escaped stays as it is, unless a cell would break it.
        let escaped = self.is_escaped();
        let mut line = String::new();
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                line.push('\t');
            }
            if escaped || cell.contains(['\t', '\n', '\r']) {
                line.push_str(&escape_field(cell));
            } else {
                line.push_str(cell);
            }
        }
        line.push('\n');
        self.out.write_all(line.as_bytes()).map_err(Error::writing)
    }

    /// Tells whether a reader will take the escapes back: it goes by these names.
    fn is_escaped(&self) -> bool {
        let header = self.schema.has_header || !self.added.is_empty();
        header
            && self.schema.src_name.as_deref() == Some("src")
            && self.schema.tgt_name.as_deref() == Some("tgt")
    }

    fn write_object(&mut self, row: &BitextRow) -> Result<()> {
        let mut bytes = Vec::new();
        let mut json = serde_json::Serializer::new(&mut bytes);
        let failed = |error: serde_json::Error| Error::writing(error.into());
        let mut map = json.serialize_map(None).map_err(failed)?;
        let name =
            |name: &Option<Arc<str>>, usual: &str| name.as_deref().unwrap_or(usual).to_owned();
        map.serialize_entry(&name(&self.schema.src_name, "src"), &row.src).map_err(failed)?;
        map.serialize_entry(&name(&self.schema.tgt_name, "tgt"), &row.tgt).map_err(failed)?;
        for (name, value) in &row.fields {
            match value {
                Value::Text(text) => map.serialize_entry(&**name, text),
                Value::List(words) => map.serialize_entry(&**name, words),
                Value::Json(json) => map.serialize_entry(&**name, json),
                Value::Nothing => map.serialize_entry(&**name, &()),
                Value::Number(..) => {
                    let raw = serde_json::value::RawValue::from_string(value.to_string());
                    map.serialize_entry(&**name, &raw.map_err(failed)?)
                }
            }
            .map_err(failed)?;
        }
        map.end().map_err(failed)?;
        bytes.push(b'\n');
        self.out.write_all(&bytes).map_err(Error::writing)
    }

    fn write_unit(&mut self, row: &BitextRow) -> Result<()> {
        let mut unit = String::from("    <tu");
        if let Some(tuid) = row.get("tuid") {
            unit.push_str(&format!(" tuid=\"{}\"", attribute(&tuid.to_string())));
        }
        unit.push_str(">\n");
        for (name, value) in row.fields.iter().filter(|(name, _)| &**name != "tuid") {
            let prefix = if name.starts_with("x-") { "" } else { PREFIX };
            let (name, value) = (attribute(name), segment(&value.to_string()));
            unit.push_str(&format!("      <prop type=\"{prefix}{name}\">{value}</prop>\n"));
        }
        for (lang, text) in [(&self.header.src_lang, &row.src), (&self.header.tgt_lang, &row.tgt)] {
            let (lang, text) = (attribute(lang), segment(text));
            unit.push_str(&format!("      <tuv xml:lang=\"{lang}\"><seg>{text}</seg></tuv>\n"));
        }
        unit.push_str("    </tu>\n");
        self.out.write_all(unit.as_bytes()).map_err(Error::writing)
    }

    /// Ends the file and gives the output back.
    ///
    /// # Errors
    /// [`ErrorKind::Io`](crate::ErrorKind::Io) where writing fails.
    pub fn finish(mut self) -> Result<W> {
        if self.format == BitextFormat::Tmx {
            self.out.write_all(b"  </body>\n</tmx>\n").map_err(Error::writing)?;
        }
        self.out.flush().map_err(Error::writing)?;
        self.out.finish().map_err(Error::writing)
    }
}
