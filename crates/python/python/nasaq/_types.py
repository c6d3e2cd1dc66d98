"""The results of nasaq: small immutable values that can be compared, pickled and unpacked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple, Union, overload

from . import _native

__all__ = [
    "Agreement",
    "Alignment",
    "AlignmentWarning",
    "Bead",
    "Evaluation",
    "Finding",
    "Quality",
    "Segment",
]

#: A half-open range: first, and one past the last.
Range = Tuple[int, int]

#: Max characters of a text in a repr.
_REPR_CHARS = 32


def _short(text: str) -> str:
    return repr(text if len(text) <= _REPR_CHARS else text[: _REPR_CHARS - 1] + "…")


class Segment(NamedTuple):
    """A sentence, a heading or a line of a text, without the white space around it."""

    text: str
    #: Its range in the text in UTF-8, counted from after a byte order mark.
    bytes: Range
    #: Its range in the string: ``string[slice(*segment.chars)] == segment.text``.
    chars: Range

    def __repr__(self) -> str:
        return f"<Segment {self.chars[0]}:{self.chars[1]} {_short(self.text)}>"

    def __str__(self) -> str:
        return self.text


class Bead(NamedTuple):
    """Source segments and the target segments that translate them; a side may be empty.

    All ranges are half-open and count from 0. If a side is a list of segments, bytes and characters
    count in the segments joined by line breaks.
    """

    #: The source text: its segments joined by spaces, ``""`` if the side is empty.
    src: str
    #: The target text, in the same form.
    tgt: str
    #: The number of segments on each side, such as ``"1-2"``.
    kind: str
    #: The probability, 0 to 1, that the bead is right. That of a pair includes the document score.
    probability: float
    #: The score of the bead in the search; comparable only within a document.
    score: float
    src_segments: Range
    tgt_segments: Range
    #: Byte range in the source text in UTF-8, counted from after a byte order mark.
    src_bytes: Range
    tgt_bytes: Range
    #: Character range in the source string: ``src[slice(*bead.src_chars)]`` is the bead's text.
    src_chars: Range
    tgt_chars: Range
    #: Whether the target is elsewhere than the beads around suggest: its text was moved.
    moved: bool
    #: For a null bead of a monotone alignment whose text was moved: its segments on the other side.
    counterpart: Optional[Range]
    #: The probability that the documents are translations of each other.
    document_score: Optional[float] = None
    #: The log-odds that the bead is right if the documents are translations, without the limit of
    #: the probability: it ranks beads that are nearly sure.
    log_odds: Optional[float] = None
    #: Where the source text is in a document that has blocks, with the keys of JSON Lines: ``kind``,
    #: ``blocks``, ``time``, ``bytes``, ``part``.
    src_place: Optional[Dict[str, Any]] = None
    #: The same for the target.
    tgt_place: Optional[Dict[str, Any]] = None
    #: With the setting ``words``: the words of both texts that translate each other, such as
    #: ``"0-0 1-2"`` (Pharaoh format). Words are divided at white space and counted from 0.
    words: Optional[str] = None

    @property
    def is_null(self) -> bool:
        """Whether one side is empty."""
        return not (
            self.src_segments[1] > self.src_segments[0]
            and self.tgt_segments[1] > self.tgt_segments[0]
        )

    def to_dict(self) -> Dict[str, Any]:
        """Returns the fields by name, as in JSON Lines, and the character ranges."""
        fields = self._asdict()
        if not self.moved:
            del fields["moved"]
        for name in ("counterpart", "words"):
            if fields[name] is None:
                del fields[name]
        for name in ("src_place", "tgt_place"):
            place = fields.pop(name)
            if place is not None:
                fields[name] = {key: value for key, value in place.items() if value is not None}
        return {name: list(value) if isinstance(value, tuple) else value
                for name, value in fields.items()}

    def __repr__(self) -> str:
        src, tgt = ("{}:{}".format(*span) for span in (self.src_segments, self.tgt_segments))
        return (
            f"<Bead {self.kind} [{src}]~[{tgt}] p={self.probability:.3f} score={self.score:.2f} "
            f"{_short(self.src)} = {_short(self.tgt)}>"
        )


class Finding(NamedTuple):
    """A run of text that was ``moved``, ``omitted`` (the target lacks it) or ``added``.

    ``repeated-source`` and ``repeated-target`` are runs without a counterpart, such as pull quotes,
    whose text that side has a second time; the other range is what that place is paired with.
    """

    kind: str
    #: Source segments; for ``added`` an empty range where the text would be.
    src_segments: Range
    tgt_segments: Range
    #: The probability, 0 to 1, that the finding is right.
    probability: float


class AlignmentWarning(NamedTuple):
    """Something about a document that you should look at: the texts may not be what you meant."""

    #: A short name for programs: ``unrelated``, ``swapped-languages``, ``lopsided``, …
    kind: str
    #: What may be wrong.
    reason: str
    #: What to do about it, if that is known.
    hint: Optional[str]
    #: Whether it is only a note: the texts are probably right.
    is_note: bool = False

    def __str__(self) -> str:
        return self.reason if self.hint is None else f"{self.reason} (hint: {self.hint})"


@dataclass(frozen=True, repr=False)
class Alignment:
    """The alignment of a document: beads, in order, that cover both sides.

    It is a sequence of its beads: use ``len``, iteration and indices.
    """

    beads: Tuple[Bead, ...]
    #: What was moved, omitted or added.
    findings: Tuple[Finding, ...]
    #: The probability, 0 to 1, that the documents are translations of each other. Below 0.5 they
    #: probably are not, and the beads mean nothing.
    document_score: float
    src_segments: Tuple[Segment, ...] = field(compare=False)
    tgt_segments: Tuple[Segment, ...] = field(compare=False)
    #: What you should look at. Python's ``warnings`` module is not used.
    warnings: Tuple[AlignmentWarning, ...] = field(default=(), compare=False)
    #: The languages of source and target, as they were set.
    languages: Tuple[str, str] = field(default=("ar", "en"), compare=False)

    @classmethod
    def _of(cls, made: Tuple[Any, ...], languages: Tuple[str, str] = ("ar", "en")) -> "Alignment":
        beads, findings, score, src, tgt, warnings = made
        return cls(
            tuple(map(Bead._make, beads)),
            tuple(map(Finding._make, findings)),
            score,
            tuple(map(Segment._make, src)),
            tuple(map(Segment._make, tgt)),
            tuple(map(AlignmentWarning._make, warnings)),
            languages,
        )

    def __len__(self) -> int:
        return len(self.beads)

    def __iter__(self) -> Iterator[Bead]:
        return iter(self.beads)

    @overload
    def __getitem__(self, index: int) -> Bead: ...
    @overload
    def __getitem__(self, index: slice) -> Tuple[Bead, ...]: ...
    def __getitem__(self, index: Union[int, slice]) -> Union[Bead, Tuple[Bead, ...]]:
        return self.beads[index]

    def __repr__(self) -> str:
        return (
            f"<Alignment of {len(self.src_segments)} and {len(self.tgt_segments)} segments: "
            f"{len(self.beads)} beads, document score {self.document_score:.3f}>"
        )

    def _repr_html_(self) -> str:
        """Returns a table of the beads, which notebooks show."""
        from ._html import alignment_html

        return alignment_html(self)

    def pairs(self, probability: float = 0.0) -> List[Tuple[str, str]]:
        """Returns the texts of the beads with two sides and at least this probability."""
        return [
            (bead.src, bead.tgt)
            for bead in self.beads
            if not bead.is_null and bead.probability >= probability
        ]

    def to_dicts(self, doc: str = "") -> List[Dict[str, Any]]:
        """Returns the beads as the program writes them to JSON Lines, with the character ranges.

        Make a table of them with ``pandas.DataFrame(alignment.to_dicts("news"))``.
        """
        return [
            {"doc": doc, "bead": index, **bead.to_dict()} for index, bead in enumerate(self.beads)
        ]

    def to_ladder(self) -> str:
        """Returns a ladder: one line per bead, such as ``[0]:[0, 1]:0.9731``."""
        return _native.write_ladder(_rungs(self))


#: Source segments, target segments, score.
_Rung = Tuple[List[int], List[int], Optional[float]]


def _rungs(alignment: Alignment) -> List[_Rung]:
    return [
        (list(range(*bead.src_segments)), list(range(*bead.tgt_segments)), bead.probability)
        for bead in alignment.beads
    ]


class Agreement(NamedTuple):
    """The counts of one comparison of ladders."""

    #: Beads of the test ladder that are right, and all of them.
    test: Tuple[int, int]
    #: Beads of the gold ladder that were found, and all of them.
    gold: Tuple[int, int]

    @property
    def precision(self) -> float:
        """The share of the test's beads that are right; 0 if there are none."""
        return self.test[0] / self.test[1] if self.test[1] else 0.0

    @property
    def recall(self) -> float:
        """The share of the gold's beads that were found; 0 if there are none."""
        return self.gold[0] / self.gold[1] if self.gold[1] else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2.0 * self.precision * self.recall / both if both else 0.0

    def __add__(self, other: Any) -> "Agreement":
        """Adds the counts of another document; ratios are those of the sums."""
        pairs = zip(self, other)
        return Agreement(*((a[0] + b[0], a[1] + b[1]) for a, b in pairs))

    def __repr__(self) -> str:
        return (
            f"<Agreement precision={self.precision:.4f} recall={self.recall:.4f} f1={self.f1:.4f}>"
        )


@dataclass(frozen=True)
class Evaluation:
    """How far ladders agree with gold ladders. Add documents with ``+``."""

    #: A bead is right if both sides are the same as in the gold.
    strict: Agreement
    #: A bead is right if it shares a source and a target segment with a gold bead.
    lax: Agreement
    #: Strict counts of null beads only.
    nulls: Agreement
    #: Strict counts by kind of bead.
    kinds: Dict[str, Agreement]

    @classmethod
    def _of(cls, made: Tuple[Any, ...]) -> "Evaluation":
        strict, lax, nulls, kinds = made
        by_kind = {kind: Agreement._make(counts) for kind, counts in kinds}
        return cls(
            Agreement._make(strict), Agreement._make(lax), Agreement._make(nulls), by_kind
        )

    def __add__(self, other: "Evaluation") -> "Evaluation":
        nothing = Agreement((0, 0), (0, 0))
        kinds = {
            kind: self.kinds.get(kind, nothing) + other.kinds.get(kind, nothing)
            for kind in sorted({*self.kinds, *other.kinds}, key=_kind_order)
        }
        return Evaluation(
            self.strict + other.strict, self.lax + other.lax, self.nulls + other.nulls, kinds
        )


def _kind_order(kind: str) -> Tuple[int, ...]:
    return tuple(map(int, kind.split("-")))


class Quality(NamedTuple):
    """The quality of a pair, and what it is based on."""

    #: The probability, 0 to 1, that the pair is good, if half of all pairs are.
    quality: float
    #: Its probable faults, the most probable first.
    reasons: Tuple[str, ...]
    #: The features that the quality is computed from, by name; ``None`` if one does not apply.
    #: ``nasaq.FEATURES`` describes them.
    features: Dict[str, Optional[float]]
    #: The number of pairs with the same two texts, among those rated together.
    duplicates: int
    #: The index of the first of them.
    cluster: int

    def __repr__(self) -> str:
        return f"<Quality {self.quality:.3f} {', '.join(self.reasons) or 'no fault'}>"
