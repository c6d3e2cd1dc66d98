"""Documents that were read from files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Optional, Tuple, Union

from . import _native
from ._types import AlignmentWarning, Range, _short

__all__ = ["Document", "DocumentBlock", "read"]


@dataclass(frozen=True)
class DocumentBlock:
    """A block of a document: a paragraph, a heading, a table cell, a footnote, a subtitle."""

    #: ``paragraph``, ``h1`` to ``h9``, ``item``, ``cell``, ``caption``, ``footnote``, ``cue``, …
    kind: str
    text: str
    #: Its range in the text of the document.
    chars: Range
    #: The part of an archive that it is in, such as ``word/document.xml``.
    part: Optional[str]
    #: Its index in its part, or in the document.
    index: int
    #: When a subtitle is shown, in milliseconds: from, to.
    time: Optional[Range]


class Document:
    """The text of a file, and its blocks. `nasaq.read` makes it; `align` takes it as a text.

    It cannot be pickled: pass the name of the file to other processes.
    """

    __slots__ = ("_blocks", "_source")

    def __init__(self, source: "_native.SourceDocument") -> None:
        self._source = source
        self._blocks: Optional[Tuple[DocumentBlock, ...]] = None

    @property
    def name(self) -> str:
        """The path of the file, as it was given."""
        return self._source.name

    @property
    def text(self) -> str:
        """The text, without a byte order mark. Each block is on separate lines."""
        return self._source.text

    @property
    def format(self) -> str:
        """The format: ``text``, ``html``, ``docx``, ``odt``, ``pptx``, ``epub``, ``srt``, …"""
        return self._source.format

    @property
    def encoding(self) -> str:
        """The encoding in which the file was read; UTF-8 for archives."""
        return self._source.encoding

    @property
    def blocks(self) -> Tuple[DocumentBlock, ...]:
        """The blocks, in order; empty for plain text."""
        if self._blocks is None:
            self._blocks = tuple(DocumentBlock(*made) for made in self._source.blocks())
        return self._blocks

    @property
    def warnings(self) -> Tuple[AlignmentWarning, ...]:
        """What the reader changed, omitted or could not read, and a guessed encoding."""
        return tuple(map(AlignmentWarning._make, self._source.warnings()))

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return f"<Document {self.name!r} {self.format} {_short(self.text)}>"


def read(
    path: Union[str, "os.PathLike[str]"],
    *,
    format: Optional[str] = None,
    encoding: Optional[str] = None,
    lang: Optional[str] = None,
    main: bool = False,
    descriptions: bool = True,
) -> Document:
    """Reads a document, as the program does: text, PDF, HTML, DOCX, ODT, PPTX, EPUB, subtitles,
    Markdown.

    >>> import nasaq                                                        # doctest: +SKIP
    >>> nasaq.align(nasaq.read("a.docx"), nasaq.read("b.html", main=True))  # doctest: +SKIP

    Args:
        path: The file, which may be compressed with gzip or Zstandard.
        format: The format; by default the ending of the name and the contents show it.
        encoding: The encoding, such as ``"windows-1256"``; by default UTF-8, or detected, which is in
            ``warnings``. An uncertain encoding is an error.
        lang: ``"ar"`` or ``"en"``: chooses the text of a page that has it in both languages and hides
            one. The program reads each side in its language.
        main: Read only the main text of HTML and EPUB: no navigation, headers, footers, link lists.
        descriptions: Keep subtitles that only describe a sound or are sung.

    Raises:
        OSError: If the file cannot be opened.
        InputError: If it is not text, has no text, is damaged or too large.
        SettingError: If the format, the encoding or the language is unknown.
    """
    path = os.fspath(path)
    source = _native.read_document(path, format, encoding, lang, bool(main), bool(descriptions))
    return Document(source)
