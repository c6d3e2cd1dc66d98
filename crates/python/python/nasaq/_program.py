"""The program ``nasaq``, which is part of the package: its entry point, and how to start it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import List, NoReturn

from . import _native

__all__ = ["launcher", "main"]

#: Starts the program without the working directory among the places of modules: a folder named
#: ``nasaq`` in it, or a file such as ``json.py``, would be imported in place of the right one.
_START = (
    "import sys; root = sys.argv.pop(1); sys.path = [path for path in sys.path if path]; "
    "root in sys.path or sys.path.append(root); from nasaq._program import main; main()"
)


def launcher() -> List[str]:
    """Returns the command that starts the program in a new process; its arguments follow."""
    if not sys.executable:
        raise RuntimeError("the program cannot be started: sys.executable is not set")
    return [sys.executable, "-c", _START, str(Path(__file__).resolve().parents[1])]


def main() -> NoReturn:
    """Runs the program with the arguments of this process, and ends the process."""
    start = launcher() if sys.executable else []
    sys.exit(_native.run_program(["nasaq", *sys.argv[1:]], start))
