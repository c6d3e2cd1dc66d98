"""The aligner, and the functions that use one with given settings."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterable, List, Optional, Sequence, Tuple, Union

from . import _native
from ._errors import InputError, SettingError
from ._types import Alignment, AlignmentWarning, Evaluation, Quality, Segment, _rungs

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = [
    "FEATURES",
    "Aligner",
    "align",
    "align_batch",
    "batch_warnings",
    "encode",
    "evaluate",
    "score",
    "segment",
]

#: A document, or its segments.
Text = Union[str, Iterable[str]]
#: A file, TSV or TBX, or an Arabic and an English term and, optionally, how similar they are, 0 to 1.
Term = Union[str, "os.PathLike[str]", Tuple[str, str], Tuple[str, str, float]]
#: A ladder as text, as rungs, or an alignment.
Ladder = Union[str, Alignment, Iterable[Tuple[Sequence[int], Sequence[int]]]]

#: Descriptions of the features of a pair, by name.
FEATURES = {name: what for name, _, what in _native.features()}


def _given(text: Text) -> Union[str, List[str]]:
    return text if isinstance(text, str) else list(text)


def _languages(src: Optional[str], tgt: Optional[str]) -> Tuple[str, str]:
    def other(code: str) -> str:
        return "ar" if code.lower().startswith("en") else "en"

    if src is None and tgt is None:
        return "ar", "en"
    if src is None:
        return other(tgt or ""), tgt or ""
    return src, other(src) if tgt is None else tgt


def _terms(lexicon: Iterable[Term]) -> List[Tuple[str, str, float]]:
    if isinstance(lexicon, (str, os.PathLike)):
        lexicon = [lexicon]
    terms: List[Tuple[str, str, float]] = []
    for term in lexicon:
        if isinstance(term, (str, os.PathLike)):
            terms.extend(_native.read_lexicon(Path(term).read_text("utf-8-sig")))
            continue
        arabic, english, *similarity = term
        terms.append((arabic, english, similarity[0] if similarity else 1.0))
    return terms


class Aligner:
    """Aligns, encodes and rates with one set of settings. Make one and use it from any thread.

    Results depend only on texts and settings: not on the number of threads, nor on the CPU. Work runs
    without the interpreter's lock. Ctrl-C ends it, at the next chunk of a long document. A process
    that was forked starts its own threads.

    A copy, also by pickle, is made from the settings and the contents of the files that they name.

    Args:
        src_lang: Language of the source, ``"ar"`` or ``"en"``, or a locale of one such as
            ``"ar-EG"``; by default Arabic, or the language that the target is not in.
        tgt_lang: Language of the target; by default the one that the source is not in.
        split_long: Split long Arabic sentences where the English has a sentence boundary.
        monotone: Keep all beads in order on both sides. Text that was moved is then in null beads,
            and only the findings tell where it is.
        max_segments: How many segments of both sides a bead may have, 2 to 16. From 10 on, one long
            segment, such as a paragraph without full stops, may have up to 60 counterparts.
        lexicon: Your own terms, added to the built-in lexicon: files (TSV or TBX), or tuples of an
            Arabic and an English term and, optionally, how similar they are, 0 to 1.
        precision: Precision of the encoder: ``"int8"`` is faster, ``"f32"`` closer to the reference.
        model: A model file, or its bytes, to use in place of the built-in model.
        threads: Threads to use; by default one per core.

    Raises:
        SettingError: If a setting is unknown or outside its range.
        OSError: If a file cannot be read.
    """

    __slots__ = ("_engine", "_settings")

    def __init__(
        self,
        *,
        src_lang: Optional[str] = None,
        tgt_lang: Optional[str] = None,
        split_long: bool = False,
        monotone: bool = False,
        max_segments: int = 10,
        lexicon: Iterable[Term] = (),
        precision: str = "int8",
        model: Union[None, str, "os.PathLike[str]", bytes] = None,
        threads: Optional[int] = None,
    ) -> None:
        src, tgt = _languages(src_lang, tgt_lang)
        for name, value in (("max_segments", max_segments), ("threads", threads)):
            if value is not None and value < 0:
                raise SettingError(f"{name}: must not be negative", "setting")
        terms = _terms(lexicon)
        if model is not None and not isinstance(model, bytes):
            model = Path(model).read_bytes()
        # Contents, not names of files: a pickle may be loaded where the files do not exist.
        self._settings = dict(
            src_lang=src, tgt_lang=tgt, split_long=split_long, monotone=monotone,
            max_segments=max_segments,
            lexicon=tuple(terms), precision=precision, model=model, threads=threads,
        )
        self._engine = _native.Engine(
            src, tgt, split_long, monotone, max_segments, terms, precision, model, threads
        )

    def __reduce__(self) -> Tuple[Any, ...]:
        return _remake, (self._settings,)

    def __repr__(self) -> str:
        settings = self._settings
        return (
            f"<Aligner {settings['src_lang']}-{settings['tgt_lang']} "
            f"{settings['precision']} model={self._engine.model} threads={self._engine.threads}>"
        )

    @property
    def dim(self) -> int:
        """The length of a vector, 512."""
        return self._engine.dim

    def align(
        self,
        src: Text,
        tgt: Text,
        *,
        segmented: bool = False,
        anchors: Iterable[Tuple[int, int]] = (),
    ) -> Alignment:
        """Aligns a document with its translation.

        Args:
            src: A text, which is divided into sentences, or a list of segments.
            tgt: The translation, a text or a list; the sides may differ.
            segmented: Take each line of a text as a segment.
            anchors: Pairs of a source and a target segment that correspond, counted from 0.

        Returns:
            The beads, the findings (text that was moved, omitted or added), the document score, and
            warnings about texts that are probably not what you meant.

        Raises:
            InputError: If texts are empty, identical or not text, and if anchors are outside the
                document, cross each other or are too far apart.
            UnicodeEncodeError: If a string has a lone surrogate.
            TypeError: If a text is neither a string nor a list of strings.
        """
        return Alignment._of(
            self._engine.align(_given(src), _given(tgt), segmented, list(anchors))
        )

    def align_batch(
        self,
        batch: "pyarrow.RecordBatch",
        *,
        id: str = "id",
        src: str = "src",
        tgt: str = "tgt",
        segmented: bool = False,
        output: str = "beads",
    ) -> "pyarrow.RecordBatch":
        """Aligns all documents of an Arrow batch in parallel.

        Columns are read in place. A document that cannot be aligned has the status ``"error"``; it
        never ends the batch, not even if it exposes a bug.

        Args:
            batch: One document per row: its name, source and target. Source and target are columns
                of strings or of lists of strings (segments) and may be null. All other columns are
                copied to the result.
            id: The column of names.
            src: The column of sources.
            tgt: The column of targets.
            segmented: Take each line of a text as a segment.
            output: ``"beads"`` for one bead per row, or ``"documents"`` for one document per row.

        Returns:
            The columns of the batch except source and target; ``status`` (``"ok"`` or
            ``"error"``), ``error_kind``, ``error``, ``document_score``; then

            - for beads the columns of nasaq's Parquet: ``bead``, ``kind``, ``src``, ``tgt``,
              ``probability``, ``score``, ``src_segments_start``, … A document that failed has one
              row in which they are null.
            - for documents ``src_segments``, ``tgt_segments`` (counts) and ``beads``, a list of
              structs of the same columns, empty for a document that failed.

            Warnings are in the metadata of the schema: see `nasaq.batch_warnings`.

        Raises:
            InputError: If a column is missing or has another type, and if the result has more than
                2 GiB of text.
        """
        if output not in ("beads", "documents"):
            raise SettingError(f"output {output!r} is unknown", "setting", 'use "beads" or "documents"')
        if not hasattr(batch, "__arrow_c_array__") and not hasattr(batch, "_export_to_c"):
            raise TypeError(f"expected a pyarrow.RecordBatch, not {type(batch).__name__}")
        return self._engine.align_batch(batch, [id, src, tgt], segmented, output == "documents")

    def encode(self, texts: Iterable[str]) -> "numpy.ndarray":
        """Encodes texts, each by itself.

        Returns:
            An array of 32-bit floats of the shape ``(len(texts), 512)``. Its rows have unit length,
            so dot products are cosines.

        Raises:
            ImportError: If numpy is not installed.
        """
        import numpy

        if isinstance(texts, str):
            raise TypeError("expected a list of texts, not one text")
        numbers = numpy.frombuffer(self._engine.encode(list(texts)), dtype=numpy.float32)
        return numbers.reshape(-1, self.dim)

    def score(
        self,
        src: Iterable[str],
        tgt: Iterable[str],
        *,
        kinds: Optional[Iterable[str]] = None,
        encoder: bool = True,
    ) -> List[Quality]:
        """Rates the quality of pairs, as ``nasaq score`` does.

        Typical lengths and duplicates are those of the given pairs, and each pair is compared with
        its neighbours, so pass all pairs of a corpus at once.

        Args:
            src: The sources.
            tgt: The targets, as many as the sources.
            kinds: The kinds of their beads, such as ``"1-2"``, if they are known.
            encoder: Compare meanings too. Without it rating is ten times as fast and less accurate.

        Raises:
            InputError: If there are not as many targets and kinds as sources.
        """
        if isinstance(src, str) or isinstance(tgt, str):
            raise TypeError("expected lists of texts, not one text")
        src, tgt = list(src), list(tgt)
        shapes = None if kinds is None else [_shape(kind) for kind in kinds]
        if len(src) != len(tgt) or (shapes is not None and len(shapes) != len(src)):
            raise InputError(
                f"there are {len(src)} sources, {len(tgt)} targets"
                + ("" if shapes is None else f" and {len(shapes)} kinds"),
                "shape",
            )
        rated = self._engine.score(src, tgt, shapes, encoder)
        return [
            Quality(quality, tuple(reasons), dict(zip(FEATURES, features)), counts[2], counts[3])
            for quality, reasons, features, counts in rated
        ]


def _remake(settings: dict) -> Aligner:  # type: ignore[type-arg]
    return _aligner(**settings)


def _shape(kind: str) -> Tuple[int, int]:
    try:
        src, tgt = map(int, kind.split("-"))
    except (AttributeError, ValueError):
        raise InputError(f"{kind!r} is not a kind", "shape", 'a kind looks like "1-2"') from None
    return src, tgt


@lru_cache(maxsize=4)
def _aligner(**settings: Any) -> Aligner:
    return Aligner(**settings)


def _with(settings: dict) -> Aligner:  # type: ignore[type-arg]
    lexicon = settings.get("lexicon")
    if lexicon is not None and not isinstance(lexicon, (str, os.PathLike)):
        settings["lexicon"] = tuple(lexicon)
    return _aligner(**settings)


def align(
    src: Text,
    tgt: Text,
    *,
    segmented: bool = False,
    anchors: Iterable[Tuple[int, int]] = (),
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
    return _with(settings).align(src, tgt, segmented=segmented, anchors=anchors)


def align_batch(
    batch: "pyarrow.RecordBatch",
    *,
    id: str = "id",
    src: str = "src",
    tgt: str = "tgt",
    segmented: bool = False,
    output: str = "beads",
    **settings: Any,
) -> "pyarrow.RecordBatch":
    """Aligns all documents of an Arrow batch; see `Aligner.align_batch` and `Aligner`."""
    aligner = _with(settings)
    return aligner.align_batch(
        batch, id=id, src=src, tgt=tgt, segmented=segmented, output=output
    )


def batch_warnings(batch: "pyarrow.RecordBatch") -> List[Tuple[str, AlignmentWarning]]:
    """Returns the warnings of a result of `align_batch`, each with the name of its document.

    They are in the metadata of the schema, under ``nasaq.warnings``, which other tools may drop.
    """
    text = (batch.schema.metadata or {}).get(b"nasaq.warnings", b"[]")
    return [
        (found["id"], AlignmentWarning(found["kind"], found["reason"], found.get("hint")))
        for found in json.loads(text)
    ]


def segment(text: str, lang: str = "ar", *, semicolons: bool = False) -> List[Segment]:
    """Divides a text into sentences.

    Args:
        text: Any text. Line ends end sentences, unless the text is wrapped at a width.
        lang: ``"ar"`` or ``"en"``.
        semicolons: End sentences at the Arabic semicolon too.

    Raises:
        SettingError: If the language is another one.
    """
    return list(map(Segment._make, _native.segment(text, lang, semicolons)))


def encode(texts: Iterable[str], **settings: Any) -> "numpy.ndarray":
    """Encodes texts; see `Aligner.encode`. Returns an array of the shape ``(len(texts), 512)``."""
    return _with(settings).encode(texts)


def score(
    src: Iterable[str],
    tgt: Iterable[str],
    *,
    kinds: Optional[Iterable[str]] = None,
    encoder: bool = True,
    **settings: Any,
) -> List[Quality]:
    """Rates the quality of pairs; see `Aligner.score`."""
    return _with(settings).score(src, tgt, kinds=kinds, encoder=encoder)


def evaluate(gold: Ladder, test: Ladder) -> Evaluation:
    """Compares a ladder with the gold ladder of the same document.

    A ladder is its text (lines such as ``[0]:[0, 1]``), an `Alignment`, or pairs of lists of source
    and target segments. Add the evaluations of several documents with ``+``.

    Raises:
        InputError: If a text is not a ladder; the message has the line.
    """

    def rungs(ladder: Ladder) -> Any:
        if isinstance(ladder, str):
            return _native.read_ladder(ladder)
        if isinstance(ladder, Alignment):
            return _rungs(ladder)
        return [(list(src), list(tgt), None) for src, tgt, *_ in ladder]

    return Evaluation._of(_native.evaluate(rungs(gold), rungs(test)))
