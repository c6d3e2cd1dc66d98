"""nasaq on Spark: a DataFrame of documents in, a DataFrame of beads or of documents out.

>>> import nasaq.spark
>>> beads = nasaq.spark.align(spark.read.parquet("documents"))      # doctest: +SKIP
>>> beads.filter("probability > 0.9").write.parquet("beads")        # doctest: +SKIP

`score` rates the pairs of each document, and `filter` keeps the good ones.

Each task loads the model once and uses one thread: let Spark run one task per core. A document that
cannot be aligned is a row with the status ``"error"``, so it never fails a task. ``local[2]`` does
not retry failed tasks, ``local[2,4]`` and clusters do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Iterator, List, Optional, Tuple

from ._aligner import Aligner
from ._errors import SettingError

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.types import StructType

__all__ = ["align", "balanced", "filter", "schema", "score"]

#: Documents per batch of results, so that memory does not depend on the size of Spark's batches.
_SLICE = 32

#: The fixed cost of a document, as bytes of text that take the same time.
_FIXED_COST = 2_000


def schema(
    df: "DataFrame",
    *,
    src: str = "src",
    tgt: str = "tgt",
    output: str = "beads",
    words: bool = False,
) -> "StructType":
    """Returns the schema of the result: the columns of `df` except source and target, then those of
    `Aligner.align_batch`; ``words`` is the setting of the aligner."""
    from pyspark.sql import types as t

    count, text, number = t.LongType(), t.StringType(), t.FloatType()
    bead: List[Tuple[str, Any]] = [
        ("bead", count), ("kind", text), ("src", text), ("tgt", text), ("probability", number),
        ("score", number), ("log_odds", number), ("src_segments_start", count),
        ("src_segments_end", count), ("tgt_segments_start", count), ("tgt_segments_end", count),
        ("src_bytes_start", count), ("src_bytes_end", count), ("tgt_bytes_start", count),
        ("tgt_bytes_end", count), ("moved", t.BooleanType()), ("counterpart_start", count),
        ("counterpart_end", count),
    ]
    if words:
        bead.append(("words", text))
    fields = [field for field in df.schema.fields if field.name not in (src, tgt)]
    made: List[Tuple[str, Any]] = [
        ("status", text), ("error_kind", text), ("error", text), ("document_score", number),
    ]
    if output == "beads":
        made += bead
    else:
        made += [("src_segments", count), ("tgt_segments", count)]
        struct = t.StructType([
            t.StructField(name, kind, name.startswith(("counterpart", "words"))) for name, kind in bead
        ])
        made.append(("beads", t.ArrayType(struct, False)))
    taken = {field.name for field in fields} & {name for name, _ in made}
    if taken:
        raise SettingError(
            f"column {min(taken)!r} is one of the result's", "column", "rename or drop it"
        )
    return t.StructType(fields + [t.StructField(name, kind) for name, kind in made])


def align(
    df: "DataFrame",
    *,
    id: str = "id",
    src: str = "src",
    tgt: str = "tgt",
    segmented: bool = False,
    output: str = "beads",
    partitions: Optional[int] = None,
    records_per_batch: Optional[int] = 256,
    threads: int = 1,
    **settings: Any,
) -> "DataFrame":
    """Aligns a DataFrame of documents.

    Args:
        df: One document per row. Source and target are strings, or arrays of strings (segments); all
            other columns are copied to the result.
        id: The column of names.
        src: The column of sources.
        tgt: The column of targets.
        segmented: Take each line of a text as a segment.
        output: ``"beads"`` for one bead per row, ``"documents"`` for one document per row with its
            beads in an array.
        partitions: Distribute the documents over this many partitions of about the same cost, the
            longest documents first (see `balanced`); by default documents are not moved.
        records_per_batch: Documents that Spark passes to Python at a time. The session's
            ``spark.sql.execution.arrow.maxRecordsPerBatch`` is lowered to this, because Spark's
            default of 10,000 is too much for long documents; ``None`` does not change it.
        threads: Threads per task; set ``spark.task.cpus`` to the same number.
        **settings: Settings of `Aligner`. Files named in them are read here, not on the executors.

    Returns:
        The columns of `schema`. Documents are aligned when an action needs them, and again by every
        action: write or cache the result once.

    Raises:
        SettingError: If a setting is unknown, or a column has the name of an output column.
    """
    if output not in ("beads", "documents"):
        raise SettingError(f"output {output!r} is unknown", "setting", 'use "beads" or "documents"')
    for name in (id, src, tgt):
        if name not in df.columns:
            columns = ", ".join(df.columns)
            raise SettingError(f"there is no column {name!r}", "column", f"the columns are {columns}")
    words = bool(settings.get("words", False))
    made = schema(df, src=src, tgt=tgt, output=output, words=words)
    # Made here, so that a wrong setting fails now and not on an executor.
    aligner = Aligner(threads=threads, **settings)
    if partitions is not None:
        df = balanced(df, partitions, id=id, src=src, tgt=tgt)
    if records_per_batch is not None:
        conf, name = df.sparkSession.conf, "spark.sql.execution.arrow.maxRecordsPerBatch"
        if not 0 < int(conf.get(name) or 0) <= records_per_batch:
            conf.set(name, str(records_per_batch))

    def work(batches: Iterable["pyarrow.RecordBatch"]) -> Iterator["pyarrow.RecordBatch"]:
        for batch in batches:
            for start in range(0, batch.num_rows, _SLICE):
                yield aligner.align_batch(
                    batch.slice(start, _SLICE),
                    id=id, src=src, tgt=tgt, segmented=segmented, output=output,
                )

    return df.mapInArrow(work, made)


def score(
    df: "DataFrame",
    *,
    by: str = "id",
    src: str = "src",
    tgt: str = "tgt",
    kind: Optional[str] = "kind",
    order: Optional[str] = "bead",
    encoder: bool = True,
    threads: int = 1,
    **settings: Any,
) -> "DataFrame":
    """Rates the quality of pairs, such as the result of `align`.

    The pairs of each document are rated together: typical lengths, neighbours and duplicates are those
    of the document, so the result does not depend on partitions. Needs Spark 4.

    Args:
        df: One pair per row.
        by: The column by which pairs are grouped, usually the document. Each group must fit into the
            memory of a task.
        src: The column of sources.
        tgt: The column of targets.
        kind: The column of the kinds of beads, if there is one.
        order: The column by which the pairs of a document are sorted, if there is one.
        encoder: Compare meanings too.
        threads: Threads per task.
        **settings: Settings of `Aligner`.

    Returns:
        The columns of `df`, and ``quality``, ``reasons``, ``duplicates`` and ``cluster`` (the index in
        the sorted document of the first of its duplicates); null for rows without text.

    Raises:
        SettingError: If a setting is unknown, or a column is missing or has the name of an output
            column.
    """
    from pyspark.sql import types as t

    for name in (by, src, tgt):
        if name not in df.columns:
            columns = ", ".join(df.columns)
            raise SettingError(f"there is no column {name!r}", "column", f"the columns are {columns}")
    made = [
        t.StructField("quality", t.DoubleType()),
        t.StructField("reasons", t.ArrayType(t.StringType())),
        t.StructField("duplicates", t.LongType()),
        t.StructField("cluster", t.LongType()),
    ]
    taken = {field.name for field in made} & set(df.columns)
    if taken:
        raise SettingError(
            f"column {min(taken)!r} is one of the result's", "column", "rename or drop it"
        )
    kind = kind if kind in df.columns else None
    order = order if order in df.columns else None
    aligner = Aligner(threads=threads, **settings)

    def work(table: "pyarrow.Table") -> "pyarrow.Table":
        return _rated(aligner, table, (src, tgt), kind, order, encoder)

    return df.groupBy(by).applyInArrow(work, t.StructType(df.schema.fields + made))


def _rated(
    aligner: Aligner,
    table: "pyarrow.Table",
    columns: Tuple[str, str],
    kind: Optional[str],
    order: Optional[str],
    encoder: bool,
) -> "pyarrow.Table":
    """Adds the columns of `score` to the pairs of one document."""
    import pyarrow
    import pyarrow.compute as pc

    if order is not None:
        table = table.sort_by(order)
    has_text = pc.and_(pc.is_valid(table[columns[0]]), pc.is_valid(table[columns[1]]))
    names = [*columns] if kind is None else [*columns, kind]
    pairs = table.select(names).filter(has_text)
    rated = aligner.score(pairs, columns=columns, kinds=kind, encoder=encoder)
    places = iter(range(pairs.num_rows))
    indices = pyarrow.array(
        [next(places) if valid else None for valid in has_text.to_pylist()], pyarrow.int64()
    )
    for name in ("quality", "reasons", "duplicates", "cluster"):
        table = table.append_column(name, rated[name].take(indices))
    return table


def filter(
    df: "DataFrame",
    *,
    min_quality: float = 0.5,
    min_probability: float = 0.0,
    src: str = "src",
    tgt: str = "tgt",
    **options: Any,
) -> "DataFrame":
    """Keeps the pairs with two sides, of a minimum quality and probability.

    Args:
        df: One pair per row; it is rated by `score` if it has no column ``quality``.
        min_quality: The lowest quality of a pair.
        min_probability: The lowest probability of a pair, if there is a column ``probability``.
        src: The column of sources.
        tgt: The column of targets.
        **options: Arguments of `score`.

    Returns:
        The rows that are kept. Pairs that several documents have stay: use ``dropDuplicates``.

    Raises:
        SettingError: As `score`, and if there is a minimum but no column of probabilities.
    """
    from pyspark.sql import functions as f

    if min_probability > 0 and "probability" not in df.columns:
        raise SettingError("there is no column 'probability'", "column", "omit min_probability")
    if "quality" not in df.columns:
        df = score(df, src=src, tgt=tgt, **options)
    elif options:
        raise SettingError(
            f"the pairs are rated already, so {min(options)} has no effect", "setting",
            "drop the column quality to rate them again",
        )
    kept = (f.trim(f.col(src)) != "") & (f.trim(f.col(tgt)) != "")
    kept &= f.col("quality") >= f.lit(min_quality)
    if min_probability > 0:
        kept &= f.col("probability") >= f.lit(min_probability)
    return df.filter(kept)


def balanced(
    df: "DataFrame", partitions: int, *, id: str = "id", src: str = "src", tgt: str = "tgt"
) -> "DataFrame":
    """Distributes documents over partitions of about the same cost, the longest documents first.

    The time of an alignment is proportional to the text. Costs are summed once (a pass over the
    lengths) for classes of documents of about the same length. Each class gets its share of the
    partitions; within it a hash of the name decides, so a retried task gets the same documents. Use
    three or more partitions per core, so that a slow one delays the whole less.
    """
    from pyspark.sql import functions as f

    if partitions < 1:
        raise SettingError("partitions: must be 1 or more", "setting")

    def length(name: str) -> "Column":
        column = f.col(name)
        if df.schema[name].dataType.typeName() == "array":
            column = f.concat_ws(" ", column)
        return f.coalesce(f.octet_length(column), f.lit(0))

    cost = (length(src) + length(tgt) + f.lit(_FIXED_COST)).cast("double")
    kind = f.floor(f.log2(cost) * 2).cast("int")
    rows = df.select(cost.alias("cost"), kind.alias("kind")).groupBy("kind").sum("cost").collect()
    costs = {row[0]: row[1] for row in rows}
    whole = sum(costs.values()) or 1.0
    place = f.lit(0.0)
    before = 0.0
    for this in sorted(costs, reverse=True):
        start, share = before / whole * partitions, costs[this] / whole * partitions
        place = f.when(kind == this, f.lit(start) + f.lit(share) * _uniform(id)).otherwise(place)
        before += costs[this]
    number = f.least(f.floor(place).cast("int"), f.lit(partitions - 1))
    if hasattr(df, "repartitionById"):
        return df.repartitionById(partitions, number)
    return df.repartitionByRange(partitions, number)


def _uniform(id: str) -> "Column":
    """Returns a number in [0, 1) that depends only on the name."""
    from pyspark.sql import functions as f

    steps = 1 << 20
    return f.pmod(f.xxhash64(f.col(id)), f.lit(steps)) / f.lit(float(steps))
