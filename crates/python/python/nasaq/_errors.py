"""The exceptions of nasaq."""

from __future__ import annotations

from typing import Any, Optional, Tuple

__all__ = ["InputError", "InternalError", "NasaqError", "ProgramError", "SettingError"]


class NasaqError(Exception):
    """The base class of all errors of nasaq.

    Attributes:
        reason: What is wrong.
        kind: A short name for programs: ``empty``, ``identical``, ``alignment``, ``setting``, …
        hint: What to do about it, if that is known.
        messages: What the program reported, if a command of it failed.
    """

    messages: Tuple[Any, ...] = ()

    def __init__(self, reason: str, kind: str = "", hint: Optional[str] = None) -> None:
        super().__init__(reason, kind, hint)
        self.reason = reason
        self.kind = kind
        self.hint = hint

    def __str__(self) -> str:
        return self.reason if self.hint is None else f"{self.reason} (hint: {self.hint})"


class InputError(NasaqError, ValueError):
    """Texts, anchors, ladders or columns cannot be used."""


class SettingError(NasaqError, ValueError):
    """A setting is unknown or outside its range."""


class ProgramError(NasaqError, RuntimeError):
    """A command could not be completed: its output cannot be written, or a signal ended it."""


class InternalError(NasaqError, RuntimeError):
    """nasaq has a bug. Please report it with the document."""
