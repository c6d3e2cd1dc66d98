"""Batches: the beads of single documents, errors as rows, every layout of text."""

import json

import nasaq
import pytest

pa = pytest.importorskip("pyarrow")

ARABIC = ["وصل القطار إلى المحطة قبل الفجر.", "لم يكن في انتظاره أحد."]
ENGLISH = ["The train reached the station before dawn.", "Nobody was waiting for it."]
SRC, TGT = "\n".join(ARABIC), "\n".join(ENGLISH)
BEAD = ["bead", "kind", "src", "tgt", "probability", "score"]


def batch(src, tgt, **more):
    names = [str(index) for index in range(len(src))]
    return pa.RecordBatch.from_pydict({"id": names, "src": src, "tgt": tgt, **more})


def test_rows_are_the_beads_of_single_documents(bitext):
    src, tgt = ((bitext / f"{side}.txt").read_bytes().decode("utf-8") for side in ("ar", "en"))
    result = nasaq.align_batch(batch([SRC, src], [TGT, tgt]))
    result.validate(full=True)
    rows = [row for row in result.to_pylist() if row["id"] == "1"]
    single = nasaq.align(src, tgt)
    for row, bead in zip(rows, single.to_dicts()):
        for name in ("bead", "kind", "src", "tgt"):
            assert row[name] == bead[name]
        for name in ("src_segments", "tgt_segments", "src_bytes", "tgt_bytes"):
            assert [row[f"{name}_start"], row[f"{name}_end"]] == bead[name]
        assert row["probability"] == pytest.approx(bead["probability"], abs=1e-7)
    assert len(rows) == len(single)
    assert rows[0]["document_score"] == pytest.approx(single.document_score, abs=1e-7)


def test_a_bad_document_is_a_row():
    sources = [SRC, "", None, "x", "a\0b", SRC]
    targets = [TGT, TGT, TGT, "x", TGT, None]
    documents_batch = batch(sources, targets, year=[1, 2, 3, 4, 5, 6])
    beads = nasaq.align_batch(documents_batch)
    beads.validate(full=True)
    failed = [row for row in beads.to_pylist() if row["status"] == "error"]
    assert [row["id"] for row in failed] == ["1", "2", "3", "4", "5"]
    kinds = [row["error_kind"] for row in failed]
    assert kinds[:3] + kinds[4:] == ["empty", "missing", "identical", "missing"]
    assert all(row["error"] and row["bead"] is None for row in failed)
    assert [row["year"] for row in beads.to_pylist()] == [1, 1, 2, 3, 4, 5, 6]

    documents = nasaq.align_batch(documents_batch, output="documents")
    documents.validate(full=True)
    assert documents.column("year").to_pylist() == [1, 2, 3, 4, 5, 6]
    assert [len(row) for row in documents.column("beads").to_pylist()] == [2, 0, 0, 0, 0, 0]
    nested = documents.column("beads").to_pylist()[0]
    assert [list(bead.values()) for bead in nested] == [
        list(row.values())[6:] for row in beads.to_pylist()[:2]
    ]
    assert documents.column("src_segments").to_pylist() == [2] + [None] * 5


@pytest.mark.parametrize("threads", [1, 2])
def test_a_panic_is_the_failure_of_its_document(threads):
    aligner = nasaq.Aligner(threads=threads)
    aligner._engine.panic_on("1")
    rows = aligner.align_batch(batch([SRC] * 3, [TGT] * 3), output="documents").to_pylist()
    assert [row["status"] for row in rows] == ["ok", "error", "ok"]
    assert rows[1]["error_kind"] == "internal"
    assert rows[0]["beads"] == rows[2]["beads"] != []
    assert len(aligner.align(SRC, TGT)) == 2

    aligner = nasaq.Aligner(threads=threads)
    aligner._engine.panic_on("")
    with pytest.raises(nasaq.InternalError, match="bug"):
        aligner.align(SRC, TGT)


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view"])
def test_all_layouts_of_text_are_read(kind):
    if not hasattr(pa, kind):
        pytest.skip(f"this pyarrow has no {kind}")
    of = getattr(pa, kind)()
    expected = nasaq.align_batch(batch([SRC], [TGT])).to_pylist()
    for src, tgt in (
        (pa.array([SRC], of), pa.array([TGT], of)),
        (pa.array([ARABIC], pa.list_(of)), pa.array([ENGLISH], pa.large_list(of))),
        (pa.array(["x", SRC, "y"], of)[1:2], pa.array([[], ENGLISH], pa.list_(of))[1:]),
    ):
        documents_batch = pa.RecordBatch.from_arrays([pa.array(["0"]), src, tgt], ["id", "src", "tgt"])
        assert nasaq.align_batch(documents_batch).to_pylist() == expected


def test_warnings_are_metadata_and_change_no_column():
    clean = nasaq.align_batch(batch([SRC], [TGT]))
    assert clean.schema.metadata is None and nasaq.batch_warnings(clean) == []
    result = nasaq.align_batch(batch([SRC, TGT, "x"], [TGT, SRC, "x"]))
    assert result.schema.equals(clean.schema, check_metadata=False)
    ((name, warning),) = nasaq.batch_warnings(result)
    assert (name, warning.kind) == ("1", "swapped-languages")
    assert warning == nasaq.align(TGT, SRC).warnings[0]._replace(reason=warning.reason)
    assert warning.reason.startswith("the languages look swapped: 1 (source text) looks English")


def test_linked_words_are_a_column_if_they_are_set():
    documents_batch = batch([SRC, ""], [TGT, TGT])
    plain = nasaq.align_batch(documents_batch)
    linked = nasaq.align_batch(documents_batch, words=True)
    linked.validate(full=True)
    assert linked.schema.names == [*plain.schema.names, "words"]
    expected = [bead.words for bead in nasaq.align(SRC, TGT, words=True)]
    assert linked.column("words").to_pylist() == [*expected, None] and all(expected)
    nested = nasaq.align_batch(documents_batch, output="documents", words=True).to_pylist()
    assert [bead["words"] for bead in nested[0]["beads"]] == expected
    with pytest.raises(nasaq.InputError, match="words"):
        nasaq.align_batch(batch([SRC], [TGT], words=["x"]), words=True)
    assert nasaq.align_batch(batch([SRC], [TGT], words=["x"])).column("words")[0].as_py() == "x"


def test_results_do_not_depend_on_threads():
    documents_batch = batch([SRC, "x", SRC + "\n" + SRC, ARABIC[0]], [TGT, None, TGT + "\n" + TGT, ENGLISH[0]])
    one = nasaq.align_batch(documents_batch, threads=1)
    assert one.equals(nasaq.align_batch(documents_batch, threads=3))
    assert nasaq.align_batch(documents_batch.slice(1, 2), threads=2).num_rows < one.num_rows


def test_other_names_and_empty_batches():
    documents_batch = pa.RecordBatch.from_pydict({"name": [7], "ar": [SRC], "en": [TGT]})
    result = nasaq.align_batch(documents_batch, id="name", src="ar", tgt="en")
    assert result.column("name").to_pylist() == [7, 7]
    assert nasaq.align_batch(batch([SRC], [TGT]).slice(0, 0)).num_rows == 0
    assert nasaq.align_batch(batch([SRC], [TGT]).slice(0, 0), output="documents").num_rows == 0


def test_wrong_columns_are_errors():
    documents_batch = batch([SRC], [TGT], status=["x"])
    with pytest.raises(nasaq.InputError, match="'status'|\"status\""):
        nasaq.align_batch(documents_batch)
    with pytest.raises(nasaq.InputError, match="the columns are id, src, tgt"):
        nasaq.align_batch(batch([SRC], [TGT]), src="text")
    with pytest.raises(nasaq.InputError, match="Int64"):
        nasaq.align_batch(batch([1], [TGT]))
    with pytest.raises(nasaq.SettingError):
        nasaq.align_batch(batch([SRC], [TGT]), output="rows")
    with pytest.raises(TypeError, match="RecordBatch"):
        nasaq.align_batch({"id": []})


def test_the_stream_of_the_program_has_the_same_beads(program):
    sources, targets = [SRC, ARABIC, " "], [TGT, ENGLISH, TGT]
    lines = "".join(
        json.dumps({"id": str(index), "src": src, "tgt": tgt}) + "\n"
        for index, (src, tgt) in enumerate(zip(sources, targets))
    )
    results = [json.loads(line) for line in program(
        "align", "-q", "--jsonl", input=lines.encode("utf-8")
    ).splitlines()]
    for result, src, tgt in zip(results, sources, targets):
        (row,) = nasaq.align_batch(batch([src], [tgt]), output="documents").to_pylist()
        assert (row["status"], row["error_kind"]) == (
            result["status"], result["error"] and result["error"]["kind"]
        )
        assert [[bead[name] for name in BEAD[:4]] for bead in row["beads"]] == [
            [bead[name] for name in BEAD[:4]] for bead in result["beads"]
        ]
