"""The aligner."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Iterable, List, Optional, Tuple, Union

from . import _native
from ._document import Document
from ._errors import InputError, SettingError
from ._frames import Frame, Reporter, texts, with_columns
from ._types import Alignment, Quality
from ._vectors import EncoderFunction, given_vectors

if TYPE_CHECKING:
    import numpy

__all__ = ["FEATURES", "Aligner"]

#: A text, a document that was read, or segments.
Text = Union[str, Document, Iterable[str]]
#: A function of the numbers of rows that are done and of all rows, or a bar of tqdm.
Progress = Union[None, Callable[[int, int], Any], Any]
#: A file, TSV, CSV or TBX, or an Arabic and an English term and, optionally, how similar they are, 0 to 1.
Term = Union[str, "os.PathLike[str]", Tuple[str, str], Tuple[str, str, float]]

#: A file, one abbreviation a line, or abbreviations, each with or without its language.
Abbreviations = Union[str, "os.PathLike[str]", Iterable[Union[str, Tuple[Optional[str], str]]]]

#: Descriptions of the features of a pair, by name.
FEATURES = {name: what for name, _, what in _native.features()}


def _given(text: Text) -> Any:
    if isinstance(text, Document):
        return text._source
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
            terms.extend(_native.read_lexicon(os.fspath(term)))
            continue
        arabic, english, *similarity = term
        terms.append((arabic, english, similarity[0] if similarity else 1.0))
    return terms


def abbreviation_list(abbreviations: Abbreviations) -> List[Tuple[Optional[str], str]]:
    """Returns the abbreviations, each with its language, or ``None`` for both languages."""
    if isinstance(abbreviations, (str, os.PathLike)):
        return _native.read_abbreviations(os.fspath(abbreviations))
    found: List[Tuple[Optional[str], str]] = []
    for item in abbreviations:
        lang, word = (None, item) if isinstance(item, str) else item
        found.append((lang, word))
    return found


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
        lines: Line ends of texts without blocks: ``"join"`` takes those inside paragraphs as spaces,
            ``"keep"`` ends a sentence at each, ``"auto"`` joins lines that were evidently wrapped,
            which is in the warnings.
        abbreviations: Abbreviations after which no sentence ends, besides the built-in ones: a file,
            one a line, or a list of words or of tuples of a language and a word.
        words: Link the words of each bead that translate each other: see ``Bead.words``.
        lexicon: Your own terms, added to the built-in lexicon: files (TSV, CSV or TBX), or tuples of an
            Arabic and an English term and, optionally, how similar they are, 0 to 1.
        precision: Precision of the encoder: ``"int8"`` is faster, ``"f32"`` closer to the reference.
        model: A model file, or its bytes, to use in place of the built-in model.
        threads: Threads to use; by default one per core.
        encoder: Your own encoder in place of the built-in one: a function that takes a list of texts
            and returns an array with a row for each. It is called from other threads, with
            normalised text: Arabic without tashkeel and with unified letters. Besides each segment
            it encodes each run of up to nine of them, about 45 times the text. Its exceptions end
            the call. Probabilities are calibrated for the built-in encoder.

    Raises:
        SettingError: If a setting is unknown or outside its range.
        OSError: If a file cannot be read.
    """

    __slots__ = ("_engine", "_languages", "_settings")

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
        encoder: Optional[Callable[[List[str]], Any]] = None,
        lines: str = "auto",
        abbreviations: Abbreviations = (),
        words: bool = False,
    ) -> None:
        src, tgt = _languages(src_lang, tgt_lang)
        for name, value in (("max_segments", max_segments), ("threads", threads)):
            if value is not None and value < 0:
                raise SettingError(f"{name}: must not be negative", "setting")
        terms, short = _terms(lexicon), abbreviation_list(abbreviations)
        if model is not None and not isinstance(model, bytes):
            model = Path(model).read_bytes()
        self._languages = src, tgt
        # Contents, not names of files: a pickle may be loaded where the files do not exist.
        self._settings = dict(
            src_lang=src, tgt_lang=tgt, split_long=split_long, monotone=monotone,
            max_segments=max_segments,
            lexicon=tuple(terms), precision=precision, model=model, threads=threads,
            encoder=encoder, lines=lines, abbreviations=tuple(short), words=words,
        )
        called = None if encoder is None else EncoderFunction(encoder)
        self._engine = _native.Engine(
            src, tgt, split_long, monotone, max_segments, terms, precision, model, threads,
            None if called is None else (called, called.dim), lines, short, words,
        )

    def __reduce__(self) -> Tuple[Any, ...]:
        return _remake, (self._settings,)

    def __repr__(self) -> str:
        settings = self._settings
        encoder = f"{settings['precision']} model={self._engine.model}"
        if settings["encoder"] is not None:
            encoder = f"encoder={settings['encoder']!r}"
        return (
            f"<Aligner {settings['src_lang']}-{settings['tgt_lang']} {encoder} "
            f"threads={self._engine.threads}>"
        )

    @property
    def dim(self) -> int:
        """The length of a vector: 512, or that of your encoder's."""
        return self._engine.dim

    def align(
        self,
        src: Text,
        tgt: Text,
        *,
        segmented: bool = False,
        anchors: Iterable[Tuple[int, int]] = (),
        vectors: Optional[Tuple[Any, Any]] = None,
    ) -> Alignment:
        """Aligns a document with its translation.

        Args:
            src: A text, which is divided into sentences, a list of segments, or a document that
                `nasaq.read` has read, which is divided as the program does it.
            tgt: The translation; the sides may differ in kind.
            segmented: Take each line of a text as a segment.
            anchors: Pairs of a source and a target segment that correspond, counted from 0.
            vectors: Your own vectors of the segments of both sides, in place of those of the
                encoder: two arrays with a row for each segment. The sides must be lists, or
                ``segmented=True``, and ``split_long`` must be off. A vector of several segments is
                the sum of theirs. Probabilities are calibrated for the built-in encoder.

        Returns:
            The beads, the findings (text that was moved, omitted or added), the document score, and
            warnings about texts that are probably not what you meant.

        Raises:
            InputError: If texts are empty, identical or not text, if anchors are outside the
                document, cross each other or are too far apart, and if vectors do not fit.
            UnicodeEncodeError: If a string has a lone surrogate.
            TypeError: If a text is neither a string nor a list of strings.
        """
        sides = _given(src), _given(tgt)
        given = None
        if vectors is not None:
            if not segmented and not all(isinstance(side, list) for side in sides):
                raise InputError(
                    "vectors are of segments, and a text has none", "vectors",
                    "pass lists of segments, or segmented=True",
                )
            given = given_vectors(vectors)
        made = self._engine.align(*sides, segmented, list(anchors), given)
        return Alignment._of(made, self._languages)

    def align_batch(
        self,
        batch: Any,
        *,
        id: str = "id",
        src: str = "src",
        tgt: str = "tgt",
        segmented: bool = False,
        output: str = "beads",
        progress: Progress = None,
    ) -> Any:
        """Aligns all documents of a table in parallel.

        Columns are read in place. A document that cannot be aligned has the status ``"error"``; it
        never ends the batch, not even if it exposes a bug.

        Args:
            batch: One document per row: its name, source and target. A pyarrow RecordBatch or
                Table, a pandas or polars DataFrame, or any other table with the interface of
                Arrow. Source and target are columns of strings or of lists of strings (segments)
                and may be null. All other columns are copied to the result.
            id: The column of names.
            src: The column of sources.
            tgt: The column of targets.
            segmented: Take each line of a text as a segment.
            output: ``"beads"`` for one bead per row, or ``"documents"`` for one document per row.
            progress: Called with the number of documents that are done and that of all, now and
                then and at the end; or a bar of tqdm. An exception of it ends the call.

        Returns:
            A table of the same kind (of another package's kind: a pyarrow Table) with
            the columns of the batch except source and target; ``status`` (``"ok"`` or
            ``"error"``), ``error_kind``, ``error``, ``document_score``; then

            - for beads the columns of nasaq's Parquet: ``bead``, ``kind``, ``src``, ``tgt``,
              ``probability``, ``score``, ``src_segments_start``, … A document that failed has one
              row in which they are null.
            - for documents ``src_segments``, ``tgt_segments`` (counts) and ``beads``, a list of
              structs of the same columns, empty for a document that failed.

            Warnings are in the metadata of the schema, for pandas in ``attrs``: see
            `nasaq.batch_warnings`.

        Raises:
            InputError: If a column is missing or has another type, and if the result has more than
                2 GiB of text.
        """
        if output not in ("beads", "documents"):
            raise SettingError(f"output {output!r} is unknown", "setting", 'use "beads" or "documents"')
        frame = Frame(batch)
        reporter = Reporter(progress, frame.num_rows)
        results = []
        for part in frame.batches:
            results.append(self._engine.align_batch(
                part, [id, src, tgt], segmented, output == "documents", reporter.function()
            ))
            reporter.finish(part.num_rows)
        return frame.restore(results)

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
        src: Any,
        tgt: Optional[Iterable[str]] = None,
        *,
        kinds: Union[None, str, Iterable[Optional[str]]] = None,
        encoder: bool = True,
        columns: Tuple[str, str] = ("src", "tgt"),
        features: bool = False,
    ) -> Any:
        """Rates the quality of pairs, as ``nasaq score`` does.

        Typical lengths and duplicates are those of the given pairs, and each pair is compared with
        its neighbours, so pass all pairs of a corpus at once.

        Args:
            src: The sources, or a table with one pair per row: see `align_batch`.
            tgt: The targets, as many as the sources; omitted for a table.
            kinds: The kinds of their beads, such as ``"1-2"``, if they are known; for a table the
                name of a column, by default ``"kind"`` if there is one.
            encoder: Compare meanings too. Without it rating is ten times as fast and less accurate.
            columns: For a table, the columns of source and target.
            features: For a table, add the columns of ``nasaq.FEATURES`` too.

        Returns:
            A list of `Quality`; for a table, a table of the same kind with the columns ``quality``,
            ``reasons``, ``duplicates`` and ``cluster``.

        Raises:
            InputError: If there are not as many targets and kinds as sources; for a table, if a
                column is missing, has rows without text, or is one of the result's.
            SettingError: If the aligner has an encoder of your own and ``encoder`` is true: the
                quality is fitted to the built-in encoder.
        """
        if encoder and self._settings["encoder"] is not None:
            raise SettingError(
                "pairs cannot be rated with an encoder of your own", "setting",
                "use encoder=False, or an aligner without encoder=",
            )
        if tgt is None:
            return self._score_frame(Frame(src), kinds, encoder, columns, features)
        if isinstance(src, str) or isinstance(tgt, str) or isinstance(kinds, str):
            raise TypeError("expected lists of texts, not one text")
        return self._rate(list(src), list(tgt), None if kinds is None else list(kinds), encoder)

    def _score_frame(
        self, frame: Frame, kinds: Any, encoder: bool, columns: Tuple[str, str], features: bool
    ) -> Any:
        import pyarrow

        src, tgt = (texts(frame, name) for name in columns)
        if kinds is None and "kind" in frame.batches[0].schema.names:
            kinds = "kind"
        if isinstance(kinds, str):
            kinds = [kind for batch in frame.batches for kind in batch.column(kinds).to_pylist()]
        rated = self._rate(src, tgt, None if kinds is None else list(kinds), encoder)
        made = {
            "quality": pyarrow.array([it.quality for it in rated], pyarrow.float64()),
            "reasons": pyarrow.array(
                [list(it.reasons) for it in rated], pyarrow.list_(pyarrow.string())
            ),
            "duplicates": pyarrow.array([it.duplicates for it in rated], pyarrow.int64()),
            "cluster": pyarrow.array([it.cluster for it in rated], pyarrow.int64()),
        }
        for name in FEATURES if features else ():
            values = [it.features[name] for it in rated]
            made.setdefault(name, pyarrow.array(values, pyarrow.float64()))
        return with_columns(frame, made)

    def _rate(
        self, src: List[str], tgt: List[str], kinds: Optional[List[Optional[str]]], encoder: bool
    ) -> List[Quality]:
        shapes = None
        if kinds is not None:
            shapes = [None if kind is None else _shape(kind) for kind in kinds]
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
    return with_settings(dict(settings))


def _shape(kind: str) -> Tuple[int, int]:
    try:
        src, tgt = map(int, kind.split("-"))
    except (AttributeError, ValueError):
        raise InputError(f"{kind!r} is not a kind", "shape", 'a kind looks like "1-2"') from None
    return src, tgt


@lru_cache(maxsize=4)
def _aligner(stamps: Tuple[Any, ...] = (), **settings: Any) -> Aligner:
    # With other stamps, the files that the settings name are other files, or have changed.
    return Aligner(**settings)


def _stamps(value: Any) -> Tuple[Any, ...]:
    """Returns what changes if a file that a setting names is replaced or written."""
    if isinstance(value, (str, os.PathLike)):
        found = os.stat(value)
        return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
    if isinstance(value, tuple):
        return tuple(_stamps(it) for it in value if isinstance(it, (str, os.PathLike)))
    return ()


def with_settings(settings: dict) -> Aligner:  # type: ignore[type-arg]
    """Returns the aligner with these settings, which is cached."""
    if "abbreviations" in settings:
        settings["abbreviations"] = tuple(abbreviation_list(settings["abbreviations"]))
    lexicon = settings.get("lexicon")
    if lexicon is not None and not isinstance(lexicon, (str, os.PathLike)):
        settings["lexicon"] = tuple(lexicon)
    stamps = _stamps(settings.get("lexicon")), _stamps(settings.get("model"))
    try:
        return _aligner(stamps, **settings)
    except TypeError:
        # An encoder without a hash cannot be found again.
        if settings.get("encoder") is None:
            raise
        return Aligner(**settings)
