use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::file::properties::WriterProperties;
use arrow_array::{Date32Array, RecordBatch, StringArray, StructArray};
use arrow_schema::{Field, Schema};

use super::*;

/// Writes a file with a group of two texts and a date.
fn write(path: &Path, compression: Compression) {
    let text = |text: &str| -> ArrayRef { Arc::new(StringArray::from(vec![text])) };
    let field = |name: &str| Arc::new(Field::new(name, DataType::Utf8, false));
    let group = StructArray::from(vec![(field("ar"), text("نعم")), (field("en"), text("Yes"))]);
    let schema = Arc::new(Schema::new(vec![
        Field::new("day", DataType::Date32, false),
        Field::new("translation", group.data_type().clone(), false),
        Field::new("note", DataType::Utf8, false),
    ]));
    let columns: Vec<ArrayRef> =
        vec![Arc::new(Date32Array::from(vec![1])), Arc::new(group), text("x")];
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns).expect("a batch");
    let properties = WriterProperties::builder().set_compression(compression).build();
    let file = File::create(path).expect("a file");
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties)).expect("a writer");
    writer.write(&batch).expect("a disk");
    writer.close().expect("a disk");
}

#[test]
fn groups_are_read_in_every_compression_and_dates_are_skipped() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.parquet");
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(Default::default()),
        Compression::GZIP(Default::default()),
        Compression::LZ4_RAW,
        Compression::LZ4,
        Compression::BROTLI(Default::default()),
    ] {
        write(&path, compression);
        let mut reader = BatchReader::new(&path, &TextColumns::default()).expect("a file");
        let row = reader.next_row().expect("a row").expect("a row");
        assert_eq!((&*row.src, &*row.tgt), ("نعم", "Yes"), "{compression}");
        assert_eq!(row.get("note").map(ToString::to_string).as_deref(), Some("x"));
        assert!(reader.next_row().expect("no row").is_none());
        let skipped = ReadNote::SkippedColumns(vec!["day (Date32)".to_owned()]);
        assert!(reader.notes().contains(&skipped), "{:?}", reader.notes());
    }
    let swapped =
        TextColumns::new(Some("translation.en".to_owned()), Some("translation.ar".to_owned()));
    let mut reader = BatchReader::new(&path, &swapped).expect("a file");
    assert_eq!(reader.next_row().expect("a row").expect("a row").src, "Yes");
    let named = TextColumns::new(Some("day".to_owned()), Some("note".to_owned()));
    let error = BatchReader::new(&path, &named).err().expect("a date").to_string();
    assert_eq!(error, "the column day (Date32) is not text or a number");
}

#[test]
fn a_broken_row_group_is_skipped_and_its_rows_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.parquet");
    let schema = Arc::new(Schema::new(vec![
        Field::new("ar", DataType::Utf8, false),
        Field::new("en", DataType::Utf8, false),
    ]));
    let file = File::create(&path).expect("a file");
    let mut writer = ArrowWriter::try_new(file, Arc::clone(&schema), None).expect("a writer");
    for group in 0..3 {
        let texts = |name: &str| -> ArrayRef {
            Arc::new(StringArray::from(vec![format!("{name} {group}"); 5]))
        };
        let batch = RecordBatch::try_new(Arc::clone(&schema), vec![texts("نص"), texts("text")]);
        writer.write(&batch.expect("a batch")).expect("a disk");
        writer.flush().expect("a disk");
    }
    writer.close().expect("a disk");
    let damaged = |group: usize| {
        let file = File::open(&path).expect("a file");
        let metadata = ArrowReaderMetadata::load(&file, Default::default()).expect("metadata");
        let (start, len) = metadata.metadata().row_group(group).column(1).byte_range();
        let mut bytes = std::fs::read(&path).expect("a file");
        bytes[start as usize..(start + len) as usize].fill(0xff);
        std::fs::write(&path, bytes).expect("a disk");
    };
    for (group, left) in [(1, 10), (0, 5)] {
        damaged(group);
        let open = || crate::BitextInput::file(&path).open().expect("a file");
        let mut reader = open().skipping_bad(true);
        assert_eq!(reader.by_ref().filter(Result::is_ok).count(), left);
        assert_eq!(reader.skipped().malformed, 15 - left as u64);
        let error = open().find_map(Result::err).expect("an error").to_string();
        let start = format!("row group {} of 3 is broken: 5 of its rows", group + 1);
        assert!(error.contains(&start), "{error}");
        let line = reader.first_bad().and_then(Error::line);
        assert_eq!(line, Some(1 + 5 * group as u64));
    }
}
