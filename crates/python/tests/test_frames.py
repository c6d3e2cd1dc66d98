"""Tables of pyarrow, pandas and polars, progress, and alignments in notebooks."""

import nasaq
import pytest

pa = pytest.importorskip("pyarrow")

ARABIC = "وصل القطار إلى المحطة قبل الفجر. لم يكن في انتظاره أحد."
ENGLISH = "The train reached the station before dawn. Nobody was waiting for it."
COLUMNS = {
    "id": ["a", "b", "c"],
    "src": [ARABIC, ENGLISH, "x"],
    "tgt": [ENGLISH, ARABIC, "x"],
    "year": [1, 2, 3],
}


def table():
    return pa.table(COLUMNS)


def test_a_table_has_the_rows_of_its_batch():
    batch = table().to_batches()[0]
    expected = nasaq.align_batch(batch)
    found = nasaq.align_batch(table())
    assert isinstance(found, pa.Table) and isinstance(expected, pa.RecordBatch)
    assert found.to_pylist() == expected.to_pylist()
    assert nasaq.batch_warnings(found) == nasaq.batch_warnings(expected) != []
    chunked = pa.concat_tables([table(), table()])
    twice = nasaq.align_batch(chunked)
    assert twice.num_rows == 2 * found.num_rows
    assert [name for name, _ in nasaq.batch_warnings(twice)] == ["b", "b"]
    empty = nasaq.align_batch(table().slice(0, 0), output="documents")
    assert empty.num_rows == 0 and "beads" in empty.schema.names


def test_a_pandas_frame_has_the_rows_of_the_table():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(COLUMNS, index=[7, 8, 9])
    found = nasaq.align_batch(frame)
    assert type(found) is pandas.DataFrame and list(found.index) == list(range(len(found)))
    expected = nasaq.align_batch(table())
    assert list(found.columns) == expected.schema.names
    assert list(found["year"]) == expected.column("year").to_pylist()
    assert list(found["src"].dropna()) == expected.column("src").drop_null().to_pylist()
    assert nasaq.batch_warnings(found) == nasaq.batch_warnings(expected)
    rated = nasaq.score(frame[:2])
    assert list(rated.columns)[-4:] == ["quality", "reasons", "duplicates", "cluster"]


def test_a_polars_frame_has_the_rows_of_the_table():
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(COLUMNS)
    with pytest.warns(UserWarning, match="1 warnings"):
        found = nasaq.align_batch(frame)
    assert isinstance(found, polars.DataFrame)
    assert found.to_dicts() == nasaq.align_batch(table()).to_pylist()
    assert isinstance(nasaq.score(frame), polars.DataFrame)
    with pytest.raises(TypeError, match="collect"):
        nasaq.align_batch(frame.lazy())


def test_score_of_a_table_is_that_of_its_columns():
    beads = nasaq.align_batch(table().slice(0, 1))
    src, tgt, kinds = (beads.column(name).to_pylist() for name in ("src", "tgt", "kind"))
    expected = nasaq.score(src, tgt, kinds=kinds)
    rated = nasaq.score(beads, features=True)
    assert rated.column("quality").to_pylist() == [quality.quality for quality in expected]
    assert rated.column("reasons").to_pylist() == [list(quality.reasons) for quality in expected]
    for name in nasaq.FEATURES:
        assert rated.column(name).to_pylist() == [quality.features[name] for quality in expected]
    assert rated.column("id").to_pylist() == ["a"] * len(expected)
    renamed = pa.table({"ar": [ARABIC], "en": [ENGLISH]})
    assert nasaq.score(renamed, columns=("ar", "en")).num_rows == 1


def test_tables_that_cannot_be_rated_are_errors():
    with pytest.raises(nasaq.InputError, match="the columns are id"):
        nasaq.score(table(), columns=("a", "b"))
    with pytest.raises(nasaq.InputError, match="int64"):
        nasaq.score(table(), columns=("year", "tgt"))
    with pytest.raises(nasaq.InputError, match="null in 1 rows, the first of which is 1"):
        nasaq.score(pa.table({"src": ["a", None], "tgt": ["b", "c"]}))
    with pytest.raises(nasaq.InputError, match="quality"):
        nasaq.score(pa.table({"src": ["a"], "tgt": ["b"], "quality": [1.0]}))
    with pytest.raises(TypeError):
        nasaq.score(["a"])


def test_progress_is_reported():
    calls = []
    nasaq.align_batch(table(), progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (3, 3) and calls == sorted(set(calls))

    class Stop(Exception):
        pass

    def stop(done, total):
        raise Stop

    with pytest.raises(Stop):
        nasaq.align_batch(table(), progress=stop)
    with pytest.raises(TypeError, match="tqdm"):
        nasaq.align_batch(table(), progress=7)


def test_progress_may_be_a_bar_of_tqdm():
    tqdm = pytest.importorskip("tqdm")
    for make in (lambda bar: bar, lambda bar: bar.update):
        with tqdm.tqdm(disable=False, file=open("/dev/null", "w")) as bar:
            nasaq.align_batch(table(), progress=make(bar))
            assert (bar.n, bar.total) == (3, 3)


def test_a_dataset_is_mapped_in_batches():
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    data = datasets.Dataset.from_dict(COLUMNS).with_format("arrow")
    beads = data.map(nasaq.align_batch, batched=True, batch_size=2, remove_columns=data.column_names)
    assert beads.with_format(None).to_list() == nasaq.align_batch(table()).to_pylist()


def test_a_notebook_shows_a_table_of_escaped_texts():
    found = nasaq.align(["<script>alert(1)</script>", "نص & نص"], ["<b>bold</b> text", "text & text"])
    html = found._repr_html_()
    assert "<script" not in html and "<b>" not in html
    assert "&lt;script&gt;" in html and "نص &amp; نص" in html
    assert 'lang="ar" dir="rtl"' in html and 'lang="en" dir="ltr"' in html
    assert "1.000</td>" not in html
    swapped = nasaq.align([ENGLISH], [ARABIC], src_lang="en-GB")._repr_html_()
    assert swapped.index('lang="en-GB" dir="ltr"') < swapped.index('lang="ar" dir="rtl"')
    long = nasaq.align(["وصل القطار."] * 300, [f"The train arrived {n}." for n in range(300)])
    assert "beads are shown" in long._repr_html_()
