"""The functions that use an aligner with given settings, or none."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Iterable, List, Optional, Sequence, Tuple, Union

from . import _native
from ._aligner import Abbreviations, Progress, Text, abbreviation_list, with_settings
from ._document import Document
from ._frames import frame_warnings
from ._types import Alignment, AlignmentWarning, Evaluation, Segment, _rungs

if TYPE_CHECKING:
    import numpy

__all__ = ["align", "align_batch", "batch_warnings", "encode", "evaluate", "score", "segment"]

#: A ladder as text, as rungs, or an alignment.
Ladder = Union[str, Alignment, Iterable[Tuple[Sequence[int], Sequence[int]]]]


def align(
    src: Text,
    tgt: Text,
    *,
    segmented: bool = False,
    anchors: Iterable[Tuple[int, int]] = (),
    vectors: Optional[Tuple[Any, Any]] = None,
    **settings: Any,
) -> Alignment:
    """Aligns a document with its translation.

    See `Aligner.align` for the texts and the errors, `Aligner` for the settings. The aligner is cached
    for the next call with the same settings.

    >>> import nasaq
    >>> alignment = nasaq.align("وصل القطار. لم ينتظره أحد.", "The train came. Nobody waited.")
    >>> [(bead.kind, bead.tgt) for bead in alignment]
    [('1-1', 'The train came.'), ('1-1', 'Nobody waited.')]
    """
    return with_settings(settings).align(
        src, tgt, segmented=segmented, anchors=anchors, vectors=vectors
    )


def align_batch(
    batch: Any,
    *,
    id: str = "id",
    src: str = "src",
    tgt: str = "tgt",
    segmented: bool = False,
    output: str = "beads",
    progress: Progress = None,
    **settings: Any,
) -> Any:
    """Aligns all documents of a table; see `Aligner.align_batch` and `Aligner`."""
    aligner = with_settings(settings)
    return aligner.align_batch(
        batch, id=id, src=src, tgt=tgt, segmented=segmented, output=output, progress=progress
    )


def batch_warnings(batch: Any) -> List[Tuple[str, AlignmentWarning]]:
    """Returns the warnings of a result of `align_batch`, each with the name of its document.

    They are in the metadata of the schema, for pandas in ``attrs``, under ``nasaq.warnings``; other
    tools may drop them. A polars frame cannot hold them: a Python warning counts them.
    """
    return [
        (
            found["id"],
            AlignmentWarning(found["kind"], found["reason"], found.get("hint"), found["note"]),
        )
        for found in frame_warnings(batch)
    ]


def segment(
    text: Union[str, Document],
    lang: str = "ar",
    *,
    semicolons: bool = False,
    lines: str = "auto",
    abbreviations: Abbreviations = (),
) -> List[Segment]:
    """Divides a text into sentences.

    Args:
        text: Any text, or a document that `nasaq.read` has read. A sentence is in one block of it.
        lang: ``"ar"`` or ``"en"``.
        semicolons: End sentences at the Arabic semicolon too.
        lines: Line ends: see `Aligner`.
        abbreviations: Abbreviations after which no sentence ends: see `Aligner`.

    Raises:
        SettingError: If the language or another setting is unknown.
    """
    if isinstance(text, Document):
        # Each block is on lines of its own.
        lines = "keep" if text.blocks else lines
        text = text.text
    made = _native.segment(text, lang, semicolons, lines, abbreviation_list(abbreviations))
    return list(map(Segment._make, made))


def encode(texts: Iterable[str], **settings: Any) -> "numpy.ndarray":
    """Encodes texts; see `Aligner.encode`. Returns an array of the shape ``(len(texts), 512)``."""
    return with_settings(settings).encode(texts)


def score(
    src: Any,
    tgt: Optional[Iterable[str]] = None,
    *,
    kinds: Union[None, str, Iterable[Optional[str]]] = None,
    encoder: bool = True,
    columns: Tuple[str, str] = ("src", "tgt"),
    features: bool = False,
    **settings: Any,
) -> Any:
    """Rates the quality of pairs, given as lists or as a table; see `Aligner.score`."""
    return with_settings(settings).score(
        src, tgt, kinds=kinds, encoder=encoder, columns=columns, features=features
    )


def evaluate(gold: Ladder, test: Ladder) -> Evaluation:
    """Compares a ladder with the gold ladder of the same document.

    A ladder is its text (lines such as ``[0]:[0, 1]``), an `Alignment`, or pairs of lists of source
    and target segments. Add the evaluations of several documents with ``+``.

    Segments that are in no rung are no error: a Python warning counts them.

    Raises:
        InputError: If a text is not a ladder; the message has the line.
    """

    def rungs(ladder: Ladder) -> Any:
        if isinstance(ladder, str):
            return _native.read_ladder(ladder)
        if isinstance(ladder, Alignment):
            return _rungs(ladder)
        return [(list(src), list(tgt), None) for src, tgt, *_ in ladder]

    rungs_of = {"gold": rungs(gold), "test": rungs(test)}
    for name, found in rungs_of.items():
        _warn_of_gaps(name, found)
    return Evaluation._of(_native.evaluate(rungs_of["gold"], rungs_of["test"]))


def _warn_of_gaps(name: str, rungs: Any) -> None:
    """Warns of segments before the end of a ladder that none of its rungs has."""
    for index, side in enumerate(("source", "target")):
        covered = {segment for rung in rungs for segment in rung[index]}
        missing = max(covered, default=-1) + 1 - len(covered)
        if missing:
            first = next(segment for segment in range(len(covered) + 1) if segment not in covered)
            warnings.warn(
                f"the {name} ladder lacks {missing} {side} segments, the first is {first}",
                stacklevel=3,
            )
