//! Batches of documents in Arrow: one document per row in, one bead or document per row out.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Float32Array, Int64Array, ListArray, RecordBatch, StringArray,
    StructArray, UInt64Array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema};
use arrow_select::take::take;
use nasaq::{Encoder, Monitor};
use nasaq_formats::BeadRecord;
use nasaq_job::{Engine, Failure, Message, Result, SideText, TextPair, Warning};
use serde::Serialize;

use crate::column::TextColumn;
use crate::remedy::wording;

/// The key of the schema's metadata that has the warnings, as JSON.
///
/// They are not a column, so that batches have the same columns whether or not there are any.
const WARNINGS_KEY: &str = "nasaq.warnings";

/// What a row of the output is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutputRows {
    /// A bead. A document that failed has one row without a bead.
    Beads,
    /// A document, with its beads nested.
    Documents,
}

/// An aligned document.
pub(crate) struct AlignedRow {
    beads: Vec<BeadRecord>,
    document_score: f32,
    segments: [usize; 2],
    warnings: Vec<Warning>,
}

/// The result of a document.
pub(crate) type RowOutcome = Result<AlignedRow>;

/// A warning in the schema's metadata.
#[derive(Serialize)]
struct RowWarning {
    row: usize,
    id: String,
    note: bool,
    #[serde(flatten)]
    message: Message,
}

/// The columns of a batch.
pub(crate) struct BatchColumns<'a> {
    ids: &'a ArrayRef,
    src: TextColumn<'a>,
    tgt: TextColumn<'a>,
    /// Indices of the columns that are copied to the output.
    copied: Vec<usize>,
}

impl<'a> BatchColumns<'a> {
    /// Finds the columns id, source and target by their names. With `has_words`, the result has a
    /// column of linked words.
    ///
    /// # Errors
    /// A [`Failure`] if a column is missing or has another type, or has the name of an output column.
    pub(crate) fn new(
        batch: &'a RecordBatch,
        [id, src, tgt]: &[String; 3],
        has_words: bool,
    ) -> Result<Self> {
        let schema = batch.schema_ref();
        let find = |name: &str| {
            schema.index_of(name).map_err(|_| {
                let names: Vec<&str> =
                    schema.fields().iter().map(|field| field.name().as_str()).collect();
                Failure::new("column", format!("there is no column {name:?}"))
                    .hint(format!("the columns are {}", names.join(", ")))
            })
        };
        let text = |name: &str, index: usize| {
            TextColumn::new(batch.column(index)).ok_or_else(|| {
                let kind = batch.column(index).data_type();
                Failure::new("column", format!("column {name:?} is of the type {kind}"))
                    .hint("it must hold strings, or lists of strings; cast it")
            })
        };
        let (ids, src_index, tgt_index) = (batch.column(find(id)?), find(src)?, find(tgt)?);
        let is_copied = |index: &usize| *index != src_index && *index != tgt_index;
        let copied: Vec<usize> = (0..batch.num_columns()).filter(is_copied).collect();
        let output = output_fields(has_words);
        for &index in &copied {
            let name = schema.field(index).name();
            if output.iter().any(|field| field.name() == name) {
                let reason = format!("column {name:?} is one of the result's");
                return Err(Failure::new("column", reason).hint("rename or drop it"));
            }
        }
        Ok(Self { ids, src: text(src, src_index)?, tgt: text(tgt, tgt_index)?, copied })
    }

    /// Returns the id of a row, or its number if it has none.
    pub(crate) fn id(&self, row: usize) -> String {
        match TextColumn::new(self.ids).and_then(|ids| ids.side(row, false)) {
            Some(SideText::Text(id)) => id.to_owned(),
            _ => format!("row {row}"),
        }
    }

    /// Returns the bytes of text of a row.
    pub(crate) fn bytes(&self, row: usize) -> u64 {
        self.src.bytes(row) + self.tgt.bytes(row)
    }
}

/// Aligns the document of a row, with an encoder in place of the engine's if there is one.
pub(crate) fn align_row(
    engine: &Engine,
    columns: &BatchColumns<'_>,
    encoder: Option<&dyn Encoder>,
    segmented: bool,
    row: usize,
    monitor: &dyn Monitor,
) -> RowOutcome {
    let missing =
        |side: &str| Failure::new("missing", format!("{side} is null, or one of its segments is"));
    let src = columns.src.side(row, segmented).ok_or_else(|| missing("src"))?;
    let tgt = columns.tgt.side(row, segmented).ok_or_else(|| missing("tgt"))?;
    let id = columns.id(row);
    let texts = TextPair::new(&id, [src, tgt])?;
    let mut job = texts.job(engine)?.monitor(monitor);
    if let Some(encoder) = encoder {
        job = job.encoder(encoder);
    }
    let aligned = job.run()?;
    Ok(AlignedRow {
        document_score: aligned.alignment.document_score(),
        segments: aligned.segments.each_ref().map(Vec::len),
        beads: aligned.beads,
        warnings: aligned.warnings,
    })
}

/// Makes the batch of results, with a column of linked words if `has_words`.
///
/// # Errors
/// A [`Failure`] if a column would have more than 2 GiB of text, the limit of Arrow's strings.
pub(crate) fn result(
    batch: &RecordBatch,
    columns: &BatchColumns<'_>,
    outcomes: &[RowOutcome],
    rows: OutputRows,
    has_words: bool,
) -> Result<RecordBatch> {
    let beads = || outcomes.iter().flatten().flat_map(|aligned| &aligned.beads);
    for text in [|bead: &BeadRecord| bead.src.len(), |bead: &BeadRecord| bead.tgt.len()] {
        if beads().map(text).sum::<usize>() > i32::MAX as usize {
            return Err(Failure::new("too-large", "the result has more than 2 GiB of text")
                .hint("pass smaller batches: batch.slice(offset, length)"));
        }
    }
    let result = match rows {
        OutputRows::Beads => bead_rows(batch, columns, outcomes, has_words),
        OutputRows::Documents => document_rows(batch, columns, outcomes, has_words),
    };
    result
        .and_then(|batch| with_warnings(batch, columns, outcomes))
        .map_err(|error| Failure::of("internal", error))
}

/// Adds the warnings to the schema's metadata, if there are any.
fn with_warnings(
    batch: RecordBatch,
    columns: &BatchColumns<'_>,
    outcomes: &[RowOutcome],
) -> Result<RecordBatch, ArrowError> {
    let mut warnings = Vec::new();
    for (row, outcome) in outcomes.iter().enumerate() {
        let found = outcome.iter().flat_map(|aligned| &aligned.warnings);
        warnings.extend(found.map(|warning| RowWarning {
            row,
            id: columns.id(row),
            note: warning.is_note(),
            message: Message::of_warning(warning, wording),
        }));
    }
    if warnings.is_empty() {
        return Ok(batch);
    }
    let json = serde_json::to_string(&warnings).expect("keys are strings");
    let metadata = HashMap::from([(WARNINGS_KEY.to_owned(), json)]);
    let schema = Schema::clone(batch.schema_ref()).with_metadata(metadata);
    batch.with_schema(Arc::new(schema))
}

/// The columns about a document.
fn document_fields() -> Vec<Field> {
    vec![
        Field::new("status", DataType::Utf8, false),
        Field::new("error_kind", DataType::Utf8, true),
        Field::new("error", DataType::Utf8, true),
        Field::new("document_score", DataType::Float32, true),
        Field::new("src_segments", DataType::Int64, true),
        Field::new("tgt_segments", DataType::Int64, true),
    ]
}

/// The columns about a bead. Those before `counterpart_start` are null only if there is no bead.
fn bead_fields(nullable: bool, has_words: bool) -> Vec<Field> {
    let text = |name| Field::new(name, DataType::Utf8, nullable);
    let float = |name| Field::new(name, DataType::Float32, nullable);
    let count = |name| Field::new(name, DataType::Int64, nullable);
    let mut fields = vec![
        count("bead"),
        text("kind"),
        text("src"),
        text("tgt"),
        float("probability"),
        float("score"),
        float("log_odds"),
        count("src_segments_start"),
        count("src_segments_end"),
        count("tgt_segments_start"),
        count("tgt_segments_end"),
        count("src_bytes_start"),
        count("src_bytes_end"),
        count("tgt_bytes_start"),
        count("tgt_bytes_end"),
        Field::new("moved", DataType::Boolean, nullable),
        Field::new("counterpart_start", DataType::Int64, true),
        Field::new("counterpart_end", DataType::Int64, true),
    ];
    if has_words {
        fields.push(Field::new("words", DataType::Utf8, true));
    }
    fields
}

fn output_fields(has_words: bool) -> Vec<Field> {
    let mut fields = document_fields();
    fields.extend(bead_fields(true, has_words));
    fields.push(Field::new("beads", DataType::Null, true));
    fields
}

/// Makes the columns of [`bead_fields`].
fn bead_columns(beads: &[Option<&BeadRecord>], has_words: bool) -> Vec<ArrayRef> {
    let counts = |of: &dyn Fn(&BeadRecord) -> Option<usize>| -> ArrayRef {
        let values = beads.iter().map(|bead| bead.and_then(of));
        Arc::new(values.map(|value| value.map(|value| value as i64)).collect::<Int64Array>())
    };
    let floats = |of: fn(&BeadRecord) -> f32| -> ArrayRef {
        Arc::new(beads.iter().map(|bead| bead.map(of)).collect::<Float32Array>())
    };
    let texts = |of: fn(&BeadRecord) -> &str| -> ArrayRef {
        Arc::new(beads.iter().map(|bead| bead.map(of)).collect::<StringArray>())
    };
    let kinds: StringArray =
        beads.iter().map(|bead| bead.map(|bead| bead.kind.to_string())).collect();
    let moved: BooleanArray = beads.iter().map(|bead| bead.map(|bead| bead.moved)).collect();
    let mut columns = vec![
        counts(&|bead| Some(bead.bead)),
        Arc::new(kinds),
        texts(|bead| &bead.src),
        texts(|bead| &bead.tgt),
        floats(|bead| bead.probability),
        floats(|bead| bead.score.unwrap_or_default()),
        floats(|bead| bead.log_odds.unwrap_or_default()),
        counts(&|bead| Some(bead.src_segments[0] as usize)),
        counts(&|bead| Some(bead.src_segments[1] as usize)),
        counts(&|bead| Some(bead.tgt_segments[0] as usize)),
        counts(&|bead| Some(bead.tgt_segments[1] as usize)),
        counts(&|bead| Some(bead.src_bytes[0])),
        counts(&|bead| Some(bead.src_bytes[1])),
        counts(&|bead| Some(bead.tgt_bytes[0])),
        counts(&|bead| Some(bead.tgt_bytes[1])),
        Arc::new(moved),
        counts(&|bead| bead.counterpart.map(|span| span[0] as usize)),
        counts(&|bead| bead.counterpart.map(|span| span[1] as usize)),
    ];
    if has_words {
        let words = beads.iter().map(|bead| bead.and_then(|bead| bead.words.as_deref()));
        columns.push(Arc::new(words.collect::<StringArray>()));
    }
    columns
}

/// Makes the columns of [`document_fields`], one row per outcome.
fn document_columns(outcomes: &[&RowOutcome]) -> Vec<ArrayRef> {
    let failures = || outcomes.iter().map(|outcome| outcome.as_ref().err());
    let done = || outcomes.iter().map(|outcome| outcome.as_ref().ok());
    let status = |failure: Option<&Failure>| if failure.is_some() { "error" } else { "ok" };
    let segments = |side: usize| -> ArrayRef {
        Arc::new(done().map(|done| Some(done?.segments[side] as i64)).collect::<Int64Array>())
    };
    vec![
        Arc::new(StringArray::from_iter_values(failures().map(status))),
        Arc::new(failures().map(|failure| Some(failure?.kind())).collect::<StringArray>()),
        Arc::new(failures().map(|failure| Some(failure?.reason())).collect::<StringArray>()),
        Arc::new(done().map(|done| Some(done?.document_score)).collect::<Float32Array>()),
        segments(0),
        segments(1),
    ]
}

fn document_rows(
    batch: &RecordBatch,
    columns: &BatchColumns<'_>,
    outcomes: &[RowOutcome],
    has_words: bool,
) -> Result<RecordBatch, ArrowError> {
    let schema = batch.schema_ref();
    let mut fields: Vec<Field> =
        columns.copied.iter().map(|&at| schema.field(at).clone()).collect();
    let mut arrays: Vec<ArrayRef> =
        columns.copied.iter().map(|&at| Arc::clone(batch.column(at))).collect();
    fields.extend(document_fields());
    arrays.extend(document_columns(&outcomes.iter().collect::<Vec<_>>()));
    let beads: Vec<Option<&BeadRecord>> =
        outcomes.iter().flatten().flat_map(|done| done.beads.iter().map(Some)).collect();
    let struct_fields = Fields::from(bead_fields(false, has_words));
    let values =
        StructArray::try_new(struct_fields.clone(), bead_columns(&beads, has_words), None)?;
    let lengths =
        outcomes.iter().map(|outcome| outcome.as_ref().map_or(0, |done| done.beads.len()));
    let item = Arc::new(Field::new("element", DataType::Struct(struct_fields), false));
    let lists = ListArray::try_new(
        Arc::clone(&item),
        OffsetBuffer::from_lengths(lengths),
        Arc::new(values),
        None,
    )?;
    fields.push(Field::new("beads", DataType::List(item), false));
    arrays.push(Arc::new(lists));
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

fn bead_rows(
    batch: &RecordBatch,
    columns: &BatchColumns<'_>,
    outcomes: &[RowOutcome],
    has_words: bool,
) -> Result<RecordBatch, ArrowError> {
    let (mut rows, mut beads) = (Vec::new(), Vec::new());
    for (row, outcome) in outcomes.iter().enumerate() {
        match outcome {
            Ok(done) => {
                rows.resize(rows.len() + done.beads.len(), row);
                beads.extend(done.beads.iter().map(Some));
            }
            Err(_) => {
                rows.push(row);
                beads.push(None);
            }
        }
    }
    let of_rows: Vec<&RowOutcome> = rows.iter().map(|&row| &outcomes[row]).collect();
    let rows: UInt64Array = rows.iter().map(|&row| Some(row as u64)).collect();
    let schema = batch.schema_ref();
    let mut fields: Vec<Field> =
        columns.copied.iter().map(|&at| schema.field(at).clone()).collect();
    let mut arrays: Vec<ArrayRef> = columns
        .copied
        .iter()
        .map(|&at| take(batch.column(at), &rows, None))
        .collect::<Result<_, _>>()?;
    // Without the segment counts: a bead has its own segments.
    let shared = 4;
    fields.extend(document_fields().into_iter().take(shared));
    arrays.extend(document_columns(&of_rows).into_iter().take(shared));
    fields.extend(bead_fields(true, has_words));
    arrays.extend(bead_columns(&beads, has_words));
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}
