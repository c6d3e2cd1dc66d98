"""What can go wrong."""

from __future__ import annotations

from typing import Optional

__all__ = ["InputError", "InternalError", "NasaqError", "SettingError"]


class NasaqError(Exception):
    """The base of all errors of nasaq.

    Attributes:
        reason: What is wrong.
        kind: A short name for programs: ``empty``, ``identical``, ``alignment``, ``setting``, …
        hint: What to do about it, where that is known.
    """

    def __init__(self, reason: str, kind: str = "", hint: Optional[str] = None) -> None:
        super().__init__(reason, kind, hint)
        self.reason = reason
        self.kind = kind
        self.hint = hint

    def __str__(self) -> str:
        return self.reason if self.hint is None else f"{self.reason} (hint: {self.hint})"


class InputError(NasaqError, ValueError):
    """Texts, anchors, ladders or columns that cannot be used."""


class SettingError(NasaqError, ValueError):
    """A setting that is unknown or outside its range."""


class InternalError(NasaqError, RuntimeError):
    """A bug of nasaq. Please report it with the document."""
