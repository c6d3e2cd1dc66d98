"""Shared by the tests: the cases and corpora of the repository, and the program to compare with."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SETS = sorted(path.name for path in (ROOT / "corpora").iterdir() if path.is_dir())


def cases(crate, name):
    """Returns the cases of ``crates/CRATE/tests/cases/NAME.toml``."""
    tomllib = pytest.importorskip("tomllib", reason="Python 3.11 reads TOML")
    text = (ROOT / "crates" / crate / "tests/cases" / f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)["case"]


@pytest.fixture(scope="session", params=SETS)
def bitext(request):
    """The folder of each bundled bitext."""
    return ROOT / "corpora" / request.param


@pytest.fixture(scope="session")
def program():
    """A function that runs the program ``nasaq``, whose path is in NASAQ."""
    path = os.environ.get("NASAQ")
    if not path:
        pytest.skip("NASAQ is not the path of the program to compare with")

    def run(*args, input=None):
        done = subprocess.run([path, *map(str, args)], input=input, capture_output=True, check=True)
        return done.stdout.decode("utf-8")

    return run


@pytest.fixture(scope="session")
def beads_of(program):
    """A function that returns the program's beads, as in JSON Lines."""

    def run(*args):
        text = program("align", "-q", *args, "--to", "jsonl")
        return [json.loads(line) for line in text.splitlines()]

    return run
