"""The aligner and the functions that use one with given settings."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterable, List, Optional, Sequence, Tuple, Union

from . import _native
from ._errors import InputError, SettingError
from ._types import Alignment, Evaluation, Quality, Segment, _rungs

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["FEATURES", "Aligner", "align", "align_batch", "encode", "evaluate", "score", "segment"]

#: A document, or its segments.
Text = Union[str, Iterable[str]]
#: A file, TSV or TBX, or an Arabic and an English term and, if wanted, how surely one stands for
#: the other, 0 to 1.
Term = Union[str, "os.PathLike[str]", Tuple[str, str], Tuple[str, str, float]]
#: A ladder as text, as rungs, or an alignment.
Ladder = Union[str, Alignment, Iterable[Tuple[Sequence[int], Sequence[int]]]]

#: What each feature of a pair is.
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
    """Aligns, encodes and rates with the same settings; made once, used from any thread.

    Results depend on texts and settings alone: not on the number of threads, nor on the CPU. Work is
    done without the interpreter's lock; Ctrl-C ends it, at the next piece of a long document.
    A process that was forked starts threads of its own.

    A copy, also one by pickle, is made from the settings and from what was read of files.

    Args:
        src_lang: Language of the source, ``"ar"`` or ``"en"``, or a locale of one such as
            ``"ar-EG"``; by default Arabic, or the other one than the target's.
        tgt_lang: Language of the target; by default the other one.
        split_long: Cut long Arabic sentences where the English has a sentence boundary.
        max_segments: How many segments of both sides a bead may hold, 2 to 16.
        lexicon: Your own terms, added to the lexicon inside: files (TSV or TBX), or tuples of an
            Arabic and an English term and, if wanted, how surely one stands for the other.
        precision: How exactly the encoder reckons: ``"int8"`` is faster, ``"f32"`` nearer to the
            reference.
        model: A model file, or its bytes, to use in place of the model inside.
        threads: Threads to use; one a core by default.

    Raises:
        SettingError: For a setting that is unknown or outside its range.
        OSError: Where a file cannot be read.
    """

    __slots__ = ("_engine", "_settings")

    def __init__(
        self,
        *,
        src_lang: Optional[str] = None,
        tgt_lang: Optional[str] = None,
        split_long: bool = False,
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
        # What a pickle holds, so files are not read again elsewhere.
        self._settings = dict(
            src_lang=src, tgt_lang=tgt, split_long=split_long, max_segments=max_segments,
            lexicon=tuple(terms), precision=precision, model=model, threads=threads,
        )
        self._engine = _native.Engine(
            src, tgt, split_long, max_segments, terms, precision, model, threads
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
        """Numbers in a vector, 512."""
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
            src: A text, which is cut into sentences, or segments, which are kept as they are.
            tgt: The translation, likewise; one may be a text and the other a list.
            segmented: Take the lines of a text as its segments.
            anchors: Pairs of a source and a target segment that correspond, from 0.

        Returns:
            The beads, what was found moved, omitted or added, and the document score.

        Raises:
            InputError: For texts that are empty, the same or no text, and for anchors that are
                outside, cross or are too far apart.
            UnicodeEncodeError: For a string with half a character.
            TypeError: For what is neither a string nor strings.
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
        """Aligns all documents of an Arrow batch, one a thread.

        The columns are read where they are. A document that cannot be aligned is a row with the
        status ``"error"``; it never ends the batch, not even where it brings a bug to light.

        Args:
            batch: A document a row: its name, source and target. Source and target are columns of
                strings or of lists of strings (segments). Rows may be null. All other columns come
                out beside the result.
            id: Name of the column of names.
            src: Name of the column of sources.
            tgt: Name of the column of targets.
            segmented: Take the lines of texts as their segments.
            output: ``"beads"`` for a bead a row, or ``"documents"`` for a document a row.

        Returns:
            The columns of the batch but for source and target; ``status`` (``"ok"`` or
            ``"error"``), ``error_kind``, ``error``, ``document_score``; then

            - for beads those of nasaq's Parquet: ``bead``, ``kind``, ``src``, ``tgt``,
              ``probability``, ``score``, ``src_segments_start``, … A document that failed has one
              row in which they are null.
            - for documents ``src_segments``, ``tgt_segments`` (counts) and ``beads``, a list of
              structs of the same columns, empty for a document that failed.

        Raises:
            InputError: For a column that is missing or of another type, and for a result of more
                than 2 GiB of text.
        """
        if output not in ("beads", "documents"):
            raise SettingError(f"output {output!r} is unknown", "setting", 'use "beads" or "documents"')
        if not hasattr(batch, "__arrow_c_array__") and not hasattr(batch, "_export_to_c"):
            raise TypeError(f"a pyarrow.RecordBatch is wanted, not {type(batch).__name__}")
        return self._engine.align_batch(batch, [id, src, tgt], segmented, output == "documents")

    def encode(self, texts: Iterable[str]) -> "numpy.ndarray":
        """Encodes texts, each by itself.

        Returns:
            An array of 32-bit floats of the shape ``(len(texts), 512)``; its rows have length 1, so
            dot products are cosines.

        Raises:
            ImportError: Where numpy is not installed.
        """
        import numpy

        if isinstance(texts, str):
            raise TypeError("a list of texts is wanted, not one text")
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
        """Says how good pairs are, as ``nasaq score`` does.

        Usual lengths and duplicates are those of the pairs given, and each pair is compared with its
        neighbours: give all pairs of a corpus at once.

        Args:
            src: The sources.
            tgt: As many targets.
            kinds: The kinds of their beads, ``"1-2"``, where they are known.
            encoder: Compare meanings too; without it is ten times as fast and less sure.

        Raises:
            InputError: Where the numbers of sources, targets and kinds differ.
        """
        if isinstance(src, str) or isinstance(tgt, str):
            raise TypeError("lists of texts are wanted, not one text")
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
        raise InputError(f"{kind!r} is no kind", "shape", 'a kind looks like "1-2"') from None
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

    See `Aligner.align` for the texts and the errors, `Aligner` for the settings. The aligner is kept
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


def segment(text: str, lang: str = "ar", *, semicolons: bool = False) -> List[Segment]:
    """Cuts a text into sentences.

    Args:
        text: Any text; line ends end sentences, unless the text was evidently cut to a width.
        lang: ``"ar"`` or ``"en"``.
        semicolons: End sentences at the Arabic semicolon too.

    Raises:
        SettingError: For another language.
    """
    return list(map(Segment._make, _native.segment(text, lang, semicolons)))


def encode(texts: Iterable[str], **settings: Any) -> "numpy.ndarray":
    """Encodes texts; see `Aligner.encode`: an array of the shape ``(len(texts), 512)``."""
    return _with(settings).encode(texts)


def score(
    src: Iterable[str],
    tgt: Iterable[str],
    *,
    kinds: Optional[Iterable[str]] = None,
    encoder: bool = True,
    **settings: Any,
) -> List[Quality]:
    """Says how good pairs are; see `Aligner.score`."""
    return _with(settings).score(src, tgt, kinds=kinds, encoder=encoder)


def evaluate(gold: Ladder, test: Ladder) -> Evaluation:
    """Compares a ladder with the gold ladder of the same document.

    A ladder is its text (``[0]:[0, 1]`` a line), an `Alignment`, or pairs of lists of source and
    target segments. Add evaluations with ``+`` over documents.

    Raises:
        InputError: For a text that is no ladder, with the line.
    """

    def rungs(ladder: Ladder) -> Any:
        if isinstance(ladder, str):
            return _native.read_ladder(ladder)
        if isinstance(ladder, Alignment):
            return _rungs(ladder)
        return [(list(src), list(tgt), None) for src, tgt, *_ in ladder]

    return Evaluation._of(_native.evaluate(rungs(gold), rungs(test)))
