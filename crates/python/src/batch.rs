//! Batches of documents in Arrow: a document a row in, a bead or a document a row out.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use arrow_array::{
    Array, ArrayRef, Float32Array, Int64Array, ListArray, RecordBatch, StringArray, StructArray,
    UInt64Array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema};
use arrow_select::take::take;
use nasaq::Encoder;
use nasaq_formats::BeadRecord;

use crate::column::TextColumn;
use crate::failure::Failure;
use crate::pair::{Settings, align as align_pair};
use crate::threads::pool_of;

/// What a row of the output is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// A bead; a document that failed has one row without a bead.
    Beads,
    /// A document, its beads nested.
    Documents,
}

/// A document's beads.
pub(crate) struct Done {
    beads: Vec<BeadRecord>,
    document_score: f32,
    segments: [usize; 2],
}

/// What became of a document.
pub(crate) type Outcome = Result<Done, Failure>;

/// The columns of a batch that are used.
pub(crate) struct Columns<'a> {
    ids: &'a ArrayRef,
    src: TextColumn<'a>,
    tgt: TextColumn<'a>,
    /// Places of the columns that come out as they are.
    kept: Vec<usize>,
}

impl<'a> Columns<'a> {
    /// Finds the columns id, source and target by their names.
    ///
    /// # Errors
    /// Where one is not there or has another type, or a column has the name of a new one.
    pub(crate) fn new(
        batch: &'a RecordBatch,
        [id, src, tgt]: &[String; 3],
    ) -> Result<Self, Failure> {
        let schema = batch.schema_ref();
        let find = |name: &str| {
            schema.index_of(name).map_err(|_| {
                let names: Vec<&str> =
                    schema.fields().iter().map(|field| field.name().as_str()).collect();
                Failure::new("column", format!("there is no column {name:?}"))
                    .hint(format!("the columns are {}", names.join(", ")))
            })
        };
        let text = |name: &str, at: usize| {
            TextColumn::new(batch.column(at)).ok_or_else(|| {
                let kind = batch.column(at).data_type();
                Failure::new("column", format!("column {name:?} is of the type {kind}"))
                    .hint("it must hold strings, or lists of strings; cast it")
            })
        };
        let (ids, src_at, tgt_at) = (batch.column(find(id)?), find(src)?, find(tgt)?);
        let kept: Vec<usize> =
            (0..batch.num_columns()).filter(|&at| at != src_at && at != tgt_at).collect();
        let new = new_fields();
        for &at in &kept {
            let name = schema.field(at).name();
            if new.iter().any(|field| field.name() == name) {
                return Err(Failure::new(
                    "column",
                    format!("column {name:?} is one of the result's"),
                )
                .hint("rename or drop it"));
            }
        }
        Ok(Self { ids, src: text(src, src_at)?, tgt: text(tgt, tgt_at)?, kept })
    }

    fn id(&self, row: usize) -> String {
        match TextColumn::new(self.ids).and_then(|ids| ids.side(row, false)) {
            Some(crate::pair::Side::Raw(id)) => id.to_owned(),
            _ => format!("row {row}"),
        }
    }
}

/// Aligns all documents of a batch, one a thread.
pub(crate) fn align(
    settings: &Settings,
    encoder: &impl Encoder,
    columns: &Columns<'_>,
    segmented: bool,
    threads: usize,
) -> Vec<Outcome> {
    let count = columns.ids.len();
    let document = |row: usize| document(settings, encoder, columns, segmented, row);
    if threads == 1 || count < 2 {
        return (0..count).map(document).collect();
    }
    let outcomes: Vec<Mutex<Option<Outcome>>> = (0..count).map(|_| Mutex::default()).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let row = next.fetch_add(1, Ordering::Relaxed)
            && row < count
        {
            let outcome = document(row);
            *outcomes[row].lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads.min(count) {
            // Rayon inside a document must not take up another document while it waits.
            scope.spawn(|| match pool_of(1) {
                Ok(pool) => pool.install(work),
                Err(_) => work(),
            });
        }
    });
    let taken = outcomes.into_iter().map(|slot| {
        let outcome = slot.into_inner().unwrap_or_else(PoisonError::into_inner);
        outcome.expect("every row was worked on")
    });
    taken.collect()
}

fn document(
    settings: &Settings,
    encoder: &impl Encoder,
    columns: &Columns<'_>,
    segmented: bool,
    row: usize,
) -> Outcome {
    let missing = |side: &str| Failure::new("missing", format!("{side} is null, or a part of it"));
    let src = columns.src.side(row, segmented).ok_or_else(|| missing("src"))?;
    let tgt = columns.tgt.side(row, segmented).ok_or_else(|| missing("tgt"))?;
    align_pair(settings, encoder, &columns.id(row), &[src, tgt], &[], |aligned| Done {
        document_score: aligned.document_score,
        segments: aligned.segments.each_ref().map(Vec::len),
        beads: aligned.beads,
    })
}

/// Makes the batch of results.
///
/// # Errors
/// Where it would be too large for Arrow's strings, 2 GiB a column.
pub(crate) fn result(
    batch: &RecordBatch,
    columns: &Columns<'_>,
    outcomes: &[Outcome],
    rows: Rows,
) -> Result<RecordBatch, Failure> {
    let beads = || outcomes.iter().flatten().flat_map(|done| &done.beads);
    for text in [|bead: &BeadRecord| bead.src.len(), |bead: &BeadRecord| bead.tgt.len()] {
        if beads().map(text).sum::<usize>() > i32::MAX as usize {
            return Err(Failure::new("too-large", "the result has more than 2 GiB of text")
                .hint("give smaller batches: batch.slice(offset, length)"));
        }
    }
    let made = match rows {
        Rows::Beads => bead_rows(batch, columns, outcomes),
        Rows::Documents => document_rows(batch, columns, outcomes),
    };
    made.map_err(|error| Failure::new("internal", error.to_string()))
}

/// The columns that tell of a document.
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

/// The columns that tell of a bead. Those before `moved_start` are null only where there is none.
fn bead_fields(nullable: bool) -> Vec<Field> {
    let text = |name| Field::new(name, DataType::Utf8, nullable);
    let float = |name| Field::new(name, DataType::Float32, nullable);
    let count = |name| Field::new(name, DataType::Int64, nullable);
    vec![
        count("bead"),
        text("kind"),
        text("src"),
        text("tgt"),
        float("probability"),
        float("score"),
        count("src_segments_start"),
        count("src_segments_end"),
        count("tgt_segments_start"),
        count("tgt_segments_end"),
        count("src_bytes_start"),
        count("src_bytes_end"),
        count("tgt_bytes_start"),
        count("tgt_bytes_end"),
        Field::new("moved_start", DataType::Int64, true),
        Field::new("moved_end", DataType::Int64, true),
    ]
}

fn new_fields() -> Vec<Field> {
    let mut fields = document_fields();
    fields.extend(bead_fields(true));
    fields.push(Field::new("beads", DataType::Null, true));
    fields
}

/// Makes the columns of [`bead_fields`].
fn bead_columns(beads: &[Option<&BeadRecord>]) -> Vec<ArrayRef> {
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
    vec![
        counts(&|bead| Some(bead.bead)),
        Arc::new(kinds),
        texts(|bead| &bead.src),
        texts(|bead| &bead.tgt),
        floats(|bead| bead.probability),
        floats(|bead| bead.score),
        counts(&|bead| Some(bead.src_segments[0] as usize)),
        counts(&|bead| Some(bead.src_segments[1] as usize)),
        counts(&|bead| Some(bead.tgt_segments[0] as usize)),
        counts(&|bead| Some(bead.tgt_segments[1] as usize)),
        counts(&|bead| Some(bead.src_bytes[0])),
        counts(&|bead| Some(bead.src_bytes[1])),
        counts(&|bead| Some(bead.tgt_bytes[0])),
        counts(&|bead| Some(bead.tgt_bytes[1])),
        counts(&|bead| bead.moved.map(|moved| moved[0] as usize)),
        counts(&|bead| bead.moved.map(|moved| moved[1] as usize)),
    ]
}

/// Makes the columns of [`document_fields`], a row for each of the outcomes.
fn document_columns(outcomes: &[&Outcome]) -> Vec<ArrayRef> {
    let failures = || outcomes.iter().map(|outcome| outcome.as_ref().err());
    let done = || outcomes.iter().map(|outcome| outcome.as_ref().ok());
    let status = |failure: Option<&Failure>| if failure.is_some() { "error" } else { "ok" };
    let segments = |side: usize| -> ArrayRef {
        Arc::new(done().map(|done| Some(done?.segments[side] as i64)).collect::<Int64Array>())
    };
    vec![
        Arc::new(StringArray::from_iter_values(failures().map(status))),
        Arc::new(failures().map(|failure| Some(failure?.kind)).collect::<StringArray>()),
        Arc::new(failures().map(|failure| Some(&failure?.reason)).collect::<StringArray>()),
        Arc::new(done().map(|done| Some(done?.document_score)).collect::<Float32Array>()),
        segments(0),
        segments(1),
    ]
}

fn document_rows(
    batch: &RecordBatch,
    columns: &Columns<'_>,
    outcomes: &[Outcome],
) -> Result<RecordBatch, ArrowError> {
    let schema = batch.schema_ref();
    let mut fields: Vec<Field> = columns.kept.iter().map(|&at| schema.field(at).clone()).collect();
    let mut arrays: Vec<ArrayRef> =
        columns.kept.iter().map(|&at| Arc::clone(batch.column(at))).collect();
    fields.extend(document_fields());
    arrays.extend(document_columns(&outcomes.iter().collect::<Vec<_>>()));
    let beads: Vec<Option<&BeadRecord>> =
        outcomes.iter().flatten().flat_map(|done| done.beads.iter().map(Some)).collect();
    let struct_fields = Fields::from(bead_fields(false));
    let values = StructArray::try_new(struct_fields.clone(), bead_columns(&beads), None)?;
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
    columns: &Columns<'_>,
    outcomes: &[Outcome],
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
    let of_rows: Vec<&Outcome> = rows.iter().map(|&row| &outcomes[row]).collect();
    let rows: UInt64Array = rows.iter().map(|&row| Some(row as u64)).collect();
    let schema = batch.schema_ref();
    let mut fields: Vec<Field> = columns.kept.iter().map(|&at| schema.field(at).clone()).collect();
    let mut arrays: Vec<ArrayRef> = columns
        .kept
        .iter()
        .map(|&at| take(batch.column(at), &rows, None))
        .collect::<Result<_, _>>()?;
    // Of the segments there are the bead's own.
    let told = 4;
    fields.extend(document_fields().into_iter().take(told));
    arrays.extend(document_columns(&of_rows).into_iter().take(told));
    fields.extend(bead_fields(true));
    arrays.extend(bead_columns(&beads));
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}
