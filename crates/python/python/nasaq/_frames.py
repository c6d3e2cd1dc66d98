"""Tables of other packages: taken as Arrow batches, and returned in the kind that was given."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional

from ._errors import InputError

if TYPE_CHECKING:
    import pyarrow

__all__ = ["Frame", "Reporter"]

#: The key of the metadata that has the warnings of documents, as JSON.
WARNINGS_KEY = "nasaq.warnings"


class Frame:
    """A table as Arrow batches, and the function that turns batches into the same kind of table."""

    def __init__(self, table: Any) -> None:
        self.kind = _kind(table)
        self.batches = _batches(table, self.kind)

    @property
    def num_rows(self) -> int:
        return sum(batch.num_rows for batch in self.batches)

    def restore(self, results: "List[pyarrow.RecordBatch]") -> Any:
        """Returns the results, one per batch, as a table of the kind of the input."""
        import pyarrow

        if self.kind == "batch":
            return results[0]
        found = self._warnings(results)
        table = pyarrow.Table.from_batches([batch.replace_schema_metadata() for batch in results])
        if self.kind == "pandas":
            frame = table.to_pandas()
            if found:
                frame.attrs[WARNINGS_KEY] = found
            return frame
        if self.kind == "polars":
            import polars

            if found:
                # Its frames have no metadata.
                warnings.warn(
                    f"{len(found)} warnings about documents are not in a polars frame: pass a "
                    "pyarrow table to see them with nasaq.batch_warnings",
                    stacklevel=4,
                )
            return polars.from_arrow(table)
        if found:
            return table.replace_schema_metadata({WARNINGS_KEY: json.dumps(found)})
        return table

    def _warnings(self, results: "List[pyarrow.RecordBatch]") -> List[Dict[str, Any]]:
        """Returns the warnings of all batches, with the rows of the whole table."""
        found: List[Dict[str, Any]] = []
        first = 0
        for batch, result in zip(self.batches, results):
            text = (result.schema.metadata or {}).get(WARNINGS_KEY.encode(), b"[]")
            found.extend({**it, "row": it["row"] + first} for it in json.loads(text))
            first += batch.num_rows
        return found


def _kind(table: Any) -> str:
    package, name = type(table).__module__.partition(".")[0], type(table).__name__
    if package == "pyarrow" and name in ("RecordBatch", "Table"):
        return "batch" if name == "RecordBatch" else "table"
    if package in ("pandas", "polars") and name == "DataFrame":
        return package
    if package == "polars" and name == "LazyFrame":
        raise TypeError("expected a polars.DataFrame, not a LazyFrame: call collect() first")
    if hasattr(table, "__arrow_c_stream__"):
        return "table"
    if hasattr(table, "__arrow_c_array__"):
        return "batch"
    raise TypeError(
        "expected a pyarrow.RecordBatch or Table, or a pandas or polars DataFrame, not "
        f"{type(table).__name__}"
    )


def _batches(table: Any, kind: str) -> "List[pyarrow.RecordBatch]":
    import pyarrow

    if kind == "batch":
        return [table if isinstance(table, pyarrow.RecordBatch) else pyarrow.record_batch(table)]
    if kind == "pandas":
        # The index has no name in the result, whose rows are others.
        table = pyarrow.Table.from_pandas(table, preserve_index=False)
    elif not isinstance(table, pyarrow.Table):
        table = pyarrow.table(table)
    table = table.replace_schema_metadata().combine_chunks()
    return table.to_batches() or [
        pyarrow.RecordBatch.from_arrays(
            [pyarrow.array([], field.type) for field in table.schema], schema=table.schema
        )
    ]


def texts(frame: Frame, name: str) -> List[str]:
    """Returns the texts of a column.

    Raises:
        InputError: If there is no such column, and if it has rows without text.
    """
    import pyarrow

    names = frame.batches[0].schema.names
    if name not in names:
        raise InputError(
            f"there is no column {name!r}", "column", f"the columns are {', '.join(names)}"
        )
    kind = frame.batches[0].schema.field(name).type
    if pyarrow.types.is_dictionary(kind):
        kind = kind.value_type
    view = getattr(pyarrow.types, "is_string_view", lambda _: False)
    if not (pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind) or view(kind)):
        raise InputError(f"column {name!r} is of the type {kind}", "column", "it must hold strings")
    found = [text for batch in frame.batches for text in batch.column(name).to_pylist()]
    missing = [row for row, text in enumerate(found) if text is None]
    if missing:
        raise InputError(
            f"column {name!r} is null in {len(missing)} rows, the first of which is {missing[0]}",
            "missing", "drop these rows",
        )
    return found


def with_columns(frame: Frame, columns: "Dict[str, pyarrow.Array]") -> Any:
    """Returns the table with more columns.

    Raises:
        InputError: If the table has one of them.
    """
    import pyarrow

    results, first = [], 0
    for batch in frame.batches:
        taken = [name for name in columns if name in batch.schema.names]
        if taken:
            raise InputError(
                f"column {taken[0]!r} is one of the result's", "column", "rename or drop it"
            )
        more = [column.slice(first, batch.num_rows) for column in columns.values()]
        names = [*batch.schema.names, *columns]
        results.append(pyarrow.RecordBatch.from_arrays([*batch.columns, *more], names))
        first += batch.num_rows
    return frame.restore(results)


class Reporter:
    """Reports progress to what the user passed: a function, or a bar of tqdm."""

    def __init__(self, progress: Any, total: int) -> None:
        bar = progress
        if getattr(progress, "__name__", "") == "update":
            # The method of a bar, which takes increments.
            bar = getattr(progress, "__self__", progress)
        self.bar = bar if hasattr(bar, "update") and not callable(bar) else None
        if self.bar is None and progress is not None and not callable(progress):
            raise TypeError("progress: expected a function of two numbers, or a bar of tqdm")
        self.progress, self.total = progress, total
        #: Rows of earlier batches, and rows that were reported.
        self.first = self.reported = 0
        if self.bar is not None and getattr(self.bar, "total", 0) is None:
            self.bar.total = total

    def function(self) -> Optional[Callable[[int], None]]:
        """Returns what is called with the number of rows of this batch that are done."""
        return None if self.progress is None else self._report

    def finish(self, rows: int) -> None:
        """Reports that a batch is done."""
        if self.progress is not None:
            self._report(rows)
        self.first += rows

    def _report(self, rows: int) -> None:
        done = self.first + rows
        if done == self.reported and done:
            return
        step, self.reported = done - self.reported, done
        if self.bar is not None:
            self.bar.update(step)
        else:
            self.progress(done, self.total)


def frame_warnings(table: Any) -> List[Dict[str, Any]]:
    """Returns the warnings that a result of `align_batch` has."""
    attrs = getattr(table, "attrs", None)
    if isinstance(attrs, dict):
        return list(attrs.get(WARNINGS_KEY, []))
    schema = getattr(table, "schema", None)
    metadata = getattr(schema, "metadata", None) or {}
    return list(json.loads(metadata.get(WARNINGS_KEY.encode(), b"[]")))
