"""The examples of the documentation, run as they are printed."""

import doctest
import importlib
import re
import shutil
import sys
import types

import nasaq
import numpy
import pytest
from conftest import ROOT
from test_documents import ARABIC, ENGLISH, docx, page

#: A page and how many examples it has, so that none is overlooked.
README, GUIDE, SCALE = "crates/python/README.md", "docs/python.md", "docs/scale.md"


def examples(name, count):
    """Returns the examples of a page, with their lines where they are on the page."""
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"{name} is in the repository only")
    text = path.read_text("utf-8")
    found = []
    for block in re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        code = "\n" * text[: block.start(1)].count("\n") + block[1]
        found.append((code, str(path)))
    assert len(found) == count
    return found


def run(found, names):
    for code, path in found:
        exec(compile(code, path, "exec"), names)
    return names


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with the files that the examples name."""
    monkeypatch.chdir(tmp_path)
    for side, sentences, heading in (("ar", ARABIC, "القطار"), ("en", ENGLISH, "The train")):
        (tmp_path / side).mkdir()
        for name in ("news", "travel"):
            shutil.copy(ROOT / "corpora" / name / f"{side}.txt", tmp_path / side / f"{name}.txt")
        shutil.copy(ROOT / "corpora" / "travel" / f"{side}.txt", tmp_path / f"story.{side}.txt")
        (tmp_path / f"story.{side}.html").write_text(page(heading, sentences, "menu"), "utf-8")
        (tmp_path / f"story.{side}.docx").write_bytes(docx(sentences))
    return tmp_path


def test_the_docstrings_are_right():
    for name in ("nasaq", "nasaq._aligner", "nasaq._document", "nasaq._functions"):
        assert doctest.testmod(importlib.import_module(name)).failed == 0, name


def test_the_examples_of_the_readme_run(folder, capsys):
    pytest.importorskip("pyarrow")
    names = run(examples(README, 3), {})
    assert "The train arrived." in capsys.readouterr().out
    assert names["beads"].num_rows == 2
    assert names["counts"]["kept"] > 0 and (folder / "report.html").exists()


def test_the_examples_of_the_guide_run(folder, monkeypatch, capsys):
    for package in ("pyarrow", "tqdm"):
        pytest.importorskip(package)
    pandas, datasets = (pytest.importorskip(name) for name in ("pandas", "datasets"))
    documents = [
        {"id": name, **{
            column: (ROOT / "corpora" / name / f"{side}.txt").read_text("utf-8")
            for column, side in (("src", "ar"), ("tgt", "en"))
        }}
        for name in ("news", "travel")
    ]
    pandas.DataFrame(documents).to_parquet("documents.parquet")
    nasaq.convert(pairs(folder), "old.tmx", src_lang="ar", tgt_lang="en")
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", folder / "cache")
    datasets.disable_progress_bars()
    # A stand-in for a large model.
    models = types.ModuleType("sentence_transformers")
    models.SentenceTransformer = lambda name: types.SimpleNamespace(encode=nasaq.encode)
    monkeypatch.setitem(sys.modules, "sentence_transformers", models)
    arrays = (numpy.eye(3, dtype=numpy.float32),) * 2
    names = run(examples(GUIDE, 8), {
        "src_list": ARABIC, "tgt_list": ENGLISH, "src_array": arrays[0], "tgt_array": arrays[1],
    })
    out = capsys.readouterr().out
    assert "1-1" in out
    assert isinstance(names["good"], pandas.DataFrame) and len(names["good"]) > 0
    assert names["data"].num_rows == 2 < names["beads"].num_rows
    assert "القطار. arrived." in out or "القطار. train" in out
    assert names["numbers"] and (folder / "terms.tbx").exists()


def pairs(folder):
    """Writes a bitext."""
    path = folder / "old.tsv"
    rows = [("src", "tgt"), *zip(ARABIC, ENGLISH)]
    path.write_text("".join("\t".join(row) + "\n" for row in rows), "utf-8")
    return path
