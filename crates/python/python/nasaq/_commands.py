"""Commands of the program as functions: whole files and corpora, in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Tuple, Union

from ._errors import InputError, InternalError, NasaqError, ProgramError, SettingError
from ._program import launcher

__all__ = [
    "Message",
    "ProgramResult",
    "align_corpus",
    "convert",
    "filter",
    "merge",
    "report",
    "terms",
]

#: A file, or several.
Paths = Union[str, "os.PathLike[str]", Iterable[Union[str, "os.PathLike[str]"]]]
_Path = Union[str, "os.PathLike[str]"]

#: Options of the program that take "on" or "off".
_ON_OFF = ("escapes", "quotes")

#: Seconds that the program has to remove its unfinished files when it is interrupted.
_GRACE = 10.0

#: The exit code of the program for a result below ``fail_under``.
_BELOW = 4


class Message(NamedTuple):
    """What the program had to say besides its result."""

    #: ``"warning"``, ``"note"`` or ``"error"``; ``""`` for a line of a summary.
    level: str
    #: The message. It names options as the program does: ``--src-lang`` is ``src_lang=`` here.
    reason: str
    #: What to do about it, if that is known.
    hint: Optional[str] = None

    def __str__(self) -> str:
        level = f"{self.level}: " if self.level else ""
        return level + self.reason + ("" if self.hint is None else f" (hint: {self.hint})")


class ProgramResult(Dict[str, Any]):
    """The summary that a command prints with ``--json``, and what else it reported.

    It is a dictionary, which is empty for commands without a summary.

    Attributes:
        messages: Warnings, notes and lines of the summary.
        passed: ``False`` if the result is below ``fail_under``, and if documents of a corpus failed.
        text: What the command wrote in place of an output file, if it had none.
    """

    messages: Tuple[Message, ...] = ()
    passed: bool = True
    text: Optional[str] = None


def _listed(paths: Paths) -> List[str]:
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    return [os.fspath(path) for path in paths]


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        if name in _ON_OFF:
            return "on" if value else "off"
        raise SettingError(f"{name}: {value} is not a value of a list", "setting")
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def _arguments(options: Dict[str, Any]) -> List[str]:
    """Turns keyword arguments into options: ``skip_bad=True`` into ``--skip-bad``."""
    arguments = []
    for name, value in options.items():
        name = name.rstrip("_")
        option = "--" + name.replace("_", "-")
        if value is None or (value is False and name not in _ON_OFF):
            continue
        if value is True and name not in _ON_OFF:
            arguments.append(option)
        elif isinstance(value, dict):
            arguments.extend(f"{option}={key}={_value(name, it)}" for key, it in value.items())
        elif isinstance(value, (list, tuple, set, frozenset)):
            items = sorted(value) if isinstance(value, (set, frozenset)) else value
            arguments.extend(f"{option}={_value(name, it)}" for it in items)
        else:
            arguments.append(f"{option}={_value(name, value)}")
    return arguments


def _messages(text: str) -> Tuple[Message, ...]:
    found: List[Message] = []
    for line in text.splitlines():
        line = line.rstrip()
        if line.startswith("nasaq: "):
            level, colon, reason = line[len("nasaq: "):].partition(": ")
            known = colon and level in ("error", "note", "warning")
            found.append(Message(level, reason) if known else Message("", line[len("nasaq: "):]))
        elif line.startswith("hint: ") and found:
            found[-1] = found[-1]._replace(hint=line[len("hint: "):])
        elif line.strip().startswith("tip: ") and found:
            found[-1] = found[-1]._replace(hint=line.strip()[len("tip: "):])
        elif line:
            found.append(Message("", line))
    return tuple(found)


def _run(command: List[str]) -> Tuple[int, str, str]:
    """Runs the program; if this process is interrupted, the program ends too."""
    child = subprocess.Popen(
        launcher() + command,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    try:
        out, err = child.communicate()
    except BaseException:
        # The signal that asks it to end lets it remove its unfinished files.
        child.terminate()
        try:
            child.wait(_GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
        child.communicate()
        raise
    return child.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")


def _error(code: int, messages: Tuple[Message, ...]) -> NasaqError:
    """Makes the exception for an exit code that is not a success."""
    said = [message for message in messages if message.level == "error"]
    reason, hint = f"the program ended with code {code}", None
    if code < 0:
        reason = f"the program was ended by signal {-code}"
    elif said:
        reason, hint = said[-1].reason, said[-1].hint
    elif messages:
        reason = messages[-1].reason
    classes = {1: (ProgramError, "failed"), 2: (SettingError, "setting"), 3: (InputError, "input")}
    unknown = (InternalError, "internal") if code > 0 else (ProgramError, "ended")
    kind, name = classes.get(code, unknown)
    error = kind(reason, name, hint)
    error.messages = messages
    return error


def _call(
    command: str, inputs: List[str], options: Dict[str, Any], has_summary: bool
) -> ProgramResult:
    # Inputs follow "--", so that a name may begin with a dash.
    arguments = [command, "--color=never", *_arguments(options), "--", *inputs]
    code, out, err = _run(arguments)
    messages = _messages(err)
    result = ProgramResult()
    if has_summary and out.strip():
        try:
            result.update(json.loads(out))
        except ValueError:
            raise _error(code or -1, messages) from None
    # Some documents of a corpus failed: the summary counts them.
    if code not in (0, _BELOW) and not (code == 1 and result):
        raise _error(code, messages)
    result.messages = messages
    result.passed = code == 0
    if not has_summary and out:
        result.text = out
    return result


def convert(inputs: Paths, output: _Path, **options: Any) -> ProgramResult:
    """Converts a bitext to another format, as ``nasaq convert`` does.

    Args:
        inputs: A bitext in any format, or several; two files of lines; patterns and folders.
        output: The file to write. Its ending names the format, unless ``to=`` does.
        **options: Options of the command: ``columns=["src", "tgt"]``, ``skip_bad=True``,
            ``from_="tsv"``. See ``nasaq convert --help``.

    Returns:
        An empty dictionary whose ``messages`` report what the format cannot hold.

    Raises:
        SettingError: If an option is unknown or has a wrong value.
        InputError: If the input cannot be used.
        ProgramError: If the output cannot be written.
    """
    return _call("convert", _listed(inputs), {"output": output, **options}, has_summary=False)


def filter(inputs: Paths, output: Optional[_Path] = None, **options: Any) -> ProgramResult:
    """Keeps the good pairs of a bitext, as ``nasaq filter`` does.

    Args:
        inputs: A bitext in any format, or several.
        output: The file for the pairs that are kept. Without it, pairs are only counted.
        **options: Options of the command: ``filters="my.toml"``, ``rejects="rejected.tsv"``,
            ``fail_under=0.8``, ``test_set=["test.tsv"]``. See ``nasaq filter --help``.

    Returns:
        The counts: ``rows``, ``kept`` and, for each filter, how many pairs it rejects. ``passed`` is
        ``False`` if a smaller share than ``fail_under`` is kept.

    Raises:
        SettingError, InputError, ProgramError: As `convert`.
    """
    written = {"dry_run": True} if output is None else {"output": output}
    return _call("filter", _listed(inputs), {**written, "json": True, **options}, has_summary=True)


def report(inputs: Paths, output: Optional[_Path] = None, **options: Any) -> ProgramResult:
    """Describes a corpus, as ``nasaq report`` does.

    Args:
        inputs: One to four corpora: bitexts, or output folders of `align_corpus`.
        output: The file for the page, HTML. Without it, only the numbers are returned.
        **options: Options of the command: ``gold="gold/"``, ``fail_under={"ready": 0.9}``. See
            ``nasaq report --help``.

    Returns:
        The numbers of the report. ``passed`` is ``False`` if one is below ``fail_under``.

    Raises:
        SettingError, InputError, ProgramError: As `convert`.
    """
    return _call(
        "report", _listed(inputs), {"output": output, "json": "-", **options}, has_summary=True
    )


def merge(inputs: Paths, output: _Path, **options: Any) -> ProgramResult:
    """Joins bitexts to one without duplicates, as ``nasaq merge`` does.

    Args:
        inputs: The bitexts.
        output: The file to write.
        **options: Options of the command: ``keep="best"``, ``conflicts="conflicts.tsv"``. See
            ``nasaq merge --help``.

    Returns:
        An empty dictionary; the counts are in its ``messages``.

    Raises:
        SettingError, InputError, ProgramError: As `convert`.
    """
    return _call("merge", _listed(inputs), {"output": output, **options}, has_summary=False)


def terms(inputs: Paths, output: Optional[_Path] = None, **options: Any) -> ProgramResult:
    """Lists candidates for a terminology, as ``nasaq terms`` does.

    Args:
        inputs: A bitext in any format, or several.
        output: The file to write, TSV, CSV or TBX. Without it, the list is the ``text`` of the result.
        **options: Options of the command: ``min_count=5``, ``new=True``. See ``nasaq terms --help``.

    Raises:
        SettingError, InputError, ProgramError: As `convert`.
    """
    return _call("terms", _listed(inputs), {"output": output, **options}, has_summary=False)


def align_corpus(inputs: Paths, output: _Path, **options: Any) -> ProgramResult:
    """Aligns the documents of folders, as ``nasaq align --corpus`` does.

    A run that was stopped continues where it was when it is called again.

    Args:
        inputs: A folder with both languages, a manifest, or two folders or templates, Arabic and
            English.
        output: The folder to write, or one file such as a translation memory.
        **options: Options of the command: ``to="parquet"``, ``max_memory="2G"``, ``threads=4``. See
            ``nasaq align --help``.

    Returns:
        The counts. ``passed`` is ``False`` if documents failed: ``errors.jsonl`` in the output lists
        them.

    Raises:
        SettingError, InputError, ProgramError: As `convert`.
    """
    fixed = {"corpus": True, "output": output, "json": True}
    return _call("align", _listed(inputs), {**fixed, **options}, has_summary=True)
