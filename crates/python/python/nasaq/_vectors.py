"""Vectors of the user: arrays, and encoders that return arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, List, Tuple

from ._errors import InputError, SettingError

if TYPE_CHECKING:
    import numpy

__all__ = ["EncoderFunction"]

#: What `EncoderFunction` is called with once, to learn the length of its vectors.
_PROBE = "نص"


def _rows(array: Any, name: str) -> "numpy.ndarray":
    """Returns the vectors as 32-bit floats in C order, or raises an error that names them."""
    import numpy

    if hasattr(array, "detach"):
        # A tensor of torch, which may be on a GPU and may require gradients.
        array = array.detach().cpu()
    rows = numpy.ascontiguousarray(array, dtype=numpy.float32)
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise InputError(
            f"{name} has the shape {rows.shape}", "vectors", "one row of numbers per text is needed"
        )
    return rows


def given_vectors(vectors: Any) -> Tuple[bytes, bytes, int]:
    """Returns the numbers of both arrays and the length of a vector."""
    try:
        src, tgt = vectors
    except (TypeError, ValueError):
        raise InputError("vectors: expected two arrays, source and target", "vectors") from None
    src, tgt = _rows(src, "the array of the source"), _rows(tgt, "the array of the target")
    if src.shape[1] != tgt.shape[1]:
        raise InputError(
            f"vectors of the source have {src.shape[1]} numbers, those of the target {tgt.shape[1]}",
            "vectors",
        )
    return src.tobytes(), tgt.tobytes(), src.shape[1]


class EncoderFunction:
    """A callable of the user, which maps a list of texts to an array, one row per text."""

    __slots__ = ("dim", "function")

    def __init__(self, function: Callable[[List[str]], Any]) -> None:
        if not callable(function):
            raise SettingError(
                f"encoder: {type(function).__name__} is not callable", "setting",
                "pass a function that takes a list of texts, such as model.encode",
            )
        self.function = function
        self.dim: int = _rows(function([_PROBE]), "the array of encoder").shape[1]

    def __call__(self, texts: List[str]) -> bytes:
        """Returns the numbers of unit vectors."""
        import numpy

        rows = _rows(self.function(texts), "the array of encoder")
        if rows.shape != (len(texts), self.dim):
            raise InputError(
                f"encoder returned an array of the shape {rows.shape} for {len(texts)} texts, not "
                f"{(len(texts), self.dim)}",
                "vectors",
            )
        if not numpy.isfinite(rows).all():
            raise InputError("encoder returned NaN or infinity", "vectors")
        lengths = numpy.linalg.norm(rows, axis=1, keepdims=True)
        units = numpy.divide(rows, lengths, out=numpy.zeros_like(rows), where=lengths != 0)
        return bytes(units.tobytes())
