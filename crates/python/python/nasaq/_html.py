"""An alignment as a table of HTML, as notebooks show it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, List

if TYPE_CHECKING:
    from ._types import Alignment, Bead

__all__ = ["alignment_html"]

#: Max beads that are shown: a notebook keeps its outputs.
_MAX_BEADS = 200

_CELL = "vertical-align:top;text-align:start;padding:.25em .6em;white-space:pre-wrap"


def _cell(text: str, language: str) -> str:
    code = language.split("-")[0].lower()
    direction = "rtl" if code == "ar" else "ltr"
    return f'<td lang="{escape(language)}" dir="{direction}" style="{_CELL}">{escape(text)}</td>'


def _row(bead: "Bead", languages: "tuple[str, str]") -> str:
    what = " moved" if bead.moved else ""
    # A probability is never shown as 1.
    probability = f"{min(bead.probability, 0.999):.3f}"
    return (
        f'<tr><td style="{_CELL}">{escape(bead.kind)}{what}</td>'
        f'<td style="{_CELL}">{probability}</td>'
        f"{_cell(bead.src, languages[0])}{_cell(bead.tgt, languages[1])}</tr>"
    )


def alignment_html(alignment: "Alignment") -> str:
    """Returns a table with a bead per row, without scripts and with every text escaped."""
    beads = alignment.beads[:_MAX_BEADS]
    rows: List[str] = [_row(bead, alignment.languages) for bead in beads]
    caption = (
        f"{len(alignment.src_segments)} and {len(alignment.tgt_segments)} segments, "
        f"{len(alignment.beads)} beads, document score {alignment.document_score:.3f}"
    )
    if len(alignment.beads) > len(beads):
        caption += f"; the first {len(beads)} beads are shown"
    notes = "".join(f"<p>warning: {escape(str(warning))}</p>" for warning in alignment.warnings)
    names = ("kind", "probability", "source", "target")
    head = "".join(f'<th style="{_CELL}">{name}</th>' for name in names)
    return (
        f"<div>{notes}<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
