"""The notebook and the examples, run as a user runs them."""

import os
import subprocess
import sys
from pathlib import Path

import nasaq
import pytest
from conftest import ROOT, SETS

pq = pytest.importorskip("pyarrow.parquet")
NOTEBOOK = ROOT / "crates/python/examples/corpus.py"


def test_the_notebook_runs_as_a_script(tmp_path):
    done = subprocess.run(
        [sys.executable, NOTEBOOK, ROOT / "corpora", tmp_path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    pairs = pq.read_table(tmp_path / "pairs.parquet")
    assert f"{pairs.num_rows} of " in done.stdout
    beads = 0
    for name in SETS:
        files = [ROOT / "corpora" / name / f"{side}.txt" for side in ("ar", "en")]
        beads += len(nasaq.align(*(nasaq.read(file) for file in files)))
    assert 0.5 * beads < pairs.num_rows <= beads
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_the_notebook_runs_in_a_kernel(tmp_path):
    jupytext = pytest.importorskip("jupytext")
    nbconvert = pytest.importorskip("nbconvert.preprocessors")
    pytest.importorskip("ipykernel")
    notebook = jupytext.read(NOTEBOOK)
    os.environ["NASAQ_CORPORA"] = str(ROOT / "corpora")
    try:
        nbconvert.ExecutePreprocessor(timeout=300, kernel_name="python3").preprocess(notebook, {})
    finally:
        del os.environ["NASAQ_CORPORA"]
    shown = [
        output["data"]["text/html"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    assert any("document score" in html for html in shown)


def test_the_example_of_folders_runs(tmp_path):
    for side in ("ar", "en"):
        (tmp_path / side).mkdir()
        for name in SETS:
            text = (ROOT / "corpora" / name / f"{side}.txt").read_bytes()
            (tmp_path / side / f"{name}.txt").write_bytes(text)
    example = Path(NOTEBOOK).with_name("folder_to_parquet.py")
    command = [sys.executable, example, tmp_path / "ar", tmp_path / "en", tmp_path / "out"]
    subprocess.run(command, check=True, capture_output=True)
    assert pq.read_table(tmp_path / "out/pairs.parquet").num_rows > 0
