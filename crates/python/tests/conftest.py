"""What the tests share: the repository's cases and corpora, and the program to compare with."""

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
    """Gives the folder of each bundled bitext."""
    return ROOT / "corpora" / request.param


@pytest.fixture(scope="session")
def program():
    """Gives a function that runs the program ``nasaq``, named by NASAQ."""
    path = os.environ.get("NASAQ")
    if not path:
        pytest.skip("NASAQ does not name the program to compare with")

    def run(*args, input=None):
        done = subprocess.run([path, *map(str, args)], input=input, capture_output=True, check=True)
        return done.stdout.decode("utf-8")

    return run


@pytest.fixture(scope="session")
def beads_of(program):
    """Gives the beads that the program finds, as JSON Lines has them."""

    def run(*args):
        text = program("align", "-q", *args, "--to", "jsonl")
        return [json.loads(line) for line in text.splitlines()]

    return run
