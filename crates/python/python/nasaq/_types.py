"""What nasaq gives: small immutable values, which can be compared, pickled and unpacked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple, overload

from . import _native

__all__ = ["Agreement", "Alignment", "Bead", "Evaluation", "Finding", "Quality", "Segment"]

#: A half-open range: first, and one past the last.
Range = Tuple[int, int]

#: Characters of a text that a repr shows.
_SHOWN = 32


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


class Segment(NamedTuple):
    """A sentence, a heading, a line: a piece of a text without the white space around it."""

    text: str
    #: Its place in the text in UTF-8, from after a byte order mark.
    bytes: Range
    #: Its place in the string: ``string[slice(*segment.chars)] == segment.text``.
    chars: Range

    def __repr__(self) -> str:
        return f"<Segment {self.chars[0]}:{self.chars[1]} {_short(self.text)}>"

    def __str__(self) -> str:
        return self.text


class Bead(NamedTuple):
    """Source segments and the target segments that translate them; a side may be empty.

    All ranges are half-open and count from 0. Of a list of segments, bytes and characters count in
    the text that the list makes with a line break between two items.
    """

    #: The source text: its segments joined by a space, ``""`` for a null.
    src: str
    #: The target text, likewise.
    tgt: str
    #: How many segments each side has, ``"1-2"``.
    kind: str
    #: The chance, 0 to 1, that the bead is right.
    probability: float
    #: The bead's part of the path score; comparable within a document only.
    score: float
    src_segments: Range
    tgt_segments: Range
    #: Bytes of the source text in UTF-8, from after a byte order mark.
    src_bytes: Range
    tgt_bytes: Range
    #: Characters of the source string: ``src[slice(*bead.src_chars)]`` is the bead's text.
    src_chars: Range
    tgt_chars: Range
    #: Of a null whose text stands elsewhere on the other side: the segments there.
    moved: Optional[Range]

    @property
    def is_null(self) -> bool:
        """Whether one side is empty."""
        return not (
            self.src_segments[1] > self.src_segments[0]
            and self.tgt_segments[1] > self.tgt_segments[0]
        )

    def to_dict(self) -> Dict[str, Any]:
        """Gives the fields by name, as JSON Lines has them, with the characters' ranges beside."""
        fields = self._asdict()
        if self.moved is None:
            del fields["moved"]
        return {name: list(value) if isinstance(value, tuple) else value
                for name, value in fields.items()}

    def __repr__(self) -> str:
        src, tgt = ("{}:{}".format(*span) for span in (self.src_segments, self.tgt_segments))
        return (
            f"<Bead {self.kind} [{src}]~[{tgt}] p={self.probability:.3f} score={self.score:.2f} "
            f"{_short(self.src)} = {_short(self.tgt)}>"
        )


class Finding(NamedTuple):
    """Text that was ``moved``, ``omitted`` (the target lacks it) or ``added``."""

    kind: str
    #: Source segments; empty for what was added: the place where it would be.
    src_segments: Range
    tgt_segments: Range
    #: How sure the finding is, 0 to 1.
    probability: float


@dataclass(frozen=True, repr=False)
class Alignment:
    """The alignment of a document: a sequence of beads, in order, that cover both sides.

    ``len``, iteration and indices are those of the beads.
    """

    beads: Tuple[Bead, ...]
    #: What was moved, omitted or added.
    findings: Tuple[Finding, ...]
    #: The chance, 0 to 1, that the documents are translations of each other at all. Below 0.5 they
    #: probably are not, and the beads say nothing.
    document_score: float
    src_segments: Tuple[Segment, ...] = field(compare=False)
    tgt_segments: Tuple[Segment, ...] = field(compare=False)

    @classmethod
    def _of(cls, made: Tuple[Any, ...]) -> "Alignment":
        beads, findings, score, src, tgt = made
        return cls(
            tuple(map(Bead._make, beads)),
            tuple(map(Finding._make, findings)),
            score,
            tuple(map(Segment._make, src)),
            tuple(map(Segment._make, tgt)),
        )

    def __len__(self) -> int:
        return len(self.beads)

    def __iter__(self) -> Iterator[Bead]:
        return iter(self.beads)

    @overload
    def __getitem__(self, index: int) -> Bead: ...
    @overload
    def __getitem__(self, index: slice) -> Tuple[Bead, ...]: ...
    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self.beads[index]

    def __repr__(self) -> str:
        return (
            f"<Alignment of {len(self.src_segments)} and {len(self.tgt_segments)} segments: "
            f"{len(self.beads)} beads, document score {self.document_score:.3f}>"
        )

    def pairs(self, probability: float = 0.0) -> List[Tuple[str, str]]:
        """Gives the texts of the beads that are no nulls and have at least a probability."""
        return [
            (bead.src, bead.tgt)
            for bead in self.beads
            if not bead.is_null and bead.probability >= probability
        ]

    def to_dicts(self, doc: str = "") -> List[Dict[str, Any]]:
        """Gives the beads as JSON Lines of the program has them, with the characters' ranges beside.

        Any table takes them: ``pandas.DataFrame(alignment.to_dicts("news"))``.
        """
        return [
            {"doc": doc, "bead": number, **bead.to_dict()} for number, bead in enumerate(self.beads)
        ]

    def to_ladder(self) -> str:
        """Gives a ladder, ``[0]:[0, 1]:0.9731`` a bead."""
        return _native.write_ladder(_rungs(self))


#: Source segments, target segments, score.
_Rung = Tuple[List[int], List[int], Optional[float]]


def _rungs(alignment: Alignment) -> List[_Rung]:
    return [
        (list(range(*bead.src_segments)), list(range(*bead.tgt_segments)), bead.probability)
        for bead in alignment.beads
    ]


class Agreement(NamedTuple):
    """Counts of one way of comparing ladders."""

    #: Beads of the test that are right, and all of them.
    test: Tuple[int, int]
    #: Beads of the gold that were found, and all of them.
    gold: Tuple[int, int]

    @property
    def precision(self) -> float:
        """Share of the test's beads that are right; 0 where there is none."""
        return self.test[0] / self.test[1] if self.test[1] else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold's beads that were found; 0 where there is none."""
        return self.gold[0] / self.gold[1] if self.gold[1] else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2.0 * self.precision * self.recall / both if both else 0.0

    def __add__(self, other: Any) -> "Agreement":  # type: ignore[override]
        """Adds counts, as over documents: ratios are taken of the sums."""
        pairs = zip(self, other)
        return Agreement(*((a[0] + b[0], a[1] + b[1]) for a, b in pairs))

    def __repr__(self) -> str:
        return (
            f"<Agreement precision={self.precision:.4f} recall={self.recall:.4f} f1={self.f1:.4f}>"
        )


@dataclass(frozen=True)
class Evaluation:
    """How well ladders agree with gold ladders; ``+`` adds documents."""

    #: Beads must be the same.
    strict: Agreement
    #: Beads must share a source and a target segment.
    lax: Agreement
    #: Nulls by themselves, strictly.
    nulls: Agreement
    #: Strict counts by the kind of bead.
    kinds: Dict[str, Agreement]

    @classmethod
    def _of(cls, made: Tuple[Any, ...]) -> "Evaluation":
        strict, lax, nulls, kinds = made
        by_kind = {kind: Agreement._make(counts) for kind, counts in kinds}
        return cls(*map(Agreement._make, (strict, lax, nulls)), by_kind)

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
    """How good a pair is."""

    #: The chance, 0 to 1, that it is a good pair, where as many are bad.
    quality: float
    #: Its likely faults, the likeliest first.
    reasons: Tuple[str, ...]
    #: What the quality follows from, by name; ``None`` where a feature does not apply.
    #: ``nasaq.FEATURES`` says what each is.
    features: Dict[str, Optional[float]]
    #: Pairs with both texts among those that were rated together.
    duplicates: int
    #: The first of these, from 0.
    cluster: int

    def __repr__(self) -> str:
        return f"<Quality {self.quality:.3f} {', '.join(self.reasons) or 'no fault'}>"
