"""Aligning, rating and filtering on Spark. tests/spark/run tests aligning with failing machines."""

import json
import os
import shutil
import sys

import nasaq
import pytest

pyspark = pytest.importorskip("pyspark")
pa = pytest.importorskip("pyarrow")
pytest.importorskip("pandas")
if not shutil.which("java"):
    pytest.skip("there is no Java", allow_module_level=True)

import nasaq.spark  # noqa: E402 (needs pyspark)
from test_docs import SCALE, examples  # noqa: E402

PAIRS = [
    ("وصل القطار إلى المحطة قبل الفجر.", "The train reached the station before dawn."),
    ("لم يكن في انتظاره أحد.", "Nobody was waiting for it."),
    ("جلس المسافر على المقعد الخشبي.", "The traveller sat down on the wooden bench."),
]
DOCUMENTS = [
    {"id": str(n), "src": "\n".join(src for src, _ in PAIRS[: n % 3 + 1]),
     "tgt": "\n".join(tgt for _, tgt in PAIRS[: n % 3 + 1])}
    for n in range(6)
] + [{"id": "bad", "src": "", "tgt": "text"}]


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    # Otherwise Spark starts the first python3 of the path.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    try:
        session = (
            SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2").getOrCreate()
        )
    except Exception as error:
        pytest.skip(f"Spark does not start: {error}")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def beads(spark):
    return nasaq.spark.align(spark.createDataFrame(DOCUMENTS)).cache()


def rows(df):
    found = (row.asDict() for row in df.collect())
    return sorted(found, key=lambda row: (row["id"], row["bead"] or 0))


def test_beads_are_those_of_align_batch(beads):
    expected = nasaq.align_batch(pa.RecordBatch.from_pylist(DOCUMENTS)).to_pylist()
    expected.sort(key=lambda row: (row["id"], row["bead"] or 0))
    assert rows(beads) == expected


def test_all_outputs_have_the_schema_that_is_stated(spark):
    documents = spark.createDataFrame(DOCUMENTS)
    for settings in ({}, {"output": "documents"}, {"words": True},
                     {"output": "documents", "words": True}):
        found = nasaq.spark.align(documents, **settings)
        assert found.schema == nasaq.spark.schema(documents, **settings)
        expected = nasaq.align_batch(pa.RecordBatch.from_pylist(DOCUMENTS), **settings)
        assert found.columns == expected.schema.names
        rows = sorted(found.toArrow().to_pylist(), key=lambda row: (row["id"], row.get("bead") or 0))
        assert rows == sorted(expected.to_pylist(), key=lambda row: (row["id"], row.get("bead") or 0))


def test_pairs_are_rated_with_those_of_their_document(beads):
    if not hasattr(beads.groupBy("id"), "applyInArrow"):
        pytest.skip("this Spark has no applyInArrow")
    rated = rows(nasaq.spark.score(beads))
    assert rated == rows(nasaq.spark.score(beads.repartition(3)))
    for name in {row["id"] for row in rated} - {"bad"}:
        mine = [row for row in rated if row["id"] == name]
        src, tgt, kinds = ([row[key] for row in mine] for key in ("src", "tgt", "kind"))
        expected = nasaq.score(src, tgt, kinds=kinds)
        assert [row["quality"] for row in mine] == [quality.quality for quality in expected]
        assert [row["cluster"] for row in mine] == [quality.cluster for quality in expected]
    (bad,) = [row for row in rated if row["id"] == "bad"]
    assert bad["status"] == "error" and bad["quality"] is None and bad["reasons"] is None


def test_good_pairs_are_kept(beads):
    if not hasattr(beads.groupBy("id"), "applyInArrow"):
        pytest.skip("this Spark has no applyInArrow")
    rated = nasaq.spark.score(beads)
    kept = rows(nasaq.spark.filter(rated, min_quality=0.2, min_probability=0.5))
    expected = [
        row for row in rows(rated)
        if row["src"] and row["tgt"] and row["quality"] >= 0.2 and row["probability"] >= 0.5
    ]
    assert kept == expected != []
    assert rows(nasaq.spark.filter(beads, min_quality=0.2, min_probability=0.5)) == expected


def test_wrong_columns_are_setting_errors(spark, beads):
    with pytest.raises(nasaq.SettingError, match="'text'"):
        nasaq.spark.score(beads, src="text")
    rated = beads.withColumnRenamed("score", "quality")
    with pytest.raises(nasaq.SettingError, match="quality"):
        nasaq.spark.score(rated)
    with pytest.raises(nasaq.SettingError, match="encoder"):
        nasaq.spark.filter(rated, encoder=False)
    with pytest.raises(nasaq.SettingError, match="probability"):
        nasaq.spark.filter(beads.drop("probability"), min_probability=0.5)


def test_the_examples_of_the_page_run(spark, tmp_path):
    program = os.path.join(os.path.dirname(sys.executable), "nasaq")
    # Fewer partitions for few documents, and files and the program where they are here.
    places = {
        '"documents"': repr(str(tmp_path / "documents")),
        '"beads"': repr(str(tmp_path / "beads")),
        "partitions=2000": "partitions=3",
        "/usr/local/bin/nasaq": program,
        "documents.toJSON": "piped = documents.toJSON",
    }
    spark.createDataFrame(DOCUMENTS).write.parquet(str(tmp_path / "documents"))
    names = {"spark": spark}
    for code, path in examples(SCALE, 3):
        for given, here in places.items():
            code = code.replace(given, here)
        exec(compile(code, path, "exec"), names)
    expected = nasaq.align_batch(pa.RecordBatch.from_pylist(DOCUMENTS), output="documents").to_pylist()
    assert rows(names["good"]) == [
        row for row in rows(names["good"]) if row["quality"] >= 0.5 and row["probability"] >= 0.9
    ] != []
    piped = {row["id"]: row["beads"] for row in map(json.loads, names["piped"].collect())}
    assert {name: len(beads) for name, beads in piped.items()} == {
        row["id"]: len(row["beads"]) for row in expected
    }
