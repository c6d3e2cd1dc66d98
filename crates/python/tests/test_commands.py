"""Commands of the program as functions, and the program that the package contains."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time

import nasaq
import pytest
from conftest import ROOT, SETS
from nasaq._program import launcher

PAIRS = [
    ("وصل القطار إلى المحطة قبل الفجر.", "The train reached the station before dawn."),
    ("لم يكن في انتظاره أحد.", "Nobody was waiting for it."),
    ("جلس المسافر على المقعد الخشبي.", "The traveller sat down on the wooden bench."),
]


@pytest.fixture
def corpus(tmp_path):
    """A bitext of three good pairs and a bad one."""
    path = tmp_path / "corpus.tsv"
    rows = [("src", "tgt"), *PAIRS, ("كان الجو باردا.", "كان الجو باردا.")]
    path.write_text("".join("\t".join(row) + "\n" for row in rows), "utf-8")
    return path


def run_bundled(*args, **options):
    command = [sys.executable, "-m", "nasaq", *map(str, args)]
    return subprocess.run(command, capture_output=True, **options)


def test_the_package_contains_the_program(bitext, program):
    args = "align", "-q", bitext / "ar.txt", bitext / "en.txt", "--to", "jsonl"
    done = run_bundled(*args)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode("utf-8") == program(*args)


def test_exit_codes_and_messages_are_those_of_the_program(tmp_path):
    assert run_bundled("--version").stdout.startswith(b"nasaq " + nasaq.__version__.encode())
    wrong = run_bundled("align", "--unknown")
    assert wrong.returncode == 2 and b"--unknown" in wrong.stderr
    missing = run_bundled("convert", tmp_path / "none.tmx", "-o", tmp_path / "a.tsv")
    assert missing.returncode == 3 and b"nasaq: error: " in missing.stderr


def test_the_console_script_is_the_program():
    script = os.path.join(os.path.dirname(sys.executable), "nasaq")
    if not os.path.exists(script):
        pytest.skip("the package was not installed into this environment")
    assert subprocess.check_output([script, "--version"]).startswith(b"nasaq ")


def test_a_memory_limit_starts_the_program_again_as_it_was(tmp_path):
    templates = [ROOT / "corpora/{id}" / f"{side}.txt" for side in ("ar", "en")]
    # With the variable set, the program is not started again.
    for name, variables in (("again", {}), ("once", {"MALLOC_ARENA_MAX": "2"})):
        args = ["--corpus", *templates, "--max-memory", "1G", "--json", "-o", tmp_path / name]
        done = run_bundled("align", *args, env={**os.environ, **variables})
        assert done.returncode == 0, done.stderr
    again, once = (sorted((tmp_path / name / "docs").iterdir()) for name in ("again", "once"))
    assert len(once) == len(SETS)
    assert [file.read_bytes() for file in again] == [file.read_bytes() for file in once]


def test_files_beside_the_working_directory_do_not_replace_modules(corpus, tmp_path, monkeypatch):
    (tmp_path / "nasaq").mkdir()
    (tmp_path / "nasaq/__init__.py").write_text("raise SystemExit('the wrong package')")
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong module')")
    monkeypatch.chdir(tmp_path)
    nasaq.convert("corpus.tsv", "out.jsonl")
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 4


def test_convert_writes_what_the_program_writes(corpus, tmp_path, program):
    languages = {"src_lang": "ar", "tgt_lang": "en"}
    result = nasaq.convert(corpus, tmp_path / "a.tmx", properties=True, **languages)
    assert result == {} and result.passed and result.text is None
    expected = tmp_path / "b.tmx"
    options = "--properties", "--src-lang", "ar", "--tgt-lang", "en"
    program("convert", corpus, "-o", expected, *options)
    assert (tmp_path / "a.tmx").read_bytes() == expected.read_bytes()
    names = ["tgt", "src"]
    nasaq.convert([corpus], os.fspath(tmp_path / "c.tsv.gz"), columns=names, skip_bad=False, to=None)
    lines = gzip.open(tmp_path / "c.tsv.gz", "rt", encoding="utf-8").read().splitlines()
    assert lines[1].split("\t") == [PAIRS[0][1], PAIRS[0][0]]
    nasaq.convert(corpus, tmp_path / "d.tsv", escapes=False)


def test_the_encoding_of_bitexts_and_documents_is_an_argument(corpus, tmp_path):
    text = corpus.read_text("utf-8")
    old = tmp_path / "old.tsv"
    old.write_bytes(text.encode("windows-1256"))
    for encoding in (None, "windows-1256"):
        result = nasaq.convert(old, tmp_path / "new.tsv", encoding=encoding)
        assert PAIRS[0][0] in (tmp_path / "new.tsv").read_text("utf-8")
        # What the program guessed is a note.
        notes = [note.reason for note in result.messages if note.level == "note"]
        assert any("windows-1256" in note for note in notes) == (encoding is None)
    for counts in (nasaq.filter(old, encoding="windows-1256"), nasaq.filter(corpus)):
        assert counts["kept"] == 3
    assert nasaq.report(old, encoding="windows-1256").passed
    assert nasaq.terms(old, encoding="windows-1256").text
    nasaq.merge(old, tmp_path / "merged.tsv", encoding="windows-1256")
    with pytest.raises(nasaq.SettingError, match="latin-99"):
        nasaq.convert(old, tmp_path / "new.tsv", encoding="latin-99")
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.ar.txt").write_bytes("\n".join(src for src, _ in PAIRS).encode("windows-1256"))
    (folder / "a.en.txt").write_text("\n".join(tgt for _, tgt in PAIRS), "utf-8")
    counts = nasaq.align_corpus(folder, tmp_path / "out", to="jsonl", src_encoding="windows-1256")
    assert counts.passed
    assert PAIRS[0][0] in (tmp_path / "out/docs/a.jsonl").read_text("utf-8")


def test_names_that_begin_with_a_dash_are_files(corpus, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    corpus.rename(tmp_path / "--all.tsv")
    nasaq.convert("--all.tsv", "-o.jsonl")
    assert (tmp_path / "-o.jsonl").exists()


def test_filter_returns_the_counts(corpus, tmp_path, program):
    counts = nasaq.filter(corpus)
    assert (counts["rows"], counts["kept"]) == (4, 3) and counts.passed
    kept, rejects = tmp_path / "kept.tsv", tmp_path / "rejects.tsv"
    again = nasaq.filter(corpus, kept, rejects=rejects, fail_under=0.9)
    assert again == counts and not again.passed
    assert len(kept.read_text("utf-8").splitlines()) == 4
    assert len(rejects.read_text("utf-8").splitlines()) == 2
    assert counts == json.loads(program("filter", corpus, "--dry-run", "--json"))


def test_report_returns_the_numbers(corpus, tmp_path, program):
    page = tmp_path / "report.html"
    numbers = nasaq.report(corpus, page)
    assert page.read_text("utf-8").startswith("<!")
    assert numbers == json.loads(program("report", corpus, "--json", "-"))
    assert numbers.passed
    assert not nasaq.report(corpus, fail_under={"pairs": 100, "ready": 0}).passed


def test_merge_and_terms_work_on_files(corpus, tmp_path):
    merged = nasaq.merge([corpus, corpus], tmp_path / "all.tsv", keep="first")
    assert PAIRS[0][1] in (tmp_path / "all.tsv").read_text("utf-8")
    assert merged.messages
    listed = nasaq.terms(corpus, min_count=2)
    assert listed.text.startswith("src\ttgt\tscore")


def test_a_corpus_is_aligned_and_its_failures_are_counted(tmp_path):
    for side in ("ar", "en"):
        (tmp_path / side).mkdir()
        for name in ("news", "travel"):
            text = (ROOT / "corpora" / name / f"{side}.txt").read_bytes()
            (tmp_path / side / f"{name}.txt").write_bytes(text)
    counts = nasaq.align_corpus([tmp_path / "ar", tmp_path / "en"], tmp_path / "out", to="jsonl")
    assert counts.passed and (tmp_path / "out/docs/news.jsonl").exists()
    beads = [
        json.loads(line)
        for line in (tmp_path / "out/docs/travel.jsonl").read_text("utf-8").splitlines()
    ]
    files = [ROOT / f"corpora/travel/{side}.txt" for side in ("ar", "en")]
    sides = [file.read_bytes().decode("utf-8") for file in files]
    assert [bead["src"] for bead in beads] == [bead.src for bead in nasaq.align(*sides)]
    (tmp_path / "ar/bad.txt").write_bytes(b"")
    (tmp_path / "en/bad.txt").write_bytes(b"text")
    failed = nasaq.align_corpus([tmp_path / "ar", tmp_path / "en"], tmp_path / "out", to="jsonl")
    assert not failed.passed and failed != counts


def test_exit_codes_become_exceptions(corpus, tmp_path):
    with pytest.raises(nasaq.SettingError, match="--unknown"):
        nasaq.convert(corpus, tmp_path / "a.tmx", unknown=1)
    with pytest.raises(nasaq.SettingError) as caught:
        nasaq.convert(corpus, tmp_path / "a.tmx", min_probability=7)
    assert caught.value.messages
    with pytest.raises(nasaq.InputError, match="none.tsv") as caught:
        nasaq.filter(tmp_path / "none.tsv")
    assert caught.value.kind == "input"
    bad = tmp_path / "bad.tsv"
    bad.write_text("src\ttgt\nأ\ta\nb\n", "utf-8")
    with pytest.raises(nasaq.InputError, match="bad.tsv:3") as caught:
        nasaq.convert(bad, tmp_path / "a.tmx")
    assert "--skip-bad" in caught.value.hint
    result = nasaq.convert(bad, tmp_path / "a.jsonl", skip_bad=True)
    assert any(message.level == "warning" for message in result.messages), result.messages
    if os.path.exists("/dev/full"):
        with pytest.raises(nasaq.ProgramError):
            nasaq.convert(corpus, "/dev/full", to="tsv")


def test_a_star_import_does_not_hide_the_built_in_filter():
    names = {}
    exec("from nasaq import *", names)
    assert "filter" not in names and names["convert"] is nasaq.convert
    assert callable(nasaq.filter)


@pytest.mark.skipif(os.name != "posix", reason="the test uses POSIX signals")
def test_an_interrupt_ends_the_program_and_leaves_no_file(tmp_path):
    large = tmp_path / "large.tsv"
    with large.open("w", encoding="utf-8") as out:
        out.write("src\ttgt\n")
        for number in range(200_000):
            src, tgt = PAIRS[number % 3]
            out.write(f"{src} {number}\t{tgt} {number}\n")
    code = f"""
import nasaq, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
print("ready", flush=True)
try:
    nasaq.filter({str(large)!r}, {str(tmp_path / "kept.tsv")!r})
except KeyboardInterrupt:
    print("stopped", flush=True)
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    time.sleep(2)
    start = time.monotonic()
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=60)
    assert out == "stopped\n"
    print(f"stopped after {time.monotonic() - start:.1f} s")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["large.tsv"]


def test_the_launcher_names_this_package():
    code = [*launcher(), "--version"]
    assert subprocess.check_output(code).split()[1].decode() == nasaq.__version__
